//! Publishes the risk engine's banks to the card at market-time points.
//!
//! At each interval a snapshot of marks goes to the risk thread; `lag` of market time later the bank is written and
//! committed. Collateral is taken at the commit,
//! at the bank's marks, after MARKS has set the Y of the inactive bank to zero: every earlier fill is in C, every
//! later one will be in Y. The replay waits for the
//! thread if it is late, so every device sees the same banks at the same market times.

use super::card::Card;
use super::desk::Desk;
use super::market::Market;
use super::rows::{box_rows, ledger_rows, loss_rows, mark_rows, static_rows};
use crate::config::{AssetConfig, Config, InstrumentConfig};
use anyhow::{bail, Context, Result};
use crossgate_contract::{command, reason::BankResult, width};
use crossgate_instrument::{Kind, Side, Ticks};
use crossgate_risk::{
    AccountState, InstrumentSpec, JointHistory, LanePlan, Position, Ppm, Publication, RangePolicy, Recalculator,
    ReservePolicy, RiskConfig, RiskEngine, Scale, Snapshot, Universe,
};
use rust_decimal::Decimal;
use std::time::Duration;

/// Longest wait for the risk thread.
const DEADLINE: Duration = Duration::from_secs(60);
/// Decimals of a venue's share of a balance; rounded to the nearest, far below a money unit.
const BALANCE_DECIMALS: u32 = 12;
/// Collars are narrower than the distance field of the card.
const COLLAR_TICKS_MAX: u32 = (1 << (width::RATE_BITS - 1)) - 1;

/// What the publisher has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Published {
    pub(super) recalculations: u64,
    pub(super) refused: u64,
    pub(super) seconds: Vec<f64>,
    pub(super) benefit_percent_max: f64,
    pub(super) last: Option<Publication>,
    pub(super) collateral: f64,
    /// Collateral less reserve of the pool, money units.
    available: i64,
    /// Collateral of each venue ledger, by configuration index of the venue.
    pub(super) venue_collateral: Vec<f64>,
}

/// The engine and the bank in preparation.
pub(super) struct Publisher {
    engine: RiskEngine,
    universe: Universe,
    /// Configuration index of each instrument of the risk engine.
    instruments: Vec<usize>,
    /// Assets that had a price at the start; the others are never counted.
    counted: Vec<bool>,
    account: u16,
    epoch: u32,
    in_work: Option<(Snapshot, u64)>,
    next_ns: u64,
    interval_ns: u64,
    lag_ns: u64,
    deadline_ns: u64,
    pub(super) published: Published,
}

/// The mid of an instrument's own venue in ticks, rounded down.
pub(super) fn mark(market: &Market, instrument: usize) -> Option<Ticks> {
    let (bid, ask) = (market.top(instrument, Side::Bid)?, market.top(instrument, Side::Ask)?);
    Some(Ticks::new((bid.price.get() + ask.price.get()).div_euclid(2)))
}

/// Account currency per unit of each asset; `None` for a coin whose books show no price.
pub(super) fn asset_prices(market: &Market, config: &Config) -> Vec<Option<Decimal>> {
    config.assets.iter().map(|asset| asset.price.or_else(|| coin_price(market, config, &asset.spec.name))).collect()
}

/// The price of a coin: spot first, then linear, then inverse products.
fn coin_price(market: &Market, config: &Config, coin: &str) -> Option<Decimal> {
    let preference = |kind| match kind {
        Kind::Spot => 0,
        Kind::LinearPerpetual => 1,
        Kind::InversePerpetual => 2,
    };
    let mut candidates: Vec<(usize, &InstrumentConfig)> =
        config.instruments.iter().enumerate().filter(|(_, one)| one.instrument.underlying == coin).collect();
    candidates.sort_by_key(|(_, one)| preference(one.instrument.kind));
    candidates.into_iter().find_map(|(index, one)| {
        let price = one.instrument.tick.value(mark(market, index)?.get());
        let quote = config.assets.iter().find(|asset| asset.spec.name == one.instrument.quote);
        Some(price * quote.and_then(|asset| asset.price).unwrap_or(Decimal::ONE))
    })
}

impl Publisher {
    /// Starts the engine for the instruments that have a mark now, and writes their static rows to the card.
    pub(super) fn start(
        config: &Config,
        history: JointHistory,
        market: &Market,
        card: &mut Card,
        now_ns: u64,
    ) -> Result<Self> {
        let prices = asset_prices(market, config);
        let unpriced = config.assets.iter().zip(&prices).filter(|(_, price)| price.is_none());
        let unpriced: Vec<String> = unpriced.map(|(asset, _)| asset.spec.name.clone()).collect();
        if !unpriced.is_empty() {
            eprintln!(
                "no book gives a price of {}: what is held of it is not counted as collateral",
                unpriced.join(", ")
            );
        }
        let mut instruments = Vec::new();
        let mut specs = Vec::new();
        for (index, one) in config.instruments.iter().enumerate() {
            if let Some(mark) = mark(market, index) {
                instruments.push(index);
                specs.push(instrument_spec(one, mark, config, &prices)?);
            }
        }
        let risk = risk_config(config, specs, card.sizes().lanes);
        let universe = Universe::new(risk.clone())?;
        let account = 0;
        card.control(&static_rows(config, market, &universe, &instruments, account)?)?;
        Ok(Self {
            engine: RiskEngine::spawn(risk, history)?,
            counted: prices.iter().map(Option::is_some).collect(),
            universe,
            instruments,
            account,
            epoch: 0,
            in_work: None,
            next_ns: now_ns,
            interval_ns: config.risk.interval_ns,
            lag_ns: config.risk.lag_ns,
            deadline_ns: config.risk.deadline_ns,
            published: Published::default(),
        })
    }

    /// Configuration indices of the instruments that the bank has rows for.
    pub(super) fn instruments(&self) -> &[usize] {
        &self.instruments
    }

    /// Whether the active bank has a row for this instrument (configuration index).
    pub(super) fn has_row(&self, instrument: usize) -> bool {
        let place = self.instruments.iter().position(|index| *index == instrument);
        let rows = self.published.last.as_ref().map(|publication| &publication.image.rows);
        place.zip(rows).and_then(|(place, rows)| rows.get(place)).is_some_and(Option::is_some)
    }

    /// Whether the requirements of every instrument alone exceed the pool's collateral of the active bank, each the worst
    /// over its lanes and over every fill of the open orders.
    pub(super) fn offset_needed(&self, desk: &Desk) -> bool {
        let Some(publication) = &self.published.last else { return false };
        let alone = publication.image.rows.iter().zip(&self.instruments).filter_map(|(row, index)| {
            let (row, [bids, asks]) = (row.as_ref()?, desk.open_lots(*index));
            let position = desk.positions[*index].lots.get();
            (0..row.loss_long.len()).filter_map(|lane| row.worst_loss(lane, position, bids, asks)).max()
        });
        alone.map(|worst| worst.max(0)).sum::<i64>() > self.published.available
    }

    /// Whether [`Publisher::advance`] has something to do at `now_ns`.
    pub(super) fn due(&self, now_ns: u64) -> bool {
        self.in_work.as_ref().map_or(now_ns >= self.next_ns, |(_, due_ns)| now_ns >= *due_ns)
    }

    /// Does what is due at `now_ns`: hands a snapshot to the engine, or commits the bank that is ready.
    pub(super) fn advance(
        &mut self,
        now_ns: u64,
        market: &Market,
        desk: &Desk,
        config: &Config,
        card: &mut Card,
    ) -> Result<()> {
        if let Some((snapshot, due_ns)) = self.in_work.take() {
            if now_ns < due_ns {
                self.in_work = Some((snapshot, due_ns));
            } else {
                let publication = self.engine.recv_epoch(snapshot.epoch, DEADLINE)?;
                self.commit(&snapshot, publication, &desk.positions, (market, config), card)?;
            }
        }
        if self.in_work.is_none() && now_ns >= self.next_ns {
            let lag_ns = if self.epoch == 0 { 0 } else { self.lag_ns };
            if let Some(snapshot) = self.snapshot(now_ns, market, desk, config) {
                self.epoch = snapshot.epoch;
                self.engine.submit(snapshot.clone())?;
                self.next_ns = now_ns + self.interval_ns;
                self.in_work = Some((snapshot, now_ns + lag_ns));
            }
        }
        Ok(())
    }

    fn snapshot(&self, now_ns: u64, market: &Market, desk: &Desk, config: &Config) -> Option<Snapshot> {
        let positions = &desk.positions;
        let marks: Vec<Option<Ticks>> = self.instruments.iter().map(|index| mark(market, *index)).collect();
        // What is held or may be filled cannot be valued without a mark: the old bank stays until the book is back.
        let used = |index: usize| !positions[index].lots.is_zero() || !desk.open_slots_of(index).is_empty();
        let unmarked = |index: &usize, mark: &Option<Ticks>| mark.is_none() && used(*index);
        if self.instruments.iter().zip(&marks).any(|(index, mark)| unmarked(index, mark)) {
            return None;
        }
        Some(Snapshot {
            epoch: self.epoch + 1,
            as_of_ns: now_ns,
            accounts: vec![self.account_state(positions, config, &marks)],
            asset_prices: self.prices(market, config)?,
            marks,
        })
    }

    /// Prices of the assets that count; the others stand at one unit each, of which none is held.
    fn prices(&self, market: &Market, config: &Config) -> Option<Vec<Decimal>> {
        let prices = asset_prices(market, config).into_iter().zip(&self.counted);
        prices.map(|(price, counted)| if *counted { price } else { Some(Decimal::ONE) }).collect()
    }

    fn account_state(&self, positions: &[Position], config: &Config, marks: &[Option<Ticks>]) -> AccountState {
        let held = self.instruments.iter().enumerate().zip(marks).filter(|(_, mark)| mark.is_some());
        AccountState {
            account: self.account,
            balances: config.assets.iter().zip(&self.counted).map(balance).collect(),
            positions: held
                .map(|((risk_index, index), _)| Position { instrument: risk_index, ..positions[*index] })
                .collect(),
        }
    }

    /// What the ledger of a venue counts: its share of every balance, and the positions held there.
    fn venue_state(&self, venue: usize, pool: &AccountState, config: &Config) -> Result<AccountState> {
        let share = config.venues[venue].share;
        let at_venue = |position: &&Position| config.venue_of(self.instruments[position.instrument]) == venue;
        Ok(AccountState {
            account: u16::try_from(venue)?,
            balances: pool.balances.iter().map(|balance| (balance * share).round_dp(BALANCE_DECIMALS)).collect(),
            positions: pool.positions.iter().filter(at_venue).copied().collect(),
        })
    }

    fn commit(
        &mut self,
        snapshot: &Snapshot,
        publication: Publication,
        positions: &[Position],
        (market, config): (&Market, &Config),
        card: &mut Card,
    ) -> Result<()> {
        let epoch = snapshot.epoch;
        let lanes = card.sizes().lanes;
        let state = self.account_state(positions, config, &snapshot.marks);
        let row = |state: &AccountState| Recalculator::ledger_row(&self.universe, snapshot, &publication.lanes, state);
        let pool = row(&state)?;
        let mut rows = mark_rows(&publication.image, &self.instruments)?;
        rows.push(command::Marks { epoch }.into());
        rows.extend(loss_rows(&publication.image, &self.instruments, lanes)?);
        rows.extend(ledger_rows(epoch, false, &pool, lanes)?);
        let mut venue_collateral = Vec::with_capacity(config.venues.len());
        for index in 0..config.venues.len() {
            let venue = row(&self.venue_state(index, &state, config)?)?;
            rows.extend(ledger_rows(epoch, true, &venue, lanes)?);
            venue_collateral.push(money(venue.collateral.units()));
        }
        rows.extend(box_rows(&publication.image, &self.instruments, &snapshot.marks, config, market)?);
        card.control(&rows)?;
        let as_of_us = card.card_time_us(snapshot.as_of_ns);
        let deadline_us = if self.deadline_ns == 0 { 0 } else { as_of_us + self.deadline_ns / 1_000 };
        let outcome = card.commit(command::Commit { epoch, as_of_us, deadline_us, ..Default::default() })?;
        self.published.recalculations += 1;
        self.published.seconds.push(publication.seconds);
        if BankResult::from_code(outcome.result) != Some(BankResult::Flipped) {
            // The bank before it stays, and so does what is known of it.
            self.published.refused += 1;
            return Ok(());
        }
        if let Some(report) = publication.accounts.first() {
            let benefit = f64::from(report.margin.benefit_ppm.get()) / 1e4;
            self.published.benefit_percent_max = self.published.benefit_percent_max.max(benefit);
        }
        self.published.collateral = money(pool.collateral.units());
        self.published.available = pool.collateral.units().saturating_sub(pool.reserve.units());
        self.published.venue_collateral = venue_collateral;
        self.published.last = Some(publication);
        Ok(())
    }
}

fn balance((asset, counted): (&AssetConfig, &bool)) -> Decimal {
    if *counted {
        asset.balance
    } else {
        Decimal::ZERO
    }
}

/// Money units as account currency, for reports.
#[allow(clippy::cast_precision_loss, reason = "48 bits are exact in an f64")]
pub(super) fn money(units: i64) -> f64 {
    units as f64 / width::MONEY_PER_UNIT as f64
}

pub(super) fn risk_config(config: &Config, instruments: Vec<InstrumentSpec>, lanes_max: usize) -> RiskConfig {
    RiskConfig {
        account_currency: config.currency.clone(),
        underlyings: config.risk.underlyings.clone(),
        assets: config.assets.iter().map(|asset| asset.spec.clone()).collect(),
        instruments,
        validity_box: config.risk.validity_box,
        reserve: ReservePolicy { base: config.risk.reserve_base, of_gross: config.risk.reserve_of_gross },
        lanes: LanePlan {
            lanes_max: lanes_max.min(crossgate_risk::LANES_MAX),
            joint: config.risk.joint.clone(),
            opposed: config.risk.opposed,
            solo: config.risk.solo,
            tails: config.risk.tails,
            named: Vec::new(),
        },
        ranges: RangePolicy::default(),
    }
}

pub(super) fn instrument_spec(
    one: &InstrumentConfig,
    mark: Ticks,
    config: &Config,
    prices: &[Option<Decimal>],
) -> Result<InstrumentSpec> {
    let settles_in = match one.instrument.kind {
        Kind::Spot => &one.instrument.quote,
        Kind::LinearPerpetual | Kind::InversePerpetual => &one.instrument.settlement,
    };
    let place = config.assets.iter().position(|asset| asset.spec.name == *settles_in);
    let settlement = place.and_then(|place| prices.get(place)).copied().flatten();
    let settlement = settlement.with_context(|| {
        format!(
            "{}: {settles_in} is no [[asset]] of the configuration, or no book gives its price",
            one.instrument.symbol
        )
    })?;
    let largest = RangePolicy::default().cap;
    let scale = Scale::choose(&one.instrument, mark, settlement, one.position_max, largest)?;
    let collar = i128::from(mark.get()) * i128::from(one.collar.get()) / i128::from(Ppm::ONE.get());
    let collar_ticks = u32::try_from(collar).unwrap_or(u32::MAX).clamp(1, COLLAR_TICKS_MAX);
    Ok(InstrumentSpec {
        instrument: one.instrument.clone(),
        max_position: one.position_max,
        taker_fee: one.taker_fee,
        collar_ticks,
        spot_haircut: one.spot_haircut,
        lot_shift: scale.lot_shift,
    })
}

/// The joint history of the configured underlyings.
pub(super) fn read_history(config: &Config, folder: &std::path::Path) -> Result<JointHistory> {
    let mut series = Vec::new();
    for name in &config.risk.underlyings {
        let candidates = [format!("{name}-USD_daily.csv.gz"), format!("{name}-USD_daily.csv")];
        let Some(path) = candidates.iter().map(|file| folder.join(file)).find(|path| path.exists()) else {
            bail!("no daily history of {name} in {}: expected {}", folder.display(), candidates.join(" or "));
        };
        series.push(crossgate_risk::Series::read(name, &path)?);
    }
    Ok(JointHistory::join(&series)?)
}
