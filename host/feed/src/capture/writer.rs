//! Writing captures in the collector and `CBCAP1` containers.
//!
//! A path that ends in `.gz` is compressed. Invariant: what was written reads back frame by frame, byte for byte; a
//! frame that could not is refused.

use super::frames::FRAME_BYTES_MAX;
use super::{CaptureError, Container};
use flate2::write::GzEncoder;
use flate2::Compression;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Debug)]
enum Output {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Output {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(writer) => writer,
            Self::Gzip(encoder) => encoder.as_mut(),
        }
    }
}

/// Writes one capture file.
#[derive(Debug)]
pub struct CaptureWriter {
    path: PathBuf,
    container: Container,
    output: Output,
}

impl CaptureWriter {
    /// Creates a capture of `LOCAL_NS {json}` lines.
    ///
    /// # Errors
    /// [`CaptureError::Io`] if the file cannot be created.
    pub fn collector(path: impl AsRef<Path>) -> Result<Self, CaptureError> {
        Self::create(path.as_ref(), Container::Collector)
    }

    /// Creates a `CBCAP1` capture of one instrument; `venue` and `symbol` must not contain blanks.
    ///
    /// # Errors
    /// [`CaptureError::Io`] if the file cannot be created, [`CaptureError::Unwritable`] for a name with blanks or no
    /// name.
    pub fn cbcap(path: impl AsRef<Path>, venue: &str, symbol: &str, t0_ns: u64) -> Result<Self, CaptureError> {
        let path = path.as_ref();
        if [venue, symbol].iter().any(|name| name.is_empty() || name.contains(char::is_whitespace)) {
            let reason = "the header needs a venue and a symbol without blanks";
            return Err(CaptureError::Unwritable { path: path.to_owned(), length: 0, reason });
        }
        let mut writer = Self::create(path, Container::Cbcap)?;
        writer.put(|out| writeln!(out, "CBCAP1 {venue} {symbol} {t0_ns}"))?;
        Ok(writer)
    }

    /// Appends a frame received at `local_ns`.
    ///
    /// # Errors
    /// [`CaptureError::Unwritable`] if the frame would not read back, [`CaptureError::Io`] if the file cannot be
    /// written.
    pub fn frame(&mut self, local_ns: u64, bytes: &[u8]) -> Result<(), CaptureError> {
        let unwritable = |reason| CaptureError::Unwritable { path: self.path.clone(), length: bytes.len(), reason };
        // 32 bytes are left for the time in front of the frame.
        if bytes.len() as u64 >= FRAME_BYTES_MAX - 32 {
            return Err(unwritable("frames must stay below 64 MiB"));
        }
        match self.container {
            Container::Cbcap => self.put(|out| {
                writeln!(out, "{local_ns} {}", bytes.len())?;
                out.write_all(bytes)?;
                out.write_all(b"\n")
            }),
            _ if bytes.contains(&b'\n') || bytes.ends_with(b"\r") => Err(unwritable("a line cannot carry a line end")),
            _ => self.put(|out| {
                write!(out, "{local_ns} ")?;
                out.write_all(bytes)?;
                out.write_all(b"\n")
            }),
        }
    }

    /// Completes the file. Without it the last frames may be missing and errors go unseen.
    ///
    /// # Errors
    /// [`CaptureError::Io`] if the rest cannot be written.
    pub fn finish(self) -> Result<(), CaptureError> {
        let finished = match self.output {
            Output::Plain(mut writer) => writer.flush(),
            Output::Gzip(encoder) => encoder.finish().and_then(|mut writer| writer.flush()),
        };
        finished.map_err(|source| CaptureError::Io { path: self.path, source })
    }

    fn create(path: &Path, container: Container) -> Result<Self, CaptureError> {
        let file = File::create(path).map_err(|source| CaptureError::Io { path: path.to_owned(), source })?;
        let file = BufWriter::new(file);
        let output = if path.extension().is_some_and(|extension| extension == "gz") {
            Output::Gzip(Box::new(GzEncoder::new(file, Compression::default())))
        } else {
            Output::Plain(file)
        };
        Ok(Self { path: path.to_owned(), container, output })
    }

    fn put(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CaptureError> {
        write(self.output.writer()).map_err(|source| CaptureError::Io { path: self.path.clone(), source })
    }
}
