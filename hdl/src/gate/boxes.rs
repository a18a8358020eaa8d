//! [`Boxes`]: whether the touch of a book lies outside its validity box, kept current as touches and rows come.
//!
//! Each book has a box in each bank and a bit a side and bank that says whether its touch is outside. A new touch is
//! compared with both banks, a new row with both sides. A box that is absent is never outside, whatever its bits say, so
//! emptying a bank is one clock. Touch and row of one book cannot miss each other: a touch sees the rows of the clocks
//! before it, a row looks at the touches one clock after it was written, and where both set a bit the touch wins.
//!
//! | port | meaning |
//! |---|---|
//! | `write`, `write_book`, `write_ask`, `best` | BOOK sets the best {exists, ticks} of a side |
//! | `row`, `row_bank`, `row_book`, `low`, `high` | a BANK_BOX row |
//! | `empty`, `empty_bank` | a bank is emptied |
//! | `scrub` | both are |
//! | `active` | the active bank |
//! | `outside` | a book with a box in the active bank has its best bid or ask below `low` or above `high` |
//! | `read_bank`, `read_book`, `read_low`, `read_high`, `read_known` | a box, for READ; combinational |
//!
//! Latency: 4 clocks from `write` to `outside`, 5 from `row`.
//!
//! ```text
//! clock    _/0\_/1\_/2\_/3\_/4\_
//! write    /-\__________________
//! bits                  <a ..
//! outside                   <a ..
//! ```

use super::ops::{block, value};
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use crate::ram::LutRam;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Boxes: books, and bits of a book.
    pub struct Boxes [BOOKS, B] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Both banks become empty.
        pub scrub: Signal<In, Bit>,
        /// BOOK sets the touch of a side.
        pub write: Signal<In, Bit>,
        /// Its book.
        pub write_book: Signal<In, U<B>>,
        /// Its side is the ask.
        pub write_ask: Signal<In, Bit>,
        /// {exists, ticks} over all venues.
        pub best: Signal<In, U<33>>,
        /// A row is stored.
        pub row: Signal<In, Bit>,
        /// Its bank.
        pub row_bank: Signal<In, Bit>,
        /// Its book.
        pub row_book: Signal<In, U<B>>,
        /// Lowest price.
        pub low: Signal<In, U<32>>,
        /// Highest price.
        pub high: Signal<In, U<32>>,
        /// A bank becomes empty.
        pub empty: Signal<In, Bit>,
        /// Which.
        pub empty_bank: Signal<In, Bit>,
        /// The active bank.
        pub active: Signal<In, Bit>,
        /// A book is out of its box.
        pub outside: Signal<Out, Bit>,
        /// Bank to read.
        pub read_bank: Signal<In, Bit>,
        /// Book to read.
        pub read_book: Signal<In, U<B>>,
        /// Its lowest price.
        pub read_low: Signal<Out, U<32>>,
        /// Its highest price.
        pub read_high: Signal<Out, U<32>>,
        /// It has a box.
        pub read_known: Signal<Out, Bit>,
        exists_index: Constant<U<6>> = value(32),
        half: Constant<U<6>> = value(32),
        one: Constant<U<BOOKS>> = value(1),
        none: Constant<U<BOOKS>> = value(0),
        no_box: Constant<U<64>> = value(0),
        boxes_0: LutRam<U<64>, B>,
        boxes_1: LutRam<U<64>, B>,
        read_0: LutRam<U<64>, B>,
        read_1: LutRam<U<64>, B>,
        bids: LutRam<U<33>, B>,
        asks: LutRam<U<33>, B>,
        known_0_reg: DFF<U<BOOKS>>,
        known_1_reg: DFF<U<BOOKS>>,
        bids_0_reg: DFF<U<BOOKS>>,
        bids_1_reg: DFF<U<BOOKS>>,
        asks_0_reg: DFF<U<BOOKS>>,
        asks_1_reg: DFF<U<BOOKS>>,
        write_1: Delay<Bit, 1>,
        write_2: Delay<Bit, 1>,
        book_1: Delay<U<B>, 1>,
        at_2_reg: DFF<U<BOOKS>>,
        ask_1: Delay<Bit, 1>,
        ask_2: Delay<Bit, 1>,
        best_1: Delay<U<33>, 1>,
        box_0_reg: DFF<U<64>>,
        box_1_reg: DFF<U<64>>,
        out_0_reg: DFF<Bit>,
        out_1_reg: DFF<Bit>,
        row_1: Delay<Bit, 1>,
        row_2: Delay<Bit, 1>,
        row_3: Delay<Bit, 1>,
        bank_3: Delay<Bit, 3>,
        row_book_1: Delay<U<B>, 1>,
        row_book_2: Delay<U<B>, 1>,
        row_at_reg: DFF<U<BOOKS>>,
        row_box_2: Delay<U<64>, 2>,
        row_bid_reg: DFF<U<33>>,
        row_ask_reg: DFF<U<33>>,
        row_bid_out_reg: DFF<Bit>,
        row_ask_out_reg: DFF<Bit>,
        outside_reg: DFF<Bit>,
        high_64: Signal<Local, U<64>>,
        stored: Signal<Local, U<64>>,
        mark: Signal<Local, U<BOOKS>>,
        at: Signal<Local, U<BOOKS>>,
        price: Signal<Local, U<32>>,
        least: Signal<Local, U<32>>,
        most: Signal<Local, U<32>>,
        known_0: Signal<Local, U<BOOKS>>,
        known_1: Signal<Local, U<BOOKS>>,
        bids_0: Signal<Local, U<BOOKS>>,
        bids_1: Signal<Local, U<BOOKS>>,
        asks_0: Signal<Local, U<BOOKS>>,
        asks_1: Signal<Local, U<BOOKS>>,
        bad: Signal<Local, U<BOOKS>>,
        read: Signal<Local, U<64>>,
        known: Signal<Local, U<BOOKS>>,
    }
}

impl<const BOOKS: usize, const B: usize> Logic for Boxes<BOOKS, B> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, boxes_0, boxes_1, read_0, read_1, bids, asks, known_0_reg, known_1_reg, bids_0_reg);
        clock!(self, clock, bids_1_reg, asks_0_reg, asks_1_reg, write_1, write_2, book_1, at_2_reg, ask_1, ask_2);
        clock!(self, clock, best_1, box_0_reg, box_1_reg, out_0_reg, out_1_reg, row_1, row_2, row_3, bank_3);
        clock!(self, clock, row_book_1, row_book_2, row_at_reg, row_box_2, row_bid_reg, row_ask_reg, row_bid_out_reg);
        clock!(self, clock, row_ask_out_reg, outside_reg);
        // the memories
        self.high_64.next = unsigned_cast::<64, 32>(self.high.val());
        self.stored.next = (self.high_64.val() << self.half.val()) | unsigned_cast::<64, 32>(self.low.val());
        self.boxes_0.write_enable.next = self.row.val() & !self.row_bank.val();
        self.boxes_0.write_address.next = self.row_book.val();
        self.boxes_0.write_data.next = self.stored.val();
        self.boxes_0.read_address.next = self.write_book.val();
        self.boxes_1.write_enable.next = self.row.val() & self.row_bank.val();
        self.boxes_1.write_address.next = self.row_book.val();
        self.boxes_1.write_data.next = self.stored.val();
        self.boxes_1.read_address.next = self.write_book.val();
        self.read_0.write_enable.next = self.row.val() & !self.row_bank.val();
        self.read_0.write_address.next = self.row_book.val();
        self.read_0.write_data.next = self.stored.val();
        self.read_0.read_address.next = self.read_book.val();
        self.read_1.write_enable.next = self.row.val() & self.row_bank.val();
        self.read_1.write_address.next = self.row_book.val();
        self.read_1.write_data.next = self.stored.val();
        self.read_1.read_address.next = self.read_book.val();
        self.bids.write_enable.next = self.write.val() & !self.write_ask.val();
        self.bids.write_address.next = self.write_book.val();
        self.bids.write_data.next = self.best.val();
        self.asks.write_enable.next = self.write.val() & self.write_ask.val();
        self.asks.write_address.next = self.write_book.val();
        self.asks.write_data.next = self.best.val();
        // a touch, clock 0: the boxes of both banks
        self.write_1.data.next = self.write.val();
        self.book_1.data.next = self.write_book.val();
        self.ask_1.data.next = self.write_ask.val();
        self.best_1.data.next = self.best.val();
        self.box_0_reg.d.next = self.boxes_0.read_data.val();
        self.box_1_reg.d.next = self.boxes_1.read_data.val();
        // 1: compared
        self.price.next = self.best_1.delayed.val().get_bits::<32>(0);
        self.least.next = self.box_0_reg.q.val().get_bits::<32>(0);
        self.most.next = self.box_0_reg.q.val().get_bits::<32>(32);
        self.out_0_reg.d.next = self.best_1.delayed.val().get_bit(self.exists_index.val().index())
            & ((self.price.val() < self.least.val()) | (self.price.val() > self.most.val()));
        self.least.next = self.box_1_reg.q.val().get_bits::<32>(0);
        self.most.next = self.box_1_reg.q.val().get_bits::<32>(32);
        self.out_1_reg.d.next = self.best_1.delayed.val().get_bit(self.exists_index.val().index())
            & ((self.price.val() < self.least.val()) | (self.price.val() > self.most.val()));
        self.write_2.data.next = self.write_1.delayed.val();
        self.ask_2.data.next = self.ask_1.delayed.val();
        self.at_2_reg.d.next = self.one.val() << self.book_1.delayed.val();
        // a row, clock 1: the touches of both sides; 2: compared
        self.row_1.data.next = self.row.val();
        self.row_2.data.next = self.row_1.delayed.val();
        self.row_3.data.next = self.row_2.delayed.val();
        self.bank_3.data.next = self.row_bank.val();
        self.row_book_1.data.next = self.row_book.val();
        self.row_book_2.data.next = self.row_book_1.delayed.val();
        self.row_box_2.data.next = self.stored.val();
        self.bids.read_address.next = self.row_book_1.delayed.val();
        self.asks.read_address.next = self.row_book_1.delayed.val();
        self.row_bid_reg.d.next = self.bids.read_data.val();
        self.row_ask_reg.d.next = self.asks.read_data.val();
        self.least.next = self.row_box_2.delayed.val().get_bits::<32>(0);
        self.most.next = self.row_box_2.delayed.val().get_bits::<32>(32);
        self.price.next = self.row_bid_reg.q.val().get_bits::<32>(0);
        self.row_bid_out_reg.d.next = self.row_bid_reg.q.val().get_bit(self.exists_index.val().index())
            & ((self.price.val() < self.least.val()) | (self.price.val() > self.most.val()));
        self.price.next = self.row_ask_reg.q.val().get_bits::<32>(0);
        self.row_ask_out_reg.d.next = self.row_ask_reg.q.val().get_bit(self.exists_index.val().index())
            & ((self.price.val() < self.least.val()) | (self.price.val() > self.most.val()));
        self.row_at_reg.d.next = self.one.val() << self.row_book_2.delayed.val();
        // bits: the row of clock 3 first, then the touch of clock 2
        self.bids_0.next = self.bids_0_reg.q.val();
        self.bids_1.next = self.bids_1_reg.q.val();
        self.asks_0.next = self.asks_0_reg.q.val();
        self.asks_1.next = self.asks_1_reg.q.val();
        self.at.next = self.row_at_reg.q.val();
        if self.row_3.delayed.val() {
            if self.bank_3.delayed.val() {
                self.bids_1.next = self.bids_1.val() & (!self.at.val());
                if self.row_bid_out_reg.q.val() {
                    self.bids_1.next = self.bids_1.val() | self.at.val();
                }
                self.asks_1.next = self.asks_1.val() & (!self.at.val());
                if self.row_ask_out_reg.q.val() {
                    self.asks_1.next = self.asks_1.val() | self.at.val();
                }
            } else {
                self.bids_0.next = self.bids_0.val() & (!self.at.val());
                if self.row_bid_out_reg.q.val() {
                    self.bids_0.next = self.bids_0.val() | self.at.val();
                }
                self.asks_0.next = self.asks_0.val() & (!self.at.val());
                if self.row_ask_out_reg.q.val() {
                    self.asks_0.next = self.asks_0.val() | self.at.val();
                }
            }
        }
        self.mark.next = self.at_2_reg.q.val();
        if self.write_2.delayed.val() {
            if self.ask_2.delayed.val() {
                self.asks_0.next = self.asks_0.val() & (!self.mark.val());
                if self.out_0_reg.q.val() {
                    self.asks_0.next = self.asks_0.val() | self.mark.val();
                }
                self.asks_1.next = self.asks_1.val() & (!self.mark.val());
                if self.out_1_reg.q.val() {
                    self.asks_1.next = self.asks_1.val() | self.mark.val();
                }
            } else {
                self.bids_0.next = self.bids_0.val() & (!self.mark.val());
                if self.out_0_reg.q.val() {
                    self.bids_0.next = self.bids_0.val() | self.mark.val();
                }
                self.bids_1.next = self.bids_1.val() & (!self.mark.val());
                if self.out_1_reg.q.val() {
                    self.bids_1.next = self.bids_1.val() | self.mark.val();
                }
            }
        }
        self.bids_0_reg.d.next = self.bids_0.val();
        self.bids_1_reg.d.next = self.bids_1.val();
        self.asks_0_reg.d.next = self.asks_0.val();
        self.asks_1_reg.d.next = self.asks_1.val();
        // which books have a box
        self.known_0.next = self.known_0_reg.q.val();
        self.known_1.next = self.known_1_reg.q.val();
        if self.row.val() {
            self.mark.next = self.one.val() << self.row_book.val();
            if self.row_bank.val() {
                self.known_1.next = self.known_1_reg.q.val() | self.mark.val();
            } else {
                self.known_0.next = self.known_0_reg.q.val() | self.mark.val();
            }
        }
        if self.empty.val() {
            if self.empty_bank.val() {
                self.known_1.next = self.none.val();
            } else {
                self.known_0.next = self.none.val();
            }
        }
        if self.scrub.val() {
            self.known_0.next = self.none.val();
            self.known_1.next = self.none.val();
        }
        self.known_0_reg.d.next = self.known_0.val();
        self.known_1_reg.d.next = self.known_1.val();
        self.bad.next = self.known_0_reg.q.val() & (self.bids_0_reg.q.val() | self.asks_0_reg.q.val());
        if self.active.val() {
            self.bad.next = self.known_1_reg.q.val() & (self.bids_1_reg.q.val() | self.asks_1_reg.q.val());
        }
        self.outside_reg.d.next = self.bad.val().any();
        self.outside.next = self.outside_reg.q.val();
        // READ
        self.read.next = self.read_0.read_data.val();
        self.known.next = self.known_0_reg.q.val() >> self.read_book.val();
        if self.read_bank.val() {
            self.read.next = self.read_1.read_data.val();
            self.known.next = self.known_1_reg.q.val() >> self.read_book.val();
        }
        self.read_known.next = self.known.val().get_bit(0);
        if !self.known.val().get_bit(0) {
            self.read.next = self.no_box.val();
        }
        self.read_low.next = self.read.val().get_bits::<32>(0);
        self.read_high.next = self.read.val().get_bits::<32>(32);
    }
}

impl<const BOOKS: usize, const B: usize> Clocked for Boxes<BOOKS, B> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
