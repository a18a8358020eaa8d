//! What a feed hands on: level changes, tickers, trades, states and notices.

use crate::session::State;
use crossgate_instrument::{Lots, Side, Ticks};
use std::fmt;
use std::sync::Arc;

/// The best level of one side: price and quantity.
pub type Top = (Ticks, Lots);

/// One price level after a change; the quantity is absolute and zero removes the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// The side it stands on.
    pub side: Side,
    /// Its price.
    pub price: Ticks,
    /// All quantity at that price.
    pub quantity: Lots,
}

/// The changes of one venue message, to be applied as a whole: between its levels the book may be crossed, after them
/// it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update<'a> {
    /// Whether the levels replace the whole book.
    pub snapshot: bool,
    /// The changed levels in the venue's order, then the removals of levels that fell out of the subscribed depth.
    pub levels: &'a [Level],
    /// Binance: the id of the last update contained. Kraken, which numbers nothing: the ordinal of the book message,
    /// from 1.
    pub update_id: u64,
    /// The venue's clock, nanoseconds since 1970, where the message tells it.
    pub exchange_ns: Option<u64>,
    /// Local time of the frame that made this update deliverable; updates that waited for a snapshot carry the time of
    /// that snapshot.
    pub local_ns: u64,
    /// The venue's best bid after these changes.
    pub best_bid: Option<Top>,
    /// The venue's best ask after these changes.
    pub best_ask: Option<Top>,
}

/// Best bid and offer as the venue itself publishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticker {
    /// Position in the list of instruments that the feed was given.
    pub instrument: usize,
    /// The id of the book update it was taken after.
    pub update_id: u64,
    /// Best bid.
    pub bid: Top,
    /// Best ask.
    pub ask: Top,
    /// Local time of the frame.
    pub local_ns: u64,
}

/// One public trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Position in the list of instruments that the feed was given.
    pub instrument: usize,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub quantity: Lots,
    /// The side that took liquidity.
    pub aggressor: Side,
    /// The venue's trade id.
    pub id: u64,
    /// The venue's clock, nanoseconds since 1970, where the message tells it.
    pub exchange_ns: Option<u64>,
    /// Local time of the frame.
    pub local_ns: u64,
    /// Whether the trade is history that the venue sent on subscription, not news.
    pub historical: bool,
}

/// Something worth telling that does not end a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The capture or connection, as named by [`crate::Feed::named`].
    pub capture: Arc<str>,
    /// Line of the frame, from 1.
    pub line: u64,
    /// Offset of the frame in the decompressed capture.
    pub offset: u64,
    /// What happened.
    pub kind: NoticeKind,
}

/// What a [`Notice`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoticeKind {
    /// The frame is not JSON.
    NotJson {
        /// What the parser met.
        detail: String,
    },
    /// The frame is JSON of no known shape and belongs to no known book.
    Malformed {
        /// What is wrong.
        detail: String,
    },
    /// A ticker or trade that cannot be used; the book is not touched by it.
    Unusable {
        /// The instrument.
        symbol: String,
        /// What is wrong.
        detail: String,
    },
    /// A frame names an instrument that the feed was not given; told once for each name.
    UnknownInstrument {
        /// The name in the frame, empty for a snapshot that names none and whose capture carries several instruments.
        name: String,
    },
    /// A snapshot or event that the book already contains.
    Duplicate {
        /// The instrument.
        symbol: String,
        /// The id of the repeated message.
        update_id: u64,
        /// The id the book has reached.
        reached: u64,
    },
    /// The stream broke before the book was ever live; what was buffered before the break is dropped.
    GapBeforeSnapshot {
        /// The instrument.
        symbol: String,
        /// The id that would have continued the stream.
        expected: u64,
        /// The id that came.
        actual: u64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {} (offset {}): {}", self.capture, self.line, self.offset, self.kind)
    }
}

impl fmt::Display for NoticeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { detail } => write!(f, "frame is not JSON ({detail}); skipped, the continuity rule decides"),
            Self::Malformed { detail } => write!(f, "frame has no known shape ({detail}); skipped"),
            Self::Unusable { symbol, detail } => write!(f, "{symbol}: {detail}; ticker or trade skipped"),
            Self::UnknownInstrument { name } if name.is_empty() => f.write_str(
                "snapshot names no instrument and this capture carries several; skipped, name it in the capture",
            ),
            Self::UnknownInstrument { name } => {
                write!(
                    f,
                    "{name:?} is not a configured instrument; its frames are skipped, add it to the configuration"
                )
            }
            Self::Duplicate { symbol, update_id, reached } => {
                write!(f, "{symbol}: {update_id} repeats what the book contains (it has reached {reached}); ignored")
            }
            Self::GapBeforeSnapshot { symbol, expected, actual } => {
                write!(f, "{symbol}: stream jumps from {expected} to {actual} before its snapshot; buffer dropped")
            }
        }
    }
}

/// Receives what a [`crate::Feed`] proves. Every method does nothing unless overridden.
pub trait Sink {
    /// Changes of one book, to be applied as a whole.
    fn levels(&mut self, instrument: usize, update: &Update<'_>) {
        let _ = (instrument, update);
    }
    /// The venue's own best bid and offer.
    fn ticker(&mut self, ticker: &Ticker) {
        let _ = ticker;
    }
    /// A public trade.
    fn trade(&mut self, trade: &Trade) {
        let _ = trade;
    }
    /// A change of state. `Live` follows the levels that made the book complete; `Lost` comes instead of the levels of
    /// the offending frame.
    fn state(&mut self, instrument: usize, state: &State) {
        let _ = (instrument, state);
    }
    /// Something worth telling that does not end a book.
    fn notice(&mut self, notice: &Notice) {
        let _ = notice;
    }
}

/// Hears nothing; for counting and timing.
impl Sink for () {}
