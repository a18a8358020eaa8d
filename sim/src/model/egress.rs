//! Egress of the model: the queue of messages to the venues, CANCEL and MASS_CANCEL.
//!
//! The port is ready unless [`Model::hold_egress`] says otherwise. Nothing is ever in flight, so while the port is held
//! the queue alone decides whether it counts as full.
//!
//! Not here: that nothing enters the pipeline while 16 MASS_CANCELs are queued, which is the endpoint's to obey
//! ([`Model::takes_operations`]).

use super::bank::crc;
use super::Model;
use crossgate_contract::command::{scope, Cancel, MassCancel};
use crossgate_contract::event::Verdict;
use crossgate_contract::{register, Command, Event, Reason};
use std::collections::VecDeque;

/// A message to a venue: the words of its command.
pub type Message = [u64; 4];

/// Entries of the queue.
const ENTRIES: usize = 16;
/// With fewer free entries the queue counts as full.
const FREE_LEAST: usize = 4;
/// With as many MASS_CANCELs in the queue nothing enters the pipeline.
const MASS_CANCELS_MOST: usize = 16;

/// The queue and what left it.
#[derive(Clone, Debug, Default)]
pub(super) struct Egress {
    held: bool,
    masses: VecDeque<Message>,
    others: VecDeque<Message>,
    left: VecDeque<Message>,
    crc: u32,
}

impl Egress {
    fn is_full(&self) -> bool {
        ENTRIES.saturating_sub(self.masses.len() + self.others.len()) < FREE_LEAST
    }

    /// While the port is ready everything leaves, MASS_CANCELs first.
    fn leave(&mut self) {
        if !self.held {
            self.left.extend(self.masses.drain(..));
            self.left.extend(self.others.drain(..));
        }
    }
}

impl Model {
    /// Holds the port of egress, or lets messages leave again.
    pub fn hold_egress(&mut self, held: bool) {
        self.egress.held = held;
        self.egress.leave();
    }

    /// The messages that left since they were last taken, in their order.
    pub fn take_egress(&mut self) -> impl Iterator<Item = Message> + '_ {
        self.egress.left.drain(..)
    }

    /// The CRC-32 of every message that entered the queue.
    pub fn egress_crc(&self) -> u32 {
        self.egress.crc
    }

    /// Whether the queue counts as full.
    pub fn is_egress_full(&self) -> bool {
        self.egress.is_full()
    }

    /// MASS_CANCELs that have not left.
    pub fn queued_mass_cancels(&self) -> usize {
        self.egress.masses.len()
    }

    /// Whether operations may enter the pipeline: fewer than 16 MASS_CANCELs are queued.
    pub fn takes_operations(&self) -> bool {
        self.egress.masses.len() < MASS_CANCELS_MOST
    }

    fn enter(&mut self, message: Message) {
        self.count(&register::COUNT_EGRESS);
        self.egress.crc = crc(self.egress.crc, message.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// An accepted ORDER, REPLACE or CANCEL enters the queue.
    pub(super) fn send(&mut self, message: Message) {
        self.enter(message);
        self.egress.others.push_back(message);
        self.egress.leave();
    }

    fn send_mass_cancel(&mut self, message: Message) {
        self.enter(message);
        self.egress.masses.push_back(message);
        self.egress.leave();
    }

    /// The MASS_CANCEL of a HALT or of the watchdog.
    pub(super) fn mass_cancel_of_card(&mut self, scope: u8, index: u16) {
        let command = Command::from(MassCancel { scope, index, tag: 0, cookie: 0 });
        self.send_mass_cancel(command.encode().expect("every value fits"));
    }

    /// Asks for the cancel of an order; nothing is released.
    pub(super) fn cancel(&mut self, cancel: &Cancel, words: Message) -> Event {
        let Cancel { account, instrument, slot, generation, tag, cookie } = *cancel;
        let entry = self.gate.named_entry(account, instrument, slot);
        let reason = match entry {
            _ if self.is_egress_full() => Reason::EgressFull,
            None => Reason::Malformed,
            Some(entry) if !entry.busy || !entry.is(generation, account, instrument) => Reason::Slot,
            Some(_) => Reason::Accepted,
        };
        if reason == Reason::Accepted {
            self.gate.charge_message(account, self.time_us);
            self.send(words);
        }
        Verdict {
            reason: reason.code(),
            side: entry.map_or(0, |entry| entry.side),
            opcode: Cancel::CODE,
            epoch: self.gate.epoch,
            account,
            instrument,
            slot,
            generation,
            tag,
            cookie,
            ..Default::default()
        }
        .into()
    }

    /// Asks for the cancel of everything in a scope; nothing is released.
    pub(super) fn mass_cancel(&mut self, cancel: &MassCancel, words: Message) -> Event {
        let MassCancel { scope, index, tag, cookie } = *cancel;
        let in_range = match scope {
            scope::GLOBAL => true,
            scope::ACCOUNT => usize::from(index) < self.sizes.accounts,
            scope::INSTRUMENT => usize::from(index) < self.sizes.instruments,
            scope::VENUE => usize::from(index) < self.sizes.venues,
            _ => false,
        };
        if in_range {
            self.send_mass_cancel(words);
        }
        let reason = if in_range { Reason::Accepted } else { Reason::Malformed };
        Verdict {
            reason: reason.code(),
            opcode: MassCancel::CODE,
            epoch: self.gate.epoch,
            account: index,
            tag,
            cookie,
            ..Default::default()
        }
        .into()
    }
}
