//! [`Control`]: decodes the head of the control stream, and keeps the banks and the global halt.
//!
//! Everything it says about the head is registered: it holds one clock after the head came. Rows are stored when
//! `execute` is given to a faultless one.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0` .. `word_3` | head of the stream |
//! | `execute` | store the row of the head |
//! | `act` | the head's operation is issued now |
//! | `watchdog` | everything is halted now |
//! | `freeze`, `flip`, `discard` | MARKS is done; the sweep is done; the inactive bank is given up |
//! | `busy` | the CRC of the last row is not ready: a head that comes now is decoded later |
//! | `direct` | the head is a row without a fault |
//! | `marks`, `commit` | the head is MARKS without a fault; a COMMIT that goes on to its sweep |
//! | `commits` | the head is COMMIT, whatever its result |
//! | `hot`, `code`, `bank`, `index`, `instrument`, `sub` | the operation of any other head |
//!
//! ```text
//! clock    _/0\_/1\_/2\_
//! word_0   <a      ><b
//! direct       /---\____
//! execute      /---\____
//! row_0            <a >
//! ```

use super::banks::Banks;
use super::faults::Faults;
use super::ops::{self, block, place, value};
use crate::int::U;
use crossgate_contract::command::{
    scope, Account, Ages, BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral,
    Commit, Fence, Halt, Instrument, InstrumentLimits, Marks, Read, VenueLedger,
};
use crossgate_contract::table::Table;
use crossgate_contract::{Fault, Sizes};
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
        pub(super) watchdog: Signal<In, Bit>,
        pub(super) freeze: Signal<In, Bit>,
        pub(super) flip: Signal<In, Bit>,
        pub(super) discard: Signal<In, Bit>,
        pub(super) busy: Signal<Out, Bit>,
        pub(super) direct: Signal<Out, Bit>,
        pub(super) marks: Signal<Out, Bit>,
        pub(super) commit: Signal<Out, Bit>,
        pub(super) commits: Signal<Out, Bit>,
        pub(super) hot: Signal<Out, ops::Hot>,
        pub(super) code: Signal<Out, U<8>>,
        pub(super) bank: Signal<Out, Bit>,
        pub(super) index: Signal<Out, U<16>>,
        pub(super) instrument: Signal<Out, U<16>>,
        pub(super) sub: Signal<Out, U<16>>,
        pub(super) row_0: Signal<Out, U<64>>,
        pub(super) row_1: Signal<Out, U<64>>,
        pub(super) row_2: Signal<Out, U<64>>,
        pub(super) row_3: Signal<Out, U<64>>,
        pub(super) row_hot: Signal<Out, U<16>>,
        pub(super) active: Signal<Out, Bit>,
        pub(super) epoch: Signal<Out, U<32>>,
        pub(super) frozen: Signal<Out, Bit>,
        pub(super) halted: Signal<Out, Bit>,

        code_fence: Constant<U<8>> = value(Fence::CODE as u64),
        code_instrument: Constant<U<8>> = value(Instrument::CODE as u64),
        code_account: Constant<U<8>> = value(Account::CODE as u64),
        code_venue: Constant<U<8>> = value(VenueLedger::CODE as u64),
        code_limits: Constant<U<8>> = value(InstrumentLimits::CODE as u64),
        code_ages: Constant<U<8>> = value(Ages::CODE as u64),
        code_marks: Constant<U<8>> = value(Marks::CODE as u64),
        code_mark: Constant<U<8>> = value(BankMark::CODE as u64),
        code_loss: Constant<U<8>> = value(BankLoss::CODE as u64),
        code_offset: Constant<U<8>> = value(BankOffset::CODE as u64),
        code_bank_collateral: Constant<U<8>> = value(BankCollateral::CODE as u64),
        code_lanes: Constant<U<8>> = value(BankLanes::CODE as u64),
        code_base: Constant<U<8>> = value(BankBase::CODE as u64),
        code_box: Constant<U<8>> = value(BankBox::CODE as u64),
        code_collateral: Constant<U<8>> = value(Collateral::CODE as u64),
        code_commit: Constant<U<8>> = value(Commit::CODE as u64),
        code_halt: Constant<U<8>> = value(Halt::CODE as u64),
        code_read: Constant<U<8>> = value(Read::CODE as u64),
        at_epoch: Constant<U<6>> = place(
            &[
                &Marks::LAYOUT, &BankMark::LAYOUT, &BankLoss::LAYOUT, &BankOffset::LAYOUT, &BankCollateral::LAYOUT,
                &BankLanes::LAYOUT, &BankBase::LAYOUT, &BankBox::LAYOUT, &Collateral::LAYOUT, &Commit::LAYOUT,
            ],
            "epoch", 0, 32),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        at_index: Constant<U<6>> = place(&[&Halt::LAYOUT, &Read::LAYOUT], "index", 0, 16),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        at_table: Constant<U<6>> = place(&[&Read::LAYOUT], "table", 0, 8),
        at_inactive: Constant<U<6>> = place(&[&Read::LAYOUT], "inactive", 0, 1),
        at_venue: Constant<U<6>> = place(&[&Collateral::LAYOUT], "venue", 0, 1),
        table_cell: Constant<U<8>> = value(Table::Cell as u64),
        table_base: Constant<U<8>> = value(Table::Base as u64),
        scope_global: Constant<U<8>> = value(scope::GLOBAL as u64),
        none: Constant<U<8>> = value(0),
        bad_field: Constant<U<8>> = value(Fault::BadField.code() as u64),
        old_epoch: Constant<U<8>> = value(Fault::OldEpoch.code() as u64),
        row_order: Constant<U<8>> = value(Fault::RowOrder.code() as u64),
        refused: Constant<U<8>> = value(Fault::CollateralRefused.code() as u64),
        hot_fence: Constant<ops::Hot> = value(1 << ops::FENCE),
        hot_fault: Constant<ops::Hot> = value(1 << ops::FAULT),
        hot_read: Constant<ops::Hot> = value(1 << ops::READ),
        hot_halt: Constant<ops::Hot> = value(1 << ops::HALT),
        hot_collateral: Constant<ops::Hot> = value(1 << ops::COLLATERAL),
        hot_venue_collateral: Constant<ops::Hot> = value(1 << ops::VENUE_COLLATERAL),
        hot_bank: Constant<ops::Hot> = value(1 << ops::BANK),
        no_epoch: Constant<U<32>> = value(0),
        no_row: Constant<U<16>> = value(0),
        row_instrument: Constant<U<16>> = value(1 << ops::ROW_INSTRUMENT),
        row_account: Constant<U<16>> = value(1 << ops::ROW_ACCOUNT),
        row_venue: Constant<U<16>> = value(1 << ops::ROW_VENUE),
        row_mark: Constant<U<16>> = value(1 << ops::ROW_MARK),
        row_loss: Constant<U<16>> = value(1 << ops::ROW_LOSS),
        row_offset: Constant<U<16>> = value(1 << ops::ROW_OFFSET),
        row_collateral: Constant<U<16>> = value(1 << ops::ROW_COLLATERAL),
        row_lanes: Constant<U<16>> = value(1 << ops::ROW_LANES),
        row_base: Constant<U<16>> = value(1 << ops::ROW_BASE),
        row_box: Constant<U<16>> = value(1 << ops::ROW_BOX),
        row_limits: Constant<U<16>> = value(1 << ops::ROW_LIMITS),
        row_ages: Constant<U<16>> = value(1 << ops::ROW_AGES),
        used_3: Constant<U<64>> = value(u64::MAX >> 16),

        faults: Faults,
        banks: Banks,
        halted_reg: DFF<Bit>,
        direct_reg: DFF<Bit>,
        marks_reg: DFF<Bit>,
        commit_reg: DFF<Bit>,
        hot_reg: DFF<ops::Hot>,
        code_reg: DFF<U<8>>,
        bank_reg: DFF<Bit>,
        index_reg: DFF<U<16>>,
        sub_reg: DFF<U<16>>,
        instrument_reg: DFF<U<16>>,
        row_0_reg: DFF<U<64>>,
        row_1_reg: DFF<U<64>>,
        row_2_reg: DFF<U<64>>,
        row_3_reg: DFF<U<64>>,
        row_hot_reg: DFF<U<16>>,

        opcode: Signal<Local, U<8>>,
        is_instrument: Signal<Local, Bit>,
        is_account: Signal<Local, Bit>,
        is_venue: Signal<Local, Bit>,
        is_limits: Signal<Local, Bit>,
        is_ages: Signal<Local, Bit>,
        is_marks: Signal<Local, Bit>,
        is_mark: Signal<Local, Bit>,
        is_loss: Signal<Local, Bit>,
        is_offset: Signal<Local, Bit>,
        is_bank_collateral: Signal<Local, Bit>,
        is_lanes: Signal<Local, Bit>,
        is_base: Signal<Local, Bit>,
        is_box: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        is_commit: Signal<Local, Bit>,
        is_halt: Signal<Local, Bit>,
        is_read: Signal<Local, Bit>,
        is_row: Signal<Local, Bit>,
        is_banked: Signal<Local, Bit>,
        command_epoch: Signal<Local, U<32>>,
        table_8: Signal<Local, U<8>>,
        scope_8: Signal<Local, U<8>>,
        fault: Signal<Local, U<8>>,
        store: Signal<Local, Bit>,
    }
}

impl Control {
    /// The decoder of a build.
    pub(super) fn new(sizes: &Sizes) -> Self {
        Self { faults: Faults::new(sizes), ..Default::default() }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, banks);
        dff_setup!(self, clock, halted_reg);
        clock!(self, clock, direct_reg, marks_reg, commit_reg, hot_reg, code_reg, bank_reg, index_reg, instrument_reg);
        clock!(self, clock, row_0_reg, row_1_reg, row_2_reg, row_3_reg, row_hot_reg, sub_reg);
        self.opcode.next = self.word_0.val().get_bits::<8>(0);
        self.is_instrument.next = self.opcode.val() == self.code_instrument.val();
        self.is_account.next = self.opcode.val() == self.code_account.val();
        self.is_venue.next = self.opcode.val() == self.code_venue.val();
        self.is_limits.next = self.opcode.val() == self.code_limits.val();
        self.is_ages.next = self.opcode.val() == self.code_ages.val();
        self.is_marks.next = self.opcode.val() == self.code_marks.val();
        self.is_mark.next = self.opcode.val() == self.code_mark.val();
        self.is_loss.next = self.opcode.val() == self.code_loss.val();
        self.is_offset.next = self.opcode.val() == self.code_offset.val();
        self.is_bank_collateral.next = self.opcode.val() == self.code_bank_collateral.val();
        self.is_lanes.next = self.opcode.val() == self.code_lanes.val();
        self.is_base.next = self.opcode.val() == self.code_base.val();
        self.is_box.next = self.opcode.val() == self.code_box.val();
        self.is_collateral.next = self.opcode.val() == self.code_collateral.val();
        self.is_commit.next = self.opcode.val() == self.code_commit.val();
        self.is_halt.next = self.opcode.val() == self.code_halt.val();
        self.is_read.next = self.opcode.val() == self.code_read.val();
        self.is_banked.next = ((self.is_mark.val() | self.is_loss.val())
            | (self.is_offset.val() | self.is_bank_collateral.val()))
            | (self.is_lanes.val() | (self.is_base.val() | self.is_box.val()));
        self.is_row.next = ((self.is_instrument.val() | self.is_account.val())
            | (self.is_venue.val() | self.is_limits.val()))
            | (self.is_ages.val() | self.is_banked.val());
        self.command_epoch.next = self.word_0.val().get_bits::<32>(self.at_epoch.val().index());
        self.table_8.next = self.word_0.val().get_bits::<8>(self.at_table.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.store.next = self.execute.val() & self.direct_reg.q.val();
        self.faults.word_0.next = self.word_0.val();
        self.faults.word_1.next = self.word_1.val();
        self.banks.clear.next = self.clear.val();
        self.banks.epoch.next = self.command_epoch.val();
        self.banks.word_0.next = self.word_0.val();
        self.banks.word_1.next = self.word_1.val();
        self.banks.word_2.next = self.word_2.val();
        self.banks.word_3.next = self.word_3.val() & self.used_3.val();
        self.banks.is_mark.next = self.is_mark.val();
        self.banks.is_marks.next = self.is_marks.val();
        self.banks.is_loss.next = self.is_loss.val();
        self.banks.is_banked.next = self.is_banked.val();
        self.banks.store.next = self.store.val();
        self.banks.freeze.next = self.freeze.val();
        self.banks.flip.next = self.flip.val();
        self.banks.discard.next = self.discard.val();

        // faults; of several the last assignment is the one that comes first in precedence
        self.fault.next = self.none.val();
        if self.banks.disorder.val() {
            self.fault.next = self.row_order.val();
        }
        if self.is_collateral.val()
            & ((self.command_epoch.val() != self.banks.active_epoch.val())
                | (self.command_epoch.val() == self.no_epoch.val()))
        {
            self.fault.next = self.refused.val();
        }
        if self.faults.bad.val() {
            self.fault.next = self.bad_field.val();
        }
        if (self.is_banked.val() | self.is_marks.val()) & self.banks.old.val() {
            self.fault.next = self.old_epoch.val();
        }

        // what the head is, one clock later
        self.direct_reg.d.next = self.is_row.val() & (self.fault.val() == self.none.val());
        self.marks_reg.d.next = self.is_marks.val() & (self.fault.val() == self.none.val());
        self.commit_reg.d.next = self.is_commit.val() & (self.banks.result.val() == self.none.val());
        self.code_reg.d.next = self.fault.val();
        self.hot_reg.d.next = self.hot_fault.val();
        if self.fault.val() == self.none.val() {
            if self.opcode.val() == self.code_fence.val() {
                self.hot_reg.d.next = self.hot_fence.val();
            }
            if self.is_read.val() {
                self.hot_reg.d.next = self.hot_read.val();
            }
            if self.is_halt.val() {
                self.hot_reg.d.next = self.hot_halt.val();
            }
            if self.is_collateral.val() {
                self.hot_reg.d.next = self.hot_collateral.val();
                if self.word_0.val().get_bit(self.at_venue.val().index()) {
                    self.hot_reg.d.next = self.hot_venue_collateral.val();
                }
            }
            if self.is_commit.val() {
                self.hot_reg.d.next = self.hot_bank.val();
                self.code_reg.d.next = self.banks.result.val();
            }
        }
        self.bank_reg.d.next = self.banks.active.val();
        if self.is_read.val() & self.word_0.val().get_bit(self.at_inactive.val().index()) {
            self.bank_reg.d.next = !self.banks.active.val();
        }
        self.index_reg.d.next = self.word_0.val().get_bits::<16>(self.at_index.val().index());
        self.sub_reg.d.next = self.word_0.val().get_bits::<16>(self.at_sub.val().index());
        self.instrument_reg.d.next = self.word_0.val().get_bits::<16>(self.at_index.val().index());
        if self.is_read.val()
            & ((self.table_8.val() == self.table_cell.val()) | (self.table_8.val() == self.table_base.val()))
        {
            self.instrument_reg.d.next = self.word_0.val().get_bits::<16>(self.at_sub.val().index());
        }
        self.busy.next = self.banks.busy.val();
        self.direct.next = self.direct_reg.q.val();
        self.marks.next = self.marks_reg.q.val();
        self.commit.next = self.commit_reg.q.val();
        self.commits.next = self.is_commit.val();
        self.hot.next = self.hot_reg.q.val();
        self.code.next = self.code_reg.q.val();
        self.bank.next = self.bank_reg.q.val();
        self.index.next = self.index_reg.q.val();
        self.sub.next = self.sub_reg.q.val();
        self.instrument.next = self.instrument_reg.q.val();

        // rows
        self.row_0_reg.d.next = self.word_0.val();
        self.row_1_reg.d.next = self.word_1.val();
        self.row_2_reg.d.next = self.word_2.val();
        self.row_3_reg.d.next = self.word_3.val();
        self.row_hot_reg.d.next = self.no_row.val();
        if self.store.val() {
            if self.is_instrument.val() {
                self.row_hot_reg.d.next = self.row_instrument.val();
            }
            if self.is_account.val() {
                self.row_hot_reg.d.next = self.row_account.val();
            }
            if self.is_venue.val() {
                self.row_hot_reg.d.next = self.row_venue.val();
            }
            if self.is_limits.val() {
                self.row_hot_reg.d.next = self.row_limits.val();
            }
            if self.is_ages.val() {
                self.row_hot_reg.d.next = self.row_ages.val();
            }
            if self.is_mark.val() {
                self.row_hot_reg.d.next = self.row_mark.val();
            }
            if self.is_loss.val() {
                self.row_hot_reg.d.next = self.row_loss.val();
            }
            if self.is_offset.val() {
                self.row_hot_reg.d.next = self.row_offset.val();
            }
            if self.is_bank_collateral.val() {
                self.row_hot_reg.d.next = self.row_collateral.val();
            }
            if self.is_lanes.val() {
                self.row_hot_reg.d.next = self.row_lanes.val();
            }
            if self.is_base.val() {
                self.row_hot_reg.d.next = self.row_base.val();
            }
            if self.is_box.val() {
                self.row_hot_reg.d.next = self.row_box.val();
            }
        }
        self.row_0.next = self.row_0_reg.q.val();
        self.row_1.next = self.row_1_reg.q.val();
        self.row_2.next = self.row_2_reg.q.val();
        self.row_3.next = self.row_3_reg.q.val();
        self.row_hot.next = self.row_hot_reg.q.val();

        if (self.act.val() & self.is_halt.val())
            & ((self.scope_8.val() == self.scope_global.val()) & (self.code_reg.q.val() == self.none.val()))
        {
            self.halted_reg.d.next = self.word_1.val().get_bit(self.at_halted.val().index());
        }
        if self.watchdog.val() {
            self.halted_reg.d.next = true;
        }
        if self.clear.val() {
            self.halted_reg.d.next = false;
        }
        self.active.next = self.banks.active.val();
        self.epoch.next = self.banks.active_epoch.val();
        self.frozen.next = self.banks.frozen.val();
        self.halted.next = self.halted_reg.q.val();
    }
}
