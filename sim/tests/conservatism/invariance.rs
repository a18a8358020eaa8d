//! What must not matter to the gate: the order of fills and cancels, an order that came and went, how a state was
//! reached; and what may only help: collateral.

use super::reference::Reference;
use super::world::*;
use super::Gate;
use crossgate_contract::command::Collateral;
use crossgate_contract::table::Table;
use crossgate_sim::random::Random;

/// A gate with positions and open orders, its host, and the random numbers behind them.
fn traded(seed: u64) -> (Reference, Host, Random, Money) {
    let mut random = Random::new(seed);
    let mut host = Host::draw(&mut random);
    let mut gate = Reference::new(&host.world);
    gate.marks(host.marks, host.position);
    let collateral = host.equity(&host.marks);
    gate.flip(collateral);
    for _ in 0..40 {
        if random.chance(70) {
            let Some(open) = host.draw_order(&mut random) else { continue };
            if gate.order(&open).is_some() {
                host.generations[usize::from(open.slot)] = open.generation;
                host.open.push(open);
            }
        } else if !host.open.is_empty() {
            let Some((open, price)) = host.draw_fill(&mut random) else { continue };
            gate.fill(&open, price);
        }
    }
    (gate, host, random, collateral)
}

#[test]
fn the_order_of_fills_and_cancels_of_different_slots_does_not_matter() {
    let mut moved = 0;
    for seed in 0..150 {
        let (gate, host, mut random, _) = traded(seed);
        // Each open order is filled in part and then cancelled or filled to its end.
        let mut steps: Vec<Vec<(Open, i128, bool)>> = host
            .open
            .iter()
            .map(|open| {
                let part = Open { cumulative: open.cumulative + open.leaves() / 2, ..*open };
                let whole = Open { cumulative: open.lots, ..*open };
                let last = if random.chance(50) { (whole, open.price, false) } else { (part, 0, true) };
                vec![(part, (open.price - open.sign()).max(1), false), last]
            })
            .collect();
        let mut run = |shuffle: bool| {
            let (mut gate, mut steps) = (gate.clone(), steps.clone());
            while let Some(at) = (!steps.is_empty()).then(|| if shuffle { random.index(steps.len()) } else { 0 }) {
                let (open, price, cancel) = steps[at].remove(0);
                if cancel {
                    gate.cancelled(&open);
                } else {
                    gate.fill(&open, price);
                }
                if steps[at].is_empty() {
                    steps.remove(at);
                }
            }
            (gate.room(), gate.y())
        };
        let plain = run(false);
        for _ in 0..3 {
            assert_eq!(run(true), plain, "seed {seed}");
        }
        moved += steps.len();
        steps.clear();
    }
    assert!(moved > 200, "only {moved} orders were open");
}

#[test]
fn a_cancel_after_an_order_restores_every_slack_and_headroom() {
    let mut placed = 0;
    for seed in 0..150 {
        let (mut gate, mut host, mut random, _) = traded(seed);
        for _ in 0..10 {
            let before = gate.room();
            let Some(open) = host.draw_order(&mut random) else { break };
            if gate.order(&open).is_some() {
                placed += 1;
                host.generations[usize::from(open.slot)] = open.generation;
                gate.cancelled(&open);
            }
            assert_eq!(gate.room(), before, "seed {seed}");
        }
    }
    assert!(placed > 200, "only {placed} orders were accepted");
}

/// Headroom and slacks of every ledger.
type Room = Vec<(i128, [i128; LANES])>;

/// Everything that the card shows of a cell, an order slot and the ledgers.
fn everything(gate: &mut Reference, open: &Open) -> (Room, Money, Vec<[u64; 4]>) {
    let (account, instrument) = (CELLS[open.cell].0, u16::try_from(open.instrument()).unwrap());
    let tables = [
        (Table::Cell, account, instrument),
        (Table::Slot, open.slot, 0),
        (Table::Pending, open.slot, 0),
        (Table::Rate, account, 0),
    ];
    let words = tables.map(|(table, index, sub)| gate.words(table, index, sub));
    (gate.room(), gate.y(), words.to_vec())
}

#[test]
fn a_cancelled_order_leaves_no_trace_but_its_generation() {
    let mut placed = 0;
    for seed in 0..400 {
        let (mut gate, host, mut random, _) = traded(seed);
        let Some(open) = host.draw_order(&mut random) else { continue };
        let (room, y, words) = everything(&mut gate, &open);
        if gate.order(&open).is_some() {
            placed += 1;
            assert_eq!(gate.words(Table::Rate, CELLS[open.cell].0, 0)[0], words[3][0] + 1);
            gate.cancelled(&open);
            let after = everything(&mut gate, &open);
            assert_eq!((after.0, after.1), (room, y), "seed {seed}");
            assert_eq!((after.2[0], after.2[2], after.2[3]), (words[0], words[2], words[3]), "seed {seed}");
        }
    }
    assert!(placed > 50, "only {placed} orders were accepted");
}

#[test]
fn a_refused_replace_restores_every_bit_and_a_rejected_one_changes_none() {
    let (mut refused, mut rejected) = ([0; 2], 0);
    for seed in 0..400 {
        let (mut gate, host, mut random, collateral) = traded(seed);
        // Close to the limits, so that the gate rejects too.
        let less: Money = collateral.map(|money| money - i128::from(random.between(0, 400)));
        gate.live(less, Money::default());
        for _ in 0..6 {
            let Some((_, open)) = host.draw_replace(&mut random) else { continue };
            let before = everything(&mut gate, &open);
            if gate.replace(&open).is_some() {
                refused[usize::from(open.asked.unwrap().anew)] += 1;
                assert_ne!(everything(&mut gate, &open), before);
                gate.answered(&open);
            } else {
                rejected += 1;
            }
            assert_eq!(everything(&mut gate, &open), before, "seed {seed}: {open:?}");
        }
    }
    assert!(refused[0] > 50 && refused[1] > 50 && rejected > 100, "{refused:?} refused, {rejected} rejected");
}

#[test]
fn more_collateral_never_turns_an_acceptance_into_a_rejection() {
    let (mut accepted, mut gained) = (0, 0);
    for seed in 0..150 {
        let (mut gate, host, mut random, collateral) = traded(seed);
        // Close to the limits, or below them.
        let less: Money = collateral.map(|money| money - i128::from(random.between(0, 400)));
        gate.live(less, Money::default());
        let mut richer = gate.clone();
        let at = random.index(LEDGERS);
        let (venue, ledger) = CARD_LEDGERS[at];
        let more = i64::try_from(less[at]).unwrap() + random.between(1, 500);
        richer.send(Collateral { venue, ledger, epoch: 1, collateral: more, ..Default::default() });
        for _ in 0..10 {
            let Some(open) = host.draw_order(&mut random) else { break };
            let (poor, rich) = (gate.verdict(&open, true).is_some(), richer.verdict(&open, true).is_some());
            assert!(rich || !poor, "seed {seed}: {open:?}");
            accepted += u32::from(poor);
            gained += u32::from(rich && !poor);
        }
    }
    assert!(accepted > 100 && gained > 20, "{accepted} accepted, {gained} gained");
}

#[test]
fn a_bank_of_the_same_rows_rebuilds_what_the_commands_built_up() {
    for seed in 0..150 {
        let (mut gate, host, _, collateral) = traded(seed);
        let (before, y) = (gate.room(), gate.y());
        // The same marks and bases; what was Y is no longer in C.
        gate.marks(host.bank, host.base);
        gate.flip(std::array::from_fn(|ledger| collateral[ledger] - y[ledger]));
        assert_eq!(gate.room(), before, "seed {seed}");
        assert_eq!(gate.y(), Money::default());
    }
}
