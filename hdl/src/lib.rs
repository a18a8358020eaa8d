//! RTL of the Crossgate card, written in rust-hdl and emitted as Verilog.
//!
//! A struct is a Verilog module is a file. Kernels (`#[hdl_gen]`) follow the subset that simulates and synthesises
//! alike: own integer types
//! ([`int`]), one operator per typed local before a compare, shift or cast, literals to compare with in `Constant`s,
//! contract values through
//! `Constant` fields or const generics. `cargo xtask lint` and lockstep co-simulation hold the rest.
//!
//! Not here: anything the host does, the reference model, and device harnesses (see the sim crate).
#![forbid(unsafe_code)]

pub mod book;
pub mod card;
pub mod conflate;
pub mod dispatch;
mod emit;
pub mod gate;
pub mod int;
pub mod island;
pub mod leaf;
pub mod pins;
pub mod ram;
pub mod registers;
pub mod ring;
pub mod sim;
pub mod window;

pub use emit::{emit, EmitError};
