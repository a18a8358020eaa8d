//! BOOK against an independent reference, and against its Verilog.
#![allow(missing_docs)]

#[path = "book/reference.rs"]
mod reference;
mod support;

use crossgate_contract::command::{BookState, Level, Slide, VenueReset};
use crossgate_contract::{Sizes, BOOK_CYCLES_MAX};
use crossgate_hdl::book::*;
use crossgate_hdl::int::U;
use crossgate_hdl::sim::{settle, tick, Clocked};
use reference::{Command, Event, Kind, Reference, Touch, Traffic};
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
    /// Applies what BOOK says about touches in this clock.
    fn touches(&self, shadow: &mut [Touch]);
    fn recorder() -> CoSim<Self>;
}

/// {exists, ticks}
fn price(bits: U<33>) -> Option<u32> {
    let ticks = u32::try_from(bits.get() & 0xffff_ffff).expect("32 bits");
    assert!(bits.get_bit(32) || ticks == 0, "nothing has price 0");
    bits.get_bit(32).then_some(ticks)
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
                            bid: best(self.bid_price.val(), self.bid_venues.val(), self.bid_quantity.val()),
                            ask: best(self.ask_price.val(), self.ask_venues.val(), self.ask_quantity.val()),
                            tag: self.event_tag.val().get(),
                        },
                    };
                    (event, u16::try_from(self.event_stamp.val().get()).expect("16 bits"))
                })
            }
            fn touches(&self, shadow: &mut [Touch]) {
                let row = self.touch_row.val().index();
                if self.touch_write.val() {
                    shadow[row / 2].best[row % 2] = price(self.touch_best.val());
                    shadow[row / 2].venues[row % 2] =
                        (0..Self::SIZES.venues).map(|venue| price(self.touch_prices[venue].val())).collect();
                }
                if self.touch_refill.val() {
                    assert!(self.touch_write.val(), "together with a side");
                    shadow[row / 2].refilling = self.touch_refilling.val();
                }
            }
            fn recorder() -> CoSim<Self> {
                cosim!($type;
                    inputs: reset, command_valid, opcode, venue, book, side, price, quantity, refilling, tag, stamp,
                        depth_room;
                    outputs: ready, idle, command_ready, event_valid, event_kind, event_opcode, event_book, event_level,
                        event_flags, event_tag, event_stamp, bid_price, bid_venues, bid_quantity, ask_price, ask_venues,
                        ask_quantity, count_level, count_outside, touch_write, touch_row, touch_prices[0],
                        touch_prices[1], touch_best, touch_refill, touch_refilling)
            }
        }
    )+};
}
uut!(BookTiny = TINY, BookDesk = DESK, BookUsplus = USPLUS);

fn best(price: U<32>, venues: U<16>, quantity: U<36>) -> (u64, u64, u64) {
    (price.get(), venues.get(), quantity.get())
}

fn fresh<B: Uut>() -> Box<B> {
    let mut uut = Box::<B>::default();
    uut.connect_all();
    uut
}

// Window, dispatch and BOOK together owe the host so many clocks; 3 of them are in front of BOOK.
const _: () = assert!(LATENCY + 3 <= BOOK_CYCLES_MAX as usize);

/// Clocks that an event takes beyond `LATENCY`, if nothing outside decides about it.
fn extra_clocks(event: &Event) -> Option<usize> {
    match (event.kind, event.opcode) {
        (Kind::Bbo, Level::CODE) => Some(0),
        (Kind::Bbo, VenueReset::CODE | BookState::CODE) => Some(1),
        (Kind::Bbo, Slide::CODE) => Some(5),
        _ => None,
    }
}

/// Runs a traffic through a book and its reference; every event must be equal, in order, and `LATENCY` clocks after the
/// command was taken.
fn run<B: Uut>(seed: u64, commands: usize, mut recorder: Option<&mut CoSim<B>>) -> Box<B> {
    let mut uut = fresh::<B>();
    let mut traffic = Traffic::new(seed, B::SIZES.into());
    let mut reference = Reference::new(B::SIZES.into());
    let (mut expected, mut counts) = (VecDeque::<(Event, usize, u16, Touch)>::new(), (0u64, 0u64));
    let (mut sent, mut latencies, mut pending) = (0, [usize::MAX, 0], None);
    let mut cycle = 0usize;
    let mut last_activity = 0;
    let mut shadow = vec![Touch::default(); B::SIZES.books];
    loop {
        if pending.is_none() && sent < commands && !traffic.pause() {
            pending = Some(traffic.next());
        }
        let stamp = u16::try_from(cycle & 0xffff).expect("16 bits");
        uut.give(pending.as_ref(), stamp, traffic.room());
        settle(uut.as_mut());
        if let Some((event, stamp)) = uut.event() {
            let (wanted, taken, wanted_stamp, touch) =
                expected.pop_front().unwrap_or_else(|| panic!("cycle {cycle}: {event:?}"));
            assert_eq!((event, stamp), (wanted, wanted_stamp), "cycle {cycle}, seed {seed}");
            if wanted.kind == Kind::Bbo {
                assert_eq!(shadow[usize::from(wanted.book)], touch, "the touch is there one clock before its event");
            }
            if let Some(extra) = extra_clocks(&wanted) {
                let latency = cycle - taken - extra;
                latencies = [latencies[0].min(latency), latencies[1].max(latency)];
            }
            last_activity = cycle;
        }
        uut.touches(&mut shadow);
        let (level, outside) = uut.counts();
        counts = (counts.0 + u64::from(level), counts.1 + u64::from(outside));
        assert!(!uut.idle() || expected.is_empty(), "cycle {cycle}: idle with events under way");
        if uut.ready() && uut.command_ready() {
            if let Some(command) = pending.take() {
                let events = reference.apply(&command);
                let touch = reference.touch(command.book);
                expected.extend(events.into_iter().map(|event| (event, cycle, stamp, touch.clone())));
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
    for (book, touch) in (0..).zip(&shadow) {
        assert_eq!(*touch, reference.touch(book), "book {book}");
    }
    assert_eq!(counts, reference.counts, "levels inside and outside");
    assert_eq!(latencies, [LATENCY, LATENCY], "least and greatest latency");
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
fn usplus_equals_the_reference() {
    run::<BookUsplus>(78, 1_500, None);
}

#[test]
#[ignore = "long; for release builds"]
fn long_random_commands_equal_the_reference() {
    for seed in 1_000..1_040 {
        run::<BookTiny>(seed, 5_000, None);
        run::<BookDesk>(seed, 5_000, None);
    }
}

/// RESET in the middle of traffic: the books are those of a fresh card, nothing of the time before appears once `ready`
/// is low; so in the Verilog.
#[test]
fn reset_empties_every_book() {
    let mut uut = fresh::<BookTiny>();
    let mut traffic = Traffic::new(5, BookTiny::SIZES.into());
    let mut recorder = BookTiny::recorder();
    let mut shadow = vec![Touch::default(); BookTiny::SIZES.books];
    for round in 0..16 {
        let mut waited = 0;
        while !uut.ready() {
            uut.give(None, 0, true);
            recorder.clock(uut.as_mut());
            settle(uut.as_mut());
            uut.touches(&mut shadow);
            assert!(uut.event().is_none(), "round {round}: an event of the time before");
            waited += 1;
            assert!(waited < 100);
        }
        let mut reference = Reference::new(BookTiny::SIZES.into());
        for (book, touch) in (0..).zip(&shadow) {
            assert_eq!(*touch, reference.touch(book), "round {round}: a touch of the time before");
        }
        let (mut expected, mut pending) = (VecDeque::new(), None);
        for _ in 0..200 {
            let command = pending.take().unwrap_or_else(|| traffic.next());
            uut.give(Some(&command), 0, true);
            settle(uut.as_mut());
            uut.touches(&mut shadow);
            if let Some((event, _)) = uut.event() {
                assert_eq!(Some(event), expected.pop_front(), "round {round}");
            }
            if uut.command_ready() {
                expected.extend(reference.apply(&command));
            } else {
                pending = Some(command);
            }
            recorder.clock(uut.as_mut());
        }
        uut.give(None, 0, true);
        uut.reset(true);
        recorder.clock(uut.as_mut());
        uut.reset(false);
        settle(uut.as_mut());
        assert!(!uut.ready() && !uut.command_ready() && !uut.idle());
    }
    recorder.compare("book_reset", uut.as_ref());
}

/// Prints the speed of the native simulation of BOOK alone, one LEVEL a clock.
#[test]
#[ignore = "a measurement; for release builds"]
fn native_speed() {
    let mut uut = fresh::<BookDesk>();
    while !uut.ready() {
        tick(uut.as_mut());
    }
    let mut command = Command::slide(0, 1 << 20);
    for book in 0..8 {
        command = Command::slide(book, 1 << 20);
        uut.give(Some(&command), 0, true);
        tick(uut.as_mut());
        uut.give(None, 0, true);
        (0..8).for_each(|_| tick(uut.as_mut()));
    }
    command.what = reference::What::Level;
    let (cycles, start, mut seed) = (30_000u32, std::time::Instant::now(), 1u32);
    let mut levels = 0u32;
    for cycle in 0..cycles {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        command.book = u8::try_from(seed >> 29).expect("3 bits");
        command.venue = u8::try_from(seed >> 27 & 3).expect("2 bits");
        command.ask = seed >> 26 & 1 != 0;
        command.price = (1 << 20) + (seed >> 16 & 1023);
        command.quantity = seed >> 8 & 7;
        uut.give(Some(&command), u16::try_from(cycle & 0xffff).expect("16 bits"), true);
        levels += u32::from(uut.counts().0);
        tick(uut.as_mut());
    }
    let seconds = start.elapsed().as_secs_f64();
    assert!(levels + 10 > cycles, "one LEVEL a clock");
    eprintln!("BOOK desk alone: {:.0} cycles/s", f64::from(cycles) / seconds);
}

/// Also with block RAM that returns nothing defined when a word is read on the edge of its write, as the part's may.
#[test]
fn native_simulation_equals_the_verilog() {
    let mut recorder = BookTiny::recorder();
    let uut = run::<BookTiny>(4_711, 2_000, Some(&mut recorder));
    recorder.compare("book_tiny", uut.as_ref());
    let (read, verilog) = ("read_data <= words[read_address];", verilog::<BookTiny>());
    assert_eq!(verilog.matches(read).count(), 2 * BookTiny::SIZES.venues, "presence words and quantities");
    let collision = "write_enable && write_address == read_address";
    let undefined = format!("read_data <= ({collision}) ? {{64{{1'bx}}}} : words[read_address];");
    recorder.compare_text("book_undefined", uut.as_ref(), &verilog.replace(read, &undefined));
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
