//! Fixed-point units at the edge of the risk engine, and the only conversions from floating point.
//!
//! Invariant: every conversion that can round names its direction, and nothing wraps: what does not fit is `None`.

use crate::exact::Exact;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Money units per unit of the account currency.
pub const MONEY_PER_UNIT: i64 = 10_000;
/// The widest money amount the card holds: 48 bits, signed.
pub const MONEY_MAX: i64 = (1 << 47) - 1;

/// An amount of the account currency in units of 1e-4, within 48 signed bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// `units` of 1e-4; `None` beyond 48 signed bits.
    pub const fn new(units: i64) -> Option<Self> {
        if units > MONEY_MAX || units < -MONEY_MAX {
            None
        } else {
            Some(Self(units))
        }
    }

    /// The amount in units of 1e-4.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The amount in the account currency.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 4)
    }

    /// The greatest amount not above `value` account currency.
    pub fn floor(value: &Exact) -> Option<Self> {
        let units = (value * &Exact::from(MONEY_PER_UNIT)).floor()?;
        i64::try_from(units).ok().and_then(Self::new)
    }

    /// The least amount not below `value` account currency.
    pub fn ceil(value: &Exact) -> Option<Self> {
        let units = (value * &Exact::from(MONEY_PER_UNIT)).ceil()?;
        i64::try_from(units).ok().and_then(Self::new)
    }

    /// The least amount not below a reported figure; `None` if it is not finite or does not fit.
    pub fn ceil_f64(value: f64) -> Option<Self> {
        ceil_to_i64(value * 1e4).and_then(Self::new)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

/// A fraction in parts per million: moves, haircuts, fees and bands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ppm(i32);

impl Ppm {
    /// One million parts: the whole.
    pub const ONE: Self = Self(1_000_000);

    /// `parts` per million.
    pub const fn new(parts: i32) -> Self {
        Self(parts)
    }

    /// Hundredths of a percent.
    pub const fn basis_points(count: i32) -> Self {
        Self(count * 100)
    }

    /// The count of parts.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// The fraction as an exact number.
    pub fn exact(self) -> Exact {
        Exact::ratio(self.0, 1_000_000)
    }

    /// One plus the fraction.
    pub(crate) fn one_plus(self) -> Exact {
        Exact::ratio(1_000_000 + i64::from(self.0), 1_000_000)
    }

    /// One less the fraction.
    pub(crate) fn one_minus(self) -> Exact {
        Exact::ratio(1_000_000 - i64::from(self.0), 1_000_000)
    }

    /// The fraction for pricing and reports.
    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }

    /// The nearest fraction at least as far from zero as `value`; `None` if it is not finite or does not fit.
    pub fn away_from_zero(value: f64) -> Option<Self> {
        let parts = ceil_to_i64(value.abs() * 1e6)?;
        let parts = i32::try_from(parts).ok()?;
        Some(Self(if value < 0.0 { -parts } else { parts }))
    }

    /// `self * fraction`, away from zero for positive arguments; saturates.
    pub(crate) fn scaled(self, fraction: Self) -> Self {
        let parts = i64::from(self.0) * i64::from(fraction.0);
        let up = parts.div_euclid(1_000_000) + i64::from(parts.rem_euclid(1_000_000) != 0);
        Self(i32::try_from(up).unwrap_or(i32::MAX))
    }

    /// The opposite fraction.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", Decimal::new(i64::from(self.0), 4).normalize())
    }
}

/// `value` rounded up, if it is finite and small enough to be exact in an `f64`.
#[allow(clippy::cast_possible_truncation)] // the bound of 2^53 is checked first
fn ceil_to_i64(value: f64) -> Option<i64> {
    let up = value.ceil();
    (up.abs() < 9_007_199_254_740_992.0).then_some(up as i64)
}

/// A decimal as a float, for pricing only.
pub(crate) fn decimal_to_f64(value: Decimal) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    value.to_f64().unwrap_or(f64::NAN)
}

/// A count as a float; lots and ticks beyond 2^53 lose their last bits, which pricing may.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn count_to_f64(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_rounds_in_the_named_direction() {
        let value = Exact::ratio(-1, 30_000);
        assert_eq!(Money::floor(&value).unwrap().units(), -1);
        assert_eq!(Money::ceil(&value).unwrap().units(), 0);
        assert_eq!(Money::ceil_f64(0.000_01).unwrap().units(), 1);
    }

    #[test]
    fn money_beyond_48_bits_is_refused() {
        assert_eq!(Money::new(MONEY_MAX).unwrap().units(), (1 << 47) - 1);
        assert_eq!(Money::new(MONEY_MAX + 1), None);
        assert_eq!(Money::ceil_f64(f64::NAN), None);
        assert_eq!(Money::ceil_f64(f64::INFINITY), None);
    }

    #[test]
    fn a_move_is_rounded_away_from_zero() {
        assert_eq!(Ppm::away_from_zero(-0.371_695_4), Some(Ppm::new(-371_696)));
        assert_eq!(Ppm::away_from_zero(0.25), Some(Ppm::new(250_000)));
        assert_eq!(Ppm::away_from_zero(f64::NAN), None);
    }

    #[test]
    fn units_print_as_people_write_them() {
        assert_eq!(Money::new(-12_345).unwrap().to_string(), "-1.2345");
        assert_eq!(Ppm::new(-160_000).to_string(), "-16%");
    }
}
