//! [`Coverage`]: which outcomes of GATE a run has reached, by name.
//!
//! Fed with commands, what each found, its events and how the reference model saw each order. Not here: timing, BOOK, and what is
//! right.
//!
//! Invariant: every name that is ever counted is one of [`Coverage::points`].

use crate::model::{Insight, NextBank, OrderSlot, Outcome, Situation, Standing, Why};
use crossgate_contract::command::{scope, MassCancel};
use crossgate_contract::event::Verdict;
use crossgate_contract::{command, BankResult, Command, Event, Fault, Reason};
use std::collections::BTreeMap;
use std::fmt;

/// Faults of commands; sequence and overrun need a host that breaks the windows.
pub const FAULTS: &[Fault] = &[
    Fault::UnknownCommand,
    Fault::BadField,
    Fault::UnplacedFill,
    Fault::OverFill,
    Fault::OldEpoch,
    Fault::RowOrder,
    Fault::CollateralRefused,
    Fault::Poisoned,
    Fault::Watchdog,
];

/// The greatest time.
const TIME_MOST: u64 = (1 << 48) - 1;
const LEDGERS: [&str; 2] = ["pool", "venue"];
const SIDES: [&str; 2] = ["buy", "sell"];
/// Commands that work on an order slot.
const OF_SLOTS: [&str; 7] = ["ORDER", "REPLACE", "CANCEL", "FILL", "CANCELLED", "REPLACED", "REFUSED"];
/// What they may find there.
const SLOTS: [&str; 6] = [
    "a fresh slot",
    "an open order",
    "one partly filled",
    "a pending REPLACE",
    "one pending and filled",
    "a freed slot",
];
/// The venue's answers that close an order or a part of it.
const ANSWERS: [&str; 3] = ["CANCELLED", "REPLACED", "REFUSED"];
const SCOPES: [&str; 4] = ["global", "account", "instrument", "venue"];
const NEXT_BANKS: [&str; 3] = ["empty", "gathering", "frozen"];
/// Things of one kind that a run must meet.
const CASES: [&str; 11] = [
    "an order closes a position while a book is out of its box",
    "REPLACE refused by a book out of its box",
    "REPLACE with the venue's total accepted",
    "REPLACE anew accepted",
    "a message within the burst",
    "a message after a rest",
    "CANCEL refused by a full egress queue",
    "CANCEL of an order that was cancelled before",
    "MASS_CANCEL malformed",
    "an arrival time at its greatest value",
    "REPLACED changes the price alone",
];
/// What the closing rule looks at in a lane below zero.
const LANES: [&str; 3] = ["REL", "ABS releasing less than the rate", "ABS releasing the rate"];

/// Counts by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<String, u64>,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { counts: Self::points().into_iter().map(|point| (point, 0)).collect() }
    }
}

impl Coverage {
    /// Every name there is.
    pub fn points() -> Vec<String> {
        let mut points: Vec<_> = Reason::ALL.iter().map(|(reason, ..)| format!("reason {reason}")).collect();
        points.extend(Why::ALL.map(|why| format!("reason {}, {why:?}", why.reason())));
        points.extend(FAULTS.iter().map(|fault| format!("fault {fault}")));
        points.extend(BankResult::ALL.iter().map(|(result, ..)| format!("bank {result}")));
        for outcome in ["accepted", "refused"] {
            for ledger in LEDGERS {
                points.extend(SIDES.map(|side| format!("closing {side} {outcome} in the {ledger} ledger")));
                points.extend(LANES.map(|lane| format!("closing {outcome} in the {ledger} ledger, {lane}")));
            }
        }
        points.extend(["pool alone", "venue alone", "both"].map(|ledger| format!("margin refused by {ledger}")));
        for what in ["bank", "fill", "cancel", "position"] {
            points.extend(LEDGERS.map(|ledger| format!("poisoned {ledger} after {what}")));
        }
        for command in OF_SLOTS {
            points.extend(SLOTS.map(|slot| format!("{command} finds {slot}")));
            points.push(format!("{command} with another generation"));
        }
        for command in OF_SLOTS.into_iter().chain(["POSITION"]) {
            points.extend(LEDGERS.map(|ledger| format!("{command} with the {ledger} ledger poisoned")));
            points.extend(NEXT_BANKS.map(|bank| format!("{command} with the next bank {bank}")));
        }
        for answer in ANSWERS {
            points.extend([false, true].map(|freed| format!("CLOSED by {answer}, freed {freed}")));
        }
        points.extend(SCOPES.map(|scope| format!("MASS_CANCEL of scope {scope}")));
        points.extend(CASES.map(String::from));
        points
    }

    fn count(&mut self, point: String) {
        let count = self.counts.get_mut(&point);
        debug_assert!(count.is_some(), "{point} is not a point");
        if let Some(count) = count {
            *count += 1;
        }
    }

    /// Counts what an event says.
    pub fn event(&mut self, event: &Event) {
        match event {
            Event::Verdict(verdict) => {
                if let Some(reason) = Reason::from_code(verdict.reason) {
                    self.count(format!("reason {reason}"));
                }
            }
            Event::FaultRaised(fault) => {
                let fault = Fault::from_code(fault.code);
                if let Some(fault) = fault.filter(|fault| FAULTS.contains(fault)) {
                    self.count(format!("fault {fault}"));
                }
            }
            Event::Bank(bank) => {
                if let Some(result) = BankResult::from_code(bank.result) {
                    self.count(format!("bank {result}"));
                }
                self.poisoned([bank.poisoned != 0, bank.venue_poisoned != 0], "bank");
            }
            Event::Filled(filled) => self.poisoned([filled.poisoned, filled.venue_poisoned], "fill"),
            Event::Closed(closed) => {
                self.poisoned([closed.poisoned, closed.venue_poisoned], "cancel");
                if let Some(answer) = ANSWERS.into_iter().find(|answer| code_of(answer) == Some(closed.opcode)) {
                    self.count(format!("CLOSED by {answer}, freed {}", closed.freed));
                }
            }
            Event::PositionSet(set) => self.poisoned([set.poisoned, set.venue_poisoned], "position"),
            _ => {}
        }
    }

    fn poisoned(&mut self, flags: [bool; 2], what: &str) {
        for (ledger, _) in LEDGERS.iter().zip(flags).filter(|(_, flag)| *flag) {
            self.count(format!("poisoned {ledger} after {what}"));
        }
    }

    /// Counts how an order or a REPLACE stood in its pool and its venue ledger.
    fn standings(&mut self, side: u8, standings: &[Standing; 2]) {
        let side = SIDES[usize::from(side)];
        for (ledger, standing) in LEDGERS.iter().zip(standings) {
            let outcome = match standing.outcome {
                Outcome::Closing => "accepted",
                Outcome::Refused => "refused",
                Outcome::Within | Outcome::Beyond => continue,
            };
            self.count(format!("closing {side} {outcome} in the {ledger} ledger"));
            let flags = [standing.relative, standing.releases_less, standing.releases_enough];
            for (lane, _) in LANES.iter().zip(flags).filter(|(_, flag)| *flag) {
                self.count(format!("closing {outcome} in the {ledger} ledger, {lane}"));
            }
        }
        let passes = standings.map(|standing| matches!(standing.outcome, Outcome::Within | Outcome::Closing));
        match passes {
            [false, true] => self.count(String::from("margin refused by pool alone")),
            [true, false] => self.count(String::from("margin refused by venue alone")),
            [false, false] => self.count(String::from("margin refused by both")),
            [true, true] => {}
        }
    }

    /// Counts a command with what it found, its events and how it was decided.
    pub fn command(&mut self, words: &[u64; 4], events: &[Event], found: Option<&Situation>, insight: Insight) {
        for event in events {
            self.event(event);
        }
        let Ok(command) = Command::decode(words) else { return };
        let verdict = if let [Event::Verdict(verdict)] = events { Some(verdict) } else { None };
        let judged = verdict.filter(|_| matches!(command, Command::Order(_) | Command::Replace(_)));
        if let Some(verdict) = judged {
            if let Some(standings) = insight.standings {
                self.standings(verdict.side, &standings);
            }
            if let Some(why) = insight.why {
                self.count(format!("reason {}, {why:?}", why.reason()));
            }
        }
        if let Some(found) = found {
            self.found(&command, found);
            if let Some(verdict) = verdict {
                self.verdict_in(&command, verdict, found);
            }
            if matches!((&command, events), (Command::Replaced(_), [Event::Closed(closed)]) if closed.released == 0) {
                self.case("REPLACED changes the price alone");
            }
        }
        if let (Command::MassCancel(cancel), Some(verdict)) = (&command, verdict) {
            self.mass_cancel(cancel, verdict);
        }
    }

    fn case(&mut self, case: &str) {
        self.count(case.to_owned());
    }

    /// The state of what a command names.
    fn found(&mut self, command: &Command, found: &Situation) {
        let name = command.layout().name;
        for (ledger, _) in LEDGERS.iter().zip(found.poisoned).filter(|(_, poisoned)| *poisoned) {
            self.count(format!("{name} with the {ledger} ledger poisoned"));
        }
        let bank = match found.next_bank {
            NextBank::Empty => NEXT_BANKS[0],
            NextBank::Gathering => NEXT_BANKS[1],
            NextBank::Frozen => NEXT_BANKS[2],
        };
        self.count(format!("{name} with the next bank {bank}"));
        let Some(slot) = found.slot else { return };
        let expected = generation_of(command, &slot);
        if expected == Some(false) {
            self.count(format!("{name} with another generation"));
        }
        if found.named || matches!(command, Command::Order(_)) {
            self.count(format!("{name} finds {}", state_of(&slot)));
        }
    }

    /// What a verdict says together with what the command found.
    fn verdict_in(&mut self, command: &Command, verdict: &Verdict, found: &Situation) {
        let (accepted, reason) = (verdict.reason == 0, Reason::from_code(verdict.reason));
        match command {
            Command::Order(_) if accepted && found.out_of_box => {
                self.case("an order closes a position while a book is out of its box");
            }
            Command::Replace(_) if reason == Some(Reason::Box) => {
                self.case("REPLACE refused by a book out of its box");
            }
            Command::Replace(replace) if accepted && replace.anew => self.case("REPLACE anew accepted"),
            Command::Replace(_) if accepted => self.case("REPLACE with the venue's total accepted"),
            Command::Cancel(_) if reason == Some(Reason::EgressFull) => {
                self.case("CANCEL refused by a full egress queue");
            }
            Command::Cancel(_) if reason == Some(Reason::Slot) && found.named => {
                self.case("CANCEL of an order that was cancelled before");
            }
            _ => {}
        }
        if accepted && found.arrival_us >= TIME_MOST {
            self.case("an arrival time at its greatest value");
        }
        if accepted && !verdict.check {
            let rests = found.arrival_us <= found.time_us;
            self.case(if rests { "a message after a rest" } else { "a message within the burst" });
        }
    }

    fn mass_cancel(&mut self, cancel: &MassCancel, verdict: &Verdict) {
        if verdict.reason != 0 {
            return self.case("MASS_CANCEL malformed");
        }
        let scopes = [scope::GLOBAL, scope::ACCOUNT, scope::INSTRUMENT, scope::VENUE];
        for (_, name) in scopes.iter().zip(SCOPES).filter(|(scope, _)| **scope == cancel.scope) {
            self.count(format!("MASS_CANCEL of scope {name}"));
        }
    }

    /// Adds the counts of another run.
    pub fn add(&mut self, other: &Self) {
        for (point, count) in &other.counts {
            *self.counts.entry(point.clone()).or_insert(0) += count;
        }
    }

    /// The names that were not reached.
    pub fn missing(&self) -> Vec<&str> {
        self.counts.iter().filter(|(_, count)| **count == 0).map(|(point, _)| point.as_str()).collect()
    }
}

/// The opcode of a command.
fn code_of(name: &str) -> Option<u8> {
    command::LAYOUTS.iter().find(|layout| layout.name == name).map(|layout| layout.code)
}

/// One of [`SLOTS`].
fn state_of(slot: &OrderSlot) -> &'static str {
    match (slot.busy, slot.replace.is_some(), slot.cumulative > 0) {
        (false, ..) if slot.generation == 0 => SLOTS[0],
        (false, ..) => SLOTS[5],
        (true, false, false) => SLOTS[1],
        (true, false, true) => SLOTS[2],
        (true, true, false) => SLOTS[3],
        (true, true, true) => SLOTS[4],
    }
}

/// Whether a command has the generation that the slot asks of it.
fn generation_of(command: &Command, slot: &OrderSlot) -> Option<bool> {
    let is = |generation: u16| Some(generation == slot.generation);
    match command {
        Command::Order(of) => Some(of.generation == slot.generation.wrapping_add(1)),
        Command::Replace(of) => is(of.generation),
        Command::Cancel(of) => is(of.generation),
        Command::Fill(of) => is(of.generation),
        Command::Cancelled(of) => is(of.generation),
        Command::Replaced(of) => is(of.generation),
        Command::Refused(of) => is(of.generation),
        _ => None,
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (point, count) in &self.counts {
            writeln!(f, "{count:>9}  {point}")?;
        }
        Ok(())
    }
}
