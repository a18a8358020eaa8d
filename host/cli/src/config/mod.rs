//! `crossgate.toml`: venues, instruments, collateral, risk and flow.
//!
//! Every key is known and every number is checked before anything runs; an error names the file, the line and the
//! remedy. Not the description that the risk
//! engine works on: see [`Config::risk`].

mod check;
mod raw;

use anyhow::{Context, Result};
use crossgate_contract::Sizes;
use crossgate_instrument::{Instrument, Lots, Venue};
use crossgate_risk::{AssetSpec, Ppm};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

/// The configuration used when none is given.
pub(crate) const DEFAULT_TOML: &str = include_str!("default.toml");

/// A holding of collateral.
#[derive(Clone, Debug)]
pub(crate) struct AssetConfig {
    /// Name and haircut.
    pub(crate) spec: AssetSpec,
    /// Fixed price in the account currency; `None` for an underlying, which takes its price from the books.
    pub(crate) price: Option<Decimal>,
    /// What is held.
    pub(crate) balance: Decimal,
}

/// A venue and what its ledger counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VenueConfig {
    /// The venue.
    pub(crate) venue: Venue,
    /// The part of every balance that the venue ledger counts as collateral.
    pub(crate) share: Decimal,
}

/// What the gate counts of the account beside its margin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountConfig {
    /// Most open orders.
    pub(crate) open_orders_max: u16,
    /// Microseconds of credit that a message costs; 0: messages are not limited.
    pub(crate) message_cost_us: u32,
    /// Most microseconds of credit.
    pub(crate) message_burst_us: u32,
}

/// Limits that are the same for every instrument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LimitSettings {
    /// Whether prices are tested against the touch of their own venue.
    pub(crate) touch: bool,
    /// How far the consolidated book may be crossed.
    pub(crate) crossed: Ppm,
    /// Greatest ages of bank, collateral and heartbeats, microseconds; 0: no limit.
    pub(crate) bank_us: u64,
    /// Collateral.
    pub(crate) collateral_us: u64,
    /// Heartbeats.
    pub(crate) heartbeat_us: u64,
}

/// An instrument and its limits.
#[derive(Clone, Debug)]
pub(crate) struct InstrumentConfig {
    /// The product.
    pub(crate) instrument: Instrument,
    /// Most native lots of an order.
    pub(crate) order_max: Lots,
    /// Most native lots times ticks of an order.
    pub(crate) notional_max: u64,
    /// Most native lots of a position.
    pub(crate) position_max: Lots,
    /// Fee of a fill that took liquidity: the worst one.
    pub(crate) taker_fee: Ppm,
    /// Fee of a fill that rested.
    pub(crate) maker_fee: Ppm,
    /// For spot, taken off coins owned and added to coins owed in its position.
    pub(crate) spot_haircut: Ppm,
    /// Orders further through the mark are refused.
    pub(crate) collar: Ppm,
    /// Native lots of a quote.
    pub(crate) clip: Lots,
}

/// Settings of the risk engine.
#[derive(Clone, Debug)]
pub(crate) struct RiskSettings {
    /// Folder of daily histories.
    pub(crate) history: Option<PathBuf>,
    /// What scenarios move.
    pub(crate) underlyings: Vec<String>,
    /// See the default file.
    pub(crate) validity_box: Ppm,
    /// Fixed reserve.
    pub(crate) reserve_base: u32,
    /// Proportional reserve.
    pub(crate) reserve_of_gross: Ppm,
    /// Fractions of the range.
    pub(crate) joint: Vec<Ppm>,
    /// Opposed lanes.
    pub(crate) opposed: bool,
    /// Solo lanes.
    pub(crate) solo: bool,
    /// Tail days.
    pub(crate) tails: usize,
    /// Market time between banks, nanoseconds.
    pub(crate) interval_ns: u64,
    /// Market time from snapshot to commit, nanoseconds.
    pub(crate) lag_ns: u64,
    /// Market time from a snapshot after which its bank must not be used, nanoseconds; 0: none.
    pub(crate) deadline_ns: u64,
}

/// Settings of the quoting flow.
#[derive(Clone, Debug)]
pub(crate) struct FlowSettings {
    /// Whether quotes are made.
    pub(crate) enabled: bool,
    /// Shortest time between two quotes of one side, nanoseconds.
    pub(crate) requote_ns: u64,
    /// Time that a simulated venue takes to answer a replace or a cancel, nanoseconds.
    pub(crate) venue_ns: u64,
    /// Quotes of a side.
    pub(crate) levels: usize,
    /// Ticks between them.
    pub(crate) level_ticks: i64,
    /// Ticks behind the touch.
    pub(crate) behind_ticks: i64,
    /// Ticks that make a quote stale.
    pub(crate) stale_ticks: i64,
    /// Hedge threshold in account currency.
    pub(crate) hedge_above: Decimal,
    /// Ticks a hedge may go through the touch.
    pub(crate) hedge_through_ticks: i64,
}

/// A checked configuration.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Build sizes of the card.
    pub(crate) sizes: Sizes,
    /// Account currency.
    pub(crate) currency: String,
    /// Limits of the account.
    pub(crate) account: AccountConfig,
    /// Collateral.
    pub(crate) assets: Vec<AssetConfig>,
    /// The venues of the instruments, by first appearance; the card's venue and venue ledger have the same index.
    pub(crate) venues: Vec<VenueConfig>,
    /// Instruments in the order of the file.
    pub(crate) instruments: Vec<InstrumentConfig>,
    /// Limits of everything.
    pub(crate) limits: LimitSettings,
    /// Risk engine.
    pub(crate) risk: RiskSettings,
    /// Quoting flow.
    pub(crate) flow: FlowSettings,
}

impl Config {
    /// The place of an instrument's venue in `venues`.
    pub(crate) fn venue_of(&self, instrument: usize) -> usize {
        let venue = self.instruments[instrument].instrument.venue;
        self.venues.iter().position(|one| one.venue == venue).unwrap_or_default()
    }

    /// Reads and checks `path`, or the built-in default.
    ///
    /// # Errors
    /// Unreadable file, unknown key, wrong type or a value out of range; the message names file, line and value.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self> {
        match path {
            None => Self::parse(DEFAULT_TOML, "the built-in configuration"),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read the configuration {}", path.display()))?;
                Self::parse(&text, &path.display().to_string())
            }
        }
    }

    /// Checks the text of a configuration; `name` stands in messages.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub(crate) fn parse(text: &str, name: &str) -> Result<Self> {
        let raw: raw::Raw = toml::from_str(text).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
        check::check(raw).map_err(|error| {
            let place = check::line_of(text, &error).map_or(String::new(), |line| format!(":{line}"));
            anyhow::anyhow!("{name}{place}: {error}")
        })
    }
}
