//! [`Reserve`]: execution reserve of a quantity at a price and a bank's marks.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `price`, `sell`, marks, ticks, `exponent` | 0 | limit or fill price and the bank row |
//! | `gate_lots`, `wide`, `per_lot` | 4 | signed gate lots; the distance or the rate leaves 17 bits; the rate |
//! | `reserve` | 6 | `gate_lots * ceil(distance * tick / 2^8) * 2^e`, money |
//!
//! Latency: 6 clocks, one a clock; two multipliers.
//!
//! ```text
//! clock      _/0\_/1\_/2\_/3\_/4\_/5\_/6\_
//! price      <a >
//! gate_lots                  <a >
//! reserve                            <a >
//! ```

use super::ops::{block, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crossgate_contract::width::{EXPONENTS, TICK_FRACTION_BITS};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const _: () = assert!(EXPONENTS[1] == 4 && EXPONENTS[2] == 8 && EXPONENTS[3] == 12);
const _: () = assert!(TICK_FRACTION_BITS == 8);

block! {
    /// Reserve of one side and bank.
    pub(super) struct Reserve {
        pub(super) clock: Signal<In, Clock>,
        pub(super) price: Signal<In, U<32>>,
        pub(super) sell: Signal<In, Bit>,
        pub(super) mark_buy: Signal<In, U<32>>,
        pub(super) mark_sell: Signal<In, U<32>>,
        pub(super) tick_buy: Signal<In, U<17>>,
        pub(super) tick_sell: Signal<In, U<17>>,
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) gate_lots: Signal<In, I<18>>,
        pub(super) wide: Signal<Out, Bit>,
        pub(super) per_lot: Signal<Out, I<18>>,
        pub(super) reserve: Signal<Out, I<48>>,
        one_less: Constant<I<36>> = Constant::new(I::new((1 << TICK_FRACTION_BITS) - 1)),
        two: Constant<U<2>> = value(2),
        zero: Constant<U<18>> = value(0),
        distance_reg: DFF<U<34>>,
        tick_1_reg: DFF<U<17>>,
        clamped_reg: DFF<I<18>>,
        wide_2_reg: DFF<Bit>,
        tick_2_reg: DFF<I<18>>,
        product_reg: DFF<I<36>>,
        wide_3_reg: DFF<Bit>,
        rate_reg: DFF<I<18>>,
        wide_4_reg: DFF<Bit>,
        money_reg: DFF<I<36>>,
        exponent_line: crate::leaf::Delay<U<2>, 5>,
        reserve_reg: DFF<I<48>>,
        clamped: Signal<Local, U<18>>,
        tick: Signal<Local, U<18>>,
        rounded: Signal<Local, I<36>>,
        rate: Signal<Local, U<18>>,
        extended: Signal<Local, I<48>>,
        raw: Signal<Local, U<48>>,
        amount: Signal<Local, U<4>>,
        shifted: Signal<Local, U<48>>,
    }
}

impl Logic for Reserve {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, distance_reg, tick_1_reg, clamped_reg, wide_2_reg, tick_2_reg, product_reg, wide_3_reg);
        clock!(self, clock, rate_reg, wide_4_reg, money_reg, exponent_line, reserve_reg);
        // clock 0 to 1: distance from the mark, two spare bits for the sign
        self.distance_reg.d.next =
            unsigned_cast::<34, 32>(self.price.val()) - unsigned_cast::<34, 32>(self.mark_buy.val());
        self.tick_1_reg.d.next = self.tick_buy.val();
        if self.sell.val() {
            self.distance_reg.d.next =
                unsigned_cast::<34, 32>(self.mark_sell.val()) - unsigned_cast::<34, 32>(self.price.val());
            self.tick_1_reg.d.next = self.tick_sell.val();
        }
        self.exponent_line.data.next = self.exponent.val();
        // 1 to 2: never negative
        self.clamped.next = unsigned_cast::<18, 17>(self.distance_reg.q.val().get_bits::<17>(0));
        self.wide_2_reg.d.next = self.distance_reg.q.val().get_bits::<16>(17).any();
        if self.distance_reg.q.val().get_bit(33) {
            self.clamped.next = self.zero.val();
            self.wide_2_reg.d.next = false;
        }
        self.clamped_reg.d.next = signed_cast_from(self.clamped.val());
        self.tick.next = unsigned_cast::<18, 17>(self.tick_1_reg.q.val());
        self.tick_2_reg.d.next = signed_cast_from(self.tick.val());
        // 2 to 3
        self.product_reg.d.next = self.clamped_reg.q.val() * self.tick_2_reg.q.val();
        self.wide_3_reg.d.next = self.wide_2_reg.q.val();
        // 3 to 4: drop the fraction upwards
        self.rounded.next = self.product_reg.q.val() + self.one_less.val();
        self.rate.next = unsigned_cast::<18, 17>(self.rounded.val().get_bits::<17>(8));
        self.rate_reg.d.next = signed_cast_from(self.rate.val());
        self.wide_4_reg.d.next = self.wide_3_reg.q.val() | self.rounded.val().get_bits::<11>(25).any();
        self.wide.next = self.wide_4_reg.q.val();
        self.per_lot.next = self.rate_reg.q.val();
        // 4 to 5
        self.money_reg.d.next = self.rate_reg.q.val() * self.gate_lots.val();
        // 5 to 6
        self.extended.next = signed_cast::<48, 36>(self.money_reg.q.val());
        self.raw.next = unsigned_cast_from(self.extended.val());
        self.amount.next = unsigned_cast::<4, 2>(self.exponent_line.delayed.val()) << self.two.val();
        self.shifted.next = self.raw.val() << self.amount.val();
        self.reserve_reg.d.next = signed_cast_from(self.shifted.val());
        self.reserve.next = self.reserve_reg.q.val();
    }
}
