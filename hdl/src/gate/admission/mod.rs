//! [`Admission`]: the tests of an order that do not value anything: notional, open orders, message rate, ages.
//!
//! It keeps what these tests need: limits of instruments and accounts, open orders and message times of accounts, times of
//! banks, collateral and heartbeats. It decides nothing: each test is a bit for the decision, and state changes only where
//! the decision says so. Invariant: no operation of an account is in the pipeline while another of it is.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | RESET |
//! | `row_0` .. `row_3`, `row_limits`, `row_account`, `row_ages` | | a row of the control stream |
//! | `flip`, `as_of`, `deadline`, `epoch`, `beat*` | | as in [`Ages`] |
//! | `account`, `ledger`, `instrument`, `now` | 1 | the operation: pool and venue ledger, card time |
//! | `venue`, `lots`, `price`, `age_ms` | 2 | of the operation |
//! | `touch_ticks`, `known`, `open_orders`, `tat`, ... | 2 | rows and state, for other tests and READ |
//! | `failed` | 12 | bits of [`FAILED_NOTIONAL`] and the others: which tests failed |
//! | `at_account`, `at_ledger`, `opened`, `freed`, `sent`, `fresh_*` | 15 | what took effect |
//!
//! ```text
//! clock    _/1\_/2\_ .. _/12\_ .. _/15\_
//! account  <a >
//! lots          <a >
//! stale                  <a >
//! opened                           <a >
//! ```

mod age;
mod ages;
mod message_rate;
mod notional;
mod open_orders;
mod rows;

pub use age::Age;
pub use ages::Ages;
pub use message_rate::MessageRate;
pub use notional::Notional;
pub use open_orders::OpenOrders;
pub use rows::Rows;

use crate::gate::ops::{block, value};
use crate::int::U;
use crate::island::Sleeper;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;

/// Bit of `failed`: lots times price exceed the limit.
pub const FAILED_NOTIONAL: usize = 0;
/// Bit of `failed`: too many open orders.
pub const FAILED_OPEN_ORDERS: usize = 1;
/// Bit of `failed`: too many messages.
pub const FAILED_RATE: usize = 2;
/// Bit of `failed`: something is too old.
pub const FAILED_STALE: usize = 3;

block! {
    /// The tests; bits of an account (and of a venue ledger), of an instrument and of a venue.
    pub struct Admission [A, N, V] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// What becomes 0.
        pub scrub_address: Signal<In, U<20>>,
        /// Word 0 of the row.
        pub row_0: Signal<In, U<64>>,
        /// Word 1.
        pub row_1: Signal<In, U<64>>,
        /// Word 2.
        pub row_2: Signal<In, U<64>>,
        /// Word 3.
        pub row_3: Signal<In, U<64>>,
        /// It is an INSTRUMENT_LIMITS.
        pub row_limits: Signal<In, Bit>,
        /// It is an ACCOUNT.
        pub row_account: Signal<In, Bit>,
        /// It is an AGES row.
        pub row_ages: Signal<In, Bit>,
        /// The bank flips.
        pub flip: Signal<In, Bit>,
        /// As-of time of its COMMIT.
        pub as_of: Signal<In, U<48>>,
        /// Deadline of its COMMIT.
        pub deadline: Signal<In, U<48>>,
        /// The active epoch.
        pub epoch: Signal<In, U<32>>,
        /// A HEARTBEAT.
        pub beat: Signal<In, Bit>,
        /// Its venue.
        pub beat_venue: Signal<In, U<V>>,
        /// Its time.
        pub beat_time: Signal<In, U<48>>,
        /// Account of the operation.
        pub account: Signal<In, U<A>>,
        /// Its venue ledger.
        pub ledger: Signal<In, U<A>>,
        /// Its instrument.
        pub instrument: Signal<In, U<N>>,
        /// Card time.
        pub now: Signal<In, U<48>>,
        /// Venue of its instrument.
        pub venue: Signal<In, U<V>>,
        /// Native lots of the command.
        pub lots: Signal<In, U<40>>,
        /// Limit price of the command.
        pub price: Signal<In, U<32>>,
        /// Age of the data of a COLLATERAL, milliseconds.
        pub age_ms: Signal<In, U<16>>,
        /// Greatest lots times price.
        pub notional_max: Signal<Out, U<64>>,
        /// Native ticks of a book tick, 0: no touch test.
        pub touch_ticks: Signal<Out, U<16>>,
        /// The instrument has an INSTRUMENT_LIMITS row.
        pub known: Signal<Out, Bit>,
        /// Open orders of the account.
        pub open_orders: Signal<Out, U<16>>,
        /// Theoretical arrival time of the account.
        pub tat: Signal<Out, U<48>>,
        /// The tests that failed.
        pub failed: Signal<Out, U<4>>,
        /// Account of the operation that ends.
        pub at_account: Signal<In, U<A>>,
        /// Its venue ledger.
        pub at_ledger: Signal<In, U<A>>,
        /// It opened an order.
        pub opened: Signal<In, Bit>,
        /// It freed one.
        pub freed: Signal<In, Bit>,
        /// It sends a message that costs.
        pub sent: Signal<In, Bit>,
        /// It renews the collateral of the pool ledger.
        pub fresh_pool: Signal<In, Bit>,
        /// It renews the collateral of the venue ledger.
        pub fresh_venue: Signal<In, Bit>,
        no_tests: Constant<U<4>> = value(0),
        bit_notional: Constant<U<4>> = value(1 << FAILED_NOTIONAL),
        bit_open_orders: Constant<U<4>> = value(1 << FAILED_OPEN_ORDERS),
        bit_rate: Constant<U<4>> = value(1 << FAILED_RATE),
        bit_stale: Constant<U<4>> = value(1 << FAILED_STALE),
        rows: Sleeper<Rows<A, N>>,
        notional: Sleeper<Notional>,
        orders: Sleeper<OpenOrders<A>>,
        rate: Sleeper<MessageRate<A>>,
        ages: Sleeper<Ages<A, V>>,
        bits: Signal<Local, U<4>>,
    }
}

impl<const A: usize, const N: usize, const V: usize> Logic for Admission<A, N, V> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, rows, notional, orders, rate, ages);
        self.rows.scrub.next = self.scrub.val();
        self.rows.scrub_address.next = self.scrub_address.val();
        self.rows.row_0.next = self.row_0.val();
        self.rows.row_1.next = self.row_1.val();
        self.rows.row_2.next = self.row_2.val();
        self.rows.row_limits.next = self.row_limits.val();
        self.rows.row_account.next = self.row_account.val();
        self.rows.account.next = self.account.val();
        self.rows.instrument.next = self.instrument.val();
        self.notional_max.next = self.rows.notional_max.val();
        self.touch_ticks.next = self.rows.touch_ticks.val();
        self.known.next = self.rows.known.val();
        // notional
        self.notional.lots.next = self.lots.val();
        self.notional.price.next = self.price.val();
        self.notional.limit.next = self.rows.notional_max.val();
        // open orders
        self.orders.scrub.next = self.scrub.val();
        self.orders.scrub_address.next = self.scrub_address.val();
        self.orders.account.next = self.account.val();
        self.orders.limit.next = self.rows.open_orders_max.val();
        self.orders.at_account.next = self.at_account.val();
        self.orders.opened.next = self.opened.val();
        self.orders.freed.next = self.freed.val();
        self.open_orders.next = self.orders.count.val();
        // message rate
        self.rate.scrub.next = self.scrub.val();
        self.rate.scrub_address.next = self.scrub_address.val();
        self.rate.account.next = self.account.val();
        self.rate.now.next = self.now.val();
        self.rate.cost.next = self.rows.cost.val();
        self.rate.burst.next = self.rows.burst.val();
        self.rate.at_account.next = self.at_account.val();
        self.rate.sent.next = self.sent.val();
        self.tat.next = self.rate.tat.val();
        // ages
        self.ages.scrub.next = self.scrub.val();
        self.ages.scrub_address.next = self.scrub_address.val();
        self.ages.row_1.next = self.row_1.val();
        self.ages.row_2.next = self.row_2.val();
        self.ages.row_3.next = self.row_3.val();
        self.ages.row_ages.next = self.row_ages.val();
        self.ages.flip.next = self.flip.val();
        self.ages.as_of.next = self.as_of.val();
        self.ages.deadline.next = self.deadline.val();
        self.ages.epoch.next = self.epoch.val();
        self.ages.beat.next = self.beat.val();
        self.ages.beat_venue.next = self.beat_venue.val();
        self.ages.beat_time.next = self.beat_time.val();
        self.ages.account.next = self.account.val();
        self.ages.ledger.next = self.ledger.val();
        self.ages.now.next = self.now.val();
        self.ages.venue.next = self.venue.val();
        self.ages.age_ms.next = self.age_ms.val();
        self.ages.at_account.next = self.at_account.val();
        self.ages.at_ledger.next = self.at_ledger.val();
        self.ages.fresh_pool.next = self.fresh_pool.val();
        self.ages.fresh_venue.next = self.fresh_venue.val();
        // 12
        self.bits.next = self.no_tests.val();
        if self.notional.above.val() {
            self.bits.next = self.bits.val() | self.bit_notional.val();
        }
        if self.orders.bad.val() {
            self.bits.next = self.bits.val() | self.bit_open_orders.val();
        }
        if self.rate.bad.val() {
            self.bits.next = self.bits.val() | self.bit_rate.val();
        }
        if self.ages.stale.val() {
            self.bits.next = self.bits.val() | self.bit_stale.val();
        }
        self.failed.next = self.bits.val();
    }
}

impl<const A: usize, const N: usize, const V: usize> Clocked for Admission<A, N, V> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
