//! The card's rows from the configuration and the risk engine's image: packing only.
//!
//! Not here: when they are written, and any figure in them.
//!
//! Invariant: the rows of an instrument and of a ledger are complete, for every lane of the build; the card refuses a
//! bank in which a row of something used is missing.

use super::market::Market;
use crate::config::Config;
use anyhow::{Context, Result};
use crossgate_contract::{command, width, Command};
use crossgate_risk::{AccountRow, BankImage, Universe};

/// INSTRUMENT, ACCOUNT and VENUE_LEDGER rows; each venue has a ledger of its own, by its place in the configuration.
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
        rows.push(
            command::Instrument {
                venue: u8::try_from(config.venue_of(*index))?,
                book: u8::try_from(market.book_of(*index))?,
                shift: u8::try_from(spec.lot_shift)?,
                instrument: u16::try_from(*index)?,
                lots_min: 1,
                collar: spec.collar_ticks,
                lots_max: u64::try_from(one.order_max.get())?,
                crossed_max: 0,
                position_cap: u64::try_from(one.position_max.get())?,
            }
            .into(),
        );
    }
    let lanes = u32::try_from(universe.config().lanes.lanes_max)?;
    let lane_mask = if lanes >= 32 { u32::MAX } else { (1 << lanes) - 1 };
    rows.push(command::Account { account, lane_mask, ..Default::default() }.into());
    for index in 0..config.venues.len() {
        let (venue, ledger) = (u8::try_from(index)?, u16::try_from(index)?);
        rows.push(command::VenueLedger { venue, account, ledger, lane_mask }.into());
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
