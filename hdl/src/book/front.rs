//! Front of BOOK: turns commands into micro-operations.
//!
//! A LEVEL becomes an operation in the clock in which it is taken, and so does the bid side of VENUE_RESET and
//! BOOK_STATE. While a command needs more, the front keeps `command_ready` low (VENUE_RESET, BOOK_STATE for 1 clock,
//! SLIDE for 5, DEPTH and FENCE until they are answered), so operations are always in command order.
//!
//! SLIDE computes here which words of the circular window stay; nothing scrubs in the background. RESET sends one
//! operation a book and side that empties everything on its way down the pipeline.
//!
//! ```text
//! clock        0        1        2        3        4        5
//! LEVEL        op
//! BOOK_STATE   Bid op   Ask op
//! SLIDE        taken    Prepare  Measure  Rotate   Bid op   Ask op
//! DEPTH        taken    Prepare  Room     Bid op   Ask op   Answer ... Room (next level)
//! ```

use super::op::Op;
use crate::int::{unsigned_cast, U};
use crate::leaf::Fixed;
use crate::ram::LutRam;
use crossgate_contract::command::{BookState, Depth, Fence, Level, Slide, VenueReset};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// What the front is doing; the first variant is the state after power-up.
#[derive(LogicState, Clone, Copy, Debug, PartialEq)]
pub enum FrontState {
    /// Empties one book and side a clock.
    Scrub,
    /// The scrubbing operations leave the pipeline.
    Drain,
    /// Takes commands.
    Idle,
    /// Reads the old base.
    Prepare,
    /// SLIDE: where the vacated words begin and how many they are.
    Measure,
    /// SLIDE: the words that stay, as masks.
    Rotate,
    /// SLIDE, bid side.
    Bid,
    /// Second operation of VENUE_RESET, SLIDE, BOOK_STATE: ask side.
    Ask,
    /// Waits until the egress takes the answer.
    Room,
    /// DEPTH, bid side of one level.
    ListBid,
    /// DEPTH, ask side of one level.
    ListAsk,
    /// FENCE on its way.
    Fencing,
    /// Waits for the answer.
    Answer,
}

/// Commands in, micro-operations out.
#[derive(LogicBlock, Default)]
pub struct Front<
    const V: usize,
    const BB: usize,
    const BS: usize,
    const WL: usize,
    const WORDS: usize,
    const LB: usize,
    const TL: usize,
    const UP: usize,
> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Empty every book.
    pub reset: Signal<In, Bit>,
    /// Low while the books are being emptied.
    pub ready: Signal<Out, Bit>,
    /// No operation is under way.
    pub quiet: Signal<Out, Bit>,
    /// A command is offered.
    pub command_valid: Signal<In, Bit>,
    /// It is taken in this clock.
    pub command_ready: Signal<Out, Bit>,
    /// Opcode of the contract.
    pub opcode: Signal<In, U<8>>,
    /// Venue, below the build's number.
    pub venue: Signal<In, U<8>>,
    /// Book, below the build's number.
    pub book: Signal<In, U<8>>,
    /// 0 bid, 1 ask.
    pub side: Signal<In, Bit>,
    /// Price, or base of SLIDE.
    pub price: Signal<In, U<32>>,
    /// Quantity, enabled venues of BOOK_STATE, or count of DEPTH.
    pub quantity: Signal<In, U<32>>,
    /// SLIDE and BOOK_STATE.
    pub refilling: Signal<In, Bit>,
    /// Tag.
    pub tag: Signal<In, U<64>>,
    /// Ingress cycle, low bits.
    pub stamp: Signal<In, U<16>>,
    /// The egress can take two more DEPTH or FENCE events.
    pub depth_room: Signal<In, Bit>,
    /// A DEPTH or FENCE event leaves in this clock.
    pub answered: Signal<In, Bit>,
    /// Bid price of that event.
    pub answer_bid: Signal<In, U<32>>,
    /// Ask price of that event.
    pub answer_ask: Signal<In, U<32>>,
    /// Its bid side is empty.
    pub answer_bid_empty: Signal<In, Bit>,
    /// Its ask side is empty.
    pub answer_ask_empty: Signal<In, Bit>,
    /// The operation of this clock.
    pub op: Signal<Out, Op>,
    /// Its side.
    pub op_side: Signal<Out, Bit>,
    /// Its book.
    pub op_book: Signal<Out, U<BB>>,
    /// Its venue, one-hot.
    pub op_venue: Signal<Out, U<V>>,
    /// Its tick: ask ticks as they are, bid ticks inverted.
    pub op_key: Signal<Out, U<32>>,
    /// Quantity or enabled venues.
    pub op_quantity: Signal<Out, U<32>>,
    /// Words of the window that keep their contents.
    pub op_kept: Signal<Out, U<WORDS>>,
    /// Opcode of the command.
    pub op_opcode: Signal<Out, U<8>>,
    /// Tag of the command.
    pub op_tag: Signal<Out, U<64>>,
    /// Stamp of the command.
    pub op_stamp: Signal<Out, U<16>>,
    /// Level that is being listed.
    pub list_level: Signal<Out, U<8>>,
    /// It is the last one that the command asked for.
    pub list_last: Signal<Out, Bit>,
    bases: LutRam<U<33>, BB>,
    state: DFF<FrontState>,
    count: DFF<U<BS>>,
    flight: DFF<U<4>>,
    command: DFF<U<8>>,
    command_venue: DFF<U<V>>,
    command_book: DFF<U<BB>>,
    command_base: DFF<U<32>>,
    command_far: DFF<U<32>>,
    command_quantity: DFF<U<32>>,
    command_refilling: DFF<Bit>,
    command_tag: DFF<U<64>>,
    command_stamp: DFF<U<16>>,
    based: DFF<Bit>,
    old: DFF<U<32>>,
    ahead: DFF<U<32>>,
    behind: DFF<U<32>>,
    whole: DFF<Bit>,
    start: DFF<U<WL>>,
    length: DFF<U<WL>>,
    kept_bid: DFF<U<WORDS>>,
    kept_ask: DFF<U<WORDS>>,
    level: DFF<U<8>>,
    bid_empty: DFF<Bit>,
    ask_empty: DFF<Bit>,
    bid_key: DFF<U<32>>,
    ask_key: DFF<U<32>>,
    accepted: Signal<Local, Bit>,
    is_level: Signal<Local, Bit>,
    offers_state: Signal<Local, Bit>,
    offers_purge: Signal<Local, Bit>,
    pairs: Signal<Local, Bit>,
    is_slide: Signal<Local, Bit>,
    is_depth: Signal<Local, Bit>,
    is_fence: Signal<Local, Bit>,
    is_state: Signal<Local, Bit>,
    is_purge: Signal<Local, Bit>,
    ended: Signal<Local, Bit>,
    next_level: Signal<Local, U<8>>,
    ahead_high: Signal<Local, U<UP>>,
    behind_high: Signal<Local, U<UP>>,
    ones: Signal<Local, U<WORDS>>,
    shifted: Signal<Local, U<WORDS>>,
    mirror: Signal<Local, U<WL>>,
    mirror_inverted: Signal<Local, U<WL>>,
    start_inverted: Signal<Local, U<WL>>,
    half: Signal<Local, U<WORDS>>,
    bid_low: Signal<Local, U<WORDS>>,
    bid_high: Signal<Local, U<WORDS>>,
    ask_low: Signal<Local, U<WORDS>>,
    ask_high: Signal<Local, U<WORDS>>,
    c_level: Fixed<U<8>, { Level::CODE as usize }>,
    c_purge: Fixed<U<8>, { VenueReset::CODE as usize }>,
    c_slide: Fixed<U<8>, { Slide::CODE as usize }>,
    c_state: Fixed<U<8>, { BookState::CODE as usize }>,
    c_depth: Fixed<U<8>, { Depth::CODE as usize }>,
    c_fence: Fixed<U<8>, { Fence::CODE as usize }>,
    c_span: Fixed<U<TL>, { usize::MAX }>,
    c_based: Fixed<U<33>, { 1 << 32 }>,
    c_all: Fixed<U<WORDS>, { usize::MAX }>,
    c_venue: Fixed<U<V>, 1>,
    c_one: Fixed<U<1>, 1>,
    c_word_lsb: Fixed<U<6>, LB>,
    c_high_lsb: Fixed<U<6>, TL>,
    c_flight: Fixed<U<4>, 12>,
    c_flight_one: Fixed<U<4>, 1>,
    c_count_one: Fixed<U<BS>, 1>,
    c_level_one: Fixed<U<8>, 1>,
    c_word_one: Fixed<U<WL>, 1>,
}

impl<
        const V: usize,
        const BB: usize,
        const BS: usize,
        const WL: usize,
        const WORDS: usize,
        const LB: usize,
        const TL: usize,
        const UP: usize,
    > Logic for Front<V, BB, BS, WL, WORDS, LB, TL, UP>
{
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, state, count, flight, command, command_venue, command_book, command_base, command_far);
        dff_setup!(self, clock, command_quantity, command_refilling, command_tag, command_stamp, based, old, ahead);
        dff_setup!(self, clock, behind, whole, start, length, kept_bid, kept_ask, level, bid_empty, ask_empty);
        dff_setup!(self, clock, bid_key, ask_key);
        clock!(self, clock, bases);
        self.ready.next = (self.state.q.val() != FrontState::Scrub) & (self.state.q.val() != FrontState::Drain);
        self.command_ready.next = self.state.q.val() == FrontState::Idle;
        self.accepted.next = (self.state.q.val() == FrontState::Idle) & self.command_valid.val();
        self.is_level.next = self.opcode.val() == self.c_level.val();
        self.offers_state.next = self.opcode.val() == self.c_state.val();
        self.offers_purge.next = self.opcode.val() == self.c_purge.val();
        self.is_slide.next = self.command.q.val() == self.c_slide.val();
        self.is_depth.next = self.command.q.val() == self.c_depth.val();
        self.is_fence.next = self.command.q.val() == self.c_fence.val();
        self.is_state.next = self.command.q.val() == self.c_state.val();
        self.is_purge.next = self.command.q.val() == self.c_purge.val();
        self.next_level.next = self.level.q.val() + self.c_level_one.val();
        self.list_level.next = self.level.q.val();
        self.list_last.next = self.next_level.val() == self.command_quantity.q.val().get_bits::<8>(0);
        self.ended.next = self.list_last.val() | (self.answer_bid_empty.val() & self.answer_ask_empty.val());

        // the words of a SLIDE: `length` words from `start` on go, on the ask side; the bid side is its mirror image
        self.ahead_high.next = self.ahead.q.val().get_bits::<UP>(self.c_high_lsb.val().index());
        self.behind_high.next = self.behind.q.val().get_bits::<UP>(self.c_high_lsb.val().index());
        self.shifted.next = self.c_all.val() << self.length.q.val();
        self.ones.next = !self.shifted.val();
        if self.whole.q.val() {
            self.ones.next = self.c_all.val();
        }
        self.half.next = self.ones.val() >> self.c_one.val();
        self.mirror_inverted.next = self.start.q.val() + self.length.q.val() - self.c_word_one.val();
        self.mirror.next = !self.mirror_inverted.val();
        self.start_inverted.next = !self.start.q.val();
        self.ask_low.next = self.ones.val() << self.start.q.val();
        self.ask_high.next = self.half.val() >> self.start_inverted.val();
        self.bid_low.next = self.ones.val() << self.mirror.val();
        self.bid_high.next = self.half.val() >> self.mirror_inverted.val();

        // the base as it was
        self.bases.read_address.next = self.command_book.q.val();
        self.bases.write_enable.next = false;
        self.bases.write_address.next = self.command_book.q.val();
        self.bases.write_data.next = unsigned_cast::<33, 32>(self.command_base.q.val()) | self.c_based.val();

        // the operation of this clock; LEVEL is the default
        self.pairs.next = self.accepted.val() & (self.offers_state.val() | self.offers_purge.val());
        self.op.next.valid = (self.accepted.val() & self.is_level.val()) | self.pairs.val();
        self.op.next.level = self.accepted.val() & self.is_level.val();
        self.op.next.first = self.pairs.val();
        self.op.next.second = false;
        self.op.next.listing = false;
        self.op.next.walk = false;
        self.op.next.fence = false;
        self.op.next.rebase = false;
        self.op.next.based = false;
        self.op.next.enable = self.accepted.val() & self.offers_state.val();
        self.op.next.purge = self.accepted.val() & self.offers_purge.val();
        self.op.next.refill = self.accepted.val() & self.offers_state.val();
        self.op.next.refilling = self.refilling.val();
        self.op.next.empty = false;
        self.op_side.next = self.side.val() & self.is_level.val();
        self.op_book.next = self.book.val().get_bits::<BB>(0);
        self.op_venue.next = self.c_venue.val() << self.venue.val();
        self.op_key.next = !self.price.val();
        if self.side.val() {
            self.op_key.next = self.price.val();
        }
        self.op_quantity.next = self.quantity.val();
        self.op_kept.next = self.c_all.val();
        self.op_opcode.next = self.opcode.val();
        self.op_tag.next = self.tag.val();
        self.op_stamp.next = self.stamp.val();
        if self.state.q.val() != FrontState::Idle {
            self.op_book.next = self.command_book.q.val();
            self.op_venue.next = self.command_venue.q.val();
            self.op_quantity.next = self.command_quantity.q.val();
            self.op_opcode.next = self.command.q.val();
            self.op_tag.next = self.command_tag.q.val();
            self.op_stamp.next = self.command_stamp.q.val();
            self.op.next.refilling = self.command_refilling.q.val();
        }

        if (self.state.q.val() == FrontState::Bid) | (self.state.q.val() == FrontState::Ask) {
            self.op.next.refill = self.is_slide.val() | self.is_state.val();
            self.op.next.rebase = self.is_slide.val();
            self.op.next.based = self.is_slide.val();
            self.op.next.enable = self.is_state.val();
            self.op.next.purge = self.is_purge.val();
        }

        match self.state.q.val() {
            FrontState::Scrub => {
                self.op.next.valid = true;
                self.op.next.first = true;
                self.op.next.rebase = true;
                self.op.next.enable = true;
                self.op.next.refill = true;
                self.op.next.refilling = false;
                self.op.next.empty = true;
                self.op_side.next = self.count.q.val().get_bit(0);
                self.op_book.next = self.count.q.val().get_bits::<BB>(1);
                self.op_quantity.next = 0.into();
                self.op_kept.next = 0.into();
                self.bases.write_enable.next = true;
                self.bases.write_address.next = self.count.q.val().get_bits::<BB>(1);
                self.bases.write_data.next = 0.into();
                self.count.d.next = self.count.q.val() + self.c_count_one.val();
                if self.count.q.val().all() {
                    self.state.d.next = FrontState::Drain;
                }
            }
            FrontState::Drain => {
                if !self.flight.q.val().any() {
                    self.state.d.next = FrontState::Idle;
                }
            }
            FrontState::Idle => {
                self.command.d.next = self.opcode.val();
                self.command_venue.d.next = self.c_venue.val() << self.venue.val();
                self.command_book.d.next = self.book.val().get_bits::<BB>(0);
                self.command_base.d.next = self.price.val();
                self.command_quantity.d.next = self.quantity.val();
                self.command_refilling.d.next = self.refilling.val();
                self.command_tag.d.next = self.tag.val();
                self.command_stamp.d.next = self.stamp.val();
                self.kept_bid.d.next = self.c_all.val();
                self.kept_ask.d.next = self.c_all.val();
                self.level.d.next = 0.into();
                self.bid_empty.d.next = false;
                self.ask_empty.d.next = false;
                if self.command_valid.val() & !self.is_level.val() {
                    self.state.d.next = FrontState::Prepare;
                }
                if self.pairs.val() {
                    self.state.d.next = FrontState::Ask;
                }
            }
            FrontState::Prepare => {
                self.command_far.d.next = self.command_base.q.val() + unsigned_cast::<32, TL>(self.c_span.val());
                self.based.d.next = self.bases.read_data.val().get_bit(32);
                self.old.d.next = self.bases.read_data.val().get_bits::<32>(0);
                self.ahead.d.next = self.command_base.q.val() - self.bases.read_data.val().get_bits::<32>(0);
                self.behind.d.next = self.bases.read_data.val().get_bits::<32>(0) - self.command_base.q.val();
                self.state.d.next = FrontState::Room;
                if self.is_slide.val() {
                    self.state.d.next = FrontState::Measure;
                }
            }
            FrontState::Measure => {
                self.whole.d.next = !self.based.q.val() | (self.ahead_high.val().any() & self.behind_high.val().any());
                self.start.d.next = self.command_base.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
                self.length.d.next = self.behind.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
                if !self.ahead_high.val().any() {
                    self.start.d.next = self.old.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
                    self.length.d.next = self.ahead.q.val().get_bits::<WL>(self.c_word_lsb.val().index());
                }
                self.state.d.next = FrontState::Rotate;
            }
            FrontState::Rotate => {
                self.kept_bid.d.next = !(self.bid_low.val() | self.bid_high.val());
                self.kept_ask.d.next = !(self.ask_low.val() | self.ask_high.val());
                self.state.d.next = FrontState::Bid;
            }
            FrontState::Bid => {
                self.op.next.valid = true;
                self.op.next.first = true;
                self.op_side.next = false;
                self.op_key.next = !self.command_far.q.val();
                self.op_kept.next = self.kept_bid.q.val();
                self.state.d.next = FrontState::Ask;
            }
            FrontState::Ask => {
                self.op.next.valid = true;
                self.op.next.second = true;
                self.op_side.next = true;
                self.op_key.next = self.command_base.q.val();
                self.op_kept.next = self.kept_ask.q.val();
                self.bases.write_enable.next = self.is_slide.val();
                self.state.d.next = FrontState::Idle;
            }
            FrontState::Room => {
                if self.depth_room.val() {
                    self.state.d.next = FrontState::ListBid;
                    if self.is_fence.val() {
                        self.state.d.next = FrontState::Fencing;
                    }
                }
            }
            FrontState::ListBid => {
                self.op.next.valid = true;
                self.op.next.listing = true;
                self.op.next.first = true;
                self.op.next.walk = self.level.q.val().any();
                self.op.next.empty = self.bid_empty.q.val();
                self.op_side.next = false;
                self.op_key.next = self.bid_key.q.val();
                self.state.d.next = FrontState::ListAsk;
            }
            FrontState::ListAsk => {
                self.op.next.valid = true;
                self.op.next.listing = true;
                self.op.next.second = true;
                self.op.next.walk = self.level.q.val().any();
                self.op.next.empty = self.ask_empty.q.val();
                self.op_side.next = true;
                self.op_key.next = self.ask_key.q.val();
                self.state.d.next = FrontState::Answer;
            }
            FrontState::Fencing => {
                self.op.next.valid = true;
                self.op.next.fence = true;
                self.state.d.next = FrontState::Answer;
            }
            FrontState::Answer => {
                if self.answered.val() {
                    self.level.d.next = self.next_level.val();
                    self.bid_key.d.next = !self.answer_bid.val();
                    self.ask_key.d.next = self.answer_ask.val();
                    self.bid_empty.d.next = self.answer_bid_empty.val();
                    self.ask_empty.d.next = self.answer_ask_empty.val();
                    self.state.d.next = FrontState::Room;
                    if self.is_fence.val() | self.ended.val() {
                        self.state.d.next = FrontState::Idle;
                    }
                }
            }
            _ => {
                self.state.d.next = FrontState::Scrub;
            }
        }
        if self.reset.val() {
            self.state.d.next = FrontState::Scrub;
            self.count.d.next = 0.into();
        }

        // clocks until the newest operation has left
        if self.flight.q.val().any() {
            self.flight.d.next = self.flight.q.val() - self.c_flight_one.val();
        }
        if self.op.val().valid {
            self.flight.d.next = self.c_flight.val();
        }
        self.quiet.next = (self.state.q.val() == FrontState::Idle) & !(self.flight.q.val().any());
    }
}
