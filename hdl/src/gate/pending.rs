//! [`Pending`]: replaces that the venue has not answered, and what REPLACE, REPLACED and REFUSED move.
//!
//! A slot holds at most one. REPLACE raises the entry to the worst of old and new; REPLACED and REFUSED bring it down to
//! the one that holds. All three move the open lots of the entry's side from the lots before to those after, and `X` from
//! the leaves and price before to those after; what becomes of it is decided at the end of the pipeline.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `scrub`, `scrub_address` | | nothing is pending |
//! | `slot` | 1 | what to read |
//! | `replace`, `replaced`, `refused` | 2 | the operation; at most one |
//! | `anew`, `lots`, `price`, `cumulative` | 2 | of the command |
//! | `entry_*` | 2 | of the slot |
//! | `read_*` | 2 | what is pending, for READ; 0 if nothing is |
//! | `n`, `leaves_after`, `leaves_before` | 4 | native lots by which the side grows (negative: released), leaves |
//! | `price_after`, `price_before` | 4 | at which the leaves are valued; these five are 0 for every other operation |
//! | `waits` | 14 | one is pending |
//! | `range_bad` | 14 | REPLACE: `anew` is 0 and `lots <= entry_cumulative`, or the lots after reach 2^39 |
//! | `over` | 14 | REPLACED, REFUSED: lots after below the entry's cumulative or above its lots |
//! | `lots_data`, `price_data` | 15 | of the entry after the operation; 0 for every other operation |
//! | `at_slot`, `store`, `clear` | 15 | a REPLACE takes effect; nothing is pending any more |
//!
//! ```text
//! clock    _/1\_/2\_/3\_/4\_ .. _/14\_/15\_
//! slot     <a >
//! lots          <a >
//! n                     <a >
//! over                           <a  >
//! store                                <a  >
//! ```

use super::ops::{block, value};
use crate::int::{signed_cast_from, unsigned_cast, I, U};
use crate::leaf::Delay;
use crate::ram::Ram;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

block! {
    /// Replaces under way; bits of a slot.
    pub struct Pending [S] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrubbing.
        pub scrub: Signal<In, Bit>,
        /// The slot.
        pub scrub_address: Signal<In, U<20>>,
        /// Slot to read.
        pub slot: Signal<In, U<S>>,
        /// The operation is a REPLACE.
        pub replace: Signal<In, Bit>,
        /// A REPLACED.
        pub replaced: Signal<In, Bit>,
        /// A REFUSED.
        pub refused: Signal<In, Bit>,
        /// REPLACE: the venue enters anew.
        pub anew: Signal<In, Bit>,
        /// REPLACE: lots.
        pub lots: Signal<In, U<40>>,
        /// REPLACE: price.
        pub price: Signal<In, U<32>>,
        /// REPLACED: lots filled before.
        pub cumulative: Signal<In, U<40>>,
        /// The order sells.
        pub entry_sells: Signal<In, Bit>,
        /// Its lots.
        pub entry_lots: Signal<In, U<40>>,
        /// Its filled lots.
        pub entry_cumulative: Signal<In, U<40>>,
        /// Its price.
        pub entry_price: Signal<In, U<32>>,
        /// Bit 0 pending, bit 1 anew.
        pub read_flags: Signal<Out, U<2>>,
        /// Lots before the REPLACE.
        pub read_before: Signal<Out, U<40>>,
        /// Lots asked for.
        pub read_asked: Signal<Out, U<40>>,
        /// Price before, from bit 32 the one asked for.
        pub read_prices: Signal<Out, U<64>>,
        /// Lots by which the side grows.
        pub n: Signal<Out, I<41>>,
        /// Leaves after the operation.
        pub leaves_after: Signal<Out, I<41>>,
        /// Leaves before it.
        pub leaves_before: Signal<Out, I<41>>,
        /// Price at which they are valued after.
        pub price_after: Signal<Out, U<32>>,
        /// And before.
        pub price_before: Signal<Out, U<32>>,
        /// A REPLACE is pending.
        pub waits: Signal<Out, Bit>,
        /// The lots of a REPLACE are not possible.
        pub range_bad: Signal<Out, Bit>,
        /// The lots after a REPLACED or REFUSED are not possible.
        pub over: Signal<Out, Bit>,
        /// Lots of the entry after.
        pub lots_data: Signal<Out, U<40>>,
        /// Price of the entry after.
        pub price_data: Signal<Out, U<32>>,
        /// Slot of the operation that ends.
        pub at_slot: Signal<In, U<S>>,
        /// It is a REPLACE that takes effect.
        pub store: Signal<In, Bit>,
        /// Nothing is pending there any more.
        pub clear: Signal<In, Bit>,
        pending_bit: Constant<U<2>> = value(1),
        anew_bit: Constant<U<2>> = value(2),
        half: Constant<U<6>> = value(32),
        zero_2: Constant<U<2>> = value(0),
        zero_32: Constant<U<32>> = value(0),
        zero_40: Constant<U<40>> = value(0),
        zero_41: Constant<U<41>> = value(0),
        sign_index: Constant<U<6>> = value(40),
        zero_64: Constant<U<64>> = value(0),
        flags_ram: Ram<U<2>, S>,
        before_ram: Ram<U<40>, S>,
        asked_ram: Ram<U<40>, S>,
        prices_ram: Ram<U<64>, S>,
        base_reg: DFF<U<41>>,
        added_reg: DFF<U<41>>,
        greatest_reg: DFF<Bit>,
        entry_lots_3: Delay<U<40>, 1>,
        filled_3: Delay<U<40>, 1>,
        sells_3: Delay<Bit, 1>,
        replace_3: Delay<Bit, 1>,
        acts_3: Delay<Bit, 1>,
        entry_price_3: Delay<U<32>, 1>,
        other_price_reg: DFF<U<32>>,
        short_line: Delay<Bit, 11>,
        waits_line: Delay<Bit, 12>,
        n_reg: DFF<U<41>>,
        after_reg: DFF<U<41>>,
        before_reg: DFF<U<41>>,
        top_reg: DFF<U<41>>,
        price_after_reg: DFF<U<32>>,
        price_before_reg: DFF<U<32>>,
        price_line: Delay<U<32>, 11>,
        lots_line: Delay<U<40>, 11>,
        large_line: Delay<Bit, 10>,
        over_line: Delay<Bit, 10>,
        flags_line: Delay<U<2>, 13>,
        before_line: Delay<U<40>, 13>,
        asked_line: Delay<U<40>, 13>,
        prices_line: Delay<U<64>, 13>,
        pending: Signal<Local, Bit>,
        price_wide: Signal<Local, U<64>>,
        entry_lots_41: Signal<Local, U<41>>,
        filled_41: Signal<Local, U<41>>,
        more: Signal<Local, U<41>>,
        dearer: Signal<Local, Bit>,
        rises: Signal<Local, Bit>,
    }
}

impl<const S: usize> Logic for Pending<S> {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, flags_ram, before_ram, asked_ram, prices_ram, base_reg, added_reg, greatest_reg);
        clock!(self, clock, entry_lots_3, filled_3, sells_3, replace_3, entry_price_3, other_price_reg, short_line);
        clock!(self, clock, waits_line, n_reg, after_reg, before_reg, top_reg, price_after_reg, price_before_reg);
        clock!(self, clock, price_line, lots_line, large_line, over_line, acts_3, flags_line, before_line);
        clock!(self, clock, asked_line, prices_line);
        // clock 1 to 2
        self.flags_ram.read_address.next = self.slot.val();
        self.before_ram.read_address.next = self.slot.val();
        self.asked_ram.read_address.next = self.slot.val();
        self.prices_ram.read_address.next = self.slot.val();
        self.pending.next = self.flags_ram.read_data.val().get_bit(0);
        self.read_flags.next = self.zero_2.val();
        self.read_before.next = self.zero_40.val();
        self.read_asked.next = self.zero_40.val();
        self.read_prices.next = self.zero_64.val();
        if self.pending.val() {
            self.read_flags.next = self.flags_ram.read_data.val();
            self.read_before.next = self.before_ram.read_data.val();
            self.read_asked.next = self.asked_ram.read_data.val();
            self.read_prices.next = self.prices_ram.read_data.val();
        }
        // 2 to 3: the lots after are the sum of two numbers, or the greater of them
        self.base_reg.d.next = unsigned_cast::<41, 40>(self.entry_lots.val());
        self.added_reg.d.next = unsigned_cast::<41, 40>(self.lots.val());
        self.other_price_reg.d.next = self.price.val();
        if self.replaced.val() {
            self.base_reg.d.next = unsigned_cast::<41, 40>(self.asked_ram.read_data.val());
            self.added_reg.d.next = self.zero_41.val();
            if self.flags_ram.read_data.val().get_bit(1) {
                self.added_reg.d.next = unsigned_cast::<41, 40>(self.cumulative.val());
            }
            self.other_price_reg.d.next = self.prices_ram.read_data.val().get_bits::<32>(32);
        }
        if self.refused.val() {
            self.base_reg.d.next = unsigned_cast::<41, 40>(self.before_ram.read_data.val());
            self.added_reg.d.next = self.zero_41.val();
            self.other_price_reg.d.next = self.prices_ram.read_data.val().get_bits::<32>(0);
        }
        self.greatest_reg.d.next = self.replace.val() & !self.anew.val();
        self.replace_3.data.next = self.replace.val();
        self.acts_3.data.next = self.replace.val() | (self.replaced.val() | self.refused.val());
        self.sells_3.data.next = self.entry_sells.val();
        self.entry_lots_3.data.next = self.entry_lots.val();
        self.filled_3.data.next = self.entry_cumulative.val();
        self.entry_price_3.data.next = self.entry_price.val();
        self.waits_line.data.next = self.pending.val();
        self.flags_line.data.next = self.pending_bit.val();
        if self.anew.val() {
            self.flags_line.data.next = self.pending_bit.val() | self.anew_bit.val();
        }
        self.before_line.data.next = self.entry_lots.val();
        self.asked_line.data.next = self.lots.val();
        self.price_wide.next = unsigned_cast::<64, 32>(self.price.val());
        self.prices_line.data.next =
            (self.price_wide.val() << self.half.val()) | unsigned_cast::<64, 32>(self.entry_price.val());
        // 3 to 4
        self.entry_lots_41.next = unsigned_cast::<41, 40>(self.entry_lots_3.delayed.val());
        self.filled_41.next = unsigned_cast::<41, 40>(self.filled_3.delayed.val());
        self.more.next = self.added_reg.q.val() - self.base_reg.q.val();
        self.top_reg.d.next = self.base_reg.q.val() + self.added_reg.q.val();
        self.n_reg.d.next = self.base_reg.q.val() + self.added_reg.q.val() - self.entry_lots_41.val();
        self.after_reg.d.next = self.base_reg.q.val() + self.added_reg.q.val() - self.filled_41.val();
        if self.greatest_reg.q.val() {
            self.top_reg.d.next = self.added_reg.q.val();
            self.n_reg.d.next = self.more.val();
            self.after_reg.d.next = self.added_reg.q.val() - self.filled_41.val();
            if self.more.val().get_bit(self.sign_index.val().index()) {
                self.top_reg.d.next = self.base_reg.q.val();
                self.n_reg.d.next = self.zero_41.val();
                self.after_reg.d.next = self.base_reg.q.val() - self.filled_41.val();
            }
        }
        self.before_reg.d.next = self.entry_lots_41.val() - self.filled_41.val();
        self.short_line.data.next = self.greatest_reg.q.val() & (self.added_reg.q.val() <= self.filled_41.val());
        self.dearer.next = self.other_price_reg.q.val() > self.entry_price_3.delayed.val();
        self.price_after_reg.d.next = self.other_price_reg.q.val();
        if self.replace_3.delayed.val() & (self.dearer.val() == self.sells_3.delayed.val()) {
            self.price_after_reg.d.next = self.entry_price_3.delayed.val();
        }
        self.price_before_reg.d.next = self.entry_price_3.delayed.val();
        if !self.acts_3.delayed.val() {
            self.top_reg.d.next = self.zero_41.val();
            self.n_reg.d.next = self.zero_41.val();
            self.after_reg.d.next = self.zero_41.val();
            self.before_reg.d.next = self.zero_41.val();
            self.price_after_reg.d.next = self.zero_32.val();
            self.price_before_reg.d.next = self.zero_32.val();
        }
        // 4
        self.n.next = signed_cast_from(self.n_reg.q.val());
        self.leaves_after.next = signed_cast_from(self.after_reg.q.val());
        self.leaves_before.next = signed_cast_from(self.before_reg.q.val());
        self.price_after.next = self.price_after_reg.q.val();
        self.price_before.next = self.price_before_reg.q.val();
        self.price_line.data.next = self.price_after_reg.q.val();
        self.lots_line.data.next = self.top_reg.q.val().get_bits::<40>(0);
        self.large_line.data.next = self.top_reg.q.val().get_bits::<2>(39).any();
        self.rises.next = !self.n_reg.q.val().get_bit(self.sign_index.val().index()) & self.n_reg.q.val().any();
        self.over_line.data.next = self.after_reg.q.val().get_bit(self.sign_index.val().index()) | self.rises.val();
        // 14
        self.waits.next = self.waits_line.delayed.val();
        self.range_bad.next = self.short_line.delayed.val() | self.large_line.delayed.val();
        self.over.next = self.over_line.delayed.val();
        // 15
        self.lots_data.next = self.lots_line.delayed.val();
        self.price_data.next = self.price_line.delayed.val();
        self.flags_ram.write_enable.next = self.store.val() | (self.clear.val() | self.scrub.val());
        self.flags_ram.write_address.next = self.at_slot.val();
        self.flags_ram.write_data.next = self.zero_2.val();
        if self.store.val() {
            self.flags_ram.write_data.next = self.flags_line.delayed.val();
        }
        if self.scrub.val() {
            self.flags_ram.write_address.next = self.scrub_address.val().get_bits::<S>(0);
            self.flags_ram.write_data.next = self.zero_2.val();
        }
        self.before_ram.write_enable.next = self.store.val();
        self.before_ram.write_address.next = self.at_slot.val();
        self.before_ram.write_data.next = self.before_line.delayed.val();
        self.asked_ram.write_enable.next = self.store.val();
        self.asked_ram.write_address.next = self.at_slot.val();
        self.asked_ram.write_data.next = self.asked_line.delayed.val();
        self.prices_ram.write_enable.next = self.store.val();
        self.prices_ram.write_address.next = self.at_slot.val();
        self.prices_ram.write_data.next = self.prices_line.delayed.val();
    }
}

impl<const S: usize> Clocked for Pending<S> {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
