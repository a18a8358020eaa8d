//! [`Market`]: events of BOOK into the market ring.
//!
//! | port | meaning |
//! |---|---|
//! | `event_*`, `bid_*`, `ask_*` | an event of BOOK, in fields |
//! | `depth_room` | a DEPTH or FENCE may start: nothing is kept back and the ring takes all that may be in flight |
//! | `bbo`, `conflated` | count in this clock |
//! | the others | as in `Ring` |
//!
//! Latency: 0 clocks to the ring's input when nothing is kept back. `wait` is the latency beyond the one that the
//! causing command has when nothing queues.

use super::asleep::inputs;
use super::{BBO_LATENCY, CYCLE, DEPTH_LATENCY, FENCE_LATENCY};
use crate::conflate::Conflate;
use crate::int::{unsigned_cast, U};
use crate::leaf::field;
use crate::ring::Ring;
use crate::sim::Clocked;
use crossgate_contract::event::{Bbo, DepthLevel, FenceDone};
use crossgate_contract::{Event, Window};
use rust_hdl_core::prelude::*;

const KINDS: usize = BBO_LATENCY.len();

/// The market ring and what feeds it; `B` books, numbers of `A` bits.
#[derive(LogicBlock)]
pub struct Market<const A: usize, const B: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// Cycle count.
    pub cycle: Signal<In, U<CYCLE>>,
    /// An event of BOOK.
    pub event_valid: Signal<In, Bit>,
    /// Its code.
    pub event_kind: Signal<In, U<8>>,
    /// Opcode of its command.
    pub event_opcode: Signal<In, U<8>>,
    /// Its book.
    pub event_book: Signal<In, U<8>>,
    /// Level of a DEPTH.
    pub event_level: Signal<In, U<8>>,
    /// Bits of `flag`.
    pub event_flags: Signal<In, U<8>>,
    /// Tag of its command.
    pub event_tag: Signal<In, U<64>>,
    /// Stamp of its command.
    pub event_stamp: Signal<In, U<16>>,
    /// Bid in ticks.
    pub bid_price: Signal<In, U<32>>,
    /// Venues at the bid.
    pub bid_venues: Signal<In, U<16>>,
    /// Lots at the bid.
    pub bid_quantity: Signal<In, U<36>>,
    /// Ask in ticks.
    pub ask_price: Signal<In, U<32>>,
    /// Venues at the ask.
    pub ask_venues: Signal<In, U<16>>,
    /// Lots at the ask.
    pub ask_quantity: Signal<In, U<36>>,
    /// A DEPTH or FENCE may start.
    pub depth_room: Signal<Out, Bit>,
    /// A BBO changed.
    pub bbo: Signal<Out, Bit>,
    /// A kept BBO is replaced.
    pub conflated: Signal<Out, Bit>,
    /// Ring register.
    pub base: Signal<In, U<64>>,
    /// Ring register.
    pub size: Signal<In, U<5>>,
    /// Ring register.
    pub consumer: Signal<In, U<32>>,
    /// Begin anew.
    pub restart: Signal<In, Bit>,
    /// Events handed to the bus.
    pub producer: Signal<Out, U<32>>,
    /// An event for the bus.
    pub dma_valid: Signal<Out, Bit>,
    /// It is taken.
    pub dma_ready: Signal<In, Bit>,
    /// Its address.
    pub dma_address: Signal<Out, U<64>>,
    /// Its words.
    pub dma_words: [Signal<Out, U<64>>; 8],
    /// An event waits.
    pub busy: Signal<Out, Bit>,
    conflate: Conflate<A, B>,
    ring: Ring,
    words: [Signal<Local, U<64>>; 6],
    is_bbo: Signal<Local, Bit>,
    fourth: Signal<Local, U<8>>,
    flags_wide: Signal<Local, U<64>>,
    book_wide: Signal<Local, U<64>>,
    fourth_wide: Signal<Local, U<64>>,
    bid_venues_wide: Signal<Local, U<64>>,
    ask_venues_wide: Signal<Local, U<64>>,
    left_kind: Signal<Local, U<8>>,
    left_opcode: Signal<Local, U<8>>,
    latency_base: Signal<Local, U<16>>,
    bbo_kind: Constant<U<8>>,
    fence_kind: Constant<U<8>>,
    flags_shift: Constant<U<6>>,
    book_shift: Constant<U<6>>,
    fourth_shift: Constant<U<6>>,
    venues_shift: Constant<U<6>>,
    fence_word: Constant<U<64>>,
    word_zero: Constant<U<64>>,
    opcodes: [Constant<U<8>>; KINDS],
    bases: [Constant<U<16>>; KINDS],
    depth_base: Constant<U<16>>,
    fence_base: Constant<U<16>>,
    opcode_lsb: Constant<U<6>>,
}

impl<const A: usize, const B: usize> Default for Market<A, B> {
    fn default() -> Self {
        let same = |name: &str, other: &str| {
            let (bbo, depth) = (field(&Bbo::LAYOUT, name), field(&DepthLevel::LAYOUT, other));
            assert_eq!((bbo.word, bbo.lsb, bbo.width), (depth.word, depth.lsb, depth.width), "{name} of both events");
            (bbo.word, u64::from(bbo.lsb))
        };
        let shift = |word: usize, name: &str, other: &str| {
            let (at, lsb) = same(name, other);
            assert_eq!(at, word, "word of {name}");
            Constant::new(U::new(lsb))
        };
        let places = ["bid_price", "bid_quantity", "ask_price", "ask_quantity", "tag"].map(|name| same(name, name));
        assert_eq!(places, [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)], "words of the sides and the tag");
        assert_eq!(same("bid_venues", "bid_venues").1, same("ask_venues", "ask_venues").1, "venues of both sides");
        let fence = Event::from(FenceDone { window: Window::Market as u8, tag: 0 });
        Self {
            clock: Default::default(),
            reset: Default::default(),
            cycle: Default::default(),
            event_valid: Default::default(),
            event_kind: Default::default(),
            event_opcode: Default::default(),
            event_book: Default::default(),
            event_level: Default::default(),
            event_flags: Default::default(),
            event_tag: Default::default(),
            event_stamp: Default::default(),
            bid_price: Default::default(),
            bid_venues: Default::default(),
            bid_quantity: Default::default(),
            ask_price: Default::default(),
            ask_venues: Default::default(),
            ask_quantity: Default::default(),
            depth_room: Default::default(),
            bbo: Default::default(),
            conflated: Default::default(),
            base: Default::default(),
            size: Default::default(),
            consumer: Default::default(),
            restart: Default::default(),
            producer: Default::default(),
            dma_valid: Default::default(),
            dma_ready: Default::default(),
            dma_address: Default::default(),
            dma_words: Default::default(),
            busy: Default::default(),
            conflate: Default::default(),
            ring: Default::default(),
            words: Default::default(),
            is_bbo: Default::default(),
            fourth: Default::default(),
            flags_wide: Default::default(),
            book_wide: Default::default(),
            fourth_wide: Default::default(),
            bid_venues_wide: Default::default(),
            ask_venues_wide: Default::default(),
            left_kind: Default::default(),
            left_opcode: Default::default(),
            latency_base: Default::default(),
            bbo_kind: Constant::new(U::new(u64::from(Bbo::CODE))),
            fence_kind: Constant::new(U::new(u64::from(FenceDone::CODE))),
            flags_shift: shift(0, "flags", "flags"),
            book_shift: shift(0, "book", "book"),
            fourth_shift: shift(0, "opcode", "level"),
            venues_shift: shift(1, "bid_venues", "bid_venues"),
            fence_word: Constant::new(U::new(fence.encode().map_or(0, |words| words[0]))),
            word_zero: Constant::new(U::new(0)),
            opcodes: BBO_LATENCY.map(|(opcode, _)| Constant::new(U::new(u64::from(opcode)))),
            bases: BBO_LATENCY.map(|(_, cycles)| Constant::new(U::new(cycles))),
            depth_base: Constant::new(U::new(DEPTH_LATENCY)),
            fence_base: Constant::new(U::new(FENCE_LATENCY)),
            opcode_lsb: shift(0, "opcode", "level"),
        }
    }
}

impl<const A: usize, const B: usize> Logic for Market<A, B> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, conflate, ring);

        // The words of the event.
        self.is_bbo.next = self.event_kind.val() == self.bbo_kind.val();
        self.fourth.next = self.event_level.val();
        if self.is_bbo.val() {
            self.fourth.next = self.event_opcode.val();
        }
        self.flags_wide.next = unsigned_cast::<64, 8>(self.event_flags.val());
        self.book_wide.next = unsigned_cast::<64, 8>(self.event_book.val());
        self.fourth_wide.next = unsigned_cast::<64, 8>(self.fourth.val());
        self.bid_venues_wide.next = unsigned_cast::<64, 16>(self.bid_venues.val());
        self.ask_venues_wide.next = unsigned_cast::<64, 16>(self.ask_venues.val());
        self.words[0].next = unsigned_cast::<64, 8>(self.event_kind.val())
            | (self.flags_wide.val() << self.flags_shift.val())
            | (self.book_wide.val() << self.book_shift.val())
            | (self.fourth_wide.val() << self.fourth_shift.val());
        self.words[1].next =
            unsigned_cast::<64, 32>(self.bid_price.val()) | (self.bid_venues_wide.val() << self.venues_shift.val());
        self.words[2].next = unsigned_cast::<64, 36>(self.bid_quantity.val());
        self.words[3].next =
            unsigned_cast::<64, 32>(self.ask_price.val()) | (self.ask_venues_wide.val() << self.venues_shift.val());
        self.words[4].next = unsigned_cast::<64, 36>(self.ask_quantity.val());
        self.words[5].next = self.event_tag.val();
        if self.event_kind.val() == self.fence_kind.val() {
            self.words[0].next = self.fence_word.val();
            self.words[1].next = self.event_tag.val();
            for i in 2..6 {
                self.words[i].next = self.word_zero.val();
            }
        }

        for i in 0..6 {
            self.conflate.event_words[i].next = self.words[i].val();
        }

        // Conflation.
        self.conflate.reset.next = self.reset.val();
        self.conflate.event_valid.next = self.event_valid.val();
        self.conflate.event_bbo.next = self.is_bbo.val();
        self.conflate.event_book.next = unsigned_cast::<A, 8>(self.event_book.val());
        self.conflate.event_stamp.next = self.event_stamp.val();
        self.conflate.space.next = self.ring.space.val();
        self.depth_room.next = self.ring.room.val() & !self.conflate.kept.val();
        self.bbo.next = self.event_valid.val() & self.is_bbo.val();
        self.conflated.next = self.conflate.conflated.val();

        // The ring.
        self.left_kind.next = self.conflate.ring_words[0].val().get_bits::<8>(0);
        self.left_opcode.next = self.conflate.ring_words[0].val().get_bits::<8>(self.opcode_lsb.val().index());
        self.latency_base.next = self.depth_base.val();
        if self.left_kind.val() == self.fence_kind.val() {
            self.latency_base.next = self.fence_base.val();
        }
        if self.left_kind.val() == self.bbo_kind.val() {
            for i in 0..KINDS {
                if self.left_opcode.val() == self.opcodes[i].val() {
                    self.latency_base.next = self.bases[i].val();
                }
            }
        }
        self.ring.latency_base.next = self.latency_base.val();
        self.ring.event_valid.next = self.conflate.ring_valid.val();
        self.ring.stamp.next = self.conflate.ring_stamp.val();
        for i in 0..6 {
            self.ring.event_words[i].next = self.conflate.ring_words[i].val();
        }
        self.ring.reset.next = self.reset.val();
        self.ring.cycle.next = self.cycle.val();
        self.ring.base.next = self.base.val();
        self.ring.size.next = self.size.val();
        self.ring.consumer.next = self.consumer.val();
        self.ring.restart.next = self.restart.val();
        self.ring.dma_ready.next = self.dma_ready.val();
        self.producer.next = self.ring.producer.val();
        self.dma_valid.next = self.ring.dma_valid.val();
        self.dma_address.next = self.ring.dma_address.val();
        for i in 0..8 {
            self.dma_words[i].next = self.ring.dma_words[i].val();
        }
        self.busy.next = self.ring.busy.val() | self.conflate.kept.val();
    }
}

impl<const A: usize, const B: usize> Clocked for Market<A, B> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

inputs!(
    [const A: usize, const B: usize] Market<A, B>: clock, reset, cycle, event_valid, event_kind, event_opcode,
    event_book, event_level, event_flags,
    event_tag, event_stamp, bid_price, bid_venues, bid_quantity, ask_price, ask_venues, ask_quantity, base, size,
    consumer, restart, dma_ready
);
