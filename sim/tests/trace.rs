//! Traces: recorded, read back, run again, compared, shown, and refused when damaged.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::event::Ring;
use crossgate_contract::{sizes, Event, Fault, CONTRACT_HASH};
use crossgate_driver::{Device, InProcess, Options, Received};
use crossgate_sim::model::ModelEndpoint;
use crossgate_sim::stimulus::{Step, Stimulus};
use crossgate_sim::trace::{diff, events, run, show, Entry, Reader, Record, Recorder, TraceError};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

/// A stream that the test keeps a hand on.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Records some random steps; returns the file and the events that the host saw.
fn record(seed: u64, commands: u32) -> (Vec<u8>, Vec<Received>) {
    let file = Shared::default();
    let card = Recorder::new(ModelEndpoint::new(sizes::TINY), file.clone(), &sizes::TINY).unwrap();
    let mut device = Device::open(InProcess::new(card), Options::default()).unwrap();
    let mut stimulus = Stimulus::new(seed, sizes::TINY);
    let mut seen = Vec::new();
    for _ in 0..commands {
        match stimulus.step() {
            Step::Stage(window, words) | Step::Post(window, words) => device.post_words(window, words).unwrap(),
            Step::Arm(armed) => device.arm(armed).unwrap(),
            Step::TimeUs(time_us) => device.set_time_us(time_us).unwrap(),
            Step::WatchdogUs(time_us) => {
                device.set_watchdog_us(Some(time_us).filter(|time_us| *time_us != 0)).unwrap();
            }
            Step::Settle | Step::Reset | Step::HoldEgress(_) | Step::RingFull(_) => {}
        }
        device.poll(|received| seen.push(*received)).unwrap();
    }
    device.transport_mut().endpoint_mut().finish().unwrap();
    let bytes = file.0.borrow().clone();
    (bytes, seen)
}

fn replay(bytes: &[u8]) -> Vec<Received> {
    let mut device = Device::open(InProcess::new(ModelEndpoint::new(sizes::TINY)), Options::default()).unwrap();
    let mut seen = Vec::new();
    run(&mut device, Reader::new(bytes).unwrap(), |received| seen.push(*received)).unwrap();
    seen
}

#[test]
fn a_trace_holds_the_events_that_the_host_saw() {
    let (bytes, seen) = record(3, 2_000);
    let reader = Reader::new(&bytes[..]).unwrap();
    assert_eq!((reader.header().sizes_id, reader.header().sizes_name.as_str()), (sizes::TINY.id, "tiny"));
    let read = events(reader).unwrap();
    let by_ring = |events: &[Received], ring: Ring| -> Vec<_> {
        events.iter().filter(|event| event.ring == ring).copied().collect()
    };
    assert!(seen.len() > 300);
    for ring in Ring::ALL {
        assert_eq!(by_ring(&read, ring), by_ring(&seen, ring));
    }
}

/// Whether an event is the watchdog's.
fn is_watchdog(event: &Received) -> bool {
    let Ok(Event::FaultRaised(fault)) = event.decode() else { return false };
    fault.code == Fault::Watchdog.code()
}

#[test]
fn a_trace_runs_again_with_the_same_events() {
    let mut watchdogs = 0;
    for seed in 4..24 {
        let (bytes, seen) = record(seed, 6_000);
        assert_eq!(diff(&seen, &replay(&bytes)).map(|difference| difference.to_string()), None);
        watchdogs += seen.iter().filter(|event| is_watchdog(event)).count();
    }
    assert!(watchdogs > 0, "no watchdog in any trace");
}

#[test]
fn diff_names_the_first_event_that_differs_or_is_missing() {
    let (bytes, seen) = record(5, 1_000);
    let mut other = replay(&bytes);
    let at = other.iter().position(|event| matches!(event.decode(), Ok(Event::Verdict(_)))).unwrap();
    let index = other[..at].iter().filter(|event| event.ring == Ring::Decisions).count();
    other[at].words[6] ^= 5;
    assert_eq!(diff(&seen, &other), None, "cycles may differ");
    other[at].words[1] ^= 1;
    let found = diff(&seen, &other).unwrap();
    assert_eq!((found.ring, found.index), (Ring::Decisions, index));
    assert!(found.to_string().contains("  ! account:"), "{found}");
    let shorter = &seen[..seen.len() - 1];
    assert!(diff(&seen, shorter).unwrap().right.is_none());
    assert!(diff(shorter, &seen).unwrap().left.is_none());
}

#[test]
fn show_has_a_line_for_every_command_and_event() {
    let (bytes, seen) = record(6, 300);
    let mut lines = Vec::new();
    show(Reader::new(&bytes[..]).unwrap(), |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(lines.iter().filter(|line| line.contains(" < ")).count(), seen.len());
    assert!(lines.iter().any(|line| line.contains("> Control 0: INSTRUMENT venue=")));
    assert!(lines.iter().any(|line| line.contains("> CONTROL = 0x00000002")), "ARM");
    assert!(!lines.iter().any(|line| line.contains("NOP")));
}

/// The first error of a trace.
fn error(bytes: &[u8]) -> TraceError {
    match Reader::new(bytes) {
        Ok(mut reader) => reader.find_map(Result::err).expect("the trace must be refused"),
        Err(error) => error,
    }
}

#[test]
fn every_truncation_is_found() {
    let (bytes, _) = record(7, 60);
    for length in 0..bytes.len() {
        assert!(matches!(error(&bytes[..length]), TraceError::Truncated { .. }), "{length} of {}", bytes.len());
    }
    assert!(Reader::new(&bytes[..]).unwrap().all(|record| record.is_ok()));
}

#[test]
fn a_trace_that_was_not_finished_is_truncated() {
    let file = Shared::default();
    let mut writer = crossgate_sim::trace::Writer::new(file.clone(), &sizes::TINY).unwrap();
    writer.write(&Record { time_us: 0, entry: Entry::Register { offset: 0x40, value: 2 } }).unwrap();
    drop(writer);
    let bytes = file.0.borrow().clone();
    assert!(matches!(error(&bytes), TraceError::Truncated { records: 1, .. }));
}

#[test]
fn foreign_files_versions_contracts_and_values_are_refused_with_what_they_hold() {
    let (good, _) = record(8, 60);
    let with = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        error(&bytes)
    };
    assert!(matches!(with(0, b'?'), TraceError::Magic { actual: [b'?', ..] }));
    assert!(matches!(with(8, 9), TraceError::Version { actual: 9 }));
    let text = with(12, good[12] ^ 1).to_string();
    assert!(text.contains(&format!("{CONTRACT_HASH:#018x}")) && text.contains(&format!("{:#018x}", CONTRACT_HASH ^ 1)));
    // Header of 8 + 4 + 8 + 4 + 1 + 4 bytes; the first record is a RESET of CONTROL.
    assert!(matches!(with(29, 77), TraceError::Value { what: "no record is of kind", actual: 77, .. }));
    assert!(matches!(with(25, 7), TraceError::Value { actual: 7, .. }));
    let last = good.len() - 8;
    assert!(matches!(with(last, good[last].wrapping_add(1)), TraceError::Value { .. }));
}

#[test]
fn random_bytes_never_panic() {
    let (good, _) = record(9, 60);
    let mut random = crossgate_sim::random::Random::new(1);
    for _ in 0..2_000 {
        let mut bytes = good.clone();
        for _ in 0..3 {
            let at = random.index(bytes.len());
            bytes[at] = random.bits().to_le_bytes()[0];
        }
        if let Ok(reader) = Reader::new(&bytes[..]) {
            let _ = show(reader, |_| {});
        }
    }
}
