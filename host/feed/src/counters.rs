//! What a feed counts, per instrument and per capture.

use serde::Serialize;
use std::ops::AddAssign;

/// Counts since the feed was made. Nothing is ever counted away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Frames about the instrument; for a capture, every frame.
    pub frames: u64,
    /// Price levels decoded from book messages, snapshots and buffered ones included.
    pub levels: u64,
    /// Depth events that continue the one before them, also while a snapshot is awaited.
    pub links_ok: u64,
    /// Depth events that do not continue the one before them, or start after the snapshot's end.
    pub gaps: u64,
    /// Messages whose checksum equals that of the book after them.
    pub checksums_ok: u64,
    /// Messages whose checksum does not.
    pub checksums_bad: u64,
    /// Frames that are not JSON, lack a field, or carry a value that is no positive price or no quantity.
    pub malformed: u64,
    /// Frames with a price between two ticks (Kraken: or a quantity between two lots) or a number beyond
    /// [`crate::COUNT_MAX`] steps.
    pub off_grid: u64,
    /// Quantities finer than the lot, rounded down to whole lots (Binance books hold some from before the lot grew).
    pub rounded: u64,
    /// Messages that name an instrument the feed was not given, or name none where several could be meant.
    pub unknown_instrument: u64,
    /// Snapshots and events that repeat what the book contains.
    pub duplicates: u64,
    /// Frames after which the venue's best bid was not below its best ask.
    pub crossed: u64,
    /// Times a book became live again after it had been live before.
    pub resyncs: u64,
    /// Trades delivered.
    pub trades: u64,
    /// Tickers delivered.
    pub tickers: u64,
    /// Messages of no concern: heartbeats, acknowledgements, other channels, events older than the snapshot or without
    /// one to build on.
    pub ignored: u64,
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Self) {
        self.frames += other.frames;
        self.levels += other.levels;
        self.links_ok += other.links_ok;
        self.gaps += other.gaps;
        self.checksums_ok += other.checksums_ok;
        self.checksums_bad += other.checksums_bad;
        self.malformed += other.malformed;
        self.off_grid += other.off_grid;
        self.rounded += other.rounded;
        self.unknown_instrument += other.unknown_instrument;
        self.duplicates += other.duplicates;
        self.crossed += other.crossed;
        self.resyncs += other.resyncs;
        self.trades += other.trades;
        self.tickers += other.tickers;
        self.ignored += other.ignored;
    }
}
