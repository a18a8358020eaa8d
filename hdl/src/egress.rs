//! [`Egress`]: the queue of messages that leave the card, MASS_CANCELs before everything else.
//!
//! It holds what the pipeline decided and does not judge it: the pipeline asks `full` before it admits an operation that
//! may send, and lets nothing in without `room`. Invariant: a message that was pushed is never lost, whatever the port
//! does, as long as at most 16 operations are in the pipeline.
//!
//! | port | meaning |
//! |---|---|
//! | `reset` | empties the queue, clears the CRC |
//! | `enter`, `leave` | an operation that may send enters the pipeline, is decided |
//! | `push`, `mass`, `words` | a message, in the clock of its verdict; it is a MASS_CANCEL |
//! | `full` | fewer than 4 of 16 entries are free; while the port is not ready, those in flight count as taken |
//! | `room` | MASS_CANCELs of a whole pipeline find room |
//! | `entered`, `crc` | a message entered (for COUNT_EGRESS); CRC-32 of all that entered, 2 clocks later |
//! | `out_valid`, `out_ready`, `out` | a message leaves in a clock in which both are high; until then a MASS_CANCEL may take its place |
//!
//! Latency: 1 clock from `push` to `out_valid`. The memories hold 32 messages of either kind, so that a pipeline that was
//! filled while the port was ready finds room when it stops.
//!
//! ```text
//! clock      _/0\_/1\_/2\_
//! push       /-\__________
//! out_valid  ____/-\______
//! ```

use crate::crc::Crc;
use crate::int::U;
use crate::leaf::{Fixed, Many};
use crate::ram::LutRam;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Entries that may be taken while an operation is still admitted: 16 less the reserve of 4.
const TAKEN_MAX: usize = 12;

/// Bits of an entry's number.
const ENTRY: usize = 5;

/// The queue.
#[derive(LogicBlock, Default)]
pub struct Egress {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Empty everything.
    pub reset: Signal<In, Bit>,
    /// An operation that may send enters the pipeline.
    pub enter: Signal<In, Bit>,
    /// It is decided.
    pub leave: Signal<In, Bit>,
    /// A message is here.
    pub push: Signal<In, Bit>,
    /// It is a MASS_CANCEL.
    pub mass: Signal<In, Bit>,
    /// Its words.
    pub words: [Signal<In, U<64>>; 4],
    /// Operations that would send are answered `egress-full`.
    pub full: Signal<Out, Bit>,
    /// Operations may enter the pipeline.
    pub room: Signal<Out, Bit>,
    /// A message entered.
    pub entered: Signal<Out, Bit>,
    /// CRC of all messages that entered.
    pub crc: Signal<Out, U<32>>,
    /// A message may leave.
    pub out_valid: Signal<Out, Bit>,
    /// It is taken.
    pub out_ready: Signal<In, Bit>,
    /// Its words.
    pub out: [Signal<Out, U<64>>; 4],
    queue: Many<LutRam<U<64>, ENTRY>, 4>,
    masses: Many<LutRam<U<64>, ENTRY>, 4>,
    sum: Crc,
    tail_reg: DFF<U<ENTRY>>,
    head_reg: DFF<U<ENTRY>>,
    mass_tail_reg: DFF<U<ENTRY>>,
    mass_head_reg: DFF<U<ENTRY>>,
    queued_reg: DFF<U<7>>,
    masses_reg: DFF<U<7>>,
    flight_reg: DFF<U<7>>,
    stalled_reg: DFF<Bit>,
    put: Signal<Local, Bit>,
    put_mass: Signal<Local, Bit>,
    mass_first: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    take_mass: Signal<Local, Bit>,
    load: Signal<Local, U<7>>,
    c_one: Fixed<U<7>, 1>,
    c_step: Fixed<U<ENTRY>, 1>,
    c_taken_max: Fixed<U<7>, TAKEN_MAX>,
    c_masses: Fixed<U<7>, 16>,
    c_zero: Fixed<U<7>, 0>,
    c_start: Fixed<U<ENTRY>, 0>,
}

impl Logic for Egress {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sum);
        dff_setup!(self, clock, tail_reg, head_reg, mass_tail_reg, mass_head_reg, queued_reg, masses_reg, flight_reg);
        dff_setup!(self, clock, stalled_reg);
        self.put.next = self.push.val() & !self.mass.val();
        self.put_mass.next = self.push.val() & self.mass.val();
        self.mass_first.next = self.masses_reg.q.val().any();
        self.take.next = self.queued_reg.q.val().any() & self.out_ready.val();
        self.take_mass.next = self.take.val() & self.mass_first.val();
        for i in 0..4 {
            self.queue[i].clock.next = self.clock.val();
            self.queue[i].write_enable.next = self.put.val();
            self.queue[i].write_address.next = self.tail_reg.q.val();
            self.queue[i].write_data.next = self.words[i].val();
            self.queue[i].read_address.next = self.head_reg.q.val();
            self.masses[i].clock.next = self.clock.val();
            self.masses[i].write_enable.next = self.put_mass.val();
            self.masses[i].write_address.next = self.mass_tail_reg.q.val();
            self.masses[i].write_data.next = self.words[i].val();
            self.masses[i].read_address.next = self.mass_head_reg.q.val();
            self.sum.words[i].next = self.words[i].val();
            self.out[i].next = self.queue[i].read_data.val();
            if self.mass_first.val() {
                self.out[i].next = self.masses[i].read_data.val();
            }
        }
        self.out_valid.next = self.queued_reg.q.val().any();
        // entries
        if self.put.val() {
            self.tail_reg.d.next = self.tail_reg.q.val() + self.c_step.val();
        }
        if self.put_mass.val() {
            self.mass_tail_reg.d.next = self.mass_tail_reg.q.val() + self.c_step.val();
        }
        if self.take.val() & !self.mass_first.val() {
            self.head_reg.d.next = self.head_reg.q.val() + self.c_step.val();
        }
        if self.take_mass.val() {
            self.mass_head_reg.d.next = self.mass_head_reg.q.val() + self.c_step.val();
        }
        // counts
        if self.push.val() & !self.take.val() {
            self.queued_reg.d.next = self.queued_reg.q.val() + self.c_one.val();
        }
        if !self.push.val() & self.take.val() {
            self.queued_reg.d.next = self.queued_reg.q.val() - self.c_one.val();
        }
        if self.put_mass.val() & !self.take_mass.val() {
            self.masses_reg.d.next = self.masses_reg.q.val() + self.c_one.val();
        }
        if !self.put_mass.val() & self.take_mass.val() {
            self.masses_reg.d.next = self.masses_reg.q.val() - self.c_one.val();
        }
        if self.enter.val() & !self.leave.val() {
            self.flight_reg.d.next = self.flight_reg.q.val() + self.c_one.val();
        }
        if !self.enter.val() & self.leave.val() {
            self.flight_reg.d.next = self.flight_reg.q.val() - self.c_one.val();
        }
        self.stalled_reg.d.next = !self.out_ready.val();
        self.load.next = self.queued_reg.q.val();
        if self.stalled_reg.q.val() {
            self.load.next = self.queued_reg.q.val() + self.flight_reg.q.val();
        }
        self.full.next = self.load.val() > self.c_taken_max.val();
        self.room.next = self.masses_reg.q.val() < self.c_masses.val();
        // register values
        self.sum.clear.next = self.reset.val();
        self.sum.valid.next = self.push.val();
        self.entered.next = self.push.val();
        self.crc.next = self.sum.crc.val();
        if self.reset.val() {
            self.tail_reg.d.next = self.c_start.val();
            self.head_reg.d.next = self.c_start.val();
            self.mass_tail_reg.d.next = self.c_start.val();
            self.mass_head_reg.d.next = self.c_start.val();
            self.queued_reg.d.next = self.c_zero.val();
            self.masses_reg.d.next = self.c_zero.val();
            self.flight_reg.d.next = self.c_zero.val();
        }
    }
}

impl Clocked for Egress {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
