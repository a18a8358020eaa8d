//! Reads traces; bytes from outside never panic.

use super::{Entry, Header, Record, TraceError, KIND_END, KIND_EVENT, KIND_REGISTER, KIND_SLOT, MAGIC, VERSION};
use crossgate_contract::event::Ring;
use crossgate_contract::{Window, CONTRACT_HASH};
use std::io::{ErrorKind, Read};

/// A trace that is being read; iterates over its records and stops at the end record or the first error.
pub struct Reader<R: Read> {
    stream: R,
    header: Header,
    offset: u64,
    records: u64,
    done: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`TraceError::Magic`], [`TraceError::Version`], [`TraceError::ContractHash`], [`TraceError::Truncated`],
    /// [`TraceError::Io`]; [`TraceError::Value`] if the name of the sizes is not ASCII.
    pub fn new(stream: R) -> Result<Self, TraceError> {
        let header = Header { sizes_id: 0, sizes_name: String::new() };
        let mut reader = Self { stream, header, offset: 0, records: 0, done: false };
        let magic = reader.bytes::<8>()?;
        if magic != MAGIC {
            return Err(TraceError::Magic { actual: magic });
        }
        let version = reader.word_32()?;
        if version != VERSION {
            return Err(TraceError::Version { actual: version });
        }
        let hash = reader.word_64()?;
        if hash != CONTRACT_HASH {
            return Err(TraceError::ContractHash { expected: CONTRACT_HASH, actual: hash });
        }
        reader.header.sizes_id = reader.word_32()?;
        let [length] = reader.bytes::<1>()?;
        for _ in 0..length {
            let [byte] = reader.bytes::<1>()?;
            if !byte.is_ascii_graphic() {
                return Err(reader.value("byte of the name of the sizes is", u64::from(byte)));
            }
            reader.header.sizes_name.push(char::from(byte));
        }
        Ok(reader)
    }

    /// What the trace is of.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    fn value(&self, what: &'static str, actual: u64) -> TraceError {
        TraceError::Value { offset: self.offset, what, actual }
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], TraceError> {
        let mut bytes = [0; N];
        match self.stream.read_exact(&mut bytes) {
            Ok(()) => {
                self.offset += u64::try_from(N).unwrap_or(0);
                Ok(bytes)
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(TraceError::Truncated { offset: self.offset, records: self.records })
            }
            Err(source) => Err(TraceError::Io { offset: self.offset, source }),
        }
    }

    fn word_32(&mut self) -> Result<u32, TraceError> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn word_64(&mut self) -> Result<u64, TraceError> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn words(&mut self) -> Result<[u64; 8], TraceError> {
        let mut words = [0; 8];
        for word in &mut words {
            *word = self.word_64()?;
        }
        Ok(words)
    }

    fn record(&mut self) -> Result<Option<Record>, TraceError> {
        let [kind] = self.bytes::<1>()?;
        let time_us = self.word_64()?;
        let entry = match kind {
            KIND_SLOT => {
                let [number] = self.bytes::<1>()?;
                let window = Window::ALL.get(usize::from(number)).copied();
                let window = window.ok_or_else(|| self.value("no window has the number", u64::from(number)))?;
                Entry::Slot(window, self.words()?)
            }
            KIND_REGISTER => Entry::Register { offset: self.word_32()?, value: self.word_32()? },
            KIND_EVENT => {
                let [number] = self.bytes::<1>()?;
                let ring = Ring::ALL.get(usize::from(number)).copied();
                let ring = ring.ok_or_else(|| self.value("no ring has the number", u64::from(number)))?;
                Entry::Event(ring, self.words()?)
            }
            KIND_END => {
                let records = self.word_64()?;
                if records != self.records {
                    return Err(self.value("the end record counts other records:", records));
                }
                return Ok(None);
            }
            other => return Err(self.value("no record is of kind", u64::from(other))),
        };
        self.records += 1;
        Ok(Some(Record { time_us, entry }))
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, TraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let record = self.record().transpose();
        self.done = !matches!(record, Some(Ok(_)));
        record
    }
}
