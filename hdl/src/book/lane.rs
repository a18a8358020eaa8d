//! One venue of BOOK: which ticks it has, and the quantity at its own best one.
//!
//! Every operation of any venue makes the lane find its own best tick of the operation's {book, side}; only LEVELs of
//! this venue change it. Both sides look for the lowest tick in window order, because bids are stored inverted.
//!
//! ```text
//! clock 0  address of the tick's presence word           (block RAM)
//! clock 1  is the word valid? valid bits updated          (LUT RAM, one clock)
//! clock 2  word changed; the last three changes forwarded
//! clock 3  word written; lowest tick of the word
//! clock 4  row of words that have a tick, changed         (LUT RAM, one clock)
//! clock 5  first word in window order; lowest ticks of all words changed (LUT RAM, one bit plane a tick bit)
//! clock 6  the lane's best tick
//! clock 7  quantity read and written                      (block RAM)
//! clock 9  quantity at the best tick
//! ```
//!
//! Invariants: a word whose valid bit is 0 has no tick, whatever its memory holds, so VENUE_RESET and SLIDE are one
//! operation a side. A quantity is read only where a tick is present, so it was written since. The quantity read of an
//! operation leaves on the edge of its own write, which is bypassed; later writes come after it.

use crate::int::{unsigned_cast, U};
use crate::leaf::{Delay, Fixed, IndexMasks, Many, Powers};
use crate::ram::{LutRam, Ram};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Controls in, key and quantity of the venue's best tick out.
#[derive(LogicBlock, Default)]
pub struct Lane<
    const BS: usize,
    const WL: usize,
    const WORDS: usize,
    const LB: usize,
    const WB: usize,
    const TL: usize,
    const KEY: usize,
    const WA: usize,
    const QA: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// {book, side, word}.
    pub address_0: Signal<In, U<WA>>,
    /// {book, side}.
    pub row_1: Signal<In, U<BS>>,
    /// The operation is a LEVEL of this venue.
    pub mine_1: Signal<In, Bit>,
    /// The operation is a VENUE_RESET of this venue.
    pub purge_1: Signal<In, Bit>,
    /// Words that keep their contents.
    pub kept_1: Signal<In, U<WORDS>>,
    /// The word of the tick.
    pub word_1: Signal<In, U<WORDS>>,
    /// The operation before goes to the same word.
    pub same_1_2: Signal<In, Bit>,
    /// The one before that.
    pub same_2_2: Signal<In, Bit>,
    /// And the one before that.
    pub same_3_2: Signal<In, Bit>,
    /// Ticks of the word that stay.
    pub keep_2: Signal<In, U<WB>>,
    /// Ticks of the word that appear.
    pub set_2: Signal<In, U<WB>>,
    /// {book, side, word}.
    pub address_3: Signal<In, U<WA>>,
    /// A LEVEL of this venue.
    pub mine_3: Signal<In, Bit>,
    /// A walk.
    pub walk_4: Signal<In, Bit>,
    /// {book, side}.
    pub row_4: Signal<In, U<BS>>,
    /// A LEVEL of this venue.
    pub mine_4: Signal<In, Bit>,
    /// The word of the tick.
    pub word_4: Signal<In, U<WORDS>>,
    /// Words that the operation may see.
    pub seen_4: Signal<In, U<WORDS>>,
    /// Words from the start of the window to the end of the circle.
    pub high_4: Signal<In, U<WORDS>>,
    /// {book, side}.
    pub row_5: Signal<In, U<BS>>,
    /// A LEVEL of this venue.
    pub mine_5: Signal<In, Bit>,
    /// The venue counts.
    pub enabled_6: Signal<In, Bit>,
    /// {book, side}.
    pub row_7: Signal<In, U<BS>>,
    /// Tick of the operation within the window.
    pub tick_7: Signal<In, U<TL>>,
    /// Quantity of the operation.
    pub quantity_7: Signal<In, U<32>>,
    /// The quantity is stored.
    pub store_7: Signal<In, Bit>,
    /// {none, behind the wrap, tick}: the lowest is the best.
    pub key_7: Signal<Out, U<KEY>>,
    /// Quantity at that tick.
    pub quantity_9: Signal<Out, U<32>>,

    valid: LutRam<U<WORDS>, BS>,
    presence: Ram<U<WB>, WA>,
    rows: LutRam<U<WORDS>, BS>,
    planes: Many<LutRam<U<WORDS>, BS>, LB>,
    quantities: Ram<U<32>, QA>,
    live_2: DFF<Bit>,
    raw_2: DFF<U<WB>>,
    new_3: DFF<U<WB>>,
    new_4: DFF<U<WB>>,
    new_5: DFF<U<WB>>,
    mine_a4: DFF<Bit>,
    mine_a5: DFF<Bit>,
    keeps_4: Delay<U<WORDS>, 3>,
    filled_4: DFF<Bit>,
    lowest_4: DFF<U<WB>>,
    lowest_5: DFF<U<WB>>,
    touched_5: DFF<U<WORDS>>,
    seen_5: DFF<U<WORDS>>,
    high_5: DFF<U<WORDS>>,
    any_6: DFF<Bit>,
    wrapped_6: DFF<Bit>,
    best_6: DFF<U<WORDS>>,
    ticks_6: Many<DFF<U<WORDS>>, LB>,
    keys_7: DFF<U<KEY>>,
    bypass_8: DFF<Bit>,
    passed_8: DFF<U<32>>,
    quantities_9: DFF<U<32>>,

    kept: Signal<Local, U<WORDS>>,
    asked: Signal<Local, U<WORDS>>,
    old: Signal<Local, U<WB>>,
    touched: Signal<Local, U<WORDS>>,
    view: Signal<Local, U<WORDS>>,
    part: Signal<Local, U<WB>>,
    plane: Signal<Local, U<WORDS>>,
    member: Signal<Local, U<WORDS>>,
    tick_6: Signal<Local, U<TL>>,
    row_wide: Signal<Local, U<QA>>,
    row_base: Signal<Local, U<QA>>,
    best_tick: Signal<Local, U<TL>>,
    c_tick: Fixed<U<WB>, 1>,
    c_word: Fixed<U<WORDS>, 1>,
    c_low_bits: Powers<TL, LB, 0>,
    c_high_bits: Powers<TL, WL, LB>,
    c_key_bits: Powers<KEY, 2, TL>,
    c_tick_masks: IndexMasks<WB, LB>,
    c_word_masks: IndexMasks<WORDS, WL>,
    c_tick_bits: Fixed<U<4>, TL>,
}

impl<
        const BS: usize,
        const WL: usize,
        const WORDS: usize,
        const LB: usize,
        const WB: usize,
        const TL: usize,
        const KEY: usize,
        const WA: usize,
        const QA: usize,
    > Logic for Lane<BS, WL, WORDS, LB, WB, TL, KEY, WA, QA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, valid, presence, rows, quantities, live_2, raw_2, new_3, new_4, new_5, mine_a4, mine_a5);
        clock!(self, clock, keeps_4, filled_4, lowest_4, lowest_5, touched_5, seen_5, high_5, any_6, wrapped_6, best_6);
        clock!(self, clock, keys_7, bypass_8, passed_8, quantities_9);

        // clocks 0 and 1: the word, and whether it is valid
        self.presence.read_address.next = self.address_0.val();
        self.raw_2.d.next = self.presence.read_data.val();
        self.kept.next = self.kept_1.val();
        if self.purge_1.val() {
            self.kept.next = 0.into();
        }
        self.valid.read_address.next = self.row_1.val();
        self.valid.write_address.next = self.row_1.val();
        self.valid.write_enable.next = true;
        self.valid.write_data.next = self.valid.read_data.val() & self.kept.val();
        if self.mine_1.val() {
            self.valid.write_data.next = self.valid.read_data.val() | self.word_1.val();
        }
        self.asked.next = self.valid.read_data.val() & self.word_1.val();
        self.live_2.d.next = self.asked.val().any();
        self.keeps_4.data.next = self.kept.val();

        // clock 2: change the word
        self.old.next = self.raw_2.q.val();
        if self.same_3_2.val() & self.mine_a5.q.val() {
            self.old.next = self.new_5.q.val();
        }
        if self.same_2_2.val() & self.mine_a4.q.val() {
            self.old.next = self.new_4.q.val();
        }
        if self.same_1_2.val() & self.mine_3.val() {
            self.old.next = self.new_3.q.val();
        }
        if !self.live_2.q.val() {
            self.old.next = 0.into();
        }
        self.new_3.d.next = (self.old.val() & self.keep_2.val()) | self.set_2.val();

        // clock 3: write it
        self.new_4.d.next = self.new_3.q.val();
        self.new_5.d.next = self.new_4.q.val();
        self.mine_a4.d.next = self.mine_3.val();
        self.mine_a5.d.next = self.mine_a4.q.val();
        self.presence.write_enable.next = self.mine_3.val();
        self.presence.write_address.next = self.address_3.val();
        self.presence.write_data.next = self.new_3.q.val();
        self.filled_4.d.next = self.new_3.q.val().any();
        self.lowest_4.d.next = self.new_3.q.val() & ((!self.new_3.q.val()) + self.c_tick.val());

        // clock 4: the row of words
        self.touched.next = 0.into();
        if self.mine_4.val() | self.walk_4.val() {
            self.touched.next = self.word_4.val();
        }
        self.rows.read_address.next = self.row_4.val();
        self.rows.write_address.next = self.row_4.val();
        self.rows.write_enable.next = !self.walk_4.val();
        self.view.next = self.rows.read_data.val() & self.keeps_4.delayed.val() & (!self.touched.val());
        if self.filled_4.q.val() {
            self.view.next = (self.rows.read_data.val() & self.keeps_4.delayed.val()) | self.touched.val();
        }
        self.rows.write_data.next = self.view.val();
        self.seen_5.d.next = self.view.val() & self.seen_4.val();
        self.high_5.d.next = self.view.val() & self.seen_4.val() & self.high_4.val();
        self.touched_5.d.next = self.touched.val();
        self.lowest_5.d.next = self.lowest_4.q.val();

        // clock 5: the first word; the lowest tick of every word, one plane a bit
        self.any_6.d.next = self.seen_5.q.val().any();
        self.wrapped_6.d.next = !(self.high_5.q.val().any());
        self.best_6.d.next = self.seen_5.q.val() & ((!self.seen_5.q.val()) + self.c_word.val());
        if self.high_5.q.val().any() {
            self.best_6.d.next = self.high_5.q.val() & ((!self.high_5.q.val()) + self.c_word.val());
        }
        for i in 0..LB {
            self.part.next = self.lowest_5.q.val() & self.c_tick_masks[i].val();
            self.planes[i].clock.next = self.clock.val();
            self.planes[i].read_address.next = self.row_5.val();
            self.planes[i].write_address.next = self.row_5.val();
            self.planes[i].write_enable.next = self.mine_5.val();
            self.plane.next = self.planes[i].read_data.val() & (!self.touched_5.q.val());
            if self.part.val().any() {
                self.plane.next = self.planes[i].read_data.val() | self.touched_5.q.val();
            }
            self.planes[i].write_data.next = self.plane.val();
            self.ticks_6[i].clock.next = self.clock.val();
            self.ticks_6[i].d.next = self.plane.val();
        }

        // clock 6: numbers from one-hot words
        self.tick_6.next = 0.into();
        for i in 0..LB {
            self.member.next = self.best_6.q.val() & self.ticks_6[i].q.val();
            if self.member.val().any() {
                self.tick_6.next = self.tick_6.val() | self.c_low_bits[i].val();
            }
        }
        for i in 0..WL {
            self.member.next = self.best_6.q.val() & self.c_word_masks[i].val();
            if self.member.val().any() {
                self.tick_6.next = self.tick_6.val() | self.c_high_bits[i].val();
            }
        }
        self.keys_7.d.next = unsigned_cast::<KEY, TL>(self.tick_6.val());
        if self.wrapped_6.q.val() {
            self.keys_7.d.next = unsigned_cast::<KEY, TL>(self.tick_6.val()) | self.c_key_bits[0].val();
        }
        if !(self.any_6.q.val() & self.enabled_6.val()) {
            self.keys_7.d.next = self.c_key_bits[1].val();
        }

        // clocks 7 to 9: the quantity
        self.key_7.next = self.keys_7.q.val();
        self.best_tick.next = self.keys_7.q.val().get_bits::<TL>(0);
        self.row_wide.next = unsigned_cast::<QA, BS>(self.row_7.val());
        self.row_base.next = self.row_wide.val() << self.c_tick_bits.val();
        self.quantities.read_address.next = self.row_base.val() | unsigned_cast::<QA, TL>(self.best_tick.val());
        self.quantities.write_address.next = self.row_base.val() | unsigned_cast::<QA, TL>(self.tick_7.val());
        self.quantities.write_enable.next = self.store_7.val();
        self.quantities.write_data.next = self.quantity_7.val();
        self.bypass_8.d.next = self.store_7.val() & (self.best_tick.val() == self.tick_7.val());
        self.passed_8.d.next = self.quantity_7.val();
        self.quantities_9.d.next = self.quantities.read_data.val();
        if self.bypass_8.q.val() {
            self.quantities_9.d.next = self.passed_8.q.val();
        }
        self.quantity_9.next = self.quantities_9.q.val();
    }
}
