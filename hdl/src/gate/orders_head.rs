//! [`OrdersHead`]: decodes the head of the orders stream, looks up its ledger, and says whether it may enter.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0` | word 0 of the command; its opcode is one that the orders window takes |
//! | `second` | a POSITION has entered once |
//! | `hot` | the operation |
//! | `account`, `instrument`, `slot` | the fields, and `outside`: one of them, or scope or index of a MASS_CANCEL, is beyond the build |
//! | `position`, `free`, `sends` | what it is; `free`: it needs no account, `sends`: it may send a message that can wait |
//! | `member`, `ledger`, `venue` | the venue ledger of its cell |
//! | `conflict`, `idle` | its account, ledger or slot is in the pipeline; nothing is |
//! | `push`, `claims` | an operation enters; it is the head and not `free` |
//! | `walk_*` | venue ledgers of the cells of a sweep |
//! | `read_account`, `read_venue`, `venue_row` | the VENUE_LEDGER row of an operation, one clock later |
//! | `row_*` | rows of the control stream |
//!
//! The answers are combinational.

use super::interlock::Interlock;
use super::ops::{self, block, place, size, value};
use super::venues::Venues;
use crate::int::{unsigned_cast, U};
use crossgate_contract::command::{
    scope, Cancel, Cancelled, Fence, Fill, MassCancel, Order, Position, Refused, Replace, Replaced,
};
use crossgate_contract::Layout;
use rust_hdl_core::prelude::*;

/// Commands that name a cell; all but the first name a slot, too.
const CELLS: &[&Layout] = &[
    &Position::LAYOUT,
    &Order::LAYOUT,
    &Replace::LAYOUT,
    &Cancel::LAYOUT,
    &Fill::LAYOUT,
    &Cancelled::LAYOUT,
    &Replaced::LAYOUT,
    &Refused::LAYOUT,
];

block! {
    /// Head of the orders stream.
    pub(super) struct OrdersHead [A, N, S, V, VENUES, AV] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) push: Signal<In, Bit>,
        pub(super) claims: Signal<In, Bit>,
        pub(super) walk_account: Signal<In, U<A>>,
        pub(super) walk_instrument: Signal<In, U<N>>,
        pub(super) walk_member: Signal<Out, Bit>,
        pub(super) walk_ledger: Signal<Out, U<A>>,
        pub(super) read_account: Signal<In, U<A>>,
        pub(super) read_venue: Signal<In, U<V>>,
        pub(super) venue_row: Signal<Out, U<40>>,
        pub(super) member: Signal<Out, Bit>,
        pub(super) ledger: Signal<Out, U<A>>,
        pub(super) venue: Signal<Out, U<V>>,
        pub(super) conflict: Signal<Out, Bit>,
        pub(super) idle: Signal<Out, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) second: Signal<In, Bit>,
        pub(super) hot: Signal<Out, ops::Hot>,
        pub(super) account: Signal<Out, U<16>>,
        pub(super) instrument: Signal<Out, U<16>>,
        pub(super) slot: Signal<Out, U<16>>,
        pub(super) outside: Signal<Out, Bit>,
        pub(super) position: Signal<Out, Bit>,
        pub(super) free: Signal<Out, Bit>,
        pub(super) sends: Signal<Out, Bit>,
        at_account: Constant<U<6>> = place(CELLS, "account", 0, 16),
        at_instrument: Constant<U<6>> = place(CELLS, "instrument", 0, 16),
        at_slot: Constant<U<6>> = place(&CELLS[1..], "slot", 0, 16),
        at_scope: Constant<U<6>> = place(&[&MassCancel::LAYOUT], "scope", 0, 8),
        at_index: Constant<U<6>> = place(&[&MassCancel::LAYOUT], "index", 0, 16),
        code_replace: Constant<U<8>> = value(Replace::CODE as u64),
        code_cancel: Constant<U<8>> = value(Cancel::CODE as u64),
        code_mass: Constant<U<8>> = value(MassCancel::CODE as u64),
        code_replaced: Constant<U<8>> = value(Replaced::CODE as u64),
        code_refused: Constant<U<8>> = value(Refused::CODE as u64),
        scope_global: Constant<U<8>> = value(scope::GLOBAL as u64),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        scope_venue: Constant<U<8>> = value(scope::VENUE as u64),
        code_order: Constant<U<8>> = value(Order::CODE as u64),
        code_fill: Constant<U<8>> = value(Fill::CODE as u64),
        code_cancelled: Constant<U<8>> = value(Cancelled::CODE as u64),
        code_position: Constant<U<8>> = value(Position::CODE as u64),
        code_fence: Constant<U<8>> = value(Fence::CODE as u64),
        hot_order: Constant<ops::Hot> = value(1 << ops::ORDER),
        hot_fill: Constant<ops::Hot> = value(1 << ops::FILL),
        hot_cancelled: Constant<ops::Hot> = value(1 << ops::CANCELLED),
        hot_bid: Constant<ops::Hot> = value(1 << ops::POSITION_BID),
        hot_ask: Constant<ops::Hot> = value(1 << ops::POSITION_ASK),
        hot_fence: Constant<ops::Hot> = value(1 << ops::FENCE),
        hot_replace: Constant<ops::Hot> = value(1 << ops::REPLACE),
        hot_cancel: Constant<ops::Hot> = value(1 << ops::CANCEL),
        hot_mass: Constant<ops::Hot> = value(1 << ops::MASS_CANCEL),
        hot_replaced: Constant<ops::Hot> = value(1 << ops::REPLACED),
        hot_refused: Constant<ops::Hot> = value(1 << ops::REFUSED),
        accounts: Constant<U<17>> = size(1 << A),
        instruments: Constant<U<17>> = size(1 << N),
        slots: Constant<U<17>> = size(1 << S),
        venue_count: Constant<U<17>> = size(VENUES),
        interlock: Interlock,
        venues: Venues<A, N, V, VENUES, AV>,
        opcode: Signal<Local, U<8>>,
        account_17: Signal<Local, U<17>>,
        instrument_17: Signal<Local, U<17>>,
        slot_17: Signal<Local, U<17>>,
        index_17: Signal<Local, U<17>>,
        scope_8: Signal<Local, U<8>>,
        mass: Signal<Local, Bit>,
        beyond: Signal<Local, Bit>,
    }
}

impl<const A: usize, const N: usize, const S: usize, const V: usize, const VENUES: usize, const AV: usize> Logic
    for OrdersHead<A, N, S, V, VENUES, AV>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, interlock, venues);
        self.opcode.next = self.word_0.val().get_bits::<8>(0);
        self.account.next = self.word_0.val().get_bits::<16>(self.at_account.val().index());
        self.instrument.next = self.word_0.val().get_bits::<16>(self.at_instrument.val().index());
        self.slot.next = self.word_0.val().get_bits::<16>(self.at_slot.val().index());
        self.account_17.next = unsigned_cast::<17, 16>(self.account.val());
        self.instrument_17.next = unsigned_cast::<17, 16>(self.instrument.val());
        self.slot_17.next = unsigned_cast::<17, 16>(self.slot.val());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.index_17.next = unsigned_cast::<17, 16>(self.word_0.val().get_bits::<16>(self.at_index.val().index()));
        self.position.next = self.opcode.val() == self.code_position.val();
        self.mass.next = self.opcode.val() == self.code_mass.val();
        self.free.next = (self.opcode.val() == self.code_mass.val()) | (self.opcode.val() == self.code_fence.val());
        self.sends.next = (self.opcode.val() == self.code_order.val())
            | ((self.opcode.val() == self.code_replace.val()) | (self.opcode.val() == self.code_cancel.val()));
        self.beyond.next =
            (self.account_17.val() >= self.accounts.val()) | (self.instrument_17.val() >= self.instruments.val());
        if !self.position.val() & (self.slot_17.val() >= self.slots.val()) {
            self.beyond.next = true;
        }
        if self.mass.val() {
            self.beyond.next = true;
            if (self.scope_8.val() == self.scope_global.val())
                | ((self.scope_8.val() == self.scope_account.val()) & (self.index_17.val() < self.accounts.val()))
            {
                self.beyond.next = false;
            }
            if ((self.scope_8.val() == self.scope_instrument.val()) & (self.index_17.val() < self.instruments.val()))
                | ((self.scope_8.val() == self.scope_venue.val()) & (self.index_17.val() < self.venue_count.val()))
            {
                self.beyond.next = false;
            }
        }
        self.outside.next = self.beyond.val();
        self.hot.next = self.hot_fence.val();
        if self.opcode.val() == self.code_order.val() {
            self.hot.next = self.hot_order.val();
        }
        if self.opcode.val() == self.code_fill.val() {
            self.hot.next = self.hot_fill.val();
        }
        if self.opcode.val() == self.code_cancelled.val() {
            self.hot.next = self.hot_cancelled.val();
        }
        if self.opcode.val() == self.code_replace.val() {
            self.hot.next = self.hot_replace.val();
        }
        if self.opcode.val() == self.code_cancel.val() {
            self.hot.next = self.hot_cancel.val();
        }
        if self.mass.val() {
            self.hot.next = self.hot_mass.val();
        }
        if self.opcode.val() == self.code_replaced.val() {
            self.hot.next = self.hot_replaced.val();
        }
        if self.opcode.val() == self.code_refused.val() {
            self.hot.next = self.hot_refused.val();
        }
        if self.position.val() {
            self.hot.next = self.hot_bid.val();
            if self.second.val() {
                self.hot.next = self.hot_ask.val();
            }
        }
        // ledgers
        self.venues.scrub.next = self.scrub.val();
        self.venues.scrub_address.next = self.scrub_address.val();
        self.venues.row_0.next = self.row_0.val();
        self.venues.row_1.next = self.row_1.val();
        self.venues.row_2.next = self.row_2.val();
        self.venues.row_hot.next = self.row_hot.val();
        self.venues.account.next = self.word_0.val().get_bits::<A>(self.at_account.val().index());
        self.venues.instrument.next = self.word_0.val().get_bits::<N>(self.at_instrument.val().index());
        self.venues.busy.next = self.interlock.ledgers.val();
        self.venues.walk_account.next = self.walk_account.val();
        self.venues.walk_instrument.next = self.walk_instrument.val();
        self.venues.read_account.next = self.read_account.val();
        self.venues.read_venue.next = self.read_venue.val();
        self.walk_member.next = self.venues.walk_member.val();
        self.walk_ledger.next = self.venues.walk_ledger.val();
        self.venue_row.next = self.venues.row.val();
        self.member.next = self.venues.member.val() & !self.beyond.val();
        self.ledger.next = self.venues.ledger.val();
        self.venue.next = self.venues.venue.val();
        // what is in the pipeline
        self.interlock.push.next = self.push.val();
        self.interlock.claims.next = self.claims.val();
        self.interlock.account.next = self.word_0.val().get_bits::<16>(self.at_account.val().index());
        self.interlock.slot.next = self.word_0.val().get_bits::<16>(self.at_slot.val().index());
        self.interlock.member.next = self.venues.member.val() & !self.beyond.val();
        self.interlock.ledger.next = unsigned_cast::<6, A>(self.venues.ledger.val());
        self.interlock.query_account.next = self.word_0.val().get_bits::<16>(self.at_account.val().index());
        self.interlock.query_slot.next = self.word_0.val().get_bits::<16>(self.at_slot.val().index());
        self.conflict.next = self.interlock.conflict.val() | (self.venues.conflict.val() & !self.beyond.val());
        self.idle.next = self.interlock.idle.val();
    }
}
