//! The units of an instrument's row in the bank: the size of a gate lot and the exponent of its mantissas.
//!
//! The gate lot is static; the exponent belongs to a bank and follows the losses.
//!
//! Invariant: a chosen [`Scale`] covers the largest position with 17 bits of gate lots.

use crate::exact::Exact;
use crate::unit::{Ppm, MONEY_PER_UNIT};
use crossgate_instrument::{Instrument, Kind, Lots, Ticks};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The largest loss mantissa and the largest position in gate lots: 17 bits beside the sign.
pub const MANTISSA_MAX: i64 = 131_071;
/// The exponents the card knows.
pub const EXPONENTS: [u32; 4] = [0, 4, 8, 12];
/// The largest gate lot is `2^31` native lots.
pub const LOT_SHIFT_MAX: u32 = 31;
/// Fraction bits of a tick mantissa.
pub const TICK_FRACTION_BITS: u32 = 8;

/// How far the price may move from the one a scale was chosen at before its mantissas overflow.
const PRICE_HEADROOM: i64 = 4;
/// A loss mantissa below this many units rounds too coarsely while positions can spare lots.
const PRECISION: i64 = 1 << 10;

/// The units of one instrument's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// A gate lot is `2^lot_shift` native lots.
    pub lot_shift: u32,
    /// Money is a mantissa times `2^exponent`; one of [`EXPONENTS`].
    pub exponent: u32,
}

/// Why no scale exists.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScaleError {
    /// The mark or the price of the settlement asset is not positive.
    #[error("{symbol}: a positive mark and settlement price are needed, got {mark} ticks and {settlement_price}")]
    Price {
        /// The instrument.
        symbol: String,
        /// The mark.
        mark: i64,
        /// The price of the settlement asset.
        settlement_price: Decimal,
    },
    /// The maximum position does not fit 17 bits of the largest gate lot, or is not positive.
    #[error("{symbol}: a position of {lots} lots is outside 1 to {lots_max}")]
    Capacity {
        /// The instrument.
        symbol: String,
        /// The largest position asked for.
        lots: i64,
        /// The largest possible.
        lots_max: i64,
    },
    /// The loss or tick value of a gate lot overflows the largest exponent.
    #[error("{symbol}: gate lots of 2^{lot_shift} lots lose more than {MANTISSA_MAX} * 2^12 money units")]
    Mantissa {
        /// The instrument.
        symbol: String,
        /// The gate lot needed for the maximum position.
        lot_shift: u32,
    },
}

impl Scale {
    /// Chooses the smallest gate lot that covers `max_position`, enlarged while its loss would round coarsely and
    /// positions can spare lots, and the smallest exponent that holds its worst loss and tick values.
    ///
    /// `settlement_price` is the account currency per unit of the quote (spot), settlement (linear) or coin (inverse);
    /// `largest_move` bounds every lane. The price may change by a factor of four either way before no exponent may fit
    /// and the gate lot must be chosen anew.
    ///
    /// # Errors
    /// [`ScaleError`] naming what does not fit.
    pub fn choose(
        instrument: &Instrument,
        mark: Ticks,
        settlement_price: Decimal,
        max_position: Lots,
        largest_move: Ppm,
    ) -> Result<Self, ScaleError> {
        let symbol = || instrument.symbol.clone();
        if mark.get() <= 0 || settlement_price <= Decimal::ZERO {
            return Err(ScaleError::Price { symbol: symbol(), mark: mark.get(), settlement_price });
        }
        let lots = max_position.get();
        let lots_max = MANTISSA_MAX << LOT_SHIFT_MAX;
        if !(1..=lots_max).contains(&lots) {
            return Err(ScaleError::Capacity { symbol: symbol(), lots, lots_max });
        }
        let (loss, tick) = bounds(instrument, mark, settlement_price, largest_move);
        let units = |value: &Exact, shift: u32, exponent: u32| {
            (value * &Exact::whole(i128::from(MONEY_PER_UNIT) << shift) / Exact::whole(1i64 << exponent)).ceil()
        };
        let mut lot_shift = 0;
        while lots > MANTISSA_MAX << lot_shift {
            lot_shift += 1;
        }
        while lots >> (lot_shift + 10) > 0 && units(&loss, lot_shift, 0).is_some_and(|u| u < i128::from(PRECISION)) {
            lot_shift += 1;
        }
        let fits = |value: Option<i128>| value.is_some_and(|v| v <= i128::from(MANTISSA_MAX));
        EXPONENTS
            .into_iter()
            .find(|&exponent| {
                fits(units(&loss, lot_shift, exponent)) && fits(units(&tick, lot_shift + TICK_FRACTION_BITS, exponent))
            })
            .map(|exponent| Self { lot_shift, exponent })
            .ok_or_else(|| ScaleError::Mantissa { symbol: symbol(), lot_shift })
    }

    /// The least count of gate lots that covers `lots` native lots.
    pub const fn gate_lots_up(self, lots: i64) -> i64 {
        -((-lots) >> self.lot_shift)
    }

    /// The greatest count of gate lots not above `lots` native lots.
    pub const fn gate_lots_down(self, lots: i64) -> i64 {
        lots >> self.lot_shift
    }

    /// A value of account currency per native lot as a mantissa per gate lot, rounded up, with `fraction_bits` more
    /// bits.
    pub(crate) fn mantissa_up(self, per_lot: &Exact, fraction_bits: u32) -> Option<i64> {
        let scaled = per_lot * &Exact::whole(i128::from(MONEY_PER_UNIT) << (self.lot_shift + fraction_bits));
        let mantissa = i64::try_from((scaled / Exact::whole(1i64 << self.exponent)).ceil()?).ok()?;
        (mantissa.abs() <= MANTISSA_MAX).then_some(mantissa)
    }
}

/// Upper bounds of the loss and of the value of a tick, per native lot in account currency, with room for box, haircut,
/// fee and price headroom.
fn bounds(instrument: &Instrument, mark: Ticks, settlement_price: Decimal, largest_move: Ppm) -> (Exact, Exact) {
    let headroom = Exact::whole(PRICE_HEADROOM);
    let unit = Exact::from(instrument.lot.step()) * Exact::from(instrument.contract_size);
    let price = Exact::from(instrument.tick.step()) * Exact::from(mark.get());
    let rate = Exact::from(settlement_price);
    let step = Exact::from(instrument.tick.step());
    match instrument.kind {
        Kind::Spot | Kind::LinearPerpetual => {
            let loss = &unit * &price * largest_move.exact() * &rate * &headroom;
            (loss, unit * step * rate * headroom)
        }
        Kind::InversePerpetual => {
            let notional = unit * rate / &price;
            let loss = &notional * &largest_move.exact() * Exact::ratio(3, 2);
            (loss, notional * step / price * largest_move.one_plus() * &headroom * headroom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_gate_lot_covers_the_maximum_position() {
        let btc = sample::linear();
        let choose = |lots| Scale::choose(&btc, Ticks::new(600_000), Decimal::ONE, Lots::new(lots), Ppm::new(600_000));
        // 0.001 BTC at 60,000: .6 * 60 * 4 = 144 currency = 1.44e6 units: exponent 4.
        assert_eq!(choose(1_000).unwrap(), Scale { lot_shift: 0, exponent: 4 });
        assert_eq!(choose(131_071).unwrap().lot_shift, 0);
        assert_eq!(choose(131_072).unwrap().lot_shift, 1);
        assert!(matches!(choose(0), Err(ScaleError::Capacity { .. })));
        assert!(matches!(choose(i64::MAX), Err(ScaleError::Capacity { .. })));
        // Gate lots of 2^20 milli-bitcoins lose far more than 131071 << 12 units.
        assert!(matches!(choose(131_071 << 20), Err(ScaleError::Mantissa { lot_shift: 20, .. })));
    }

    #[test]
    fn small_losses_get_larger_gate_lots_while_positions_allow() {
        let btc = sample::linear();
        let choose =
            |lots| Scale::choose(&btc, Ticks::new(1), Decimal::ONE, Lots::new(lots), Ppm::new(600_000)).unwrap();
        assert_eq!(choose(1_000).lot_shift, 0);
        // A lot loses .001 * .1 * .6 * 4 = 2.4e-4 currency = 2.4 units; 2^9 of them lose 1228.8.
        assert_eq!(choose(130_000_000).lot_shift, 10);
        assert_eq!(choose(1 << 22).lot_shift, 9);
    }

    #[test]
    fn gate_lots_round_towards_the_larger_exposure() {
        let scale = Scale { lot_shift: 2, exponent: 0 };
        assert_eq!((scale.gate_lots_up(5), scale.gate_lots_up(-5), scale.gate_lots_up(8)), (2, -1, 2));
        assert_eq!((scale.gate_lots_down(5), scale.gate_lots_down(-5), scale.gate_lots_down(-8)), (1, -2, -2));
    }
}
