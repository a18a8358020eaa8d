//! [`Ages`]: whether the bank, its collateral or the venue's heartbeat is too old, or the bank is past its deadline.
//!
//! The time of a ledger's collateral is that of its last COLLATERAL if it came since the flip, else that of the bank: a
//! stored time carries the epoch under which it was published, and epochs only rise.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | every time and limit becomes 0 |
//! | `row_1` .. `row_3`, `row_ages` | | an AGES row |
//! | `flip`, `as_of`, `deadline`, `epoch` | | the bank flips to one with these times; the active epoch |
//! | `beat`, `beat_venue`, `beat_time` | | a HEARTBEAT |
//! | `account`, `ledger`, `now` | 1 | pool ledger, venue ledger; card time |
//! | `venue`, `age_ms` | 2 | of the instrument; of a COLLATERAL |
//! | `stale` | 12 | one of the ages is above its limit, or `deadline != 0` and `now > deadline` |
//! | `at_account`, `at_ledger`, `fresh_pool`, `fresh_venue` | 15 | a COLLATERAL for the pool or venue ledger took effect |
//!
//! ```text
//! clock    _/1\_/2\_/3\_/4\_/5\_/6\_ .. _/12\_ .. _/15\_
//! account  <a >
//! since                 <a >
//! over                          <a >
//! stale                                 <a  >
//! fresh                                           <a  >
//! ```

use super::age::Age;
use crate::gate::ops::{block, place, value};
use crate::int::{unsigned_cast, U};
use crate::leaf::Delay;
use crate::ram::{LutRam, Ram};
use crossgate_contract::command::Ages as AgesRow;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Ages; bits of an account (and of a venue ledger) and of a venue.
    pub struct Ages [A, V] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// What becomes 0.
        pub scrub_address: Signal<In, U<20>>,
        /// Word 1 of the row.
        pub row_1: Signal<In, U<64>>,
        /// Word 2.
        pub row_2: Signal<In, U<64>>,
        /// Word 3.
        pub row_3: Signal<In, U<64>>,
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
        /// Card time.
        pub now: Signal<In, U<48>>,
        /// Venue of its instrument.
        pub venue: Signal<In, U<V>>,
        /// Age of the data of a COLLATERAL, milliseconds.
        pub age_ms: Signal<In, U<16>>,
        /// Something is too old.
        pub stale: Signal<Out, Bit>,
        /// Account of the operation that ends.
        pub at_account: Signal<In, U<A>>,
        /// Its venue ledger.
        pub at_ledger: Signal<In, U<A>>,
        /// It renews the collateral of the pool ledger.
        pub fresh_pool: Signal<In, Bit>,
        /// It renews the collateral of the venue ledger.
        pub fresh_venue: Signal<In, Bit>,
        at_bank: Constant<U<6>> = place(&[&AgesRow::LAYOUT], "bank_us", 1, 48),
        at_collateral: Constant<U<6>> = place(&[&AgesRow::LAYOUT], "collateral_us", 2, 48),
        at_heartbeat: Constant<U<6>> = place(&[&AgesRow::LAYOUT], "heartbeat_us", 3, 48),
        borrow_index: Constant<U<6>> = value(48),
        shift_10: Constant<U<4>> = value(10),
        shift_4: Constant<U<4>> = value(4),
        shift_3: Constant<U<4>> = value(3),
        zero_32: Constant<U<32>> = value(0),
        zero_48: Constant<U<48>> = value(0),
        bank_limit_reg: DFF<U<48>>,
        collateral_limit_reg: DFF<U<48>>,
        heartbeat_limit_reg: DFF<U<48>>,
        as_of_reg: DFF<U<48>>,
        deadline_reg: DFF<U<48>>,
        beat_ram: LutRam<U<48>, V>,
        pool_epoch_ram: Ram<U<32>, A>,
        pool_time_ram: Ram<U<48>, A>,
        venue_epoch_ram: Ram<U<32>, A>,
        venue_time_ram: Ram<U<48>, A>,
        pool_epoch_3: Delay<U<32>, 1>,
        pool_time_3: Delay<U<48>, 1>,
        venue_epoch_3: Delay<U<32>, 1>,
        venue_time_3: Delay<U<48>, 1>,
        venue_3: Delay<U<V>, 1>,
        now_4: Delay<U<48>, 3>,
        now_6: Delay<U<48>, 2>,
        pool_since_reg: DFF<U<48>>,
        venue_since_reg: DFF<U<48>>,
        beat_since_reg: DFF<U<48>>,
        bank_age: Age,
        pool_age: Age,
        venue_age: Age,
        beat_age: Age,
        past_reg: DFF<Bit>,
        past_6: Delay<Bit, 1>,
        stale_line: Delay<Bit, 6>,
        age_3: Delay<U<16>, 1>,
        thousand_a_reg: DFF<U<26>>,
        eighth_4: Delay<U<26>, 1>,
        thousand_reg: DFF<U<26>>,
        thousand_6: Delay<U<26>, 1>,
        since_reg: DFF<U<49>>,
        since_line: Delay<U<48>, 8>,
        age_26: Signal<Local, U<26>>,
    }
}

impl<const A: usize, const V: usize> Logic for Ages<A, V> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, bank_limit_reg, collateral_limit_reg, heartbeat_limit_reg, as_of_reg, deadline_reg);
        clock!(self, clock, beat_ram, pool_epoch_ram, pool_time_ram, venue_epoch_ram, venue_time_ram, pool_epoch_3);
        clock!(self, clock, pool_time_3, venue_epoch_3, venue_time_3, venue_3, now_4, now_6, pool_since_reg);
        clock!(self, clock, venue_since_reg, beat_since_reg, bank_age, pool_age, venue_age, beat_age, past_reg, past_6);
        clock!(self, clock, stale_line, age_3, thousand_a_reg, eighth_4, thousand_reg, thousand_6, since_reg);
        clock!(self, clock, since_line);
        // rows, flips, heartbeats
        if self.row_ages.val() {
            self.bank_limit_reg.d.next = self.row_1.val().get_bits::<48>(self.at_bank.val().index());
            self.collateral_limit_reg.d.next = self.row_2.val().get_bits::<48>(self.at_collateral.val().index());
            self.heartbeat_limit_reg.d.next = self.row_3.val().get_bits::<48>(self.at_heartbeat.val().index());
        }
        if self.flip.val() {
            self.as_of_reg.d.next = self.as_of.val();
            self.deadline_reg.d.next = self.deadline.val();
        }
        self.beat_ram.write_enable.next = self.beat.val() | self.scrub.val();
        self.beat_ram.write_address.next = self.beat_venue.val();
        self.beat_ram.write_data.next = self.beat_time.val();
        if self.scrub.val() {
            self.bank_limit_reg.d.next = self.zero_48.val();
            self.collateral_limit_reg.d.next = self.zero_48.val();
            self.heartbeat_limit_reg.d.next = self.zero_48.val();
            self.as_of_reg.d.next = self.zero_48.val();
            self.deadline_reg.d.next = self.zero_48.val();
            self.beat_ram.write_address.next = self.scrub_address.val().get_bits::<V>(0);
            self.beat_ram.write_data.next = self.zero_48.val();
        }
        // clock 1 to 3
        self.pool_epoch_ram.read_address.next = self.account.val();
        self.pool_time_ram.read_address.next = self.account.val();
        self.venue_epoch_ram.read_address.next = self.ledger.val();
        self.venue_time_ram.read_address.next = self.ledger.val();
        self.pool_epoch_3.data.next = self.pool_epoch_ram.read_data.val();
        self.pool_time_3.data.next = self.pool_time_ram.read_data.val();
        self.venue_epoch_3.data.next = self.venue_epoch_ram.read_data.val();
        self.venue_time_3.data.next = self.venue_time_ram.read_data.val();
        self.venue_3.data.next = self.venue.val();
        self.now_4.data.next = self.now.val();
        // 3 to 4: when each began
        self.pool_since_reg.d.next = self.as_of_reg.q.val();
        if self.pool_epoch_3.delayed.val() == self.epoch.val() {
            self.pool_since_reg.d.next = self.pool_time_3.delayed.val();
        }
        self.venue_since_reg.d.next = self.as_of_reg.q.val();
        if self.venue_epoch_3.delayed.val() == self.epoch.val() {
            self.venue_since_reg.d.next = self.venue_time_3.delayed.val();
        }
        self.beat_ram.read_address.next = self.venue_3.delayed.val();
        self.beat_since_reg.d.next = self.beat_ram.read_data.val();
        // 4 to 6
        self.bank_age.now.next = self.now_4.delayed.val();
        self.bank_age.since.next = self.as_of_reg.q.val();
        self.bank_age.limit.next = self.bank_limit_reg.q.val();
        self.pool_age.now.next = self.now_4.delayed.val();
        self.pool_age.since.next = self.pool_since_reg.q.val();
        self.pool_age.limit.next = self.collateral_limit_reg.q.val();
        self.venue_age.now.next = self.now_4.delayed.val();
        self.venue_age.since.next = self.venue_since_reg.q.val();
        self.venue_age.limit.next = self.collateral_limit_reg.q.val();
        self.beat_age.now.next = self.now_4.delayed.val();
        self.beat_age.since.next = self.beat_since_reg.q.val();
        self.beat_age.limit.next = self.heartbeat_limit_reg.q.val();
        self.past_reg.d.next = (self.now_4.delayed.val() > self.deadline_reg.q.val()) & self.deadline_reg.q.val().any();
        self.past_6.data.next = self.past_reg.q.val();
        // 6 to 12
        self.stale_line.data.next = (self.bank_age.over.val() | self.pool_age.over.val())
            | ((self.venue_age.over.val() | self.beat_age.over.val()) | self.past_6.delayed.val());
        self.stale.next = self.stale_line.delayed.val();
        // a COLLATERAL: 1000 = 1024 - 16 - 8; 2 to 7
        self.age_3.data.next = self.age_ms.val();
        self.age_26.next = unsigned_cast::<26, 16>(self.age_3.delayed.val());
        self.thousand_a_reg.d.next =
            (self.age_26.val() << self.shift_10.val()) - (self.age_26.val() << self.shift_4.val());
        self.eighth_4.data.next = self.age_26.val() << self.shift_3.val();
        self.thousand_reg.d.next = self.thousand_a_reg.q.val() - self.eighth_4.delayed.val();
        self.thousand_6.data.next = self.thousand_reg.q.val();
        self.now_6.data.next = self.now_4.delayed.val();
        self.since_reg.d.next =
            unsigned_cast::<49, 48>(self.now_6.delayed.val()) - unsigned_cast::<49, 26>(self.thousand_6.delayed.val());
        self.since_line.data.next = self.since_reg.q.val().get_bits::<48>(0);
        if self.since_reg.q.val().get_bit(self.borrow_index.val().index()) {
            self.since_line.data.next = self.zero_48.val();
        }
        // 15
        self.pool_epoch_ram.write_enable.next = self.fresh_pool.val() | self.scrub.val();
        self.pool_epoch_ram.write_address.next = self.at_account.val();
        self.pool_epoch_ram.write_data.next = self.epoch.val();
        self.pool_time_ram.write_enable.next = self.fresh_pool.val() | self.scrub.val();
        self.pool_time_ram.write_address.next = self.at_account.val();
        self.pool_time_ram.write_data.next = self.since_line.delayed.val();
        self.venue_epoch_ram.write_enable.next = self.fresh_venue.val() | self.scrub.val();
        self.venue_epoch_ram.write_address.next = self.at_ledger.val();
        self.venue_epoch_ram.write_data.next = self.epoch.val();
        self.venue_time_ram.write_enable.next = self.fresh_venue.val() | self.scrub.val();
        self.venue_time_ram.write_address.next = self.at_ledger.val();
        self.venue_time_ram.write_data.next = self.since_line.delayed.val();
        if self.scrub.val() {
            self.pool_epoch_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.pool_epoch_ram.write_data.next = self.zero_32.val();
            self.pool_time_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.pool_time_ram.write_data.next = self.zero_48.val();
            self.venue_epoch_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.venue_epoch_ram.write_data.next = self.zero_32.val();
            self.venue_time_ram.write_address.next = self.scrub_address.val().get_bits::<A>(0);
            self.venue_time_ram.write_data.next = self.zero_48.val();
        }
    }
}
