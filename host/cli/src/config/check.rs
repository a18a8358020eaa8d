//! From the file as written to a configuration that can run.

use super::raw;
use super::{
    AccountConfig, AssetConfig, Config, FlowSettings, InstrumentConfig, LimitSettings, RiskSettings, VenueConfig,
};
use crossgate_contract::{sizes, Sizes};
use crossgate_instrument::{Grid, Instrument, Kind, Lots};
use crossgate_risk::{AssetSpec, Ppm};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use std::fmt;

/// Microseconds of a second.
const MICROSECONDS: u32 = 1_000_000;
/// A day: no age or deadline is longer.
const AGE_MS_MAX: u64 = 86_400_000;

/// A value that is well-formed but cannot be used.
#[derive(Debug)]
pub(super) struct BadValue {
    /// Whose value: a symbol, asset name or section.
    owner: String,
    /// The key.
    key: &'static str,
    /// The value as text.
    value: String,
    /// What would be right.
    remedy: String,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} = {}: {}", self.owner, self.key, self.value, self.remedy)
    }
}

fn bad(owner: &str, key: &'static str, value: impl fmt::Display, remedy: impl Into<String>) -> BadValue {
    BadValue { owner: owner.to_owned(), key, value: value.to_string(), remedy: remedy.into() }
}

/// The line of the offending key: the first line with that key after the line that names its owner.
pub(super) fn line_of(text: &str, error: &BadValue) -> Option<usize> {
    let quoted = format!("\"{}\"", error.owner);
    let section = format!("[{}]", error.owner);
    let is_key = |line: &str| line.split('=').next().is_some_and(|key| key.trim() == error.key);
    let value_matches = |line: &str| line.contains(&error.value);
    let owner_line = text
        .lines()
        .position(|line| !line.trim_start().starts_with('#') && (line.contains(&quoted) || line == section));
    let start = owner_line.unwrap_or(0);
    let after = text.lines().enumerate().skip(start).find(|(_, line)| is_key(line) && value_matches(line));
    after.or_else(|| text.lines().enumerate().find(|(_, line)| is_key(line))).map(|(index, _)| index + 1)
}

pub(super) fn check(raw: raw::Raw) -> Result<Config, BadValue> {
    let names: Vec<&str> = sizes::SETS.iter().map(|set| set.name).filter(|name| *name != "usplus").collect();
    let known = format!("one of {}", names.join(", "));
    let sizes = Sizes::by_name(&raw.card.set)
        .filter(|set| names.contains(&set.name))
        .ok_or_else(|| bad("card", "set", &raw.card.set, known))?;
    let assets = raw.asset.iter().map(|asset| check_asset(asset, &raw.risk)).collect::<Result<Vec<_>, _>>()?;
    if !assets.iter().any(|asset| asset.spec.name == raw.account.currency) {
        return Err(bad("account", "currency", &raw.account.currency, "must be the name of an [[asset]]"));
    }
    let instruments = raw.instrument.iter().map(check_instrument).collect::<Result<Vec<_>, _>>()?;
    if instruments.is_empty() || instruments.len() > sizes.instruments {
        let remedy = format!("give 1 to {} [[instrument]] sections", sizes.instruments);
        return Err(bad("card", "set", instruments.len(), remedy));
    }
    let venues = check_venues(&raw.venue, &instruments, &sizes)?;
    Ok(Config {
        sizes,
        account: check_account(&raw.account)?,
        limits: check_limits(&raw.limits, &raw.risk)?,
        currency: raw.account.currency,
        assets,
        venues,
        instruments,
        risk: check_risk(raw.risk)?,
        flow: check_flow(&raw.flow)?,
    })
}

/// A fraction between `low` and `high`, exact to parts per million.
fn fraction(owner: &str, key: &'static str, value: Decimal, low: &str, high: &str) -> Result<Ppm, BadValue> {
    let bound = |text: &str| text.parse::<Decimal>().unwrap_or_default();
    let parts = (value * Decimal::from(1_000_000)).normalize();
    let inside = value >= bound(low) && value <= bound(high);
    let exact = parts.is_integer().then(|| parts.to_i32()).flatten().filter(|_| inside);
    exact.map(Ppm::new).ok_or_else(|| {
        bad(owner, key, value, format!("must lie in {low} to {high} with at most six digits behind the point"))
    })
}

fn check_account(raw: &raw::Account) -> Result<AccountConfig, BadValue> {
    let open_orders_max = u16::try_from(raw.open_orders_max).ok().filter(|most| *most > 0);
    let remedy = format!("must lie in 1 to {}", u16::MAX);
    let open_orders_max =
        open_orders_max.ok_or_else(|| bad("account", "open_orders_max", raw.open_orders_max, remedy))?;
    if raw.message_rate > MICROSECONDS {
        let remedy = format!("must lie in 0 to {MICROSECONDS} a second; 0 is no limit");
        return Err(bad("account", "message_rate", raw.message_rate, remedy));
    }
    // Rounded up: the rate is never exceeded.
    let message_cost_us =
        MICROSECONDS.checked_div(raw.message_rate).map_or(0, |_| MICROSECONDS.div_ceil(raw.message_rate));
    let burst = message_cost_us.checked_mul(raw.message_burst).filter(|_| raw.message_burst > 0);
    let remedy = "must be at least one message and less than 71 minutes of the rate";
    let message_burst_us = burst.ok_or_else(|| bad("account", "message_burst", raw.message_burst, remedy))?;
    Ok(AccountConfig { open_orders_max, message_cost_us, message_burst_us })
}

/// An age in milliseconds, or 0 for none: at least `least`, which is what it says.
fn check_age((owner, key): (&str, &'static str), age_ms: u64, (least, meaning): (u64, &str)) -> Result<(), BadValue> {
    if age_ms == 0 || (least..=AGE_MS_MAX).contains(&age_ms) {
        return Ok(());
    }
    Err(bad(owner, key, age_ms, format!("must be 0 for none, or {meaning}, and at most {AGE_MS_MAX}")))
}

/// The least age of a bank that leaves room for the next as they come.
fn bank_age(risk: &raw::Risk) -> (u64, String) {
    let most = risk.interval_ms.saturating_add(risk.lag_ms);
    (most.saturating_add(1), format!("above interval_ms + lag_ms = {most}"))
}

/// Ages that are limited leave room for the banks as they come.
fn check_limits(raw: &raw::Limits, risk: &raw::Risk) -> Result<LimitSettings, BadValue> {
    let (least, meaning) = bank_age(risk);
    check_age(("limits", "bank_ms"), raw.bank_ms, (least, &meaning))?;
    check_age(("limits", "collateral_ms"), raw.collateral_ms, (least, &meaning))?;
    check_age(("limits", "heartbeat_ms"), raw.heartbeat_ms, (100, "at least 100"))?;
    Ok(LimitSettings {
        touch: raw.touch,
        crossed: fraction("limits", "crossed", raw.crossed, "0", "0.1")?,
        bank_us: raw.bank_ms * 1_000,
        collateral_us: raw.collateral_ms * 1_000,
        heartbeat_us: raw.heartbeat_ms * 1_000,
    })
}

/// Quantity times price in native lots times ticks, rounded down.
fn check_notional(raw: &raw::Instrument, instrument: &Instrument) -> Result<u64, BadValue> {
    let unit = instrument.lot.step() * instrument.tick.step();
    let count = raw.notional_max.checked_div(unit).and_then(|count| count.floor().to_u64()).filter(|count| *count > 0);
    count.ok_or_else(|| {
        let remedy = format!("must be at least one lot times one tick, {unit}, and below 2^64 of them");
        bad(&raw.symbol, "notional_max", raw.notional_max, remedy)
    })
}

fn check_asset(asset: &raw::Asset, risk: &raw::Risk) -> Result<AssetConfig, BadValue> {
    let moves = risk.underlyings.contains(&asset.name);
    match asset.price {
        Some(price) if moves => {
            return Err(bad(&asset.name, "price", price, "remove it: the price of an underlying comes from the books"));
        }
        Some(price) if price <= Decimal::ZERO => return Err(bad(&asset.name, "price", price, "must be positive")),
        None if !moves => {
            return Err(bad(&asset.name, "name", &asset.name, "is no underlying, so it needs a fixed price"));
        }
        _ => {}
    }
    if asset.balance < Decimal::ZERO {
        return Err(bad(&asset.name, "balance", asset.balance, "must not be negative"));
    }
    let haircut = fraction(&asset.name, "haircut", asset.haircut, "0", "0.9")?;
    let spec = AssetSpec { name: asset.name.clone(), haircut };
    Ok(AssetConfig { spec, price: asset.price, balance: asset.balance })
}

fn check_instrument(raw: &raw::Instrument) -> Result<InstrumentConfig, BadValue> {
    let instrument = Instrument::new(
        raw.venue,
        &raw.symbol,
        &raw.underlying,
        &raw.quote,
        &raw.settlement,
        raw.kind,
        raw.tick,
        raw.lot,
        raw.contract_size,
    )
    .map_err(|error| bad(&raw.symbol, "symbol", &raw.symbol, error.to_string()))?;
    let lots = |key, value: Decimal| to_lots(&raw.symbol, key, value, &instrument.lot);
    let (order_max, position_max, clip) =
        (lots("order_max", raw.order_max)?, lots("position_max", raw.position_max)?, lots("clip", raw.clip)?);
    if order_max > position_max {
        return Err(bad(&raw.symbol, "order_max", raw.order_max, "must not exceed position_max"));
    }
    if clip > order_max {
        return Err(bad(&raw.symbol, "clip", raw.clip, "must not exceed order_max"));
    }
    let notional_max = check_notional(raw, &instrument)?;
    let taker_fee = fraction(&raw.symbol, "taker_fee", raw.taker_fee, "0", "0.1")?;
    let maker_fee = fraction(&raw.symbol, "maker_fee", raw.maker_fee, "0", "0.1")?;
    if maker_fee > taker_fee {
        return Err(bad(&raw.symbol, "maker_fee", raw.maker_fee, "must not exceed taker_fee, the worst fee"));
    }
    let spot_haircut = raw.spot_haircut.unwrap_or_default();
    if raw.kind != Kind::Spot && !spot_haircut.is_zero() {
        return Err(bad(&raw.symbol, "spot_haircut", spot_haircut, "remove it: only spot positions are coins"));
    }
    let spot_haircut = fraction(&raw.symbol, "spot_haircut", spot_haircut, "0", "0.02")?;
    let collar = fraction(&raw.symbol, "collar", raw.collar, "0.0001", "0.5")?;
    Ok(InstrumentConfig {
        instrument,
        order_max,
        notional_max,
        position_max,
        taker_fee,
        maker_fee,
        spot_haircut,
        collar,
        clip,
    })
}

/// The venues of the instruments with their shares; a venue without a section counts every balance whole.
fn check_venues(
    raw: &[raw::VenueLedger],
    instruments: &[InstrumentConfig],
    sizes: &Sizes,
) -> Result<Vec<VenueConfig>, BadValue> {
    let mut venues: Vec<VenueConfig> = Vec::new();
    for one in instruments {
        let venue = one.instrument.venue;
        if venues.iter().all(|known| known.venue != venue) {
            venues.push(VenueConfig { venue, share: Decimal::ONE });
        }
    }
    let most = sizes.venues.min(sizes.venue_ledgers);
    if venues.len() > most {
        let remedy = format!("this build has ledgers for {most} venues, the instruments name {}", venues.len());
        return Err(bad("card", "set", sizes.name, remedy));
    }
    for (index, section) in raw.iter().enumerate() {
        let name = section.name.name();
        if raw.iter().take(index).any(|earlier| earlier.name == section.name) {
            return Err(bad("venue", "name", name, "appears twice"));
        }
        if section.share < Decimal::ZERO || section.share > Decimal::ONE_HUNDRED {
            return Err(bad(name, "share", section.share, "must lie in 0 to 100"));
        }
        match venues.iter_mut().find(|known| known.venue == section.name) {
            Some(known) => known.share = section.share,
            None => return Err(bad("venue", "name", name, "no [[instrument]] trades there")),
        }
    }
    Ok(venues)
}

fn to_lots(symbol: &str, key: &'static str, value: Decimal, grid: &Grid) -> Result<Lots, BadValue> {
    let count = grid.parse(&value.to_string()).map_err(|error| bad(symbol, key, value, error.to_string()))?;
    let limit = 1i64 << (crossgate_contract::width::LOTS_BITS - 2);
    if !(1..limit).contains(&count) {
        let remedy = format!("must be at least one lot of {} and below {} lots", grid.step(), limit);
        return Err(bad(symbol, key, value, remedy));
    }
    Ok(Lots::new(count))
}

fn check_risk(raw: raw::Risk) -> Result<RiskSettings, BadValue> {
    if raw.underlyings.is_empty() {
        return Err(bad("risk", "underlyings", "[]", "name at least one underlying"));
    }
    if !(100..=3_600_000).contains(&raw.interval_ms) {
        return Err(bad("risk", "interval_ms", raw.interval_ms, "must lie in 100 to 3600000"));
    }
    if raw.lag_ms >= raw.interval_ms {
        return Err(bad("risk", "lag_ms", raw.lag_ms, "must be shorter than interval_ms"));
    }
    let (least, meaning) = bank_age(&raw);
    check_age(("risk", "deadline_ms"), raw.deadline_ms, (least, &meaning))?;
    let joint = raw.joint.iter().map(|part| fraction("risk", "joint", *part, "0.01", "3")).collect::<Result<_, _>>()?;
    Ok(RiskSettings {
        history: raw.history,
        underlyings: raw.underlyings,
        validity_box: fraction("risk", "validity_box", raw.validity_box, "0", "0.2")?,
        reserve_base: raw.reserve_base,
        reserve_of_gross: fraction("risk", "reserve_of_gross", raw.reserve_of_gross, "0", "1")?,
        joint,
        opposed: raw.opposed,
        solo: raw.solo,
        tails: raw.tails,
        interval_ns: raw.interval_ms * 1_000_000,
        lag_ns: raw.lag_ms * 1_000_000,
        deadline_ns: raw.deadline_ms * 1_000_000,
    })
}

fn check_flow(raw: &raw::Flow) -> Result<FlowSettings, BadValue> {
    if !(1..=3_600_000).contains(&raw.requote_ms) {
        return Err(bad("flow", "requote_ms", raw.requote_ms, "must lie in 1 to 3600000"));
    }
    if raw.venue_ms > 60_000 {
        return Err(bad("flow", "venue_ms", raw.venue_ms, "must lie in 0 to 60000"));
    }
    if !(1..=16).contains(&raw.levels) {
        return Err(bad("flow", "levels", raw.levels, "must lie in 1 to 16"));
    }
    for (key, value) in [
        ("level_ticks", raw.level_ticks),
        ("behind_ticks", raw.behind_ticks),
        ("stale_ticks", raw.stale_ticks),
        ("hedge_through_ticks", raw.hedge_through_ticks),
    ] {
        if !(0..=10_000).contains(&value) {
            return Err(bad("flow", key, value, "must lie in 0 to 10000"));
        }
    }
    if raw.hedge_above <= Decimal::ZERO {
        return Err(bad("flow", "hedge_above", raw.hedge_above, "must be positive"));
    }
    Ok(FlowSettings {
        enabled: raw.enabled,
        requote_ns: raw.requote_ms * 1_000_000,
        venue_ns: raw.venue_ms * 1_000_000,
        levels: raw.levels,
        level_ticks: raw.level_ticks,
        behind_ticks: raw.behind_ticks,
        stale_ticks: raw.stale_ticks,
        hedge_above: raw.hedge_above,
        hedge_through_ticks: raw.hedge_through_ticks,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Config, DEFAULT_TOML};

    fn error_of(from: &str, to: &str) -> String {
        assert!(DEFAULT_TOML.contains(from), "{from}");
        Config::parse(&DEFAULT_TOML.replacen(from, to, 1), "test.toml").unwrap_err().to_string()
    }

    #[test]
    fn the_default_is_valid() {
        let config = Config::load(None).unwrap();
        assert_eq!(config.sizes.name, "desk");
        assert_eq!(config.instruments.len(), 7);
    }

    #[test]
    fn an_unknown_key_names_its_line() {
        let error = error_of("requote_ms = 250", "requote_msec = 250");
        assert!(error.contains("test.toml") && error.contains("requote_msec") && error.contains("line"), "{error}");
    }

    #[test]
    fn a_limit_out_of_range_names_line_value_and_remedy() {
        let line = DEFAULT_TOML.lines().position(|line| line.starts_with("collar")).unwrap() + 1;
        let error = error_of("collar = \"0.02\"", "collar = \"0.9\"");
        assert!(error.starts_with(&format!("test.toml:{line}: BTCUSDT: collar = 0.9: must lie in")), "{error}");
        let error = error_of("interval_ms = 5000", "interval_ms = 1");
        assert!(error.contains("risk: interval_ms = 1: must lie in 100 to 3600000"), "{error}");
    }

    #[test]
    fn limits_of_the_gate_name_line_value_and_remedy() {
        for (from, to, expected) in [
            ("open_orders_max = 64", "open_orders_max = 0", "account: open_orders_max = 0: must lie in 1 to 65535"),
            ("message_rate = 150", "message_rate = 1000001", "account: message_rate = 1000001: must lie in 0 to"),
            ("message_burst = 40", "message_burst = 0", "account: message_burst = 0: must be at least one message"),
            ("notional_max = \"100000\"", "notional_max = \"0\"", "BTCUSDT: notional_max = 0: must be at least"),
            ("crossed = \"0.001\"", "crossed = \"0.2\"", "limits: crossed = 0.2: must lie in 0 to 0.1"),
            ("bank_ms = 12000", "bank_ms = 5250", "limits: bank_ms = 5250: must be 0 for none, or above"),
            ("heartbeat_ms = 3000", "heartbeat_ms = 99", "limits: heartbeat_ms = 99: must be 0 for none, or at least"),
            ("deadline_ms = 15000", "deadline_ms = 5250", "risk: deadline_ms = 5250: must be 0 for none, or above"),
            ("levels = 4", "levels = 17", "flow: levels = 17: must lie in 1 to 16"),
            ("venue_ms = 5", "venue_ms = 60001", "flow: venue_ms = 60001: must lie in 0 to 60000"),
        ] {
            let line = DEFAULT_TOML.lines().position(|line| line == from).unwrap_or_else(|| panic!("{from}")) + 1;
            let error = error_of(from, to);
            assert!(error.starts_with(&format!("test.toml:{line}: {expected}")), "{error}");
        }
    }

    #[test]
    fn rates_become_microseconds_rounded_up_and_notionals_lots_times_ticks_rounded_down() {
        let text = DEFAULT_TOML.replacen("message_rate = 150", "message_rate = 300", 1);
        let text = text.replacen("notional_max = \"100000\"", "notional_max = \"100000.00019\"", 1);
        let config = Config::parse(&text, "test.toml").unwrap();
        assert_eq!((config.account.message_cost_us, config.account.message_burst_us), (3_334, 40 * 3_334));
        assert_eq!(config.instruments[0].notional_max, 1_000_000_001, "lots of 0.001 times ticks of 0.1");
        let text = DEFAULT_TOML.replacen("message_rate = 150", "message_rate = 0", 1);
        assert_eq!(Config::parse(&text, "test.toml").unwrap().account.message_cost_us, 0);
    }

    #[test]
    fn a_quantity_off_the_lot_grid_is_refused() {
        let error = error_of("clip = \"0.020\"", "clip = \"0.0205\"");
        assert!(error.contains("clip = 0.0205: 0.0205 is not a multiple of 0.001"), "{error}");
    }

    #[test]
    fn a_wrong_share_or_an_unused_venue_names_its_line() {
        let line = DEFAULT_TOML.lines().position(|line| line.starts_with("share")).unwrap() + 1;
        let wrong = DEFAULT_TOML.lines().nth(line - 1).unwrap();
        let error = error_of(wrong, "share = \"-1\"");
        assert!(
            error.starts_with(&format!("test.toml:{line}: binance-usdm: share = -1: must lie in 0 to 100")),
            "{error}"
        );
        let error = error_of("[[venue]]\nname = \"kraken-spot\"", "[[venue]]\nname = \"binance-usdm\"");
        assert!(error.contains("venue: name = binance-usdm: appears twice"), "{error}");
        let kraken = "venue = \"kraken-spot\"\nsymbol = \"BTC/USD\"";
        let error = error_of(kraken, "venue = \"binance-spot\"\nsymbol = \"BTC/USD\"");
        assert!(error.contains("venue: name = kraken-spot: no [[instrument]] trades there"), "{error}");
    }

    #[test]
    fn more_venues_than_the_build_has_ledgers_for_are_refused() {
        let error = error_of("set = \"desk\"", "set = \"tiny\"");
        assert!(error.contains("card: set"), "{error}");
    }

    #[test]
    fn an_unknown_build_lists_the_known_ones() {
        let error = error_of("set = \"desk\"", "set = \"huge\"");
        assert!(error.contains("set = huge: one of tiny, ecp5, desk"), "{error}");
    }

    #[test]
    fn a_wrong_type_names_its_line() {
        let error = error_of("tails = 6", "tails = \"six\"");
        assert!(error.contains("line"), "{error}");
    }
}
