//! A uniform decimal grid and the exact parsing of decimal text onto it.

use rust_decimal::Decimal;
use thiserror::Error;

/// Why a decimal text does not name a point of a grid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GridError {
    /// The text is not a plain decimal number.
    #[error("{text:?} is not a decimal number")]
    NotDecimal {
        /// The offending text.
        text: String,
    },
    /// The number lies between two grid points.
    #[error("{text} is not a multiple of {step}")]
    OffGrid {
        /// The offending text.
        text: String,
        /// The step of the grid.
        step: Decimal,
    },
    /// The count of steps does not fit 63 bits.
    #[error("{text} has too many digits")]
    TooLarge {
        /// The offending text.
        text: String,
    },
    /// A grid must have a positive step.
    #[error("a grid step must be positive, got {step}")]
    BadStep {
        /// The offending step.
        step: Decimal,
    },
}

/// The grid of all integer multiples of a decimal step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    step: Decimal,
    /// Digits behind the point of the step.
    scale: u32,
    /// The step in units of `10^-scale`.
    mantissa: i64,
}

impl Grid {
    /// The grid with `step` between its points.
    ///
    /// # Errors
    /// [`GridError::BadStep`] unless `step` is positive and its mantissa fits 63 bits.
    pub fn new(step: Decimal) -> Result<Self, GridError> {
        let normal = step.normalize();
        let mantissa = i64::try_from(normal.mantissa()).ok().filter(|m| *m > 0).ok_or(GridError::BadStep { step })?;
        Ok(Self { step: normal, scale: normal.scale(), mantissa })
    }

    /// The distance between two neighbouring points.
    pub const fn step(&self) -> Decimal {
        self.step
    }

    /// The decimal value of `count` steps.
    pub fn value(&self, count: i64) -> Decimal {
        self.step * Decimal::from(count)
    }

    /// Parses `text` (ASCII digits, optional sign, optional point) to a count of steps, without floating point.
    ///
    /// # Errors
    /// [`GridError`] when the text is no decimal, is off the grid or does not fit.
    pub fn parse(&self, text: &str) -> Result<i64, GridError> {
        let not_decimal = || GridError::NotDecimal { text: text.to_owned() };
        let too_large = || GridError::TooLarge { text: text.to_owned() };
        let off_grid = || GridError::OffGrid { text: text.to_owned(), step: self.step };
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let mut units: i64 = 0;
        let mut fraction_digits: Option<u32> = None;
        let mut seen = false;
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    if let Some(count) = fraction_digits.as_mut() {
                        if *count == self.scale {
                            if byte != b'0' {
                                return Err(off_grid());
                            }
                            continue;
                        }
                        *count += 1;
                    }
                    let digit = i64::from(byte - b'0');
                    units = units.checked_mul(10).and_then(|u| u.checked_add(digit)).ok_or_else(too_large)?;
                }
                b'.' if fraction_digits.is_none() => fraction_digits = Some(0),
                _ => return Err(not_decimal()),
            }
        }
        if !seen {
            return Err(not_decimal());
        }
        for _ in fraction_digits.unwrap_or(0)..self.scale {
            units = units.checked_mul(10).ok_or_else(too_large)?;
        }
        if units % self.mantissa != 0 {
            return Err(off_grid());
        }
        let count = units / self.mantissa;
        Ok(if negative { -count } else { count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(step: &str) -> Grid {
        Grid::new(step.parse().unwrap()).unwrap()
    }

    #[test]
    fn text_on_the_grid_parses_exactly() {
        assert_eq!(grid("0.10").parse("61800.20"), Ok(618_002));
        assert_eq!(grid("0.01").parse("61837.63000000"), Ok(6_183_763));
        assert_eq!(grid("5").parse("1000"), Ok(200));
        assert_eq!(grid("0.5").parse("-7.5"), Ok(-15));
        assert_eq!(grid("0.00000001").parse("0.25761908"), Ok(25_761_908));
        assert_eq!(grid("0.1").parse(".5"), Ok(5));
    }

    #[test]
    fn text_off_the_grid_is_refused() {
        assert!(matches!(grid("0.1").parse("1.05"), Err(GridError::OffGrid { .. })));
        assert!(matches!(grid("0.5").parse("1.3"), Err(GridError::OffGrid { .. })));
        assert!(matches!(grid("5").parse("7"), Err(GridError::OffGrid { .. })));
    }

    #[test]
    fn text_that_is_no_decimal_is_refused() {
        for text in ["", "-", ".", "1e5", "1.2.3", "NaN", " 1", "+1"] {
            assert!(matches!(grid("0.1").parse(text), Err(GridError::NotDecimal { .. })), "{text:?}");
        }
        assert!(matches!(grid("0.1").parse("99999999999999999999"), Err(GridError::TooLarge { .. })));
    }

    #[test]
    fn value_inverts_parse() {
        let grid = grid("0.05");
        assert_eq!(grid.value(grid.parse("2004.85").unwrap()), "2004.85".parse().unwrap());
    }

    #[test]
    fn a_step_must_be_positive() {
        assert!(matches!(Grid::new(Decimal::ZERO), Err(GridError::BadStep { .. })));
        assert!(matches!(Grid::new(Decimal::NEGATIVE_ONE), Err(GridError::BadStep { .. })));
    }
}
