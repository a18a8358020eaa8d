//! [`Ends`]: the end points of a cell before and after an operation, in native and gate lots, and what it reserves.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot` | 1 | the operation |
//! | `static_*`, `bid_end`, `ask_end`, `position`, `base` | 2 | memories |
//! | `n`, `leaves_after`, `leaves_before`, `upper`, `negate`, `carries`, `order` | 4 | what moves |
//! | `revalues` | 4 | the leaves have a price of their own before and after |
//! | `absolute_*`, `relative_*` | 6 | as in [`super::side`]: from zero, and from the base |
//! | `sells` | 6 | the ask end moves |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | something leaves its width |
//! | `leaves_change`, `quantity` | 8 | gate lots of X and Y; where it revalues those after, and minus those before |
//! | `position_after`, `cap_bad`, `closes` | 14 | for the decision |
//! | `*_data` | 15 | for the memories |
//!
//! ```text
//! clock     _/2\_/3\_/4\_/5\_/6\_/7\_/8\_
//! bid_end   <a >
//! n                 <a >
//! absolute_new              <a >
//! quantity                          <a >
//! ```

use super::lots::GateLots;
use super::ops::{self, block, place, value};
use super::side::Side;
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, I, U};
use crate::leaf::Delay;
use crossgate_contract::command::Instrument;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// End points and gate lots.
    pub(super) struct Ends {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) static_3: Signal<In, U<64>>,
        pub(super) bid_end: Signal<In, I<40>>,
        pub(super) ask_end: Signal<In, I<40>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) base: Signal<In, I<40>>,
        pub(super) n: Signal<In, I<41>>,
        pub(super) leaves_after: Signal<In, I<41>>,
        pub(super) leaves_before: Signal<In, I<41>>,
        pub(super) upper: Signal<In, Bit>,
        pub(super) negate: Signal<In, Bit>,
        pub(super) carries: Signal<In, Bit>,
        pub(super) order: Signal<In, Bit>,
        pub(super) revalues: Signal<In, Bit>,
        pub(super) absolute_signs: Signal<Out, U<3>>,
        pub(super) absolute_new: Signal<Out, I<18>>,
        pub(super) absolute_current: Signal<Out, I<18>>,
        pub(super) absolute_other: Signal<Out, I<18>>,
        pub(super) relative_signs: Signal<Out, U<3>>,
        pub(super) relative_new: Signal<Out, I<18>>,
        pub(super) relative_current: Signal<Out, I<18>>,
        pub(super) relative_other: Signal<Out, I<18>>,
        pub(super) sells: Signal<Out, Bit>,
        pub(super) leaves_change: Signal<Out, I<18>>,
        pub(super) quantity: Signal<Out, I<18>>,
        pub(super) end_wide: Signal<Out, Bit>,
        pub(super) leaves_wide: Signal<Out, Bit>,
        pub(super) quantity_wide: Signal<Out, Bit>,
        pub(super) cap_bad: Signal<Out, Bit>,
        pub(super) closes: Signal<Out, Bit>,
        pub(super) position_after: Signal<Out, I<40>>,
        pub(super) bid_data: Signal<Out, I<40>>,
        pub(super) ask_data: Signal<Out, I<40>>,
        pub(super) position_data: Signal<Out, I<40>>,

        op_cell: Constant<U<5>> = value(ops::CELL),
        at_shift: Constant<U<6>> = place(&[&Instrument::LAYOUT], "shift", 0, 5),
        at_cap: Constant<U<6>> = place(&[&Instrument::LAYOUT], "position_cap", 3, 40),
        ones: Constant<U<42>> = value(u64::MAX >> 22),
        zero_40: Constant<I<40>> = Constant::new(I::new(0)),
        zero_42: Constant<I<42>> = Constant::new(I::new(0)),

        shift_reg: DFF<U<5>>,
        bid_3: DFF<I<40>>,
        ask_3: DFF<I<40>>,
        base_3: DFF<I<40>>,
        bid_4: DFF<I<40>>,
        ask_4: DFF<I<40>>,
        position_line: Delay<I<40>, 2>,
        cap_5: Delay<U<40>, 3>,
        cap_line: Delay<Bit, 9>,
        mask_reg: DFF<U<42>>,
        shift_4: Delay<U<5>, 1>,
        order_5: Delay<Bit, 1>,
        revalues_7: Delay<Bit, 3>,
        cell_4: Delay<Bit, 3>,
        absolute: Side,
        relative: Side,
        new_reg: DFF<I<42>>,
        current_reg: DFF<I<40>>,
        other_reg: DFF<I<40>>,
        held_reg: DFF<I<40>>,
        position_reg: DFF<I<40>>,
        upper_5: Delay<Bit, 1>,
        sells_6: Delay<Bit, 1>,
        mask_5: Delay<U<42>, 1>,
        shift_5: Delay<U<5>, 1>,
        after_5: Delay<I<41>, 1>,
        before_5: Delay<I<41>, 1>,
        size_reg: DFF<I<42>>,
        after_lots: GateLots,
        before_lots: GateLots,
        quantity_lots: GateLots,
        change_reg: DFF<I<18>>,
        quantity_reg: DFF<I<18>>,
        off_line: Delay<Bit, 1>,
        wide_line: Delay<Bit, 1>,
        closes_line: Delay<Bit, 9>,
        position_after_line: Delay<I<40>, 9>,
        position_write_line: Delay<I<40>, 1>,
        bid_write_line: Delay<I<40>, 10>,
        ask_write_line: Delay<I<40>, 10>,

        shifted: Signal<Local, U<42>>,
        mask: Signal<Local, U<42>>,
        cur: Signal<Local, I<42>>,
        step: Signal<Local, I<42>>,
        place: Signal<Local, I<42>>,
        carried: Signal<Local, I<42>>,
        new_40: Signal<Local, I<40>>,
        off: Signal<Local, U<3>>,
        cap: Signal<Local, U<44>>,
        cap_left: Signal<Local, I<44>>,
        long: Signal<Local, Bit>,
        none: Signal<Local, Bit>,
        reach: Signal<Local, I<41>>,
    }
}

impl Logic for Ends {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, shift_reg, bid_3, ask_3, base_3, bid_4, ask_4, position_line, cap_5, cap_line, mask_reg);
        clock!(self, clock, shift_4, order_5, cell_4, absolute, relative, new_reg, current_reg, other_reg);
        clock!(self, clock, held_reg, position_reg, upper_5, sells_6, mask_5, shift_5, after_5, before_5, size_reg);
        clock!(self, clock, after_lots, before_lots, quantity_lots, change_reg, quantity_reg, off_line, wide_line);
        clock!(
            self,
            clock,
            revalues_7,
            closes_line,
            position_after_line,
            position_write_line,
            bid_write_line,
            ask_write_line
        );
        // clock 2 to 4
        self.cell_4.data.next = self.hot.val().get_bit(self.op_cell.val().index());
        self.shift_reg.d.next = self.static_0.val().get_bits::<5>(self.at_shift.val().index());
        self.bid_3.d.next = self.bid_end.val();
        self.ask_3.d.next = self.ask_end.val();
        self.base_3.d.next = self.base.val();
        self.position_line.data.next = self.position.val();
        self.cap_5.data.next = self.static_3.val().get_bits::<40>(self.at_cap.val().index());
        self.shifted.next = self.ones.val() << self.shift_reg.q.val();
        self.mask.next = !self.shifted.val();
        self.mask_reg.d.next = self.mask.val();
        self.shift_4.data.next = self.shift_reg.q.val();
        self.bid_4.d.next = self.bid_3.q.val();
        self.ask_4.d.next = self.ask_3.q.val();
        // 3 to 6: both kinds of end points
        self.absolute.bid_end.next = self.bid_3.q.val();
        self.absolute.ask_end.next = self.ask_3.q.val();
        self.absolute.base.next = self.zero_40.val();
        self.absolute.mask.next = self.mask.val();
        self.absolute.n.next = self.n.val();
        self.absolute.upper.next = self.upper.val();
        self.absolute.negate.next = self.negate.val();
        self.absolute.fresh.next = self.cell_4.delayed.val();
        self.absolute.shift.next = self.shift_5.delayed.val();
        self.relative.bid_end.next = self.bid_3.q.val();
        self.relative.ask_end.next = self.ask_3.q.val();
        self.relative.base.next = self.base_3.q.val();
        self.relative.mask.next = self.mask.val();
        self.relative.n.next = self.n.val();
        self.relative.upper.next = self.upper.val();
        self.relative.negate.next = self.negate.val();
        self.relative.fresh.next = self.cell_4.delayed.val();
        self.relative.shift.next = self.shift_5.delayed.val();
        self.absolute_signs.next = self.absolute.signs.val();
        self.absolute_new.next = self.absolute.new_lots.val();
        self.absolute_current.next = self.absolute.current_lots.val();
        self.absolute_other.next = self.absolute.other_lots.val();
        self.relative_signs.next = self.relative.signs.val();
        self.relative_new.next = self.relative.new_lots.val();
        self.relative_current.next = self.relative.current_lots.val();
        self.relative_other.next = self.relative.other_lots.val();
        // 4 to 5: the new end point
        self.cur.next = signed_cast::<42, 40>(self.ask_4.q.val());
        self.current_reg.d.next = self.ask_4.q.val();
        self.other_reg.d.next = self.bid_4.q.val();
        if self.upper.val() {
            self.cur.next = signed_cast::<42, 40>(self.bid_4.q.val());
            self.current_reg.d.next = self.bid_4.q.val();
            self.other_reg.d.next = self.ask_4.q.val();
        }
        self.step.next = signed_cast::<42, 41>(self.n.val());
        self.new_reg.d.next = self.cur.val() + self.step.val();
        if self.negate.val() {
            self.new_reg.d.next = self.cur.val() - self.step.val();
        }
        self.size_reg.d.next = self.step.val();
        if self.n.val().get_bit(40) {
            self.size_reg.d.next = -self.step.val();
        }
        self.place.next = signed_cast::<42, 40>(self.position_line.delayed.val());
        self.carried.next = self.place.val();
        if self.carries.val() {
            self.carried.next = self.place.val() + self.step.val();
            if self.negate.val() {
                self.carried.next = self.place.val() - self.step.val();
            }
        }
        self.position_reg.d.next = signed_cast_from(self.carried.val().get_bits::<40>(0));
        self.held_reg.d.next = self.position_line.delayed.val();
        self.upper_5.data.next = self.upper.val();
        self.order_5.data.next = self.order.val();
        self.revalues_7.data.next = self.revalues.val();
        self.mask_5.data.next = self.mask_reg.q.val();
        self.shift_5.data.next = self.shift_4.delayed.val();
        self.after_5.data.next = self.leaves_after.val();
        self.before_5.data.next = self.leaves_before.val();
        // 5 to 7: gate lots of what X and Y are about
        self.after_lots.value.next = signed_cast::<42, 41>(self.after_5.delayed.val());
        self.before_lots.value.next = signed_cast::<42, 41>(self.before_5.delayed.val());
        self.quantity_lots.value.next = self.size_reg.q.val();
        self.after_lots.mask.next = self.mask_5.delayed.val();
        self.before_lots.mask.next = self.mask_5.delayed.val();
        self.quantity_lots.mask.next = self.mask_5.delayed.val();
        self.after_lots.shift.next = self.shift_5.delayed.val();
        self.before_lots.shift.next = self.shift_5.delayed.val();
        self.quantity_lots.shift.next = self.shift_5.delayed.val();
        // 5 to 6: limits of the new end point
        self.new_40.next = signed_cast_from(self.new_reg.q.val().get_bits::<40>(0));
        self.cap.next = unsigned_cast::<44, 40>(self.cap_5.delayed.val());
        self.cap_left.next = signed_cast_from(self.cap.val()) + signed_cast::<44, 42>(self.new_reg.q.val());
        if self.upper_5.delayed.val() {
            self.cap_left.next = signed_cast_from(self.cap.val()) - signed_cast::<44, 42>(self.new_reg.q.val());
        }
        self.cap_line.data.next = self.cap_left.val().get_bit(43);
        self.off.next = self.new_reg.q.val().get_bits::<3>(39);
        self.off_line.data.next = self.off.val().any() & !self.off.val().all();
        // an order closes when its end does not pass zero; the open lots of the side tell where that end lies
        self.long.next = !self.held_reg.q.val().get_bit(39) & (self.held_reg.q.val() != self.zero_40.val());
        self.none.next = self.new_reg.q.val() == self.zero_42.val();
        self.reach.next =
            signed_cast::<41, 40>(self.held_reg.q.val()) - signed_cast::<41, 40>(self.current_reg.q.val());
        self.closes_line.data.next = (self.order_5.delayed.val() & self.long.val())
            & (!self.new_reg.q.val().get_bit(41) & !self.reach.val().get_bit(40));
        if self.upper_5.delayed.val() {
            self.reach.next =
                signed_cast::<41, 40>(self.current_reg.q.val()) - signed_cast::<41, 40>(self.held_reg.q.val());
            self.closes_line.data.next = (self.order_5.delayed.val() & self.held_reg.q.val().get_bit(39))
                & ((self.new_reg.q.val().get_bit(41) | self.none.val()) & !self.reach.val().get_bit(40));
        }
        self.sells_6.data.next = !self.upper_5.delayed.val();
        self.position_after_line.data.next = self.position_reg.q.val();
        self.bid_write_line.data.next = self.other_reg.q.val();
        self.ask_write_line.data.next = self.new_40.val();
        if self.upper_5.delayed.val() {
            self.bid_write_line.data.next = self.new_40.val();
            self.ask_write_line.data.next = self.other_reg.q.val();
        }
        // 6 and 7
        self.sells.next = self.sells_6.delayed.val();
        self.wide_line.data.next = (self.absolute.wide.val() | self.relative.wide.val()) | self.off_line.delayed.val();
        self.end_wide.next = self.wide_line.delayed.val();
        self.leaves_wide.next = self.after_lots.wide.val() | self.before_lots.wide.val();
        self.quantity_wide.next = self.quantity_lots.wide.val();
        // 7 to 8
        self.change_reg.d.next = self.after_lots.lots.val() - self.before_lots.lots.val();
        self.quantity_reg.d.next = self.quantity_lots.lots.val();
        if self.revalues_7.delayed.val() {
            self.change_reg.d.next = self.after_lots.lots.val();
            self.quantity_reg.d.next = -self.before_lots.lots.val();
        }
        self.leaves_change.next = self.change_reg.q.val();
        self.quantity.next = self.quantity_reg.q.val();
        // 14
        self.position_after.next = self.position_after_line.delayed.val();
        self.cap_bad.next = self.cap_line.delayed.val();
        self.closes.next = self.closes_line.delayed.val();
        // 15
        self.position_write_line.data.next = self.position_after_line.delayed.val();
        self.bid_data.next = self.bid_write_line.delayed.val();
        self.ask_data.next = self.ask_write_line.delayed.val();
        self.position_data.next = self.position_write_line.delayed.val();
    }
}
