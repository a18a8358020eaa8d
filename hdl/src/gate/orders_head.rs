//! [`OrdersHead`]: decodes the head of the orders stream; combinational.
//!
//! | port | meaning |
//! |---|---|
//! | `word_0` | word 0 of the command; its opcode is one of ORDER, FILL, CANCELLED, POSITION, FENCE |
//! | `second` | a POSITION has entered once |
//! | `hot` | the operation |
//! | `account`, `instrument`, `slot` | the fields, and `outside`: one of them is beyond the build |
//! | `position`, `fence` | what it is |

use super::ops::{self, block, place, size, value};
use crate::int::{unsigned_cast, U};
use crossgate_contract::command::{Cancelled, Fence, Fill, Order, Position};
use rust_hdl_core::prelude::*;

block! {
    /// Head of the orders stream.
    pub(super) struct OrdersHead [A, N, S] {
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) second: Signal<In, Bit>,
        pub(super) hot: Signal<Out, U<16>>,
        pub(super) account: Signal<Out, U<16>>,
        pub(super) instrument: Signal<Out, U<16>>,
        pub(super) slot: Signal<Out, U<16>>,
        pub(super) outside: Signal<Out, Bit>,
        pub(super) position: Signal<Out, Bit>,
        pub(super) fence: Signal<Out, Bit>,
        at_account: Constant<U<6>> =
            place(&[&Order::LAYOUT, &Fill::LAYOUT, &Cancelled::LAYOUT, &Position::LAYOUT], "account", 0, 16),
        at_instrument: Constant<U<6>> =
            place(&[&Order::LAYOUT, &Fill::LAYOUT, &Cancelled::LAYOUT, &Position::LAYOUT], "instrument", 0, 16),
        at_slot: Constant<U<6>> = place(&[&Order::LAYOUT, &Fill::LAYOUT, &Cancelled::LAYOUT], "slot", 0, 16),
        code_order: Constant<U<8>> = value(Order::CODE as u64),
        code_fill: Constant<U<8>> = value(Fill::CODE as u64),
        code_cancelled: Constant<U<8>> = value(Cancelled::CODE as u64),
        code_position: Constant<U<8>> = value(Position::CODE as u64),
        code_fence: Constant<U<8>> = value(Fence::CODE as u64),
        hot_order: Constant<U<16>> = value(1 << ops::ORDER),
        hot_fill: Constant<U<16>> = value(1 << ops::FILL),
        hot_cancelled: Constant<U<16>> = value(1 << ops::CANCELLED),
        hot_bid: Constant<U<16>> = value(1 << ops::POSITION_BID),
        hot_ask: Constant<U<16>> = value(1 << ops::POSITION_ASK),
        hot_fence: Constant<U<16>> = value(1 << ops::FENCE),
        accounts: Constant<U<17>> = size(1 << A),
        instruments: Constant<U<17>> = size(1 << N),
        slots: Constant<U<17>> = size(1 << S),
        opcode: Signal<Local, U<8>>,
        account_17: Signal<Local, U<17>>,
        instrument_17: Signal<Local, U<17>>,
        slot_17: Signal<Local, U<17>>,
    }
}

impl<const A: usize, const N: usize, const S: usize> Logic for OrdersHead<A, N, S> {
    #[hdl_gen]
    fn update(&mut self) {
        self.opcode.next = self.word_0.val().get_bits::<8>(0);
        self.account.next = self.word_0.val().get_bits::<16>(self.at_account.val().index());
        self.instrument.next = self.word_0.val().get_bits::<16>(self.at_instrument.val().index());
        self.slot.next = self.word_0.val().get_bits::<16>(self.at_slot.val().index());
        self.account_17.next = unsigned_cast::<17, 16>(self.account.val());
        self.instrument_17.next = unsigned_cast::<17, 16>(self.instrument.val());
        self.slot_17.next = unsigned_cast::<17, 16>(self.slot.val());
        self.position.next = self.opcode.val() == self.code_position.val();
        self.fence.next = self.opcode.val() == self.code_fence.val();
        self.outside.next =
            (self.account_17.val() >= self.accounts.val()) | (self.instrument_17.val() >= self.instruments.val());
        if !self.position.val() & (self.slot_17.val() >= self.slots.val()) {
            self.outside.next = true;
        }
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
        if self.position.val() {
            self.hot.next = self.hot_bid.val();
            if self.second.val() {
                self.hot.next = self.hot_ask.val();
            }
        }
    }
}
