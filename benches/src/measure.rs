//! The measuring loop: throughput by chunks, the isolated latency of one update, and the hash that ties the structures
//! together.
//!
//! The structures take turns, round by round, so that a disturbance of the machine hits all of them; medians over the
//! chunks of all rounds are reported. The tail of the isolated latency is not: on a shared machine it describes the
//! neighbours.
//!
//! Invariant: hashing is the same work for every structure.

use crate::{hash, BookUnderTest, Touch};
use crossgate_book::LevelUpdate;
use crossgate_instrument::Side;
use hdrhistogram::{CreationError, Histogram};
use serde::{Serialize, Serializer};
use std::hint::black_box;
use std::time::Instant;

/// Updates timed together.
const CHUNK_UPDATES: usize = 20_000;

/// What was measured of one structure on one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The structure.
    pub structure: &'static str,
    /// Median over chunks of the time of one update and the read of both best prices.
    pub update_ns: f64,
    /// The fastest chunk.
    pub update_ns_min: f64,
    /// The same with total and venue mask of the updated side read as well.
    pub update_full_read_ns: f64,
    /// Median of one update timed alone, the clock's own cost subtracted; as coarse as the system clock.
    pub isolated_ns_p50: u64,
    /// Price levels at the end.
    pub levels: usize,
    /// Over the best prices after every update.
    #[serde(serialize_with = "hex")]
    pub price_hash: u64,
    /// Over price, total and venue mask of both sides after every update.
    #[serde(serialize_with = "hex")]
    pub touch_hash: u64,
}

/// As text: readers of JSON keep 53 bits of a number.
fn hex<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&format!("{value:016x}"))
}

fn price_word((bid, ask): (i64, i64)) -> u64 {
    bid.cast_unsigned() << 32 ^ ask.cast_unsigned()
}

fn touch_hash(seed: u64, touch: Touch) -> u64 {
    hash(hash(hash(seed, touch.price.cast_unsigned()), touch.quantity), u64::from(touch.venues))
}

#[inline(never)]
fn run_prices<B: BookUnderTest>(book: &mut B, updates: &[LevelUpdate], mut seed: u64) -> u64 {
    for update in updates {
        book.apply(update);
        seed = hash(seed, price_word(book.prices()));
    }
    seed
}

#[inline(never)]
fn run_touches<B: BookUnderTest>(book: &mut B, updates: &[LevelUpdate], mut seed: u64) -> u64 {
    for update in updates {
        book.apply(update);
        let touch = book.touch(update.side);
        seed = hash(seed, price_word(book.prices()) ^ touch.quantity << 8 ^ u64::from(touch.venues));
    }
    seed
}

/// Median of `samples`; they are sorted.
fn median(samples: &mut [f64]) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Samples of one structure over all rounds.
#[derive(Default)]
struct Samples {
    prices_ns: Vec<f64>,
    touches_ns: Vec<f64>,
    price_hash: u64,
    levels: usize,
}

fn timed<B: BookUnderTest>(
    updates: &[LevelUpdate],
    times_ns: &mut Vec<f64>,
    run: fn(&mut B, &[LevelUpdate], u64) -> u64,
) -> (B, u64) {
    let mut book = B::new();
    let (warm_up, rest) = updates.split_at(updates.len() / 10);
    let mut seed = run(&mut book, warm_up, 0);
    for chunk in rest.chunks_exact(CHUNK_UPDATES.min(rest.len().max(1))) {
        let start = Instant::now();
        seed = black_box(run(&mut book, chunk, seed));
        times_ns.push(start.elapsed().as_secs_f64() * 1e9 / chunk.len() as f64);
    }
    (book, seed)
}

fn round<B: BookUnderTest>(updates: &[LevelUpdate], samples: &mut Samples) {
    let (book, seed) = timed::<B>(updates, &mut samples.prices_ns, run_prices);
    (samples.price_hash, samples.levels) = (seed, book.levels());
    timed::<B>(updates, &mut samples.touches_ns, run_touches);
}

fn isolated<B: BookUnderTest>(updates: &[LevelUpdate]) -> Result<u64, CreationError> {
    let clock = (0..10_000).map(|_| Instant::now().elapsed()).min().unwrap_or_default();
    let mut histogram = Histogram::<u64>::new_with_max(1_000_000_000, 3)?;
    let mut book = B::new();
    for update in updates {
        let start = Instant::now();
        book.apply(black_box(update));
        black_box(book.prices());
        let elapsed = start.elapsed().saturating_sub(clock);
        histogram.saturating_record(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX));
    }
    Ok(histogram.value_at_quantile(0.5))
}

fn hash_touches<B: BookUnderTest>(updates: &[LevelUpdate]) -> u64 {
    let mut book = B::new();
    updates.iter().fold(0, |seed, update| {
        book.apply(update);
        touch_hash(touch_hash(seed, book.touch(Side::Bid)), book.touch(Side::Ask))
    })
}

/// A structure that takes part in a comparison.
pub struct Contestant {
    structure: &'static str,
    round: fn(&[LevelUpdate], &mut Samples),
    isolated: fn(&[LevelUpdate]) -> Result<u64, CreationError>,
    hash_touches: fn(&[LevelUpdate]) -> u64,
}

impl Contestant {
    /// The structure `B` under the name `structure`.
    pub fn of<B: BookUnderTest>(structure: &'static str) -> Self {
        Self { structure, round: round::<B>, isolated: isolated::<B>, hash_touches: hash_touches::<B> }
    }
}

/// Measures all `contestants` on `updates`, `rounds` times in turn; `progress` hears the name of what starts.
///
/// # Errors
/// When the latency histogram cannot be made.
pub fn compare(
    contestants: &[Contestant],
    updates: &[LevelUpdate],
    rounds: usize,
    mut progress: impl FnMut(&str),
) -> Result<Vec<Measured>, CreationError> {
    let mut samples: Vec<Samples> = contestants.iter().map(|_| Samples::default()).collect();
    for number in 1..=rounds {
        progress(&format!("round {number} of {rounds}"));
        for (contestant, samples) in contestants.iter().zip(&mut samples) {
            (contestant.round)(updates, samples);
        }
    }
    let mut measured = Vec::with_capacity(contestants.len());
    for (contestant, mut samples) in contestants.iter().zip(samples) {
        progress(&format!("{}: isolated updates and hash", contestant.structure));
        measured.push(Measured {
            structure: contestant.structure,
            update_ns: median(&mut samples.prices_ns),
            update_ns_min: samples.prices_ns.first().copied().unwrap_or(f64::NAN),
            update_full_read_ns: median(&mut samples.touches_ns),
            isolated_ns_p50: (contestant.isolated)(updates)?,
            levels: samples.levels,
            price_hash: samples.price_hash,
            touch_hash: (contestant.hash_touches)(updates),
        });
    }
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::Product;
    use crate::reference::{SortedArray, SortedMap, TickArray};
    use crate::workload::Workload;

    #[test]
    fn every_structure_sees_the_same_best_bid_and_offer() {
        for workload in [Workload::near_touch(50_000), Workload::deep(50_000)] {
            let updates = workload.generate();
            let expected = hash_touches::<SortedMap>(&updates);
            assert_eq!(hash_touches::<SortedArray>(&updates), expected);
            assert_eq!(hash_touches::<TickArray>(&updates), expected);
            assert_eq!(hash_touches::<Product>(&updates), expected);
        }
    }

    #[test]
    fn a_missing_update_changes_the_hash() {
        let updates = Workload::near_touch(10_000).generate();
        let touching = |skip: usize| {
            let kept: Vec<_> = updates.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, u)| *u).collect();
            hash_touches::<SortedMap>(&kept)
        };
        assert_ne!(touching(0), hash_touches::<SortedMap>(&updates));
    }
}
