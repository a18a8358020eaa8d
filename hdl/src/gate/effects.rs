//! [`Effects`]: what an operation stores: poison and halt flags, and which memories it writes.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `flags`, `venue_flags`, `complete` | 2 | of the ledgers; the instrument has its rows in the active bank |
//! | `reserves` .. `venue_sets` | 14 | what takes effect, as in [`super::verdict`] and [`super::refusal`] |
//! | `stops` | 14 | a fault halts the account |
//! | `end_wide` .. `venue_wide` | 14 | widths |
//! | everything else that comes in | 14 | the operation and the ledgers |
//! | `*_before`, `*_after`, `venue_poisoned` | 14 | poison flags, for the verdict and the event |
//! | `write_*`, `*_writes`, `*_data`, `clear_y` | 15 | for the memories |
//! | `pend`, `unpend` | 15 | a REPLACE is pending in the slot; none is any more |
//! | `opened`, `freed`, `sent` | 15 | an order is open, is no more; a message that costs is sent |
//!
//! ```text
//! clock     _/14\_/15\_
//! reserves  <a  >
//! write          <a  >
//! ```

use super::ops::{self, block, place, value};
use super::poison::Poison;
use super::stores::Stores;
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use crossgate_contract::command::{scope, Halt};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Flags and writes.
    pub(super) struct Effects {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) member: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) flags: Signal<In, U<3>>,
        pub(super) venue_flags: Signal<In, U<2>>,
        pub(super) complete: Signal<In, Bit>,
        pub(super) busy: Signal<In, Bit>,
        pub(super) still: Signal<In, Bit>,
        pub(super) gone: Signal<In, Bit>,
        pub(super) reserves: Signal<In, Bit>,
        pub(super) replaces: Signal<In, Bit>,
        pub(super) cancels: Signal<In, Bit>,
        pub(super) fills: Signal<In, Bit>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) answers: Signal<In, Bit>,
        pub(super) positions: Signal<In, Bit>,
        pub(super) pool_sets: Signal<In, Bit>,
        pub(super) venue_sets: Signal<In, Bit>,
        pub(super) stops: Signal<In, Bit>,
        pub(super) end_wide: Signal<In, Bit>,
        pub(super) leaves_wide: Signal<In, Bit>,
        pub(super) quantity_wide: Signal<In, Bit>,
        pub(super) x_wide: Signal<In, Bit>,
        pub(super) y_wide: Signal<In, Bit>,
        pub(super) shadow_wide: Signal<In, Bit>,
        pub(super) pool_wide: Signal<In, Bit>,
        pub(super) venue_wide: Signal<In, Bit>,
        pub(super) pool_y_own_wide: Signal<In, Bit>,
        pub(super) pool_y_other_wide: Signal<In, Bit>,
        pub(super) venue_y_own_wide: Signal<In, Bit>,
        pub(super) venue_y_other_wide: Signal<In, Bit>,
        pub(super) pool_before: Signal<Out, Bit>,
        pub(super) venue_before: Signal<Out, Bit>,
        pub(super) own_after: Signal<Out, Bit>,
        pub(super) other_after: Signal<Out, Bit>,
        pub(super) venue_after: Signal<Out, Bit>,
        pub(super) write_slot: Signal<Out, Bit>,
        pub(super) write_cell: Signal<Out, Bit>,
        pub(super) pool_writes: Signal<Out, U<4>>,
        pub(super) venue_writes: Signal<Out, U<4>>,
        pub(super) clear_y: Signal<Out, Bit>,
        pub(super) write_flags: Signal<Out, Bit>,
        pub(super) flags_data: Signal<Out, U<3>>,
        pub(super) write_venue_flags: Signal<Out, Bit>,
        pub(super) venue_flags_data: Signal<Out, U<2>>,
        pub(super) write_halt: Signal<Out, Bit>,
        pub(super) halt_data: Signal<Out, Bit>,
        pub(super) pend: Signal<Out, Bit>,
        pub(super) unpend: Signal<Out, Bit>,
        pub(super) opened: Signal<Out, Bit>,
        pub(super) freed: Signal<Out, Bit>,
        pub(super) sent: Signal<Out, Bit>,

        op_bid: Constant<U<5>> = value(ops::POSITION_BID),
        op_halt: Constant<U<5>> = value(ops::HALT),
        op_clear: Constant<U<5>> = value(ops::CLEAR),
        op_slot: Constant<U<5>> = value(ops::SLOT),
        op_cell: Constant<U<5>> = value(ops::CELL),
        op_ledgers: Constant<U<5>> = value(ops::LEDGERS),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        flag_halted: Constant<U<3>> = value(4),
        flags_line: Delay<U<3>, 12>,
        venue_flags_line: Delay<U<2>, 12>,
        incomplete_line: Delay<Bit, 12>,
        pool: Poison,
        venue: Poison,
        pool_stores: Stores,
        venue_stores: Stores,
        write_slot_reg: DFF<Bit>,
        write_cell_reg: DFF<Bit>,
        clear_y_reg: DFF<Bit>,
        write_flags_reg: DFF<Bit>,
        flags_reg: DFF<U<3>>,
        write_venue_flags_reg: DFF<Bit>,
        venue_flags_reg: DFF<U<2>>,
        write_halt_reg: DFF<Bit>,
        halt_reg: DFF<Bit>,
        pend_reg: DFF<Bit>,
        unpend_reg: DFF<Bit>,
        opened_reg: DFF<Bit>,
        freed_reg: DFF<Bit>,
        sent_reg: DFF<Bit>,

        is_halt: Signal<Local, Bit>,
        is_clear: Signal<Local, Bit>,
        is_ledgers: Signal<Local, Bit>,
        scope_8: Signal<Local, U<8>>,
        takes: Signal<Local, Bit>,
        places: Signal<Local, Bit>,
        valued: Signal<Local, Bit>,
        spoils: Signal<Local, Bit>,
        charges_y: Signal<Local, Bit>,
        own_charge_wide: Signal<Local, Bit>,
        other_charge_wide: Signal<Local, Bit>,
        halt_after: Signal<Local, Bit>,
        bits: Signal<Local, U<3>>,
    }
}

impl Logic for Effects {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, flags_line, venue_flags_line, incomplete_line, pool_stores, venue_stores, write_slot_reg);
        clock!(self, clock, write_cell_reg, clear_y_reg, write_flags_reg, flags_reg, write_venue_flags_reg);
        clock!(self, clock, venue_flags_reg, write_halt_reg, halt_reg, pend_reg, unpend_reg, opened_reg, freed_reg);
        clock!(self, clock, sent_reg);
        self.flags_line.data.next = self.flags.val();
        self.venue_flags_line.data.next = self.venue_flags.val();
        self.incomplete_line.data.next = !self.complete.val();
        self.is_halt.next = self.hot.val().get_bit(self.op_halt.val().index());
        self.is_clear.next = self.hot.val().get_bit(self.op_clear.val().index());
        self.is_ledgers.next = self.hot.val().get_bit(self.op_ledgers.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.takes.next = self.reserves.val() | self.replaces.val();
        self.places.next = (self.positions.val() | self.fills.val()) | (self.closes.val() | self.answers.val());
        self.charges_y.next = self.fills.val()
            | ((self.positions.val() & self.hot.val().get_bit(self.op_bid.val().index())) & !self.still.val());
        // what poisons both ledgers of the cell
        self.valued.next = (self.fills.val() | self.answers.val())
            | ((self.closes.val() & !self.still.val())
                | (self.hot.val().get_bit(self.op_slot.val().index()) & self.busy.val()));
        self.spoils.next = (((self.places.val() | self.hot.val().get_bit(self.op_cell.val().index()))
            & self.end_wide.val())
            | (self.valued.val() & (self.leaves_wide.val() | self.x_wide.val())))
            | ((self.answers.val() & self.y_wide.val())
                | ((self.positions.val() & !self.still.val()) & self.incomplete_line.delayed.val()));
        self.own_charge_wide.next = self.quantity_wide.val() | self.y_wide.val();
        self.other_charge_wide.next = self.quantity_wide.val() | self.shadow_wide.val();
        self.pool.flags.next = self.flags_line.delayed.val().get_bits::<2>(0);
        self.pool.bank.next = self.bank.val();
        self.pool.active.next = self.active.val();
        self.pool.frozen.next = self.frozen.val();
        self.pool.spoils.next = self.spoils.val();
        self.pool.settles.next = self.places.val() | (self.pool_sets.val() | self.is_ledgers.val());
        self.pool.money_wide.next = self.pool_wide.val();
        self.pool.charges.next = self.charges_y.val();
        self.pool.own_wide.next = self.own_charge_wide.val() | self.pool_y_own_wide.val();
        self.pool.other_wide.next = self.other_charge_wide.val() | self.pool_y_other_wide.val();
        self.pool.heals.next = self.is_clear.val();
        self.venue.flags.next = self.venue_flags_line.delayed.val();
        self.venue.bank.next = self.bank.val();
        self.venue.active.next = self.active.val();
        self.venue.frozen.next = self.frozen.val();
        self.venue.spoils.next = self.spoils.val();
        self.venue.settles.next = self.places.val() | (self.venue_sets.val() | self.is_ledgers.val());
        self.venue.money_wide.next = self.venue_wide.val();
        self.venue.charges.next = self.charges_y.val();
        self.venue.own_wide.next = self.own_charge_wide.val() | self.venue_y_own_wide.val();
        self.venue.other_wide.next = self.other_charge_wide.val() | self.venue_y_other_wide.val();
        self.venue.heals.next = self.is_clear.val();
        self.pool_before.next = self.pool.own_before.val();
        self.venue_before.next = self.venue.own_before.val();
        self.own_after.next = self.pool.own_after.val();
        self.other_after.next = self.pool.other_after.val();
        self.venue_after.next = self.venue.own_after.val() & self.member.val();
        self.halt_after.next = self.flags_line.delayed.val().get_bit(2) | self.stops.val();
        if self.is_halt.val() {
            self.halt_after.next = self.word_1.val().get_bit(self.at_halted.val().index());
        }
        self.bits.next = unsigned_cast::<3, 2>(self.pool.data.val());
        if self.halt_after.val() {
            self.bits.next = unsigned_cast::<3, 2>(self.pool.data.val()) | self.flag_halted.val();
        }
        // 14 to 15
        self.flags_reg.d.next = self.bits.val();
        self.halt_reg.d.next = self.word_1.val().get_bit(self.at_halted.val().index());
        self.write_slot_reg.d.next = (self.takes.val() | self.fills.val()) | (self.closes.val() | self.answers.val());
        self.write_cell_reg.d.next = self.takes.val() | self.places.val();
        self.pool_stores.money.next =
            (self.takes.val() | self.places.val()) | (self.pool_sets.val() | self.is_ledgers.val());
        self.pool_stores.y_own.next = self.charges_y.val() | self.is_clear.val();
        self.pool_stores.y_other.next = self.charges_y.val();
        self.pool_stores.collateral.next = self.pool_sets.val();
        self.pool_stores.member.next = true;
        self.venue_stores.money.next =
            (self.takes.val() | self.places.val()) | (self.venue_sets.val() | self.is_ledgers.val());
        self.venue_stores.y_own.next = self.charges_y.val() | self.is_clear.val();
        self.venue_stores.y_other.next = self.charges_y.val();
        self.venue_stores.collateral.next = self.venue_sets.val();
        self.venue_stores.member.next = self.member.val();
        self.clear_y_reg.d.next = self.is_clear.val();
        self.venue_flags_reg.d.next = self.venue.data.val();
        self.write_venue_flags_reg.d.next = self.member.val()
            & ((self.places.val() | self.spoils.val())
                | ((self.venue_sets.val() | self.is_ledgers.val()) | self.is_clear.val()));
        self.write_flags_reg.d.next = ((self.places.val() | self.spoils.val()) | self.stops.val())
            | (((self.pool_sets.val() | self.is_ledgers.val()) | self.is_clear.val())
                | (self.is_halt.val() & (self.scope_8.val() == self.scope_account.val())));
        self.write_halt_reg.d.next = self.is_halt.val() & (self.scope_8.val() == self.scope_instrument.val());
        self.pend_reg.d.next = self.replaces.val();
        self.unpend_reg.d.next = (self.closes.val() | self.answers.val()) | (self.fills.val() & self.gone.val());
        self.opened_reg.d.next = self.reserves.val();
        self.freed_reg.d.next = ((self.closes.val() | self.answers.val()) | self.fills.val()) & self.gone.val();
        self.sent_reg.d.next = self.takes.val() | self.cancels.val();
        self.write_slot.next = self.write_slot_reg.q.val();
        self.write_cell.next = self.write_cell_reg.q.val();
        self.pool_writes.next = self.pool_stores.writes.val();
        self.venue_writes.next = self.venue_stores.writes.val();
        self.clear_y.next = self.clear_y_reg.q.val();
        self.write_flags.next = self.write_flags_reg.q.val();
        self.flags_data.next = self.flags_reg.q.val();
        self.write_venue_flags.next = self.write_venue_flags_reg.q.val();
        self.venue_flags_data.next = self.venue_flags_reg.q.val();
        self.write_halt.next = self.write_halt_reg.q.val();
        self.halt_data.next = self.halt_reg.q.val();
        self.pend.next = self.pend_reg.q.val();
        self.unpend.next = self.unpend_reg.q.val();
        self.opened.next = self.opened_reg.q.val();
        self.freed.next = self.freed_reg.q.val();
        self.sent.next = self.sent_reg.q.val();
    }
}
