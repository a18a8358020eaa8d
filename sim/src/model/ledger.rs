//! The ledger arithmetic of the model: slacks and headroom of a ledger from its cells, open orders and the rows of a
//! bank, nothing kept between calls.

use super::gate::{Bank, Cell, Gate};
use crossgate_contract::command::BankMark;
use crossgate_contract::width;
use std::collections::BTreeSet;

/// The widths of the card, as limits of exact integers.
const GATE_LOT_LIMIT: i128 = 1 << (width::GATE_LOT_BITS - 1);
const RATE_LIMIT: i128 = 1 << width::RATE_BITS;
const LOTS_LIMIT: i128 = 1 << (width::LOTS_BITS - 1);
/// First magnitude that a signed money value does not hold.
pub(super) const MONEY_LIMIT: i128 = 1 << (width::MONEY_BITS - 1);

/// A side of an order.
pub(super) const BUY: u8 = 0;

/// One of the two kinds of ledgers, with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ledger {
    /// The pool ledger of an account.
    Pool(u16),
    /// A venue ledger.
    Venue(u16),
}

impl Ledger {
    /// The ledger that a command names.
    pub(super) const fn named(venue: bool, number: u16) -> Self {
        if venue {
            Self::Venue(number)
        } else {
            Self::Pool(number)
        }
    }
}

/// Whether native lots fit the signed width of an end point.
fn fits_lots(lots: i128) -> bool {
    (-LOTS_LIMIT..LOTS_LIMIT).contains(&lots)
}

/// `floor(lots / 2^shift)`.
fn floor_gate_lots(lots: i128, shift: u8) -> i128 {
    lots.div_euclid(1 << shift)
}

/// `ceil(lots / 2^shift)`.
fn ceil_gate_lots(lots: i128, shift: u8) -> i128 {
    -floor_gate_lots(-lots, shift)
}

/// `gl(lots)`, if it is below 2^17.
fn reserve_gate_lots(lots: i128, shift: u8) -> Option<i128> {
    Some(ceil_gate_lots(lots, shift)).filter(|lots| *lots < GATE_LOT_LIMIT)
}

/// Whether a signed money value fits its bits.
fn fits_money(value: i128) -> bool {
    (-MONEY_LIMIT..MONEY_LIMIT).contains(&value)
}

/// The rate of a side and price at a bank, if neither the distance nor the rate overflows.
pub(super) fn rate(mark: &BankMark, side: u8, price: i128) -> Option<i128> {
    let (diff, tick) = if side == BUY {
        (price - i128::from(mark.mark_buy), i128::from(mark.tick_buy))
    } else {
        (i128::from(mark.mark_sell) - price, i128::from(mark.tick_sell))
    };
    let diff = diff.max(0);
    let one = 1 << width::TICK_FRACTION_BITS;
    let rate = (diff * tick + one - 1) / one;
    (diff < RATE_LIMIT && rate < RATE_LIMIT).then_some(rate)
}

/// `2^e` of an instrument in a bank.
fn scale(mark: &BankMark) -> i128 {
    1 << width::EXPONENTS[usize::from(mark.exponent)]
}

/// `gl(lots) * rate * 2^e`.
pub(super) fn reserve(mark: &BankMark, shift: u8, side: u8, lots: i128, price: i128) -> Option<i128> {
    Some(reserve_gate_lots(lots, shift)? * rate(mark, side, price)? * scale(mark))
}

/// End points of a cell in native lots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) account: u16,
    pub(super) instrument: u16,
    /// `u = p + b`.
    pub(super) bid: i128,
    /// `d = p - a`.
    pub(super) ask: i128,
}

impl Ends {
    pub(super) fn of(account: u16, instrument: u16, cell: &Cell) -> Self {
        Self { account, instrument, bid: cell.bid_end(), ask: cell.ask_end() }
    }

    /// The end points with that of one side moved: the bid end for `BUY`.
    pub(super) fn moved(&self, side: u8, lots: i128) -> Self {
        if side == BUY {
            Self { bid: self.bid + lots, ..*self }
        } else {
            Self { ask: self.ask + lots, ..*self }
        }
    }

    /// The end points as an ABS or a REL lane counts them.
    fn counted(&self, bank: &Bank, relative: bool) -> Self {
        let base = if relative { bank.base(self.account, self.instrument) } else { 0 };
        Self { bid: self.bid - base, ask: self.ask - base, ..*self }
    }

    /// Whether an end point, with or without the base, leaves 40 bits, or 18 bits in gate lots.
    pub(super) fn overflow(&self, gate: &Gate, bank: &Bank) -> bool {
        let shift = gate.shift(self.instrument);
        let fits = |lots: i128| (-GATE_LOT_LIMIT..GATE_LOT_LIMIT).contains(&lots);
        [false, true].map(|relative| self.counted(bank, relative)).iter().any(|ends| {
            !fits_lots(ends.bid)
                || !fits_lots(ends.ask)
                || !fits(ceil_gate_lots(ends.bid, shift))
                || !fits(floor_gate_lots(ends.ask, shift))
        })
    }

    /// `W_s`.
    fn worst(&self, gate: &Gate, bank: &Bank, lane: u8) -> i128 {
        let shift = gate.shift(self.instrument);
        let (long, short) = bank.loss(self.instrument, lane);
        let loss = |lots: i128| if lots >= 0 { lots * i128::from(long) } else { -lots * i128::from(short) };
        let ends = self.counted(bank, bank.is_relative(lane));
        let (high, low) = (ceil_gate_lots(ends.bid, shift), floor_gate_lots(ends.ask, shift));
        loss(high).max(loss(low)) * scale(&bank.mark(self.instrument))
    }
}

/// What an open order still may do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) slot: u16,
    pub(super) account: u16,
    pub(super) instrument: u16,
    pub(super) side: u8,
    pub(super) leaves: i128,
    pub(super) price: i128,
}

impl Open {
    /// What it adds to X.
    pub(super) fn reserve(&self, gate: &Gate, bank: &Bank) -> Option<i128> {
        reserve(&bank.mark(self.instrument), gate.shift(self.instrument), self.side, self.leaves, self.price)
    }
}

/// Everything that a ledger depends on beside the rows of the bank.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) cells: Vec<Ends>,
    pub(super) orders: Vec<Open>,
}

impl View {
    /// Every cell that was touched or has a base in the bank, and every open order.
    pub(super) fn all(gate: &Gate, bank: &Bank) -> Self {
        let cells: BTreeSet<_> = gate.cells.keys().chain(bank.bases.keys()).copied().collect();
        let cells = cells.into_iter().map(|(account, instrument)| {
            let cell = gate.cell(account, instrument);
            Ends::of(account, instrument, &cell)
        });
        let busy = (0..=u16::MAX).zip(&gate.slots).filter(|(_, entry)| entry.busy);
        let orders = busy.map(|(slot, entry)| Open {
            slot,
            account: entry.account,
            instrument: entry.instrument,
            side: entry.side,
            leaves: entry.lots - entry.cumulative,
            price: entry.price,
        });
        Self { cells: cells.collect(), orders: orders.collect() }
    }

    /// The end points of one cell, zero if it was never touched.
    pub(super) fn ends(&mut self, account: u16, instrument: u16) -> &mut Ends {
        let found = self.cells.iter().position(|ends| (ends.account, ends.instrument) == (account, instrument));
        let at = found.unwrap_or_else(|| {
            self.cells.push(Ends { account, instrument, bid: 0, ask: 0 });
            self.cells.len() - 1
        });
        &mut self.cells[at]
    }
}

/// What is left of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Totals {
    /// `S_s` of every lane.
    pub(super) slack: Vec<i128>,
    /// `H`.
    pub(super) headroom: i128,
    /// `X`.
    pub(super) execution: i128,
}

/// The totals of a ledger at a bank; `None` if an end point, a quantity, a rate, a slack or the headroom leaves its
/// width.
pub(super) fn totals(gate: &Gate, bank: &Bank, ledger: Ledger, view: &View) -> Option<Totals> {
    let belongs = |account, instrument| gate.ledgers(account, instrument).contains(&ledger);
    let cells: Vec<_> = view.cells.iter().filter(|ends| belongs(ends.account, ends.instrument)).collect();
    if cells.iter().any(|ends| ends.overflow(gate, bank)) {
        return None;
    }
    let mut execution = 0;
    for order in view.orders.iter().filter(|order| belongs(order.account, order.instrument)) {
        execution += order.reserve(gate, bank)?;
    }
    let available = bank.available(ledger);
    let headroom = available - bank.y(ledger) - execution;
    let slack: Vec<_> = (0..gate.lanes())
        .map(|lane| {
            let worst: i128 = cells.iter().map(|ends| ends.worst(gate, bank, lane)).sum();
            let limit = if bank.is_unit(lane) { 0 } else { headroom };
            limit - bank.offset(ledger, lane) - worst
        })
        .collect();
    let fits = fits_money(available) && fits_money(headroom) && slack.iter().all(|slack| fits_money(*slack));
    fits.then_some(Totals { slack, headroom, execution })
}
