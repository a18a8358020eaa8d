//! Why a capture cannot be read or written.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a capture cannot be read further, or cannot be written. Offsets count decompressed bytes.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The content is none of the known containers.
    #[error(
        "{}: starts with {found:?}, which is no known capture; expected lines `NANOSECONDS {{json}}`, \
         `SECONDS.FRACTION: {{json}}`, `URL -> SECONDS.FRACTION: {{json}}`, or a CBCAP1 header, plain or gzip",
        path.display()
    )]
    Unrecognised {
        /// The file.
        path: PathBuf,
        /// Its first bytes.
        found: String,
    },
    /// The file ends inside its gzip stream or inside a record. Every complete frame before that was delivered.
    #[error(
        "{}: ends early at offset {offset} ({consumed} of {total} file bytes read); the frames before it are complete, \
         fetch the file again for the rest",
        path.display()
    )]
    Truncated {
        /// The file.
        path: PathBuf,
        /// End of the last complete frame.
        offset: u64,
        /// File bytes read.
        consumed: u64,
        /// File bytes in all.
        total: u64,
    },
    /// The gzip stream is damaged. Every complete frame before the damage was delivered.
    #[error("{}: damaged gzip data behind offset {offset}: {source}; fetch the file again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// End of the last complete frame.
        offset: u64,
        /// What the decompressor said.
        source: io::Error,
    },
    /// A record does not have the form of its container.
    #[error(
        "{}: line {line} (offset {offset}): expected {expected}, found {found:?}; repair or cut the file there",
        path.display()
    )]
    BadRecord {
        /// The file.
        path: PathBuf,
        /// Line of the record, from 1.
        line: u64,
        /// Start of the record.
        offset: u64,
        /// The form it should have.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A frame to be written does not fit the container.
    #[error("{}: a frame of {length} bytes cannot be written: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The length of the frame.
        length: usize,
        /// Why not.
        reason: &'static str,
    },
}

/// The first bytes of `bytes` as text for a message.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let end = bytes.len().min(48);
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
