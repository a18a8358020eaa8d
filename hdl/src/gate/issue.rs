//! [`Issue`]: the registers in front of the pipeline: the operation that enters, and how long its command waited.
//!
//! The fields stay until the next operation enters, so that a READ finds its memories unchanged.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `clear` | 0 | nothing enters |
//! | `order`, `order_*` | 0 | the head of the orders stream enters |
//! | `act`, `act_*` | 0 | fields of the head of the control stream; with `act_enters` it enters |
//! | `clears`, `ledgers`, `row` | 0 | the ledgers of this number |
//! | `report`, `result` | 0 | outcome of a sweep |
//! | `walk`, `walk_*` | 0 | a slot or cell of a sweep |
//! | `watch`, `watch_stamp` | 0 | the watchdog enters |
//! | `control_*`, `control_take` | 0 | words of the head of the control stream; it is done |
//! | `active` | 0 | the active bank |
//! | `enters` | 0 | an operation enters |
//! | `hot`, ... | 1 | the operation |
//!
//! ```text
//! clock  _/0\_/1\_
//! order  /-\______
//! hot    ____<op>
//! ```

use super::ops::{self, block, value};
use crate::int::U;
use crossgate_contract::Fault;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Registers of the operation.
    pub(super) struct Issue [A, N, S, V] {
        pub(super) clock: Signal<In, Clock>,
        pub(super) clear: Signal<In, Bit>,
        pub(super) active: Signal<In, Bit>,
        pub(super) order: Signal<In, Bit>,
        pub(super) order_valid: Signal<In, Bit>,
        pub(super) order_take: Signal<In, Bit>,
        pub(super) order_hot: Signal<In, ops::Hot>,
        pub(super) order_account: Signal<In, U<A>>,
        pub(super) order_instrument: Signal<In, U<N>>,
        pub(super) order_slot: Signal<In, U<S>>,
        pub(super) order_member: Signal<In, Bit>,
        pub(super) order_ledger: Signal<In, U<A>>,
        pub(super) order_venue: Signal<In, U<V>>,
        pub(super) order_0: Signal<In, U<64>>,
        pub(super) order_1: Signal<In, U<64>>,
        pub(super) order_2: Signal<In, U<64>>,
        pub(super) order_3: Signal<In, U<64>>,
        pub(super) order_outside: Signal<In, Bit>,
        pub(super) order_unready: Signal<In, Bit>,
        pub(super) order_full: Signal<In, Bit>,
        pub(super) order_stamp: Signal<In, U<16>>,
        pub(super) act: Signal<In, Bit>,
        pub(super) act_enters: Signal<In, Bit>,
        pub(super) act_hot: Signal<In, ops::Hot>,
        pub(super) act_bank: Signal<In, Bit>,
        pub(super) act_index: Signal<In, U<16>>,
        pub(super) act_instrument: Signal<In, U<16>>,
        pub(super) act_sub: Signal<In, U<16>>,
        pub(super) act_code: Signal<In, U<8>>,
        pub(super) clears: Signal<In, Bit>,
        pub(super) ledgers: Signal<In, Bit>,
        pub(super) row: Signal<In, U<A>>,
        pub(super) report: Signal<In, Bit>,
        pub(super) result: Signal<In, U<8>>,
        pub(super) walk: Signal<In, Bit>,
        pub(super) walk_is_slot: Signal<In, Bit>,
        pub(super) walk_account: Signal<In, U<A>>,
        pub(super) walk_instrument: Signal<In, U<N>>,
        pub(super) walk_slot: Signal<In, U<S>>,
        pub(super) walk_member: Signal<In, Bit>,
        pub(super) walk_ledger: Signal<In, U<A>>,
        pub(super) watch: Signal<In, Bit>,
        pub(super) watch_stamp: Signal<In, U<16>>,
        pub(super) control_valid: Signal<In, Bit>,
        pub(super) control_take: Signal<In, Bit>,
        pub(super) control_0: Signal<In, U<64>>,
        pub(super) control_1: Signal<In, U<64>>,
        pub(super) control_2: Signal<In, U<64>>,
        pub(super) control_3: Signal<In, U<64>>,
        pub(super) control_stamp: Signal<In, U<16>>,
        pub(super) enters: Signal<Out, Bit>,
        pub(super) hot: Signal<Out, ops::Hot>,
        pub(super) bank: Signal<Out, Bit>,
        pub(super) account: Signal<Out, U<A>>,
        pub(super) instrument: Signal<Out, U<N>>,
        pub(super) slot: Signal<Out, U<S>>,
        pub(super) member: Signal<Out, Bit>,
        pub(super) ledger: Signal<Out, U<A>>,
        pub(super) venue: Signal<Out, U<V>>,
        pub(super) word_0: Signal<Out, U<64>>,
        pub(super) word_1: Signal<Out, U<64>>,
        pub(super) word_2: Signal<Out, U<64>>,
        pub(super) word_3: Signal<Out, U<64>>,
        pub(super) code: Signal<Out, U<8>>,
        pub(super) index_bad: Signal<Out, Bit>,
        pub(super) unready: Signal<Out, Bit>,
        pub(super) full: Signal<Out, Bit>,
        pub(super) control: Signal<Out, Bit>,
        pub(super) stamp: Signal<Out, U<16>>,
        pub(super) waited: Signal<Out, U<16>>,
        hot_clear: Constant<ops::Hot> = value(1 << ops::CLEAR),
        hot_slot: Constant<ops::Hot> = value(1 << ops::SLOT),
        hot_cell: Constant<ops::Hot> = value(1 << ops::CELL),
        hot_ledgers: Constant<ops::Hot> = value(1 << ops::LEDGERS),
        hot_bank: Constant<ops::Hot> = value(1 << ops::BANK),
        hot_watchdog: Constant<ops::Hot> = value(1 << ops::WATCHDOG),
        watchdog: Constant<U<8>> = value(Fault::Watchdog.code() as u64),
        zero_64: Constant<U<64>> = value(0),
        no_hot: Constant<ops::Hot> = value(0),
        one_16: Constant<U<16>> = value(1),
        zero_8: Constant<U<8>> = value(0),
        zero_16: Constant<U<16>> = value(0),
        word_3_used: Constant<U<64>> = value(u64::MAX >> 16),
        orders_wait_reg: DFF<U<16>>,
        control_wait_reg: DFF<U<16>>,
        hot_reg: DFF<ops::Hot>,
        bank_reg: DFF<Bit>,
        account_reg: DFF<U<A>>,
        instrument_reg: DFF<U<N>>,
        slot_reg: DFF<U<S>>,
        member_reg: DFF<Bit>,
        ledger_reg: DFF<U<A>>,
        venue_reg: DFF<U<V>>,
        word_0_reg: DFF<U<64>>,
        word_1_reg: DFF<U<64>>,
        word_2_reg: DFF<U<64>>,
        word_3_reg: DFF<U<64>>,
        code_reg: DFF<U<8>>,
        index_bad_reg: DFF<Bit>,
        unready_reg: DFF<Bit>,
        full_reg: DFF<Bit>,
        control_reg: DFF<Bit>,
        stamp_reg: DFF<U<16>>,
        wait_reg: DFF<U<16>>,
        go_control: Signal<Local, Bit>,
    }
}

impl<const A: usize, const N: usize, const S: usize, const V: usize> Logic for Issue<A, N, S, V> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, orders_wait_reg, control_wait_reg, bank_reg, account_reg, instrument_reg, slot_reg);
        dff_setup!(self, clock, member_reg, ledger_reg, venue_reg, word_0_reg, word_1_reg, word_2_reg, word_3_reg);
        dff_setup!(self, clock, code_reg, index_bad_reg, unready_reg, full_reg, control_reg, stamp_reg, wait_reg);
        clock!(self, clock, hot_reg);
        self.hot_reg.d.next = self.no_hot.val();
        if self.order.val() {
            self.hot_reg.d.next = self.order_hot.val();
            self.bank_reg.d.next = self.active.val();
            self.account_reg.d.next = self.order_account.val();
            self.instrument_reg.d.next = self.order_instrument.val();
            self.slot_reg.d.next = self.order_slot.val();
            self.member_reg.d.next = self.order_member.val();
            self.ledger_reg.d.next = self.order_ledger.val();
            self.venue_reg.d.next = self.order_venue.val();
            self.word_0_reg.d.next = self.order_0.val();
            self.word_1_reg.d.next = self.order_1.val();
            self.word_2_reg.d.next = self.order_2.val();
            self.word_3_reg.d.next = self.order_3.val() & self.word_3_used.val();
            self.code_reg.d.next = self.zero_8.val();
            self.index_bad_reg.d.next = self.order_outside.val();
            self.unready_reg.d.next = self.order_unready.val();
            self.full_reg.d.next = self.order_full.val();
            self.control_reg.d.next = false;
            self.stamp_reg.d.next = self.order_stamp.val();
            self.wait_reg.d.next = self.orders_wait_reg.q.val();
        }
        if self.order_valid.val() & !self.orders_wait_reg.q.val().all() {
            self.orders_wait_reg.d.next = self.orders_wait_reg.q.val() + self.one_16.val();
        }
        if self.order_take.val() {
            self.orders_wait_reg.d.next = self.zero_16.val();
        }
        // control
        self.go_control.next = ((self.act.val() & self.act_enters.val()) | (self.clears.val() | self.ledgers.val()))
            | (self.report.val() | self.walk.val());
        if self.act.val() {
            self.bank_reg.d.next = self.act_bank.val();
            self.account_reg.d.next = self.act_index.val().get_bits::<A>(0);
            self.instrument_reg.d.next = self.act_instrument.val().get_bits::<N>(0);
            self.slot_reg.d.next = self.act_index.val().get_bits::<S>(0);
            self.member_reg.d.next = true;
            self.ledger_reg.d.next = self.act_index.val().get_bits::<A>(0);
            self.venue_reg.d.next = self.act_sub.val().get_bits::<V>(0);
            self.code_reg.d.next = self.act_code.val();
            if self.act_enters.val() {
                self.hot_reg.d.next = self.act_hot.val();
            }
        }
        if self.clears.val() | self.ledgers.val() {
            self.hot_reg.d.next = self.hot_clear.val();
            if self.ledgers.val() {
                self.hot_reg.d.next = self.hot_ledgers.val();
            }
            self.bank_reg.d.next = !self.active.val();
            self.account_reg.d.next = self.row.val();
            self.ledger_reg.d.next = self.row.val();
            self.member_reg.d.next = true;
        }
        if self.report.val() {
            self.hot_reg.d.next = self.hot_bank.val();
            self.code_reg.d.next = self.result.val();
        }
        if self.walk.val() {
            self.hot_reg.d.next = self.hot_cell.val();
            if self.walk_is_slot.val() {
                self.hot_reg.d.next = self.hot_slot.val();
            }
            self.bank_reg.d.next = !self.active.val();
            self.account_reg.d.next = self.walk_account.val();
            self.instrument_reg.d.next = self.walk_instrument.val();
            self.slot_reg.d.next = self.walk_slot.val();
            self.member_reg.d.next = self.walk_member.val();
            self.ledger_reg.d.next = self.walk_ledger.val();
        }
        if self.go_control.val() {
            self.word_0_reg.d.next = self.control_0.val();
            self.word_1_reg.d.next = self.control_1.val();
            self.word_2_reg.d.next = self.control_2.val();
            self.word_3_reg.d.next = self.control_3.val() & self.word_3_used.val();
            self.control_reg.d.next = true;
            self.stamp_reg.d.next = self.control_stamp.val();
            self.wait_reg.d.next = self.control_wait_reg.q.val();
        }
        if self.watch.val() {
            self.hot_reg.d.next = self.hot_watchdog.val();
            self.word_0_reg.d.next = self.zero_64.val();
            self.word_1_reg.d.next = self.zero_64.val();
            self.word_2_reg.d.next = self.zero_64.val();
            self.word_3_reg.d.next = self.zero_64.val();
            self.code_reg.d.next = self.watchdog.val();
            self.control_reg.d.next = true;
            self.stamp_reg.d.next = self.watch_stamp.val();
            self.wait_reg.d.next = self.zero_16.val();
        }
        if self.control_valid.val() & !self.control_wait_reg.q.val().all() {
            self.control_wait_reg.d.next = self.control_wait_reg.q.val() + self.one_16.val();
        }
        if self.control_take.val() {
            self.control_wait_reg.d.next = self.zero_16.val();
        }
        if self.clear.val() {
            self.hot_reg.d.next = self.no_hot.val();
        }
        self.enters.next = self.order.val() | (self.go_control.val() | self.watch.val());
        self.hot.next = self.hot_reg.q.val();
        self.bank.next = self.bank_reg.q.val();
        self.account.next = self.account_reg.q.val();
        self.instrument.next = self.instrument_reg.q.val();
        self.slot.next = self.slot_reg.q.val();
        self.member.next = self.member_reg.q.val();
        self.ledger.next = self.ledger_reg.q.val();
        self.venue.next = self.venue_reg.q.val();
        self.word_0.next = self.word_0_reg.q.val();
        self.word_1.next = self.word_1_reg.q.val();
        self.word_2.next = self.word_2_reg.q.val();
        self.word_3.next = self.word_3_reg.q.val();
        self.code.next = self.code_reg.q.val();
        self.index_bad.next = self.index_bad_reg.q.val();
        self.unready.next = self.unready_reg.q.val();
        self.full.next = self.full_reg.q.val();
        self.control.next = self.control_reg.q.val();
        self.stamp.next = self.stamp_reg.q.val();
        self.waited.next = self.wait_reg.q.val();
    }
}
