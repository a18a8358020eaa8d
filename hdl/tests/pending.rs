//! Promises of the pending store: what REPLACE, REPLACED and REFUSED move, against plain arithmetic; and its Verilog is
//! the same block.
#![allow(missing_docs)]

mod support;

use crossgate_hdl::gate::pending::Pending;
use crossgate_hdl::sim::settle;
use crossgate_sim::random::Random;
use rust_hdl_core::prelude::*;
use support::{cosim, verilator_lint, yosys_check, CoSim};

const SLOTS: usize = 4;
const LOTS_MAX: u64 = (1 << 40) - 1;
type Uut = Pending<2>;

#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    anew: bool,
    lots_before: u64,
    lots: u64,
    price_before: u64,
    price: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    sells: bool,
    lots: u64,
    cumulative: u64,
    price: u64,
    pending: Option<Asked>,
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Replace { anew: bool, lots: u64, price: u64 },
    Replaced { cumulative: u64 },
    Refused,
}

/// What an operation would make of an entry, if it is possible.
fn after(entry: &Entry, op: Op) -> Result<Entry, ()> {
    match (op, entry.pending) {
        (Op::Replace { anew, lots, price }, None) => {
            let reserve = if anew { entry.lots + lots } else { entry.lots.max(lots) };
            if reserve >= 1 << 39 || (!anew && lots <= entry.cumulative) {
                return Err(());
            }
            let worst = if entry.sells { entry.price.min(price) } else { entry.price.max(price) };
            let asked = Asked { anew, lots_before: entry.lots, lots, price_before: entry.price, price };
            Ok(Entry { lots: reserve, price: worst, pending: Some(asked), ..*entry })
        }
        (Op::Replaced { .. } | Op::Refused, Some(asked)) => {
            let (lots, price) = match op {
                Op::Replaced { cumulative } => (asked.lots + if asked.anew { cumulative } else { 0 }, asked.price),
                _ => (asked.lots_before, asked.price_before),
            };
            if lots < entry.cumulative || lots > entry.lots {
                return Err(());
            }
            Ok(Entry { lots, price, pending: None, ..*entry })
        }
        _ => Err(()),
    }
}

struct Bench {
    uut: Box<Uut>,
    cosim: CoSim<Uut>,
    random: Random,
    entries: [Entry; SLOTS],
    done: [u32; 2],
}

impl Bench {
    /// Lots, often near those of the entry.
    fn lots(&mut self, entry: &Entry) -> u64 {
        let any = self.random.below(LOTS_MAX);
        let small = self.random.below(20);
        let (lots, filled) = (entry.lots, entry.cumulative);
        let near = [lots, lots + 1, lots.saturating_sub(1), filled, filled + 1, lots - filled, (1 << 39) - 1, 1 << 39];
        let near = self.random.pick(&near);
        self.random.pick(&[near, near, near, small, any, (1u64 << 39).saturating_sub(lots), LOTS_MAX]).min(LOTS_MAX)
    }

    fn op(&mut self, entry: &Entry) -> Op {
        let price = self.random.below(1 << 32);
        let price = self.random.pick(&[price, entry.price, entry.price.saturating_sub(1), 0xffff_ffff]);
        match (entry.pending, self.random.below(4)) {
            (None, _) | (_, 0) => Op::Replace { anew: self.random.below(2) == 1, lots: self.lots(entry), price },
            (_, 1) => Op::Refused,
            _ => {
                let exact = entry.cumulative;
                let any = self.lots(entry);
                Op::Replaced { cumulative: self.random.pick(&[exact, exact, any]) }
            }
        }
    }

    fn clock(&mut self) {
        self.cosim.clock(self.uut.as_mut());
        settle(self.uut.as_mut());
    }

    /// One operation from clock 1 to clock 15; it takes effect if it is possible.
    fn run(&mut self, slot: usize, op: Op) {
        let entry = self.entries[slot];
        let (expected, waits) = (after(&entry, op), entry.pending.is_some());
        self.uut.slot.next = (slot as u64).into();
        self.clock();
        let uut = self.uut.as_mut();
        (uut.replace.next, uut.replaced.next, uut.refused.next) = (false, false, false);
        match op {
            Op::Replace { anew, lots, price } => {
                uut.replace.next = true;
                uut.anew.next = anew;
                uut.lots.next = lots.into();
                uut.price.next = price.into();
            }
            Op::Replaced { cumulative } => {
                uut.replaced.next = true;
                uut.cumulative.next = cumulative.into();
            }
            Op::Refused => uut.refused.next = true,
        }
        uut.entry_sells.next = entry.sells;
        uut.entry_lots.next = entry.lots.into();
        uut.entry_cumulative.next = entry.cumulative.into();
        uut.entry_price.next = entry.price.into();
        settle(uut);
        let asked = entry.pending.unwrap_or_default();
        let flags = u64::from(waits) | u64::from(waits && asked.anew) << 1;
        assert_eq!(uut.read_flags.val().get(), flags);
        assert_eq!((uut.read_before.val().get(), uut.read_asked.val().get()), (asked.lots_before, asked.lots));
        assert_eq!(uut.read_prices.val().get(), asked.price_before | asked.price << 32);
        self.clock();
        let uut = self.uut.as_mut();
        (uut.replace.next, uut.replaced.next, uut.refused.next) = (false, false, false);
        uut.entry_lots.next = 0u64.into();
        self.clock();
        if let Ok(after) = expected {
            let signed = |lots: u64| i64::try_from(lots).expect("40 bits");
            assert_eq!(self.uut.n.val().get(), signed(after.lots) - signed(entry.lots), "{entry:?} {op:?}");
            assert_eq!(self.uut.leaves_after.val().get(), signed(after.lots - entry.cumulative));
            assert_eq!(self.uut.leaves_before.val().get(), signed(entry.lots - entry.cumulative));
            assert_eq!(self.uut.price_after.val().get(), after.price, "{entry:?} {op:?}");
            assert_eq!(self.uut.price_before.val().get(), entry.price);
        }
        for _ in 0..10 {
            self.clock();
        }
        let uut = &self.uut;
        assert_eq!(uut.waits.val(), waits);
        let possible = match op {
            Op::Replace { .. } => !waits && !uut.range_bad.val(),
            _ => waits && !uut.over.val(),
        };
        assert_eq!(possible, expected.is_ok(), "{entry:?} {op:?}");
        self.clock();
        let takes = possible && self.random.below(4) != 0;
        self.done[usize::from(takes)] += 1;
        self.uut.at_slot.next = (slot as u64).into();
        if let (true, Ok(after)) = (takes, expected) {
            assert_eq!((self.uut.lots_data.val().get(), self.uut.price_data.val().get()), (after.lots, after.price));
            self.uut.store.next = after.pending.is_some();
            self.uut.clear.next = after.pending.is_none();
            self.entries[slot] = after;
        }
        self.clock();
        (self.uut.store.next, self.uut.clear.next) = (false, false);
    }

    fn rounds(&mut self, rounds: usize) {
        for _ in 0..rounds {
            let slot = usize::try_from(self.random.below(SLOTS as u64)).expect("small");
            if self.random.below(6) == 0 {
                // another order, and nothing of the last one is pending
                let lots = self.random.below(1 << 39);
                let lots = self.random.pick(&[lots, 5, 1, (1 << 39) - 1, 1000]);
                let cumulative = self.random.below(lots + 1);
                let cumulative = self.random.pick(&[0, cumulative, lots]);
                let price = 1 + self.random.below(0xffff_ffff);
                self.entries[slot] = Entry { sells: self.random.below(2) == 1, lots, cumulative, price, pending: None };
                self.uut.at_slot.next = (slot as u64).into();
                self.uut.clear.next = true;
                self.clock();
                self.uut.clear.next = false;
            } else if self.entries[slot].pending.is_some() && self.random.below(3) == 0 {
                let entry = self.entries[slot];
                self.entries[slot].cumulative += self.random.below(entry.lots - entry.cumulative + 1);
            }
            let entry = self.entries[slot];
            let op = self.op(&entry);
            self.run(slot, op);
        }
    }
}

fn bench(seed: u64) -> Bench {
    let mut uut = Box::<Uut>::default();
    uut.connect_all();
    let cosim = cosim!(Uut;
        inputs: scrub, scrub_address, slot, replace, replaced, refused, anew, lots, price, cumulative, entry_sells,
            entry_lots, entry_cumulative, entry_price, at_slot, store, clear;
        outputs: read_flags, read_before, read_asked, read_prices, n, leaves_after, leaves_before, price_after,
            price_before, waits, range_bad, over, lots_data, price_data);
    Bench { uut, cosim, random: Random::new(seed), entries: [Entry::default(); SLOTS], done: [0; 2] }
}

#[test]
fn replaces_move_what_the_page_says_and_the_verilog_too() {
    let mut bench = bench(0x5107);
    bench.rounds(1_500);
    assert!(bench.done.iter().all(|count| *count > 300), "{:?}", bench.done);
    bench.uut.scrub.next = true;
    for slot in 0..SLOTS as u64 {
        bench.uut.scrub_address.next = slot.into();
        bench.clock();
    }
    bench.uut.scrub.next = false;
    bench.entries.iter_mut().for_each(|entry| entry.pending = None);
    bench.rounds(300);
    bench.cosim.compare("pending", &bench.uut);
}

#[test]
fn the_verilog_is_clean() {
    let mut uut = Box::<Uut>::default();
    uut.connect_all();
    check_all(uut.as_ref()).expect("no loops, every input driven");
    let verilog = generate_verilog(uut.as_ref());
    yosys_check("pending", &verilog);
    verilator_lint("pending", &verilog);
}
