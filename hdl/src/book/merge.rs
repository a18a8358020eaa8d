//! The back of BOOK: the best tick over the venues, its total, and the event.
//!
//! The last result of every {book, side} is kept. An operation replaces the result of its side; an event carries both
//! sides and leaves if anything of the tuple differs from the one before the command. The first of two operations keeps
//! its difference for the second.
//!
//! ```text
//! clock 7   keys of the venues compared in pairs
//! clock 8   price, venues
//! clock 9   quantities added by halves; prices and venues of the book read, compared, replaced
//! clock 10  total; totals of the book read, compared, replaced; crossed, locked
//! clock 11  event
//! ```

use super::op::Op;
use crate::int::{unsigned_cast, U};
use crate::leaf::{Fixed, Many, Powers};
use crate::ram::LutRam;
use crossgate_contract::event::{flag, Bbo, DepthLevel, FenceDone};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Keys and quantities in, events out.
#[derive(LogicBlock, Default)]
pub struct Merge<
    const V: usize,
    const HALF: usize,
    const BB: usize,
    const BS: usize,
    const TL: usize,
    const UP: usize,
    const KEY: usize,
    const NONE: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Low: events are suppressed.
    pub ready: Signal<In, Bit>,
    /// {none, behind the wrap, tick} of each venue.
    pub keys_7: Many<Signal<In, U<KEY>>, V>,
    /// Quantity of each venue at its tick.
    pub quantities_9: Many<Signal<In, U<32>>, V>,
    /// The operation.
    pub op_8: Signal<In, Op>,
    /// {book, side}.
    pub row_8: Signal<In, U<BS>>,
    /// Upper bits of ticks before the circle wraps.
    pub upper_8: Signal<In, U<UP>>,
    /// Upper bits of ticks behind it.
    pub wrapped_8: Signal<In, U<UP>>,
    /// DEPTH: the level is the last one asked for.
    pub list_last: Signal<In, Bit>,
    /// The operation in clock 9 replaces the result of its side.
    pub keep_9: Signal<Out, Bit>,
    /// The operation.
    pub op_of_9: Signal<Out, Op>,
    /// {book, side}.
    pub row_of_9: Signal<Out, U<BS>>,
    /// The best price.
    pub best_9: Signal<Out, U<32>>,
    /// Some venue has it.
    pub exists_9: Signal<Out, Bit>,
    /// An event leaves.
    pub event_valid: Signal<Out, Bit>,
    /// It answers a DEPTH or FENCE.
    pub answered: Signal<Out, Bit>,
    /// Code of the contract: BBO, DEPTH_LEVEL or FENCE_DONE.
    pub event_kind: Signal<Out, U<8>>,
    /// Book.
    pub event_book: Signal<Out, U<8>>,
    /// Bits of `flag`.
    pub event_flags: Signal<Out, U<8>>,
    /// The bid side is empty.
    pub bid_empty: Signal<Out, Bit>,
    /// The ask side is empty.
    pub ask_empty: Signal<Out, Bit>,
    /// Bid in ticks.
    pub bid_price: Signal<Out, U<32>>,
    /// Venues at the bid.
    pub bid_venues: Signal<Out, U<16>>,
    /// Lots at the bid.
    pub bid_quantity: Signal<Out, U<36>>,
    /// Ask in ticks.
    pub ask_price: Signal<Out, U<32>>,
    /// Venues at the ask.
    pub ask_venues: Signal<Out, U<16>>,
    /// Lots at the ask.
    pub ask_quantity: Signal<Out, U<36>>,

    bids: LutRam<U<48>, BB>,
    asks: LutRam<U<48>, BB>,
    bid_totals: LutRam<U<36>, BB>,
    ask_totals: LutRam<U<36>, BB>,
    refills: LutRam<Bit, BB>,
    at_best_8: DFF<U<16>>,
    keys_8: Many<DFF<U<KEY>>, V>,
    op_9: DFF<Op>,
    row_9: DFF<U<BS>>,
    price_9: DFF<U<32>>,
    venues_9: DFF<U<16>>,
    op_10: DFF<Op>,
    row_10: DFF<U<BS>>,
    even_10: DFF<U<36>>,
    odd_10: DFF<U<36>>,
    bid_10: DFF<U<48>>,
    ask_10: DFF<U<48>>,
    moved_10: DFF<Bit>,
    pending: DFF<Bit>,
    out_valid: DFF<Bit>,
    out_answered: DFF<Bit>,
    out_kind: DFF<U<8>>,
    out_book: DFF<U<8>>,
    out_flags: DFF<U<8>>,
    out_bid_empty: DFF<Bit>,
    out_ask_empty: DFF<Bit>,
    out_bid: DFF<U<48>>,
    out_ask: DFF<U<48>>,
    out_bid_total: DFF<U<36>>,
    out_ask_total: DFF<U<36>>,

    best: Signal<Local, Bit>,
    set: Signal<Local, U<16>>,
    found: Signal<Local, U<16>>,
    key: Signal<Local, U<KEY>>,
    tick: Signal<Local, U<TL>>,
    upper: Signal<Local, U<UP>>,
    upper_wide: Signal<Local, U<32>>,
    price_key: Signal<Local, U<32>>,
    keeps_9: Signal<Local, Bit>,
    side_9: Signal<Local, Bit>,
    record: Signal<Local, U<48>>,
    venues_wide: Signal<Local, U<48>>,
    old_9: Signal<Local, U<48>>,
    term: Signal<Local, U<36>>,
    even: Signal<Local, U<36>>,
    odd: Signal<Local, U<36>>,
    keeps_10: Signal<Local, Bit>,
    side_10: Signal<Local, Bit>,
    total: Signal<Local, U<36>>,
    old_total: Signal<Local, U<36>>,
    part: Signal<Local, U<36>>,
    carry: Signal<Local, U<36>>,
    carried: Signal<Local, U<36>>,
    residue: Signal<Local, U<36>>,
    refilling: Signal<Local, Bit>,
    changed: Signal<Local, Bit>,
    answer: Signal<Local, Bit>,
    bid: Signal<Local, U<32>>,
    ask: Signal<Local, U<32>>,
    no_bid: Signal<Local, Bit>,
    no_ask: Signal<Local, Bit>,
    both: Signal<Local, Bit>,
    flags: Signal<Local, U<8>>,
    book_10: Signal<Local, U<BB>>,
    c_venue_bits: Powers<16, V, 0>,
    c_tick_bits: Fixed<U<4>, TL>,
    c_none_bit: Fixed<U<5>, NONE>,
    c_price_bits: Fixed<U<6>, 32>,
    c_one: Fixed<U<1>, 1>,
    c_bbo: Fixed<U<8>, { Bbo::CODE as usize }>,
    c_depth: Fixed<U<8>, { DepthLevel::CODE as usize }>,
    c_fence: Fixed<U<8>, { FenceDone::CODE as usize }>,
    c_crossed: Fixed<U<8>, { flag::CROSSED as usize }>,
    c_locked: Fixed<U<8>, { flag::LOCKED as usize }>,
    c_bid_empty: Fixed<U<8>, { flag::BID_EMPTY as usize }>,
    c_ask_empty: Fixed<U<8>, { flag::ASK_EMPTY as usize }>,
    c_refilling: Fixed<U<8>, { flag::REFILLING as usize }>,
    c_last: Fixed<U<8>, { flag::LAST as usize }>,
}

impl<
        const V: usize,
        const HALF: usize,
        const BB: usize,
        const BS: usize,
        const TL: usize,
        const UP: usize,
        const KEY: usize,
        const NONE: usize,
    > Logic for Merge<V, HALF, BB, BS, TL, UP, KEY, NONE>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, bids, asks, bid_totals, ask_totals, refills, at_best_8, op_9, row_9, price_9, venues_9);
        clock!(
            self,
            clock,
            op_10,
            row_10,
            even_10,
            odd_10,
            bid_10,
            ask_10,
            moved_10,
            out_valid,
            out_answered,
            out_kind
        );
        clock!(self, clock, out_book, out_flags, out_bid_empty, out_ask_empty, out_bid, out_ask, out_bid_total);
        clock!(self, clock, out_ask_total);
        dff_setup!(self, clock, pending);

        // clock 7: who has the best tick
        self.set.next = 0.into();
        for i in 0..V {
            self.best.next = !self.keys_7[i].val().get_bit(self.c_none_bit.val().index());
            for j in 0..V {
                if self.keys_7[j].val() < self.keys_7[i].val() {
                    self.best.next = false;
                }
            }
            if self.best.val() {
                self.set.next = self.set.val() | self.c_venue_bits[i].val();
            }
            self.keys_8[i].clock.next = self.clock.val();
            self.keys_8[i].d.next = self.keys_7[i].val();
        }
        self.at_best_8.d.next = self.set.val();

        // clock 8: its price
        self.found.next = self.at_best_8.q.val();
        if self.op_8.val().empty {
            self.found.next = 0.into();
        }
        self.key.next = 0.into();
        for i in 0..V {
            if self.at_best_8.q.val().get_bit(i) {
                self.key.next = self.key.val() | self.keys_8[i].q.val();
            }
        }
        self.tick.next = self.key.val().get_bits::<TL>(0);
        self.upper.next = self.upper_8.val();
        if self.key.val().get_bit(self.c_tick_bits.val().index()) {
            self.upper.next = self.wrapped_8.val();
        }
        self.upper_wide.next = unsigned_cast::<32, UP>(self.upper.val());
        self.price_key.next = self.upper_wide.val() << self.c_tick_bits.val();
        self.price_key.next = self.price_key.val() | unsigned_cast::<32, TL>(self.tick.val());
        self.price_9.d.next = 0.into();
        if self.found.val().any() {
            self.price_9.d.next = !self.price_key.val();
            if self.row_8.val().get_bit(0) {
                self.price_9.d.next = self.price_key.val();
            }
        }
        self.venues_9.d.next = self.found.val();
        self.op_9.d.next = self.op_8.val();
        self.row_9.d.next = self.row_8.val();

        // clock 9: quantities by halves; prices and venues against the last result
        self.even.next = 0.into();
        self.odd.next = 0.into();
        for i in 0..HALF {
            self.term.next = 0.into();
            if self.venues_9.q.val().get_bit(i * 2) {
                self.term.next = unsigned_cast::<36, 32>(self.quantities_9[i * 2].val());
            }
            self.even.next = self.even.val() + self.term.val();
            self.term.next = 0.into();
            if self.venues_9.q.val().get_bit(i * 2 + 1) {
                self.term.next = unsigned_cast::<36, 32>(self.quantities_9[i * 2 + 1].val());
            }
            self.odd.next = self.odd.val() + self.term.val();
        }
        self.even_10.d.next = self.even.val();
        self.odd_10.d.next = self.odd.val();
        self.keeps_9.next = self.op_9.q.val().valid & !self.op_9.q.val().listing & !self.op_9.q.val().fence;
        self.keep_9.next = self.keeps_9.val();
        self.op_of_9.next = self.op_9.q.val();
        self.row_of_9.next = self.row_9.q.val();
        self.best_9.next = self.price_9.q.val();
        self.exists_9.next = self.venues_9.q.val().any();
        self.side_9.next = self.row_9.q.val().get_bit(0);
        self.venues_wide.next = unsigned_cast::<48, 16>(self.venues_9.q.val());
        self.record.next = self.venues_wide.val() << self.c_price_bits.val();
        self.record.next = self.record.val() | unsigned_cast::<48, 32>(self.price_9.q.val());
        self.bids.read_address.next = self.row_9.q.val().get_bits::<BB>(1);
        self.bids.write_address.next = self.row_9.q.val().get_bits::<BB>(1);
        self.bids.write_enable.next = self.keeps_9.val() & !self.side_9.val();
        self.bids.write_data.next = self.record.val();
        self.asks.read_address.next = self.row_9.q.val().get_bits::<BB>(1);
        self.asks.write_address.next = self.row_9.q.val().get_bits::<BB>(1);
        self.asks.write_enable.next = self.keeps_9.val() & self.side_9.val();
        self.asks.write_data.next = self.record.val();
        self.old_9.next = self.bids.read_data.val();
        self.bid_10.d.next = self.record.val();
        self.ask_10.d.next = self.asks.read_data.val();
        if self.side_9.val() {
            self.old_9.next = self.asks.read_data.val();
            self.bid_10.d.next = self.bids.read_data.val();
            self.ask_10.d.next = self.record.val();
            if self.op_9.q.val().listing {
                self.bid_10.d.next = self.bid_10.q.val();
            }
        }
        self.moved_10.d.next = self.old_9.val() != self.record.val();
        self.op_10.d.next = self.op_9.q.val();
        self.row_10.d.next = self.row_9.q.val();

        // clock 10: the total; even + odd differs from the old total if a residue is left when all three are added
        // without carries
        self.keeps_10.next = self.op_10.q.val().valid & !self.op_10.q.val().listing & !self.op_10.q.val().fence;
        self.side_10.next = self.row_10.q.val().get_bit(0);
        self.book_10.next = self.row_10.q.val().get_bits::<BB>(1);
        self.total.next = self.even_10.q.val() + self.odd_10.q.val();
        self.bid_totals.read_address.next = self.book_10.val();
        self.bid_totals.write_address.next = self.book_10.val();
        self.bid_totals.write_enable.next = self.keeps_10.val() & !self.side_10.val();
        self.bid_totals.write_data.next = self.total.val();
        self.ask_totals.read_address.next = self.book_10.val();
        self.ask_totals.write_address.next = self.book_10.val();
        self.ask_totals.write_enable.next = self.keeps_10.val() & self.side_10.val();
        self.ask_totals.write_data.next = self.total.val();
        self.old_total.next = self.bid_totals.read_data.val();
        self.out_bid_total.d.next = self.total.val();
        self.out_ask_total.d.next = self.ask_totals.read_data.val();
        if self.side_10.val() {
            self.old_total.next = self.ask_totals.read_data.val();
            self.out_bid_total.d.next = self.bid_totals.read_data.val();
            self.out_ask_total.d.next = self.total.val();
            if self.op_10.q.val().listing {
                self.out_bid_total.d.next = self.out_bid_total.q.val();
            }
        }
        self.part.next = self.even_10.q.val() ^ self.odd_10.q.val();
        self.carry.next = (self.even_10.q.val() & self.odd_10.q.val()) | (self.part.val() & (!self.old_total.val()));
        self.carried.next = self.carry.val() << self.c_one.val();
        self.residue.next = self.part.val() ^ self.old_total.val() ^ self.carried.val();
        self.refills.read_address.next = self.book_10.val();
        self.refills.write_address.next = self.book_10.val();
        self.refills.write_enable.next = self.op_10.q.val().valid & self.op_10.q.val().refill;
        self.refills.write_data.next = self.op_10.q.val().refilling;
        self.refilling.next = self.refills.read_data.val();
        if self.op_10.q.val().refill {
            self.refilling.next = self.op_10.q.val().refilling;
        }
        self.changed.next = self.keeps_10.val()
            & (self.moved_10.q.val()
                | (self.residue.val().any())
                | (self.refilling.val() != self.refills.read_data.val())
                | (self.op_10.q.val().second & self.pending.q.val()));
        if self.op_10.q.val().valid {
            self.pending.d.next = self.changed.val();
        }
        self.bid.next = self.bid_10.q.val().get_bits::<32>(0);
        self.ask.next = self.ask_10.q.val().get_bits::<32>(0);
        self.set.next = self.bid_10.q.val().get_bits::<16>(32);
        self.no_bid.next = !(self.set.val().any());
        self.set.next = self.ask_10.q.val().get_bits::<16>(32);
        self.no_ask.next = !(self.set.val().any());
        self.both.next = (!self.no_bid.val()) & (!self.no_ask.val());
        self.flags.next = 0.into();
        if self.no_bid.val() {
            self.flags.next = self.flags.val() | self.c_bid_empty.val();
        }
        if self.no_ask.val() {
            self.flags.next = self.flags.val() | self.c_ask_empty.val();
        }
        self.out_kind.d.next = self.c_bbo.val();
        if self.op_10.q.val().listing {
            self.out_kind.d.next = self.c_depth.val();
            if self.list_last.val() | (self.no_bid.val() & self.no_ask.val()) {
                self.flags.next = self.flags.val() | self.c_last.val();
            }
        } else {
            if self.both.val() & (self.bid.val() > self.ask.val()) {
                self.flags.next = self.flags.val() | self.c_crossed.val();
            }
            if self.both.val() & (self.bid.val() == self.ask.val()) {
                self.flags.next = self.flags.val() | self.c_locked.val();
            }
            if self.refilling.val() {
                self.flags.next = self.flags.val() | self.c_refilling.val();
            }
        }
        if self.op_10.q.val().fence {
            self.out_kind.d.next = self.c_fence.val();
        }
        self.answer.next = self.ready.val()
            & self.op_10.q.val().valid
            & (!self.op_10.q.val().first)
            & (self.op_10.q.val().listing | self.op_10.q.val().fence);
        self.out_answered.d.next = self.answer.val();
        self.out_valid.d.next =
            self.answer.val() | (self.ready.val() & self.changed.val() & (!self.op_10.q.val().first));
        self.out_flags.d.next = self.flags.val();
        self.out_book.d.next = unsigned_cast::<8, BB>(self.book_10.val());
        self.out_bid.d.next = self.bid_10.q.val();
        self.out_ask.d.next = self.ask_10.q.val();
        self.out_bid_empty.d.next = self.no_bid.val();
        self.out_ask_empty.d.next = self.no_ask.val();

        // clock 11
        self.event_valid.next = self.out_valid.q.val();
        self.answered.next = self.out_answered.q.val();
        self.event_kind.next = self.out_kind.q.val();
        self.event_book.next = self.out_book.q.val();
        self.event_flags.next = self.out_flags.q.val();
        self.bid_empty.next = self.out_bid_empty.q.val();
        self.ask_empty.next = self.out_ask_empty.q.val();
        self.bid_price.next = self.out_bid.q.val().get_bits::<32>(0);
        self.bid_venues.next = self.out_bid.q.val().get_bits::<16>(32);
        self.bid_quantity.next = self.out_bid_total.q.val();
        self.ask_price.next = self.out_ask.q.val().get_bits::<32>(0);
        self.ask_venues.next = self.out_ask.q.val().get_bits::<16>(32);
        self.ask_quantity.next = self.out_ask_total.q.val();
    }
}
