//! The states of a book and why one is lost.

use crate::counters::Counters;
use crate::decode::LevelFault;
use crossgate_instrument::Venue;
use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use thiserror::Error;

/// Whether a book may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a first snapshot, or for one after the subscription was ended and renewed.
    Syncing,
    /// Complete and proved up to the last update.
    Live,
    /// Something may be missing; invalid until a new snapshot is proved.
    Lost(Box<Loss>),
}

impl State {
    /// The name used in reports and JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Syncing => "syncing",
            Self::Live => "live",
            Self::Lost(_) => "lost",
        }
    }

    /// Whether the book may be used.
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Live)
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let loss = match self {
            Self::Lost(loss) => Some(loss),
            Self::Syncing | Self::Live => None,
        };
        let mut fields = serializer.serialize_struct("State", 2)?;
        fields.serialize_field("state", self.name())?;
        fields.serialize_field("loss", &loss)?;
        fields.end()
    }
}

/// The end of a book's proof: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{capture}: line {line} (offset {offset}): {venue} {symbol} lost: {reason}; {}", self.remedy())]
pub struct Loss {
    /// The capture or connection.
    pub capture: String,
    /// The venue.
    pub venue: Venue,
    /// The instrument.
    pub symbol: String,
    /// Line of the offending frame, from 1.
    pub line: u64,
    /// Offset of the offending frame in the decompressed capture.
    pub offset: u64,
    /// What was wrong.
    pub reason: LossReason,
}

impl Loss {
    /// What brings the book back.
    pub fn remedy(&self) -> &'static str {
        let configuration = matches!(self.reason, LossReason::OffGrid { .. } | LossReason::TooLarge { .. });
        match (self.venue, configuration) {
            (Venue::KrakenSpot, false) => "subscribe again for a new snapshot",
            (Venue::KrakenSpot, true) => "check the instrument's tick and lot, then subscribe again for a new snapshot",
            (_, false) => "fetch a new REST depth snapshot",
            (_, true) => "check the instrument's tick and lot, then fetch a new REST depth snapshot",
        }
    }
}

impl Serialize for Loss {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Loss", 7)?;
        fields.serialize_field("capture", &self.capture)?;
        fields.serialize_field("venue", &self.venue)?;
        fields.serialize_field("symbol", &self.symbol)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("offset", &self.offset)?;
        fields.serialize_field("reason", self.reason.name())?;
        fields.serialize_field("message", &self.to_string())?;
        fields.end()
    }
}

/// Why a book is lost.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LossReason {
    /// Binance: an event does not continue the one before it.
    #[error("{field} is {actual} where {expected} was expected, so events are missing")]
    Gap {
        /// `pu` (futures) or `U` (spot).
        field: &'static str,
        /// The id that would have continued the stream.
        expected: u64,
        /// The id that came.
        actual: u64,
    },
    /// Binance: the stream begins after the end of the snapshot.
    #[error("the snapshot ends at {snapshot}, the first event starts at {first}, so events are missing between them")]
    SnapshotTooOld {
        /// `lastUpdateId` of the snapshot.
        snapshot: u64,
        /// `U` of the first event after it.
        first: u64,
    },
    /// Kraken: the book after the message is not the venue's.
    #[error("the venue's checksum is {venue}, that of the book is {book}")]
    Checksum {
        /// As sent.
        venue: u32,
        /// As computed.
        book: u32,
    },
    /// The sides overlap after a whole frame.
    #[error("best bid {bid} is not below best ask {ask}")]
    Crossed {
        /// Best bid.
        bid: Decimal,
        /// Best ask.
        ask: Decimal,
    },
    /// A price or quantity lies between two grid points.
    #[error("{field} {text} is not a multiple of {step}")]
    OffGrid {
        /// `price` or `quantity`.
        field: &'static str,
        /// As sent.
        text: String,
        /// The step of the grid.
        step: Decimal,
    },
    /// A price or quantity is beyond [`crate::COUNT_MAX`] steps.
    #[error("{field} {text} is too large")]
    TooLarge {
        /// `price` or `quantity`.
        field: &'static str,
        /// As sent.
        text: String,
    },
    /// A price is not positive, or a quantity is negative.
    #[error("{field} {text} is out of range")]
    Sign {
        /// `price` or `quantity`.
        field: &'static str,
        /// As sent.
        text: String,
    },
    /// The connection ended, and with it the stream.
    #[error("the connection ended")]
    Disconnected,
    /// A book message of the instrument cannot be read.
    #[error("malformed book message: {detail}")]
    Malformed {
        /// What is wrong.
        detail: String,
    },
}

impl LossReason {
    /// The name used in reports and JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "gap",
            Self::SnapshotTooOld { .. } => "snapshot-too-old",
            Self::Checksum { .. } => "checksum",
            Self::Crossed { .. } => "crossed",
            Self::OffGrid { .. } => "off-grid",
            Self::TooLarge { .. } => "too-large",
            Self::Sign { .. } => "sign",
            Self::Disconnected => "disconnected",
            Self::Malformed { .. } => "malformed",
        }
    }

    /// Counts it; the end of a connection is no fault of a frame and has no counter.
    pub(crate) fn count(&self, counters: &mut Counters) {
        let counter = match self {
            Self::Gap { .. } | Self::SnapshotTooOld { .. } => &mut counters.gaps,
            Self::Checksum { .. } => &mut counters.checksums_bad,
            Self::Crossed { .. } => &mut counters.crossed,
            Self::OffGrid { .. } | Self::TooLarge { .. } => &mut counters.off_grid,
            Self::Sign { .. } | Self::Malformed { .. } => &mut counters.malformed,
            Self::Disconnected => return,
        };
        *counter += 1;
    }
}

impl From<LevelFault> for LossReason {
    fn from(fault: LevelFault) -> Self {
        match fault {
            LevelFault::Shape(detail) => Self::Malformed { detail: detail.to_owned() },
            LevelFault::NotDecimal { field, text } => {
                Self::Malformed { detail: format!("{field} {text:?} is no decimal number") }
            }
            LevelFault::OffGrid { field, text, step } => Self::OffGrid { field, text, step },
            LevelFault::TooLarge { field, text } => Self::TooLarge { field, text },
            LevelFault::Sign { field, text } => Self::Sign { field, text },
        }
    }
}
