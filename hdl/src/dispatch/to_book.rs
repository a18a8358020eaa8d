//! [`ToBook`]: commands of the market window to BOOK, and the heartbeats.
//!
//! | port | meaning |
//! |---|---|
//! | `command_*` | from the window |
//! | `missequenced`, `overrun`, `expected`, `received` | errors of the window; reported once, after its last command |
//! | `book_valid`, `book_ready` and the fields | a command within the sizes of the build |
//! | `venue_address`, `venue_time` | read port of the heartbeat table |
//! | `heartbeat*` | a HEARTBEAT is stored in this clock |
//! | `answer_valid`, `answer_ready`, `answer_words`, `answer_stamp` | a fault for the decision ring |
//! | `taken` | a command was taken, NOPs excluded |
//! | `ready` | the heartbeats are scrubbed |
//!
//! Latency: 1 clock from `command_valid` to `book_valid`. A HEARTBEAT is stored 1 clock later.
//!
//! ```text
//! clock          _/0\_/1\_
//! command_valid  /-\______
//! book_valid     ____/-\__
//! ```

use super::{constant, implemented, Answer};
use crate::int::{unsigned_cast, U};
use crate::leaf::field;
use crate::ram::LutRam;
use crossgate_contract::command::{BookState, Depth, Fence, Heartbeat, Level, Slide, VenueReset};
use crossgate_contract::{width, Layout, Sizes, Window};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Bits of a venue number in the heartbeat table.
pub const VENUE_BITS: usize = 4;

/// Dispatch of the market window.
#[derive(LogicBlock)]
pub struct ToBook {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop everything.
    pub reset: Signal<In, Bit>,
    /// A command of the window.
    pub command_valid: Signal<In, Bit>,
    /// It is taken.
    pub command_ready: Signal<Out, Bit>,
    /// Its words.
    pub command_words: [Signal<In, U<64>>; 4],
    /// Its stamp.
    pub command_stamp: Signal<In, U<16>>,
    /// The window is halted by a wrong sequence number.
    pub missequenced: Signal<In, Bit>,
    /// The window is halted by an overrun.
    pub overrun: Signal<In, Bit>,
    /// Sequence number expected.
    pub expected: Signal<In, U<16>>,
    /// Sequence number received.
    pub received: Signal<In, U<16>>,
    /// A command for BOOK.
    pub book_valid: Signal<Out, Bit>,
    /// BOOK takes it.
    pub book_ready: Signal<In, Bit>,
    /// Opcode.
    pub opcode: Signal<Out, U<8>>,
    /// Venue.
    pub venue: Signal<Out, U<8>>,
    /// Book.
    pub book: Signal<Out, U<8>>,
    /// 0 bid, 1 ask.
    pub side: Signal<Out, Bit>,
    /// Price or base, ticks.
    pub price: Signal<Out, U<32>>,
    /// Book lots, enabled venues or count.
    pub quantity: Signal<Out, U<32>>,
    /// The book is being refilled.
    pub refilling: Signal<Out, Bit>,
    /// Tag.
    pub tag: Signal<Out, U<64>>,
    /// Stamp.
    pub stamp: Signal<Out, U<16>>,
    /// Venue whose heartbeat is read.
    pub venue_address: Signal<In, U<VENUE_BITS>>,
    /// Its time.
    pub venue_time: Signal<Out, U<48>>,
    /// A HEARTBEAT.
    pub heartbeat: Signal<Out, Bit>,
    /// Its venue.
    pub heartbeat_venue: Signal<Out, U<8>>,
    /// Its time.
    pub heartbeat_time: Signal<Out, U<48>>,
    /// A fault for the decision ring.
    pub answer_valid: Signal<Out, Bit>,
    /// The ring takes it.
    pub answer_ready: Signal<In, Bit>,
    /// Its words.
    pub answer_words: [Signal<Out, U<64>>; 6],
    /// Its stamp.
    pub answer_stamp: Signal<Out, U<16>>,
    /// A command was taken.
    pub taken: Signal<Out, Bit>,
    /// The heartbeats are scrubbed.
    pub ready: Signal<Out, Bit>,
    /// Something waits here.
    pub busy: Signal<Out, Bit>,
    answer: Answer,
    heartbeats: LutRam<U<48>, VENUE_BITS>,
    scrub_reg: DFF<U<VENUE_BITS>>,
    ready_reg: DFF<Bit>,
    held_reg: DFF<Bit>,
    known_reg: DFF<Bit>,
    bad_reg: DFF<Bit>,
    heartbeat_reg: DFF<Bit>,
    fence_reg: DFF<Bit>,
    reported_reg: DFF<Bit>,
    word_reg: [DFF<U<64>>; 4],
    stamp_reg: DFF<U<16>>,
    in_opcode: Signal<Local, U<8>>,
    in_opcode_low: Signal<Local, U<6>>,
    in_venue: Signal<Local, U<8>>,
    in_book: Signal<Local, U<8>>,
    in_price: Signal<Local, U<32>>,
    in_unaligned: Signal<Local, U<ALIGN>>,
    in_excess: Signal<Local, U<EXCESS>>,
    in_enabled: Signal<Local, U<16>>,
    in_foreign: Signal<Local, U<16>>,
    in_count: Signal<Local, U<8>>,
    known: Signal<Local, Bit>,
    is_level: Signal<Local, Bit>,
    is_reset: Signal<Local, Bit>,
    is_slide: Signal<Local, Bit>,
    is_state: Signal<Local, Bit>,
    is_depth: Signal<Local, Bit>,
    is_heartbeat: Signal<Local, Bit>,
    names_book: Signal<Local, Bit>,
    bad: Signal<Local, Bit>,
    forward: Signal<Local, Bit>,
    report: Signal<Local, Bit>,
    answering: Signal<Local, Bit>,
    leave: Signal<Local, Bit>,
    take: Signal<Local, Bit>,
    store_venue: Signal<Local, U<8>>,
    known_codes: Constant<U<64>>,
    level_code: Constant<U<8>>,
    reset_code: Constant<U<8>>,
    slide_code: Constant<U<8>>,
    state_code: Constant<U<8>>,
    depth_code: Constant<U<8>>,
    heartbeat_code: Constant<U<8>>,
    fence_code: Constant<U<8>>,
    venues: Constant<U<8>>,
    books: Constant<U<8>>,
    base_most: Constant<U<32>>,
    foreign: Constant<U<16>>,
    flag_lsb: Constant<U<6>>,
    venue_lsb: Constant<U<6>>,
    book_lsb: Constant<U<6>>,
    price_lsb: Constant<U<6>>,
    excess_lsb: Constant<U<6>>,
    venue_zero: Constant<U<VENUE_BITS>>,
    venue_one: Constant<U<VENUE_BITS>>,
    time_zero: Constant<U<48>>,
}

/// Bits of a base that must be 0.
const ALIGN: usize = width::BASE_ALIGN_TICKS.ilog2() as usize;
/// Bits of the quantity field beyond a quantity.
const EXCESS: usize = EXCESS_BITS as usize;
const EXCESS_BITS: u32 = 40 - width::QUANTITY_BITS;

/// The lowest bit of a field that lies at the same place in every layout.
fn place(layouts: &[&'static Layout], name: &str, word: usize, width: u32) -> u64 {
    let mut lsb = None;
    for layout in layouts {
        let field = field(layout, name);
        assert_eq!((field.word, field.width), (word, width), "{}.{name}", layout.name);
        assert!(lsb.is_none_or(|lsb| lsb == field.lsb), "{}.{name} lies elsewhere", layout.name);
        lsb = Some(field.lsb);
    }
    u64::from(lsb.unwrap_or(0))
}

impl ToBook {
    /// Dispatch of a build of these sizes.
    ///
    /// # Panics
    /// If the fields of the market commands no longer share their places: a broken build.
    pub fn new(sizes: &Sizes) -> Self {
        let [low, high] = implemented(Window::Market);
        assert_eq!(high, 0, "market opcodes lie below 64");
        assert!(sizes.venues <= 1 << VENUE_BITS, "{} venues", sizes.venues);
        let (level, purge, slide) = (&Level::LAYOUT, &VenueReset::LAYOUT, &Slide::LAYOUT);
        let (state, depth) = (&BookState::LAYOUT, &Depth::LAYOUT);
        let price = place(&[level], "price", 0, 32);
        let flag = place(&[level], "side", 0, 1);
        let at_zero = [
            place(&[level], "quantity", 1, width::QUANTITY_BITS + EXCESS_BITS),
            place(&[state], "enabled", 1, 16),
            place(&[depth], "count", 1, 8),
            place(&[&Heartbeat::LAYOUT], "time_us", 1, 48),
            place(&[level, purge, slide, state, depth], "tag", 2, 64),
            place(&[&Fence::LAYOUT], "tag", 1, 64),
        ];
        assert_eq!(at_zero, [0; 6], "values begin at bit 0 of their word");
        assert_eq!((place(&[slide], "base", 0, 32), place(&[slide, state], "refilling", 0, 1)), (price, flag));
        Self {
            clock: Default::default(),
            reset: Default::default(),
            command_valid: Default::default(),
            command_ready: Default::default(),
            command_words: Default::default(),
            command_stamp: Default::default(),
            missequenced: Default::default(),
            overrun: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            book_valid: Default::default(),
            book_ready: Default::default(),
            opcode: Default::default(),
            venue: Default::default(),
            book: Default::default(),
            side: Default::default(),
            price: Default::default(),
            quantity: Default::default(),
            refilling: Default::default(),
            tag: Default::default(),
            stamp: Default::default(),
            venue_address: Default::default(),
            venue_time: Default::default(),
            heartbeat: Default::default(),
            heartbeat_venue: Default::default(),
            heartbeat_time: Default::default(),
            answer_valid: Default::default(),
            answer_ready: Default::default(),
            answer_words: Default::default(),
            answer_stamp: Default::default(),
            taken: Default::default(),
            ready: Default::default(),
            busy: Default::default(),
            answer: Answer::new(Window::Market),
            heartbeats: Default::default(),
            scrub_reg: Default::default(),
            ready_reg: Default::default(),
            held_reg: Default::default(),
            known_reg: Default::default(),
            bad_reg: Default::default(),
            heartbeat_reg: Default::default(),
            fence_reg: Default::default(),
            reported_reg: Default::default(),
            word_reg: Default::default(),
            stamp_reg: Default::default(),
            in_opcode: Default::default(),
            in_opcode_low: Default::default(),
            in_venue: Default::default(),
            in_book: Default::default(),
            in_price: Default::default(),
            in_unaligned: Default::default(),
            in_excess: Default::default(),
            in_enabled: Default::default(),
            in_foreign: Default::default(),
            in_count: Default::default(),
            known: Default::default(),
            is_level: Default::default(),
            is_reset: Default::default(),
            is_slide: Default::default(),
            is_state: Default::default(),
            is_depth: Default::default(),
            is_heartbeat: Default::default(),
            names_book: Default::default(),
            bad: Default::default(),
            forward: Default::default(),
            report: Default::default(),
            answering: Default::default(),
            leave: Default::default(),
            take: Default::default(),
            store_venue: Default::default(),
            known_codes: constant(low),
            level_code: constant(u64::from(Level::CODE)),
            reset_code: constant(u64::from(VenueReset::CODE)),
            slide_code: constant(u64::from(Slide::CODE)),
            state_code: constant(u64::from(BookState::CODE)),
            depth_code: constant(u64::from(Depth::CODE)),
            heartbeat_code: constant(u64::from(Heartbeat::CODE)),
            fence_code: constant(u64::from(Fence::CODE)),
            venues: constant(sizes.venues as u64),
            books: constant(sizes.books as u64),
            base_most: constant((1 << width::PRICE_BITS) - sizes.window_ticks as u64),
            foreign: constant(!((1 << sizes.venues) - 1)),
            flag_lsb: constant(flag),
            venue_lsb: constant(place(&[level, purge, &Heartbeat::LAYOUT], "venue", 0, 8)),
            book_lsb: constant(place(&[level, purge, slide, state, depth], "book", 0, 8)),
            price_lsb: constant(price),
            excess_lsb: constant(u64::from(width::QUANTITY_BITS)),
            venue_zero: constant(0),
            venue_one: constant(1),
            time_zero: constant(0),
        }
    }
}

impl Logic for ToBook {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, scrub_reg, ready_reg, held_reg, known_reg, bad_reg, heartbeat_reg, fence_reg);
        dff_setup!(self, clock, reported_reg, stamp_reg);
        clock!(self, clock, heartbeats);

        // What the offered command is, and whether its fields are in range.
        self.in_opcode.next = self.command_words[0].val().get_bits::<8>(0);
        self.in_opcode_low.next = self.command_words[0].val().get_bits::<6>(0);
        self.in_venue.next = self.command_words[0].val().get_bits::<8>(self.venue_lsb.val().index());
        self.in_book.next = self.command_words[0].val().get_bits::<8>(self.book_lsb.val().index());
        self.in_price.next = self.command_words[0].val().get_bits::<32>(self.price_lsb.val().index());
        self.in_unaligned.next = self.command_words[0].val().get_bits::<ALIGN>(self.price_lsb.val().index());
        self.in_excess.next = self.command_words[1].val().get_bits::<EXCESS>(self.excess_lsb.val().index());
        self.in_enabled.next = self.command_words[1].val().get_bits::<16>(0);
        self.in_foreign.next = self.in_enabled.val() & self.foreign.val();
        self.in_count.next = self.command_words[1].val().get_bits::<8>(0);
        self.known.next = self.known_codes.val().get_bit(self.in_opcode_low.val().index())
            & !(self.in_opcode.val().get_bit(6) | self.in_opcode.val().get_bit(7));
        self.is_level.next = self.in_opcode.val() == self.level_code.val();
        self.is_reset.next = self.in_opcode.val() == self.reset_code.val();
        self.is_slide.next = self.in_opcode.val() == self.slide_code.val();
        self.is_state.next = self.in_opcode.val() == self.state_code.val();
        self.is_depth.next = self.in_opcode.val() == self.depth_code.val();
        self.is_heartbeat.next = self.in_opcode.val() == self.heartbeat_code.val();
        self.names_book.next =
            self.is_level.val() | self.is_reset.val() | self.is_slide.val() | self.is_state.val() | self.is_depth.val();
        self.bad.next = ((self.is_level.val() | self.is_reset.val() | self.is_heartbeat.val())
            & (self.in_venue.val() >= self.venues.val()))
            | (self.names_book.val() & (self.in_book.val() >= self.books.val()))
            | (self.is_level.val() & self.in_excess.val().any())
            | (self.is_slide.val() & (self.in_unaligned.val().any() | (self.in_price.val() > self.base_most.val())))
            | (self.is_state.val() & self.in_foreign.val().any())
            | (self.is_depth.val() & !self.in_count.val().any());

        // What the held command needs.
        self.forward.next =
            self.held_reg.q.val() & self.known_reg.q.val() & !(self.bad_reg.q.val() | self.heartbeat_reg.q.val());
        self.report.next = (self.missequenced.val() | self.overrun.val())
            & !(self.reported_reg.q.val() | self.held_reg.q.val() | self.command_valid.val());
        self.answering.next =
            self.report.val() | (self.held_reg.q.val() & (self.bad_reg.q.val() | !self.known_reg.q.val()));
        self.book_valid.next = self.forward.val();
        self.answer_valid.next = self.answering.val();
        self.leave.next = (self.forward.val() & self.book_ready.val())
            | (self.answering.val() & self.answer_ready.val())
            | (self.held_reg.q.val() & self.heartbeat_reg.q.val());
        self.command_ready.next = self.leave.val() | !self.held_reg.q.val();
        self.take.next = self.command_valid.val() & (self.leave.val() | !self.held_reg.q.val());
        self.taken.next = self.take.val();
        self.busy.next = self.held_reg.q.val() | self.report.val();

        // The stage.
        if self.leave.val() {
            self.held_reg.d.next = false;
            if self.report.val() {
                self.reported_reg.d.next = true;
            }
        }
        if self.take.val() {
            self.held_reg.d.next = true;
            self.known_reg.d.next = self.known.val();
            self.bad_reg.d.next = self.bad.val() & self.known.val();
            self.heartbeat_reg.d.next = self.is_heartbeat.val() & !self.bad.val();
            self.fence_reg.d.next = self.in_opcode.val() == self.fence_code.val();
            self.stamp_reg.d.next = self.command_stamp.val();
        }
        for i in 0..4 {
            self.word_reg[i].clock.next = self.clock.val();
            self.word_reg[i].d.next = self.word_reg[i].q.val();
            if self.take.val() {
                self.word_reg[i].d.next = self.command_words[i].val();
            }
            self.answer.command[i].next = self.word_reg[i].q.val();
        }
        self.opcode.next = self.word_reg[0].q.val().get_bits::<8>(0);
        self.venue.next = self.word_reg[0].q.val().get_bits::<8>(self.venue_lsb.val().index());
        self.book.next = self.word_reg[0].q.val().get_bits::<8>(self.book_lsb.val().index());
        self.side.next = self.word_reg[0].q.val().get_bit(self.flag_lsb.val().index());
        self.refilling.next = self.word_reg[0].q.val().get_bit(self.flag_lsb.val().index());
        self.price.next = self.word_reg[0].q.val().get_bits::<32>(self.price_lsb.val().index());
        self.quantity.next = self.word_reg[1].q.val().get_bits::<32>(0);
        self.tag.next = self.word_reg[2].q.val();
        if self.fence_reg.q.val() {
            self.tag.next = self.word_reg[1].q.val();
        }
        self.stamp.next = self.stamp_reg.q.val();
        self.answer_stamp.next = self.stamp_reg.q.val();

        // Heartbeats.
        self.store_venue.next = self.word_reg[0].q.val().get_bits::<8>(self.venue_lsb.val().index());
        self.heartbeat.next = self.held_reg.q.val() & self.heartbeat_reg.q.val();
        self.heartbeat_venue.next = self.store_venue.val();
        self.heartbeat_time.next = self.word_reg[1].q.val().get_bits::<48>(0);
        self.heartbeats.read_address.next = self.venue_address.val();
        self.venue_time.next = self.heartbeats.read_data.val();
        self.heartbeats.write_enable.next =
            (self.held_reg.q.val() & self.heartbeat_reg.q.val()) | !self.ready_reg.q.val();
        self.heartbeats.write_address.next = unsigned_cast::<VENUE_BITS, 8>(self.store_venue.val());
        self.heartbeats.write_data.next = self.word_reg[1].q.val().get_bits::<48>(0);
        if !self.ready_reg.q.val() {
            self.heartbeats.write_address.next = self.scrub_reg.q.val();
            self.heartbeats.write_data.next = self.time_zero.val();
            self.scrub_reg.d.next = self.scrub_reg.q.val() + self.venue_one.val();
            self.ready_reg.d.next = self.scrub_reg.q.val().all();
        }
        if self.reset.val() {
            self.held_reg.d.next = false;
            self.reported_reg.d.next = false;
            self.ready_reg.d.next = false;
            self.scrub_reg.d.next = self.venue_zero.val();
        }
        self.ready.next = self.ready_reg.q.val();

        // The answer.
        self.answer.venue.next = false;
        self.answer.time_us.next = self.time_zero.val();
        self.answer.expected.next = self.expected.val();
        self.answer.received.next = self.received.val();
        self.answer.missequenced.next = self.report.val() & self.missequenced.val();
        self.answer.overrun.next = self.report.val() & self.overrun.val();
        self.answer.bad.next = self.held_reg.q.val() & self.bad_reg.q.val();
        for i in 0..6 {
            self.answer_words[i].next = self.answer.words[i].val();
        }
    }
}
