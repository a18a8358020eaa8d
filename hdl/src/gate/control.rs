//! [`Control`]: decodes the head of the control stream, and keeps banks, epochs and the global halt.
//!
//! Everything it says about the head is registered: it holds one clock after the head came. Rows are stored when
//! `execute` is given to a faultless one.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0` .. `word_3` | head of the stream |
//! | `execute` | store the row of the head |
//! | `act` | the head's operation is issued now |
//! | `freeze`, `flip` | MARKS is done; the sweep is done |
//! | `direct` | the head is a row without a fault |
//! | `marks`, `commit` | the head is MARKS without a fault; COMMIT with result `flipped` |
//! | `hot`, `code`, `bank`, `index`, `instrument` | the operation of any other head |
//!
//! ```text
//! clock    _/0\_/1\_/2\_
//! word_0   <a      ><b
//! direct       /---\____
//! execute      /---\____
//! row_0            <a >
//! ```

use super::ops::{self, block, place, size, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, I, U};
use crossgate_contract::command::{
    scope, Account, BankCollateral, BankLoss, BankMark, BankOffset, Collateral, Commit, Fence, Halt, Instrument, Marks,
    Read,
};
use crossgate_contract::table::Table;
use crossgate_contract::{BankResult, Fault, Sizes};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Head of the control stream.
    pub(super) struct Control {
        pub(super) clock: Signal<In, Clock>,
        pub(super) clear: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) word_3: Signal<In, U<64>>,
        pub(super) execute: Signal<In, Bit>,
        pub(super) act: Signal<In, Bit>,
        pub(super) freeze: Signal<In, Bit>,
        pub(super) flip: Signal<In, Bit>,
        pub(super) direct: Signal<Out, Bit>,
        pub(super) marks: Signal<Out, Bit>,
        pub(super) commit: Signal<Out, Bit>,
        pub(super) hot: Signal<Out, U<16>>,
        pub(super) code: Signal<Out, U<8>>,
        pub(super) bank: Signal<Out, Bit>,
        pub(super) index: Signal<Out, U<16>>,
        pub(super) instrument: Signal<Out, U<16>>,
        pub(super) row_0: Signal<Out, U<64>>,
        pub(super) row_1: Signal<Out, U<64>>,
        pub(super) row_2: Signal<Out, U<64>>,
        pub(super) row_3: Signal<Out, U<64>>,
        pub(super) row_instrument: Signal<Out, Bit>,
        pub(super) row_account: Signal<Out, Bit>,
        pub(super) row_mark: Signal<Out, Bit>,
        pub(super) row_loss: Signal<Out, Bit>,
        pub(super) row_offset: Signal<Out, Bit>,
        pub(super) row_collateral: Signal<Out, Bit>,
        pub(super) active: Signal<Out, Bit>,
        pub(super) epoch: Signal<Out, U<32>>,
        pub(super) halted: Signal<Out, Bit>,

        code_fence: Constant<U<8>> = value(Fence::CODE as u64),
        code_instrument: Constant<U<8>> = value(Instrument::CODE as u64),
        code_account: Constant<U<8>> = value(Account::CODE as u64),
        code_marks: Constant<U<8>> = value(Marks::CODE as u64),
        code_mark: Constant<U<8>> = value(BankMark::CODE as u64),
        code_loss: Constant<U<8>> = value(BankLoss::CODE as u64),
        code_offset: Constant<U<8>> = value(BankOffset::CODE as u64),
        code_bank_collateral: Constant<U<8>> = value(BankCollateral::CODE as u64),
        code_collateral: Constant<U<8>> = value(Collateral::CODE as u64),
        code_commit: Constant<U<8>> = value(Commit::CODE as u64),
        code_halt: Constant<U<8>> = value(Halt::CODE as u64),
        code_read: Constant<U<8>> = value(Read::CODE as u64),
        at_epoch: Constant<U<6>> = place(
            &[
                &Marks::LAYOUT, &BankMark::LAYOUT, &BankLoss::LAYOUT, &BankOffset::LAYOUT, &BankCollateral::LAYOUT,
                &Collateral::LAYOUT, &Commit::LAYOUT,
            ],
            "epoch", 0, 32),
        at_lane: Constant<U<6>> = place(&[&BankLoss::LAYOUT, &BankOffset::LAYOUT], "lane", 0, 8),
        at_ledger: Constant<U<6>> =
            place(&[&BankOffset::LAYOUT, &BankCollateral::LAYOUT, &Collateral::LAYOUT], "ledger", 0, 16),
        at_account: Constant<U<6>> = place(&[&Account::LAYOUT], "account", 0, 16),
        at_bank_instrument: Constant<U<6>> = place(&[&BankMark::LAYOUT, &BankLoss::LAYOUT], "instrument", 0, 16),
        at_instrument: Constant<U<6>> = place(&[&Instrument::LAYOUT], "instrument", 0, 16),
        at_venue: Constant<U<6>> = place(&[&Instrument::LAYOUT], "venue", 0, 8),
        at_book: Constant<U<6>> = place(&[&Instrument::LAYOUT], "book", 0, 8),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        at_index: Constant<U<6>> = place(&[&Halt::LAYOUT, &Read::LAYOUT], "index", 0, 16),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        at_table: Constant<U<6>> = place(&[&Read::LAYOUT], "table", 0, 8),
        at_inactive: Constant<U<6>> = place(&[&Read::LAYOUT], "inactive", 0, 1),
        at_offset_venue: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "venue", 1, 1),
        at_relative: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "relative", 1, 1),
        at_unit: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "unit", 1, 1),
        at_pool_venue: Constant<U<6>> = place(&[&BankCollateral::LAYOUT, &Collateral::LAYOUT], "venue", 0, 1),
        at_mark_buy: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_buy", 1, 32),
        at_mark_sell: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_sell", 1, 32),
        at_long_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_0", 1, 18),
        at_short_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_0", 1, 18),
        at_long_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_1", 2, 18),
        at_short_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_1", 2, 18),
        table_cell: Constant<U<8>> = value(Table::Cell as u64),
        table_slot: Constant<U<8>> = value(Table::Slot as u64),
        table_lane: Constant<U<8>> = value(Table::Lane as u64),
        table_account: Constant<U<8>> = value(Table::Account as u64),
        table_instrument: Constant<U<8>> = value(Table::Instrument as u64),
        table_mark: Constant<U<8>> = value(Table::Mark as u64),
        table_loss: Constant<U<8>> = value(Table::Loss as u64),
        scope_global: Constant<U<8>> = value(scope::GLOBAL as u64),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        none: Constant<U<8>> = value(0),
        bad_field: Constant<U<8>> = value(Fault::BadField.code() as u64),
        old_epoch: Constant<U<8>> = value(Fault::OldEpoch.code() as u64),
        row_order: Constant<U<8>> = value(Fault::RowOrder.code() as u64),
        refused: Constant<U<8>> = value(Fault::CollateralRefused.code() as u64),
        not_rising: Constant<U<8>> = value(BankResult::EpochNotRising.code() as u64),
        no_marks: Constant<U<8>> = value(BankResult::NoMarks.code() as u64),
        negative: Constant<U<8>> = value(BankResult::LossNegative.code() as u64),
        crossed: Constant<U<8>> = value(BankResult::MarksCrossed.code() as u64),
        hot_fence: Constant<U<16>> = value(1 << ops::FENCE),
        hot_fault: Constant<U<16>> = value(1 << ops::FAULT),
        hot_read: Constant<U<16>> = value(1 << ops::READ),
        hot_halt: Constant<U<16>> = value(1 << ops::HALT),
        hot_collateral: Constant<U<16>> = value(1 << ops::COLLATERAL),
        hot_bank: Constant<U<16>> = value(1 << ops::BANK),
        no_epoch: Constant<U<32>> = value(0),
        accounts: Constant<U<17>> = value(0),
        instruments: Constant<U<17>> = value(0),
        slots: Constant<U<17>> = value(0),
        lanes: Constant<U<17>> = value(0),
        venues: Constant<U<8>> = value(0),
        books: Constant<U<8>> = value(0),

        active_reg: DFF<Bit>,
        epoch_reg: DFF<U<32>>,
        prepared_reg: DFF<U<32>>,
        prepared_valid_reg: DFF<Bit>,
        negative_reg: DFF<Bit>,
        crossed_reg: DFF<Bit>,
        halted_reg: DFF<Bit>,
        direct_reg: DFF<Bit>,
        marks_reg: DFF<Bit>,
        commit_reg: DFF<Bit>,
        hot_reg: DFF<U<16>>,
        code_reg: DFF<U<8>>,
        bank_reg: DFF<Bit>,
        index_reg: DFF<U<16>>,
        instrument_reg: DFF<U<16>>,
        row_0_reg: DFF<U<64>>,
        row_1_reg: DFF<U<64>>,
        row_2_reg: DFF<U<64>>,
        row_3_reg: DFF<U<64>>,
        row_instrument_reg: DFF<Bit>,
        row_account_reg: DFF<Bit>,
        row_mark_reg: DFF<Bit>,
        row_loss_reg: DFF<Bit>,
        row_offset_reg: DFF<Bit>,
        row_collateral_reg: DFF<Bit>,

        opcode: Signal<Local, U<8>>,
        is_instrument: Signal<Local, Bit>,
        is_account: Signal<Local, Bit>,
        is_marks: Signal<Local, Bit>,
        is_mark: Signal<Local, Bit>,
        is_loss: Signal<Local, Bit>,
        is_offset: Signal<Local, Bit>,
        is_bank_collateral: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        is_commit: Signal<Local, Bit>,
        is_halt: Signal<Local, Bit>,
        is_row: Signal<Local, Bit>,
        is_banked: Signal<Local, Bit>,
        command_epoch: Signal<Local, U<32>>,
        old: Signal<Local, Bit>,
        is_prepared: Signal<Local, Bit>,
        lane_8: Signal<Local, U<8>>,
        lane_17: Signal<Local, U<17>>,
        table_8: Signal<Local, U<8>>,
        scope_8: Signal<Local, U<8>>,
        ledger_17: Signal<Local, U<17>>,
        account_17: Signal<Local, U<17>>,
        bank_instrument_17: Signal<Local, U<17>>,
        instrument_17: Signal<Local, U<17>>,
        index_17: Signal<Local, U<17>>,
        sub_17: Signal<Local, U<17>>,
        venue_8: Signal<Local, U<8>>,
        book_8: Signal<Local, U<8>>,
        index_account: Signal<Local, Bit>,
        index_instrument: Signal<Local, Bit>,
        sub_instrument: Signal<Local, Bit>,
        sub_lane: Signal<Local, Bit>,
        fault: Signal<Local, U<8>>,
        result: Signal<Local, U<8>>,
        store: Signal<Local, Bit>,
        long_0: Signal<Local, I<18>>,
        short_0: Signal<Local, I<18>>,
        long_1: Signal<Local, I<18>>,
        short_1: Signal<Local, I<18>>,
        sum_0: Signal<Local, I<19>>,
        sum_1: Signal<Local, I<19>>,
        mark_buy: Signal<Local, U<32>>,
        mark_sell: Signal<Local, U<32>>,
    }
}

impl Control {
    /// The decoder of a build.
    pub(super) fn new(sizes: &Sizes) -> Self {
        Self {
            accounts: size(sizes.accounts),
            instruments: size(sizes.instruments),
            slots: size(sizes.slots),
            lanes: size(sizes.lanes),
            venues: size(sizes.venues),
            books: size(sizes.books),
            ..Default::default()
        }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            active_reg,
            epoch_reg,
            prepared_reg,
            prepared_valid_reg,
            negative_reg,
            crossed_reg,
            halted_reg
        );
        clock!(self, clock, direct_reg, marks_reg, commit_reg, hot_reg, code_reg, bank_reg, index_reg, instrument_reg);
        clock!(self, clock, row_0_reg, row_1_reg, row_2_reg, row_3_reg, row_instrument_reg, row_account_reg);
        clock!(self, clock, row_mark_reg, row_loss_reg, row_offset_reg, row_collateral_reg);
        self.opcode.next = self.word_0.val().get_bits::<8>(0);
        self.is_instrument.next = self.opcode.val() == self.code_instrument.val();
        self.is_account.next = self.opcode.val() == self.code_account.val();
        self.is_marks.next = self.opcode.val() == self.code_marks.val();
        self.is_mark.next = self.opcode.val() == self.code_mark.val();
        self.is_loss.next = self.opcode.val() == self.code_loss.val();
        self.is_offset.next = self.opcode.val() == self.code_offset.val();
        self.is_bank_collateral.next = self.opcode.val() == self.code_bank_collateral.val();
        self.is_collateral.next = self.opcode.val() == self.code_collateral.val();
        self.is_commit.next = self.opcode.val() == self.code_commit.val();
        self.is_halt.next = self.opcode.val() == self.code_halt.val();
        self.is_banked.next =
            (self.is_mark.val() | self.is_loss.val()) | (self.is_offset.val() | self.is_bank_collateral.val());
        self.is_row.next = (self.is_instrument.val() | self.is_account.val()) | self.is_banked.val();

        self.command_epoch.next = self.word_0.val().get_bits::<32>(self.at_epoch.val().index());
        self.old.next = self.command_epoch.val() <= self.epoch_reg.q.val();
        self.is_prepared.next =
            self.prepared_valid_reg.q.val() & (self.command_epoch.val() == self.prepared_reg.q.val());
        self.lane_8.next = self.word_0.val().get_bits::<8>(self.at_lane.val().index());
        self.lane_17.next = unsigned_cast::<17, 8>(self.lane_8.val());
        self.table_8.next = self.word_0.val().get_bits::<8>(self.at_table.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.venue_8.next = self.word_0.val().get_bits::<8>(self.at_venue.val().index());
        self.book_8.next = self.word_0.val().get_bits::<8>(self.at_book.val().index());
        self.ledger_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_ledger.val().index()));
        self.account_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_account.val().index()));
        self.bank_instrument_17.next =
            unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_bank_instrument.val().index()));
        self.instrument_17.next =
            unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_instrument.val().index()));
        self.index_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_index.val().index()));
        self.sub_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_sub.val().index()));
        self.index_account.next = self.index_17.val() < self.accounts.val();
        self.index_instrument.next = self.index_17.val() < self.instruments.val();
        self.sub_instrument.next = self.sub_17.val() < self.instruments.val();
        self.sub_lane.next = self.sub_17.val() < self.lanes.val();

        // faults; of several the last assignment is the one that comes first in precedence
        self.fault.next = self.none.val();
        if self.is_mark.val() & self.is_prepared.val() {
            self.fault.next = self.row_order.val();
        }
        if (self.is_banked.val() & !self.is_mark.val()) & !self.is_prepared.val() {
            self.fault.next = self.row_order.val();
        }
        if self.is_instrument.val()
            & (((self.instrument_17.val() >= self.instruments.val()) | (self.venue_8.val() >= self.venues.val()))
                | (self.book_8.val() >= self.books.val()))
        {
            self.fault.next = self.bad_field.val();
        }
        if self.is_account.val() & (self.account_17.val() >= self.accounts.val()) {
            self.fault.next = self.bad_field.val();
        }
        if (self.is_mark.val() | self.is_loss.val()) & (self.bank_instrument_17.val() >= self.instruments.val()) {
            self.fault.next = self.bad_field.val();
        }
        if (self.is_loss.val() | self.is_offset.val()) & (self.lane_17.val() >= self.lanes.val()) {
            self.fault.next = self.bad_field.val();
        }
        if self.is_loss.val() & self.lane_8.val().get_bit(0) {
            self.fault.next = self.bad_field.val();
        }
        if self.is_offset.val()
            & ((self.word_1.val().get_bit(self.at_offset_venue.val().index())
                | self.word_1.val().get_bit(self.at_relative.val().index()))
                | self.word_1.val().get_bit(self.at_unit.val().index()))
        {
            self.fault.next = self.bad_field.val();
        }
        if self.is_collateral.val()
            & ((self.command_epoch.val() != self.epoch_reg.q.val()) | (self.command_epoch.val() == self.no_epoch.val()))
        {
            self.fault.next = self.refused.val();
        }
        if (self.is_bank_collateral.val() | self.is_collateral.val())
            & self.word_0.val().get_bit(self.at_pool_venue.val().index())
        {
            self.fault.next = self.bad_field.val();
        }
        if ((self.is_offset.val() | self.is_bank_collateral.val()) | self.is_collateral.val())
            & (self.ledger_17.val() >= self.accounts.val())
        {
            self.fault.next = self.bad_field.val();
        }
        if (self.is_banked.val() | self.is_marks.val()) & self.old.val() {
            self.fault.next = self.old_epoch.val();
        }
        if self.is_halt.val() {
            self.fault.next = self.bad_field.val();
            if ((self.scope_8.val() == self.scope_global.val())
                | ((self.scope_8.val() == self.scope_account.val()) & self.index_account.val()))
                | ((self.scope_8.val() == self.scope_instrument.val()) & self.index_instrument.val())
            {
                self.fault.next = self.none.val();
            }
        }
        if self.opcode.val() == self.code_read.val() {
            self.fault.next = self.bad_field.val();
            if ((self.table_8.val() == self.table_cell.val()) & (self.index_account.val() & self.sub_instrument.val()))
                | ((self.table_8.val() == self.table_slot.val()) & (self.index_17.val() < self.slots.val()))
            {
                self.fault.next = self.none.val();
            }
            if ((self.table_8.val() == self.table_lane.val()) & (self.index_account.val() & self.sub_lane.val()))
                | ((self.table_8.val() == self.table_account.val()) & self.index_account.val())
            {
                self.fault.next = self.none.val();
            }
            if (((self.table_8.val() == self.table_instrument.val()) | (self.table_8.val() == self.table_mark.val()))
                & self.index_instrument.val())
                | ((self.table_8.val() == self.table_loss.val()) & (self.index_instrument.val() & self.sub_lane.val()))
            {
                self.fault.next = self.none.val();
            }
        }
        self.result.next = self.none.val();
        if self.crossed_reg.q.val() {
            self.result.next = self.crossed.val();
        }
        if self.negative_reg.q.val() {
            self.result.next = self.negative.val();
        }
        if !self.is_prepared.val() {
            self.result.next = self.no_marks.val();
        }
        if self.old.val() {
            self.result.next = self.not_rising.val();
        }

        // what the head is, one clock later
        self.direct_reg.d.next = self.is_row.val() & (self.fault.val() == self.none.val());
        self.marks_reg.d.next = self.is_marks.val() & (self.fault.val() == self.none.val());
        self.commit_reg.d.next = self.is_commit.val() & (self.result.val() == self.none.val());
        self.code_reg.d.next = self.fault.val();
        self.hot_reg.d.next = self.hot_fault.val();
        if self.fault.val() == self.none.val() {
            if self.opcode.val() == self.code_fence.val() {
                self.hot_reg.d.next = self.hot_fence.val();
            }
            if self.opcode.val() == self.code_read.val() {
                self.hot_reg.d.next = self.hot_read.val();
            }
            if self.is_halt.val() {
                self.hot_reg.d.next = self.hot_halt.val();
            }
            if self.is_collateral.val() {
                self.hot_reg.d.next = self.hot_collateral.val();
            }
            if self.is_commit.val() {
                self.hot_reg.d.next = self.hot_bank.val();
                self.code_reg.d.next = self.result.val();
            }
        }
        self.bank_reg.d.next = self.active_reg.q.val();
        if (self.opcode.val() == self.code_read.val()) & self.word_0.val().get_bit(self.at_inactive.val().index()) {
            self.bank_reg.d.next = !self.active_reg.q.val();
        }
        self.index_reg.d.next = self.word_0.val().get_bits::<16>(self.at_index.val().index());
        self.instrument_reg.d.next = self.word_0.val().get_bits::<16>(self.at_index.val().index());
        if self.table_8.val() == self.table_cell.val() {
            self.instrument_reg.d.next = self.word_0.val().get_bits::<16>(self.at_sub.val().index());
        }
        if self.is_halt.val() {
            self.instrument_reg.d.next = self.word_0.val().get_bits::<16>(self.at_index.val().index());
        }
        self.direct.next = self.direct_reg.q.val();
        self.marks.next = self.marks_reg.q.val();
        self.commit.next = self.commit_reg.q.val();
        self.hot.next = self.hot_reg.q.val();
        self.code.next = self.code_reg.q.val();
        self.bank.next = self.bank_reg.q.val();
        self.index.next = self.index_reg.q.val();
        self.instrument.next = self.instrument_reg.q.val();

        // rows
        self.store.next = self.execute.val() & self.direct_reg.q.val();
        self.row_0_reg.d.next = self.word_0.val();
        self.row_1_reg.d.next = self.word_1.val();
        self.row_2_reg.d.next = self.word_2.val();
        self.row_3_reg.d.next = self.word_3.val();
        self.row_instrument_reg.d.next = self.store.val() & self.is_instrument.val();
        self.row_account_reg.d.next = self.store.val() & self.is_account.val();
        self.row_mark_reg.d.next = self.store.val() & self.is_mark.val();
        self.row_loss_reg.d.next = self.store.val() & self.is_loss.val();
        self.row_offset_reg.d.next = self.store.val() & self.is_offset.val();
        self.row_collateral_reg.d.next = self.store.val() & self.is_bank_collateral.val();
        self.row_0.next = self.row_0_reg.q.val();
        self.row_1.next = self.row_1_reg.q.val();
        self.row_2.next = self.row_2_reg.q.val();
        self.row_3.next = self.row_3_reg.q.val();
        self.row_instrument.next = self.row_instrument_reg.q.val();
        self.row_account.next = self.row_account_reg.q.val();
        self.row_mark.next = self.row_mark_reg.q.val();
        self.row_loss.next = self.row_loss_reg.q.val();
        self.row_offset.next = self.row_offset_reg.q.val();
        self.row_collateral.next = self.row_collateral_reg.q.val();

        // banks
        self.long_0.next = signed_cast_from(self.word_1.val().get_bits::<18>(self.at_long_0.val().index()));
        self.short_0.next = signed_cast_from(self.word_1.val().get_bits::<18>(self.at_short_0.val().index()));
        self.long_1.next = signed_cast_from(self.word_2.val().get_bits::<18>(self.at_long_1.val().index()));
        self.short_1.next = signed_cast_from(self.word_2.val().get_bits::<18>(self.at_short_1.val().index()));
        self.sum_0.next = signed_cast::<19, 18>(self.long_0.val()) + signed_cast::<19, 18>(self.short_0.val());
        self.sum_1.next = signed_cast::<19, 18>(self.long_1.val()) + signed_cast::<19, 18>(self.short_1.val());
        self.mark_buy.next = self.word_1.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.mark_sell.next = self.word_1.val().get_bits::<32>(self.at_mark_sell.val().index());
        if self.store.val() & self.is_mark.val() {
            self.prepared_valid_reg.d.next = false;
            if self.mark_buy.val() > self.mark_sell.val() {
                self.crossed_reg.d.next = true;
            }
        }
        if self.store.val() & (self.is_loss.val() & (self.sum_0.val().get_bit(18) | self.sum_1.val().get_bit(18))) {
            self.negative_reg.d.next = true;
        }
        if self.freeze.val() {
            self.prepared_reg.d.next = self.command_epoch.val();
            self.prepared_valid_reg.d.next = true;
        }
        if self.act.val() & self.is_commit.val() {
            self.negative_reg.d.next = false;
            self.crossed_reg.d.next = false;
        }
        if (self.act.val() & self.is_halt.val())
            & ((self.scope_8.val() == self.scope_global.val()) & (self.code_reg.q.val() == self.none.val()))
        {
            self.halted_reg.d.next = self.word_1.val().get_bit(self.at_halted.val().index());
        }
        if self.flip.val() {
            self.active_reg.d.next = !self.active_reg.q.val();
            self.epoch_reg.d.next = self.command_epoch.val();
            self.prepared_valid_reg.d.next = false;
        }
        if self.clear.val() {
            self.active_reg.d.next = false;
            self.epoch_reg.d.next = self.no_epoch.val();
            self.prepared_valid_reg.d.next = false;
            self.negative_reg.d.next = false;
            self.crossed_reg.d.next = false;
            self.halted_reg.d.next = false;
        }
        self.active.next = self.active_reg.q.val();
        self.epoch.next = self.epoch_reg.q.val();
        self.halted.next = self.halted_reg.q.val();
    }
}
