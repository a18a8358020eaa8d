//! Examples of the model, worked by hand from `docs/gate.md` and `docs/book.md`.

mod admission;
mod banks;
mod books;
mod closing;
mod egress;
mod exact;
mod fills;
mod lanes;
mod orders;
mod replaces;
mod venues;

use super::Model;
use crossgate_contract::command::*;
use crossgate_contract::event::{self, Filled, PositionSet, ReadData, Verdict};
use crossgate_contract::table::Table;
use crossgate_contract::{sizes, Command, Event, Fault, Reason, Window};
use crossgate_driver::BankRows;

pub(super) const BUY: u8 = 0;
pub(super) const SELL: u8 = 1;

/// A tiny card with one account and one instrument, and the commands that tests are made of.
pub(super) struct Card {
    pub(super) model: Model,
    pub(super) rows: BankRows,
}

/// The venue ledger of account 0 at venue 0.
pub(super) const VENUE_LEDGER: u16 = 2;
/// Its collateral, unless a test says otherwise.
pub(super) const VENUE_COLLATERAL: i64 = 1 << 46;

/// Gate lots of four native lots; collar 50 ticks.
pub(super) fn instrument() -> Instrument {
    Instrument { shift: 2, lots_min: 1, lots_max: 1_000, collar: 50, position_cap: 100_000, ..Default::default() }
}

/// Every lane of the mask, and as many open orders as there are slots.
pub(super) fn account(account: u16, lane_mask: u32) -> Account {
    Account { account, lane_mask, open_orders_max: 16, ..Default::default() }
}

/// Limits that nothing exceeds; the book does not count.
pub(super) fn limits(instrument: u16) -> InstrumentLimits {
    InstrumentLimits { instrument, notional_max: u64::MAX, touch_ticks: 0 }
}

/// A bought gate lot costs 2 money units a tick above 1,000, a sold one 3 a tick below 1,010, times 2^4.
pub(super) fn mark(epoch: u32) -> BankMark {
    BankMark { exponent: 1, instrument: 0, epoch, mark_buy: 1_000, mark_sell: 1_010, tick_buy: 512, tick_sell: 768 }
}

/// Lane 0 loses 10 a gate lot long and wins 5 short; lane 1 wins 4 long and loses 8 short.
pub(super) fn loss(epoch: u32) -> BankLoss {
    BankLoss { lane: 0, instrument: 0, epoch, long_0: 10, short_0: -5, long_1: -4, short_1: 8 }
}

pub(super) fn collateral_row(epoch: u32, collateral: i64) -> BankCollateral {
    BankCollateral { venue: false, ledger: 0, epoch, collateral, reserve: 0, y_included: 0 }
}

pub(super) fn order(slot: u16, side: u8, lots: u64, price: u32) -> Order {
    Order { side, slot, lots, price, generation: 1, ..Default::default() }
}

pub(super) fn fill(slot: u16, side: u8, cumulative: u64, price: u32) -> Fill {
    Fill { side, slot, cumulative, price, generation: 1, ..Default::default() }
}

impl Card {
    /// Without any row.
    pub(super) fn bare() -> Self {
        Self { model: Model::new(sizes::TINY), rows: BankRows::new() }
    }

    /// Armed, with bank 1 active and this collateral in the pool.
    pub(super) fn new(collateral: i64) -> Self {
        let mut card = Self::bare();
        card.model.arm(true);
        card.silent(instrument());
        card.silent(limits(0));
        card.silent(account(0, 0b1111));
        card.silent(VenueLedger { ledger: VENUE_LEDGER, lane_mask: 0b1111, ..Default::default() });
        card.bank(1, mark(1), collateral);
        card
    }

    /// Prepares and commits a bank with every row that instrument 0 and account 0 need.
    pub(super) fn bank(&mut self, epoch: u32, mark: BankMark, collateral: i64) -> event::Bank {
        self.silent(mark);
        self.silent(Marks { epoch });
        self.rows_behind_marks(epoch, collateral);
        self.commit(epoch)
    }

    pub(super) fn rows_behind_marks(&mut self, epoch: u32, collateral: i64) {
        self.silent(loss(epoch));
        self.silent(BankLoss { lane: 2, epoch, ..Default::default() });
        self.ledger_rows(false, 0, epoch, collateral);
        self.ledger_rows(true, VENUE_LEDGER, epoch, VENUE_COLLATERAL);
    }

    /// Offsets of zero and the collateral of a ledger.
    pub(super) fn ledger_rows(&mut self, venue: bool, ledger: u16, epoch: u32, collateral: i64) {
        for lane in 0..4 {
            self.silent(BankOffset { lane, ledger, venue, epoch, offset: 0 });
        }
        self.silent(BankCollateral { venue, ledger, ..collateral_row(epoch, collateral) });
    }

    /// Commits with the count and CRC of the rows that were stored.
    pub(super) fn commit(&mut self, epoch: u32) -> event::Bank {
        let commit = self.rows.commit(Commit { epoch, ..Default::default() });
        self.commit_as(commit)
    }

    pub(super) fn commit_as(&mut self, commit: Commit) -> event::Bank {
        match self.one(commit) {
            Event::Bank(bank) => bank,
            other => panic!("expected BANK, got {other:?}"),
        }
    }

    /// The events of a command, sent through the window that takes it.
    pub(super) fn send(&mut self, command: impl Into<Command>) -> Vec<Event> {
        let command = command.into();
        let window = Window::ALL.into_iter().find(|window| window.takes(command.layout().code)).unwrap();
        let words = command.encode().unwrap();
        let events = self.model.command(window, words);
        if events.is_empty() {
            self.rows.add(&words);
        }
        events.into_iter().map(|(_, words)| Event::decode(&words).unwrap()).collect()
    }

    pub(super) fn one(&mut self, command: impl Into<Command>) -> Event {
        let events = self.send(command);
        assert_eq!(events.len(), 1, "{events:?}");
        events[0]
    }

    pub(super) fn silent(&mut self, command: impl Into<Command>) {
        assert_eq!(self.send(command), []);
    }

    pub(super) fn fault(&mut self, command: impl Into<Command>) -> Fault {
        match self.one(command) {
            Event::FaultRaised(fault) => Fault::from_code(fault.code).unwrap(),
            other => panic!("expected a fault, got {other:?}"),
        }
    }

    pub(super) fn verdict(&mut self, command: impl Into<Command>) -> Verdict {
        match self.one(command) {
            Event::Verdict(verdict) => verdict,
            other => panic!("expected a verdict, got {other:?}"),
        }
    }

    pub(super) fn reason(&mut self, command: impl Into<Command>) -> Reason {
        Reason::from_code(self.verdict(command).reason).unwrap()
    }

    pub(super) fn filled(&mut self, fill: Fill) -> Filled {
        match self.one(fill) {
            Event::Filled(filled) => filled,
            other => panic!("expected FILLED, got {other:?}"),
        }
    }

    pub(super) fn position(&mut self, lots: i64, price: u32) -> PositionSet {
        match self.one(Position { lots, price, ..Default::default() }) {
            Event::PositionSet(set) => set,
            other => panic!("expected POSITION_SET, got {other:?}"),
        }
    }

    pub(super) fn read(&mut self, table: Table, index: u16, sub: u16, inactive: bool) -> [i64; 4] {
        match self.one(Read { table: table as u8, index, sub, inactive, tag: 0 }) {
            Event::ReadData(ReadData { word_0, word_1, word_2, word_3, .. }) => {
                [word_0, word_1, word_2, word_3].map(|word| i64::from_le_bytes(word.to_le_bytes()))
            }
            other => panic!("expected READ_DATA, got {other:?}"),
        }
    }

    /// The slack of a lane of account 0.
    pub(super) fn slack(&mut self, lane: u16) -> i64 {
        self.read(Table::Lane, 0, lane, false)[0]
    }

    /// Headroom, Y and flags of account 0.
    pub(super) fn account(&mut self, inactive: bool) -> [i64; 4] {
        self.read(Table::Account, 0, 0, inactive)
    }

    /// Headroom, Y and flags of the venue ledger of account 0.
    pub(super) fn venue_account(&mut self, inactive: bool) -> [i64; 4] {
        self.read(Table::VenueAccount, VENUE_LEDGER, 0, inactive)
    }

    /// The slack of a lane of that ledger.
    pub(super) fn venue_slack(&mut self, lane: u16) -> i64 {
        self.read(Table::VenueLane, VENUE_LEDGER, lane, false)[0]
    }

    /// Position, open bid lots, open ask lots of (0, 0).
    pub(super) fn cell(&mut self) -> [i64; 3] {
        let [position, bid, ask, _] = self.read(Table::Cell, 0, 0, false);
        [position, bid, ask]
    }
}
