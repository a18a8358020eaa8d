//! [`Funds`]: what backs an operation: the pool and the venue ledger of its cell, and the lanes of both.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `wipe`, `row_*`, `active`, `frozen` | | rows for the inactive bank; it is emptied; it has a Y |
//! | `hot`, `bank`, `account`, `ledger`, `member`, `instrument` | 1 | the operation |
//! | `pool_mask`, `venue_mask` | 2 | lanes that count |
//! | `absolute_*`, `relative_*`, `sells` | 6 | end points |
//! | `rate` | 8 | reserve of a gate lot at the limit price |
//! | `x`, `y`, `shadow`, `charges`, `revalues` | 10 | reserves |
//! | `exponent` | 11 | of the instrument |
//! | `pool_*`, `venue_*` | 13, 14 | for the decision, as in [`super::lanes`] and [`super::ledger`] |
//! | `pool_writes`, `venue_writes`, `clear_y` | 15 | what is stored |
//! | `word_0`, `*_read` | | READ and what the memories show |
//!
//! ```text
//! clock  _/1\_ .. _/10\_ .. _/13\_/14\_/15\_
//! hot    <a >
//! x               <a >
//! pool_failed               <a >
//! pool_worse                     <a >
//! ```

use super::lanes::Lanes;
use super::ledger::Ledger;
use super::ops::{self, block, value};
use crate::int::{I, U};
use crate::island::Sleeper;
use rust_hdl_core::prelude::*;

block! {
    /// Ledgers and lanes.
    pub(super) struct Funds [A, N, LANES, BI, BA] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) wipe: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_3: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) account: Signal<In, U<A>>,
        pub(super) ledger: Signal<In, U<A>>,
        pub(super) member: Signal<In, Bit>,
        pub(super) instrument: Signal<In, U<N>>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) pool_mask: Signal<In, U<32>>,
        pub(super) venue_mask: Signal<In, U<32>>,
        pub(super) absolute_signs: Signal<In, U<3>>,
        pub(super) absolute_new: Signal<In, I<18>>,
        pub(super) absolute_current: Signal<In, I<18>>,
        pub(super) absolute_other: Signal<In, I<18>>,
        pub(super) relative_signs: Signal<In, U<3>>,
        pub(super) relative_new: Signal<In, I<18>>,
        pub(super) relative_current: Signal<In, I<18>>,
        pub(super) relative_other: Signal<In, I<18>>,
        pub(super) sells: Signal<In, Bit>,
        pub(super) rate: Signal<In, I<18>>,
        pub(super) x: Signal<In, I<48>>,
        pub(super) y: Signal<In, I<48>>,
        pub(super) shadow: Signal<In, I<48>>,
        pub(super) charges: Signal<In, Bit>,
        pub(super) revalues: Signal<In, Bit>,
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) pool_writes: Signal<In, U<4>>,
        pub(super) venue_writes: Signal<In, U<4>>,
        pub(super) clear_y: Signal<In, Bit>,
        pub(super) pool_failed: Signal<Out, U<32>>,
        pub(super) pool_worse: Signal<Out, U<32>>,
        pub(super) pool_lanes_wide: Signal<Out, Bit>,
        pub(super) pool_head_below: Signal<Out, Bit>,
        pub(super) pool_head_worse: Signal<Out, Bit>,
        pub(super) pool_head_wide: Signal<Out, Bit>,
        pub(super) pool_y_own_wide: Signal<Out, Bit>,
        pub(super) pool_y_other_wide: Signal<Out, Bit>,
        pub(super) pool_x_wide: Signal<Out, Bit>,
        pub(super) pool_refused: Signal<Out, Bit>,
        pub(super) pool_collateral_wide: Signal<Out, Bit>,
        pub(super) pool_slack_read: Signal<Out, I<48>>,
        pub(super) pool_head_read: Signal<Out, I<48>>,
        pub(super) pool_y_read: Signal<Out, U<48>>,
        pub(super) venue_failed: Signal<Out, U<32>>,
        pub(super) venue_worse: Signal<Out, U<32>>,
        pub(super) venue_lanes_wide: Signal<Out, Bit>,
        pub(super) venue_head_below: Signal<Out, Bit>,
        pub(super) venue_head_worse: Signal<Out, Bit>,
        pub(super) venue_head_wide: Signal<Out, Bit>,
        pub(super) venue_y_own_wide: Signal<Out, Bit>,
        pub(super) venue_y_other_wide: Signal<Out, Bit>,
        pub(super) venue_x_wide: Signal<Out, Bit>,
        pub(super) venue_refused: Signal<Out, Bit>,
        pub(super) venue_collateral_wide: Signal<Out, Bit>,
        pub(super) venue_slack_read: Signal<Out, I<48>>,
        pub(super) venue_head_read: Signal<Out, I<48>>,
        pub(super) venue_y_read: Signal<Out, U<48>>,
        pub(super) y_own: Signal<Out, U<48>>,
        pub(super) y_other: Signal<Out, U<48>>,
        pub(super) loss_read: Signal<Out, U<36>>,

        write_money: Constant<U<4>> = value(ops::WRITE_MONEY),
        write_y_own: Constant<U<4>> = value(ops::WRITE_Y_OWN),
        write_y_other: Constant<U<4>> = value(ops::WRITE_Y_OTHER),
        write_collateral: Constant<U<4>> = value(ops::WRITE_COLLATERAL),

        pool: Sleeper<Ledger<A, BA>>,
        venue: Sleeper<Ledger<A, BA>> = Sleeper::new(Ledger::venue()),
        lanes: Lanes<A, N, LANES, BI>,
        inactive: Signal<Local, Bit>,
    }
}

impl<const A: usize, const N: usize, const LANES: usize, const BI: usize, const BA: usize> Logic
    for Funds<A, N, LANES, BI, BA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, pool, venue, lanes);
        self.inactive.next = !self.active.val();
        // pool ledgers
        self.pool.scrub.next = self.scrub.val();
        self.pool.wipe.next = self.wipe.val();
        self.pool.scrub_address.next = self.scrub_address.val();
        self.pool.row_0.next = self.row_0.val();
        self.pool.row_1.next = self.row_1.val();
        self.pool.row_2.next = self.row_2.val();
        self.pool.row_3.next = self.row_3.val();
        self.pool.row_hot.next = self.row_hot.val();
        self.pool.active.next = self.active.val();
        self.pool.frozen.next = self.frozen.val();
        self.pool.hot.next = self.hot.val();
        self.pool.bank.next = self.bank.val();
        self.pool.number.next = self.account.val();
        self.pool.member.next = true;
        self.pool.x.next = self.x.val();
        self.pool.y.next = self.y.val();
        self.pool.shadow.next = self.shadow.val();
        self.pool.charges.next = self.charges.val();
        self.pool.revalues.next = self.revalues.val();
        self.pool.clear_y.next = self.clear_y.val();
        self.pool.least.next = self.lanes.pool_least.val();
        self.pool.write_money.next = self.pool_writes.val().get_bit(self.write_money.val().index());
        self.pool.write_y_own.next = self.pool_writes.val().get_bit(self.write_y_own.val().index());
        self.pool.write_y_other.next = self.pool_writes.val().get_bit(self.write_y_other.val().index());
        self.pool.write_collateral.next = self.pool_writes.val().get_bit(self.write_collateral.val().index());
        self.pool_failed.next = self.lanes.pool_failed.val();
        self.pool_worse.next = self.lanes.pool_worse.val();
        self.pool_lanes_wide.next = self.lanes.pool_wide.val();
        self.pool_head_below.next = self.pool.head_below.val();
        self.pool_head_worse.next = self.pool.head_worse.val();
        self.pool_head_wide.next = self.pool.head_wide.val();
        self.pool_y_own_wide.next = self.pool.y_own_wide.val();
        self.pool_y_other_wide.next = self.pool.y_other_wide.val();
        self.pool_x_wide.next = self.pool.x_wide.val();
        self.pool_refused.next = self.pool.refused.val();
        self.pool_collateral_wide.next = self.pool.collateral_wide.val();
        self.pool_slack_read.next = self.lanes.pool_read.val();
        self.pool_head_read.next = self.pool.head_read.val();
        self.pool_y_read.next = self.pool.y_read.val();
        // venue ledgers
        self.venue.scrub.next = self.scrub.val();
        self.venue.wipe.next = self.wipe.val();
        self.venue.scrub_address.next = self.scrub_address.val();
        self.venue.row_0.next = self.row_0.val();
        self.venue.row_1.next = self.row_1.val();
        self.venue.row_2.next = self.row_2.val();
        self.venue.row_3.next = self.row_3.val();
        self.venue.row_hot.next = self.row_hot.val();
        self.venue.active.next = self.active.val();
        self.venue.frozen.next = self.frozen.val();
        self.venue.hot.next = self.hot.val();
        self.venue.bank.next = self.bank.val();
        self.venue.number.next = self.ledger.val();
        self.venue.member.next = self.member.val();
        self.venue.x.next = self.x.val();
        self.venue.y.next = self.y.val();
        self.venue.shadow.next = self.shadow.val();
        self.venue.charges.next = self.charges.val();
        self.venue.revalues.next = self.revalues.val();
        self.venue.clear_y.next = self.clear_y.val();
        self.venue.least.next = self.lanes.venue_least.val();
        self.venue.write_money.next = self.venue_writes.val().get_bit(self.write_money.val().index());
        self.venue.write_y_own.next = self.venue_writes.val().get_bit(self.write_y_own.val().index());
        self.venue.write_y_other.next = self.venue_writes.val().get_bit(self.write_y_other.val().index());
        self.venue.write_collateral.next = self.venue_writes.val().get_bit(self.write_collateral.val().index());
        self.venue_failed.next = self.lanes.venue_failed.val();
        self.venue_worse.next = self.lanes.venue_worse.val();
        self.venue_lanes_wide.next = self.lanes.venue_wide.val();
        self.venue_head_below.next = self.venue.head_below.val();
        self.venue_head_worse.next = self.venue.head_worse.val();
        self.venue_head_wide.next = self.venue.head_wide.val();
        self.venue_y_own_wide.next = self.venue.y_own_wide.val();
        self.venue_y_other_wide.next = self.venue.y_other_wide.val();
        self.venue_x_wide.next = self.venue.x_wide.val();
        self.venue_refused.next = self.venue.refused.val();
        self.venue_collateral_wide.next = self.venue.collateral_wide.val();
        self.venue_slack_read.next = self.lanes.venue_read.val();
        self.venue_head_read.next = self.venue.head_read.val();
        self.venue_y_read.next = self.venue.y_read.val();
        // lanes
        self.lanes.scrub.next = self.scrub.val();
        self.lanes.wipe.next = self.wipe.val();
        self.lanes.scrub_address.next = self.scrub_address.val();
        self.lanes.row_0.next = self.row_0.val();
        self.lanes.row_1.next = self.row_1.val();
        self.lanes.row_2.next = self.row_2.val();
        self.lanes.row_hot.next = self.row_hot.val();
        self.lanes.inactive.next = self.inactive.val();
        self.lanes.word_0.next = self.word_0.val();
        self.lanes.bank.next = self.bank.val();
        self.lanes.instrument.next = self.instrument.val();
        self.lanes.pool_mask.next = self.pool_mask.val();
        self.lanes.venue_mask.next = self.venue_mask.val();
        self.lanes.absolute_signs.next = self.absolute_signs.val();
        self.lanes.absolute_new.next = self.absolute_new.val();
        self.lanes.absolute_current.next = self.absolute_current.val();
        self.lanes.absolute_other.next = self.absolute_other.val();
        self.lanes.relative_signs.next = self.relative_signs.val();
        self.lanes.relative_new.next = self.relative_new.val();
        self.lanes.relative_current.next = self.relative_current.val();
        self.lanes.relative_other.next = self.relative_other.val();
        self.lanes.sells.next = self.sells.val();
        self.lanes.rate.next = self.rate.val();
        self.lanes.exponent.next = self.exponent.val();
        self.lanes.sweeps.next = self.pool.sweeps.val();
        self.lanes.rebuild.next = self.pool.rebuild.val();
        self.lanes.pool_early_at.next = self.pool.early_at.val();
        self.lanes.pool_late_at.next = self.pool.late_at.val();
        self.lanes.pool_sum_at.next = self.pool.sum_at.val();
        self.lanes.pool_sum_write_at.next = self.pool.sum_write_at.val();
        self.lanes.pool_sweep.next = self.pool.sweep.val();
        self.lanes.pool_head.next = self.pool.head.val();
        self.lanes.pool_debit.next = self.pool.debit.val();
        self.lanes.pool_late_debit.next = self.pool.late_debit.val();
        self.lanes.pool_write.next = self.pool_writes.val().get_bit(self.write_money.val().index());
        self.lanes.pool_write_at.next = self.pool.at.val();
        self.lanes.venue_early_at.next = self.venue.early_at.val();
        self.lanes.venue_late_at.next = self.venue.late_at.val();
        self.lanes.venue_sum_at.next = self.venue.sum_at.val();
        self.lanes.venue_sum_write_at.next = self.venue.sum_write_at.val();
        self.lanes.venue_sweep.next = self.venue.sweep.val();
        self.lanes.venue_head.next = self.venue.head.val();
        self.lanes.venue_debit.next = self.venue.debit.val();
        self.lanes.venue_late_debit.next = self.venue.late_debit.val();
        self.lanes.venue_write.next = self.venue_writes.val().get_bit(self.write_money.val().index());
        self.lanes.venue_write_at.next = self.venue.at.val();
        self.y_own.next = self.pool.y_own.val();
        self.y_other.next = self.pool.y_other.val();
        self.loss_read.next = self.lanes.loss_read.val();
    }
}
