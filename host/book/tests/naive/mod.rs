//! A book that is one sorted map: slow, obvious, and sharing no code with the book under test.

use crossgate_instrument::Side;
use std::collections::BTreeMap;

/// Price, total and venue mask.
pub(crate) type Row = (i64, u64, u8);

/// Quantities by side, price and venue.
#[derive(Default)]
pub(crate) struct Naive {
    pub(crate) levels: BTreeMap<(usize, i64, u8), u64>,
    pub(crate) live: u8,
}

impl Naive {
    pub(crate) fn set(&mut self, venue: u8, side: Side, price: i64, quantity: u64) {
        if quantity == 0 {
            self.levels.remove(&(side.index(), price, venue));
        } else {
            self.levels.insert((side.index(), price, venue), quantity);
        }
    }

    pub(crate) fn reset(&mut self, venue: u8) {
        self.live &= !(1 << venue);
        self.levels.retain(|(_, _, owner), _| *owner != venue);
    }

    /// Levels of the venues in `mask`, best first.
    pub(crate) fn rows(&self, side: Side, mask: u8) -> Vec<Row> {
        let mut rows: BTreeMap<i64, (u64, u8)> = BTreeMap::new();
        for ((at, price, venue), quantity) in &self.levels {
            if *at == side.index() && mask >> venue & 1 == 1 {
                let row = rows.entry(*price).or_default();
                row.0 += quantity;
                row.1 |= 1 << venue;
            }
        }
        let ascending = rows.into_iter().map(|(price, (quantity, venues))| (price, quantity, venues));
        match side {
            Side::Bid => ascending.rev().collect(),
            Side::Ask => ascending.collect(),
        }
    }
}
