//! Workloads, reference structures and measuring loops of the benchmarks.
//!
//! The reference structures are the plain alternatives that `crossgate-book` is compared with, reduced to what the
//! comparison needs. They are no part of the product.
//!
//! Invariant: every structure sees the same updates and must report the same best bids and offers, which a hash over
//! all of them proves.
#![forbid(unsafe_code)]

pub mod desk;
pub mod measure;
pub mod product;
pub mod reference;
pub mod soft;
pub mod timing;
pub mod workload;

use crossgate_book::LevelUpdate;
use crossgate_instrument::Side;

/// Best price, total and venue mask of one side; all zero when the side is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// In ticks.
    pub price: i64,
    /// In lots, all venues together.
    pub quantity: u64,
    /// The venues that are there.
    pub venues: u8,
}

/// A consolidated book under measurement.
pub trait BookUnderTest {
    /// An empty book.
    fn new() -> Self;

    /// Applies one level.
    fn apply(&mut self, update: &LevelUpdate);

    /// The best prices, bid and ask; 0 for an empty side.
    fn prices(&self) -> (i64, i64);

    /// Everything there is to say about the best level of `side`.
    fn touch(&self, side: Side) -> Touch;

    /// Price levels on both sides.
    fn levels(&self) -> usize;
}

/// Continues `hash` with `value`.
#[inline]
pub fn hash(hash: u64, value: u64) -> u64 {
    hash.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(value)
}
