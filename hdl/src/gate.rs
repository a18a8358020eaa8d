//! GATE: the pre-trade margin check. What it does is written in `docs/gate.md`; this is how.
//!
//! One pipeline, one operation a clock. An order reads its slot, cell and rows at once, moves one end point of the
//! cell, values the cell before and after in every lane, and lowers the stored slack of each lane by the difference, for
//! the pool and for the venue ledger: the signs of what is left decide, and what is left is written back. Commands of
//! one account, venue ledger or slot do not overlap; nothing else waits for anything.
//!
//! | port | meaning |
//! |---|---|
//! | `reset`, `ready` | scrubs every memory; low until that is done |
//! | `armed` | orders are decided |
//! | `orders_*` | commands of the orders window: four words and a stamp; taken when valid and ready |
//! | `fired`, `fired_stamp` | card time has reached WATCHDOG; low bits of the cycle count |
//! | `control_*` | stream of INSTRUMENT, ACCOUNT, VENUE_LEDGER, HALT, READ, MARKS, BANK rows, COLLATERAL, COMMIT, FENCE |
//! | `card_time`, `beat*` | what ages and rates are counted against; a HEARTBEAT of a venue |
//! | `touch_*`, `box_*` | from and to [`touches::Touches`], which keeps what BOOK says |
//! | `egress_*` | from and to [`crate::egress::Egress`]: messages, in the clock of their verdict |
//! | `room` | the decision ring takes at least 8 events beyond those in flight; while low nothing enters |
//! | `ring_full` | sampled with an order: it is answered `ring-full` |
//! | `event_*` | an event, its words 0 to 5, the stamp of its command, and how long that waited at the head |
//! | `active`, `epoch`, `sweeping`, `halted`, `idle` | status; `idle`: nothing offered, nothing in flight |
//! | `accepted`, `rejected`, `filled` | pulses with the event |
//!
//! An event is on its port [`LATENCY_CYCLES`] clocks after the clock in which the command was valid and ready, the same
//! for every command of the orders stream (POSITION counts from its second pass). The sweep of a COMMIT takes `slots + 2 *
//! accounts * instruments + accounts` clocks and about 80 more; then the inactive bank is emptied in `accounts *
//! instruments` clocks, in which orders go on.
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
mod banks;
pub mod boxes;
mod charges;
mod complete;
mod control;
mod crc;
mod decision;
mod effects;
mod ends;
mod events;
mod faults;
mod funds;
mod interlock;
mod issue;
mod lane;
mod lanes;
mod least;
mod ledger;
mod limits;
mod lots;
mod moves;
mod ops;
mod orders_head;
mod outbox;
pub mod pending;
mod poison;
mod rate;
mod reader;
mod reasons;
mod refusal;
mod sequencer;
mod side;
mod slack;
mod steps;
mod stores;
mod tables;
pub mod touch;
pub mod touches;
mod venues;
mod verdict;
mod walk;
mod widths;
mod wiring;

use crate::int::U;
use crate::island::Sleeper;
use crate::leaf::Delay;
use crate::sim::Clocked;
use admission::Admission;
use charges::Charges;
use complete::Complete;
use crossgate_contract::command::{BankBox, Collateral, Commit, Instrument, Order, Read, Replace, Replaced};
use crossgate_contract::{sizes, Sizes};
use decision::Decision;
use ends::Ends;
use events::Events;
use funds::Funds;
use moves::Moves;
use ops::block;
pub use ops::LATENCY_CYCLES;
use outbox::Outbox;
use pending::Pending;
use reader::Reader;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;
use sequencer::Sequencer;
use tables::Tables;

/// GATE of the set `tiny`.
pub type GateTiny = Gate<2, 2, 4, 1, 2, 4, 4, 3, 3, 3, 5>;
/// GATE of the sets `ecp5` and `desk`.
pub type GateDesk = Gate<4, 6, 10, 2, 4, 16, 10, 7, 5, 6, 11>;

block! {
    /// GATE: bits of account (and of venue ledger), instrument, slot and venue, numbers of venues and lanes, then bits of
    /// {account, instrument}, {bank, instrument}, {bank, account}, {account, venue} and {bank, account, instrument}.
    pub struct Gate [A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC] {
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
        /// Card time, microseconds.
        pub card_time: Signal<In, U<48>>,
        /// A HEARTBEAT.
        pub beat: Signal<In, Bit>,
        /// Its venue.
        pub beat_venue: Signal<In, U<8>>,
        /// Its time.
        pub beat_time: Signal<In, U<48>>,
        /// Card time has reached WATCHDOG.
        pub fired: Signal<In, Bit>,
        /// Low bits of the cycle count.
        pub fired_stamp: Signal<In, U<16>>,
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

        /// Orders are answered `egress-full`.
        pub egress_full: Signal<In, Bit>,
        /// The egress queue takes what a whole pipeline may send.
        pub egress_room: Signal<In, Bit>,
        /// An ORDER, REPLACE or CANCEL enters the pipeline.
        pub egress_enter: Signal<Out, Bit>,
        /// It is decided.
        pub egress_leave: Signal<Out, Bit>,
        /// A message leaves.
        pub egress_push: Signal<Out, Bit>,
        /// It is a MASS_CANCEL.
        pub egress_mass: Signal<Out, Bit>,
        /// Its words.
        pub egress_words: [Signal<Out, U<64>>; 4],
        /// Boxes become absent.
        pub box_scrub: Signal<Out, Bit>,
        /// The inactive bank is emptied.
        pub box_empty: Signal<Out, Bit>,
        /// A BANK_BOX row.
        pub box_row: Signal<Out, Bit>,
        /// Its book.
        pub box_book: Signal<Out, U<8>>,
        /// Its lowest price.
        pub box_low: Signal<Out, U<32>>,
        /// Its highest price.
        pub box_high: Signal<Out, U<32>>,
        /// Bank whose box is read.
        pub box_bank: Signal<Out, Bit>,
        /// Book of an order, clock 2, or of a READ.
        pub touch_book: Signal<Out, U<8>>,
        /// Venue of the same.
        pub touch_venue: Signal<Out, U<8>>,
        /// Native ticks of a book tick.
        pub touch_ticks: Signal<Out, U<16>>,
        /// The order sells.
        pub touch_sell: Signal<Out, Bit>,
        /// Its limit price.
        pub touch_price: Signal<Out, U<32>>,
        /// Ticks a price may be through the touch.
        pub touch_collar: Signal<Out, U<24>>,
        /// Book ticks the book may be crossed.
        pub touch_crossed: Signal<Out, U<24>>,
        /// The touch test fails, clock 12.
        pub touch_bad: Signal<In, Bit>,
        /// A book is out of its box.
        pub touch_outside: Signal<In, Bit>,
        /// READ: bid of the venue.
        pub touch_bid: Signal<In, U<33>>,
        /// READ: ask of the venue.
        pub touch_ask: Signal<In, U<33>>,
        /// READ: the book is being refilled.
        pub touch_filling: Signal<In, Bit>,
        /// READ: lowest price.
        pub read_low: Signal<In, U<32>>,
        /// READ: highest price.
        pub read_high: Signal<In, U<32>>,
        /// READ: there is a box.
        pub read_known: Signal<In, Bit>,

        sequencer: Sleeper<Sequencer<A, N, S, V, VENUES, AV>>,
        tables: Sleeper<Tables<A, N, S, AI, BI, BC>>,
        admission: Admission<A, N, V>,
        complete: Sleeper<Complete<A, N, LANES, BI, BA>>,
        moves: Sleeper<Moves>,
        pending: Sleeper<Pending<S>>,
        outbox: Sleeper<Outbox>,
        ends: Sleeper<Ends>,
        charges: Sleeper<Charges>,
        funds: Funds<A, N, LANES, BI, BA>,
        decision: Sleeper<Decision>,
        events: Sleeper<Events<A>>,
        reader: Sleeper<Reader>,
        slot_15: Delay<U<S>, 14>,
        account_15: Delay<U<A>, 14>,
        ledger_15: Delay<U<A>, 14>,
        instrument_15: Delay<U<N>, 14>,

        now_1: Delay<U<48>, 1>,
        word_1_2: Delay<U<64>, 1>,
        epoch_reg: DFF<U<32>>,
        at_venue: Constant<U<6>> = ops::place(&[&Instrument::LAYOUT], "venue", 0, 8),
        at_lots: Constant<U<6>> = ops::place(&[&Order::LAYOUT, &Replace::LAYOUT], "lots", 1, 40),
        at_price: Constant<U<6>> = ops::place(&[&Order::LAYOUT, &Replace::LAYOUT], "price", 2, 32),
        at_cumulative: Constant<U<6>> = ops::place(&[&Replaced::LAYOUT], "cumulative", 1, 40),
        at_age: Constant<U<6>> = ops::place(&[&Collateral::LAYOUT], "age_ms", 1, 16),
        at_as_of: Constant<U<6>> = ops::place(&[&Commit::LAYOUT], "as_of_us", 2, 48),
        at_deadline: Constant<U<6>> = ops::place(&[&Commit::LAYOUT], "deadline_us", 3, 48),
        row_account: Constant<U<4>> = ops::value(ops::ROW_ACCOUNT),
        row_limits: Constant<U<4>> = ops::value(ops::ROW_LIMITS),
        row_ages: Constant<U<4>> = ops::value(ops::ROW_AGES),
        write_collateral: Constant<U<2>> = ops::value(ops::WRITE_COLLATERAL),
        egress_12: Delay<Bit, 12>,
        word_0_2: Delay<U<64>, 1>,
        at_anew: Constant<U<6>> = ops::place(&[&Replace::LAYOUT], "anew", 0, 1),
        bit_egress: Constant<U<6>> = ops::value(1 << 5),
        touch_14: Delay<Bit, 2>,
        reading_reg: DFF<Bit>,
        at_book: Constant<U<6>> = ops::place(&[&Instrument::LAYOUT], "book", 0, 8),
        at_collar: Constant<U<6>> = ops::place(&[&Instrument::LAYOUT], "collar", 1, 24),
        at_crossed: Constant<U<6>> = ops::place(&[&Instrument::LAYOUT], "crossed_max", 2, 24),
        at_index: Constant<U<6>> = ops::place(&[&Read::LAYOUT], "index", 0, 16),
        at_sub: Constant<U<6>> = ops::place(&[&Read::LAYOUT], "sub", 0, 16),
        at_box_book: Constant<U<6>> = ops::place(&[&BankBox::LAYOUT], "book", 0, 8),
        at_low: Constant<U<6>> = ops::place(&[&BankBox::LAYOUT], "low", 1, 32),
        at_high: Constant<U<6>> = ops::place(&[&BankBox::LAYOUT], "high", 1, 32),
        row_box: Constant<U<4>> = ops::value(ops::ROW_BOX),
        op_read: Constant<U<5>> = ops::value(ops::READ),
        bit_outside: Constant<U<6>> = ops::value(1 << 4),
        tests: Signal<Local, U<6>>,
        known_index: Constant<U<6>> = ops::value(32),
        base: Signal<Local, U<40>>,
        inactive: Signal<Local, Bit>,
    }
}

impl<
        const A: usize,
        const N: usize,
        const S: usize,
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    > Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>
{
    /// GATE of a build.
    ///
    /// # Panics
    /// If the parameters are not those of `sizes`: a broken build.
    pub fn new(sizes: &Sizes) -> Self {
        assert_eq!((1 << A, 1 << N, 1 << S), (sizes.accounts, sizes.instruments, sizes.slots), "{}", sizes.name);
        assert_eq!((1 << V, VENUES), (sizes.venues, sizes.venues), "{}", sizes.name);
        assert_eq!((LANES, AI, BI, BA), (sizes.lanes, A + N, N + 1, A + 1), "{}", sizes.name);
        assert_eq!((AV, BC), (A + V, A + N + 1), "{}", sizes.name);
        assert!(A <= 6, "the flags of ledgers are bits of a word");
        // one operation of a sweep rebuilds the pool and the venue ledger of the same number
        assert_eq!(sizes.venue_ledgers, sizes.accounts, "{}", sizes.name);
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
        const V: usize,
        const VENUES: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
        const AV: usize,
        const BC: usize,
    > Clocked for Gate<A, N, S, V, VENUES, LANES, AI, BI, BA, AV, BC>
{
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
