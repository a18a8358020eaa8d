//! The card's rows from the configuration and the risk engine's image: packing only.
//!
//! Not here: when they are written, and any figure in them.
//!
//! Invariant: the rows of an instrument and of a ledger are complete, for every lane of the build; the card refuses a
//! bank in which a row of something used is missing.

use super::market::Market;
use crate::config::{AccountConfig, Config, LimitSettings};
use anyhow::{Context, Result};
use crossgate_contract::{command, width, Command};
use crossgate_instrument::Ticks;
use crossgate_risk::{AccountRow, BankImage, Ppm, Universe};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;

/// Greatest value of the fields of a collar and of the crossing.
const COLLAR_MAX: u32 = (1 << 24) - 1;

/// INSTRUMENT, INSTRUMENT_LIMITS, ACCOUNT, VENUE_LEDGER and AGES rows; each venue has a ledger of its own, by its place in
/// the configuration.
pub(super) fn static_rows(
    config: &Config,
    market: &Market,
    universe: &Universe,
    instruments: &[usize],
    account: u16,
) -> Result<Vec<Command>> {
    let mut rows: Vec<Command> = Vec::new();
    for (index, spec) in instruments.iter().zip(&universe.config().instruments) {
        let one = &config.instruments[*index];
        let native_ticks = market.touch_ticks(*index);
        rows.push(
            command::Instrument {
                venue: u8::try_from(config.venue_of(*index))?,
                book: u8::try_from(market.book_of(*index))?,
                shift: u8::try_from(spec.lot_shift)?,
                instrument: u16::try_from(*index)?,
                lots_min: 1,
                collar: spec.collar_ticks,
                lots_max: u64::try_from(one.order_max.get())?,
                crossed_max: crossed_ticks(spec.collar_ticks, one.collar, config.limits.crossed, native_ticks),
                position_cap: u64::try_from(one.position_max.get())?,
            }
            .into(),
        );
        let touch_ticks = if config.limits.touch { native_ticks } else { 0 };
        let (instrument, notional_max) = (u16::try_from(*index)?, one.notional_max);
        rows.push(command::InstrumentLimits { instrument, notional_max, touch_ticks }.into());
    }
    let lanes = u32::try_from(universe.config().lanes.lanes_max)?;
    let lane_mask = if lanes >= 32 { u32::MAX } else { (1 << lanes) - 1 };
    let AccountConfig { open_orders_max, message_cost_us, message_burst_us } = config.account;
    rows.push(command::Account { account, lane_mask, open_orders_max, message_cost_us, message_burst_us }.into());
    for index in 0..config.venues.len() {
        let (venue, ledger) = (u8::try_from(index)?, u16::try_from(index)?);
        rows.push(command::VenueLedger { venue, account, ledger, lane_mask }.into());
    }
    let LimitSettings { bank_us, collateral_us, heartbeat_us, .. } = config.limits;
    rows.push(command::Ages { bank_us, collateral_us, heartbeat_us }.into());
    Ok(rows)
}

/// The fraction `crossed` of the price in book ticks of `native_ticks` each, from the native ticks that the fraction
/// `collar` of it is; rounded down, so that it is never looser.
fn crossed_ticks(collar_ticks: u32, collar: Ppm, crossed: Ppm, native_ticks: u16) -> u32 {
    let ticks = i64::from(collar_ticks) * i64::from(crossed.get()) / i64::from(collar.get()).max(1);
    u32::try_from(ticks / i64::from(native_ticks.max(1))).unwrap_or(0).min(COLLAR_MAX)
}

/// BANK_BOX rows of the books with an instrument that has a row: where its touch may lie for the losses to hold, as a
/// fraction around the marks of the bank. No row where the fraction is 0.
pub(super) fn box_rows(
    image: &BankImage,
    instruments: &[usize],
    marks: &[Option<Ticks>],
    config: &Config,
    market: &Market,
) -> Result<Vec<Command>> {
    let width = Decimal::from(config.risk.validity_box.get()) / Decimal::from(Ppm::ONE.get());
    if width.is_zero() {
        return Ok(Vec::new());
    }
    let mut boxes: Vec<Option<(u32, u32)>> = vec![None; market.books.len()];
    for ((row, index), mark) in image.rows.iter().zip(instruments).zip(marks) {
        let (Some(_), Some(mark)) = (row, mark) else { continue };
        let book = market.book_of(*index);
        let price = config.instruments[*index].instrument.tick.value(mark.get());
        let tick = market.books[book].units.tick.step();
        // Narrower rather than wider, and within the field.
        let low = (price * (Decimal::ONE - width) / tick).ceil().to_u32().unwrap_or(0);
        let high = (price * (Decimal::ONE + width) / tick).floor().to_u32().unwrap_or(u32::MAX);
        let (least, most) = boxes[book].unwrap_or((0, u32::MAX));
        boxes[book] = Some((least.max(low), most.min(high)));
    }
    let mut rows = Vec::new();
    for (book, limits) in boxes.into_iter().enumerate() {
        if let Some((low, high)) = limits {
            rows.push(command::BankBox { book: u8::try_from(book)?, epoch: image.epoch, low, high }.into());
        }
    }
    Ok(rows)
}

fn exponent_code(exponent: u32) -> Result<u8> {
    let code = width::EXPONENTS.iter().position(|known| *known == exponent);
    let code = code.with_context(|| format!("exponent {exponent} is not one of {:?}", width::EXPONENTS))?;
    Ok(u8::try_from(code)?)
}

/// BANK_MARK rows of the instruments that have one.
pub(super) fn mark_rows(image: &BankImage, instruments: &[usize]) -> Result<Vec<Command>> {
    let mut rows = Vec::new();
    for (row, index) in image.rows.iter().zip(instruments) {
        let Some(row) = row else { continue };
        let row = command::BankMark {
            exponent: exponent_code(row.scale.exponent)?,
            instrument: u16::try_from(*index)?,
            epoch: image.epoch,
            mark_buy: row.mark_buy,
            mark_sell: row.mark_sell,
            tick_buy: row.tick_buy,
            tick_sell: row.tick_sell,
        };
        rows.push(row.into());
    }
    Ok(rows)
}

/// BANK_LOSS rows of the instruments that have a mark, for every lane of the build: a lane without a scenario loses
/// nothing.
pub(super) fn loss_rows(image: &BankImage, instruments: &[usize], lanes: usize) -> Result<Vec<Command>> {
    let mut rows: Vec<Command> = Vec::new();
    for (row, index) in image.rows.iter().zip(instruments) {
        let Some(row) = row else { continue };
        for lane in (0..lanes).step_by(2) {
            let at = |losses: &[i32], lane: usize| losses.get(lane).copied().unwrap_or(0);
            let row = command::BankLoss {
                lane: u8::try_from(lane)?,
                instrument: u16::try_from(*index)?,
                epoch: image.epoch,
                long_0: at(&row.loss_long, lane),
                short_0: at(&row.loss_short, lane),
                long_1: at(&row.loss_long, lane + 1),
                short_1: at(&row.loss_short, lane + 1),
            };
            rows.push(row.into());
        }
    }
    Ok(rows)
}

/// BANK_OFFSET rows of every lane of the build and the BANK_COLLATERAL row of one ledger.
pub(super) fn ledger_rows(epoch: u32, venue: bool, row: &AccountRow, lanes: usize) -> Result<Vec<Command>> {
    let ledger = row.account;
    let mut rows: Vec<Command> = Vec::new();
    for lane in 0..lanes {
        let offset = row.offsets.get(lane).map_or(0, |offset| offset.units());
        rows.push(command::BankOffset { lane: u8::try_from(lane)?, ledger, epoch, offset, venue }.into());
    }
    let collateral = command::BankCollateral {
        venue,
        ledger,
        epoch,
        collateral: row.collateral.units(),
        reserve: u64::try_from(row.reserve.units())?,
        y_included: 0,
    };
    rows.push(collateral.into());
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DEFAULT_TOML;
    use crate::replay::partition::Partition;
    use crate::replay::publish;
    use crossgate_instrument::Kind;

    /// Binance's BTC/USDT as BTC/USD: it shares the book of Kraken's, whose tick is ten times as wide.
    fn one_book_of_two_ticks() -> Config {
        let from =
            "symbol = \"BTCUSDT\"\nunderlying = \"BTC\"\nquote = \"USDT\"\nsettlement = \"USDT\"\nkind = \"spot\"";
        assert!(DEFAULT_TOML.contains(from));
        let to = from.replace("quote = \"USDT\"\nsettlement = \"USDT\"", "quote = \"USD\"\nsettlement = \"USD\"");
        Config::parse(&DEFAULT_TOML.replace(from, &to), "test.toml").unwrap()
    }

    #[test]
    fn the_crossing_is_in_book_ticks_rounded_down() {
        let config = one_book_of_two_ticks();
        let instruments: Vec<_> = config.instruments.iter().map(|one| &one.instrument).collect();
        let venues: Vec<usize> = (0..instruments.len()).map(|index| config.venue_of(index)).collect();
        let market = Market::new(&instruments, &venues, &config.sizes, Partition::new(1, 1)).unwrap();
        let spot: Vec<usize> = (0..instruments.len()).filter(|index| instruments[*index].quote == "USD").collect();
        let spot: Vec<usize> = spot.into_iter().filter(|index| instruments[*index].kind == Kind::Spot).collect();
        assert_eq!(spot.iter().map(|index| market.touch_ticks(*index)).collect::<Vec<_>>(), [10, 1]);
        assert_eq!(market.book_of(spot[0]), market.book_of(spot[1]));
        // 29,999.5 on either grid: the mark is 2,999,950 native ticks of 0.01 and 299,995 of 0.1.
        let marks = [2_999_950, 299_995].map(Ticks::new);
        let prices = vec![Some(Decimal::ONE); config.assets.len()];
        let spec = |index: &usize, mark| publish::instrument_spec(&config.instruments[*index], mark, &config, &prices);
        let specs = spot.iter().zip(marks).map(|(index, mark)| spec(index, mark).unwrap()).collect();
        let universe = Universe::new(publish::risk_config(&config, specs, config.sizes.lanes)).unwrap();
        let rows = static_rows(&config, &market, &universe, &spot, 0).unwrap();
        let crossed = |row: &Command| if let Command::Instrument(row) = row { Some(row.crossed_max) } else { None };
        // A thousandth of it is 29.9995, that is 299 book ticks of 0.1.
        assert_eq!(rows.iter().filter_map(crossed).collect::<Vec<_>>(), [299, 299]);
    }
}
