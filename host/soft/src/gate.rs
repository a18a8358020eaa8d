//! [`Gate`]: the state of GATE, and the decision about an order.
//!
//! Slack and headroom of every ledger are kept incrementally: an order costs three products and two subtractions a
//! lane, whatever else is open. Everything is allocated when the gate is made; deciding allocates nothing.
//!
//! Not here: the tests that value nothing (`admission`), REPLACE and CANCEL (`replace`), fills, cancels and positions
//! (`fills`), banks (`prepare`, `sweep`), static rows and READ (`tables`), windows and rings.
//!
//! Invariants: a ledger that is not poisoned in the active bank has the slacks and the headroom of `docs/gate.md`; a
//! cell of such a ledger has end points within their bits. Indices are checked before they are used.

use crate::admission::MessageRate;
use crate::arithmetic::{wrap_lots, wrap_open, Side};
use crate::bank::Bank;
use crate::lanes::{expand, negative, EndMove, Ends, Lanes, Taken};
use crate::market::Market;
use crate::replace::Pending;
use crate::tables::index_below;
use crossgate_contract::command::{Ages, Instrument, InstrumentLimits, Order};
use crossgate_contract::{Fault, Reason, Sizes};

/// Position and open lots of an (account, instrument).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// 40 bits, signed.
    pub(crate) position: i64,
    /// Bid and ask, 40 bits, not signed.
    pub(crate) open: [i64; 2],
}

impl Cell {
    #[inline]
    pub(crate) const fn ends(&self) -> Ends {
        Ends { bid: wrap_lots(self.position + self.open[0]), ask: wrap_lots(self.position - self.open[1]) }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.position != 0 || self.open[0] != 0 || self.open[1] != 0
    }
}

/// An order slot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) lots: u64,
    pub(crate) cumulative: u64,
    pub(crate) price: u32,
    pub(crate) account: u16,
    pub(crate) instrument: u16,
    pub(crate) generation: u16,
    pub(crate) side: u8,
    pub(crate) busy: bool,
    /// A REPLACE waits for its answer.
    pub(crate) pending: bool,
}

/// The static rows of an instrument.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InstrumentState {
    pub(crate) row: Option<Instrument>,
    pub(crate) limits: Option<InstrumentLimits>,
    pub(crate) halted: bool,
}

impl InstrumentState {
    /// Log2 of the native lots of a gate lot; 0 without a row.
    #[inline]
    pub(crate) fn shift(&self) -> u32 {
        self.row.as_ref().map_or(0, |row| u32::from(row.shift))
    }
}

/// The lane mask of a ledger, for bits and for loops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mask<const L: usize> {
    pub(crate) lanes: Lanes<L>,
    pub(crate) bits: u32,
}

/// The static row of an account, and what its messages and orders count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccountState<const L: usize> {
    pub(crate) mask: Option<Mask<L>>,
    pub(crate) halted: bool,
    pub(crate) open_orders: u32,
    pub(crate) open_orders_max: u32,
    pub(crate) rate: MessageRate,
}

/// The static row of an (account, venue).
#[derive(Clone, Copy, Debug)]
pub(crate) struct VenueRow<const L: usize> {
    /// Number of the venue ledger among the venue ledgers.
    pub(crate) ledger: u16,
    pub(crate) mask: Mask<L>,
    /// As it was written.
    pub(crate) lane_mask: u32,
}

/// A pool or venue ledger at the active bank; Y and the poison flag of both banks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ledger<const L: usize> {
    pub(crate) slack: Lanes<L>,
    pub(crate) headroom: i64,
    pub(crate) available: i64,
    pub(crate) y: [i64; 2],
    pub(crate) poisoned: [bool; 2],
    /// As-of time of the collateral.
    pub(crate) as_of_us: u64,
}

/// GATE.
pub struct Gate<const L: usize> {
    pub(crate) sizes: Sizes,
    pub(crate) epoch: u32,
    pub(crate) active: usize,
    pub(crate) preparation: crate::prepare::Preparation,
    pub(crate) halted: bool,
    /// Card time.
    pub(crate) now_us: u64,
    pub(crate) ages: Ages,
    /// Times of the active bank's COMMIT.
    pub(crate) as_of_us: u64,
    pub(crate) deadline_us: u64,
    pub(crate) instruments: Box<[InstrumentState]>,
    pub(crate) accounts: Box<[AccountState<L>]>,
    /// By account, then venue.
    pub(crate) venue_rows: Box<[Option<VenueRow<L>>]>,
    /// By account, then instrument.
    pub(crate) cells: Box<[Cell]>,
    pub(crate) slots: Box<[Entry]>,
    /// By slot; of those whose entry says so.
    pub(crate) pending: Box<[Pending]>,
    /// Pool ledgers, then venue ledgers.
    pub(crate) ledgers: Box<[Ledger<L>]>,
    pub(crate) banks: [Bank<L>; 2],
    pub(crate) totals: Box<[crate::sweep::Totals<L>]>,
}

/// What a verdict says beside the fields of its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The lowest reason that holds.
    pub reason: Reason,
    /// Lanes of the pool that failed.
    pub pool_lanes: u32,
    /// Lanes of the venue ledger that failed.
    pub venue_lanes: u32,
    /// The zero lane of the pool failed.
    pub pool_zero: bool,
    /// The zero lane of the venue ledger failed.
    pub venue_zero: bool,
    /// The order passed because it closes a position.
    pub closing: bool,
}

impl Decision {
    /// A decision without a margin report.
    pub(crate) const fn of(reason: Reason) -> Self {
        Self { reason, pool_lanes: 0, venue_lanes: 0, pool_zero: false, venue_zero: false, closing: false }
    }
}

/// What an operation names: indices within the build, rows that are there.
pub(crate) struct Target<'a, const L: usize> {
    pub(crate) account: usize,
    pub(crate) instrument: usize,
    pub(crate) slot: usize,
    pub(crate) row: &'a Instrument,
    pub(crate) limits: &'a InstrumentLimits,
    /// Pool and venue ledger.
    pub(crate) ledgers: [usize; 2],
}

/// An operation that passed every test before overflow, and what it changes.
#[derive(Clone, Copy)]
pub(crate) struct Placed {
    pub(crate) account: usize,
    pub(crate) instrument: usize,
    pub(crate) cell: usize,
    pub(crate) slot: usize,
    pub(crate) side: Side,
    /// By which the open lots of the side grow.
    pub(crate) lots: i64,
    pub(crate) shift: u32,
    /// Pool and venue ledger.
    pub(crate) ledgers: [usize; 2],
    /// It is a new order that closes a position.
    pub(crate) closes: bool,
}

/// What an operation adds to its ledgers, beside the growth of W.
#[derive(Clone, Copy)]
pub(crate) struct Added {
    /// Its reserve.
    pub(crate) charge: i64,
    pub(crate) rate: i64,
}

#[inline]
pub(crate) fn reject(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds {
        Err(reason)
    } else {
        Ok(())
    }
}

impl<const L: usize> Gate<L> {
    /// A gate after RESET. `sizes.lanes` is at most `L`.
    pub fn new(sizes: &Sizes) -> Self {
        let ledgers = sizes.accounts + sizes.venue_ledgers;
        let ledger = Ledger { slack: [0; L], headroom: 0, available: 0, y: [0; 2], poisoned: [false; 2], as_of_us: 0 };
        let account = AccountState {
            mask: None,
            halted: false,
            open_orders: 0,
            open_orders_max: 0,
            rate: MessageRate::default(),
        };
        Self {
            sizes: *sizes,
            epoch: 0,
            active: 0,
            preparation: crate::prepare::Preparation::default(),
            halted: false,
            now_us: 0,
            ages: Ages::default(),
            as_of_us: 0,
            deadline_us: 0,
            instruments: vec![InstrumentState::default(); sizes.instruments].into(),
            accounts: vec![account; sizes.accounts].into(),
            venue_rows: vec![None; sizes.accounts * sizes.venues].into(),
            cells: vec![Cell::default(); sizes.accounts * sizes.instruments].into(),
            slots: vec![Entry::default(); sizes.slots].into(),
            pending: vec![Pending::default(); sizes.slots].into(),
            ledgers: vec![ledger; ledgers].into(),
            banks: [Bank::new(sizes), Bank::new(sizes)],
            totals: vec![crate::sweep::Totals::default(); ledgers].into(),
        }
    }

    /// The active epoch; 0 before the first COMMIT.
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Number of the active bank.
    pub const fn active_bank(&self) -> usize {
        self.active
    }

    /// Whether a global halt is in force.
    pub const fn is_halted(&self) -> bool {
        self.halted
    }

    pub(crate) fn account_index(&self, account: u16) -> Result<usize, Fault> {
        index_below(account, self.sizes.accounts)
    }

    pub(crate) fn instrument_index(&self, instrument: u16) -> Result<usize, Fault> {
        index_below(instrument, self.sizes.instruments)
    }

    pub(crate) fn slot_index(&self, slot: u16) -> Result<usize, Fault> {
        index_below(slot, self.sizes.slots)
    }

    pub(crate) fn book_index(&self, book: u16) -> Result<usize, Fault> {
        index_below(book, self.sizes.books)
    }

    #[inline]
    pub(crate) fn cell_index(&self, account: usize, instrument: usize) -> usize {
        account * self.sizes.instruments + instrument
    }

    /// The VENUE_LEDGER row of a cell. An instrument without a row has no venue.
    #[inline]
    pub(crate) fn venue_row(&self, account: usize, instrument: usize) -> Option<&VenueRow<L>> {
        let venue = usize::from(self.instruments[instrument].row.as_ref()?.venue);
        self.venue_rows[account * self.sizes.venues + venue].as_ref()
    }

    /// The venue ledger of a cell, as an index of `ledgers`.
    #[inline]
    pub(crate) fn venue_ledger(&self, account: usize, instrument: usize) -> Option<usize> {
        self.venue_row(account, instrument).map(|row| self.sizes.accounts + usize::from(row.ledger))
    }

    /// The mask of the lanes that the build has.
    pub(crate) fn mask(&self, bits: u32) -> Mask<L> {
        let lanes = u32::MAX.checked_shr(32 - u32::try_from(self.sizes.lanes).unwrap_or(32)).unwrap_or(0);
        Mask { lanes: expand(bits & lanes), bits: bits & lanes }
    }

    /// What an operation names, unless something of it is beyond the build or has no row.
    #[inline]
    pub(crate) fn target(&self, account: u16, instrument: u16, slot: u16) -> Result<Target<'_, L>, Reason> {
        let known = || {
            let account = self.account_index(account).ok()?;
            let instrument = self.instrument_index(instrument).ok()?;
            let slot = self.slot_index(slot).ok()?;
            self.accounts[account].mask.as_ref()?;
            let InstrumentState { row, limits, .. } = &self.instruments[instrument];
            let venue = self.venue_row(account, instrument)?;
            let ledgers = [account, self.sizes.accounts + usize::from(venue.ledger)];
            Some(Target { account, instrument, slot, row: row.as_ref()?, limits: limits.as_ref()?, ledgers })
        };
        known().ok_or(Reason::Malformed)
    }

    #[inline]
    pub(crate) fn check_halts(&self, target: &Target<'_, L>) -> Result<(), Reason> {
        reject(self.halted, Reason::HaltedGlobal)?;
        reject(self.accounts[target.account].halted, Reason::HaltedAccount)?;
        reject(self.instruments[target.instrument].halted, Reason::HaltedInstrument)
    }

    /// Whether the end point of the side, moved by `lots`, stays within the cap.
    #[inline]
    pub(crate) fn check_cap(&self, target: &Target<'_, L>, side: Side, lots: i64) -> Result<(), Reason> {
        let ends = self.cells[self.cell_index(target.account, target.instrument)].ends();
        let reached = match side {
            Side::Buy => ends.bid + lots,
            Side::Sell => lots - ends.ask,
        };
        reject(reached > target.row.position_cap.cast_signed(), Reason::PositionCap)
    }

    /// Decides about an order and reserves what it accepts, unless it only checks.
    pub fn order(&mut self, order: &Order, market: &mut Market) -> Decision {
        let placed = match self.place(order, market) {
            Err(reason) => return Decision::of(reason),
            Ok(placed) => placed,
        };
        let marks = &self.banks[self.active].instruments[placed.instrument].marks;
        let rate = marks.rate(placed.side, order.price);
        let added =
            rate.and_then(|rate| Some(Added { charge: marks.reserve_at(rate, placed.lots, placed.shift)?, rate }));
        let decision = self.margin(&placed, added, order.check);
        if decision.reason == Reason::Accepted && !order.check {
            self.enter(order, &placed);
        }
        decision
    }

    /// Every reason before overflow.
    #[inline]
    fn place(&self, order: &Order, market: &mut Market) -> Result<Placed, Reason> {
        let target = self.target(order.account, order.instrument, order.slot)?;
        let Target { account, instrument, slot, row, ledgers, .. } = target;
        reject(order.price == 0 || order.lots == 0 || order.tif == 3, Reason::Malformed)?;
        self.check_halts(&target)?;
        let entry = &self.slots[slot];
        reject(entry.busy || order.generation != entry.generation.wrapping_add(1), Reason::Slot)?;
        reject(order.lots < row.lots_min || order.lots > row.lots_max, Reason::LotsRange)?;
        let (side, lots) = (Side::of(order.side), order.lots.cast_signed());
        self.check_price(&target, market, (side, order.lots, order.price))?;
        self.check_cap(&target, side, lots)?;
        let state = &self.accounts[account];
        reject(state.open_orders >= state.open_orders_max, Reason::OpenOrders)?;
        self.check_times(&target, market)?;
        let cell = self.cell_index(account, instrument);
        let closes = self.closes_position(cell, side, lots);
        reject(market.is_out_of_box() && !closes, Reason::Box)?;
        let shift = u32::from(row.shift);
        Ok(Placed { account, instrument, cell, slot, side, lots, shift, ledgers, closes })
    }

    /// Whether an order of these lots closes a part of the cell's position, all open orders of its side filled.
    #[inline]
    fn closes_position(&self, cell: usize, side: Side, lots: i64) -> bool {
        let cell = &self.cells[cell];
        match side {
            Side::Sell => cell.position > 0 && cell.open[1] + lots <= cell.position,
            Side::Buy => cell.position < 0 && cell.open[0] + lots <= -cell.position,
        }
    }

    /// The masks of the pool and of the venue ledger.
    #[inline]
    fn masks(&self, placed: &Placed) -> Option<[&Mask<L>; 2]> {
        let venue = self.venue_row(placed.account, placed.instrument)?;
        Some([self.accounts[placed.account].mask.as_ref()?, &venue.mask])
    }

    /// Overflow (`added` is `None` if a width of the reserve overflows) and the limits of both ledgers. What is accepted is
    /// taken from them, unless it is only checked.
    #[inline]
    pub(crate) fn margin(&mut self, placed: &Placed, added: Option<Added>, check: bool) -> Decision {
        let bank = &self.banks[self.active];
        let [pool, venue] = placed.ledgers.map(|ledger| &self.ledgers[ledger]);
        let overflow = Decision::of(Reason::Overflow);
        if pool.poisoned[self.active] | venue.poisoned[self.active] {
            return overflow;
        }
        let Some(masks) = self.masks(placed) else { return Decision::of(Reason::Malformed) };
        let rows = &bank.instruments[placed.instrument];
        let Some(added) = added else { return overflow };
        let (side, by) = (placed.side, placed.side.signed(placed.lots));
        let step = EndMove { before: self.cells[placed.cell].ends(), side, by };
        let mut grown = [0; L];
        if !step.worst_growth(rows, &bank.kinds, bank.bases[placed.cell], placed.shift, &mut grown) {
            return overflow;
        }
        let taken = Taken { grown: &grown, money: added.charge, kinds: &bank.kinds };
        let in_pool = taken.look(&pool.slack, pool.headroom, &masks[0].lanes);
        let in_venue = taken.look(&venue.slack, venue.headroom, &masks[1].lanes);
        if in_pool.0 | in_venue.0 {
            return overflow;
        }
        let decision = if in_pool.1 & in_venue.1 {
            Decision::of(Reason::Accepted)
        } else {
            self.beyond(placed, added.rate, &taken, [in_pool.1, in_venue.1], masks.map(|mask| mask.bits))
        };
        if decision.reason == Reason::Accepted && !check {
            for ledger in placed.ledgers {
                let ledger = &mut self.ledgers[ledger];
                taken.apply(&mut ledger.slack, &mut ledger.headroom);
            }
        }
        decision
    }

    /// An order that is not within the limits of a ledger: the closing rule, and the report if it does not help.
    #[cold]
    fn beyond(&self, placed: &Placed, rate: i64, taken: &Taken<'_, L>, within: [bool; 2], masks: [u32; 2]) -> Decision {
        let verdicts = [0, 1].map(|which| {
            let ledger = &self.ledgers[placed.ledgers[which]];
            if within[which] || self.closes(placed, rate, taken, ledger, masks[which]) {
                return (true, 0, false);
            }
            let left: Lanes<L> = std::array::from_fn(|lane| taken.left(&ledger.slack, lane));
            (false, negative(&left) & masks[which], ledger.headroom - taken.money < 0)
        });
        let [(pool_passes, pool_lanes, pool_zero), (venue_passes, venue_lanes, venue_zero)] = verdicts;
        let reason = match (pool_passes, venue_passes) {
            (true, true) => Reason::Accepted,
            (false, _) => Reason::PoolMargin,
            (true, false) => Reason::VenueMargin,
        };
        Decision { reason, pool_lanes, venue_lanes, pool_zero, venue_zero, closing: reason == Reason::Accepted }
    }

    /// The closing rule in one of the two ledgers.
    fn closes(&self, placed: &Placed, rate: i64, taken: &Taken<'_, L>, ledger: &Ledger<L>, mask: u32) -> bool {
        if !placed.closes {
            return false;
        }
        let bank = &self.banks[self.active];
        let kinds = &bank.kinds;
        // A sell closes a long position.
        let relieved = &bank.instruments[placed.instrument].losses[1 - placed.side.index()];
        let lanes = |bits: u32| (0..L).filter(move |lane| bits >> lane & 1 == 1);
        let money = mask & !kinds.unit_bits;
        let least = lanes(money).fold(ledger.headroom, |least, lane| least.min(ledger.slack[lane]));
        let money_holds = lanes(money).all(|lane| {
            let absolute = kinds.relative_bits >> lane & 1 == 0;
            let relief = if absolute && i64::from(relieved[lane]) >= rate { taken.money } else { 0 };
            taken.left(&ledger.slack, lane) + relief >= least
        });
        let unit_holds = lanes(mask & kinds.unit_bits).all(|lane| taken.left(&ledger.slack, lane) >= 0);
        ledger.headroom - taken.money >= least && unit_holds && money_holds
    }

    /// Enters an accepted order.
    #[inline]
    fn enter(&mut self, order: &Order, placed: &Placed) {
        self.slots[placed.slot] = Entry {
            lots: order.lots,
            cumulative: 0,
            price: order.price,
            account: order.account,
            instrument: order.instrument,
            generation: order.generation,
            side: order.side,
            busy: true,
            pending: false,
        };
        let account = &mut self.accounts[placed.account];
        account.open_orders += 1;
        account.rate.sent(self.now_us);
        let open = &mut self.cells[placed.cell].open[placed.side.index()];
        *open = wrap_open(*open + placed.lots);
    }
}
