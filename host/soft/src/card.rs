//! [`Card`]: commands in, events out. The two halves of the card behind one dispatch, with counters and rings.
//!
//! Not here: registers and the bus (see `endpoint`).
//!
//! Invariant: every command but a NOP is counted and answered as the contract says, or refused by a fault.

use crate::egress::Egress;
use crate::gate::Gate;
use crate::market::{Change, Market};
use crate::ring::Ring as Queue;
use crate::words::{command_of, event_words};
use crossgate_contract::command::{Cancel, Cancelled, Fence, Fill, Halt, Level, Nop, Order, Replace, Replaced};
use crossgate_contract::event::{Closed, FaultRaised, FenceDone, Filled, ReadData, Ring};
use crossgate_contract::register::{self, Register};
use crossgate_contract::table::Table;
use crossgate_contract::{command, Command, Event, Fault, Sizes, Window};

const COUNTERS: usize = 16;

/// The `COUNT_` registers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counters([u32; COUNTERS]);

impl Counters {
    const fn index(register: &Register) -> usize {
        ((register.offset - register::COUNT_COMMANDS_ORDERS.offset) / 4) as usize & (COUNTERS - 1)
    }

    #[inline]
    pub(crate) const fn count(&mut self, register: &Register) {
        let value = &mut self.0[Self::index(register)];
        *value = value.wrapping_add(1);
    }

    pub(crate) const fn get(&self, register: &Register) -> u32 {
        self.0[Self::index(register)]
    }
}

/// BOOK and GATE of one card.
pub(crate) struct Card<const L: usize> {
    pub(crate) sizes: Sizes,
    pub(crate) armed: bool,
    pub(crate) gate: Gate<L>,
    pub(crate) market: Market,
    pub(crate) counters: Counters,
    pub(crate) rings: [Queue; 2],
    pub(crate) egress: Egress,
}

impl<const L: usize> Card<L> {
    /// A card after RESET, its rings off.
    pub(crate) fn new(sizes: &Sizes) -> Self {
        Self {
            sizes: *sizes,
            armed: false,
            gate: Gate::new(sizes),
            market: Market::new(sizes),
            counters: Counters::default(),
            rings: [Queue::new(), Queue::new()],
            egress: Egress::new(),
        }
    }

    #[inline]
    pub(crate) fn send(&mut self, ring: Ring, words: &[u64; 8]) {
        if self.rings[ring.index()].send(words) {
            self.counters.count(&register::COUNT_CONFLATED);
        }
    }

    /// Applies one command of a window.
    #[inline]
    pub(crate) fn command(&mut self, window: Window, words: [u64; 4]) {
        let [code, ..] = words[0].to_le_bytes();
        if code == Nop::CODE {
            return;
        }
        let words = [words[0], words[1], words[2], words[3] & u64::MAX >> 16];
        self.counters.count(match window {
            Window::Orders => &register::COUNT_COMMANDS_ORDERS,
            Window::Market => &register::COUNT_COMMANDS_MARKET,
            Window::Control => &register::COUNT_COMMANDS_CONTROL,
        });
        let done = match (window, code) {
            (Window::Orders, Order::CODE) => {
                self.order(&words);
                Ok(())
            }
            (Window::Market, Level::CODE) => {
                let level = command_of!(&words, Level { side, venue, book, price, quantity, tag });
                let change = self.market.level(&mut self.counters, &level);
                self.changed(change)
            }
            (Window::Orders, Fill::CODE) => self.fill(&words),
            (Window::Orders, Replace::CODE) => {
                self.replace(&words);
                Ok(())
            }
            (Window::Orders, Cancel::CODE) => {
                self.cancel(&words);
                Ok(())
            }
            (Window::Orders, Cancelled::CODE) => self.cancelled(&words),
            (Window::Orders, Replaced::CODE) => self.replaced(&words),
            _ => self.seldom(window, code, &words),
        };
        if let Err(fault) = done {
            self.fault(window, fault, 0, &words);
        }
    }

    fn changed(&mut self, change: Change) -> Result<(), Fault> {
        if let Some(event) = change? {
            self.send(Ring::Market, &event);
        }
        Ok(())
    }

    fn fill(&mut self, words: &[u64; 4]) -> Result<(), Fault> {
        let fill = command_of!(words, Fill { side, account, instrument, slot, cumulative, generation, price });
        let filled = self.gate.fill(&fill)?;
        if filled.applied > 0 {
            self.counters.count(&register::COUNT_FILLS);
        }
        let event = event_words!(Filled {
            side: filled.side,
            freed: filled.freed,
            poisoned: filled.poisoned,
            venue_poisoned: filled.venue_poisoned,
            epoch: filled.epoch,
            account: filled.account,
            instrument: filled.instrument,
            slot: filled.slot,
            generation: filled.generation,
            applied: filled.applied,
            position: filled.position,
            y_active: filled.y_active,
            y_inactive: filled.y_inactive,
        });
        self.send(Ring::Decisions, &event);
        Ok(())
    }

    fn cancelled(&mut self, words: &[u64; 4]) -> Result<(), Fault> {
        let cancelled = command_of!(words, Cancelled { account, instrument, slot, cumulative, generation });
        let closed = self.gate.cancelled(&cancelled)?;
        self.closed(&closed);
        Ok(())
    }

    fn replaced(&mut self, words: &[u64; 4]) -> Result<(), Fault> {
        let replaced = command_of!(words, Replaced { account, instrument, slot, cumulative, generation });
        let closed = self.gate.replaced(&replaced)?;
        self.closed(&closed);
        Ok(())
    }

    #[inline]
    fn closed(&mut self, closed: &Closed) {
        let event = event_words!(Closed {
            freed: closed.freed,
            poisoned: closed.poisoned,
            venue_poisoned: closed.venue_poisoned,
            opcode: closed.opcode,
            epoch: closed.epoch,
            account: closed.account,
            instrument: closed.instrument,
            slot: closed.slot,
            generation: closed.generation,
            released: closed.released,
            cumulative: closed.cumulative,
        });
        self.send(Ring::Decisions, &event);
    }

    /// Everything that is not on the hot path.
    #[inline(never)]
    fn seldom(&mut self, window: Window, code: u8, words: &[u64; 4]) -> Result<(), Fault> {
        let command = Command::decode(words).map_err(|_| Fault::UnknownCommand)?;
        if !window.takes(code) {
            return Err(Fault::UnknownCommand);
        }
        let Self { gate, market, counters, .. } = self;
        match &command {
            Command::Fence(Fence { tag }) => {
                let ring = if window == Window::Market { Ring::Market } else { Ring::Decisions };
                self.send(ring, &event_words!(FenceDone { window: window as u8, tag: *tag }));
                Ok(())
            }
            Command::Position(position) => {
                let event = gate.set_position(position)?;
                self.answer(event)
            }
            Command::Refused(refused) => {
                let event = gate.refused(refused)?;
                self.answer(event)
            }
            Command::MassCancel(cancel) => {
                self.mass_cancel(cancel, words);
                Ok(())
            }
            Command::Commit(commit) => {
                let event = gate.commit(commit, market);
                self.answer(event)
            }
            Command::Halt(halt) => {
                gate.halt(halt)?;
                self.halted(halt);
                Ok(())
            }
            Command::Read(read) => self.read(read),
            Command::VenueReset(_) | Command::Slide(_) | Command::BookState(_) | Command::Heartbeat(_) => {
                let change = market.command(counters, &command);
                self.changed(change)
            }
            Command::Depth(depth) => self.depth(depth),
            control => gate.control(control, words),
        }
    }

    fn answer(&mut self, event: impl Into<Event>) -> Result<(), Fault> {
        // Every value of an event of GATE fits its field.
        self.send(Ring::Decisions, &event.into().encode().unwrap_or_default());
        Ok(())
    }

    fn depth(&mut self, depth: &command::Depth) -> Result<(), Fault> {
        let ring = &mut self.rings[Ring::Market.index()];
        self.market.depth(depth, |event| {
            ring.send(&event);
        })
    }

    fn read(&mut self, read: &command::Read) -> Result<(), Fault> {
        let table = Table::from_code(read.table).ok_or(Fault::BadField)?;
        let words = match table {
            Table::Venue => {
                let time_us = self.market.heartbeat_us.get(usize::from(read.index));
                [*time_us.ok_or(Fault::BadField)?, 0, 0, 0]
            }
            Table::Touch => self.market.touch_words(read.index, read.sub)?,
            _ => self.gate.table(table, read)?,
        };
        let [word_0, word_1, word_2, word_3] = words;
        let command::Read { table, index, sub, inactive, tag } = *read;
        self.answer(ReadData { table, inactive, index, sub, word_0, word_1, word_2, word_3, tag })
    }

    /// Card time reached the watchdog: everything is halted and every order is asked to be cancelled.
    #[cold]
    pub(crate) fn watchdog(&mut self) {
        let halt = Halt { scope: command::scope::GLOBAL, index: 0, halted: true };
        // A global halt names nothing that could be beyond the build.
        if self.gate.halt(&halt).is_ok() {
            self.halted(&halt);
        }
        self.fault(Window::Control, Fault::Watchdog, 0, &[0; 4]);
    }

    /// Raises a fault.
    #[cold]
    pub(crate) fn fault(&mut self, window: Window, fault: Fault, detail: u32, words: &[u64; 4]) {
        self.counters.count(&register::COUNT_FAULTS);
        let [word_0, word_1, word_2, word_3] = *words;
        let event = event_words!(FaultRaised {
            code: fault.code(),
            window: window as u8,
            detail: detail,
            word_0: word_0,
            word_1: word_1,
            word_2: word_2,
            word_3: word_3,
        });
        self.send(Ring::Decisions, &event);
    }
}
