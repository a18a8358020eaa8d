//! [`Lanes`]: every lane, their rows and kinds, and what they say together about the pool and the venue ledger.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `row_*`, `inactive`, `wipe` | | BANK_LOSS, BANK_OFFSET and BANK_LANES rows for the inactive bank; it is emptied |
//! | `bank`, `instrument` | 1 | of the operation |
//! | `pool_mask`, `venue_mask` | 2 | lanes that count |
//! | `absolute_*` .. `exponent` | 6 to 11 | as in [`super::lane`] |
//! | `pool_*`, `venue_*` | 4 to 15 | as in [`super::slack`] |
//! | `pool_head`, `venue_head` | 5 | headroom before the operation |
//! | `pool_least`, `venue_least` | 11 | least limit before the operation |
//! | `*_failed`, `*_wide` | 13 | one bit a lane whose new slack is negative; a slack leaves 48 bits |
//! | `*_worse` | 14 | one bit a lane that does not let a closing order pass |
//! | `word_0`, `loss_read`, `*_read` | | READ and the memories of its lane |
//!
//! ```text
//! clock       _/1\_ .. _/6\_ .. _/11\_/12\_/13\_/14\_
//! instrument  <a >
//! absolute_new         <a >
//! pool_debit                    <a >
//! pool_failed                               <a >
//! pool_worse                                     <a >
//! ```

use super::lane::Lane;
use super::least::Least;
use super::ops::{self, block, place, size, value};
use super::slack::Slack;
use crate::int::{signed_cast_from, unsigned_cast, I, U};
use crate::island::Sleeper;
use crate::leaf::Delay;
use crossgate_contract::command::{BankLanes, BankLoss, BankOffset, Read};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// All lanes; `A` is bits of a ledger of either kind.
    pub(super) struct Lanes [A, N, LANES, BI] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) scrub: Signal<In, Bit>,
        pub(super) wipe: Signal<In, Bit>,
        pub(super) scrub_address: Signal<In, U<20>>,
        pub(super) row_0: Signal<In, U<64>>,
        pub(super) row_1: Signal<In, U<64>>,
        pub(super) row_2: Signal<In, U<64>>,
        pub(super) row_hot: Signal<In, U<16>>,
        pub(super) inactive: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) instrument: Signal<In, U<N>>,
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
        pub(super) exponent: Signal<In, U<2>>,
        pub(super) sweeps: Signal<In, Bit>,
        pub(super) rebuild: Signal<In, Bit>,
        pub(super) pool_early_at: Signal<In, U<A>>,
        pub(super) pool_late_at: Signal<In, U<A>>,
        pub(super) pool_sum_at: Signal<In, U<A>>,
        pub(super) pool_sum_write_at: Signal<In, U<A>>,
        pub(super) pool_sweep: Signal<In, Bit>,
        pub(super) pool_head: Signal<In, I<48>>,
        pub(super) pool_debit: Signal<In, I<60>>,
        pub(super) pool_late_debit: Signal<In, I<60>>,
        pub(super) pool_write: Signal<In, Bit>,
        pub(super) pool_write_at: Signal<In, U<A>>,
        pub(super) venue_early_at: Signal<In, U<A>>,
        pub(super) venue_late_at: Signal<In, U<A>>,
        pub(super) venue_sum_at: Signal<In, U<A>>,
        pub(super) venue_sum_write_at: Signal<In, U<A>>,
        pub(super) venue_sweep: Signal<In, Bit>,
        pub(super) venue_head: Signal<In, I<48>>,
        pub(super) venue_debit: Signal<In, I<60>>,
        pub(super) venue_late_debit: Signal<In, I<60>>,
        pub(super) venue_write: Signal<In, Bit>,
        pub(super) venue_write_at: Signal<In, U<A>>,
        pub(super) pool_least: Signal<Out, I<48>>,
        pub(super) pool_failed: Signal<Out, U<32>>,
        pub(super) pool_worse: Signal<Out, U<32>>,
        pub(super) pool_wide: Signal<Out, Bit>,
        pub(super) pool_read: Signal<Out, I<48>>,
        pub(super) venue_least: Signal<Out, I<48>>,
        pub(super) venue_failed: Signal<Out, U<32>>,
        pub(super) venue_worse: Signal<Out, U<32>>,
        pub(super) venue_wide: Signal<Out, Bit>,
        pub(super) venue_read: Signal<Out, I<48>>,
        pub(super) loss_read: Signal<Out, U<36>>,

        row_loss: Constant<U<4>> = value(ops::ROW_LOSS),
        row_offset: Constant<U<4>> = value(ops::ROW_OFFSET),
        row_lanes: Constant<U<4>> = value(ops::ROW_LANES),
        at_lane: Constant<U<6>> = place(&[&BankLoss::LAYOUT, &BankOffset::LAYOUT], "lane", 0, 8),
        at_loss_instrument: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "instrument", 0, 16),
        at_ledger: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "ledger", 0, 16),
        at_offset: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "offset", 1, 48),
        at_venue: Constant<U<6>> = place(&[&BankOffset::LAYOUT], "venue", 1, 1),
        at_long_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_0", 1, 18),
        at_short_0: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_0", 1, 18),
        at_long_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "long_1", 2, 18),
        at_short_1: Constant<U<6>> = place(&[&BankLoss::LAYOUT], "short_1", 2, 18),
        at_relative: Constant<U<6>> = place(&[&BankLanes::LAYOUT], "relative", 1, 32),
        at_unit: Constant<U<6>> = place(&[&BankLanes::LAYOUT], "unit", 1, 32),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        to_short: Constant<U<5>> = value(18),
        loss_bank: Constant<U<BI>> = value(1 << (BI - 1)),
        numbers: [Constant<U<8>>; LANES] = std::array::from_fn(size),
        pairs: [Constant<U<8>>; LANES] = std::array::from_fn(|lane| size(lane & !1)),
        odd: [Constant<Bit>; LANES] = std::array::from_fn(|lane| Constant::new(lane % 2 == 1)),
        index: [Constant<U<5>>; LANES] = std::array::from_fn(size),
        lane_bits: [Constant<U<32>>; LANES] = std::array::from_fn(|lane| value(1 << lane)),
        none: Constant<U<32>> = value(0),
        no_loss: Constant<U<36>> = value(0),

        lane: [Sleeper<Lane<BI>>; LANES] = std::array::from_fn(|_| Default::default()),
        pool: [Sleeper<Slack<A>>; LANES] = std::array::from_fn(|_| Default::default()),
        venue: [Sleeper<Slack<A>>; LANES] = std::array::from_fn(|_| Default::default()),
        least_pool: Least<LANES>,
        least_venue: Least<LANES>,
        row_5: Delay<U<BI>, 4>,
        pool_mask_5: Delay<U<32>, 3>,
        venue_mask_5: Delay<U<32>, 3>,
        sweep_12: Delay<Bit, 2>,
        rebuild_12: Delay<Bit, 2>,
        relative_0_reg: DFF<U<32>>,
        relative_1_reg: DFF<U<32>>,
        unit_0_reg: DFF<U<32>>,
        unit_1_reg: DFF<U<32>>,
        relative_reg: DFF<U<32>>,
        unit_reg: DFF<U<32>>,

        row: Signal<Local, U<BI>>,
        number: Signal<Local, U<8>>,
        sub: Signal<Local, U<8>>,
        even_losses: Signal<Local, U<36>>,
        odd_losses: Signal<Local, U<36>>,
        loss_store: Signal<Local, Bit>,
        loss_at: Signal<Local, U<BI>>,
        clears: Signal<Local, Bit>,
        pool_row: Signal<Local, Bit>,
        venue_row: Signal<Local, Bit>,
        offset_at: Signal<Local, U<A>>,
        offset: Signal<Local, U<48>>,
    }
}

impl<const A: usize, const N: usize, const LANES: usize, const BI: usize> Logic for Lanes<A, N, LANES, BI> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, least_pool, least_venue, row_5, pool_mask_5, venue_mask_5, sweep_12, rebuild_12);
        clock!(self, clock, relative_reg, unit_reg);
        dff_setup!(self, clock, relative_0_reg, relative_1_reg, unit_0_reg, unit_1_reg);
        // kinds; all operations under way are of one bank
        self.relative_reg.d.next = self.relative_0_reg.q.val();
        self.unit_reg.d.next = self.unit_0_reg.q.val();
        if self.bank.val() {
            self.relative_reg.d.next = self.relative_1_reg.q.val();
            self.unit_reg.d.next = self.unit_1_reg.q.val();
        }
        if self.row_hot.val().get_bit(self.row_lanes.val().index()) {
            if self.inactive.val() {
                self.relative_1_reg.d.next = self.row_1.val().get_bits::<32>(self.at_relative.val().index());
                self.unit_1_reg.d.next = self.row_1.val().get_bits::<32>(self.at_unit.val().index());
            } else {
                self.relative_0_reg.d.next = self.row_1.val().get_bits::<32>(self.at_relative.val().index());
                self.unit_0_reg.d.next = self.row_1.val().get_bits::<32>(self.at_unit.val().index());
            }
        }
        if (self.wipe.val() & !self.inactive.val()) | self.scrub.val() {
            self.relative_0_reg.d.next = self.none.val();
            self.unit_0_reg.d.next = self.none.val();
        }
        if (self.wipe.val() & self.inactive.val()) | self.scrub.val() {
            self.relative_1_reg.d.next = self.none.val();
            self.unit_1_reg.d.next = self.none.val();
        }
        // rows
        self.row.next = unsigned_cast::<BI, N>(self.instrument.val());
        if self.bank.val() {
            self.row.next = unsigned_cast::<BI, N>(self.instrument.val()) | self.loss_bank.val();
        }
        self.row_5.data.next = self.row.val();
        self.number.next = self.row_0.val().get_bits::<8>(self.at_lane.val().index());
        self.clears.next = self.scrub.val() | self.wipe.val();
        self.loss_store.next = self.row_hot.val().get_bit(self.row_loss.val().index());
        self.loss_at.next =
            unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_loss_instrument.val().index()));
        self.even_losses.next = unsigned_cast::<36, 18>(self.row_1.val().get_bits::<18>(self.at_long_0.val().index()))
            | (unsigned_cast::<36, 18>(self.row_1.val().get_bits::<18>(self.at_short_0.val().index()))
                << self.to_short.val());
        self.odd_losses.next = unsigned_cast::<36, 18>(self.row_2.val().get_bits::<18>(self.at_long_1.val().index()))
            | (unsigned_cast::<36, 18>(self.row_2.val().get_bits::<18>(self.at_short_1.val().index()))
                << self.to_short.val());
        if self.wipe.val() {
            self.loss_at.next = unsigned_cast::<BI, N>(self.scrub_address.val().get_bits::<N>(0));
        }
        if self.inactive.val() {
            self.loss_at.next =
                unsigned_cast::<BI, N>(self.row_0.val().get_bits::<N>(self.at_loss_instrument.val().index()))
                    | self.loss_bank.val();
            if self.wipe.val() {
                self.loss_at.next =
                    unsigned_cast::<BI, N>(self.scrub_address.val().get_bits::<N>(0)) | self.loss_bank.val();
            }
        }
        if self.scrub.val() {
            self.loss_at.next = self.scrub_address.val().get_bits::<BI>(0);
        }
        if self.scrub.val() | self.wipe.val() {
            self.even_losses.next = self.no_loss.val();
            self.odd_losses.next = self.no_loss.val();
        }
        self.pool_row.next = self.row_hot.val().get_bit(self.row_offset.val().index())
            & !self.row_1.val().get_bit(self.at_venue.val().index());
        self.venue_row.next = self.row_hot.val().get_bit(self.row_offset.val().index())
            & self.row_1.val().get_bit(self.at_venue.val().index());
        self.offset_at.next = self.row_0.val().get_bits::<A>(self.at_ledger.val().index());
        self.offset.next = self.row_1.val().get_bits::<48>(self.at_offset.val().index());
        // the least limits
        self.pool_mask_5.data.next = self.pool_mask.val();
        self.venue_mask_5.data.next = self.venue_mask.val();
        self.least_pool.counts.next = self.pool_mask_5.delayed.val() & !self.unit_reg.q.val();
        self.least_venue.counts.next = self.venue_mask_5.delayed.val() & !self.unit_reg.q.val();
        self.least_pool.head.next = self.pool_head.val();
        self.least_venue.head.next = self.venue_head.val();
        self.pool_least.next = self.least_pool.least.val();
        self.venue_least.next = self.least_venue.least.val();
        // lanes
        self.sweep_12.data.next = self.sweeps.val();
        self.rebuild_12.data.next = self.rebuild.val();
        self.sub.next = self.word_0.val().get_bits::<8>(self.at_sub.val().index());
        self.pool_failed.next = self.none.val();
        self.pool_worse.next = self.none.val();
        self.pool_wide.next = false;
        self.venue_failed.next = self.none.val();
        self.venue_worse.next = self.none.val();
        self.venue_wide.next = false;
        self.loss_read.next = self.lane[0].loss_read.val();
        self.pool_read.next = self.pool[0].slack_read.val();
        self.venue_read.next = self.venue[0].slack_read.val();
        for i in 0..LANES {
            self.lane[i].clock.next = self.clock.val();
            self.lane[i].loss_write.next =
                (self.loss_store.val() & (self.number.val() == self.pairs[i].val())) | self.clears.val();
            self.lane[i].loss_address.next = self.loss_at.val();
            self.lane[i].loss_data.next = self.even_losses.val();
            if self.odd[i].val() {
                self.lane[i].loss_data.next = self.odd_losses.val();
            }
            self.lane[i].row.next = self.row_5.delayed.val();
            self.lane[i].relative.next = self.relative_reg.q.val().get_bit(self.index[i].val().index());
            self.lane[i].absolute_signs.next = self.absolute_signs.val();
            self.lane[i].absolute_new.next = self.absolute_new.val();
            self.lane[i].absolute_current.next = self.absolute_current.val();
            self.lane[i].absolute_other.next = self.absolute_other.val();
            self.lane[i].relative_signs.next = self.relative_signs.val();
            self.lane[i].relative_new.next = self.relative_new.val();
            self.lane[i].relative_current.next = self.relative_current.val();
            self.lane[i].relative_other.next = self.relative_other.val();
            self.lane[i].sells.next = self.sells.val();
            self.lane[i].rate.next = self.rate.val();
            self.lane[i].exponent.next = self.exponent.val();
            self.lane[i].debit.next = self.pool_late_debit.val();
            self.lane[i].sweep.next = self.sweeps.val();

            self.pool[i].clock.next = self.clock.val();
            self.pool[i].scrub.next = self.scrub.val();
            self.pool[i].clear.next = self.clears.val();
            self.pool[i].clear_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.pool[i].offset_write.next = self.pool_row.val() & (self.number.val() == self.numbers[i].val());
            self.pool[i].offset_address.next = self.offset_at.val();
            self.pool[i].offset_data.next = signed_cast_from(self.offset.val());
            self.pool[i].early_at.next = self.pool_early_at.val();
            self.pool[i].late_at.next = self.pool_late_at.val();
            self.pool[i].sum_at.next = self.pool_sum_at.val();
            self.pool[i].sum_write_at.next = self.pool_sum_write_at.val();
            self.pool[i].unit.next = self.unit_reg.q.val().get_bit(self.index[i].val().index());
            self.pool[i].debit.next = self.pool_debit.val();
            self.pool[i].late_debit.next = self.pool_late_debit.val();
            self.pool[i].least.next = self.least_pool.least.val();
            self.pool[i].worst.next = self.lane[i].worst.val();
            self.pool[i].charge.next = self.lane[i].charge.val();
            self.pool[i].sweep.next = self.pool_sweep.val();
            self.pool[i].rebuild.next = self.rebuild_12.delayed.val();
            self.pool[i].write.next = self.pool_write.val();
            self.pool[i].write_at.next = self.pool_write_at.val();

            self.venue[i].clock.next = self.clock.val();
            self.venue[i].scrub.next = self.scrub.val();
            self.venue[i].clear.next = self.clears.val();
            self.venue[i].clear_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.venue[i].offset_write.next = self.venue_row.val() & (self.number.val() == self.numbers[i].val());
            self.venue[i].offset_address.next = self.offset_at.val();
            self.venue[i].offset_data.next = signed_cast_from(self.offset.val());
            self.venue[i].early_at.next = self.venue_early_at.val();
            self.venue[i].late_at.next = self.venue_late_at.val();
            self.venue[i].sum_at.next = self.venue_sum_at.val();
            self.venue[i].sum_write_at.next = self.venue_sum_write_at.val();
            self.venue[i].unit.next = self.unit_reg.q.val().get_bit(self.index[i].val().index());
            self.venue[i].debit.next = self.venue_debit.val();
            self.venue[i].late_debit.next = self.venue_late_debit.val();
            self.venue[i].least.next = self.least_venue.least.val();
            self.venue[i].worst.next = self.lane[i].worst.val();
            self.venue[i].charge.next = self.lane[i].charge.val();
            self.venue[i].sweep.next = self.venue_sweep.val();
            self.venue[i].rebuild.next = self.rebuild_12.delayed.val();
            self.venue[i].write.next = self.venue_write.val();
            self.venue[i].write_at.next = self.venue_write_at.val();

            self.least_pool.slack[i].next = self.pool[i].early.val();
            self.least_venue.slack[i].next = self.venue[i].early.val();
            if self.pool[i].below.val() {
                self.pool_failed.next = self.pool_failed.val() | self.lane_bits[i].val();
            }
            if self.pool[i].worse.val() {
                self.pool_worse.next = self.pool_worse.val() | self.lane_bits[i].val();
            }
            if self.pool[i].wide.val() {
                self.pool_wide.next = true;
            }
            if self.venue[i].below.val() {
                self.venue_failed.next = self.venue_failed.val() | self.lane_bits[i].val();
            }
            if self.venue[i].worse.val() {
                self.venue_worse.next = self.venue_worse.val() | self.lane_bits[i].val();
            }
            if self.venue[i].wide.val() {
                self.venue_wide.next = true;
            }
            if self.sub.val() == self.numbers[i].val() {
                self.loss_read.next = self.lane[i].loss_read.val();
                self.pool_read.next = self.pool[i].slack_read.val();
                self.venue_read.next = self.venue[i].slack_read.val();
            }
        }
    }
}
