//! Reading the frames of a capture one by one, from any container.
//!
//! Invariant: a frame is handed out only when all its bytes were read; an error is handed out once, after the last
//! complete frame.

use super::error::excerpt;
use super::map::{Cursor, Map};
use super::record::{self, Record};
use super::{CaptureError, Container, Frame};
use flate2::bufread::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The longest line or record read, in bytes; a longer one is damage, not data.
pub(super) const FRAME_BYTES_MAX: u64 = 64 << 20;

const BUFFER_BYTES: usize = 256 << 10;

/// How far a capture has been read, in bytes of the file as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub consumed: u64,
    /// Bytes in all.
    pub total: u64,
}

/// The byte stream inside the file.
#[derive(Debug)]
enum Source {
    Plain(Cursor),
    Gzip(Box<BufReader<MultiGzDecoder<Cursor>>>),
}

impl Source {
    fn reader(&mut self) -> &mut dyn BufRead {
        match self {
            Self::Plain(cursor) => cursor,
            Self::Gzip(decoder) => decoder.as_mut(),
        }
    }

    fn consumed(&self) -> u64 {
        match self {
            Self::Plain(cursor) => cursor.consumed(),
            Self::Gzip(decoder) => decoder.get_ref().get_ref().consumed(),
        }
    }
}

/// The frames of one capture, in file order.
#[derive(Debug)]
pub struct Frames {
    path: PathBuf,
    total: u64,
    source: Source,
    container: Container,
    /// The line or record being read.
    buffer: Vec<u8>,
    /// Where the current frame stands in `buffer`.
    current: Record,
    /// Local time, offset and line of the current frame.
    local_ns: u64,
    frame_offset: u64,
    frame_line: u64,
    /// Decompressed bytes and lines read so far.
    offset: u64,
    line: u64,
    skipped: u64,
    rebase: Option<record::Rebase>,
    ended: bool,
}

impl Frames {
    pub(super) fn new(path: &Path, map: &Map, container: Container, t0_ns: Option<u64>) -> Self {
        let cursor = Cursor::new(map.clone());
        let source = if map.bytes().starts_with(&[0x1f, 0x8b]) {
            Source::Gzip(Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(cursor))))
        } else {
            Source::Plain(cursor)
        };
        Self {
            path: path.to_owned(),
            total: map.len(),
            source,
            container,
            buffer: Vec::new(),
            current: Record::default(),
            local_ns: 0,
            frame_offset: 0,
            frame_line: 0,
            offset: 0,
            line: 0,
            skipped: 0,
            rebase: t0_ns.map(record::Rebase::new),
            ended: false,
        }
    }

    /// The next frame, `None` at the end.
    ///
    /// # Errors
    /// [`CaptureError::Truncated`], [`CaptureError::Damaged`] or [`CaptureError::BadRecord`], once; after it the
    /// capture has ended.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, CaptureError> {
        Ok(if self.advance()? { self.current() } else { None })
    }

    /// Moves to the next frame; false at the end.
    ///
    /// # Errors
    /// As [`Frames::next_frame`].
    pub fn advance(&mut self) -> Result<bool, CaptureError> {
        if self.ended {
            return Ok(false);
        }
        let more = match self.container {
            Container::Cbcap => self.advance_record(),
            container => self.advance_line(container),
        };
        self.ended = !matches!(more, Ok(true));
        more
    }

    /// The frame that [`Frames::advance`] moved to.
    pub fn current(&self) -> Option<Frame<'_>> {
        if self.ended || self.frame_line == 0 {
            return None;
        }
        let symbol = self.current.symbol.clone().and_then(|range| std::str::from_utf8(self.buffer.get(range)?).ok());
        Some(Frame {
            local_ns: self.local_ns,
            bytes: self.buffer.get(self.current.bytes.clone())?,
            offset: self.frame_offset,
            line: self.frame_line,
            symbol,
        })
    }

    /// How far the file has been read.
    pub fn progress(&self) -> Progress {
        Progress { consumed: self.source.consumed(), total: self.total }
    }

    /// Lines that carry no received frame: connection marks, sent frames, blank lines.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Reads lines until one carries a frame.
    fn advance_line(&mut self, container: Container) -> Result<bool, CaptureError> {
        loop {
            let start = self.offset;
            if !self.read_line()? {
                return Ok(false);
            }
            let Some(record) = record::line(container, &self.buffer) else {
                self.skipped += 1;
                continue;
            };
            self.local_ns = record.local_ns.unwrap_or(self.local_ns);
            self.current = record;
            self.frame_offset = start;
            self.frame_line = self.line;
            return Ok(true);
        }
    }

    /// Reads one `T_NS LEN` record.
    fn advance_record(&mut self) -> Result<bool, CaptureError> {
        if self.line == 0 && !self.read_line()? {
            return Ok(false);
        }
        let start = self.offset;
        if !self.read_line()? {
            return Ok(false);
        }
        self.frame_line = self.line;
        self.frame_offset = start;
        let Some((time, length)) = record::cbcap_head(&self.buffer).filter(|(_, length)| *length < FRAME_BYTES_MAX)
        else {
            return Err(self.bad_record("`T_NS LEN` with LEN below 64 MiB"));
        };
        self.buffer.clear();
        let read = self.source.reader().take(length + 1).read_to_end(&mut self.buffer);
        let count = read.map_err(|error| self.read_error(error))? as u64;
        if count < length {
            return Err(self.truncated());
        }
        if count > length && self.buffer.pop() != Some(b'\n') {
            return Err(self.bad_record("a line feed after LEN bytes"));
        }
        self.offset += count;
        self.line += 1 + self.buffer.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.local_ns = self.rebase.as_mut().map_or(time, |rebase| rebase.epoch_ns(time));
        self.current = Record { bytes: 0..self.buffer.len(), symbol: None, local_ns: Some(self.local_ns) };
        Ok(true)
    }

    /// Reads one line without its end into the buffer; false at the end of the file.
    fn read_line(&mut self) -> Result<bool, CaptureError> {
        self.buffer.clear();
        let read = self.source.reader().take(FRAME_BYTES_MAX).read_until(b'\n', &mut self.buffer);
        let count = read.map_err(|error| self.read_error(error))? as u64;
        if count == 0 {
            return Ok(false);
        }
        self.line += 1;
        if count == FRAME_BYTES_MAX {
            self.frame_line = self.line;
            self.frame_offset = self.offset;
            return Err(self.bad_record("a line below 64 MiB"));
        }
        self.offset += count;
        while matches!(self.buffer.last(), Some(b'\n' | b'\r')) {
            self.buffer.pop();
        }
        Ok(true)
    }

    fn read_error(&self, source: io::Error) -> CaptureError {
        if source.kind() == io::ErrorKind::UnexpectedEof {
            return self.truncated();
        }
        CaptureError::Damaged { path: self.path.clone(), offset: self.offset, source }
    }

    fn truncated(&self) -> CaptureError {
        let Progress { consumed, total } = self.progress();
        CaptureError::Truncated { path: self.path.clone(), offset: self.offset, consumed, total }
    }

    fn bad_record(&self, expected: &'static str) -> CaptureError {
        CaptureError::BadRecord {
            path: self.path.clone(),
            line: self.frame_line,
            offset: self.frame_offset,
            expected,
            found: excerpt(&self.buffer),
        }
    }
}
