//! What the rounding of the gate costs.

use super::*;
use crate::model::{Charges, Outcome, Standing};
use crate::stimulus::{Step, Stimulus};

#[test]
fn one_lot_of_four_needs_a_quarter_of_a_gate_lot_when_nothing_is_rounded() {
    // A gate lot is 4 native lots. One bought at 1,000 loses 10 * 16 / 4 = 40 in lane 0; the gate counts 160.
    let bears = |collateral: i64, order: Order| {
        Card::new(collateral).model.bears_exactly(&order, Charges::OwnOutcomes).unwrap()[0]
    };
    let one = order(0, BUY, 1, 1_000);
    assert_eq!((bears(40, one), bears(39, one)), (true, false));
    assert_eq!(Card::new(159).reason(one), Reason::PoolMargin);
    assert_eq!(Card::new(160).reason(one), Reason::Accepted);
    // At 1,001 it costs 2 * 16 / 4 = 8 more.
    let dearer = order(0, BUY, 1, 1_001);
    assert_eq!((bears(48, dearer), bears(47, dearer)), (true, false));
}

#[test]
fn exact_loss_and_cost_are_those_of_one_outcome() {
    // Bought 4 at 1,010 costs 320 and loses 160 in lane 0; sold 4 at 1,000 costs 480, wins 80 in lane 0 and loses 128 in
    // lane 1. Bought alone lane 0 needs 480, sold alone lane 1 needs 608; both filled hold nothing and have paid 800.
    let mut card = Card::new(2_000);
    assert_eq!(card.reason(order(0, BUY, 4, 1_010)), Reason::Accepted);
    let sell = order(1, SELL, 4, 1_000);
    for (collateral, bears) in [(800, true), (799, false)] {
        card.silent(Collateral { epoch: 1, collateral, ..Default::default() });
        assert_eq!(card.model.bears_exactly(&sell, Charges::OwnOutcomes).unwrap()[0], bears, "{collateral}");
    }
    // The gate adds the 800 to the worst end point, 160 in lane 0, and nothing of it is rounded.
    for (collateral, bears) in [(960, true), (959, false)] {
        card.silent(Collateral { epoch: 1, collateral, ..Default::default() });
        assert_eq!(card.model.bears_exactly(&sell, Charges::EveryOutcome).unwrap()[0], bears, "{collateral}");
    }
    for (collateral, reason) in [(960, Reason::Accepted), (959, Reason::PoolMargin)] {
        card.silent(Collateral { epoch: 1, collateral, ..Default::default() });
        assert_eq!(card.reason(Order { check: true, ..sell }), reason);
    }
}

#[test]
fn a_replace_needs_the_worst_of_what_its_venue_may_make_of_it() {
    // A lot loses 40 in lane 0 and costs 80 at 1,010, nothing at 1,000. Of 8 in total those filled before do not cost;
    // 4 entered anew may come on top of the 4 before; of fewer lots the new ones may still need more.
    let mut card = Card::new(2_000);
    assert_eq!(card.reason(order(0, BUY, 4, 1_000)), Reason::Accepted);
    let replace = |lots, anew| Replace { anew, lots, price: 1_010, generation: 1, ..Default::default() };
    for (lots, anew, needed) in [(8, false, 960), (4, true, 640), (4, false, 480), (2, false, 240)] {
        for (collateral, bears) in [(needed, true), (needed - 1, false)] {
            card.silent(Collateral { epoch: 1, collateral, ..Default::default() });
            let exact = card.model.bears_replace_exactly(&replace(lots, anew), Charges::OwnOutcomes);
            assert_eq!(exact.unwrap()[0], bears, "{lots} {anew} {collateral}");
        }
    }
    let other = Replace { generation: 7, ..replace(4, false) };
    assert_eq!(card.model.bears_replace_exactly(&other, Charges::OwnOutcomes), None);
}

#[test]
fn what_the_gate_finds_within_its_limits_is_borne_exactly() {
    let (mut within, mut beyond, mut borne, mut rounded) = (0u32, 0u32, 0u32, 0u32);
    for seed in 0..60 {
        let mut stimulus = Stimulus::new(seed, sizes::TINY);
        let mut model = Model::new(sizes::TINY);
        for _ in 0..4_000 {
            let (window, words) = match stimulus.step() {
                Step::Post(window, words) | Step::Stage(window, words) => (window, words),
                Step::TimeUs(time_us) => {
                    model.set_time_us(time_us);
                    continue;
                }
                Step::Arm(armed) => {
                    model.arm(armed);
                    continue;
                }
                Step::Reset => {
                    model = Model::new(sizes::TINY);
                    continue;
                }
                _ => continue,
            };
            let command = Command::decode(&words).ok();
            let exact = |charges| match &command {
                Some(Command::Order(order)) => model.bears_exactly(order, charges),
                Some(Command::Replace(replace)) => model.bears_replace_exactly(replace, charges),
                _ => None,
            };
            let exact = exact(Charges::OwnOutcomes).zip(exact(Charges::EveryOutcome));
            let judged = window == Window::Orders && matches!(command, Some(Command::Order(_) | Command::Replace(_)));
            model.command(window, words);
            let standings = model.insight().standings.filter(|_| judged);
            assert!(standings.is_none() || exact.is_some(), "seed {seed}: {command:?}");
            let (Some(standings), Some(exact)) = (standings, exact) else { continue };
            for (Standing { outcome, .. }, (exact, charged)) in standings.iter().zip(exact.0.into_iter().zip(exact.1)) {
                assert!(exact || !charged, "seed {seed}: {command:?}");
                match outcome {
                    Outcome::Within => {
                        within += 1;
                        assert!(charged, "seed {seed}: {command:?}");
                    }
                    _ => {
                        beyond += 1;
                        borne += u32::from(exact);
                        rounded += u32::from(charged);
                    }
                }
            }
        }
    }
    println!("{within} within, {beyond} beyond, of which {borne} by rounding and charges alone, {rounded} by rounding");
    assert!(within > 3_000 && beyond > 3_000 && borne > 20, "{within} {beyond} {borne}");
    assert!(rounded > 10 && rounded < borne, "{rounded} {borne}");
}
