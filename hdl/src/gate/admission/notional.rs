//! [`Notional`]: lots times price against the limit of the instrument.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `lots`, `price`, `limit` | 2 | native lots, ticks, `notional_max` |
//! | `above` | 12 | `lots * price > limit` |
//!
//! Latency: 10 clocks, one a clock; six 18 x 18 multipliers of chunks of 17 bits. The product is kept as 34 low bits and
//! the rest; no addition is longer than 40 bits.
//!
//! ```text
//! clock  _/2\_/3\_/4\_/5\_/6\_/7\_/8\_ .. _/12\_
//! lots   <a >
//! chunks      <a >
//! parts           <a >
//! above                                   <a  >
//! ```

use crate::gate::ops::{block, value};
use crate::int::{signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Compares a product with a limit.
    pub struct Notional {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Native lots.
        pub lots: Signal<In, U<40>>,
        /// Ticks.
        pub price: Signal<In, U<32>>,
        /// Greatest product.
        pub limit: Signal<In, U<64>>,
        /// The product is greater.
        pub above: Signal<Out, Bit>,
        chunk: Constant<U<6>> = value(17),
        lots_0_reg: DFF<I<18>>,
        lots_1_reg: DFF<I<18>>,
        lots_2_reg: DFF<I<18>>,
        price_0_reg: DFF<I<18>>,
        price_1_reg: DFF<I<18>>,
        part_00_reg: DFF<I<36>>,
        part_01_reg: DFF<I<36>>,
        part_10_reg: DFF<I<36>>,
        part_11_reg: DFF<I<36>>,
        part_20_reg: DFF<I<36>>,
        part_21_reg: DFF<I<36>>,
        middle_reg: DFF<U<36>>,
        upper_reg: DFF<U<36>>,
        part_00_5: Delay<U<36>, 1>,
        part_21_5: Delay<U<36>, 1>,
        low_6: Delay<U<17>, 1>,
        low_sum_reg: DFF<U<40>>,
        high_low_6: Delay<U<17>, 1>,
        high_sum_reg: DFF<U<40>>,
        low_7: DFF<U<34>>,
        high_7: DFF<U<40>>,
        limit_7: Delay<U<64>, 5>,
        low_above_reg: DFF<Bit>,
        high_above_reg: DFF<Bit>,
        high_equal_reg: DFF<Bit>,
        above_line: Delay<Bit, 4>,
        lots_0: Signal<Local, U<18>>,
        lots_1: Signal<Local, U<18>>,
        lots_2: Signal<Local, U<18>>,
        price_0: Signal<Local, U<18>>,
        price_1: Signal<Local, U<18>>,
        part_00: Signal<Local, U<36>>,
        part_01: Signal<Local, U<36>>,
        part_10: Signal<Local, U<36>>,
        part_11: Signal<Local, U<36>>,
        part_20: Signal<Local, U<36>>,
        part_21: Signal<Local, U<36>>,
        low_rest: Signal<Local, U<19>>,
        upper_rest: Signal<Local, U<19>>,
        low_part: Signal<Local, U<17>>,
        low_place: Signal<Local, U<34>>,
        high_part: Signal<Local, U<40>>,
        carried: Signal<Local, U<23>>,
        limit_low: Signal<Local, U<34>>,
        limit_high: Signal<Local, U<40>>,
    }
}

impl Logic for Notional {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, lots_0_reg, lots_1_reg, lots_2_reg, price_0_reg, price_1_reg, part_00_reg, part_01_reg);
        clock!(self, clock, part_10_reg, part_11_reg, part_20_reg, part_21_reg, middle_reg, upper_reg, part_00_5);
        clock!(self, clock, part_21_5, low_6, low_sum_reg, high_low_6, high_sum_reg, low_7, high_7, limit_7);
        clock!(self, clock, low_above_reg, high_above_reg, high_equal_reg, above_line);
        // clock 2 to 3: chunks
        self.lots_0.next = unsigned_cast::<18, 17>(self.lots.val().get_bits::<17>(0));
        self.lots_1.next = unsigned_cast::<18, 17>(self.lots.val().get_bits::<17>(17));
        self.lots_2.next = unsigned_cast::<18, 6>(self.lots.val().get_bits::<6>(34));
        self.price_0.next = unsigned_cast::<18, 17>(self.price.val().get_bits::<17>(0));
        self.price_1.next = unsigned_cast::<18, 15>(self.price.val().get_bits::<15>(17));
        self.lots_0_reg.d.next = signed_cast_from(self.lots_0.val());
        self.lots_1_reg.d.next = signed_cast_from(self.lots_1.val());
        self.lots_2_reg.d.next = signed_cast_from(self.lots_2.val());
        self.price_0_reg.d.next = signed_cast_from(self.price_0.val());
        self.price_1_reg.d.next = signed_cast_from(self.price_1.val());
        self.limit_7.data.next = self.limit.val();
        // 3 to 4: products
        self.part_00_reg.d.next = self.lots_0_reg.q.val() * self.price_0_reg.q.val();
        self.part_01_reg.d.next = self.lots_0_reg.q.val() * self.price_1_reg.q.val();
        self.part_10_reg.d.next = self.lots_1_reg.q.val() * self.price_0_reg.q.val();
        self.part_11_reg.d.next = self.lots_1_reg.q.val() * self.price_1_reg.q.val();
        self.part_20_reg.d.next = self.lots_2_reg.q.val() * self.price_0_reg.q.val();
        self.part_21_reg.d.next = self.lots_2_reg.q.val() * self.price_1_reg.q.val();
        // 4 to 5: those of one place, 2^17 and 2^34
        self.part_00.next = unsigned_cast_from(self.part_00_reg.q.val());
        self.part_01.next = unsigned_cast_from(self.part_01_reg.q.val());
        self.part_10.next = unsigned_cast_from(self.part_10_reg.q.val());
        self.part_11.next = unsigned_cast_from(self.part_11_reg.q.val());
        self.part_20.next = unsigned_cast_from(self.part_20_reg.q.val());
        self.part_21.next = unsigned_cast_from(self.part_21_reg.q.val());
        self.middle_reg.d.next = self.part_01.val() + self.part_10.val();
        self.upper_reg.d.next = self.part_11.val() + self.part_20.val();
        self.part_00_5.data.next = self.part_00.val();
        self.part_21_5.data.next = self.part_21.val();
        // 5 to 6: below and above 2^34
        self.low_rest.next = self.part_00_5.delayed.val().get_bits::<19>(17);
        self.low_6.data.next = self.part_00_5.delayed.val().get_bits::<17>(0);
        self.low_sum_reg.d.next =
            unsigned_cast::<40, 36>(self.middle_reg.q.val()) + unsigned_cast::<40, 19>(self.low_rest.val());
        self.upper_rest.next = self.upper_reg.q.val().get_bits::<19>(17);
        self.high_low_6.data.next = self.upper_reg.q.val().get_bits::<17>(0);
        self.high_sum_reg.d.next =
            unsigned_cast::<40, 36>(self.part_21_5.delayed.val()) + unsigned_cast::<40, 19>(self.upper_rest.val());
        // 6 to 7: the carry
        self.low_part.next = self.low_sum_reg.q.val().get_bits::<17>(0);
        self.low_place.next = unsigned_cast::<34, 17>(self.low_part.val());
        self.low_7.d.next =
            (self.low_place.val() << self.chunk.val()) | unsigned_cast::<34, 17>(self.low_6.delayed.val());
        self.carried.next = self.low_sum_reg.q.val().get_bits::<23>(17);
        self.high_part.next = self.high_sum_reg.q.val() << self.chunk.val();
        self.high_part.next = self.high_part.val() | unsigned_cast::<40, 17>(self.high_low_6.delayed.val());
        self.high_7.d.next = self.high_part.val() + unsigned_cast::<40, 23>(self.carried.val());
        // 7 to 8
        self.limit_low.next = self.limit_7.delayed.val().get_bits::<34>(0);
        self.limit_high.next = unsigned_cast::<40, 30>(self.limit_7.delayed.val().get_bits::<30>(34));
        self.low_above_reg.d.next = self.low_7.q.val() > self.limit_low.val();
        self.high_above_reg.d.next = self.high_7.q.val() > self.limit_high.val();
        self.high_equal_reg.d.next = self.high_7.q.val() == self.limit_high.val();
        // 8 to 12
        self.above_line.data.next =
            self.high_above_reg.q.val() | (self.high_equal_reg.q.val() & self.low_above_reg.q.val());
        self.above.next = self.above_line.delayed.val();
    }
}
