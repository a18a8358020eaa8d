//! Venue feeds: captures of recorded frames, decoders, and the continuity state machine of each venue.
//!
//! Bytes come in as [`Frame`]s, from a [`Capture`] or from a socket; a [`Feed`] decodes them, proves by the venue's own
//! rule that nothing was missed, and hands exact level changes, tickers, trades and states to a [`Sink`]. It keeps of
//! each venue's book only what the proof needs (crossing and checksums); consolidated books are kept downstream.
//!
//! Invariant: levels reach the sink only while an unbroken chain of sequence numbers or checksums leads from a snapshot
//! to them. The frame that breaks the chain turns the book to [`State::Lost`] at once, and only a new snapshot brings
//! it back.

mod capture;
mod counters;
mod decode;
mod feed;
mod oracle;
mod session;
mod sink;

pub use capture::{Capture, CaptureError, CaptureWriter, Container, Frame, Frames, Merge, Progress};
pub use counters::Counters;
pub use feed::Feed;
pub use oracle::{Mismatch, TickerOracle};
pub use session::{Loss, LossReason, State};
pub use sink::{Level, Notice, NoticeKind, Sink, Ticker, Top, Trade, Update};

/// The largest price in ticks and quantity in lots that a feed lets through, either sign: 2^53.
///
/// A thousand such quantities still add up in 63 bits; no market is near it.
pub const COUNT_MAX: i64 = 1 << 53;
