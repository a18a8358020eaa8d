//! GATE: the pre-trade margin check. What it does is written in `docs/gate.md`; this is how.
//!
//! One pipeline, one operation a clock. An order reads its slot, cell and rows at once, moves one end point of the
//! cell, values the cell before and after in every lane, and lowers the stored slack of each lane by the difference:
//! the sign of what is left decides, and what is left is written back. Commands of one account or slot do not overlap;
//! nothing else waits for anything.
//!
//! | port | meaning |
//! |---|---|
//! | `reset`, `ready` | scrubs every memory; low until that is done |
//! | `armed` | orders are decided |
//! | `orders_*` | ORDER, FILL, CANCELLED, POSITION, FENCE: four words and a stamp; taken when valid and ready |
//! | `control_*` | stream of INSTRUMENT, ACCOUNT, HALT, READ, MARKS, BANK rows, COLLATERAL, COMMIT, FENCE |
//! | `room` | the decision ring takes at least 8 events beyond those in flight; while low nothing enters |
//! | `ring_full` | sampled with an order: it is answered `ring-full` |
//! | `event_*` | an event, its words 0 to 5, the stamp of its command, and how long that waited at the head |
//! | `active`, `epoch`, `sweeping`, `halted`, `idle` | status; `idle`: nothing offered, nothing in flight |
//! | `accepted`, `rejected`, `filled` | pulses with the event |
//!
//! An event is on its port [`LATENCY_CYCLES`] clocks after the clock in which the command was valid and ready, the same
//! for every command of the orders stream (POSITION counts from its second pass). The sweep of a COMMIT takes `slots +
//! accounts * (instruments + 1)` clocks and about 60 more.
//!
//! ```text
//! clock         _/0\_/1\_/2\_ .. _/7\_ .. _/10\_ .. _/13\_/14\_/15\_
//! orders_valid  /-\___________________________________________________
//! sequencer          <op>
//! tables                  <rows>
//! gate lots                       <n c o>
//! reserves                                 <X Y>
//! slacks                                            <S'>
//! reason                                                  <r >
//! event_valid                                                  /-\___
//! ```

pub mod admission;
pub mod boxes;
mod charges;
mod control;
mod decision;
mod ends;
mod events;
mod interlock;
mod lane;
mod lanes;
mod ledger;
mod lots;
mod moves;
mod ops;
mod orders_head;
pub mod pending;
mod rate;
mod reader;
mod sequencer;
mod tables;
pub mod touch;

use crate::int::U;
use crate::island::Sleeper;
use crate::leaf::Delay;
use crate::sim::Clocked;
use charges::Charges;
use crossgate_contract::{sizes, Sizes};
use decision::Decision;
use ends::Ends;
use events::Events;
use lanes::Lanes;
use ledger::Ledger;
use moves::Moves;
use ops::block;
pub use ops::LATENCY_CYCLES;
use reader::Reader;
use rust_hdl_core::prelude::*;
use sequencer::Sequencer;
use tables::Tables;

/// GATE of the set `tiny`.
pub type GateTiny = Gate<2, 2, 4, 4, 4, 3, 3>;
/// GATE of the sets `ecp5` and `desk`.
pub type GateDesk = Gate<4, 6, 10, 16, 10, 7, 5>;

block! {
    /// GATE: bits of account, instrument and slot, number of lanes, then bits of {account, instrument}, {bank,
    /// instrument} and {bank, account}.
    pub struct Gate [A, N, S, LANES, AI, BI, BA] {
        /// Clock.
        pub clock: Signal<In, Clock>,
        /// Scrub everything.
        pub reset: Signal<In, Bit>,
        /// Orders are decided.
        pub armed: Signal<In, Bit>,
        /// The ring takes eight more events.
        pub room: Signal<In, Bit>,
        /// Orders are answered `ring-full`.
        pub ring_full: Signal<In, Bit>,
        /// A command is offered.
        pub orders_valid: Signal<In, Bit>,
        /// Its word 0.
        pub orders_0: Signal<In, U<64>>,
        /// Its word 1.
        pub orders_1: Signal<In, U<64>>,
        /// Its word 2.
        pub orders_2: Signal<In, U<64>>,
        /// Its word 3.
        pub orders_3: Signal<In, U<64>>,
        /// Low bits of its ingress cycle.
        pub orders_stamp: Signal<In, U<16>>,
        /// It is taken.
        pub orders_ready: Signal<Out, Bit>,
        /// A command is offered.
        pub control_valid: Signal<In, Bit>,
        /// Its word 0.
        pub control_0: Signal<In, U<64>>,
        /// Its word 1.
        pub control_1: Signal<In, U<64>>,
        /// Its word 2.
        pub control_2: Signal<In, U<64>>,
        /// Its word 3.
        pub control_3: Signal<In, U<64>>,
        /// Low bits of its ingress cycle.
        pub control_stamp: Signal<In, U<16>>,
        /// It is taken.
        pub control_ready: Signal<Out, Bit>,
        /// An event is here for one clock.
        pub event_valid: Signal<Out, Bit>,
        /// Its word 0.
        pub event_0: Signal<Out, U<64>>,
        /// Its word 1.
        pub event_1: Signal<Out, U<64>>,
        /// Its word 2.
        pub event_2: Signal<Out, U<64>>,
        /// Its word 3.
        pub event_3: Signal<Out, U<64>>,
        /// Its word 4.
        pub event_4: Signal<Out, U<64>>,
        /// Its word 5.
        pub event_5: Signal<Out, U<64>>,
        /// Stamp of the command.
        pub event_stamp: Signal<Out, U<16>>,
        /// Clocks that the command waited at the head of its stream.
        pub event_wait: Signal<Out, U<16>>,
        /// Memories are scrubbed.
        pub ready: Signal<Out, Bit>,
        /// The active bank.
        pub active: Signal<Out, Bit>,
        /// Its epoch.
        pub epoch: Signal<Out, U<32>>,
        /// A sweep runs.
        pub sweeping: Signal<Out, Bit>,
        /// Everything is halted.
        pub halted: Signal<Out, Bit>,
        /// Nothing is offered or in flight.
        pub idle: Signal<Out, Bit>,
        /// An order was accepted.
        pub accepted: Signal<Out, Bit>,
        /// An order was rejected.
        pub rejected: Signal<Out, Bit>,
        /// A FILL added lots.
        pub filled: Signal<Out, Bit>,

        sequencer: Sleeper<Sequencer<A, N, S>>,
        tables: Sleeper<Tables<A, N, S, AI, BI>>,
        moves: Sleeper<Moves>,
        ends: Sleeper<Ends>,
        charges: Sleeper<Charges>,
        ledger: Sleeper<Ledger<A, BA>>,
        lanes: Lanes<A, N, LANES, BI, BA>,
        decision: Sleeper<Decision>,
        events: Sleeper<Events<A>>,
        reader: Sleeper<Reader>,
        slot_15: Delay<U<S>, 14>,
        account_15: Delay<U<A>, 14>,
        instrument_15: Delay<U<N>, 14>,

        inactive: Signal<Local, Bit>,
    }
}

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    > Gate<A, N, S, LANES, AI, BI, BA>
{
    /// GATE of a build.
    ///
    /// # Panics
    /// If the parameters are not those of `sizes`: a broken build.
    pub fn new(sizes: &Sizes) -> Self {
        assert_eq!((1 << A, 1 << N, 1 << S), (sizes.accounts, sizes.instruments, sizes.slots), "{}", sizes.name);
        assert_eq!((LANES, AI, BI, BA), (sizes.lanes, A + N, N + 1, A + 1), "{}", sizes.name);
        Self { sequencer: Sleeper::new(Sequencer::new(sizes)), ..Default::default() }
    }
}

impl GateTiny {
    /// GATE of `tiny`.
    pub fn tiny() -> Self {
        Self::new(&sizes::TINY)
    }
}

impl GateDesk {
    /// GATE of `desk`.
    pub fn desk() -> Self {
        Self::new(&sizes::DESK)
    }
}

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    > Clocked for Gate<A, N, S, LANES, AI, BI, BA>
{
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    > Logic for Gate<A, N, S, LANES, AI, BI, BA>
{
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, sequencer, tables, moves, ends, charges, ledger, lanes, decision, events);
        clock!(self, clock, slot_15, account_15, instrument_15);
        self.inactive.next = !self.sequencer.active.val();
        // streams
        self.sequencer.reset.next = self.reset.val();
        self.sequencer.armed.next = self.armed.val();
        self.sequencer.room.next = self.room.val();
        self.sequencer.ring_full.next = self.ring_full.val();
        self.sequencer.orders_valid.next = self.orders_valid.val();
        self.sequencer.orders_0.next = self.orders_0.val();
        self.sequencer.orders_1.next = self.orders_1.val();
        self.sequencer.orders_2.next = self.orders_2.val();
        self.sequencer.orders_3.next = self.orders_3.val();
        self.sequencer.orders_stamp.next = self.orders_stamp.val();
        self.sequencer.control_valid.next = self.control_valid.val();
        self.sequencer.control_0.next = self.control_0.val();
        self.sequencer.control_1.next = self.control_1.val();
        self.sequencer.control_2.next = self.control_2.val();
        self.sequencer.control_3.next = self.control_3.val();
        self.sequencer.control_stamp.next = self.control_stamp.val();
        self.sequencer.owner_write.next = self.decision.write_slot.val();
        self.sequencer.owner_slot.next = self.slot_15.delayed.val();
        self.sequencer.owner_account.next = self.account_15.delayed.val();
        self.sequencer.owner_instrument.next = self.instrument_15.delayed.val();
        self.orders_ready.next = self.sequencer.orders_ready.val();
        self.control_ready.next = self.sequencer.control_ready.val();
        self.ready.next = self.sequencer.ready.val();
        self.active.next = self.sequencer.active.val();
        self.epoch.next = self.sequencer.epoch.val();
        self.sweeping.next = self.sequencer.sweeping.val();
        self.halted.next = self.sequencer.halted.val();
        self.idle.next = self.sequencer.idle.val();
        // addresses of the results
        self.slot_15.data.next = self.sequencer.slot.val();
        self.account_15.data.next = self.sequencer.account.val();
        self.instrument_15.data.next = self.sequencer.instrument.val();
        // tables
        self.tables.scrub.next = self.sequencer.scrub.val();
        self.tables.scrub_address.next = self.sequencer.scrub_address.val();
        self.tables.bank.next = self.sequencer.bank.val();
        self.tables.account.next = self.sequencer.account.val();
        self.tables.instrument.next = self.sequencer.instrument.val();
        self.tables.slot.next = self.sequencer.slot.val();
        self.tables.row_0.next = self.sequencer.row_0.val();
        self.tables.row_1.next = self.sequencer.row_1.val();
        self.tables.row_2.next = self.sequencer.row_2.val();
        self.tables.row_3.next = self.sequencer.row_3.val();
        self.tables.row_instrument.next = self.sequencer.row_instrument.val();
        self.tables.row_account.next = self.sequencer.row_account.val();
        self.tables.row_mark.next = self.sequencer.row_mark.val();
        self.tables.row_bank.next = self.inactive.val();
        self.tables.write_slot.next = self.decision.write_slot.val();
        self.tables.write_cell.next = self.decision.write_cell.val();
        self.tables.write_flags.next = self.decision.write_flags.val();
        self.tables.write_halt.next = self.decision.write_halt.val();
        self.tables.flags_data.next = self.decision.flags_data.val();
        self.tables.halt_data.next = self.decision.halt_data.val();
        self.tables.at_slot.next = self.slot_15.delayed.val();
        self.tables.at_account.next = self.account_15.delayed.val();
        self.tables.at_instrument.next = self.instrument_15.delayed.val();
        self.tables.head_data.next = self.moves.head_data.val();
        self.tables.lots_data.next = self.moves.lots_data.val();
        self.tables.cumulative_data.next = self.moves.cumulative_data.val();
        self.tables.price_data.next = self.moves.price_data.val();
        self.tables.bid_data.next = self.ends.bid_data.val();
        self.tables.ask_data.next = self.ends.ask_data.val();
        self.tables.position_data.next = self.ends.position_data.val();
        // end points and reserves
        self.moves.hot.next = self.sequencer.hot.val();
        self.moves.word_0.next = self.sequencer.word_0.val();
        self.moves.word_1.next = self.sequencer.word_1.val();
        self.moves.word_2.next = self.sequencer.word_2.val();
        self.moves.static_1.next = self.tables.static_1.val();
        self.moves.static_2.next = self.tables.static_2.val();
        self.moves.slot_head.next = self.tables.slot_head.val();
        self.moves.slot_lots.next = self.tables.slot_lots.val();
        self.moves.slot_cumulative.next = self.tables.slot_cumulative.val();
        self.moves.slot_price.next = self.tables.slot_price.val();
        self.moves.position.next = self.tables.position.val();
        self.ends.hot.next = self.sequencer.hot.val();
        self.ends.static_0.next = self.tables.static_0.val();
        self.ends.static_3.next = self.tables.static_3.val();
        self.ends.bid_end.next = self.tables.bid_end.val();
        self.ends.ask_end.next = self.tables.ask_end.val();
        self.ends.position.next = self.tables.position.val();
        self.ends.n.next = self.moves.n.val();
        self.ends.leaves_after.next = self.moves.leaves_after.val();
        self.ends.leaves_before.next = self.moves.leaves_before.val();
        self.ends.upper.next = self.moves.upper.val();
        self.ends.negate.next = self.moves.negate.val();
        self.ends.carries.next = self.moves.carried.val();
        self.ends.order.next = self.moves.reserves.val();
        self.charges.order.next = self.moves.order.val();
        self.charges.side.next = self.moves.sells.val();
        self.charges.word_2.next = self.moves.price_word.val();
        self.charges.static_1.next = self.tables.static_1.val();
        self.charges.slot_price.next = self.tables.slot_price.val();
        self.charges.mark_0.next = self.tables.mark_0.val();
        self.charges.mark_1.next = self.tables.mark_1.val();
        self.charges.mark_2.next = self.tables.mark_2.val();
        self.charges.shadow_0.next = self.tables.shadow_0.val();
        self.charges.shadow_1.next = self.tables.shadow_1.val();
        self.charges.shadow_2.next = self.tables.shadow_2.val();
        self.charges.x_sell.next = self.moves.x_sell.val();
        self.charges.y_sell.next = self.moves.y_sell.val();
        self.charges.leaves_change.next = self.ends.leaves_change.val();
        self.charges.quantity.next = self.ends.quantity.val();
        // ledger
        self.ledger.scrub.next = self.sequencer.scrub.val();
        self.ledger.scrub_address.next = self.sequencer.scrub_address.val();
        self.ledger.hot.next = self.sequencer.hot.val();
        self.ledger.bank.next = self.sequencer.bank.val();
        self.ledger.account.next = self.sequencer.account.val();
        self.ledger.row_0.next = self.sequencer.row_0.val();
        self.ledger.row_1.next = self.sequencer.row_1.val();
        self.ledger.row_2.next = self.sequencer.row_2.val();
        self.ledger.row_3.next = self.sequencer.row_3.val();
        self.ledger.row_collateral.next = self.sequencer.row_collateral.val();
        self.ledger.row_bank.next = self.inactive.val();
        self.ledger.end_wide.next = self.ends.end_wide.val();
        self.ledger.leaves_wide.next = self.ends.leaves_wide.val();
        self.ledger.busy.next = self.moves.busy.val();
        self.ledger.charges.next = self.moves.charges.val();
        self.ledger.x_wide.next = self.charges.x_wide.val();
        self.ledger.x.next = self.charges.x.val();
        self.ledger.y.next = self.charges.y.val();
        self.ledger.shadow.next = self.charges.shadow.val();
        self.ledger.write_money.next = self.decision.write_money.val();
        self.ledger.write_y_own.next = self.decision.write_y_own.val();
        self.ledger.write_y_other.next = self.decision.write_y_other.val();
        self.ledger.clear_y.next = self.decision.clear_y.val();
        self.ledger.write_collateral.next = self.decision.write_collateral.val();
        // lanes
        self.lanes.scrub.next = self.sequencer.scrub.val();
        self.lanes.scrub_address.next = self.sequencer.scrub_address.val();
        self.lanes.row_0.next = self.sequencer.row_0.val();
        self.lanes.row_1.next = self.sequencer.row_1.val();
        self.lanes.row_2.next = self.sequencer.row_2.val();
        self.lanes.row_loss.next = self.sequencer.row_loss.val();
        self.lanes.row_offset.next = self.sequencer.row_offset.val();
        self.lanes.word_0.next = self.sequencer.word_0.val();
        self.lanes.bank.next = self.sequencer.bank.val();
        self.lanes.instrument.next = self.sequencer.instrument.val();
        self.lanes.inactive.next = self.inactive.val();
        self.lanes.new_negative.next = self.ends.new_negative.val();
        self.lanes.current_negative.next = self.ends.current_negative.val();
        self.lanes.other_negative.next = self.ends.other_negative.val();
        self.lanes.end_new.next = self.ends.end_new.val();
        self.lanes.end_current.next = self.ends.end_current.val();
        self.lanes.end_other.next = self.ends.end_other.val();
        self.lanes.ledger.next = self.ledger.ledger_row.val();
        self.lanes.sweep.next = self.ledger.sweep.val();
        self.lanes.rebuild.next = self.ledger.rebuild.val();
        self.lanes.debit.next = self.ledger.debit.val();
        self.lanes.exponent.next = self.charges.exponent.val();
        self.lanes.write.next = self.decision.write_money.val();
        self.lanes.write_address.next = self.ledger.at.val();
        self.decision.failed.next = self.lanes.failed.val();
        self.decision.lanes_wide.next = self.lanes.wide.val();
        self.reader.long.next = self.lanes.long_read.val();
        self.reader.short.next = self.lanes.short_read.val();
        self.reader.slack.next = self.lanes.slack_read.val();
        // decision
        self.decision.hot.next = self.sequencer.hot.val();
        self.decision.bank.next = self.sequencer.bank.val();
        self.decision.code.next = self.sequencer.code.val();
        self.decision.index_bad.next = self.sequencer.index_bad.val();
        self.decision.unready.next = self.sequencer.unready.val();
        self.decision.full.next = self.sequencer.full.val();
        self.decision.halted.next = self.sequencer.halted.val();
        self.decision.word_0.next = self.events.word_0_14.val();
        self.decision.word_1.next = self.events.word_1_14.val();
        self.decision.static_0.next = self.tables.static_0.val();
        self.decision.lane_mask.next = self.tables.lane_mask.val();
        self.decision.flags.next = self.tables.flags.val();
        self.decision.instrument_halted.next = self.tables.instrument_halted.val();
        self.decision.end_wide.next = self.ends.end_wide.val();
        self.decision.leaves_wide.next = self.ends.leaves_wide.val();
        self.decision.quantity_wide.next = self.ends.quantity_wide.val();
        self.decision.range_bad.next = self.moves.range_bad.val();
        self.decision.cap_bad.next = self.ends.cap_bad.val();
        self.decision.slot_bad.next = self.moves.slot_bad.val();
        self.decision.placed.next = self.moves.placed.val();
        self.decision.over.next = self.moves.over.val();
        self.decision.under.next = self.moves.under.val();
        self.decision.positive.next = self.moves.positive.val();
        self.decision.still.next = self.moves.still.val();
        self.decision.x_wide.next = self.charges.x_wide.val();
        self.decision.y_rate_wide.next = self.charges.y_wide.val();
        self.decision.shadow_rate_wide.next = self.charges.shadow_wide.val();
        self.decision.price_zero.next = self.charges.price_zero.val();
        self.decision.collar_bad.next = self.charges.collar_bad.val();
        self.decision.head_below.next = self.ledger.head_below.val();
        self.decision.head_wide.next = self.ledger.head_wide.val();
        self.decision.y_own_wide.next = self.ledger.y_own_wide.val();
        self.decision.y_other_wide.next = self.ledger.y_other_wide.val();
        self.decision.sweep_wide.next = self.ledger.sweep_wide.val();
        self.decision.refused.next = self.ledger.refused.val();
        self.decision.collateral_wide.next = self.ledger.collateral_wide.val();
        self.accepted.next = self.decision.accepted.val();
        self.rejected.next = self.decision.rejected.val();
        self.filled.next = self.decision.filled.val();
        // events
        self.events.clear.next = self.sequencer.scrub.val();
        self.events.word_0.next = self.sequencer.word_0.val();
        self.events.word_1.next = self.sequencer.word_1.val();
        self.events.word_2.next = self.sequencer.word_2.val();
        self.events.word_3.next = self.sequencer.word_3.val();
        self.events.control.next = self.sequencer.control.val();
        self.events.stamp.next = self.sequencer.stamp.val();
        self.events.waited.next = self.sequencer.waited.val();
        self.events.account.next = self.sequencer.account.val();
        self.events.epoch.next = self.sequencer.epoch.val();
        self.events.hot.next = self.decision.hot_14.val();
        self.events.code.next = self.decision.code_14.val();
        self.events.reason.next = self.decision.reason.val();
        self.events.fault.next = self.decision.fault.val();
        self.events.lanes.next = self.decision.lanes.val();
        self.events.zero_lane.next = self.decision.zero_lane.val();
        self.events.applied.next = self.decision.applied.val();
        self.events.own_poisoned.next = self.decision.own_poisoned.val();
        self.events.other_poisoned.next = self.decision.other_poisoned.val();
        self.events.moved.next = self.moves.moved.val();
        self.events.position.next = self.ends.position_after.val();
        self.events.freed.next = self.moves.freed.val();
        self.events.y_own.next = self.ledger.y_own.val();
        self.events.y_other.next = self.ledger.y_other.val();
        self.events.read_0.next = self.reader.read_0.val();
        self.events.read_1.next = self.reader.read_1.val();
        self.events.read_2.next = self.reader.read_2.val();
        self.events.read_3.next = self.reader.read_3.val();
        self.event_valid.next = self.events.event_valid.val();
        self.event_0.next = self.events.event_0.val();
        self.event_1.next = self.events.event_1.val();
        self.event_2.next = self.events.event_2.val();
        self.event_3.next = self.events.event_3.val();
        self.event_4.next = self.events.event_4.val();
        self.event_5.next = self.events.event_5.val();
        self.event_stamp.next = self.events.event_stamp.val();
        self.event_wait.next = self.events.event_wait.val();
        // table reads
        self.reader.word_0.next = self.sequencer.word_0.val();
        self.reader.bank.next = self.sequencer.bank.val();
        self.reader.static_0.next = self.tables.static_0.val();
        self.reader.static_1.next = self.tables.static_1.val();
        self.reader.static_2.next = self.tables.static_2.val();
        self.reader.static_3.next = self.tables.static_3.val();
        self.reader.mark_0.next = self.tables.mark_0.val();
        self.reader.mark_1.next = self.tables.mark_1.val();
        self.reader.mark_2.next = self.tables.mark_2.val();
        self.reader.slot_head.next = self.tables.slot_head.val();
        self.reader.slot_lots.next = self.tables.slot_lots.val();
        self.reader.slot_cumulative.next = self.tables.slot_cumulative.val();
        self.reader.slot_price.next = self.tables.slot_price.val();
        self.reader.bid_end.next = self.tables.bid_end.val();
        self.reader.ask_end.next = self.tables.ask_end.val();
        self.reader.position.next = self.tables.position.val();
        self.reader.flags.next = self.tables.flags.val();
        self.reader.head.next = self.ledger.head_read.val();
        self.reader.y.next = self.ledger.y_read.val();
    }
}
