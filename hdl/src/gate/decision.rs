//! [`Decision`]: the end of the pipeline: reason or fault, what is written, and the event.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `bank`, `code`, ... | 1 | the operation |
//! | `static_0`, `known`, `*_mask`, `*_flags`, `*_complete`, `instrument_halted` | 2 | rows; ACCOUNT exists |
//! | `member` | 1 | the cell has a venue ledger |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | widths |
//! | `x_wide`, `y_rate_wide`, `shadow_rate_wide` | 8 | widths |
//! | `*_failed`, `*_lanes_wide` | 13 | of the lanes |
//! | `active`, `frozen` | | the active bank; the other one has a Y |
//! | `tests` | 12 | of admission |
//! | everything else that comes in | 14 | |
//! | `reason_*`, `apply`, ... | 14 | for the event |
//! | `write_*`, `flags_data`, `halt_data` | 15 | for the memories |
//! | `sends`, `masses` | 14 | a message for egress; it is a MASS_CANCEL |
//! | `pend`, `unpend`, `opened`, `freed`, `sent` | 15 | as in [`super::effects`] |
//! | `accepted`, `rejected`, `filled` | 15 | pulses |
//!
//! ```text
//! clock   _/13\_/14\_/15\_
//! failed  <a  >
//! reason       <a  >
//! write              <a  >
//! ```

use super::effects::Effects;
use super::ops::{self, block, place, value};
use super::refusal::Refusal;
use super::verdict::Verdict;
use super::widths::Widths;
use crate::int::U;
use crate::island::Sleeper;
use crate::leaf::Delay;
use crossgate_contract::command::Halt;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Decides.
    pub(super) struct Decision {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) code: Signal<In, U<8>>,
        pub(super) index_bad: Signal<In, Bit>,
        pub(super) unready: Signal<In, Bit>,
        pub(super) full: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) halted: Signal<In, Bit>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) member: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) frozen: Signal<In, Bit>,
        pub(super) known: Signal<In, Bit>,
        pub(super) pool_mask: Signal<In, U<32>>,
        pub(super) venue_mask: Signal<In, U<32>>,
        pub(super) flags: Signal<In, U<3>>,
        pub(super) venue_flags: Signal<In, U<2>>,
        pub(super) instrument_complete: Signal<In, Bit>,
        pub(super) ledgers_complete: Signal<In, Bit>,
        pub(super) instrument_halted: Signal<In, Bit>,
        pub(super) end_wide: Signal<In, Bit>,
        pub(super) leaves_wide: Signal<In, Bit>,
        pub(super) quantity_wide: Signal<In, Bit>,
        pub(super) x_wide: Signal<In, Bit>,
        pub(super) y_rate_wide: Signal<In, Bit>,
        pub(super) shadow_rate_wide: Signal<In, Bit>,
        pub(super) pool_failed: Signal<In, U<32>>,
        pub(super) pool_worse: Signal<In, U<32>>,
        pub(super) pool_lanes_wide: Signal<In, Bit>,
        pub(super) pool_head_below: Signal<In, Bit>,
        pub(super) pool_head_worse: Signal<In, Bit>,
        pub(super) pool_head_wide: Signal<In, Bit>,
        pub(super) pool_y_own_wide: Signal<In, Bit>,
        pub(super) pool_y_other_wide: Signal<In, Bit>,
        pub(super) pool_x_wide: Signal<In, Bit>,
        pub(super) pool_refused: Signal<In, Bit>,
        pub(super) pool_collateral_wide: Signal<In, Bit>,
        pub(super) venue_failed: Signal<In, U<32>>,
        pub(super) venue_worse: Signal<In, U<32>>,
        pub(super) venue_lanes_wide: Signal<In, Bit>,
        pub(super) venue_head_below: Signal<In, Bit>,
        pub(super) venue_head_worse: Signal<In, Bit>,
        pub(super) venue_head_wide: Signal<In, Bit>,
        pub(super) venue_y_own_wide: Signal<In, Bit>,
        pub(super) venue_y_other_wide: Signal<In, Bit>,
        pub(super) venue_x_wide: Signal<In, Bit>,
        pub(super) venue_refused: Signal<In, Bit>,
        pub(super) venue_collateral_wide: Signal<In, Bit>,
        pub(super) closes: Signal<In, Bit>,
        pub(super) busy: Signal<In, Bit>,
        pub(super) price_zero: Signal<In, Bit>,
        pub(super) collar_bad: Signal<In, Bit>,
        pub(super) range_bad: Signal<In, Bit>,
        pub(super) cap_bad: Signal<In, Bit>,
        pub(super) slot_bad: Signal<In, Bit>,
        pub(super) sold: Signal<In, Bit>,
        pub(super) waits: Signal<In, Bit>,
        pub(super) reserve_bad: Signal<In, Bit>,
        pub(super) answer_over: Signal<In, Bit>,
        pub(super) gone: Signal<In, Bit>,
        pub(super) placed: Signal<In, Bit>,
        pub(super) tests: Signal<In, U<6>>,
        pub(super) over: Signal<In, Bit>,
        pub(super) under: Signal<In, Bit>,
        pub(super) positive: Signal<In, Bit>,
        pub(super) still: Signal<In, Bit>,
        pub(super) hot_14: Signal<Out, ops::Hot>,
        pub(super) code_14: Signal<Out, U<8>>,
        pub(super) reason: Signal<Out, U<8>>,
        pub(super) fault: Signal<Out, U<8>>,
        pub(super) sells: Signal<Out, Bit>,
        pub(super) pool_lanes: Signal<Out, U<32>>,
        pub(super) pool_zero: Signal<Out, Bit>,
        pub(super) venue_lanes: Signal<Out, U<32>>,
        pub(super) venue_zero: Signal<Out, Bit>,
        pub(super) closing: Signal<Out, Bit>,
        pub(super) applied: Signal<Out, Bit>,
        pub(super) own_poisoned: Signal<Out, Bit>,
        pub(super) other_poisoned: Signal<Out, Bit>,
        pub(super) venue_poisoned: Signal<Out, Bit>,
        pub(super) write_slot: Signal<Out, Bit>,
        pub(super) write_cell: Signal<Out, Bit>,
        pub(super) pool_writes: Signal<Out, U<4>>,
        pub(super) venue_writes: Signal<Out, U<4>>,
        pub(super) clear_y: Signal<Out, Bit>,
        pub(super) write_flags: Signal<Out, Bit>,
        pub(super) write_venue_flags: Signal<Out, Bit>,
        pub(super) venue_flags_data: Signal<Out, U<2>>,
        pub(super) write_halt: Signal<Out, Bit>,
        pub(super) flags_data: Signal<Out, U<3>>,
        pub(super) halt_data: Signal<Out, Bit>,
        pub(super) sends: Signal<Out, Bit>,
        pub(super) masses: Signal<Out, Bit>,
        pub(super) pend: Signal<Out, Bit>,
        pub(super) unpend: Signal<Out, Bit>,
        pub(super) opened: Signal<Out, Bit>,
        pub(super) freed: Signal<Out, Bit>,
        pub(super) sent: Signal<Out, Bit>,
        pub(super) accepted: Signal<Out, Bit>,
        pub(super) rejected: Signal<Out, Bit>,
        pub(super) filled: Signal<Out, Bit>,

        op_halt: Constant<U<5>> = value(ops::HALT),
        op_replace: Constant<U<5>> = value(ops::REPLACE),
        op_watchdog: Constant<U<5>> = value(ops::WATCHDOG),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        present_index: Constant<U<6>> = value(63),
        hot_line: Delay<ops::Hot, 13>,
        code_line: Delay<U<8>, 13>,
        bank_line: Delay<Bit, 13>,
        index_bad_line: Delay<Bit, 13>,
        present_line: Delay<Bit, 12>,
        member_line: Delay<Bit, 13>,
        busy_line: Delay<Bit, 4>,
        widths: Sleeper<Widths>,
        verdict: Sleeper<Verdict>,
        refusal: Sleeper<Refusal>,
        effects: Sleeper<Effects>,
        accepted_reg: DFF<Bit>,
        rejected_reg: DFF<Bit>,
        filled_reg: DFF<Bit>,
    }
}

impl Logic for Decision {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, hot_line, code_line, bank_line, index_bad_line, present_line, member_line, busy_line);
        clock!(self, clock, widths, verdict, effects, accepted_reg, rejected_reg, filled_reg);
        // to clock 14
        self.hot_line.data.next = self.hot.val();
        self.code_line.data.next = self.code.val();
        self.bank_line.data.next = self.bank.val();
        self.index_bad_line.data.next = self.index_bad.val();
        self.present_line.data.next = self.static_0.val().get_bit(self.present_index.val().index());
        self.member_line.data.next = self.member.val();
        self.busy_line.data.next = self.busy.val();
        // widths
        self.widths.hot.next = self.hot_line.delayed.val();
        self.widths.end_wide.next = self.end_wide.val();
        self.widths.leaves_wide.next = self.leaves_wide.val();
        self.widths.quantity_wide.next = self.quantity_wide.val();
        self.widths.x_wide.next = self.x_wide.val();
        self.widths.y_rate_wide.next = self.y_rate_wide.val();
        self.widths.shadow_rate_wide.next = self.shadow_rate_wide.val();
        self.widths.pool_lanes_wide.next = self.pool_lanes_wide.val();
        self.widths.pool_head_wide.next = self.pool_head_wide.val();
        self.widths.pool_x_wide.next = self.pool_x_wide.val();
        self.widths.pool_collateral_wide.next = self.pool_collateral_wide.val();
        self.widths.venue_lanes_wide.next = self.venue_lanes_wide.val();
        self.widths.venue_head_wide.next = self.venue_head_wide.val();
        self.widths.venue_x_wide.next = self.venue_x_wide.val();
        self.widths.venue_collateral_wide.next = self.venue_collateral_wide.val();
        // the verdict
        self.verdict.hot.next = self.hot_line.delayed.val();
        self.verdict.word_0.next = self.word_0.val();
        self.verdict.word_1.next = self.word_1.val();
        self.verdict.index_bad.next = self.index_bad_line.delayed.val();
        self.verdict.present.next = self.present_line.delayed.val();
        self.verdict.member.next = self.member_line.delayed.val();
        self.verdict.halted.next = self.halted.val();
        self.verdict.unready.next = self.unready.val();
        self.verdict.full.next = self.full.val();
        self.verdict.known.next = self.known.val();
        self.verdict.account_halted.next = self.flags.val().get_bit(2);
        self.verdict.instrument_halted.next = self.instrument_halted.val();
        self.verdict.complete.next = self.instrument_complete.val() & self.ledgers_complete.val();
        self.verdict.price_zero.next = self.price_zero.val();
        self.verdict.slot_bad.next = self.slot_bad.val();
        self.verdict.sold.next = self.sold.val();
        self.verdict.busy.next = self.busy_line.delayed.val();
        self.verdict.placed.next = self.placed.val();
        self.verdict.waits.next = self.waits.val();
        self.verdict.range_bad.next = self.range_bad.val();
        self.verdict.reserve_bad.next = self.reserve_bad.val();
        self.verdict.collar_bad.next = self.collar_bad.val();
        self.verdict.cap_bad.next = self.cap_bad.val();
        self.verdict.tests.next = self.tests.val();
        self.verdict.closes.next = self.closes.val();
        self.verdict.wide.next = (((self.effects.pool_before.val() | self.effects.venue_before.val())
            | (self.widths.pool.val() | self.widths.venue.val()))
            | (self.widths.ends.val() | self.widths.leaves.val()))
            | (self.widths.x.val()
                | (self.widths.y.val() & self.hot_line.delayed.val().get_bit(self.op_replace.val().index())));
        self.verdict.pool_mask.next = self.pool_mask.val();
        self.verdict.pool_failed.next = self.pool_failed.val();
        self.verdict.pool_worse.next = self.pool_worse.val();
        self.verdict.pool_head_below.next = self.pool_head_below.val();
        self.verdict.pool_head_worse.next = self.pool_head_worse.val();
        self.verdict.venue_mask.next = self.venue_mask.val();
        self.verdict.venue_failed.next = self.venue_failed.val();
        self.verdict.venue_worse.next = self.venue_worse.val();
        self.verdict.venue_head_below.next = self.venue_head_below.val();
        self.verdict.venue_head_worse.next = self.venue_head_worse.val();
        // faults of the others
        self.refusal.hot.next = self.hot_line.delayed.val();
        self.refusal.code.next = self.code_line.delayed.val();
        self.refusal.index_bad.next = self.index_bad_line.delayed.val();
        self.refusal.price_zero.next = self.price_zero.val();
        self.refusal.present.next = self.present_line.delayed.val();
        self.refusal.placed.next = self.placed.val();
        self.refusal.over.next = self.over.val();
        self.refusal.under.next = self.under.val();
        self.refusal.positive.next = self.positive.val();
        self.refusal.waits.next = self.waits.val();
        self.refusal.answer_over.next = self.answer_over.val();
        self.refusal.pool_wide.next = self.widths.pool.val();
        self.refusal.pool_refused.next = self.pool_refused.val();
        self.refusal.pool_poisoned.next = self.effects.pool_before.val();
        self.refusal.venue_wide.next = self.widths.venue.val();
        self.refusal.venue_refused.next = self.venue_refused.val();
        self.refusal.venue_poisoned.next = self.effects.venue_before.val();
        // what is stored
        self.effects.hot.next = self.hot_line.delayed.val();
        self.effects.bank.next = self.bank_line.delayed.val();
        self.effects.active.next = self.active.val();
        self.effects.frozen.next = self.frozen.val();
        self.effects.member.next = self.member_line.delayed.val();
        self.effects.word_0.next = self.word_0.val();
        self.effects.word_1.next = self.word_1.val();
        self.effects.flags.next = self.flags.val();
        self.effects.venue_flags.next = self.venue_flags.val();
        self.effects.complete.next = self.instrument_complete.val();
        self.effects.busy.next = self.busy_line.delayed.val();
        self.effects.still.next = self.still.val();
        self.effects.gone.next = self.gone.val();
        self.effects.reserves.next = self.verdict.reserves.val();
        self.effects.replaces.next = self.verdict.replaces.val();
        self.effects.cancels.next = self.verdict.cancels.val();
        self.effects.fills.next = self.refusal.fills.val();
        self.effects.closes.next = self.refusal.closes.val();
        self.effects.answers.next = self.refusal.answers.val();
        self.effects.positions.next = self.refusal.positions.val();
        self.effects.pool_sets.next = self.refusal.pool_sets.val();
        self.effects.venue_sets.next = self.refusal.venue_sets.val();
        self.effects.stops.next = self.refusal.stops.val();
        self.effects.end_wide.next = self.widths.ends.val();
        self.effects.leaves_wide.next = self.widths.leaves.val();
        self.effects.quantity_wide.next = self.widths.quantity.val();
        self.effects.x_wide.next = self.widths.x.val();
        self.effects.y_wide.next = self.widths.y.val();
        self.effects.shadow_wide.next = self.widths.shadow.val();
        self.effects.pool_wide.next = self.widths.pool.val();
        self.effects.venue_wide.next = self.widths.venue.val();
        self.effects.pool_y_own_wide.next = self.pool_y_own_wide.val();
        self.effects.pool_y_other_wide.next = self.pool_y_other_wide.val();
        self.effects.venue_y_own_wide.next = self.venue_y_own_wide.val();
        self.effects.venue_y_other_wide.next = self.venue_y_other_wide.val();
        // 14
        self.hot_14.next = self.hot_line.delayed.val();
        self.code_14.next = self.code_line.delayed.val();
        self.reason.next = self.verdict.reason.val();
        self.fault.next = self.refusal.fault.val();
        self.sells.next = self.verdict.sells.val();
        self.pool_lanes.next = self.verdict.pool_lanes.val();
        self.pool_zero.next = self.verdict.pool_zero.val();
        self.venue_lanes.next = self.verdict.venue_lanes.val();
        self.venue_zero.next = self.verdict.venue_zero.val();
        self.closing.next = self.verdict.closing.val();
        self.applied.next = self.refusal.fills.val() | (self.refusal.closes.val() | self.refusal.answers.val());
        self.own_poisoned.next = self.effects.own_after.val();
        self.other_poisoned.next = self.effects.other_after.val();
        self.venue_poisoned.next = self.effects.venue_after.val();
        self.sends.next = (self.verdict.reserves.val() | self.verdict.replaces.val()) | self.verdict.cancels.val();
        self.masses.next = (self.verdict.masses.val()
            | self.hot_line.delayed.val().get_bit(self.op_watchdog.val().index()))
            | (self.hot_line.delayed.val().get_bit(self.op_halt.val().index())
                & self.word_1.val().get_bit(self.at_halted.val().index()));
        // 15
        self.accepted_reg.d.next = self.verdict.accepts.val();
        self.rejected_reg.d.next = self.verdict.rejects.val();
        self.filled_reg.d.next = self.refusal.fills.val();
        self.accepted.next = self.accepted_reg.q.val();
        self.rejected.next = self.rejected_reg.q.val();
        self.filled.next = self.filled_reg.q.val();
        self.write_slot.next = self.effects.write_slot.val();
        self.write_cell.next = self.effects.write_cell.val();
        self.pool_writes.next = self.effects.pool_writes.val();
        self.venue_writes.next = self.effects.venue_writes.val();
        self.clear_y.next = self.effects.clear_y.val();
        self.write_venue_flags.next = self.effects.write_venue_flags.val();
        self.venue_flags_data.next = self.effects.venue_flags_data.val();
        self.write_flags.next = self.effects.write_flags.val();
        self.write_halt.next = self.effects.write_halt.val();
        self.flags_data.next = self.effects.flags_data.val();
        self.halt_data.next = self.effects.halt_data.val();
        self.pend.next = self.effects.pend.val();
        self.unpend.next = self.effects.unpend.val();
        self.opened.next = self.effects.opened.val();
        self.freed.next = self.effects.freed.val();
        self.sent.next = self.effects.sent.val();
    }
}
