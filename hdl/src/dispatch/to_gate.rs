//! [`ToGate`]: commands of the orders or the control window to GATE.
//!
//! | port | meaning |
//! |---|---|
//! | `command_*` | from the window |
//! | `missequenced`, `overrun`, `expected`, `received` | errors of the window; reported once, after its last command |
//! | `gate_valid`, `gate_ready`, `gate_words`, `gate_stamp` | a command that this build implements |
//! | `gate_idle` | GATE has nothing under way: an answer may enter the ring |
//! | `pending`, `hold` | this dispatch waits to answer; the other one does, so no further command is taken |
//! | `venue_address`, `venue_time` | the heartbeat table |
//! | `answer_valid`, `answer_ready`, `answer_words`, `answer_stamp` | an event for the decision ring |
//! | `taken` | a command was taken, NOPs excluded |
//!
//! Latency: 1 clock from `command_valid` to `gate_valid`.
//!
//! ```text
//! clock          _/0\_/1\_
//! command_valid  /-\______
//! gate_valid     ____/-\__
//! ```

use super::{constant, implemented, Answer, VENUE_BITS};
use crate::int::{unsigned_cast, U};
use crate::leaf::field;
use crossgate_contract::command::Read;
use crossgate_contract::table::Table;
use crossgate_contract::{Sizes, Window};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Dispatch of the orders or the control window.
#[derive(LogicBlock)]
pub struct ToGate {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// A command of the window.
    pub command_valid: Signal<In, Bit>,
    /// It is taken.
    pub command_ready: Signal<Out, Bit>,
    /// Its words.
    pub command_words: [Signal<In, U<64>>; 4],
    /// Its stamp.
    pub command_stamp: Signal<In, U<16>>,
    /// The window is halted by a wrong sequence number.
    pub missequenced: Signal<In, Bit>,
    /// The window is halted by an overrun.
    pub overrun: Signal<In, Bit>,
    /// Sequence number expected.
    pub expected: Signal<In, U<16>>,
    /// Sequence number received.
    pub received: Signal<In, U<16>>,
    /// A command for GATE.
    pub gate_valid: Signal<Out, Bit>,
    /// GATE takes it.
    pub gate_ready: Signal<In, Bit>,
    /// Its words.
    pub gate_words: [Signal<Out, U<64>>; 4],
    /// Its stamp.
    pub gate_stamp: Signal<Out, U<16>>,
    /// GATE has nothing under way.
    pub gate_idle: Signal<In, Bit>,
    /// An answer waits.
    pub pending: Signal<Out, Bit>,
    /// An answer of the other window waits.
    pub hold: Signal<In, Bit>,
    /// Venue whose heartbeat is read.
    pub venue_address: Signal<Out, U<VENUE_BITS>>,
    /// Its time.
    pub venue_time: Signal<In, U<48>>,
    /// An event for the decision ring.
    pub answer_valid: Signal<Out, Bit>,
    /// The ring takes it.
    pub answer_ready: Signal<In, Bit>,
    /// Its words.
    pub answer_words: [Signal<Out, U<64>>; 6],
    /// Its stamp.
    pub answer_stamp: Signal<Out, U<16>>,
    /// A command was taken.
    pub taken: Signal<Out, Bit>,
    /// Something waits here.
    pub busy: Signal<Out, Bit>,
    answer: Answer,
    held_reg: DFF<Bit>,
    known_reg: DFF<Bit>,
    venue_reg: DFF<Bit>,
    reported_reg: DFF<Bit>,
    word_reg: [DFF<U<64>>; 4],
    stamp_reg: DFF<U<16>>,
    opcode: Signal<Local, U<8>>,
    opcode_low: Signal<Local, U<6>>,
    table_number: Signal<Local, U<8>>,
    index: Signal<Local, U<16>>,
    known_word: Signal<Local, U<64>>,
    known: Signal<Local, Bit>,
    forward: Signal<Local, Bit>,
    report: Signal<Local, Bit>,
    answering: Signal<Local, Bit>,
    leave: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    read_code: Constant<U<8>>,
    venue_table: Constant<U<8>>,
    venues: Constant<U<16>>,
    known_low: Constant<U<64>>,
    known_high: Constant<U<64>>,
    table_lsb: Constant<U<6>>,
    index_lsb: Constant<U<6>>,
}

impl ToGate {
    /// Dispatch of this window.
    pub fn new(window: Window, sizes: &Sizes) -> Self {
        let [low, high] = implemented(window);
        Self {
            clock: Default::default(),
            reset: Default::default(),
            command_valid: Default::default(),
            command_ready: Default::default(),
            command_words: Default::default(),
            command_stamp: Default::default(),
            missequenced: Default::default(),
            overrun: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            gate_valid: Default::default(),
            gate_ready: Default::default(),
            gate_words: Default::default(),
            gate_stamp: Default::default(),
            gate_idle: Default::default(),
            pending: Default::default(),
            hold: Default::default(),
            venue_address: Default::default(),
            venue_time: Default::default(),
            answer_valid: Default::default(),
            answer_ready: Default::default(),
            answer_words: Default::default(),
            answer_stamp: Default::default(),
            taken: Default::default(),
            busy: Default::default(),
            answer: Answer::new(window),
            held_reg: Default::default(),
            known_reg: Default::default(),
            venue_reg: Default::default(),
            reported_reg: Default::default(),
            word_reg: Default::default(),
            stamp_reg: Default::default(),
            opcode: Default::default(),
            opcode_low: Default::default(),
            table_number: Default::default(),
            index: Default::default(),
            known_word: Default::default(),
            known: Default::default(),
            forward: Default::default(),
            report: Default::default(),
            answering: Default::default(),
            leave: Default::default(),
            take: Default::default(),
            read_code: constant(u64::from(Read::CODE)),
            venue_table: constant(Table::Venue as u64),
            venues: constant(sizes.venues as u64),
            known_low: constant(low),
            known_high: constant(high),
            table_lsb: constant(u64::from(field(&Read::LAYOUT, "table").lsb)),
            index_lsb: constant(u64::from(field(&Read::LAYOUT, "index").lsb)),
        }
    }
}

impl Logic for ToGate {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, held_reg, known_reg, venue_reg, reported_reg, stamp_reg);

        // What the offered command is.
        self.opcode.next = self.command_words[0].val().get_bits::<8>(0);
        self.opcode_low.next = self.command_words[0].val().get_bits::<6>(0);
        self.table_number.next = self.command_words[0].val().get_bits::<8>(self.table_lsb.val().index());
        self.known_word.next = self.known_low.val();
        if self.opcode.val().get_bit(6) {
            self.known_word.next = self.known_high.val();
        }
        self.known.next = self.known_word.val().get_bit(self.opcode_low.val().index()) & !self.opcode.val().get_bit(7);

        // What the held command needs.
        self.forward.next = self.held_reg.q.val() & self.known_reg.q.val() & !self.venue_reg.q.val();
        self.report.next = (self.missequenced.val() | self.overrun.val())
            & !(self.reported_reg.q.val() | self.held_reg.q.val() | self.command_valid.val());
        self.answering.next = self.report.val() | (self.held_reg.q.val() & !self.forward.val());
        self.pending.next = self.answering.val();
        self.gate_valid.next = self.forward.val();
        self.answer_valid.next = self.answering.val() & self.gate_idle.val();
        self.leave.next = (self.forward.val() & self.gate_ready.val())
            | (self.answering.val() & self.gate_idle.val() & self.answer_ready.val());
        self.command_ready.next = (self.leave.val() | !self.held_reg.q.val()) & !self.hold.val();
        self.take.next = self.command_valid.val() & (self.leave.val() | !self.held_reg.q.val()) & !self.hold.val();
        self.taken.next = self.take.val();
        self.busy.next = self.held_reg.q.val() | self.report.val();

        // The stage.
        if self.leave.val() {
            self.held_reg.d.next = false;
            if self.report.val() {
                self.reported_reg.d.next = true;
            }
        }
        if self.take.val() {
            self.held_reg.d.next = true;
            self.known_reg.d.next = self.known.val();
            self.venue_reg.d.next = self.known.val()
                & (self.opcode.val() == self.read_code.val())
                & (self.table_number.val() == self.venue_table.val());
            self.stamp_reg.d.next = self.command_stamp.val();
        }
        if self.reset.val() {
            self.held_reg.d.next = false;
            self.reported_reg.d.next = false;
        }
        for i in 0..4 {
            self.word_reg[i].clock.next = self.clock.val();
            self.word_reg[i].d.next = self.word_reg[i].q.val();
            if self.take.val() {
                self.word_reg[i].d.next = self.command_words[i].val();
            }
            self.gate_words[i].next = self.word_reg[i].q.val();
            self.answer.command[i].next = self.word_reg[i].q.val();
        }
        self.gate_stamp.next = self.stamp_reg.q.val();
        self.answer_stamp.next = self.stamp_reg.q.val();

        // The answer.
        self.index.next = self.word_reg[0].q.val().get_bits::<16>(self.index_lsb.val().index());
        self.venue_address.next = unsigned_cast::<VENUE_BITS, 16>(self.index.val());
        self.answer.time_us.next = self.venue_time.val();
        self.answer.expected.next = self.expected.val();
        self.answer.received.next = self.received.val();
        self.answer.missequenced.next = self.report.val() & self.missequenced.val();
        self.answer.overrun.next = self.report.val() & self.overrun.val();
        self.answer.bad.next = self.held_reg.q.val() & self.venue_reg.q.val() & (self.index.val() >= self.venues.val());
        self.answer.venue.next =
            self.held_reg.q.val() & self.venue_reg.q.val() & (self.index.val() < self.venues.val());
        for i in 0..6 {
            self.answer_words[i].next = self.answer.words[i].val();
        }
    }
}
