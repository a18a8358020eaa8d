//! Runs the commands of a trace on any device, and compares events.

use super::{Entry, Record, TraceError};
use crate::describe;
use crossgate_contract::event::{Ring, FUNCTIONAL};
use crossgate_contract::register::{self, control};
use crossgate_contract::Window;
use crossgate_driver::{Device, DeviceError, Received, Transport};

/// A trace that could not be run to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The trace.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The device.
    #[error("record {record}: {source}")]
    Device {
        /// Number of the record, from 0.
        record: u64,
        /// Its error.
        #[source]
        source: DeviceError,
    },
}

/// Posts the commands of a trace to a device that was just opened and hands every event to `sink`.
///
/// The order between windows is that of the trace: the device is idle before another window, CONTROL, TIME or WATCHDOG takes over.
///
/// # Errors
/// [`RunError`], at the first error of the trace or the device.
pub fn run<T: Transport>(
    device: &mut Device<T>,
    records: impl IntoIterator<Item = Result<Record, TraceError>>,
    mut sink: impl FnMut(&Received),
) -> Result<(), RunError> {
    let mut last = None;
    let mut lows = [0; 2];
    let mut count = 0;
    for record in records {
        let entry = record?.entry;
        apply(device, &entry, &mut last, &mut lows, &mut sink)
            .map_err(|source| RunError::Device { record: count, source })?;
        count += 1;
    }
    device.idle(sink).map_err(|source| RunError::Device { record: count, source })
}

fn apply<T: Transport>(
    device: &mut Device<T>,
    entry: &Entry,
    last: &mut Option<Window>,
    lows: &mut [u32; 2],
    mut sink: impl FnMut(&Received),
) -> Result<(), DeviceError> {
    match *entry {
        Entry::Slot(window, words) => {
            if *last != Some(window) {
                device.idle(&mut sink)?;
                *last = Some(window);
            }
            device.stage_words(window, [words[0], words[1], words[2], words[3]])?;
            device.stage_words(window, [words[4], words[5], words[6], words[7]])?;
            device.poll(sink)?;
        }
        Entry::Register { offset, value } if offset == register::CONTROL.offset => {
            device.idle(sink)?;
            if value & control::RESET == 0 {
                device.arm(value & control::ARM != 0)?;
            } else {
                device.reset()?;
            }
        }
        Entry::Register { offset, value } if offset == register::TIME_LO.offset => lows[0] = value,
        Entry::Register { offset, value } if offset == register::WATCHDOG_LO.offset => lows[1] = value,
        Entry::Register { offset, value } if offset == register::TIME_HI.offset => {
            device.idle(sink)?;
            device.set_time_us(u64::from(value & 0xffff) << 32 | u64::from(lows[0]))?;
        }
        Entry::Register { offset, value } if offset == register::WATCHDOG_HI.offset => {
            device.idle(sink)?;
            let watchdog_us = u64::from(value & 0xffff) << 32 | u64::from(lows[1]);
            device.set_watchdog_us(Some(watchdog_us).filter(|time_us| *time_us != 0))?;
        }
        Entry::Register { .. } | Entry::Event(..) => {}
    }
    Ok(())
}

/// The events of a trace.
///
/// # Errors
/// Those of the reader.
pub fn events(records: impl IntoIterator<Item = Result<Record, TraceError>>) -> Result<Vec<Received>, TraceError> {
    let event = |record: Result<Record, TraceError>| match record {
        Ok(Record { entry: Entry::Event(ring, words), .. }) => Some(Ok(Received { ring, words })),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    };
    records.into_iter().filter_map(event).collect()
}

/// The first difference of two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The ring.
    pub ring: Ring,
    /// Number of the event in its ring within the run.
    pub index: usize,
    /// The event of the left run, if it has one there.
    pub left: Option<[u64; 8]>,
    /// The event of the right run, if it has one there.
    pub right: Option<[u64; 8]>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "event {} of the {:?} ring differs", self.index, self.ring)?;
        f.write_str(&describe::difference("left", self.left.as_ref(), "right", self.right.as_ref()))
    }
}

/// Compares two runs ring by ring under the functional mask; cycles and latencies may differ.
pub fn diff(left: &[Received], right: &[Received]) -> Option<Difference> {
    Ring::ALL.into_iter().find_map(|ring| diff_ring(ring, left, right))
}

fn diff_ring(ring: Ring, left: &[Received], right: &[Received]) -> Option<Difference> {
    let of = |events: &[Received]| -> Vec<[u64; 8]> {
        events.iter().filter(|event| event.ring == ring).map(|event| event.words).collect()
    };
    let (left, right) = (of(left), of(right));
    let equal = |a: &[u64; 8], b: &[u64; 8]| a.iter().zip(b).zip(FUNCTIONAL).all(|((a, b), mask)| (a ^ b) & mask == 0);
    (0..left.len().max(right.len())).find_map(|index| {
        let pair = (left.get(index), right.get(index));
        let same = matches!(pair, (Some(a), Some(b)) if equal(a, b));
        (!same).then(|| Difference { ring, index, left: pair.0.copied(), right: pair.1.copied() })
    })
}
