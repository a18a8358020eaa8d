//! BOOK: the consolidated book of the card, one update a clock at a fixed latency.
//!
//! What it does is written in `docs/book.md`. Commands come typed and validated (venue, book, base, count within the
//! build); faults, HEARTBEAT and the ring are not here.
//!
//! A LEVEL that is taken in clock `n` (`command_valid` and `command_ready` high before edge `n`) shows its event in
//! clock `n +` [`LATENCY`]: `LATENCY` clock edges lie between the two. VENUE_RESET and BOOK_STATE take 1 clock more,
//! SLIDE 5; the commands behind them wait as long, so events are in command order. FENCE takes 3 clocks more, the first
//! level of DEPTH 4, each further level `LATENCY + 3`; commands behind them wait until the last event has left.
//!
//! | port | width | |
//! |---|---|---|
//! | `reset`, `ready` | 1 | `reset` empties every book; `ready` is low until that is done, also after power-up |
//! | `command_valid`, `command_ready` | 1 | a command is taken in a clock in which both are high |
//! | `opcode`, `venue`, `book` | 8 each | of the command |
//! | `side`, `refilling` | 1 each | of the command; side 0 bid, 1 ask |
//! | `price` | 32 | price of LEVEL, base of SLIDE |
//! | `quantity` | 32 | quantity of LEVEL, enabled venues of BOOK_STATE, count of DEPTH |
//! | `tag`, `stamp` | 64, 16 | returned in the event |
//! | `depth_room` | 1 | the egress can take two more DEPTH_LEVEL or FENCE_DONE events |
//! | `event_valid`, `event_kind` | 1, 8 | an event leaves; nothing holds it back |
//! | `event_opcode`, `event_book`, `event_tag`, `event_stamp` | 8, 8, 64, 16 | of the command |
//! | `event_level`, `event_flags` | 8, 8 | level of a DEPTH; bits of `flag` |
//! | `bid_price`, `bid_venues`, `bid_quantity`, same for `ask` | 32, 16, 36 | the best of both sides |
//! | `touch_write`, `touch_row` | 1 | {book, side} whose touch is set, a clock before its event |
//! | `touch_prices`, `touch_best` | 33 each | {exists, ticks} of each venue, and of all of them |
//! | `touch_refill`, `touch_refilling` | 1 | `refilling` of the book is set; to what |
//! | `count_level`, `count_outside` | 1 | a LEVEL was inside, outside the window |
//! | `idle` | 1 | no command and no event is under way |
//!
//! ```text
//! clock          0     1     2  ...  11    12
//! command        L1    L2    -
//! event          -     -     -       L1    L2
//! ```

mod control;
mod front;
mod lane;
mod merge;
mod op;
mod touch;

pub use control::Control;
pub use front::{Front, FrontState};
pub use lane::Lane;
pub use merge::Merge;
pub use op::Op;
pub use touch::Touch;

use crate::int::U;
use crate::island::Island;
use crate::leaf::{Delay, Many};
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;

/// Clock edges from the clock in which a LEVEL is taken to the clock in which its event is visible.
pub const LATENCY: usize = 11;

/// The books of every size. Parameters: `V` venues and their half, `BB` bits of a book, `BS` of {book, side}, `WL` of a
/// word's number, `WORDS` words of `WB` ticks (`LB` bits), `TL` bits of a tick in the window, `UP` of the rest of a
/// price, `KEY` of {none, wrapped, tick}, `NONE` the number of its highest bit, `WA` of {book, side, word}, `QA` of
/// {book, side, tick}.
#[derive(LogicBlock, Default)]
pub struct Book<
    const V: usize,
    const HALF: usize,
    const BB: usize,
    const BS: usize,
    const WL: usize,
    const WORDS: usize,
    const LB: usize,
    const WB: usize,
    const TL: usize,
    const UP: usize,
    const KEY: usize,
    const NONE: usize,
    const WA: usize,
    const QA: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Empties every book.
    pub reset: Signal<In, Bit>,
    /// Commands are taken.
    pub ready: Signal<Out, Bit>,
    /// Nothing is under way.
    pub idle: Signal<Out, Bit>,
    /// A command is offered.
    pub command_valid: Signal<In, Bit>,
    /// It is taken.
    pub command_ready: Signal<Out, Bit>,
    /// Opcode of the contract.
    pub opcode: Signal<In, U<8>>,
    /// Venue.
    pub venue: Signal<In, U<8>>,
    /// Book.
    pub book: Signal<In, U<8>>,
    /// 0 bid, 1 ask.
    pub side: Signal<In, Bit>,
    /// Price or base, ticks.
    pub price: Signal<In, U<32>>,
    /// Book lots, enabled venues or count.
    pub quantity: Signal<In, U<32>>,
    /// The book is being refilled.
    pub refilling: Signal<In, Bit>,
    /// Returned in the event.
    pub tag: Signal<In, U<64>>,
    /// Returned in the event.
    pub stamp: Signal<In, U<16>>,
    /// The egress can take two more DEPTH or FENCE events.
    pub depth_room: Signal<In, Bit>,
    /// An event leaves.
    pub event_valid: Signal<Out, Bit>,
    /// Code of the contract.
    pub event_kind: Signal<Out, U<8>>,
    /// Opcode of the command.
    pub event_opcode: Signal<Out, U<8>>,
    /// Book.
    pub event_book: Signal<Out, U<8>>,
    /// Level of a DEPTH.
    pub event_level: Signal<Out, U<8>>,
    /// Bits of `flag`.
    pub event_flags: Signal<Out, U<8>>,
    /// Tag of the command.
    pub event_tag: Signal<Out, U<64>>,
    /// Stamp of the command.
    pub event_stamp: Signal<Out, U<16>>,
    /// Bid in ticks.
    pub bid_price: Signal<Out, U<32>>,
    /// Venues at the bid.
    pub bid_venues: Signal<Out, U<16>>,
    /// Lots at the bid.
    pub bid_quantity: Signal<Out, U<36>>,
    /// Ask in ticks.
    pub ask_price: Signal<Out, U<32>>,
    /// Venues at the ask.
    pub ask_venues: Signal<Out, U<16>>,
    /// Lots at the ask.
    pub ask_quantity: Signal<Out, U<36>>,
    /// The touch of a {book, side} is set.
    pub touch_write: Signal<Out, Bit>,
    /// {book, side}.
    pub touch_row: Signal<Out, U<BS>>,
    /// {exists, ticks} of each venue.
    pub touch_prices: Many<Signal<Out, U<33>>, V>,
    /// {exists, ticks} of the best of them.
    pub touch_best: Signal<Out, U<33>>,
    /// `refilling` of the book is set.
    pub touch_refill: Signal<Out, Bit>,
    /// To this.
    pub touch_refilling: Signal<Out, Bit>,
    /// A LEVEL was inside the window.
    pub count_level: Signal<Out, Bit>,
    /// A LEVEL was outside the window.
    pub count_outside: Signal<Out, Bit>,
    front: Island<Front<V, BB, BS, WL, WORDS, LB, TL, UP>>,
    control: Island<Control<V, BB, BS, WL, WORDS, LB, WB, TL, UP, WA>>,
    lanes: Many<Island<Lane<BS, WL, WORDS, LB, WB, TL, KEY, WA, QA>>, V>,
    merge: Island<Merge<V, HALF, BB, BS, TL, UP, KEY, NONE>>,
    touch: Island<Touch<V, BS, TL, UP, KEY, NONE>>,
    opcodes: Delay<U<8>, LATENCY>,
    tags: Delay<U<64>, LATENCY>,
    stamps: Delay<U<16>, LATENCY>,
}

/// BOOK of the set `tiny`.
pub type BookTiny = Book<2, 1, 1, 2, 3, 8, 5, 32, 8, 24, 10, 9, 5, 10>;
/// BOOK of the set `ecp5`.
pub type BookEcp5 = Book<4, 2, 2, 3, 5, 32, 5, 32, 10, 22, 12, 11, 8, 13>;
/// BOOK of the set `desk`.
pub type BookDesk = Book<4, 2, 3, 4, 5, 32, 5, 32, 10, 22, 12, 11, 9, 14>;
/// BOOK of the set `usplus`.
pub type BookUsplus = Book<8, 4, 6, 7, 6, 64, 6, 64, 12, 20, 14, 13, 13, 19>;

impl<
        const V: usize,
        const HALF: usize,
        const BB: usize,
        const BS: usize,
        const WL: usize,
        const WORDS: usize,
        const LB: usize,
        const WB: usize,
        const TL: usize,
        const UP: usize,
        const KEY: usize,
        const NONE: usize,
        const WA: usize,
        const QA: usize,
    > Logic for Book<V, HALF, BB, BS, WL, WORDS, LB, WB, TL, UP, KEY, NONE, WA, QA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, front, control, merge, touch, opcodes, tags, stamps);
        self.front.reset.next = self.reset.val();
        self.front.command_valid.next = self.command_valid.val();
        self.front.opcode.next = self.opcode.val();
        self.front.venue.next = self.venue.val();
        self.front.book.next = self.book.val();
        self.front.side.next = self.side.val();
        self.front.price.next = self.price.val();
        self.front.quantity.next = self.quantity.val();
        self.front.refilling.next = self.refilling.val();
        self.front.tag.next = self.tag.val();
        self.front.stamp.next = self.stamp.val();
        self.front.depth_room.next = self.depth_room.val();
        self.front.answered.next = self.merge.answered.val();
        self.front.answer_bid.next = self.merge.bid_price.val();
        self.front.answer_ask.next = self.merge.ask_price.val();
        self.front.answer_bid_empty.next = self.merge.bid_empty.val();
        self.front.answer_ask_empty.next = self.merge.ask_empty.val();
        self.ready.next = self.front.ready.val();
        self.idle.next = self.front.quiet.val();
        self.command_ready.next = self.front.command_ready.val();

        self.control.op.next = self.front.op.val();
        self.control.side.next = self.front.op_side.val();
        self.control.book.next = self.front.op_book.val();
        self.control.venue.next = self.front.op_venue.val();
        self.control.key.next = self.front.op_key.val();
        self.control.quantity.next = self.front.op_quantity.val();
        self.control.kept.next = self.front.op_kept.val();
        self.count_level.next = self.control.inside_3.val();
        self.count_outside.next = self.control.outside_3.val();

        for i in 0..V {
            self.lanes[i].clock.next = self.clock.val();
            self.lanes[i].address_0.next = self.control.address_0.val();
            self.lanes[i].row_1.next = self.control.row_1.val();
            self.lanes[i].mine_1.next = self.control.mine_1.val().get_bit(i);
            self.lanes[i].purge_1.next = self.control.purge_1.val().get_bit(i);
            self.lanes[i].kept_1.next = self.control.kept_1.val();
            self.lanes[i].word_1.next = self.control.word_1.val();
            self.lanes[i].same_1_2.next = self.control.same_1_2.val();
            self.lanes[i].same_2_2.next = self.control.same_2_2.val();
            self.lanes[i].same_3_2.next = self.control.same_3_2.val();
            self.lanes[i].keep_2.next = self.control.keep_2.val();
            self.lanes[i].set_2.next = self.control.set_2.val();
            self.lanes[i].address_3.next = self.control.address_3.val();
            self.lanes[i].mine_3.next = self.control.mine_3.val().get_bit(i);
            self.lanes[i].walk_4.next = self.control.walk_4.val();
            self.lanes[i].row_4.next = self.control.row_4.val();
            self.lanes[i].mine_4.next = self.control.mine_4.val().get_bit(i);
            self.lanes[i].word_4.next = self.control.word_4.val();
            self.lanes[i].seen_4.next = self.control.seen_4.val();
            self.lanes[i].high_4.next = self.control.high_4.val();
            self.lanes[i].row_5.next = self.control.row_5.val();
            self.lanes[i].mine_5.next = self.control.mine_5.val().get_bit(i);
            self.lanes[i].enabled_6.next = self.control.enabled_6.val().get_bit(i);
            self.lanes[i].row_7.next = self.control.row_7.val();
            self.lanes[i].tick_7.next = self.control.tick_7.val();
            self.lanes[i].quantity_7.next = self.control.quantity_7.val();
            self.lanes[i].store_7.next = self.control.store_7.val().get_bit(i);
            self.merge.keys_7[i].next = self.lanes[i].key_7.val();
            self.touch.keys_7[i].next = self.lanes[i].key_7.val();
            self.touch_prices[i].next = self.touch.prices[i].val();
            self.merge.quantities_9[i].next = self.lanes[i].quantity_9.val();
        }

        self.merge.ready.next = self.front.ready.val();
        self.merge.op_8.next = self.control.op_8.val();
        self.merge.row_8.next = self.control.row_8.val();
        self.merge.upper_8.next = self.control.upper_8.val();
        self.merge.wrapped_8.next = self.control.wrapped_8.val();
        self.merge.list_last.next = self.front.list_last.val();
        self.touch.row_8.next = self.control.row_8.val();
        self.touch.upper_8.next = self.control.upper_8.val();
        self.touch.wrapped_8.next = self.control.wrapped_8.val();
        self.touch.keep_9.next = self.merge.keep_9.val();
        self.touch.op_9.next = self.merge.op_of_9.val();
        self.touch.row_9.next = self.merge.row_of_9.val();
        self.touch.price_9.next = self.merge.best_9.val();
        self.touch.exists_9.next = self.merge.exists_9.val();
        self.touch_write.next = self.touch.write.val();
        self.touch_row.next = self.touch.row.val();
        self.touch_best.next = self.touch.best.val();
        self.touch_refill.next = self.touch.refill.val();
        self.touch_refilling.next = self.touch.refilling.val();
        self.opcodes.data.next = self.front.op_opcode.val();
        self.tags.data.next = self.front.op_tag.val();
        self.stamps.data.next = self.front.op_stamp.val();
        self.event_valid.next = self.merge.event_valid.val();
        self.event_kind.next = self.merge.event_kind.val();
        self.event_opcode.next = self.opcodes.delayed.val();
        self.event_book.next = self.merge.event_book.val();
        self.event_level.next = self.front.list_level.val();
        self.event_flags.next = self.merge.event_flags.val();
        self.event_tag.next = self.tags.delayed.val();
        self.event_stamp.next = self.stamps.delayed.val();
        self.bid_price.next = self.merge.bid_price.val();
        self.bid_venues.next = self.merge.bid_venues.val();
        self.bid_quantity.next = self.merge.bid_quantity.val();
        self.ask_price.next = self.merge.ask_price.val();
        self.ask_venues.next = self.merge.ask_venues.val();
        self.ask_quantity.next = self.merge.ask_quantity.val();
    }
}

impl<
        const V: usize,
        const HALF: usize,
        const BB: usize,
        const BS: usize,
        const WL: usize,
        const WORDS: usize,
        const LB: usize,
        const WB: usize,
        const TL: usize,
        const UP: usize,
        const KEY: usize,
        const NONE: usize,
        const WA: usize,
        const QA: usize,
    > Clocked for Book<V, HALF, BB, BS, WL, WORDS, LB, WB, TL, UP, KEY, NONE, WA, QA>
{
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
