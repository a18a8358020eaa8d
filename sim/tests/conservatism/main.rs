//! An accepted order never takes a ledger beyond its collateral, whatever fills follow.
//!
//! A host trades for two accounts at two venues whose equity and lane losses are known exactly; the gate only sees
//! rounded rows, late collateral and late banks. Orders are replaced, and the venue acts on it, refuses it or fills before
//! the gate knows. After every acceptance each subset of the open orders is filled at its limit, under the terms before and
//! after every REPLACE that is out, and in the pool and in the venue ledger the exact equity at the marks of the active bank must cover the exact
//! loss of every lane and must not be negative, and the units must suffice. An order that passed by the closing rule
//! may not leave less than the gate counted before it. Gates that leave out a part of the rule are caught by the same
//! check, so the check can fail.
#![allow(clippy::unwrap_used, reason = "test helpers")]

mod interleaved;
mod invariance;
mod naive;
mod reference;
mod world;

use crossgate_sim::random::Random;
use naive::{Closing, Naive, Reserve, Rule};
use reference::Reference;
use world::*;

/// What a gate says of an order that it accepts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    /// By the closing rule, in a ledger at least.
    closing: bool,
    /// The least of headroom and slacks before the order, of the pool and the venue ledger, in hundredths.
    least: [i128; 2],
}

/// What a gate is told.
pub(crate) trait Gate {
    fn order(&mut self, open: &Open) -> Option<Accepted>;
    fn fill(&mut self, open: &Open, price: i128);
    fn cancelled(&mut self, open: &Open);
    /// A REPLACE to what is asked.
    fn replace(&mut self, open: &Open) -> Option<Accepted>;
    /// The venue's answer: it acted or it refused.
    fn answered(&mut self, open: &Open);
    /// Y of the active bank.
    fn y(&mut self) -> Money;
    fn live(&mut self, collateral: Money, y_included: Money);
    /// Marks of the next bank, and the positions its REL lanes count from.
    fn marks(&mut self, marks: Marks, position: Lots);
    fn flip(&mut self, collateral: Money);
}

/// Counts of a run.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    accepted: u32,
    /// Accepted by the closing rule.
    closing: u32,
    /// REPLACEs that were accepted.
    replaced: u32,
    /// Acceptances that the exact check refuses.
    refused: u32,
}

/// Whether the exact figures of both ledgers bear an acceptance.
fn bears(host: &Host, open: &Open, accepted: &Accepted) -> bool {
    LEDGERS_OF[open.cell].into_iter().zip(accepted.least).all(|(ledger, least)| {
        let (money, units) = host.worst(ledger);
        let floor = if accepted.closing { least.min(0) } else { 0 };
        money >= floor && units >= 0
    })
}

/// Trades one seed.
fn trade(seed: u64, gate: impl FnOnce(&World) -> Box<dyn Gate>) -> Outcome {
    let mut random = Random::new(seed);
    let mut host = Host::draw(&mut random);
    let mut gate = gate(&host.world);
    gate.marks(host.marks, host.position);
    gate.flip(host.equity(&host.marks));
    let mut outcome = Outcome::default();
    let mut snapshot: Option<(Money, Money)> = None;
    let mut pending: Option<(Marks, Lots, Money)> = None;
    for _ in 0..90 {
        match random.below(100) {
            0..36 => {
                let Some(open) = host.draw_order(&mut random) else { continue };
                let Some(accepted) = gate.order(&open) else { continue };
                host.generations[usize::from(open.slot)] = open.generation;
                host.open.push(open);
                outcome.accepted += 1;
                outcome.closing += u32::from(accepted.closing);
                outcome.refused += u32::from(!bears(&host, &open, &accepted));
            }
            36..45 => {
                let Some((index, open)) = host.draw_replace(&mut random) else { continue };
                let Some(accepted) = gate.replace(&open) else { continue };
                host.open[index] = open;
                outcome.replaced += 1;
                outcome.refused += u32::from(!bears(&host, &open, &accepted));
            }
            45..56 if !host.open.is_empty() => {
                let Some((open, price)) = host.draw_fill(&mut random) else { continue };
                gate.fill(&open, price);
            }
            56..60 => answer(&mut host, gate.as_mut(), &mut random),
            60..65 if !host.open.is_empty() => {
                let index = random.index(host.open.len());
                gate.cancelled(&host.open.swap_remove(index));
            }
            65..76 => host.marks = host.marks.map(|mark| (mark + i128::from(random.between(-5, 5))).max(20)),
            76..83 => snapshot = Some((host.equity(&host.bank), gate.y())),
            83..90 => {
                let Some((mut collateral, included)) = snapshot.take() else { continue };
                // A withdrawal is published before it leaves.
                let ledger = random.index(LEDGERS);
                let most = i64::try_from(collateral[ledger].max(0)).unwrap();
                let withdrawn = i128::from(random.pick(&[0, 0, random.clone().between(0, most)]));
                collateral[ledger] -= withdrawn;
                gate.live(collateral, included);
                host.cash[ledger] -= withdrawn;
                if let Some((_, _, next)) = &mut pending {
                    next[ledger] -= withdrawn;
                }
            }
            90.. => match pending.take() {
                None => {
                    gate.marks(host.marks, host.position);
                    pending = Some((host.marks, host.position, host.equity(&host.marks)));
                }
                Some((marks, base, collateral)) => {
                    gate.flip(collateral);
                    (host.bank, host.base) = (marks, base);
                    // A snapshot at the marks of the old bank means nothing for the new one.
                    snapshot = None;
                }
            },
            _ => {}
        }
    }
    outcome
}

/// The venue acts on a REPLACE, or answers it.
fn answer(host: &mut Host, gate: &mut dyn Gate, random: &mut Random) {
    let Some(index) = host.draw_pending(random) else { return };
    let open = &mut host.open[index];
    let asked = open.asked.unwrap();
    let may_act = open.leaves() > 0 && (asked.anew || asked.lots >= open.cumulative);
    if asked.acted.is_none() && may_act && random.chance(60) {
        open.act();
        if random.chance(50) {
            return;
        }
    }
    gate.answered(open);
    open.asked = None;
    if open.leaves() == 0 {
        host.open.swap_remove(index);
    }
}

fn trade_all(gate: impl Fn(&World) -> Box<dyn Gate>) -> Outcome {
    (0..800).map(|seed| trade(seed, &gate)).fold(Outcome::default(), |sum, one| Outcome {
        accepted: sum.accepted + one.accepted,
        closing: sum.closing + one.closing,
        replaced: sum.replaced + one.replaced,
        refused: sum.refused + one.refused,
    })
}

fn naive(rule: Rule) -> Outcome {
    let outcome = trade_all(|world| Box::new(Naive::new(world, rule)));
    println!("{rule:?}: {outcome:?}");
    outcome
}

#[test]
fn no_accepted_order_exceeds_either_ledger_whatever_fills_follow() {
    let outcome = trade_all(|world| Box::new(Reference::new(world)));
    println!("{outcome:?}");
    assert!(outcome.accepted > 3_000 && outcome.closing > 50 && outcome.replaced > 500, "{outcome:?}");
    assert_eq!(outcome.refused, 0, "{outcome:?}");
}

#[test]
fn the_whole_rule_in_exact_money_passes_the_check_too() {
    let outcome = naive(Rule::WHOLE);
    assert!(outcome.accepted > 3_000 && outcome.closing > 50 && outcome.replaced > 500, "{outcome:?}");
    assert_eq!(outcome.refused, 0, "{outcome:?}");
}

#[test]
fn a_gate_that_carries_x_over_from_the_old_bank_is_caught() {
    assert!(naive(Rule { carries_execution: true, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_that_reserves_late_fills_at_the_old_marks_is_caught() {
    assert!(naive(Rule { one_y: true, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_without_the_zero_lane_is_caught() {
    assert!(naive(Rule { zero_lane: false, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_without_venue_ledgers_is_caught() {
    assert!(naive(Rule { venue_ledgers: false, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_that_keeps_accounts_of_a_shared_ledger_apart_is_caught() {
    assert!(naive(Rule { shares_ledgers: false, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_with_the_base_of_the_old_bank_is_caught() {
    assert!(naive(Rule { new_base: false, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_whose_unit_lane_forgets_open_orders_is_caught() {
    assert!(naive(Rule { counts_open: false, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_closing_rule_that_forgives_every_charge_is_caught() {
    assert!(naive(Rule { closing: Closing::Forgiven, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_closing_rule_that_forgives_charges_in_rel_lanes_is_caught() {
    assert!(naive(Rule { closing: Closing::ForgivenInRel, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_closing_rule_that_charges_at_the_end_point_alone_is_caught() {
    assert!(naive(Rule { closing: Closing::AtTheEnd, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_closing_rule_under_which_no_lane_may_grow_closes_next_to_nothing() {
    let (whole, none) = (naive(Rule::WHOLE), naive(Rule { closing: Closing::NoLaneGrows, ..Rule::WHOLE }));
    assert!(none.closing * 4 < whole.closing, "{none:?} against {whole:?}");
}

#[test]
fn a_gate_that_reserves_the_new_terms_of_a_replace_alone_is_caught() {
    assert!(naive(Rule { reserve: Reserve::NewTerms, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_that_reserves_the_greater_product_instead_of_the_product_of_the_greatest_is_caught() {
    assert!(naive(Rule { reserve: Reserve::GreaterProduct, ..Rule::WHOLE }).refused > 0);
}

#[test]
fn a_gate_that_takes_an_order_entered_anew_for_a_new_total_is_caught() {
    assert!(naive(Rule { reserve: Reserve::AnewAsTotal, ..Rule::WHOLE }).refused > 0);
}
