//! Capture files: recorded frames with their local time, in several containers, plain or gzip.
//!
//! | container | form | recorder |
//! |---|---|---|
//! | [`Container::Collector`] | line `LOCAL_NS {json}` | hftbacktest collector |
//! | [`Container::Dump`] | line `SECONDS.FRACTION: {json}`; other lines are skipped | cryptofeed, WebSocket |
//! | [`Container::RestDump`] | line `URL -> SECONDS.FRACTION: {json}` | cryptofeed, REST |
//! | [`Container::Cbcap`] | header `CBCAP1 venue symbol t0_ns`, records `T_NS LEN`, LEN bytes, line feed | crossbook |
//!
//! The container is found from the content, never from the name. Invariant: a frame's bytes are handed on exactly as
//! recorded.

mod detect;
mod error;
mod frames;
mod map;
mod merge;
mod record;
mod writer;

pub use error::CaptureError;
pub use frames::{Frames, Progress};
pub use merge::Merge;
pub use writer::CaptureWriter;

use crossgate_instrument::Venue;
use map::Map;
use std::path::{Path, PathBuf};

/// How frames are laid out in a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// `LOCAL_NS {json}` lines.
    Collector,
    /// `SECONDS.FRACTION: {json}` lines among others.
    Dump,
    /// `URL -> SECONDS.FRACTION: {json}` lines.
    RestDump,
    /// A `CBCAP1` header and counted records.
    Cbcap,
}

/// One recorded frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Local receive time, nanoseconds since 1970, of the recorder's clock.
    pub local_ns: u64,
    /// The frame as it came from the venue.
    pub bytes: &'a [u8],
    /// Start of its line or record in the decompressed capture.
    pub offset: u64,
    /// Its line in the decompressed capture, from 1.
    pub line: u64,
    /// The instrument that the container names beside the frame (REST dumps do, by the URL).
    pub symbol: Option<&'a str>,
}

/// An opened capture file.
#[derive(Clone, Debug)]
pub struct Capture {
    path: PathBuf,
    map: Map,
    container: Container,
    header: Option<detect::Header>,
    venue: Option<Venue>,
}

impl Capture {
    /// Opens and maps the file at `path`, and finds its container and venue from the first frames.
    ///
    /// # Errors
    /// [`CaptureError::Io`] if it cannot be mapped, [`CaptureError::Unrecognised`] if its content is no known
    /// container.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CaptureError> {
        let path = path.as_ref();
        let map = Map::open(path).map_err(|source| CaptureError::Io { path: path.to_owned(), source })?;
        let (container, header) = detect::container(&map)
            .ok_or_else(|| CaptureError::Unrecognised { path: path.to_owned(), found: detect::beginning(&map) })?;
        let mut capture = Self { path: path.to_owned(), map, container, header, venue: None };
        capture.venue = detect::venue(&capture);
        Ok(capture)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's path as text, for messages and [`crate::Feed::named`].
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// How its frames are laid out.
    pub const fn container(&self) -> Container {
        self.container
    }

    /// The venue whose frames it holds, if it is one that a feed can decode.
    ///
    /// Found from the first 512 frames (see `docs/feeds.md`); a capture of an unknown venue opens, with no venue.
    pub const fn venue(&self) -> Option<Venue> {
        self.venue
    }

    /// The instrument named in the header, for containers that have one.
    pub fn symbol(&self) -> Option<&str> {
        self.header.as_ref().map(|header| header.symbol.as_str())
    }

    /// A reader at the first frame. It keeps the map alive by itself.
    pub fn frames(&self) -> Frames {
        Frames::new(&self.path, &self.map, self.container, self.header.as_ref().map(|header| header.t0_ns))
    }
}
