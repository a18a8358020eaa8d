//! GATE of the model: orders, fills, cancels and positions.

use super::ledger::{reserve, totals, Open, Totals, View, BUY, MONEY_LIMIT};
use super::Model;
use crossgate_contract::command::{Account, BankMark, Cancelled, Fill, Instrument, Order, Position};
use crossgate_contract::event::{Closed, Filled, PositionSet, Verdict};
use crossgate_contract::{register, width, Event, Fault, Reason, Sizes};
use std::collections::{BTreeMap, BTreeSet};

const LOTS_MODULUS: i128 = 1 << width::LOTS_BITS;
const LOTS_LIMIT: i128 = LOTS_MODULUS / 2;

/// Two's complement in the width of a position.
fn wrap_lots(lots: i128) -> i128 {
    (lots + LOTS_LIMIT).rem_euclid(LOTS_MODULUS) - LOTS_LIMIT
}

/// The value of a 40-bit quantity as a contract field.
pub(super) fn lots_field(lots: i128) -> u64 {
    u64::try_from(lots.rem_euclid(LOTS_MODULUS)).expect("40 bits")
}

fn signed_field(lots: i128) -> i64 {
    i64::try_from(lots).expect("41 bits")
}

/// Position and open lots of an (account, instrument); arithmetic wraps in 40 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) position: i128,
    pub(super) bid: i128,
    pub(super) ask: i128,
}

impl Cell {
    pub(super) fn bid_end(&self) -> i128 {
        wrap_lots(self.position + self.bid)
    }

    pub(super) fn ask_end(&self) -> i128 {
        wrap_lots(self.position - self.ask)
    }

    fn open(&mut self, side: u8, lots: i128) {
        let open = if side == BUY { &mut self.bid } else { &mut self.ask };
        *open = (*open + lots).rem_euclid(LOTS_MODULUS);
    }
}

/// An order slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) busy: bool,
    pub(super) side: u8,
    pub(super) account: u16,
    pub(super) instrument: u16,
    pub(super) generation: u16,
    pub(super) lots: i128,
    pub(super) cumulative: i128,
    pub(super) price: i128,
}

/// The rows of a bank, and what fills added to it since MARKS.
#[derive(Clone, Debug, Default)]
pub(super) struct Bank {
    pub(super) marks: BTreeMap<u16, BankMark>,
    /// (instrument, lane) to (loss long, loss short).
    pub(super) losses: BTreeMap<(u16, u8), (i32, i32)>,
    /// (account, lane) to B.
    pub(super) offsets: BTreeMap<(u16, u8), i64>,
    /// Account to K.
    pub(super) collateral: BTreeMap<u16, i128>,
    pub(super) y: BTreeMap<u16, i128>,
    pub(super) poisoned: BTreeSet<u16>,
}

impl Bank {
    pub(super) fn mark(&self, instrument: u16) -> BankMark {
        self.marks.get(&instrument).copied().unwrap_or_default()
    }

    pub(super) fn loss(&self, instrument: u16, lane: u8) -> (i32, i32) {
        self.losses.get(&(instrument, lane)).copied().unwrap_or_default()
    }

    /// Y as it reads: 0 when poisoned.
    pub(super) fn y(&self, account: u16) -> i128 {
        if self.poisoned.contains(&account) {
            return 0;
        }
        self.y.get(&account).copied().unwrap_or(0)
    }

    fn y_field(&self, account: u16) -> u64 {
        u64::try_from(self.y(account)).expect("Y is below 2^47")
    }
}

/// The state of GATE.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    pub(super) sizes: Sizes,
    pub(super) epoch: u32,
    pub(super) active: usize,
    pub(super) prepared: Option<u32>,
    pub(super) loss_negative: bool,
    pub(super) marks_crossed: bool,
    pub(super) halted_global: bool,
    pub(super) halted_accounts: BTreeSet<u16>,
    pub(super) halted_instruments: BTreeSet<u16>,
    pub(super) instruments: BTreeMap<u16, Instrument>,
    pub(super) accounts: BTreeMap<u16, Account>,
    /// Touched cells by (account, instrument).
    pub(super) cells: BTreeMap<(u16, u16), Cell>,
    pub(super) slots: Vec<Entry>,
    pub(super) banks: [Bank; 2],
}

/// Failed lanes and whether the zero lane failed.
type Margin = (u32, bool);

impl Gate {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            epoch: 0,
            active: 0,
            prepared: None,
            loss_negative: false,
            marks_crossed: false,
            halted_global: false,
            halted_accounts: BTreeSet::new(),
            halted_instruments: BTreeSet::new(),
            instruments: BTreeMap::new(),
            accounts: BTreeMap::new(),
            cells: BTreeMap::new(),
            slots: vec![Entry::default(); sizes.slots],
            banks: [Bank::default(), Bank::default()],
        }
    }

    pub(super) fn lanes(&self) -> u8 {
        u8::try_from(self.sizes.lanes).expect("at most 32 lanes")
    }

    /// The shift of an instrument; 0 without a row.
    pub(super) fn shift(&self, instrument: u16) -> u8 {
        self.instruments.get(&instrument).map_or(0, |row| row.shift)
    }

    pub(super) fn bank(&self) -> &Bank {
        &self.banks[self.active]
    }

    pub(super) fn cell(&self, account: u16, instrument: u16) -> Cell {
        self.cells.get(&(account, instrument)).copied().unwrap_or_default()
    }

    pub(super) fn check_account(&self, account: u16) -> Result<(), Fault> {
        (usize::from(account) < self.sizes.accounts).then_some(()).ok_or(Fault::BadField)
    }

    pub(super) fn check_instrument(&self, instrument: u16) -> Result<(), Fault> {
        (usize::from(instrument) < self.sizes.instruments).then_some(()).ok_or(Fault::BadField)
    }

    fn check_slot(&self, slot: u16) -> Result<(), Fault> {
        (usize::from(slot) < self.sizes.slots).then_some(()).ok_or(Fault::BadField)
    }

    /// The totals at the active bank, recomputed; `None` if they overflow.
    pub(super) fn active_totals(&self, account: u16, view: &View) -> Option<Totals> {
        totals(self, self.bank(), account, view)
    }

    /// Poisons the active ledger if its totals overflow.
    fn settle(&mut self, account: u16) {
        let overflow = self.active_totals(account, &View::of(self, account)).is_none();
        if overflow {
            self.banks[self.active].poisoned.insert(account);
        }
    }

    /// Adds the reserve of a fill to the Y of both banks, each at its own marks.
    fn raise_y(&mut self, account: u16, instrument: u16, side: u8, lots: i128, price: u32) {
        let shift = self.shift(instrument);
        for bank in &mut self.banks {
            let add = reserve(&bank.mark(instrument), shift, side, lots, i128::from(price));
            let y = bank.y(account) + add.unwrap_or(MONEY_LIMIT);
            if y >= MONEY_LIMIT {
                bank.poisoned.insert(account);
            }
            bank.y.insert(account, y);
        }
    }

    /// The reason of an order, and the margin report if that is the reason; a reason of the whole card is decided
    /// before.
    fn decide(&self, order: &Order) -> (Reason, Margin) {
        match self.decide_limits(order) {
            Err(reason) => (reason, (0, false)),
            Ok(()) => self.decide_margin(order),
        }
    }

    fn decide_limits(&self, order: &Order) -> Result<(), Reason> {
        let reject = |holds: bool, reason: Reason| if holds { Err(reason) } else { Ok(()) };
        let in_range = self.check_account(order.account).is_ok()
            && self.check_instrument(order.instrument).is_ok()
            && self.check_slot(order.slot).is_ok();
        let rows = self.instruments.get(&order.instrument).zip(self.accounts.get(&order.account));
        let Some((row, _)) = rows.filter(|_| in_range) else { return Err(Reason::Malformed) };
        reject(order.price == 0 || order.lots == 0 || order.tif == 3, Reason::Malformed)?;
        reject(self.halted_global, Reason::HaltedGlobal)?;
        reject(self.halted_accounts.contains(&order.account), Reason::HaltedAccount)?;
        reject(self.halted_instruments.contains(&order.instrument), Reason::HaltedInstrument)?;
        let entry = &self.slots[usize::from(order.slot)];
        reject(entry.busy || order.generation != entry.generation.wrapping_add(1), Reason::Slot)?;
        reject(order.lots < row.lots_min || order.lots > row.lots_max, Reason::LotsRange)?;
        let mark = self.bank().mark(order.instrument);
        let (price, collar) = (u64::from(order.price), u64::from(row.collar));
        let through = if order.side == BUY {
            price > u64::from(mark.mark_sell) + collar
        } else {
            price + collar < u64::from(mark.mark_buy)
        };
        reject(through, Reason::Collar)?;
        let cell = self.cell(order.account, order.instrument);
        let lots = i128::from(order.lots);
        let reached = if order.side == BUY { cell.bid_end() + lots } else { -(cell.ask_end() - lots) };
        reject(reached > i128::from(row.position_cap), Reason::PositionCap)
    }

    /// Adds the order to a view of the account and looks at what is left.
    fn decide_margin(&self, order: &Order) -> (Reason, Margin) {
        let overflow = (Reason::Overflow, (0, false));
        if self.bank().poisoned.contains(&order.account) {
            return overflow;
        }
        let mut view = View::of(self, order.account);
        let ends = view.ends(order.instrument);
        let lots = i128::from(order.lots);
        let end = if order.side == BUY { &mut ends.bid } else { &mut ends.ask };
        *end += if order.side == BUY { lots } else { -lots };
        if wrap_lots(*end) != *end {
            return overflow;
        }
        let (instrument, side, price) = (order.instrument, order.side, i128::from(order.price));
        view.orders.push(Open { instrument, side, leaves: lots, price });
        let Some(totals) = self.active_totals(order.account, &view) else { return overflow };
        let mask = self.accounts.get(&order.account).map_or(0, |row| row.lane_mask);
        let mut failed = 0;
        for (lane, slack) in totals.slack.iter().enumerate() {
            if *slack < 0 {
                failed |= 1 << lane;
            }
        }
        let margin = (failed & mask, totals.headroom < 0);
        (if margin == (0, false) { Reason::Accepted } else { Reason::PoolMargin }, margin)
    }

    fn reserve_order(&mut self, order: &Order) {
        let (account, instrument, lots) = (order.account, order.instrument, i128::from(order.lots));
        self.slots[usize::from(order.slot)] = Entry {
            busy: true,
            side: order.side,
            account,
            instrument,
            generation: order.generation,
            lots,
            cumulative: 0,
            price: i128::from(order.price),
        };
        self.cells.entry((account, instrument)).or_default().open(order.side, lots);
    }

    fn fill(&mut self, fill: &Fill) -> Result<(bool, Event), Fault> {
        self.check_account(fill.account)?;
        self.check_instrument(fill.instrument)?;
        self.check_slot(fill.slot)?;
        if fill.price == 0 {
            return Err(Fault::BadField);
        }
        let entry = self.slots[usize::from(fill.slot)];
        let named = (fill.generation, fill.account, fill.instrument, fill.side);
        if named != (entry.generation, entry.account, entry.instrument, entry.side) {
            self.halted_accounts.insert(fill.account);
            return Err(Fault::UnplacedFill);
        }
        let cumulative = i128::from(fill.cumulative);
        let applied = (cumulative - entry.cumulative).max(0);
        if applied > 0 && cumulative > entry.lots {
            self.halted_accounts.insert(fill.account);
            return Err(Fault::OverFill);
        }
        let freed = applied > 0 && cumulative == entry.lots;
        if applied > 0 {
            let cell = self.cells.entry((fill.account, fill.instrument)).or_default();
            let moved = if fill.side == BUY { applied } else { -applied };
            cell.position = wrap_lots(cell.position + moved);
            cell.open(fill.side, -applied);
            let slot = &mut self.slots[usize::from(fill.slot)];
            slot.cumulative = cumulative;
            slot.busy &= !freed;
            self.raise_y(fill.account, fill.instrument, fill.side, applied, fill.price);
            self.settle(fill.account);
        }
        let event = Filled {
            side: fill.side,
            freed,
            poisoned: self.bank().poisoned.contains(&fill.account),
            epoch: self.epoch,
            account: fill.account,
            instrument: fill.instrument,
            slot: fill.slot,
            generation: fill.generation,
            applied: lots_field(applied),
            position: signed_field(self.cell(fill.account, fill.instrument).position),
            y_active: self.bank().y_field(fill.account),
            y_inactive: self.banks[1 - self.active].y_field(fill.account),
        };
        Ok((applied > 0, event.into()))
    }

    pub(super) fn cancelled(&mut self, cancelled: &Cancelled) -> Result<Event, Fault> {
        self.check_account(cancelled.account)?;
        self.check_instrument(cancelled.instrument)?;
        self.check_slot(cancelled.slot)?;
        let entry = self.slots[usize::from(cancelled.slot)];
        let cumulative = i128::from(cancelled.cumulative);
        let named = (cancelled.generation, cancelled.account, cancelled.instrument);
        let unplaced = named != (entry.generation, entry.account, entry.instrument) || cumulative < entry.cumulative;
        if unplaced || cumulative > entry.lots {
            self.halted_accounts.insert(cancelled.account);
            return Err(if unplaced { Fault::UnplacedFill } else { Fault::OverFill });
        }
        let released = entry.lots - cumulative;
        let freed = entry.busy && entry.cumulative == cumulative;
        let slot = &mut self.slots[usize::from(cancelled.slot)];
        slot.lots = cumulative;
        slot.busy &= !freed;
        if released > 0 {
            self.cells.entry((cancelled.account, cancelled.instrument)).or_default().open(entry.side, -released);
            self.settle(cancelled.account);
        }
        Ok(Closed {
            freed,
            poisoned: self.bank().poisoned.contains(&cancelled.account),
            epoch: self.epoch,
            account: cancelled.account,
            instrument: cancelled.instrument,
            slot: cancelled.slot,
            generation: cancelled.generation,
            released: lots_field(released),
            cumulative: cancelled.cumulative,
        }
        .into())
    }

    pub(super) fn set_position(&mut self, command: &Position) -> Result<Event, Fault> {
        let (account, instrument) = (command.account, command.instrument);
        self.check_account(account)?;
        self.check_instrument(instrument)?;
        if !self.instruments.contains_key(&instrument) || command.price == 0 {
            return Err(Fault::BadField);
        }
        let before = self.cell(account, instrument);
        let moved = i128::from(command.lots) - before.position;
        if moved != 0 {
            let side = if moved > 0 { BUY } else { 1 - BUY };
            self.raise_y(account, instrument, side, moved.abs(), command.price);
            let mut half_moved = View::of(self, account);
            half_moved.ends(instrument).bid = wrap_lots(before.bid_end() + moved);
            if self.active_totals(account, &half_moved).is_none() {
                self.banks[self.active].poisoned.insert(account);
            }
            self.cells.insert((account, instrument), Cell { position: i128::from(command.lots), ..before });
            self.settle(account);
        }
        Ok(PositionSet {
            poisoned: self.bank().poisoned.contains(&account),
            epoch: self.epoch,
            account,
            instrument,
            moved: signed_field(moved),
            position: command.lots,
            y_active: self.bank().y_field(account),
            y_inactive: self.banks[1 - self.active].y_field(account),
        }
        .into())
    }
}

impl Model {
    pub(super) fn order(&mut self, order: &Order) -> Event {
        let (reason, (pool_lanes, pool_zero)) = if !self.armed || self.gate.epoch == 0 {
            (Reason::NotReady, (0, false))
        } else if self.ring_full {
            (Reason::RingFull, (0, false))
        } else {
            self.gate.decide(order)
        };
        let accepted = reason == Reason::Accepted;
        self.count(if accepted { &register::COUNT_ACCEPTED } else { &register::COUNT_REJECTED });
        if accepted && !order.check {
            self.gate.reserve_order(order);
        }
        Verdict {
            reason: reason.code(),
            side: order.side,
            check: order.check,
            pool_zero,
            venue_zero: false,
            opcode: Order::CODE,
            epoch: self.gate.epoch,
            account: order.account,
            instrument: order.instrument,
            slot: order.slot,
            generation: order.generation,
            lots: order.lots,
            price: order.price,
            tag: order.tag,
            pool_lanes,
            venue_lanes: 0,
            cookie: order.cookie,
        }
        .into()
    }

    pub(super) fn fill(&mut self, fill: &Fill) -> Result<Event, Fault> {
        let (applied, event) = self.gate.fill(fill)?;
        if applied {
            self.count(&register::COUNT_FILLS);
        }
        Ok(event)
    }
}
