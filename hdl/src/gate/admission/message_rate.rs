//! [`MessageRate`]: the theoretical arrival time of an account's next message.
//!
//! Read at clock 1, written at clock 15, as in [`OpenOrders`](super::OpenOrders).
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | times become 0 |
//! | `account`, `now` | 1 | what to read; card time |
//! | `cost`, `burst` | 2 | microseconds of the account |
//! | `tat` | 2 | the time |
//! | `bad` | 12 | `cost > 0` and `max(tat, now) + cost > now + burst` |
//! | `at_account`, `sent` | 15 | the operation sends: the time becomes `max(tat, now) + cost`, at most 2^48 - 1 |
//!
//! ```text
//! clock    _/1\_/2\_/3\_/4\_/5\_/6\_/7\_ .. _/12\_ .. _/15\_
//! account  <a >
//! later                 <a >
//! sums                          <a >
//! bad                                       <a  >
//! sent                                                <a  >
//! ```

use crate::gate::ops::{block, value};
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use crate::ram::Ram;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Theoretical arrival times; bits of an account.
    pub struct MessageRate [A] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// The time that becomes 0.
        pub scrub_address: Signal<In, U<20>>,
        /// Account to read.
        pub account: Signal<In, U<A>>,
        /// Card time, microseconds.
        pub now: Signal<In, U<48>>,
        /// Microseconds a message costs.
        pub cost: Signal<In, U<32>>,
        /// Microseconds of credit.
        pub burst: Signal<In, U<32>>,
        /// Theoretical arrival time.
        pub tat: Signal<Out, U<48>>,
        /// The account sends too many messages.
        pub bad: Signal<Out, Bit>,
        /// Account of the operation that ends.
        pub at_account: Signal<In, U<A>>,
        /// It sends.
        pub sent: Signal<In, Bit>,
        greatest: Constant<U<48>> = value(u64::MAX >> 16),
        carry_index: Constant<U<6>> = value(48),
        zero: Constant<U<48>> = value(0),
        tat_ram: Ram<U<48>, A>,
        tat_3: Delay<U<48>, 1>,
        tat_4: Delay<U<48>, 1>,
        now_3: Delay<U<48>, 2>,
        now_4: Delay<U<48>, 1>,
        now_5: Delay<U<48>, 1>,
        cost_5: Delay<U<32>, 3>,
        burst_5: Delay<U<32>, 3>,
        later_reg: DFF<Bit>,
        base_reg: DFF<U<48>>,
        sum_reg: DFF<U<49>>,
        allowed_reg: DFF<U<49>>,
        costs_6: Delay<Bit, 1>,
        bad_line: Delay<Bit, 6>,
        next_line: Delay<U<48>, 9>,
        later: Signal<Local, Bit>,
    }
}

impl<const A: usize> Logic for MessageRate<A> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, tat_ram, tat_3, tat_4, now_3, now_4, now_5, cost_5, burst_5, later_reg, base_reg, sum_reg);
        clock!(self, clock, allowed_reg, costs_6, bad_line, next_line);
        // clock 1 to 3
        self.tat_ram.read_address.next = self.account.val();
        self.tat.next = self.tat_ram.read_data.val();
        self.tat_3.data.next = self.tat_ram.read_data.val();
        self.now_3.data.next = self.now.val();
        self.cost_5.data.next = self.cost.val();
        self.burst_5.data.next = self.burst.val();
        // 3 to 4: which is later
        self.later_reg.d.next = self.tat_3.delayed.val() > self.now_3.delayed.val();
        self.tat_4.data.next = self.tat_3.delayed.val();
        self.now_4.data.next = self.now_3.delayed.val();
        // 4 to 5
        self.later.next = self.later_reg.q.val();
        self.base_reg.d.next = self.now_4.delayed.val();
        if self.later.val() {
            self.base_reg.d.next = self.tat_4.delayed.val();
        }
        self.now_5.data.next = self.now_4.delayed.val();
        // 5 to 6
        self.sum_reg.d.next =
            unsigned_cast::<49, 48>(self.base_reg.q.val()) + unsigned_cast::<49, 32>(self.cost_5.delayed.val());
        self.allowed_reg.d.next =
            unsigned_cast::<49, 48>(self.now_5.delayed.val()) + unsigned_cast::<49, 32>(self.burst_5.delayed.val());
        self.costs_6.data.next = self.cost_5.delayed.val().any();
        // 6
        self.bad_line.data.next = self.costs_6.delayed.val() & (self.sum_reg.q.val() > self.allowed_reg.q.val());
        self.bad.next = self.bad_line.delayed.val();
        self.next_line.data.next = self.sum_reg.q.val().get_bits::<48>(0);
        if self.sum_reg.q.val().get_bit(self.carry_index.val().index()) {
            self.next_line.data.next = self.greatest.val();
        }
        // 15
        self.tat_ram.write_enable.next = self.sent.val() | self.scrub.val();
        self.tat_ram.write_address.next = self.at_account.val();
        self.tat_ram.write_data.next = self.next_line.delayed.val();
        if self.scrub.val() {
            self.tat_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.tat_ram.write_data.next = self.zero.val();
        }
    }
}
