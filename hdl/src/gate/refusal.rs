//! [`Refusal`]: faults of everything that is not answered by a verdict, and what takes effect because there is none.
//!
//! | port | meaning |
//! |---|---|
//! | `hot`, `code` | the operation; the fault that was found before the pipeline |
//! | `index_bad`, `price_zero`, `present` | an index is beyond the build; price 0; the instrument has a row |
//! | `placed`, `over`, `under`, `positive` | as in [`super::moves`] |
//! | `waits`, `answer_over` | as in [`super::pending`]: a REPLACE is pending; lots after are not possible |
//! | `*_wide`, `*_refused`, `*_poisoned` | of the ledgers |
//! | `fault`, `stops` | the fault or 0; it halts the account |
//! | `fills`, `closes`, `answers`, `positions`, `pool_sets`, `venue_sets` | FILL adds lots; CANCELLED, REPLACED or REFUSED, POSITION, COLLATERAL take effect |
//!
//! Combinational, clock 14.

use super::ops::{self, block, value};
use crate::int::U;
use crossgate_contract::Fault;
use rust_hdl_core::prelude::*;

block! {
    /// Faults.
    pub(super) struct Refusal {
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) code: Signal<In, U<8>>,
        pub(super) index_bad: Signal<In, Bit>,
        pub(super) price_zero: Signal<In, Bit>,
        pub(super) present: Signal<In, Bit>,
        pub(super) placed: Signal<In, Bit>,
        pub(super) over: Signal<In, Bit>,
        pub(super) under: Signal<In, Bit>,
        pub(super) positive: Signal<In, Bit>,
        pub(super) waits: Signal<In, Bit>,
        pub(super) answer_over: Signal<In, Bit>,
        pub(super) pool_wide: Signal<In, Bit>,
        pub(super) pool_refused: Signal<In, Bit>,
        pub(super) pool_poisoned: Signal<In, Bit>,
        pub(super) venue_wide: Signal<In, Bit>,
        pub(super) venue_refused: Signal<In, Bit>,
        pub(super) venue_poisoned: Signal<In, Bit>,
        pub(super) fault: Signal<Out, U<8>>,
        pub(super) stops: Signal<Out, Bit>,
        pub(super) fills: Signal<Out, Bit>,
        pub(super) closes: Signal<Out, Bit>,
        pub(super) answers: Signal<Out, Bit>,
        pub(super) positions: Signal<Out, Bit>,
        pub(super) pool_sets: Signal<Out, Bit>,
        pub(super) venue_sets: Signal<Out, Bit>,

        op_fill: Constant<U<5>> = value(ops::FILL),
        op_cancelled: Constant<U<5>> = value(ops::CANCELLED),
        op_replaced: Constant<U<5>> = value(ops::REPLACED),
        op_refused: Constant<U<5>> = value(ops::REFUSED),
        op_bid: Constant<U<5>> = value(ops::POSITION_BID),
        op_ask: Constant<U<5>> = value(ops::POSITION_ASK),
        op_fault: Constant<U<5>> = value(ops::FAULT),
        op_watchdog: Constant<U<5>> = value(ops::WATCHDOG),
        op_collateral: Constant<U<5>> = value(ops::COLLATERAL),
        op_venue_collateral: Constant<U<5>> = value(ops::VENUE_COLLATERAL),
        none: Constant<U<8>> = value(0),
        bad_field: Constant<U<8>> = value(Fault::BadField.code() as u64),
        unplaced: Constant<U<8>> = value(Fault::UnplacedFill.code() as u64),
        over_fill: Constant<U<8>> = value(Fault::OverFill.code() as u64),
        collateral_refused: Constant<U<8>> = value(Fault::CollateralRefused.code() as u64),
        poisoned: Constant<U<8>> = value(Fault::Poisoned.code() as u64),
        is_fill: Signal<Local, Bit>,
        is_cancelled: Signal<Local, Bit>,
        is_answer: Signal<Local, Bit>,
        is_position: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        is_venue_collateral: Signal<Local, Bit>,
        too_much: Signal<Local, Bit>,
        astray: Signal<Local, Bit>,
        bad: Signal<Local, Bit>,
        refusal: Signal<Local, U<8>>,
        passes: Signal<Local, Bit>,
    }
}

impl Logic for Refusal {
    #[hdl_gen]
    fn update(&mut self) {
        self.is_fill.next = self.hot.val().get_bit(self.op_fill.val().index());
        self.is_cancelled.next = self.hot.val().get_bit(self.op_cancelled.val().index());
        self.is_answer.next = self.hot.val().get_bit(self.op_replaced.val().index())
            | self.hot.val().get_bit(self.op_refused.val().index());
        self.is_position.next =
            self.hot.val().get_bit(self.op_bid.val().index()) | self.hot.val().get_bit(self.op_ask.val().index());
        self.is_collateral.next = self.hot.val().get_bit(self.op_collateral.val().index());
        self.is_venue_collateral.next = self.hot.val().get_bit(self.op_venue_collateral.val().index());
        // of a fill and of what closes or changes an order
        self.too_much.next = (self.over.val() & (self.is_cancelled.val() | (self.is_fill.val() & self.positive.val())))
            | (self.is_answer.val() & self.answer_over.val());
        self.astray.next = ((self.is_fill.val() | self.is_cancelled.val()) & (!self.placed.val() | self.under.val()))
            | (self.is_answer.val() & (!self.placed.val() | !self.waits.val()));
        self.bad.next = ((self.is_fill.val() | (self.is_cancelled.val() | self.is_answer.val()))
            & self.index_bad.val())
            | ((self.is_fill.val() & self.price_zero.val())
                | (self.is_position.val() & (self.index_bad.val() | (self.price_zero.val() | !self.present.val()))));
        // of several the last assignment is the one that comes first in precedence
        self.refusal.next = self.none.val();
        if self.too_much.val() {
            self.refusal.next = self.over_fill.val();
        }
        if self.astray.val() {
            self.refusal.next = self.unplaced.val();
        }
        if self.bad.val() {
            self.refusal.next = self.bad_field.val();
        }
        if (self.is_collateral.val() & self.pool_wide.val()) | (self.is_venue_collateral.val() & self.venue_wide.val())
        {
            self.refusal.next = self.poisoned.val();
        }
        if (self.is_collateral.val() & (self.pool_refused.val() | self.pool_poisoned.val()))
            | (self.is_venue_collateral.val() & (self.venue_refused.val() | self.venue_poisoned.val()))
        {
            self.refusal.next = self.collateral_refused.val();
        }
        if self.hot.val().get_bit(self.op_fault.val().index()) | self.hot.val().get_bit(self.op_watchdog.val().index())
        {
            self.refusal.next = self.code.val();
        }
        self.passes.next = self.refusal.val() == self.none.val();
        self.fault.next = self.refusal.val();
        self.stops.next = (self.too_much.val() | self.astray.val()) & !self.bad.val();
        // what takes effect
        self.fills.next = self.is_fill.val() & (self.positive.val() & self.passes.val());
        self.closes.next = self.is_cancelled.val() & self.passes.val();
        self.answers.next = self.is_answer.val() & self.passes.val();
        self.positions.next = self.is_position.val() & self.passes.val();
        self.pool_sets.next = self.is_collateral.val() & (self.refusal.val() != self.collateral_refused.val());
        self.venue_sets.next = self.is_venue_collateral.val() & (self.refusal.val() != self.collateral_refused.val());
    }
}
