//! The three plain alternatives: a sorted map, a sorted array, and an array of ticks under a bitmap.
//!
//! Each holds one window of prices and eight venues that are always valid: no masks, no re-basing, no far levels, no
//! checked ranges. What they leave out is what their figures do not pay for.
//!
//! Invariant: `total` of a level is the sum over its venues, and a level with a total of zero is not stored.

use crate::{BookUnderTest, Touch};
use crossgate_book::{LevelUpdate, VENUES_MAX};
use crossgate_instrument::Side;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Line {
    total: u64,
    venues: [u32; VENUES_MAX],
}

impl Line {
    #[inline]
    fn set(&mut self, update: &LevelUpdate) {
        // Quantities of the workload stay below 2^17.
        let quantity = u32::try_from(update.quantity).unwrap_or(u32::MAX);
        let old = std::mem::replace(&mut self.venues[update.venue.index()], quantity);
        self.total = self.total + u64::from(quantity) - u64::from(old);
    }

    fn touch(&self, price: i64) -> Touch {
        let mask = self.venues.iter().enumerate().map(|(venue, quantity)| u8::from(*quantity != 0) << venue).sum();
        Touch { price, quantity: self.total, venues: mask }
    }
}

/// The price as a key that is larger the better it is.
#[inline]
fn key(update: &LevelUpdate) -> i64 {
    update.side.sign() * update.price.get()
}

/// A `BTreeMap` per side.
pub struct SortedMap([BTreeMap<i64, Line>; 2]);

impl BookUnderTest for SortedMap {
    fn new() -> Self {
        Self([BTreeMap::new(), BTreeMap::new()])
    }

    #[inline]
    fn apply(&mut self, update: &LevelUpdate) {
        let (map, key) = (&mut self.0[update.side.index()], -key(update));
        if update.quantity == 0 {
            if let Some(line) = map.get_mut(&key) {
                line.set(update);
                if line.total == 0 {
                    map.remove(&key);
                }
            }
        } else {
            map.entry(key).or_default().set(update);
        }
    }

    #[inline]
    fn prices(&self) -> (i64, i64) {
        let [bids, asks] = &self.0;
        (bids.first_key_value().map_or(0, |(key, _)| -key), asks.first_key_value().map_or(0, |(key, _)| *key))
    }

    fn touch(&self, side: Side) -> Touch {
        let first = self.0[side.index()].first_key_value();
        first.map_or(Touch::default(), |(key, line)| line.touch(-side.sign() * key))
    }

    fn levels(&self) -> usize {
        self.0.iter().map(BTreeMap::len).sum()
    }
}

/// Keys in a sorted array per side, best last; payload in an arena.
pub struct SortedArray {
    keys: [Vec<i64>; 2],
    lines: [Vec<usize>; 2],
    arena: Vec<Line>,
    free: Vec<usize>,
}

impl SortedArray {
    /// How many keys are not better than `key`: from the touch one by one, then by halving.
    #[inline]
    fn position(keys: &[i64], key: i64) -> usize {
        let mut position = keys.len();
        let stop = position.saturating_sub(16);
        while position > stop && keys[position - 1] > key {
            position -= 1;
        }
        if position == stop && position > 0 && keys[position - 1] > key {
            position = keys[..position].partition_point(|other| *other <= key);
        }
        position
    }
}

impl BookUnderTest for SortedArray {
    fn new() -> Self {
        let keys = || Vec::with_capacity(8192);
        let lines = || Vec::with_capacity(8192);
        Self {
            keys: [keys(), keys()],
            lines: [lines(), lines()],
            arena: Vec::with_capacity(16_384),
            free: Vec::with_capacity(16_384),
        }
    }

    #[inline]
    fn apply(&mut self, update: &LevelUpdate) {
        let (side, key) = (update.side.index(), key(update));
        let position = Self::position(&self.keys[side], key);
        if position > 0 && self.keys[side][position - 1] == key {
            let at = self.lines[side][position - 1];
            self.arena[at].set(update);
            if self.arena[at].total == 0 {
                self.keys[side].remove(position - 1);
                self.lines[side].remove(position - 1);
                self.free.push(at);
            }
        } else if update.quantity != 0 {
            let at = self.free.pop().unwrap_or_else(|| {
                self.arena.push(Line::default());
                self.arena.len() - 1
            });
            self.arena[at] = Line::default();
            self.arena[at].set(update);
            self.keys[side].insert(position, key);
            self.lines[side].insert(position, at);
        }
    }

    #[inline]
    fn prices(&self) -> (i64, i64) {
        (self.keys[0].last().map_or(0, |key| *key), self.keys[1].last().map_or(0, |key| -key))
    }

    fn touch(&self, side: Side) -> Touch {
        let at = side.index();
        let last = self.keys[at].last().zip(self.lines[at].last());
        last.map_or(Touch::default(), |(key, line)| self.arena[*line].touch(side.sign() * key))
    }

    fn levels(&self) -> usize {
        self.keys.iter().map(Vec::len).sum()
    }
}

const TICKS: usize = 1 << 18;

/// A set of ticks in three levels of words.
struct TickSet {
    leaves: Vec<u64>,
    groups: [u64; 64],
    root: u64,
}

impl TickSet {
    #[inline]
    fn insert(&mut self, tick: usize) {
        self.leaves[tick >> 6] |= 1 << (tick & 63);
        self.groups[tick >> 12] |= 1 << (tick >> 6 & 63);
        self.root |= 1 << (tick >> 12);
    }

    #[inline]
    fn remove(&mut self, tick: usize) {
        self.leaves[tick >> 6] &= !(1 << (tick & 63));
        if self.leaves[tick >> 6] == 0 {
            self.groups[tick >> 12] &= !(1 << (tick >> 6 & 63));
            if self.groups[tick >> 12] == 0 {
                self.root &= !(1 << (tick >> 12));
            }
        }
    }

    #[inline]
    fn highest(&self) -> Option<usize> {
        let group = self.root.checked_ilog2()? as usize;
        let leaf = group << 6 | self.groups[group].checked_ilog2()? as usize;
        Some(leaf << 6 | self.leaves[leaf].checked_ilog2()? as usize)
    }

    #[inline]
    fn lowest(&self) -> Option<usize> {
        if self.root == 0 {
            return None;
        }
        let group = self.root.trailing_zeros() as usize;
        let leaf = group << 6 | self.groups[group].trailing_zeros() as usize;
        Some(leaf << 6 | self.leaves[leaf].trailing_zeros() as usize)
    }
}

/// An array indexed by tick per side, under a bitmap; prices from 0 to 2^18 only.
pub struct TickArray {
    lines: [Vec<Line>; 2],
    ticks: [TickSet; 2],
}

impl TickArray {
    fn best(&self, side: Side) -> Option<usize> {
        match side {
            Side::Bid => self.ticks[0].highest(),
            Side::Ask => self.ticks[1].lowest(),
        }
    }
}

/// A tick as a price; ticks are below 2^18.
#[inline]
fn price(tick: usize) -> i64 {
    i64::try_from(tick).unwrap_or(0)
}

impl BookUnderTest for TickArray {
    fn new() -> Self {
        let ticks = || TickSet { leaves: vec![0; TICKS / 64], groups: [0; 64], root: 0 };
        Self { lines: [vec![Line::default(); TICKS], vec![Line::default(); TICKS]], ticks: [ticks(), ticks()] }
    }

    #[inline]
    fn apply(&mut self, update: &LevelUpdate) {
        let (side, tick) = (update.side.index(), usize::try_from(update.price.get()).unwrap_or(0) & (TICKS - 1));
        let line = &mut self.lines[side][tick];
        let before = line.total;
        line.set(update);
        if (before == 0) != (line.total == 0) {
            if before == 0 {
                self.ticks[side].insert(tick);
            } else {
                self.ticks[side].remove(tick);
            }
        }
    }

    #[inline]
    fn prices(&self) -> (i64, i64) {
        (self.best(Side::Bid).map_or(0, price), self.best(Side::Ask).map_or(0, price))
    }

    fn touch(&self, side: Side) -> Touch {
        self.best(side).map_or(Touch::default(), |tick| self.lines[side.index()][tick].touch(price(tick)))
    }

    fn levels(&self) -> usize {
        let ones = |set: &TickSet| set.leaves.iter().map(|word| word.count_ones() as usize).sum::<usize>();
        self.ticks.iter().map(ones).sum()
    }
}
