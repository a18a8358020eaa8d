//! One venue's frames in, proved events out.
//!
//! A feed belongs to one connection or capture (or to several that carry one venue's frames in one order). It finds
//! whom a frame concerns and leaves the judgement to that instrument's session. Invariant: a frame that cannot be used
//! is counted, told to the sink, and never stops another instrument.

use crate::capture::Frame;
use crate::counters::Counters;
use crate::decode::{binance, kraken, price, quantity, Fault, LevelFault, Message, RawTicker, RawTrade};
use crate::session::{At, LossReason, Session, State};
use crate::sink::{Level, NoticeKind, Sink, Ticker, Trade};
use crossgate_instrument::{Instrument, Lots, Ticks, Venue};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Unknown names remembered, so that each is told only once.
const UNKNOWN_NAMES_MAX: usize = 1024;

/// Whose messages a feed has met, to attribute messages that name nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speakers {
    None,
    One(usize),
    Several,
}

/// Decodes the frames of one venue and keeps the continuity state of its instruments.
#[derive(Debug)]
pub struct Feed {
    venue: Venue,
    capture: Arc<str>,
    sessions: Vec<Session>,
    index: HashMap<String, usize>,
    speakers: Speakers,
    /// What belongs to no instrument.
    unattributed: Counters,
    frames: u64,
    unknown: HashSet<String>,
    scratch: Vec<Level>,
}

impl Feed {
    /// A feed of `venue`. Events name an instrument by its position in `instruments`, which may hold those of other
    /// venues too; they stay silent.
    pub fn new(venue: Venue, instruments: Vec<Instrument>) -> Self {
        let own = instruments.iter().enumerate().filter(|(_, instrument)| instrument.venue == venue);
        Self {
            venue,
            capture: Arc::from(venue.name()),
            index: own.map(|(index, instrument)| (instrument.symbol.clone(), index)).collect(),
            sessions: instruments.iter().enumerate().map(|(index, one)| Session::new(index, one)).collect(),
            speakers: Speakers::None,
            unattributed: Counters::default(),
            frames: 0,
            unknown: HashSet::new(),
            scratch: Vec::new(),
        }
    }

    /// Names the capture or connection in messages; without it they name the venue.
    #[must_use]
    pub fn named(mut self, capture: &str) -> Self {
        self.capture = Arc::from(capture);
        self
    }

    /// The venue.
    pub const fn venue(&self) -> Venue {
        self.venue
    }

    /// The state of an instrument's book; `None` beyond the list.
    pub fn state(&self, instrument: usize) -> Option<&State> {
        self.sessions.get(instrument).map(Session::state)
    }

    /// The counts of one instrument; `None` beyond the list.
    pub fn instrument_counters(&self, instrument: usize) -> Option<&Counters> {
        self.sessions.get(instrument).map(Session::counters)
    }

    /// The counts of the capture: those of all instruments and of what belongs to none. `frames` counts every frame
    /// once.
    pub fn counters(&self) -> Counters {
        let mut total = self.unattributed;
        for session in &self.sessions {
            total += *session.counters();
        }
        total.frames = self.frames;
        total
    }

    /// Takes the next frame and hands what follows from it to `sink`.
    pub fn on_frame(&mut self, frame: &Frame<'_>, sink: &mut impl Sink) {
        self.frames += 1;
        let capture = Arc::clone(&self.capture);
        let at = At {
            capture: &capture,
            line: frame.line,
            offset: frame.offset,
            local_ns: frame.local_ns,
            exchange_ns: None,
        };
        let decoded = match self.venue {
            Venue::BinanceUsdm | Venue::BinanceCoinm | Venue::BinanceSpot => {
                binance::decode(frame.bytes).map(|message| self.message(&message, frame.symbol, &at, sink))
            }
            Venue::KrakenSpot => kraken::decode(frame.bytes, |message| self.message(&message, frame.symbol, &at, sink)),
        };
        if let Err(fault) = decoded {
            self.fault(fault, frame.symbol, &at, sink);
        }
    }

    /// Tells that the connection ended behind the frame at `line` and `offset`: every live book is lost, and a new
    /// stream may follow.
    pub fn disconnected(&mut self, line: u64, offset: u64, local_ns: u64, sink: &mut impl Sink) {
        let capture = Arc::clone(&self.capture);
        let at = At { capture: &capture, line, offset, local_ns, exchange_ns: None };
        for session in &mut self.sessions {
            session.disconnected(&at, sink);
        }
    }

    fn message(&mut self, message: &Message<'_>, hint: Option<&str>, at: &At<'_>, sink: &mut impl Sink) {
        match message {
            Message::Book(book) => {
                let found = match book.symbol.or(hint) {
                    Some(symbol) => self.find(symbol, at, sink),
                    None => self.sole(at, sink),
                };
                let Some(index) = found else { return };
                self.sessions[index].counters_mut().frames += 1;
                self.sessions[index].book(book, at, &mut self.scratch, sink);
            }
            Message::Ticker(raw) => {
                let Some(index) = self.find(raw.symbol, at, sink) else { return };
                self.sessions[index].counters_mut().frames += 1;
                match self.ticker(index, raw, at) {
                    Ok(ticker) => {
                        self.sessions[index].counters_mut().tickers += 1;
                        sink.ticker(&ticker);
                    }
                    Err(fault) => self.unusable(index, fault, at, sink),
                }
            }
            Message::Trade(raw) => {
                let Some(index) = self.find(raw.symbol, at, sink) else { return };
                self.sessions[index].counters_mut().frames += 1;
                match self.trade(index, raw, at) {
                    Ok(trade) => {
                        self.sessions[index].counters_mut().trades += 1;
                        sink.trade(&trade);
                    }
                    Err(fault) => self.unusable(index, fault, at, sink),
                }
            }
            Message::Subscribed { symbol, depth } => {
                self.unattributed.ignored += 1;
                if let Some(index) = self.index.get(*symbol) {
                    self.sessions[*index].subscribed(*depth);
                }
            }
            Message::Unsubscribed { symbol } => {
                self.unattributed.ignored += 1;
                if let Some(index) = self.index.get(*symbol) {
                    self.sessions[*index].unsubscribed(sink);
                }
            }
            Message::Ignored => self.unattributed.ignored += 1,
        }
    }

    fn ticker(&mut self, instrument: usize, raw: &RawTicker<'_>, at: &At<'_>) -> Result<Ticker, LevelFault> {
        let bid = (self.price(instrument, raw.bid.0)?, self.quantity(instrument, raw.bid.1)?);
        let ask = (self.price(instrument, raw.ask.0)?, self.quantity(instrument, raw.ask.1)?);
        Ok(Ticker { instrument, update_id: raw.update_id, bid, ask, local_ns: at.local_ns })
    }

    fn price(&self, instrument: usize, text: &str) -> Result<Ticks, LevelFault> {
        price(text, self.sessions[instrument].grids())
    }

    fn quantity(&mut self, instrument: usize, text: &str) -> Result<Lots, LevelFault> {
        let session = &mut self.sessions[instrument];
        let (quantity, rounded) = quantity(text, session.grids())?;
        session.counters_mut().rounded += u64::from(rounded);
        Ok(quantity)
    }

    fn trade(&mut self, instrument: usize, raw: &RawTrade<'_>, at: &At<'_>) -> Result<Trade, LevelFault> {
        Ok(Trade {
            instrument,
            price: self.price(instrument, raw.price)?,
            quantity: self.quantity(instrument, raw.quantity)?,
            aggressor: raw.aggressor,
            id: raw.id,
            exchange_ns: raw.exchange_ns,
            local_ns: at.local_ns,
            historical: raw.historical,
        })
    }

    /// A ticker or trade with a value that cannot be used.
    fn unusable(&mut self, index: usize, fault: LevelFault, at: &At<'_>, sink: &mut impl Sink) {
        let reason = LossReason::from(fault);
        let session = &mut self.sessions[index];
        reason.count(session.counters_mut());
        let symbol = session.symbol().to_owned();
        sink.notice(&at.notice(NoticeKind::Unusable { symbol, detail: reason.to_string() }));
    }

    /// A frame that yields no message.
    fn fault(&mut self, fault: Fault, hint: Option<&str>, at: &At<'_>, sink: &mut impl Sink) {
        let (detail, mut symbols, book) = match fault {
            Fault::NotJson(detail) => {
                self.unattributed.malformed += 1;
                return sink.notice(&at.notice(NoticeKind::NotJson { detail }));
            }
            Fault::Shape { detail, symbols, book } => (detail, symbols, book),
        };
        symbols.extend(hint.filter(|_| symbols.is_empty()).map(str::to_owned));
        if symbols.is_empty() && book {
            // A book message without a name can only be meant for the instrument that the capture carries.
            if let Some(index) = self.sole_index() {
                symbols.push(self.sessions[index].symbol().to_owned());
            }
        }
        if symbols.is_empty() {
            self.unattributed.malformed += 1;
            return sink.notice(&at.notice(NoticeKind::Malformed { detail }));
        }
        for symbol in symbols {
            let Some(index) = self.find(&symbol, at, sink) else { continue };
            let session = &mut self.sessions[index];
            session.counters_mut().frames += 1;
            if book {
                session.fail(LossReason::Malformed { detail: detail.clone() }, at, sink);
            } else {
                session.counters_mut().malformed += 1;
                sink.notice(&at.notice(NoticeKind::Unusable { symbol, detail: detail.clone() }));
            }
        }
    }

    /// The instrument of that name.
    fn find(&mut self, symbol: &str, at: &At<'_>, sink: &mut impl Sink) -> Option<usize> {
        let Some(index) = self.index.get(symbol).copied() else {
            self.unattributed.unknown_instrument += 1;
            if self.unknown.len() < UNKNOWN_NAMES_MAX && !self.unknown.contains(symbol) {
                self.unknown.insert(symbol.to_owned());
                sink.notice(&at.notice(NoticeKind::UnknownInstrument { name: symbol.to_owned() }));
            }
            return None;
        };
        self.speakers = match self.speakers {
            Speakers::None => Speakers::One(index),
            Speakers::One(other) if other == index => Speakers::One(index),
            Speakers::One(_) | Speakers::Several => Speakers::Several,
        };
        Some(index)
    }

    /// The instrument that a message without a name must mean.
    fn sole(&mut self, at: &At<'_>, sink: &mut impl Sink) -> Option<usize> {
        let index = self.sole_index();
        if index.is_none() {
            self.unattributed.unknown_instrument += 1;
            sink.notice(&at.notice(NoticeKind::UnknownInstrument { name: String::new() }));
        }
        index
    }

    fn sole_index(&self) -> Option<usize> {
        match self.speakers {
            Speakers::One(index) => Some(index),
            Speakers::None if self.index.len() == 1 => self.index.values().next().copied(),
            Speakers::None | Speakers::Several => None,
        }
    }
}
