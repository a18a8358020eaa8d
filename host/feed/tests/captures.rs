//! Captures: what is written reads back, damage ends a capture after its last complete frame, and merging is
//! deterministic.
#![allow(clippy::unwrap_used)] // helpers: a panic is a failed test

mod support;

use crossgate_feed::{Capture, CaptureError, CaptureWriter, Container, Frames, Merge};
use crossgate_instrument::Venue;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use support::recorded;
use tempfile::TempDir;

fn file(directory: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// All frames, then the error that ended them.
fn read(mut frames: Frames) -> (Vec<(u64, Vec<u8>)>, Option<CaptureError>) {
    let mut all = Vec::new();
    loop {
        match frames.next_frame() {
            Ok(Some(frame)) => all.push((frame.local_ns, frame.bytes.to_vec())),
            Ok(None) => return (all, None),
            Err(error) => {
                assert!(matches!(frames.next_frame(), Ok(None)), "a capture ends with its error");
                return (all, Some(error));
            }
        }
    }
}

fn write(path: &Path, frames: &[(u64, Vec<u8>)]) {
    let mut writer = if path.to_string_lossy().contains("cbcap") {
        CaptureWriter::cbcap(path, "kraken", "BTC/USD", 0).unwrap()
    } else {
        CaptureWriter::collector(path).unwrap()
    };
    for (time, bytes) in frames {
        writer.frame(*time, bytes).unwrap();
    }
    writer.finish().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_written_reads_back(
        texts in prop::collection::vec(("[ -~]{0,40}", 0u64..u64::MAX), 0..20),
        name in prop::sample::select(vec!["a", "a.gz", "a.cbcap", "a.cbcap.gz"]),
    ) {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join(name);
        // A first ordinary frame, so that the container shows.
        let mut frames = vec![(1, b"{}".to_vec())];
        frames.extend(texts.into_iter().map(|(text, time)| (time, text.into_bytes())));
        write(&path, &frames);
        let capture = Capture::open(&path).unwrap();
        let expected = if name.contains("cbcap") { Container::Cbcap } else { Container::Collector };
        prop_assert_eq!(capture.container(), expected);
        let (back, error) = read(capture.frames());
        prop_assert!(error.is_none());
        prop_assert_eq!(back, frames);
    }

    /// Wherever a compressed capture is cut, the frames before the cut come whole and the cut is told.
    #[test]
    fn a_cut_compressed_capture_yields_its_complete_frames(cut in 0.0f64..1.0, cbcap in any::<bool>()) {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join(if cbcap { "a.cbcap.gz" } else { "a.gz" });
        let frames: Vec<(u64, Vec<u8>)> =
            (0u64..400).map(|n| (n, format!("{{\"n\":{}}}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into())).collect();
        write(&path, &frames);
        let whole = fs::read(&path).unwrap();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let length = (cut * whole.len() as f64) as usize;
        fs::write(&path, &whole[..length]).unwrap();
        let Ok(capture) = Capture::open(&path) else {
            prop_assert!(length < 200, "{length} bytes show the container");
            return Ok(());
        };
        let (back, error) = read(capture.frames());
        prop_assert_eq!(&frames[..back.len()], back.as_slice());
        prop_assert!(matches!(error, Some(CaptureError::Truncated { .. })), "{error:?}");
    }

    #[test]
    fn no_bytes_make_a_capture_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0usize..5) {
        let directory = TempDir::new().unwrap();
        let starts: [&[u8]; 5] = [b"", b"CBCAP1 kraken BTC/USD 7\n5 ", b"1 {", b"1.5: {", b"\x1f\x8b\x08\x00"];
        let path = file(&directory, "a", &[starts[start], &bytes].concat());
        if let Ok(capture) = Capture::open(&path) {
            read(capture.frames());
        }
    }
}

#[test]
fn a_recorded_file_cut_in_half_yields_frames_then_says_so() {
    let Some(path) = recorded("binance/spot_ethusdt_20240808.gz") else { return };
    let directory = TempDir::new().unwrap();
    let bytes = fs::read(&path).unwrap();
    let half = file(&directory, "half.gz", &bytes[..bytes.len() / 2]);
    let (all, _) = read(Capture::open(&path).unwrap().frames());
    let capture = Capture::open(&half).unwrap();
    assert_eq!(capture.venue(), Some(Venue::BinanceSpot));
    let (some, error) = read(capture.frames());
    assert!(some.len() > all.len() / 3 && some.len() < all.len());
    assert_eq!(all[..some.len()], some);
    let error = error.unwrap().to_string();
    let total = bytes.len() / 2;
    assert!(error.contains("half.gz: ends early at offset"), "{error}");
    assert!(error.contains(&format!("of {total} file bytes read); the frames before it are complete")), "{error}");
}

#[test]
fn damaged_compressed_data_is_told_from_an_early_end() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a.gz");
    write(&path, &(0..2000).map(|n| (n, format!("{{\"n\":{}}}", n * n).into_bytes())).collect::<Vec<_>>());
    let mut bytes = fs::read(&path).unwrap();
    let last = bytes.len() - 6;
    bytes[last] ^= 0x55;
    fs::write(&path, &bytes).unwrap();
    let (_, error) = read(Capture::open(&path).unwrap().frames());
    assert!(matches!(error, Some(CaptureError::Damaged { .. })), "{error:?}");
}

#[test]
fn a_bad_cbcap_record_is_named_by_line_and_offset() {
    let directory = TempDir::new().unwrap();
    let broken = |content: &str| {
        let (frames, error) = read(Capture::open(file(&directory, "a", content.as_bytes())).unwrap().frames());
        (frames.len(), error.map(|error| error.to_string()).unwrap_or_default())
    };
    let (frames, error) = broken("CBCAP1 kraken BTC/USD 7\n8 2\n{}\nnonsense\n");
    assert_eq!(frames, 1);
    assert!(error.contains("line 4 (offset 31): expected `T_NS LEN`") && error.contains("nonsense"), "{error}");
    let (frames, error) = broken("CBCAP1 kraken BTC/USD 7\n8 2\n{}x");
    assert_eq!(frames, 0);
    assert!(error.contains("expected a line feed after LEN bytes"), "{error}");
    let (_, error) = broken("CBCAP1 kraken BTC/USD 7\n8 99999999999\n{}\n");
    assert!(error.contains("LEN below 64 MiB"), "{error}");
    let (frames, error) = broken("CBCAP1 kraken BTC/USD 7\n8 2\n{}\n9 10\n{}");
    assert_eq!(frames, 1);
    assert!(error.contains("ends early at offset 36"), "{error}");
}

#[test]
fn what_is_no_capture_is_refused_by_content() {
    let directory = TempDir::new().unwrap();
    for content in ["", "\n", "hello\nworld\n", "{\"a\":1}\n", "7 x\n", "CBCAP1 kraken\n"] {
        let error = Capture::open(file(&directory, "a.gz", content.as_bytes())).unwrap_err();
        assert!(matches!(error, CaptureError::Unrecognised { .. }), "{content:?}: {error}");
    }
    assert!(matches!(Capture::open(directory.path()), Err(CaptureError::Io { .. })));
    assert!(matches!(Capture::open(directory.path().join("none")), Err(CaptureError::Io { .. })));
}

#[test]
fn a_frame_that_would_not_read_back_is_not_written() {
    let directory = TempDir::new().unwrap();
    let mut lines = CaptureWriter::collector(directory.path().join("a")).unwrap();
    assert!(matches!(lines.frame(1, b"{}\n{}"), Err(CaptureError::Unwritable { .. })));
    assert!(matches!(
        CaptureWriter::cbcap(directory.path().join("b"), "a b", "c", 0),
        Err(CaptureError::Unwritable { .. })
    ));
    let path = directory.path().join("c");
    let mut counted = CaptureWriter::cbcap(&path, "kraken", "BTC/USD", 0).unwrap();
    counted.frame(1, b"{\n}").unwrap();
    counted.finish().unwrap();
    assert_eq!(read(Capture::open(&path).unwrap().frames()).0, [(1, b"{\n}".to_vec())]);
}

#[test]
fn equal_times_merge_in_the_order_of_the_captures_and_a_broken_one_stops_no_other() {
    let directory = TempDir::new().unwrap();
    let first = file(&directory, "first", b"CBCAP1 kraken BTC/USD 1\n1 1\na\n3 1\nc\nbroken\n");
    let second = file(&directory, "second", b"1 {\"b\":1}\n2 {}\n3 {}\n2 {}\n9 {}\n");
    let captures = [first, second].map(|path| Capture::open(path).unwrap());
    let mut merge = Merge::new(captures.iter().map(Capture::frames).collect());
    let mut seen = Vec::new();
    let mut errors = Vec::new();
    loop {
        match merge.next_frame() {
            Ok(Some((index, frame))) => seen.push((index, frame.local_ns)),
            Ok(None) => break,
            Err((index, error)) => errors.push((index, error.to_string())),
        }
    }
    assert_eq!(seen, [(0, 1), (1, 1), (1, 2), (0, 3), (1, 3), (1, 2), (1, 9)]);
    assert_eq!((errors.len(), errors[0].0), (1, 0));
    assert_eq!(merge.progress().consumed, merge.progress().total);
}

#[test]
fn a_garbage_line_is_handed_on_whole_with_the_time_before_it() {
    let directory = TempDir::new().unwrap();
    let path = file(&directory, "a", b"5 {}\ngarbage here\n\n7 {}\r\n8 {}");
    let mut frames = Capture::open(path).unwrap().frames();
    let mut seen = Vec::new();
    while let Some(frame) = frames.next_frame().unwrap() {
        seen.push((frame.local_ns, String::from_utf8_lossy(frame.bytes).into_owned(), frame.line, frame.offset));
    }
    let expected = [(5, "{}", 1, 0), (5, "garbage here", 2, 5), (7, "{}", 4, 19), (8, "{}", 5, 25)];
    assert_eq!(seen, expected.map(|(time, text, line, offset)| (time, text.to_owned(), line, offset)));
    assert_eq!(frames.skipped(), 1);
}
