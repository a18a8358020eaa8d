//! Static rows, halts, and READ of the model.

use super::gate::{lots_field, Gate};
use super::ledger::{totals, Ledger, Totals, View};
use super::Model;
use crossgate_contract::command::{scope, Account, BankMark, Halt, Instrument, InstrumentLimits, Read, VenueLedger};
use crossgate_contract::event::ReadData;
use crossgate_contract::table::Table;
use crossgate_contract::{Command, Event, Fault};

/// The words of a row without its opcode.
fn row_words(row: impl Into<Command>) -> [u64; 4] {
    let mut words = row.into().encode().expect("a row that was decoded fits its fields");
    words[0] &= !0xff;
    words
}

/// The 64 bits of a signed value.
fn bits(value: i128) -> u64 {
    let value = i64::try_from(value).expect("48 bits");
    u64::from_le_bytes(value.to_le_bytes())
}

impl Gate {
    pub(super) fn instrument_row(&mut self, row: &Instrument) -> Result<(), Fault> {
        self.check_instrument(row.instrument)?;
        if usize::from(row.venue) >= self.sizes.venues || usize::from(row.book) >= self.sizes.books {
            return Err(Fault::BadField);
        }
        self.instruments.insert(row.instrument, *row);
        Ok(())
    }

    pub(super) fn limits_row(&mut self, row: &InstrumentLimits) -> Result<(), Fault> {
        self.check_instrument(row.instrument)?;
        self.limits.insert(row.instrument, *row);
        Ok(())
    }

    pub(super) fn account_row(&mut self, row: &Account) -> Result<(), Fault> {
        self.check_account(row.account)?;
        self.accounts.insert(row.account, *row);
        Ok(())
    }

    pub(super) fn venue_ledger_row(&mut self, row: &VenueLedger) -> Result<(), Fault> {
        self.check_account(row.account)?;
        if usize::from(row.venue) >= self.sizes.venues || usize::from(row.ledger) >= self.sizes.venue_ledgers {
            return Err(Fault::BadField);
        }
        self.venue_ledgers.insert((row.account, row.venue), *row);
        Ok(())
    }

    fn set_halt(&mut self, halt: &Halt) -> Result<(), Fault> {
        let set = match halt.scope {
            scope::GLOBAL => {
                self.halted_global = halt.halted;
                return Ok(());
            }
            scope::ACCOUNT => {
                self.check_account(halt.index)?;
                &mut self.halted_accounts
            }
            scope::INSTRUMENT => {
                self.check_instrument(halt.index)?;
                &mut self.halted_instruments
            }
            _ => return Err(Fault::BadField),
        };
        if halt.halted {
            set.insert(halt.index);
        } else {
            set.remove(&halt.index);
        }
        Ok(())
    }

    /// What is left of a ledger of the active bank; nothing when it is poisoned.
    fn left(&self, ledger: Ledger) -> Option<Totals> {
        if self.bank().poisoned.contains(&ledger) {
            return None;
        }
        totals(self, self.bank(), ledger, &View::all(self, self.bank()))
    }

    /// LANE and VENUE_LANE.
    fn lane_words(&self, ledger: Ledger, read: &Read) -> [u64; 4] {
        let bank = &self.banks[if read.inactive { 1 - self.active } else { self.active }];
        let slack = self.left(ledger).filter(|_| !read.inactive).map_or(0, |left| left.slack[usize::from(read.sub)]);
        [bits(slack), 0, 0, u64::from(bank.poisoned.contains(&ledger))]
    }

    /// ACCOUNT and VENUE_ACCOUNT, but for the halt.
    fn money_words(&self, ledger: Ledger, read: &Read) -> [u64; 4] {
        let bank = &self.banks[if read.inactive { 1 - self.active } else { self.active }];
        let headroom = self.left(ledger).filter(|_| !read.inactive).map_or(0, |left| left.headroom);
        [bits(headroom), bits(bank.y(ledger)), 0, u64::from(bank.poisoned.contains(&ledger))]
    }

    fn slot_words(&self, slot: u16) -> [u64; 4] {
        let entry = &self.slots[usize::from(slot)];
        let word_0 = u64::from(entry.busy)
            | u64::from(entry.side) << 1
            | u64::from(entry.account) << 16
            | u64::from(entry.instrument) << 32
            | u64::from(entry.generation) << 48;
        [word_0, lots_field(entry.lots), lots_field(entry.cumulative), lots_field(entry.price)]
    }

    fn pending_words(&self, slot: u16) -> [u64; 4] {
        self.slots[usize::from(slot)].pending.map_or([0; 4], |pending| {
            let prices = lots_field(pending.price_before) | lots_field(pending.price_asked) << 32;
            let flags = 1 | u64::from(pending.anew) << 1;
            [flags, lots_field(pending.lots_before), lots_field(pending.lots_asked), prices]
        })
    }

    fn table_words(&self, table: Table, read: &Read) -> [u64; 4] {
        let (index, sub) = (read.index, read.sub);
        let bank = &self.banks[if read.inactive { 1 - self.active } else { self.active }];
        match table {
            Table::Cell => {
                let cell = self.cell(index, sub);
                [bits(cell.position), lots_field(cell.bid), lots_field(cell.ask), 0]
            }
            Table::Slot => self.slot_words(index),
            Table::Lane => self.lane_words(Ledger::Pool(index), read),
            Table::Account => {
                let [headroom, y, zero, poisoned] = self.money_words(Ledger::Pool(index), read);
                [headroom, y, zero, poisoned | u64::from(self.halted_accounts.contains(&index)) << 1]
            }
            Table::VenueLane => self.lane_words(Ledger::Venue(index), read),
            Table::VenueAccount => self.money_words(Ledger::Venue(index), read),
            Table::VenueLedger => {
                let venue = u8::try_from(sub).expect("the venue was checked");
                let row = self.venue_ledgers.get(&(index, venue));
                [row.map_or(0, |row| 1 | u64::from(row.ledger) << 16 | u64::from(row.lane_mask) << 32), 0, 0, 0]
            }
            Table::Base => {
                let present = bank.bases.contains_key(&(index, sub));
                [bits(bank.base(index, sub)), 0, 0, u64::from(present)]
            }
            Table::Instrument => {
                let none = Instrument { instrument: index, ..Default::default() };
                row_words(self.instruments.get(&index).copied().unwrap_or(none))
            }
            Table::Mark => {
                let none = BankMark { instrument: index, ..Default::default() };
                let row = bank.marks.get(&index).copied().unwrap_or(none);
                row_words(BankMark { epoch: 0, ..row })
            }
            Table::Loss => {
                let lane = u8::try_from(sub).expect("the lane was checked");
                let (long, short) = bank.loss(index, lane);
                [bits(i128::from(long)), bits(i128::from(short)), 0, 0]
            }
            Table::Pending => self.pending_words(index),
            Table::Rate => [u64::from(self.open_orders(index)), self.arrival_us(index), 0, 0],
            Table::Limits => self.limits.get(&index).copied().map_or([0; 4], row_words),
            Table::Box => {
                let book = u8::try_from(index).expect("the book was checked");
                bank.boxes.get(&book).map_or([0; 4], |row| [row.low.into(), row.high.into(), 0, 1])
            }
            Table::Venue | Table::Touch => unreachable!("not of GATE"),
        }
    }
}

impl Model {
    /// Halts or releases; a halt asks the venues to cancel what is open in its scope.
    pub(super) fn halt(&mut self, halt: &Halt) -> Result<(), Fault> {
        self.gate.set_halt(halt)?;
        if halt.halted {
            self.mass_cancel_of_card(halt.scope, halt.index);
        }
        Ok(())
    }

    pub(super) fn read(&self, read: &Read) -> Result<Event, Fault> {
        let table = Table::from_code(read.table).ok_or(Fault::BadField)?;
        let sizes = &self.sizes;
        let (indices, subs) = match table {
            Table::Cell => (sizes.accounts, sizes.instruments),
            Table::Slot => (sizes.slots, usize::MAX),
            Table::Lane => (sizes.accounts, sizes.lanes),
            Table::Account => (sizes.accounts, usize::MAX),
            Table::Instrument | Table::Mark => (sizes.instruments, usize::MAX),
            Table::Loss => (sizes.instruments, sizes.lanes),
            Table::Venue => (sizes.venues, usize::MAX),
            Table::VenueLane => (sizes.venue_ledgers, sizes.lanes),
            Table::VenueAccount => (sizes.venue_ledgers, usize::MAX),
            Table::VenueLedger => (sizes.accounts, sizes.venues),
            Table::Base => (sizes.accounts, sizes.instruments),
            Table::Pending => (sizes.slots, usize::MAX),
            Table::Rate => (sizes.accounts, usize::MAX),
            Table::Limits => (sizes.instruments, usize::MAX),
            Table::Touch => (sizes.books, sizes.venues),
            Table::Box => (sizes.books, usize::MAX),
        };
        if usize::from(read.index) >= indices || usize::from(read.sub) >= subs {
            return Err(Fault::BadField);
        }
        let [word_0, word_1, word_2, word_3] = match table {
            Table::Venue => [self.heartbeat_us.get(&usize::from(read.index)).copied().unwrap_or(0), 0, 0, 0],
            Table::Touch => self.touch_words(read.index, read.sub),
            _ => self.gate.table_words(table, read),
        };
        let Read { table, index, sub, inactive, tag } = *read;
        Ok(ReadData { table, inactive, index, sub, word_0, word_1, word_2, word_3, tag }.into())
    }
}
