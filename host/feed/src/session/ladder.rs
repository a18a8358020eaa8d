//! One venue's price levels, kept only to find crossings and to compute checksums.

use crate::sink::{Level, Top};
use crossgate_instrument::{Lots, Side, Ticks};
use std::collections::BTreeMap;

/// Both sides of one venue's book.
#[derive(Debug, Default)]
pub(super) struct Ladder {
    bids: BTreeMap<Ticks, Lots>,
    asks: BTreeMap<Ticks, Lots>,
}

impl Ladder {
    pub(super) fn clear(&mut self) {
        self.bids.clear();
        self.asks.clear();
    }

    /// Sets every level to its new quantity.
    pub(super) fn apply(&mut self, levels: &[Level]) {
        for level in levels {
            let side = match level.side {
                Side::Bid => &mut self.bids,
                Side::Ask => &mut self.asks,
            };
            if level.quantity.is_zero() {
                side.remove(&level.price);
            } else {
                side.insert(level.price, level.quantity);
            }
        }
    }

    pub(super) fn best_bid(&self) -> Option<Top> {
        self.bids.last_key_value().map(|(price, quantity)| (*price, *quantity))
    }

    pub(super) fn best_ask(&self) -> Option<Top> {
        self.asks.first_key_value().map(|(price, quantity)| (*price, *quantity))
    }

    /// Bids from the best down.
    pub(super) fn bids(&self) -> impl Iterator<Item = Top> + '_ {
        self.bids.iter().rev().map(|(price, quantity)| (*price, *quantity))
    }

    /// Asks from the best up.
    pub(super) fn asks(&self) -> impl Iterator<Item = Top> + '_ {
        self.asks.iter().map(|(price, quantity)| (*price, *quantity))
    }

    /// Drops what lies behind the best `depth` levels of a side and appends the removals to `removed`.
    pub(super) fn truncate(&mut self, depth: usize, removed: &mut Vec<Level>) {
        while self.bids.len() > depth {
            let worst = self.bids.pop_first();
            removed.extend(worst.map(|(price, _)| Level { side: Side::Bid, price, quantity: Lots::ZERO }));
        }
        while self.asks.len() > depth {
            let worst = self.asks.pop_last();
            removed.extend(worst.map(|(price, _)| Level { side: Side::Ask, price, quantity: Lots::ZERO }));
        }
    }
}
