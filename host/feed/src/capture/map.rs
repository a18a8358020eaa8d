//! A read-only memory map of a capture file, and reading from it with a position.
//!
//! This is the only unsafe code of the crate. Invariant: a [`Map`] is never handed out mutably and lives as long as any
//! reader of it.

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

/// The bytes of a file, mapped on first touch.
#[derive(Clone, Debug)]
pub(super) struct Map(Option<Arc<memmap2::Mmap>>);

impl Map {
    /// Maps the file at `path`; an empty file maps to no bytes.
    #[allow(unsafe_code)]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if file.metadata()?.len() == 0 {
            return Ok(Self(None));
        }
        // SAFETY: the map is private to this crate, read-only, of a regular non-empty file, and unmapped only when its
        // last owner drops it. What remains is the operating system's part: captures are write-once; a file cut short
        // while it is replayed ends the process by SIGBUS.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self(Some(Arc::new(map))))
    }

    /// All bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |map| &map[..])
    }

    /// The length as a file offset.
    pub(super) fn len(&self) -> u64 {
        self.bytes().len() as u64
    }
}

/// Reads a [`Map`] from its beginning.
#[derive(Debug)]
pub(super) struct Cursor {
    map: Map,
    at: usize,
}

impl Cursor {
    /// A reader at the first byte.
    pub(super) const fn new(map: Map) -> Self {
        Self { map, at: 0 }
    }

    /// Bytes read so far.
    pub(super) const fn consumed(&self) -> u64 {
        self.at as u64
    }
}

impl Read for Cursor {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.at += count;
        Ok(count)
    }
}

impl BufRead for Cursor {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.map.bytes().get(self.at..).unwrap_or(&[]))
    }

    fn consume(&mut self, count: usize) {
        self.at = self.map.bytes().len().min(self.at + count);
    }
}
