//! Whether a ledger would bear an order or a REPLACE if nothing were rounded: what the gate rejects beyond that are its
//! false rejects.
//!
//! Per lane and cell the exact worst over every subset of fills is that of two linear losses, `loss_long * q` and
//! `-loss_short * q`, because their maximum is the lane's loss; and each order adds to either one what its own worst
//! outcome adds. Position and orders count in native lots, rates in fractions of a tick value, and a fill that costs is
//! not charged to the outcomes without it unless one asks for that. Not here: what was rounded before, in the rows of the
//! bank and in Y.
//!
//! Exact figures are counted in units of `2^-39` money units, which every shift and tick fraction divides.

use super::gate::{Bank, Entry, Gate};
use super::ledger::{Ledger, BUY};
use super::Model;
use crossgate_contract::command::{BankMark, Order, Replace};
use crossgate_contract::width;
use std::collections::{BTreeMap, BTreeSet};

/// Bits of the exact unit below a money unit.
const EXACT_BITS: u32 = width::GATE_LOT_SHIFT_MAX + width::TICK_FRACTION_BITS;

/// Which outcomes a fill that costs is charged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charges {
    /// Those in which it happens.
    OwnOutcomes,
    /// Every one, as in the gate.
    EveryOutcome,
}

/// What may become of an order: lots with the price that they pay, none, one or two of them.
type Outcome = Vec<(i128, i128)>;

/// An order of a cell with everything that may become of it.
#[derive(Clone, Debug)]
struct Possible {
    side: u8,
    outcomes: Vec<Outcome>,
}

impl Possible {
    fn of(entry: &Entry) -> Self {
        let leaves = |lots: i128| (lots - entry.cumulative).max(0);
        let Some(pending) = entry.pending else {
            return Self { side: entry.side, outcomes: vec![vec![], vec![(leaves(entry.lots), entry.price)]] };
        };
        let old = (leaves(pending.lots_before), pending.price_before);
        let new = (if pending.anew { pending.lots_asked } else { leaves(pending.lots_asked) }, pending.price_asked);
        let rest = (if pending.anew { new.0 } else { (new.0 - old.0).max(0) }, new.1);
        Self { side: entry.side, outcomes: vec![vec![], vec![old], vec![new], vec![old, rest]] }
    }

    /// The most that an outcome adds where a native lot loses this and a fill costs or not.
    fn worst(&self, instrument: &Exact, loss: i128, charged: bool) -> i128 {
        let sign = if self.side == BUY { 1 } else { -1 };
        let one = |(lots, price): &(i128, i128)| {
            lots * (sign * loss + if charged { instrument.cost(self.side, *price) } else { 0 })
        };
        self.outcomes.iter().map(|outcome| outcome.iter().map(one).sum()).max().expect("an outcome is none")
    }
}

/// Rows of an instrument in exact units a native lot.
struct Exact {
    mark: BankMark,
    /// `2^e` of a gate lot.
    unit: i128,
    shift: u8,
}

impl Exact {
    fn of(gate: &Gate, bank: &Bank, instrument: u16) -> Self {
        let (mark, shift) = (bank.mark(instrument), gate.shift(instrument));
        Self { mark, unit: 1 << (width::EXPONENTS[usize::from(mark.exponent)] + EXACT_BITS), shift }
    }

    /// What a lot costs more than it adds.
    fn cost(&self, side: u8, price: i128) -> i128 {
        let (diff, tick) = if side == BUY {
            (price - i128::from(self.mark.mark_buy), self.mark.tick_buy)
        } else {
            (i128::from(self.mark.mark_sell) - price, self.mark.tick_sell)
        };
        diff.max(0) * i128::from(tick) * (self.unit >> (u32::from(self.shift) + width::TICK_FRACTION_BITS))
    }

    fn loss(&self, mantissa: i32) -> i128 {
        i128::from(mantissa) * (self.unit >> self.shift)
    }
}

type Orders = BTreeMap<(u16, u16), Vec<Possible>>;

impl Gate {
    /// The open orders by cell, with another entry in one of the slots.
    fn possible_orders(&self, slot: u16, changed: &Entry) -> Orders {
        let mut orders = Orders::new();
        let others = self.slots.iter().enumerate().filter(|(other, _)| *other != usize::from(slot));
        for entry in others.map(|(_, entry)| entry).filter(|entry| entry.busy).chain([changed]) {
            orders.entry((entry.account, entry.instrument)).or_default().push(Possible::of(entry));
        }
        orders
    }

    /// The exact worst of a cell in a lane, what fills cost included or not; `None` for the zero lane, where fills only
    /// cost.
    fn exact_worst(&self, cell: (u16, u16), lane: Option<u8>, orders: &Orders, charged: bool) -> i128 {
        let (bank, (account, instrument)) = (self.bank(), cell);
        let exact = Exact::of(self, bank, instrument);
        let orders = orders.get(&cell).map_or(&[][..], Vec::as_slice);
        let Some(lane) = lane else { return orders.iter().map(|order| order.worst(&exact, 0, true)).sum() };
        let base = if bank.is_relative(lane) { bank.base(account, instrument) } else { 0 };
        let held = self.cell(account, instrument).position - base;
        let (long, short) = bank.loss(instrument, lane);
        let charged = charged && !bank.is_unit(lane);
        let worst =
            |loss: i128| held * loss + orders.iter().map(|order| order.worst(&exact, loss, charged)).sum::<i128>();
        worst(exact.loss(long)).max(worst(-exact.loss(short)))
    }

    fn bears_exactly(&self, ledger: Ledger, mask: u32, orders: &Orders, charges: Charges) -> bool {
        let bank = self.bank();
        let cells: BTreeSet<_> = self.cells.keys().chain(bank.bases.keys()).chain(orders.keys()).copied().collect();
        let counts = |cell: &(u16, u16)| self.ledgers(cell.0, cell.1).contains(&ledger);
        let cells: Vec<_> = cells.into_iter().filter(counts).collect();
        let own = charges == Charges::OwnOutcomes;
        let worst = |lane| cells.iter().map(|cell| self.exact_worst(*cell, lane, orders, own)).sum::<i128>();
        let has = (bank.available(ledger) - bank.y(ledger)) << EXACT_BITS;
        let costs = worst(None);
        let lanes = (0..self.lanes()).filter(|lane| mask >> lane & 1 == 1);
        costs <= has
            && lanes.into_iter().all(|lane| {
                let left = has - if own { 0 } else { costs };
                let has = if bank.is_unit(lane) { 0 } else { left };
                worst(Some(lane)) + (bank.offset(ledger, lane) << EXACT_BITS) <= has
            })
    }
}

impl Model {
    /// Whether the pool and the venue ledger would each be within their limits after an order if nothing were rounded;
    /// `None` where the slot is taken, a row is missing or a ledger is poisoned.
    ///
    /// A ledger that the gate finds within its limits bears the order either way. Where the gate refuses an order that
    /// both bear, rounding alone refused it, or rounding and charges to outcomes in which nothing is filled.
    pub fn bears_exactly(&self, order: &Order, charges: Charges) -> Option<[bool; 2]> {
        let Order { side, account, instrument, slot, generation, .. } = *order;
        let (lots, price) = (i128::from(order.lots), i128::from(order.price));
        self.gate.named_entry(account, instrument, slot).filter(|entry| !entry.busy)?;
        let opened =
            Entry { busy: true, side, account, instrument, generation, lots, cumulative: 0, price, pending: None };
        self.bears_entry_exactly(slot, &opened, charges)
    }

    /// The same for a REPLACE, whichever way its venue answers; `None` as well where it names no open order or one is
    /// pending already.
    pub fn bears_replace_exactly(&self, replace: &Replace, charges: Charges) -> Option<[bool; 2]> {
        let Replace { account, instrument, slot, generation, .. } = *replace;
        let entry = self.gate.named_entry(account, instrument, slot)?;
        let named = entry.busy && entry.pending.is_none() && entry.is(generation, account, instrument);
        named.then(|| self.bears_entry_exactly(slot, &entry.asked(replace), charges))?
    }

    fn bears_entry_exactly(&self, slot: u16, changed: &Entry, charges: Charges) -> Option<[bool; 2]> {
        let (gate, Entry { account, instrument, .. }) = (&self.gate, *changed);
        let venue = gate.venue_ledgers.get(&(account, gate.instruments.get(&instrument)?.venue))?;
        let ledgers = [
            (Ledger::Pool(account), gate.accounts.get(&account)?.lane_mask),
            (Ledger::Venue(venue.ledger), venue.lane_mask),
        ];
        let whole = ledgers
            .iter()
            .all(|(ledger, _)| gate.is_ledger_complete(gate.bank(), *ledger) && !gate.bank().poisoned.contains(ledger));
        let orders = gate.possible_orders(slot, changed);
        (whole && gate.is_instrument_complete(gate.bank(), instrument))
            .then(|| ledgers.map(|(ledger, mask)| gate.bears_exactly(ledger, mask, &orders, charges)))
    }
}
