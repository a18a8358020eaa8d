//! The whole card: windows, dispatch, BOOK, GATE, rings and registers behind flat pins.
//!
//! [`native`] simulates it, [`native_traced`] with a waveform, [`verilog`] emits it. The ports of the top, in Rust and
//! in Verilog (module `top`):
//!
//! | port | width | |
//! |---|---|---|
//! | `clock` | 1 | |
//! | `beat_valid`, `beat_window`, `beat_slot`, `beat_strobe` | 1, 2, 16, 8 | one write into a window, never refused |
//! | `beat_word_0` .. `beat_word_7` | 64 each | its quadwords |
//! | `write_valid`, `write_offset`, `write_data` | 1, 13, 32 | a register write, in force in the next cycle |
//! | `read_valid`, `read_offset` | 1, 13 | a register read |
//! | `read_data` | 32 | data of the read two clocks ago |
//! | `dma_valid`, `dma_ready`, `dma_address` | 1, 1, 64 | an event for host memory, taken when both are high |
//! | `dma_word_0` .. `dma_word_7` | 64 each | its words |
//! | `egress_valid`, `egress_ready` | 1, 1 | a message for the venues, taken when both are high |
//! | `egress_word_0` .. `egress_word_3` | 64 each | its words |
//! | `busy` | 1 | a command or event is in flight |
//!
//! ```text
//! clock                _/0\_/1\_/2\_/3\_ ... /14\  /18\
//! beat_valid           /-\______________
//! window               ____/-\__________           beat registered
//! dispatch             ________/-\______           command decoded
//! BOOK, GATE           ____________/-\__           command taken
//! input of the ring                          BBO  VERDICT
//! ```
//!
//! RESET, and power-up, scrub every table; until `ready` beats are dropped. A ring that is off keeps its events: first
//! the card's queue fills, then GATE and the commands behind it wait; BBOs are conflated.
//!
//! Of two blocks that drive each other at most one may assign a default to a port before the selected value; the
//! kernels of this module assign each port of a sub-block once. Otherwise the two wake each other for ever in an
//! event-driven Verilog simulator.
//!
//! Invariant: a command that a window consumed has its effects once, and its events are written once, in order, or the
//! card was reset in between.

mod asleep;
mod decisions;
mod front;
mod market;
mod native;
mod top;

pub use decisions::Decisions;
pub use front::Front;
pub use market::Market;
pub use native::{native, native_traced, verilog, Ports};
pub use top::{CardDesk, CardEcp5, CardTiny};

use crate::{book, gate};
use crossgate_contract::command::{BookState, Level, Slide, VenueReset};
use crossgate_contract::event::{Bank, Closed, FaultRaised, FenceDone, Filled, PositionSet, ReadData, Verdict};
use crossgate_contract::width;

/// Bits of the cycle count.
const CYCLE: usize = width::CYCLE_BITS as usize;
/// Clocks from the pins to the inputs of BOOK and GATE: intake, window, dispatch.
const DISPATCHED: u64 = 3;
const BOOK: u64 = DISPATCHED + book::LATENCY as u64;
const GATE: u64 = DISPATCHED + gate::LATENCY_CYCLES as u64;

/// Latency in cycles from the pins to the ring's input of the BBO that a command causes, when nothing queues: what
/// exceeds it is reported as wait.
pub const BBO_LATENCY: [(u8, u64); 4] =
    [(Level::CODE, BOOK), (VenueReset::CODE, BOOK + 1), (BookState::CODE, BOOK + 1), (Slide::CODE, BOOK + 5)];
/// The same for the first event of a DEPTH; the further levels wait for it.
pub const DEPTH_LATENCY: u64 = BOOK + 4;
/// The same for a FENCE of the market window.
pub const FENCE_LATENCY: u64 = BOOK + 3;
/// The same for the events of the decision ring.
pub const DECISION_LATENCY: [(u8, u64); 8] = [
    (Verdict::CODE, GATE),
    (Filled::CODE, GATE),
    (Closed::CODE, GATE),
    (PositionSet::CODE, GATE + gate::LATENCY_CYCLES as u64),
    (Bank::CODE, GATE),
    (ReadData::CODE, GATE),
    (FenceDone::CODE, GATE),
    (FaultRaised::CODE, GATE),
];
