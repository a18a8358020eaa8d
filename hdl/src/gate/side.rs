//! [`Side`]: the end points of a cell in gate lots, counted from a base, before and after an operation.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `bid_end`, `ask_end`, `base`, `mask` | 3 | native lots; `2^shift - 1` |
//! | `n`, `upper`, `negate`, `fresh` | 4 | the bid end moves by `n`, or the ask end; the moved end came from zero |
//! | `shift` | 5 | |
//! | `new_lots`, `current_lots`, `other_lots` | 6 | gate lots of the moved end, before it moved, of the other end |
//! | `signs` | 6 | which of these are negative, in that order from bit 0 |
//! | `wide` | 6 | the moved or the other end leaves 40 bits, or 18 in gate lots |
//!
//! The bid end rounds up, the ask end down. The mask that rounds up is added together with the base, so that rounding
//! takes no clock of its own.
//!
//! ```text
//! clock    _/3\_/4\_/5\_/6\_
//! bid_end  <a >
//! n            <a >
//! new_lots             <a >
//! ```

use super::lots::Rounded;
use super::ops::{block, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// End points from a base.
    pub(super) struct Side {
        pub(super) clock: Signal<In, Clock>,
        pub(super) bid_end: Signal<In, I<40>>,
        pub(super) ask_end: Signal<In, I<40>>,
        pub(super) base: Signal<In, I<40>>,
        pub(super) mask: Signal<In, U<42>>,
        pub(super) n: Signal<In, I<41>>,
        pub(super) upper: Signal<In, Bit>,
        pub(super) negate: Signal<In, Bit>,
        pub(super) fresh: Signal<In, Bit>,
        pub(super) shift: Signal<In, U<5>>,
        pub(super) new_lots: Signal<Out, I<18>>,
        pub(super) current_lots: Signal<Out, I<18>>,
        pub(super) other_lots: Signal<Out, I<18>>,
        pub(super) signs: Signal<Out, U<3>>,
        pub(super) wide: Signal<Out, Bit>,

        one: Constant<U<1>> = value(1),
        carry_in: Constant<U<44>> = value(1),
        zero: Constant<I<44>> = Constant::new(I::new(0)),
        new_bit: Constant<U<3>> = value(1),
        current_bit: Constant<U<3>> = value(2),
        other_bit: Constant<U<3>> = value(4),
        no_bits: Constant<U<3>> = value(0),

        bid_reg: DFF<I<44>>,
        ask_reg: DFF<I<44>>,
        bid_raised_reg: DFF<I<44>>,
        new_reg: DFF<I<44>>,
        new_raised_reg: DFF<I<44>>,
        current_reg: DFF<I<44>>,
        other_reg: DFF<I<44>>,
        off_line: Delay<Bit, 1>,
        other_off_reg: DFF<Bit>,
        new_rounded: Rounded,
        current_rounded: Rounded,
        other_rounded: Rounded,

        bid_44: Signal<Local, I<44>>,
        base_44: Signal<Local, I<44>>,
        bid_bits: Signal<Local, U<44>>,
        base_bits: Signal<Local, U<44>>,
        mask_44: Signal<Local, U<44>>,
        sum: Signal<Local, U<44>>,
        carry: Signal<Local, U<44>>,
        carries: Signal<Local, U<44>>,
        step: Signal<Local, I<44>>,
        from: Signal<Local, I<44>>,
        exact: Signal<Local, I<44>>,
        other_off: Signal<Local, Bit>,
        off: Signal<Local, U<5>>,
        raised_bits: Signal<Local, U<44>>,
        low: Signal<Local, U<41>>,
        moved: Signal<Local, I<41>>,
        current_low: Signal<Local, I<42>>,
        other_low: Signal<Local, I<42>>,
        negatives: Signal<Local, U<3>>,
    }
}

impl Logic for Side {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, bid_reg, ask_reg, bid_raised_reg, new_reg, new_raised_reg, current_reg, other_reg);
        clock!(self, clock, off_line, other_off_reg, new_rounded, current_rounded, other_rounded);
        // 3 to 4: from the base; bid + mask - base of three operands in one carry chain
        self.bid_44.next = signed_cast::<44, 40>(self.bid_end.val());
        self.base_44.next = signed_cast::<44, 40>(self.base.val());
        self.bid_reg.d.next = self.bid_44.val() - self.base_44.val();
        self.ask_reg.d.next = signed_cast::<44, 40>(self.ask_end.val()) - self.base_44.val();
        self.bid_bits.next = unsigned_cast_from(self.bid_44.val());
        self.base_bits.next = !unsigned_cast_from(self.base_44.val());
        self.mask_44.next = unsigned_cast::<44, 42>(self.mask.val());
        self.sum.next = (self.bid_bits.val() ^ self.base_bits.val()) ^ self.mask_44.val();
        self.carry.next = ((self.bid_bits.val() & self.base_bits.val()) | (self.bid_bits.val() & self.mask_44.val()))
            | (self.base_bits.val() & self.mask_44.val());
        self.carries.next = (self.carry.val() << self.one.val()) | self.carry_in.val();
        self.bid_raised_reg.d.next = signed_cast_from(self.sum.val()) + signed_cast_from(self.carries.val());
        // 4 to 5: the move
        self.step.next = signed_cast::<44, 41>(self.n.val());
        self.from.next = self.ask_reg.q.val();
        self.exact.next = self.ask_reg.q.val();
        self.current_reg.d.next = self.ask_reg.q.val();
        self.other_reg.d.next = self.bid_raised_reg.q.val();
        self.other_off.next = self.bid_reg.q.val().get_bit(40) ^ self.bid_reg.q.val().get_bit(39);
        if self.upper.val() {
            self.from.next = self.bid_raised_reg.q.val();
            self.exact.next = self.bid_reg.q.val();
            self.current_reg.d.next = self.bid_raised_reg.q.val();
            self.other_reg.d.next = self.ask_reg.q.val();
            self.other_off.next = self.ask_reg.q.val().get_bit(40) ^ self.ask_reg.q.val().get_bit(39);
        }
        if self.fresh.val() {
            self.current_reg.d.next = self.zero.val();
        }
        self.other_off_reg.d.next = self.other_off.val();
        self.new_reg.d.next = self.exact.val() + self.step.val();
        self.new_raised_reg.d.next = self.from.val() + self.step.val();
        if self.negate.val() {
            self.new_reg.d.next = self.exact.val() - self.step.val();
            self.new_raised_reg.d.next = self.from.val() - self.step.val();
        }
        // 5 to 6: gate lots
        self.raised_bits.next = unsigned_cast_from(self.new_raised_reg.q.val());
        self.low.next = self.raised_bits.val().get_bits::<41>(0);
        self.moved.next = signed_cast_from(self.low.val());
        self.new_rounded.sum.next = signed_cast::<42, 41>(self.moved.val());
        self.current_low.next = signed_cast::<42, 44>(self.current_reg.q.val());
        self.other_low.next = signed_cast::<42, 44>(self.other_reg.q.val());
        self.current_rounded.sum.next = self.current_low.val();
        self.other_rounded.sum.next = self.other_low.val();
        self.new_rounded.shift.next = self.shift.val();
        self.current_rounded.shift.next = self.shift.val();
        self.other_rounded.shift.next = self.shift.val();
        self.off.next = self.new_reg.q.val().get_bits::<5>(39);
        self.off_line.data.next = self.other_off_reg.q.val() | (self.off.val().any() & !self.off.val().all());
        // 6
        self.new_lots.next = self.new_rounded.lots.val();
        self.current_lots.next = self.current_rounded.lots.val();
        self.other_lots.next = self.other_rounded.lots.val();
        self.negatives.next = self.no_bits.val();
        if self.new_rounded.negative.val() {
            self.negatives.next = self.negatives.val() | self.new_bit.val();
        }
        if self.current_rounded.negative.val() {
            self.negatives.next = self.negatives.val() | self.current_bit.val();
        }
        if self.other_rounded.negative.val() {
            self.negatives.next = self.negatives.val() | self.other_bit.val();
        }
        self.signs.next = self.negatives.val();
        self.wide.next = (self.new_rounded.wide.val() | self.other_rounded.wide.val()) | self.off_line.delayed.val();
    }
}
