//! [`Touch`]: the touch of every book as BOOK last said it, and the touch test of an order.
//!
//! A price is 33 bits, {exists, ticks}. Invariant: what the memories hold is what BOOK wrote; BOOK empties them after RESET.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `write`, `write_book`, `write_ask`, `prices`, `best` | | the touch of a side of a book, by venue and over all |
//! | `refill`, `refilling` | | beside `write_book`: the book is (no longer) being refilled |
//! | `book`, `venue`, `touch_ticks` | 2 | of the instrument; 0 ticks: the test passes |
//! | `sell`, `price`, `collar`, `crossed_max` | 2 | of the order and the instrument |
//! | `venue_bid`, `venue_ask`, `filling` | 4 | what the test saw, for READ |
//! | `bad` | 12 | the touch test fails |
//!
//! Latency: 10 clocks. The memories are looked at in clock 3; two 18 x 18 multipliers.
//!
//! ```text
//! clock  _/2\_/3\_/4\_/5\_/6\_/7\_/8\_ .. _/12\_
//! book   <a >
//! prices          <a >
//! sides                           <a >
//! bad                                     <a  >
//! ```

use super::ops::{block, size, value};
use crate::int::{signed_cast_from, unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::{Delay, Many};
use crate::ram::LutRam;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Touches: venues, bits of a venue and of a book.
    pub struct Touch [VENUES, V, B] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// BOOK sets the touch of a side.
        pub write: Signal<In, Bit>,
        /// Its book.
        pub write_book: Signal<In, U<B>>,
        /// Its side is the ask.
        pub write_ask: Signal<In, Bit>,
        /// Best price of each venue.
        pub prices: Many<Signal<In, U<33>>, VENUES>,
        /// Best price of all.
        pub best: Signal<In, U<33>>,
        /// BOOK sets `refilling`.
        pub refill: Signal<In, Bit>,
        /// To this.
        pub refilling: Signal<In, Bit>,
        /// Book of the instrument.
        pub book: Signal<In, U<B>>,
        /// Venue of the instrument.
        pub venue: Signal<In, U<V>>,
        /// Native ticks of a book tick.
        pub touch_ticks: Signal<In, U<16>>,
        /// The order sells.
        pub sell: Signal<In, Bit>,
        /// Its limit price.
        pub price: Signal<In, U<32>>,
        /// Ticks a price may be through the touch.
        pub collar: Signal<In, U<24>>,
        /// Book ticks the book may be crossed.
        pub crossed_max: Signal<In, U<24>>,
        /// Bid of the venue.
        pub venue_bid: Signal<Out, U<33>>,
        /// Ask of the venue.
        pub venue_ask: Signal<Out, U<33>>,
        /// The book is being refilled.
        pub filling: Signal<Out, Bit>,
        /// The test fails.
        pub bad: Signal<Out, Bit>,
        exists_index: Constant<U<6>> = value(32),
        chunk: Constant<U<6>> = value(17),
        numbers: [Constant<U<V>>; VENUES] = std::array::from_fn(size),
        bids: Many<LutRam<U<33>, B>, VENUES>,
        asks: Many<LutRam<U<33>, B>, VENUES>,
        best_bids: LutRam<U<33>, B>,
        best_asks: LutRam<U<33>, B>,
        fillings: LutRam<Bit, B>,
        book_3: Delay<U<B>, 1>,
        venue_3: Delay<U<V>, 1>,
        sell_4: Delay<Bit, 2>,
        sell_6: Delay<Bit, 2>,
        tests_8: Delay<Bit, 6>,
        ticks_4: Delay<U<16>, 2>,
        price_6: Delay<U<32>, 4>,
        collar_6: Delay<U<24>, 4>,
        crossed_4: Delay<U<24>, 2>,
        venue_bid_reg: DFF<U<33>>,
        venue_ask_reg: DFF<U<33>>,
        bid_reg: DFF<U<33>>,
        ask_reg: DFF<U<33>>,
        filling_reg: DFF<Bit>,
        absent_line: Delay<Bit, 4>,
        low_reg: DFF<I<36>>,
        high_reg: DFF<I<36>>,
        ceiling_reg: DFF<U<33>>,
        bid_5: Delay<U<32>, 1>,
        both_5: Delay<Bit, 1>,
        crossed_line: Delay<Bit, 3>,
        low_6: Delay<U<17>, 1>,
        rest_reg: DFF<U<36>>,
        left_reg: DFF<U<49>>,
        right_reg: DFF<U<49>>,
        through_reg: DFF<Bit>,
        bad_line: Delay<Bit, 4>,
        venue_bid_3: Signal<Local, U<33>>,
        venue_ask_3: Signal<Local, U<33>>,
        own: Signal<Local, U<33>>,
        low: Signal<Local, U<18>>,
        high: Signal<Local, U<18>>,
        ticks: Signal<Local, U<18>>,
        low_18: Signal<Local, I<18>>,
        high_18: Signal<Local, I<18>>,
        ticks_18: Signal<Local, I<18>>,
        ask: Signal<Local, U<32>>,
        bid: Signal<Local, U<33>>,
        low_product: Signal<Local, U<36>>,
        high_product: Signal<Local, U<36>>,
        low_rest: Signal<Local, U<19>>,
        native: Signal<Local, U<49>>,
        price_49: Signal<Local, U<49>>,
    }
}

impl<const VENUES: usize, const V: usize, const B: usize> Logic for Touch<VENUES, V, B> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, best_bids, best_asks, fillings, book_3, venue_3, sell_4, sell_6, tests_8, ticks_4, price_6);
        clock!(self, clock, collar_6, crossed_4, venue_bid_reg, venue_ask_reg, bid_reg, ask_reg, filling_reg);
        clock!(self, clock, absent_line, low_reg, high_reg, ceiling_reg, bid_5, both_5, crossed_line, low_6, rest_reg);
        clock!(self, clock, left_reg, right_reg, through_reg, bad_line);
        // what BOOK says
        self.best_bids.write_enable.next = self.write.val() & !self.write_ask.val();
        self.best_bids.write_address.next = self.write_book.val();
        self.best_bids.write_data.next = self.best.val();
        self.best_asks.write_enable.next = self.write.val() & self.write_ask.val();
        self.best_asks.write_address.next = self.write_book.val();
        self.best_asks.write_data.next = self.best.val();
        self.fillings.write_enable.next = self.refill.val();
        self.fillings.write_address.next = self.write_book.val();
        self.fillings.write_data.next = self.refilling.val();
        // clock 2 to 3
        self.book_3.data.next = self.book.val();
        self.venue_3.data.next = self.venue.val();
        self.sell_4.data.next = self.sell.val();
        self.tests_8.data.next = self.touch_ticks.val().any();
        self.ticks_4.data.next = self.touch_ticks.val();
        self.price_6.data.next = self.price.val();
        self.collar_6.data.next = self.collar.val();
        self.crossed_4.data.next = self.crossed_max.val();
        // 3 to 4: the touch
        self.venue_bid_3.next = 0.into();
        self.venue_ask_3.next = 0.into();
        for i in 0..VENUES {
            self.bids[i].clock.next = self.clock.val();
            self.bids[i].write_enable.next = self.write.val() & !self.write_ask.val();
            self.bids[i].write_address.next = self.write_book.val();
            self.bids[i].write_data.next = self.prices[i].val();
            self.bids[i].read_address.next = self.book_3.delayed.val();
            self.asks[i].clock.next = self.clock.val();
            self.asks[i].write_enable.next = self.write.val() & self.write_ask.val();
            self.asks[i].write_address.next = self.write_book.val();
            self.asks[i].write_data.next = self.prices[i].val();
            self.asks[i].read_address.next = self.book_3.delayed.val();
            if self.venue_3.delayed.val() == self.numbers[i].val() {
                self.venue_bid_3.next = self.bids[i].read_data.val();
                self.venue_ask_3.next = self.asks[i].read_data.val();
            }
        }
        self.venue_bid_reg.d.next = self.venue_bid_3.val();
        self.venue_ask_reg.d.next = self.venue_ask_3.val();
        self.best_bids.read_address.next = self.book_3.delayed.val();
        self.best_asks.read_address.next = self.book_3.delayed.val();
        self.fillings.read_address.next = self.book_3.delayed.val();
        self.bid_reg.d.next = self.best_bids.read_data.val();
        self.ask_reg.d.next = self.best_asks.read_data.val();
        self.filling_reg.d.next = self.fillings.read_data.val();
        // 4 to 5: the opposite side in native ticks; the ceiling of the bid
        self.venue_bid.next = self.venue_bid_reg.q.val();
        self.venue_ask.next = self.venue_ask_reg.q.val();
        self.filling.next = self.filling_reg.q.val();
        self.own.next = self.venue_ask_reg.q.val();
        if self.sell_4.delayed.val() {
            self.own.next = self.venue_bid_reg.q.val();
        }
        self.absent_line.data.next =
            self.filling_reg.q.val() | !self.own.val().get_bit(self.exists_index.val().index());
        self.low.next = unsigned_cast::<18, 17>(self.own.val().get_bits::<17>(0));
        self.high.next = unsigned_cast::<18, 15>(self.own.val().get_bits::<15>(17));
        self.ticks.next = unsigned_cast::<18, 16>(self.ticks_4.delayed.val());
        self.low_18.next = signed_cast_from(self.low.val());
        self.high_18.next = signed_cast_from(self.high.val());
        self.ticks_18.next = signed_cast_from(self.ticks.val());
        self.low_reg.d.next = self.low_18.val() * self.ticks_18.val();
        self.high_reg.d.next = self.high_18.val() * self.ticks_18.val();
        self.ask.next = self.ask_reg.q.val().get_bits::<32>(0);
        self.ceiling_reg.d.next =
            unsigned_cast::<33, 32>(self.ask.val()) + unsigned_cast::<33, 24>(self.crossed_4.delayed.val());
        self.bid_5.data.next = self.bid_reg.q.val().get_bits::<32>(0);
        self.both_5.data.next = self.bid_reg.q.val().get_bit(self.exists_index.val().index())
            & self.ask_reg.q.val().get_bit(self.exists_index.val().index());
        self.sell_6.data.next = self.sell_4.delayed.val();
        // 5 to 6
        self.low_product.next = unsigned_cast_from(self.low_reg.q.val());
        self.high_product.next = unsigned_cast_from(self.high_reg.q.val());
        self.low_6.data.next = self.low_product.val().get_bits::<17>(0);
        self.low_rest.next = self.low_product.val().get_bits::<19>(17);
        self.rest_reg.d.next = self.high_product.val() + unsigned_cast::<36, 19>(self.low_rest.val());
        self.bid.next = unsigned_cast::<33, 32>(self.bid_5.delayed.val());
        self.crossed_line.data.next = self.both_5.delayed.val() & (self.bid.val() > self.ceiling_reg.q.val());
        // 6 to 7: a buy compares its price with the touch and the collar, a sell the touch with its price and the collar
        self.native.next = unsigned_cast::<49, 36>(self.rest_reg.q.val());
        self.native.next = self.native.val() << self.chunk.val();
        self.native.next = self.native.val() | unsigned_cast::<49, 17>(self.low_6.delayed.val());
        self.price_49.next = unsigned_cast::<49, 32>(self.price_6.delayed.val());
        self.left_reg.d.next = self.price_49.val();
        self.right_reg.d.next = self.native.val() + unsigned_cast::<49, 24>(self.collar_6.delayed.val());
        if self.sell_6.delayed.val() {
            self.left_reg.d.next = self.native.val();
            self.right_reg.d.next = self.price_49.val() + unsigned_cast::<49, 24>(self.collar_6.delayed.val());
        }
        // 7 to 8
        self.through_reg.d.next = self.left_reg.q.val() > self.right_reg.q.val();
        // 8 to 12
        self.bad_line.data.next = self.tests_8.delayed.val()
            & (self.absent_line.delayed.val() | (self.crossed_line.delayed.val() | self.through_reg.q.val()));
        self.bad.next = self.bad_line.delayed.val();
    }
}

impl<const VENUES: usize, const V: usize, const B: usize> Clocked for Touch<VENUES, V, B> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
