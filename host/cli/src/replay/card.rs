//! The card as the replay uses it: commands out, events in, figures kept.
//!
//! With false rejects counted, the reference model hears of every command and agrees with every verdict.
//!
//! Market commands are staged two to a slot and waited for only by orders, whose verdicts depend on them; orders are
//! always waited for. Nothing here decides anything.
//!
//! Invariant: card time moves only while no command of the orders window is in flight.

use super::departures::Departures;
use super::rejects::FalseRejects;
use super::watch::{Compared, Watch};
use crate::report::{FalseRejectReport, IntervalLog};
use anyhow::{bail, Context, Result};
use crossgate_book::CardOp;
use crossgate_contract::{command, event, feature, reason, Command, Event, Sizes, Window};
use crossgate_driver::{BankRows, Egress, Endpoint, Received};
use crossgate_sim::device::{self, SimDevice};
use std::collections::{BTreeMap, HashMap};

/// Series of the interval log.
pub(super) const TAGS: [&str; 5] = ["book_latency", "book_wait", "gate_latency", "gate_wait", "book_control_latency"];
/// Places in [`TAGS`].
const BOOK: usize = 0;
const GATE: usize = 2;
const BOOK_CONTROL: usize = 4;
/// Market time of an interval of the log.
const INTERVAL_NS: u64 = 1_000_000_000;
/// What a use after [`Card::close`] says.
const CLOSED: &str = "the card is closed";
/// Polls without the awaited event before the card counts as stuck.
const POLLS_MAX: u32 = 100_000;

/// Event counts and histories.
pub(super) struct Tally {
    pub(super) events: u64,
    pub(super) bbo_events: u64,
    pub(super) level_commands: u64,
    pub(super) orders: u64,
    pub(super) faults: BTreeMap<String, u64>,
    pub(super) watch: Watch,
    pub(super) log: IntervalLog,
    pub(super) egress: Departures,
    verdicts: HashMap<u32, event::Verdict>,
    bank: Option<event::Bank>,
}

impl Tally {
    fn on_event(&mut self, received: &Received) {
        self.events += 1;
        let (wait, latency) = (received.wait_cycles(), received.latency_cycles());
        match received.decode() {
            Ok(Event::Bbo(bbo)) => {
                self.bbo_events += 1;
                self.watch.on_bbo(&bbo);
                let series = if bbo.opcode == command::Level::CODE { BOOK } else { BOOK_CONTROL };
                self.log.record(series, latency - wait.min(latency));
                if series == BOOK {
                    self.log.record(BOOK + 1, wait);
                }
            }
            Ok(Event::Verdict(verdict)) => {
                self.log.record(GATE, latency - wait.min(latency));
                self.log.record(GATE + 1, wait);
                self.egress.decided(&verdict);
                self.verdicts.insert(verdict.tag, verdict);
            }
            Ok(Event::FaultRaised(fault)) => {
                let name = reason::Fault::from_code(fault.code).map_or("unknown", reason::Fault::name);
                *self.faults.entry(name.to_owned()).or_default() += 1;
            }
            Ok(Event::Bank(bank)) => self.bank = Some(bank),
            Ok(_) => {}
            Err(code) => *self.faults.entry(format!("event {code:#04x} is unknown")).or_default() += 1,
        }
    }
}

/// The device and what it said.
pub(super) struct Card {
    /// `None` after [`Card::close`].
    device: Option<SimDevice>,
    sizes: Sizes,
    cycles: u64,
    pub(super) tally: Tally,
    /// Market time at which card time is 0; 48 bits of microseconds last nine years from there.
    origin_ns: Option<u64>,
    time_us: u64,
    next_tag: u32,
    /// Bank rows since the last COMMIT.
    rows: BankRows,
    /// Commands of the orders window since its last fence: while there are, card time must not move.
    orders_open: bool,
    /// Commands of the market window since its last fence: orders must not overtake them.
    market_open: bool,
    /// What the card says of its egress, known after [`Card::finish`].
    egress: Egress,
    /// If they are counted.
    rejects: Option<FalseRejects>,
}

impl Card {
    pub(super) fn new(device: SimDevice, books: usize, counts_rejects: bool) -> Result<Self> {
        let tally = Tally {
            events: 0,
            bbo_events: 0,
            level_commands: 0,
            orders: 0,
            faults: BTreeMap::new(),
            watch: Watch::new(books),
            log: IntervalLog::new(&TAGS, INTERVAL_NS)?,
            egress: Departures::default(),
            verdicts: HashMap::new(),
            bank: None,
        };
        device.identity().require(feature::ORDERS_FULL)?;
        let sizes = device.identity().sizes;
        Ok(Self {
            device: Some(device),
            sizes,
            cycles: 0,
            tally,
            origin_ns: None,
            time_us: 0,
            next_tag: 0,
            rows: BankRows::new(),
            orders_open: false,
            market_open: false,
            egress: Egress::default(),
            rejects: counts_rejects.then(|| FalseRejects::new(sizes)),
        })
    }

    pub(super) const fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// Sets card time from market time, behind everything in the orders window; it never runs backwards.
    pub(super) fn set_time(&mut self, now_ns: u64) -> Result<()> {
        self.tally.log.advance(now_ns);
        let time_us = self.card_time_us(now_ns);
        if time_us > self.time_us {
            if self.orders_open {
                self.fence(Window::Orders)?;
            }
            self.time_us = time_us;
            self.device()?.set_time_us(time_us)?;
            if let Some(rejects) = &mut self.rejects {
                rejects.set_time_us(time_us);
            }
        }
        Ok(())
    }

    /// Card time of a market time; the first one asked for is the origin.
    pub(super) fn card_time_us(&mut self, at_ns: u64) -> u64 {
        at_ns.saturating_sub(*self.origin_ns.get_or_insert(at_ns)) / 1_000
    }

    /// Sends the operations of one book after a frame.
    pub(super) fn send(&mut self, book: usize, ops: &[CardOp], frame: u64) -> Result<()> {
        let book = u8::try_from(book)?;
        for op in ops {
            let command = encode(book, op, frame)?;
            self.tally.level_commands += u64::from(matches!(command, Command::Level(_)));
            self.stage(Window::Market, command.encode()?)?;
        }
        if !ops.is_empty() {
            self.market_open = true;
            self.device()?.flush(Window::Market)?;
        }
        Ok(())
    }

    /// A venue is alive.
    pub(super) fn heartbeat(&mut self, venue: usize, now_ns: u64) -> Result<()> {
        let time_us = self.card_time_us(now_ns);
        self.market_open = true;
        self.stage(
            Window::Market,
            Command::from(command::Heartbeat { venue: u8::try_from(venue)?, time_us }).encode()?,
        )?;
        Ok(self.device()?.flush(Window::Market)?)
    }

    /// Takes what has arrived.
    pub(super) fn poll(&mut self) -> Result<usize> {
        let (device, tally) = (self.device.as_mut().context(CLOSED)?, &mut self.tally);
        Ok(device.poll(|received| tally.on_event(received))?)
    }

    /// A tag for an order.
    pub(super) fn tag(&mut self) -> u32 {
        self.next_tag = self.next_tag.wrapping_add(1);
        self.next_tag
    }

    /// Posts commands of the orders window and waits for their verdicts, in order; orders see every book as it was sent.
    pub(super) fn orders(&mut self, commands: &[Command]) -> Result<Vec<event::Verdict>> {
        let decided = |command: &Command| matches!(command, Command::Order(_) | Command::Replace(_));
        self.tally.orders += u64::try_from(commands.iter().filter(|command| decided(command)).count())?;
        if self.market_open && commands.iter().any(decided) {
            self.fence(Window::Market)?;
        }
        self.orders_open = true;
        let mut tags = Vec::new();
        for command in commands {
            let words = command.encode()?;
            if let Some(tag) = self.tally.egress.posted(command, &words) {
                tags.push(tag);
            }
            self.stage(Window::Orders, words)?;
        }
        self.device()?.flush(Window::Orders)?;
        let mut verdicts = Vec::with_capacity(tags.len());
        for tag in tags {
            let verdict = self.await_event(|tally| tally.verdicts.remove(&tag)).context("waiting for a verdict")?;
            if let Some(rejects) = &mut self.rejects {
                rejects.compare(&verdict)?;
            }
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }

    /// Posts control commands behind every order, fill and cancel so far, and waits until they have taken effect: between
    /// windows only fences define an order, and fills are reserved at the marks of both banks.
    pub(super) fn control(&mut self, commands: &[Command]) -> Result<()> {
        self.fence(Window::Orders)?;
        for command in commands {
            let words = command.encode()?;
            self.rows.add(&words);
            self.stage(Window::Control, words)?;
        }
        self.device()?.flush(Window::Control)?;
        self.fence(Window::Control)
    }

    /// Posts a COMMIT of the bank rows since the last one, with their count and CRC, and waits for its outcome.
    pub(super) fn commit(&mut self, commit: command::Commit) -> Result<event::Bank> {
        let commit = Command::from(self.rows.commit(commit));
        self.stage(Window::Control, commit.encode()?)?;
        self.device()?.flush(Window::Control)?;
        self.await_event(|tally| tally.bank.take()).context("waiting for the bank to flip")
    }

    pub(super) fn fence(&mut self, window: Window) -> Result<()> {
        let (device, tally) = (self.device.as_mut().context(CLOSED)?, &mut self.tally);
        device.fence(window, |received| tally.on_event(received))?;
        match window {
            Window::Orders => self.orders_open = false,
            Window::Market => self.market_open = false,
            Window::Control => {}
        }
        Ok(())
    }

    pub(super) fn arm(&mut self) -> Result<()> {
        if let Some(rejects) = &mut self.rejects {
            rejects.arm();
        }
        Ok(self.device()?.arm(true)?)
    }

    /// Waits until nothing is in flight and settles every comparison.
    pub(super) fn finish(&mut self) -> Result<()> {
        for window in Window::ALL {
            self.fence(window)?;
        }
        self.tally.watch.settle_all();
        self.egress = self.device()?.egress()?;
        Ok(())
    }

    /// What the card and what its verdicts say of its egress; known after [`Card::finish`].
    pub(super) fn egress(&self) -> [Egress; 2] {
        [self.egress, self.tally.egress.expected()]
    }

    /// Ends the card: a trace behind it is complete, a lockstep has compared everything.
    pub(super) fn close(&mut self) -> Result<()> {
        let Some(device) = self.device.take() else { return Ok(()) };
        self.cycles = device.transport().endpoint().cycles();
        Ok(device::close(device)?)
    }

    /// What rounding alone refused, if it is counted.
    pub(super) fn false_rejects(&self) -> Option<FalseRejectReport> {
        self.rejects.as_ref().map(FalseRejects::report)
    }

    /// Puts a command into the next slot of its window.
    fn stage(&mut self, window: Window, words: [u64; 4]) -> Result<()> {
        if let Some(rejects) = &mut self.rejects {
            rejects.posted(window, words);
        }
        Ok(self.device()?.stage_words(window, words)?)
    }

    fn device(&mut self) -> Result<&mut SimDevice> {
        self.device.as_mut().context(CLOSED)
    }

    /// Cycles of the simulated clock, known after [`Card::close`].
    pub(super) const fn cycles(&self) -> u64 {
        self.cycles
    }

    pub(super) fn compared(&self) -> (&Compared, &Compared) {
        (&self.tally.watch.host, &self.tally.watch.ticker)
    }

    fn await_event<R>(&mut self, mut take: impl FnMut(&mut Tally) -> Option<R>) -> Result<R> {
        for _ in 0..POLLS_MAX {
            if let Some(found) = take(&mut self.tally) {
                return Ok(found);
            }
            self.poll()?;
        }
        bail!("the card did not answer within {POLLS_MAX} polls")
    }
}

fn encode(book: u8, op: &CardOp, frame: u64) -> Result<Command> {
    let price = |ticks: crossgate_instrument::Ticks| {
        u32::try_from(ticks.get()).with_context(|| format!("price of {} ticks in book {book}", ticks.get()))
    };
    Ok(match *op {
        CardOp::Level { venue, side, price: ticks, quantity } => command::Level {
            side: super::desk::side_bit(side),
            venue: venue.get(),
            book,
            price: price(ticks)?,
            quantity: u64::from(quantity),
            tag: frame,
        }
        .into(),
        CardOp::Slide { base, refilling } => command::Slide { refilling, book, base: price(base)?, tag: frame }.into(),
        CardOp::VenueReset { venue } => command::VenueReset { venue: venue.get(), book, tag: frame }.into(),
        CardOp::State { enabled_mask, refilling } => {
            command::BookState { refilling, book, enabled: u16::from(enabled_mask), tag: frame }.into()
        }
    })
}
