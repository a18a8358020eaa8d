//! [`Front`]: windows and dispatch, from the pins to the inputs of BOOK and GATE.
//!
//! | port | meaning |
//! |---|---|
//! | `beat_*`, `cycle` | pins and cycle count |
//! | `reset`, `stop` | scrub; the card is not ready, so beats are dropped |
//! | `book_*` and its fields, `orders_*`, `control_*` | commands for BOOK and GATE |
//! | `gate_idle` | GATE has nothing under way |
//! | `answer_*` | events of dispatch itself for the decision ring, one of the three windows at a time |
//! | the others | status of the three windows, orders first |
//!
//! Latency: 3 clocks from the pins to `book_valid`, `orders_valid`, `control_valid` when nothing waits.

use super::asleep::inputs;
use super::CYCLE;
use crate::dispatch::{ToBook, ToGate};
use crate::int::U;
use crate::island::Sleeper;
use crate::sim::Clocked;
use crate::window::{Intake, Window};
use crossgate_contract::{Sizes, Window as Number};
use rust_hdl_core::prelude::*;

/// Windows of `2^N` slots and their dispatch.
#[derive(LogicBlock)]
pub struct Front<const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Scrub.
    pub reset: Signal<In, Bit>,
    /// Drop every beat.
    pub stop: Signal<In, Bit>,
    /// Cycle count.
    pub cycle: Signal<In, U<CYCLE>>,
    /// A write is on the pins.
    pub beat_valid: Signal<In, Bit>,
    /// Its window.
    pub beat_window: Signal<In, U<2>>,
    /// Its slot.
    pub beat_slot: Signal<In, U<16>>,
    /// Its quadwords.
    pub beat_strobe: Signal<In, U<8>>,
    /// Its words.
    pub beat_words: [Signal<In, U<64>>; 8],
    /// A command for BOOK.
    pub book_valid: Signal<Out, Bit>,
    /// BOOK takes it.
    pub book_ready: Signal<In, Bit>,
    /// Opcode.
    pub opcode: Signal<Out, U<8>>,
    /// Venue.
    pub venue: Signal<Out, U<8>>,
    /// Book.
    pub book: Signal<Out, U<8>>,
    /// 0 bid, 1 ask.
    pub side: Signal<Out, Bit>,
    /// Price or base, ticks.
    pub price: Signal<Out, U<32>>,
    /// Book lots, enabled venues or count.
    pub quantity: Signal<Out, U<32>>,
    /// The book is being refilled.
    pub refilling: Signal<Out, Bit>,
    /// Tag.
    pub tag: Signal<Out, U<64>>,
    /// Stamp.
    pub stamp: Signal<Out, U<16>>,
    /// A HEARTBEAT.
    pub heartbeat: Signal<Out, Bit>,
    /// Its venue.
    pub heartbeat_venue: Signal<Out, U<8>>,
    /// Its time.
    pub heartbeat_time: Signal<Out, U<48>>,
    /// A command of the orders window for GATE.
    pub orders_valid: Signal<Out, Bit>,
    /// GATE takes it.
    pub orders_ready: Signal<In, Bit>,
    /// Its words.
    pub orders_words: [Signal<Out, U<64>>; 4],
    /// Its stamp.
    pub orders_stamp: Signal<Out, U<16>>,
    /// A command of the control window for GATE.
    pub control_valid: Signal<Out, Bit>,
    /// GATE takes it.
    pub control_ready: Signal<In, Bit>,
    /// Its words.
    pub control_words: [Signal<Out, U<64>>; 4],
    /// Its stamp.
    pub control_stamp: Signal<Out, U<16>>,
    /// GATE has nothing under way.
    pub gate_idle: Signal<In, Bit>,
    /// An event for the decision ring.
    pub answer_valid: Signal<Out, Bit>,
    /// The ring takes it.
    pub answer_ready: Signal<In, Bit>,
    /// Its words.
    pub answer_words: [Signal<Out, U<64>>; 6],
    /// Its stamp.
    pub answer_stamp: Signal<Out, U<16>>,
    /// Slots consumed.
    pub consumed: [Signal<Out, U<16>>; 3],
    /// Sequence expected at the first error.
    pub expected: [Signal<Out, U<16>>; 3],
    /// Sequence received at the first error.
    pub received: [Signal<Out, U<16>>; 3],
    /// Windows with a wrong sequence.
    pub missequenced: Signal<Out, U<3>>,
    /// Windows that overran.
    pub overrun: Signal<Out, U<3>>,
    /// Windows whose command is taken in this clock.
    pub taken: Signal<Out, U<3>>,
    /// Everything is scrubbed.
    pub ready: Signal<Out, Bit>,
    /// A command is on its way.
    pub busy: Signal<Out, Bit>,
    intake: Sleeper<Intake<N>>,
    orders: Sleeper<Window<N>>,
    market: Sleeper<Window<N>>,
    control: Sleeper<Window<N>>,
    to_orders: Sleeper<ToGate>,
    to_control: Sleeper<ToGate>,
    to_book: Sleeper<ToBook>,
    halt: Signal<Local, Bit>,
    bits: Signal<Local, U<3>>,
    none: Constant<U<3>>,
    bit: [Constant<U<3>>; 3],
}

impl<const N: usize> Front<N> {
    /// The front of a build.
    ///
    /// # Panics
    /// If the windows have another size: a broken build.
    pub fn new(sizes: &Sizes) -> Self {
        assert_eq!(sizes.window_slots, 1 << N, "slots of a window");
        Self {
            clock: Default::default(),
            reset: Default::default(),
            stop: Default::default(),
            cycle: Default::default(),
            beat_valid: Default::default(),
            beat_window: Default::default(),
            beat_slot: Default::default(),
            beat_strobe: Default::default(),
            beat_words: Default::default(),
            book_valid: Default::default(),
            book_ready: Default::default(),
            opcode: Default::default(),
            venue: Default::default(),
            book: Default::default(),
            side: Default::default(),
            price: Default::default(),
            quantity: Default::default(),
            refilling: Default::default(),
            tag: Default::default(),
            stamp: Default::default(),
            orders_valid: Default::default(),
            orders_ready: Default::default(),
            orders_words: Default::default(),
            orders_stamp: Default::default(),
            control_valid: Default::default(),
            control_ready: Default::default(),
            control_words: Default::default(),
            control_stamp: Default::default(),
            gate_idle: Default::default(),
            heartbeat: Default::default(),
            heartbeat_venue: Default::default(),
            heartbeat_time: Default::default(),
            answer_valid: Default::default(),
            answer_ready: Default::default(),
            answer_words: Default::default(),
            answer_stamp: Default::default(),
            consumed: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            missequenced: Default::default(),
            overrun: Default::default(),
            taken: Default::default(),
            ready: Default::default(),
            busy: Default::default(),
            intake: Default::default(),
            orders: Default::default(),
            market: Default::default(),
            control: Default::default(),
            to_orders: Sleeper::new(ToGate::new(Number::Orders, sizes)),
            to_control: Sleeper::new(ToGate::new(Number::Control, sizes)),
            to_book: Sleeper::new(ToBook::new(sizes)),
            halt: Default::default(),
            bits: Default::default(),
            none: Constant::new(U::new(0)),
            bit: [1, 2, 4].map(|bit| Constant::new(U::new(bit))),
        }
    }
}

impl<const N: usize> Logic for Front<N> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, intake, orders, market, control, to_orders, to_control, to_book);

        // Pins to windows.
        self.intake.cycle.next = self.cycle.val();
        self.intake.beat_valid.next = self.beat_valid.val();
        self.intake.beat_window.next = self.beat_window.val();
        self.intake.beat_slot.next = self.beat_slot.val();
        self.intake.beat_strobe.next = self.beat_strobe.val();
        self.orders.beat_valid.next = self.intake.orders.val();
        self.market.beat_valid.next = self.intake.market.val();
        self.control.beat_valid.next = self.intake.control.val();
        self.orders.slot.next = self.intake.slot.val();
        self.market.slot.next = self.intake.slot.val();
        self.control.slot.next = self.intake.slot.val();
        self.orders.strobe.next = self.intake.strobe.val();
        self.market.strobe.next = self.intake.strobe.val();
        self.control.strobe.next = self.intake.strobe.val();
        self.orders.stamp.next = self.intake.stamp.val();
        self.market.stamp.next = self.intake.stamp.val();
        self.control.stamp.next = self.intake.stamp.val();
        for i in 0..8 {
            self.intake.beat_words[i].next = self.beat_words[i].val();
            self.orders.words[i].next = self.intake.words[i].val();
            self.market.words[i].next = self.intake.words[i].val();
            self.control.words[i].next = self.intake.words[i].val();
        }
        self.halt.next = self.stop.val()
            | self.orders.overrun_error.val()
            | self.market.overrun_error.val()
            | self.control.overrun_error.val();
        self.orders.halt.next = self.halt.val();
        self.market.halt.next = self.halt.val();
        self.control.halt.next = self.halt.val();
        self.orders.reset.next = self.reset.val();
        self.market.reset.next = self.reset.val();
        self.control.reset.next = self.reset.val();
        self.to_orders.reset.next = self.reset.val();
        self.to_book.reset.next = self.reset.val();
        self.to_control.reset.next = self.reset.val();

        // Windows to dispatch.
        self.to_orders.command_valid.next = self.orders.command_valid.val();
        self.orders.command_ready.next = self.to_orders.command_ready.val();
        self.to_orders.command_stamp.next = self.orders.command_stamp.val();
        self.to_orders.missequenced.next = self.orders.sequence_error.val();
        self.to_orders.overrun.next = self.orders.overrun_error.val();
        self.to_orders.expected.next = self.orders.expected.val();
        self.to_orders.received.next = self.orders.received.val();
        self.to_book.command_valid.next = self.market.command_valid.val();
        self.market.command_ready.next = self.to_book.command_ready.val();
        self.to_book.command_stamp.next = self.market.command_stamp.val();
        self.to_book.missequenced.next = self.market.sequence_error.val();
        self.to_book.overrun.next = self.market.overrun_error.val();
        self.to_book.expected.next = self.market.expected.val();
        self.to_book.received.next = self.market.received.val();
        self.to_control.command_valid.next = self.control.command_valid.val();
        self.control.command_ready.next = self.to_control.command_ready.val();
        self.to_control.command_stamp.next = self.control.command_stamp.val();
        self.to_control.missequenced.next = self.control.sequence_error.val();
        self.to_control.overrun.next = self.control.overrun_error.val();
        self.to_control.expected.next = self.control.expected.val();
        self.to_control.received.next = self.control.received.val();
        for i in 0..4 {
            self.to_orders.command_words[i].next = self.orders.command_words[i].val();
            self.to_book.command_words[i].next = self.market.command_words[i].val();
            self.to_control.command_words[i].next = self.control.command_words[i].val();
        }

        // Dispatch to BOOK and GATE.
        self.book_valid.next = self.to_book.book_valid.val();
        self.to_book.book_ready.next = self.book_ready.val();
        self.opcode.next = self.to_book.opcode.val();
        self.venue.next = self.to_book.venue.val();
        self.book.next = self.to_book.book.val();
        self.side.next = self.to_book.side.val();
        self.price.next = self.to_book.price.val();
        self.quantity.next = self.to_book.quantity.val();
        self.refilling.next = self.to_book.refilling.val();
        self.tag.next = self.to_book.tag.val();
        self.stamp.next = self.to_book.stamp.val();
        self.orders_valid.next = self.to_orders.gate_valid.val();
        self.to_orders.gate_ready.next = self.orders_ready.val();
        self.orders_stamp.next = self.to_orders.gate_stamp.val();
        self.control_valid.next = self.to_control.gate_valid.val();
        self.to_control.gate_ready.next = self.control_ready.val();
        self.control_stamp.next = self.to_control.gate_stamp.val();
        for i in 0..4 {
            self.orders_words[i].next = self.to_orders.gate_words[i].val();
            self.control_words[i].next = self.to_control.gate_words[i].val();
        }
        self.to_orders.gate_idle.next = self.gate_idle.val();
        self.to_control.gate_idle.next = self.gate_idle.val();
        self.to_orders.hold.next = self.to_control.pending.val();
        self.to_control.hold.next = self.to_orders.pending.val();
        self.heartbeat.next = self.to_book.heartbeat.val();
        self.heartbeat_venue.next = self.to_book.heartbeat_venue.val();
        self.heartbeat_time.next = self.to_book.heartbeat_time.val();
        self.to_book.venue_address.next = self.to_control.venue_address.val();
        self.to_control.venue_time.next = self.to_book.venue_time.val();
        self.to_orders.venue_time.next = self.to_book.venue_time.val();

        // Answers: orders, then control, then market.
        self.answer_valid.next =
            self.to_orders.answer_valid.val() | self.to_control.answer_valid.val() | self.to_book.answer_valid.val();
        self.to_orders.answer_ready.next = self.answer_ready.val();
        self.to_control.answer_ready.next = self.answer_ready.val() & !self.to_orders.answer_valid.val();
        self.to_book.answer_ready.next =
            self.answer_ready.val() & !(self.to_orders.answer_valid.val() | self.to_control.answer_valid.val());
        self.answer_stamp.next = self.to_book.answer_stamp.val();
        if self.to_control.answer_valid.val() {
            self.answer_stamp.next = self.to_control.answer_stamp.val();
        }
        if self.to_orders.answer_valid.val() {
            self.answer_stamp.next = self.to_orders.answer_stamp.val();
        }
        for i in 0..6 {
            self.answer_words[i].next = self.to_book.answer_words[i].val();
            if self.to_control.answer_valid.val() {
                self.answer_words[i].next = self.to_control.answer_words[i].val();
            }
            if self.to_orders.answer_valid.val() {
                self.answer_words[i].next = self.to_orders.answer_words[i].val();
            }
        }

        // Status.
        self.consumed[0].next = self.orders.consumed.val();
        self.consumed[1].next = self.market.consumed.val();
        self.consumed[2].next = self.control.consumed.val();
        self.expected[0].next = self.orders.expected.val();
        self.expected[1].next = self.market.expected.val();
        self.expected[2].next = self.control.expected.val();
        self.received[0].next = self.orders.received.val();
        self.received[1].next = self.market.received.val();
        self.received[2].next = self.control.received.val();
        self.bits.next = self.none.val();
        if self.orders.sequence_error.val() {
            self.bits.next = self.bits.val() | self.bit[0].val();
        }
        if self.market.sequence_error.val() {
            self.bits.next = self.bits.val() | self.bit[1].val();
        }
        if self.control.sequence_error.val() {
            self.bits.next = self.bits.val() | self.bit[2].val();
        }
        self.missequenced.next = self.bits.val();
        self.bits.next = self.none.val();
        if self.orders.overrun_error.val() {
            self.bits.next = self.bits.val() | self.bit[0].val();
        }
        if self.market.overrun_error.val() {
            self.bits.next = self.bits.val() | self.bit[1].val();
        }
        if self.control.overrun_error.val() {
            self.bits.next = self.bits.val() | self.bit[2].val();
        }
        self.overrun.next = self.bits.val();
        self.bits.next = self.none.val();
        if self.to_orders.taken.val() {
            self.bits.next = self.bits.val() | self.bit[0].val();
        }
        if self.to_book.taken.val() {
            self.bits.next = self.bits.val() | self.bit[1].val();
        }
        if self.to_control.taken.val() {
            self.bits.next = self.bits.val() | self.bit[2].val();
        }
        self.taken.next = self.bits.val();
        self.ready.next =
            self.orders.ready.val() & self.market.ready.val() & self.control.ready.val() & self.to_book.ready.val();
        self.busy.next = self.orders.busy.val()
            | self.market.busy.val()
            | self.control.busy.val()
            | self.to_orders.busy.val()
            | self.to_book.busy.val()
            | self.to_control.busy.val();
    }
}

impl<const N: usize> Clocked for Front<N> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

inputs!(
    [const N: usize] Front<N>: clock, reset, stop, cycle, beat_valid, beat_window, beat_slot, beat_strobe,
    beat_words, book_ready, orders_ready,
    control_ready, gate_idle, answer_ready
);
inputs!([const N: usize] Intake<N>: clock, beat_valid, beat_window, beat_slot, beat_strobe, beat_words, cycle);
inputs!([const N: usize] Window<N>: clock, reset, halt, beat_valid, slot, strobe, words, stamp, command_ready);
inputs!(
    [] ToGate: clock, reset, command_valid, command_words, command_stamp, missequenced, overrun, expected,
    received, gate_ready, gate_idle, hold,
    venue_time, answer_ready
);
inputs!(
    [] ToBook: clock, reset, command_valid, command_words, command_stamp, missequenced, overrun, expected,
    received, book_ready, venue_address,
    answer_ready
);
