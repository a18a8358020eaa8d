//! [`Touches`]: the touch test and the validity boxes beside the pipeline, between BOOK and GATE.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `write`, `row`, `prices`, `best`, `refill`, `refilling` | | what BOOK says about a {book, side} |
//! | `scrub`, `active`, `empty`, `box_row`, `box_*` | | RESET; the active bank; the other one is emptied, gets a row |
//! | `book`, `venue`, `ticks`, `sell`, `price`, `collar`, `crossed_max` | 2 | of an order |
//! | `bad` | 12 | the touch test fails |
//! | `outside` | | a book is out of its box, as of 4 clocks before |
//! | `bid`, `ask`, `filling` | 4 | of `book` and `venue`, for READ |
//! | `read_bank`, `low`, `high`, `known` | 2 | the box of `book`, for READ |
//!
//! ```text
//! clock  _/2\_ .. _/12\_
//! book   <a >
//! bad             <a  >
//! ```

use super::boxes::Boxes;
use super::ops::block;
use super::touch::Touch;
use crate::int::U;
use crate::island::Sleeper;
use crate::leaf::Many;
use rust_hdl_core::prelude::*;

block! {
    /// Touches and boxes: venues, bits of a venue, of a book and of {book, side}, books.
    pub struct Touches [VENUES, V, B, BS, BOOKS] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Every box becomes absent.
        pub scrub: Signal<In, Bit>,
        /// BOOK sets the touch of a side.
        pub write: Signal<In, Bit>,
        /// {book, side}.
        pub row: Signal<In, U<BS>>,
        /// Best price of each venue.
        pub prices: Many<Signal<In, U<33>>, VENUES>,
        /// Best price of all.
        pub best: Signal<In, U<33>>,
        /// BOOK sets `refilling`.
        pub refill: Signal<In, Bit>,
        /// To this.
        pub refilling: Signal<In, Bit>,
        /// The active bank.
        pub active: Signal<In, Bit>,
        /// The inactive bank is emptied.
        pub empty: Signal<In, Bit>,
        /// It gets a BANK_BOX row.
        pub box_row: Signal<In, Bit>,
        /// Of this book.
        pub box_book: Signal<In, U<8>>,
        /// Lowest price.
        pub box_low: Signal<In, U<32>>,
        /// Highest price.
        pub box_high: Signal<In, U<32>>,
        /// Book of the instrument.
        pub book: Signal<In, U<8>>,
        /// Venue of the instrument.
        pub venue: Signal<In, U<8>>,
        /// Native ticks of a book tick.
        pub ticks: Signal<In, U<16>>,
        /// The order sells.
        pub sell: Signal<In, Bit>,
        /// Its limit price.
        pub price: Signal<In, U<32>>,
        /// Ticks a price may be through the touch.
        pub collar: Signal<In, U<24>>,
        /// Book ticks the book may be crossed.
        pub crossed_max: Signal<In, U<24>>,
        /// The touch test fails.
        pub bad: Signal<Out, Bit>,
        /// A book is out of its box.
        pub outside: Signal<Out, Bit>,
        /// Bid of the venue.
        pub bid: Signal<Out, U<33>>,
        /// Ask of the venue.
        pub ask: Signal<Out, U<33>>,
        /// The book is being refilled.
        pub filling: Signal<Out, Bit>,
        /// Bank whose box is read.
        pub read_bank: Signal<In, Bit>,
        /// Its lowest price.
        pub low: Signal<Out, U<32>>,
        /// Its highest price.
        pub high: Signal<Out, U<32>>,
        /// It is there.
        pub known: Signal<Out, Bit>,
        touch: Sleeper<Touch<VENUES, V, B>>,
        boxes: Sleeper<Boxes<BOOKS, B>>,
    }
}

impl<const VENUES: usize, const V: usize, const B: usize, const BS: usize, const BOOKS: usize> Logic
    for Touches<VENUES, V, B, BS, BOOKS>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, touch, boxes);
        self.touch.write.next = self.write.val();
        self.touch.write_book.next = self.row.val().get_bits::<B>(1);
        self.touch.write_ask.next = self.row.val().get_bit(0);
        for i in 0..VENUES {
            self.touch.prices[i].next = self.prices[i].val();
        }
        self.touch.best.next = self.best.val();
        self.touch.refill.next = self.refill.val();
        self.touch.refilling.next = self.refilling.val();
        self.touch.book.next = self.book.val().get_bits::<B>(0);
        self.touch.venue.next = self.venue.val().get_bits::<V>(0);
        self.touch.touch_ticks.next = self.ticks.val();
        self.touch.sell.next = self.sell.val();
        self.touch.price.next = self.price.val();
        self.touch.collar.next = self.collar.val();
        self.touch.crossed_max.next = self.crossed_max.val();
        self.bad.next = self.touch.bad.val();
        self.bid.next = self.touch.venue_bid.val();
        self.ask.next = self.touch.venue_ask.val();
        self.filling.next = self.touch.filling.val();
        self.boxes.scrub.next = self.scrub.val();
        self.boxes.write.next = self.write.val();
        self.boxes.write_book.next = self.row.val().get_bits::<B>(1);
        self.boxes.write_ask.next = self.row.val().get_bit(0);
        self.boxes.best.next = self.best.val();
        self.boxes.row.next = self.box_row.val();
        self.boxes.row_bank.next = !self.active.val();
        self.boxes.row_book.next = self.box_book.val().get_bits::<B>(0);
        self.boxes.low.next = self.box_low.val();
        self.boxes.high.next = self.box_high.val();
        self.boxes.empty.next = self.empty.val();
        self.boxes.empty_bank.next = !self.active.val();
        self.boxes.active.next = self.active.val();
        self.boxes.read_bank.next = self.read_bank.val();
        self.boxes.read_book.next = self.book.val().get_bits::<B>(0);
        self.outside.next = self.boxes.outside.val();
        self.low.next = self.boxes.read_low.val();
        self.high.next = self.boxes.read_high.val();
        self.known.next = self.boxes.read_known.val();
    }
}
