//! Order books of one fungible product over many venues, and the window of them that a card holds.
//!
//! [`Consolidated`] keeps the full depth of up to [`VENUES_MAX`] venues on one tick grid, [`Converter`] brings a
//! venue's own ticks and lots onto that grid, and [`Window`] turns frames of updates into the operations ([`CardOp`])
//! that keep a card's circular window equal to the book. This crate neither decodes venue messages nor encodes card
//! commands, and it judges no sequence numbers.
//!
//! Invariant: a masked venue is never visible, neither in a best price nor in a depth listing nor on the card.
#![forbid(unsafe_code)]

mod bitmap;
mod book;
mod convert;
mod ladder;
mod placement;
mod window;

pub use book::{Bbo, Best, BookError, BookStats, Consolidated, Depth, Level, LevelUpdate};
pub use book::{PRICE_TICKS_MAX, QUANTITY_LOTS_MAX};
pub use convert::{ConversionError, Converter, Units};
pub use window::{CardOp, FrameStatus, Window, WindowConfig, WindowError, WindowStats};

/// Venues that one book can hold.
pub const VENUES_MAX: usize = 8;

/// Which of a book's venues an update belongs to; below [`VENUES_MAX`] by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VenueIndex(u8);

impl VenueIndex {
    /// The venue at `index`, or nothing from [`VENUES_MAX`] on.
    pub const fn new(index: u8) -> Option<Self> {
        if (index as usize) < VENUES_MAX {
            Some(Self(index))
        } else {
            None
        }
    }

    /// Every index, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..8).map(Self)
    }

    /// The number of this venue.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The number of this venue, for indexing.
    pub const fn index(self) -> usize {
        // The mask repeats the type's invariant where the compiler can see it.
        (self.0 & 7) as usize
    }

    /// This venue alone in a venue mask.
    pub const fn bit(self) -> u8 {
        1 << (self.0 & 7)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ninth_venue_does_not_exist() {
        assert_eq!(VenueIndex::new(8), None);
        assert_eq!(VenueIndex::new(7).map(VenueIndex::bit), Some(0x80));
        assert_eq!(VenueIndex::all().count(), VENUES_MAX);
    }
}
