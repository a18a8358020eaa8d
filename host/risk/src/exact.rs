//! Exact rational numbers for everything that reaches the card.
//!
//! Not a general library: only what valuation needs, never reduced, because the expressions are short and a greatest
//! common divisor would cost more than it saves.
//!
//! Invariant: the denominator is positive, and no operation rounds; rounding happens only in [`Exact::floor`] and
//! [`Exact::ceil`].

use num_bigint::{BigInt, Sign};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// An exact rational number.
#[derive(Clone, Debug)]
pub struct Exact {
    numerator: BigInt,
    denominator: BigInt,
}

impl Exact {
    /// `numerator / denominator`.
    ///
    /// # Panics
    /// If `denominator` is zero: callers divide only by validated prices.
    pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Self {
        let (numerator, denominator) = (numerator.into(), denominator.into());
        match denominator.sign() {
            Sign::Plus => Self { numerator, denominator },
            Sign::Minus => Self { numerator: -numerator, denominator: -denominator },
            Sign::NoSign => panic!("division of {numerator} by zero"),
        }
    }

    /// A whole number.
    pub fn whole(value: impl Into<BigInt>) -> Self {
        Self { numerator: value.into(), denominator: BigInt::from(1) }
    }

    /// Nothing.
    pub fn zero() -> Self {
        Self::whole(0)
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match self.numerator.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }

    /// The greatest whole number not above this one, if it fits.
    pub fn floor(&self) -> Option<i128> {
        let quotient = &self.numerator / &self.denominator;
        let exact = &quotient * &self.denominator == self.numerator;
        let down = i32::from(!exact && self.numerator.sign() == Sign::Minus);
        i128::try_from(quotient - down).ok()
    }

    /// The least whole number not below this one, if it fits.
    pub fn ceil(&self) -> Option<i128> {
        (-self).floor().map(|floor| -floor)
    }

    /// The nearest float or close to it, for reports; rounding is not directed.
    pub fn to_f64(&self) -> f64 {
        // A quotient of whole numbers with 64 bits after the point, which the float then rounds.
        let scaled = (&self.numerator << 64u32) / &self.denominator;
        decimal_text_to_f64(&scaled) / 18_446_744_073_709_551_616.0
    }

    /// The greater of two numbers.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if other > self {
            other
        } else {
            self
        }
    }

    /// The smaller of two numbers.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if other < self {
            other
        } else {
            self
        }
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(self) -> Self {
        if self.signum() < 0 {
            -self
        } else {
            self
        }
    }
}

fn decimal_text_to_f64(value: &BigInt) -> f64 {
    value.to_string().parse().unwrap_or(f64::NAN)
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self { numerator: BigInt::from(value.mantissa()), denominator: BigInt::from(10).pow(value.scale()) }
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self::whole(value)
    }
}

impl Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        Exact { numerator: -&self.numerator, denominator: self.denominator.clone() }
    }
}

impl Add for &Exact {
    type Output = Exact;
    fn add(self, other: &Exact) -> Exact {
        Exact {
            numerator: &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            denominator: &self.denominator * &other.denominator,
        }
    }
}

impl Sub for &Exact {
    type Output = Exact;
    fn sub(self, other: &Exact) -> Exact {
        self + &-other
    }
}

impl Mul for &Exact {
    type Output = Exact;
    fn mul(self, other: &Exact) -> Exact {
        Exact { numerator: &self.numerator * &other.numerator, denominator: &self.denominator * &other.denominator }
    }
}

impl Div for &Exact {
    type Output = Exact;
    fn div(self, other: &Exact) -> Exact {
        Exact::ratio(&self.numerator * &other.denominator, &self.denominator * &other.numerator)
    }
}

macro_rules! owned_operators {
    ($($operator:ident $method:ident),*) => {$(
        impl $operator for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                (&self).$method(&other)
            }
        }
        impl $operator<&Exact> for Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                (&self).$method(other)
            }
        }
        impl $operator<Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                self.$method(&other)
            }
        }
    )*};
}
owned_operators!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        -&self
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_and_ceil_enclose_the_number_on_both_sides_of_zero() {
        for (numerator, denominator, floor, ceil) in
            [(7, 2, 3, 4), (-7, 2, -4, -3), (6, 3, 2, 2), (-6, 3, -2, -2), (7, -2, -4, -3), (0, 5, 0, 0)]
        {
            let number = Exact::ratio(numerator, denominator);
            assert_eq!((number.floor(), number.ceil()), (Some(floor), Some(ceil)), "{numerator}/{denominator}");
        }
    }

    #[test]
    fn operations_agree_with_fractions_worked_by_hand() {
        let (third, half) = (Exact::ratio(1, 3), Exact::ratio(-1, 2));
        assert_eq!(&third + &half, Exact::ratio(-1, 6));
        assert_eq!(&third - &half, Exact::ratio(5, 6));
        assert_eq!(&third * &half, Exact::ratio(1, -6));
        assert_eq!(&third / &half, Exact::ratio(-2, 3));
        assert!(half < third && third.clone().max(half.clone()) == third && third.clone().min(half.clone()) == half);
    }

    #[test]
    fn decimals_convert_without_rounding() {
        assert_eq!(Exact::from("-12.3450".parse::<Decimal>().unwrap()), Exact::ratio(-12_345, 1_000));
    }

    #[test]
    fn floats_are_close_to_the_number() {
        assert!((Exact::ratio(-1, 3).to_f64() + 1.0 / 3.0).abs() < 1e-16);
        assert!((Exact::ratio(1i64 << 60, 7).to_f64() / ((1u64 << 60) as f64 / 7.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_number_beyond_128_bits_is_not_truncated() {
        assert_eq!(Exact::whole(BigInt::from(1) << 128).floor(), None);
    }
}
