//! The RTL, natively and as Verilog, against the reference model and against each other under random stimulus.
//!
//! Long soaks: `CROSSGATE_SOAK_SEEDS=0..100 CROSSGATE_SOAK_COMMANDS=20000 cargo test --release -p crossgate-sim --test cosim -- --ignored`.
#![allow(clippy::unwrap_used, reason = "test helpers")]

mod support;

use crossgate_contract::{sizes, Sizes};
use crossgate_sim::device::{soak, Card};
use std::ops::Range;

fn soak_all(first: Card, reference: Card, set: &Sizes, seeds: Range<u64>, commands: u64) {
    for seed in seeds {
        match soak(first, reference, set, seed, commands) {
            Ok(report) => {
                eprintln!("{} against {}, {}, seed {seed}: {report:?}", first.name(), reference.name(), set.name)
            }
            Err(error) => panic!("{} against {}, {}: {error}", first.name(), reference.name(), set.name),
        }
    }
}

fn verilated(set: &Sizes, seeds: Range<u64>, commands: u64, test: &str) {
    if support::verilator(test) {
        soak_all(Card::Verilated, Card::Model, set, seeds, commands);
    }
}

#[test]
fn the_rtl_agrees_with_the_model_on_tiny() {
    soak_all(Card::Rtl, Card::Model, &sizes::TINY, 0..4, 300);
}

#[test]
fn the_rtl_agrees_with_the_model_on_desk() {
    soak_all(Card::Rtl, Card::Model, &sizes::DESK, 0..2, 150);
}

#[test]
fn the_verilog_agrees_with_the_model_on_tiny() {
    verilated(&sizes::TINY, 0..20, 2_000, "the_verilog_agrees_with_the_model_on_tiny");
}

#[test]
fn the_verilog_and_the_rtl_agree_in_every_cycle_on_tiny() {
    if support::verilator("the_verilog_and_the_rtl_agree_in_every_cycle_on_tiny") {
        soak_all(Card::Rtl, Card::Verilated, &sizes::TINY, 4..6, 300);
    }
}

/// `A..B` of an environment variable.
fn seeds() -> Range<u64> {
    let text = std::env::var("CROSSGATE_SOAK_SEEDS").unwrap_or_else(|_| String::from("0..20"));
    let (from, to) = text.split_once("..").expect("CROSSGATE_SOAK_SEEDS is like 0..20");
    from.parse().unwrap()..to.parse().unwrap()
}

fn commands() -> u64 {
    std::env::var("CROSSGATE_SOAK_COMMANDS").map_or(10_000, |text| text.parse().unwrap())
}

#[test]
#[ignore = "long soak; see the head of this file"]
fn soak_the_verilog_against_the_model_on_tiny() {
    verilated(&sizes::TINY, seeds(), commands(), "soak_the_verilog_against_the_model_on_tiny");
}

#[test]
#[ignore = "long soak; see the head of this file"]
fn soak_the_verilog_against_the_model_on_desk() {
    verilated(&sizes::DESK, seeds(), commands(), "soak_the_verilog_against_the_model_on_desk");
}

#[test]
#[ignore = "long soak; see the head of this file"]
fn soak_the_rtl_against_the_verilog_on_desk() {
    if support::verilator("soak_the_rtl_against_the_verilog_on_desk") {
        soak_all(Card::Rtl, Card::Verilated, &sizes::DESK, seeds(), commands());
    }
}
