//! Configurations and histories for the integration tests.

#![allow(dead_code, clippy::unwrap_used)] // each test binary uses its own part; a failure is a failed test

use crossgate_instrument::{Instrument, Kind, Lots, Venue};
use crossgate_risk::{
    AssetSpec, Day, InstrumentSpec, JointHistory, LanePlan, Ppm, RangePolicy, ReservePolicy, RiskConfig, Series,
};
use rust_decimal::Decimal;
use std::path::PathBuf;

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A product on `underlying`: USDT-quoted spot or linear, or inverse in USD.
pub(crate) fn product(
    venue: Venue,
    symbol: &str,
    underlying: &str,
    kind: Kind,
    tick: &str,
    lot: &str,
    contract: &str,
) -> Instrument {
    let (quote, settlement) = match kind {
        Kind::InversePerpetual => ("USD", underlying),
        Kind::Spot | Kind::LinearPerpetual => ("USDT", "USDT"),
    };
    let (tick, lot, contract) = (decimal(tick), decimal(lot), decimal(contract));
    Instrument::new(venue, symbol, underlying, quote, settlement, kind, tick, lot, contract).unwrap()
}

pub(crate) fn spec(instrument: Instrument, max_position: i64, lot_shift: u32) -> InstrumentSpec {
    let spot_haircut = if instrument.kind == Kind::Spot { Ppm::new(10_000) } else { Ppm::default() };
    InstrumentSpec {
        instrument,
        max_position: Lots::new(max_position),
        taker_fee: Ppm::new(500),
        collar_ticks: 2_000,
        spot_haircut,
        lot_shift,
    }
}

pub(crate) fn asset(name: &str, haircut: i32) -> AssetSpec {
    AssetSpec { name: name.to_owned(), haircut: Ppm::new(haircut) }
}

/// BTC and ETH as spot, linear and inverse at three venues.
pub(crate) fn six_instruments() -> Vec<InstrumentSpec> {
    use Kind::{InversePerpetual, LinearPerpetual, Spot};
    use Venue::{BinanceCoinm, BinanceSpot, BinanceUsdm};
    vec![
        spec(product(BinanceUsdm, "BTCUSDT", "BTC", LinearPerpetual, "0.1", "0.001", "1"), 1_000_000, 3),
        spec(product(BinanceUsdm, "ETHUSDT", "ETH", LinearPerpetual, "0.01", "0.001", "1"), 10_000_000, 7),
        spec(product(BinanceCoinm, "BTCUSD_PERP", "BTC", InversePerpetual, "0.1", "1", "100"), 100_000, 0),
        spec(product(BinanceCoinm, "ETHUSD_PERP", "ETH", InversePerpetual, "0.01", "1", "10"), 1_000_000, 3),
        spec(product(BinanceSpot, "BTCUSDT", "BTC", Spot, "0.01", "0.00001", "1"), 100_000_000, 10),
        spec(product(BinanceSpot, "ETHUSDT", "ETH", Spot, "0.01", "0.0001", "1"), 100_000_000, 10),
    ]
}

/// USD, USDT (0.1 %), BTC (5 %) and ETH (7 %).
pub(crate) fn config(instruments: Vec<InstrumentSpec>) -> RiskConfig {
    RiskConfig {
        account_currency: "USD".to_owned(),
        underlyings: vec!["BTC".to_owned(), "ETH".to_owned()],
        assets: vec![asset("USD", 0), asset("USDT", 1_000), asset("BTC", 50_000), asset("ETH", 70_000)],
        instruments,
        validity_box: Ppm::new(5_000),
        reserve: ReservePolicy { base: 100, of_gross: Ppm::new(2_000) },
        lanes: LanePlan::default(),
        ranges: RangePolicy::default(),
    }
}

/// A short deterministic history with moves of up to 20 %, from a linear congruence.
pub(crate) fn made_history(days: u32) -> JointHistory {
    let mut state = 12_345_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65_536.0 - 0.5
    };
    let mut rows = [Vec::new(), Vec::new()];
    let mut prices = [30_000.0, 2_000.0];
    for index in 0..days {
        let (year, month, day) = (2_000 + index / 336, index / 28 % 12 + 1, index % 28 + 1);
        let date = Day::parse(&format!("{year}-{month:02}-{day:02}")).unwrap();
        let common = 0.25 * noise();
        for (price, rows) in prices.iter_mut().zip(&mut rows) {
            *price *= 1.0 + common + 0.1 * noise();
            rows.push((date, *price));
        }
    }
    let [btc, eth] = rows;
    JointHistory::join(&[Series::new("BTC", btc).unwrap(), Series::new("ETH", eth).unwrap()]).unwrap()
}

/// The recorded daily closes, or a printed reason to skip.
pub(crate) fn recorded_history(names: &[&str]) -> Option<JointHistory> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = std::env::var_os("CROSSGATE_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    let mut series = Vec::new();
    for name in names {
        let path = folder.join(format!("history/{name}-USD_daily.csv.gz"));
        if !path.exists() {
            eprintln!("skipped: no recorded history at {}", path.display());
            return None;
        }
        series.push(Series::read(name, &path).unwrap());
    }
    Some(JointHistory::join(&series).unwrap())
}
