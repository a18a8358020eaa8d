//! [`Events`]: the event of an operation.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `word_*`, `control`, `stamp`, `waited` | 1 | the command |
//! | `word_0_14`, `word_1_14` | 14 | its words, for the decision |
//! | the others that come in | 14 | what was decided |
//! | `event_*` | 15 | the event |
//!
//! ```text
//! clock        _/1\_ .. _/14\_/15\_
//! word_0       <a >
//! reason                <a >
//! event_valid                  /-\_
//! ```

use super::ops::{self, block, place, value};
use crate::int::{unsigned_cast, unsigned_cast_from, I, U};
use crate::leaf::Delay;
use crossgate_contract::command::{
    Cancel, Cancelled, Commit, Fence, Fill, MassCancel, Order, Position, Read, Refused, Replace, Replaced,
};
use crossgate_contract::event::{Bank, Closed, FaultRaised, FenceDone, Filled, PositionSet, ReadData, Verdict};
use crossgate_contract::{Layout, Window};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

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

/// Commands that are answered by a verdict.
const SENDERS: &[&Layout] = &[&Order::LAYOUT, &Replace::LAYOUT, &Cancel::LAYOUT, &MassCancel::LAYOUT];

block! {
    /// Builds events.
    pub(super) struct Events [A] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) clear: Signal<In, Bit>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) word_3: Signal<In, U<64>>,
        pub(super) control: Signal<In, Bit>,
        pub(super) stamp: Signal<In, U<16>>,
        pub(super) waited: Signal<In, U<16>>,
        pub(super) account: Signal<In, U<A>>,
        pub(super) word_0_14: Signal<Out, U<64>>,
        pub(super) word_1_14: Signal<Out, U<64>>,
        pub(super) word_2_14: Signal<Out, U<64>>,
        pub(super) word_3_14: Signal<Out, U<64>>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) code: Signal<In, U<8>>,
        pub(super) epoch: Signal<In, U<32>>,
        pub(super) reason: Signal<In, U<8>>,
        pub(super) sells: Signal<In, Bit>,
        pub(super) filled: Signal<In, U<40>>,
        pub(super) fault: Signal<In, U<8>>,
        pub(super) pool_lanes: Signal<In, U<32>>,
        pub(super) pool_zero: Signal<In, Bit>,
        pub(super) venue_lanes: Signal<In, U<32>>,
        pub(super) venue_zero: Signal<In, Bit>,
        pub(super) closing: Signal<In, Bit>,
        pub(super) applied: Signal<In, Bit>,
        pub(super) own_poisoned: Signal<In, Bit>,
        pub(super) other_poisoned: Signal<In, Bit>,
        pub(super) venue_poisoned: Signal<In, Bit>,
        pub(super) moved: Signal<In, I<41>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) freed: Signal<In, Bit>,
        pub(super) y_own: Signal<In, U<48>>,
        pub(super) y_other: Signal<In, U<48>>,
        pub(super) read_0: Signal<In, U<64>>,
        pub(super) read_1: Signal<In, U<64>>,
        pub(super) read_2: Signal<In, U<64>>,
        pub(super) read_3: Signal<In, U<64>>,
        pub(super) event_valid: Signal<Out, Bit>,
        pub(super) event_0: Signal<Out, U<64>>,
        pub(super) event_1: Signal<Out, U<64>>,
        pub(super) event_2: Signal<Out, U<64>>,
        pub(super) event_3: Signal<Out, U<64>>,
        pub(super) event_4: Signal<Out, U<64>>,
        pub(super) event_5: Signal<Out, U<64>>,
        pub(super) event_stamp: Signal<Out, U<16>>,
        pub(super) event_wait: Signal<Out, U<16>>,

        op_order: Constant<U<5>> = value(ops::ORDER),
        op_replace: Constant<U<5>> = value(ops::REPLACE),
        op_cancel: Constant<U<5>> = value(ops::CANCEL),
        op_mass: Constant<U<5>> = value(ops::MASS_CANCEL),
        op_replaced: Constant<U<5>> = value(ops::REPLACED),
        op_refused: Constant<U<5>> = value(ops::REFUSED),
        op_fill: Constant<U<5>> = value(ops::FILL),
        op_cancelled: Constant<U<5>> = value(ops::CANCELLED),
        op_bid: Constant<U<5>> = value(ops::POSITION_BID),
        op_ask: Constant<U<5>> = value(ops::POSITION_ASK),
        op_fence: Constant<U<5>> = value(ops::FENCE),
        op_read: Constant<U<5>> = value(ops::READ),
        op_ledgers: Constant<U<5>> = value(ops::LEDGERS),
        op_bank: Constant<U<5>> = value(ops::BANK),
        type_fence: Constant<U<64>> = value(FenceDone::CODE as u64),
        type_fault: Constant<U<64>> = value(FaultRaised::CODE as u64),
        type_verdict: Constant<U<64>> = value(Verdict::CODE as u64),
        type_filled: Constant<U<64>> = value(Filled::CODE as u64),
        type_closed: Constant<U<64>> = value(Closed::CODE as u64),
        type_position: Constant<U<64>> = value(PositionSet::CODE as u64),
        type_bank: Constant<U<64>> = value(Bank::CODE as u64),
        type_read: Constant<U<64>> = value(ReadData::CODE as u64),
        window_control: Constant<U<64>> = value(Window::Control as u64),
        // of commands
        at_side: Constant<U<6>> = place(&[&Fill::LAYOUT], "side", 0, 1),
        at_check: Constant<U<6>> = place(&[&Order::LAYOUT], "check", 0, 1),
        at_account: Constant<U<6>> = place(CELLS, "account", 0, 16),
        at_index_of_mass: Constant<U<6>> = place(&[&MassCancel::LAYOUT], "index", 0, 16),
        at_instrument: Constant<U<6>> = place(CELLS, "instrument", 0, 16),
        at_slot: Constant<U<6>> = place(&CELLS[1..], "slot", 0, 16),
        at_generation: Constant<U<6>> = place(&CELLS[1..], "generation", 1, 16),
        at_lots: Constant<U<6>> = place(&[&Order::LAYOUT, &Replace::LAYOUT], "lots", 1, 40),
        at_cumulative: Constant<U<6>> = place(&[&Cancelled::LAYOUT, &Replaced::LAYOUT], "cumulative", 1, 40),
        at_price: Constant<U<6>> = place(&[&Order::LAYOUT, &Replace::LAYOUT], "price", 2, 32),
        at_tag: Constant<U<6>> = place(SENDERS, "tag", 2, 32),
        at_cookie: Constant<U<6>> = place(SENDERS, "cookie", 3, 48),
        at_fence_tag: Constant<U<6>> = place(&[&Fence::LAYOUT, &Read::LAYOUT], "tag", 1, 64),
        at_table: Constant<U<6>> = place(&[&Read::LAYOUT], "table", 0, 8),
        at_index: Constant<U<6>> = place(&[&Read::LAYOUT], "index", 0, 16),
        at_sub: Constant<U<6>> = place(&[&Read::LAYOUT], "sub", 0, 16),
        at_inactive: Constant<U<6>> = place(&[&Read::LAYOUT], "inactive", 0, 1),
        at_bank_epoch: Constant<U<6>> = place(&[&Commit::LAYOUT], "epoch", 0, 32),
        at_as_of: Constant<U<6>> = place(&[&Commit::LAYOUT], "as_of_us", 2, 48),
        // of events
        to_window: Constant<U<6>> = place(&[&FenceDone::LAYOUT], "window", 0, 8),
        to_fault_window: Constant<U<6>> = place(&[&FaultRaised::LAYOUT], "window", 0, 8),
        to_code: Constant<U<6>> = place(&[&FaultRaised::LAYOUT], "code", 0, 8),
        to_reason: Constant<U<6>> = place(&[&Verdict::LAYOUT], "reason", 0, 8),
        to_opcode: Constant<U<6>> = place(&[&Verdict::LAYOUT, &Closed::LAYOUT], "opcode", 0, 8),
        to_epoch: Constant<U<6>> =
            place(
                &[
                    &Verdict::LAYOUT, &Filled::LAYOUT, &Closed::LAYOUT, &PositionSet::LAYOUT, &Bank::LAYOUT,
                ],
                "epoch", 0, 32,
            ),
        to_account: Constant<U<6>> =
            place(&[&Verdict::LAYOUT, &Filled::LAYOUT, &Closed::LAYOUT, &PositionSet::LAYOUT], "account", 1, 16),
        to_instrument: Constant<U<6>> =
            place(&[&Verdict::LAYOUT, &Filled::LAYOUT, &Closed::LAYOUT, &PositionSet::LAYOUT], "instrument", 1, 16),
        to_slot: Constant<U<6>> = place(&[&Verdict::LAYOUT, &Filled::LAYOUT, &Closed::LAYOUT], "slot", 1, 16),
        to_generation: Constant<U<6>> =
            place(&[&Verdict::LAYOUT, &Filled::LAYOUT, &Closed::LAYOUT], "generation", 1, 16),
        to_price: Constant<U<6>> = place(&[&Verdict::LAYOUT], "price", 3, 32),
        to_tag: Constant<U<6>> = place(&[&Verdict::LAYOUT], "tag", 3, 32),
        to_lanes: Constant<U<6>> = place(&[&Verdict::LAYOUT], "pool_lanes", 4, 32),
        to_venue_lanes: Constant<U<6>> = place(&[&Verdict::LAYOUT], "venue_lanes", 4, 32),
        to_result: Constant<U<6>> = place(&[&Bank::LAYOUT], "result", 0, 8),
        to_table: Constant<U<6>> = place(&[&ReadData::LAYOUT], "table", 0, 8),
        to_index: Constant<U<6>> = place(&[&ReadData::LAYOUT], "index", 0, 16),
        to_sub: Constant<U<6>> = place(&[&ReadData::LAYOUT], "sub", 0, 16),
        bit_side: Constant<U<64>> = bit(&[&Verdict::LAYOUT, &Filled::LAYOUT], "side"),
        bit_check: Constant<U<64>> = bit(&[&Verdict::LAYOUT], "check"),
        bit_zero: Constant<U<64>> = bit(&[&Verdict::LAYOUT], "pool_zero"),
        bit_venue_zero: Constant<U<64>> = bit(&[&Verdict::LAYOUT], "venue_zero"),
        bit_closing: Constant<U<64>> = bit(&[&Verdict::LAYOUT], "closing"),
        bit_venue_poisoned: Constant<U<64>> =
            bit(&[&Filled::LAYOUT, &Closed::LAYOUT, &PositionSet::LAYOUT], "venue_poisoned"),
        bit_freed: Constant<U<64>> = bit(&[&Filled::LAYOUT, &Closed::LAYOUT], "freed"),
        bit_poisoned: Constant<U<64>> = bit(&[&Filled::LAYOUT, &Closed::LAYOUT, &PositionSet::LAYOUT], "poisoned"),
        bit_inactive: Constant<U<64>> = bit(&[&ReadData::LAYOUT], "inactive"),
        one: Constant<U<64>> = value(1),
        zero: Constant<U<64>> = value(0),
        zero_8: Constant<U<8>> = value(0),

        word_0_line: Delay<U<64>, 13>,
        word_1_line: Delay<U<64>, 13>,
        word_2_line: Delay<U<64>, 13>,
        word_3_line: Delay<U<64>, 13>,
        control_line: Delay<Bit, 13>,
        stamp_line: Delay<U<16>, 14>,
        wait_line: Delay<U<16>, 14>,
        account_line: Delay<U<A>, 13>,
        poisoned_reg: DFF<U<64>>,
        venue_poisoned_reg: DFF<U<64>>,
        valid_reg: DFF<Bit>,
        event_0_reg: DFF<U<64>>,
        event_1_reg: DFF<U<64>>,
        event_2_reg: DFF<U<64>>,
        event_3_reg: DFF<U<64>>,
        event_4_reg: DFF<U<64>>,
        event_5_reg: DFF<U<64>>,
        is_ask: Signal<Local, Bit>,
        is_faulty: Signal<Local, Bit>,
        is_order: Signal<Local, Bit>,
        is_mass: Signal<Local, Bit>,
        limited: Signal<Local, Bit>,
        answered: Signal<Local, Bit>,
        closed: Signal<Local, Bit>,
        window: Signal<Local, U<64>>,
        names: Signal<Local, U<64>>,
        order_names: Signal<Local, U<64>>,
        dated: Signal<Local, U<64>>,
        flags: Signal<Local, U<64>>,
        moved_bits: Signal<Local, U<41>>,
        position_bits: Signal<Local, U<40>>,
        own: Signal<Local, U<64>>,
        other: Signal<Local, U<64>>,
        account_bit: Signal<Local, U<64>>,
        word_0_held: Signal<Local, U<64>>,
        word_1_held: Signal<Local, U<64>>,
        word_2_held: Signal<Local, U<64>>,
        word_3_held: Signal<Local, U<64>>,
    }
}

fn bit(layouts: &[&'static crossgate_contract::Layout], name: &str) -> Constant<U<64>> {
    value(1 << place(layouts, name, 0, 1).val().get())
}

impl<const A: usize> Logic for Events<A> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, word_0_line, word_1_line, word_2_line, word_3_line, control_line, stamp_line, wait_line);
        clock!(self, clock, account_line, valid_reg, event_0_reg, event_1_reg, event_2_reg, event_3_reg, event_4_reg);
        clock!(self, clock, event_5_reg);
        dff_setup!(self, clock, poisoned_reg, venue_poisoned_reg);
        self.word_0_line.data.next = self.word_0.val();
        self.word_1_line.data.next = self.word_1.val();
        self.word_2_line.data.next = self.word_2.val();
        self.word_3_line.data.next = self.word_3.val();
        self.control_line.data.next = self.control.val();
        self.stamp_line.data.next = self.stamp.val();
        self.wait_line.data.next = self.waited.val();
        self.account_line.data.next = self.account.val();
        self.word_0_held.next = self.word_0_line.delayed.val();
        self.word_1_held.next = self.word_1_line.delayed.val();
        self.word_2_held.next = self.word_2_line.delayed.val();
        self.word_3_held.next = self.word_3_line.delayed.val();
        self.word_0_14.next = self.word_0_held.val();
        self.word_1_14.next = self.word_1_held.val();
        self.word_2_14.next = self.word_2_held.val();
        self.word_3_14.next = self.word_3_held.val();
        // parts that several events share
        self.is_ask.next = self.hot.val().get_bit(self.op_ask.val().index());
        self.is_order.next = self.hot.val().get_bit(self.op_order.val().index());
        self.is_mass.next = self.hot.val().get_bit(self.op_mass.val().index());
        self.limited.next =
            self.hot.val().get_bit(self.op_order.val().index()) | self.hot.val().get_bit(self.op_replace.val().index());
        self.answered.next = (self.hot.val().get_bit(self.op_order.val().index())
            | self.hot.val().get_bit(self.op_replace.val().index()))
            | (self.hot.val().get_bit(self.op_cancel.val().index())
                | self.hot.val().get_bit(self.op_mass.val().index()));
        self.closed.next = self.hot.val().get_bit(self.op_cancelled.val().index())
            | (self.hot.val().get_bit(self.op_replaced.val().index())
                | self.hot.val().get_bit(self.op_refused.val().index()));
        self.is_faulty.next =
            (self.fault.val() != self.zero_8.val()) & !self.hot.val().get_bit(self.op_bid.val().index());
        self.window.next = self.zero.val();
        if self.control_line.delayed.val() {
            self.window.next = self.window_control.val();
        }
        self.names.next =
            (unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_account.val().index()))
                << self.to_account.val())
                | (unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_instrument.val().index()))
                    << self.to_instrument.val());
        self.order_names.next = (self.names.val()
            | (unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_slot.val().index()))
                << self.to_slot.val()))
            | (unsigned_cast::<64, 16>(self.word_1_held.val().get_bits::<16>(self.at_generation.val().index()))
                << self.to_generation.val());
        self.dated.next = unsigned_cast::<64, 32>(self.epoch.val()) << self.to_epoch.val();
        self.flags.next = self.zero.val();
        if self.own_poisoned.val() {
            self.flags.next = self.bit_poisoned.val();
        }
        if self.venue_poisoned.val() {
            self.flags.next = self.flags.val() | self.bit_venue_poisoned.val();
        }
        self.moved_bits.next = unsigned_cast_from(self.moved.val());
        self.position_bits.next = unsigned_cast_from(self.position.val());
        self.own.next = unsigned_cast::<64, 48>(self.y_own.val());
        self.other.next = unsigned_cast::<64, 48>(self.y_other.val());
        if self.own_poisoned.val() {
            self.own.next = self.zero.val();
        }
        if self.other_poisoned.val() {
            self.other.next = self.zero.val();
        }
        // ledgers that are poisoned in the bank of a sweep
        self.account_bit.next = self.one.val() << self.account_line.delayed.val();
        if self.hot.val().get_bit(self.op_ledgers.val().index()) {
            self.poisoned_reg.d.next = self.poisoned_reg.q.val() & !self.account_bit.val();
            if self.own_poisoned.val() {
                self.poisoned_reg.d.next = self.poisoned_reg.q.val() | self.account_bit.val();
            }
            self.venue_poisoned_reg.d.next = self.venue_poisoned_reg.q.val() & !self.account_bit.val();
            if self.venue_poisoned.val() {
                self.venue_poisoned_reg.d.next = self.venue_poisoned_reg.q.val() | self.account_bit.val();
            }
        }
        // the event
        self.valid_reg.d.next = false;
        self.event_0_reg.d.next = self.zero.val();
        self.event_1_reg.d.next = self.zero.val();
        self.event_2_reg.d.next = self.zero.val();
        self.event_3_reg.d.next = self.zero.val();
        self.event_4_reg.d.next = self.zero.val();
        self.event_5_reg.d.next = self.zero.val();
        if self.answered.val() {
            self.valid_reg.d.next = true;
            self.flags.next = self.zero.val();
            if self.pool_zero.val() {
                self.flags.next = self.bit_zero.val();
            }
            if self.venue_zero.val() {
                self.flags.next = self.flags.val() | self.bit_venue_zero.val();
            }
            if self.closing.val() {
                self.flags.next = self.flags.val() | self.bit_closing.val();
            }
            if self.sells.val() {
                self.flags.next = self.flags.val() | self.bit_side.val();
            }
            if self.is_order.val() & self.word_0_held.val().get_bit(self.at_check.val().index()) {
                self.flags.next = self.flags.val() | self.bit_check.val();
            }
            self.event_0_reg.d.next = ((self.type_verdict.val() | self.dated.val())
                | (self.flags.val() | (unsigned_cast::<64, 8>(self.reason.val()) << self.to_reason.val())))
                | (unsigned_cast::<64, 8>(self.word_0_held.val().get_bits::<8>(0)) << self.to_opcode.val());
            self.event_1_reg.d.next = self.order_names.val();
            if self.is_mass.val() {
                self.event_1_reg.d.next =
                    unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_index_of_mass.val().index()))
                        << self.to_account.val();
            }
            self.event_3_reg.d.next =
                unsigned_cast::<64, 32>(self.word_2_held.val().get_bits::<32>(self.at_tag.val().index()))
                    << self.to_tag.val();
            if self.limited.val() {
                self.event_2_reg.d.next =
                    unsigned_cast::<64, 40>(self.word_1_held.val().get_bits::<40>(self.at_lots.val().index()));
                self.event_3_reg.d.next =
                    (unsigned_cast::<64, 32>(self.word_2_held.val().get_bits::<32>(self.at_price.val().index()))
                        << self.to_price.val())
                        | (unsigned_cast::<64, 32>(self.word_2_held.val().get_bits::<32>(self.at_tag.val().index()))
                            << self.to_tag.val());
            }
            self.event_4_reg.d.next = (unsigned_cast::<64, 32>(self.pool_lanes.val()) << self.to_lanes.val())
                | (unsigned_cast::<64, 32>(self.venue_lanes.val()) << self.to_venue_lanes.val());
            self.event_5_reg.d.next =
                unsigned_cast::<64, 48>(self.word_3_held.val().get_bits::<48>(self.at_cookie.val().index()));
        }
        if self.hot.val().get_bit(self.op_fill.val().index()) {
            self.valid_reg.d.next = true;
            if self.word_0_held.val().get_bit(self.at_side.val().index()) {
                self.flags.next = self.flags.val() | self.bit_side.val();
            }
            if self.applied.val() & self.freed.val() {
                self.flags.next = self.flags.val() | self.bit_freed.val();
            }
            self.event_0_reg.d.next = (self.type_filled.val() | self.dated.val()) | self.flags.val();
            self.event_1_reg.d.next = self.order_names.val();
            if self.applied.val() {
                self.event_2_reg.d.next = unsigned_cast::<64, 40>(self.moved_bits.val().get_bits::<40>(0));
            }
            self.event_3_reg.d.next = unsigned_cast::<64, 40>(self.position_bits.val());
            self.event_4_reg.d.next = self.own.val();
            self.event_5_reg.d.next = self.other.val();
        }
        if self.closed.val() {
            self.valid_reg.d.next = true;
            if self.freed.val() {
                self.flags.next = self.flags.val() | self.bit_freed.val();
            }
            self.event_0_reg.d.next = ((self.type_closed.val() | self.dated.val()) | self.flags.val())
                | (unsigned_cast::<64, 8>(self.word_0_held.val().get_bits::<8>(0)) << self.to_opcode.val());
            self.event_1_reg.d.next = self.order_names.val();
            self.event_2_reg.d.next = unsigned_cast::<64, 40>(self.moved_bits.val().get_bits::<40>(0));
            self.event_3_reg.d.next =
                unsigned_cast::<64, 40>(self.word_1_held.val().get_bits::<40>(self.at_cumulative.val().index()));
            if self.hot.val().get_bit(self.op_refused.val().index()) {
                self.event_3_reg.d.next = unsigned_cast::<64, 40>(self.filled.val());
            }
        }
        if self.is_ask.val() {
            self.valid_reg.d.next = true;
            self.event_0_reg.d.next = (self.type_position.val() | self.dated.val()) | self.flags.val();
            self.event_1_reg.d.next = self.names.val();
            self.event_2_reg.d.next = unsigned_cast::<64, 41>(self.moved_bits.val());
            self.event_3_reg.d.next = unsigned_cast::<64, 40>(self.position_bits.val());
            self.event_4_reg.d.next = self.own.val();
            self.event_5_reg.d.next = self.other.val();
        }
        if self.hot.val().get_bit(self.op_fence.val().index()) {
            self.valid_reg.d.next = true;
            self.event_0_reg.d.next = self.type_fence.val() | (self.window.val() << self.to_window.val());
            self.event_1_reg.d.next = self.word_1_held.val().get_bits::<64>(self.at_fence_tag.val().index());
        }
        if self.hot.val().get_bit(self.op_bank.val().index()) {
            self.valid_reg.d.next = true;
            self.event_0_reg.d.next = (self.type_bank.val()
                | (unsigned_cast::<64, 8>(self.code.val()) << self.to_result.val()))
                | (unsigned_cast::<64, 32>(self.word_0_held.val().get_bits::<32>(self.at_bank_epoch.val().index()))
                    << self.to_epoch.val());
            self.event_1_reg.d.next = unsigned_cast::<64, 32>(self.epoch.val());
            self.event_2_reg.d.next =
                unsigned_cast::<64, 48>(self.word_2_held.val().get_bits::<48>(self.at_as_of.val().index()));
            if self.code.val() == self.zero_8.val() {
                self.event_3_reg.d.next = self.poisoned_reg.q.val();
                self.event_4_reg.d.next = self.venue_poisoned_reg.q.val();
            }
        }
        if self.hot.val().get_bit(self.op_read.val().index()) {
            self.valid_reg.d.next = true;
            self.flags.next = self.zero.val();
            if self.word_0_held.val().get_bit(self.at_inactive.val().index()) {
                self.flags.next = self.bit_inactive.val();
            }
            self.event_0_reg.d.next = ((self.type_read.val() | self.flags.val())
                | (unsigned_cast::<64, 8>(self.word_0_held.val().get_bits::<8>(self.at_table.val().index()))
                    << self.to_table.val()))
                | ((unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_index.val().index()))
                    << self.to_index.val())
                    | (unsigned_cast::<64, 16>(self.word_0_held.val().get_bits::<16>(self.at_sub.val().index()))
                        << self.to_sub.val()));
            self.event_1_reg.d.next = self.read_0.val();
            self.event_2_reg.d.next = self.read_1.val();
            self.event_3_reg.d.next = self.read_2.val();
            self.event_4_reg.d.next = self.read_3.val();
            self.event_5_reg.d.next = self.word_1_held.val();
        }
        if self.is_faulty.val() {
            self.valid_reg.d.next = true;
            self.event_0_reg.d.next = (self.type_fault.val()
                | (unsigned_cast::<64, 8>(self.fault.val()) << self.to_code.val()))
                | (self.window.val() << self.to_fault_window.val());
            self.event_1_reg.d.next = self.word_0_held.val();
            self.event_2_reg.d.next = self.word_1_held.val();
            self.event_3_reg.d.next = self.word_2_held.val();
            self.event_4_reg.d.next = self.word_3_held.val();
            self.event_5_reg.d.next = self.zero.val();
        }
        if self.clear.val() {
            self.valid_reg.d.next = false;
            self.poisoned_reg.d.next = self.zero.val();
            self.venue_poisoned_reg.d.next = self.zero.val();
        }
        self.event_valid.next = self.valid_reg.q.val();
        self.event_0.next = self.event_0_reg.q.val();
        self.event_1.next = self.event_1_reg.q.val();
        self.event_2.next = self.event_2_reg.q.val();
        self.event_3.next = self.event_3_reg.q.val();
        self.event_4.next = self.event_4_reg.q.val();
        self.event_5.next = self.event_5_reg.q.val();
        self.event_stamp.next = self.stamp_line.delayed.val();
        self.event_wait.next = self.wait_line.delayed.val();
    }
}
