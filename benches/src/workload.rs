//! A synthetic stream of level updates over many venues.
//!
//! The distance of an update from the mid follows a power law, the mid walks by single ticks, levels that the mid
//! passes are deleted at every venue, and levels left far behind are trimmed. It is not a recording: it exists so that
//! structures are compared on known parameters.
//!
//! Invariant: the stream depends on its parameters and its seed only.

use crossgate_book::{LevelUpdate, VenueIndex};
use crossgate_instrument::{Side, Ticks};
use std::collections::BTreeMap;

/// Parameters of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Workload {
    /// Name in the report.
    pub name: &'static str,
    /// Updates to make.
    pub updates: usize,
    /// Exponent of the power law: large means near the touch.
    pub alpha: f64,
    /// Largest distance from the mid in ticks.
    pub distance_ticks_max: i64,
    /// Probability that the mid moves before an update.
    pub move_probability: f64,
    /// Seed of the generator; not zero.
    pub seed: u64,
}

impl Workload {
    /// Nearly all updates within a few ticks of the touch.
    pub const fn near_touch(updates: usize) -> Self {
        Self {
            name: "near-touch",
            updates,
            alpha: 2.23,
            distance_ticks_max: 500,
            move_probability: 0.02,
            seed: 0x0123_4567,
        }
    }

    /// Updates deep into the book.
    pub const fn deep(updates: usize) -> Self {
        Self { name: "deep", alpha: 0.8, ..Self::near_touch(updates) }
    }

    /// The stream of updates.
    pub fn generate(&self) -> Vec<LevelUpdate> {
        let mut market = Market {
            random: Xorshift(self.seed),
            venues: VenueIndex::all().map(|venue| (venue, [BTreeMap::new(), BTreeMap::new()])).collect(),
            mid: 100_000,
            updates: Vec::with_capacity(self.updates + 1000),
        };
        while market.updates.len() < self.updates {
            if market.random.unit() < self.move_probability {
                market.move_mid();
            }
            market.step(self);
        }
        market.updates.truncate(self.updates);
        market.updates
    }
}

/// A small generator; its seed is not zero.
pub struct Xorshift(u64);

impl Xorshift {
    /// The sequence of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits.
    #[allow(clippy::should_implement_trait, reason = "it has no end")]
    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        // 53 bits are exact in an f64.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

struct Market {
    random: Xorshift,
    /// Quantities by price of each venue's bids and asks.
    venues: Vec<(VenueIndex, [BTreeMap<i64, u64>; 2])>,
    mid: i64,
    updates: Vec<LevelUpdate>,
}

impl Market {
    fn emit(&mut self, venue: VenueIndex, side: Side, price: i64, quantity: u64) {
        let levels = &mut self.venues[venue.index()].1[side.index()];
        if quantity == 0 {
            levels.remove(&price);
        } else {
            levels.insert(price, quantity);
        }
        self.updates.push(LevelUpdate { venue, side, price: Ticks::new(price), quantity });
    }

    /// Moves the mid by a tick and deletes what it ran into, venue by venue.
    fn move_mid(&mut self) {
        let side = if self.random.next() & 1 == 0 { Side::Ask } else { Side::Bid };
        self.mid -= side.sign();
        for venue in VenueIndex::all() {
            let levels = &self.venues[venue.index()].1[side.index()];
            let passed: Vec<i64> = match side {
                Side::Ask => levels.range(..=self.mid).map(|(price, _)| *price).collect(),
                Side::Bid => levels.range(self.mid..).rev().map(|(price, _)| *price).collect(),
            };
            for price in passed {
                self.emit(venue, side, price, 0);
            }
        }
    }

    /// Sets or deletes one level at a random distance, then trims the far end of that side.
    fn step(&mut self, workload: &Workload) {
        let venue = self.venues[usize::try_from(self.random.next() % 8).unwrap_or(0)].0;
        let side = if self.random.next() & 1 == 0 { Side::Bid } else { Side::Ask };
        let distance = self.random.unit().max(1e-9).powf(-1.0 / workload.alpha);
        // A float cast saturates, and the clamp bounds it.
        #[allow(clippy::cast_possible_truncation)]
        let distance = (distance as i64).clamp(1, workload.distance_ticks_max);
        let price = self.mid - side.sign() * distance;
        let exists = self.venues[venue.index()].1[side.index()].contains_key(&price);
        let delete = exists && self.random.unit() < 0.45;
        let quantity = if delete { 0 } else { 1 + self.random.next() % 100_000 };
        self.emit(venue, side, price, quantity);
        let levels = &self.venues[venue.index()].1[side.index()];
        let farthest = match side {
            Side::Bid => levels.first_key_value(),
            Side::Ask => levels.last_key_value(),
        };
        if let Some((&price, _)) = farthest.filter(|(p, _)| (self.mid - **p).abs() > 2 * workload.distance_ticks_max) {
            self.emit(venue, side, price, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_is_the_same_each_time_and_has_the_length_asked_for() {
        let workload = Workload::deep(5000);
        let (first, second) = (workload.generate(), workload.generate());
        assert_eq!(first.len(), 5000);
        assert_eq!(first, second);
    }

    #[test]
    fn distances_follow_the_power_law() {
        let share_at_touch = |workload: Workload| {
            let updates = Workload { move_probability: 0.0, ..workload }.generate();
            let near = updates.iter().filter(|update| (update.price.get() - 100_000).abs() == 1).count();
            near as f64 / updates.len() as f64
        };
        // A distance of u^(-1/alpha) is below 2 with probability 1 - 2^-alpha.
        assert!((share_at_touch(Workload::near_touch(50_000)) - 0.787).abs() < 0.01);
        assert!((share_at_touch(Workload::deep(50_000)) - 0.426).abs() < 0.01);
    }
}
