//! [`OpenOrders`]: how many orders of an account are open, and whether it may have one more.
//!
//! Read at clock 1, written at clock 15: operations of one account never overlap (the interlock holds them apart), so an
//! operation sees what the one before it wrote.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | counts become 0 |
//! | `account`, `limit` | 1, 2 | what to read; `open_orders_max` |
//! | `count` | 2 | open orders |
//! | `bad` | 12 | `count >= limit` |
//! | `at_account`, `opened`, `freed` | 15 | the operation opened an order, freed one |
//!
//! ```text
//! clock    _/1\_/2\_ .. _/12\_ .. _/15\_
//! account  <a >
//! count         <a >
//! bad                    <a >
//! opened                           <a >
//! ```

use crate::gate::ops::{block, value};
use crate::int::U;
use crate::leaf::Delay;
use crate::ram::Ram;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Counts of open orders; bits of an account.
    pub struct OpenOrders [A] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// The count that becomes 0.
        pub scrub_address: Signal<In, U<20>>,
        /// Account to read.
        pub account: Signal<In, U<A>>,
        /// Most open orders.
        pub limit: Signal<In, U<16>>,
        /// Open orders.
        pub count: Signal<Out, U<16>>,
        /// One more is too many.
        pub bad: Signal<Out, Bit>,
        /// Account of the operation that ends.
        pub at_account: Signal<In, U<A>>,
        /// It opened an order.
        pub opened: Signal<In, Bit>,
        /// It freed one.
        pub freed: Signal<In, Bit>,
        one: Constant<U<16>> = value(1),
        zero: Constant<U<16>> = value(0),
        count_ram: Ram<U<16>, A>,
        count_reg: DFF<U<16>>,
        limit_reg: DFF<U<16>>,
        bad_line: Delay<Bit, 9>,
        count_15: Delay<U<16>, 13>,
    }
}

impl<const A: usize> Logic for OpenOrders<A> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, count_ram, count_reg, limit_reg, bad_line, count_15);
        // clock 1 to 4
        self.count_ram.read_address.next = self.account.val();
        self.count.next = self.count_ram.read_data.val();
        self.count_15.data.next = self.count_ram.read_data.val();
        self.count_reg.d.next = self.count_ram.read_data.val();
        self.limit_reg.d.next = self.limit.val();
        self.bad_line.data.next = self.count_reg.q.val() >= self.limit_reg.q.val();
        self.bad.next = self.bad_line.delayed.val();
        // 15
        self.count_ram.write_enable.next = self.opened.val() | (self.freed.val() | self.scrub.val());
        self.count_ram.write_address.next = self.at_account.val();
        self.count_ram.write_data.next = self.count_15.delayed.val() - self.one.val();
        if self.opened.val() {
            self.count_ram.write_data.next = self.count_15.delayed.val() + self.one.val();
        }
        if self.scrub.val() {
            self.count_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.count_ram.write_data.next = self.zero.val();
        }
    }
}
