//! The integer image that one epoch publishes to the card.
//!
//! Plain integers in the card's units; the command line packs them into commands. Not the card's state: cells, reserves
//! and limits live there.
//!
//! Units: a gate lot is `2^lot_shift` native lots; money is 1e-4 of the account currency; a mantissa is `2^exponent`
//! money.
//!
//! Execution reserve. The card keeps `ceil(leaves / gate lot) * ceil(diff * tick / 2^8)` mantissa units for an open
//! order, `diff` being the ticks by which a bid exceeds `mark_buy` or an ask stays below `mark_sell`. Per native lot,
//! with `m` the bank mark, `P` the order's price, `u` = lot * contract size, `f` the fee, `h` the haircut of spot, `a` and
//! `b` the least and the most a unit of the quote may be worth and `X` the highest coin price of box and lanes (at least
//! its counted price owed):
//!
//! - linear buy: loss `u*b*(P*(1+f) - m) = u*b*(1+f) * (P - m/(1+f))`; so `mark_buy = m/(1+f)`, `tick_buy = u*b*(1+f)`
//!   per unit of price.
//! - linear sell: loss `u*b*(m - P*(1-f))`; `mark_sell = m/(1-f)`, `tick_sell = u*b*(1-f)`.
//! - spot buy pays `u*P*(1+f)` at `b` for a coin counted at least `u*m*(1-h)*a`: `mark_buy = m*(1-h)*a/(b*(1+f))`,
//!   `tick_buy = u*b*(1+f)`.
//! - spot sell takes a coin counted at most `u*m*(1+h)*b` for `u*P*(1-f)` at `a`: `mark_sell = m*(1+h)*b/(a*(1-f))`,
//!   `tick_sell = u*a*(1-f)`.
//! - inverse buy: loss in coin `u*(1/m - 1/P) + f*u/P = u*(P - m*(1-f))/(m*P)`. With `mark_buy <= m*(1-f)` it is at
//!   most `u*(P - mark_buy)/(m*P)`, positive only for `P > mark_buy`, hence at most `u*(P - mark_buy)/(m*mark_buy)`:
//!   `tick_buy = u*X/(m*mark_buy)`. This holds at every price.
//! - inverse sell: loss in coin `u*(1/P - 1/m) + f*u/P = u*(m*(1+f) - P)/(m*P)`, which grows as `P` falls, so the
//!   collar bounds it, plus a quarter of the mark for an ask that rests while the market rises: from
//!   `L = mark_buy - collar_ticks - m/4` up it is at most `u*(mark_sell - P)/(m*L)`: `tick_sell = u*X/(m*L)`.
//!
//! `mark_buy` is rounded down to ticks, `mark_sell` and both tick values up.
//!
//! Invariant: every rounding is against the account; `loss_long + loss_short >= 0` and `mark_buy <= mark_sell` in every
//! row.

use crate::account::AccountRow;
use crate::exact::Exact;
use crate::scale::{Scale, EXPONENTS, MANTISSA_MAX, TICK_FRACTION_BITS};
use crate::scenario::LaneSet;
use crate::value::{LotLoss, Market, Quote};
use crossgate_instrument::{Kind, Side};
use serde::Serialize;
use thiserror::Error;

/// `diff` and `rate` of the execution reserve are unsigned with this many bits.
pub const RATE_BITS: u32 = 17;

/// Why no image can be published; the previous bank stays until its deadline.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BankError {
    /// A mantissa leaves its bits at the largest exponent: the price or the ranges moved beyond what the gate lot was
    /// chosen for.
    #[error("{symbol}: no exponent holds the losses and tick values of 2^{lot_shift} lots")]
    Mantissa {
        /// The instrument.
        symbol: String,
        /// Its gate lot.
        lot_shift: u32,
    },
    /// The reserve of an order at the bank mark overflows, so every order of that side would be refused.
    #[error("{symbol}: an order at the mark is {diff_ticks} ticks from {field}, its reserve leaves {RATE_BITS} bits")]
    Rate {
        /// The instrument.
        symbol: String,
        /// `mark_buy` or `mark_sell`.
        field: &'static str,
        /// Its distance from the mark.
        diff_ticks: i64,
    },
    /// A price of the row leaves 1 to 2^32 - 1 ticks.
    #[error("{symbol}: {field} leaves 1 to 2^32 - 1 ticks")]
    Ticks {
        /// The instrument.
        symbol: String,
        /// The field.
        field: &'static str,
    },
    /// An amount of an account leaves 48 bits.
    #[error("account {account}: {field} leaves 48 bits of money")]
    Money {
        /// The account.
        account: u16,
        /// The field.
        field: &'static str,
    },
    /// An account holds an instrument that is unknown or has no mark, or holds it twice.
    #[error("account {account}: a position in instrument {instrument}, which is unknown, unmarked or repeated")]
    Position {
        /// The account.
        account: u16,
        /// The instrument's index.
        instrument: usize,
    },
    /// An account lists balances of other assets than configured.
    #[error("account {account}: expected {expected} balances, got {actual}")]
    Balances {
        /// The account.
        account: u16,
        /// Assets configured.
        expected: usize,
        /// Balances given.
        actual: usize,
    },
    /// An account appears twice.
    #[error("account {account} appears twice")]
    Repeated {
        /// The account.
        account: u16,
    },
}

/// The row of one instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstrumentRow {
    /// Gate lot and exponent.
    pub scale: Scale,
    /// The bank mark in ticks.
    pub mark: u32,
    /// Loss mantissa of one gate lot long, per lane; 18 bits signed.
    pub loss_long: Vec<i32>,
    /// Loss mantissa of one gate lot short, per lane; 18 bits signed.
    pub loss_short: Vec<i32>,
    /// The least a bought lot adds, in ticks.
    pub mark_buy: u32,
    /// The most a sold lot takes, in ticks.
    pub mark_sell: u32,
    /// Value of a tick per gate lot for buys, in `2^-8` mantissa units; 17 bits.
    pub tick_buy: u32,
    /// Value of a tick per gate lot for sells, in `2^-8` mantissa units; 17 bits.
    pub tick_sell: u32,
}

/// What one epoch publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BankImage {
    /// The epoch of every row.
    pub epoch: u32,
    /// Market time of the newest data inside.
    pub as_of_ns: u64,
    /// One row per configured instrument; `None` without a mark.
    pub rows: Vec<Option<InstrumentRow>>,
    /// One row per account of the request.
    pub accounts: Vec<AccountRow>,
}

impl InstrumentRow {
    /// Loss in money of `gate_lots`, at most [`MANTISSA_MAX`] either way, in `lane`.
    fn loss(&self, lane: usize, gate_lots: i64) -> i64 {
        let per_lot = if gate_lots >= 0 { &self.loss_long } else { &self.loss_short };
        (gate_lots.abs() * per_lot.get(lane).copied().map_or(0, i64::from)) << self.scale.exponent
    }

    /// The worst loss in money in `lane` over every subset of fills of `bid_lots` and `ask_lots` open beside
    /// `position`, all in native lots, as the card computes it; `None` where an end point leaves [`MANTISSA_MAX`] gate
    /// lots and the card refuses.
    pub fn worst_loss(&self, lane: usize, position: i64, bid_lots: i64, ask_lots: i64) -> Option<i64> {
        let high = self.scale.gate_lots_up(position.checked_add(bid_lots)?);
        let low = self.scale.gate_lots_down(position.checked_sub(ask_lots)?);
        let fits = |end: i64| (-MANTISSA_MAX..=MANTISSA_MAX).contains(&end);
        (fits(high) && fits(low)).then(|| self.loss(lane, high).max(self.loss(lane, low)))
    }

    /// The reserve rate of a price in mantissa units per gate lot; `None` where `diff` or the rate leaves [`RATE_BITS`]
    /// and the card refuses.
    pub fn rate(&self, side: Side, price: u32) -> Option<i64> {
        let (diff, tick) = match side {
            Side::Bid => (i64::from(price) - i64::from(self.mark_buy), self.tick_buy),
            Side::Ask => (i64::from(self.mark_sell) - i64::from(price), self.tick_sell),
        };
        let diff = diff.max(0);
        let rate = -((-diff * i64::from(tick)) >> TICK_FRACTION_BITS);
        (diff < 1 << RATE_BITS && rate < 1 << RATE_BITS).then_some(rate)
    }

    /// The execution reserve in money of an open order with `leaves` native lots at `price` ticks; `None` where the
    /// card refuses.
    pub fn execution_reserve(&self, side: Side, price: u32, leaves: i64) -> Option<i64> {
        let gate_lots = self.scale.gate_lots_up(leaves);
        let rate = self.rate(side, price).filter(|_| (0..=MANTISSA_MAX).contains(&gate_lots))?;
        Some((gate_lots * rate) << self.scale.exponent)
    }
}

/// Builds the row of an instrument from its lane losses; `None` without a mark.
///
/// The exponent is the smallest that holds every mantissa and the reserve of orders at the mark.
pub(crate) fn instrument_row(
    market: &Market<'_>,
    instrument: usize,
    lanes: &LaneSet,
    losses: &[LotLoss],
) -> Result<Option<InstrumentRow>, BankError> {
    let Some(quote) = market.quote(instrument) else { return Ok(None) };
    let execution = Execution::new(market, &quote, lanes)?;
    let mark = quote.ticks("mark", Some(i128::from(quote.mark.get())))?;
    let lot_shift = quote.spec.lot_shift;
    let symbol = || quote.spec.instrument.symbol.clone();
    let mut refused = BankError::Mantissa { symbol: symbol(), lot_shift };
    for exponent in EXPONENTS {
        let Some(row) = pack(Scale { lot_shift, exponent }, mark, &execution, losses) else { continue };
        let sides = [(Side::Bid, "mark_buy", row.mark_buy), (Side::Ask, "mark_sell", row.mark_sell)];
        match sides.into_iter().find(|(side, ..)| row.rate(*side, mark).is_none()) {
            None => return Ok(Some(row)),
            Some((_, field, at)) => {
                let diff_ticks = (i64::from(mark) - i64::from(at)).abs();
                refused = BankError::Rate { symbol: symbol(), field, diff_ticks };
            }
        }
    }
    Err(refused)
}

/// The row at one scale; `None` if a mantissa leaves its bits.
fn pack(scale: Scale, mark: u32, execution: &Execution, losses: &[LotLoss]) -> Option<InstrumentRow> {
    let side = |pick: fn(&LotLoss) -> &Exact| -> Option<Vec<i32>> {
        losses.iter().map(|loss| i32::try_from(scale.mantissa_up(pick(loss), 0)?).ok()).collect()
    };
    let (loss_long, loss_short) = (side(|loss| &loss.long)?, side(|loss| &loss.short)?);
    assert!(
        loss_long.iter().zip(&loss_short).all(|(long, short)| long + short >= 0),
        "rounded-up losses of opposite lots never sum below zero"
    );
    let tick = |value: &Exact| u32::try_from(scale.mantissa_up(value, TICK_FRACTION_BITS)?).ok();
    Some(InstrumentRow {
        scale,
        mark,
        loss_long,
        loss_short,
        mark_buy: execution.mark_buy,
        mark_sell: execution.mark_sell,
        tick_buy: tick(&execution.tick_buy)?,
        tick_sell: tick(&execution.tick_sell)?,
    })
}

/// The execution reserve's inputs before they are packed; ticks and account currency per native lot and tick.
struct Execution {
    mark_buy: u32,
    mark_sell: u32,
    tick_buy: Exact,
    tick_sell: Exact,
}

impl Execution {
    fn new(market: &Market<'_>, quote: &Quote<'_>, lanes: &LaneSet) -> Result<Self, BankError> {
        let mark = Exact::from(quote.mark.get());
        let (up, down) = (quote.spec.taker_fee.one_plus(), quote.spec.taker_fee.one_minus());
        let step = Exact::from(quote.spec.instrument.tick.step());
        let per_tick = &quote.unit * &step;
        let (buy, sell) = match quote.spec.instrument.kind {
            Kind::LinearPerpetual => (&mark / &up, &mark / &down),
            Kind::InversePerpetual => (&mark * &down, &mark * &up),
            Kind::Spot => {
                let (low, high) = market.stable_rates(quote.links.cash);
                let haircut = quote.spec.spot_haircut;
                let buy = &mark * &haircut.one_minus() * &low / (&high * &up);
                (buy, mark * haircut.one_plus() * high / (low * &down))
            }
        };
        let mark_buy = quote.ticks("mark_buy", buy.floor())?;
        let mark_sell = quote.ticks("mark_sell", sell.ceil())?;
        assert!(mark_buy <= mark_sell, "fees and haircuts only widen the marks");
        let (tick_buy, tick_sell) = match quote.spec.instrument.kind {
            Kind::LinearPerpetual => {
                let high = market.stable_rates(quote.links.cash).1;
                (&per_tick * &high * up, per_tick * high * down)
            }
            Kind::Spot => {
                let (low, high) = market.stable_rates(quote.links.cash);
                (&per_tick * &high * up, per_tick * low * down)
            }
            Kind::InversePerpetual => {
                let below = i128::from(quote.spec.collar_ticks) + i128::from(quote.mark.get()) / 4;
                let lowest = quote.ticks("mark_buy - collar - mark / 4", Some(i128::from(mark_buy) - below))?;
                let lowest = Exact::from(i64::from(lowest)) * &step;
                let least = Exact::from(i64::from(mark_buy)) * &step;
                let worth = per_tick * highest_coin_price(market, quote, lanes) / &quote.price;
                (&worth / &least, worth / lowest)
            }
        };
        Ok(Self { mark_buy, mark_sell, tick_buy, tick_sell })
    }
}

impl Quote<'_> {
    fn ticks(&self, field: &'static str, value: Option<i128>) -> Result<u32, BankError> {
        value
            .and_then(|v| u32::try_from(v).ok())
            .filter(|v| *v > 0)
            .ok_or_else(|| BankError::Ticks { symbol: self.spec.instrument.symbol.clone(), field })
    }
}

/// The highest price of the settlement coin over box and lanes, and not below its counted price when owed.
fn highest_coin_price(market: &Market<'_>, quote: &Quote<'_>, lanes: &LaneSet) -> Exact {
    let coin = quote.links.cash;
    let owed = market.universe().haircut(coin).one_plus();
    let highest = lanes
        .scenarios()
        .iter()
        .filter_map(|scenario| scenario.moves.get(quote.links.underlying))
        .map(|moved| {
            let [_, high] = market.corners(*moved);
            high
        })
        .fold(owed, Exact::max);
    market.asset_price(coin) * highest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> InstrumentRow {
        InstrumentRow {
            scale: Scale { lot_shift: 2, exponent: 4 },
            mark: 1_000,
            loss_long: vec![30, -7],
            loss_short: vec![-29, 8],
            mark_buy: 990,
            mark_sell: 1_010,
            tick_buy: 1,
            tick_sell: 300,
        }
    }

    #[test]
    fn rate_and_reserve_round_up() {
        // ceil(1 * 1 / 256) = 1; ceil(10 * 300 / 256) = 12; five lots are two gate lots, 2 * 12 * 16 = 384.
        assert_eq!(row().rate(Side::Bid, 991), Some(1));
        assert_eq!(row().rate(Side::Bid, 990), Some(0));
        assert_eq!(row().rate(Side::Ask, 1_000), Some(12));
        assert_eq!(row().execution_reserve(Side::Ask, 1_000, 5), Some(384));
    }

    #[test]
    fn a_distance_or_rate_of_18_bits_is_refused() {
        assert_eq!(row().rate(Side::Bid, 990 + 131_071), Some(512));
        assert_eq!(row().rate(Side::Bid, 990 + 131_072), None);
        let steep = InstrumentRow { tick_buy: 257, ..row() };
        assert_eq!(steep.rate(Side::Bid, 990 + 131_071), None);
    }

    #[test]
    fn the_worst_of_both_ends_counts_in_whole_gate_lots() {
        // Position 3, bids 6, asks 8: ends 9 and -5, three and minus two gate lots.
        assert_eq!(row().worst_loss(0, 3, 6, 8), Some(3 * 30 * 16));
        assert_eq!(row().worst_loss(1, 3, 6, 8), Some(2 * 8 * 16));
        assert_eq!(row().worst_loss(0, -4, 0, 0), Some(-29 * 16));
        assert_eq!(row().worst_loss(0, 4 * MANTISSA_MAX, 0, 0), Some((MANTISSA_MAX * 30) << 4));
        assert_eq!(row().worst_loss(0, 4 * MANTISSA_MAX, 1, 0), None);
        assert_eq!(row().worst_loss(0, i64::MAX, 1, 0), None);
    }
}
