//! [`Lane`]: one scenario of the pool ledger: losses, offsets and slacks of both banks, and what an operation does to
//! the slack.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `row` | 5 | bank and instrument of the losses |
//! | `new_negative`, `current_negative`, `other_negative` | 6 | signs of the end points |
//! | `end_new`, `end_current`, `end_other` | 7 | gate lots of the moved end, before it moved, of the other end |
//! | `ledger` | 9 | bank and account |
//! | `sweep`, `rebuild` | 10 | add the worst loss to the sum; take offset and sum instead of the slack |
//! | `exponent`, `debit` | 11 | of the instrument; fall of the headroom |
//! | `below`, `wide` | 13 | the new slack is negative; it leaves 48 bits |
//! | `write`, `write_address` | 15 | store the slack |
//! | `long_read`, `short_read`, `slack_read` | 6, 10 | what the memories show, for READ |
//!
//! The change of the worst loss is `max(f(new), f(other)) - max(f(current), f(other))`, from the signs of three
//! differences. In a sweep the subtrahend is nothing, and the result goes to the running sum of the account's cells.
//!
//! ```text
//! clock  _/5\_/6\_/7\_/8\_/9\_/10\_/11\_/12\_/13\_/14\_/15\_
//! row    <a >
//! end_new        <a >
//! ledger                 <a >
//! debit                            <a >
//! below                                       <a >
//! write                                                <a >
//! ```

use super::ops::{block, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use crate::ram::Ram;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// One lane; `BI` and `BA` are bits of {bank, instrument} and {bank, account}.
    pub(super) struct Lane [BI, BA] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) loss_write: Signal<In, Bit>,
        pub(super) loss_address: Signal<In, U<BI>>,
        pub(super) loss_long: Signal<In, U<18>>,
        pub(super) loss_short: Signal<In, U<18>>,
        pub(super) offset_write: Signal<In, Bit>,
        pub(super) offset_address: Signal<In, U<BA>>,
        pub(super) offset_data: Signal<In, I<48>>,
        pub(super) row: Signal<In, U<BI>>,
        pub(super) new_negative: Signal<In, Bit>,
        pub(super) current_negative: Signal<In, Bit>,
        pub(super) other_negative: Signal<In, Bit>,
        pub(super) end_new: Signal<In, I<18>>,
        pub(super) end_current: Signal<In, I<18>>,
        pub(super) end_other: Signal<In, I<18>>,
        pub(super) ledger: Signal<In, U<BA>>,
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) debit: Signal<In, I<60>>,
        pub(super) sweep: Signal<In, Bit>,
        pub(super) rebuild: Signal<In, Bit>,
        pub(super) write: Signal<In, Bit>,
        pub(super) write_address: Signal<In, U<BA>>,
        pub(super) long_read: Signal<Out, I<18>>,
        pub(super) short_read: Signal<Out, I<18>>,
        pub(super) slack_read: Signal<Out, I<48>>,
        pub(super) below: Signal<Out, Bit>,
        pub(super) wide: Signal<Out, Bit>,
        two: Constant<U<2>> = value(2),
        zero_18: Constant<I<18>> = Constant::new(I::new(0)),
        zero_38: Constant<I<38>> = Constant::new(I::new(0)),
        zero_48: Constant<I<48>> = Constant::new(I::new(0)),
        zero_60: Constant<I<60>> = Constant::new(I::new(0)),
        long_ram: Ram<I<18>, BI>,
        short_ram: Ram<I<18>, BI>,
        offset_ram: Ram<I<48>, BA>,
        slack_ram: Ram<I<48>, BA>,
        loss_new_reg: DFF<I<18>>,
        loss_current_reg: DFF<I<18>>,
        loss_other_reg: DFF<I<18>>,
        product_new_reg: DFF<I<36>>,
        product_current_reg: DFF<I<36>>,
        product_other_reg: DFF<I<36>>,
        new_line: Delay<Bit, 2>,
        current_line: Delay<Bit, 2>,
        other_line: Delay<Bit, 2>,
        f_new_reg: DFF<I<38>>,
        f_current_reg: DFF<I<38>>,
        f_other_reg: DFF<I<38>>,
        new_current_reg: DFF<I<38>>,
        new_other_reg: DFF<I<38>>,
        other_current_reg: DFF<I<38>>,
        sweep_line: Delay<Bit, 2>,
        rebuild_line: Delay<Bit, 2>,
        change_reg: DFF<I<38>>,
        shifted_reg: DFF<I<50>>,
        sum_reg: DFF<I<60>>,
        base_reg: DFF<I<60>>,
        slack_reg: DFF<I<60>>,
        slack_line: Delay<I<48>, 2>,
        source_reg: DFF<I<60>>,
        extended: Signal<Local, I<50>>,
        raw: Signal<Local, U<50>>,
        amount: Signal<Local, U<4>>,
        shifted: Signal<Local, U<50>>,
        top: Signal<Local, U<13>>,
    }
}

impl<const BI: usize, const BA: usize> Logic for Lane<BI, BA> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, long_ram, short_ram, offset_ram, slack_ram, loss_new_reg, loss_current_reg, loss_other_reg);
        clock!(
            self,
            clock,
            product_new_reg,
            product_current_reg,
            product_other_reg,
            new_line,
            current_line,
            other_line
        );
        clock!(self, clock, f_new_reg, f_current_reg, f_other_reg, new_current_reg, new_other_reg, other_current_reg);
        clock!(self, clock, sweep_line, rebuild_line, change_reg, shifted_reg, base_reg, slack_reg);
        clock!(self, clock, slack_line, source_reg);
        dff_setup!(self, clock, sum_reg);
        // memories
        self.long_ram.read_address.next = self.row.val();
        self.short_ram.read_address.next = self.row.val();
        self.offset_ram.read_address.next = self.ledger.val();
        self.slack_ram.read_address.next = self.ledger.val();
        self.long_ram.write_enable.next = self.loss_write.val() | self.scrub.val();
        self.short_ram.write_enable.next = self.loss_write.val() | self.scrub.val();
        self.offset_ram.write_enable.next = self.offset_write.val() | self.scrub.val();
        self.slack_ram.write_enable.next = self.write.val() | self.scrub.val();
        self.long_ram.write_address.next = self.loss_address.val();
        self.short_ram.write_address.next = self.loss_address.val();
        self.offset_ram.write_address.next = self.offset_address.val();
        self.slack_ram.write_address.next = self.write_address.val();
        self.long_ram.write_data.next = signed_cast_from(self.loss_long.val());
        self.short_ram.write_data.next = signed_cast_from(self.loss_short.val());
        self.offset_ram.write_data.next = self.offset_data.val();
        self.slack_ram.write_data.next = self.slack_line.delayed.val();
        if self.scrub.val() {
            self.long_ram.write_address.next = self.scrub_address.val().get_bits::<BI>(0);
            self.short_ram.write_address.next = self.scrub_address.val().get_bits::<BI>(0);
            self.offset_ram.write_address.next = self.scrub_address.val().get_bits::<BA>(0);
            self.slack_ram.write_address.next = self.scrub_address.val().get_bits::<BA>(0);
            self.long_ram.write_data.next = self.zero_18.val();
            self.short_ram.write_data.next = self.zero_18.val();
            self.offset_ram.write_data.next = self.zero_48.val();
            self.slack_ram.write_data.next = self.zero_48.val();
        }
        self.long_read.next = self.long_ram.read_data.val();
        self.short_read.next = self.short_ram.read_data.val();
        self.slack_read.next = self.slack_ram.read_data.val();
        // clock 6 to 7: the slope of each end point
        self.loss_new_reg.d.next = self.long_ram.read_data.val();
        self.loss_current_reg.d.next = self.long_ram.read_data.val();
        self.loss_other_reg.d.next = self.long_ram.read_data.val();
        if self.new_negative.val() {
            self.loss_new_reg.d.next = self.short_ram.read_data.val();
        }
        if self.current_negative.val() {
            self.loss_current_reg.d.next = self.short_ram.read_data.val();
        }
        if self.other_negative.val() {
            self.loss_other_reg.d.next = self.short_ram.read_data.val();
        }
        self.new_line.data.next = self.new_negative.val();
        self.current_line.data.next = self.current_negative.val();
        self.other_line.data.next = self.other_negative.val();
        // 7 to 8: products; 8 to 9: |q| * loss_short is -(q * loss_short)
        self.product_new_reg.d.next = self.end_new.val() * self.loss_new_reg.q.val();
        self.product_current_reg.d.next = self.end_current.val() * self.loss_current_reg.q.val();
        self.product_other_reg.d.next = self.end_other.val() * self.loss_other_reg.q.val();
        self.f_new_reg.d.next = signed_cast::<38, 36>(self.product_new_reg.q.val());
        self.f_current_reg.d.next = signed_cast::<38, 36>(self.product_current_reg.q.val());
        self.f_other_reg.d.next = signed_cast::<38, 36>(self.product_other_reg.q.val());
        if self.new_line.delayed.val() {
            self.f_new_reg.d.next = -signed_cast::<38, 36>(self.product_new_reg.q.val());
        }
        if self.current_line.delayed.val() {
            self.f_current_reg.d.next = -signed_cast::<38, 36>(self.product_current_reg.q.val());
        }
        if self.other_line.delayed.val() {
            self.f_other_reg.d.next = -signed_cast::<38, 36>(self.product_other_reg.q.val());
        }
        // 9 to 10: differences, whose signs are the comparisons
        self.new_current_reg.d.next = self.f_new_reg.q.val() - self.f_current_reg.q.val();
        self.new_other_reg.d.next = self.f_new_reg.q.val() - self.f_other_reg.q.val();
        self.other_current_reg.d.next = self.f_other_reg.q.val() - self.f_current_reg.q.val();
        // 10 to 11: change of the worst loss, and what it is taken from
        self.sweep_line.data.next = self.sweep.val();
        self.rebuild_line.data.next = self.rebuild.val();
        self.change_reg.d.next = self.zero_38.val();
        if !self.new_other_reg.q.val().get_bit(37) {
            self.change_reg.d.next = self.new_other_reg.q.val();
            if self.sweep.val() | self.other_current_reg.q.val().get_bit(37) {
                self.change_reg.d.next = self.new_current_reg.q.val();
            }
        } else {
            if self.sweep.val() | self.other_current_reg.q.val().get_bit(37) {
                self.change_reg.d.next = self.other_current_reg.q.val();
            }
        }
        self.source_reg.d.next = signed_cast::<60, 48>(self.slack_ram.read_data.val());
        if self.rebuild.val() {
            self.source_reg.d.next = -signed_cast::<60, 48>(self.offset_ram.read_data.val());
        }
        // 11 to 12
        self.extended.next = signed_cast::<50, 38>(self.change_reg.q.val());
        self.raw.next = unsigned_cast_from(self.extended.val());
        self.amount.next = unsigned_cast::<4, 2>(self.exponent.val()) << self.two.val();
        self.shifted.next = self.raw.val() << self.amount.val();
        self.shifted_reg.d.next = signed_cast_from(self.shifted.val());
        self.base_reg.d.next = self.source_reg.q.val() - self.debit.val();
        // 12 to 13
        self.slack_reg.d.next = self.base_reg.q.val() - signed_cast::<60, 50>(self.shifted_reg.q.val());
        if self.sweep_line.delayed.val() {
            self.sum_reg.d.next = self.sum_reg.q.val() + signed_cast::<60, 50>(self.shifted_reg.q.val());
        }
        if self.rebuild_line.delayed.val() {
            self.slack_reg.d.next = self.base_reg.q.val() - self.sum_reg.q.val();
            self.sum_reg.d.next = self.zero_60.val();
        }
        if self.scrub.val() {
            self.sum_reg.d.next = self.zero_60.val();
        }
        // 13
        self.below.next = self.slack_reg.q.val().get_bit(59);
        self.top.next = self.slack_reg.q.val().get_bits::<13>(47);
        self.wide.next = self.top.val().any() & !self.top.val().all();
        self.slack_line.data.next = signed_cast_from(self.slack_reg.q.val().get_bits::<48>(0));
    }
}
