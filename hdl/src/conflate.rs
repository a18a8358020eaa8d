//! [`Conflate`]: keeps the newest BBO of each book while the market ring has no space.
//!
//! | port | meaning |
//! |---|---|
//! | `event_valid`, `event_book`, `event_words`, `event_stamp` | an event of BOOK: words 0 to 5 |
//! | `event_bbo` | it may be replaced by a newer one of its book |
//! | `space` | the ring takes an event in this clock |
//! | `ring_valid`, `ring_words`, `ring_stamp` | the event for the ring |
//! | `kept` | a BBO is kept back: DEPTH and FENCE must wait |
//! | `conflated` | a kept BBO is replaced in this clock |
//! | `reset` | drop everything |
//!
//! Latency: 0 clocks while the ring has space and nothing is kept, so it never delays a BBO without back-pressure. Kept
//! BBOs leave one a clock in rounds: every book that is kept when a round starts leaves, lowest book first, before the
//! next round starts. An event that is not a BBO must only be sent while `kept` is low and the ring has space for
//! everything in flight; it passes at once.

use crate::int::{unsigned_cast, U};
use crate::leaf::field;
use crate::ram::LutRam;
use crate::sim::Clocked;
use crossgate_contract::event::Bbo;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// The newest BBO of each of `B` books; `A` is the width of a book number.
#[derive(LogicBlock)]
pub struct Conflate<const A: usize, const B: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// An event of BOOK.
    pub event_valid: Signal<In, Bit>,
    /// It is a BBO.
    pub event_bbo: Signal<In, Bit>,
    /// Its book.
    pub event_book: Signal<In, U<A>>,
    /// Its words.
    pub event_words: [Signal<In, U<64>>; 6],
    /// Stamp of its command.
    pub event_stamp: Signal<In, U<16>>,
    /// The ring takes an event.
    pub space: Signal<In, Bit>,
    /// An event for the ring.
    pub ring_valid: Signal<Out, Bit>,
    /// Its words.
    pub ring_words: [Signal<Out, U<64>>; 6],
    /// Its stamp.
    pub ring_stamp: Signal<Out, U<16>>,
    /// A BBO is kept back.
    pub kept: Signal<Out, Bit>,
    /// A kept BBO is replaced.
    pub conflated: Signal<Out, Bit>,
    kept_words: [LutRam<U<64>, A>; 6],
    kept_stamp: LutRam<U<16>, A>,
    count_event: LutRam<U<32>, A>,
    count_pick: LutRam<U<32>, A>,
    kept_reg: DFF<U<B>>,
    round_reg: DFF<U<B>>,
    waiting: Signal<Local, Bit>,
    keep: Signal<Local, Bit>,
    drain: Signal<Local, Bit>,
    candidates: Signal<Local, U<B>>,
    negated: Signal<Local, U<B>>,
    lowest: Signal<Local, U<B>>,
    arrival: Signal<Local, U<B>>,
    after_drain: Signal<Local, U<B>>,
    pick: Signal<Local, U<A>>,
    replaced: Signal<Local, U<B>>,
    count: Signal<Local, U<32>>,
    count_wide: Signal<Local, U<64>>,
    words: [Signal<Local, U<64>>; 6],
    stamp: Signal<Local, U<16>>,
    zero: Constant<U<B>>,
    one_hot: Constant<U<B>>,
    count_shift: Constant<U<6>>,
    index: [Constant<U<A>>; B],
    pick_zero: Constant<U<A>>,
    count_zero: Constant<U<32>>,
    count_one: Constant<U<32>>,
}

impl<const A: usize, const B: usize> Default for Conflate<A, B> {
    fn default() -> Self {
        assert!(B <= 1 << A && B <= 64, "{B} books do not fit {A} bits");
        let conflated = field(&Bbo::LAYOUT, "conflated");
        assert_eq!((conflated.word, conflated.width), (0, 32), "the count lies in word 0");
        Self {
            clock: Default::default(),
            reset: Default::default(),
            event_valid: Default::default(),
            event_bbo: Default::default(),
            event_book: Default::default(),
            event_words: Default::default(),
            event_stamp: Default::default(),
            space: Default::default(),
            ring_valid: Default::default(),
            ring_words: Default::default(),
            ring_stamp: Default::default(),
            kept: Default::default(),
            conflated: Default::default(),
            kept_words: Default::default(),
            kept_stamp: Default::default(),
            count_event: Default::default(),
            count_pick: Default::default(),
            kept_reg: Default::default(),
            round_reg: Default::default(),
            waiting: Default::default(),
            keep: Default::default(),
            drain: Default::default(),
            candidates: Default::default(),
            negated: Default::default(),
            lowest: Default::default(),
            arrival: Default::default(),
            after_drain: Default::default(),
            pick: Default::default(),
            replaced: Default::default(),
            count: Default::default(),
            count_wide: Default::default(),
            words: Default::default(),
            stamp: Default::default(),
            zero: Constant::new(U::new(0)),
            one_hot: Constant::new(U::new(1)),
            count_shift: Constant::new(U::new(u64::from(conflated.lsb))),
            index: std::array::from_fn(|book| Constant::new(U::new(book as u64))),
            pick_zero: Constant::new(U::new(0)),
            count_zero: Constant::new(U::new(0)),
            count_one: Constant::new(U::new(1)),
        }
    }
}

impl<const A: usize, const B: usize> Logic for Conflate<A, B> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, kept_reg, round_reg);
        clock!(self, clock, kept_stamp, count_event, count_pick);
        self.waiting.next = self.kept_reg.q.val().any();
        self.keep.next = self.event_valid.val() & self.event_bbo.val() & (self.waiting.val() | !self.space.val());
        self.drain.next = self.waiting.val() & self.space.val() & (self.event_bbo.val() | !self.event_valid.val());

        // The lowest kept book of this round.
        self.candidates.next = self.round_reg.q.val();
        if !self.round_reg.q.val().any() {
            self.candidates.next = self.kept_reg.q.val();
        }
        self.negated.next = self.zero.val() - self.candidates.val();
        self.lowest.next = self.candidates.val() & self.negated.val();
        self.pick.next = self.pick_zero.val();
        for i in 0..B {
            if self.lowest.val().get_bit(i) {
                self.pick.next = self.index[i].val();
            }
        }

        // What stays: without the one that leaves, with the one that arrives.
        self.after_drain.next = self.kept_reg.q.val();
        if self.drain.val() {
            self.after_drain.next = self.kept_reg.q.val() & (!self.lowest.val());
            self.round_reg.d.next = self.candidates.val() & (!self.lowest.val());
        }
        self.arrival.next = self.zero.val();
        if self.keep.val() {
            self.arrival.next = self.one_hot.val() << self.event_book.val();
        }
        self.kept_reg.d.next = self.after_drain.val() | self.arrival.val();
        self.replaced.next = self.after_drain.val() & self.arrival.val();
        self.conflated.next = self.replaced.val().any();
        if self.reset.val() {
            self.kept_reg.d.next = self.zero.val();
            self.round_reg.d.next = self.zero.val();
        }
        self.count_event.read_address.next = self.event_book.val();
        self.count.next = self.count_zero.val();
        if self.replaced.val().any() {
            self.count.next = self.count_event.read_data.val() + self.count_one.val();
        }
        self.count_event.write_enable.next = self.keep.val();
        self.count_event.write_address.next = self.event_book.val();
        self.count_event.write_data.next = self.count.val();
        self.count_pick.read_address.next = self.pick.val();
        self.count_pick.write_enable.next = self.keep.val();
        self.count_pick.write_address.next = self.event_book.val();
        self.count_pick.write_data.next = self.count.val();
        self.kept_stamp.read_address.next = self.pick.val();
        self.kept_stamp.write_enable.next = self.keep.val();
        self.kept_stamp.write_address.next = self.event_book.val();
        self.kept_stamp.write_data.next = self.event_stamp.val();
        for i in 0..6 {
            self.kept_words[i].clock.next = self.clock.val();
            self.kept_words[i].read_address.next = self.pick.val();
            self.kept_words[i].write_enable.next = self.keep.val();
            self.kept_words[i].write_address.next = self.event_book.val();
            self.kept_words[i].write_data.next = self.event_words[i].val();
            self.words[i].next = self.event_words[i].val();
            if self.drain.val() {
                self.words[i].next = self.kept_words[i].read_data.val();
            }
        }
        self.count_wide.next = unsigned_cast::<64, 32>(self.count_pick.read_data.val());
        if self.drain.val() {
            self.words[0].next = self.kept_words[0].read_data.val() | (self.count_wide.val() << self.count_shift.val());
        }
        self.stamp.next = self.event_stamp.val();
        if self.drain.val() {
            self.stamp.next = self.kept_stamp.read_data.val();
        }
        self.ring_stamp.next = self.stamp.val();
        for i in 0..6 {
            self.ring_words[i].next = self.words[i].val();
        }
        self.ring_valid.next = self.drain.val() | (self.event_valid.val() & !self.keep.val());
        self.kept.next = self.waiting.val();
    }
}

impl<const A: usize, const B: usize> Clocked for Conflate<A, B> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
