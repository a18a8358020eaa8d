//! The static description the engine works on, checked once.
//!
//! Not the file format of `crossgate.toml`: the command line reads that and builds this.
//!
//! Invariant: in a [`Universe`] every instrument's underlying, quote and settlement are known assets of a supported
//! combination.

use crate::range::RangePolicy;
use crate::scale::{LOT_SHIFT_MAX, MANTISSA_MAX};
use crate::scenario::LanePlan;
use crate::unit::Ppm;
use crossgate_instrument::{Instrument, Kind, Lots};
use thiserror::Error;

/// A currency or coin that balances are held in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetSpec {
    /// Its name. An asset named like an underlying moves with it; any other is a stable rate.
    pub name: String,
    /// Taken off what is owned and added to what is owed.
    pub haircut: Ppm,
}

/// An instrument and the limits that its row in the bank needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentSpec {
    /// The product.
    pub instrument: Instrument,
    /// The largest position, long or short, in native lots.
    pub max_position: Lots,
    /// The worst fee of a fill, as a fraction of its notional.
    pub taker_fee: Ppm,
    /// The collar in the card's row, ticks: a sell more than this below the bank's `mark_buy` is refused.
    pub collar_ticks: u32,
    /// For spot, taken off coins owned and added to coins owed in this instrument's position; 0 for perpetuals.
    pub spot_haircut: Ppm,
    /// A gate lot is `2^lot_shift` native lots; static, as in the card's row.
    pub lot_shift: u32,
}

/// What is kept back from collateral for liquidation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReservePolicy {
    /// A fixed amount of account currency, in whole units.
    pub base: u32,
    /// A fraction of the gross notional at the bank marks.
    pub of_gross: Ppm,
}

/// Everything static.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskConfig {
    /// The currency money is counted in; one of `assets`, with price 1 and no haircut.
    pub account_currency: String,
    /// What scenarios move, in the order of the history.
    pub underlyings: Vec<String>,
    /// What balances are held in.
    pub assets: Vec<AssetSpec>,
    /// What is traded, by card index.
    pub instruments: Vec<InstrumentSpec>,
    /// How far an underlying may move before the bank is no longer valid.
    pub validity_box: Ppm,
    /// Kept back from collateral.
    pub reserve: ReservePolicy,
    /// Which scenarios become lanes.
    pub lanes: LanePlan,
    /// How ranges follow volatility.
    pub ranges: RangePolicy,
}

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// A name is not among those configured.
    #[error("{what}: {name:?} is not configured as an {expected}")]
    Unknown {
        /// Who asks for it.
        what: String,
        /// The unknown name.
        name: String,
        /// `asset` or `underlying`.
        expected: &'static str,
    },
    /// A name is given twice.
    #[error("{name:?} is configured twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// A number is out of its range.
    #[error("{what}: {field} must lie in {expected}, got {actual}")]
    Range {
        /// Whose number.
        what: String,
        /// Which number.
        field: &'static str,
        /// Its range.
        expected: &'static str,
        /// Its value.
        actual: String,
    },
    /// A product of this kind cannot settle or be quoted like this.
    #[error("{symbol}: {reason}")]
    Unsupported {
        /// The instrument.
        symbol: String,
        /// What is not supported.
        reason: &'static str,
    },
    /// The history is of other assets.
    #[error("the history holds {actual:?}, the underlyings are {expected:?}")]
    History {
        /// The underlyings, in order.
        expected: Vec<String>,
        /// The history's names, in order.
        actual: Vec<String>,
    },
}

/// Where an instrument's parts stand in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Links {
    /// Index of the underlying that moves its price.
    pub(crate) underlying: usize,
    /// Index of the asset its cash is paid in: quote of spot, settlement of perpetuals.
    pub(crate) cash: usize,
}

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Universe {
    config: RiskConfig,
    links: Vec<Links>,
    /// For each asset the underlying it moves with.
    asset_underlyings: Vec<Option<usize>>,
    account_currency: usize,
}

impl Universe {
    /// Checks `config`.
    ///
    /// # Errors
    /// [`ConfigError`] naming the offender.
    pub fn new(config: RiskConfig) -> Result<Self, ConfigError> {
        no_repeats(&config.underlyings)?;
        let asset_names: Vec<String> = config.assets.iter().map(|asset| asset.name.clone()).collect();
        no_repeats(&asset_names)?;
        for asset in &config.assets {
            in_range(&asset.name, "haircut", asset.haircut, 0, 900_000, "0 to 90%")?;
        }
        in_range("risk", "validity_box", config.validity_box, 0, 200_000, "0 to 20%")?;
        in_range("risk", "reserve.of_gross", config.reserve.of_gross, 0, 1_000_000, "0 to 100%")?;
        check_ranges(&config.ranges)?;
        let account_currency = find(&asset_names, "account_currency", &config.account_currency, "asset")?;
        let haircut = config.assets.get(account_currency).map_or(Ppm::default(), |asset| asset.haircut);
        in_range(&config.account_currency, "haircut", haircut, 0, 0, "0, as the account currency")?;
        let asset_underlyings: Vec<Option<usize>> =
            asset_names.iter().map(|name| config.underlyings.iter().position(|u| u == name)).collect();
        let links = config
            .instruments
            .iter()
            .map(|spec| link(spec, &config.underlyings, &asset_names, &asset_underlyings))
            .collect::<Result<_, _>>()?;
        Ok(Self { config, links, asset_underlyings, account_currency })
    }

    /// The configuration as given.
    pub fn config(&self) -> &RiskConfig {
        &self.config
    }

    pub(crate) fn spec(&self, instrument: usize) -> Option<(&InstrumentSpec, Links)> {
        self.config.instruments.get(instrument).zip(self.links.get(instrument).copied())
    }

    pub(crate) fn haircut(&self, asset: usize) -> Ppm {
        self.config.assets.get(asset).map_or(Ppm::ONE, |a| a.haircut)
    }

    pub(crate) fn asset_underlying(&self, asset: usize) -> Option<usize> {
        self.asset_underlyings.get(asset).copied().flatten()
    }

    pub(crate) fn account_currency(&self) -> usize {
        self.account_currency
    }
}

fn no_repeats(names: &[String]) -> Result<(), ConfigError> {
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier == name) {
            return Err(ConfigError::Twice { name: name.clone() });
        }
    }
    Ok(())
}

fn find(names: &[String], what: &str, name: &str, expected: &'static str) -> Result<usize, ConfigError> {
    names.iter().position(|known| known == name).ok_or_else(|| ConfigError::Unknown {
        what: what.to_owned(),
        name: name.to_owned(),
        expected,
    })
}

fn in_range(
    what: &str,
    field: &'static str,
    value: Ppm,
    low: i32,
    high: i32,
    expected: &'static str,
) -> Result<(), ConfigError> {
    if (low..=high).contains(&value.get()) {
        return Ok(());
    }
    Err(ConfigError::Range { what: what.to_owned(), field, expected, actual: value.to_string() })
}

fn check_ranges(ranges: &RangePolicy) -> Result<(), ConfigError> {
    let number = |field, value: f64, high: f64, expected| {
        if value > 0.0 && value < high {
            return Ok(());
        }
        Err(ConfigError::Range { what: "ranges".to_owned(), field, expected, actual: value.to_string() })
    };
    number("decay", ranges.decay, 1.0, "above 0, below 1")?;
    number("multiplier", ranges.multiplier, 100.0, "above 0, below 100")?;
    in_range("ranges", "floor", ranges.floor, 1_000, 950_000, "0.1% to 95%")?;
    in_range("ranges", "cap", ranges.cap, ranges.floor.get(), 950_000, "the floor to 95%")?;
    in_range("ranges", "rise", ranges.rise, 0, 10_000_000, "0 to 1000%")?;
    in_range("ranges", "fall", ranges.fall, 0, 900_000, "0 to 90%")
}

fn check_capacity(spec: &InstrumentSpec) -> Result<(), ConfigError> {
    let what = || spec.instrument.symbol.clone();
    if spec.lot_shift > LOT_SHIFT_MAX {
        let actual = spec.lot_shift.to_string();
        return Err(ConfigError::Range { what: what(), field: "lot_shift", expected: "0 to 31", actual });
    }
    let lots = spec.max_position.get();
    if !(1..=MANTISSA_MAX << spec.lot_shift).contains(&lots) {
        let (field, expected) = ("max_position", "1 to 131071 gate lots");
        return Err(ConfigError::Range { what: what(), field, expected, actual: lots.to_string() });
    }
    Ok(())
}

fn link(
    spec: &InstrumentSpec,
    underlyings: &[String],
    asset_names: &[String],
    asset_underlyings: &[Option<usize>],
) -> Result<Links, ConfigError> {
    let product = &spec.instrument;
    let symbol = product.symbol.as_str();
    in_range(symbol, "taker_fee", spec.taker_fee, 0, 100_000, "0 to 10%")?;
    let haircut_max = if product.kind == Kind::Spot { 900_000 } else { 0 };
    in_range(symbol, "spot_haircut", spec.spot_haircut, 0, haircut_max, "0 to 90% for spot, 0 for others")?;
    check_capacity(spec)?;
    let unsupported = |reason| ConfigError::Unsupported { symbol: symbol.to_owned(), reason };
    let underlying = find(underlyings, symbol, &product.underlying, "underlying")?;
    let asset = |name: &str| find(asset_names, symbol, name, "asset");
    let stable = |asset: usize| asset_underlyings.get(asset).is_some_and(Option::is_none);
    match product.kind {
        Kind::Spot => {
            let cash = asset(&product.quote)?;
            if !stable(cash) {
                return Err(unsupported("spot must be quoted in a stable asset"));
            }
            Ok(Links { underlying, cash })
        }
        Kind::LinearPerpetual => {
            let cash = asset(&product.settlement)?;
            if !stable(cash) || product.quote != product.settlement {
                return Err(unsupported("a linear perpetual must settle in its quote, a stable asset"));
            }
            Ok(Links { underlying, cash })
        }
        Kind::InversePerpetual => {
            let cash = asset(&product.settlement)?;
            if product.settlement != product.underlying {
                return Err(unsupported("an inverse perpetual must settle in its underlying"));
            }
            Ok(Links { underlying, cash })
        }
    }
}
