//! [`Ring`]: one event ring.
//!
//! | port | meaning |
//! |---|---|
//! | `event_valid`, `event_words`, `stamp` | an event at the ring's input: words 0 to 5 and the stamp of its command |
//! | `latency_base` | the latency of this kind of event when nothing queues; the rest is reported as wait |
//! | `cycle` | the card's cycle count |
//! | `space` | the queue takes an event in this clock |
//! | `room` | the queue takes 16 more events: enough for what a producer may have in flight |
//! | `full` | the host's ring has no free entry beyond those that the queue needs |
//! | `base`, `size`, `consumer`, `restart` | ring registers; `restart` begins anew at entry 0 with phase 1 |
//! | `producer` | events handed to the bus, modulo 2^32 |
//! | `dma_valid`, `dma_ready`, `dma_address`, `dma_words` | the next event for host memory |
//! | `reset` | drop everything |
//!
//! Latency: an event is on `dma_*` 1 clock after `event_valid` when the queue is empty and the host has a free entry.
//! `size` 0, or beyond 4 to 20, switches the ring off: events wait in the queue, then `room` falls and their producers
//! wait; nothing is lost. Latency and wait are differences of 16-bit stamps: they are exact up to 65,535 cycles.
//!
//! ```text
//! clock        _/0\_/1\_
//! event_valid  /-\______
//! dma_valid    ____/-\__
//! ```

use crate::int::{unsigned_cast, U};
use crate::ram::LutRam;
use crate::sim::Clocked;
use crossgate_contract::{event, width, Field};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// log2 of the events that a ring queues on the card.
pub const QUEUE_LOG2: usize = 5;
/// A producer may have this many events in flight.
const IN_FLIGHT: u64 = 16;
const CYCLE: usize = width::CYCLE_BITS as usize;

/// An event ring.
#[derive(LogicBlock)]
pub struct Ring {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// An event at the ring's input.
    pub event_valid: Signal<In, Bit>,
    /// Its words 0 to 5.
    pub event_words: [Signal<In, U<64>>; 6],
    /// Stamp of its command.
    pub stamp: Signal<In, U<16>>,
    /// Latency without queueing.
    pub latency_base: Signal<In, U<16>>,
    /// Cycle count of the card.
    pub cycle: Signal<In, U<CYCLE>>,
    /// Bus address of entry 0.
    pub base: Signal<In, U<64>>,
    /// log2 of the entries.
    pub size: Signal<In, U<5>>,
    /// Events consumed by the host.
    pub consumer: Signal<In, U<32>>,
    /// Begin anew.
    pub restart: Signal<In, Bit>,
    /// The bus takes the event.
    pub dma_ready: Signal<In, Bit>,
    /// The queue takes an event.
    pub space: Signal<Out, Bit>,
    /// The queue takes all that may be in flight.
    pub room: Signal<Out, Bit>,
    /// The host has no free entry.
    pub full: Signal<Out, Bit>,
    /// Events handed to the bus.
    pub producer: Signal<Out, U<32>>,
    /// An event for host memory.
    pub dma_valid: Signal<Out, Bit>,
    /// Its bus address.
    pub dma_address: Signal<Out, U<64>>,
    /// Its words.
    pub dma_words: [Signal<Out, U<64>>; 8],
    /// An event is queued.
    pub busy: Signal<Out, Bit>,
    queue_words: [LutRam<U<64>, QUEUE_LOG2>; 7],
    queue_wait: LutRam<U<16>, QUEUE_LOG2>,
    head_reg: DFF<U<QUEUE_LOG2>>,
    tail_reg: DFF<U<QUEUE_LOG2>>,
    count_reg: DFF<U<6>>,
    producer_reg: DFF<U<32>>,
    mask_reg: DFF<U<32>>,
    on_reg: DFF<Bit>,
    entries: Signal<Local, U<32>>,
    used: Signal<Local, U<32>>,
    needed: Signal<Local, U<32>>,
    entry: Signal<Local, U<32>>,
    offset: Signal<Local, U<64>>,
    latency: Signal<Local, U<16>>,
    wait_cycles: Signal<Local, U<16>>,
    latency_wide: Signal<Local, U<64>>,
    sequence_wide: Signal<Local, U<64>>,
    last_word: Signal<Local, U<64>>,
    phase: Signal<Local, Bit>,
    push: Signal<Local, Bit>,
    pop: Signal<Local, Bit>,
    one: Constant<U<32>>,
    size_least: Constant<U<5>>,
    size_most: Constant<U<5>>,
    queue_full: Constant<U<6>>,
    queue_room: Constant<U<6>>,
    entry_shift: Constant<U<3>>,
    latency_shift: Constant<U<6>>,
    sequence_shift: Constant<U<6>>,
    phase_bits: Constant<U<64>>,
    wait_zero: Constant<U<16>>,
    index_zero: Constant<U<QUEUE_LOG2>>,
    index_one: Constant<U<QUEUE_LOG2>>,
    count_zero: Constant<U<6>>,
    count_one: Constant<U<6>>,
    zero: Constant<U<32>>,
}

impl Default for Ring {
    fn default() -> Self {
        let shift = |field: Field| Constant::new(U::new(u64::from(field.lsb)));
        assert_eq!(
            (event::CYCLE.word, event::CYCLE.lsb, event::LATENCY.word),
            (6, 0, 6),
            "cycle and latency are word 6"
        );
        assert_eq!(
            (event::WAIT.word, event::WAIT.lsb, event::SEQUENCE.word),
            (7, 0, 7),
            "wait and sequence are word 7"
        );
        Self {
            clock: Default::default(),
            reset: Default::default(),
            event_valid: Default::default(),
            event_words: Default::default(),
            stamp: Default::default(),
            latency_base: Default::default(),
            cycle: Default::default(),
            base: Default::default(),
            size: Default::default(),
            consumer: Default::default(),
            restart: Default::default(),
            dma_ready: Default::default(),
            space: Default::default(),
            room: Default::default(),
            full: Default::default(),
            producer: Default::default(),
            dma_valid: Default::default(),
            dma_address: Default::default(),
            dma_words: Default::default(),
            busy: Default::default(),
            queue_words: Default::default(),
            queue_wait: Default::default(),
            head_reg: Default::default(),
            tail_reg: Default::default(),
            count_reg: Default::default(),
            producer_reg: Default::default(),
            mask_reg: Default::default(),
            on_reg: Default::default(),
            entries: Default::default(),
            used: Default::default(),
            needed: Default::default(),
            entry: Default::default(),
            offset: Default::default(),
            latency: Default::default(),
            wait_cycles: Default::default(),
            latency_wide: Default::default(),
            sequence_wide: Default::default(),
            last_word: Default::default(),
            phase: Default::default(),
            push: Default::default(),
            pop: Default::default(),
            one: Constant::new(U::new(1)),
            size_least: Constant::new(U::new(4)),
            size_most: Constant::new(U::new(20)),
            queue_full: Constant::new(U::new(1 << QUEUE_LOG2)),
            queue_room: Constant::new(U::new((1 << QUEUE_LOG2) - IN_FLIGHT)),
            entry_shift: Constant::new(U::new(u64::from(event::EVENT_BYTES.ilog2()))),
            latency_shift: shift(event::LATENCY),
            sequence_shift: shift(event::SEQUENCE),
            phase_bits: Constant::new(U::new(event::PHASE.mask() << event::PHASE.lsb)),
            wait_zero: Constant::new(U::new(0)),
            index_zero: Constant::new(U::new(0)),
            index_one: Constant::new(U::new(1)),
            count_zero: Constant::new(U::new(0)),
            count_one: Constant::new(U::new(1)),
            zero: Constant::new(U::new(0)),
        }
    }
}

impl Logic for Ring {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, head_reg, tail_reg, count_reg, producer_reg, mask_reg, on_reg);
        clock!(self, clock, queue_wait);

        // At the input: latency and wait.
        self.push.next = self.event_valid.val();
        self.latency.next = self.cycle.val().get_bits::<16>(0) - self.stamp.val();
        self.wait_cycles.next = self.wait_zero.val();
        if self.latency.val() > self.latency_base.val() {
            self.wait_cycles.next = self.latency.val() - self.latency_base.val();
        }
        self.latency_wide.next = unsigned_cast::<64, 16>(self.latency.val());
        for i in 0..6 {
            self.queue_words[i].clock.next = self.clock.val();
            self.queue_words[i].read_address.next = self.head_reg.q.val();
            self.queue_words[i].write_address.next = self.tail_reg.q.val();
            self.queue_words[i].write_enable.next = self.push.val();
            self.queue_words[i].write_data.next = self.event_words[i].val();
            self.dma_words[i].next = self.queue_words[i].read_data.val();
        }
        self.queue_words[6].clock.next = self.clock.val();
        self.queue_words[6].read_address.next = self.head_reg.q.val();
        self.queue_words[6].write_address.next = self.tail_reg.q.val();
        self.queue_words[6].write_enable.next = self.push.val();
        self.queue_words[6].write_data.next =
            unsigned_cast::<64, CYCLE>(self.cycle.val()) | (self.latency_wide.val() << self.latency_shift.val());
        self.dma_words[6].next = self.queue_words[6].read_data.val();
        self.queue_wait.read_address.next = self.head_reg.q.val();
        self.queue_wait.write_address.next = self.tail_reg.q.val();
        self.queue_wait.write_enable.next = self.push.val();
        self.queue_wait.write_data.next = self.wait_cycles.val();

        // Credit of the host.
        self.entries.next = self.one.val() << self.size.val();
        self.mask_reg.d.next = self.entries.val() - self.one.val();
        self.on_reg.d.next = (self.size.val() >= self.size_least.val()) & (self.size.val() <= self.size_most.val());
        self.used.next = self.producer_reg.q.val() - self.consumer.val();
        self.needed.next = self.used.val() + unsigned_cast::<32, 6>(self.count_reg.q.val());
        self.full.next = !self.on_reg.q.val() | (self.needed.val() > self.mask_reg.q.val());

        // At the output: address, sequence and phase.
        self.dma_valid.next = self.on_reg.q.val()
            & self.count_reg.q.val().any()
            & (self.used.val() <= self.mask_reg.q.val())
            & !self.restart.val();
        self.pop.next = self.dma_valid.val() & self.dma_ready.val();
        self.entry.next = self.producer_reg.q.val() & self.mask_reg.q.val();
        self.offset.next = unsigned_cast::<64, 32>(self.entry.val());
        self.dma_address.next = self.base.val() + (self.offset.val() << self.entry_shift.val());
        self.phase.next = self.producer_reg.q.val().get_bit(self.size.val().index());
        self.sequence_wide.next = unsigned_cast::<64, 32>(self.producer_reg.q.val());
        self.last_word.next = unsigned_cast::<64, 16>(self.queue_wait.read_data.val())
            | (self.sequence_wide.val() << self.sequence_shift.val());
        if !self.phase.val() {
            self.last_word.next = unsigned_cast::<64, 16>(self.queue_wait.read_data.val())
                | (self.sequence_wide.val() << self.sequence_shift.val())
                | self.phase_bits.val();
        }

        self.dma_words[7].next = self.last_word.val();

        // The queue.
        if self.push.val() {
            self.tail_reg.d.next = self.tail_reg.q.val() + self.index_one.val();
        }
        if self.pop.val() {
            self.head_reg.d.next = self.head_reg.q.val() + self.index_one.val();
            self.producer_reg.d.next = self.producer_reg.q.val() + self.one.val();
        }
        if self.push.val() & !self.pop.val() {
            self.count_reg.d.next = self.count_reg.q.val() + self.count_one.val();
        }
        if self.pop.val() & !self.push.val() {
            self.count_reg.d.next = self.count_reg.q.val() - self.count_one.val();
        }
        if self.restart.val() {
            self.producer_reg.d.next = self.zero.val();
        }
        if self.reset.val() {
            self.head_reg.d.next = self.index_zero.val();
            self.tail_reg.d.next = self.index_zero.val();
            self.count_reg.d.next = self.count_zero.val();
            self.producer_reg.d.next = self.zero.val();
        }
        self.space.next = self.count_reg.q.val() < self.queue_full.val();
        self.room.next = self.count_reg.q.val() <= self.queue_room.val();
        self.producer.next = self.producer_reg.q.val();
        self.busy.next = self.count_reg.q.val().any();
    }
}

impl Clocked for Ring {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
