//! Promises of the command windows: any split and order of writes gives the commands in sequence, each once; errors
//! halt and are reported.
#![allow(missing_docs)]

mod support;

use crossgate_contract::command::{Fence, Heartbeat};
use crossgate_contract::window::slot;
use crossgate_contract::Command;
use crossgate_hdl::int::U;
use crossgate_hdl::sim::Clocked;
use crossgate_hdl::window::{Intake, Window};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;
use std::collections::VecDeque;
use support::{cosim, verilator_lint, yosys_check, CoSim};

const N: usize = 4;
const SLOTS: u64 = 1 << N;

/// The intake and the orders window, as the card joins them.
#[derive(LogicBlock, Default)]
struct Bench {
    clock: Signal<In, Clock>,
    reset: Signal<In, Bit>,
    halt: Signal<In, Bit>,
    beat_valid: Signal<In, Bit>,
    beat_window: Signal<In, U<2>>,
    beat_slot: Signal<In, U<16>>,
    beat_strobe: Signal<In, U<8>>,
    beat_words: [Signal<In, U<64>>; 8],
    cycle: Signal<In, U<48>>,
    command_ready: Signal<In, Bit>,
    command_valid: Signal<Out, Bit>,
    command_words: [Signal<Out, U<64>>; 4],
    command_stamp: Signal<Out, U<16>>,
    consumed: Signal<Out, U<16>>,
    sequence_error: Signal<Out, Bit>,
    overrun_error: Signal<Out, Bit>,
    expected: Signal<Out, U<16>>,
    received: Signal<Out, U<16>>,
    ready: Signal<Out, Bit>,
    busy: Signal<Out, Bit>,
    other: Signal<Out, U<2>>,
    intake: Intake<N>,
    window: Window<N>,
    none: DFF<U<2>>,
}

impl Logic for Bench {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, none);
        clock!(self, clock, intake, window);
        self.intake.beat_valid.next = self.beat_valid.val();
        self.intake.beat_window.next = self.beat_window.val();
        self.intake.beat_slot.next = self.beat_slot.val();
        self.intake.beat_strobe.next = self.beat_strobe.val();
        self.intake.cycle.next = self.cycle.val();
        self.window.reset.next = self.reset.val();
        self.window.halt.next = self.halt.val();
        self.window.beat_valid.next = self.intake.orders.val();
        self.window.slot.next = self.intake.slot.val();
        self.window.strobe.next = self.intake.strobe.val();
        self.window.stamp.next = self.intake.stamp.val();
        for i in 0..8 {
            self.intake.beat_words[i].next = self.beat_words[i].val();
            self.window.words[i].next = self.intake.words[i].val();
        }
        for i in 0..4 {
            self.command_words[i].next = self.window.command_words[i].val();
        }
        self.window.command_ready.next = self.command_ready.val();
        self.command_valid.next = self.window.command_valid.val();
        self.command_stamp.next = self.window.command_stamp.val();
        self.consumed.next = self.window.consumed.val();
        self.sequence_error.next = self.window.sequence_error.val();
        self.overrun_error.next = self.window.overrun_error.val();
        self.expected.next = self.window.expected.val();
        self.received.next = self.window.received.val();
        self.ready.next = self.window.ready.val();
        self.busy.next = self.window.busy.val();
        self.other.next = self.none.q.val();
        if self.intake.market.val() | self.intake.control.val() {
            self.other.next = !self.none.q.val();
        }
    }
}

impl Clocked for Bench {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

/// Drives the bench clock by clock and collects the commands that are taken.
struct Drive {
    bench: Box<Bench>,
    cosim: CoSim<Bench>,
    cycle: u64,
    taken: Vec<(u64, [u64; 4], u64)>,
}

impl Drive {
    fn new() -> Self {
        let mut bench = Box::new(Bench::default());
        bench.connect_all();
        let cosim = cosim!(Bench;
            inputs: reset, halt, beat_valid, beat_window, beat_slot, beat_strobe, beat_words[0], beat_words[1],
            beat_words[2], beat_words[3],
                beat_words[4], beat_words[5], beat_words[6], beat_words[7], cycle, command_ready;
            outputs: command_valid, command_words[0], command_words[1], command_words[2], command_words[3],
            command_stamp, consumed, sequence_error,
                overrun_error, expected, received, ready, busy, other);
        let mut drive = Self { bench, cosim, cycle: 0, taken: Vec::new() };
        drive.bench.command_ready.next = true;
        for _ in 0..SLOTS + 1 {
            drive.idle();
        }
        assert!(drive.bench.ready.val(), "scrubbed after as many clocks as slots");
        drive
    }

    /// One clock with this write on the pins; commands that are taken in it are noted with the cycle.
    fn clock(&mut self, beat: Option<(u64, u8, [u64; 8])>) {
        let bench = &mut self.bench;
        bench.beat_valid.next = beat.is_some();
        let (slot, strobe, words) = beat.unwrap_or_default();
        bench.beat_slot.next = U::new(slot);
        bench.beat_strobe.next = U::new(u64::from(strobe));
        for (pin, word) in bench.beat_words.iter_mut().zip(words) {
            pin.next = U::new(word);
        }
        bench.cycle.next = U::new(self.cycle);
        crossgate_hdl::sim::settle(bench.as_mut());
        if bench.command_valid.val() && bench.command_ready.val() {
            let words = std::array::from_fn(|word| bench.command_words[word].val().get());
            self.taken.push((self.cycle, words, bench.command_stamp.val().get()));
        }
        self.cosim.clock(bench.as_mut());
        self.cycle += 1;
    }

    fn idle(&mut self) {
        self.clock(None);
    }

    fn full(&mut self, sequence: u64, words: [u64; 8]) {
        self.clock(Some((sequence % SLOTS, 0xff, words)));
    }

    fn finish(self, name: &str) {
        self.cosim.compare(name, &self.bench);
    }
}

fn command(tag: u64) -> [u64; 4] {
    Command::from(Fence { tag }).encode().expect("fields fit")
}

fn nop() -> [u64; 4] {
    [0; 4]
}

fn numbered(sequence: u64) -> [u64; 8] {
    slot(&command(2 * sequence), &command(2 * sequence + 1), u16::try_from(sequence & 0xffff).expect("fits"))
}

fn tags(drive: &Drive) -> Vec<u64> {
    drive.taken.iter().map(|(_, words, _)| words[1]).collect()
}

#[test]
fn a_full_beat_is_offered_two_clocks_after_the_pins() {
    let mut drive = Drive::new();
    let at = drive.cycle;
    drive.full(0, numbered(0));
    for _ in 0..4 {
        drive.idle();
    }
    assert_eq!(drive.taken, [(at + 2, command(0), at & 0xffff), (at + 3, command(1), at & 0xffff)]);
    drive.finish("window-fast");
}

#[test]
fn a_beat_a_slot_every_second_clock_leaves_no_gap_and_min_equals_max() {
    let mut drive = Drive::new();
    let at = drive.cycle;
    for sequence in 0..3 * SLOTS {
        drive.full(sequence, numbered(sequence));
        drive.idle();
    }
    drive.idle();
    drive.idle();
    let expected: Vec<_> =
        (0..6 * SLOTS).map(|index| (at + 2 + index, command(index), (at + index / 2 * 2) & 0xffff)).collect();
    assert_eq!(drive.taken, expected);
    assert_eq!(drive.bench.consumed.val().get(), 3 * SLOTS);
    drive.finish("window-stream");
}

#[test]
fn nops_cost_no_clock_of_the_consumer() {
    let mut drive = Drive::new();
    let at = drive.cycle;
    drive.full(0, slot(&nop(), &command(1), 0));
    drive.full(1, slot(&command(2), &nop(), 1));
    drive.full(2, slot(&nop(), &nop(), 2));
    drive.full(3, slot(&nop(), &command(7), 3));
    for _ in 0..4 {
        drive.idle();
    }
    let seen: Vec<_> = drive.taken.iter().map(|(cycle, words, _)| (cycle - at, words[1])).collect();
    assert_eq!(seen, [(2, 1), (3, 2), (5, 7)]);
    drive.finish("window-nop");
}

#[test]
fn beats_of_other_windows_are_not_taken() {
    let mut drive = Drive::new();
    drive.bench.beat_window.next = U::new(1);
    drive.full(0, numbered(0));
    drive.bench.beat_window.next = U::new(2);
    drive.full(0, numbered(0));
    drive.bench.beat_window.next = U::new(0);
    for _ in 0..4 {
        drive.idle();
    }
    assert!(drive.taken.is_empty() && !drive.bench.busy.val());
    drive.finish("window-other");
}

#[test]
fn a_slot_with_another_sequence_halts_the_window_and_reset_releases_it() {
    for wrong in [1u16, 2, 0xffff, 16] {
        let mut drive = Drive::new();
        drive.full(0, numbered(0));
        drive.full(1, slot(&command(9), &command(9), wrong.wrapping_add(1)));
        drive.full(2, numbered(2));
        for _ in 0..6 {
            drive.idle();
        }
        assert_eq!(tags(&drive), [0, 1], "nothing after the error");
        assert!(drive.bench.sequence_error.val() && !drive.bench.overrun_error.val());
        assert_eq!(drive.bench.expected.val().get(), 1);
        assert_eq!(drive.bench.received.val().get(), u64::from(wrong.wrapping_add(1)));
        assert_eq!(drive.bench.consumed.val().get(), 1);
        drive.bench.reset.next = true;
        drive.idle();
        drive.bench.reset.next = false;
        drive.full(0, numbered(0));
        assert!(!drive.bench.ready.val(), "scrubbing");
        for _ in 0..SLOTS + 1 {
            drive.idle();
        }
        assert!(drive.bench.ready.val() && !drive.bench.sequence_error.val());
        assert_eq!(tags(&drive), [0, 1], "a beat before ready is dropped");
        drive.full(0, numbered(0));
        for _ in 0..4 {
            drive.idle();
        }
        assert_eq!(tags(&drive), [0, 1, 0, 1]);
        drive.finish("window-sequence");
    }
}

#[test]
fn a_second_write_of_a_quadword_is_dropped_and_halts() {
    let mut drive = Drive::new();
    drive.bench.command_ready.next = false;
    for sequence in 0..=SLOTS {
        drive.full(sequence, numbered(sequence));
    }
    assert!(!drive.bench.overrun_error.val(), "the first slot was consumed, so the window holds one more");
    let mut again = numbered(SLOTS + 1);
    again[0] = 0xdead;
    drive.clock(Some((1, 0x01, again)));
    drive.idle();
    drive.bench.command_ready.next = true;
    for _ in 0..4 {
        drive.idle();
    }
    assert!(drive.bench.overrun_error.val());
    assert_eq!((drive.bench.expected.val().get(), drive.bench.received.val().get()), (0, 0), "no sequence error");
    assert_eq!(tags(&drive), [0, 1], "the commands already taken out still leave, nothing else");
    drive.finish("window-overrun");
}

#[test]
fn halt_keeps_what_was_not_consumed() {
    let mut drive = Drive::new();
    drive.full(0, numbered(0));
    drive.idle();
    drive.bench.halt.next = true;
    drive.full(1, numbered(1));
    for _ in 0..4 {
        drive.idle();
    }
    assert_eq!(tags(&drive), [0, 1]);
    assert_eq!(drive.bench.consumed.val().get(), 1);
    drive.finish("window-halt");
}

/// The commands of the complete slots up to the first that is missing, with the stamp of the beat that completed each.
fn in_sequence(done: VecDeque<(u64, u64)>, payload: impl Fn(u64) -> [u64; 8]) -> Vec<([u64; 4], u64)> {
    let mut expected = Vec::new();
    let mut sequences: Vec<_> = done.into_iter().collect();
    sequences.sort_unstable();
    for (index, (sequence, at)) in sequences.iter().enumerate() {
        if index as u64 != *sequence {
            break;
        }
        let words = payload(*sequence);
        for half in words.chunks(4) {
            if half[0] != 0 {
                expected.push(([half[0], half[1], half[2], half[3] & 0xffff_ffff_ffff], at & 0xffff));
            }
        }
    }
    expected
}

/// A host that splits slots into random beats, in random order, as far ahead as the window allows; a consumer that
/// stalls at random.
#[test]
fn any_split_and_order_gives_every_command_once_in_sequence() {
    let mut drive = Drive::new();
    let mut seed = 0x1234_5678_9abc_def1u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % below
    };
    let (mut written, mut open): (u64, Vec<(u64, u8)>) = (0, Vec::new());
    let mut done: VecDeque<(u64, u64)> = VecDeque::new();
    let payload = |sequence: u64| {
        let heartbeat = |half: u64| {
            Command::from(Heartbeat { venue: 3, time_us: sequence * 2 + half }).encode().expect("fields fit")
        };
        let half = |half: u64| if (sequence * 7 + half * 3).is_multiple_of(5) { nop() } else { heartbeat(half) };
        slot(&half(0), &half(1), u16::try_from(sequence & 0xffff).expect("fits"))
    };
    for step in 0..6_000u64 {
        drive.bench.command_ready.next = random(4) != 0 || step % 512 > 400;
        let head = drive.bench.consumed.val().get();
        while open.len() < 5 && written < head + SLOTS {
            open.push((written, 0xff));
            written += 1;
        }
        if open.is_empty() || random(3) == 0 {
            drive.idle();
            continue;
        }
        let pick = usize::try_from(random(open.len() as u64)).expect("fits");
        let (sequence, left) = open[pick];
        let strobe = match random(3) {
            0 => left,
            _ => left & u8::try_from(random(256)).expect("fits"),
        };
        let at = drive.cycle;
        let mut words = payload(sequence);
        for (quadword, word) in words.iter_mut().enumerate() {
            if strobe >> quadword & 1 == 0 {
                *word = 0x5a5a_5a5a_5a5a_5a5a;
            }
        }
        drive.clock(Some((sequence % SLOTS, strobe, words)));
        open[pick].1 = left & !strobe;
        if left == strobe {
            open.remove(pick);
            done.push_back((sequence, at));
        }
    }
    drive.bench.command_ready.next = true;
    for _ in 0..4 * SLOTS {
        drive.idle();
    }
    let expected = in_sequence(done, payload);
    let taken: Vec<_> = drive.taken.iter().map(|(_, words, stamp)| (*words, *stamp)).collect();
    assert!(taken.len() > 1_000, "only {} commands", taken.len());
    assert_eq!(taken, expected);
    assert!(!drive.bench.overrun_error.val() && !drive.bench.sequence_error.val());
    drive.finish("window-random");
}

#[test]
fn the_verilog_is_clean() {
    let mut bench = Bench::default();
    bench.connect_all();
    check_all(&bench).expect("fits");
    let verilog = generate_verilog(&bench);
    yosys_check("window", &verilog);
    verilator_lint("window", &verilog);
}
