//! Dispatch: commands of the windows to BOOK and GATE, and the answers that need neither.
//!
//! [`ToGate`] serves the orders and the control window, [`ToBook`] the market window. An opcode that the window does
//! not take or this build does not implement is answered by a fault event, as are halted windows and fields out of
//! range of market commands. READ of the venue table is answered here, because the heartbeats are kept here.
//!
//! Invariant: a command is passed on, answered or stored exactly once, in the order of its window; an answer enters the
//! decision ring after the events of every earlier command of its window.

mod answer;
mod to_book;
mod to_gate;

pub use answer::Answer;
pub use to_book::{ToBook, VENUE_BITS};
pub use to_gate::ToGate;

use crate::int::U;
use crossgate_contract::command::{
    Account, Ages, BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, BookState, Cancel,
    Cancelled, Collateral, Commit, Depth, Fence, Fill, Halt, Heartbeat, Instrument, InstrumentLimits, Level, Marks,
    MassCancel, Order, Position, Read, Refused, Replace, Replaced, Slide, VenueLedger, VenueReset,
};
use crossgate_contract::Window;
use rust_hdl_core::prelude::*;

/// Opcodes of a window that this build implements, as bits of two words.
pub const fn implemented(window: Window) -> [u64; 2] {
    let mut bits = 1u128 << Fence::CODE;
    let codes: &[u8] = match window {
        Window::Orders => &[
            Order::CODE,
            Replace::CODE,
            Cancel::CODE,
            MassCancel::CODE,
            Fill::CODE,
            Cancelled::CODE,
            Replaced::CODE,
            Refused::CODE,
            Position::CODE,
        ],
        Window::Market => &[Level::CODE, VenueReset::CODE, Slide::CODE, BookState::CODE, Depth::CODE, Heartbeat::CODE],
        Window::Control => &[
            Instrument::CODE,
            InstrumentLimits::CODE,
            Ages::CODE,
            Account::CODE,
            VenueLedger::CODE,
            Marks::CODE,
            BankMark::CODE,
            BankLoss::CODE,
            BankOffset::CODE,
            BankCollateral::CODE,
            BankLanes::CODE,
            BankBase::CODE,
            BankBox::CODE,
            Collateral::CODE,
            Commit::CODE,
            Halt::CODE,
            Read::CODE,
        ],
    };
    let mut index = 0;
    while index < codes.len() {
        bits |= 1u128 << codes[index];
        index += 1;
    }
    #[allow(clippy::cast_possible_truncation)] // the two halves of 128 bits
    [bits as u64, (bits >> 64) as u64]
}

fn constant<const N: usize>(value: u64) -> Constant<U<N>> {
    Constant::new(U::new(value))
}
