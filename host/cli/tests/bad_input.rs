//! Damaged captures and configurations through the whole program: each has a counter in the report and a message, the book
//! concerned is invalid until it is resynchronised, and everything else goes on.

#![allow(clippy::unwrap_used)] // a failure is a failed test

use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flate2::Compression;
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SECONDS: &str = "3";

fn crossgate(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crossgate")).args(arguments).env_remove("CROSSGATE_DATA").output().unwrap()
}

/// A generated market in a folder of its own.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = crossgate(&["sample", folder.path().to_str().unwrap(), "--seconds", SECONDS]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(self.path(name)).unwrap()).read_to_string(&mut text).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn write(&self, name: &str, lines: &[String]) {
        let mut out = GzEncoder::new(fs::File::create(self.path(name)).unwrap(), Compression::fast());
        for line in lines {
            writeln!(out, "{line}").unwrap();
        }
        out.finish().unwrap();
    }

    /// Edits the capture of USD-M BTC and replays it beside that of USD-M ETH.
    fn replay(&self, edit: impl FnOnce(&mut Vec<String>)) -> (Value, String) {
        let mut lines = self.lines("usdm_btcusdt.gz");
        edit(&mut lines);
        self.write("usdm_btcusdt.gz", &lines);
        self.run(&["usdm_btcusdt.gz", "usdm_ethusdt.gz"])
    }

    fn run(&self, captures: &[&str]) -> (Value, String) {
        let paths: Vec<String> = captures.iter().map(|name| self.path(name).display().to_string()).collect();
        let mut arguments = vec!["replay", "--device", "model", "--json"];
        arguments.extend(paths.iter().map(String::as_str));
        let output = crossgate(&arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        (serde_json::from_slice(&output.stdout).unwrap(), errors)
    }
}

fn number(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("{pointer} in {report}"))
}

fn state(report: &Value, book: usize) -> &str {
    report.pointer(&format!("/books/{book}/states/0")).and_then(Value::as_str).unwrap()
}

/// The card shows what the host has, damage or not, and the undamaged book is complete.
fn the_rest_is_sound(report: &Value) {
    assert_eq!(number(report, "/card/bbo/compared"), number(report, "/card/bbo/equal"));
    assert!(number(report, "/card/bbo/compared") > 50);
    assert_eq!(state(report, 1), "live");
    assert_eq!(number(report, "/captures/1/gaps"), 0);
    assert!(report.pointer("/card/faults").and_then(Value::as_object).unwrap().is_empty());
}

/// Index of the `n`-th depth event after the snapshot.
fn depth_event(lines: &[String], n: usize) -> usize {
    let snapshot = lines.iter().position(|line| line.contains("lastUpdateId")).unwrap();
    let depth = lines.iter().enumerate().skip(snapshot).filter(|(_, line)| line.contains("depthUpdate"));
    depth.map(|(index, _)| index).nth(n).unwrap()
}

#[test]
fn an_undamaged_sample_is_complete() {
    let (report, errors) = Bench::new().replay(|_| {});
    the_rest_is_sound(&report);
    assert_eq!(state(&report, 0), "live");
    assert_eq!(number(&report, "/oracle/compared"), number(&report, "/oracle/equal"));
    assert!(number(&report, "/oracle/compared") > 50 && number(&report, "/verdicts/accepted") > 20);
    assert!(errors.lines().all(|line| line.contains("no book gives a price")), "{errors}");
}

#[test]
fn a_gap_loses_the_book_in_host_and_card_at_once() {
    let (report, errors) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 40);
        lines.remove(at);
    });
    the_rest_is_sound(&report);
    assert_eq!(number(&report, "/captures/0/gaps"), 1);
    assert_eq!(state(&report, 0), "lost");
    assert_eq!(report.pointer("/books/0/bid"), Some(&Value::Null));
    assert!(errors.contains("usdm_btcusdt.gz: line") && errors.contains("BTCUSDT lost"), "{errors}");
}

#[test]
fn a_new_snapshot_brings_a_lost_book_back() {
    let (report, _) = Bench::new().replay(|lines| {
        let gap = depth_event(lines, 40);
        let snapshot = lines.iter().find(|line| line.contains("lastUpdateId")).unwrap().clone();
        // The book as of the event before the second gap point, with that event's id: empty but for one level a side.
        let event = lines[depth_event(lines, 50)].clone();
        let id = event.split("\"u\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
        let time = event.split(' ').next().unwrap().to_owned();
        let body = snapshot.split(' ').nth(1).unwrap();
        let head = body.split("\"bids\"").next().unwrap();
        let fields = head.split(',').skip(1).collect::<Vec<_>>().join(",");
        let made = format!(
            "{time} {{\"lastUpdateId\":{id},{fields}\"bids\":[[\"30000.0\",\"1.000\"]],\"asks\":[[\"60000.0\",\"1.000\"]]}}"
        );
        let at = depth_event(lines, 50);
        lines.insert(at + 1, made);
        lines.remove(gap);
    });
    the_rest_is_sound(&report);
    assert_eq!((number(&report, "/captures/0/gaps"), number(&report, "/captures/0/resyncs")), (1, 1));
    assert_eq!(state(&report, 0), "live");
}

#[test]
fn a_frame_that_is_not_json_is_counted_and_the_chain_decides() {
    let (report, errors) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 30);
        lines.insert(at, "1704067201000000000 {not json".to_owned());
    });
    the_rest_is_sound(&report);
    assert_eq!(number(&report, "/captures/0/malformed"), 1);
    assert_eq!(state(&report, 0), "live");
    assert!(errors.contains("is not JSON"), "{errors}");
}

#[test]
fn a_truncated_capture_ends_its_books_and_says_where() {
    let bench = Bench::new();
    let path = bench.path("usdm_btcusdt.gz");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let (report, errors) = bench.run(&["usdm_btcusdt.gz", "usdm_ethusdt.gz"]);
    the_rest_is_sound(&report);
    assert!(report.pointer("/captures/0/error").unwrap().as_str().unwrap().contains("usdm_btcusdt.gz"), "{errors}");
    assert_eq!(state(&report, 0), "lost");
}

#[test]
fn a_price_off_the_grid_loses_the_book() {
    let (report, errors) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 30);
        lines[at] = lines[at].replacen("\"b\":[", "\"b\":[[\"41000.05\",\"1.000\"],", 1).replace("],]", "]]");
    });
    the_rest_is_sound(&report);
    assert_eq!((number(&report, "/captures/0/off_grid"), state(&report, 0)), (1, "lost"));
    assert!(errors.contains("41000.05"), "{errors}");
}

#[test]
fn a_crossed_venue_loses_the_book() {
    let (report, _) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 30);
        lines[at] = lines[at].replacen("\"b\":[", "\"b\":[[\"99000.0\",\"1.000\"],", 1).replace("],]", "]]");
    });
    the_rest_is_sound(&report);
    assert_eq!((number(&report, "/captures/0/crossed"), state(&report, 0)), (1, "lost"));
}

#[test]
fn a_quantity_too_large_for_the_card_masks_the_venue_there_and_not_in_the_host() {
    let (report, _) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 30);
        let ticker = lines.iter().take(at).rev().find(|line| line.contains("bookTicker")).unwrap();
        let bid = ticker.split("\"b\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let level = format!("\"b\":[[\"{bid}\",\"9000000.000\"],");
        lines[at] = lines[at].replacen("\"b\":[", &level, 1).replace("],]", "]]");
    });
    the_rest_is_sound(&report);
    assert_eq!((number(&report, "/books/0/quantity_too_large"), state(&report, 0)), (1, "live"));
}

#[test]
fn an_unknown_instrument_and_a_repeated_snapshot_are_counted_and_change_nothing() {
    let (report, errors) = Bench::new().replay(|lines| {
        let at = depth_event(lines, 30);
        lines.insert(at, lines[at].replace("BTCUSDT", "DOGEUSDT").replace("btcusdt", "dogeusdt"));
        let snapshot = lines.iter().find(|line| line.contains("lastUpdateId")).unwrap().clone();
        lines.insert(at, snapshot);
    });
    the_rest_is_sound(&report);
    assert_eq!((number(&report, "/captures/0/unknown_instrument"), number(&report, "/captures/0/duplicates")), (1, 1));
    assert_eq!(state(&report, 0), "live");
    assert!(errors.contains("DOGEUSDT"), "{errors}");
}

#[test]
fn a_wrong_checksum_loses_the_book() {
    let bench = Bench::new();
    let mut lines = bench.lines("kraken_btcusd.cbcap.gz");
    let books: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].contains("\"checksum\"")).collect();
    let at = books[books.len() / 2];
    let checksum = lines[at].split("\"checksum\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let last = if checksum.ends_with('1') { '2' } else { '1' };
    let wrong = format!("{}{last}", &checksum[..checksum.len() - 1]);
    lines[at] = lines[at].replace(&format!(":{checksum},"), &format!(":{wrong},"));
    bench.write("kraken_btcusd.cbcap.gz", &lines);
    let (report, errors) = bench.run(&["kraken_btcusd.cbcap.gz", "usdm_ethusdt.gz"]);
    assert_eq!(number(&report, "/captures/0/checksums_bad"), 1);
    let book = report["books"].as_array().unwrap().iter().find(|book| book["states"][0] == "lost");
    assert_eq!(book.unwrap()["instruments"][0], "kraken-spot BTC/USD");
    assert!(errors.contains("BTC/USD lost"), "{errors}");
}

#[test]
fn a_file_that_is_no_capture_and_a_missing_one_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "hello\n").unwrap();
    for path in [path.as_path(), Path::new("no/such/capture.gz")] {
        let output = crossgate(&["replay", "--device", "model", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(path.to_str().unwrap()));
    }
}

#[test]
fn a_bad_configuration_names_file_line_and_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crossgate.toml");
    let text = String::from_utf8(crossgate(&["config", "show"]).stdout).unwrap();
    let check = |text: &str| {
        fs::write(&path, text).unwrap();
        let output = crossgate(&["config", "check", path.to_str().unwrap()]);
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(check(&text).0);
    let (ok, message) = check(&text.replacen("tails = 6", "tales = 6", 1));
    assert!(!ok && message.contains("crossgate.toml") && message.contains("tales"), "{message}");
    let (ok, message) = check(&text.replacen("haircut = \"0.08\"", "haircut = \"1.5\"", 1));
    assert!(!ok && message.contains("ETH: haircut = 1.5: must lie in 0 to 0.9"), "{message}");
}
