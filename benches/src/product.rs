//! `crossgate-book` behind the interface of the benchmark, with every venue live.

use crate::{BookUnderTest, Touch};
use crossgate_book::{Consolidated, LevelUpdate, VenueIndex};
use crossgate_instrument::Side;

/// The consolidated book of `crossgate-book`.
pub struct Product(Consolidated);

impl BookUnderTest for Product {
    fn new() -> Self {
        let mut book = Consolidated::new();
        VenueIndex::all().for_each(|venue| book.enable_venue(venue));
        Self(book)
    }

    #[inline]
    fn apply(&mut self, update: &LevelUpdate) {
        // The workload stays within the limits of the book; the check itself is part of what is measured.
        let _ = std::hint::black_box(self.0.apply(*update).is_ok());
    }

    #[inline]
    fn prices(&self) -> (i64, i64) {
        let bbo = self.0.bbo();
        (bbo.bid.map_or(0, |best| best.price.get()), bbo.ask.map_or(0, |best| best.price.get()))
    }

    #[inline]
    fn touch(&self, side: Side) -> Touch {
        self.0.best(side).map_or(Touch::default(), |best| Touch {
            price: best.price.get(),
            quantity: best.quantity,
            venues: best.venues,
        })
    }

    fn levels(&self) -> usize {
        self.0.levels(Side::Bid).count() + self.0.levels(Side::Ask).count()
    }
}
