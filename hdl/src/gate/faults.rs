//! [`Faults`]: whether a field of the head of the control stream is beyond the build; combinational.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0` .. `word_2` | head of the stream |
//! | `bad` | its fault is `bad-field`, unless one with precedence holds |

use super::ops::{block, place, size, value};
use crate::int::{unsigned_cast, U};
use crossgate_contract::command::{
    scope, Account, BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral, Halt,
    Instrument, InstrumentLimits, Read, VenueLedger,
};
use crossgate_contract::table::Table;
use crossgate_contract::Sizes;
use rust_hdl_core::prelude::*;

block! {
    /// Ranges of fields.
    pub(super) struct Faults {
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) bad: Signal<Out, Bit>,

        code_instrument: Constant<U<8>> = value(Instrument::CODE as u64),
        code_account: Constant<U<8>> = value(Account::CODE as u64),
        code_venue: Constant<U<8>> = value(VenueLedger::CODE as u64),
        code_limits: Constant<U<8>> = value(InstrumentLimits::CODE as u64),
        code_mark: Constant<U<8>> = value(BankMark::CODE as u64),
        code_loss: Constant<U<8>> = value(BankLoss::CODE as u64),
        code_offset: Constant<U<8>> = value(BankOffset::CODE as u64),
        code_bank_collateral: Constant<U<8>> = value(BankCollateral::CODE as u64),
        code_lanes: Constant<U<8>> = value(BankLanes::CODE as u64),
        code_base: Constant<U<8>> = value(BankBase::CODE as u64),
        code_box: Constant<U<8>> = value(BankBox::CODE as u64),
        code_collateral: Constant<U<8>> = value(Collateral::CODE as u64),
        code_halt: Constant<U<8>> = value(Halt::CODE as u64),
        code_read: Constant<U<8>> = value(Read::CODE as u64),
        at_lane: Constant<U<6>> = place(&[&BankLoss::LAYOUT, &BankOffset::LAYOUT], "lane", 0, 8),
        at_ledger: Constant<U<6>> =
            place(&[&BankOffset::LAYOUT, &BankCollateral::LAYOUT, &Collateral::LAYOUT], "ledger", 0, 16),
        at_venue_ledger: Constant<U<6>> = place(&[&VenueLedger::LAYOUT], "ledger", 1, 16),
        at_account: Constant<U<6>> =
            place(&[&Account::LAYOUT, &VenueLedger::LAYOUT, &BankBase::LAYOUT], "account", 0, 16),
        at_bank_instrument: Constant<U<6>> = place(&[&BankMark::LAYOUT, &BankLoss::LAYOUT], "instrument", 0, 16),
        at_base_instrument: Constant<U<6>> = place(&[&BankBase::LAYOUT], "instrument", 1, 16),
        at_instrument: Constant<U<6>> = place(&[&Instrument::LAYOUT, &InstrumentLimits::LAYOUT], "instrument", 0, 16),
        at_venue: Constant<U<6>> = place(&[&Instrument::LAYOUT, &VenueLedger::LAYOUT], "venue", 0, 8),
        at_book: Constant<U<6>> = place(&[&Instrument::LAYOUT], "book", 0, 8),
        at_box_book: Constant<U<6>> = place(&[&BankBox::LAYOUT], "book", 0, 8),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_index: Constant<U<6>> = place(&[&Halt::LAYOUT, &Read::LAYOUT], "index", 0, 16),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        at_table: Constant<U<6>> = place(&[&Read::LAYOUT], "table", 0, 8),
        at_offset_venue: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "venue", 1, 1),
        at_collateral_venue: Constant<U<6>> =
            place(&[&BankCollateral::LAYOUT, &Collateral::LAYOUT], "venue", 0, 1),
        at_relative: Constant<U<6>> = place(&[&BankLanes::LAYOUT], "relative", 1, 32),
        at_unit: Constant<U<6>> = place(&[&BankLanes::LAYOUT], "unit", 1, 32),
        table_cell: Constant<U<8>> = value(Table::Cell as u64),
        table_slot: Constant<U<8>> = value(Table::Slot as u64),
        table_pending: Constant<U<8>> = value(Table::Pending as u64),
        table_lane: Constant<U<8>> = value(Table::Lane as u64),
        table_account: Constant<U<8>> = value(Table::Account as u64),
        table_instrument: Constant<U<8>> = value(Table::Instrument as u64),
        table_mark: Constant<U<8>> = value(Table::Mark as u64),
        table_loss: Constant<U<8>> = value(Table::Loss as u64),
        table_venue_lane: Constant<U<8>> = value(Table::VenueLane as u64),
        table_venue_account: Constant<U<8>> = value(Table::VenueAccount as u64),
        table_venue_ledger: Constant<U<8>> = value(Table::VenueLedger as u64),
        table_base: Constant<U<8>> = value(Table::Base as u64),
        table_rate: Constant<U<8>> = value(Table::Rate as u64),
        table_limits: Constant<U<8>> = value(Table::Limits as u64),
        table_touch: Constant<U<8>> = value(Table::Touch as u64),
        table_box: Constant<U<8>> = value(Table::Box as u64),
        scope_global: Constant<U<8>> = value(scope::GLOBAL as u64),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        accounts: Constant<U<17>> = value(0),
        ledgers: Constant<U<17>> = value(0),
        instruments: Constant<U<17>> = value(0),
        slots: Constant<U<17>> = value(0),
        lanes: Constant<U<17>> = value(0),
        venues: Constant<U<17>> = value(0),
        books: Constant<U<17>> = value(0),
        no_lanes: Constant<U<32>> = value(0),

        opcode: Signal<Local, U<8>>,
        table_8: Signal<Local, U<8>>,
        scope_8: Signal<Local, U<8>>,
        lane: Signal<Local, U<8>>,
        lane_17: Signal<Local, U<17>>,
        ledger_17: Signal<Local, U<17>>,
        account_17: Signal<Local, U<17>>,
        bank_instrument_17: Signal<Local, U<17>>,
        base_instrument_17: Signal<Local, U<17>>,
        instrument_17: Signal<Local, U<17>>,
        venue_ledger_17: Signal<Local, U<17>>,
        venue_17: Signal<Local, U<17>>,
        book_17: Signal<Local, U<17>>,
        box_17: Signal<Local, U<17>>,
        index_17: Signal<Local, U<17>>,
        sub_17: Signal<Local, U<17>>,
        ledger_limit: Signal<Local, U<17>>,
        surplus: Signal<Local, U<32>>,
        lane_bad: Signal<Local, Bit>,
        ledger_bad: Signal<Local, Bit>,
        account_bad: Signal<Local, Bit>,
        venue_bad: Signal<Local, Bit>,
        index_account: Signal<Local, Bit>,
        index_ledger: Signal<Local, Bit>,
        index_instrument: Signal<Local, Bit>,
        sub_instrument: Signal<Local, Bit>,
        sub_lane: Signal<Local, Bit>,
    }
}

impl Faults {
    /// The ranges of a build.
    pub(super) fn new(sizes: &Sizes) -> Self {
        Self {
            accounts: size(sizes.accounts),
            ledgers: size(sizes.venue_ledgers),
            instruments: size(sizes.instruments),
            slots: size(sizes.slots),
            lanes: size(sizes.lanes),
            venues: size(sizes.venues),
            books: size(sizes.books),
            no_lanes: value(!0 << sizes.lanes),
            ..Default::default()
        }
    }
}

impl Logic for Faults {
    #[hdl_gen]
    fn update(&mut self) {
        self.opcode.next = self.word_0.val().get_bits::<8>(0);
        self.table_8.next = self.word_0.val().get_bits::<8>(self.at_table.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.lane.next = self.word_0.val().get_bits::<8>(self.at_lane.val().index());
        self.lane_17.next = unsigned_cast::<17, 8>(self.lane.val());
        self.ledger_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_ledger.val().index()));
        self.account_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_account.val().index()));
        self.bank_instrument_17.next =
            unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_bank_instrument.val().index()));
        self.base_instrument_17.next =
            unsigned_cast::<17, 16>(self.word_1.val().get_bits::<16>(self.at_base_instrument.val().index()));
        self.instrument_17.next =
            unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_instrument.val().index()));
        self.venue_ledger_17.next =
            unsigned_cast::<17, 16>(self.word_1.val().get_bits::<16>(self.at_venue_ledger.val().index()));
        self.venue_17.next = unsigned_cast::<17, 8>(self.word_0.val().get_bits::<8>(self.at_venue.val().index()));
        self.book_17.next = unsigned_cast::<17, 8>(self.word_0.val().get_bits::<8>(self.at_book.val().index()));
        self.box_17.next = unsigned_cast::<17, 8>(self.word_0.val().get_bits::<8>(self.at_box_book.val().index()));
        self.index_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_index.val().index()));
        self.sub_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_sub.val().index()));
        self.surplus.next = (self.word_1.val().get_bits::<32>(self.at_relative.val().index())
            | self.word_1.val().get_bits::<32>(self.at_unit.val().index()))
            & self.no_lanes.val();
        self.ledger_limit.next = self.accounts.val();
        if ((self.opcode.val() == self.code_offset.val())
            & self.word_1.val().get_bit(self.at_offset_venue.val().index()))
            | ((self.opcode.val() != self.code_offset.val())
                & self.word_0.val().get_bit(self.at_collateral_venue.val().index()))
        {
            self.ledger_limit.next = self.ledgers.val();
        }
        self.lane_bad.next = self.lane_17.val() >= self.lanes.val();
        self.ledger_bad.next = self.ledger_17.val() >= self.ledger_limit.val();
        self.account_bad.next = self.account_17.val() >= self.accounts.val();
        self.venue_bad.next = self.venue_17.val() >= self.venues.val();
        self.index_account.next = self.index_17.val() < self.accounts.val();
        self.index_ledger.next = self.index_17.val() < self.ledgers.val();
        self.index_instrument.next = self.index_17.val() < self.instruments.val();
        self.sub_instrument.next = self.sub_17.val() < self.instruments.val();
        self.sub_lane.next = self.sub_17.val() < self.lanes.val();

        self.bad.next = false;
        if self.opcode.val() == self.code_instrument.val() {
            self.bad.next = ((self.instrument_17.val() >= self.instruments.val()) | self.venue_bad.val())
                | (self.book_17.val() >= self.books.val());
        }
        if self.opcode.val() == self.code_limits.val() {
            self.bad.next = self.instrument_17.val() >= self.instruments.val();
        }
        if self.opcode.val() == self.code_account.val() {
            self.bad.next = self.account_bad.val();
        }
        if self.opcode.val() == self.code_venue.val() {
            self.bad.next =
                (self.account_bad.val() | self.venue_bad.val()) | (self.venue_ledger_17.val() >= self.ledgers.val());
        }
        if self.opcode.val() == self.code_mark.val() {
            self.bad.next = self.bank_instrument_17.val() >= self.instruments.val();
        }
        if self.opcode.val() == self.code_loss.val() {
            self.bad.next = ((self.bank_instrument_17.val() >= self.instruments.val()) | self.lane_bad.val())
                | self.lane.val().get_bit(0);
        }
        if self.opcode.val() == self.code_offset.val() {
            self.bad.next = self.lane_bad.val() | self.ledger_bad.val();
        }
        if (self.opcode.val() == self.code_bank_collateral.val()) | (self.opcode.val() == self.code_collateral.val()) {
            self.bad.next = self.ledger_bad.val();
        }
        if self.opcode.val() == self.code_lanes.val() {
            self.bad.next = self.surplus.val().any();
        }
        if self.opcode.val() == self.code_base.val() {
            self.bad.next = self.account_bad.val() | (self.base_instrument_17.val() >= self.instruments.val());
        }
        if self.opcode.val() == self.code_box.val() {
            self.bad.next = self.box_17.val() >= self.books.val();
        }
        if self.opcode.val() == self.code_halt.val() {
            self.bad.next = true;
            if ((self.scope_8.val() == self.scope_global.val())
                | ((self.scope_8.val() == self.scope_account.val()) & self.index_account.val()))
                | ((self.scope_8.val() == self.scope_instrument.val()) & self.index_instrument.val())
            {
                self.bad.next = false;
            }
        }
        if self.opcode.val() == self.code_read.val() {
            self.bad.next = true;
            if ((self.table_8.val() == self.table_cell.val()) | (self.table_8.val() == self.table_base.val()))
                & (self.index_account.val() & self.sub_instrument.val())
            {
                self.bad.next = false;
            }
            if ((self.table_8.val() == self.table_slot.val()) | (self.table_8.val() == self.table_pending.val()))
                & (self.index_17.val() < self.slots.val())
            {
                self.bad.next = false;
            }
            if ((self.table_8.val() == self.table_lane.val()) & (self.index_account.val() & self.sub_lane.val()))
                | ((self.table_8.val() == self.table_account.val()) & self.index_account.val())
            {
                self.bad.next = false;
            }
            if ((self.table_8.val() == self.table_venue_lane.val()) & (self.index_ledger.val() & self.sub_lane.val()))
                | ((self.table_8.val() == self.table_venue_account.val()) & self.index_ledger.val())
            {
                self.bad.next = false;
            }
            if (self.table_8.val() == self.table_venue_ledger.val())
                & (self.index_account.val() & (self.sub_17.val() < self.venues.val()))
            {
                self.bad.next = false;
            }
            if ((self.table_8.val() == self.table_instrument.val()) | (self.table_8.val() == self.table_mark.val()))
                & self.index_instrument.val()
            {
                self.bad.next = false;
            }
            if (self.index_17.val() < self.books.val())
                & ((self.table_8.val() == self.table_box.val())
                    | ((self.table_8.val() == self.table_touch.val()) & (self.sub_17.val() < self.venues.val())))
            {
                self.bad.next = false;
            }
            if ((self.table_8.val() == self.table_rate.val()) & self.index_account.val())
                | ((self.table_8.val() == self.table_limits.val()) & self.index_instrument.val())
            {
                self.bad.next = false;
            }
            if (self.table_8.val() == self.table_loss.val()) & (self.index_instrument.val() & self.sub_lane.val()) {
                self.bad.next = false;
            }
        }
    }
}
