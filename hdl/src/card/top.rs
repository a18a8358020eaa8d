//! The tops of the named sets: the same wiring around BOOK and GATE of each size.
//!
//! Ports are those of [`super`]; every larger block is an island, so a clock costs what happens in it.

use super::asleep::inputs;
use super::{Decisions, Front, Market, Ports};
use crate::book::{Book, BookDesk, BookEcp5, BookTiny};
use crate::egress::Egress;
use crate::gate::touches::Touches;
use crate::gate::{GateDesk, GateTiny};
use crate::int::U;
use crate::island::Sleeper;
use crate::pins::{Inputs, Outputs};
use crate::registers::{Registers, OFFSET_BITS};
use crate::ring::Dma;
use crate::sim::Clocked;
use crossgate_contract::register::BAR0_BYTES;
use crossgate_contract::sizes;
use rust_hdl_core::prelude::*;

/// Declares the card of a set: its name, BOOK, GATE, log2 of the window slots, bits of a book number, books, touches,
/// venues.
macro_rules! card {
    (
        $(#[$meta:meta])* $name:ident, $sizes:ident, $book:ident, $gate:ident, $slots:literal, $book_bits:literal,
        $books:literal, $touches:ty, $venues:tt
    ) => {
        $(#[$meta])*
        #[derive(LogicBlock)]
        pub struct $name {
            /// Clock.
            pub clock: Signal<In, Clock>,
            /// A write into a window is on the pins.
            pub beat_valid: Signal<In, Bit>,
            /// Its window.
            pub beat_window: Signal<In, U<2>>,
            /// Its slot.
            pub beat_slot: Signal<In, U<16>>,
            /// Its quadwords.
            pub beat_strobe: Signal<In, U<8>>,
            /// Quadword 0.
            pub beat_word_0: Signal<In, U<64>>,
            /// Quadword 1.
            pub beat_word_1: Signal<In, U<64>>,
            /// Quadword 2.
            pub beat_word_2: Signal<In, U<64>>,
            /// Quadword 3.
            pub beat_word_3: Signal<In, U<64>>,
            /// Quadword 4.
            pub beat_word_4: Signal<In, U<64>>,
            /// Quadword 5.
            pub beat_word_5: Signal<In, U<64>>,
            /// Quadword 6.
            pub beat_word_6: Signal<In, U<64>>,
            /// Quadword 7.
            pub beat_word_7: Signal<In, U<64>>,
            /// A register write is on the pins.
            pub write_valid: Signal<In, Bit>,
            /// Its offset.
            pub write_offset: Signal<In, U<OFFSET_BITS>>,
            /// Its data.
            pub write_data: Signal<In, U<32>>,
            /// A register read is on the pins.
            pub read_valid: Signal<In, Bit>,
            /// Its offset.
            pub read_offset: Signal<In, U<OFFSET_BITS>>,
            /// Data of the read two clocks ago.
            pub read_data: Signal<Out, U<32>>,
            /// The bus takes the event.
            pub dma_ready: Signal<In, Bit>,
            /// An event for host memory.
            pub dma_valid: Signal<Out, Bit>,
            /// Its bus address.
            pub dma_address: Signal<Out, U<64>>,
            /// Word 0.
            pub dma_word_0: Signal<Out, U<64>>,
            /// Word 1.
            pub dma_word_1: Signal<Out, U<64>>,
            /// Word 2.
            pub dma_word_2: Signal<Out, U<64>>,
            /// Word 3.
            pub dma_word_3: Signal<Out, U<64>>,
            /// Word 4.
            pub dma_word_4: Signal<Out, U<64>>,
            /// Word 5.
            pub dma_word_5: Signal<Out, U<64>>,
            /// Word 6.
            pub dma_word_6: Signal<Out, U<64>>,
            /// Word 7.
            pub dma_word_7: Signal<Out, U<64>>,
            /// The network takes the message.
            pub egress_ready: Signal<In, Bit>,
            /// A message for the venues.
            pub egress_valid: Signal<Out, Bit>,
            /// Word 0.
            pub egress_word_0: Signal<Out, U<64>>,
            /// Word 1.
            pub egress_word_1: Signal<Out, U<64>>,
            /// Word 2.
            pub egress_word_2: Signal<Out, U<64>>,
            /// Word 3.
            pub egress_word_3: Signal<Out, U<64>>,
            /// A command or event is in flight.
            pub busy: Signal<Out, Bit>,
            front: Sleeper<Front<$slots>>,
            books: Sleeper<$book>,
            gate: Sleeper<$gate>,
            touches: $touches,
            egress: Sleeper<Egress>,
            decisions: Sleeper<Decisions>,
            market: Sleeper<Market<$book_bits, $books>>,
            dma: Sleeper<Dma>,
            registers: Sleeper<Registers>,
            ready: Signal<Local, Bit>,
            working: Signal<Local, Bit>,
            cycle_low: Signal<Local, U<16>>,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    clock: Default::default(),
                    beat_valid: Default::default(),
                    beat_window: Default::default(),
                    beat_slot: Default::default(),
                    beat_strobe: Default::default(),
                    beat_word_0: Default::default(),
                    beat_word_1: Default::default(),
                    beat_word_2: Default::default(),
                    beat_word_3: Default::default(),
                    beat_word_4: Default::default(),
                    beat_word_5: Default::default(),
                    beat_word_6: Default::default(),
                    beat_word_7: Default::default(),
                    write_valid: Default::default(),
                    write_offset: Default::default(),
                    write_data: Default::default(),
                    read_valid: Default::default(),
                    read_offset: Default::default(),
                    read_data: Default::default(),
                    dma_ready: Default::default(),
                    dma_valid: Default::default(),
                    dma_address: Default::default(),
                    dma_word_0: Default::default(),
                    dma_word_1: Default::default(),
                    dma_word_2: Default::default(),
                    dma_word_3: Default::default(),
                    dma_word_4: Default::default(),
                    dma_word_5: Default::default(),
                    dma_word_6: Default::default(),
                    dma_word_7: Default::default(),
                    egress_ready: Default::default(),
                    egress_valid: Default::default(),
                    egress_word_0: Default::default(),
                    egress_word_1: Default::default(),
                    egress_word_2: Default::default(),
                    egress_word_3: Default::default(),
                    busy: Default::default(),
                    front: Sleeper::new(Front::new(&sizes::$sizes)),
                    books: Default::default(),
                    gate: Sleeper::new($gate::new(&sizes::$sizes)),
                    touches: Default::default(),
                    egress: Default::default(),
                    decisions: Default::default(),
                    market: Default::default(),
                    dma: Default::default(),
                    registers: Sleeper::new(Registers::new(&sizes::$sizes)),
                    ready: Default::default(),
                    working: Default::default(),
                    cycle_low: Default::default(),
                }
            }
        }

        impl Logic for $name {
            #[hdl_gen]
            fn update(&mut self) {
                clock!(self, clock, front, books, gate, touches, egress, decisions, market, dma, registers);

                // Registers.
                self.registers.write_valid.next = self.write_valid.val();
                self.registers.write_offset.next = self.write_offset.val();
                self.registers.write_data.next = self.write_data.val();
                self.registers.read_valid.next = self.read_valid.val();
                self.registers.read_offset.next = self.read_offset.val();
                self.read_data.next = self.registers.read_data.val();
                self.ready.next = self.front.ready.val() & self.books.ready.val() & self.gate.ready.val();
                self.working.next = self.front.busy.val()
                    | self.decisions.busy.val()
                    | self.market.busy.val()
                    | self.dma.dma_valid.val()
                    | !self.books.idle.val()
                    | !self.gate.idle.val();
                self.busy.next = self.working.val();
                self.registers.ready.next = self.ready.val();
                self.registers.busy.next = self.working.val();
                self.registers.halted.next = self.gate.halted.val() | self.front.overrun.val().any();
                self.registers.bank.next = self.gate.active.val();
                self.registers.epoch.next = self.gate.epoch.val();
                self.registers.sweeping.next = self.gate.sweeping.val();
                self.registers.window_halted.next = self.front.missequenced.val();
                self.registers.missequenced.next = self.front.missequenced.val();
                self.registers.overrun.next = self.front.overrun.val();
                self.registers.commands.next = self.front.taken.val();
                for i in 0..3 {
                    self.registers.consumed[i].next = self.front.consumed[i].val();
                    self.registers.expected[i].next = self.front.expected[i].val();
                    self.registers.received[i].next = self.front.received[i].val();
                }
                self.registers.faults.next = self.decisions.faults.val();
                self.registers.accepted.next = self.decisions.accepted.val();
                self.registers.rejected.next = self.decisions.rejected.val();
                self.registers.fills.next = self.decisions.fills.val();
                self.registers.levels.next = self.books.count_level.val();
                self.registers.levels_outside.next = self.books.count_outside.val();
                self.registers.bbo.next = self.market.bbo.val();
                self.registers.conflated.next = self.market.conflated.val();
                self.registers.egress.next = self.egress.entered.val();
                self.registers.egress_crc.next = self.egress.crc.val();
                self.registers.decisions_producer.next = self.decisions.producer.val();
                self.registers.market_producer.next = self.market.producer.val();
                // Rings stay empty until every block is scrubbed: what was in flight at RESET must not reach them.
                self.front.reset.next = self.registers.reset.val();
                self.books.reset.next = self.registers.reset.val();
                self.gate.reset.next = self.registers.reset.val();
                self.decisions.reset.next = self.registers.reset.val() | !self.ready.val();
                self.market.reset.next = self.registers.reset.val() | !self.ready.val();
                self.dma.reset.next = self.registers.reset.val() | !self.ready.val();
                self.front.cycle.next = self.registers.cycle.val();
                self.decisions.cycle.next = self.registers.cycle.val();
                self.market.cycle.next = self.registers.cycle.val();

                // Pins to windows.
                self.front.stop.next = self.registers.reset.val() | !self.ready.val();
                self.front.beat_valid.next = self.beat_valid.val();
                self.front.beat_window.next = self.beat_window.val();
                self.front.beat_slot.next = self.beat_slot.val();
                self.front.beat_strobe.next = self.beat_strobe.val();
                self.front.beat_words[0].next = self.beat_word_0.val();
                self.front.beat_words[1].next = self.beat_word_1.val();
                self.front.beat_words[2].next = self.beat_word_2.val();
                self.front.beat_words[3].next = self.beat_word_3.val();
                self.front.beat_words[4].next = self.beat_word_4.val();
                self.front.beat_words[5].next = self.beat_word_5.val();
                self.front.beat_words[6].next = self.beat_word_6.val();
                self.front.beat_words[7].next = self.beat_word_7.val();

                // BOOK.
                self.books.command_valid.next = self.front.book_valid.val();
                self.front.book_ready.next = self.books.command_ready.val();
                self.books.opcode.next = self.front.opcode.val();
                self.books.venue.next = self.front.venue.val();
                self.books.book.next = self.front.book.val();
                self.books.side.next = self.front.side.val();
                self.books.price.next = self.front.price.val();
                self.books.quantity.next = self.front.quantity.val();
                self.books.refilling.next = self.front.refilling.val();
                self.books.tag.next = self.front.tag.val();
                self.books.stamp.next = self.front.stamp.val();
                self.books.depth_room.next = self.market.depth_room.val();
                self.market.event_valid.next = self.books.event_valid.val();
                self.market.event_kind.next = self.books.event_kind.val();
                self.market.event_opcode.next = self.books.event_opcode.val();
                self.market.event_book.next = self.books.event_book.val();
                self.market.event_level.next = self.books.event_level.val();
                self.market.event_flags.next = self.books.event_flags.val();
                self.market.event_tag.next = self.books.event_tag.val();
                self.market.event_stamp.next = self.books.event_stamp.val();
                self.market.bid_price.next = self.books.bid_price.val();
                self.market.bid_venues.next = self.books.bid_venues.val();
                self.market.bid_quantity.next = self.books.bid_quantity.val();
                self.market.ask_price.next = self.books.ask_price.val();
                self.market.ask_venues.next = self.books.ask_venues.val();
                self.market.ask_quantity.next = self.books.ask_quantity.val();

                // Touches and boxes.
                self.touches.write.next = self.books.touch_write.val();
                self.touches.row.next = self.books.touch_row.val();
                for i in 0..$venues {
                    self.touches.prices[i].next = self.books.touch_prices[i].val();
                }
                self.touches.best.next = self.books.touch_best.val();
                self.touches.refill.next = self.books.touch_refill.val();
                self.touches.refilling.next = self.books.touch_refilling.val();
                self.touches.active.next = self.gate.active.val();
                self.touches.scrub.next = self.gate.box_scrub.val();
                self.touches.empty.next = self.gate.box_empty.val();
                self.touches.box_row.next = self.gate.box_row.val();
                self.touches.box_book.next = self.gate.box_book.val();
                self.touches.box_low.next = self.gate.box_low.val();
                self.touches.box_high.next = self.gate.box_high.val();
                self.touches.read_bank.next = self.gate.box_bank.val();
                self.touches.book.next = self.gate.touch_book.val();
                self.touches.venue.next = self.gate.touch_venue.val();
                self.touches.ticks.next = self.gate.touch_ticks.val();
                self.touches.sell.next = self.gate.touch_sell.val();
                self.touches.price.next = self.gate.touch_price.val();
                self.touches.collar.next = self.gate.touch_collar.val();
                self.touches.crossed_max.next = self.gate.touch_crossed.val();
                self.gate.touch_bad.next = self.touches.bad.val();
                self.gate.touch_outside.next = self.touches.outside.val();
                self.gate.touch_bid.next = self.touches.bid.val();
                self.gate.touch_ask.next = self.touches.ask.val();
                self.gate.touch_filling.next = self.touches.filling.val();
                self.gate.read_low.next = self.touches.low.val();
                self.gate.read_high.next = self.touches.high.val();
                self.gate.read_known.next = self.touches.known.val();

                // Egress.
                self.egress.reset.next = self.registers.reset.val() | !self.ready.val();
                self.egress.enter.next = self.gate.egress_enter.val();
                self.egress.leave.next = self.gate.egress_leave.val();
                self.egress.push.next = self.gate.egress_push.val();
                self.egress.mass.next = self.gate.egress_mass.val();
                self.egress.out_ready.next = self.egress_ready.val();
                self.egress_valid.next = self.egress.out_valid.val();
                self.egress_word_0.next = self.egress.out[0].val();
                self.egress_word_1.next = self.egress.out[1].val();
                self.egress_word_2.next = self.egress.out[2].val();
                self.egress_word_3.next = self.egress.out[3].val();
                for i in 0..4 {
                    self.egress.words[i].next = self.gate.egress_words[i].val();
                }
                self.gate.egress_full.next = self.egress.full.val();
                self.gate.egress_room.next = self.egress.room.val();

                // GATE.
                self.gate.armed.next = self.registers.armed.val();
                self.gate.card_time.next = self.registers.card_time.val();
                self.cycle_low.next = self.registers.cycle.val().get_bits::<16>(0);
                self.gate.fired.next = self.registers.fired.val();
                self.gate.fired_stamp.next = self.cycle_low.val();
                self.gate.beat.next = self.front.heartbeat.val();
                self.gate.beat_venue.next = self.front.heartbeat_venue.val();
                self.gate.beat_time.next = self.front.heartbeat_time.val();
                self.gate.room.next = self.decisions.room.val();
                self.gate.ring_full.next = self.decisions.full.val();
                self.gate.orders_valid.next = self.front.orders_valid.val();
                self.gate.orders_0.next = self.front.orders_words[0].val();
                self.gate.orders_1.next = self.front.orders_words[1].val();
                self.gate.orders_2.next = self.front.orders_words[2].val();
                self.gate.orders_3.next = self.front.orders_words[3].val();
                self.gate.orders_stamp.next = self.front.orders_stamp.val();
                self.front.orders_ready.next = self.gate.orders_ready.val();
                self.gate.control_valid.next = self.front.control_valid.val();
                self.gate.control_0.next = self.front.control_words[0].val();
                self.gate.control_1.next = self.front.control_words[1].val();
                self.gate.control_2.next = self.front.control_words[2].val();
                self.gate.control_3.next = self.front.control_words[3].val();
                self.gate.control_stamp.next = self.front.control_stamp.val();
                self.front.control_ready.next = self.gate.control_ready.val();
                self.front.gate_idle.next = self.gate.idle.val();
                self.decisions.gate_valid.next = self.gate.event_valid.val();
                self.decisions.gate_words[0].next = self.gate.event_0.val();
                self.decisions.gate_words[1].next = self.gate.event_1.val();
                self.decisions.gate_words[2].next = self.gate.event_2.val();
                self.decisions.gate_words[3].next = self.gate.event_3.val();
                self.decisions.gate_words[4].next = self.gate.event_4.val();
                self.decisions.gate_words[5].next = self.gate.event_5.val();
                self.decisions.gate_stamp.next = self.gate.event_stamp.val();
                self.decisions.answer_valid.next = self.front.answer_valid.val();
                self.decisions.answer_stamp.next = self.front.answer_stamp.val();
                self.front.answer_ready.next = self.decisions.answer_ready.val();
                for i in 0..6 {
                    self.decisions.answer_words[i].next = self.front.answer_words[i].val();
                }

                // Rings.
                self.decisions.base.next = self.registers.decisions_base.val();
                self.decisions.size.next = self.registers.decisions_size.val();
                self.decisions.consumer.next = self.registers.decisions_consumer.val();
                self.decisions.restart.next = self.registers.decisions_restart.val();
                self.market.base.next = self.registers.market_base.val();
                self.market.size.next = self.registers.market_size.val();
                self.market.consumer.next = self.registers.market_consumer.val();
                self.market.restart.next = self.registers.market_restart.val();
                self.dma.decisions_valid.next = self.decisions.dma_valid.val();
                self.dma.decisions_address.next = self.decisions.dma_address.val();
                self.decisions.dma_ready.next = self.dma.decisions_ready.val();
                self.dma.market_valid.next = self.market.dma_valid.val();
                self.dma.market_address.next = self.market.dma_address.val();
                self.market.dma_ready.next = self.dma.market_ready.val();
                for i in 0..8 {
                    self.dma.decisions_words[i].next = self.decisions.dma_words[i].val();
                    self.dma.market_words[i].next = self.market.dma_words[i].val();
                }
                self.dma.dma_ready.next = self.dma_ready.val();
                self.dma_valid.next = self.dma.dma_valid.val();
                self.dma_address.next = self.dma.dma_address.val();
                self.dma_word_0.next = self.dma.dma_words[0].val();
                self.dma_word_1.next = self.dma.dma_words[1].val();
                self.dma_word_2.next = self.dma.dma_words[2].val();
                self.dma_word_3.next = self.dma.dma_words[3].val();
                self.dma_word_4.next = self.dma.dma_words[4].val();
                self.dma_word_5.next = self.dma.dma_words[5].val();
                self.dma_word_6.next = self.dma.dma_words[6].val();
                self.dma_word_7.next = self.dma.dma_words[7].val();
            }
        }

        impl Clocked for $name {
            fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
                &mut self.clock
            }
        }

        impl Ports for $name {
            fn drive(&mut self, inputs: &Inputs) {
                self.beat_valid.next = inputs.beat.is_some();
                if let Some(beat) = &inputs.beat {
                    self.beat_window.next = U::new(beat.window as u64);
                    self.beat_slot.next = U::new(u64::from(beat.slot));
                    self.beat_strobe.next = U::new(u64::from(beat.strobe));
                    self.beat_word_0.next = U::new(beat.words[0]);
                    self.beat_word_1.next = U::new(beat.words[1]);
                    self.beat_word_2.next = U::new(beat.words[2]);
                    self.beat_word_3.next = U::new(beat.words[3]);
                    self.beat_word_4.next = U::new(beat.words[4]);
                    self.beat_word_5.next = U::new(beat.words[5]);
                    self.beat_word_6.next = U::new(beat.words[6]);
                    self.beat_word_7.next = U::new(beat.words[7]);
                }
                let write = inputs.register_write.filter(|(offset, _)| *offset < BAR0_BYTES);
                self.write_valid.next = write.is_some();
                if let Some((offset, data)) = write {
                    self.write_offset.next = U::new(u64::from(offset));
                    self.write_data.next = U::new(u64::from(data));
                }
                self.read_valid.next = inputs.register_read.is_some();
                let last = BAR0_BYTES - 4;
                let offset = inputs.register_read.map_or(last, |offset| offset.min(last));
                self.read_offset.next = U::new(u64::from(offset));
                self.dma_ready.next = inputs.dma_ready;
                self.egress_ready.next = !inputs.egress_held;
            }

            fn sample(&self) -> Outputs {
                let words = [
                    &self.dma_word_0,
                    &self.dma_word_1,
                    &self.dma_word_2,
                    &self.dma_word_3,
                    &self.dma_word_4,
                    &self.dma_word_5,
                    &self.dma_word_6,
                    &self.dma_word_7,
                ];
                Outputs {
                    register_data: u32::try_from(self.read_data.val().get()).unwrap_or(u32::MAX),
                    dma: self
                        .dma_valid
                        .val()
                        .then(|| (self.dma_address.val().get(), words.map(|word| word.val().get()))),
                    egress: self.egress_valid.val().then(|| {
                        let words =
                            [&self.egress_word_0, &self.egress_word_1, &self.egress_word_2, &self.egress_word_3];
                        words.map(|word| word.val().get())
                    }),
                    busy: self.busy.val(),
                }
            }
        }
    };
}

card!(
    /// The card of the set `tiny`.
    CardTiny, TINY, BookTiny, GateTiny, 4, 1, 2, Touches<2, 1, 1, 2, 2>, 2
);
card!(
    /// The card of the set `ecp5`.
    CardEcp5, ECP5, BookEcp5, GateDesk, 6, 2, 4, Touches<4, 2, 2, 3, 4>, 4
);
card!(
    /// The card of the set `desk`.
    CardDesk, DESK, BookDesk, GateDesk, 6, 3, 8, Touches<4, 2, 3, 4, 8>, 4
);

inputs!(
    [] Dma: clock, reset, decisions_valid, decisions_address, decisions_words, market_valid, market_address,
    market_words, dma_ready
);
inputs!([] Egress: clock, reset, enter, leave, push, mass, words, out_ready);
inputs!(
    [] Registers: clock, write_valid, write_offset, write_data, read_valid, read_offset, ready, halted, bank,
    sweeping, busy, window_halted, epoch, egress_crc,
    consumed, overrun, missequenced, expected, received, commands, faults, accepted, rejected, fills, levels,
    levels_outside, bbo, conflated, egress,
    decisions_producer, market_producer
);
inputs!(
    [
        const V: usize, const HALF: usize, const BB: usize, const BS: usize, const WL: usize, const WORDS: usize,
        const LB: usize, const WB: usize,
        const TL: usize, const UP: usize, const KEY: usize, const NONE: usize, const WA: usize, const QA: usize
    ] Book<V, HALF, BB, BS, WL, WORDS, LB, WB, TL, UP, KEY, NONE, WA, QA>: clock, reset, command_valid, opcode,
    venue, book, side, price, quantity,
    refilling, tag, stamp, depth_room
);
