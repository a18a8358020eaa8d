//! [`Decision`]: the end of the pipeline: reason or fault, what is written, and the event.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `bank`, `code`, ... | 1 | the operation |
//! | `static_0`, `lane_mask`, `flags`, `instrument_halted` | 2 | rows |
//! | `end_wide`, `leaves_wide`, `quantity_wide` | 7 | widths |
//! | `x_wide`, `y_rate_wide`, `shadow_rate_wide` | 8 | widths |
//! | `failed`, `lanes_wide` | 13 | of the lanes |
//! | everything else that comes in | 14 | |
//! | `reason_*`, `apply`, ... | 14 | for the event |
//! | `write_*`, `flags_data`, `halt_data` | 15 | for the memories |
//! | `accepted`, `rejected`, `filled` | 15 | pulses |
//!
//! Of several reasons the lowest code is reported: the reasons are tested from the highest down, so that the last that
//! holds stays.
//!
//! ```text
//! clock   _/13\_/14\_/15\_
//! failed  <a  >
//! reason       <a  >
//! write              <a  >
//! ```

use super::ops::{self, block, place, value};
use crate::int::U;
use crate::leaf::Delay;
use crossgate_contract::command::{scope, Halt, Order};
use crossgate_contract::{Fault, Reason};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Decides.
    pub(super) struct Decision {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, U<16>>,
        pub(super) bank: Signal<In, Bit>,
        pub(super) code: Signal<In, U<8>>,
        pub(super) index_bad: Signal<In, Bit>,
        pub(super) unready: Signal<In, Bit>,
        pub(super) full: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) halted: Signal<In, Bit>,
        pub(super) static_0: Signal<In, U<64>>,
        pub(super) lane_mask: Signal<In, U<33>>,
        pub(super) flags: Signal<In, U<3>>,
        pub(super) instrument_halted: Signal<In, Bit>,
        pub(super) end_wide: Signal<In, Bit>,
        pub(super) leaves_wide: Signal<In, Bit>,
        pub(super) quantity_wide: Signal<In, Bit>,
        pub(super) x_wide: Signal<In, Bit>,
        pub(super) y_rate_wide: Signal<In, Bit>,
        pub(super) shadow_rate_wide: Signal<In, Bit>,
        pub(super) failed: Signal<In, U<32>>,
        pub(super) lanes_wide: Signal<In, Bit>,
        pub(super) price_zero: Signal<In, Bit>,
        pub(super) collar_bad: Signal<In, Bit>,
        pub(super) range_bad: Signal<In, Bit>,
        pub(super) cap_bad: Signal<In, Bit>,
        pub(super) slot_bad: Signal<In, Bit>,
        pub(super) placed: Signal<In, Bit>,
        pub(super) over: Signal<In, Bit>,
        pub(super) under: Signal<In, Bit>,
        pub(super) positive: Signal<In, Bit>,
        pub(super) still: Signal<In, Bit>,
        pub(super) head_below: Signal<In, Bit>,
        pub(super) head_wide: Signal<In, Bit>,
        pub(super) y_own_wide: Signal<In, Bit>,
        pub(super) y_other_wide: Signal<In, Bit>,
        pub(super) sweep_wide: Signal<In, Bit>,
        pub(super) refused: Signal<In, Bit>,
        pub(super) collateral_wide: Signal<In, Bit>,
        pub(super) hot_14: Signal<Out, U<16>>,
        pub(super) code_14: Signal<Out, U<8>>,
        pub(super) reason: Signal<Out, U<8>>,
        pub(super) fault: Signal<Out, U<8>>,
        pub(super) lanes: Signal<Out, U<32>>,
        pub(super) zero_lane: Signal<Out, Bit>,
        pub(super) applied: Signal<Out, Bit>,
        pub(super) own_poisoned: Signal<Out, Bit>,
        pub(super) other_poisoned: Signal<Out, Bit>,
        pub(super) write_slot: Signal<Out, Bit>,
        pub(super) write_cell: Signal<Out, Bit>,
        pub(super) write_money: Signal<Out, Bit>,
        pub(super) write_y_own: Signal<Out, Bit>,
        pub(super) write_y_other: Signal<Out, Bit>,
        pub(super) clear_y: Signal<Out, Bit>,
        pub(super) write_collateral: Signal<Out, Bit>,
        pub(super) write_flags: Signal<Out, Bit>,
        pub(super) write_halt: Signal<Out, Bit>,
        pub(super) flags_data: Signal<Out, U<3>>,
        pub(super) halt_data: Signal<Out, Bit>,
        pub(super) accepted: Signal<Out, Bit>,
        pub(super) rejected: Signal<Out, Bit>,
        pub(super) filled: Signal<Out, Bit>,

        op_order: Constant<U<4>> = value(ops::ORDER),
        op_fill: Constant<U<4>> = value(ops::FILL),
        op_cancelled: Constant<U<4>> = value(ops::CANCELLED),
        op_bid: Constant<U<4>> = value(ops::POSITION_BID),
        op_ask: Constant<U<4>> = value(ops::POSITION_ASK),
        op_fault: Constant<U<4>> = value(ops::FAULT),
        op_halt: Constant<U<4>> = value(ops::HALT),
        op_collateral: Constant<U<4>> = value(ops::COLLATERAL),
        op_clear: Constant<U<4>> = value(ops::CLEAR),
        op_account: Constant<U<4>> = value(ops::ACCOUNT),
        at_check: Constant<U<6>> = place(&[&Order::LAYOUT], "check", 0, 1),
        at_tif: Constant<U<6>> = place(&[&Order::LAYOUT], "tif", 0, 2),
        at_lots: Constant<U<6>> = place(&[&Order::LAYOUT], "lots", 1, 40),
        at_scope: Constant<U<6>> = place(&[&Halt::LAYOUT], "scope", 0, 8),
        at_halted: Constant<U<6>> = place(&[&Halt::LAYOUT], "halted", 1, 1),
        present_index: Constant<U<6>> = value(63),
        known_index: Constant<U<6>> = value(32),
        scope_account: Constant<U<8>> = value(scope::ACCOUNT as u64),
        scope_instrument: Constant<U<8>> = value(scope::INSTRUMENT as u64),
        none: Constant<U<8>> = value(0),
        not_ready: Constant<U<8>> = value(Reason::NotReady.code() as u64),
        ring_full: Constant<U<8>> = value(Reason::RingFull.code() as u64),
        malformed: Constant<U<8>> = value(Reason::Malformed.code() as u64),
        halted_global: Constant<U<8>> = value(Reason::HaltedGlobal.code() as u64),
        halted_account: Constant<U<8>> = value(Reason::HaltedAccount.code() as u64),
        halted_instrument: Constant<U<8>> = value(Reason::HaltedInstrument.code() as u64),
        slot: Constant<U<8>> = value(Reason::Slot.code() as u64),
        lots_range: Constant<U<8>> = value(Reason::LotsRange.code() as u64),
        collar: Constant<U<8>> = value(Reason::Collar.code() as u64),
        position_cap: Constant<U<8>> = value(Reason::PositionCap.code() as u64),
        overflow: Constant<U<8>> = value(Reason::Overflow.code() as u64),
        pool_margin: Constant<U<8>> = value(Reason::PoolMargin.code() as u64),
        bad_field: Constant<U<8>> = value(Fault::BadField.code() as u64),
        unplaced: Constant<U<8>> = value(Fault::UnplacedFill.code() as u64),
        over_fill: Constant<U<8>> = value(Fault::OverFill.code() as u64),
        collateral_refused: Constant<U<8>> = value(Fault::CollateralRefused.code() as u64),
        poisoned: Constant<U<8>> = value(Fault::Poisoned.code() as u64),
        no_lanes: Constant<U<32>> = value(0),
        no_flags: Constant<U<3>> = value(0),
        flag_0: Constant<U<3>> = value(1),
        flag_1: Constant<U<3>> = value(2),
        flag_halted: Constant<U<3>> = value(4),
        tif_bad: Constant<U<2>> = value(3),

        hot_line: Delay<U<16>, 13>,
        code_line: Delay<U<8>, 13>,
        bank_line: Delay<Bit, 13>,
        index_bad_line: Delay<Bit, 13>,
        unready_line: Delay<Bit, 13>,
        full_line: Delay<Bit, 13>,
        static_line: Delay<Bit, 12>,
        mask_line: Delay<U<32>, 11>,
        known_line: Delay<Bit, 12>,
        flags_line: Delay<U<3>, 12>,
        halted_line: Delay<Bit, 12>,
        end_wide_line: Delay<Bit, 7>,
        leaves_wide_line: Delay<Bit, 7>,
        quantity_wide_line: Delay<Bit, 7>,
        x_wide_line: Delay<Bit, 6>,
        y_wide_line: Delay<Bit, 6>,
        shadow_wide_line: Delay<Bit, 6>,
        failed_reg: DFF<U<32>>,
        lanes_wide_reg: DFF<Bit>,
        write_slot_reg: DFF<Bit>,
        write_cell_reg: DFF<Bit>,
        write_money_reg: DFF<Bit>,
        write_y_own_reg: DFF<Bit>,
        write_y_other_reg: DFF<Bit>,
        clear_y_reg: DFF<Bit>,
        write_collateral_reg: DFF<Bit>,
        write_flags_reg: DFF<Bit>,
        write_halt_reg: DFF<Bit>,
        flags_reg: DFF<U<3>>,
        halt_reg: DFF<Bit>,
        accepted_reg: DFF<Bit>,
        rejected_reg: DFF<Bit>,
        filled_reg: DFF<Bit>,

        is_order: Signal<Local, Bit>,
        is_fill: Signal<Local, Bit>,
        is_cancelled: Signal<Local, Bit>,
        is_bid: Signal<Local, Bit>,
        is_ask: Signal<Local, Bit>,
        is_halt: Signal<Local, Bit>,
        is_collateral: Signal<Local, Bit>,
        is_clear: Signal<Local, Bit>,
        is_account: Signal<Local, Bit>,
        scope_8: Signal<Local, U<8>>,
        tif: Signal<Local, U<2>>,
        own_before: Signal<Local, Bit>,
        other_before: Signal<Local, Bit>,
        money_wide: Signal<Local, Bit>,
        order_wide: Signal<Local, Bit>,
        verdict: Signal<Local, U<8>>,
        refusal: Signal<Local, U<8>>,
        accept: Signal<Local, Bit>,
        reserve: Signal<Local, Bit>,
        fill_applies: Signal<Local, Bit>,
        cancel_applies: Signal<Local, Bit>,
        position_applies: Signal<Local, Bit>,
        collateral_applies: Signal<Local, Bit>,
        charges_y: Signal<Local, Bit>,
        own_after: Signal<Local, Bit>,
        other_after: Signal<Local, Bit>,
        halt_after: Signal<Local, Bit>,
        bits: Signal<Local, U<3>>,
        stops: Signal<Local, Bit>,
    }
}

impl Logic for Decision {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, hot_line, code_line, bank_line, index_bad_line, unready_line, full_line);
        clock!(
            self,
            clock,
            static_line,
            mask_line,
            known_line,
            flags_line,
            halted_line,
            end_wide_line,
            leaves_wide_line
        );
        clock!(self, clock, quantity_wide_line, x_wide_line, y_wide_line, shadow_wide_line, failed_reg, lanes_wide_reg);
        clock!(
            self,
            clock,
            write_slot_reg,
            write_cell_reg,
            write_money_reg,
            write_y_own_reg,
            write_y_other_reg,
            clear_y_reg
        );
        clock!(self, clock, write_collateral_reg, write_flags_reg, write_halt_reg, flags_reg, halt_reg);
        clock!(self, clock, accepted_reg, rejected_reg, filled_reg);
        // to clock 14
        self.hot_line.data.next = self.hot.val();
        self.code_line.data.next = self.code.val();
        self.bank_line.data.next = self.bank.val();
        self.index_bad_line.data.next = self.index_bad.val();
        self.unready_line.data.next = self.unready.val();
        self.full_line.data.next = self.full.val();
        self.static_line.data.next = self.static_0.val().get_bit(self.present_index.val().index());
        self.mask_line.data.next = self.lane_mask.val().get_bits::<32>(0);
        self.known_line.data.next = self.lane_mask.val().get_bit(self.known_index.val().index());
        self.flags_line.data.next = self.flags.val();
        self.halted_line.data.next = self.instrument_halted.val();
        self.end_wide_line.data.next = self.end_wide.val();
        self.leaves_wide_line.data.next = self.leaves_wide.val();
        self.quantity_wide_line.data.next = self.quantity_wide.val();
        self.x_wide_line.data.next = self.x_wide.val();
        self.y_wide_line.data.next = self.y_rate_wide.val();
        self.shadow_wide_line.data.next = self.shadow_rate_wide.val();
        self.failed_reg.d.next = self.failed.val() & self.mask_line.delayed.val();
        self.lanes_wide_reg.d.next = self.lanes_wide.val();
        // 14: what it is
        self.is_order.next = self.hot_line.delayed.val().get_bit(self.op_order.val().index());
        self.is_fill.next = self.hot_line.delayed.val().get_bit(self.op_fill.val().index());
        self.is_cancelled.next = self.hot_line.delayed.val().get_bit(self.op_cancelled.val().index());
        self.is_bid.next = self.hot_line.delayed.val().get_bit(self.op_bid.val().index());
        self.is_ask.next = self.hot_line.delayed.val().get_bit(self.op_ask.val().index());
        self.is_halt.next = self.hot_line.delayed.val().get_bit(self.op_halt.val().index());
        self.is_collateral.next = self.hot_line.delayed.val().get_bit(self.op_collateral.val().index());
        self.is_clear.next = self.hot_line.delayed.val().get_bit(self.op_clear.val().index());
        self.is_account.next = self.hot_line.delayed.val().get_bit(self.op_account.val().index());
        self.scope_8.next = self.word_0.val().get_bits::<8>(self.at_scope.val().index());
        self.tif.next = self.word_0.val().get_bits::<2>(self.at_tif.val().index());
        self.own_before.next = self.flags_line.delayed.val().get_bit(0);
        self.other_before.next = self.flags_line.delayed.val().get_bit(1);
        if self.bank_line.delayed.val() {
            self.own_before.next = self.flags_line.delayed.val().get_bit(1);
            self.other_before.next = self.flags_line.delayed.val().get_bit(0);
        }
        self.money_wide.next = (self.lanes_wide_reg.q.val() | self.head_wide.val())
            | (self.collateral_wide.val() & (self.is_collateral.val() | self.is_account.val()));
        // the verdict about an order
        self.order_wide.next = ((self.own_before.val() | self.end_wide_line.delayed.val())
            | (self.leaves_wide_line.delayed.val() | self.x_wide_line.delayed.val()))
            | self.money_wide.val();
        self.verdict.next = self.none.val();
        if self.failed_reg.q.val().any() | self.head_below.val() {
            self.verdict.next = self.pool_margin.val();
        }
        if self.order_wide.val() {
            self.verdict.next = self.overflow.val();
        }
        if self.cap_bad.val() {
            self.verdict.next = self.position_cap.val();
        }
        if self.collar_bad.val() {
            self.verdict.next = self.collar.val();
        }
        if self.range_bad.val() {
            self.verdict.next = self.lots_range.val();
        }
        if self.slot_bad.val() {
            self.verdict.next = self.slot.val();
        }
        if self.halted_line.delayed.val() {
            self.verdict.next = self.halted_instrument.val();
        }
        if self.flags_line.delayed.val().get_bit(2) {
            self.verdict.next = self.halted_account.val();
        }
        if self.halted.val() {
            self.verdict.next = self.halted_global.val();
        }
        if ((self.index_bad_line.delayed.val() | self.price_zero.val())
            | (!self.static_line.delayed.val() | !self.known_line.delayed.val()))
            | ((self.tif.val() == self.tif_bad.val())
                | !self.word_1.val().get_bits::<40>(self.at_lots.val().index()).any())
        {
            self.verdict.next = self.malformed.val();
        }
        if self.full_line.delayed.val() {
            self.verdict.next = self.ring_full.val();
        }
        if self.unready_line.delayed.val() {
            self.verdict.next = self.not_ready.val();
        }
        self.reason.next = self.verdict.val();
        self.lanes.next = self.no_lanes.val();
        self.zero_lane.next = false;
        if self.verdict.val() == self.pool_margin.val() {
            self.lanes.next = self.failed_reg.q.val();
            self.zero_lane.next = self.head_below.val();
        }
        self.accept.next = self.is_order.val() & (self.verdict.val() == self.none.val());
        self.reserve.next = self.accept.val() & !self.word_0.val().get_bit(self.at_check.val().index());
        // faults of the others
        self.refusal.next = self.none.val();
        self.stops.next = false;
        if self.is_fill.val() | self.is_cancelled.val() {
            if self.over.val() & (self.is_cancelled.val() | self.positive.val()) {
                self.refusal.next = self.over_fill.val();
                self.stops.next = true;
            }
            if !self.placed.val() | self.under.val() {
                self.refusal.next = self.unplaced.val();
                self.stops.next = true;
            }
            if self.index_bad_line.delayed.val() | (self.is_fill.val() & self.price_zero.val()) {
                self.refusal.next = self.bad_field.val();
                self.stops.next = false;
            }
        }
        if (self.is_bid.val() | self.is_ask.val())
            & (self.index_bad_line.delayed.val() | (self.price_zero.val() | !self.static_line.delayed.val()))
        {
            self.refusal.next = self.bad_field.val();
        }
        if self.is_collateral.val() {
            if self.money_wide.val() {
                self.refusal.next = self.poisoned.val();
            }
            if self.refused.val() | self.own_before.val() {
                self.refusal.next = self.collateral_refused.val();
            }
        }
        if self.hot_line.delayed.val().get_bit(self.op_fault.val().index()) {
            self.refusal.next = self.code_line.delayed.val();
        }
        self.fault.next = self.refusal.val();
        // what takes effect
        self.fill_applies.next = self.is_fill.val() & (self.positive.val() & (self.refusal.val() == self.none.val()));
        self.cancel_applies.next = self.is_cancelled.val() & (self.refusal.val() == self.none.val());
        self.position_applies.next = (self.is_bid.val() | self.is_ask.val()) & (self.refusal.val() == self.none.val());
        self.collateral_applies.next = self.is_collateral.val() & (self.refusal.val() != self.collateral_refused.val());
        self.applied.next = self.fill_applies.val() | self.cancel_applies.val();
        self.charges_y.next =
            self.fill_applies.val() | (self.position_applies.val() & (self.is_bid.val() & !self.still.val()));
        self.own_after.next = self.own_before.val();
        self.other_after.next = self.other_before.val();
        if ((self.fill_applies.val() | self.cancel_applies.val()) | self.position_applies.val())
            & (self.end_wide_line.delayed.val() | self.money_wide.val())
        {
            self.own_after.next = true;
        }
        if (self.fill_applies.val() | (self.cancel_applies.val() & !self.still.val()))
            & (self.leaves_wide_line.delayed.val() | self.x_wide_line.delayed.val())
        {
            self.own_after.next = true;
        }
        if self.charges_y.val() {
            if (self.quantity_wide_line.delayed.val() | self.y_wide_line.delayed.val()) | self.y_own_wide.val() {
                self.own_after.next = true;
            }
            if (self.quantity_wide_line.delayed.val() | self.shadow_wide_line.delayed.val()) | self.y_other_wide.val() {
                self.other_after.next = true;
            }
        }
        if self.collateral_applies.val() & self.money_wide.val() {
            self.own_after.next = true;
        }
        if self.is_account.val() & (self.sweep_wide.val() | self.money_wide.val()) {
            self.own_after.next = true;
        }
        if self.is_clear.val() {
            self.own_after.next = false;
        }
        self.own_poisoned.next = self.own_after.val();
        self.other_poisoned.next = self.other_after.val();
        self.halt_after.next = self.flags_line.delayed.val().get_bit(2) | self.stops.val();
        if self.is_halt.val() {
            self.halt_after.next = self.word_1.val().get_bit(self.at_halted.val().index());
        }
        // 14 to 15
        self.bits.next = self.no_flags.val();
        if (self.own_after.val() & !self.bank_line.delayed.val())
            | (self.other_after.val() & self.bank_line.delayed.val())
        {
            self.bits.next = self.bits.val() | self.flag_0.val();
        }
        if (self.own_after.val() & self.bank_line.delayed.val())
            | (self.other_after.val() & !self.bank_line.delayed.val())
        {
            self.bits.next = self.bits.val() | self.flag_1.val();
        }
        if self.halt_after.val() {
            self.bits.next = self.bits.val() | self.flag_halted.val();
        }
        self.flags_reg.d.next = self.bits.val();
        self.halt_reg.d.next = self.word_1.val().get_bit(self.at_halted.val().index());
        self.write_slot_reg.d.next = self.reserve.val() | (self.fill_applies.val() | self.cancel_applies.val());
        self.write_cell_reg.d.next =
            (self.reserve.val() | self.position_applies.val()) | (self.fill_applies.val() | self.cancel_applies.val());
        self.write_money_reg.d.next = ((self.reserve.val() | self.position_applies.val())
            | (self.fill_applies.val() | self.cancel_applies.val()))
            | (self.collateral_applies.val() | self.is_account.val());
        self.write_y_own_reg.d.next = self.charges_y.val() | self.is_clear.val();
        self.write_y_other_reg.d.next = self.charges_y.val();
        self.clear_y_reg.d.next = self.is_clear.val();
        self.write_collateral_reg.d.next = self.collateral_applies.val();
        self.write_flags_reg.d.next = (((self.fill_applies.val() | self.cancel_applies.val())
            | (self.position_applies.val() | self.stops.val()))
            | ((self.collateral_applies.val() | self.is_account.val()) | self.is_clear.val()))
            | (self.is_halt.val() & (self.scope_8.val() == self.scope_account.val()));
        self.write_halt_reg.d.next = self.is_halt.val() & (self.scope_8.val() == self.scope_instrument.val());
        self.accepted_reg.d.next = self.accept.val();
        self.rejected_reg.d.next = self.is_order.val() & !self.accept.val();
        self.filled_reg.d.next = self.fill_applies.val();
        self.hot_14.next = self.hot_line.delayed.val();
        self.code_14.next = self.code_line.delayed.val();
        self.write_slot.next = self.write_slot_reg.q.val();
        self.write_cell.next = self.write_cell_reg.q.val();
        self.write_money.next = self.write_money_reg.q.val();
        self.write_y_own.next = self.write_y_own_reg.q.val();
        self.write_y_other.next = self.write_y_other_reg.q.val();
        self.clear_y.next = self.clear_y_reg.q.val();
        self.write_collateral.next = self.write_collateral_reg.q.val();
        self.write_flags.next = self.write_flags_reg.q.val();
        self.write_halt.next = self.write_halt_reg.q.val();
        self.flags_data.next = self.flags_reg.q.val();
        self.halt_data.next = self.halt_reg.q.val();
        self.accepted.next = self.accepted_reg.q.val();
        self.rejected.next = self.rejected_reg.q.val();
        self.filled.next = self.filled_reg.q.val();
    }
}
