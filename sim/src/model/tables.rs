//! Static rows, halts, and READ of the model.

use super::gate::{lots_field, Gate};
use super::ledger::View;
use super::Model;
use crossgate_contract::command::{scope, Account, BankMark, Halt, Instrument, Read};
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

    pub(super) fn account_row(&mut self, row: &Account) -> Result<(), Fault> {
        self.check_account(row.account)?;
        self.accounts.insert(row.account, *row);
        Ok(())
    }

    pub(super) fn halt(&mut self, halt: &Halt) -> Result<(), Fault> {
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

    /// Slack of a lane of the active ledger; 0 when poisoned.
    fn slack(&self, account: u16, lane: u16) -> i128 {
        if self.bank().poisoned.contains(&account) {
            return 0;
        }
        let totals = self.active_totals(account, &View::of(self, account)).expect("a ledger that is not poisoned fits");
        totals.slack[usize::from(lane)]
    }

    fn headroom(&self, account: u16) -> i128 {
        if self.bank().poisoned.contains(&account) {
            return 0;
        }
        self.active_totals(account, &View::of(self, account)).expect("a ledger that is not poisoned fits").headroom
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

    fn table_words(&self, table: Table, read: &Read) -> [u64; 4] {
        let (index, sub) = (read.index, read.sub);
        let bank = &self.banks[if read.inactive { 1 - self.active } else { self.active }];
        let poisoned = u64::from(bank.poisoned.contains(&index));
        match table {
            Table::Cell => {
                let cell = self.cell(index, sub);
                [bits(cell.position), lots_field(cell.bid), lots_field(cell.ask), 0]
            }
            Table::Slot => self.slot_words(index),
            Table::Lane => [if read.inactive { 0 } else { bits(self.slack(index, sub)) }, 0, 0, poisoned],
            Table::Account => {
                let headroom = if read.inactive { 0 } else { bits(self.headroom(index)) };
                let halted = u64::from(self.halted_accounts.contains(&index));
                [headroom, bits(bank.y(index)), 0, poisoned | halted << 1]
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
            Table::Venue => [0; 4],
        }
    }
}

impl Model {
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
        };
        if usize::from(read.index) >= indices || usize::from(read.sub) >= subs {
            return Err(Fault::BadField);
        }
        let [word_0, word_1, word_2, word_3] = if table == Table::Venue {
            [self.heartbeat_us.get(&usize::from(read.index)).copied().unwrap_or(0), 0, 0, 0]
        } else {
            self.gate.table_words(table, read)
        };
        let Read { table, index, sub, inactive, tag } = *read;
        Ok(ReadData { table, inactive, index, sub, word_0, word_1, word_2, word_3, tag }.into())
    }
}
