//! Venues, instruments and the exact arithmetic between decimal text and integer ticks and lots.
//!
//! Every price and quantity inside Crossgate is an integer on the grid of its instrument: [`Ticks`] and [`Lots`].
//! This crate owns the grids and the
//! only conversions. It is not a symbol directory: instruments come from the configuration.
//!
//! Invariant: a conversion either is exact or returns an error; rounding happens only in the functions that name
//! their direction.

mod grid;
mod spec;

pub use grid::{Grid, GridError};
pub use spec::{Instrument, InstrumentError, Kind, Side, Venue};

/// A price as a count of the instrument's ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Ticks(i64);

impl Ticks {
    /// A price of `count` ticks.
    pub const fn new(count: i64) -> Self {
        Self(count)
    }

    /// The number of ticks.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// This price moved by `ticks` (negative: down).
    #[must_use]
    pub const fn offset(self, ticks: i64) -> Self {
        Self(self.0 + ticks)
    }
}

/// A quantity as a count of the instrument's lots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Lots(i64);

impl Lots {
    /// No quantity; in a level update, the removal of the level.
    pub const ZERO: Self = Self(0);

    /// A quantity of `count` lots.
    pub const fn new(count: i64) -> Self {
        Self(count)
    }

    /// The number of lots.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether there is no quantity.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl std::ops::Add for Lots {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Lots {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::Neg for Lots {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl std::iter::Sum for Lots {
    fn sum<I: Iterator<Item = Self>>(lots: I) -> Self {
        lots.fold(Self::ZERO, |total, lot| total + lot)
    }
}
