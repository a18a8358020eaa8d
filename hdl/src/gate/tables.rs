//! [`Tables`]: the memories that an operation reads first: static rows, bank marks, order slots, cells and flags.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `bank`, `account`, `instrument`, `slot` | 1 | what to read |
//! | `static_*`, `mark_*`, `shadow_*`, ... | 2 | the rows; `mark` of the operation's bank, `shadow` of the other |
//! | `write_*` | 15 | results |
//! | `row_*` | | rows of the control stream |
//!
//! Cells hold the bid end `p + b`, the ask end `p - a` and the position; a bank the position from which REL lanes count.
//! Flags of an account: its pool ledger is poisoned in bank 0, in bank 1, halted; of a venue ledger: the first two.
//!
//! ```text
//! clock    _/1\_/2\_ .. _/15\_/16\_
//! account  <a >
//! bid_end       <a >
//! write                  <a >
//! ```

use super::ops::{self, block, place, used, value};
use crate::int::{unsigned_cast, I, U};
use crate::ram::Ram;
use crossgate_contract::command::{Account, BankBase, BankMark, Instrument};
use rust_hdl_core::prelude::*;

block! {
    /// The first memories. `AI`, `BI` and `BC` are bits of {account, instrument}, {bank, instrument} and {bank, account,
    /// instrument}.
    pub(super) struct Tables [A, N, S, AI, BI, BC] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) account: Signal<In, U<A>>,
        pub(super) instrument: Signal<In, U<N>>,
        pub(super) slot: Signal<In, U<S>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_3: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) row_bank: Signal<In, Bit>,
        pub(super) wipe: Signal<In, Bit>,
        pub(super) ledger: Signal<In, U<A>>,
        pub(super) write_slot: Signal<In, Bit>,
        pub(super) write_cell: Signal<In, Bit>,
        pub(super) write_flags: Signal<In, Bit>,
        pub(super) write_halt: Signal<In, Bit>,
        pub(super) write_venue_flags: Signal<In, Bit>,
        pub(super) at_slot: Signal<In, U<S>>,
        pub(super) at_account: Signal<In, U<A>>,
        pub(super) at_ledger: Signal<In, U<A>>,
        pub(super) at_instrument: Signal<In, U<N>>,
        pub(super) head_data: Signal<In, U<64>>,
        pub(super) lots_data: Signal<In, U<40>>,
        pub(super) cumulative_data: Signal<In, U<40>>,
        pub(super) price_data: Signal<In, U<32>>,
        pub(super) bid_data: Signal<In, I<40>>,
        pub(super) ask_data: Signal<In, I<40>>,
        pub(super) position_data: Signal<In, I<40>>,
        pub(super) flags_data: Signal<In, U<3>>,
        pub(super) venue_flags_data: Signal<In, U<2>>,
        pub(super) halt_data: Signal<In, Bit>,
        pub(super) static_0: Signal<Out, U<64>>,
        pub(super) static_1: Signal<Out, U<64>>,
        pub(super) static_2: Signal<Out, U<64>>,
        pub(super) static_3: Signal<Out, U<64>>,
        pub(super) lane_mask: Signal<Out, U<33>>,
        pub(super) mark_0: Signal<Out, U<32>>,
        pub(super) mark_1: Signal<Out, U<64>>,
        pub(super) mark_2: Signal<Out, U<64>>,
        pub(super) shadow_0: Signal<Out, U<32>>,
        pub(super) shadow_1: Signal<Out, U<64>>,
        pub(super) shadow_2: Signal<Out, U<64>>,
        pub(super) slot_head: Signal<Out, U<64>>,
        pub(super) slot_lots: Signal<Out, U<40>>,
        pub(super) slot_cumulative: Signal<Out, U<40>>,
        pub(super) slot_price: Signal<Out, U<32>>,
        pub(super) bid_end: Signal<Out, I<40>>,
        pub(super) ask_end: Signal<Out, I<40>>,
        pub(super) position: Signal<Out, I<40>>,
        pub(super) base: Signal<Out, U<41>>,
        pub(super) flags: Signal<Out, U<3>>,
        pub(super) venue_flags: Signal<Out, U<2>>,
        pub(super) instrument_halted: Signal<Out, Bit>,

        row_instrument: Constant<U<4>> = value(ops::ROW_INSTRUMENT),
        row_account: Constant<U<4>> = value(ops::ROW_ACCOUNT),
        row_mark: Constant<U<4>> = value(ops::ROW_MARK),
        row_base: Constant<U<4>> = value(ops::ROW_BASE),
        at_base_account: Constant<U<6>> = place(&[&BankBase::LAYOUT], "account", 0, 16),
        at_base_instrument: Constant<U<6>> = place(&[&BankBase::LAYOUT], "instrument", 1, 16),
        at_base: Constant<U<6>> = place(&[&BankBase::LAYOUT], "base", 1, 40),
        base_present: Constant<U<41>> = value(1 << 40),
        cell_bank: Constant<U<BC>> = value(1 << (BC - 1)),
        no_base: Constant<U<41>> = value(0),
        zero_2: Constant<U<2>> = value(0),
        at_row_instrument: Constant<U<6>> = place(&[&Instrument::LAYOUT], "instrument", 0, 16),
        at_row_account: Constant<U<6>> = place(&[&Account::LAYOUT], "account", 0, 16),
        at_row_mark: Constant<U<6>> = place(&[&BankMark::LAYOUT], "instrument", 0, 16),
        at_lane_mask: Constant<U<6>> = place(&[&Account::LAYOUT], "lane_mask", 1, 32),
        used_0: Constant<U<64>> = used(&Instrument::LAYOUT, 0),
        used_1: Constant<U<64>> = used(&Instrument::LAYOUT, 1),
        used_2: Constant<U<64>> = used(&Instrument::LAYOUT, 2),
        used_3: Constant<U<64>> = used(&Instrument::LAYOUT, 3),
        mark_used_0: Constant<U<32>> = used(&BankMark::LAYOUT, 0),
        mark_used_1: Constant<U<64>> = used(&BankMark::LAYOUT, 1),
        mark_used_2: Constant<U<64>> = used(&BankMark::LAYOUT, 2),
        present: Constant<U<64>> = value(1 << 63),
        known: Constant<U<33>> = value(1 << 32),
        bank_bit: Constant<U<BI>> = value(1 << (BI - 1)),
        shift: Constant<U<5>> = value(N as u64),
        zero_3: Constant<U<3>> = value(0),
        zero_32: Constant<U<32>> = value(0),
        zero_33: Constant<U<33>> = value(0),
        zero_40: Constant<U<40>> = value(0),
        zero_64: Constant<U<64>> = value(0),
        zero_lots: Constant<I<40>> = Constant::new(I::new(0)),

        static_ram: [Ram<U<64>, N>; 4],
        account_ram: Ram<U<33>, A>,
        mark_0_ram: Ram<U<32>, BI>,
        mark_1_ram: Ram<U<64>, BI>,
        mark_2_ram: Ram<U<64>, BI>,
        shadow_0_ram: Ram<U<32>, BI>,
        shadow_1_ram: Ram<U<64>, BI>,
        shadow_2_ram: Ram<U<64>, BI>,
        head_ram: Ram<U<64>, S>,
        lots_ram: Ram<U<40>, S>,
        cumulative_ram: Ram<U<40>, S>,
        price_ram: Ram<U<32>, S>,
        bid_ram: Ram<I<40>, AI>,
        ask_ram: Ram<I<40>, AI>,
        position_ram: Ram<I<40>, AI>,
        flags_ram: Ram<U<3>, A>,
        venue_flags_ram: Ram<U<2>, A>,
        halt_ram: Ram<Bit, N>,
        base_ram: Ram<U<41>, BC>,
        is_instrument: Signal<Local, Bit>,
        is_account: Signal<Local, Bit>,
        base_cell: Signal<Local, U<AI>>,
        base_at: Signal<Local, U<BC>>,
        base_read: Signal<Local, U<BC>>,
        wiped_row: Signal<Local, U<BI>>,
        row: Signal<Local, U<BI>>,
        shadow: Signal<Local, U<BI>>,
        row_write: Signal<Local, U<BI>>,
        cell_read: Signal<Local, U<AI>>,
        cell_write: Signal<Local, U<AI>>,
        wide: Signal<Local, U<AI>>,
        mark_write: Signal<Local, Bit>,
        mark_data_0: Signal<Local, U<32>>,
        mark_data_1: Signal<Local, U<64>>,
        mark_data_2: Signal<Local, U<64>>,
    }
}

impl<const A: usize, const N: usize, const S: usize, const AI: usize, const BI: usize, const BC: usize> Logic
    for Tables<A, N, S, AI, BI, BC>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, account_ram, mark_0_ram, mark_1_ram, mark_2_ram, shadow_0_ram, shadow_1_ram, shadow_2_ram);
        clock!(self, clock, head_ram, lots_ram, cumulative_ram, price_ram, bid_ram, ask_ram, position_ram, flags_ram);
        clock!(self, clock, halt_ram, venue_flags_ram, base_ram);
        // addresses
        self.row.next = unsigned_cast::<BI, N>(self.instrument.val());
        self.shadow.next = unsigned_cast::<BI, N>(self.instrument.val());
        if self.bank.val() {
            self.row.next = unsigned_cast::<BI, N>(self.instrument.val()) | self.bank_bit.val();
        } else {
            self.shadow.next = unsigned_cast::<BI, N>(self.instrument.val()) | self.bank_bit.val();
        }
        self.wide.next = unsigned_cast::<AI, A>(self.account.val());
        self.cell_read.next = (self.wide.val() << self.shift.val()) | unsigned_cast::<AI, N>(self.instrument.val());
        self.wide.next = unsigned_cast::<AI, A>(self.at_account.val());
        self.cell_write.next = (self.wide.val() << self.shift.val()) | unsigned_cast::<AI, N>(self.at_instrument.val());
        self.row_write.next = unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_row_mark.val().index()));
        if self.row_bank.val() {
            self.row_write.next =
                unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_row_mark.val().index()))
                    | self.bank_bit.val();
        }
        self.wiped_row.next = unsigned_cast::<BI, N>(self.scrub_address.val().get_bits::<N>(0));
        if self.row_bank.val() {
            self.wiped_row.next =
                unsigned_cast::<BI, N>(self.scrub_address.val().get_bits::<N>(0)) | self.bank_bit.val();
        }
        self.is_instrument.next = self.row_hot.val().get_bit(self.row_instrument.val().index());
        self.is_account.next = self.row_hot.val().get_bit(self.row_account.val().index());
        self.mark_write.next =
            self.row_hot.val().get_bit(self.row_mark.val().index()) | (self.scrub.val() | self.wipe.val());
        self.mark_data_0.next = self.row_0.val().get_bits::<32>(0) & self.mark_used_0.val();
        self.mark_data_1.next = self.row_1.val() & self.mark_used_1.val();
        self.mark_data_2.next = self.row_2.val() & self.mark_used_2.val();
        if self.wipe.val() {
            self.row_write.next = self.wiped_row.val();
        }
        if self.scrub.val() {
            self.row_write.next = self.scrub_address.val().get_bits::<BI>(0);
            self.cell_write.next = self.scrub_address.val().get_bits::<AI>(0);
        }
        if self.scrub.val() | self.wipe.val() {
            self.mark_data_0.next = self.zero_32.val();
            self.mark_data_1.next = self.zero_64.val();
            self.mark_data_2.next = self.zero_64.val();
        }
        // static rows
        for i in 0..4 {
            self.static_ram[i].clock.next = self.clock.val();
            self.static_ram[i].read_address.next = self.instrument.val();
            self.static_ram[i].write_enable.next = self.is_instrument.val() | self.scrub.val();
            self.static_ram[i].write_address.next =
                self.row_0.val().get_bits::<N>(self.at_row_instrument.val().index());
            if self.scrub.val() {
                self.static_ram[i].write_address.next = self.scrub_address.val().get_bits::<N>(0);
            }
        }
        self.static_ram[0].write_data.next = (self.row_0.val() & self.used_0.val()) | self.present.val();
        self.static_ram[1].write_data.next = self.row_1.val() & self.used_1.val();
        self.static_ram[2].write_data.next = self.row_2.val() & self.used_2.val();
        self.static_ram[3].write_data.next = self.row_3.val() & self.used_3.val();
        self.account_ram.read_address.next = self.account.val();
        self.account_ram.write_enable.next = self.is_account.val() | self.scrub.val();
        self.account_ram.write_address.next = self.row_0.val().get_bits::<A>(self.at_row_account.val().index());
        self.account_ram.write_data.next =
            unsigned_cast::<33, 32>(self.row_1.val().get_bits::<32>(self.at_lane_mask.val().index()))
                | self.known.val();
        if self.scrub.val() {
            self.static_ram[0].write_data.next = self.zero_64.val();
            self.static_ram[1].write_data.next = self.zero_64.val();
            self.static_ram[2].write_data.next = self.zero_64.val();
            self.static_ram[3].write_data.next = self.zero_64.val();
            self.account_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.account_ram.write_data.next = self.zero_33.val();
        }
        // bank rows, twice
        self.mark_0_ram.read_address.next = self.row.val();
        self.mark_1_ram.read_address.next = self.row.val();
        self.mark_2_ram.read_address.next = self.row.val();
        self.shadow_0_ram.read_address.next = self.shadow.val();
        self.shadow_1_ram.read_address.next = self.shadow.val();
        self.shadow_2_ram.read_address.next = self.shadow.val();
        self.mark_0_ram.write_enable.next = self.mark_write.val();
        self.mark_1_ram.write_enable.next = self.mark_write.val();
        self.mark_2_ram.write_enable.next = self.mark_write.val();
        self.shadow_0_ram.write_enable.next = self.mark_write.val();
        self.shadow_1_ram.write_enable.next = self.mark_write.val();
        self.shadow_2_ram.write_enable.next = self.mark_write.val();
        self.mark_0_ram.write_address.next = self.row_write.val();
        self.mark_1_ram.write_address.next = self.row_write.val();
        self.mark_2_ram.write_address.next = self.row_write.val();
        self.shadow_0_ram.write_address.next = self.row_write.val();
        self.shadow_1_ram.write_address.next = self.row_write.val();
        self.shadow_2_ram.write_address.next = self.row_write.val();
        self.mark_0_ram.write_data.next = self.mark_data_0.val();
        self.mark_1_ram.write_data.next = self.mark_data_1.val();
        self.mark_2_ram.write_data.next = self.mark_data_2.val();
        self.shadow_0_ram.write_data.next = self.mark_data_0.val();
        self.shadow_1_ram.write_data.next = self.mark_data_1.val();
        self.shadow_2_ram.write_data.next = self.mark_data_2.val();
        // bases
        self.wide.next = unsigned_cast::<AI, A>(self.row_0.val().get_bits::<A>(self.at_base_account.val().index()));
        self.base_cell.next = (self.wide.val() << self.shift.val())
            | unsigned_cast::<AI, N>(self.row_1.val().get_bits::<N>(self.at_base_instrument.val().index()));
        if self.wipe.val() {
            self.base_cell.next = self.scrub_address.val().get_bits::<AI>(0);
        }
        self.base_at.next = unsigned_cast::<BC, AI>(self.base_cell.val());
        if self.row_bank.val() {
            self.base_at.next = unsigned_cast::<BC, AI>(self.base_cell.val()) | self.cell_bank.val();
        }
        self.base_read.next = unsigned_cast::<BC, AI>(self.cell_read.val());
        if self.bank.val() {
            self.base_read.next = unsigned_cast::<BC, AI>(self.cell_read.val()) | self.cell_bank.val();
        }
        self.base_ram.read_address.next = self.base_read.val();
        self.base_ram.write_enable.next =
            self.row_hot.val().get_bit(self.row_base.val().index()) | (self.scrub.val() | self.wipe.val());
        self.base_ram.write_address.next = self.base_at.val();
        self.base_ram.write_data.next =
            unsigned_cast::<41, 40>(self.row_1.val().get_bits::<40>(self.at_base.val().index()))
                | self.base_present.val();
        if self.scrub.val() {
            self.base_ram.write_address.next = self.scrub_address.val().get_bits::<BC>(0);
        }
        if self.scrub.val() | self.wipe.val() {
            self.base_ram.write_data.next = self.no_base.val();
        }
        self.base.next = self.base_ram.read_data.val();
        // slots
        self.head_ram.read_address.next = self.slot.val();
        self.lots_ram.read_address.next = self.slot.val();
        self.cumulative_ram.read_address.next = self.slot.val();
        self.price_ram.read_address.next = self.slot.val();
        self.head_ram.write_enable.next = self.write_slot.val() | self.scrub.val();
        self.lots_ram.write_enable.next = self.write_slot.val() | self.scrub.val();
        self.cumulative_ram.write_enable.next = self.write_slot.val() | self.scrub.val();
        self.price_ram.write_enable.next = self.write_slot.val() | self.scrub.val();
        self.head_ram.write_address.next = self.at_slot.val();
        self.lots_ram.write_address.next = self.at_slot.val();
        self.cumulative_ram.write_address.next = self.at_slot.val();
        self.price_ram.write_address.next = self.at_slot.val();
        self.head_ram.write_data.next = self.head_data.val();
        self.lots_ram.write_data.next = self.lots_data.val();
        self.cumulative_ram.write_data.next = self.cumulative_data.val();
        self.price_ram.write_data.next = self.price_data.val();
        // cells
        self.bid_ram.read_address.next = self.cell_read.val();
        self.ask_ram.read_address.next = self.cell_read.val();
        self.position_ram.read_address.next = self.cell_read.val();
        self.bid_ram.write_enable.next = self.write_cell.val() | self.scrub.val();
        self.ask_ram.write_enable.next = self.write_cell.val() | self.scrub.val();
        self.position_ram.write_enable.next = self.write_cell.val() | self.scrub.val();
        self.bid_ram.write_address.next = self.cell_write.val();
        self.ask_ram.write_address.next = self.cell_write.val();
        self.position_ram.write_address.next = self.cell_write.val();
        self.bid_ram.write_data.next = self.bid_data.val();
        self.ask_ram.write_data.next = self.ask_data.val();
        self.position_ram.write_data.next = self.position_data.val();
        // flags
        self.flags_ram.read_address.next = self.account.val();
        self.flags_ram.write_enable.next = self.write_flags.val() | self.scrub.val();
        self.flags_ram.write_address.next = self.at_account.val();
        self.flags_ram.write_data.next = self.flags_data.val();
        self.venue_flags_ram.read_address.next = self.ledger.val();
        self.venue_flags_ram.write_enable.next = self.write_venue_flags.val() | self.scrub.val();
        self.venue_flags_ram.write_address.next = self.at_ledger.val();
        self.venue_flags_ram.write_data.next = self.venue_flags_data.val();
        self.halt_ram.read_address.next = self.instrument.val();
        self.halt_ram.write_enable.next = self.write_halt.val() | self.scrub.val();
        self.halt_ram.write_address.next = self.at_instrument.val();
        self.halt_ram.write_data.next = self.halt_data.val() & !self.scrub.val();
        if self.scrub.val() {
            self.head_ram.write_address.next = self.scrub_address.val().get_bits::<S>(0);
            self.lots_ram.write_address.next = self.scrub_address.val().get_bits::<S>(0);
            self.cumulative_ram.write_address.next = self.scrub_address.val().get_bits::<S>(0);
            self.price_ram.write_address.next = self.scrub_address.val().get_bits::<S>(0);
            self.head_ram.write_data.next = self.zero_64.val();
            self.lots_ram.write_data.next = self.zero_40.val();
            self.cumulative_ram.write_data.next = self.zero_40.val();
            self.price_ram.write_data.next = self.zero_32.val();
            self.bid_ram.write_data.next = self.zero_lots.val();
            self.ask_ram.write_data.next = self.zero_lots.val();
            self.position_ram.write_data.next = self.zero_lots.val();
            self.flags_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.flags_ram.write_data.next = self.zero_3.val();
            self.venue_flags_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.venue_flags_ram.write_data.next = self.zero_2.val();
            self.halt_ram.write_address.next = self.scrub_address.val().get_bits::<N>(0);
        }
        self.static_0.next = self.static_ram[0].read_data.val();
        self.static_1.next = self.static_ram[1].read_data.val();
        self.static_2.next = self.static_ram[2].read_data.val();
        self.static_3.next = self.static_ram[3].read_data.val();
        self.lane_mask.next = self.account_ram.read_data.val();
        self.mark_0.next = self.mark_0_ram.read_data.val();
        self.mark_1.next = self.mark_1_ram.read_data.val();
        self.mark_2.next = self.mark_2_ram.read_data.val();
        self.shadow_0.next = self.shadow_0_ram.read_data.val();
        self.shadow_1.next = self.shadow_1_ram.read_data.val();
        self.shadow_2.next = self.shadow_2_ram.read_data.val();
        self.slot_head.next = self.head_ram.read_data.val();
        self.slot_lots.next = self.lots_ram.read_data.val();
        self.slot_cumulative.next = self.cumulative_ram.read_data.val();
        self.slot_price.next = self.price_ram.read_data.val();
        self.bid_end.next = self.bid_ram.read_data.val();
        self.ask_end.next = self.ask_ram.read_data.val();
        self.position.next = self.position_ram.read_data.val();
        self.flags.next = self.flags_ram.read_data.val();
        self.venue_flags.next = self.venue_flags_ram.read_data.val();
        self.instrument_halted.next = self.halt_ram.read_data.val();
    }
}
