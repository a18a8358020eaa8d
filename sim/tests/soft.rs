//! The software card against the reference model under random stimulus.
//!
//! Long soaks: `CROSSGATE_SOAK_SEEDS=0..1000 CROSSGATE_SOAK_COMMANDS=20000 cargo test --release -p crossgate-sim --test
//! soft -- --ignored`.

use crossgate_contract::window::slot;
use crossgate_contract::{register, sizes, Sizes, Window};
use crossgate_driver::Endpoint;
use crossgate_sim::device::{soak, Card};
use crossgate_sim::model::ModelEndpoint;
use crossgate_sim::random::Random;
use crossgate_sim::scoreboard::{Agreement, Lockstep};
use crossgate_sim::stimulus::{Step, Stimulus};
use std::ops::Range;

fn agree(set: &Sizes, seeds: Range<u64>, commands: u64) {
    let mut events = 0;
    for seed in seeds.clone() {
        match soak(Card::Soft, Card::Model, set, seed, commands) {
            Ok(report) => events += report.events,
            Err(error) => panic!("{}: {error}", set.name),
        }
    }
    eprintln!("soft against model, {}, seeds {seeds:?} of {commands} commands: {events} equal events", set.name);
    assert!(events > commands, "{events} events are too few to compare");
}

#[test]
fn soft_agrees_with_the_model_on_tiny() {
    agree(&sizes::TINY, 0..60, 5_000);
}

#[test]
fn soft_agrees_with_the_model_on_desk() {
    agree(&sizes::DESK, 0..30, 5_000);
}

/// As many lanes as a build may have, and more venues than two.
#[test]
fn soft_agrees_with_the_model_on_usplus() {
    agree(&sizes::USPLUS, 0..4, 2_000);
}

/// Bus addresses of the two rings.
const RING_BASES: [u32; 2] = [0x1_0000, 0x2_0000];

/// A host that looks at its rings of 16 entries now and then, and reads registers at random: what it sees of two cards
/// must be the same in every read.
struct SlowHost<A: Endpoint> {
    pair: Lockstep<A, ModelEndpoint>,
    random: Random,
    sequences: [u16; 3],
    staged: [Option<[u64; 4]>; 3],
}

impl<A: Endpoint> SlowHost<A> {
    fn new(card: A, set: Sizes, seed: u64) -> Self {
        let mut pair = Lockstep::new(card, ModelEndpoint::new(set), ["soft", "model"], Agreement::Timed);
        pair.set_label(format!("seed {seed}"));
        let mut host = Self { pair, random: Random::new(seed), sequences: [0; 3], staged: [None; 3] };
        host.reset();
        host
    }

    fn reset(&mut self) {
        self.pair.register_write(register::CONTROL.offset, register::control::RESET);
        (self.sequences, self.staged) = ([0; 3], [None; 3]);
        for (base, registers) in RING_BASES.into_iter().zip([
            [&register::DECISIONS_BASE_LO, &register::DECISIONS_SIZE],
            [&register::MARKET_BASE_LO, &register::MARKET_SIZE],
        ]) {
            self.pair.register_write(registers[0].offset, base);
            self.pair.register_write(registers[1].offset, 4);
        }
    }

    /// Frees some entries of both rings.
    fn release(&mut self, all: bool) {
        for (producer, consumer) in [
            (&register::DECISIONS_PRODUCER, &register::DECISIONS_CONSUMER),
            (&register::MARKET_PRODUCER, &register::MARKET_CONSUMER),
        ] {
            let (produced, consumed) =
                (self.pair.register_read(producer.offset), self.pair.register_read(consumer.offset));
            let held = produced.wrapping_sub(consumed);
            let freed = if all { held } else { u32::try_from(self.random.below(u64::from(held) + 1)).unwrap_or(0) };
            self.pair.register_write(consumer.offset, consumed.wrapping_add(freed));
        }
    }

    fn post(&mut self, window: Window, first: [u64; 4], second: [u64; 4], slots: u16) {
        let consumed = [&register::CONSUMED_ORDERS, &register::CONSUMED_MARKET, &register::CONSUMED_CONTROL];
        let sequence = self.sequences[window.index()];
        let full = |consumed: u32| u32::from(sequence).wrapping_sub(consumed) & 0xffff >= u32::from(slots);
        while full(self.pair.register_read(consumed[window.index()].offset)) {
            self.release(true);
        }
        let words = slot(&first, &second, sequence);
        if self.random.chance(20) {
            self.pair.window_write_part(window, sequence % slots, 0x5a, &words);
            self.pair.window_write_part(window, sequence % slots, 0xa5, &words);
        } else {
            self.pair.window_write(window, sequence % slots, &words);
        }
        self.sequences[window.index()] = sequence.wrapping_add(1);
    }

    fn step(&mut self, step: &Step, slots: u16) {
        match *step {
            Step::Stage(window, words) if self.staged[window.index()].is_none() => {
                self.staged[window.index()] = Some(words);
            }
            Step::Stage(window, words) | Step::Post(window, words) => {
                let first = self.staged[window.index()].take();
                self.post(window, first.unwrap_or(words), first.map_or([0; 4], |_| words), slots);
            }
            Step::TimeUs(time_us) => {
                let [low, high] = [time_us & 0xffff_ffff, time_us >> 32].map(|half| u32::try_from(half).unwrap_or(0));
                self.pair.register_write(register::TIME_LO.offset, low);
                self.pair.register_write(register::TIME_HI.offset, high);
            }
            Step::Arm(armed) => self.pair.register_write(register::CONTROL.offset, u32::from(armed) << 1),
            Step::WatchdogUs(time_us) => {
                let [low, high] = [time_us & 0xffff_ffff, time_us >> 32].map(|half| u32::try_from(half).unwrap_or(0));
                self.pair.register_write(register::WATCHDOG_LO.offset, low);
                self.pair.register_write(register::WATCHDOG_HI.offset, high);
            }
            Step::Settle | Step::HoldEgress(_) | Step::RingFull(_) => {}
            Step::Reset => self.reset(),
        }
        if self.random.chance(2) {
            self.release(false);
        }
        if self.random.chance(20) {
            let register = register::ALL[self.random.index(register::ALL.len())];
            // The model and the software card differ in nothing that a host can read, features included.
            self.pair.register_read(register.offset);
        }
        self.pair.take_dma(&mut |_, _| {});
    }

    /// A wrong sequence in one window, a repeated quadword in another, and everything read.
    fn break_windows(&mut self) {
        for (window, number) in Window::ALL.into_iter().zip([7, 0, 0]) {
            let sequence = self.sequences[window.index()];
            let words = slot(&[0; 4], &[0; 4], sequence.wrapping_add(number));
            self.pair.window_write_part(window, sequence, 0x0f, &words);
            self.pair.window_write_part(window, sequence, if number == 0 { 0x18 } else { 0xf0 }, &words);
        }
        self.release(true);
        for register in register::ALL {
            self.pair.register_read(register.offset);
        }
        self.pair.take_dma(&mut |_, _| {});
    }
}

#[test]
fn soft_equals_the_model_in_every_register_and_event_when_rings_run_full_and_windows_break() {
    let (mut compared, mut conflated, mut rejected) = (0, 0, 0);
    for seed in 0..60 {
        let set = if seed % 3 == 0 { sizes::DESK } else { sizes::TINY };
        let card = crossgate_soft::open(set).expect("a card of a named set");
        let mut host = SlowHost::new(card, set, seed);
        let mut stimulus = Stimulus::new(seed, set);
        let slots = u16::try_from(set.window_slots).expect("16 bits");
        for _ in 0..4_000 {
            host.step(&stimulus.step(), slots);
            assert_eq!(host.pair.failure(), None);
        }
        conflated += host.pair.register_read(register::COUNT_CONFLATED.offset);
        rejected += host.pair.register_read(register::COUNT_REJECTED.offset);
        host.break_windows();
        assert_eq!(host.pair.failure(), None);
        compared += host.pair.compared();
    }
    eprintln!("{compared} equal events, {conflated} conflated, {rejected} rejected");
    assert!(conflated > 200 && rejected > 1_000, "the rings did not run full");
}

/// `A..B` of an environment variable.
fn seeds() -> Range<u64> {
    let text = std::env::var("CROSSGATE_SOAK_SEEDS").unwrap_or_else(|_| String::from("0..100"));
    let (from, to) = text.split_once("..").expect("CROSSGATE_SOAK_SEEDS is like 0..100");
    from.parse().expect("a number")..to.parse().expect("a number")
}

#[test]
#[ignore = "long soak; see the head of this file"]
fn soak_soft_against_the_model() {
    let commands = std::env::var("CROSSGATE_SOAK_COMMANDS").map_or(20_000, |text| text.parse().expect("a number"));
    for set in [sizes::TINY, sizes::DESK, sizes::USPLUS] {
        agree(&set, seeds(), commands);
    }
}
