//! Command windows: writes of the bus become commands in order of sequence.
//!
//! [`Intake`] registers the pins once for all three windows; a [`Window`] reassembles its slots. The bus is never
//! stalled: what cannot be taken is dropped and latched. Not here: what a command means (see `dispatch`).
//!
//! Invariant: the commands of a window leave in order of slot sequence, each exactly once, and none after the first
//! error.

mod intake;
mod reassembly;

pub use intake::Intake;
pub use reassembly::Window;
