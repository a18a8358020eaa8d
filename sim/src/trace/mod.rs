//! Traces: one binary file of timed commands and events that every device can run.
//!
//! | bytes | header |
//! |---|---|
//! | 8 | `XGTRACE` and a line feed |
//! | 4 | version, 1 |
//! | 8 | contract hash |
//! | 4 | number of the size set |
//! | 1 + n | length and name of the size set, ASCII |
//!
//! Then records, little-endian: a kind (1 byte), the card time in microseconds (8), and
//!
//! | kind | body |
//! |---|---|
//! | 1 slot | window (1), 64 bytes of the slot with its sequence |
//! | 2 register write | offset (4), value (4); only CONTROL, TIME and WATCHDOG, the rings are the business of a host |
//! | 3 event | ring (1), 64 bytes |
//! | 0 end | number of the records before it (8); a file without it is truncated |
//!
//! Not here: files; readers and writers take any byte stream. Recording is lossless for commands and functional for
//! events: a run on another device gives other cycles.

mod reader;
mod record;
mod replay;
mod show;
mod writer;

pub use reader::Reader;
pub use record::Recorder;
pub use replay::{diff, events, run, Difference, RunError};
pub use show::show;
pub use writer::Writer;

use crossgate_contract::event::Ring;
use crossgate_contract::Window;

/// First bytes of a trace.
pub const MAGIC: [u8; 8] = *b"XGTRACE\n";
/// Version of the format.
pub const VERSION: u32 = 1;

/// What a trace is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Number of the size set.
    pub sizes_id: u32,
    /// Name of the size set.
    pub sizes_name: String,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The host posted a window slot.
    Slot(Window, [u64; 8]),
    /// The host wrote CONTROL, TIME or WATCHDOG.
    Register {
        /// Offset in BAR0.
        offset: u32,
        /// Value.
        value: u32,
    },
    /// The card wrote an event.
    Event(Ring, [u64; 8]),
}

/// What happened and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Card time, microseconds.
    pub time_us: u64,
    /// What happened.
    pub entry: Entry,
}

const KIND_END: u8 = 0;
const KIND_SLOT: u8 = 1;
const KIND_REGISTER: u8 = 2;
const KIND_EVENT: u8 = 3;

/// A trace that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// The stream failed.
    #[error("trace at byte {offset}: {source}")]
    Io {
        /// Byte offset.
        offset: u64,
        /// The errno.
        source: std::io::Error,
    },
    /// Not a trace.
    #[error("not a trace: it begins with {actual:02x?}, a trace with {MAGIC:02x?}")]
    Magic {
        /// The first bytes.
        actual: [u8; 8],
    },
    /// A trace of another version.
    #[error("trace of version {actual}, this program reads version {VERSION}")]
    Version {
        /// Its version.
        actual: u32,
    },
    /// A trace of another contract.
    #[error("trace of contract {actual:#018x}, this program has {expected:#018x}")]
    ContractHash {
        /// The hash of this program.
        expected: u64,
        /// The hash in the file.
        actual: u64,
    },
    /// A byte that no version 1 trace has there.
    #[error("trace at byte {offset}: {what} {actual}")]
    Value {
        /// Byte offset.
        offset: u64,
        /// What it should be.
        what: &'static str,
        /// The value.
        actual: u64,
    },
    /// The file ends within a record or without an end record.
    #[error("trace is truncated at byte {offset}, after {records} records")]
    Truncated {
        /// Byte offset.
        offset: u64,
        /// Whole records before it.
        records: u64,
    },
}
