//! Exact accounting of positions and balances.
//!
//! A position is native lots and the cash its fills left behind; its equity is the lots' value at a mark plus that
//! cash. Not a journal, and not the card's copy of a position.
//!
//! | kind | cash asset | a fill of signed `lots` at `price` adds to cash | the lots' value at `mark` |
//! |---|---|---|---|
//! | spot | quote | `-lots * unit * price - fee` | the coins |
//! | linear | settlement | `-lots * unit * price - fee` | `lots * unit * mark` |
//! | inverse | coin | `lots * unit / price - fee` | `-lots * unit / mark` |
//!
//! with `unit = lot * contract_size` and the fee a fraction of the absolute amount.
//!
//! Invariant: cash is exact or, where a quotient or fee needs more than 12 decimals, rounded down: against the account.

use crate::exact::Exact;
use crate::unit::Ppm;
use crossgate_instrument::{Instrument, Kind, Lots, Side, Ticks};
use rust_decimal::Decimal;
use thiserror::Error;

/// Decimals of position cash.
pub const CASH_DECIMALS: u32 = 12;

/// Why a fill is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PositionError {
    /// The price or the quantity of a fill is not positive.
    #[error("{symbol}: a fill of {lots} lots at {price} ticks")]
    Fill {
        /// The instrument.
        symbol: String,
        /// Lots of the fill.
        lots: i64,
        /// Price of the fill in ticks.
        price: i64,
    },
    /// Lots leave 63 bits or cash leaves 96 bits.
    #[error("{symbol}: lots or cash overflow")]
    Overflow {
        /// The instrument.
        symbol: String,
    },
}

/// Native lots of one instrument and the cash their fills left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Index of the instrument in the configuration.
    pub instrument: usize,
    /// Signed native lots.
    pub lots: Lots,
    /// Cash in the quote (spot) or settlement asset.
    pub cash: Decimal,
}

impl Position {
    /// No lots and no cash.
    pub const fn flat(instrument: usize) -> Self {
        Self { instrument, lots: Lots::ZERO, cash: Decimal::ZERO }
    }

    /// Applies a fill of `lots` (positive) at `price`, with `fee` as a fraction of its notional. Nothing changes on an
    /// error.
    ///
    /// # Errors
    /// [`PositionError`] naming the instrument.
    pub fn fill(
        &mut self,
        product: &Instrument,
        side: Side,
        lots: Lots,
        price: Ticks,
        fee: Ppm,
    ) -> Result<(), PositionError> {
        let symbol = || product.symbol.clone();
        if lots.get() <= 0 || price.get() <= 0 {
            return Err(PositionError::Fill { symbol: symbol(), lots: lots.get(), price: price.get() });
        }
        let overflow = || PositionError::Overflow { symbol: symbol() };
        let total = self.lots.get().checked_add(side.sign() * lots.get()).ok_or_else(overflow)?;
        let unit = Exact::from(product.lot.step()) * Exact::from(product.contract_size);
        let price = Exact::from(product.tick.step()) * Exact::from(price.get());
        let (amount, direction) = match product.kind {
            Kind::Spot | Kind::LinearPerpetual => (unit * Exact::from(lots.get()) * price, -side.sign()),
            Kind::InversePerpetual => (unit * Exact::from(lots.get()) / price, side.sign()),
        };
        let change = &amount * &Exact::from(direction) - &amount * &fee.exact();
        let cash = floor_decimal(&(Exact::from(self.cash) + change)).ok_or_else(overflow)?;
        *self = Self { lots: Lots::new(total), cash, ..*self };
        Ok(())
    }

    /// Equity in the cash asset at the price `mark`, without the coins of spot.
    pub(crate) fn cash_equity(&self, product: &Instrument, unit: &Exact, mark: &Exact) -> Exact {
        let lots = Exact::from(self.lots.get());
        let cash = Exact::from(self.cash);
        match product.kind {
            Kind::Spot => cash,
            Kind::LinearPerpetual => cash + lots * unit * mark,
            Kind::InversePerpetual => cash - lots * unit / mark,
        }
    }
}

/// The greatest decimal with [`CASH_DECIMALS`] not above `value`.
fn floor_decimal(value: &Exact) -> Option<Decimal> {
    let units = (value * &Exact::whole(10i64.pow(CASH_DECIMALS))).floor()?;
    Decimal::try_from_i128_with_scale(units, CASH_DECIMALS).ok()
}

/// The balances and positions behind one ledger of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// The card's ledger index.
    pub account: u16,
    /// What is held of each configured asset, without the cash of `positions`.
    pub balances: Vec<Decimal>,
    /// Its positions, at most one per instrument.
    pub positions: Vec<Position>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn cash(position: &Position) -> String {
        position.cash.normalize().to_string()
    }

    #[test]
    fn a_linear_round_trip_leaves_its_profit_less_fees() {
        let product = sample::linear();
        let mut position = Position::flat(0);
        let fee = Ppm::new(500);
        position.fill(&product, Side::Bid, Lots::new(2_000), Ticks::new(600_000), fee).unwrap();
        // 2 BTC at 60,000 and .05 %: -120,000 - 60.
        assert_eq!((position.lots, cash(&position).as_str()), (Lots::new(2_000), "-120060"));
        position.fill(&product, Side::Ask, Lots::new(2_000), Ticks::new(610_000), fee).unwrap();
        assert_eq!((position.lots, cash(&position).as_str()), (Lots::ZERO, "1879"));
    }

    #[test]
    fn inverse_cash_is_coins_rounded_down() {
        let product = sample::inverse();
        let mut position = Position::flat(0);
        position.fill(&product, Side::Bid, Lots::new(3), Ticks::new(700_000), Ppm::default()).unwrap();
        // 300 / 70,000 = 0.004285714285(714...)
        assert_eq!(cash(&position), "0.004285714285");
        position.fill(&product, Side::Ask, Lots::new(3), Ticks::new(700_000), Ppm::default()).unwrap();
        assert_eq!((position.lots, cash(&position).as_str()), (Lots::ZERO, "-0.000000000001"));
    }

    #[test]
    fn an_impossible_fill_changes_nothing() {
        let product = sample::linear();
        let mut position = Position { lots: Lots::new(i64::MAX), ..Position::flat(0) };
        let before = position;
        let fill =
            |p: &mut Position, lots, price| p.fill(&product, Side::Bid, Lots::new(lots), Ticks::new(price), Ppm::ONE);
        assert!(matches!(fill(&mut position, 0, 1), Err(PositionError::Fill { .. })));
        assert!(matches!(fill(&mut position, 1, 0), Err(PositionError::Fill { .. })));
        assert!(matches!(fill(&mut position, 1, 1), Err(PositionError::Overflow { .. })));
        assert_eq!(position, before);
    }
}
