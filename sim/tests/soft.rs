//! The software card against the reference model under random stimulus.
//!
//! Long soaks: `CROSSGATE_SOAK_SEEDS=0..1000 CROSSGATE_SOAK_COMMANDS=20000 cargo test --release -p crossgate-sim --test
//! soft -- --ignored`.

use crossgate_contract::{sizes, Sizes};
use crossgate_sim::device::{soak, Card};
use std::ops::Range;

fn agree(set: &Sizes, seeds: Range<u64>, commands: u64) {
    let mut events = 0;
    for seed in seeds.clone() {
        match soak(Card::Soft, Card::Model, set, seed, commands) {
            Ok(report) => events += report.events,
            Err(error) => panic!("{}: {error}", set.name),
        }
    }
    eprintln!("soft against model, {}, seeds {seeds:?} of {commands} commands: {events} equal events", set.name);
    assert!(events > commands, "{events} events are too few to compare");
}

#[test]
fn soft_agrees_with_the_model_on_tiny() {
    agree(&sizes::TINY, 0..60, 5_000);
}

#[test]
fn soft_agrees_with_the_model_on_desk() {
    agree(&sizes::DESK, 0..30, 5_000);
}

/// As many lanes as a build may have, and more venues than two.
#[test]
fn soft_agrees_with_the_model_on_usplus() {
    agree(&sizes::USPLUS, 0..4, 2_000);
}

/// `A..B` of an environment variable.
fn seeds() -> Range<u64> {
    let text = std::env::var("CROSSGATE_SOAK_SEEDS").unwrap_or_else(|_| String::from("0..100"));
    let (from, to) = text.split_once("..").expect("CROSSGATE_SOAK_SEEDS is like 0..100");
    from.parse().expect("a number")..to.parse().expect("a number")
}

#[test]
#[ignore = "long soak; see the head of this file"]
fn soak_soft_against_the_model() {
    let commands = std::env::var("CROSSGATE_SOAK_COMMANDS").map_or(20_000, |text| text.parse().expect("a number"));
    for set in [sizes::TINY, sizes::DESK, sizes::USPLUS] {
        agree(&set, seeds(), commands);
    }
}
