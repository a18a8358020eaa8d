//! [`Lane`]: one scenario: losses of both banks, and what an operation changes of the worst loss of its cell.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `loss_*` | | losses long and short of an instrument in a bank |
//! | `row` | 5 | bank and instrument of the losses |
//! | `relative` | 6 | the lane counts from the base |
//! | `absolute_*`, `relative_*`, `sells` | 6 | end points in gate lots and their signs; the ask end moves |
//! | `rate` | 8 | reserve of a gate lot, for the closing rule |
//! | `sweep` | 10 | the cell had no worst loss before |
//! | `exponent` | 11 | of the instrument |
//! | `debit` | 12 | reserve of the operation |
//! | `worst` | 12 | change of the worst loss |
//! | `charge` | 13 | that, and the reserve unless the closing rule gives it back |
//! | `loss_read` | 6 | losses for READ: long, short from bit 18 |
//!
//! The change of the worst loss is `max(f(new), f(other)) - max(f(current), f(other))`, from the signs of three
//! differences. In a sweep the subtrahend is nothing.
//!
//! ```text
//! clock  _/5\_/6\_/7\_/8\_/9\_/10\_/11\_/12\_/13\_
//! row    <a >
//! absolute_new <a >
//! rate                <a >
//! worst                                  <a >
//! charge                                      <a >
//! ```

use super::ops::{block, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use crate::ram::Ram;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// One lane; `BI` is bits of {bank, instrument}.
    pub(super) struct Lane [BI] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) loss_write: Signal<In, Bit>,
        pub(super) loss_address: Signal<In, U<BI>>,
        pub(super) loss_data: Signal<In, U<36>>,
        pub(super) row: Signal<In, U<BI>>,
        pub(super) relative: Signal<In, Bit>,
        pub(super) absolute_signs: Signal<In, U<3>>,
        pub(super) absolute_new: Signal<In, I<18>>,
        pub(super) absolute_current: Signal<In, I<18>>,
        pub(super) absolute_other: Signal<In, I<18>>,
        pub(super) relative_signs: Signal<In, U<3>>,
        pub(super) relative_new: Signal<In, I<18>>,
        pub(super) relative_current: Signal<In, I<18>>,
        pub(super) relative_other: Signal<In, I<18>>,
        pub(super) sells: Signal<In, Bit>,
        pub(super) rate: Signal<In, I<18>>,
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) debit: Signal<In, I<60>>,
        pub(super) sweep: Signal<In, Bit>,
        pub(super) worst: Signal<Out, I<50>>,
        pub(super) charge: Signal<Out, I<52>>,
        pub(super) loss_read: Signal<Out, U<36>>,

        two: Constant<U<2>> = value(2),
        zero_38: Constant<I<38>> = Constant::new(I::new(0)),
        loss_ram: Ram<U<36>, BI>,
        loss_new_reg: DFF<I<18>>,
        loss_current_reg: DFF<I<18>>,
        loss_other_reg: DFF<I<18>>,
        end_new_reg: DFF<I<18>>,
        end_current_reg: DFF<I<18>>,
        end_other_reg: DFF<I<18>>,
        released_line: Delay<I<18>, 2>,
        signs_line: Delay<U<3>, 2>,
        credit_line: Delay<Bit, 4>,
        product_new_reg: DFF<I<36>>,
        product_current_reg: DFF<I<36>>,
        product_other_reg: DFF<I<36>>,
        f_new_reg: DFF<I<38>>,
        f_current_reg: DFF<I<38>>,
        f_other_reg: DFF<I<38>>,
        new_current_reg: DFF<I<38>>,
        new_other_reg: DFF<I<38>>,
        other_current_reg: DFF<I<38>>,
        change_reg: DFF<I<38>>,
        shifted_reg: DFF<I<50>>,
        charge_reg: DFF<I<52>>,
        debit_low: Signal<Local, I<52>>,
        long: Signal<Local, I<18>>,
        short: Signal<Local, I<18>>,
        long_bits: Signal<Local, U<18>>,
        short_bits: Signal<Local, U<18>>,
        signs: Signal<Local, U<3>>,
        released: Signal<Local, I<18>>,
        left: Signal<Local, I<19>>,
        extended: Signal<Local, I<50>>,
        raw: Signal<Local, U<50>>,
        amount: Signal<Local, U<4>>,
        shifted: Signal<Local, U<50>>,
    }
}

impl<const BI: usize> Logic for Lane<BI> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, loss_ram, loss_new_reg, loss_current_reg, loss_other_reg, end_new_reg, end_current_reg);
        clock!(self, clock, end_other_reg, released_line, signs_line, credit_line, product_new_reg);
        clock!(self, clock, product_current_reg, product_other_reg, f_new_reg, f_current_reg, f_other_reg);
        clock!(self, clock, new_current_reg, new_other_reg, other_current_reg, change_reg, shifted_reg, charge_reg);
        self.loss_ram.read_address.next = self.row.val();
        self.loss_ram.write_enable.next = self.loss_write.val();
        self.loss_ram.write_address.next = self.loss_address.val();
        self.loss_ram.write_data.next = self.loss_data.val();
        self.loss_read.next = self.loss_ram.read_data.val();
        // clock 6 to 7: the end points of this kind of lane, and the slope of each
        self.long_bits.next = self.loss_ram.read_data.val().get_bits::<18>(0);
        self.short_bits.next = self.loss_ram.read_data.val().get_bits::<18>(18);
        self.long.next = signed_cast_from(self.long_bits.val());
        self.short.next = signed_cast_from(self.short_bits.val());
        self.signs.next = self.absolute_signs.val();
        self.end_new_reg.d.next = self.absolute_new.val();
        self.end_current_reg.d.next = self.absolute_current.val();
        self.end_other_reg.d.next = self.absolute_other.val();
        if self.relative.val() {
            self.signs.next = self.relative_signs.val();
            self.end_new_reg.d.next = self.relative_new.val();
            self.end_current_reg.d.next = self.relative_current.val();
            self.end_other_reg.d.next = self.relative_other.val();
        }
        self.loss_new_reg.d.next = self.long.val();
        self.loss_current_reg.d.next = self.long.val();
        self.loss_other_reg.d.next = self.long.val();
        if self.signs.val().get_bit(0) {
            self.loss_new_reg.d.next = self.short.val();
        }
        if self.signs.val().get_bit(1) {
            self.loss_current_reg.d.next = self.short.val();
        }
        if self.signs.val().get_bit(2) {
            self.loss_other_reg.d.next = self.short.val();
        }
        self.signs_line.data.next = self.signs.val();
        self.released.next = self.short.val();
        if self.sells.val() {
            self.released.next = self.long.val();
        }
        self.released_line.data.next = self.released.val();
        // 7 to 8: products; 8 to 9: |q| * loss_short is -(q * loss_short)
        self.product_new_reg.d.next = self.end_new_reg.q.val() * self.loss_new_reg.q.val();
        self.product_current_reg.d.next = self.end_current_reg.q.val() * self.loss_current_reg.q.val();
        self.product_other_reg.d.next = self.end_other_reg.q.val() * self.loss_other_reg.q.val();
        self.f_new_reg.d.next = signed_cast::<38, 36>(self.product_new_reg.q.val());
        self.f_current_reg.d.next = signed_cast::<38, 36>(self.product_current_reg.q.val());
        self.f_other_reg.d.next = signed_cast::<38, 36>(self.product_other_reg.q.val());
        if self.signs_line.delayed.val().get_bit(0) {
            self.f_new_reg.d.next = -signed_cast::<38, 36>(self.product_new_reg.q.val());
        }
        if self.signs_line.delayed.val().get_bit(1) {
            self.f_current_reg.d.next = -signed_cast::<38, 36>(self.product_current_reg.q.val());
        }
        if self.signs_line.delayed.val().get_bit(2) {
            self.f_other_reg.d.next = -signed_cast::<38, 36>(self.product_other_reg.q.val());
        }
        // a closed lot gives back its own loss, so the reserve need not be held against it where that loss is greater
        self.left.next =
            signed_cast::<19, 18>(self.released_line.delayed.val()) - signed_cast::<19, 18>(self.rate.val());
        self.credit_line.data.next = !self.left.val().get_bit(18) & !self.relative.val();
        // 9 to 10: differences, whose signs are the comparisons
        self.new_current_reg.d.next = self.f_new_reg.q.val() - self.f_current_reg.q.val();
        self.new_other_reg.d.next = self.f_new_reg.q.val() - self.f_other_reg.q.val();
        self.other_current_reg.d.next = self.f_other_reg.q.val() - self.f_current_reg.q.val();
        // 10 to 11: change of the worst loss
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
        // 11 to 12
        self.extended.next = signed_cast::<50, 38>(self.change_reg.q.val());
        self.raw.next = unsigned_cast_from(self.extended.val());
        self.amount.next = unsigned_cast::<4, 2>(self.exponent.val()) << self.two.val();
        self.shifted.next = self.raw.val() << self.amount.val();
        self.shifted_reg.d.next = signed_cast_from(self.shifted.val());
        self.worst.next = self.shifted_reg.q.val();
        // 12 to 13
        self.debit_low.next = signed_cast_from(self.debit.val().get_bits::<52>(0));
        self.charge_reg.d.next = signed_cast::<52, 50>(self.shifted_reg.q.val()) + self.debit_low.val();
        if self.credit_line.delayed.val() {
            self.charge_reg.d.next = signed_cast::<52, 50>(self.shifted_reg.q.val());
        }
        self.charge.next = self.charge_reg.q.val();
    }
}
