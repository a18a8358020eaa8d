//! From a venue's own ticks and lots onto the grid of a book.
//!
//! A price between two book ticks moves away from the touch: bids down, asks up, so that the book never shows a better
//! price than the venue. A quantity is rounded down to whole book lots. Where several native levels fall onto one book
//! tick, their native quantities are added first and the sum is rounded once; a level that rounds to nothing counts as
//! absent. This is not a currency conversion: both grids measure the same quote currency and the same unit of quantity.
//!
//! Invariant: ratios are exact fractions; the only roundings are the ones above.

use crate::{LevelUpdate, VenueIndex, PRICE_TICKS_MAX, QUANTITY_LOTS_MAX};
use crossgate_instrument::{Grid, GridError, Instrument, Lots, Side, Ticks};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a level cannot be brought onto the grid of the book. The venue's levels are no longer complete: reset it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConversionError {
    /// Two steps have no ratio that fits 63 bits.
    #[error("the ratio of the steps {native} and {book} is out of range")]
    Ratio {
        /// The venue's step.
        native: Decimal,
        /// The book's step.
        book: Decimal,
    },
    /// The price does not fit the book.
    #[error("a price of {actual} native ticks is out of range")]
    Price {
        /// The offending price in native ticks.
        actual: i64,
    },
    /// The quantity is negative or does not fit the book.
    #[error("a quantity of {actual} native lots is out of range")]
    Quantity {
        /// The offending quantity in native lots, over all levels of its book tick.
        actual: i128,
    },
}

/// The price grid and the quantity grid of a venue's product or of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Units {
    /// Price grid in quote currency.
    pub tick: Grid,
    /// Quantity grid in the unit that all venues of a book share.
    pub lot: Grid,
}

impl Units {
    /// The grids of an instrument, its lot counted in the unit of its contract size: underlying (linear) or quote
    /// currency (inverse).
    ///
    /// # Errors
    /// [`GridError`] when lot times contract size is no usable step.
    pub fn of(instrument: &Instrument) -> Result<Self, GridError> {
        let lot = Grid::new(instrument.lot.step() * instrument.contract_size)?;
        Ok(Self { tick: instrument.tick, lot })
    }
}

/// An exact positive fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// How many book steps one native step is.
    fn of(native: Grid, book: Grid) -> Result<Self, ConversionError> {
        let (from, to) = (native.step(), book.step());
        let scaled =
            |step: Decimal, by: u32| 10_i128.checked_pow(by).and_then(|power| step.mantissa().checked_mul(power));
        let parts = scaled(from, to.scale()).zip(scaled(to, from.scale()));
        let reduced = parts.map(|(numerator, denominator)| {
            let divisor = greatest_common_divisor(numerator, denominator);
            Self { numerator: numerator / divisor, denominator: denominator / divisor }
        });
        // Below 2^63 either term times any 63-bit count fits 128 bits.
        let fits = |ratio: &Self| ratio.numerator.max(ratio.denominator) <= i128::from(i64::MAX);
        reduced.filter(fits).ok_or(ConversionError::Ratio { native: from, book: to })
    }

    fn floor(self, count: i128) -> i128 {
        (count * self.numerator).div_euclid(self.denominator)
    }

    fn ceil(self, count: i128) -> i128 {
        -self.floor(-count)
    }

    fn inverse(self) -> Self {
        Self { numerator: self.denominator, denominator: self.numerator }
    }
}

fn greatest_common_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Brings the levels of one venue onto the grid of a book.
///
/// With identical grids it only checks ranges. With a coarser or equal native tick it multiplies. With a finer native
/// tick it keeps the native levels, because several of them share a book tick.
#[derive(Clone, Debug)]
pub struct Converter {
    venue: VenueIndex,
    price: Ratio,
    quantity: Ratio,
    /// Native levels by side and tick; only where several of them can share a book tick.
    native: Option<[BTreeMap<i64, u64>; 2]>,
}

impl Converter {
    /// A converter for `venue`, whose product has the units `native`, to a book with the units `book`.
    ///
    /// # Errors
    /// [`ConversionError::Ratio`] when the steps are too far apart.
    pub fn new(venue: VenueIndex, native: Units, book: Units) -> Result<Self, ConversionError> {
        let price = Ratio::of(native.tick, book.tick)?;
        let quantity = Ratio::of(native.lot, book.lot)?;
        let collapses = price.numerator < price.denominator;
        Ok(Self { venue, price, quantity, native: collapses.then(Default::default) })
    }

    /// Whether both grids are the same.
    pub fn is_identity(&self) -> bool {
        (self.price, self.quantity) == (Ratio::ONE, Ratio::ONE)
    }

    /// Whether several native levels can share a book tick, which makes the converter keep them.
    pub const fn collapses(&self) -> bool {
        self.native.is_some()
    }

    /// The book's level after the venue's level at `price` became `quantity`; 0 removes.
    ///
    /// # Errors
    /// [`ConversionError`] when price or quantity are out of range; the venue must then be reset.
    #[inline]
    pub fn level(&mut self, side: Side, price: Ticks, quantity: Lots) -> Result<LevelUpdate, ConversionError> {
        let (venue, native) = (self.venue, price.get());
        let out_of_range = || ConversionError::Quantity { actual: i128::from(quantity.get()) };
        let lots = u64::try_from(quantity.get()).map_err(|_| out_of_range())?;
        if self.is_identity() {
            let price_fits = (-PRICE_TICKS_MAX..=PRICE_TICKS_MAX).contains(&native);
            let price = price_fits.then_some(price).ok_or(ConversionError::Price { actual: native })?;
            return (lots <= QUANTITY_LOTS_MAX)
                .then_some(LevelUpdate { venue, side, price, quantity: lots })
                .ok_or_else(out_of_range);
        }
        let book_tick = self.book_tick(side, native)?;
        let total = i128::from(lots) + self.others(side, native, book_tick);
        if let Some(levels) = &mut self.native {
            if lots == 0 {
                levels[side.index()].remove(&native);
            } else {
                levels[side.index()].insert(native, lots);
            }
        }
        let book_lots = u64::try_from(self.quantity.floor(total)).ok().filter(|lots| *lots <= QUANTITY_LOTS_MAX);
        let quantity = book_lots.ok_or(ConversionError::Quantity { actual: total })?;
        Ok(LevelUpdate { venue, side, price: Ticks::new(book_tick), quantity })
    }

    /// Forgets the native levels; call it whenever the venue is reset.
    pub fn clear(&mut self) {
        self.native.iter_mut().flatten().for_each(BTreeMap::clear);
    }

    fn book_tick(&self, side: Side, native: i64) -> Result<i64, ConversionError> {
        let tick = match side {
            Side::Bid => self.price.floor(i128::from(native)),
            Side::Ask => self.price.ceil(i128::from(native)),
        };
        let fits = |tick: &i64| (-PRICE_TICKS_MAX..=PRICE_TICKS_MAX).contains(tick);
        i64::try_from(tick).ok().filter(fits).ok_or(ConversionError::Price { actual: native })
    }

    /// Native lots of the other native levels that fall onto `book_tick`.
    fn others(&self, side: Side, native: i64, book_tick: i64) -> i128 {
        let Some(levels) = &self.native else { return 0 };
        let (back, tick) = (self.price.inverse(), i128::from(book_tick));
        let (first, last) = match side {
            Side::Bid => (back.ceil(tick), back.ceil(tick + 1) - 1),
            Side::Ask => (back.floor(tick - 1) + 1, back.floor(tick)),
        };
        let clamp = |count: i128| i64::try_from(count).unwrap_or(if count < 0 { i64::MIN } else { i64::MAX });
        let sharing = levels[side.index()].range(clamp(first)..=clamp(last));
        sharing.filter(|(tick, _)| **tick != native).map(|(_, lots)| i128::from(*lots)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(tick: &str, lot: &str) -> Units {
        let grid = |step: &str| Grid::new(step.parse().expect("a decimal")).expect("a step");
        Units { tick: grid(tick), lot: grid(lot) }
    }

    fn converter(native: (&str, &str), book: (&str, &str)) -> Converter {
        let venue = VenueIndex::new(3).expect("below 8");
        Converter::new(venue, units(native.0, native.1), units(book.0, book.1)).expect("a ratio")
    }

    fn level(converter: &mut Converter, side: Side, price: i64, quantity: i64) -> (i64, u64) {
        let update = converter.level(side, Ticks::new(price), Lots::new(quantity)).expect("in range");
        assert_eq!((update.venue.get(), update.side), (3, side));
        (update.price.get(), update.quantity)
    }

    #[test]
    fn identical_grids_change_nothing() {
        let mut same = converter(("0.10", "0.001"), ("0.1", "0.00100"));
        assert!(same.is_identity() && !same.collapses());
        assert_eq!(level(&mut same, Side::Bid, -7, 11), (-7, 11));
    }

    #[test]
    fn a_finer_tick_rounds_bids_down_and_asks_up() {
        let mut fine = converter(("0.01", "1"), ("0.1", "1"));
        assert_eq!(level(&mut fine, Side::Bid, 6_183_769, 1).0, 618_376);
        assert_eq!(level(&mut fine, Side::Ask, 6_183_761, 1).0, 618_377);
        assert_eq!(level(&mut fine, Side::Bid, 6_183_760, 1).0, 618_376);
        assert_eq!(level(&mut fine, Side::Ask, 6_183_760, 1).0, 618_376);
        assert_eq!(level(&mut fine, Side::Bid, -11, 1).0, -2);
        assert_eq!(level(&mut fine, Side::Ask, -19, 1).0, -1);
    }

    #[test]
    fn a_coarser_tick_is_exact_where_it_divides_and_rounds_where_it_does_not() {
        let mut coarse = converter(("0.5", "1"), ("0.1", "1"));
        assert!(!coarse.collapses());
        assert_eq!(level(&mut coarse, Side::Bid, 3, 1).0, 15);
        let mut skewed = converter(("0.5", "1"), ("0.2", "1"));
        assert_eq!(level(&mut skewed, Side::Bid, 3, 1).0, 7);
        assert_eq!(level(&mut skewed, Side::Ask, 3, 1).0, 8);
    }

    #[test]
    fn quantities_round_down_and_less_than_a_lot_is_absent() {
        let mut lots = converter(("0.1", "0.00000001"), ("0.1", "0.001"));
        assert_eq!(level(&mut lots, Side::Bid, 1, 25_761_908), (1, 257));
        assert_eq!(level(&mut lots, Side::Bid, 1, 99_999), (1, 0));
        let mut contracts = converter(("0.1", "0.01"), ("0.1", "0.001"));
        assert_eq!(level(&mut contracts, Side::Ask, 1, 3), (1, 30));
    }

    #[test]
    fn levels_on_one_book_tick_add_before_they_round() {
        let mut fine = converter(("0.01", "1"), ("0.1", "10"));
        assert!(fine.collapses());
        assert_eq!(level(&mut fine, Side::Bid, 105, 6), (10, 0));
        assert_eq!(level(&mut fine, Side::Bid, 100, 6), (10, 1));
        assert_eq!(level(&mut fine, Side::Bid, 109, 8), (10, 2));
        assert_eq!(level(&mut fine, Side::Ask, 109, 90), (11, 9));
        assert_eq!(level(&mut fine, Side::Bid, 100, 0), (10, 1));
        fine.clear();
        assert_eq!(level(&mut fine, Side::Bid, 105, 10), (10, 1));
    }

    #[test]
    fn a_contract_counts_its_size() {
        let one = Decimal::ONE;
        let (tick, lot) = ("0.1".parse().unwrap(), "0.01".parse().unwrap());
        let venue = crossgate_instrument::Venue::BinanceUsdm;
        let kind = crossgate_instrument::Kind::LinearPerpetual;
        let made = Instrument::new(venue, "X", "BTC", "USDT", "USDT", kind, tick, one, lot).unwrap();
        assert_eq!(Units::of(&made).unwrap(), units("0.1", "0.01"));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut wide = converter(("1", "1"), ("0.1", "0.1"));
        let mut refuse = |price, quantity| wide.level(Side::Bid, Ticks::new(price), Lots::new(quantity)).unwrap_err();
        assert_eq!(refuse(i64::MAX, 1), ConversionError::Price { actual: i64::MAX });
        assert_eq!(refuse(1, -1), ConversionError::Quantity { actual: -1 });
        assert_eq!(refuse(1, i64::MAX), ConversionError::Quantity { actual: i128::from(i64::MAX) });
        let (far, venue) = (units("1000000000000000000", "1"), VenueIndex::new(0).unwrap());
        assert!(matches!(Converter::new(venue, far, units("0.0001", "1")), Err(ConversionError::Ratio { .. })));
    }

    proptest! {
        #[test]
        fn the_book_tick_has_the_rounded_sum_of_its_native_levels(
            levels in prop::collection::vec((any::<bool>(), -60_i64..60, 0_i64..50), 1..80),
            (native, book) in prop::sample::select(vec![(1_i64, 10_i64), (2, 5), (3, 7), (5, 2), (1, 1)]),
        ) {
            let mut converter = converter((&native.to_string(), "3"), (&book.to_string(), "7"));
            let mut venue = BTreeMap::new();
            let mut seen = BTreeMap::new();
            for (is_bid, price, quantity) in levels {
                let side = if is_bid { Side::Bid } else { Side::Ask };
                venue.insert((is_bid, price), quantity);
                let (tick, lots) = level(&mut converter, side, price, quantity);
                seen.insert((is_bid, tick), lots);
            }
            let mut expected: BTreeMap<(bool, i64), i64> = BTreeMap::new();
            for ((is_bid, price), quantity) in venue {
                let exact = Decimal::from(price * native) / Decimal::from(book);
                let tick = if is_bid { exact.floor() } else { exact.ceil() };
                *expected.entry((is_bid, i64::try_from(tick).unwrap())).or_default() += quantity;
            }
            let in_book_lots = |(at, lots): ((bool, i64), i64)| (at, (lots * 3 / 7).unsigned_abs());
            prop_assert_eq!(seen, expected.into_iter().map(in_book_lots).collect());
        }
    }
}
