//! BOOK against an independent reference, and against its Verilog.
#![allow(missing_docs)]

#[path = "book/reference.rs"]
mod reference;
mod support;

use crossgate_contract::Sizes;
use crossgate_hdl::book::*;
use crossgate_hdl::sim::{settle, tick, Clocked};
use reference::{Command, Event, Kind, Reference, Traffic};
use rust_hdl_core::prelude::*;
use std::collections::VecDeque;
use support::*;

/// Everything that the tests need of a book of any size.
trait Uut: Clocked + Default {
    const SIZES: Sizes;
    fn give(&mut self, command: Option<&Command>, stamp: u16, depth_room: bool);
    fn reset(&mut self, reset: bool);
    fn ready(&self) -> bool;
    fn command_ready(&self) -> bool;
    fn idle(&self) -> bool;
    fn counts(&self) -> (bool, bool);
    fn event(&self) -> Option<(Event, u16)>;
    fn recorder() -> CoSim<Self>;
}

macro_rules! uut {
    ($($type:ty = $sizes:ident),+) => {$(
        impl Uut for $type {
            const SIZES: Sizes = crossgate_contract::sizes::$sizes;
            fn give(&mut self, command: Option<&Command>, stamp: u16, depth_room: bool) {
                self.command_valid.next = command.is_some();
                self.depth_room.next = depth_room;
                self.stamp.next = u64::from(stamp).into();
                if let Some(command) = command {
                    self.opcode.next = u64::from(command.opcode()).into();
                    self.venue.next = u64::from(command.venue).into();
                    self.book.next = u64::from(command.book).into();
                    self.side.next = command.ask;
                    self.price.next = u64::from(command.price).into();
                    self.quantity.next = u64::from(command.quantity).into();
                    self.refilling.next = command.refilling;
                    self.tag.next = command.tag.into();
                }
            }
            fn reset(&mut self, reset: bool) {
                self.reset.next = reset;
            }
            fn ready(&self) -> bool {
                self.ready.val()
            }
            fn command_ready(&self) -> bool {
                self.command_ready.val()
            }
            fn idle(&self) -> bool {
                self.idle.val()
            }
            fn counts(&self) -> (bool, bool) {
                (self.count_level.val(), self.count_outside.val())
            }
            fn event(&self) -> Option<(Event, u16)> {
                let small = |value: u64| u8::try_from(value).expect("a byte");
                self.event_valid.val().then(|| {
                    let kind = self.event_kind.val().get();
                    let event = match Kind::of(small(kind)) {
                        Kind::Fence => Event::fence(self.event_tag.val().get()),
                        kind => Event {
                            kind,
                            opcode: small(self.event_opcode.val().get()),
                            book: small(self.event_book.val().get()),
                            level: if kind == Kind::Depth { small(self.event_level.val().get()) } else { 0 },
                            flags: small(self.event_flags.val().get()),
                            bid: (self.bid_price.val().get(), self.bid_venues.val().get(), self.bid_quantity.val().get()),
                            ask: (self.ask_price.val().get(), self.ask_venues.val().get(), self.ask_quantity.val().get()),
                            tag: self.event_tag.val().get(),
                        },
                    };
                    (event, u16::try_from(self.event_stamp.val().get()).expect("16 bits"))
                })
            }
            fn recorder() -> CoSim<Self> {
                cosim!($type;
                    inputs: reset, command_valid, opcode, venue, book, side, price, quantity, refilling, tag, stamp, depth_room;
                    outputs: ready, idle, command_ready, event_valid, event_kind, event_opcode, event_book, event_level,
                        event_flags, event_tag, event_stamp, bid_price, bid_venues, bid_quantity, ask_price, ask_venues,
                        ask_quantity, count_level, count_outside)
            }
        }
    )+};
}
uut!(BookTiny = TINY, BookDesk = DESK);

fn fresh<B: Uut>() -> Box<B> {
    let mut uut = Box::<B>::default();
    uut.connect_all();
    uut
}

/// Runs a traffic through a book and its reference; every event must be equal, in order, and of a LEVEL exactly `LATENCY` clocks after it was taken.
fn run<B: Uut>(seed: u64, commands: usize, mut recorder: Option<&mut CoSim<B>>) -> Box<B> {
    let mut uut = fresh::<B>();
    let mut traffic = Traffic::new(seed, B::SIZES.into());
    let mut reference = Reference::new(B::SIZES.into());
    let (mut expected, mut counts) = (VecDeque::<(Event, usize, u16)>::new(), (0u64, 0u64));
    let (mut sent, mut latencies, mut pending) = (0, [usize::MAX, 0], None);
    let mut cycle = 0usize;
    let mut last_activity = 0;
    loop {
        if pending.is_none() && sent < commands && !traffic.pause() {
            pending = Some(traffic.next());
        }
        let stamp = u16::try_from(cycle & 0xffff).expect("16 bits");
        uut.give(pending.as_ref(), stamp, traffic.room());
        settle(uut.as_mut());
        if let Some((event, stamp)) = uut.event() {
            let (wanted, taken, wanted_stamp) =
                expected.pop_front().unwrap_or_else(|| panic!("cycle {cycle}: {event:?}"));
            assert_eq!((event, stamp), (wanted, wanted_stamp), "cycle {cycle}, seed {seed}");
            if wanted.opcode == crossgate_contract::command::Level::CODE && wanted.kind == Kind::Bbo {
                latencies = [latencies[0].min(cycle - taken), latencies[1].max(cycle - taken)];
            }
            last_activity = cycle;
        }
        let (level, outside) = uut.counts();
        counts = (counts.0 + u64::from(level), counts.1 + u64::from(outside));
        assert!(!uut.idle() || expected.is_empty(), "cycle {cycle}: idle with events under way");
        if uut.ready() && uut.command_ready() {
            if let Some(command) = pending.take() {
                expected.extend(reference.apply(&command).into_iter().map(|event| (event, cycle, stamp)));
                sent += 1;
                last_activity = cycle;
            }
        }
        match recorder.as_deref_mut() {
            Some(recorder) => recorder.clock(uut.as_mut()),
            None => tick(uut.as_mut()),
        }
        cycle += 1;
        assert!(cycle - last_activity < 5_000, "stuck in cycle {cycle}, {} events missing", expected.len());
        if sent == commands && pending.is_none() && expected.is_empty() && cycle - last_activity > 40 {
            break;
        }
    }
    assert!(uut.idle());
    assert_eq!(counts, reference.counts, "levels inside and outside");
    assert_eq!(latencies, [LATENCY, LATENCY], "least and greatest latency of a LEVEL");
    uut
}

#[test]
fn tiny_equals_the_reference() {
    for seed in 0..5 {
        run::<BookTiny>(seed, 4_000, None);
    }
}

#[test]
fn desk_equals_the_reference() {
    run::<BookDesk>(77, 6_000, None);
}

#[test]
#[ignore = "long; for release builds"]
fn long_random_commands_equal_the_reference() {
    for seed in 1_000..1_040 {
        run::<BookTiny>(seed, 5_000, None);
        run::<BookDesk>(seed, 5_000, None);
    }
}

#[test]
fn native_simulation_equals_the_verilog() {
    let mut recorder = BookTiny::recorder();
    let uut = run::<BookTiny>(4_711, 3_000, Some(&mut recorder));
    recorder.compare("book_tiny", uut.as_ref());
}

#[test]
fn emitted_verilog_is_clean() {
    let tiny = verilog::<BookTiny>();
    yosys_check("book_tiny", &tiny);
    verilator_lint("book_tiny", &tiny);
    verilator_lint("book_desk", &verilog::<BookDesk>());
}

fn verilog<B: Clocked + Default>() -> String {
    let mut uut = Box::<B>::default();
    uut.connect_all();
    generate_verilog(uut.as_ref())
}
