//! Promises of the egress queue: order, no loss, when it counts as full, CRC; and its Verilog is the same block.
#![allow(missing_docs)]

mod support;

use crossgate_hdl::egress::Egress;
use crossgate_hdl::sim::{settle, tick};
use crossgate_sim::random::Random;
use rust_hdl_core::prelude::*;
use std::collections::VecDeque;
use support::{cosim, verilator_lint, yosys_check, CoSim};

type Message = [u64; 4];

/// Clocks from entering the pipeline to the verdict.
const PIPELINE: usize = 15;

fn crc(messages: &[Message]) -> u64 {
    let bytes: Vec<u8> = messages.iter().flatten().flat_map(|word| word.to_le_bytes()).collect();
    u64::from(crc32fast::hash(&bytes))
}

fn fresh() -> Box<Egress> {
    let mut uut = Box::<Egress>::default();
    uut.connect_all();
    uut
}

fn recorder() -> CoSim<Egress> {
    cosim!(Egress;
        inputs: reset, enter, leave, push, mass, words[0], words[1], words[2], words[3], out_ready;
        outputs: full, room, entered, crc, out_valid, out[0], out[1], out[2], out[3])
}

/// What an operation in the pipeline does at its end.
#[derive(Clone, Copy, PartialEq)]
enum Flight {
    Nothing,
    Rejected,
    Sends,
    Mass,
}

/// A pipeline that obeys `full` and `room`, the queue, and what the queue should hold.
struct Bench {
    uut: Box<Egress>,
    cosim: CoSim<Egress>,
    random: Random,
    flight: VecDeque<Flight>,
    queue: VecDeque<Message>,
    masses: VecDeque<Message>,
    entered: Vec<Message>,
    left: usize,
    stalled: bool,
    fulls: usize,
    rooms: usize,
}

impl Bench {
    fn new(seed: u64) -> Self {
        Self {
            uut: fresh(),
            cosim: recorder(),
            random: Random::new(seed),
            flight: std::iter::repeat_n(Flight::Nothing, PIPELINE).collect(),
            queue: VecDeque::new(),
            masses: VecDeque::new(),
            entered: vec![],
            left: 0,
            stalled: false,
            fulls: 0,
            rooms: 0,
        }
    }

    /// One clock: an operation may enter, the oldest is decided, a message may leave.
    fn clock(&mut self, enters: bool, mass_percent: u64, ready: bool) {
        settle(self.uut.as_mut());
        let sending = self.flight.iter().filter(|flight| matches!(flight, Flight::Rejected | Flight::Sends)).count();
        let queued = self.queue.len() + self.masses.len();
        let full = if self.stalled { queued + sending > 12 } else { queued > 12 };
        assert_eq!(self.uut.full.val(), full, "{queued} queued, {sending} in flight, stalled {}", self.stalled);
        assert_eq!(self.uut.room.val(), self.masses.len() < 16);
        self.fulls += usize::from(full);
        self.rooms += usize::from(self.uut.room.val());
        let enters = enters && self.uut.room.val();
        let new = match (enters, self.random.chance(mass_percent), full) {
            (false, ..) => Flight::Nothing,
            (_, true, _) => Flight::Mass,
            (_, _, true) => Flight::Nothing,
            _ if self.random.chance(15) => Flight::Rejected,
            _ => Flight::Sends,
        };
        self.flight.push_back(new);
        let done = self.flight.pop_front().expect("a pipeline");
        let counts = |flight| matches!(flight, Flight::Rejected | Flight::Sends);
        let message = [(); 4].map(|()| self.random.bits());
        self.uut.enter.next = counts(new);
        self.uut.leave.next = counts(done);
        self.uut.push.next = matches!(done, Flight::Sends | Flight::Mass);
        self.uut.mass.next = done == Flight::Mass;
        for (port, word) in self.uut.words.iter_mut().zip(message) {
            port.next = word.into();
        }
        self.uut.out_ready.next = ready;
        settle(self.uut.as_mut());
        let head = self.masses.front().or(self.queue.front()).copied();
        assert_eq!(self.uut.out_valid.val(), head.is_some());
        if let Some(head) = head {
            assert_eq!(
                [0, 1, 2, 3].map(|index| self.uut.out[index].val().get()),
                head,
                "MASS_CANCELs first, then in order"
            );
            if ready {
                self.left += 1;
                if self.masses.pop_front().is_none() {
                    self.queue.pop_front();
                }
            }
        }
        match done {
            Flight::Sends => self.queue.push_back(message),
            Flight::Mass => self.masses.push_back(message),
            Flight::Nothing | Flight::Rejected => {}
        }
        assert_eq!(self.uut.entered.val(), matches!(done, Flight::Sends | Flight::Mass));
        if self.uut.entered.val() {
            self.entered.push(message);
        }
        self.cosim.clock(self.uut.as_mut());
        self.stalled = !ready;
    }

    /// Empties pipeline and queue and compares the CRC.
    fn drain(&mut self) {
        for _ in 0..PIPELINE + 70 {
            self.clock(false, 0, true);
        }
        assert!(self.queue.is_empty() && self.masses.is_empty());
        assert_eq!(self.left, self.entered.len(), "every message that entered left");
        assert_eq!(self.uut.crc.val().get(), crc(&self.entered));
    }
}

#[test]
fn no_message_is_lost_and_mass_cancels_leave_first() {
    let mut bench = Bench::new(0x1234_5678_9abc_def1);
    for round in 0..60 {
        let (enter, mass, ready) =
            [(100, 0, 100), (100, 5, 50), (100, 10, 0), (60, 50, 20), (100, 100, 0), (30, 10, 100)][round % 6];
        for _ in 0..50 {
            let (enters, ready) = (bench.random.chance(enter), bench.random.chance(ready));
            bench.clock(enters, mass, ready);
        }
        if round % 7 == 6 {
            bench.drain();
        }
    }
    bench.drain();
    assert!(bench.fulls > 100 && bench.rooms > 100 && bench.entered.len() > 800, "{} full", bench.fulls);
    bench.cosim.compare("egress", &bench.uut);
}

#[test]
fn a_ready_port_never_makes_the_queue_full() {
    let mut bench = Bench::new(99);
    for _ in 0..500 {
        bench.clock(true, 0, true);
    }
    assert_eq!(bench.fulls, 0);
    bench.drain();
}

#[test]
fn a_blocked_port_takes_thirteen_messages() {
    let mut bench = Bench::new(7);
    for _ in 0..3 {
        bench.clock(false, 0, false);
    }
    for _ in 0..200 {
        bench.clock(true, 0, false);
    }
    // the pipeline is full of operations that may send only until 13 are queued or under way
    assert_eq!(bench.queue.len(), 13);
    bench.drain();
}

#[test]
fn a_message_is_on_the_port_one_clock_after_its_verdict_and_in_the_crc_two() {
    let mut uut = fresh();
    settle(uut.as_mut());
    uut.push.next = true;
    for (port, word) in uut.words.iter_mut().zip([1u64, 2, 3, 4]) {
        port.next = word.into();
    }
    settle(uut.as_mut());
    assert!(!uut.out_valid.val());
    tick(uut.as_mut());
    uut.push.next = false;
    settle(uut.as_mut());
    assert!(uut.out_valid.val());
    assert_eq!(uut.crc.val().get(), 0);
    tick(uut.as_mut());
    settle(uut.as_mut());
    assert_eq!(uut.crc.val().get(), crc(&[[1, 2, 3, 4]]));
}

/// The values are those of zlib's crc32 over 32 bytes of 0x00, of 0xff, and 0x00 to 0x1f.
#[test]
fn the_crc_is_the_published_one() {
    let counting = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 0x1716_1514_1312_1110, 0x1f1e_1d1c_1b1a_1918];
    for (message, expected) in [([0; 4], 0x190a_55ad), ([u64::MAX; 4], 0xff6c_ab0b), (counting, 0x9126_7e8a)] {
        assert_eq!(crc(&[message]), expected);
        let mut uut = fresh();
        for step in 0..3 {
            uut.push.next = step == 0;
            for (port, word) in uut.words.iter_mut().zip(message) {
                port.next = word.into();
            }
            tick(uut.as_mut());
        }
        settle(uut.as_mut());
        assert_eq!(uut.crc.val().get(), expected);
    }
}

#[test]
fn reset_empties_the_queue_and_clears_the_crc() {
    let mut bench = Bench::new(3);
    for _ in 0..60 {
        bench.clock(true, 30, false);
    }
    bench.uut.push.next = false;
    bench.uut.enter.next = false;
    bench.uut.leave.next = false;
    bench.uut.reset.next = true;
    bench.cosim.clock(bench.uut.as_mut());
    bench.uut.reset.next = false;
    settle(bench.uut.as_mut());
    assert!(!bench.uut.out_valid.val() && !bench.uut.full.val() && bench.uut.room.val());
    assert_eq!(bench.uut.crc.val().get(), 0);
    bench.cosim.compare("egress-reset", &bench.uut);
    let mut after = Bench { uut: bench.uut, cosim: recorder(), ..Bench::new(4) };
    after.clock(false, 0, true);
    for _ in 0..40 {
        after.clock(true, 10, true);
    }
    after.drain();
}

#[test]
fn the_verilog_is_clean() {
    let uut = fresh();
    check_all(uut.as_ref()).expect("no loops, every input driven");
    let verilog = generate_verilog(uut.as_ref());
    yosys_check("egress", &verilog);
    verilator_lint("egress", &verilog);
}
