//! The collateral side of a ledger: what is counted, what is kept back, and how the lanes move it.
//!
//! Collateral is valued at the bank's marks: every asset's net amount (balance, position cash and unrealised P&L) at
//! its price less haircut if owned, plus haircut if owed; the coins of spot positions likewise at the instrument's own
//! mark and the unfavourable rate of its quote. The loss of spot positions is in their cells; that of all other coins
//! is in the offsets.
//!
//! Rounding: collateral down, reserve and offsets up.
//!
//! Invariant: `collateral - offset` in any lane is at most what the account's assets are worth there, at every point of
//! the validity box.

use crate::bank::BankError;
use crate::exact::Exact;
use crate::position::AccountState;
use crate::scenario::LaneSet;
use crate::unit::{Money, Ppm};
use crate::value::Market;
use crossgate_instrument::Kind;
use serde::Serialize;

/// The rows of one ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountRow {
    /// The card's ledger index.
    pub account: u16,
    /// Collateral C.
    pub collateral: Money,
    /// Kept back, R.
    pub reserve: Money,
    /// Per lane B: the loss, beyond haircuts, of the assets counted in C; a gain is negative.
    pub offsets: Vec<Money>,
}

/// The net amount of each configured asset: balances, position cash and unrealised P&L, without the coins of spot
/// positions.
pub(crate) fn net_assets(market: &Market<'_>, account: &AccountState) -> Result<Vec<Exact>, BankError> {
    let expected = market.universe().config().assets.len();
    if account.balances.len() != expected {
        let actual = account.balances.len();
        return Err(BankError::Balances { account: account.account, expected, actual });
    }
    let mut net: Vec<Exact> = account.balances.iter().map(|balance| Exact::from(*balance)).collect();
    for (index, position) in account.positions.iter().enumerate() {
        let repeated = account.positions.iter().take(index).any(|other| other.instrument == position.instrument);
        let quote = market.quote(position.instrument).filter(|_| !repeated);
        let error = BankError::Position { account: account.account, instrument: position.instrument };
        let quote = quote.ok_or(error)?;
        if let Some(amount) = net.get_mut(quote.links.cash) {
            let equity = position.cash_equity(&quote.spec.instrument, &quote.unit, &quote.price);
            *amount = &*amount + &equity;
        }
    }
    Ok(net)
}

/// Builds the row of one account.
pub(crate) fn account_row(
    market: &Market<'_>,
    lanes: &LaneSet,
    account: &AccountState,
    net: &[Exact],
) -> Result<AccountRow, BankError> {
    let money_error = |field| BankError::Money { account: account.account, field };
    let collateral = collateral(market, account, net);
    let reserve = reserve(market, account);
    let offsets = lanes.scenarios().iter().map(|scenario| {
        let losses = net.iter().enumerate().map(|(asset, amount)| market.holding_loss(asset, amount, scenario));
        let total = losses.fold(Exact::zero(), |total, loss| total + loss);
        Money::ceil(&total).ok_or_else(|| money_error("offset"))
    });
    Ok(AccountRow {
        account: account.account,
        collateral: Money::floor(&collateral).ok_or_else(|| money_error("collateral"))?,
        reserve: Money::ceil(&reserve).ok_or_else(|| money_error("reserve"))?,
        offsets: offsets.collect::<Result<_, _>>()?,
    })
}

fn collateral(market: &Market<'_>, account: &AccountState, net: &[Exact]) -> Exact {
    let counted = |haircut: Ppm, value: Exact| {
        if value.signum() >= 0 {
            value * haircut.one_minus()
        } else {
            value * haircut.one_plus()
        }
    };
    let universe = market.universe();
    let assets = net
        .iter()
        .enumerate()
        .map(|(asset, amount)| counted(universe.haircut(asset), amount * &market.asset_price(asset)));
    let coins = account.positions.iter().filter_map(|position| {
        let quote = market.quote(position.instrument).filter(|quote| quote.spec.instrument.kind == Kind::Spot)?;
        let (low, high) = market.stable_rates(quote.links.cash);
        let rate = if position.lots.get() >= 0 { low } else { high };
        let value = Exact::from(position.lots.get()) * quote.unit * quote.price * rate;
        Some(counted(quote.spec.spot_haircut, value))
    });
    assets.chain(coins).fold(Exact::zero(), |total, value| total + value)
}

fn reserve(market: &Market<'_>, account: &AccountState) -> Exact {
    let policy = market.universe().config().reserve;
    let gross = account.positions.iter().filter_map(|position| {
        let quote = market.quote(position.instrument)?;
        let lots = Exact::from(position.lots.get().abs());
        Some(match quote.spec.instrument.kind {
            Kind::InversePerpetual => lots * quote.unit / quote.price * market.asset_price(quote.links.cash),
            Kind::Spot | Kind::LinearPerpetual => {
                lots * quote.unit * quote.price * market.stable_rates(quote.links.cash).1
            }
        })
    });
    let gross = gross.fold(Exact::zero(), |total, value| total + value);
    Exact::from(i64::from(policy.base)) + gross * policy.of_gross.exact()
}
