//! [`GateLots`] and [`Rounded`]: native lots to gate lots, rounded up or down.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `value`, `mask`, `shift` | 0 | native lots; `2^shift - 1` to round up, 0 to round down; shift |
//! | `lots`, `wide` | 2 | gate lots, and whether they leave 18 bits |
//!
//! [`Rounded`] is the second half, for a value to which the mask was added: `sum` and `shift` at clock 1, `negative`
//! says in clock 2 that the sum was negative.
//!
//! Latency: 2 clocks, one value a clock.
//!
//! ```text
//! clock  _/0\_/1\_/2\_
//! value  <a ><b >
//! lots           <a ><b >
//! ```

use super::ops::block;
use crate::int::{signed_cast_from, unsigned_cast_from, I, U};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// `floor` of `sum / 2^shift`.
    pub(super) struct Rounded {
        pub(super) clock: Signal<In, Clock>,
        pub(super) sum: Signal<In, I<42>>,
        pub(super) shift: Signal<In, U<5>>,
        pub(super) negative: Signal<Out, Bit>,
        pub(super) lots: Signal<Out, I<18>>,
        pub(super) wide: Signal<Out, Bit>,
        lots_reg: DFF<I<18>>,
        wide_reg: DFF<Bit>,
        negative_reg: DFF<Bit>,
        raw: Signal<Local, U<42>>,
        shifted: Signal<Local, U<42>>,
        low: Signal<Local, U<18>>,
    }
}

impl Logic for Rounded {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, lots_reg, wide_reg, negative_reg);
        // floor(v / 2^k) of a negative v is the complement of the shifted complement
        self.raw.next = unsigned_cast_from(self.sum.val());
        if self.sum.val().get_bit(41) {
            self.raw.next = !unsigned_cast_from(self.sum.val());
        }
        self.shifted.next = self.raw.val() >> self.shift.val();
        self.low.next = self.shifted.val().get_bits::<18>(0);
        if self.sum.val().get_bit(41) {
            self.low.next = !self.shifted.val().get_bits::<18>(0);
        }
        self.lots_reg.d.next = signed_cast_from(self.low.val());
        self.wide_reg.d.next = self.shifted.val().get_bits::<25>(17).any();
        self.negative_reg.d.next = self.sum.val().get_bit(41);
        self.negative.next = self.negative_reg.q.val();
        self.lots.next = self.lots_reg.q.val();
        self.wide.next = self.wide_reg.q.val();
    }
}

block! {
    /// `ceil` or `floor` of `value / 2^shift`.
    pub(super) struct GateLots {
        pub(super) clock: Signal<In, Clock>,
        pub(super) value: Signal<In, I<42>>,
        pub(super) mask: Signal<In, U<42>>,
        pub(super) shift: Signal<In, U<5>>,
        pub(super) lots: Signal<Out, I<18>>,
        pub(super) wide: Signal<Out, Bit>,
        sum_reg: DFF<I<42>>,
        shift_reg: DFF<U<5>>,
        rounded: Rounded,
    }
}

impl Logic for GateLots {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sum_reg, shift_reg, rounded);
        self.sum_reg.d.next = self.value.val() + signed_cast_from(self.mask.val());
        self.shift_reg.d.next = self.shift.val();
        self.rounded.sum.next = self.sum_reg.q.val();
        self.rounded.shift.next = self.shift_reg.q.val();
        self.lots.next = self.rounded.lots.val();
        self.wide.next = self.rounded.wide.val();
    }
}
