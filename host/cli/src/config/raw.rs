//! The file as it is written: names and types, no meaning.

use crossgate_instrument::{Kind, Venue};
use rust_decimal::Decimal;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) card: Card,
    pub(super) account: Account,
    pub(super) asset: Vec<Asset>,
    #[serde(default)]
    pub(super) venue: Vec<VenueLedger>,
    pub(super) instrument: Vec<Instrument>,
    pub(super) limits: Limits,
    pub(super) risk: Risk,
    pub(super) flow: Flow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Card {
    pub(super) set: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) currency: String,
    pub(super) open_orders_max: u32,
    pub(super) message_rate: u32,
    pub(super) message_burst: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asset {
    pub(super) name: String,
    pub(super) price: Option<Decimal>,
    pub(super) haircut: Decimal,
    pub(super) balance: Decimal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VenueLedger {
    pub(super) name: Venue,
    pub(super) share: Decimal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Instrument {
    pub(super) venue: Venue,
    pub(super) symbol: String,
    pub(super) underlying: String,
    pub(super) quote: String,
    pub(super) settlement: String,
    pub(super) kind: Kind,
    pub(super) tick: Decimal,
    pub(super) lot: Decimal,
    pub(super) contract_size: Decimal,
    pub(super) order_max: Decimal,
    pub(super) notional_max: Decimal,
    pub(super) position_max: Decimal,
    pub(super) taker_fee: Decimal,
    pub(super) maker_fee: Decimal,
    pub(super) spot_haircut: Option<Decimal>,
    pub(super) collar: Decimal,
    pub(super) clip: Decimal,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) touch: bool,
    pub(super) crossed: Decimal,
    pub(super) bank_ms: u64,
    pub(super) collateral_ms: u64,
    pub(super) heartbeat_ms: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Risk {
    pub(super) history: Option<PathBuf>,
    pub(super) underlyings: Vec<String>,
    pub(super) validity_box: Decimal,
    pub(super) reserve_base: u32,
    pub(super) reserve_of_gross: Decimal,
    pub(super) joint: Vec<Decimal>,
    pub(super) opposed: bool,
    pub(super) solo: bool,
    pub(super) tails: usize,
    pub(super) interval_ms: u64,
    pub(super) lag_ms: u64,
    pub(super) deadline_ms: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow {
    pub(super) enabled: bool,
    pub(super) requote_ms: u64,
    pub(super) venue_ms: u64,
    pub(super) levels: usize,
    pub(super) level_ticks: i64,
    pub(super) behind_ticks: i64,
    pub(super) stale_ticks: i64,
    pub(super) hedge_above: Decimal,
    pub(super) hedge_through_ticks: i64,
}
