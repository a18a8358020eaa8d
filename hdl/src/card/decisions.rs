//! [`Decisions`]: events of GATE and of dispatch into the decision ring.
//!
//! | port | meaning |
//! |---|---|
//! | `gate_valid`, `gate_words`, `gate_stamp` | an event of GATE; it always goes first |
//! | `answer_*` | an event of dispatch; taken while there is also room for what GATE has in flight |
//! | `room`, `full` | of the ring, for GATE |
//! | `faults`, `accepted`, `rejected`, `fills` | count in this clock |
//! | the others | as in `Ring` |
//!
//! Latency: 0 clocks to the ring's input. `wait` is the latency beyond the one that the kind of event has when nothing
//! queues.

use super::asleep::inputs;
use super::{CYCLE, DECISION_LATENCY};
use crate::int::U;
use crate::leaf::field;
use crate::ring::Ring;
use crate::sim::Clocked;
use crossgate_contract::command::{Order, Replace};
use crossgate_contract::event::{FaultRaised, Filled, Verdict};
use rust_hdl_core::prelude::*;

const KINDS: usize = DECISION_LATENCY.len();

/// The decision ring and what feeds it.
#[derive(LogicBlock)]
pub struct Decisions {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// Cycle count.
    pub cycle: Signal<In, U<CYCLE>>,
    /// An event of GATE.
    pub gate_valid: Signal<In, Bit>,
    /// Its words.
    pub gate_words: [Signal<In, U<64>>; 6],
    /// Its stamp.
    pub gate_stamp: Signal<In, U<16>>,
    /// An event of dispatch.
    pub answer_valid: Signal<In, Bit>,
    /// It is taken.
    pub answer_ready: Signal<Out, Bit>,
    /// Its words.
    pub answer_words: [Signal<In, U<64>>; 6],
    /// Its stamp.
    pub answer_stamp: Signal<In, U<16>>,
    /// Room for all that GATE may have in flight.
    pub room: Signal<Out, Bit>,
    /// The host has no free entry.
    pub full: Signal<Out, Bit>,
    /// A fault.
    pub faults: Signal<Out, Bit>,
    /// An accepting verdict of an ORDER or REPLACE.
    pub accepted: Signal<Out, Bit>,
    /// A rejecting one.
    pub rejected: Signal<Out, Bit>,
    /// A fill that added lots.
    pub fills: Signal<Out, Bit>,
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
    /// An event is queued.
    pub busy: Signal<Out, Bit>,
    ring: Ring,
    take_answer: Signal<Local, Bit>,
    valid: Signal<Local, Bit>,
    words: [Signal<Local, U<64>>; 6],
    stamp: Signal<Local, U<16>>,
    kind: Signal<Local, U<8>>,
    reason: Signal<Local, U<8>>,
    applied: Signal<Local, U<40>>,
    verdict: Signal<Local, Bit>,
    opcode: Signal<Local, U<8>>,
    latency_base: Signal<Local, U<16>>,
    fault_kind: Constant<U<8>>,
    verdict_kind: Constant<U<8>>,
    order_code: Constant<U<8>>,
    replace_code: Constant<U<8>>,
    opcode_lsb: Constant<U<6>>,
    filled_kind: Constant<U<8>>,
    reason_lsb: Constant<U<6>>,
    applied_lsb: Constant<U<6>>,
    kinds: [Constant<U<8>>; KINDS],
    bases: [Constant<U<16>>; KINDS],
    zero: Constant<U<16>>,
}

impl Default for Decisions {
    fn default() -> Self {
        let reason = field(&Verdict::LAYOUT, "reason");
        let opcode = field(&Verdict::LAYOUT, "opcode");
        let applied = field(&Filled::LAYOUT, "applied");
        assert_eq!((opcode.word, opcode.width), (0, 8), "verdicts");
        assert_eq!((reason.word, reason.width, applied.word, applied.width), (0, 8, 2, 40), "verdicts and fills");
        Self {
            clock: Default::default(),
            reset: Default::default(),
            cycle: Default::default(),
            gate_valid: Default::default(),
            gate_words: Default::default(),
            gate_stamp: Default::default(),
            answer_valid: Default::default(),
            answer_ready: Default::default(),
            answer_words: Default::default(),
            answer_stamp: Default::default(),
            room: Default::default(),
            full: Default::default(),
            faults: Default::default(),
            accepted: Default::default(),
            rejected: Default::default(),
            fills: Default::default(),
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
            ring: Default::default(),
            take_answer: Default::default(),
            valid: Default::default(),
            words: Default::default(),
            stamp: Default::default(),
            kind: Default::default(),
            reason: Default::default(),
            applied: Default::default(),
            verdict: Default::default(),
            opcode: Default::default(),
            latency_base: Default::default(),
            fault_kind: Constant::new(U::new(u64::from(FaultRaised::CODE))),
            verdict_kind: Constant::new(U::new(u64::from(Verdict::CODE))),
            order_code: Constant::new(U::new(u64::from(Order::CODE))),
            replace_code: Constant::new(U::new(u64::from(Replace::CODE))),
            opcode_lsb: Constant::new(U::new(u64::from(opcode.lsb))),
            filled_kind: Constant::new(U::new(u64::from(Filled::CODE))),
            reason_lsb: Constant::new(U::new(u64::from(reason.lsb))),
            applied_lsb: Constant::new(U::new(u64::from(applied.lsb))),
            kinds: DECISION_LATENCY.map(|(kind, _)| Constant::new(U::new(u64::from(kind)))),
            bases: DECISION_LATENCY.map(|(_, cycles)| Constant::new(U::new(cycles))),
            zero: Constant::new(U::new(0)),
        }
    }
}

impl Logic for Decisions {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, ring);

        // GATE first.
        self.answer_ready.next = self.ring.room.val() & !self.gate_valid.val();
        self.take_answer.next = self.answer_valid.val() & self.ring.room.val() & !self.gate_valid.val();
        self.valid.next = self.gate_valid.val() | self.take_answer.val();
        self.ring.event_valid.next = self.valid.val();
        self.stamp.next = self.gate_stamp.val();
        if self.take_answer.val() {
            self.stamp.next = self.answer_stamp.val();
        }
        self.ring.stamp.next = self.stamp.val();
        for i in 0..6 {
            self.words[i].next = self.gate_words[i].val();
            if self.take_answer.val() {
                self.words[i].next = self.answer_words[i].val();
            }
            self.ring.event_words[i].next = self.words[i].val();
        }

        // What it is.
        self.kind.next = self.words[0].val().get_bits::<8>(0);
        self.reason.next = self.words[0].val().get_bits::<8>(self.reason_lsb.val().index());
        self.applied.next = self.words[2].val().get_bits::<40>(self.applied_lsb.val().index());
        self.faults.next = self.valid.val() & (self.kind.val() == self.fault_kind.val());
        self.opcode.next = self.words[0].val().get_bits::<8>(self.opcode_lsb.val().index());
        self.verdict.next = self.valid.val()
            & (self.kind.val() == self.verdict_kind.val())
            & ((self.opcode.val() == self.order_code.val()) | (self.opcode.val() == self.replace_code.val()));
        self.accepted.next = self.verdict.val() & !self.reason.val().any();
        self.rejected.next = self.verdict.val() & self.reason.val().any();
        self.fills.next = self.valid.val() & (self.kind.val() == self.filled_kind.val()) & self.applied.val().any();
        self.latency_base.next = self.zero.val();
        for i in 0..KINDS {
            if self.kind.val() == self.kinds[i].val() {
                self.latency_base.next = self.bases[i].val();
            }
        }
        self.ring.latency_base.next = self.latency_base.val();

        // The ring.
        self.ring.reset.next = self.reset.val();
        self.ring.cycle.next = self.cycle.val();
        self.ring.base.next = self.base.val();
        self.ring.size.next = self.size.val();
        self.ring.consumer.next = self.consumer.val();
        self.ring.restart.next = self.restart.val();
        self.ring.dma_ready.next = self.dma_ready.val();
        self.room.next = self.ring.room.val();
        self.full.next = self.ring.full.val();
        self.producer.next = self.ring.producer.val();
        self.dma_valid.next = self.ring.dma_valid.val();
        self.dma_address.next = self.ring.dma_address.val();
        for i in 0..8 {
            self.dma_words[i].next = self.ring.dma_words[i].val();
        }
        self.busy.next = self.ring.busy.val();
    }
}

impl Clocked for Decisions {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

inputs!(
    [] Decisions: clock, reset, cycle, gate_valid, gate_words, gate_stamp, answer_valid, answer_words,
    answer_stamp, base, size, consumer, restart,
    dma_ready
);
