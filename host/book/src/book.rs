//! The consolidated book: both sides, every venue, full depth.
//!
//! It does not check sequence numbers and does not convert units: updates arrive on its own grid and in order.
//!
//! Invariant: a venue that is not live contributes nothing to any answer except [`Consolidated::quantity`].

use crate::ladder::{sum, Cell, Ladder, Top};
use crate::{VenueIndex, VENUES_MAX};
use crossgate_instrument::{Side, Ticks};
use thiserror::Error;

/// Largest quantity of one level in book lots; the sum over all venues still fits 64 bits.
pub const QUANTITY_LOTS_MAX: u64 = 1 << 60;
/// Largest distance of a price from zero in ticks.
pub const PRICE_TICKS_MAX: i64 = 1 << 60;

/// Why an update is refused; the book is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BookError {
    /// The quantity is beyond [`QUANTITY_LOTS_MAX`].
    #[error("a level of {actual} lots is beyond {QUANTITY_LOTS_MAX}")]
    Quantity {
        /// The offending quantity in book lots.
        actual: u64,
    },
    /// The price is beyond [`PRICE_TICKS_MAX`].
    #[error("a price of {actual} ticks is beyond {PRICE_TICKS_MAX}")]
    Price {
        /// The offending price in ticks.
        actual: i64,
    },
}

/// The new state of one price level at one venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelUpdate {
    /// Whose level.
    pub venue: VenueIndex,
    /// On which side.
    pub side: Side,
    /// At which price of the book's grid.
    pub price: Ticks,
    /// Absolute quantity in book lots; 0 removes the level.
    pub quantity: u64,
}

/// The best level of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// Its price.
    pub price: Ticks,
    /// Book lots of all live venues together.
    pub quantity: u64,
    /// The live venues that are there.
    pub venues: u8,
}

/// The best bid and offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bbo {
    /// The highest bid.
    pub bid: Option<Best>,
    /// The lowest ask.
    pub ask: Option<Best>,
}

impl Bbo {
    /// Whether the best bid is above the best ask, which happens across venues.
    pub fn crossed(&self) -> bool {
        matches!((self.bid, self.ask), (Some(bid), Some(ask)) if bid.price > ask.price)
    }

    /// Whether the best bid equals the best ask.
    pub fn locked(&self) -> bool {
        matches!((self.bid, self.ask), (Some(bid), Some(ask)) if bid.price == ask.price)
    }

    /// The best level of `side`.
    pub const fn side(&self, side: Side) -> Option<Best> {
        match side {
            Side::Bid => self.bid,
            Side::Ask => self.ask,
        }
    }
}

/// One visible price level.
#[derive(Clone, Copy, Debug)]
pub struct Level<'book> {
    /// Its price.
    pub price: Ticks,
    /// The live venues that are there.
    pub venues: u8,
    cell: &'book Cell,
}

impl Level<'_> {
    /// Book lots of all live venues together.
    pub fn quantity(&self) -> u64 {
        sum(self.cell, self.venues)
    }

    /// Book lots of one venue; 0 for one that is not live.
    pub const fn of(&self, venue: VenueIndex) -> u64 {
        if self.venues & venue.bit() == 0 {
            0
        } else {
            self.cell[venue.index()]
        }
    }
}

/// How much one venue shows on one side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Price levels.
    pub levels: usize,
    /// Book lots over all of them.
    pub quantity: u128,
}

/// What a book has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BookStats {
    /// Updates that fell outside the dense range and went to the sparse map.
    pub far_updates: u64,
    /// Moves of a dense range.
    pub rebases: u64,
    /// Venue resets.
    pub resets: u64,
}

/// The book of one fungible product over up to [`VENUES_MAX`] venues.
///
/// Every venue starts masked and empty: call [`enable_venue`](Self::enable_venue) when its levels are complete.
///
/// # Example
/// ```
/// use crossgate_book::{Consolidated, LevelUpdate, VenueIndex};
/// use crossgate_instrument::{Side, Ticks};
///
/// let venue = VenueIndex::new(0).ok_or("venue")?;
/// let mut book = Consolidated::new();
/// book.enable_venue(venue);
/// book.apply(LevelUpdate { venue, side: Side::Bid, price: Ticks::new(100), quantity: 7 })?;
/// assert_eq!(book.bbo().bid.map(|best| best.quantity), Some(7));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Consolidated {
    sides: [Ladder; 2],
    live: u8,
    generations: [u64; VENUES_MAX],
    resets: u64,
}

impl Default for Consolidated {
    fn default() -> Self {
        Self::new()
    }
}

/// The ladder's key of a price: itself for bids, its complement for asks; applied twice, the price again.
#[inline]
fn key(side: Side, price: i64) -> i64 {
    // 0 for bids, all ones for asks: no branch on a side that is as good as random.
    price ^ -i64::from(side.index() == 1)
}

#[inline]
fn best(side: Side, top: &Top) -> Option<Best> {
    let price = Ticks::new(key(side, top.key));
    (top.venues != 0).then_some(Best { price, quantity: top.quantity, venues: top.venues })
}

impl Consolidated {
    /// An empty book with every venue masked.
    pub fn new() -> Self {
        Self { sides: [Ladder::new(), Ladder::new()], live: 0, generations: [0; VENUES_MAX], resets: 0 }
    }

    /// Sets one level of one venue; true when the best level of that side changed in price, total or venues.
    ///
    /// Removing an unknown level changes nothing and is no error. A masked venue's levels are kept but not shown.
    ///
    /// # Errors
    /// [`BookError`] when the price or the quantity is out of range; the book is unchanged.
    #[inline]
    pub fn apply(&mut self, update: LevelUpdate) -> Result<bool, BookError> {
        let price = update.price.get();
        if update.quantity > QUANTITY_LOTS_MAX {
            return Err(BookError::Quantity { actual: update.quantity });
        }
        if !(-PRICE_TICKS_MAX..=PRICE_TICKS_MAX).contains(&price) {
            return Err(BookError::Price { actual: price });
        }
        let ladder = &mut self.sides[update.side.index() & 1];
        Ok(ladder.set(update.venue, key(update.side, price), update.quantity))
    }

    /// The best level of `side` over the live venues.
    #[inline]
    pub fn best(&self, side: Side) -> Option<Best> {
        best(side, self.sides[side.index() & 1].best())
    }

    /// The best bid and offer over the live venues.
    #[inline]
    pub fn bbo(&self) -> Bbo {
        let [bids, asks] = &self.sides;
        Bbo { bid: best(Side::Bid, bids.best()), ask: best(Side::Ask, asks.best()) }
    }

    /// The best level of `side` over those live venues that are in `mask`.
    pub fn best_among(&self, side: Side, mask: u8) -> Option<Best> {
        let level = self.levels(side).find(|level| level.venues & mask != 0)?;
        let venues = level.venues & mask;
        Some(Best { price: level.price, quantity: sum(level.cell, venues), venues })
    }

    /// The visible levels of `side` from the best outward.
    pub fn levels(&self, side: Side) -> impl Iterator<Item = Level<'_>> + '_ {
        self.levels_between(side, Ticks::new(-PRICE_TICKS_MAX), Ticks::new(PRICE_TICKS_MAX))
    }

    /// The visible levels of `side` with `low <= price <= high`, from the best outward; none when `low` is above
    /// `high`.
    pub fn levels_between(&self, side: Side, low: Ticks, high: Ticks) -> impl Iterator<Item = Level<'_>> + '_ {
        let (worst, best) = match side {
            Side::Bid => (low, high),
            Side::Ask => (high, low),
        };
        let levels = self.sides[side.index()].levels(key(side, worst.get())..=key(side, best.get()));
        levels.map(move |(at, cell, venues)| Level { price: Ticks::new(key(side, at)), venues, cell })
    }

    /// What `venue` has at a price, live or not, in book lots.
    pub fn quantity(&self, venue: VenueIndex, side: Side, price: Ticks) -> u64 {
        self.sides[side.index()].at(key(side, price.get())).map_or(0, |(cell, _)| cell[venue.index()])
    }

    /// How much `venue` has on `side`, live or not.
    pub fn depth(&self, venue: VenueIndex, side: Side) -> Depth {
        let share = self.sides[side.index()].share(venue);
        Depth { levels: share.levels, quantity: share.quantity }
    }

    /// The mask of live venues.
    pub const fn live(&self) -> u8 {
        self.live
    }

    /// How often `venue` was reset; tells a book that was lost and rebuilt from one that was never lost.
    pub const fn generation(&self, venue: VenueIndex) -> u64 {
        self.generations[venue.index()]
    }

    /// Masks `venue` and drops its levels: its sequence is lost, nothing of it is valid from here on.
    pub fn reset_venue(&mut self, venue: VenueIndex) {
        self.live &= !venue.bit();
        self.generations[venue.index()] += 1;
        self.resets += 1;
        for ladder in &mut self.sides {
            ladder.set_live(self.live);
            ladder.empty_venue(venue);
        }
    }

    /// Shows `venue`: its levels are complete and in sequence.
    pub fn enable_venue(&mut self, venue: VenueIndex) {
        self.live |= venue.bit();
        for ladder in &mut self.sides {
            ladder.set_live(self.live);
        }
    }

    /// What the book has done since it was made.
    pub fn stats(&self) -> BookStats {
        let [bids, asks] = &self.sides;
        BookStats {
            far_updates: bids.far_updates + asks.far_updates,
            rebases: bids.rebases + asks.rebases,
            resets: self.resets,
        }
    }
}
