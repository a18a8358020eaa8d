//! GATE in RTL against the reference model on random traffic: every event, and every table at intervals.
#![allow(missing_docs)]

mod gate_support;

use crossgate_contract::{BankResult, Reason};
use gate_support::random::Host;
use gate_support::{desk, tiny};

#[test]
fn random_traffic_equals_the_model() {
    let (mut reasons, mut results) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    let (mut closing, mut poisoned) = (0, 0);
    for seed in 1..=6 {
        let mut rig = tiny();
        let mut host = Host::new(seed, &rig.sizes);
        host.commands(&mut rig, 600);
        for (reason, count) in host.reasons {
            *reasons.entry(reason).or_insert(0) += count;
        }
        for (result, count) in host.results {
            *results.entry(result).or_insert(0) += count;
        }
        closing += host.closing;
        poisoned += host.poisoned;
        eprintln!("seed {seed}: faults {:?}", host.faults);
    }
    eprintln!("{reasons:?} banks {results:?}, {closing} closing, {poisoned} poisoned");
    for reason in [
        Reason::Accepted,
        Reason::Malformed,
        Reason::Slot,
        Reason::Collar,
        Reason::Overflow,
        Reason::PoolMargin,
        Reason::VenueMargin,
    ] {
        assert!(reasons.get(&reason).is_some_and(|count| *count > 5), "{reason} is too rare: {reasons:?}");
    }
    assert!(results.get(&BankResult::Flipped.code()).is_some_and(|count| *count > 5), "{results:?}");
    assert!(closing > 0 && poisoned > 0, "{closing} {poisoned}");
}

#[test]
fn random_traffic_of_a_desk_equals_the_model() {
    let mut rig = desk();
    let mut host = Host::new(5, &rig.sizes);
    host.commands(&mut rig, 1_500);
    assert!(host.reasons.contains_key(&Reason::Accepted));
}
