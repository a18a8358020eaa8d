//! What must not matter to the gate: the order of fills and cancels, an order that came and went, how a state was
//! reached; and what may only help: collateral.

use super::reference::Reference;
use super::world::*;
use super::Gate;
use crossgate_contract::command::Collateral;
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
            let (open, price) = host.draw_fill(&mut random);
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
