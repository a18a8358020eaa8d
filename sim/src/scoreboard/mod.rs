//! Two cards in lockstep: the same stimulus, every event compared, stop at the first difference.
//!
//! [`Lockstep`] is itself a card. Its host sees the first of the two; the second one is the reference. [`soak`] drives
//! a pair with random stimulus.
//!
//! Cards answer at different times, so events are compared as streams of their ring, under [`FUNCTIONAL`] or, for two
//! cycle-accurate cards, under [`TIMED`], which adds cycle, latency and wait. The streams may be apart by a bounded
//! number of events; [`Lockstep::settle`] asks that they are equally long and that counters, epoch and consumed slots
//! agree.
//!
//! Not here: what is right. With the reference model on one side agreement means right, otherwise it means the same.

mod soak;

pub use soak::{soak, SoakError, SoakReport};

use crate::describe;
use crossgate_contract::event::{Ring, CYCLE, FUNCTIONAL, LATENCY, WAIT};
use crossgate_contract::register::{self, Register};
use crossgate_contract::Window;
use crossgate_driver::Endpoint;
use std::collections::VecDeque;
use std::fmt::Write;

/// [`FUNCTIONAL`], cycle, latency and wait.
pub const TIMED: [u64; 8] = {
    let mut mask = FUNCTIONAL;
    mask[6] |= CYCLE.mask() << CYCLE.lsb | LATENCY.mask() << LATENCY.lsb;
    mask[7] |= WAIT.mask() << WAIT.lsb;
    mask
};

/// What two cards must agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Everything that does not depend on timing. The reference gets a host of its own that is never late.
    Functional,
    /// Every event in every cycle; both cards get the same accesses in the same cycles.
    Timed,
}

impl Agreement {
    const fn mask(self) -> [u64; 8] {
        match self {
            Self::Functional => FUNCTIONAL,
            Self::Timed => TIMED,
        }
    }
}

/// More events than one card may be ahead of the other.
const LAG_MAX: usize = 65_536;
/// Cycles after which a card that is still busy hangs.
const SETTLE_CYCLES_MAX: u64 = 2_000_000;
/// Cycles between two looks at `busy`.
const SETTLE_STEP: u32 = 16;
/// Commands shown in a report.
const HISTORY: usize = 24;

/// Two cards as one.
pub struct Lockstep<A: Endpoint, B: Endpoint> {
    first: A,
    second: B,
    names: [&'static str; 2],
    agreement: Agreement,
    label: String,
    split: bool,
    /// Events not yet compared, by card and ring.
    pending: [[VecDeque<[u64; 8]>; 2]; 2],
    /// Writes of the first card that its host has not taken.
    dma: Vec<(u64, [u64; 8])>,
    history: VecDeque<(u64, Window, [u64; 8])>,
    posts: u64,
    compared: u64,
    failure: Option<String>,
}

impl<A: Endpoint, B: Endpoint> Lockstep<A, B> {
    /// Puts two cards side by side; `names` appear in reports.
    pub fn new(first: A, second: B, names: [&'static str; 2], agreement: Agreement) -> Self {
        Self {
            first,
            second,
            names,
            agreement,
            label: String::new(),
            split: false,
            pending: Default::default(),
            dma: Vec::new(),
            history: VecDeque::with_capacity(HISTORY),
            posts: 0,
            compared: 0,
            failure: None,
        }
    }

    /// A line for reports: the seed and what else names the run.
    pub fn set_label(&mut self, label: String) {
        self.label = label;
    }

    /// Whether the first card gets its slots in two beats, the upper half first; the reference gets them whole.
    pub fn set_split(&mut self, split: bool) {
        self.split = split && self.agreement == Agreement::Functional;
    }

    /// Events that were compared.
    pub const fn compared(&self) -> u64 {
        self.compared
    }

    /// The first card.
    pub const fn first(&self) -> &A {
        &self.first
    }

    /// The reference.
    pub const fn second(&self) -> &B {
        &self.second
    }

    /// Takes what both cards wrote and compares it.
    fn collect(&mut self) {
        let (dma, [first, second]) = (&mut self.dma, &mut self.pending);
        self.first.take_dma(&mut |address, words| {
            dma.push((address, *words));
            first[describe::ring_of(words).index()].push_back(*words);
        });
        let mut written = [0u32; 2];
        self.second.take_dma(&mut |_, words| {
            let ring = describe::ring_of(words).index();
            written[ring] += 1;
            second[ring].push_back(*words);
        });
        if self.agreement == Agreement::Functional && written != [0, 0] {
            self.release_reference();
        }
        self.compare();
    }

    /// The reference's own host consumes at once, so that its rings are never full.
    fn release_reference(&mut self) {
        for (producer, consumer) in [
            (&register::DECISIONS_PRODUCER, &register::DECISIONS_CONSUMER),
            (&register::MARKET_PRODUCER, &register::MARKET_CONSUMER),
        ] {
            let produced = self.second.register_read(producer.offset);
            self.second.register_write(consumer.offset, produced);
        }
    }

    fn compare(&mut self) {
        let mask = self.agreement.mask();
        for ring in Ring::ALL {
            let [first, second] = &mut self.pending;
            let (first, second) = (&mut first[ring.index()], &mut second[ring.index()]);
            while let (Some(a), Some(b)) = (first.front(), second.front()) {
                if a.iter().zip(b).zip(mask).any(|((a, b), mask)| (a ^ b) & mask != 0) {
                    let detail = describe::difference(self.names[0], Some(a), self.names[1], Some(b));
                    return self.fail(&format!("event of the {ring:?} ring differs"), &detail);
                }
                first.pop_front();
                second.pop_front();
                self.compared += 1;
            }
            if first.len().max(second.len()) > LAG_MAX {
                let detail = describe::difference(self.names[0], first.front(), self.names[1], second.front());
                return self
                    .fail(&format!("more than {LAG_MAX} events of the {ring:?} ring have no counterpart"), &detail);
            }
        }
    }

    fn fail(&mut self, what: &str, detail: &str) {
        if self.failure.is_some() {
            return;
        }
        let mut text = format!("{what} after {} slots and {} equal events", self.posts, self.compared);
        if !self.label.is_empty() {
            let _ = write!(text, " ({})", self.label);
        }
        let _ = write!(text, "\n{detail}  last slots:\n");
        for (number, window, words) in &self.history {
            for half in [[words[0], words[1], words[2], words[3]], [words[4], words[5], words[6], words[7]]] {
                let _ = writeln!(text, "    {number} {window:?}: {}", describe::command(&half));
            }
        }
        self.failure = Some(text);
    }

    /// Runs both cards until they are idle and asks that nothing is left over and the visible counts agree.
    ///
    /// # Errors
    /// The report of the first difference, now or before.
    pub fn settle(&mut self) -> Result<(), String> {
        let mut cycles = 0;
        while (self.first.busy() || self.second.busy()) && self.failure.is_none() {
            self.run(SETTLE_STEP);
            self.collect();
            cycles += u64::from(SETTLE_STEP);
            if cycles > SETTLE_CYCLES_MAX {
                self.fail(&format!("a card is still busy after {cycles} cycles"), "");
            }
        }
        self.collect();
        for ring in Ring::ALL {
            let [first, second] = &self.pending;
            let (a, b) = (first[ring.index()].front(), second[ring.index()].front());
            if a.is_some() || b.is_some() {
                let detail = describe::difference(self.names[0], a, self.names[1], b);
                self.fail(&format!("event of the {ring:?} ring on one card only"), &detail);
            }
        }
        self.compare_registers();
        self.failure.clone().map_or(Ok(()), Err)
    }

    fn compare_registers(&mut self) {
        for register in register::ALL.iter().filter(|register| is_visible_count(register)) {
            let (a, b) = (self.first.register_read(register.offset), self.second.register_read(register.offset));
            if a != b {
                let detail = format!("    {}: {a:#x} | {}: {b:#x}\n", self.names[0], self.names[1]);
                self.fail(&format!("register {} differs", register.name), &detail);
            }
        }
    }
}

/// Registers that two idle cards agree on whatever their timing.
fn is_visible_count(register: &Register) -> bool {
    let named = |prefix: &str| register.name.starts_with(prefix);
    (named("COUNT_") && *register != register::COUNT_CONFLATED)
        || named("CONSUMED_")
        || named("ERROR_")
        || named("WATCHDOG_")
        || ["EPOCH", "EGRESS_CRC"].contains(&register.name)
}

/// Registers that belong to the host of one card.
fn is_consumer(offset: u32) -> bool {
    offset == register::DECISIONS_CONSUMER.offset || offset == register::MARKET_CONSUMER.offset
}

impl<A: Endpoint, B: Endpoint> Endpoint for Lockstep<A, B> {
    fn register_read(&mut self, offset: u32) -> u32 {
        let value = self.first.register_read(offset);
        if self.agreement == Agreement::Timed {
            let other = self.second.register_read(offset);
            if value != other {
                let detail = format!("    {}: {value:#x} | {}: {other:#x}\n", self.names[0], self.names[1]);
                self.fail(&format!("register at {offset:#05x} differs"), &detail);
            }
        }
        value
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        self.first.register_write(offset, value);
        if self.agreement == Agreement::Timed || !is_consumer(offset) {
            self.second.register_write(offset, value);
        }
        if offset == register::CONTROL.offset && value & register::control::RESET != 0 {
            self.collect();
            self.pending = Default::default();
        }
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        self.first.window_write_part(window, slot, strobe, words);
        self.second.window_write_part(window, slot, strobe, words);
    }

    fn window_write(&mut self, window: Window, slot: u16, words: &[u64; 8]) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back((self.posts, window, *words));
        self.posts += 1;
        if self.split {
            self.first.window_write_part(window, slot, 0xf0, words);
            self.first.window_write_part(window, slot, 0x0f, words);
        } else {
            self.first.window_write(window, slot, words);
        }
        self.second.window_write(window, slot, words);
    }

    fn run(&mut self, cycles: u32) {
        self.first.run(cycles);
        self.second.run(cycles);
    }

    fn busy(&self) -> bool {
        self.first.busy() || (self.agreement == Agreement::Timed && self.second.busy())
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        self.collect();
        for (address, words) in self.dma.drain(..) {
            sink(address, &words);
        }
    }

    fn cycles(&self) -> u64 {
        self.first.cycles()
    }

    fn failure(&self) -> Option<String> {
        self.failure.clone().or_else(|| self.first.failure()).or_else(|| self.second.failure())
    }

    fn close(&mut self) -> Result<(), String> {
        self.settle()?;
        self.first.close()?;
        self.second.close()
    }
}
