//! GATE of the model: its state, and fills, cancels and positions.

use super::bank::Gathered;
use super::ledger::{reserve, totals, Ends, Ledger, View, BUY, MONEY_LIMIT};
use super::replace::Pending;
use crossgate_contract::command::{
    Account, Ages, BankBox, BankLanes, BankMark, Cancelled, Fill, Instrument, InstrumentLimits, Order, Position,
    VenueLedger,
};
use crossgate_contract::event::{Closed, Filled, PositionSet};
use crossgate_contract::{width, Event, Fault, Sizes};
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

    pub(super) fn open(&mut self, side: u8, lots: i128) {
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
    /// A REPLACE that the venue has not answered.
    pub(super) pending: Option<Pending>,
}

impl Entry {
    /// Whether a command names the order of this entry.
    pub(super) fn is(&self, generation: u16, account: u16, instrument: u16) -> bool {
        (generation, account, instrument) == (self.generation, self.account, self.instrument)
    }
}

/// The rows of a bank, and what fills added to it since MARKS.
#[derive(Clone, Debug, Default)]
pub(super) struct Bank {
    pub(super) marks: BTreeMap<u16, BankMark>,
    /// (instrument, lane) to (loss long, loss short).
    pub(super) losses: BTreeMap<(u16, u8), (i32, i32)>,
    /// (ledger, lane) to B.
    pub(super) offsets: BTreeMap<(Ledger, u8), i64>,
    /// Ledger to K.
    pub(super) available: BTreeMap<Ledger, i128>,
    /// Ledgers whose BANK_COLLATERAL was stored.
    pub(super) collateral: BTreeSet<Ledger>,
    /// (account, instrument) to p0.
    pub(super) bases: BTreeMap<(u16, u16), i64>,
    pub(super) lanes: BankLanes,
    pub(super) y: BTreeMap<Ledger, i128>,
    pub(super) poisoned: BTreeSet<Ledger>,
    /// Book to its box.
    pub(super) boxes: BTreeMap<u8, BankBox>,
    /// As-of time of its COMMIT.
    pub(super) as_of_us: u64,
    /// Card time after which the bank must not be used; 0: none.
    pub(super) deadline_us: u64,
    /// As-of time of the last COLLATERAL of a ledger.
    pub(super) live_as_of_us: BTreeMap<Ledger, u64>,
}

impl Bank {
    pub(super) fn mark(&self, instrument: u16) -> BankMark {
        self.marks.get(&instrument).copied().unwrap_or_default()
    }

    pub(super) fn loss(&self, instrument: u16, lane: u8) -> (i32, i32) {
        self.losses.get(&(instrument, lane)).copied().unwrap_or_default()
    }

    pub(super) fn offset(&self, ledger: Ledger, lane: u8) -> i128 {
        self.offsets.get(&(ledger, lane)).copied().unwrap_or(0).into()
    }

    /// K.
    pub(super) fn available(&self, ledger: Ledger) -> i128 {
        self.available.get(&ledger).copied().unwrap_or(0)
    }

    /// p0.
    pub(super) fn base(&self, account: u16, instrument: u16) -> i128 {
        self.bases.get(&(account, instrument)).copied().unwrap_or(0).into()
    }

    /// As-of time of the collateral of a ledger.
    pub(super) fn collateral_as_of_us(&self, ledger: Ledger) -> u64 {
        self.live_as_of_us.get(&ledger).copied().unwrap_or(self.as_of_us)
    }

    pub(super) fn is_relative(&self, lane: u8) -> bool {
        self.lanes.relative >> lane & 1 == 1
    }

    pub(super) fn is_unit(&self, lane: u8) -> bool {
        self.lanes.unit >> lane & 1 == 1
    }

    /// Y as it reads: 0 when poisoned.
    pub(super) fn y(&self, ledger: Ledger) -> i128 {
        if self.poisoned.contains(&ledger) {
            return 0;
        }
        self.y.get(&ledger).copied().unwrap_or(0)
    }

    fn y_field(&self, ledger: Ledger) -> u64 {
        u64::try_from(self.y(ledger)).expect("Y is below 2^47")
    }

    /// Adds the reserve of a fill to the Y of its ledgers, or poisons them if it overflows.
    fn raise_y(&mut self, ledgers: &[Ledger], add: Option<i128>) {
        for ledger in ledgers {
            let y = self.y(*ledger) + add.unwrap_or(MONEY_LIMIT);
            if y >= MONEY_LIMIT {
                self.poisoned.insert(*ledger);
            }
            self.y.insert(*ledger, y);
        }
    }
}

/// The state of GATE.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    pub(super) sizes: Sizes,
    pub(super) epoch: u32,
    pub(super) active: usize,
    /// What was gathered for the inactive bank beside its rows.
    pub(super) gathered: Gathered,
    pub(super) halted_global: bool,
    pub(super) halted_accounts: BTreeSet<u16>,
    pub(super) halted_instruments: BTreeSet<u16>,
    pub(super) instruments: BTreeMap<u16, Instrument>,
    pub(super) limits: BTreeMap<u16, InstrumentLimits>,
    pub(super) accounts: BTreeMap<u16, Account>,
    pub(super) ages: Ages,
    /// Theoretical arrival time of the next message of an account.
    pub(super) arrivals_us: BTreeMap<u16, u64>,
    /// By (account, venue).
    pub(super) venue_ledgers: BTreeMap<(u16, u8), VenueLedger>,
    /// Touched cells by (account, instrument).
    pub(super) cells: BTreeMap<(u16, u16), Cell>,
    pub(super) slots: Vec<Entry>,
    pub(super) banks: [Bank; 2],
}

impl Gate {
    pub(super) fn new(sizes: Sizes) -> Self {
        Self {
            sizes,
            epoch: 0,
            active: 0,
            gathered: Gathered::default(),
            halted_global: false,
            halted_accounts: BTreeSet::new(),
            halted_instruments: BTreeSet::new(),
            instruments: BTreeMap::new(),
            limits: BTreeMap::new(),
            accounts: BTreeMap::new(),
            ages: Ages::default(),
            arrivals_us: BTreeMap::new(),
            venue_ledgers: BTreeMap::new(),
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

    pub(super) fn check_slot(&self, slot: u16) -> Result<(), Fault> {
        (usize::from(slot) < self.sizes.slots).then_some(()).ok_or(Fault::BadField)
    }

    /// The ledgers of a cell: the pool of the account and, if a row names one, the venue ledger.
    pub(super) fn ledgers(&self, account: u16, instrument: u16) -> Vec<Ledger> {
        let row = self.instruments.get(&instrument);
        let venue = row.and_then(|row| self.venue_ledgers.get(&(account, row.venue)));
        [Ledger::Pool(account)].into_iter().chain(venue.map(|row| Ledger::Venue(row.ledger))).collect()
    }

    /// Whether BANK_MARK and every BANK_LOSS of an instrument were stored in a bank.
    pub(super) fn is_instrument_complete(&self, bank: &Bank, instrument: u16) -> bool {
        bank.marks.contains_key(&instrument)
            && (0..self.lanes()).all(|lane| bank.losses.contains_key(&(instrument, lane)))
    }

    /// Whether BANK_COLLATERAL and every BANK_OFFSET of a ledger were stored in a bank.
    pub(super) fn is_ledger_complete(&self, bank: &Bank, ledger: Ledger) -> bool {
        bank.collateral.contains(&ledger) && (0..self.lanes()).all(|lane| bank.offsets.contains_key(&(ledger, lane)))
    }

    /// Whether the active ledgers of a cell are poisoned: the pool, the venue ledger.
    pub(super) fn poison_flags(&self, account: u16, instrument: u16) -> (bool, bool) {
        let poisoned = |ledger: &Ledger| self.bank().poisoned.contains(ledger);
        let ledgers = self.ledgers(account, instrument);
        (poisoned(&ledgers[0]), ledgers.get(1).is_some_and(poisoned))
    }

    fn poison(&mut self, ledgers: &[Ledger]) {
        self.banks[self.active].poisoned.extend(ledgers);
    }

    /// Poisons what overflows at the active bank after a cell moved: both its ledgers if an end point does, else each
    /// by its own totals. The end points come as they are before they wrap, and in the middle of a POSITION.
    pub(super) fn settle(&mut self, ends: &Ends) {
        let ledgers = self.ledgers(ends.account, ends.instrument);
        if ends.overflow(self, self.bank()) {
            return self.poison(&ledgers);
        }
        let mut view = View::all(self, self.bank());
        *view.ends(ends.account, ends.instrument) = *ends;
        for ledger in ledgers {
            if totals(self, self.bank(), ledger, &view).is_none() {
                self.poison(&[ledger]);
            }
        }
    }

    /// Adds the reserve of a fill to the Y of the active bank and, between MARKS and COMMIT, of the inactive one.
    fn raise_y(&mut self, account: u16, instrument: u16, side: u8, lots: i128, price: u32) {
        let (shift, ledgers) = (self.shift(instrument), self.ledgers(account, instrument));
        for index in [self.active, 1 - self.active] {
            if index == self.active || self.gathered.frozen {
                let bank = &mut self.banks[index];
                let add = reserve(&bank.mark(instrument), shift, side, lots, i128::from(price));
                bank.raise_y(&ledgers, add);
            }
        }
    }

    pub(super) fn reserve_order(&mut self, order: &Order) {
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
            pending: None,
        };
        self.cells.entry((account, instrument)).or_default().open(order.side, lots);
    }

    pub(super) fn fill(&mut self, fill: &Fill) -> Result<(bool, Event), Fault> {
        self.check_account(fill.account)?;
        self.check_instrument(fill.instrument)?;
        self.check_slot(fill.slot)?;
        if fill.price == 0 {
            return Err(Fault::BadField);
        }
        let entry = self.slots[usize::from(fill.slot)];
        if !entry.is(fill.generation, fill.account, fill.instrument) || fill.side != entry.side {
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
            let before = Ends::of(fill.account, fill.instrument, &self.cell(fill.account, fill.instrument));
            let cell = self.cells.entry((fill.account, fill.instrument)).or_default();
            let moved = if fill.side == BUY { applied } else { -applied };
            cell.position = wrap_lots(cell.position + moved);
            cell.open(fill.side, -applied);
            let slot = &mut self.slots[usize::from(fill.slot)];
            slot.cumulative = cumulative;
            if freed {
                (slot.busy, slot.pending) = (false, None);
            }
            self.raise_y(fill.account, fill.instrument, fill.side, applied, fill.price);
            self.settle(&before.moved(1 - fill.side, moved));
        }
        let (poisoned, venue_poisoned) = self.poison_flags(fill.account, fill.instrument);
        let pool = Ledger::Pool(fill.account);
        let event = Filled {
            side: fill.side,
            freed,
            poisoned,
            venue_poisoned,
            epoch: self.epoch,
            account: fill.account,
            instrument: fill.instrument,
            slot: fill.slot,
            generation: fill.generation,
            applied: lots_field(applied),
            position: signed_field(self.cell(fill.account, fill.instrument).position),
            y_active: self.bank().y_field(pool),
            y_inactive: self.banks[1 - self.active].y_field(pool),
        };
        Ok((applied > 0, event.into()))
    }

    pub(super) fn cancelled(&mut self, cancelled: &Cancelled) -> Result<Event, Fault> {
        self.check_account(cancelled.account)?;
        self.check_instrument(cancelled.instrument)?;
        self.check_slot(cancelled.slot)?;
        let entry = self.slots[usize::from(cancelled.slot)];
        let cumulative = i128::from(cancelled.cumulative);
        let named = entry.is(cancelled.generation, cancelled.account, cancelled.instrument);
        let unplaced = !named || cumulative < entry.cumulative;
        if unplaced || cumulative > entry.lots {
            self.halted_accounts.insert(cancelled.account);
            return Err(if unplaced { Fault::UnplacedFill } else { Fault::OverFill });
        }
        let released = entry.lots - cumulative;
        let freed = entry.busy && entry.cumulative == cumulative;
        let slot = &mut self.slots[usize::from(cancelled.slot)];
        (slot.lots, slot.pending) = (cumulative, None);
        slot.busy &= !freed;
        if released > 0 {
            let cell = self.cells.entry((cancelled.account, cancelled.instrument)).or_default();
            let before = Ends::of(cancelled.account, cancelled.instrument, cell);
            cell.open(entry.side, -released);
            self.settle(&before.moved(entry.side, if entry.side == BUY { -released } else { released }));
        }
        let (poisoned, venue_poisoned) = self.poison_flags(cancelled.account, cancelled.instrument);
        Ok(Closed {
            freed,
            poisoned,
            venue_poisoned,
            opcode: Cancelled::CODE,
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
            if !self.is_instrument_complete(self.bank(), instrument) {
                self.poison(&self.ledgers(account, instrument));
            }
            let half_moved = Ends::of(account, instrument, &before).moved(BUY, moved);
            self.settle(&half_moved);
            self.cells.insert((account, instrument), Cell { position: i128::from(command.lots), ..before });
            self.settle(&half_moved.moved(1 - BUY, moved));
        }
        let (poisoned, venue_poisoned) = self.poison_flags(account, instrument);
        let pool = Ledger::Pool(account);
        Ok(PositionSet {
            poisoned,
            venue_poisoned,
            epoch: self.epoch,
            account,
            instrument,
            moved: signed_field(moved),
            position: command.lots,
            y_active: self.bank().y_field(pool),
            y_inactive: self.banks[1 - self.active].y_field(pool),
        }
        .into())
    }
}
