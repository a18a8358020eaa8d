//! Products for unit tests.

use crossgate_instrument::{Instrument, Kind, Venue};
use rust_decimal::Decimal;

fn product(venue: Venue, symbol: &str, kind: Kind, settlement: &str, lot: Decimal, contract_size: i64) -> Instrument {
    let quote = if kind == Kind::InversePerpetual { "USD" } else { "USDT" };
    let tick = Decimal::new(1, 1);
    Instrument::new(venue, symbol, "BTC", quote, settlement, kind, tick, lot, Decimal::from(contract_size)).unwrap()
}

/// 0.001 BTC a lot, 0.1 USDT a tick.
pub(crate) fn linear() -> Instrument {
    product(Venue::BinanceUsdm, "BTCUSDT", Kind::LinearPerpetual, "USDT", Decimal::new(1, 3), 1)
}

/// 100 USD a lot, 0.1 USD a tick.
pub(crate) fn inverse() -> Instrument {
    product(Venue::BinanceCoinm, "BTCUSD_PERP", Kind::InversePerpetual, "BTC", Decimal::ONE, 100)
}
