//! [`Reasons`]: of several reasons the one with the lowest code; combinational.
//!
//! | port | meaning |
//! |---|---|
//! | `not_ready` .. `venue_margin` | these reasons hold |
//! | `tests` | those of admission fail, as bits; then [`TEST_BOX`] and [`TEST_EGRESS`] |
//! | `closes` | the order closes a position |
//! | `reason`, `passes`, `margin` | the lowest; none holds; it is one of the two about margin |
//!
//! The reasons are tested from the highest code down, so that the last that holds stays.

use super::admission::{FAILED_NOTIONAL, FAILED_OPEN_ORDERS, FAILED_RATE, FAILED_STALE};
use super::ops::{block, value};
use crate::int::U;
use crossgate_contract::Reason;
use rust_hdl_core::prelude::*;

/// Bit of `tests`: a book is out of its box.
pub(super) const TEST_BOX: u64 = 4;
/// Bit of `tests`: the egress queue was full.
pub(super) const TEST_EGRESS: u64 = 5;

block! {
    /// Priority of reasons.
    pub(super) struct Reasons {
        pub(super) not_ready: Signal<In, Bit>,
        pub(super) ring_full: Signal<In, Bit>,
        pub(super) malformed: Signal<In, Bit>,
        pub(super) halted_global: Signal<In, Bit>,
        pub(super) halted_account: Signal<In, Bit>,
        pub(super) halted_instrument: Signal<In, Bit>,
        pub(super) slot: Signal<In, Bit>,
        pub(super) lots_range: Signal<In, Bit>,
        pub(super) collar: Signal<In, Bit>,
        pub(super) position_cap: Signal<In, Bit>,
        pub(super) tests: Signal<In, U<6>>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) stale: Signal<In, Bit>,
        pub(super) overflow: Signal<In, Bit>,
        pub(super) pool_margin: Signal<In, Bit>,
        pub(super) venue_margin: Signal<In, Bit>,
        pub(super) reason: Signal<Out, U<8>>,
        pub(super) passes: Signal<Out, Bit>,
        pub(super) margin: Signal<Out, Bit>,
        none: Constant<U<8>> = value(0),
        code_not_ready: Constant<U<8>> = value(Reason::NotReady.code() as u64),
        code_ring_full: Constant<U<8>> = value(Reason::RingFull.code() as u64),
        code_malformed: Constant<U<8>> = value(Reason::Malformed.code() as u64),
        code_halted_global: Constant<U<8>> = value(Reason::HaltedGlobal.code() as u64),
        code_halted_account: Constant<U<8>> = value(Reason::HaltedAccount.code() as u64),
        code_halted_instrument: Constant<U<8>> = value(Reason::HaltedInstrument.code() as u64),
        code_slot: Constant<U<8>> = value(Reason::Slot.code() as u64),
        code_lots_range: Constant<U<8>> = value(Reason::LotsRange.code() as u64),
        code_collar: Constant<U<8>> = value(Reason::Collar.code() as u64),
        code_position_cap: Constant<U<8>> = value(Reason::PositionCap.code() as u64),
        code_notional: Constant<U<8>> = value(Reason::Notional.code() as u64),
        code_open_orders: Constant<U<8>> = value(Reason::OpenOrders.code() as u64),
        code_rate: Constant<U<8>> = value(Reason::MessageRate.code() as u64),
        at_notional: Constant<U<2>> = value(FAILED_NOTIONAL as u64),
        at_open_orders: Constant<U<2>> = value(FAILED_OPEN_ORDERS as u64),
        at_rate: Constant<U<2>> = value(FAILED_RATE as u64),
        code_box: Constant<U<8>> = value(Reason::Box.code() as u64),
        code_egress: Constant<U<8>> = value(Reason::EgressFull.code() as u64),
        at_egress: Constant<U<3>> = value(TEST_EGRESS),
        at_box: Constant<U<3>> = value(TEST_BOX),
        at_stale: Constant<U<2>> = value(FAILED_STALE as u64),
        code_stale: Constant<U<8>> = value(Reason::Stale.code() as u64),
        code_overflow: Constant<U<8>> = value(Reason::Overflow.code() as u64),
        code_pool_margin: Constant<U<8>> = value(Reason::PoolMargin.code() as u64),
        code_venue_margin: Constant<U<8>> = value(Reason::VenueMargin.code() as u64),
        code: Signal<Local, U<8>>,
        earlier: Signal<Local, Bit>,
        boxed: Signal<Local, Bit>,
        admission: Signal<Local, U<4>>,
        blocked: Signal<Local, Bit>,
    }
}

impl Logic for Reasons {
    #[hdl_gen]
    fn update(&mut self) {
        self.code.next = self.none.val();
        if self.venue_margin.val() {
            self.code.next = self.code_venue_margin.val();
        }
        if self.pool_margin.val() {
            self.code.next = self.code_pool_margin.val();
        }
        if self.overflow.val() {
            self.code.next = self.code_overflow.val();
        }
        self.boxed.next = self.tests.val().get_bit(self.at_box.val().index()) & !self.closes.val();
        if self.boxed.val() {
            self.code.next = self.code_box.val();
        }
        if self.stale.val() | self.tests.val().get_bit(self.at_stale.val().index()) {
            self.code.next = self.code_stale.val();
        }
        if self.tests.val().get_bit(self.at_rate.val().index()) {
            self.code.next = self.code_rate.val();
        }
        if self.tests.val().get_bit(self.at_open_orders.val().index()) {
            self.code.next = self.code_open_orders.val();
        }
        if self.position_cap.val() {
            self.code.next = self.code_position_cap.val();
        }
        if self.collar.val() {
            self.code.next = self.code_collar.val();
        }
        if self.tests.val().get_bit(self.at_notional.val().index()) {
            self.code.next = self.code_notional.val();
        }
        if self.lots_range.val() {
            self.code.next = self.code_lots_range.val();
        }
        if self.slot.val() {
            self.code.next = self.code_slot.val();
        }
        if self.halted_instrument.val() {
            self.code.next = self.code_halted_instrument.val();
        }
        if self.halted_account.val() {
            self.code.next = self.code_halted_account.val();
        }
        if self.halted_global.val() {
            self.code.next = self.code_halted_global.val();
        }
        if self.malformed.val() {
            self.code.next = self.code_malformed.val();
        }
        if self.tests.val().get_bit(self.at_egress.val().index()) {
            self.code.next = self.code_egress.val();
        }
        if self.ring_full.val() {
            self.code.next = self.code_ring_full.val();
        }
        if self.not_ready.val() {
            self.code.next = self.code_not_ready.val();
        }
        self.reason.next = self.code.val();
        self.admission.next = self.tests.val().get_bits::<4>(0);
        self.blocked.next = self.ring_full.val() | self.tests.val().get_bit(self.at_egress.val().index());
        self.earlier.next = ((self.not_ready.val() | (self.blocked.val() | self.malformed.val()))
            | (self.halted_global.val() | (self.halted_account.val() | self.halted_instrument.val())))
            | ((self.slot.val() | (self.lots_range.val() | self.collar.val()))
                | (((self.position_cap.val() | self.boxed.val()) | self.admission.val().any())
                    | (self.stale.val() | self.overflow.val())));
        self.margin.next = !self.earlier.val() & (self.pool_margin.val() | self.venue_margin.val());
        self.passes.next = !self.earlier.val() & !(self.pool_margin.val() | self.venue_margin.val());
    }
}
