//! The RTL, natively and as Verilog, against the reference model and against each other under random stimulus.
//!
//! Long soaks: `CROSSGATE_SOAK_SEEDS=0..100 CROSSGATE_SOAK_COMMANDS=20000 cargo test --release -p crossgate-sim --test
//! cosim -- --ignored`.
#![allow(clippy::unwrap_used, reason = "test helpers")]

mod support;

use crossgate_contract::command::{BookState, Level, Order, Slide};
use crossgate_contract::{sizes, Sizes, Window};
use crossgate_sim::device::{close, open, soak, Card, Kind, SimOptions};
use crossgate_sim::trace::{diff, events, run, Reader};
use std::fs::File;
use std::io::BufReader;
use std::ops::Range;

fn soak_all(first: Card, reference: Card, set: &Sizes, seeds: Range<u64>, commands: u64) {
    for seed in seeds {
        match soak(first, reference, set, seed, commands) {
            Ok(report) => {
                let (commands, events, cycles) = (report.commands, report.events, report.cycles);
                eprintln!("{} against {}, {}, seed {seed}:", first.name(), reference.name(), set.name);
                eprintln!("{commands} commands, {events} events, {cycles} cycles");
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
    soak_all(Card::Rtl, Card::Model, &sizes::DESK, 0..2, 500);
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

#[test]
fn a_trace_of_the_rtl_runs_on_the_model_and_a_waveform_is_written_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let (trace, vcd) = (folder.path().join("card.trace"), folder.path().join("card.vcd"));
    let options = SimOptions { trace: Some(trace.clone()), vcd: Some(vcd.clone()), ..SimOptions::default() };
    let mut device = open(Kind::Single(Card::Rtl), &sizes::TINY, &options).unwrap();
    for book in 0..2 {
        device.stage(Window::Market, Slide { book, base: 128, ..Default::default() }).unwrap();
        device.stage(Window::Market, BookState { book, enabled: 0b11, ..Default::default() }).unwrap();
    }
    for price in 130..150 {
        let level = Level { side: u8::from(price % 3 == 0), price, quantity: u64::from(price), ..Default::default() };
        device.stage(Window::Market, level).unwrap();
    }
    device.fence(Window::Market, |_| {}).unwrap();
    device.arm(true).unwrap();
    device.post(Window::Orders, Order { lots: 1, ..Default::default() }).unwrap();
    close(device).unwrap();
    let reader = || Reader::new(BufReader::new(File::open(&trace).unwrap())).unwrap();
    let recorded = events(reader()).unwrap();
    assert!(recorded.len() > 10 && recorded.iter().all(|event| event.latency_cycles() > 0));
    let mut model = open(Kind::Single(Card::Model), &sizes::TINY, &SimOptions::default()).unwrap();
    let mut seen = Vec::new();
    run(&mut model, reader(), |received| seen.push(*received)).unwrap();
    assert_eq!(diff(&recorded, &seen).map(|difference| difference.to_string()), None);
    assert!(std::fs::read_to_string(&vcd).unwrap().contains("beat_valid"));
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
