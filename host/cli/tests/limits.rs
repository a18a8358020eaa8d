//! The limits of the configuration reach the gate: each binds when it is tight, and the report says so.

#![allow(clippy::unwrap_used)] // a failure is a failed test

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

fn crossgate(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossgate"));
    let output = command.args(arguments).env_remove("CROSSGATE_DATA").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Writes the built-in configuration with some of its lines replaced.
fn configure(path: &Path, edits: &[(&str, &str)]) {
    let mut text = crossgate(&["config", "show"]);
    for (from, to) in edits {
        assert!(text.lines().any(|line| line == *from), "{from}");
        text = text.replace(from, to);
    }
    fs::write(path, text).unwrap();
}

/// Replays the sample, or captures of it, with the configuration edited.
fn replay(edits: &[(&str, &str)], arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crossgate.toml");
    configure(&path, edits);
    let fixed = ["replay", "--device", "soft", "--json", "--config", path.to_str().unwrap()];
    serde_json::from_str(&crossgate(&[&fixed, arguments].concat())).unwrap()
}

fn number(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

fn rejected(edits: &[(&str, &str)], reason: &str) -> u64 {
    let report = replay(edits, &["--seconds", "8"]);
    assert!(number(&report, "/verdicts/accepted") > 20, "{}", report["verdicts"]);
    number(&report, &format!("/verdicts/rejected/{reason}"))
}

#[test]
fn each_limit_binds_when_it_is_tight_and_not_as_it_is_shipped() {
    for (edit, reason) in [
        (("open_orders_max = 64", "open_orders_max = 12"), "open-orders"),
        (("message_rate = 150", "message_rate = 20"), "message-rate"),
        (("notional_max = \"100000\"", "notional_max = \"1300\""), "notional"),
        (("validity_box = \"0.005\"", "validity_box = \"0.0002\""), "box"),
    ] {
        assert_eq!(rejected(&[], reason), 0, "{reason}");
        assert!(rejected(&[edit], reason) > 0, "{reason}");
    }
}

#[test]
fn quotes_are_replaced_and_pulled_and_what_left_is_what_was_decided() {
    let report = replay(&[], &["--seconds", "8"]);
    let messages = |name: &str| number(&report, &format!("/verdicts/messages/{name}"));
    let decided = number(&report, "/verdicts/accepted") - messages("replaces_accepted");
    assert!(messages("replaced") > 100 && decided > 100, "{}", report["verdicts"]);
    assert!(messages("replaces") >= messages("replaces_accepted"));
    assert!(messages("replaces_accepted") >= messages("replaced") + messages("refused"));
    assert_eq!(report.pointer("/card/egress/equal"), Some(&Value::Bool(true)), "{}", report["card"]["egress"]);
    let left = number(&report, "/verdicts/accepted") + messages("cancels") + messages("mass_cancels");
    assert_eq!(number(&report, "/card/egress/messages"), left);
    assert!(report.pointer("/card/faults").and_then(Value::as_object).unwrap().is_empty());
    assert_eq!(number(&report, "/card/touch/tested"), number(&report, "/card/touch/instruments"));
}

#[test]
fn a_venue_refuses_replaces_that_would_take_liquidity() {
    let slow = [("venue_ms = 5", "venue_ms = 900"), ("stale_ticks = 5", "stale_ticks = 0")];
    let report = replay(&slow, &["--seconds", "8"]);
    assert!(number(&report, "/verdicts/messages/refused") > 0, "{}", report["verdicts"]);
    assert!(report.pointer("/card/faults").and_then(Value::as_object).unwrap().is_empty());
}

#[test]
fn a_partitioned_replay_says_that_the_touch_is_not_tested() {
    let report = replay(&[], &["--seconds", "3", "--partition", "2"]);
    assert_eq!(number(&report, "/card/touch/tested"), 0);
    let reason = report.pointer("/card/touch/reason").and_then(Value::as_str).unwrap();
    assert!(reason.contains("split over venues"), "{reason}");
    assert_eq!(number(&report, "/card/bbo/compared"), number(&report, "/card/bbo/equal"));
}

/// While a held instrument has no mark no bank can be made; the old one ends at its deadline.
#[test]
fn a_bank_that_is_not_replaced_is_stale_after_its_deadline_and_orders_of_a_lost_book_are_pulled() {
    let folder = tempfile::tempdir().unwrap();
    let market = folder.path().to_str().unwrap();
    crossgate(&["sample", market, "--seconds", "8"]);
    let path = |name: &str| folder.path().join(name);
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path("usdm_btcusdt.gz")).unwrap()).read_to_string(&mut text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (lost, rest) = (lines.len() / 2, &lines[lines.len() / 2..]);
    let depth = rest.iter().position(|line| line.contains("depthUpdate")).unwrap();
    let mut out = GzEncoder::new(fs::File::create(path("usdm_btcusdt.gz")).unwrap(), Compression::fast());
    for (index, line) in lines.iter().enumerate() {
        if index != lost + depth {
            writeln!(out, "{line}").unwrap();
        }
    }
    out.finish().unwrap();
    let edits = [
        ("interval_ms = 5000", "interval_ms = 200"),
        ("lag_ms = 250", "lag_ms = 20"),
        ("deadline_ms = 15000", "deadline_ms = 400"),
    ];
    let captures = ["usdm_btcusdt.gz", "usdm_ethusdt.gz"].map(|name| path(name).display().to_string());
    let report = replay(&edits, &[&captures[0], &captures[1]]);
    assert!(number(&report, "/verdicts/messages/mass_cancels") > 0, "{}", report["verdicts"]);
    assert!(number(&report, "/verdicts/rejected/stale") > 0, "{}", report["verdicts"]);
    assert!(report.pointer("/card/faults").and_then(Value::as_object).unwrap().is_empty());
}
