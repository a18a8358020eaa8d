//! Random commands, realistic and adversarial, for two cards that must agree.
//!
//! A [`Stimulus`] is an endless sequence of [`Step`]s that depends on the seed and the sizes alone. It follows its own
//! commands with a reference model to know what is open and what was accepted, so that most orders, fills and rows are
//! plausible; the rest is at the edges of the widths or malformed.
//!
//! Invariants: windows whose commands answer in the same ring or depend on each other, the card time and pins are separated
//! by [`Step::Settle`] (only well-formed market commands run beside orders, and none where orders look at the books), an
//! instrument keeps its shift and its venue, and an account its ledger at a venue once it was used.

mod bank;
mod clock;
mod market;
mod orders;
mod replaces;
mod tables;

use crate::coverage::Coverage;
use crate::model::Model;
use crate::random::Random;
use crossgate_contract::command::{Fence, Nop, Order};
use crossgate_contract::{command, Command, Event, Sizes, Window};
use crossgate_driver::BankRows;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One thing to do to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Post a command, with a staged one if there is one.
    Post(Window, [u64; 4]),
    /// Stage a command for the next slot.
    Stage(Window, [u64; 4]),
    /// Set the card time, microseconds.
    TimeUs(u64),
    /// Set the watchdog, microseconds of card time.
    WatchdogUs(u64),
    /// Decide orders or not.
    Arm(bool),
    /// Hold the port of egress or let messages leave; only of a bench.
    HoldEgress(bool),
    /// Tell GATE that the decision ring is full or not; only of a bench.
    RingFull(bool),
    /// Wait until every command has taken effect.
    Settle,
    /// Scrub the card.
    Reset,
}

/// What the generator chose for an instrument.
#[derive(Clone, Copy, Debug)]
struct Product {
    venue: u8,
    book: u8,
    /// Native ticks of a book tick; 0 if orders do not look at the book.
    touch_ticks: u16,
    shift: u8,
    /// Most lots of an order.
    lots_max: u64,
    /// Around which prices are drawn.
    price: u32,
    exponent: u8,
    tick: u32,
    /// Size of the loss mantissas.
    loss: i64,
}

/// The generator.
pub struct Stimulus {
    random: Random,
    sizes: Sizes,
    model: Model,
    queue: VecDeque<Step>,
    /// The pins of the card are the generator's too.
    bench: bool,
    /// Orders may depend on the books.
    looks_at_books: bool,
    /// Ages, deadlines and message rates may bind.
    timed: bool,
    /// Percent of rows with limits that bind.
    strict: u64,
    /// Middle tick of each book, around which its window stays where orders look at it.
    middles: Vec<u32>,
    products: BTreeMap<u16, Product>,
    accounts: Vec<u16>,
    /// (account, venue) to venue ledger.
    ledgers: BTreeMap<(u16, u8), u16>,
    /// Accounts that may have a position, an open order or a base.
    used: BTreeSet<u16>,
    /// (account, instrument) to position.
    positions: BTreeMap<(u16, u16), i64>,
    /// Rows of the bank that is being gathered.
    rows: BankRows,
    coverage: Coverage,
    /// Percent of values drawn at the edges of their widths.
    edges: u64,
    /// Log2 of typical collateral.
    collateral_log2: u64,
    bases: Vec<u32>,
    tag: u64,
    time_us: u64,
}

impl Stimulus {
    /// The sequence of this seed for a build of these sizes.
    pub fn new(seed: u64, sizes: Sizes) -> Self {
        Self::with_pins(seed, sizes, false)
    }

    /// The sequence of this seed for a bench that also drives the pins that no host has: egress and a full ring.
    pub fn of_bench(seed: u64, sizes: Sizes) -> Self {
        Self::with_pins(seed, sizes, true)
    }

    fn with_pins(seed: u64, sizes: Sizes, bench: bool) -> Self {
        let mut stimulus = Self {
            random: Random::new(seed),
            sizes,
            model: Model::new(sizes),
            queue: VecDeque::new(),
            bench,
            looks_at_books: false,
            timed: false,
            strict: 0,
            middles: Vec::new(),
            products: BTreeMap::new(),
            accounts: Vec::new(),
            ledgers: BTreeMap::new(),
            used: BTreeSet::new(),
            positions: BTreeMap::new(),
            rows: BankRows::new(),
            coverage: Coverage::default(),
            edges: 0,
            collateral_log2: 0,
            bases: Vec::new(),
            tag: 0,
            time_us: 0,
        };
        stimulus.set_up();
        stimulus
    }

    /// The next step.
    pub fn step(&mut self) -> Step {
        loop {
            if let Some(step) = self.queue.pop_front() {
                return step;
            }
            self.phase();
        }
    }

    /// What the commands so far have reached.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Forgets everything and draws accounts, products, rows, a bank and windows.
    fn set_up(&mut self) {
        let sizes = self.sizes;
        self.model = Model::new(sizes);
        self.products.clear();
        self.ledgers.clear();
        self.used.clear();
        self.positions.clear();
        self.rows = BankRows::new();
        self.bases = vec![0; sizes.books];
        self.looks_at_books = self.random.chance(60);
        self.timed = self.random.chance(60);
        self.strict = self.random.pick(&[0, 0, 10, 40]);
        self.time_us = 0;
        self.draw_middles();
        self.edges = self.random.pick(&[0, 1, 4, 20]);
        self.collateral_log2 = 14 + self.random.below(32);
        let accounts = 1 + self.random.index(sizes.accounts.min(6));
        self.accounts = (0..accounts).map(|_| self.draw_index(sizes.accounts)).collect();
        for _ in 0..=self.random.below(8) {
            self.draw_product();
        }
        for account in self.accounts.clone() {
            self.draw_account_rows(account);
        }
        self.settle();
        self.arm(true);
        self.start_clock();
        self.bank(true);
        self.settle();
        self.open_books();
        self.settle();
    }

    /// Queues a burst of one kind.
    fn phase(&mut self) {
        self.settle();
        match self.random.below(100) {
            0..44 => self.trade(),
            44..52 => self.close_positions(),
            52..62 => self.market_burst(),
            62..72 => {
                let whole = self.random.chance(70);
                self.bank(whole);
            }
            72..78 => self.live(),
            78..84 => self.tables(),
            84..90 => self.read_burst(),
            90..95 => self.malformed(),
            95..98 => self.clock(),
            98 if self.bench && self.random.chance(60) => self.pins(),
            98 => self.watchdog(),
            _ if self.random.chance(10) => {
                self.queue.push_back(Step::Reset);
                self.set_up();
            }
            _ => {
                self.arm(false);
                self.trade();
                self.settle();
                self.arm(true);
            }
        }
    }

    /// Commands that are refused: random words, foreign opcodes, indices beyond the build.
    fn malformed(&mut self) {
        let window = self.random.pick(&Window::ALL);
        for _ in 0..1 + self.random.below(6) {
            let mut words = [0; 4].map(|_: u64| self.random.bits());
            words[3] &= u64::MAX >> 16;
            let opcode = match self.random.below(4) {
                0 => self.random.below(256),
                _ => u64::from(command::LAYOUTS[self.random.index(command::LAYOUTS.len())].code),
            };
            if self.random.chance(50) {
                // Small indices: much of it is well-formed.
                words[0] &= 0x0003_0003_0003_03ff;
            }
            words[0] = words[0] & !0xff | opcode;
            if !self.is_harmless(&words) {
                continue;
            }
            self.send_words(window, words);
        }
        self.settle();
    }

    /// Random words must not rewrite a shift, a venue or a ledger that is in use, nor give a base to a cell without an
    /// INSTRUMENT row.
    fn is_harmless(&self, words: &[u64; 4]) -> bool {
        let known = |index: u16, length: usize| usize::from(index) < length;
        match Command::decode(words) {
            Ok(Command::Instrument(row)) => !known(row.instrument, self.sizes.instruments),
            Ok(Command::VenueLedger(row)) => !known(row.account, self.sizes.accounts),
            Ok(Command::BankBase(row)) => !known(row.instrument, self.sizes.instruments),
            Ok(Command::InstrumentLimits(row)) => row.touch_ticks == 0 || self.looks_at_books,
            Ok(Command::BankBox(_)) => self.looks_at_books,
            Ok(Command::Ages(_)) => self.timed && self.looks_at_books,
            _ => true,
        }
    }

    fn arm(&mut self, armed: bool) {
        self.model.arm(armed);
        self.queue.push_back(Step::Arm(armed));
    }

    fn settle(&mut self) {
        if self.queue.back() != Some(&Step::Settle) {
            self.queue.push_back(Step::Settle);
        }
    }

    /// Queues a command, through the window that takes it.
    fn send(&mut self, command: impl Into<Command>) -> Vec<Event> {
        let command = command.into();
        let code = command.layout().code;
        let window = Window::ALL.into_iter().find(|window| window.takes(code)).expect("every command has a window");
        let words = command.encode().expect("drawn values fit their fields");
        self.send_words(window, words)
    }

    fn send_words(&mut self, window: Window, words: [u64; 4]) -> Vec<Event> {
        let stage = self.random.chance(60);
        self.queue.push_back(if stage { Step::Stage(window, words) } else { Step::Post(window, words) });
        if self.random.chance(2) {
            self.queue.push_back(Step::Post(window, [u64::from(Nop::CODE), 0, 0, 0]));
        }
        let situation = self.model.situation(&words);
        let events = self.model.command(window, words);
        let events: Vec<_> = events.iter().filter_map(|(_, words)| Event::decode(words).ok()).collect();
        if events.is_empty() {
            self.rows.add(&words);
        }
        self.coverage.command(&words, &events, situation.as_ref(), self.model.insight());
        for event in &events {
            self.follow(event);
        }
        events
    }

    fn fence(&mut self, window: Window) {
        let tag = self.next_tag();
        let words = Command::from(Fence { tag }).encode().expect("a tag has 64 bits");
        self.send_words(window, words);
    }

    fn next_tag(&mut self) -> u64 {
        self.tag += 1;
        self.tag
    }

    /// An index of the build, or rarely one beyond it.
    fn draw_index(&mut self, length: usize) -> u16 {
        u16::try_from(self.random.index(length)).unwrap_or(u16::MAX)
    }

    fn draw_account(&mut self) -> u16 {
        if self.random.chance(3) {
            return self.draw_index(self.sizes.accounts);
        }
        self.accounts[self.random.index(self.accounts.len())]
    }

    fn draw_instrument(&mut self) -> u16 {
        if self.products.is_empty() || self.random.chance(3) {
            return self.draw_index(self.sizes.instruments);
        }
        let index = self.random.index(self.products.len());
        *self.products.keys().nth(index).expect("below the length")
    }

    fn draw_slot(&mut self) -> u16 {
        // Few slots are used, so that they are found again.
        let slots = self.sizes.slots.min(if self.random.chance(10) { usize::MAX } else { 24 });
        self.draw_index(slots)
    }

    fn draw_u16(&mut self, most: u16) -> u16 {
        u16::try_from(self.random.below(u64::from(most) + 1)).unwrap_or(most)
    }

    fn draw_u32(&mut self, most: u32) -> u32 {
        u32::try_from(self.random.below(u64::from(most) + 1)).unwrap_or(most)
    }

    fn edge(&mut self) -> bool {
        self.random.chance(self.edges)
    }

    /// Remembers which accounts are in use and where they stand.
    fn follow(&mut self, event: &Event) {
        match event {
            Event::Verdict(verdict) if verdict.reason == 0 && verdict.opcode == Order::CODE && !verdict.check => {
                self.used.insert(verdict.account);
            }
            Event::PositionSet(set) => {
                self.used.insert(set.account);
                self.positions.insert((set.account, set.instrument), set.position);
            }
            Event::Filled(filled) => {
                self.positions.insert((filled.account, filled.instrument), filled.position);
            }
            _ => {}
        }
    }
}
