//! Compares the card's best bid and offer with the host's, book by book.
//!
//! Every command to the card carries the number of the frame that caused it, and so does every BBO event. The card's
//! state after frame `n` is the last event
//! with a tag up to `n`, known once an event with a later tag arrives or the card is idle. So the comparison never
//! has to wait for the card.

use crossgate_contract::event;
use std::collections::{BTreeMap, VecDeque};

/// A best bid and offer in book ticks and lots; zeros where a side is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) bid: (u32, u64, u16),
    pub(super) ask: (u32, u64, u16),
}

impl Touch {
    /// Price and quantity only, without the venue sets.
    const fn prices(&self) -> [(u32, u64); 2] {
        [(self.bid.0, self.bid.1), (self.ask.0, self.ask.1)]
    }
}

impl From<&event::Bbo> for Touch {
    fn from(bbo: &event::Bbo) -> Self {
        Self {
            bid: (bbo.bid_price, bbo.bid_quantity, bbo.bid_venues),
            ask: (bbo.ask_price, bbo.ask_quantity, bbo.ask_venues),
        }
    }
}

/// What the card should show after a frame.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// The host's consolidated book.
    Host(Touch),
    /// Not comparable, for this reason.
    Skip(&'static str),
    /// The venue's own ticker: prices and quantities without venue sets.
    Ticker(Touch),
}

/// Counts of one kind of comparison.
#[derive(Clone, Debug, Default)]
pub(super) struct Compared {
    pub(super) compared: u64,
    pub(super) equal: u64,
    pub(super) skipped: BTreeMap<&'static str, u64>,
    /// The first difference, as text.
    pub(super) first_difference: Option<String>,
}

impl Compared {
    fn count(&mut self, equal: bool, describe: impl FnOnce() -> String) {
        self.compared += 1;
        self.equal += u64::from(equal);
        if !equal && self.first_difference.is_none() {
            self.first_difference = Some(describe());
        }
    }
}

#[derive(Debug, Default)]
struct BookWatch {
    card: Touch,
    pending: VecDeque<(u64, Expected)>,
}

/// The comparison over all books.
#[derive(Debug, Default)]
pub(super) struct Watch {
    books: Vec<BookWatch>,
    /// The card against the host's book.
    pub(super) host: Compared,
    /// The card against the venue's ticker.
    pub(super) ticker: Compared,
}

impl Watch {
    pub(super) fn new(books: usize) -> Self {
        Self { books: (0..books).map(|_| BookWatch::default()).collect(), ..Self::default() }
    }

    /// After `frame` the card's `book` must be as `expected`.
    pub(super) fn expect(&mut self, book: usize, frame: u64, expected: Expected) {
        if let Some(watch) = self.books.get_mut(book) {
            watch.pending.push_back((frame, expected));
        }
    }

    /// The card reports a change caused by the frame in its tag.
    pub(super) fn on_bbo(&mut self, bbo: &event::Bbo) {
        let book = usize::from(bbo.book);
        self.settle(book, bbo.tag);
        if let Some(watch) = self.books.get_mut(book) {
            watch.card = Touch::from(bbo);
        }
    }

    /// Nothing is in flight: everything expected so far can be compared.
    pub(super) fn settle_all(&mut self) {
        for book in 0..self.books.len() {
            self.settle(book, u64::MAX);
        }
    }

    /// Compares everything of frames before `frame`.
    fn settle(&mut self, book: usize, frame: u64) {
        let Some(watch) = self.books.get_mut(book) else { return };
        while let Some((at, expected)) = watch.pending.front().copied().filter(|(at, _)| *at < frame) {
            watch.pending.pop_front();
            let card = watch.card;
            let describe =
                |touch: Touch| move || format!("book {book} after frame {at}: card {card:?}, expected {touch:?}");
            match expected {
                Expected::Host(touch) => self.host.count(card == touch, describe(touch)),
                Expected::Ticker(touch) => self.ticker.count(card.prices() == touch.prices(), describe(touch)),
                Expected::Skip(reason) => *self.host.skipped.entry(reason).or_default() += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bbo(tag: u64, bid: u32) -> event::Bbo {
        event::Bbo { tag, bid_price: bid, bid_quantity: 1, bid_venues: 1, ..Default::default() }
    }

    fn touch(bid: u32) -> Touch {
        Touch { bid: (bid, 1, 1), ask: (0, 0, 0) }
    }

    #[test]
    fn the_last_event_up_to_a_frame_counts() {
        let mut watch = Watch::new(1);
        watch.expect(0, 1, Expected::Host(touch(10)));
        watch.on_bbo(&bbo(1, 9));
        watch.on_bbo(&bbo(1, 10));
        watch.expect(0, 2, Expected::Host(touch(11)));
        watch.on_bbo(&bbo(2, 11));
        assert_eq!((watch.host.compared, watch.host.equal), (1, 1));
        watch.settle_all();
        assert_eq!((watch.host.compared, watch.host.equal), (2, 2));
    }

    #[test]
    fn a_missing_event_is_a_difference() {
        let mut watch = Watch::new(1);
        watch.on_bbo(&bbo(1, 10));
        watch.expect(0, 2, Expected::Host(touch(11)));
        watch.settle_all();
        assert_eq!((watch.host.compared, watch.host.equal), (1, 0));
        assert!(watch.host.first_difference.as_deref().unwrap().contains("after frame 2"));
    }

    #[test]
    fn a_skip_is_counted_by_reason_and_a_ticker_ignores_venue_sets() {
        let mut watch = Watch::new(1);
        watch.on_bbo(&event::Bbo { bid_venues: 3, ..bbo(1, 10) });
        watch.expect(0, 1, Expected::Skip("out-of-window"));
        watch.expect(0, 1, Expected::Ticker(touch(10)));
        watch.settle_all();
        assert_eq!(watch.host.skipped["out-of-window"], 1);
        assert_eq!((watch.ticker.compared, watch.ticker.equal), (1, 1));
    }
}
