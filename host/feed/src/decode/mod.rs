//! From a venue's JSON to messages whose numbers are still the digits on the wire, and from those digits to ticks and
//! lots.
//!
//! Decoding does not judge continuity. Invariant: no number passes through floating point, and bytes that are not
//! understood become a [`Fault`], never a guess.

pub(crate) mod binance;
pub(crate) mod kraken;
mod levels;
mod time;

pub(crate) use levels::{price, quantity, LevelFault};

use crate::sink::Level;
use crossgate_instrument::{Grid, Instrument, Side, Venue};

/// One message of a frame; text fields borrow from the frame.
#[derive(Debug)]
pub(crate) enum Message<'a> {
    /// Level changes of a book.
    Book(Book<'a>),
    /// The venue's best bid and offer.
    Ticker(RawTicker<'a>),
    /// A public trade.
    Trade(RawTrade<'a>),
    /// The depth granted to a book subscription.
    Subscribed { symbol: &'a str, depth: usize },
    /// The end of a book subscription.
    Unsubscribed { symbol: &'a str },
    /// Of no concern.
    Ignored,
}

/// The part of a book message that is common to all venues.
#[derive(Debug)]
pub(crate) struct Book<'a> {
    /// `None` where the venue's message does not tell.
    pub(crate) symbol: Option<&'a str>,
    pub(crate) proof: Proof,
    pub(crate) exchange_ns: Option<u64>,
    pub(crate) bids: Rows<'a>,
    pub(crate) asks: Rows<'a>,
}

/// What ties a book message to the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A Binance REST snapshot up to the given id.
    Snapshot { last: u64 },
    /// A Binance depth event over the ids `first..=last`; futures name the previous event's last id.
    Event { first: u64, last: u64, previous: Option<u64> },
    /// A Kraken message with the checksum of the book after it.
    Checksum { snapshot: bool, crc: u32 },
}

/// The levels of one side as JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rows<'a> {
    /// `[["price","quantity"],...]`
    Pairs(&'a str),
    /// `[{"price":1.0,"qty":2.0},...]`
    Objects(&'a str),
}

/// A ticker in digits.
#[derive(Debug)]
pub(crate) struct RawTicker<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) update_id: u64,
    /// Price and quantity.
    pub(crate) bid: (&'a str, &'a str),
    pub(crate) ask: (&'a str, &'a str),
}

/// A trade in digits.
#[derive(Debug)]
pub(crate) struct RawTrade<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) price: &'a str,
    pub(crate) quantity: &'a str,
    pub(crate) aggressor: Side,
    pub(crate) id: u64,
    pub(crate) exchange_ns: Option<u64>,
    pub(crate) historical: bool,
}

/// Why a frame yields no message.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is not JSON.
    NotJson(String),
    /// It is JSON, but not of a shape this venue sends.
    Shape {
        detail: String,
        /// The instruments it names.
        symbols: Vec<String>,
        /// Whether it is a book message, so that a change of the book is lost with it.
        book: bool,
    },
}

/// A frame as text; JSON is UTF-8, and checking the whole frame once is cheaper than checking each string in it.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| Fault::NotJson(error.to_string()))
}

/// The grids that digits are read on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grids {
    pub(crate) tick: Grid,
    pub(crate) lot: Grid,
    /// Whether a quantity between two lots is a fault, because a checksum needs its digits, and not rounded down.
    pub(crate) exact: bool,
}

impl From<&Instrument> for Grids {
    fn from(instrument: &Instrument) -> Self {
        Self { tick: instrument.tick, lot: instrument.lot, exact: instrument.venue == Venue::KrakenSpot }
    }
}

impl Book<'_> {
    /// Appends the levels of both sides, bids first, to `out`; tells how many quantities were rounded.
    pub(crate) fn levels(&self, grids: &Grids, out: &mut Vec<Level>) -> Result<u64, LevelFault> {
        let bids = levels::append(self.bids, Side::Bid, grids, out)?;
        Ok(bids + levels::append(self.asks, Side::Ask, grids, out)?)
    }
}
