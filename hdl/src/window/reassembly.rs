//! [`Window`]: one command window.
//!
//! Beats fill the quadwords of any slots in any order; slots are consumed strictly in order of sequence when their 8
//! quadwords are present, and give their two commands, NOPs skipped. Presence is kept as one bit a quadword whose
//! meaning alternates with every pass over the window, so consuming a slot writes nothing; it is stored twice because
//! the beat and the head of the window are looked up in the same clock.
//!
//! | port | meaning |
//! |---|---|
//! | `reset` | scrub, then start at sequence 0 |
//! | `halt` | another window overran: consume nothing more |
//! | `beat_valid`, `slot`, `strobe`, `words`, `stamp` | a beat from `Intake` |
//! | `command_valid`, `command_ready` | the next command is offered, taken |
//! | `command_words`, `command_stamp` | the command; bits 63..48 of its last word are 0 |
//! | `consumed` | slots consumed, also the sequence number that is expected next |
//! | `sequence_error`, `overrun_error` | sticky; either halts this window until `reset` |
//! | `expected`, `received` | sequence numbers of `sequence_error` |
//! | `ready` | memories are scrubbed; beats before it are dropped |
//! | `busy` | a command is on its way |
//!
//! Latency: a beat that completes the expected slot is on `command_*` 1 clock after `Intake` shows it, 2 after the
//! pins, when no command waits there. Two commands leave in two consecutive clocks and the next slot follows without a
//! gap.
//!
//! ```text
//! clock          _/0\_/1\_/2\_/3\_
//! pins           /-\______________
//! beat_valid     ____/-\__________
//! command_valid  ________/-------\
//! command_words  ________< 1st>< 2nd>
//! ```

use crate::int::U;
use crate::ram::LutRam;
use crossgate_contract::window::SLOT_SEQUENCE;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// A command window of `2^N` slots.
#[derive(LogicBlock)]
pub struct Window<const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Scrub and start anew.
    pub reset: Signal<In, Bit>,
    /// Consume no further slot.
    pub halt: Signal<In, Bit>,
    /// A beat for this window.
    pub beat_valid: Signal<In, Bit>,
    /// Its slot.
    pub slot: Signal<In, U<N>>,
    /// Its quadwords.
    pub strobe: Signal<In, U<8>>,
    /// Its words.
    pub words: [Signal<In, U<64>>; 8],
    /// Low bits of the cycle in which it was on the pins.
    pub stamp: Signal<In, U<16>>,
    /// The consumer takes the command.
    pub command_ready: Signal<In, Bit>,
    /// A command is offered.
    pub command_valid: Signal<Out, Bit>,
    /// Its words.
    pub command_words: [Signal<Out, U<64>>; 4],
    /// Stamp of the beat that completed its slot.
    pub command_stamp: Signal<Out, U<16>>,
    /// Slots consumed, modulo 2^16.
    pub consumed: Signal<Out, U<16>>,
    /// A slot came with another sequence number.
    pub sequence_error: Signal<Out, Bit>,
    /// A quadword of a slot was written twice.
    pub overrun_error: Signal<Out, Bit>,
    /// Sequence number expected.
    pub expected: Signal<Out, U<16>>,
    /// Sequence number received instead.
    pub received: Signal<Out, U<16>>,
    /// The window takes beats.
    pub ready: Signal<Out, Bit>,
    /// A beat or command is on its way.
    pub busy: Signal<Out, Bit>,
    slot_words: [LutRam<U<64>, N>; 8],
    slot_stamps: LutRam<U<16>, N>,
    present_beat: LutRam<U<8>, N>,
    present_head: LutRam<U<8>, N>,
    head_reg: DFF<U<16>>,
    scrub_reg: DFF<U<N>>,
    ready_reg: DFF<Bit>,
    first_reg: DFF<Bit>,
    second_reg: DFF<Bit>,
    current_reg: [DFF<U<64>>; 4],
    next_reg: [DFF<U<64>>; 4],
    stamp_reg: DFF<U<16>>,
    sequence_reg: DFF<Bit>,
    overrun_reg: DFF<Bit>,
    expected_reg: DFF<U<16>>,
    received_reg: DFF<U<16>>,
    running: Signal<Local, Bit>,
    head_slot: Signal<Local, U<N>>,
    behind: Signal<Local, Bit>,
    lap_beat: Signal<Local, Bit>,
    lap_head: Signal<Local, Bit>,
    here: Signal<Local, U<8>>,
    marked: Signal<Local, U<8>>,
    overlap: Signal<Local, U<8>>,
    overrun: Signal<Local, Bit>,
    accept: Signal<Local, Bit>,
    at_head: Signal<Local, Bit>,
    merged: Signal<Local, U<8>>,
    have: Signal<Local, U<8>>,
    complete: Signal<Local, Bit>,
    load: [Signal<Local, U<64>>; 8],
    load_stamp: Signal<Local, U<16>>,
    load_sequence: Signal<Local, U<16>>,
    opcode_first: Signal<Local, U<8>>,
    opcode_second: Signal<Local, U<8>>,
    advance: Signal<Local, Bit>,
    free: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    consume: Signal<Local, Bit>,
    lap_bit: Constant<U<4>>,
    sequence_lsb: Constant<U<6>>,
    command_mask: Constant<U<64>>,
    strobe_zero: Constant<U<8>>,
    number_zero: Constant<U<16>>,
    number_one: Constant<U<16>>,
    slot_zero: Constant<U<N>>,
    slot_one: Constant<U<N>>,
    word_zero: Constant<U<64>>,
}

impl<const N: usize> Default for Window<N> {
    fn default() -> Self {
        assert!(N < 16, "the sequence number must cover two passes over the window");
        assert_eq!((SLOT_SEQUENCE.word, SLOT_SEQUENCE.width), (7, 16), "the sequence number lies in the last word");
        Self {
            clock: Default::default(),
            reset: Default::default(),
            halt: Default::default(),
            beat_valid: Default::default(),
            slot: Default::default(),
            strobe: Default::default(),
            words: Default::default(),
            stamp: Default::default(),
            command_ready: Default::default(),
            command_valid: Default::default(),
            command_words: Default::default(),
            command_stamp: Default::default(),
            consumed: Default::default(),
            sequence_error: Default::default(),
            overrun_error: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            ready: Default::default(),
            busy: Default::default(),
            slot_words: Default::default(),
            slot_stamps: Default::default(),
            present_beat: Default::default(),
            present_head: Default::default(),
            head_reg: Default::default(),
            scrub_reg: Default::default(),
            ready_reg: Default::default(),
            first_reg: Default::default(),
            second_reg: Default::default(),
            current_reg: Default::default(),
            next_reg: Default::default(),
            stamp_reg: Default::default(),
            sequence_reg: Default::default(),
            overrun_reg: Default::default(),
            expected_reg: Default::default(),
            received_reg: Default::default(),
            running: Default::default(),
            head_slot: Default::default(),
            behind: Default::default(),
            lap_beat: Default::default(),
            lap_head: Default::default(),
            here: Default::default(),
            marked: Default::default(),
            overlap: Default::default(),
            overrun: Default::default(),
            accept: Default::default(),
            at_head: Default::default(),
            merged: Default::default(),
            have: Default::default(),
            complete: Default::default(),
            load: Default::default(),
            load_stamp: Default::default(),
            load_sequence: Default::default(),
            opcode_first: Default::default(),
            opcode_second: Default::default(),
            advance: Default::default(),
            free: Default::default(),
            take: Default::default(),
            consume: Default::default(),
            lap_bit: Constant::new(U::new(N as u64)),
            sequence_lsb: Constant::new(U::new(u64::from(SLOT_SEQUENCE.lsb))),
            command_mask: Constant::new(U::new(!(SLOT_SEQUENCE.mask() << SLOT_SEQUENCE.lsb))),
            strobe_zero: Constant::new(U::new(0)),
            number_zero: Constant::new(U::new(0)),
            number_one: Constant::new(U::new(1)),
            slot_zero: Constant::new(U::new(0)),
            slot_one: Constant::new(U::new(1)),
            word_zero: Constant::new(U::new(0)),
        }
    }
}

impl<const N: usize> Logic for Window<N> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, head_reg, scrub_reg, ready_reg, first_reg, second_reg, stamp_reg);
        dff_setup!(self, clock, sequence_reg, overrun_reg, expected_reg, received_reg);
        clock!(self, clock, slot_stamps, present_beat, present_head);
        self.running.next =
            self.ready_reg.q.val() & !(self.sequence_reg.q.val() | self.overrun_reg.q.val() | self.halt.val());

        // Presence at the beat's slot. In even passes a set bit means present, in odd ones a clear bit.
        self.head_slot.next = self.head_reg.q.val().get_bits::<N>(0);
        self.lap_head.next = self.head_reg.q.val().get_bit(self.lap_bit.val().index());
        self.behind.next = self.slot.val() < self.head_slot.val();
        self.lap_beat.next = self.lap_head.val() ^ self.behind.val();
        self.present_beat.read_address.next = self.slot.val();
        self.here.next = self.present_beat.read_data.val();
        self.marked.next = self.present_beat.read_data.val() | self.strobe.val();
        if self.lap_beat.val() {
            self.here.next = !self.present_beat.read_data.val();
            self.marked.next = self.present_beat.read_data.val() & (!self.strobe.val());
        }
        self.overlap.next = self.here.val() & self.strobe.val();
        self.overrun.next = self.running.val() & self.beat_valid.val() & self.overlap.val().any();
        self.accept.next = self.running.val() & self.beat_valid.val() & !self.overlap.val().any();

        // Writes: the beat, or zeros while scrubbing.
        self.present_beat.write_enable.next = self.accept.val() | !self.ready_reg.q.val();
        self.present_beat.write_address.next = self.slot.val();
        self.present_beat.write_data.next = self.marked.val();
        self.present_head.write_enable.next = self.accept.val() | !self.ready_reg.q.val();
        self.present_head.write_address.next = self.slot.val();
        self.present_head.write_data.next = self.marked.val();
        self.slot_stamps.write_enable.next = self.accept.val() | !self.ready_reg.q.val();
        self.slot_stamps.write_address.next = self.slot.val();
        self.slot_stamps.write_data.next = self.stamp.val();
        if !self.ready_reg.q.val() {
            self.present_beat.write_address.next = self.scrub_reg.q.val();
            self.present_beat.write_data.next = self.strobe_zero.val();
            self.present_head.write_address.next = self.scrub_reg.q.val();
            self.present_head.write_data.next = self.strobe_zero.val();
            self.slot_stamps.write_address.next = self.scrub_reg.q.val();
            self.slot_stamps.write_data.next = self.number_zero.val();
        }

        // The head of the window, with the beat of this clock merged in.
        self.at_head.next = self.accept.val() & (self.slot.val() == self.head_slot.val());
        self.present_head.read_address.next = self.head_slot.val();
        self.slot_stamps.read_address.next = self.head_slot.val();
        self.have.next = self.present_head.read_data.val();
        if self.lap_head.val() {
            self.have.next = !self.present_head.read_data.val();
        }
        self.merged.next = self.have.val();
        self.load_stamp.next = self.slot_stamps.read_data.val();
        if self.at_head.val() {
            self.merged.next = self.have.val() | self.strobe.val();
            self.load_stamp.next = self.stamp.val();
        }
        self.complete.next = self.merged.val().all();
        for i in 0..8 {
            self.slot_words[i].clock.next = self.clock.val();
            self.slot_words[i].read_address.next = self.head_slot.val();
            self.slot_words[i].write_enable.next =
                (self.accept.val() & self.strobe.val().get_bit(i)) | !self.ready_reg.q.val();
            self.slot_words[i].write_address.next = self.slot.val();
            self.slot_words[i].write_data.next = self.words[i].val();
            if !self.ready_reg.q.val() {
                self.slot_words[i].write_address.next = self.scrub_reg.q.val();
                self.slot_words[i].write_data.next = self.word_zero.val();
            }
            self.load[i].next = self.slot_words[i].read_data.val();
            if self.at_head.val() & self.strobe.val().get_bit(i) {
                self.load[i].next = self.words[i].val();
            }
        }
        self.load_sequence.next = self.load[7].val().get_bits::<16>(self.sequence_lsb.val().index());
        self.opcode_first.next = self.load[0].val().get_bits::<8>(0);
        self.opcode_second.next = self.load[4].val().get_bits::<8>(0);

        // The slot that is being consumed: its current command and the one after it.
        self.advance.next = self.command_ready.val() & self.first_reg.q.val() & self.second_reg.q.val();
        self.free.next = !(self.first_reg.q.val() & self.second_reg.q.val())
            & (self.command_ready.val() | !(self.first_reg.q.val() | self.second_reg.q.val()));
        self.take.next = self.complete.val() & self.running.val() & self.free.val();
        self.consume.next = self.take.val() & (self.load_sequence.val() == self.head_reg.q.val());
        if self.command_ready.val() {
            if self.first_reg.q.val() {
                self.first_reg.d.next = false;
            } else {
                self.second_reg.d.next = false;
            }
        }
        for i in 0..4 {
            self.current_reg[i].clock.next = self.clock.val();
            self.next_reg[i].clock.next = self.clock.val();
            self.current_reg[i].d.next = self.current_reg[i].q.val();
            self.next_reg[i].d.next = self.next_reg[i].q.val();
            if self.advance.val() {
                self.current_reg[i].d.next = self.next_reg[i].q.val();
            }
            if self.consume.val() {
                self.next_reg[i].d.next = self.load[i + 4].val();
                self.current_reg[i].d.next = self.load[i].val();
                if !self.opcode_first.val().any() {
                    self.current_reg[i].d.next = self.load[i + 4].val();
                }
            }
        }
        if self.consume.val() {
            self.head_reg.d.next = self.head_reg.q.val() + self.number_one.val();
            self.first_reg.d.next = self.opcode_first.val().any();
            self.second_reg.d.next = self.opcode_second.val().any();
            self.stamp_reg.d.next = self.load_stamp.val();
        }

        // Errors: the first one halts the window.
        if self.overrun.val() {
            self.overrun_reg.d.next = true;
        } else if self.take.val() & !self.consume.val() {
            self.sequence_reg.d.next = true;
            self.expected_reg.d.next = self.head_reg.q.val();
            self.received_reg.d.next = self.load_sequence.val();
        }

        // RESET.
        if !self.ready_reg.q.val() {
            self.scrub_reg.d.next = self.scrub_reg.q.val() + self.slot_one.val();
            self.ready_reg.d.next = self.scrub_reg.q.val().all();
        }
        if self.reset.val() {
            self.ready_reg.d.next = false;
            self.scrub_reg.d.next = self.slot_zero.val();
            self.head_reg.d.next = self.number_zero.val();
            self.first_reg.d.next = false;
            self.second_reg.d.next = false;
            self.sequence_reg.d.next = false;
            self.overrun_reg.d.next = false;
            self.expected_reg.d.next = self.number_zero.val();
            self.received_reg.d.next = self.number_zero.val();
        }

        for i in 0..4 {
            self.command_words[i].next = self.current_reg[i].q.val();
        }
        self.command_words[3].next = self.current_reg[3].q.val() & self.command_mask.val();
        self.command_valid.next = self.first_reg.q.val() | self.second_reg.q.val();
        self.command_stamp.next = self.stamp_reg.q.val();
        self.consumed.next = self.head_reg.q.val();
        self.sequence_error.next = self.sequence_reg.q.val();
        self.overrun_error.next = self.overrun_reg.q.val();
        self.expected.next = self.expected_reg.q.val();
        self.received.next = self.received_reg.q.val();
        self.ready.next = self.ready_reg.q.val();
        self.busy.next = self.first_reg.q.val()
            | self.second_reg.q.val()
            | (self.running.val() & (self.beat_valid.val() | self.complete.val()));
    }
}
