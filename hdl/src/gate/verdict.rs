//! [`Verdict`]: the decision about ORDER, REPLACE, CANCEL and MASS_CANCEL.
//!
//! Each has its own reasons: a CANCEL only those that say that there is nothing to cancel or no room to say so, a
//! MASS_CANCEL only that its scope does not exist.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `unready`, `full` | 1 | not armed; the ring was full |
//! | `known`, `*_mask`, `instrument_halted`, `account_halted`, `complete` | 2 | rows and flags |
//! | `tests` | 12 | of admission |
//! | `*_failed` | 13 | of the lanes |
//! | everything else that comes in | 14 | |
//! | `reason`, `sells`, lanes, `closing` | 14 | for the event; `sells`: the side of the order |
//! | `accepts`, `rejects` | 14 | an ORDER or REPLACE, checks included |
//! | `reserves`, `replaces`, `cancels`, `masses` | 14 | an ORDER without `check`, a REPLACE, CANCEL, MASS_CANCEL takes effect |
//!
//! ```text
//! clock   _/13\_/14\_
//! failed  <a  >
//! reason       <a  >
//! ```

use super::admission::FAILED_OPEN_ORDERS;
use super::limits::Limits;
use super::ops::{self, block, place, value};
use super::reasons::{Reasons, TEST_EGRESS};
use crate::int::U;
use crate::leaf::Delay;
use crossgate_contract::command::{Order, Replace};
use rust_hdl_core::prelude::*;

block! {
    /// Decides what is answered by a verdict.
    pub(super) struct Verdict {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) index_bad: Signal<In, Bit>,
        pub(super) present: Signal<In, Bit>,
        pub(super) member: Signal<In, Bit>,
        pub(super) halted: Signal<In, Bit>,
        pub(super) unready: Signal<In, Bit>,
        pub(super) full: Signal<In, Bit>,
        pub(super) known: Signal<In, Bit>,
        pub(super) account_halted: Signal<In, Bit>,
        pub(super) instrument_halted: Signal<In, Bit>,
        pub(super) complete: Signal<In, Bit>,
        pub(super) price_zero: Signal<In, Bit>,
        pub(super) slot_bad: Signal<In, Bit>,
        pub(super) sold: Signal<In, Bit>,
        pub(super) busy: Signal<In, Bit>,
        pub(super) placed: Signal<In, Bit>,
        pub(super) waits: Signal<In, Bit>,
        pub(super) range_bad: Signal<In, Bit>,
        pub(super) reserve_bad: Signal<In, Bit>,
        pub(super) collar_bad: Signal<In, Bit>,
        pub(super) cap_bad: Signal<In, Bit>,
        pub(super) tests: Signal<In, U<6>>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) wide: Signal<In, Bit>,
        pub(super) pool_mask: Signal<In, U<32>>,
        pub(super) pool_failed: Signal<In, U<32>>,
        pub(super) pool_worse: Signal<In, U<32>>,
        pub(super) pool_head_below: Signal<In, Bit>,
        pub(super) pool_head_worse: Signal<In, Bit>,
        pub(super) venue_mask: Signal<In, U<32>>,
        pub(super) venue_failed: Signal<In, U<32>>,
        pub(super) venue_worse: Signal<In, U<32>>,
        pub(super) venue_head_below: Signal<In, Bit>,
        pub(super) venue_head_worse: Signal<In, Bit>,
        pub(super) reason: Signal<Out, U<8>>,
        pub(super) sells: Signal<Out, Bit>,
        pub(super) pool_lanes: Signal<Out, U<32>>,
        pub(super) pool_zero: Signal<Out, Bit>,
        pub(super) venue_lanes: Signal<Out, U<32>>,
        pub(super) venue_zero: Signal<Out, Bit>,
        pub(super) closing: Signal<Out, Bit>,
        pub(super) accepts: Signal<Out, Bit>,
        pub(super) rejects: Signal<Out, Bit>,
        pub(super) reserves: Signal<Out, Bit>,
        pub(super) replaces: Signal<Out, Bit>,
        pub(super) cancels: Signal<Out, Bit>,
        pub(super) masses: Signal<Out, Bit>,

        op_order: Constant<U<5>> = value(ops::ORDER),
        op_replace: Constant<U<5>> = value(ops::REPLACE),
        op_cancel: Constant<U<5>> = value(ops::CANCEL),
        op_mass: Constant<U<5>> = value(ops::MASS_CANCEL),
        at_side: Constant<U<6>> = place(&[&Order::LAYOUT], "side", 0, 1),
        at_check: Constant<U<6>> = place(&[&Order::LAYOUT], "check", 0, 1),
        at_tif: Constant<U<6>> = place(&[&Order::LAYOUT], "tif", 0, 2),
        at_lots: Constant<U<6>> = place(&[&Order::LAYOUT, &Replace::LAYOUT], "lots", 1, 40),
        tif_bad: Constant<U<2>> = value(3),
        tests_order: Constant<U<6>> = value(0x3f),
        tests_replace: Constant<U<6>> = value(0x3f & !(1 << FAILED_OPEN_ORDERS)),
        tests_cancel: Constant<U<6>> = value(1 << TEST_EGRESS),
        no_tests: Constant<U<6>> = value(0),
        no_lanes: Constant<U<32>> = value(0),
        unready_line: Delay<Bit, 13>,
        full_line: Delay<Bit, 13>,
        known_line: Delay<Bit, 12>,
        account_line: Delay<Bit, 12>,
        instrument_line: Delay<Bit, 12>,
        stale_line: Delay<Bit, 12>,
        tests_line: Delay<U<6>, 2>,
        reasons: Reasons,
        pool: Limits,
        venue: Limits,
        is_order: Signal<Local, Bit>,
        is_replace: Signal<Local, Bit>,
        is_cancel: Signal<Local, Bit>,
        is_mass: Signal<Local, Bit>,
        limited: Signal<Local, Bit>,
        tif: Signal<Local, U<2>>,
        missing: Signal<Local, Bit>,
        absent: Signal<Local, Bit>,
        mask: Signal<Local, U<6>>,
    }
}

impl Logic for Verdict {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, unready_line, full_line, known_line, account_line, instrument_line, stale_line);
        clock!(self, clock, tests_line, pool, venue);
        // to clock 14
        self.unready_line.data.next = self.unready.val();
        self.full_line.data.next = self.full.val();
        self.known_line.data.next = self.known.val();
        self.account_line.data.next = self.account_halted.val();
        self.instrument_line.data.next = self.instrument_halted.val();
        self.stale_line.data.next = !self.complete.val();
        self.tests_line.data.next = self.tests.val();
        self.pool.lane_mask.next = self.pool_mask.val();
        self.pool.failed.next = self.pool_failed.val();
        self.pool.worse.next = self.pool_worse.val();
        self.pool.head_below.next = self.pool_head_below.val();
        self.pool.head_worse.next = self.pool_head_worse.val();
        self.pool.closes.next = self.closes.val();
        self.venue.lane_mask.next = self.venue_mask.val();
        self.venue.failed.next = self.venue_failed.val();
        self.venue.worse.next = self.venue_worse.val();
        self.venue.head_below.next = self.venue_head_below.val();
        self.venue.head_worse.next = self.venue_head_worse.val();
        self.venue.closes.next = self.closes.val();
        // 14: what it is, and which tests it has
        self.is_order.next = self.hot.val().get_bit(self.op_order.val().index());
        self.is_replace.next = self.hot.val().get_bit(self.op_replace.val().index());
        self.is_cancel.next = self.hot.val().get_bit(self.op_cancel.val().index());
        self.is_mass.next = self.hot.val().get_bit(self.op_mass.val().index());
        self.limited.next =
            self.hot.val().get_bit(self.op_order.val().index()) | self.hot.val().get_bit(self.op_replace.val().index());
        self.tif.next = self.word_0.val().get_bits::<2>(self.at_tif.val().index());
        self.missing.next = (self.price_zero.val() | !self.present.val())
            | ((!self.known_line.delayed.val() | !self.member.val())
                | !self.word_1.val().get_bits::<40>(self.at_lots.val().index()).any());
        self.absent.next = !self.busy.val() | !self.placed.val();
        self.mask.next = self.no_tests.val();
        if self.is_order.val() {
            self.mask.next = self.tests_order.val();
        }
        if self.is_replace.val() {
            self.mask.next = self.tests_replace.val();
        }
        if self.is_cancel.val() {
            self.mask.next = self.tests_cancel.val();
        }
        self.reasons.not_ready.next = self.limited.val() & self.unready_line.delayed.val();
        self.reasons.ring_full.next = self.limited.val() & self.full_line.delayed.val();
        self.reasons.malformed.next = (self.index_bad.val() | (self.limited.val() & self.missing.val()))
            | (self.is_order.val() & (self.tif.val() == self.tif_bad.val()));
        self.reasons.halted_global.next = self.limited.val() & self.halted.val();
        self.reasons.halted_account.next = self.limited.val() & self.account_line.delayed.val();
        self.reasons.halted_instrument.next = self.limited.val() & self.instrument_line.delayed.val();
        self.reasons.slot.next = ((self.is_order.val() & self.slot_bad.val())
            | (self.is_cancel.val() & self.absent.val()))
            | (self.is_replace.val() & (self.absent.val() | self.waits.val()));
        self.reasons.lots_range.next =
            (self.limited.val() & self.range_bad.val()) | (self.is_replace.val() & self.reserve_bad.val());
        self.reasons.collar.next = self.limited.val() & self.collar_bad.val();
        self.reasons.position_cap.next = self.limited.val() & self.cap_bad.val();
        self.reasons.closes.next = self.closes.val();
        self.reasons.tests.next = self.tests_line.delayed.val() & self.mask.val();
        self.reasons.stale.next = self.limited.val() & self.stale_line.delayed.val();
        self.reasons.overflow.next = self.limited.val() & self.wide.val();
        self.reasons.pool_margin.next = self.limited.val() & self.pool.bad.val();
        self.reasons.venue_margin.next = self.limited.val() & self.venue.bad.val();
        // what is said
        self.reason.next = self.reasons.reason.val();
        self.sells.next = (self.is_order.val() & self.word_0.val().get_bit(self.at_side.val().index()))
            | (((self.is_replace.val() | self.is_cancel.val()) & !self.index_bad.val()) & self.sold.val());
        self.pool_lanes.next = self.no_lanes.val();
        self.pool_zero.next = false;
        self.venue_lanes.next = self.no_lanes.val();
        self.venue_zero.next = false;
        if self.reasons.margin.val() {
            self.pool_lanes.next = self.pool.lanes.val();
            self.pool_zero.next = self.pool.zero_lane.val();
            self.venue_lanes.next = self.venue.lanes.val();
            self.venue_zero.next = self.venue.zero_lane.val();
        }
        self.closing.next =
            (self.is_order.val() & self.reasons.passes.val()) & (self.pool.needed.val() | self.venue.needed.val());
        // what is done
        self.accepts.next = self.limited.val() & self.reasons.passes.val();
        self.rejects.next = self.limited.val() & !self.reasons.passes.val();
        self.reserves.next =
            (self.is_order.val() & self.reasons.passes.val()) & !self.word_0.val().get_bit(self.at_check.val().index());
        self.replaces.next = self.is_replace.val() & self.reasons.passes.val();
        self.cancels.next = self.is_cancel.val() & self.reasons.passes.val();
        self.masses.next = self.is_mass.val() & self.reasons.passes.val();
    }
}
