//! [`Banks`]: which bank is active, what the other one gathers, and whether a COMMIT may flip.
//!
//! | port | meaning |
//! |---|---|
//! | `clear` | RESET |
//! | `epoch`, `word_1`, `word_2`, `is_*` | head of the control stream |
//! | `word_0`, `word_3` | the same, for the CRC of a stored row |
//! | `store` | a row without a fault is stored |
//! | `freeze`, `flip`, `discard` | MARKS is done; the sweep is done; the inactive bank is given up |
//! | `old`, `disorder` | the epoch is not above the active one; a row or MARKS out of its order |
//! | `result` | of a COMMIT, before its sweep |
//! | `busy` | the CRC of the last row is not ready |
//! | `active`, `active_epoch`, `frozen` | state |
//!
//! Latency: results are combinational; state changes at the next edge.

use super::crc::Crc;
use super::ops::{block, place, value};
use crate::int::{signed_cast, signed_cast_from, I, U};
use crossgate_contract::command::{BankLoss, BankMark, Commit};
use crossgate_contract::BankResult;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// State of the two banks.
    pub(super) struct Banks {
        pub(super) clock: Signal<In, Clock>,
        pub(super) clear: Signal<In, Bit>,
        pub(super) epoch: Signal<In, U<32>>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) word_3: Signal<In, U<64>>,
        pub(super) is_mark: Signal<In, Bit>,
        pub(super) is_marks: Signal<In, Bit>,
        pub(super) is_loss: Signal<In, Bit>,
        pub(super) is_banked: Signal<In, Bit>,
        pub(super) store: Signal<In, Bit>,
        pub(super) freeze: Signal<In, Bit>,
        pub(super) flip: Signal<In, Bit>,
        pub(super) discard: Signal<In, Bit>,
        pub(super) old: Signal<Out, Bit>,
        pub(super) disorder: Signal<Out, Bit>,
        pub(super) result: Signal<Out, U<8>>,
        pub(super) busy: Signal<Out, Bit>,
        pub(super) active: Signal<Out, Bit>,
        pub(super) active_epoch: Signal<Out, U<32>>,
        pub(super) frozen: Signal<Out, Bit>,

        at_crc: Constant<U<6>> = place(&[&Commit::LAYOUT], "crc", 1, 32),
        at_rows: Constant<U<6>> = place(&[&Commit::LAYOUT], "rows", 1, 32),
        at_mark_buy: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_buy", 1, 32),
        at_mark_sell: Constant<U<6>> = place(&[&BankMark::LAYOUT], "mark_sell", 1, 32),
        at_long_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_0", 1, 18),
        at_short_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_0", 1, 18),
        at_long_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_1", 2, 18),
        at_short_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_1", 2, 18),
        none: Constant<U<8>> = value(0),
        not_rising: Constant<U<8>> = value(BankResult::EpochNotRising.code() as u64),
        no_marks: Constant<U<8>> = value(BankResult::NoMarks.code() as u64),
        bad_crc: Constant<U<8>> = value(BankResult::BadCrc.code() as u64),
        negative: Constant<U<8>> = value(BankResult::LossNegative.code() as u64),
        crossed: Constant<U<8>> = value(BankResult::MarksCrossed.code() as u64),
        no_epoch: Constant<U<32>> = value(0),
        one: Constant<U<32>> = value(1),

        crc: Crc,
        active_reg: DFF<Bit>,
        epoch_reg: DFF<U<32>>,
        gathering_reg: DFF<U<32>>,
        gathers_reg: DFF<Bit>,
        frozen_reg: DFF<Bit>,
        negative_reg: DFF<Bit>,
        crossed_reg: DFF<Bit>,
        rows_reg: DFF<U<32>>,

        same: Signal<Local, Bit>,
        command_crc: Signal<Local, U<32>>,
        command_rows: Signal<Local, U<32>>,
        counted: Signal<Local, Bit>,
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

impl Logic for Banks {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, crc);
        dff_setup!(self, clock, active_reg, epoch_reg, gathering_reg, gathers_reg, frozen_reg, negative_reg);
        dff_setup!(self, clock, crossed_reg, rows_reg);
        // the head
        self.old.next = self.epoch.val() <= self.epoch_reg.q.val();
        self.same.next = self.epoch.val() == self.gathering_reg.q.val();
        self.disorder.next = false;
        if self.is_mark.val() | self.is_marks.val() {
            self.disorder.next = self.frozen_reg.q.val() | (self.gathers_reg.q.val() & !self.same.val());
        } else {
            if self.is_banked.val() {
                self.disorder.next = !(self.frozen_reg.q.val() & self.same.val());
            }
        }
        self.command_crc.next = self.word_1.val().get_bits::<32>(self.at_crc.val().index());
        self.command_rows.next = self.word_1.val().get_bits::<32>(self.at_rows.val().index());
        self.result.next = self.none.val();
        if self.crossed_reg.q.val() {
            self.result.next = self.crossed.val();
        }
        if self.negative_reg.q.val() {
            self.result.next = self.negative.val();
        }
        if (self.command_crc.val() != self.crc.value.val()) | (self.command_rows.val() != self.rows_reg.q.val()) {
            self.result.next = self.bad_crc.val();
        }
        if !(self.frozen_reg.q.val() & self.same.val()) {
            self.result.next = self.no_marks.val();
        }
        if self.epoch.val() <= self.epoch_reg.q.val() {
            self.result.next = self.not_rising.val();
        }
        // rows
        self.counted.next = self.store.val() & self.is_banked.val();
        self.crc.word_0.next = self.word_0.val();
        self.crc.word_1.next = self.word_1.val();
        self.crc.word_2.next = self.word_2.val();
        self.crc.word_3.next = self.word_3.val();
        self.crc.take.next = self.counted.val();
        self.crc.clear.next = self.discard.val() | self.clear.val();
        self.busy.next = self.crc.busy.val();
        self.long_0.next = signed_cast_from(self.word_1.val().get_bits::<18>(self.at_long_0.val().index()));
        self.short_0.next = signed_cast_from(self.word_1.val().get_bits::<18>(self.at_short_0.val().index()));
        self.long_1.next = signed_cast_from(self.word_2.val().get_bits::<18>(self.at_long_1.val().index()));
        self.short_1.next = signed_cast_from(self.word_2.val().get_bits::<18>(self.at_short_1.val().index()));
        self.sum_0.next = signed_cast::<19, 18>(self.long_0.val()) + signed_cast::<19, 18>(self.short_0.val());
        self.sum_1.next = signed_cast::<19, 18>(self.long_1.val()) + signed_cast::<19, 18>(self.short_1.val());
        self.mark_buy.next = self.word_1.val().get_bits::<32>(self.at_mark_buy.val().index());
        self.mark_sell.next = self.word_1.val().get_bits::<32>(self.at_mark_sell.val().index());
        if self.counted.val() {
            self.rows_reg.d.next = self.rows_reg.q.val() + self.one.val();
            if self.is_mark.val() {
                self.gathering_reg.d.next = self.epoch.val();
                self.gathers_reg.d.next = true;
                if self.mark_buy.val() > self.mark_sell.val() {
                    self.crossed_reg.d.next = true;
                }
            }
            if self.is_loss.val() & (self.sum_0.val().get_bit(18) | self.sum_1.val().get_bit(18)) {
                self.negative_reg.d.next = true;
            }
        }
        if self.freeze.val() {
            self.gathering_reg.d.next = self.epoch.val();
            self.gathers_reg.d.next = true;
            self.frozen_reg.d.next = true;
        }
        if self.flip.val() {
            self.active_reg.d.next = !self.active_reg.q.val();
            self.epoch_reg.d.next = self.epoch.val();
        }
        if self.discard.val() | self.clear.val() {
            self.gathers_reg.d.next = false;
            self.frozen_reg.d.next = false;
            self.negative_reg.d.next = false;
            self.crossed_reg.d.next = false;
            self.rows_reg.d.next = self.no_epoch.val();
        }
        if self.clear.val() {
            self.active_reg.d.next = false;
            self.epoch_reg.d.next = self.no_epoch.val();
        }
        self.active.next = self.active_reg.q.val();
        self.active_epoch.next = self.epoch_reg.q.val();
        self.frozen.next = self.frozen_reg.q.val();
    }
}
