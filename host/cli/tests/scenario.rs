//! The shipped scenarios show what they promise.

#![allow(clippy::unwrap_used)] // a failure is a failed test

use serde_json::Value;
use std::process::{Command, Output};

fn replay(arguments: &[&str]) -> Output {
    let fixed = ["replay", "--scenario", "two-ledgers", "--device", "model"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossgate"));
    command.args(fixed).args(arguments).env_remove("CROSSGATE_DATA").output().unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let output = replay(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn number(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("{pointer} in {report}"))
}

#[test]
fn two_ledgers_refuse_in_turn_and_hedged_orders_pass() {
    let report = report(&["--json"]);
    assert_eq!(report.pointer("/synthetic"), Some(&Value::Bool(true)));
    for count in ["venue_alone", "pool_alone", "offset_needed"] {
        assert!(number(&report, &format!("/verdicts/ledgers/{count}")) > 0, "{count}: {}", report["verdicts"]);
    }
    assert_eq!(number(&report, "/verdicts/rejected/venue-margin"), number(&report, "/verdicts/ledgers/venue_alone"));
    assert_eq!(number(&report, "/card/bbo/compared"), number(&report, "/card/bbo/equal"));
    assert_eq!(number(&report, "/risk/refused"), 0);
    assert!(report.pointer("/card/faults").and_then(Value::as_object).unwrap().is_empty());
}

#[test]
fn a_scenario_is_the_same_for_the_same_seed() {
    let (one, two, other) = (report(&["--json"]), report(&["--json"]), report(&["--json", "--seed", "2"]));
    assert_eq!(one["verdicts"], two["verdicts"]);
    assert_ne!(one["verdicts"], other["verdicts"]);
}

#[test]
fn the_table_says_that_it_is_synthetic_and_counts_both_ledgers() {
    let text = String::from_utf8(replay(&["--seconds", "5"]).stdout).unwrap();
    assert!(text.starts_with("SYNTHETIC MARKET"), "{text}");
    assert!(text.contains("margin refused by a venue alone") && text.contains("kraken-spot"), "{text}");
}

#[test]
fn a_scenario_takes_no_captures() {
    assert!(!replay(&["some.gz"]).status.success());
}
