//! The part of BOOK's pipeline that all venues share: window check, masks of words and ticks, hazard flags, enabled
//! venues.
//!
//! A suffix is the clock of the operation in which a value is seen; the operation is on the inputs in clock 0.
//!
//! ```text
//! clock 1  base of {book, side} read (SLIDE: written); is the tick in the window?
//! clock 2  masks of the tick's word; words from the window's start on
//! clock 3  words that a walk may see
//! clock 5  enabled venues read, changed
//! ```

use super::op::Op;
use crate::int::{unsigned_cast, U};
use crate::leaf::{Delay, Fixed};
use crate::ram::LutRam;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Operations in, controls of the lanes and of the merge out.
#[derive(LogicBlock, Default)]
pub struct Control<
    const V: usize,
    const BB: usize,
    const BS: usize,
    const WL: usize,
    const WORDS: usize,
    const LB: usize,
    const WB: usize,
    const TL: usize,
    const UP: usize,
    const WA: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// The operation.
    pub op: Signal<In, Op>,
    /// Its side: 0 bid, 1 ask.
    pub side: Signal<In, Bit>,
    /// Its book.
    pub book: Signal<In, U<BB>>,
    /// Its venue, one-hot.
    pub venue: Signal<In, U<V>>,
    /// Its tick.
    pub key: Signal<In, U<32>>,
    /// Quantity or enabled venues.
    pub quantity: Signal<In, U<32>>,
    /// Words that keep their contents.
    pub kept: Signal<In, U<WORDS>>,
    /// {book, side, word}.
    pub address_0: Signal<Out, U<WA>>,
    /// {book, side}.
    pub row_1: Signal<Out, U<BS>>,
    /// The venue of a LEVEL.
    pub mine_1: Signal<Out, U<V>>,
    /// The venue of a VENUE_RESET.
    pub purge_1: Signal<Out, U<V>>,
    /// Words that keep their contents.
    pub kept_1: Signal<Out, U<WORDS>>,
    /// The word of the tick.
    pub word_1: Signal<Out, U<WORDS>>,
    /// The operation before goes to the same word.
    pub same_1_2: Signal<Out, Bit>,
    /// The one before that.
    pub same_2_2: Signal<Out, Bit>,
    /// And the one before that.
    pub same_3_2: Signal<Out, Bit>,
    /// Ticks of the word that stay.
    pub keep_2: Signal<Out, U<WB>>,
    /// Ticks of the word that appear.
    pub set_2: Signal<Out, U<WB>>,
    /// {book, side, word}.
    pub address_3: Signal<Out, U<WA>>,
    /// The venue of a LEVEL.
    pub mine_3: Signal<Out, U<V>>,
    /// A LEVEL in the window.
    pub inside_3: Signal<Out, Bit>,
    /// A LEVEL outside the window.
    pub outside_3: Signal<Out, Bit>,
    /// The operation is a walk.
    pub walk_4: Signal<Out, Bit>,
    /// {book, side}.
    pub row_4: Signal<Out, U<BS>>,
    /// The venue of a LEVEL.
    pub mine_4: Signal<Out, U<V>>,
    /// The word of the tick.
    pub word_4: Signal<Out, U<WORDS>>,
    /// Words that the operation may see.
    pub seen_4: Signal<Out, U<WORDS>>,
    /// Words from the start of the window to the end of the circle.
    pub high_4: Signal<Out, U<WORDS>>,
    /// {book, side}.
    pub row_5: Signal<Out, U<BS>>,
    /// The venue of a LEVEL.
    pub mine_5: Signal<Out, U<V>>,
    /// Venues that count.
    pub enabled_6: Signal<Out, U<V>>,
    /// {book, side}.
    pub row_7: Signal<Out, U<BS>>,
    /// The tick within the window.
    pub tick_7: Signal<Out, U<TL>>,
    /// The quantity of a LEVEL.
    pub quantity_7: Signal<Out, U<32>>,
    /// The venue that stores the quantity.
    pub store_7: Signal<Out, U<V>>,
    /// The operation.
    pub op_8: Signal<Out, Op>,
    /// {book, side}.
    pub row_8: Signal<Out, U<BS>>,
    /// Upper bits of ticks before the circle wraps.
    pub upper_8: Signal<Out, U<UP>>,
    /// Upper bits of ticks behind it.
    pub wrapped_8: Signal<Out, U<UP>>,

    bases: LutRam<U<33>, BS>,
    wraps: LutRam<U<UP>, BS>,
    enables: LutRam<U<V>, BB>,
    op_1: DFF<Op>,
    op_2: DFF<Op>,
    op_3: DFF<Op>,
    op_4: DFF<Op>,
    op_5: DFF<Op>,
    ops_8: Delay<Op, 3>,
    rows_1: DFF<U<BS>>,
    rows_4: Delay<U<BS>, 3>,
    rows_5: DFF<U<BS>>,
    rows_7: Delay<U<BS>, 2>,
    rows_8: DFF<U<BS>>,
    key_1: DFF<U<32>>,
    tick_2: DFF<U<TL>>,
    ticks_7: Delay<U<TL>, 5>,
    quantity_1: DFF<U<32>>,
    quantity_2: DFF<U<32>>,
    quantity_5: Delay<U<32>, 3>,
    quantities_7: Delay<U<32>, 2>,
    mines_1: DFF<U<V>>,
    mine_2: DFF<U<V>>,
    mines_3: DFF<U<V>>,
    mines_4: DFF<U<V>>,
    mines_5: DFF<U<V>>,
    venue_1: DFF<U<V>>,
    venue_5: Delay<U<V>, 4>,
    stores_7: Delay<U<V>, 5>,
    keeps_1: DFF<U<WORDS>>,
    words_1: DFF<U<WORDS>>,
    words_4: Delay<U<WORDS>, 3>,
    address_1: DFF<U<WA>>,
    address_2: DFF<U<WA>>,
    addresses_3: DFF<U<WA>>,
    address_4: DFF<U<WA>>,
    same_a: DFF<Bit>,
    same_b: DFF<Bit>,
    same_c: DFF<Bit>,
    bit_2: DFF<U<WB>>,
    from_2: DFF<U<WB>>,
    based_2: DFF<Bit>,
    in_first_2: DFF<Bit>,
    in_second_2: DFF<Bit>,
    ahead_2: DFF<Bit>,
    start_2: DFF<U<WL>>,
    upper_2: DFF<U<UP>>,
    wrapped_2: DFF<U<UP>>,
    uppers_8: Delay<U<UP>, 6>,
    wrappeds_8: Delay<U<UP>, 6>,
    within_3: DFF<Bit>,
    beyond_3: DFF<Bit>,
    ahead_3: DFF<Bit>,
    high_3: DFF<U<WORDS>>,
    onward_3: DFF<U<WORDS>>,
    highs_4: DFF<U<WORDS>>,
    seens_4: DFF<U<WORDS>>,
    enableds_6: DFF<U<V>>,

    row_0: Signal<Local, U<BS>>,
    row_base: Signal<Local, U<WA>>,
    row_address: Signal<Local, U<WA>>,
    word_0: Signal<Local, U<WL>>,
    word_index_1: Signal<Local, U<WL>>,
    word_index_2: Signal<Local, U<WL>>,
    upper_1: Signal<Local, U<UP>>,
    base_upper: Signal<Local, U<UP>>,
    base_start: Signal<Local, U<WL>>,
    low_1: Signal<Local, U<LB>>,
    held: Signal<Local, Bit>,
    enabled: Signal<Local, U<V>>,
    c_bit: Fixed<U<WB>, 1>,
    c_ticks: Fixed<U<WB>, { usize::MAX }>,
    c_words: Fixed<U<WORDS>, { usize::MAX }>,
    c_word: Fixed<U<WORDS>, 1>,
    c_upper: Fixed<U<UP>, 1>,
    c_word_bits: Fixed<U<4>, WL>,
    c_word_lsb: Fixed<U<6>, LB>,
    c_high_lsb: Fixed<U<6>, TL>,
    c_side: Fixed<U<1>, 1>,
    c_based: Fixed<U<33>, { 1 << 32 }>,
    c_ask: Fixed<U<BS>, 1>,
}

impl<
        const V: usize,
        const BB: usize,
        const BS: usize,
        const WL: usize,
        const WORDS: usize,
        const LB: usize,
        const WB: usize,
        const TL: usize,
        const UP: usize,
        const WA: usize,
    > Logic for Control<V, BB, BS, WL, WORDS, LB, WB, TL, UP, WA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, bases, wraps, enables, op_1, op_2, op_3, op_4, op_5, ops_8, rows_1, rows_4, rows_5, rows_7);
        clock!(self, clock, rows_8, key_1, tick_2, ticks_7, quantity_1, quantity_2, quantity_5, quantities_7, mines_1);
        clock!(self, clock, mine_2, mines_3, mines_4, mines_5, venue_1, venue_5, stores_7, keeps_1, words_1, words_4);
        clock!(
            self,
            clock,
            address_1,
            address_2,
            addresses_3,
            address_4,
            same_a,
            same_b,
            same_c,
            bit_2,
            from_2,
            based_2
        );
        clock!(
            self,
            clock,
            in_first_2,
            in_second_2,
            ahead_2,
            start_2,
            upper_2,
            wrapped_2,
            uppers_8,
            wrappeds_8,
            within_3
        );
        clock!(self, clock, beyond_3, ahead_3, high_3, onward_3, highs_4, seens_4, enableds_6);

        // clock 0
        self.row_0.next = unsigned_cast::<BS, BB>(self.book.val()) << self.c_side.val();
        if self.side.val() {
            self.row_0.next = self.row_0.val() | self.c_ask.val();
        }
        self.word_0.next = self.key.val().get_bits::<WL>(self.c_word_lsb.val().index());
        self.row_base.next = unsigned_cast::<WA, BS>(self.row_0.val());
        self.row_address.next = self.row_base.val() << self.c_word_bits.val();
        self.address_0.next = self.row_address.val() | unsigned_cast::<WA, WL>(self.word_0.val());
        self.op_1.d.next = self.op.val();
        self.rows_1.d.next = self.row_0.val();
        self.key_1.d.next = self.key.val();
        self.quantity_1.d.next = self.quantity.val();
        self.venue_1.d.next = self.venue.val();
        self.mines_1.d.next = 0.into();
        if self.op.val().level {
            self.mines_1.d.next = self.venue.val();
        }
        self.keeps_1.d.next = self.kept.val();
        self.words_1.d.next = self.c_word.val() << self.word_0.val();
        self.address_1.d.next = self.address_0.val();

        // clock 1
        self.row_1.next = self.rows_1.q.val();
        self.mine_1.next = self.mines_1.q.val();
        self.purge_1.next = 0.into();
        if self.op_1.q.val().purge {
            self.purge_1.next = self.venue_1.q.val();
        }
        self.kept_1.next = self.keeps_1.q.val();
        self.word_1.next = self.words_1.q.val();
        self.op_2.d.next = self.op_1.q.val();
        self.tick_2.d.next = self.key_1.q.val().get_bits::<TL>(0);
        self.quantity_2.d.next = self.quantity_1.q.val();
        self.mine_2.d.next = self.mines_1.q.val();
        self.upper_1.next = self.key_1.q.val().get_bits::<UP>(self.c_high_lsb.val().index());
        self.word_index_1.next = self.key_1.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
        self.low_1.next = self.key_1.q.val().get_bits::<LB>(0);
        self.bases.read_address.next = self.rows_1.q.val();
        self.bases.write_address.next = self.rows_1.q.val();
        self.bases.write_enable.next = self.op_1.q.val().rebase;
        self.bases.write_data.next = unsigned_cast::<33, 32>(self.key_1.q.val());
        if self.op_1.q.val().based {
            self.bases.write_data.next = unsigned_cast::<33, 32>(self.key_1.q.val()) | self.c_based.val();
        }
        self.wraps.read_address.next = self.rows_1.q.val();
        self.wraps.write_address.next = self.rows_1.q.val();
        self.wraps.write_enable.next = self.op_1.q.val().rebase;
        self.wraps.write_data.next = self.upper_1.val() + self.c_upper.val();
        self.base_upper.next = self.bases.read_data.val().get_bits::<UP>(self.c_high_lsb.val().index());
        self.base_start.next = self.bases.read_data.val().get_bits::<WL>(self.c_word_lsb.val().index());
        self.based_2.d.next = self.bases.read_data.val().get_bit(32);
        self.in_first_2.d.next = self.upper_1.val() == self.base_upper.val();
        self.in_second_2.d.next = self.upper_1.val() == self.wraps.read_data.val();
        self.ahead_2.d.next = self.word_index_1.val() >= self.base_start.val();
        self.start_2.d.next = self.base_start.val();
        self.upper_2.d.next = self.base_upper.val();
        self.wrapped_2.d.next = self.wraps.read_data.val();
        if self.op_1.q.val().rebase {
            self.start_2.d.next = self.word_index_1.val();
            self.upper_2.d.next = self.upper_1.val();
            self.wrapped_2.d.next = self.upper_1.val() + self.c_upper.val();
        }
        self.bit_2.d.next = self.c_bit.val() << self.low_1.val();
        self.from_2.d.next = self.c_ticks.val() << self.low_1.val();
        self.address_2.d.next = self.address_1.q.val();
        self.same_a.d.next = self.address_1.q.val() == self.address_2.q.val();
        self.same_b.d.next = self.address_1.q.val() == self.addresses_3.q.val();
        self.same_c.d.next = self.address_1.q.val() == self.address_4.q.val();

        // clock 2
        self.same_1_2.next = self.same_a.q.val();
        self.same_2_2.next = self.same_b.q.val();
        self.same_3_2.next = self.same_c.q.val();
        self.held.next = self.op_2.q.val().level
            & self.based_2.q.val()
            & ((self.ahead_2.q.val() & self.in_first_2.q.val()) | (!self.ahead_2.q.val() & self.in_second_2.q.val()));
        self.keep_2.next = self.c_ticks.val();
        self.set_2.next = 0.into();
        self.stores_7.data.next = 0.into();
        if self.held.val() {
            self.keep_2.next = !self.bit_2.q.val();
            if self.quantity_2.q.val().any() {
                self.set_2.next = self.bit_2.q.val();
                self.stores_7.data.next = self.mine_2.q.val();
            }
        }
        if self.op_2.q.val().walk {
            self.keep_2.next = self.from_2.q.val() & (!self.bit_2.q.val());
        }
        self.op_3.d.next = self.op_2.q.val();
        self.mines_3.d.next = self.mine_2.q.val();
        self.addresses_3.d.next = self.address_2.q.val();
        self.within_3.d.next = self.held.val();
        self.beyond_3.d.next = self.op_2.q.val().level & !self.held.val();
        self.word_index_2.next = self.tick_2.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
        self.high_3.d.next = self.c_words.val() << self.start_2.q.val();
        self.onward_3.d.next = self.c_words.val() << self.word_index_2.val();
        self.ahead_3.d.next = self.ahead_2.q.val();
        self.uppers_8.data.next = self.upper_2.q.val();
        self.wrappeds_8.data.next = self.wrapped_2.q.val();
        self.ticks_7.data.next = self.tick_2.q.val();
        self.quantity_5.data.next = self.quantity_2.q.val();

        // clock 3
        self.address_3.next = self.addresses_3.q.val();
        self.mine_3.next = self.mines_3.q.val();
        self.inside_3.next = self.within_3.q.val();
        self.outside_3.next = self.beyond_3.q.val();
        self.op_4.d.next = self.op_3.q.val();
        self.mines_4.d.next = self.mines_3.q.val();
        self.address_4.d.next = self.addresses_3.q.val();
        self.highs_4.d.next = self.high_3.q.val();
        self.seens_4.d.next = self.c_words.val();
        if self.op_3.q.val().walk {
            self.seens_4.d.next = self.onward_3.q.val() & (!self.high_3.q.val());
            if self.ahead_3.q.val() {
                self.seens_4.d.next = self.onward_3.q.val() | (!self.high_3.q.val());
            }
        }
        self.rows_4.data.next = self.rows_1.q.val();
        self.words_4.data.next = self.words_1.q.val();

        // clock 4
        self.walk_4.next = self.op_4.q.val().walk;
        self.row_4.next = self.rows_4.delayed.val();
        self.mine_4.next = self.mines_4.q.val();
        self.word_4.next = self.words_4.delayed.val();
        self.seen_4.next = self.seens_4.q.val();
        self.high_4.next = self.highs_4.q.val();
        self.op_5.d.next = self.op_4.q.val();
        self.rows_5.d.next = self.rows_4.delayed.val();
        self.mines_5.d.next = self.mines_4.q.val();

        // clock 5
        self.row_5.next = self.rows_5.q.val();
        self.mine_5.next = self.mines_5.q.val();
        self.venue_5.data.next = self.venue_1.q.val();
        self.enables.read_address.next = self.rows_5.q.val().get_bits::<BB>(1);
        self.enables.write_address.next = self.rows_5.q.val().get_bits::<BB>(1);
        self.enabled.next = self.enables.read_data.val();
        if self.op_5.q.val().enable {
            self.enabled.next = self.quantity_5.delayed.val().get_bits::<V>(0);
        }
        if self.op_5.q.val().purge {
            self.enabled.next = self.enables.read_data.val() & (!self.venue_5.delayed.val());
        }
        self.enables.write_enable.next = self.op_5.q.val().valid;
        self.enables.write_data.next = self.enabled.val();
        self.enableds_6.d.next = self.enabled.val();
        self.quantities_7.data.next = self.quantity_5.delayed.val();
        self.ops_8.data.next = self.op_5.q.val();
        self.rows_7.data.next = self.rows_5.q.val();

        // clocks 6 to 8
        self.enabled_6.next = self.enableds_6.q.val();
        self.row_7.next = self.rows_7.delayed.val();
        self.rows_8.d.next = self.rows_7.delayed.val();
        self.tick_7.next = self.ticks_7.delayed.val();
        self.quantity_7.next = self.quantities_7.delayed.val();
        self.store_7.next = self.stores_7.delayed.val();
        self.op_8.next = self.ops_8.delayed.val();
        self.row_8.next = self.rows_8.q.val();
        self.upper_8.next = self.uppers_8.delayed.val();
        self.wrapped_8.next = self.wrappeds_8.delayed.val();
    }
}
