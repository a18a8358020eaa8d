//! The control window but for COMMIT: which row goes where, static rows, halts, and READ.
//!
//! Not here: the tables that show books (see `market`).
//!
//! Invariant: a READ changes nothing and sees what the next command would see.

use crate::admission::MessageRate;
use crate::gate::{AccountState, Gate, VenueRow};
use crossgate_contract::command::{
    scope, Account, BankMark, Halt, Instrument, InstrumentLimits, MassCancel, Read, VenueLedger,
};
use crossgate_contract::table::Table;
use crossgate_contract::{Command, Fault};

/// The words of a row without its opcode. Values of a decoded row fit their fields.
fn row_words(row: impl Into<Command>) -> [u64; 4] {
    let mut words = row.into().encode().unwrap_or_default();
    words[0] &= !0xff;
    words
}

/// The index, if the build has it.
pub(crate) fn index_below(index: impl Into<usize>, limit: usize) -> Result<usize, Fault> {
    Some(index.into()).filter(|index| *index < limit).ok_or(Fault::BadField)
}

impl<const L: usize> Gate<L> {
    /// Applies a row, MARKS, COLLATERAL or HALT; `words` are those of the command without sequence bits.
    ///
    /// # Errors
    /// The fault that answers it; of any other command that it is unknown.
    pub fn control(&mut self, command: &Command, words: &[u64; 4]) -> Result<(), Fault> {
        match command {
            Command::Instrument(row) => self.instrument_row(row),
            Command::InstrumentLimits(row) => self.limits_row(row),
            Command::Account(row) => self.account_row(row),
            Command::VenueLedger(row) => self.venue_ledger_row(row),
            Command::Ages(row) => {
                self.ages = *row;
                Ok(())
            }
            Command::Marks(marks) => self.freeze_marks(marks.epoch),
            Command::BankMark(row) => self.mark_row(row, words),
            Command::BankLoss(row) => self.loss_row(row, words),
            Command::BankOffset(row) => self.offset_row(row, words),
            Command::BankCollateral(row) => self.collateral_row(row, words),
            Command::BankLanes(row) => self.lanes_row(row, words),
            Command::BankBase(row) => self.base_row(row, words),
            Command::BankBox(row) => self.box_row(row, words),
            Command::Collateral(live) => self.live_collateral(live),
            Command::Halt(halt) => self.halt(halt),
            _ => Err(Fault::UnknownCommand),
        }
    }

    pub(crate) fn instrument_row(&mut self, row: &Instrument) -> Result<(), Fault> {
        let instrument = self.instrument_index(row.instrument)?;
        index_below(row.venue, self.sizes.venues)?;
        index_below(row.book, self.sizes.books)?;
        self.instruments[instrument].row = Some(*row);
        Ok(())
    }

    pub(crate) fn account_row(&mut self, row: &Account) -> Result<(), Fault> {
        let account = self.account_index(row.account)?;
        let mask = Some(self.mask(row.lane_mask));
        let open_orders_max = u32::from(row.open_orders_max);
        let (cost_us, burst_us) = (u64::from(row.message_cost_us), u64::from(row.message_burst_us));
        let old = self.accounts[account];
        let rate = MessageRate { cost_us, burst_us, ..old.rate };
        self.accounts[account] = AccountState { mask, open_orders_max, rate, ..old };
        Ok(())
    }

    fn limits_row(&mut self, row: &InstrumentLimits) -> Result<(), Fault> {
        let instrument = self.instrument_index(row.instrument)?;
        self.instruments[instrument].limits = Some(*row);
        Ok(())
    }

    pub(crate) fn venue_ledger_row(&mut self, row: &VenueLedger) -> Result<(), Fault> {
        let account = self.account_index(row.account)?;
        let venue = index_below(row.venue, self.sizes.venues)?;
        index_below(row.ledger, self.sizes.venue_ledgers)?;
        let VenueLedger { ledger, lane_mask, .. } = *row;
        let mask = self.mask(lane_mask);
        self.venue_rows[account * self.sizes.venues + venue] = Some(VenueRow { ledger, mask, lane_mask });
        Ok(())
    }

    pub(crate) fn halt(&mut self, halt: &Halt) -> Result<(), Fault> {
        match halt.scope {
            scope::GLOBAL => self.halted = halt.halted,
            scope::ACCOUNT => {
                let account = self.account_index(halt.index)?;
                self.accounts[account].halted = halt.halted;
            }
            scope::INSTRUMENT => {
                let instrument = self.instrument_index(halt.index)?;
                self.instruments[instrument].halted = halt.halted;
            }
            _ => return Err(Fault::BadField),
        }
        Ok(())
    }

    /// Whether a MASS_CANCEL names something that the build has.
    pub(crate) fn check_mass_cancel(&self, command: &MassCancel) -> Result<(), Fault> {
        match command.scope {
            scope::GLOBAL => Ok(()),
            scope::ACCOUNT => self.account_index(command.index).map(|_| ()),
            scope::INSTRUMENT => self.instrument_index(command.index).map(|_| ()),
            scope::VENUE => index_below(command.index, self.sizes.venues).map(|_| ()),
            _ => Err(Fault::BadField),
        }
    }

    /// The four words of a table of GATE.
    pub(crate) fn table(&self, table: Table, read: &Read) -> Result<[u64; 4], Fault> {
        let accounts = self.sizes.accounts;
        let bank = if read.inactive { self.inactive() } else { self.active };
        Ok(match table {
            Table::Cell => self.cell_words(read)?,
            Table::Slot => self.slot_words(read.index)?,
            Table::Lane => self.lane_words(index_below(read.index, accounts)?, read.sub, bank)?,
            Table::VenueLane => {
                let ledger = index_below(read.index, self.sizes.venue_ledgers)?;
                self.lane_words(accounts + ledger, read.sub, bank)?
            }
            Table::Account => {
                let account = self.account_index(read.index)?;
                let [headroom, y, none, poisoned] = self.ledger_words(account, bank);
                [headroom, y, none, poisoned | u64::from(self.accounts[account].halted) << 1]
            }
            Table::VenueAccount => {
                self.ledger_words(accounts + index_below(read.index, self.sizes.venue_ledgers)?, bank)
            }
            Table::Instrument => {
                let row = self.instruments[self.instrument_index(read.index)?].row;
                row_words(row.unwrap_or(Instrument { instrument: read.index, ..Default::default() }))
            }
            Table::Mark => {
                let marks = self.banks[bank].instruments[self.instrument_index(read.index)?].marks;
                let ([mark_buy, mark_sell], [tick_buy, tick_sell]) = (marks.mark, marks.tick);
                let (exponent, instrument, epoch) = (marks.exponent, read.index, 0);
                row_words(BankMark { exponent, instrument, epoch, mark_buy, mark_sell, tick_buy, tick_sell })
            }
            Table::Loss => {
                let instrument = self.instrument_index(read.index)?;
                let lane = index_below(read.sub, self.sizes.lanes)?;
                let losses = &self.banks[bank].instruments[instrument].losses;
                let word = |side: usize| i64::from(losses[side][lane]).cast_unsigned();
                [word(0), word(1), 0, 0]
            }
            Table::Venue | Table::Touch => return Err(Fault::BadField),
            Table::VenueLedger => {
                let account = self.account_index(read.index)?;
                let venue = index_below(read.sub, self.sizes.venues)?;
                let row = self.venue_rows[account * self.sizes.venues + venue];
                let word = row.map_or(0, |row| 1 | u64::from(row.ledger) << 16 | u64::from(row.lane_mask) << 32);
                [word, 0, 0, 0]
            }
            Table::Base => {
                let cell = self.cell_index(self.account_index(read.index)?, self.instrument_index(read.sub)?);
                let bank = &self.banks[bank];
                [bank.bases[cell].cast_unsigned(), 0, 0, u64::from(bank.has_base(cell))]
            }
            Table::Pending => self.pending_words(read.index)?,
            Table::Rate => {
                let account = &self.accounts[self.account_index(read.index)?];
                [u64::from(account.open_orders), account.rate.arrival_us, 0, 0]
            }
            Table::Limits => self.instruments[self.instrument_index(read.index)?].limits.map_or([0; 4], row_words),
            Table::Box => {
                let row = self.banks[bank].boxes[self.book_index(read.index)?];
                row.map_or([0; 4], |row| [u64::from(row.low), u64::from(row.high), 0, 1])
            }
        })
    }

    fn cell_words(&self, read: &Read) -> Result<[u64; 4], Fault> {
        let cell = self.cell_index(self.account_index(read.index)?, self.instrument_index(read.sub)?);
        let cell = &self.cells[cell];
        let [bid, ask] = cell.open;
        Ok([cell.position.cast_unsigned(), bid.cast_unsigned(), ask.cast_unsigned(), 0])
    }

    fn slot_words(&self, slot: u16) -> Result<[u64; 4], Fault> {
        let entry = &self.slots[self.slot_index(slot)?];
        let word_0 = u64::from(entry.busy)
            | u64::from(entry.side) << 1
            | u64::from(entry.account) << 16
            | u64::from(entry.instrument) << 32
            | u64::from(entry.generation) << 48;
        Ok([word_0, entry.lots, entry.cumulative, u64::from(entry.price)])
    }

    fn pending_words(&self, slot: u16) -> Result<[u64; 4], Fault> {
        let slot = self.slot_index(slot)?;
        if !self.slots[slot].pending {
            return Ok([0; 4]);
        }
        let pending = &self.pending[slot];
        let prices = u64::from(pending.before.price) | u64::from(pending.asked.price) << 32;
        Ok([1 | u64::from(pending.anew) << 1, pending.before.lots, pending.asked.lots, prices])
    }

    fn lane_words(&self, index: usize, lane: u16, bank: usize) -> Result<[u64; 4], Fault> {
        let lane = index_below(lane, self.sizes.lanes)?;
        let ledger = &self.ledgers[index];
        let poisoned = ledger.poisoned[bank];
        let slack = if poisoned || bank != self.active { 0 } else { ledger.slack[lane] };
        Ok([slack.cast_unsigned(), 0, 0, u64::from(poisoned)])
    }

    fn ledger_words(&self, index: usize, bank: usize) -> [u64; 4] {
        let ledger = &self.ledgers[index];
        let poisoned = ledger.poisoned[bank];
        let headroom = if poisoned || bank != self.active { 0 } else { ledger.headroom };
        [headroom.cast_unsigned(), self.y(index, bank), 0, u64::from(poisoned)]
    }
}
