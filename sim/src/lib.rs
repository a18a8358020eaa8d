//! Simulated Crossgate cards: the reference model, the RTL natively and as Verilog, and what compares and records them.
//!
//! Every simulated card is a `crossgate_driver::Endpoint`, so the driver above it is the one that drives hardware.
//!
//! Not here: the RTL itself and anything the host does.
#![deny(unsafe_code)]

pub mod coverage;
pub mod describe;
pub mod device;
pub mod model;
pub mod pins;
pub mod random;
pub mod rtl;
pub mod scoreboard;
pub mod stimulus;
pub mod trace;
pub mod verilated;
