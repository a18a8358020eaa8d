//! [`Moves`]: what an operation moves: by how much, which end point, which leaves; and what becomes of its order slot.
//!
//! Every operation moves at most one end point by `n`; leaves go from `leaves_before` to `leaves_after`. Everything is
//! computed from the command, the slot and the position alone; whether it takes effect is decided at the end of the
//! pipeline.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `hot`, `word_0` .. `word_2` | 1 | the operation |
//! | `static_*`, `slot_*`, `position` | 2 | memories |
//! | `order`, `sells`, `price_word` | 2 | an order; the side of its collar; word 2 of the command |
//! | `replace`, `replaced`, `refused`, `revalues`, `entry_sells` | 2 | for [`super::pending`]; one of the three |
//! | `more_n`, `more_after`, `more_before` | 4 | what it says of these; 0 for every other operation |
//! | `n`, `leaves_after`, `leaves_before` | 4 | native lots |
//! | `upper`, `negate`, `carried`, `reserves` | 4 | the bid end moves; downwards; the position too; an order |
//! | `x_sell`, `y_sell` | 4 | sides at which X and Y are valued |
//! | `busy`, `charges` | 10 | the slot held an open order; the operation adds to Y |
//! | `revalues_4`, `revalues_10` | 4, 10 | `revalues` |
//! | `moved`, `sold`, `filled`, flags | 14 | for the decision; side and cumulative of the entry |
//! | `*_data` | 15 | for the memories |
//!
//! ```text
//! clock      _/1\_/2\_/3\_/4\_ .. _/14\_/15\_
//! hot        <a >
//! slot_lots       <a >
//! n                       <a >
//! placed                           <a >
//! head_data                              <a >
//! ```

use super::ops::{self, block, place, value};
use crate::int::{signed_cast, signed_cast_from, unsigned_cast, I, U};
use crate::leaf::Delay;
use crossgate_contract::command::{Cancel, Cancelled, Fill, Instrument, Order, Position, Refused, Replace, Replaced};
use crossgate_contract::Layout;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Commands that name an entry.
const ENTRIES: &[&Layout] = &[
    &Order::LAYOUT,
    &Replace::LAYOUT,
    &Cancel::LAYOUT,
    &Fill::LAYOUT,
    &Cancelled::LAYOUT,
    &Replaced::LAYOUT,
    &Refused::LAYOUT,
];

block! {
    /// What an operation moves.
    pub(super) struct Moves {
        pub(super) clock: Signal<In, Clock>,
        pub(super) hot: Signal<In, ops::Hot>,
        pub(super) word_0: Signal<In, U<64>>,
        pub(super) word_1: Signal<In, U<64>>,
        pub(super) word_2: Signal<In, U<64>>,
        pub(super) static_1: Signal<In, U<64>>,
        pub(super) static_2: Signal<In, U<64>>,
        pub(super) slot_head: Signal<In, U<64>>,
        pub(super) slot_lots: Signal<In, U<40>>,
        pub(super) slot_cumulative: Signal<In, U<40>>,
        pub(super) slot_price: Signal<In, U<32>>,
        pub(super) position: Signal<In, I<40>>,
        pub(super) order: Signal<Out, Bit>,
        pub(super) sells: Signal<Out, Bit>,
        pub(super) price_word: Signal<Out, U<64>>,
        pub(super) replace: Signal<Out, Bit>,
        pub(super) replaced: Signal<Out, Bit>,
        pub(super) refused: Signal<Out, Bit>,
        pub(super) revalues: Signal<Out, Bit>,
        pub(super) entry_sells: Signal<Out, Bit>,
        pub(super) more_n: Signal<In, I<41>>,
        pub(super) more_after: Signal<In, I<41>>,
        pub(super) more_before: Signal<In, I<41>>,
        pub(super) revalues_4: Signal<Out, Bit>,
        pub(super) revalues_10: Signal<Out, Bit>,
        pub(super) sold: Signal<Out, Bit>,
        pub(super) filled: Signal<Out, U<40>>,
        pub(super) n: Signal<Out, I<41>>,
        pub(super) leaves_after: Signal<Out, I<41>>,
        pub(super) leaves_before: Signal<Out, I<41>>,
        pub(super) upper: Signal<Out, Bit>,
        pub(super) negate: Signal<Out, Bit>,
        pub(super) carried: Signal<Out, Bit>,
        pub(super) reserves: Signal<Out, Bit>,
        pub(super) x_sell: Signal<Out, Bit>,
        pub(super) y_sell: Signal<Out, Bit>,
        pub(super) busy: Signal<Out, Bit>,
        pub(super) charges: Signal<Out, Bit>,
        pub(super) moved: Signal<Out, I<41>>,
        pub(super) freed: Signal<Out, Bit>,
        pub(super) range_bad: Signal<Out, Bit>,
        pub(super) slot_bad: Signal<Out, Bit>,
        pub(super) placed: Signal<Out, Bit>,
        pub(super) over: Signal<Out, Bit>,
        pub(super) under: Signal<Out, Bit>,
        pub(super) positive: Signal<Out, Bit>,
        pub(super) still: Signal<Out, Bit>,
        pub(super) head_data: Signal<Out, U<64>>,
        pub(super) lots_data: Signal<Out, U<40>>,
        pub(super) cumulative_data: Signal<Out, U<40>>,
        pub(super) price_data: Signal<Out, U<32>>,

        op_order: Constant<U<5>> = value(ops::ORDER),
        op_fill: Constant<U<5>> = value(ops::FILL),
        op_cancelled: Constant<U<5>> = value(ops::CANCELLED),
        op_bid: Constant<U<5>> = value(ops::POSITION_BID),
        op_ask: Constant<U<5>> = value(ops::POSITION_ASK),
        op_slot: Constant<U<5>> = value(ops::SLOT),
        op_replace: Constant<U<5>> = value(ops::REPLACE),
        op_replaced: Constant<U<5>> = value(ops::REPLACED),
        op_refused: Constant<U<5>> = value(ops::REFUSED),
        at_side: Constant<U<6>> = place(&[&Order::LAYOUT, &Fill::LAYOUT], "side", 0, 1),
        at_account: Constant<U<6>> = place(ENTRIES, "account", 0, 16),
        at_instrument: Constant<U<6>> = place(ENTRIES, "instrument", 0, 16),
        at_lots: Constant<U<6>> = place(&[&Order::LAYOUT, &Position::LAYOUT, &Replace::LAYOUT], "lots", 1, 40),
        at_cumulative: Constant<U<6>> = place(&[&Fill::LAYOUT, &Cancelled::LAYOUT, &Replaced::LAYOUT], "cumulative", 1, 40),
        at_generation: Constant<U<6>> = place(ENTRIES, "generation", 1, 16),
        at_price: Constant<U<6>> = place(&[&Order::LAYOUT], "price", 2, 32),
        at_lots_min: Constant<U<6>> = place(&[&Instrument::LAYOUT], "lots_min", 1, 40),
        at_lots_max: Constant<U<6>> = place(&[&Instrument::LAYOUT], "lots_max", 2, 40),
        head_side: Constant<U<6>> = value(ops::HEAD_SIDE),
        head_account: Constant<U<6>> = value(ops::HEAD_ACCOUNT),
        head_instrument: Constant<U<6>> = value(ops::HEAD_INSTRUMENT),
        head_generation: Constant<U<6>> = value(ops::HEAD_GENERATION),
        busy_bit: Constant<U<64>> = value(1),
        side_bit: Constant<U<64>> = value(1 << ops::HEAD_SIDE),
        one_16: Constant<U<16>> = value(1),
        zero_32: Constant<U<32>> = value(0),
        zero_40: Constant<U<40>> = value(0),
        zero_41: Constant<I<41>> = Constant::new(I::new(0)),

        hot_2: Delay<ops::Hot, 1>,
        word_0_2: Delay<U<64>, 1>,
        word_1_2: Delay<U<64>, 1>,
        word_2_2: Delay<U<64>, 1>,
        x_reg: DFF<I<41>>,
        y_reg: DFF<I<41>>,
        after_a_reg: DFF<I<41>>,
        after_b_reg: DFF<I<41>>,
        before_a_reg: DFF<I<41>>,
        before_b_reg: DFF<I<41>>,
        upper_reg: DFF<Bit>,
        negate_reg: DFF<Bit>,
        carries_reg: DFF<Bit>,
        cancelled_reg: DFF<Bit>,
        order_reg: DFF<Bit>,
        side_reg: DFF<Bit>,
        x_side_reg: DFF<Bit>,
        fill_reg: DFF<Bit>,
        lots_reg: DFF<U<40>>,
        min_reg: DFF<U<40>>,
        max_reg: DFF<U<40>>,
        range_line: Delay<Bit, 11>,
        slot_bad_line: Delay<Bit, 12>,
        placed_line: Delay<Bit, 12>,
        busy_3: Delay<Bit, 1>,
        busy_4: Delay<Bit, 1>,
        busy_10: Delay<Bit, 6>,
        charges_10: Delay<Bit, 6>,
        revalues_3: Delay<Bit, 1>,
        revalues_4_line: Delay<Bit, 1>,
        revalues_line: Delay<Bit, 6>,
        answers_4: Delay<Bit, 2>,
        head_3: DFF<U<64>>,
        head_4: Delay<U<64>, 1>,
        head_line: Delay<U<64>, 11>,
        lots_line: Delay<U<40>, 13>,
        cumulative_line: Delay<U<40>, 12>,
        cumulative_15: Delay<U<40>, 1>,
        sold_line: Delay<Bit, 12>,
        price_line: Delay<U<32>, 13>,
        n_reg: DFF<I<41>>,
        after_reg: DFF<I<41>>,
        before_reg: DFF<I<41>>,
        upper_4: Delay<Bit, 1>,
        negate_4: Delay<Bit, 1>,
        carries_4: Delay<Bit, 1>,
        cancelled_4: Delay<Bit, 1>,
        order_4: Delay<Bit, 1>,
        side_4: Delay<Bit, 1>,
        x_side_4: Delay<Bit, 1>,
        fill_4: Delay<Bit, 1>,
        bid_4: Delay<Bit, 2>,
        moved_line: Delay<I<41>, 10>,
        freed_line: Delay<Bit, 10>,
        over_line: Delay<Bit, 10>,
        under_line: Delay<Bit, 10>,
        positive_line: Delay<Bit, 10>,
        still_line: Delay<Bit, 10>,

        is_order: Signal<Local, Bit>,
        is_fill: Signal<Local, Bit>,
        is_cancelled: Signal<Local, Bit>,
        is_bid: Signal<Local, Bit>,
        is_ask: Signal<Local, Bit>,
        is_slot: Signal<Local, Bit>,
        is_answer: Signal<Local, Bit>,
        is_family: Signal<Local, Bit>,
        moves: Signal<Local, I<41>>,
        after: Signal<Local, I<41>>,
        side: Signal<Local, Bit>,
        entry_busy: Signal<Local, Bit>,
        entry_side: Signal<Local, Bit>,
        entry_generation: Signal<Local, U<16>>,
        next_generation: Signal<Local, U<16>>,
        generation: Signal<Local, U<16>>,
        lots: Signal<Local, U<40>>,
        cumulative: Signal<Local, U<40>>,
        lots_41: Signal<Local, U<41>>,
        cumulative_41: Signal<Local, U<41>>,
        entry_lots_41: Signal<Local, U<41>>,
        entry_cumulative_41: Signal<Local, U<41>>,
        set_lots: Signal<Local, I<40>>,
        head: Signal<Local, U<64>>,
        carry: Signal<Local, Bit>,
        gone: Signal<Local, Bit>,
    }
}

impl Logic for Moves {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, hot_2, word_0_2, word_1_2, word_2_2, x_reg, y_reg, after_a_reg);
        clock!(self, clock, after_b_reg, before_a_reg, before_b_reg, upper_reg, negate_reg, carries_reg, cancelled_reg);
        clock!(self, clock, order_reg, side_reg, x_side_reg, fill_reg, lots_reg, min_reg, max_reg);
        clock!(self, clock, range_line, slot_bad_line, placed_line, busy_3, busy_4, busy_10, charges_10);
        clock!(self, clock, head_3, head_4, head_line, lots_line, cumulative_line, price_line, n_reg);
        clock!(self, clock, after_reg, before_reg, upper_4, negate_4, carries_4, cancelled_4, order_4);
        clock!(self, clock, side_4, x_side_4, fill_4, bid_4, moved_line, freed_line, over_line);
        clock!(self, clock, under_line, positive_line, still_line, cumulative_15, sold_line, revalues_3);
        clock!(self, clock, revalues_4_line, revalues_line, answers_4);
        // clock 1 to 2
        self.hot_2.data.next = self.hot.val();
        self.word_0_2.data.next = self.word_0.val();
        self.word_1_2.data.next = self.word_1.val();
        self.word_2_2.data.next = self.word_2.val();
        // 2 to 3: which numbers the operation is about
        self.is_order.next = self.hot_2.delayed.val().get_bit(self.op_order.val().index());
        self.is_fill.next = self.hot_2.delayed.val().get_bit(self.op_fill.val().index());
        self.is_cancelled.next = self.hot_2.delayed.val().get_bit(self.op_cancelled.val().index());
        self.is_bid.next = self.hot_2.delayed.val().get_bit(self.op_bid.val().index());
        self.is_ask.next = self.hot_2.delayed.val().get_bit(self.op_ask.val().index());
        self.is_slot.next = self.hot_2.delayed.val().get_bit(self.op_slot.val().index());
        self.is_answer.next = self.hot_2.delayed.val().get_bit(self.op_replaced.val().index())
            | self.hot_2.delayed.val().get_bit(self.op_refused.val().index());
        self.is_family.next = self.hot_2.delayed.val().get_bit(self.op_replace.val().index())
            | (self.hot_2.delayed.val().get_bit(self.op_replaced.val().index())
                | self.hot_2.delayed.val().get_bit(self.op_refused.val().index()));
        self.side.next = self.word_0_2.delayed.val().get_bit(self.at_side.val().index());
        self.lots.next = self.word_1_2.delayed.val().get_bits::<40>(self.at_lots.val().index());
        self.cumulative.next = self.word_1_2.delayed.val().get_bits::<40>(self.at_cumulative.val().index());
        self.generation.next = self.word_1_2.delayed.val().get_bits::<16>(self.at_generation.val().index());
        self.entry_busy.next = self.slot_head.val().get_bit(0);
        self.entry_side.next = self.slot_head.val().get_bit(self.head_side.val().index());
        self.entry_generation.next = self.slot_head.val().get_bits::<16>(self.head_generation.val().index());
        self.next_generation.next = self.entry_generation.val() + self.one_16.val();
        self.lots_41.next = unsigned_cast::<41, 40>(self.lots.val());
        self.cumulative_41.next = unsigned_cast::<41, 40>(self.cumulative.val());
        self.entry_lots_41.next = unsigned_cast::<41, 40>(self.slot_lots.val());
        self.entry_cumulative_41.next = unsigned_cast::<41, 40>(self.slot_cumulative.val());
        self.set_lots.next = signed_cast_from(self.lots.val());
        self.x_reg.d.next = self.zero_41.val();
        self.y_reg.d.next = self.zero_41.val();
        self.after_a_reg.d.next = self.zero_41.val();
        self.after_b_reg.d.next = self.zero_41.val();
        self.before_a_reg.d.next = self.zero_41.val();
        self.before_b_reg.d.next = self.zero_41.val();
        self.upper_reg.d.next = true;
        self.negate_reg.d.next = false;
        self.x_side_reg.d.next = self.entry_side.val();
        self.lots_line.data.next = self.slot_lots.val();
        self.cumulative_line.data.next = self.slot_cumulative.val();
        self.price_line.data.next = self.slot_price.val();
        if self.is_order.val() {
            self.x_reg.d.next = signed_cast_from(self.lots_41.val());
            self.after_a_reg.d.next = signed_cast_from(self.lots_41.val());
            self.upper_reg.d.next = !self.side.val();
            self.negate_reg.d.next = self.side.val();
            self.x_side_reg.d.next = self.side.val();
            self.lots_line.data.next = self.lots.val();
            self.cumulative_line.data.next = self.zero_40.val();
            self.price_line.data.next = self.word_2_2.delayed.val().get_bits::<32>(self.at_price.val().index());
        }
        if self.is_family.val() {
            self.upper_reg.d.next = !self.entry_side.val();
            self.negate_reg.d.next = self.entry_side.val();
            self.lots_line.data.next = self.zero_40.val();
            self.price_line.data.next = self.zero_32.val();
        }
        if self.is_fill.val() {
            self.x_reg.d.next = signed_cast_from(self.cumulative_41.val());
            self.y_reg.d.next = signed_cast_from(self.entry_cumulative_41.val());
            self.after_a_reg.d.next = signed_cast_from(self.entry_lots_41.val());
            self.after_b_reg.d.next = signed_cast_from(self.cumulative_41.val());
            self.upper_reg.d.next = self.side.val();
            self.negate_reg.d.next = self.side.val();
            self.cumulative_line.data.next = self.cumulative.val();
        }
        if self.is_cancelled.val() {
            self.x_reg.d.next = signed_cast_from(self.entry_lots_41.val());
            self.y_reg.d.next = signed_cast_from(self.cumulative_41.val());
            self.after_a_reg.d.next = signed_cast_from(self.cumulative_41.val());
            self.after_b_reg.d.next = signed_cast_from(self.entry_cumulative_41.val());
            self.upper_reg.d.next = !self.entry_side.val();
            self.negate_reg.d.next = !self.entry_side.val();
            self.lots_line.data.next = self.cumulative.val();
        }
        if self.is_fill.val() | self.is_cancelled.val() {
            self.before_a_reg.d.next = signed_cast_from(self.entry_lots_41.val());
            self.before_b_reg.d.next = signed_cast_from(self.entry_cumulative_41.val());
        }
        if self.is_slot.val() & self.entry_busy.val() {
            self.after_a_reg.d.next = signed_cast_from(self.entry_lots_41.val());
            self.after_b_reg.d.next = signed_cast_from(self.entry_cumulative_41.val());
        }
        if self.is_bid.val() | self.is_ask.val() {
            self.x_reg.d.next = signed_cast::<41, 40>(self.set_lots.val());
            self.y_reg.d.next = signed_cast::<41, 40>(self.position.val());
            self.upper_reg.d.next = self.is_bid.val();
        }
        self.carries_reg.d.next = self.is_fill.val() | self.is_ask.val();
        self.cancelled_reg.d.next = self.is_cancelled.val();
        self.order_reg.d.next = self.is_order.val();
        self.fill_reg.d.next = self.is_fill.val();
        self.bid_4.data.next = self.is_bid.val();
        self.side_reg.d.next = self.side.val();
        self.lots_reg.d.next = self.lots.val();
        self.min_reg.d.next = self.static_1.val().get_bits::<40>(self.at_lots_min.val().index());
        self.max_reg.d.next = self.static_2.val().get_bits::<40>(self.at_lots_max.val().index());
        self.slot_bad_line.data.next = self.entry_busy.val() | (self.generation.val() != self.next_generation.val());
        self.placed_line.data.next = ((self.generation.val() == self.entry_generation.val())
            & (self.slot_head.val().get_bits::<16>(self.head_account.val().index())
                == self.word_0_2.delayed.val().get_bits::<16>(self.at_account.val().index())))
            & ((self.slot_head.val().get_bits::<16>(self.head_instrument.val().index())
                == self.word_0_2.delayed.val().get_bits::<16>(self.at_instrument.val().index()))
                & (!self.is_fill.val() | (self.side.val() == self.entry_side.val())));
        self.busy_3.data.next = self.entry_busy.val();
        self.head.next =
            unsigned_cast::<64, 16>(self.word_0_2.delayed.val().get_bits::<16>(self.at_account.val().index()))
                << self.head_account.val();
        self.head.next = self.head.val()
            | (unsigned_cast::<64, 16>(self.word_0_2.delayed.val().get_bits::<16>(self.at_instrument.val().index()))
                << self.head_instrument.val());
        self.head.next =
            self.head.val() | (unsigned_cast::<64, 16>(self.generation.val()) << self.head_generation.val());
        self.head_3.d.next = self.head.val();
        if (self.is_order.val() & self.side.val()) | (!self.is_order.val() & self.entry_side.val()) {
            self.head_3.d.next = self.head.val() | self.side_bit.val();
        }
        self.order.next = self.is_order.val();
        self.sells.next = (self.is_order.val() & self.side.val()) | (!self.is_order.val() & self.entry_side.val());
        self.replace.next = self.hot_2.delayed.val().get_bit(self.op_replace.val().index());
        self.replaced.next = self.hot_2.delayed.val().get_bit(self.op_replaced.val().index());
        self.refused.next = self.hot_2.delayed.val().get_bit(self.op_refused.val().index());
        self.revalues.next = self.is_family.val();
        self.entry_sells.next = self.entry_side.val();
        self.sold_line.data.next = self.entry_side.val();
        self.revalues_3.data.next = self.is_family.val();
        self.answers_4.data.next = self.is_answer.val();
        self.price_word.next = self.word_2_2.delayed.val();
        // 3 to 4
        self.n_reg.d.next = self.x_reg.q.val() - self.y_reg.q.val();
        self.after_reg.d.next = self.after_a_reg.q.val() - self.after_b_reg.q.val();
        self.before_reg.d.next = self.before_a_reg.q.val() - self.before_b_reg.q.val();
        self.upper_4.data.next = self.upper_reg.q.val();
        self.negate_4.data.next = self.negate_reg.q.val();
        self.carries_4.data.next = self.carries_reg.q.val();
        self.cancelled_4.data.next = self.cancelled_reg.q.val();
        self.order_4.data.next = self.order_reg.q.val();
        self.fill_4.data.next = self.fill_reg.q.val();
        self.side_4.data.next = self.side_reg.q.val();
        self.x_side_4.data.next = self.x_side_reg.q.val();
        self.busy_4.data.next = self.busy_3.delayed.val();
        self.head_4.data.next = self.head_3.q.val();
        self.range_line.data.next =
            (self.lots_reg.q.val() < self.min_reg.q.val()) | (self.lots_reg.q.val() > self.max_reg.q.val());
        self.revalues_4_line.data.next = self.revalues_3.delayed.val();
        // 4
        self.moves.next = self.n_reg.q.val() | self.more_n.val();
        self.after.next = self.after_reg.q.val() | self.more_after.val();
        self.revalues_4.next = self.revalues_4_line.delayed.val();
        self.revalues_line.data.next = self.revalues_4_line.delayed.val();
        self.revalues_10.next = self.revalues_line.delayed.val();
        self.x_sell.next = self.x_side_4.delayed.val();
        self.y_sell.next = self.n_reg.q.val().get_bit(40);
        if self.fill_4.delayed.val() {
            self.y_sell.next = self.side_4.delayed.val();
        }
        if self.revalues_4_line.delayed.val() {
            self.y_sell.next = self.x_side_4.delayed.val();
        }
        self.carry.next = self.carries_4.delayed.val()
            & (!self.fill_4.delayed.val()
                | (!self.n_reg.q.val().get_bit(40) & (self.n_reg.q.val() != self.zero_41.val())));
        self.moved_line.data.next = self.moves.val();
        if self.answers_4.delayed.val() {
            self.moved_line.data.next = -self.moves.val();
        }
        self.charges_10.data.next = self.bid_4.delayed.val() | (self.fill_4.delayed.val() & self.carry.val());
        self.charges.next = self.charges_10.delayed.val();
        self.busy_10.data.next = self.busy_4.delayed.val();
        self.busy.next = self.busy_10.delayed.val();
        self.gone.next = self.after.val() == self.zero_41.val();
        self.freed_line.data.next = self.busy_4.delayed.val() & self.gone.val();
        self.under_line.data.next = self.cancelled_4.delayed.val() & self.after_reg.q.val().get_bit(40);
        self.over_line.data.next = self.after_reg.q.val().get_bit(40);
        if self.cancelled_4.delayed.val() {
            self.over_line.data.next = self.n_reg.q.val().get_bit(40);
        }
        self.still_line.data.next = self.n_reg.q.val() == self.zero_41.val();
        self.positive_line.data.next = !self.n_reg.q.val().get_bit(40) & (self.n_reg.q.val() != self.zero_41.val());
        self.head_line.data.next = self.head_4.delayed.val();
        if self.order_4.delayed.val() | (self.busy_4.delayed.val() & !self.gone.val()) {
            self.head_line.data.next = self.head_4.delayed.val() | self.busy_bit.val();
        }
        self.n.next = self.moves.val();
        self.leaves_after.next = self.after.val();
        self.leaves_before.next = self.before_reg.q.val() | self.more_before.val();
        self.upper.next = self.upper_4.delayed.val();
        self.negate.next = self.negate_4.delayed.val();
        self.carried.next = self.carry.val();
        self.reserves.next = self.order_4.delayed.val();
        // 14
        self.moved.next = self.moved_line.delayed.val();
        self.freed.next = self.freed_line.delayed.val();
        self.range_bad.next = self.range_line.delayed.val();
        self.slot_bad.next = self.slot_bad_line.delayed.val();
        self.placed.next = self.placed_line.delayed.val();
        self.over.next = self.over_line.delayed.val();
        self.under.next = self.under_line.delayed.val();
        self.positive.next = self.positive_line.delayed.val();
        self.still.next = self.still_line.delayed.val();
        self.sold.next = self.sold_line.delayed.val();
        self.filled.next = self.cumulative_line.delayed.val();
        self.cumulative_15.data.next = self.cumulative_line.delayed.val();
        // 15
        self.head_data.next = self.head_line.delayed.val();
        self.lots_data.next = self.lots_line.delayed.val();
        self.cumulative_data.next = self.cumulative_15.delayed.val();
        self.price_data.next = self.price_line.delayed.val();
    }
}
