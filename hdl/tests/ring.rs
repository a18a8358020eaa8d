//! Promises of the event rings: nothing is lost, nothing unread is overwritten, the newest BBO of a book wins, and
//! every event says how long it took.
#![allow(missing_docs)]

mod support;

use crossgate_contract::event::{CYCLE, LATENCY, PHASE, SEQUENCE, WAIT};
use crossgate_hdl::conflate::Conflate;
use crossgate_hdl::int::U;
use crossgate_hdl::ring::{Dma, Ring};
use crossgate_hdl::sim::settle;
use rust_hdl_core::prelude::*;
use support::{cosim, verilator_lint, yosys_check, CoSim};

const BASE: u64 = 0x1234_5670_0000;
const LATENCY_BASE: u64 = 7;

fn xorshift(mut seed: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 11) % below
    }
}

/// A ring, the host memory behind it, and a host that reads by the phase bit.
struct Host {
    ring: Box<Ring>,
    cosim: CoSim<Ring>,
    cycle: u64,
    size: u32,
    memory: Vec<[u64; 8]>,
    read: u64,
    pushed: Vec<(u64, u64)>,
    written: u64,
}

impl Host {
    fn new(size: u32) -> Self {
        let mut ring = Box::new(Ring::default());
        ring.connect_all();
        let cosim = cosim!(Ring;
            inputs: reset, event_valid, event_words[0], event_words[1], event_words[2], event_words[3],
            event_words[4], event_words[5], stamp,
                latency_base, cycle, base, size, consumer, restart, dma_ready;
            outputs: space, room, full, producer, dma_valid, dma_address, dma_words[0], dma_words[1],
            dma_words[2], dma_words[3], dma_words[4],
                dma_words[5], dma_words[6], dma_words[7], busy);
        ring.base.next = U::new(BASE);
        ring.latency_base.next = U::new(LATENCY_BASE);
        let memory = vec![[0; 8]; 1 << size];
        let mut host = Self { ring, cosim, cycle: 0, size, memory, read: 0, pushed: Vec::new(), written: 0 };
        host.restart(size);
        host
    }

    fn restart(&mut self, size: u32) {
        self.size = size;
        self.memory = vec![[0; 8]; 1 << size];
        self.read = 0;
        self.written = 0;
        self.ring.size.next = U::new(u64::from(size));
        self.ring.restart.next = true;
        self.clock(None, false);
        self.ring.restart.next = false;
        self.clock(None, false);
    }

    /// One clock; an event is pushed with this age; `ready` lets the bus take one.
    fn clock(&mut self, age: Option<u64>, ready: bool) {
        self.ring.cycle.next = U::new(self.cycle);
        self.ring.event_valid.next = age.is_some();
        self.ring.stamp.next = U::new(self.cycle.wrapping_sub(age.unwrap_or(0)));
        let number = self.pushed.len() as u64;
        for (index, word) in self.ring.event_words.iter_mut().enumerate() {
            word.next = U::new(number * 16 + index as u64);
        }
        if let Some(age) = age {
            self.pushed.push((self.cycle, age));
        }
        self.ring.consumer.next = U::new(self.read);
        self.ring.dma_ready.next = ready;
        settle(self.ring.as_mut());
        if self.ring.dma_valid.val() && ready {
            let offset = self.ring.dma_address.val().get() - BASE;
            assert_eq!(offset, self.written % (1 << self.size) * 64, "entries are written in order");
            assert!(self.written - self.read < 1 << self.size, "an unread entry is overwritten");
            let entry = usize::try_from(offset / 64).expect("fits");
            self.memory[entry] = std::array::from_fn(|word| self.ring.dma_words[word].val().get());
            self.written += 1;
        }
        self.cosim.clock(self.ring.as_mut());
        self.cycle += 1;
    }

    /// The next event, if its phase bit says that it is there.
    fn poll(&mut self) -> Option<[u64; 8]> {
        let entries = 1u64 << self.size;
        let words = self.memory[usize::try_from(self.read % entries).expect("fits")];
        let phase = 1 - ((self.read / entries) & 1);
        (PHASE.get(&words) == phase && words != [0; 8]).then(|| {
            assert_eq!(SEQUENCE.get(&words), self.read);
            self.read += 1;
            words
        })
    }

    fn expect(&self, number: usize, words: &[u64; 8]) {
        let (cycle, age) = self.pushed[number];
        for (index, word) in words.iter().take(6).enumerate() {
            assert_eq!(*word, number as u64 * 16 + index as u64, "event {number}");
        }
        assert_eq!(CYCLE.get(words), cycle);
        assert_eq!(LATENCY.get(words), age);
        assert_eq!(WAIT.get(words), age.saturating_sub(LATENCY_BASE));
    }
}

#[test]
fn every_event_arrives_once_in_order_over_several_laps() {
    let mut host = Host::new(4);
    let mut random = xorshift(0x51f0_7e77_1234_5678);
    let mut arrived = 0;
    for step in 0..4_000u64 {
        let push = host.ring.room.val() && random(3) == 0;
        let age = push.then(|| random(20));
        host.clock(age, random(4) != 0);
        if step % 700 < 500 && random(2) == 0 {
            if let Some(words) = host.poll() {
                host.expect(arrived, &words);
                arrived += 1;
            }
        }
    }
    for _ in 0..100 {
        host.clock(None, true);
        if let Some(words) = host.poll() {
            host.expect(arrived, &words);
            arrived += 1;
        }
    }
    assert_eq!(arrived, host.pushed.len());
    assert!(arrived > 600, "{arrived} events are too few laps");
    host.cosim.compare("ring", &host.ring);
}

#[test]
fn a_host_that_stops_reading_loses_nothing() {
    let mut host = Host::new(4);
    let mut pushed_when_full = None;
    while host.ring.room.val() {
        host.clock(Some(3), true);
        if host.ring.full.val() && pushed_when_full.is_none() {
            pushed_when_full = Some(host.pushed.len());
        }
    }
    for _ in 0..15 {
        assert!(host.ring.space.val(), "room was enough for what is in flight");
        host.clock(Some(4), true);
    }
    assert_eq!(pushed_when_full, Some(16), "full says that every entry of the host is needed");
    assert_eq!(host.ring.producer.val().get(), 16);
    for number in 0..host.pushed.len() {
        let words = loop {
            if let Some(words) = host.poll() {
                break words;
            }
            host.clock(None, true);
        };
        host.expect(number, &words);
    }
    host.clock(None, true);
    assert!(!host.ring.full.val() && host.ring.room.val() && !host.ring.busy.val());
    host.cosim.compare("ring-stopped", &host.ring);
}

#[test]
fn an_event_is_offered_one_clock_after_the_input() {
    let mut host = Host::new(6);
    host.clock(Some(9), false);
    settle(host.ring.as_mut());
    assert!(host.ring.dma_valid.val());
    assert_eq!(host.ring.dma_address.val().get(), BASE);
    assert_eq!(host.ring.dma_words[7].val().get(), 2 | 1 << 63, "waited 2 cycles, number 0, phase 1");
}

#[test]
fn writing_the_size_begins_anew_and_zero_switches_off() {
    let mut host = Host::new(4);
    for _ in 0..20 {
        host.clock(Some(1), true);
        while host.poll().is_some() {}
    }
    host.clock(None, true);
    assert_eq!(host.ring.producer.val().get(), 20);
    for off in [0u32, 1, 3, 21, 31] {
        host.ring.size.next = U::new(u64::from(off));
        host.ring.restart.next = true;
        host.clock(None, true);
        host.ring.restart.next = false;
        host.clock(None, true);
        assert!(host.ring.full.val(), "size {off}: no entry is free");
        host.clock(Some(1), true);
        host.clock(None, true);
        assert_eq!((host.ring.producer.val().get(), host.ring.dma_valid.val()), (0, false), "size {off} is off");
    }
    host.restart(5);
    let waiting = host.pushed.len() - 5;
    for number in waiting..host.pushed.len() {
        host.clock(None, true);
        let words = host.poll().expect("events waited for the ring");
        host.expect(number, &words);
    }
}

#[test]
fn decisions_pass_market_events_on_the_bus() {
    let mut dma = Box::new(Dma::default());
    dma.connect_all();
    let mut cosim = cosim!(Dma;
        inputs: reset, decisions_valid, decisions_address, decisions_words[0], decisions_words[7], market_valid,
        market_address, market_words[0],
            market_words[7], dma_ready;
        outputs: decisions_ready, market_ready, dma_valid, dma_address, dma_words[0], dma_words[7]);
    let mut random = xorshift(77);
    let mut next = [0u64; 2];
    let mut seen = [0u64; 2];
    let mut offered: Option<u64> = None;
    for _ in 0..2_000 {
        let valid = [random(3) == 0, random(2) == 0];
        dma.decisions_valid.next = valid[0];
        dma.market_valid.next = valid[1];
        dma.decisions_address.next = U::new(next[0] * 2);
        dma.market_address.next = U::new(next[1] * 2 + 1);
        dma.decisions_words[0].next = U::new(next[0] * 2);
        dma.market_words[0].next = U::new(next[1] * 2 + 1);
        let ready = random(3) != 0;
        dma.dma_ready.next = ready;
        settle(dma.as_mut());
        assert_eq!(dma.dma_valid.val(), offered.is_some(), "an offered event stays");
        if let (Some(number), true) = (offered, ready) {
            let ring = usize::try_from(number & 1).expect("fits");
            assert_eq!((dma.dma_address.val().get(), dma.dma_words[0].val().get()), (number, number));
            assert_eq!(number >> 1, seen[ring], "in order within a ring");
            seen[ring] += 1;
            offered = None;
        }
        if offered.is_none() && valid[0] {
            assert!(dma.decisions_ready.val());
            offered = Some(next[0] * 2);
            next[0] += 1;
        } else if offered.is_none() && valid[1] {
            assert!(dma.market_ready.val());
            offered = Some(next[1] * 2 + 1);
            next[1] += 1;
        } else if valid[1] {
            assert!(!dma.market_ready.val());
        }
        cosim.clock(dma.as_mut());
    }
    assert!(seen[0] > 300 && seen[1] > 100);
    cosim.compare("dma", &dma);
}

type Keeper = Conflate<3, 8>;

struct Keep {
    conflate: Box<Keeper>,
    cosim: CoSim<Keeper>,
    sent: Vec<Vec<u64>>,
    left: Vec<(usize, u64, u64)>,
    conflated: u64,
}

impl Keep {
    fn new() -> Self {
        let mut conflate = Box::new(Keeper::default());
        conflate.connect_all();
        let cosim = cosim!(Keeper;
            inputs: reset, event_valid, event_bbo, event_book, event_words[0], event_words[1], event_words[5],
            event_stamp, space;
            outputs: ring_valid, ring_words[0], ring_words[1], ring_words[5], ring_stamp, kept, conflated);
        Self { conflate, cosim, sent: vec![Vec::new(); 9], left: Vec::new(), conflated: 0 }
    }

    /// One clock with an event of a book (8: not a BBO); events that leave are noted with book, number and count.
    fn clock(&mut self, book: Option<usize>, space: bool) {
        let uut = &mut self.conflate;
        uut.event_valid.next = book.is_some();
        let total: usize = self.sent.iter().map(Vec::len).sum();
        if let Some(book) = book {
            self.sent[book].push(total as u64);
            uut.event_bbo.next = book < 8;
            uut.event_book.next = U::new(book as u64);
            uut.event_words[0].next = U::new(0x20 | (book as u64) << 16);
            uut.event_words[1].next = U::new(total as u64);
            uut.event_words[5].next = U::new(!(total as u64));
            uut.event_stamp.next = U::new(total as u64);
        }
        uut.space.next = space;
        settle(uut.as_mut());
        if uut.ring_valid.val() {
            assert!(space, "an event for a ring without space");
            let words = [0, 1, 5].map(|word: usize| uut.ring_words[word].val().get());
            assert_eq!(words[2], !words[1], "words of one event stay together");
            assert_eq!(uut.ring_stamp.val().get(), words[1] & 0xffff);
            self.left.push((usize::try_from(words[0] >> 16 & 0xf).expect("fits"), words[1], words[0] >> 32));
        }
        self.conflated += u64::from(uut.conflated.val());
        self.cosim.clock(uut.as_mut());
    }

    /// Per book the numbers rise, each count is the number of events skipped, and the last event is the newest.
    fn check(&self) {
        for book in 0..9 {
            let sent = &self.sent[book];
            let mut at = 0;
            for (_, number, count) in self.left.iter().filter(|(left, ..)| *left == book) {
                let position = sent.iter().position(|sent| sent == number).expect("was sent");
                assert_eq!(*count, (position - at) as u64, "book {book}: event {number}");
                at = position + 1;
            }
            assert_eq!(at, sent.len(), "book {book}: the newest event has left");
        }
        let sent: usize = self.sent.iter().map(Vec::len).sum();
        assert_eq!(sent as u64, self.left.len() as u64 + self.conflated);
    }
}

#[test]
fn without_back_pressure_an_event_passes_in_its_own_clock() {
    let mut keep = Keep::new();
    for step in 0..200usize {
        keep.clock(Some(step % 9), true);
        assert_eq!(keep.left.last(), Some(&(step % 9, step as u64, 0)));
    }
    keep.check();
    keep.cosim.compare("conflate-fast", &keep.conflate);
}

#[test]
fn the_newest_bbo_of_each_book_wins_and_is_counted() {
    let mut keep = Keep::new();
    for step in 0..30usize {
        keep.clock(Some(step % 3), false);
    }
    assert!(keep.left.is_empty() && keep.conflate.kept.val());
    for _ in 0..4 {
        keep.clock(None, true);
    }
    assert_eq!(keep.left, [(0, 27, 9), (1, 28, 9), (2, 29, 9)]);
    keep.check();
    keep.cosim.compare("conflate-newest", &keep.conflate);
}

#[test]
fn any_pattern_of_space_keeps_order_counts_and_the_newest() {
    let mut keep = Keep::new();
    let mut random = xorshift(0xfeed_beef);
    for step in 0..5_000u64 {
        let space = random(8) < step / 700;
        let other = !keep.conflate.kept.val() && space && random(10) == 0;
        let book = if other { Some(8) } else { (random(3) != 0).then(|| usize::try_from(random(8)).expect("fits")) };
        keep.clock(book, space);
    }
    for _ in 0..20 {
        keep.clock(None, true);
    }
    assert!(keep.conflated > 200, "{} conflations", keep.conflated);
    keep.check();
    keep.cosim.compare("conflate", &keep.conflate);
}

#[test]
fn no_book_is_starved_while_another_changes_every_clock() {
    let mut keep = Keep::new();
    keep.clock(Some(7), false);
    for step in 0..40 {
        keep.clock(Some(0), step % 2 == 0);
    }
    let position = keep.left.iter().position(|(book, ..)| *book == 7).expect("book 7 leaves");
    assert!(position < 3, "after {position} events of book 0");
}

#[test]
fn the_verilog_is_clean() {
    let mut ring = Ring::default();
    ring.connect_all();
    check_all(&ring).expect("fits");
    yosys_check("ring", &generate_verilog(&ring));
    verilator_lint("ring", &generate_verilog(&ring));
    let mut dma = Dma::default();
    dma.connect_all();
    check_all(&dma).expect("fits");
    yosys_check("dma", &generate_verilog(&dma));
    verilator_lint("dma", &generate_verilog(&dma));
    let mut conflate = Keeper::default();
    conflate.connect_all();
    check_all(&conflate).expect("fits");
    yosys_check("conflate", &generate_verilog(&conflate));
    verilator_lint("conflate", &generate_verilog(&conflate));
}
