//! The reference model: what BOOK and GATE do, in plain Rust.
//!
//! Written from `docs/book.md` and `docs/gate.md` alone. It is slow and obvious on purpose: money is `i128`, a ledger
//! is recomputed from cells, order slots and bank rows whenever it is looked at, and nothing is kept incrementally that
//! could be derived. It shares no arithmetic with what it checks.
//!
//! Not here: windows, rings and registers (see [`ModelEndpoint`]); timing (every cycle, latency and wait is 0).
//!
//! Invariant: a ledger that is not poisoned in the active bank has every end point, with and without its base, in 18 bits
//! of gate lots, every rate in 17 bits, and every slack and the headroom in 48 bits.

mod admission;
mod bank;
mod book;
mod egress;
mod endpoint;
mod exact;
mod gate;
mod insight;
mod ledger;
mod order;
mod replace;
mod tables;

#[cfg(test)]
mod tests;

use crossgate_contract::event::{FaultRaised, FenceDone, Ring, SEQUENCE};
use crossgate_contract::register::{self, Register};
use crossgate_contract::{command, feature, Command, Event, Fault, Sizes, Window};
use std::collections::BTreeMap;

pub use egress::Message;
pub use endpoint::ModelEndpoint;
pub use exact::Charges;
pub use insight::{Insight, NextBank, OrderSlot, Outcome, PendingReplace, Situation, Standing, Why};

/// An event with the ring it belongs to. Of words 6 and 7 only the sequence is set.
pub type Output = (Ring, [u64; 8]);

/// Features of the contract that the model implements.
pub const FEATURES: u32 = feature::BOOK
    | feature::GATE_POOL
    | feature::GATE_VENUE
    | feature::LANES_REL_UNIT
    | feature::ORDERS_FULL
    | feature::COMMIT_CHECKED;

/// The state of one card.
#[derive(Clone, Debug)]
pub struct Model {
    sizes: Sizes,
    armed: bool,
    ring_full: bool,
    time_us: u64,
    /// 0: never.
    watchdog_us: u64,
    sequence: [u32; 2],
    counters: BTreeMap<u32, u32>,
    books: Vec<book::Book>,
    heartbeat_us: BTreeMap<usize, u64>,
    is_without_books: bool,
    gate: gate::Gate,
    egress: egress::Egress,
    insight: Insight,
}

impl Model {
    /// A card after RESET.
    pub fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            armed: false,
            ring_full: false,
            time_us: 0,
            watchdog_us: 0,
            sequence: [0; 2],
            counters: BTreeMap::new(),
            books: vec![book::Book::new(sizes.window_ticks); sizes.books],
            heartbeat_us: BTreeMap::new(),
            is_without_books: false,
            gate: gate::Gate::new(sizes),
            egress: egress::Egress::default(),
            insight: Insight::default(),
        }
    }

    /// The same, as GATE is without BOOK: the touch test passes and no book is out of its box.
    pub fn without_books(sizes: Sizes) -> Self {
        Self { is_without_books: true, ..Self::new(sizes) }
    }

    /// The sizes of the build.
    pub fn sizes(&self) -> &Sizes {
        &self.sizes
    }

    /// Whether orders are decided.
    pub fn arm(&mut self, armed: bool) {
        self.armed = armed;
    }

    /// Whether orders are decided.
    pub fn armed(&self) -> bool {
        self.armed
    }

    /// Sets the card time, microseconds; returns the fault of the watchdog if that ends its patience.
    pub fn set_time_us(&mut self, time_us: u64) -> Option<Output> {
        self.time_us = time_us;
        self.watch()
    }

    /// Sets the card time at which the card halts and asks for every order to be cancelled, 0 for never; returns the
    /// fault if that time has come.
    pub fn set_watchdog_us(&mut self, watchdog_us: u64) -> Option<Output> {
        self.watchdog_us = watchdog_us;
        self.watch()
    }

    /// The card time at which the watchdog bites; 0: never.
    pub fn watchdog_us(&self) -> u64 {
        self.watchdog_us
    }

    fn watch(&mut self) -> Option<Output> {
        if self.watchdog_us == 0 || self.time_us < self.watchdog_us {
            return None;
        }
        self.watchdog_us = 0;
        self.gate.halted_global = true;
        self.mass_cancel_of_card(command::scope::GLOBAL, 0);
        Some(self.fault(Window::Control, Fault::Watchdog, 0, [0; 4]))
    }

    /// The card time, microseconds.
    pub fn time_us(&self) -> u64 {
        self.time_us
    }

    /// Tells whether the decision ring has no free entry for the next order.
    pub fn set_ring_full(&mut self, full: bool) {
        self.ring_full = full;
    }

    /// The active epoch; 0 before the first COMMIT.
    pub fn epoch(&self) -> u32 {
        self.gate.epoch
    }

    /// The number of the active bank, 0 or 1.
    pub fn active_bank(&self) -> usize {
        self.gate.active
    }

    /// Whether a global halt is in force.
    pub fn halted(&self) -> bool {
        self.gate.halted_global
    }

    /// The value of a `COUNT_` register.
    pub fn counter(&self, register: &Register) -> u32 {
        self.counters.get(&register.offset).copied().unwrap_or(0)
    }

    fn count(&mut self, register: &Register) {
        let value = self.counters.entry(register.offset).or_insert(0);
        *value = value.wrapping_add(1);
    }

    /// Applies one command of a window and returns the events it causes, in order.
    pub fn command(&mut self, window: Window, words: [u64; 4]) -> Vec<Output> {
        let mut words = words;
        words[3] &= u64::MAX >> 16;
        let decoded = Command::decode(&words);
        if decoded == Ok(Command::Nop(command::Nop {})) {
            return Vec::new();
        }
        self.count(match window {
            Window::Orders => &register::COUNT_COMMANDS_ORDERS,
            Window::Market => &register::COUNT_COMMANDS_MARKET,
            Window::Control => &register::COUNT_COMMANDS_CONTROL,
        });
        let events = match decoded {
            Ok(command) if window.takes(command.layout().code) => self.apply(window, &command, words),
            _ => Err(Fault::UnknownCommand),
        };
        match events {
            Ok(events) => events.into_iter().map(|event| self.output(window, &event)).collect(),
            Err(fault) => vec![self.fault(window, fault, 0, words)],
        }
    }

    /// A fault event, counted.
    pub fn fault(&mut self, window: Window, fault: Fault, detail: u32, words: [u64; 4]) -> Output {
        self.count(&register::COUNT_FAULTS);
        let [word_0, word_1, word_2, word_3] = words;
        let window = window as u8;
        let event = FaultRaised { code: fault.code(), window, detail, word_0, word_1, word_2, word_3 };
        self.output(Window::Control, &event.into())
    }

    fn apply(&mut self, window: Window, command: &Command, words: [u64; 4]) -> Result<Vec<Event>, Fault> {
        let one = |event: Result<Event, Fault>| event.map(|event| vec![event]);
        let none = |done: Result<(), Fault>| done.map(|()| Vec::new());
        match command {
            Command::Nop(_) => Ok(Vec::new()),
            Command::Fence(fence) => Ok(vec![FenceDone { window: window as u8, tag: fence.tag }.into()]),
            Command::Order(order) => Ok(vec![self.order(order, words)]),
            Command::Replace(replace) => Ok(vec![self.replace(replace, words)]),
            Command::Cancel(cancel) => Ok(vec![self.cancel(cancel, words)]),
            Command::MassCancel(cancel) => Ok(vec![self.mass_cancel(cancel, words)]),
            Command::Replaced(replaced) => one(self.gate.replaced(replaced)),
            Command::Refused(refused) => one(self.gate.refused(refused)),
            Command::Fill(fill) => one(self.fill(fill)),
            Command::Cancelled(cancelled) => one(self.gate.cancelled(cancelled)),
            Command::Position(position) => one(self.gate.set_position(position)),
            Command::Level(level) => self.level(level),
            Command::VenueReset(reset) => self.venue_reset(reset),
            Command::Slide(slide) => self.slide(slide),
            Command::BookState(state) => self.book_state(state),
            Command::Depth(depth) => self.depth(depth),
            Command::Heartbeat(heartbeat) => none(self.heartbeat(heartbeat)),
            Command::Instrument(row) => none(self.gate.instrument_row(row)),
            Command::InstrumentLimits(row) => none(self.gate.limits_row(row)),
            Command::Ages(row) => {
                self.gate.ages = *row;
                Ok(Vec::new())
            }
            Command::Account(row) => none(self.gate.account_row(row)),
            Command::VenueLedger(row) => none(self.gate.venue_ledger_row(row)),
            Command::Marks(marks) => none(self.gate.freeze_marks(marks)),
            Command::BankMark(row) => none(self.gate.mark_row(row, words)),
            Command::BankLoss(row) => none(self.gate.loss_row(row, words)),
            Command::BankOffset(row) => none(self.gate.offset_row(row, words)),
            Command::BankCollateral(row) => none(self.gate.collateral_row(row, words)),
            Command::BankLanes(row) => none(self.gate.lanes_row(row, words)),
            Command::BankBase(row) => none(self.gate.base_row(row, words)),
            Command::BankBox(row) => none(self.gate.box_row(row, words)),
            Command::Collateral(live) => none(self.gate.live_collateral(live, self.time_us)),
            Command::Commit(commit) => Ok(vec![self.gate.commit(commit).into()]),
            Command::Halt(halt) => none(self.halt(halt)),
            Command::Read(read) => one(self.read(read)),
        }
    }

    fn fill(&mut self, fill: &command::Fill) -> Result<Event, Fault> {
        let (applied, event) = self.gate.fill(fill)?;
        if applied {
            self.count(&register::COUNT_FILLS);
        }
        Ok(event)
    }

    /// Market data and market fences go to the market ring, everything else to the decision ring.
    fn output(&mut self, window: Window, event: &Event) -> Output {
        let ring = match (window, event) {
            (Window::Market, Event::Bbo(_) | Event::DepthLevel(_) | Event::FenceDone(_)) => Ring::Market,
            _ => Ring::Decisions,
        };
        let mut words = event.encode().expect("the model keeps every value in its field");
        let sequence = &mut self.sequence[ring.index()];
        SEQUENCE.put(&mut words, u64::from(*sequence));
        *sequence = sequence.wrapping_add(1);
        (ring, words)
    }
}
