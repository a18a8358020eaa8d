//! The venue's own best bid and offer as a judge of the rebuilt book.
//!
//! Binance numbers tickers and depth events from one sequence, so a ticker with the `u` of a depth event describes the
//! book right after that event, in price and quantity. Tickers come without delay and depth events in batches, so
//! either may arrive first.
//!
//! Counting: a comparable point is an instrument and an id for which both a ticker and an applied depth event came
//! (events that waited for the snapshot and were applied behind it included, snapshots and dropped events not), at most
//! [`WINDOW`] of the other kind apart. Each point is compared once.

use crate::sink::{Ticker, Top, Update};
use std::collections::{BTreeMap, HashMap};

/// Ids of one kind kept per instrument while the other kind is awaited.
const WINDOW: usize = 8192;

/// Mismatches kept for the report.
const MISMATCHES_MAX: usize = 16;

/// A comparable point at which book and ticker differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Position in the list of instruments.
    pub instrument: usize,
    /// The common id.
    pub update_id: u64,
    /// Best bid and ask of the book.
    pub book: (Option<Top>, Option<Top>),
    /// Best bid and ask of the ticker.
    pub ticker: (Option<Top>, Option<Top>),
}

type Best = (Option<Top>, Option<Top>);

#[derive(Debug, Default)]
struct Unmatched {
    books: BTreeMap<u64, Best>,
    tickers: BTreeMap<u64, Best>,
}

/// Compares the top of rebuilt books with the venue's tickers.
#[derive(Debug, Default)]
pub struct TickerOracle {
    unmatched: HashMap<usize, Unmatched>,
    compared: u64,
    equal: u64,
    mismatches: Vec<Mismatch>,
}

impl TickerOracle {
    /// An oracle that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the best bid and ask of a book, by whomever it is kept, after the depth event `update_id`.
    pub fn book(&mut self, instrument: usize, update_id: u64, bid: Option<Top>, ask: Option<Top>) {
        let unmatched = self.unmatched.entry(instrument).or_default();
        match unmatched.tickers.remove(&update_id) {
            Some(ticker) => self.compare(instrument, update_id, (bid, ask), ticker),
            None => keep(&mut unmatched.books, update_id, (bid, ask)),
        }
    }

    /// Takes an update as the feed delivered it; snapshots are no points of comparison.
    pub fn update(&mut self, instrument: usize, update: &Update<'_>) {
        if !update.snapshot {
            self.book(instrument, update.update_id, update.best_bid, update.best_ask);
        }
    }

    /// Takes a ticker.
    pub fn ticker(&mut self, ticker: &Ticker) {
        let unmatched = self.unmatched.entry(ticker.instrument).or_default();
        let best = (Some(ticker.bid), Some(ticker.ask));
        match unmatched.books.remove(&ticker.update_id) {
            Some(book) => self.compare(ticker.instrument, ticker.update_id, book, best),
            None => keep(&mut unmatched.tickers, ticker.update_id, best),
        }
    }

    /// Points compared.
    pub const fn compared(&self) -> u64 {
        self.compared
    }

    /// Points at which price and quantity of both sides were equal.
    pub const fn equal(&self) -> u64 {
        self.equal
    }

    /// The first points that were not equal, at most 16.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    fn compare(&mut self, instrument: usize, update_id: u64, book: Best, ticker: Best) {
        self.compared += 1;
        if book == ticker {
            self.equal += 1;
        } else if self.mismatches.len() < MISMATCHES_MAX {
            self.mismatches.push(Mismatch { instrument, update_id, book, ticker });
        }
    }
}

fn keep(ids: &mut BTreeMap<u64, Best>, update_id: u64, best: Best) {
    ids.insert(update_id, best);
    if ids.len() > WINDOW {
        ids.pop_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossgate_instrument::{Lots, Ticks};

    const fn top(price: i64, quantity: i64) -> Top {
        (Ticks::new(price), Lots::new(quantity))
    }

    fn ticker(update_id: u64, quantity: i64) -> Ticker {
        Ticker { instrument: 0, update_id, bid: top(10, 1), ask: top(11, quantity), local_ns: 0 }
    }

    #[test]
    fn either_may_come_first_and_quantities_count() {
        let mut oracle = TickerOracle::new();
        oracle.book(0, 1, Some(top(10, 1)), Some(top(11, 5)));
        oracle.ticker(&ticker(1, 5));
        oracle.ticker(&ticker(2, 6));
        oracle.book(0, 2, Some(top(10, 1)), Some(top(11, 5)));
        assert_eq!((oracle.compared(), oracle.equal()), (2, 1));
        assert_eq!(oracle.mismatches()[0].update_id, 2);
    }

    #[test]
    fn ids_of_different_instruments_and_repeats_are_not_compared() {
        let mut oracle = TickerOracle::new();
        oracle.book(1, 1, Some(top(10, 1)), Some(top(11, 5)));
        oracle.ticker(&ticker(1, 5));
        oracle.ticker(&ticker(3, 5));
        assert_eq!(oracle.compared(), 0);
        oracle.book(0, 1, Some(top(10, 1)), Some(top(11, 5)));
        oracle.book(0, 1, Some(top(10, 1)), Some(top(11, 5)));
        assert_eq!((oracle.compared(), oracle.equal()), (1, 1));
    }
}
