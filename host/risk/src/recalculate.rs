//! One recalculation: from a snapshot of marks and positions to everything the card and the reports need.
//!
//! The synchronous core; [`crate::engine`] runs it on a thread of its own.
//!
//! Invariant: a publication depends only on the configuration, the history and the sequence of snapshots,
//! [`Publication::seconds`] excepted.

use crate::account::{account_row, net_assets, AccountRow};
use crate::bank::{instrument_row, BankError, BankImage};
use crate::config::{ConfigError, RiskConfig, Universe};
use crate::exact::Exact;
use crate::history::JointHistory;
use crate::position::AccountState;
use crate::range::RangeModel;
use crate::requirement::{cross_margin, CrossMargin};
use crate::scenario::{tail_days, LaneSet, Scenario, ScenarioError};
use crate::unit::{decimal_to_f64, Money, Ppm};
use crate::value::{LotLoss, Market, MarketError};
use crate::var::{component_es, historical, Level};
use crossgate_instrument::Ticks;
use rust_decimal::Decimal;
use serde::Serialize;
use std::time::Instant;
use thiserror::Error;

/// Why a recalculation publishes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RiskError {
    /// The configuration is refused.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The lanes are refused.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The marks are refused.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The image does not fit the card.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// The epoch does not rise.
    #[error("epoch {actual} does not lie after {previous}")]
    Epoch {
        /// The last epoch published or refused.
        previous: u32,
        /// The epoch asked for.
        actual: u32,
    },
    /// A figure of an account is no finite amount of 48 bits.
    #[error("account {account}: {figure} is no amount of 48 bits")]
    Figure {
        /// The account.
        account: u16,
        /// The figure.
        figure: &'static str,
    },
}

/// What a recalculation works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The epoch to publish; rises with every snapshot.
    pub epoch: u32,
    /// Market time of the newest data inside.
    pub as_of_ns: u64,
    /// The bank mark of each configured instrument; `None` where there is none yet.
    pub marks: Vec<Option<Ticks>>,
    /// Account currency per unit of each configured asset.
    pub asset_prices: Vec<Decimal>,
    /// The ledgers to publish.
    pub accounts: Vec<AccountState>,
}

/// The figures of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountReport {
    /// The card's ledger index.
    pub account: u16,
    /// Requirement as a pool, by venue and stand-alone.
    pub margin: CrossMargin,
    /// One-day historical VaR at 99 % of positions and coins, rounded up.
    pub var_99: Money,
    /// One-day historical ES at 97.5 % of positions and coins, rounded up.
    pub es_97_5: Money,
    /// Contribution of each position to `es_97_5`, in the order of the positions, each rounded up.
    pub es_components: Vec<Money>,
    /// Contribution of the coins held to `es_97_5`, rounded up.
    pub es_collateral: Money,
}

/// What one recalculation publishes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Publication {
    /// The integers for the card.
    pub image: BankImage,
    /// The lanes behind the image.
    pub lanes: LaneSet,
    /// The range of each underlying.
    pub ranges: Vec<Ppm>,
    /// Figures per account, in the order of the snapshot.
    pub accounts: Vec<AccountReport>,
    /// Wall time of the recalculation; the only field that does not depend on the requests alone.
    pub seconds: f64,
}

impl Publication {
    /// The epoch of the image.
    pub fn epoch(&self) -> u32 {
        self.image.epoch
    }

    /// Market time of the newest data inside.
    pub fn as_of_ns(&self) -> u64 {
        self.image.as_of_ns
    }

    /// The name of the lane that binds an account's pool, if one loses.
    pub fn binding_lane(&self, account: &AccountReport) -> Option<&str> {
        account.margin.pool.lane.map(|lane| self.lanes.name(lane))
    }
}

/// Recalculates, carrying the ranges from one epoch to the next.
#[derive(Clone, Debug)]
pub struct Recalculator {
    universe: Universe,
    history: JointHistory,
    tails: Vec<Scenario>,
    ranges: RangeModel,
    last_epoch: u32,
}

impl Recalculator {
    /// Checks the configuration and selects the historical tail moves.
    ///
    /// # Errors
    /// [`RiskError::Config`], or [`RiskError::Scenario`] where the lane plan cannot be met.
    pub fn new(config: RiskConfig, history: JointHistory) -> Result<Self, RiskError> {
        let universe = Universe::new(config)?;
        let config = universe.config();
        if config.underlyings != history.names() {
            let (expected, actual) = (config.underlyings.clone(), history.names().to_vec());
            return Err(ConfigError::History { expected, actual }.into());
        }
        let daily = (0..config.underlyings.len()).map(|index| history.moves(index));
        let ranges = RangeModel::new(config.ranges.clone(), daily);
        let tails = tail_days(&history, config.lanes.tails);
        let floors = vec![config.ranges.floor; config.underlyings.len()];
        LaneSet::from_plan(&config.lanes, &config.underlyings, &floors, &tails)?;
        Ok(Self { universe, history, tails, ranges, last_epoch: 0 })
    }

    /// The checked configuration.
    pub fn universe(&self) -> &Universe {
        &self.universe
    }

    /// Recalculates everything for `snapshot`.
    ///
    /// # Errors
    /// [`RiskError`]; nothing is published, and the ranges have moved on only if the marks were accepted.
    pub fn recalculate(&mut self, snapshot: &Snapshot) -> Result<Publication, RiskError> {
        let started = Instant::now();
        if snapshot.epoch <= self.last_epoch {
            return Err(RiskError::Epoch { previous: self.last_epoch, actual: snapshot.epoch });
        }
        self.last_epoch = snapshot.epoch;
        let market = Market::new(&self.universe, &snapshot.marks, &snapshot.asset_prices)?;
        let ranges = self.ranges.update(snapshot.as_of_ns, &underlying_prices(&market, &snapshot.asset_prices));
        let config = self.universe.config();
        let lanes = LaneSet::from_plan(&config.lanes, &config.underlyings, &ranges, &self.tails)?;
        let losses: Vec<Vec<LotLoss>> = (0..config.instruments.len())
            .map(|index| lanes.scenarios().iter().filter_map(|lane| market.lot_loss(index, lane)).collect())
            .collect();
        let rows = losses
            .iter()
            .enumerate()
            .map(|(index, by_lane)| instrument_row(&market, index, &lanes, by_lane))
            .collect::<Result<_, _>>()?;
        let mut account_rows = Vec::with_capacity(snapshot.accounts.len());
        let mut reports = Vec::with_capacity(snapshot.accounts.len());
        for (index, account) in snapshot.accounts.iter().enumerate() {
            if snapshot.accounts.iter().take(index).any(|other| other.account == account.account) {
                return Err(BankError::Repeated { account: account.account }.into());
            }
            let net = net_assets(&market, account)?;
            account_rows.push(account_row(&market, &lanes, account, &net)?);
            reports.push(self.report(&market, lanes.len(), &losses, account, &net)?);
        }
        let (epoch, as_of_ns) = (snapshot.epoch, snapshot.as_of_ns);
        let image = BankImage { epoch, as_of_ns, rows, accounts: account_rows };
        Ok(Publication { image, lanes, ranges, accounts: reports, seconds: started.elapsed().as_secs_f64() })
    }

    /// The row of `account` at the marks and prices of `snapshot` and the lanes of its publication: collateral as of now, for a bank that was calculated
    /// from an earlier state. The accounts inside `snapshot` are not read.
    ///
    /// # Errors
    /// [`RiskError`] as for [`Recalculator::recalculate`].
    pub fn ledger_row(
        universe: &Universe,
        snapshot: &Snapshot,
        lanes: &LaneSet,
        account: &AccountState,
    ) -> Result<AccountRow, RiskError> {
        let market = Market::new(universe, &snapshot.marks, &snapshot.asset_prices)?;
        let net = net_assets(&market, account)?;
        Ok(account_row(&market, lanes, account, &net)?)
    }

    fn report(
        &self,
        market: &Market<'_>,
        lanes: usize,
        losses: &[Vec<LotLoss>],
        account: &AccountState,
        net: &[Exact],
    ) -> Result<AccountReport, RiskError> {
        let figure = |figure| RiskError::Figure { account: account.account, figure };
        let money = |name, value: f64| Money::ceil_f64(value).ok_or_else(|| figure(name));
        let venue_of = |index: usize| self.universe.spec(index).map(|(spec, _)| spec.instrument.venue);
        let margin = cross_margin(account, losses, venue_of, lanes).ok_or_else(|| figure("margin"))?;
        let days = self.history.len();
        let parts: Vec<Vec<f64>> = account
            .positions
            .iter()
            .map(|position| {
                let link = self.universe.spec(position.instrument).map(|(_, links)| links.underlying);
                match market.reprice(position.instrument, position.lots).zip(link) {
                    Some((reprice, underlying)) => {
                        self.history.moves(underlying).iter().map(|moved| reprice.pnl(*moved)).collect()
                    }
                    None => vec![0.0; days],
                }
            })
            .collect();
        let coins = self.coin_pnl(market, net);
        let mut total = coins.clone();
        for part in &parts {
            for (sum, value) in total.iter_mut().zip(part) {
                *sum += value;
            }
        }
        let var = historical(&total, Level::P99).ok_or_else(|| figure("var_99"))?;
        let es = historical(&total, Level::P97_5).ok_or_else(|| figure("es_97_5"))?;
        let components = parts.iter().map(|part| money("es_components", component_es(part, &es)));
        Ok(AccountReport {
            account: account.account,
            margin,
            var_99: money("var_99", var.var)?,
            es_97_5: money("es_97_5", es.es)?,
            es_components: components.collect::<Result<_, _>>()?,
            es_collateral: money("es_collateral", component_es(&coins, &es))?,
        })
    }

    /// P&L over the history of the coins held or owed besides spot positions.
    fn coin_pnl(&self, market: &Market<'_>, net: &[Exact]) -> Vec<f64> {
        let mut pnl = vec![0.0; self.history.len()];
        for (asset, amount) in net.iter().enumerate() {
            let Some(underlying) = self.universe.asset_underlying(asset) else { continue };
            let value = (amount * &market.asset_price(asset)).to_f64();
            for (sum, moved) in pnl.iter_mut().zip(self.history.moves(underlying)) {
                *sum += value * moved;
            }
        }
        pnl
    }
}

/// The live price of each underlying: its asset's price, else the mark of the first instrument on it, else one.
fn underlying_prices(market: &Market<'_>, asset_prices: &[Decimal]) -> Vec<f64> {
    let universe = market.universe();
    let price = |underlying: usize| -> Option<f64> {
        let asset = (0..asset_prices.len()).find(|asset| universe.asset_underlying(*asset) == Some(underlying));
        if let Some(price) = asset.and_then(|asset| asset_prices.get(asset)) {
            return Some(decimal_to_f64(*price));
        }
        let instruments = 0..universe.config().instruments.len();
        let mut quotes = instruments.filter_map(|index| market.quote(index));
        quotes.find(|quote| quote.links.underlying == underlying).map(|quote| quote.price.to_f64())
    };
    (0..universe.config().underlyings.len()).map(|underlying| price(underlying).unwrap_or(1.0)).collect()
}
