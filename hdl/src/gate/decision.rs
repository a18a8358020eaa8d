//! [`Decision`]: the end of the pipeline: reason or fault, what is written, and the event.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `bank`, `code`, ... | 1 | the operation |
//! | `static_0`, `known`, `*_mask`, `*_flags`, `*_complete`, `instrument_halted` | 2 | rows; ACCOUNT exists |
//! | `member` | 1 | the cell has a venue ledger |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | widths |
//! | `x_wide`, `y_rate_wide`, `shadow_rate_wide` | 8 | widths |
//! | `*_failed`, `*_lanes_wide` | 13 | of the lanes |
//! | `active`, `frozen` | | the active bank; the other one has a Y |
//! | everything else that comes in | 14 | |
//! | `reason_*`, `apply`, ... | 14 | for the event |
//! | `write_*`, `flags_data`, `halt_data` | 15 | for the memories |
//! | `accepted`, `rejected`, `filled` | 15 | pulses |
//!
//! ```text
//! clock   _/13\_/14\_/15\_
//! failed  <a  >
//! reason       <a  >
//! write              <a  >
//! ```

use super::limits::Limits;
use super::ops::{self, block, place, value};
use super::poison::Poison;
use super::reasons::Reasons;
use super::stores::Stores;
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use crossgate_contract::command::{scope, Halt, Order};
use crossgate_contract::Fault;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Decides.
    pub(super) struct Decision {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, U<16>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) code: Signal<In, U<8>>,
        pub(super) index_bad: Signal<In, Bit>,
        pub(super) unready: Signal<In, Bit>,
        pub(super) full: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) halted: Signal<In, Bit>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) member: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) known: Signal<In, Bit>,
        pub(super) pool_mask: Signal<In, U<32>>,
        pub(super) venue_mask: Signal<In, U<32>>,
        pub(super) flags: Signal<In, U<3>>,
        pub(super) venue_flags: Signal<In, U<2>>,
        pub(super) instrument_complete: Signal<In, Bit>,
        pub(super) ledgers_complete: Signal<In, Bit>,
        pub(super) instrument_halted: Signal<In, Bit>,
        pub(super) end_wide: Signal<In, Bit>,
        pub(super) leaves_wide: Signal<In, Bit>,
        pub(super) quantity_wide: Signal<In, Bit>,
        pub(super) x_wide: Signal<In, Bit>,
        pub(super) y_rate_wide: Signal<In, Bit>,
        pub(super) shadow_rate_wide: Signal<In, Bit>,
        pub(super) pool_failed: Signal<In, U<32>>,
        pub(super) pool_worse: Signal<In, U<32>>,
        pub(super) pool_lanes_wide: Signal<In, Bit>,
        pub(super) pool_head_below: Signal<In, Bit>,
        pub(super) pool_head_worse: Signal<In, Bit>,
        pub(super) pool_head_wide: Signal<In, Bit>,
        pub(super) pool_y_own_wide: Signal<In, Bit>,
        pub(super) pool_y_other_wide: Signal<In, Bit>,
        pub(super) pool_x_wide: Signal<In, Bit>,
        pub(super) pool_refused: Signal<In, Bit>,
        pub(super) pool_collateral_wide: Signal<In, Bit>,
        pub(super) venue_failed: Signal<In, U<32>>,
        pub(super) venue_worse: Signal<In, U<32>>,
        pub(super) venue_lanes_wide: Signal<In, Bit>,
        pub(super) venue_head_below: Signal<In, Bit>,
        pub(super) venue_head_worse: Signal<In, Bit>,
        pub(super) venue_head_wide: Signal<In, Bit>,
        pub(super) venue_y_own_wide: Signal<In, Bit>,
        pub(super) venue_y_other_wide: Signal<In, Bit>,
        pub(super) venue_x_wide: Signal<In, Bit>,
        pub(super) venue_refused: Signal<In, Bit>,
        pub(super) venue_collateral_wide: Signal<In, Bit>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) busy: Signal<In, Bit>,
        pub(super) price_zero: Signal<In, Bit>,
        pub(super) collar_bad: Signal<In, Bit>,
        pub(super) range_bad: Signal<In, Bit>,
        pub(super) cap_bad: Signal<In, Bit>,
        pub(super) slot_bad: Signal<In, Bit>,
        pub(super) placed: Signal<In, Bit>,
        pub(super) over: Signal<In, Bit>,
        pub(super) under: Signal<In, Bit>,
        pub(super) positive: Signal<In, Bit>,
        pub(super) still: Signal<In, Bit>,
        pub(super) hot_14: Signal<Out, U<16>>,
        pub(super) code_14: Signal<Out, U<8>>,
        pub(super) reason: Signal<Out, U<8>>,
        pub(super) fault: Signal<Out, U<8>>,
        pub(super) pool_lanes: Signal<Out, U<32>>,
        pub(super) pool_zero: Signal<Out, Bit>,
        pub(super) venue_lanes: Signal<Out, U<32>>,
        pub(super) venue_zero: Signal<Out, Bit>,
        pub(super) closing: Signal<Out, Bit>,
        pub(super) applied: Signal<Out, Bit>,
        pub(super) own_poisoned: Signal<Out, Bit>,
        pub(super) other_poisoned: Signal<Out, Bit>,
        pub(super) venue_poisoned: Signal<Out, Bit>,
        pub(super) write_slot: Signal<Out, Bit>,
        pub(super) write_cell: Signal<Out, Bit>,
        pub(super) pool_writes: Signal<Out, U<4>>,
        pub(super) venue_writes: Signal<Out, U<4>>,
        pub(super) clear_y: Signal<Out, Bit>,
        pub(super) write_flags: Signal<Out, Bit>,
        pub(super) write_venue_flags: Signal<Out, Bit>,
        pub(super) venue_flags_data: Signal<Out, U<2>>,
        pub(super) write_halt: Signal<Out, Bit>,
        pub(super) flags_data: Signal<Out, U<3>>,
        pub(super) halt_data: Signal<Out, Bit>,
        pub(super) accepted: Signal<Out, Bit>,
        pub(super) rejected: Signal<Out, Bit>,
        pub(super) filled: Signal<Out, Bit>,

        op_order: Constant<U<4>> = value(ops::ORDER),
        op_fill: Constant<U<4>> = value(ops::FILL),
        op_cancelled: Constant<U<4>> = value(ops::CANCELLED),
        op_bid: Constant<U<4>> = value(ops::POSITION_BID),
        op_ask: Constant<U<4>> = value(ops::POSITION_ASK),
        op_fault: Constant<U<4>> = value(ops::FAULT),
        op_halt: Constant<U<4>> = value(ops::HALT),
        op_collateral: Constant<U<4>> = value(ops::COLLATERAL),
        op_venue_collateral: Constant<U<4>> = value(ops::VENUE_COLLATERAL),
        op_clear: Constant<U<4>> = value(ops::CLEAR),
        op_slot: Constant<U<4>> = value(ops::SLOT),
        op_cell: Constant<U<4>> = value(ops::CELL),
        op_ledgers: Constant<U<4>> = value(ops::LEDGERS),
        at_check: Constant<U<6>> = place(&[&Order::LAYOUT], "check", 0, 1),
        at_tif: Constant<U<6>> = place(&[&Order::LAYOUT], "tif", 0, 2),
        at_lots: Constant<U<6>> = place(&[&Order::LAYOUT], "lots", 1, 40),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        present_index: Constant<U<6>> = value(63),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        none: Constant<U<8>> = value(0),
        bad_field: Constant<U<8>> = value(Fault::BadField.code() as u64),
        unplaced: Constant<U<8>> = value(Fault::UnplacedFill.code() as u64),
        over_fill: Constant<U<8>> = value(Fault::OverFill.code() as u64),
        collateral_refused: Constant<U<8>> = value(Fault::CollateralRefused.code() as u64),
        poisoned: Constant<U<8>> = value(Fault::Poisoned.code() as u64),
        no_lanes: Constant<U<32>> = value(0),
        flag_halted: Constant<U<3>> = value(4),
        tif_bad: Constant<U<2>> = value(3),

        hot_line: Delay<U<16>, 13>,
        code_line: Delay<U<8>, 13>,
        bank_line: Delay<Bit, 13>,
        index_bad_line: Delay<Bit, 13>,
        unready_line: Delay<Bit, 13>,
        full_line: Delay<Bit, 13>,
        static_line: Delay<Bit, 12>,
        known_line: Delay<Bit, 12>,
        flags_line: Delay<U<3>, 12>,
        venue_flags_line: Delay<U<2>, 12>,
        member_line: Delay<Bit, 13>,
        incomplete_line: Delay<Bit, 12>,
        stale_line: Delay<Bit, 12>,
        busy_line: Delay<Bit, 4>,
        halted_line: Delay<Bit, 12>,
        end_wide_line: Delay<Bit, 7>,
        leaves_wide_line: Delay<Bit, 7>,
        quantity_wide_line: Delay<Bit, 7>,
        x_wide_line: Delay<Bit, 6>,
        y_wide_line: Delay<Bit, 6>,
        shadow_wide_line: Delay<Bit, 6>,
        reasons: Reasons,
        pool: Limits,
        venue: Limits,
        pool_poison: Poison,
        venue_poison: Poison,
        pool_lanes_wide_reg: DFF<Bit>,
        venue_lanes_wide_reg: DFF<Bit>,
        write_slot_reg: DFF<Bit>,
        write_cell_reg: DFF<Bit>,
        pool_stores: Stores,
        venue_stores: Stores,
        clear_y_reg: DFF<Bit>,
        write_venue_flags_reg: DFF<Bit>,
        venue_flags_reg: DFF<U<2>>,
        write_flags_reg: DFF<Bit>,
        write_halt_reg: DFF<Bit>,
        flags_reg: DFF<U<3>>,
        halt_reg: DFF<Bit>,
        accepted_reg: DFF<Bit>,
        rejected_reg: DFF<Bit>,
        filled_reg: DFF<Bit>,

        is_order: Signal<Local, Bit>,
        is_fill: Signal<Local, Bit>,
        is_cancelled: Signal<Local, Bit>,
        is_bid: Signal<Local, Bit>,
        is_ask: Signal<Local, Bit>,
        is_halt: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        is_venue_collateral: Signal<Local, Bit>,
        is_clear: Signal<Local, Bit>,
        is_slot: Signal<Local, Bit>,
        is_cell: Signal<Local, Bit>,
        is_ledgers: Signal<Local, Bit>,
        scope_8: Signal<Local, U<8>>,
        tif: Signal<Local, U<2>>,
        member_14: Signal<Local, Bit>,
        pool_wide: Signal<Local, Bit>,
        venue_wide: Signal<Local, Bit>,
        order_wide: Signal<Local, Bit>,
        refusal: Signal<Local, U<8>>,
        accept: Signal<Local, Bit>,
        reserve: Signal<Local, Bit>,
        fill_applies: Signal<Local, Bit>,
        cancel_applies: Signal<Local, Bit>,
        position_applies: Signal<Local, Bit>,
        collateral_applies: Signal<Local, Bit>,
        venue_collateral_applies: Signal<Local, Bit>,
        reduces: Signal<Local, Bit>,
        places: Signal<Local, Bit>,
        spoils: Signal<Local, Bit>,
        charges_y: Signal<Local, Bit>,
        own_charge_wide: Signal<Local, Bit>,
        other_charge_wide: Signal<Local, Bit>,
        halt_after: Signal<Local, Bit>,
        bits: Signal<Local, U<3>>,
        stops: Signal<Local, Bit>,
    }
}

impl Logic for Decision {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, hot_line, code_line, bank_line, index_bad_line, unready_line, full_line, static_line);
        clock!(self, clock, known_line, flags_line, venue_flags_line, member_line, incomplete_line, stale_line);
        clock!(self, clock, busy_line, halted_line, end_wide_line, leaves_wide_line, quantity_wide_line, x_wide_line);
        clock!(self, clock, y_wide_line, shadow_wide_line, pool, venue, pool_lanes_wide_reg, venue_lanes_wide_reg);
        clock!(self, clock, write_slot_reg, write_cell_reg, pool_stores, venue_stores, clear_y_reg);
        clock!(self, clock, write_venue_flags_reg, venue_flags_reg, write_flags_reg, write_halt_reg, flags_reg);
        clock!(self, clock, halt_reg, accepted_reg, rejected_reg, filled_reg);
        // to clock 14
        self.hot_line.data.next = self.hot.val();
        self.code_line.data.next = self.code.val();
        self.bank_line.data.next = self.bank.val();
        self.index_bad_line.data.next = self.index_bad.val();
        self.unready_line.data.next = self.unready.val();
        self.full_line.data.next = self.full.val();
        self.static_line.data.next = self.static_0.val().get_bit(self.present_index.val().index());
        self.known_line.data.next = self.known.val();
        self.flags_line.data.next = self.flags.val();
        self.venue_flags_line.data.next = self.venue_flags.val();
        self.member_line.data.next = self.member.val();
        self.incomplete_line.data.next = !self.instrument_complete.val();
        self.stale_line.data.next = !(self.instrument_complete.val() & self.ledgers_complete.val());
        self.busy_line.data.next = self.busy.val();
        self.halted_line.data.next = self.instrument_halted.val();
        self.end_wide_line.data.next = self.end_wide.val();
        self.leaves_wide_line.data.next = self.leaves_wide.val();
        self.quantity_wide_line.data.next = self.quantity_wide.val();
        self.x_wide_line.data.next = self.x_wide.val();
        self.y_wide_line.data.next = self.y_rate_wide.val();
        self.shadow_wide_line.data.next = self.shadow_rate_wide.val();
        self.pool.lane_mask.next = self.pool_mask.val();
        self.pool.failed.next = self.pool_failed.val();
        self.pool.worse.next = self.pool_worse.val();
        self.pool.head_below.next = self.pool_head_below.val();
        self.pool.head_worse.next = self.pool_head_worse.val();
        self.pool.closes.next = self.closes.val();
        self.pool_lanes_wide_reg.d.next = self.pool_lanes_wide.val();
        self.venue.lane_mask.next = self.venue_mask.val();
        self.venue.failed.next = self.venue_failed.val();
        self.venue.worse.next = self.venue_worse.val();
        self.venue.head_below.next = self.venue_head_below.val();
        self.venue.head_worse.next = self.venue_head_worse.val();
        self.venue.closes.next = self.closes.val();
        self.venue_lanes_wide_reg.d.next = self.venue_lanes_wide.val();
        // 14: what it is
        self.is_order.next = self.hot_line.delayed.val().get_bit(self.op_order.val().index());
        self.is_fill.next = self.hot_line.delayed.val().get_bit(self.op_fill.val().index());
        self.is_cancelled.next = self.hot_line.delayed.val().get_bit(self.op_cancelled.val().index());
        self.is_bid.next = self.hot_line.delayed.val().get_bit(self.op_bid.val().index());
        self.is_ask.next = self.hot_line.delayed.val().get_bit(self.op_ask.val().index());
        self.is_halt.next = self.hot_line.delayed.val().get_bit(self.op_halt.val().index());
        self.is_collateral.next = self.hot_line.delayed.val().get_bit(self.op_collateral.val().index());
        self.is_clear.next = self.hot_line.delayed.val().get_bit(self.op_clear.val().index());
        self.is_venue_collateral.next = self.hot_line.delayed.val().get_bit(self.op_venue_collateral.val().index());
        self.is_slot.next = self.hot_line.delayed.val().get_bit(self.op_slot.val().index());
        self.is_cell.next = self.hot_line.delayed.val().get_bit(self.op_cell.val().index());
        self.is_ledgers.next = self.hot_line.delayed.val().get_bit(self.op_ledgers.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.tif.next = self.word_0.val().get_bits::<2>(self.at_tif.val().index());
        self.member_14.next = self.member_line.delayed.val();
        self.pool_wide.next = (self.pool_lanes_wide_reg.q.val() | self.pool_head_wide.val())
            | ((self.pool_collateral_wide.val() & (self.is_collateral.val() | self.is_ledgers.val()))
                | self.pool_x_wide.val());
        self.venue_wide.next = (self.venue_lanes_wide_reg.q.val() | self.venue_head_wide.val())
            | ((self.venue_collateral_wide.val() & (self.is_venue_collateral.val() | self.is_ledgers.val()))
                | self.venue_x_wide.val());
        // the verdict about an order
        self.order_wide.next = (((self.pool_poison.own_before.val() | self.venue_poison.own_before.val())
            | (self.pool_wide.val() | self.venue_wide.val()))
            | (self.end_wide_line.delayed.val() | self.leaves_wide_line.delayed.val()))
            | self.x_wide_line.delayed.val();
        self.reasons.not_ready.next = self.unready_line.delayed.val();
        self.reasons.ring_full.next = self.full_line.delayed.val();
        self.reasons.malformed.next = ((self.index_bad_line.delayed.val() | self.price_zero.val())
            | ((!self.static_line.delayed.val() | !self.known_line.delayed.val()) | !self.member_14.val()))
            | ((self.tif.val() == self.tif_bad.val())
                | !self.word_1.val().get_bits::<40>(self.at_lots.val().index()).any());
        self.reasons.halted_global.next = self.halted.val();
        self.reasons.halted_account.next = self.flags_line.delayed.val().get_bit(2);
        self.reasons.halted_instrument.next = self.halted_line.delayed.val();
        self.reasons.slot.next = self.slot_bad.val();
        self.reasons.lots_range.next = self.range_bad.val();
        self.reasons.collar.next = self.collar_bad.val();
        self.reasons.position_cap.next = self.cap_bad.val();
        self.reasons.stale.next = self.stale_line.delayed.val();
        self.reasons.overflow.next = self.order_wide.val();
        self.reasons.pool_margin.next = self.pool.bad.val();
        self.reasons.venue_margin.next = self.venue.bad.val();
        self.reason.next = self.reasons.reason.val();
        self.pool_lanes.next = self.no_lanes.val();
        self.pool_zero.next = false;
        self.venue_lanes.next = self.no_lanes.val();
        self.venue_zero.next = false;
        if self.reasons.margin.val() {
            self.pool_lanes.next = self.pool.lanes.val();
            self.pool_zero.next = self.pool.zero_lane.val();
            self.venue_lanes.next = self.venue.lanes.val();
            self.venue_zero.next = self.venue.zero_lane.val();
        }
        self.closing.next = self.reasons.passes.val() & (self.pool.needed.val() | self.venue.needed.val());
        self.accept.next = self.is_order.val() & self.reasons.passes.val();
        self.reserve.next = self.accept.val() & !self.word_0.val().get_bit(self.at_check.val().index());
        // faults of the others
        self.refusal.next = self.none.val();
        self.stops.next = false;
        if self.is_fill.val() | self.is_cancelled.val() {
            if self.over.val() & (self.is_cancelled.val() | self.positive.val()) {
                self.refusal.next = self.over_fill.val();
                self.stops.next = true;
            }
            if !self.placed.val() | self.under.val() {
                self.refusal.next = self.unplaced.val();
                self.stops.next = true;
            }
            if self.index_bad_line.delayed.val() | (self.is_fill.val() & self.price_zero.val()) {
                self.refusal.next = self.bad_field.val();
                self.stops.next = false;
            }
        }
        if (self.is_bid.val() | self.is_ask.val())
            & (self.index_bad_line.delayed.val() | (self.price_zero.val() | !self.static_line.delayed.val()))
        {
            self.refusal.next = self.bad_field.val();
        }
        if (self.is_collateral.val() & self.pool_wide.val()) | (self.is_venue_collateral.val() & self.venue_wide.val())
        {
            self.refusal.next = self.poisoned.val();
        }
        if (self.is_collateral.val() & (self.pool_refused.val() | self.pool_poison.own_before.val()))
            | (self.is_venue_collateral.val() & (self.venue_refused.val() | self.venue_poison.own_before.val()))
        {
            self.refusal.next = self.collateral_refused.val();
        }
        if self.hot_line.delayed.val().get_bit(self.op_fault.val().index()) {
            self.refusal.next = self.code_line.delayed.val();
        }
        self.fault.next = self.refusal.val();
        // what takes effect
        self.fill_applies.next = self.is_fill.val() & (self.positive.val() & (self.refusal.val() == self.none.val()));
        self.cancel_applies.next = self.is_cancelled.val() & (self.refusal.val() == self.none.val());
        self.position_applies.next = (self.is_bid.val() | self.is_ask.val()) & (self.refusal.val() == self.none.val());
        self.collateral_applies.next = self.is_collateral.val() & (self.refusal.val() != self.collateral_refused.val());
        self.venue_collateral_applies.next =
            self.is_venue_collateral.val() & (self.refusal.val() != self.collateral_refused.val());
        self.applied.next = self.fill_applies.val() | self.cancel_applies.val();
        self.reduces.next = self.fill_applies.val() | self.cancel_applies.val();
        self.places.next = self.position_applies.val() | (self.fill_applies.val() | self.cancel_applies.val());
        self.charges_y.next =
            self.fill_applies.val() | (self.position_applies.val() & (self.is_bid.val() & !self.still.val()));
        // what poisons both ledgers of the cell
        self.spoils.next = self.places.val() & self.end_wide_line.delayed.val();
        if (self.fill_applies.val() | (self.cancel_applies.val() & !self.still.val()))
            & (self.leaves_wide_line.delayed.val() | self.x_wide_line.delayed.val())
        {
            self.spoils.next = true;
        }
        if (self.position_applies.val() & !self.still.val()) & self.incomplete_line.delayed.val() {
            self.spoils.next = true;
        }
        if (self.is_cell.val() & self.end_wide_line.delayed.val())
            | ((self.is_slot.val() & self.busy_line.delayed.val())
                & (self.leaves_wide_line.delayed.val() | self.x_wide_line.delayed.val()))
        {
            self.spoils.next = true;
        }
        self.own_charge_wide.next = self.quantity_wide_line.delayed.val() | self.y_wide_line.delayed.val();
        self.other_charge_wide.next = self.quantity_wide_line.delayed.val() | self.shadow_wide_line.delayed.val();
        self.pool_poison.flags.next = self.flags_line.delayed.val().get_bits::<2>(0);
        self.pool_poison.bank.next = self.bank_line.delayed.val();
        self.pool_poison.active.next = self.active.val();
        self.pool_poison.frozen.next = self.frozen.val();
        self.pool_poison.spoils.next = self.spoils.val();
        self.pool_poison.settles.next = self.places.val() | (self.collateral_applies.val() | self.is_ledgers.val());
        self.pool_poison.money_wide.next = self.pool_wide.val();
        self.pool_poison.charges.next = self.charges_y.val();
        self.pool_poison.own_wide.next = self.own_charge_wide.val() | self.pool_y_own_wide.val();
        self.pool_poison.other_wide.next = self.other_charge_wide.val() | self.pool_y_other_wide.val();
        self.pool_poison.heals.next = self.is_clear.val();
        self.venue_poison.flags.next = self.venue_flags_line.delayed.val();
        self.venue_poison.bank.next = self.bank_line.delayed.val();
        self.venue_poison.active.next = self.active.val();
        self.venue_poison.frozen.next = self.frozen.val();
        self.venue_poison.spoils.next = self.spoils.val();
        self.venue_poison.settles.next =
            self.places.val() | (self.venue_collateral_applies.val() | self.is_ledgers.val());
        self.venue_poison.money_wide.next = self.venue_wide.val();
        self.venue_poison.charges.next = self.charges_y.val();
        self.venue_poison.own_wide.next = self.own_charge_wide.val() | self.venue_y_own_wide.val();
        self.venue_poison.other_wide.next = self.other_charge_wide.val() | self.venue_y_other_wide.val();
        self.venue_poison.heals.next = self.is_clear.val();
        self.own_poisoned.next = self.pool_poison.own_after.val();
        self.other_poisoned.next = self.pool_poison.other_after.val();
        self.venue_poisoned.next = self.venue_poison.own_after.val() & self.member_14.val();
        self.halt_after.next = self.flags_line.delayed.val().get_bit(2) | self.stops.val();
        if self.is_halt.val() {
            self.halt_after.next = self.word_1.val().get_bit(self.at_halted.val().index());
        }
        // 14 to 15
        self.bits.next = unsigned_cast::<3, 2>(self.pool_poison.data.val());
        if self.halt_after.val() {
            self.bits.next = unsigned_cast::<3, 2>(self.pool_poison.data.val()) | self.flag_halted.val();
        }
        self.flags_reg.d.next = self.bits.val();
        self.halt_reg.d.next = self.word_1.val().get_bit(self.at_halted.val().index());
        self.write_slot_reg.d.next = self.reserve.val() | self.reduces.val();
        self.write_cell_reg.d.next = self.reserve.val() | self.places.val();
        self.pool_stores.money.next =
            (self.reserve.val() | self.places.val()) | (self.collateral_applies.val() | self.is_ledgers.val());
        self.pool_stores.y_own.next = self.charges_y.val() | self.is_clear.val();
        self.pool_stores.y_other.next = self.charges_y.val();
        self.pool_stores.collateral.next = self.collateral_applies.val();
        self.pool_stores.member.next = true;
        self.venue_stores.money.next =
            (self.reserve.val() | self.places.val()) | (self.venue_collateral_applies.val() | self.is_ledgers.val());
        self.venue_stores.y_own.next = self.charges_y.val() | self.is_clear.val();
        self.venue_stores.y_other.next = self.charges_y.val();
        self.venue_stores.collateral.next = self.venue_collateral_applies.val();
        self.venue_stores.member.next = self.member_14.val();
        self.clear_y_reg.d.next = self.is_clear.val();
        self.venue_flags_reg.d.next = self.venue_poison.data.val();
        self.write_venue_flags_reg.d.next = self.member_14.val()
            & ((self.places.val() | self.spoils.val())
                | ((self.venue_collateral_applies.val() | self.is_ledgers.val()) | self.is_clear.val()));
        self.write_flags_reg.d.next = ((self.places.val() | self.spoils.val()) | self.stops.val())
            | (((self.collateral_applies.val() | self.is_ledgers.val()) | self.is_clear.val())
                | (self.is_halt.val() & (self.scope_8.val() == self.scope_account.val())));
        self.write_halt_reg.d.next = self.is_halt.val() & (self.scope_8.val() == self.scope_instrument.val());
        self.accepted_reg.d.next = self.accept.val();
        self.rejected_reg.d.next = self.is_order.val() & !self.accept.val();
        self.filled_reg.d.next = self.fill_applies.val();
        self.hot_14.next = self.hot_line.delayed.val();
        self.code_14.next = self.code_line.delayed.val();
        self.write_slot.next = self.write_slot_reg.q.val();
        self.write_cell.next = self.write_cell_reg.q.val();
        self.pool_writes.next = self.pool_stores.writes.val();
        self.venue_writes.next = self.venue_stores.writes.val();
        self.clear_y.next = self.clear_y_reg.q.val();
        self.write_venue_flags.next = self.write_venue_flags_reg.q.val();
        self.venue_flags_data.next = self.venue_flags_reg.q.val();
        self.write_flags.next = self.write_flags_reg.q.val();
        self.write_halt.next = self.write_halt_reg.q.val();
        self.flags_data.next = self.flags_reg.q.val();
        self.halt_data.next = self.halt_reg.q.val();
        self.accepted.next = self.accepted_reg.q.val();
        self.rejected.next = self.rejected_reg.q.val();
        self.filled.next = self.filled_reg.q.val();
    }
}
