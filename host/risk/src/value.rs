//! What a lot gains and loses: exactly for the card, in floating point for the historical figures.
//!
//! Spot, linear and inverse perpetuals. Losses are in account currency per native lot; `unit` below is `lot *
//! contract_size`.
//!
//! | kind | P&L of one lot from P0 to P1 | paid in |
//! |---|---|---|
//! | linear | `unit * (P1 - P0)` | a stable asset, worth anything in `rate * (1 -+ haircut)` |
//! | inverse | `unit * (1/P0 - 1/P1)` | the coin, worth its scenario price |
//! | spot | the coin itself, counted at `mark * (1 -+ haircut)` | |
//!
//! A lane's loss runs from the bank mark to `mark * (1 + box point) * (1 + move)`. The price and the coin's own index
//! move to box corners of their own, so a basis within the box is covered. All formulas are monotone or bilinear in
//! these, so the corners are the worst.
//!
//! Spot and coin collateral lose only what goes beyond the haircut already taken, and gain on the counted part only
//! (see [`owned_loss`], [`owed_loss`]).
//!
//! Invariant: `long + short >= 0` in every lane: no side may gain more than the other loses.

use crate::config::{InstrumentSpec, Links, Universe};
use crate::exact::Exact;
use crate::scenario::Scenario;
use crate::unit::{count_to_f64, decimal_to_f64, Ppm};
use crossgate_instrument::{Kind, Lots, Ticks};
use rust_decimal::Decimal;
use thiserror::Error;

/// Why marks are refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MarketError {
    /// A list does not have one entry per instrument or asset.
    #[error("{what}: expected {expected} entries, got {actual}")]
    Count {
        /// `marks`, `asset prices` or `balances`.
        what: &'static str,
        /// Entries needed.
        expected: usize,
        /// Entries given.
        actual: usize,
    },
    /// A mark or price is not positive (the account currency: not 1).
    #[error("{name}: {actual} is no price")]
    Price {
        /// The instrument or asset.
        name: String,
        /// Its price.
        actual: String,
    },
}

/// The marks of one epoch over a [`Universe`].
#[derive(Clone, Debug)]
pub struct Market<'a> {
    universe: &'a Universe,
    marks: Vec<Option<Ticks>>,
    asset_prices: Vec<Decimal>,
}

/// The losses of one native lot in one lane, in account currency; a gain is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotLoss {
    /// Of one lot long.
    pub long: Exact,
    /// Of one lot short.
    pub short: Exact,
}

impl LotLoss {
    /// The loss of `lots` native lots.
    pub fn of(&self, lots: Lots) -> Exact {
        let side = if lots.get() >= 0 { &self.long } else { &self.short };
        side * &Exact::from(lots.get().abs())
    }
}

/// The loss, beyond its haircut, of one unit of counted value owned, when its price moves by `moved`.
///
/// Owned value is counted at `1 - haircut`. A fall costs what exceeds the haircut; a rise earns on the counted part.
pub fn owned_loss(moved: &Exact, haircut: Ppm) -> Exact {
    if moved.signum() > 0 {
        -(moved * &haircut.one_minus())
    } else {
        (-(moved + &haircut.exact())).max(Exact::zero())
    }
}

/// The loss, beyond its add-on, of one unit of value owed, when its price moves by `moved`.
///
/// Owed value is counted at `1 + haircut`. A rise costs what exceeds the add-on; a fall earns on the counted part.
pub fn owed_loss(moved: &Exact, haircut: Ppm) -> Exact {
    if moved.signum() < 0 {
        moved * &haircut.one_plus()
    } else {
        (moved - &haircut.exact()).max(Exact::zero())
    }
}

impl<'a> Market<'a> {
    /// Checks the marks (ticks per instrument, `None` where there is none yet) and prices (account currency per asset).
    ///
    /// # Errors
    /// [`MarketError`] naming the offender.
    pub fn new(universe: &'a Universe, marks: &[Option<Ticks>], asset_prices: &[Decimal]) -> Result<Self, MarketError> {
        let config = universe.config();
        let count = |what, expected, actual| {
            if expected == actual {
                return Ok(());
            }
            Err(MarketError::Count { what, expected, actual })
        };
        count("marks", config.instruments.len(), marks.len())?;
        count("asset prices", config.assets.len(), asset_prices.len())?;
        for (spec, mark) in config.instruments.iter().zip(marks) {
            if let Some(mark) = mark.filter(|mark| mark.get() <= 0) {
                let name = spec.instrument.symbol.clone();
                return Err(MarketError::Price { name, actual: mark.get().to_string() });
            }
        }
        for (index, (asset, price)) in config.assets.iter().zip(asset_prices).enumerate() {
            let wrong = *price <= Decimal::ZERO || (index == universe.account_currency() && *price != Decimal::ONE);
            if wrong {
                return Err(MarketError::Price { name: asset.name.clone(), actual: price.to_string() });
            }
        }
        Ok(Self { universe, marks: marks.to_vec(), asset_prices: asset_prices.to_vec() })
    }

    /// The configuration behind the marks.
    pub fn universe(&self) -> &'a Universe {
        self.universe
    }

    /// The bank mark of an instrument.
    pub fn mark(&self, instrument: usize) -> Option<Ticks> {
        self.marks.get(instrument).copied().flatten()
    }

    /// Account currency per unit of an asset.
    pub(crate) fn asset_price(&self, asset: usize) -> Exact {
        self.asset_prices.get(asset).map_or_else(Exact::zero, |price| Exact::from(*price))
    }

    /// The least and the most a unit of a stable asset is worth.
    pub(crate) fn stable_rates(&self, asset: usize) -> (Exact, Exact) {
        let (price, haircut) = (self.asset_price(asset), self.universe.haircut(asset));
        (&price * &haircut.one_minus(), &price * &haircut.one_plus())
    }

    /// The price multiples `(1 + box point) * (1 + move)` at the two box corners.
    pub(crate) fn corners(&self, moved: Ppm) -> [Exact; 2] {
        let pad = self.universe.config().validity_box;
        [pad.one_minus() * moved.one_plus(), pad.one_plus() * moved.one_plus()]
    }

    /// Everything a formula needs about one instrument; `None` without a mark.
    pub(crate) fn quote(&self, instrument: usize) -> Option<Quote<'a>> {
        let (spec, links) = self.universe.spec(instrument)?;
        let mark = self.mark(instrument)?;
        let product = &spec.instrument;
        Some(Quote {
            spec,
            links,
            mark,
            price: Exact::from(product.tick.step()) * Exact::from(mark.get()),
            unit: Exact::from(product.lot.step()) * Exact::from(product.contract_size),
        })
    }

    /// The losses of one native lot in a lane; `None` without a mark.
    pub fn lot_loss(&self, instrument: usize, scenario: &Scenario) -> Option<LotLoss> {
        let quote = self.quote(instrument)?;
        let moved = scenario.moves.get(quote.links.underlying).copied()?;
        let corners = self.corners(moved);
        let loss = match quote.spec.instrument.kind {
            Kind::LinearPerpetual => self.linear_loss(&quote, &corners),
            Kind::InversePerpetual => self.inverse_loss(&quote, &corners),
            Kind::Spot => self.spot_loss(&quote, &corners),
        };
        Some(no_side_gains_more_than_the_other_loses(loss))
    }

    fn linear_loss(&self, quote: &Quote<'_>, corners: &[Exact; 2]) -> LotLoss {
        let (low, high) = self.stable_rates(quote.links.cash);
        let gains = corners.iter().map(|to| &quote.unit * &quote.price * (to - &Exact::whole(1)));
        worst(gains.flat_map(|gain| [&gain * &low, &gain * &high]))
    }

    fn inverse_loss(&self, quote: &Quote<'_>, corners: &[Exact; 2]) -> LotLoss {
        let coin_price = self.asset_price(quote.links.cash);
        let coins = corners.iter().map(|to| {
            let after = &quote.price * to;
            &quote.unit / &quote.price - &quote.unit / &after
        });
        worst(coins.flat_map(|coin| corners.each_ref().map(|to| &coin * &coin_price * to)))
    }

    fn spot_loss(&self, quote: &Quote<'_>, corners: &[Exact; 2]) -> LotLoss {
        let (low, high) = self.stable_rates(quote.links.cash);
        let haircut = quote.spec.spot_haircut;
        let value = &quote.unit * &quote.price;
        let moves = corners.each_ref().map(|to| to - &Exact::whole(1));
        let [down, up] = &moves;
        LotLoss { long: &value * &low * owned_loss(down, haircut), short: &value * &high * owed_loss(up, haircut) }
    }

    /// The loss in a lane of `amount` of an asset counted in collateral, beyond its haircut; nothing for a stable
    /// asset.
    pub(crate) fn holding_loss(&self, asset: usize, amount: &Exact, scenario: &Scenario) -> Exact {
        let underlying = self.universe.asset_underlying(asset);
        let Some(moved) = underlying.and_then(|index| scenario.moves.get(index).copied()) else {
            return Exact::zero();
        };
        let value = self.asset_price(asset) * amount;
        let haircut = self.universe.haircut(asset);
        let [low, high] = self.corners(moved);
        if value.signum() >= 0 {
            value * owned_loss(&(low - Exact::whole(1)), haircut)
        } else {
            value.abs() * owed_loss(&(high - Exact::whole(1)), haircut)
        }
    }

    /// P&L of `lots` native lots in account currency when the underlying moves by `moved`, for the historical figures;
    /// 0 without a mark.
    pub fn pnl(&self, instrument: usize, lots: Lots, moved: f64) -> f64 {
        self.reprice(instrument, lots).map_or(0.0, |position| position.pnl(moved))
    }

    /// A position in floating point, ready for many revaluations; `None` without a mark.
    pub(crate) fn reprice(&self, instrument: usize, lots: Lots) -> Option<Reprice> {
        let (spec, links) = self.universe.spec(instrument)?;
        let product = &spec.instrument;
        let price = decimal_to_f64(product.tick.step()) * count_to_f64(self.mark(instrument)?.get());
        Some(Reprice {
            kind: product.kind,
            quantity: count_to_f64(lots.get()) * decimal_to_f64(product.lot.step() * product.contract_size),
            price,
            cash_price: self.asset_prices.get(links.cash).map_or(f64::NAN, |p| decimal_to_f64(*p)),
        })
    }
}

/// One instrument at its mark.
#[derive(Clone, Debug)]
pub(crate) struct Quote<'a> {
    pub(crate) spec: &'a InstrumentSpec,
    pub(crate) links: Links,
    pub(crate) mark: Ticks,
    /// The mark as a price.
    pub(crate) price: Exact,
    /// `lot * contract_size`.
    pub(crate) unit: Exact,
}

/// A position in floating point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reprice {
    kind: Kind,
    quantity: f64,
    price: f64,
    cash_price: f64,
}

impl Reprice {
    /// Full revaluation at `price * (1 + moved)`.
    pub(crate) fn pnl(&self, moved: f64) -> f64 {
        let after = self.price * (1.0 + moved);
        match self.kind {
            Kind::Spot | Kind::LinearPerpetual => self.quantity * (after - self.price) * self.cash_price,
            Kind::InversePerpetual => {
                self.quantity * (1.0 / self.price - 1.0 / after) * (self.cash_price * (1.0 + moved))
            }
        }
    }
}

/// The worst loss long and short over the possible gains of a long lot.
fn worst(gains: impl Iterator<Item = Exact>) -> LotLoss {
    let mut loss: Option<LotLoss> = None;
    for gain in gains {
        loss = Some(match loss {
            None => LotLoss { long: -&gain, short: gain },
            Some(LotLoss { long, short }) => LotLoss { long: long.max(-&gain), short: short.max(gain) },
        });
    }
    loss.unwrap_or(LotLoss { long: Exact::zero(), short: Exact::zero() })
}

fn no_side_gains_more_than_the_other_loses(loss: LotLoss) -> LotLoss {
    let LotLoss { long, short } = loss;
    if (&long + &short).signum() >= 0 {
        return LotLoss { long, short };
    }
    if long < short {
        LotLoss { long: -&short, short }
    } else {
        LotLoss { short: -&long, long }
    }
}
