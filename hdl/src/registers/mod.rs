//! BAR0: the registers of the contract.
//!
//! [`Registers`] joins four groups, each in its own file, that decode their offsets from the contract's table:
//! [`Identity`], [`Control`], [`RingControl`] (twice) and [`Counters`]. A register that no group decodes reads 0, and
//! writes to it are ignored.
//!
//! Invariant: data of a read that is on the pins in cycle c is on `read_data` in cycle c + 2; a write is in force in
//! cycle c + 1.

mod control;
mod counters;
mod identity;
mod rings;
mod top;

pub use control::Control;
pub use counters::{Counters, COUNTERS};
pub use identity::{identity, Identity};
pub use rings::RingControl;
pub use top::Registers;

use crate::int::U;
use crossgate_contract::register::{Register, BAR0_BYTES};
use rust_hdl_core::prelude::*;

/// Bits of an offset in BAR0.
pub const OFFSET_BITS: usize = BAR0_BYTES.ilog2() as usize;

/// The decoded offset of a register.
fn offset(register: Register) -> Constant<U<OFFSET_BITS>> {
    Constant::new(U::new(u64::from(register.offset)))
}
