//! [`Complete`]: which instruments and ledgers have all their rows in a bank.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `row_*`, `inactive` | | rows for the inactive bank |
//! | `wipe` | | the inactive bank is emptied |
//! | `restart` | | a sweep may begin: no row is missing yet |
//! | `hot`, `bank`, `account`, `ledger`, `instrument`, `member` | 1 | the operation |
//! | `bid_end`, `ask_end`, `position` | 2 | its cell |
//! | `instrument_complete`, `ledgers_complete` | 2 | in its bank; the venue ledger counts if it has one |
//! | `old_row` | 3 | a live cell of the sweep lacked a row |
//!
//! The rows of the inactive bank are counted bit by bit, because a row may come twice.
//!
//! ```text
//! clock    _/1\_/2\_/3\_
//! account  <a >
//! ledgers_complete <a >
//! old_row          ____<a
//! ```

use super::ops::{self, block, place, value};
use crate::int::{unsigned_cast, I, U};
use crate::leaf::Delay;
use crate::ram::{LutRam, Ram};
use crossgate_contract::command::{BankCollateral, BankLoss, BankMark, BankOffset};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Completeness; `BI` is bits of {bank, instrument}, `BA` of {bank, ledger}.
    pub(super) struct Complete [A, N, LANES, BI, BA] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) wipe: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) inactive: Signal<In, Bit>,
        pub(super) restart: Signal<In, Bit>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) account: Signal<In, U<A>>,
        pub(super) ledger: Signal<In, U<A>>,
        pub(super) instrument: Signal<In, U<N>>,
        pub(super) member: Signal<In, Bit>,
        pub(super) bid_end: Signal<In, I<40>>,
        pub(super) ask_end: Signal<In, I<40>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) instrument_complete: Signal<Out, Bit>,
        pub(super) ledgers_complete: Signal<Out, Bit>,
        pub(super) old_row: Signal<Out, Bit>,

        op_cell: Constant<U<5>> = value(ops::CELL),
        row_mark: Constant<U<4>> = value(ops::ROW_MARK),
        row_loss: Constant<U<4>> = value(ops::ROW_LOSS),
        row_offset: Constant<U<4>> = value(ops::ROW_OFFSET),
        row_collateral: Constant<U<4>> = value(ops::ROW_COLLATERAL),
        at_instrument: Constant<U<6>> = place(&[&BankMark::LAYOUT, &BankLoss::LAYOUT], "instrument", 0, 16),
        at_lane: Constant<U<6>> = place(&[&BankLoss::LAYOUT, &BankOffset::LAYOUT], "lane", 0, 8),
        at_ledger: Constant<U<6>> = place(&[&BankOffset::LAYOUT, &BankCollateral::LAYOUT], "ledger", 0, 16),
        at_offset_venue: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "venue", 1, 1),
        at_collateral_venue: Constant<U<6>> = place(&[&BankCollateral::LAYOUT], "venue", 0, 1),
        mark_bit: Constant<U<17>> = value(1 << 16),
        pair_bit: Constant<U<17>> = value(1),
        pairs_all: Constant<U<17>> = value((1 << 16) | ((1 << (LANES / 2)) - 1)),
        collateral_bit: Constant<U<33>> = value(1 << 32),
        lane_bit: Constant<U<33>> = value(1),
        lanes_all: Constant<U<33>> = value((1 << 32) | ((1 << LANES) - 1)),
        no_pairs: Constant<U<17>> = value(0),
        no_lanes: Constant<U<33>> = value(0),
        instrument_bank: Constant<U<BI>> = value(1 << (BI - 1)),
        ledger_bank: Constant<U<BA>> = value(1 << (BA - 1)),
        zero: Constant<I<40>> = Constant::new(I::new(0)),

        pair_ram: LutRam<U<17>, N>,
        pool_ram: LutRam<U<33>, A>,
        venue_ram: LutRam<U<33>, A>,
        instrument_ram: Ram<Bit, BI>,
        pool_flag_ram: Ram<Bit, BA>,
        venue_flag_ram: Ram<Bit, BA>,
        member_2: Delay<Bit, 1>,
        cell_2: Delay<Bit, 1>,
        old_reg: DFF<Bit>,

        clears: Signal<Local, Bit>,
        is_instrument: Signal<Local, Bit>,
        is_offset: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        of_venue: Signal<Local, Bit>,
        lane: Signal<Local, U<8>>,
        pair: Signal<Local, U<7>>,
        pair_bits: Signal<Local, U<17>>,
        lane_bits: Signal<Local, U<33>>,
        pairs: Signal<Local, U<17>>,
        pool: Signal<Local, U<33>>,
        venue: Signal<Local, U<33>>,
        low_instrument: Signal<Local, U<N>>,
        low_ledger: Signal<Local, U<A>>,
        instrument_at: Signal<Local, U<BI>>,
        ledger_at: Signal<Local, U<BA>>,
        instrument_read: Signal<Local, U<BI>>,
        pool_read: Signal<Local, U<BA>>,
        venue_read: Signal<Local, U<BA>>,
        whole: Signal<Local, Bit>,
        live: Signal<Local, Bit>,
    }
}

impl<const A: usize, const N: usize, const LANES: usize, const BI: usize, const BA: usize> Logic
    for Complete<A, N, LANES, BI, BA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, pair_ram, pool_ram, venue_ram, instrument_ram, pool_flag_ram, venue_flag_ram);
        clock!(self, clock, member_2, cell_2);
        dff_setup!(self, clock, old_reg);
        // rows
        self.clears.next = self.scrub.val() | self.wipe.val();
        self.is_instrument.next = self.row_hot.val().get_bit(self.row_mark.val().index())
            | self.row_hot.val().get_bit(self.row_loss.val().index());
        self.is_offset.next = self.row_hot.val().get_bit(self.row_offset.val().index());
        self.is_collateral.next = self.row_hot.val().get_bit(self.row_collateral.val().index());
        self.of_venue.next = self.row_0.val().get_bit(self.at_collateral_venue.val().index());
        if self.is_offset.val() {
            self.of_venue.next = self.row_1.val().get_bit(self.at_offset_venue.val().index());
        }
        self.lane.next = self.row_0.val().get_bits::<8>(self.at_lane.val().index());
        self.pair.next = self.lane.val().get_bits::<7>(1);
        self.pair_bits.next = self.pair_bit.val() << self.pair.val();
        if self.row_hot.val().get_bit(self.row_mark.val().index()) {
            self.pair_bits.next = self.mark_bit.val();
        }
        self.lane_bits.next = self.lane_bit.val() << self.lane.val();
        if self.is_collateral.val() {
            self.lane_bits.next = self.collateral_bit.val();
        }
        self.low_instrument.next = self.row_0.val().get_bits::<N>(self.at_instrument.val().index());
        self.low_ledger.next = self.row_0.val().get_bits::<A>(self.at_ledger.val().index());
        if self.scrub.val() | self.wipe.val() {
            self.low_instrument.next = self.scrub_address.val().get_bits::<N>(0);
            self.low_ledger.next = self.scrub_address.val().get_bits::<A>(0);
        }
        self.pair_ram.read_address.next = self.low_instrument.val();
        self.pool_ram.read_address.next = self.low_ledger.val();
        self.venue_ram.read_address.next = self.low_ledger.val();
        self.pairs.next = self.pair_ram.read_data.val() | self.pair_bits.val();
        self.pool.next = self.pool_ram.read_data.val() | self.lane_bits.val();
        self.venue.next = self.venue_ram.read_data.val() | self.lane_bits.val();
        if self.clears.val() {
            self.pairs.next = self.no_pairs.val();
            self.pool.next = self.no_lanes.val();
            self.venue.next = self.no_lanes.val();
        }
        self.instrument_at.next = unsigned_cast::<BI, N>(self.low_instrument.val());
        self.ledger_at.next = unsigned_cast::<BA, A>(self.low_ledger.val());
        if self.inactive.val() {
            self.instrument_at.next = unsigned_cast::<BI, N>(self.low_instrument.val()) | self.instrument_bank.val();
            self.ledger_at.next = unsigned_cast::<BA, A>(self.low_ledger.val()) | self.ledger_bank.val();
        }
        if self.scrub.val() {
            self.instrument_at.next = self.scrub_address.val().get_bits::<BI>(0);
            self.ledger_at.next = self.scrub_address.val().get_bits::<BA>(0);
        }
        self.pair_ram.write_enable.next = self.is_instrument.val() | self.clears.val();
        self.pair_ram.write_address.next = self.low_instrument.val();
        self.pair_ram.write_data.next = self.pairs.val();
        self.instrument_ram.write_enable.next = self.is_instrument.val() | self.clears.val();
        self.instrument_ram.write_address.next = self.instrument_at.val();
        self.instrument_ram.write_data.next = self.pairs.val() == self.pairs_all.val();
        self.pool_ram.write_enable.next =
            ((self.is_offset.val() | self.is_collateral.val()) & !self.of_venue.val()) | self.clears.val();
        self.pool_ram.write_address.next = self.low_ledger.val();
        self.pool_ram.write_data.next = self.pool.val();
        self.pool_flag_ram.write_enable.next =
            ((self.is_offset.val() | self.is_collateral.val()) & !self.of_venue.val()) | self.clears.val();
        self.pool_flag_ram.write_address.next = self.ledger_at.val();
        self.pool_flag_ram.write_data.next = self.pool.val() == self.lanes_all.val();
        self.venue_ram.write_enable.next =
            ((self.is_offset.val() | self.is_collateral.val()) & self.of_venue.val()) | self.clears.val();
        self.venue_ram.write_address.next = self.low_ledger.val();
        self.venue_ram.write_data.next = self.venue.val();
        self.venue_flag_ram.write_enable.next =
            ((self.is_offset.val() | self.is_collateral.val()) & self.of_venue.val()) | self.clears.val();
        self.venue_flag_ram.write_address.next = self.ledger_at.val();
        self.venue_flag_ram.write_data.next = self.venue.val() == self.lanes_all.val();
        // 1 to 2
        self.instrument_read.next = unsigned_cast::<BI, N>(self.instrument.val());
        self.pool_read.next = unsigned_cast::<BA, A>(self.account.val());
        self.venue_read.next = unsigned_cast::<BA, A>(self.ledger.val());
        if self.bank.val() {
            self.instrument_read.next = unsigned_cast::<BI, N>(self.instrument.val()) | self.instrument_bank.val();
            self.pool_read.next = unsigned_cast::<BA, A>(self.account.val()) | self.ledger_bank.val();
            self.venue_read.next = unsigned_cast::<BA, A>(self.ledger.val()) | self.ledger_bank.val();
        }
        self.instrument_ram.read_address.next = self.instrument_read.val();
        self.pool_flag_ram.read_address.next = self.pool_read.val();
        self.venue_flag_ram.read_address.next = self.venue_read.val();
        self.member_2.data.next = self.member.val();
        self.cell_2.data.next = self.hot.val().get_bit(self.op_cell.val().index());
        // 2 to 3
        self.whole.next =
            self.pool_flag_ram.read_data.val() & (self.venue_flag_ram.read_data.val() | !self.member_2.delayed.val());
        self.instrument_complete.next = self.instrument_ram.read_data.val();
        self.ledgers_complete.next = self.whole.val();
        self.live.next = (self.position.val() != self.zero.val())
            | ((self.bid_end.val() != self.zero.val()) | (self.ask_end.val() != self.zero.val()));
        if (self.cell_2.delayed.val() & self.live.val()) & !(self.whole.val() & self.instrument_ram.read_data.val()) {
            self.old_reg.d.next = true;
        }
        if self.restart.val() | self.scrub.val() {
            self.old_reg.d.next = false;
        }
        self.old_row.next = self.old_reg.q.val();
    }
}
