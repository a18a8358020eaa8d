//! The software card decides as the reference model does.

#![allow(clippy::unwrap_used)] // a failure is a failed test

use serde_json::Value;
use std::process::Command;

const SAMPLE: [&str; 2] = ["--seconds", "6"];
/// Its margin is short in both kinds of ledger.
const SHORT: [&str; 4] = ["--seconds", "12", "--scenario", "two-ledgers"];

/// The report of a replay of the generated sample, without what depends on the machine or names the device.
fn report(device: &str, market: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossgate"));
    command.args(["replay", "--json", "--device", device]).args(market).env_remove("CROSSGATE_DATA");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{device}: {}", String::from_utf8_lossy(&output.stderr));
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in ["seconds", "ratio_to_real_time"] {
        report.as_object_mut().unwrap().remove(name).unwrap();
    }
    report["card"].as_object_mut().unwrap().remove("device").unwrap();
    report["risk"].as_object_mut().unwrap().retain(|name, _| !name.contains("seconds"));
    report
}

#[test]
fn the_software_card_decides_the_sample_as_the_model_does() {
    let soft = report("soft", &SAMPLE);
    assert_eq!(soft, report("model", &SAMPLE));
    let accepted = soft.pointer("/verdicts/accepted").and_then(Value::as_u64).unwrap();
    let levels = soft.pointer("/card/level_commands").and_then(Value::as_u64).unwrap();
    assert!(accepted > 50 && levels > 1_000, "{accepted} accepted, {levels} levels");
}

#[test]
fn false_rejects_are_counted_if_asked_for_and_the_same_beside_every_card() {
    let market = [&SHORT[..], &["--false-rejects"]].concat();
    let soft = report("soft", &market);
    let verdicts = &soft["verdicts"];
    let count = |name: &str| verdicts["false_rejects"][name].as_u64().unwrap();
    let rejected = |name: &str| verdicts["rejected"][name].as_u64().unwrap();
    let all: u64 = verdicts["rejected"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(count("decided"), verdicts["accepted"].as_u64().unwrap() + all);
    assert_eq!(count("refused"), rejected("pool-margin") + rejected("venue-margin"));
    assert!(
        0 < count("rounded") && count("rounded") < count("borne") && count("borne") < count("refused"),
        "{verdicts}"
    );
    assert_eq!(soft, report("model", &market));
    assert_eq!(report("soft", &SHORT).pointer("/verdicts/false_rejects"), None);
}

#[test]
fn the_software_card_and_the_model_agree_event_by_event_where_both_ledgers_reject() {
    let pair = report("lockstep:soft,model", &SHORT);
    let events = pair.pointer("/card/events").and_then(Value::as_u64).unwrap();
    assert_eq!(pair.pointer("/card/lockstep_differences").and_then(Value::as_u64), Some(0));
    assert!(events > 500, "{events} events");
    for reason in ["pool-margin", "venue-margin"] {
        let rejected = pair.pointer(&format!("/verdicts/rejected/{reason}")).and_then(Value::as_u64);
        assert!(rejected > Some(0), "{reason}: {rejected:?}");
    }
}
