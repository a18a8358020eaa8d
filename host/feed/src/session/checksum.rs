//! Kraken's rule: every message carries the CRC32 of the ten best levels of each side after it.
//!
//! A snapshot replaces the book, at any time. After each message the book is cut to the subscribed depth, because the
//! venue does not delete what falls out of it. The depth is the one acknowledged for the subscription; without an
//! acknowledgement it is the smallest depth the venue offers that holds the snapshot.
//!
//! There is no sequence number. A lost message shows by the next checksum if it changed the ten best levels, else when
//! what it changed comes among them. Unreadable frames are therefore left to the checksum too: the book stays live
//! until it disagrees.
//!
//! Invariant: a live book agreed with the venue's checksum after its last message.

use super::{At, Core, Ids, LossReason};
use crate::sink::{Level, Sink, Top};
use crossgate_instrument::{Grid, Instrument};

/// Levels of a side that the checksum covers.
const CHECKED_LEVELS: usize = 10;

/// Depths that the venue offers.
const DEPTHS: [usize; 5] = [10, 25, 100, 500, 1000];

#[derive(Debug)]
pub(super) struct Checksum {
    tick_units: u128,
    lot_units: u128,
    granted: Option<usize>,
    depth: usize,
    live: bool,
    messages: u64,
}

impl Checksum {
    pub(super) fn new(instrument: &Instrument) -> Self {
        Self {
            tick_units: units(&instrument.tick),
            lot_units: units(&instrument.lot),
            granted: None,
            depth: DEPTHS[0],
            live: false,
            messages: 0,
        }
    }

    /// Ends the book.
    pub(super) fn stop(&mut self) {
        self.live = false;
    }

    /// The depth of the snapshots to come; one that the venue does not offer is disregarded.
    pub(super) fn subscribed(&mut self, depth: usize) {
        self.granted = Some(depth).filter(|depth| DEPTHS.contains(depth));
    }

    /// Takes a book message.
    pub(super) fn message(
        &mut self,
        core: &mut Core,
        snapshot: bool,
        venue: u32,
        levels: &mut Vec<Level>,
        at: &At<'_>,
        sink: &mut impl Sink,
    ) {
        self.messages += 1;
        if snapshot {
            core.ladder.clear();
        } else if !self.live {
            core.counters.ignored += 1;
            return;
        }
        core.ladder.apply(levels);
        if snapshot {
            let deepest = core.ladder.bids().count().max(core.ladder.asks().count());
            let holding = DEPTHS.into_iter().find(|depth| *depth >= deepest);
            self.depth = self.granted.or(holding).unwrap_or(DEPTHS[DEPTHS.len() - 1]);
        }
        core.ladder.truncate(self.depth, levels);
        let book = self.crc(core);
        let reason = if book == venue {
            core.counters.checksums_ok += 1;
            core.crossing()
        } else {
            Some(LossReason::Checksum { venue, book })
        };
        if let Some(reason) = reason {
            self.live = false;
            return core.lose(reason, at, sink);
        }
        self.live = true;
        core.deliver(
            snapshot,
            levels,
            Ids { update_id: self.messages, exchange_ns: at.exchange_ns },
            at.local_ns,
            sink,
        );
        if snapshot {
            core.start(sink);
        }
    }

    /// The checksum of the book as it stands: asks from the best up, bids from the best down, each price and quantity
    /// in digits without point and leading zeros.
    fn crc(&self, core: &Core) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        let best = core.ladder.asks().take(CHECKED_LEVELS).chain(core.ladder.bids().take(CHECKED_LEVELS));
        best.for_each(|level| self.hash(&mut hasher, level));
        hasher.finalize()
    }

    fn hash(&self, hasher: &mut crc32fast::Hasher, (price, quantity): Top) {
        for (count, units) in [(price.get(), self.tick_units), (quantity.get(), self.lot_units)] {
            let mut digits = [0u8; 39];
            let mut start = digits.len();
            let mut rest = u128::from(count.unsigned_abs()) * units;
            while rest > 0 {
                start -= 1;
                digits[start] = b'0' + u8::try_from(rest % 10).unwrap_or_default();
                rest /= 10;
            }
            hasher.update(&digits[start..]);
        }
    }
}

/// One step of the grid in units of its last decimal digit, which is how the venue prints it.
fn units(grid: &Grid) -> u128 {
    grid.step().mantissa().unsigned_abs()
}
