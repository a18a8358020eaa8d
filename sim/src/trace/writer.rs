//! Writes traces.

use super::{Entry, Record, TraceError, KIND_END, KIND_EVENT, KIND_REGISTER, KIND_SLOT, MAGIC, VERSION};
use crossgate_contract::{Sizes, CONTRACT_HASH};
use std::io::Write;

/// A trace that is being written. [`Writer::finish`] makes it whole; a writer that is dropped leaves a truncated trace.
pub struct Writer<W: Write> {
    stream: W,
    offset: u64,
    records: u64,
}

impl<W: Write> Writer<W> {
    /// Begins a trace of a build of these sizes.
    ///
    /// # Errors
    /// [`TraceError::Io`]; [`TraceError::Value`] if the name of the sizes is longer than 255 bytes.
    pub fn new(stream: W, sizes: &Sizes) -> Result<Self, TraceError> {
        let mut writer = Self { stream, offset: 0, records: 0 };
        let length = sizes.name.len();
        let length_byte = u8::try_from(length).map_err(|_| TraceError::Value {
            offset: 24,
            what: "name of the sizes has too many bytes:",
            actual: u64::try_from(length).unwrap_or(u64::MAX),
        })?;
        writer.put(&MAGIC)?;
        writer.put(&VERSION.to_le_bytes())?;
        writer.put(&CONTRACT_HASH.to_le_bytes())?;
        writer.put(&sizes.id.to_le_bytes())?;
        writer.put(&[length_byte])?;
        writer.put(sizes.name.as_bytes())?;
        Ok(writer)
    }

    /// Adds a record.
    ///
    /// # Errors
    /// [`TraceError::Io`].
    pub fn write(&mut self, record: &Record) -> Result<(), TraceError> {
        let kind = match record.entry {
            Entry::Slot(..) => KIND_SLOT,
            Entry::Register { .. } => KIND_REGISTER,
            Entry::Event(..) => KIND_EVENT,
        };
        self.put(&[kind])?;
        self.put(&record.time_us.to_le_bytes())?;
        match &record.entry {
            Entry::Slot(window, words) => self.put_words(*window as u8, words)?,
            Entry::Event(ring, words) => self.put_words(*ring as u8, words)?,
            Entry::Register { offset, value } => {
                self.put(&offset.to_le_bytes())?;
                self.put(&value.to_le_bytes())?;
            }
        }
        self.records += 1;
        Ok(())
    }

    /// Ends the trace and returns the flushed stream.
    ///
    /// # Errors
    /// [`TraceError::Io`].
    pub fn finish(mut self) -> Result<W, TraceError> {
        self.put(&[KIND_END])?;
        self.put(&0u64.to_le_bytes())?;
        self.put(&self.records.to_le_bytes())?;
        self.stream.flush().map_err(|source| TraceError::Io { offset: self.offset, source })?;
        Ok(self.stream)
    }

    fn put_words(&mut self, number: u8, words: &[u64; 8]) -> Result<(), TraceError> {
        self.put(&[number])?;
        words.iter().try_for_each(|word| self.put(&word.to_le_bytes()))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), TraceError> {
        self.stream.write_all(bytes).map_err(|source| TraceError::Io { offset: self.offset, source })?;
        self.offset += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(())
    }
}
