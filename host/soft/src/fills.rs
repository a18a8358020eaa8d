//! FILL, CANCELLED and POSITION; and what CANCELLED, REPLACED and REFUSED have in common.
//!
//! All of them move one end of a cell at a time, release reserve and add to Y; [`Gate::adjust`] does that for both
//! ledgers of the cell. Cells and slots are updated whatever overflows; a ledger that cannot follow is poisoned.
//!
//! Invariant: the ledgers of a bank are touched only while they are not poisoned there.

use crate::arithmetic::{reserve_gate_lots, wrap_lots, wrap_open, Side, MONEY_LIMIT};
use crate::bank::InstrumentRows;
use crate::gate::{Entry, Gate};
use crate::lanes::{EndMove, Ends, Taken};
use crate::replace::Terms;
use crossgate_contract::command::{Cancelled, Fill, Position};
use crossgate_contract::event::{Closed, Filled, PositionSet};
use crossgate_contract::Fault;

/// An (account, instrument) by its indices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) account: usize,
    instrument: usize,
    cell: usize,
}

/// What an order had open and has after the command.
#[derive(Clone, Copy, Debug)]
struct Release {
    side: Side,
    /// Leaves before and after.
    leaves: [i64; 2],
    /// At these limit prices.
    prices: [u32; 2],
}

/// Lots that were traded at a price.
#[derive(Clone, Copy, Debug)]
struct Trade {
    side: Side,
    lots: i64,
    price: u32,
}

/// What a command does to the ledgers of a cell.
#[derive(Clone, Copy, Debug)]
struct Adjustment {
    step: EndMove,
    release: Option<Release>,
    trade: Option<Trade>,
}

impl Adjustment {
    /// Released X and added Y; `None` if a width overflows.
    #[inline]
    fn money<const L: usize>(&self, rows: &InstrumentRows<L>, shift: u32) -> Option<(i64, i64)> {
        let mut released = 0;
        if let Some(release) = self.release {
            let ([before, after], prices) = (release.leaves, release.prices);
            let rate = rows.marks.rate(release.side, prices[0])?;
            let rate_after = if prices[1] == prices[0] { rate } else { rows.marks.rate(release.side, prices[1])? };
            let reserved = reserve_gate_lots(before, shift)? * rate;
            released = (reserved - reserve_gate_lots(after, shift)? * rate_after) << rows.marks.scale_log2();
        }
        let mut traded = 0;
        if let Some(trade) = self.trade {
            traded = rows.marks.reserve(trade.side, trade.lots, trade.price, shift)?;
        }
        Some((released, traded))
    }
}

impl Entry {
    pub(crate) fn names(&self, generation: u16, account: u16, instrument: u16) -> bool {
        (self.generation, self.account, self.instrument) == (generation, account, instrument)
    }

    pub(crate) fn leaves(&self) -> i64 {
        (self.lots - self.cumulative).cast_signed()
    }
}

impl<const L: usize> Gate<L> {
    /// The place, its slot and the slot's entry.
    #[inline]
    pub(crate) fn find(&self, account: u16, instrument: u16, slot: u16) -> Result<(Place, usize, Entry), Fault> {
        let (account, instrument) = (self.account_index(account)?, self.instrument_index(instrument)?);
        let slot = self.slot_index(slot)?;
        let place = Place { account, instrument, cell: self.cell_index(account, instrument) };
        Ok((place, slot, self.slots[slot]))
    }

    /// Whether the pool and the venue ledger of a cell are poisoned in the active bank.
    fn poison_flags(&self, place: Place) -> (bool, bool) {
        let poisoned = |ledger: usize| self.ledgers[ledger].poisoned[self.active];
        let venue = self.venue_ledger(place.account, place.instrument);
        (poisoned(place.account), venue.is_some_and(poisoned))
    }

    /// Y of the pool in the active and the inactive bank.
    fn y_fields(&self, account: usize) -> [u64; 2] {
        [self.active, 1 - self.active].map(|bank| self.y(account, bank))
    }

    /// Y of a ledger as it reads: 0 when poisoned.
    pub(crate) fn y(&self, ledger: usize, bank: usize) -> u64 {
        let ledger = &self.ledgers[ledger];
        if ledger.poisoned[bank] {
            0
        } else {
            ledger.y[bank].cast_unsigned()
        }
    }

    pub(crate) fn halt_account(&mut self, account: usize, fault: Fault) -> Fault {
        self.accounts[account].halted = true;
        fault
    }

    /// Applies a FILL; the event's `applied` is 0 for a repetition.
    ///
    /// # Errors
    /// The fault that answers it.
    pub fn fill(&mut self, fill: &Fill) -> Result<Filled, Fault> {
        let (place, slot, entry) = self.find(fill.account, fill.instrument, fill.slot)?;
        if fill.price == 0 {
            return Err(Fault::BadField);
        }
        if !entry.names(fill.generation, fill.account, fill.instrument) || fill.side != entry.side {
            return Err(self.halt_account(place.account, Fault::UnplacedFill));
        }
        let applied = fill.cumulative.saturating_sub(entry.cumulative);
        if applied > 0 && fill.cumulative > entry.lots {
            return Err(self.halt_account(place.account, Fault::OverFill));
        }
        let freed = applied > 0 && fill.cumulative == entry.lots;
        if applied > 0 {
            self.apply_fill(place, slot, entry, fill);
        }
        let (poisoned, venue_poisoned) = self.poison_flags(place);
        let [y_active, y_inactive] = self.y_fields(place.account);
        Ok(Filled {
            side: fill.side,
            freed,
            poisoned,
            venue_poisoned,
            epoch: self.epoch,
            account: fill.account,
            instrument: fill.instrument,
            slot: fill.slot,
            generation: fill.generation,
            applied,
            position: self.cells[place.cell].position,
            y_active,
            y_inactive,
        })
    }

    #[inline]
    fn apply_fill(&mut self, place: Place, slot: usize, entry: Entry, fill: &Fill) {
        let side = Side::of(entry.side);
        let lots = (fill.cumulative - entry.cumulative).cast_signed();
        let cell = &mut self.cells[place.cell];
        let before = cell.ends();
        cell.position = wrap_lots(cell.position + side.signed(lots));
        let open = &mut cell.open[side.index()];
        *open = wrap_open(*open - lots);
        self.slots[slot].cumulative = fill.cumulative;
        if fill.cumulative == entry.lots {
            self.free(slot);
        }
        // What is bought leaves the bid end where it was and raises the ask end.
        let (other, by) = (side.other(), side.signed(lots));
        let release = Release { side, leaves: [entry.leaves(), entry.leaves() - lots], prices: [entry.price; 2] };
        let trade = Trade { side, lots, price: fill.price };
        let step = EndMove { before, side: other, by };
        self.adjust(place, &Adjustment { step, release: Some(release), trade: Some(trade) });
    }

    /// Applies a CANCELLED.
    ///
    /// # Errors
    /// The fault that answers it.
    pub fn cancelled(&mut self, cancelled: &Cancelled) -> Result<Closed, Fault> {
        let (place, slot, entry) = self.find(cancelled.account, cancelled.instrument, cancelled.slot)?;
        let placed = entry.names(cancelled.generation, cancelled.account, cancelled.instrument);
        if !placed || cancelled.cumulative < entry.cumulative {
            return Err(self.halt_account(place.account, Fault::UnplacedFill));
        }
        if cancelled.cumulative > entry.lots {
            return Err(self.halt_account(place.account, Fault::OverFill));
        }
        let after = Terms { lots: cancelled.cumulative, price: entry.price };
        let event = Closed {
            opcode: Cancelled::CODE,
            account: cancelled.account,
            instrument: cancelled.instrument,
            slot: cancelled.slot,
            generation: cancelled.generation,
            cumulative: cancelled.cumulative,
            ..Default::default()
        };
        Ok(self.settle(place, slot, after, event))
    }

    /// Brings an order down to what is certain; completes the event.
    pub(crate) fn settle(&mut self, place: Place, slot: usize, after: Terms, event: Closed) -> Closed {
        let kept = &mut self.slots[slot];
        let entry = *kept;
        let released = entry.lots - after.lots;
        let freed = entry.busy && entry.cumulative == after.lots;
        (kept.lots, kept.price, kept.pending) = (after.lots, after.price, false);
        if freed {
            self.free(slot);
        }
        if released > 0 || after.price != entry.price {
            let (side, lots) = (Side::of(entry.side), released.cast_signed());
            let cell = &mut self.cells[place.cell];
            let before = cell.ends();
            let open = &mut cell.open[side.index()];
            *open = wrap_open(*open - lots);
            let leaves = [entry.leaves(), entry.leaves() - lots];
            let release = Release { side, leaves, prices: [entry.price, after.price] };
            let step = EndMove { before, side, by: side.signed(-lots) };
            self.adjust(place, &Adjustment { step, release: Some(release), trade: None });
        }
        let (poisoned, venue_poisoned) = self.poison_flags(place);
        Closed { freed, poisoned, venue_poisoned, epoch: self.epoch, released, ..event }
    }

    /// Frees the slot of an order that is open.
    fn free(&mut self, slot: usize) {
        let entry = &mut self.slots[slot];
        (entry.busy, entry.pending) = (false, false);
        self.accounts[usize::from(entry.account)].open_orders -= 1;
    }

    /// Applies a POSITION.
    ///
    /// # Errors
    /// The fault that answers it.
    pub fn set_position(&mut self, command: &Position) -> Result<PositionSet, Fault> {
        let account = self.account_index(command.account)?;
        let instrument = self.instrument_index(command.instrument)?;
        if self.instruments[instrument].row.is_none() || command.price == 0 {
            return Err(Fault::BadField);
        }
        let place = Place { account, instrument, cell: self.cell_index(account, instrument) };
        let moved = command.lots - self.cells[place.cell].position;
        if moved != 0 {
            let before = self.cells[place.cell].ends();
            self.cells[place.cell].position = command.lots;
            let side = if moved > 0 { Side::Buy } else { Side::Sell };
            let trade = Trade { side, lots: moved.abs(), price: command.price };
            if !self.banks[self.active].has_instrument(instrument) {
                self.poison_cell(self.active, account, instrument);
            }
            let step = EndMove { before, side: Side::Buy, by: moved };
            self.adjust(place, &Adjustment { step, release: None, trade: Some(trade) });
            let before = Ends { bid: wrap_lots(before.bid + moved), ..before };
            let step = EndMove { before, side: Side::Sell, by: moved };
            self.adjust(place, &Adjustment { step, release: None, trade: None });
        }
        let (poisoned, venue_poisoned) = self.poison_flags(place);
        let [y_active, y_inactive] = self.y_fields(account);
        Ok(PositionSet {
            poisoned,
            venue_poisoned,
            epoch: self.epoch,
            account: command.account,
            instrument: command.instrument,
            moved,
            position: command.lots,
            y_active,
            y_inactive,
        })
    }

    /// Carries a change of a cell into its ledgers, in both banks.
    fn adjust(&mut self, place: Place, adjustment: &Adjustment) {
        let Place { account, instrument, .. } = place;
        let shift = self.instruments[instrument].shift();
        let ledgers = [Some(account), self.venue_ledger(account, instrument)];
        if self.preparation.frozen {
            if let Some(trade) = adjustment.trade {
                self.raise_inactive(place, ledgers, trade, shift);
            }
        }
        let bank = &self.banks[self.active];
        let rows = &bank.instruments[instrument];
        let mut grown = [0; L];
        let fits = adjustment.step.worst_growth(rows, &bank.kinds, bank.bases[place.cell], shift, &mut grown);
        let money = adjustment.money(rows, shift).filter(|_| fits);
        let Some((released, traded)) = money else { return self.poison_cell(self.active, account, instrument) };
        let taken = Taken { grown: &grown, money: traded - released, kinds: &bank.kinds };
        let active = self.active;
        for index in ledgers.into_iter().flatten() {
            let ledger = &mut self.ledgers[index];
            if ledger.poisoned[active] {
                continue;
            }
            let y = ledger.y[active] + traded;
            let (overflows, _) = taken.look(&ledger.slack, ledger.headroom, &[0; L]);
            if overflows || y >= MONEY_LIMIT {
                ledger.poisoned[active] = true;
                continue;
            }
            ledger.y[active] = y;
            taken.apply(&mut ledger.slack, &mut ledger.headroom);
        }
    }

    /// Adds a trade to the Y of the inactive bank, at its own marks.
    fn raise_inactive(&mut self, place: Place, ledgers: [Option<usize>; 2], trade: Trade, shift: u32) {
        let inactive = self.inactive();
        let marks = &self.banks[inactive].instruments[place.instrument].marks;
        let added = marks.reserve(trade.side, trade.lots, trade.price, shift);
        for index in ledgers.into_iter().flatten() {
            let ledger = &mut self.ledgers[index];
            match added {
                Some(added) if ledger.y[inactive] + added < MONEY_LIMIT => ledger.y[inactive] += added,
                _ => ledger.poisoned[inactive] = true,
            }
        }
    }
}
