//! What an instrument is: its venue, product, contract and grids.

use crate::grid::{Grid, GridError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A venue with a wire format and a continuity rule of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Venue {
    /// Binance USD-margined futures.
    BinanceUsdm,
    /// Binance coin-margined futures.
    BinanceCoinm,
    /// Binance spot.
    BinanceSpot,
    /// Kraken spot, WebSocket API v2.
    KrakenSpot,
}

impl Venue {
    /// The name used in configuration, reports and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BinanceUsdm => "binance-usdm",
            Self::BinanceCoinm => "binance-coinm",
            Self::BinanceSpot => "binance-spot",
            Self::KrakenSpot => "kraken-spot",
        }
    }
}

impl fmt::Display for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The side of a book or of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Buyers; best is highest.
    Bid,
    /// Sellers; best is lowest.
    Ask,
}

impl Side {
    /// The other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Bid => Self::Ask,
            Self::Ask => Self::Bid,
        }
    }

    /// 0 for bids, 1 for asks.
    pub const fn index(self) -> usize {
        match self {
            Self::Bid => 0,
            Self::Ask => 1,
        }
    }

    /// +1 for a buyer, -1 for a seller.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Bid => 1,
            Self::Ask => -1,
        }
    }
}

/// The pay-off of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One lot is `lot` units of the underlying, owned outright.
    Spot,
    /// P&L of one lot is `lot * contract_size * (exit - entry)` in the quote currency.
    LinearPerpetual,
    /// P&L of one lot is `lot * contract_size * (1/entry - 1/exit)` in the underlying.
    InversePerpetual,
}

/// Why an instrument's description is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InstrumentError {
    /// A grid is unusable.
    #[error("{symbol}: {field}: {source}")]
    Grid {
        /// The instrument.
        symbol: String,
        /// `tick` or `lot`.
        field: &'static str,
        /// What is wrong with it.
        source: GridError,
    },
    /// The contract size is not positive.
    #[error("{symbol}: contract_size must be positive, got {value}")]
    ContractSize {
        /// The instrument.
        symbol: String,
        /// The offending value.
        value: Decimal,
    },
}

/// One tradable product at one venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Where it trades.
    pub venue: Venue,
    /// The venue's own name for it, as it stands in the venue's messages.
    pub symbol: String,
    /// The asset whose price moves it, for example `BTC`.
    pub underlying: String,
    /// The currency of its price, for example `USDT`.
    pub quote: String,
    /// The currency its P&L is paid in.
    pub settlement: String,
    /// Its pay-off.
    pub kind: Kind,
    /// Price grid in quote currency.
    pub tick: Grid,
    /// Quantity grid, in the unit the venue's messages use (underlying or contracts).
    pub lot: Grid,
    /// Underlying (linear) or quote currency (inverse) per one unit of quantity.
    pub contract_size: Decimal,
}

impl Instrument {
    /// Checks and builds an instrument from the decimals of its description.
    ///
    /// # Errors
    /// [`InstrumentError`] naming the field that is out of range.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        venue: Venue,
        symbol: &str,
        underlying: &str,
        quote: &str,
        settlement: &str,
        kind: Kind,
        tick: Decimal,
        lot: Decimal,
        contract_size: Decimal,
    ) -> Result<Self, InstrumentError> {
        let grid = |field, step| {
            Grid::new(step).map_err(|source| InstrumentError::Grid { symbol: symbol.to_owned(), field, source })
        };
        if contract_size <= Decimal::ZERO {
            return Err(InstrumentError::ContractSize { symbol: symbol.to_owned(), value: contract_size });
        }
        Ok(Self {
            venue,
            symbol: symbol.to_owned(),
            underlying: underlying.to_owned(),
            quote: quote.to_owned(),
            settlement: settlement.to_owned(),
            kind,
            tick: grid("tick", tick)?,
            lot: grid("lot", lot)?,
            contract_size,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_contract_size_names_the_instrument() {
        let one = Decimal::ONE;
        let made = Instrument::new(
            Venue::BinanceUsdm,
            "BTCUSDT",
            "BTC",
            "USDT",
            "USDT",
            Kind::LinearPerpetual,
            one,
            one,
            -one,
        );
        assert_eq!(made.unwrap_err().to_string(), "BTCUSDT: contract_size must be positive, got -1");
    }
}
