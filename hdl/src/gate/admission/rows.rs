//! [`Rows`]: the static rows that admission reads: limits of an instrument, limits of an account.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | every row becomes absent |
//! | `row_0` .. `row_2`, `row_limits`, `row_account` | | a row of the control stream: INSTRUMENT_LIMITS, ACCOUNT |
//! | `instrument`, `account` | 1 | what to read |
//! | `notional_max`, `touch_ticks`, `known` | 2 | INSTRUMENT_LIMITS; it has a row |
//! | `open_orders_max`, `cost`, `burst` | 2 | ACCOUNT |
//!
//! Latency: 1 clock. A row is seen by reads from the next clock on.
//!
//! ```text
//! clock       _/1\_/2\_
//! instrument  <a >
//! known            <a >
//! ```

use crate::gate::ops::{block, place, value};
use crate::int::{unsigned_cast, U};
use crate::ram::Ram;
use crossgate_contract::command::{Account, InstrumentLimits};
use rust_hdl_core::prelude::*;

block! {
    /// Limits of instruments and accounts; bits of an account and of an instrument.
    pub struct Rows [A, N] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// The row that becomes absent.
        pub scrub_address: Signal<In, U<20>>,
        /// Word 0 of the row.
        pub row_0: Signal<In, U<64>>,
        /// Word 1.
        pub row_1: Signal<In, U<64>>,
        /// Word 2.
        pub row_2: Signal<In, U<64>>,
        /// It is an INSTRUMENT_LIMITS.
        pub row_limits: Signal<In, Bit>,
        /// It is an ACCOUNT.
        pub row_account: Signal<In, Bit>,
        /// Account to read.
        pub account: Signal<In, U<A>>,
        /// Instrument to read.
        pub instrument: Signal<In, U<N>>,
        /// Greatest lots times price.
        pub notional_max: Signal<Out, U<64>>,
        /// Native ticks of a book tick, 0: no touch test.
        pub touch_ticks: Signal<Out, U<16>>,
        /// The instrument has a row.
        pub known: Signal<Out, Bit>,
        /// Most open orders.
        pub open_orders_max: Signal<Out, U<16>>,
        /// Microseconds a message costs.
        pub cost: Signal<Out, U<32>>,
        /// Microseconds of credit.
        pub burst: Signal<Out, U<32>>,
        at_instrument: Constant<U<6>> = place(&[&InstrumentLimits::LAYOUT], "instrument", 0, 16),
        at_notional: Constant<U<6>> = place(&[&InstrumentLimits::LAYOUT], "notional_max", 1, 64),
        at_touch: Constant<U<6>> = place(&[&InstrumentLimits::LAYOUT], "touch_ticks", 2, 16),
        at_account: Constant<U<6>> = place(&[&Account::LAYOUT], "account", 0, 16),
        at_open: Constant<U<6>> = place(&[&Account::LAYOUT], "open_orders_max", 1, 16),
        at_cost: Constant<U<6>> = place(&[&Account::LAYOUT], "message_cost_us", 2, 32),
        at_burst: Constant<U<6>> = place(&[&Account::LAYOUT], "message_burst_us", 2, 32),
        present: Constant<U<17>> = value(1 << 16),
        present_index: Constant<U<5>> = value(16),
        zero_16: Constant<U<16>> = value(0),
        zero_17: Constant<U<17>> = value(0),
        zero_32: Constant<U<32>> = value(0),
        zero_64: Constant<U<64>> = value(0),
        notional_ram: Ram<U<64>, N>,
        touch_ram: Ram<U<17>, N>,
        open_ram: Ram<U<16>, A>,
        cost_ram: Ram<U<32>, A>,
        burst_ram: Ram<U<32>, A>,
        to_instrument: Signal<Local, U<N>>,
        to_account: Signal<Local, U<A>>,
    }
}

impl<const A: usize, const N: usize> Logic for Rows<A, N> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, notional_ram, touch_ram, open_ram, cost_ram, burst_ram);
        self.to_instrument.next = self.row_0.val().get_bits::<N>(self.at_instrument.val().index());
        self.to_account.next = self.row_0.val().get_bits::<A>(self.at_account.val().index());
        self.notional_ram.write_data.next = self.row_1.val() >> self.at_notional.val();
        self.touch_ram.write_data.next =
            unsigned_cast::<17, 16>(self.row_2.val().get_bits::<16>(self.at_touch.val().index())) | self.present.val();
        self.open_ram.write_data.next = self.row_1.val().get_bits::<16>(self.at_open.val().index());
        self.cost_ram.write_data.next = self.row_2.val().get_bits::<32>(self.at_cost.val().index());
        self.burst_ram.write_data.next = self.row_2.val().get_bits::<32>(self.at_burst.val().index());
        if self.scrub.val() {
            self.to_instrument.next = self.scrub_address.val().get_bits::<N>(0);
            self.to_account.next = self.scrub_address.val().get_bits::<A>(0);
            self.notional_ram.write_data.next = self.zero_64.val();
            self.touch_ram.write_data.next = self.zero_17.val();
            self.open_ram.write_data.next = self.zero_16.val();
            self.cost_ram.write_data.next = self.zero_32.val();
            self.burst_ram.write_data.next = self.zero_32.val();
        }
        self.notional_ram.write_enable.next = self.row_limits.val() | self.scrub.val();
        self.notional_ram.write_address.next = self.to_instrument.val();
        self.notional_ram.read_address.next = self.instrument.val();
        self.touch_ram.write_enable.next = self.row_limits.val() | self.scrub.val();
        self.touch_ram.write_address.next = self.to_instrument.val();
        self.touch_ram.read_address.next = self.instrument.val();
        self.open_ram.write_enable.next = self.row_account.val() | self.scrub.val();
        self.open_ram.write_address.next = self.to_account.val();
        self.open_ram.read_address.next = self.account.val();
        self.cost_ram.write_enable.next = self.row_account.val() | self.scrub.val();
        self.cost_ram.write_address.next = self.to_account.val();
        self.cost_ram.read_address.next = self.account.val();
        self.burst_ram.write_enable.next = self.row_account.val() | self.scrub.val();
        self.burst_ram.write_address.next = self.to_account.val();
        self.burst_ram.read_address.next = self.account.val();
        self.notional_max.next = self.notional_ram.read_data.val();
        self.touch_ticks.next = self.touch_ram.read_data.val().get_bits::<16>(0);
        self.known.next = self.touch_ram.read_data.val().get_bit(self.present_index.val().index());
        self.open_orders_max.next = self.open_ram.read_data.val();
        self.cost.next = self.cost_ram.read_data.val();
        self.burst.next = self.burst_ram.read_data.val();
    }
}
