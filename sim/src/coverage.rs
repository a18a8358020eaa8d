//! [`Coverage`]: which outcomes of GATE a run has reached, by name.
//!
//! Fed with commands, their events and how the reference model saw each order. Not here: timing, BOOK, and what is
//! right.
//!
//! Invariant: every name that is ever counted is one of [`Coverage::points`].

use crate::model::{Outcome, Standing};
use crossgate_contract::command::Order;
use crossgate_contract::{BankResult, Command, Event, Fault, Reason};
use std::collections::BTreeMap;
use std::fmt;

/// Reasons that this build gives, but for ring-full, which depends on the time of the host.
pub const REASONS: &[Reason] = &[
    Reason::Accepted,
    Reason::NotReady,
    Reason::Malformed,
    Reason::HaltedGlobal,
    Reason::HaltedAccount,
    Reason::HaltedInstrument,
    Reason::Slot,
    Reason::LotsRange,
    Reason::Collar,
    Reason::PositionCap,
    Reason::Stale,
    Reason::Overflow,
    Reason::PoolMargin,
    Reason::VenueMargin,
];

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
];

const LEDGERS: [&str; 2] = ["pool", "venue"];
const SIDES: [&str; 2] = ["buy", "sell"];
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
        let mut points: Vec<_> = REASONS.iter().map(|reason| format!("reason {reason}")).collect();
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
                let reason = Reason::from_code(verdict.reason);
                if let Some(reason) = reason.filter(|reason| REASONS.contains(reason)) {
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
            Event::Closed(closed) => self.poisoned([closed.poisoned, closed.venue_poisoned], "cancel"),
            Event::PositionSet(set) => self.poisoned([set.poisoned, set.venue_poisoned], "position"),
            _ => {}
        }
    }

    fn poisoned(&mut self, flags: [bool; 2], what: &str) {
        for (ledger, _) in LEDGERS.iter().zip(flags).filter(|(_, flag)| *flag) {
            self.count(format!("poisoned {ledger} after {what}"));
        }
    }

    /// Counts how an order stood in its pool and its venue ledger.
    pub fn standings(&mut self, order: &Order, standings: &[Standing; 2]) {
        let side = SIDES[usize::from(order.side)];
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

    /// Counts a command with its events and how its order stood.
    pub fn command(&mut self, words: &[u64; 4], events: &[Event], standings: Option<[Standing; 2]>) {
        for event in events {
            self.event(event);
        }
        let verdict = matches!(events, [Event::Verdict(_)]);
        if let (true, Ok(Command::Order(order)), Some(standings)) = (verdict, Command::decode(words), standings) {
            self.standings(&order, &standings);
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

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (point, count) in &self.counts {
            writeln!(f, "{count:>9}  {point}")?;
        }
        Ok(())
    }
}
