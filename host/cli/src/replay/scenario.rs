//! Set-ups of the generated sample that show one thing, as changes to the built-in configuration.
//!
//! Not here: the market, which is the sample of the seed, and the flow, which is that of every replay.

use crate::args::Scenario;
use crate::config::Config;
use crossgate_instrument::Venue;
use rust_decimal::Decimal;

/// The fraction of the built-in balances that the account has.
const BALANCE_PERCENT: i64 = 45;
/// Percent of the balances that a venue with little collateral counts.
const SHARE_SMALL_PERCENT: i64 = 40;
/// Percent of the balances that a venue with a credit line counts.
const SHARE_LARGE_PERCENT: i64 = 2_000;

/// Changes the configuration to that of the scenario.
pub(super) fn apply(scenario: Scenario, config: &mut Config) {
    match scenario {
        Scenario::TwoLedgers => two_ledgers(config),
    }
}

/// A small account whose positions offset each other across venues. Kraken and the coin-margined venue hold little of
/// its collateral, so their ledgers refuse while the pool has room; the others lend, so there the pool refuses first.
fn two_ledgers(config: &mut Config) {
    for asset in &mut config.assets {
        asset.balance *= Decimal::new(BALANCE_PERCENT, 2);
    }
    for venue in &mut config.venues {
        let percent = match venue.venue {
            Venue::KrakenSpot | Venue::BinanceCoinm => SHARE_SMALL_PERCENT,
            Venue::BinanceUsdm | Venue::BinanceSpot => SHARE_LARGE_PERCENT,
        };
        venue.share = Decimal::new(percent, 2);
    }
}
