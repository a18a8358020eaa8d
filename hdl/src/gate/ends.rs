//! [`Ends`]: the end points of a cell before and after an operation, in native and gate lots.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot` | 1 | the operation |
//! | `static_*`, `bid_end`, `ask_end`, `position` | 2 | memories |
//! | `n`, `leaves_after`, `leaves_before`, `upper`, `negate`, `carries`, `order` | 4 | what moves |
//! | `new_negative`, ... | 6 | signs of the end points |
//! | `end_new`, `end_current`, `end_other` | 7 | the moved end after and before, and the one that stays, in gate lots |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | something leaves its width |
//! | `leaves_change`, `quantity` | 8 | gate lots of X and Y |
//! | `position_after`, `cap_bad` | 14 | for the decision |
//! | `*_data` | 15 | for the memories |
//!
//! ```text
//! clock     _/2\_/3\_/4\_/5\_/6\_/7\_/8\_
//! bid_end   <a >
//! n                 <a >
//! end_new                       <a >
//! quantity                          <a >
//! ```

use super::lots::GateLots;
use super::ops::{self, block, place, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, I, U};
use crate::leaf::Delay;
use crossgate_contract::command::Instrument;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// End points and gate lots.
    pub(super) struct Ends {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, U<16>>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) static_3: Signal<In, U<64>>,
        pub(super) bid_end: Signal<In, I<40>>,
        pub(super) ask_end: Signal<In, I<40>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) n: Signal<In, I<41>>,
        pub(super) leaves_after: Signal<In, I<41>>,
        pub(super) leaves_before: Signal<In, I<41>>,
        pub(super) upper: Signal<In, Bit>,
        pub(super) negate: Signal<In, Bit>,
        pub(super) carries: Signal<In, Bit>,
        pub(super) order: Signal<In, Bit>,
        pub(super) new_negative: Signal<Out, Bit>,
        pub(super) current_negative: Signal<Out, Bit>,
        pub(super) other_negative: Signal<Out, Bit>,
        pub(super) end_new: Signal<Out, I<18>>,
        pub(super) end_current: Signal<Out, I<18>>,
        pub(super) end_other: Signal<Out, I<18>>,
        pub(super) leaves_change: Signal<Out, I<18>>,
        pub(super) quantity: Signal<Out, I<18>>,
        pub(super) end_wide: Signal<Out, Bit>,
        pub(super) leaves_wide: Signal<Out, Bit>,
        pub(super) quantity_wide: Signal<Out, Bit>,
        pub(super) cap_bad: Signal<Out, Bit>,
        pub(super) position_after: Signal<Out, I<40>>,
        pub(super) bid_data: Signal<Out, I<40>>,
        pub(super) ask_data: Signal<Out, I<40>>,
        pub(super) position_data: Signal<Out, I<40>>,

        op_cell: Constant<U<4>> = value(ops::CELL),
        at_shift: Constant<U<6>> = place(&[&Instrument::LAYOUT], "shift", 0, 5),
        at_cap: Constant<U<6>> = place(&[&Instrument::LAYOUT], "position_cap", 3, 40),
        ones: Constant<U<42>> = value(u64::MAX >> 22),
        zero_mask: Constant<U<42>> = value(0),
        zero_42: Constant<I<42>> = Constant::new(I::new(0)),

        shift_reg: DFF<U<5>>,
        bid_line: Delay<I<40>, 2>,
        ask_line: Delay<I<40>, 2>,
        position_line: Delay<I<40>, 2>,
        cap_5: Delay<U<40>, 3>,
        cap_line: Delay<Bit, 9>,
        mask_reg: DFF<U<42>>,
        shift_4: Delay<U<5>, 1>,
        order_5: Delay<Bit, 1>,
        cell_5: Delay<Bit, 4>,
        new_reg: DFF<I<42>>,
        current_reg: DFF<I<40>>,
        other_reg: DFF<I<40>>,
        position_reg: DFF<I<40>>,
        upper_5: Delay<Bit, 1>,
        mask_5: Delay<U<42>, 1>,
        shift_5: Delay<U<5>, 1>,
        after_5: Delay<I<41>, 1>,
        before_5: Delay<I<41>, 1>,
        size_reg: DFF<I<42>>,
        new_lots: GateLots,
        current_lots: GateLots,
        other_lots: GateLots,
        after_lots: GateLots,
        before_lots: GateLots,
        quantity_lots: GateLots,
        change_reg: DFF<I<18>>,
        quantity_reg: DFF<I<18>>,
        off_end_line: Delay<Bit, 2>,
        position_after_line: Delay<I<40>, 9>,
        position_write_line: Delay<I<40>, 1>,
        bid_write_line: Delay<I<40>, 10>,
        ask_write_line: Delay<I<40>, 10>,

        shifted: Signal<Local, U<42>>,
        cur: Signal<Local, I<42>>,
        step: Signal<Local, I<42>>,
        place: Signal<Local, I<42>>,
        carried: Signal<Local, I<42>>,
        new_40: Signal<Local, I<40>>,
        off: Signal<Local, U<3>>,
        cap: Signal<Local, U<44>>,
        cap_left: Signal<Local, I<44>>,
    }
}

impl Logic for Ends {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, shift_reg, bid_line, ask_line, position_line, cap_5, cap_line, mask_reg);
        clock!(self, clock, shift_4, order_5, cell_5, new_reg, current_reg, other_reg, position_reg);
        clock!(self, clock, upper_5, mask_5, shift_5, after_5, before_5, size_reg, new_lots);
        clock!(self, clock, current_lots, other_lots, after_lots, before_lots, quantity_lots, change_reg, quantity_reg);
        clock!(self, clock, off_end_line, position_after_line, position_write_line, bid_write_line, ask_write_line);
        // clock 2 to 3
        self.cell_5.data.next = self.hot.val().get_bit(self.op_cell.val().index());
        self.shift_reg.d.next = self.static_0.val().get_bits::<5>(self.at_shift.val().index());
        self.bid_line.data.next = self.bid_end.val();
        self.ask_line.data.next = self.ask_end.val();
        self.position_line.data.next = self.position.val();
        self.cap_5.data.next = self.static_3.val().get_bits::<40>(self.at_cap.val().index());
        self.shifted.next = self.ones.val() << self.shift_reg.q.val();
        self.mask_reg.d.next = !self.shifted.val();
        self.shift_4.data.next = self.shift_reg.q.val();
        // 4 to 5: the new end point
        self.cur.next = signed_cast::<42, 40>(self.ask_line.delayed.val());
        self.current_reg.d.next = self.ask_line.delayed.val();
        self.other_reg.d.next = self.bid_line.delayed.val();
        if self.upper.val() {
            self.cur.next = signed_cast::<42, 40>(self.bid_line.delayed.val());
            self.current_reg.d.next = self.bid_line.delayed.val();
            self.other_reg.d.next = self.ask_line.delayed.val();
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
        self.upper_5.data.next = self.upper.val();
        self.order_5.data.next = self.order.val();
        self.mask_5.data.next = self.mask_reg.q.val();
        self.shift_5.data.next = self.shift_4.delayed.val();
        self.after_5.data.next = self.leaves_after.val();
        self.before_5.data.next = self.leaves_before.val();
        // 5 to 7: gate lots; the bid end rounds up, the ask end down
        self.new_40.next = signed_cast_from(self.new_reg.q.val().get_bits::<40>(0));
        self.new_lots.value.next = signed_cast::<42, 40>(self.new_40.val());
        self.current_lots.value.next = signed_cast::<42, 40>(self.current_reg.q.val());
        self.other_lots.value.next = signed_cast::<42, 40>(self.other_reg.q.val());
        self.after_lots.value.next = signed_cast::<42, 41>(self.after_5.delayed.val());
        self.before_lots.value.next = signed_cast::<42, 41>(self.before_5.delayed.val());
        self.quantity_lots.value.next = self.size_reg.q.val();
        self.new_lots.mask.next = self.zero_mask.val();
        self.current_lots.mask.next = self.zero_mask.val();
        self.other_lots.mask.next = self.mask_5.delayed.val();
        if self.upper_5.delayed.val() {
            self.new_lots.mask.next = self.mask_5.delayed.val();
            self.current_lots.mask.next = self.mask_5.delayed.val();
            self.other_lots.mask.next = self.zero_mask.val();
        }
        if self.cell_5.delayed.val() {
            self.current_lots.value.next = self.zero_42.val();
            self.current_lots.mask.next = self.zero_mask.val();
        }
        self.after_lots.mask.next = self.mask_5.delayed.val();
        self.before_lots.mask.next = self.mask_5.delayed.val();
        self.quantity_lots.mask.next = self.mask_5.delayed.val();
        self.new_lots.shift.next = self.shift_5.delayed.val();
        self.current_lots.shift.next = self.shift_5.delayed.val();
        self.other_lots.shift.next = self.shift_5.delayed.val();
        self.after_lots.shift.next = self.shift_5.delayed.val();
        self.before_lots.shift.next = self.shift_5.delayed.val();
        self.quantity_lots.shift.next = self.shift_5.delayed.val();
        self.cap.next = unsigned_cast::<44, 40>(self.cap_5.delayed.val());
        self.cap_left.next = signed_cast_from(self.cap.val()) + signed_cast::<44, 42>(self.new_reg.q.val());
        if self.upper_5.delayed.val() {
            self.cap_left.next = signed_cast_from(self.cap.val()) - signed_cast::<44, 42>(self.new_reg.q.val());
        }
        self.cap_line.data.next = self.cap_left.val().get_bit(43);
        self.off.next = self.new_reg.q.val().get_bits::<3>(39);
        self.off_end_line.data.next = self.order_5.delayed.val() & (self.off.val().any() & !self.off.val().all());
        self.position_after_line.data.next = self.position_reg.q.val();
        self.bid_write_line.data.next = self.other_reg.q.val();
        self.ask_write_line.data.next = self.new_40.val();
        if self.upper_5.delayed.val() {
            self.bid_write_line.data.next = self.new_40.val();
            self.ask_write_line.data.next = self.other_reg.q.val();
        }
        // 6 and 7
        self.new_negative.next = self.new_lots.negative.val();
        self.current_negative.next = self.current_lots.negative.val();
        self.other_negative.next = self.other_lots.negative.val();
        self.end_new.next = self.new_lots.lots.val();
        self.end_current.next = self.current_lots.lots.val();
        self.end_other.next = self.other_lots.lots.val();
        self.end_wide.next = (self.new_lots.wide.val() | self.other_lots.wide.val()) | self.off_end_line.delayed.val();
        self.leaves_wide.next = self.after_lots.wide.val() | self.before_lots.wide.val();
        self.quantity_wide.next = self.quantity_lots.wide.val();
        // 7 to 8
        self.change_reg.d.next = self.after_lots.lots.val() - self.before_lots.lots.val();
        self.quantity_reg.d.next = self.quantity_lots.lots.val();
        self.leaves_change.next = self.change_reg.q.val();
        self.quantity.next = self.quantity_reg.q.val();
        // 14
        self.position_after.next = self.position_after_line.delayed.val();
        self.cap_bad.next = self.cap_line.delayed.val();
        // 15
        self.position_write_line.data.next = self.position_after_line.delayed.val();
        self.bid_data.next = self.bid_write_line.delayed.val();
        self.ask_data.next = self.ask_write_line.delayed.val();
        self.position_data.next = self.position_write_line.delayed.val();
    }
}
