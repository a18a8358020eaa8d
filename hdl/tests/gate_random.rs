//! GATE in RTL against the reference model on random traffic: every event, and every table at intervals.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::Reason;
use gate_support::random::{Host, Scale, EXTREME, NORMAL};
use gate_support::{desk, tiny};

fn tiny_rounds(seed: u64, scale: Scale, rounds: u64) -> Host {
    let mut rig = tiny();
    let mut host = Host::new(seed, scale, rig.sizes.instruments);
    host.rounds(&mut rig, rounds, 12);
    host
}

#[test]
fn random_traffic_equals_the_model() {
    let mut reasons = std::collections::BTreeMap::new();
    for seed in 1..=4 {
        let host = tiny_rounds(seed, NORMAL, 96);
        for (reason, count) in host.reasons {
            *reasons.entry(reason).or_insert(0) += count;
        }
        eprintln!("seed {seed}: faults {:?}, banks {:?}", host.faults, host.results);
    }
    eprintln!("{reasons:?}");
    for reason in [
        Reason::Accepted,
        Reason::Malformed,
        Reason::HaltedAccount,
        Reason::Slot,
        Reason::Collar,
        Reason::PositionCap,
        Reason::PoolMargin,
    ] {
        assert!(reasons.get(&reason).is_some_and(|count| *count > 10), "{reason} is too rare: {reasons:?}");
    }
}

#[test]
fn random_traffic_at_the_limits_of_every_width_equals_the_model() {
    let (mut overflow, mut poisoned) = (0, 0);
    for seed in 1..=4 {
        let host = tiny_rounds(seed, EXTREME, 96);
        overflow += host.reasons.get(&Reason::Overflow).copied().unwrap_or(0);
        poisoned += host.poisoned;
        eprintln!("seed {seed}: {:?} faults {:?}", host.reasons, host.faults);
    }
    assert!(overflow > 50 && poisoned > 10, "{overflow} {poisoned}");
}

#[test]
fn random_traffic_of_a_desk_equals_the_model() {
    let mut rig = desk();
    let mut host = Host::new(5, NORMAL, rig.sizes.instruments);
    host.rounds(&mut rig, 14, 14);
    assert!(host.reasons.contains_key(&Reason::Accepted));
}
