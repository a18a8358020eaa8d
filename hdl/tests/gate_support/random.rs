//! Random traffic: the stimulus that soaks whole cards, without what GATE never sees.

use super::Rig;
use crossgate_contract::command::{Nop, Read};
use crossgate_contract::table::Table;
use crossgate_contract::{Event, Reason, Window};
use crossgate_hdl::dispatch::implemented;
use crossgate_sim::stimulus::{Step, Stimulus};
use std::collections::BTreeMap;

/// The host, and what the card said to it.
pub(crate) struct Host {
    stimulus: Stimulus,
    /// How often each reason was given.
    pub(crate) reasons: BTreeMap<Reason, u64>,
    /// How often each fault was raised, each result of a COMMIT.
    pub(crate) faults: BTreeMap<u8, u64>,
    pub(crate) results: BTreeMap<u8, u64>,
    /// Verdicts that needed the closing rule.
    pub(crate) closing: u64,
    /// Events that say that a ledger is poisoned.
    pub(crate) poisoned: u64,
}

/// Whether the dispatch hands this command to GATE.
fn reaches(window: Window, words: &[u64; 4]) -> bool {
    let opcode = words[0].to_le_bytes()[0];
    let of_books = [Table::Venue as u64, Table::Touch as u64, Table::Box as u64];
    let of_books = opcode == Read::CODE && of_books.contains(&Read::LAYOUT.fields[0].get(words));
    let bits = implemented(window)[usize::from(opcode >> 6) & 1];
    window != Window::Market && opcode != Nop::CODE && opcode < 128 && !of_books && bits >> (opcode & 63) & 1 == 1
}

impl Host {
    pub(crate) fn new(seed: u64, sizes: &crossgate_contract::Sizes) -> Self {
        Self {
            stimulus: Stimulus::new(seed, *sizes),
            reasons: BTreeMap::new(),
            faults: BTreeMap::new(),
            results: BTreeMap::new(),
            closing: 0,
            poisoned: 0,
        }
    }

    fn learn(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::Verdict(verdict) => {
                    let reason = Reason::from_code(verdict.reason).expect("a reason");
                    *self.reasons.entry(reason).or_insert(0) += 1;
                    self.closing += u64::from(verdict.closing);
                }
                Event::Filled(filled) => self.poisoned += u64::from(filled.poisoned | filled.venue_poisoned),
                Event::FaultRaised(fault) => *self.faults.entry(fault.code).or_insert(0) += 1,
                Event::Bank(bank) => *self.results.entry(bank.result).or_insert(0) += 1,
                _ => {}
            }
        }
    }

    /// Sends this many commands and compares; every table at the end.
    pub(crate) fn commands<
        const A: usize,
        const N: usize,
        const S: usize,
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    >(
        &mut self,
        rig: &mut Rig<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>,
        count: u64,
    ) {
        let mut sent = 0;
        while sent < count {
            match self.stimulus.step() {
                Step::Post(window, words) | Step::Stage(window, words) => {
                    let words = [words[0], words[1], words[2], words[3] & (u64::MAX >> 16)];
                    if reaches(window, &words) {
                        let events = rig.offer_in(window, words);
                        self.learn(&events);
                        if rig.held {
                            rig.check();
                            if !rig.model.takes_operations() {
                                rig.hold_egress(false);
                            }
                        }
                        sent += 1;
                    }
                }
                Step::TimeUs(time_us) => {
                    rig.check();
                    rig.set_time_us(time_us);
                }
                Step::Arm(armed) => {
                    rig.check();
                    rig.arm(armed);
                }
                Step::WatchdogUs(watchdog_us) => {
                    rig.check();
                    rig.set_watchdog_us(watchdog_us);
                }
                Step::HoldEgress(held) => {
                    rig.check();
                    rig.hold_egress(held);
                }
                Step::RingFull(full) => {
                    rig.check();
                    rig.ring_full(full);
                }
                Step::Settle => {
                    rig.check();
                }
                Step::Reset => {
                    rig.check();
                    rig.reset();
                    rig.arm(false);
                }
            }
        }
        rig.check();
        rig.compare_tables();
    }
}
