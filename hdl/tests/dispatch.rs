//! Promises of dispatch: every command is passed on, answered or stored exactly once, in the order of its window.
#![allow(missing_docs)]

mod support;

use crossgate_contract::command::{
    BankMark, BookState, Cancel, Cancelled, Command, Commit, Depth, Fence, Fill, Heartbeat, Level, Order, Position,
    Read, Replace, Slide, VenueReset,
};
use crossgate_contract::event::{Event, FaultRaised, ReadData};
use crossgate_contract::table::Table;
use crossgate_contract::window::slot;
use crossgate_contract::{sizes, Fault, Window};
use crossgate_hdl::card::Front;
use crossgate_hdl::int::U;
use crossgate_hdl::sim::settle;
use rust_hdl_core::prelude::*;
use support::{cosim, verilator_lint, yosys_check, CoSim};

const SLOTS: u16 = 16;

/// What leaves dispatch for one window, in order.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    /// A command for GATE.
    Gate([u64; 4]),
    /// A command for BOOK: opcode, venue, book, side, price, quantity, tag.
    Book(u64, u64, u64, bool, u64, u64, u64),
    /// An event.
    Answer([u64; 6]),
}

struct Bench {
    front: Box<Front<4>>,
    cosim: CoSim<Front<4>>,
    cycle: u64,
    sequence: [u16; 3],
    seen: Vec<(u64, usize, Seen)>,
    gate_busy: u64,
    stall: bool,
    seed: u64,
}

impl Bench {
    fn new() -> Self {
        let mut front = Box::new(Front::new(&sizes::TINY));
        front.connect_all();
        let cosim = cosim!(Front<4>;
            inputs: reset, stop, cycle, beat_valid, beat_window, beat_slot, beat_strobe, beat_words[0],
            beat_words[1], beat_words[2],
                beat_words[3], beat_words[4], beat_words[5], beat_words[6], beat_words[7], book_ready,
                orders_ready, control_ready, gate_idle,
                answer_ready;
            outputs: book_valid, opcode, venue, book, side, price, quantity, refilling, tag, stamp, orders_valid,
            orders_words[0],
                orders_words[1], orders_words[2], orders_words[3], orders_stamp, control_valid, control_words[0],
                control_words[1],
                control_words[2], control_words[3], control_stamp, answer_valid, answer_words[0],
                answer_words[1], answer_words[2],
                answer_words[3], answer_words[4], answer_words[5], answer_stamp, consumed[0], consumed[1],
                consumed[2], expected[0], expected[1],
                expected[2], received[0], received[1], received[2], missequenced, overrun, taken, ready, busy);
        let mut bench = Self {
            front,
            cosim,
            cycle: 0,
            sequence: [0; 3],
            seen: Vec::new(),
            gate_busy: 0,
            stall: false,
            seed: 0x2545_f491_4f6c_dd1d,
        };
        bench.idle(20);
        assert!(bench.front.ready.val());
        bench
    }

    fn random(&mut self, below: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed >> 11) % below
    }

    fn clock(&mut self, beat: Option<(Window, u16, [u64; 8])>) {
        let ready: [bool; 4] = std::array::from_fn(|_| !self.stall || self.random(3) == 0);
        let front = &mut self.front;
        front.cycle.next = U::new(self.cycle);
        front.beat_valid.next = beat.is_some();
        if let Some((window, slot, words)) = beat {
            front.beat_window.next = U::new(window as u64);
            front.beat_slot.next = U::new(u64::from(slot));
            front.beat_strobe.next = U::new(0xff);
            for (pin, word) in front.beat_words.iter_mut().zip(words) {
                pin.next = U::new(word);
            }
        }
        front.book_ready.next = ready[0];
        front.orders_ready.next = ready[1];
        front.control_ready.next = ready[2];
        front.answer_ready.next = ready[3];
        front.gate_idle.next = self.gate_busy == 0;
        settle(front.as_mut());
        self.gate_busy = self.gate_busy.saturating_sub(1);
        let four = |words: &[Signal<Out, U<64>>; 4]| std::array::from_fn(|word| words[word].val().get());
        if front.orders_valid.val() && ready[1] {
            self.seen.push((self.cycle, 0, Seen::Gate(four(&front.orders_words))));
            self.gate_busy = 5;
        }
        if front.control_valid.val() && ready[2] {
            self.seen.push((self.cycle, 2, Seen::Gate(four(&front.control_words))));
            self.gate_busy = 5;
        }
        if front.book_valid.val() && ready[0] {
            let price = if front.opcode.val().get() == u64::from(Fence::CODE) { 0 } else { front.price.val().get() };
            let seen = Seen::Book(
                front.opcode.val().get(),
                front.venue.val().get(),
                front.book.val().get(),
                front.side.val(),
                price,
                front.quantity.val().get(),
                front.tag.val().get(),
            );
            assert_eq!(front.side.val(), front.refilling.val());
            self.seen.push((self.cycle, 1, seen));
        }
        if front.answer_valid.val() && ready[3] {
            let words: [u64; 6] = std::array::from_fn(|word| front.answer_words[word].val().get());
            let window = match words[0].to_le_bytes() {
                [FaultRaised::CODE, _, window, ..] => usize::from(window),
                _ => Window::Control.index(),
            };
            assert!(window == 1 || front.gate_idle.val(), "an answer overtakes an event of GATE");
            self.seen.push((self.cycle, window, Seen::Answer(words)));
        }
        self.cosim.clock(self.front.as_mut());
        self.cycle += 1;
    }

    fn idle(&mut self, clocks: usize) {
        for _ in 0..clocks {
            self.clock(None);
        }
    }

    /// Sends two commands in one slot, when the window has room.
    fn send(&mut self, window: Window, first: [u64; 4], second: [u64; 4]) {
        let index = window.index();
        while self.sequence[index].wrapping_sub(u16::try_from(self.front.consumed[index].val().get()).expect("fits"))
            >= SLOTS
        {
            self.idle(1);
        }
        let sequence = self.sequence[index];
        self.sequence[index] = sequence.wrapping_add(1);
        self.clock(Some((window, sequence % SLOTS, slot(&first, &second, sequence))));
    }

    fn of(&self, window: Window) -> Vec<Seen> {
        self.seen.iter().filter(|(_, index, _)| *index == window.index()).map(|(.., seen)| seen.clone()).collect()
    }

    fn finish(self, name: &str) {
        self.cosim.compare(name, &self.front);
    }
}

fn words(command: impl Into<Command>) -> [u64; 4] {
    command.into().encode().expect("fields fit")
}

fn six(event: impl Into<Event>) -> [u64; 6] {
    let words = event.into().encode().expect("fields fit");
    std::array::from_fn(|word| words[word])
}

fn fault(window: Window, fault: Fault, words: [u64; 4]) -> Seen {
    let [word_0, word_1, word_2, word_3] = words;
    let window = window as u8;
    Seen::Answer(six(FaultRaised { code: fault.code(), window, detail: 0, word_0, word_1, word_2, word_3 }))
}

/// What the documents say about one command of the market window, for 2 venues, 2 books, 256 ticks.
fn market(words: [u64; 4]) -> Option<Seen> {
    let bad = fault(Window::Market, Fault::BadField, words);
    let book = |venue: u8, book: u8, side: bool, price: u64, quantity: u64, tag: u64| {
        let opcode = words[0] & 0xff;
        Some(Seen::Book(opcode, u64::from(venue), u64::from(book), side, price, quantity & 0xffff_ffff, tag))
    };
    match Command::decode(&words).expect("known") {
        Command::Level(level) if level.venue > 1 || level.book > 1 || level.quantity >> 32 != 0 => Some(bad),
        Command::Level(level) => {
            book(level.venue, level.book, level.side == 1, u64::from(level.price), level.quantity, level.tag)
        }
        Command::VenueReset(reset) if reset.venue > 1 || reset.book > 1 => Some(bad),
        Command::VenueReset(reset) => book(reset.venue, reset.book, false, 0, 0, reset.tag),
        Command::Slide(slide) if slide.book > 1 || slide.base % 128 != 0 || slide.base > u32::MAX - 255 => Some(bad),
        Command::Slide(slide) => book(0, slide.book, slide.refilling, u64::from(slide.base), 0, slide.tag),
        Command::BookState(state) if state.book > 1 || state.enabled > 3 => Some(bad),
        Command::BookState(state) => book(0, state.book, state.refilling, 0, u64::from(state.enabled), state.tag),
        Command::Depth(depth) if depth.book > 1 || depth.count == 0 => Some(bad),
        Command::Depth(depth) => book(0, depth.book, false, 0, u64::from(depth.count), depth.tag),
        Command::Heartbeat(heartbeat) if heartbeat.venue > 1 => Some(bad),
        Command::Heartbeat(_) => None,
        Command::Fence(fence) => book(0, 0, false, 0, fence.tag & 0xffff_ffff, fence.tag),
        _ => Some(fault(Window::Market, Fault::UnknownCommand, words)),
    }
}

#[test]
fn a_command_reaches_book_and_gate_three_clocks_after_the_pins() {
    let mut bench = Bench::new();
    let at = bench.cycle;
    let level = words(Level { side: 1, venue: 1, book: 1, price: 77, quantity: 9, tag: 5 });
    let order = words(Order { account: 3, slot: 2, lots: 8, price: 4, ..Default::default() });
    let mark = words(BankMark { epoch: 1, ..Default::default() });
    bench.send(Window::Market, level, level);
    bench.send(Window::Orders, order, order);
    bench.send(Window::Control, mark, mark);
    bench.idle(10);
    let times: Vec<_> = bench.seen.iter().map(|(cycle, window, _)| (cycle - at, *window)).collect();
    assert_eq!(times, [(3, 1), (4, 0), (4, 1), (5, 0), (5, 2), (6, 2)]);
    assert_eq!(bench.of(Window::Market)[0], Seen::Book(0x20, 1, 1, true, 77, 9, 5));
    assert_eq!(bench.of(Window::Orders), [Seen::Gate(order), Seen::Gate(order)]);
    assert_eq!(bench.of(Window::Control), [Seen::Gate(mark), Seen::Gate(mark)]);
    bench.finish("dispatch-latency");
}

#[test]
fn every_opcode_is_passed_on_or_faulted_by_its_window() {
    let implemented = [
        vec![0x01, 0x10, 0x11, 0x12, 0x13, 0x18, 0x19, 0x1a, 0x1b, 0x1c],
        vec![0x01, 0x20, 0x21, 0x22, 0x23, 0x24],
        vec![
            0x01, 0x30, 0x31, 0x32, 0x33, 0x34, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b,
        ],
    ];
    for window in Window::ALL {
        let mut bench = Bench::new();
        let mut expected = Vec::new();
        for opcode in (1..=255u64).filter(|opcode| window != Window::Market || *opcode != 0x25) {
            let command = [opcode, 1, 0, 0];
            bench.send(window, command, [0; 4]);
            expected.push(match (implemented[window.index()].contains(&opcode), window) {
                (false, _) => fault(window, Fault::UnknownCommand, command),
                (true, Window::Market) => Seen::Book(opcode, 0, 0, false, 0, 1, u64::from(opcode == 1)),
                (true, _) => Seen::Gate(command),
            });
        }
        bench.idle(200);
        assert_eq!(bench.of(window), expected, "{window:?}");
        bench.finish("dispatch-opcodes");
    }
}

/// A command of the window, good, bad or unknown.
fn random_command(bench: &mut Bench, window: Window, step: u64) -> [u64; 4] {
    match window {
        Window::Market => {
            let (venue, book) = (bench.random(3), bench.random(3));
            let (venue, book) = (u8::try_from(venue).expect("fits"), u8::try_from(book).expect("fits"));
            let big = bench.random(4);
            match bench.random(9) {
                0 | 1 => words(Level {
                    side: u8::try_from(step & 1).expect("fits"),
                    venue,
                    book,
                    price: u32::MAX - u32::try_from(step).expect("fits"),
                    quantity: if big == 0 { 1 << 32 } else { 0xffff_ffff - step },
                    tag: step,
                }),
                2 => words(VenueReset { venue, book, tag: step }),
                3 => words(Slide {
                    refilling: step.is_multiple_of(2),
                    book,
                    base: [0, 127, u32::MAX - 255, u32::MAX - 127][usize::try_from(big).expect("fits")],
                    tag: step,
                }),
                4 => words(BookState {
                    refilling: true,
                    book,
                    enabled: u16::try_from(big + bench.random(2)).expect("fits"),
                    tag: step,
                }),
                5 => words(Depth { book, count: if big == 0 { 0 } else { 255 }, tag: step }),
                6 => words(Heartbeat { venue, time_us: step }),
                7 => words(Fence { tag: step << 40 | step }),
                _ => words(Order::default()),
            }
        }
        Window::Orders => match bench.random(7) {
            0 => words(Replace { tag: 1, ..Default::default() }),
            5 => words(Level::default()),
            1 => words(Cancel { slot: 9, ..Default::default() }),
            2 => words(Fill { price: 3, cumulative: step, ..Default::default() }),
            3 => words(Cancelled { cumulative: step, ..Default::default() }),
            4 => words(Position { lots: -5, price: 1, ..Default::default() }),
            _ => words(Order { cookie: (1 << 48) - 1 - step, ..Default::default() }),
        },
        Window::Control => match bench.random(4) {
            0 => words(Read { table: 3, index: 4, ..Default::default() }),
            1 => words(Commit { epoch: 9, deadline_us: step, ..Default::default() }),
            2 => words(Level::default()),
            _ => words(BankMark { epoch: 1, mark_buy: 5, ..Default::default() }),
        },
    }
}

#[test]
fn random_traffic_stays_in_order_whatever_stalls() {
    let mut bench = Bench::new();
    bench.stall = true;
    let mut expected = [Vec::new(), Vec::new(), Vec::new()];
    for step in 0..1_500u64 {
        let window = Window::ALL[usize::try_from(bench.random(3)).expect("fits")];
        let mut pair = [[0; 4]; 2];
        for command in &mut pair {
            *command = random_command(&mut bench, window, step);
            let known = Command::decode(command).is_ok_and(|known| window.takes(known.layout().code));
            let seen = match window {
                Window::Market => market(*command),
                _ if known => Some(Seen::Gate(*command)),
                _ => Some(fault(window, Fault::UnknownCommand, *command)),
            };
            expected[window.index()].extend(seen);
        }
        bench.send(window, pair[0], pair[1]);
    }
    bench.stall = false;
    bench.idle(400);
    for window in Window::ALL {
        let (seen, expected) = (bench.of(window), &expected[window.index()]);
        for (index, (seen, expected)) in seen.iter().zip(expected).enumerate() {
            assert_eq!(seen, expected, "{window:?} {index}");
        }
        assert_eq!(seen.len(), expected.len());
    }
    assert!(!bench.front.busy.val());
    bench.finish("dispatch-random");
}

#[test]
fn heartbeats_are_kept_and_read_until_reset() {
    let mut bench = Bench::new();
    let read = |index: u16, sub: u16| words(Read { table: Table::Venue as u8, index, sub, inactive: true, tag: 0x77 });
    let data = |index: u16, sub: u16, time: u64| {
        let table = Table::Venue as u8;
        Seen::Answer(six(ReadData { table, inactive: true, index, sub, word_0: time, tag: 0x77, ..Default::default() }))
    };
    bench.send(
        Window::Market,
        words(Heartbeat { venue: 0, time_us: 0xffff_1234_5678 }),
        words(Heartbeat { venue: 1, time_us: 9 }),
    );
    bench.send(Window::Market, words(Heartbeat { venue: 1, time_us: 10 }), words(Heartbeat { venue: 2, time_us: 11 }));
    bench.idle(8);
    bench.send(Window::Control, read(0, 0), read(1, 7));
    bench.send(Window::Control, read(2, 0), read(0x100, 0));
    bench.idle(20);
    let out = |index: u16| fault(Window::Control, Fault::BadField, read(index, 0));
    assert_eq!(bench.of(Window::Control), [data(0, 0, 0xffff_1234_5678), data(1, 7, 10), out(2), out(0x100)]);
    let too_far = words(Heartbeat { venue: 2, time_us: 11 });
    assert_eq!(bench.of(Window::Market), [fault(Window::Market, Fault::BadField, too_far)]);
    bench.front.reset.next = true;
    bench.idle(1);
    bench.front.reset.next = false;
    bench.idle(20);
    bench.sequence = [0; 3];
    bench.seen.clear();
    bench.send(Window::Control, read(0, 0), [0; 4]);
    bench.idle(20);
    assert_eq!(bench.of(Window::Control), [data(0, 0, 0)]);
    bench.finish("dispatch-heartbeat");
}

#[test]
fn a_window_error_is_reported_once_after_its_last_command() {
    for window in Window::ALL {
        let mut bench = Bench::new();
        let fence = words(Fence { tag: 3 });
        bench.send(window, fence, fence);
        bench.clock(Some((window, 1, slot(&fence, &fence, 17))));
        bench.idle(40);
        let seen = bench.of(window);
        assert_eq!(seen.len(), 3, "{seen:?}");
        let event = FaultRaised { code: 3, window: window as u8, detail: 17 << 16 | 1, ..Default::default() };
        assert_eq!(seen[2], Seen::Answer(six(event)));
        assert_eq!(bench.front.missequenced.val().get(), 1 << window.index());
        assert_eq!(bench.front.overrun.val().get(), 0);
        bench.finish("dispatch-sequence");
    }
}

#[test]
fn an_overrun_of_one_window_halts_all_three() {
    let mut bench = Bench::new();
    let fence = words(Fence { tag: 3 });
    let beat = slot(&fence, &fence, 1);
    bench.clock(Some((Window::Market, 1, beat)));
    bench.clock(Some((Window::Market, 1, beat)));
    bench.idle(4);
    for window in Window::ALL {
        bench.clock(Some((window, 0, slot(&fence, &fence, 0))));
    }
    bench.idle(40);
    let event = FaultRaised { code: 4, window: Window::Market as u8, ..Default::default() };
    let seen: Vec<_> = bench.seen.iter().map(|(.., seen)| seen.clone()).collect();
    assert_eq!(seen, [Seen::Answer(six(event))]);
    assert_eq!(bench.front.overrun.val().get(), 0b010);
    bench.finish("dispatch-overrun");
}

#[test]
fn the_verilog_is_clean() {
    let mut front: Box<Front<4>> = Box::new(Front::new(&sizes::TINY));
    front.connect_all();
    check_all(front.as_ref()).expect("fits");
    let verilog = generate_verilog(front.as_ref());
    yosys_check("front", &verilog);
    verilator_lint("front", &verilog);
}
