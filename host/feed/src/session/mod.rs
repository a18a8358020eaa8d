//! The continuity state machine of one instrument.
//!
//! A session owns what every venue needs (ladder, state, counters) and one [`Rule`]: Binance's chain of update ids
//! ([`chain`]) or Kraken's checksum ([`checksum`]). Invariant: levels leave a session only along an unbroken proof from
//! a snapshot; the first doubt empties the ladder, and the state is [`State::Lost`] until a later snapshot is proved.

mod chain;
mod checksum;
mod ladder;
mod loss;

pub use loss::{Loss, LossReason, State};

use crate::counters::Counters;
use crate::decode::{Book, Grids, Proof};
use crate::sink::{Level, Notice, NoticeKind, Sink, Update};
use chain::Chain;
use checksum::Checksum;
use crossgate_instrument::{Instrument, Venue};
use ladder::Ladder;
use std::sync::Arc;

/// Where and when a message was met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) capture: &'a Arc<str>,
    pub(crate) line: u64,
    pub(crate) offset: u64,
    pub(crate) local_ns: u64,
    /// The venue's clock, where the message tells it.
    pub(crate) exchange_ns: Option<u64>,
}

impl At<'_> {
    pub(crate) fn notice(&self, kind: NoticeKind) -> Notice {
        Notice { capture: Arc::clone(self.capture), line: self.line, offset: self.offset, kind }
    }
}

/// How a venue proves that nothing was missed.
#[derive(Debug)]
enum Rule {
    Chain(Chain),
    Checksum(Checksum),
}

/// The state machine of one instrument.
#[derive(Debug)]
pub(crate) struct Session {
    core: Core,
    rule: Rule,
}

impl Session {
    pub(crate) fn new(index: usize, instrument: &Instrument) -> Self {
        let rule = match instrument.venue {
            Venue::BinanceUsdm | Venue::BinanceCoinm => Rule::Chain(Chain::futures()),
            Venue::BinanceSpot => Rule::Chain(Chain::spot()),
            Venue::KrakenSpot => Rule::Checksum(Checksum::new(instrument)),
        };
        Self { core: Core::new(index, instrument), rule }
    }

    pub(crate) const fn state(&self) -> &State {
        &self.core.state
    }

    pub(crate) const fn counters(&self) -> &Counters {
        &self.core.counters
    }

    pub(crate) fn counters_mut(&mut self) -> &mut Counters {
        &mut self.core.counters
    }

    pub(crate) const fn grids(&self) -> &Grids {
        &self.core.grids
    }

    pub(crate) fn symbol(&self) -> &str {
        &self.core.symbol
    }

    /// Takes a book message; `scratch` is overwritten.
    pub(crate) fn book(&mut self, book: &Book<'_>, at: &At<'_>, scratch: &mut Vec<Level>, sink: &mut impl Sink) {
        scratch.clear();
        match book.levels(&self.core.grids, scratch) {
            Ok(rounded) => self.core.counters.rounded += rounded,
            Err(fault) => {
                if let (Rule::Chain(chain), Proof::Event { first, last, previous }) = (&mut self.rule, book.proof) {
                    chain.skip(first, last, previous);
                }
                return self.fail(fault.into(), at, sink);
            }
        }
        self.core.counters.levels += scratch.len() as u64;
        let core = &mut self.core;
        let at = &At { exchange_ns: book.exchange_ns, ..*at };
        match (&mut self.rule, book.proof) {
            (Rule::Chain(chain), Proof::Snapshot { last }) => chain.snapshot(core, last, scratch, at, sink),
            (Rule::Chain(chain), Proof::Event { first, last, previous }) => {
                if let Err(detail) = chain.event(core, (first, last, previous), scratch, at, sink) {
                    self.fail(LossReason::Malformed { detail: detail.to_owned() }, at, sink);
                }
            }
            (Rule::Checksum(rule), Proof::Checksum { snapshot, crc }) => {
                rule.message(core, snapshot, crc, scratch, at, sink);
            }
            (Rule::Chain(_), Proof::Checksum { .. }) | (Rule::Checksum(_), _) => {
                self.fail(LossReason::Malformed { detail: "message of another venue".to_owned() }, at, sink);
            }
        }
    }

    /// A book message of this instrument cannot be used, so a change may be lost.
    pub(crate) fn fail(&mut self, reason: LossReason, at: &At<'_>, sink: &mut impl Sink) {
        match &mut self.rule {
            Rule::Chain(chain) => chain.stop(),
            Rule::Checksum(rule) => rule.stop(),
        }
        self.core.lose(reason, at, sink);
    }

    /// The connection ended: a live book is lost, and nothing before this point may be used behind it.
    pub(crate) fn disconnected(&mut self, at: &At<'_>, sink: &mut impl Sink) {
        match &mut self.rule {
            Rule::Chain(chain) => chain.disconnect(),
            Rule::Checksum(rule) => rule.stop(),
        }
        if self.core.state.is_live() {
            self.core.lose(LossReason::Disconnected, at, sink);
        }
    }

    /// The venue granted a subscription at this depth.
    pub(crate) fn subscribed(&mut self, depth: usize) {
        if let Rule::Checksum(rule) = &mut self.rule {
            rule.subscribed(depth);
        }
    }

    /// The venue ended the subscription: the book is no longer kept up, which is no loss.
    pub(crate) fn unsubscribed(&mut self, sink: &mut impl Sink) {
        if let Rule::Checksum(rule) = &mut self.rule {
            rule.stop();
            self.core.pause(sink);
        }
    }
}

/// What sessions of all venues share.
#[derive(Debug)]
pub(crate) struct Core {
    index: usize,
    venue: Venue,
    symbol: String,
    grids: Grids,
    ladder: Ladder,
    state: State,
    counters: Counters,
    was_live: bool,
}

impl Core {
    fn new(index: usize, instrument: &Instrument) -> Self {
        Self {
            index,
            venue: instrument.venue,
            symbol: instrument.symbol.clone(),
            grids: instrument.into(),
            ladder: Ladder::default(),
            state: State::Syncing,
            counters: Counters::default(),
            was_live: false,
        }
    }

    /// Counts `reason` and, unless the book is lost already, turns it to lost.
    fn lose(&mut self, reason: LossReason, at: &At<'_>, sink: &mut impl Sink) {
        reason.count(&mut self.counters);
        self.ladder.clear();
        if matches!(self.state, State::Lost(_)) {
            return;
        }
        self.state = State::Lost(Box::new(Loss {
            capture: at.capture.to_string(),
            venue: self.venue,
            symbol: self.symbol.clone(),
            line: at.line,
            offset: at.offset,
            reason,
        }));
        sink.state(self.index, &self.state);
    }

    /// A snapshot was proved and delivered.
    fn start(&mut self, sink: &mut impl Sink) {
        self.counters.resyncs += u64::from(self.was_live);
        self.was_live = true;
        if self.state != State::Live {
            self.state = State::Live;
            sink.state(self.index, &self.state);
        }
    }

    fn pause(&mut self, sink: &mut impl Sink) {
        self.ladder.clear();
        if self.state == State::Live {
            self.state = State::Syncing;
            sink.state(self.index, &self.state);
        }
    }

    /// Why the ladder cannot be a venue's book, if its sides overlap.
    fn crossing(&self) -> Option<LossReason> {
        let ((bid, _), (ask, _)) = self.ladder.best_bid().zip(self.ladder.best_ask())?;
        (bid >= ask).then(|| LossReason::Crossed {
            bid: self.grids.tick.value(bid.get()),
            ask: self.grids.tick.value(ask.get()),
        })
    }

    fn deliver(&self, snapshot: bool, levels: &[Level], ids: Ids, local_ns: u64, sink: &mut impl Sink) {
        let update = Update {
            snapshot,
            levels,
            update_id: ids.update_id,
            exchange_ns: ids.exchange_ns,
            local_ns,
            best_bid: self.ladder.best_bid(),
            best_ask: self.ladder.best_ask(),
        };
        sink.levels(self.index, &update);
    }
}

/// What identifies an update at the venue.
#[derive(Clone, Copy, Debug)]
struct Ids {
    update_id: u64,
    exchange_ns: Option<u64>,
}
