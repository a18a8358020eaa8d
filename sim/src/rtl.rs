//! The RTL of the card: its native simulation and its Verilog, by size set.
//!
//! Not here: the bus (see [`crate::pins`]).

use crossgate_contract::Sizes;
use crossgate_hdl::card;
use crossgate_hdl::pins::{Inputs, Outputs, Pins};
use std::io::Write;

pub use card::verilog;

/// The RTL in the simulator of rust-hdl.
pub struct Native(Box<dyn Pins>);

impl Pins for Native {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        self.0.clock(inputs)
    }
}

/// The card of these sizes, if the RTL has such a build; with `vcd` every signal is written there.
pub fn native(sizes: &Sizes, vcd: Option<Box<dyn Write>>) -> Option<Native> {
    match vcd {
        None => card::native(sizes),
        Some(sink) => card::native_traced(sizes, sink),
    }
    .map(Native)
}
