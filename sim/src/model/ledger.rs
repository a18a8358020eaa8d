//! The ledger arithmetic of the model: slack and headroom of an account from its cells, open orders and the rows of a
//! bank, nothing kept between calls.

use super::gate::{Bank, Gate};
use crossgate_contract::command::BankMark;
use crossgate_contract::width;

/// The widths of the card, as limits of exact integers.
const GATE_LOT_LIMIT: i128 = 1 << (width::GATE_LOT_BITS - 1);
const RATE_LIMIT: i128 = 1 << width::RATE_BITS;
/// First magnitude that a signed money value does not hold.
pub(super) const MONEY_LIMIT: i128 = 1 << (width::MONEY_BITS - 1);

/// A side of an order.
pub(super) const BUY: u8 = 0;

/// `floor(lots / 2^shift)`.
pub(super) fn floor_gate_lots(lots: i128, shift: u8) -> i128 {
    lots.div_euclid(1 << shift)
}

/// `ceil(lots / 2^shift)`.
pub(super) fn ceil_gate_lots(lots: i128, shift: u8) -> i128 {
    -floor_gate_lots(-lots, shift)
}

/// `gl(lots)`, if it is below 2^17.
pub(super) fn reserve_gate_lots(lots: i128, shift: u8) -> Option<i128> {
    Some(ceil_gate_lots(lots, shift)).filter(|lots| *lots < GATE_LOT_LIMIT)
}

/// Whether a signed money value fits its bits.
pub(super) fn fits_money(value: i128) -> bool {
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
pub(super) fn scale(mark: &BankMark) -> i128 {
    1 << width::EXPONENTS[usize::from(mark.exponent)]
}

/// `gl(lots) * rate * 2^e`.
pub(super) fn reserve(mark: &BankMark, shift: u8, side: u8, lots: i128, price: i128) -> Option<i128> {
    Some(reserve_gate_lots(lots, shift)? * rate(mark, side, price)? * scale(mark))
}

/// End points of a cell in native lots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) instrument: u16,
    /// `u = p + b`.
    pub(super) bid: i128,
    /// `d = p - a`.
    pub(super) ask: i128,
}

/// What an open order still may do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) instrument: u16,
    pub(super) side: u8,
    pub(super) leaves: i128,
    pub(super) price: i128,
}

/// Everything of an account that its ledger depends on beside the bank.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) cells: Vec<Ends>,
    pub(super) orders: Vec<Open>,
}

impl View {
    /// The account as it is.
    pub(super) fn of(gate: &Gate, account: u16) -> Self {
        let cells = gate.cells.range((account, 0)..=(account, u16::MAX)).map(|((_, instrument), cell)| Ends {
            instrument: *instrument,
            bid: cell.bid_end(),
            ask: cell.ask_end(),
        });
        let orders = gate.slots.iter().filter(|entry| entry.busy && entry.account == account).map(|entry| Open {
            instrument: entry.instrument,
            side: entry.side,
            leaves: entry.lots - entry.cumulative,
            price: entry.price,
        });
        Self { cells: cells.collect(), orders: orders.collect() }
    }

    /// The end points of one cell, zero if it was never touched.
    pub(super) fn ends(&mut self, instrument: u16) -> &mut Ends {
        let at = self.cells.iter().position(|ends| ends.instrument == instrument).unwrap_or_else(|| {
            self.cells.push(Ends { instrument, bid: 0, ask: 0 });
            self.cells.len() - 1
        });
        &mut self.cells[at]
    }
}

/// What is left of an account's collateral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Totals {
    /// `S_s` of every lane.
    pub(super) slack: Vec<i128>,
    /// `H`.
    pub(super) headroom: i128,
    /// `X`.
    pub(super) execution: i128,
}

/// The totals of an account at a bank; `None` if an end point, a quantity, a rate, a slack or the headroom leaves its
/// width.
pub(super) fn totals(gate: &Gate, bank: &Bank, account: u16, view: &View) -> Option<Totals> {
    let mut execution = 0;
    for order in &view.orders {
        let mark = bank.mark(order.instrument);
        execution += reserve(&mark, gate.shift(order.instrument), order.side, order.leaves, order.price)?;
    }
    let collateral = bank.collateral.get(&account).copied().unwrap_or(0);
    let headroom = collateral - bank.y(account) - execution;
    let mut slack = Vec::with_capacity(gate.sizes.lanes);
    for lane in 0..gate.lanes() {
        let mut worst = 0;
        for cell in &view.cells {
            worst += cell_loss(gate, bank, cell, lane)?;
        }
        let offset = bank.offsets.get(&(account, lane)).copied().unwrap_or(0);
        slack.push(headroom - i128::from(offset) - worst);
    }
    let fits = fits_money(collateral) && fits_money(headroom) && slack.iter().all(|slack| fits_money(*slack));
    fits.then_some(Totals { slack, headroom, execution })
}

/// `W_s` of a cell, if its end points fit 18 bits in gate lots.
fn cell_loss(gate: &Gate, bank: &Bank, cell: &Ends, lane: u8) -> Option<i128> {
    let shift = gate.shift(cell.instrument);
    let (long, short) = bank.loss(cell.instrument, lane);
    let loss = |lots: i128| if lots >= 0 { lots * i128::from(long) } else { -lots * i128::from(short) };
    let high = ceil_gate_lots(cell.bid, shift);
    let low = floor_gate_lots(cell.ask, shift);
    let fits = |lots: i128| (-GATE_LOT_LIMIT..GATE_LOT_LIMIT).contains(&lots);
    (fits(high) && fits(low)).then(|| loss(high).max(loss(low)) * scale(&bank.mark(cell.instrument)))
}
