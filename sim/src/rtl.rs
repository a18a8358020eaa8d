//! The RTL of the card: its native simulation and its Verilog, by size set.
//!
//! Not here: the bus (see [`crate::pins`]).

use crossgate_contract::Sizes;
use crossgate_hdl::pins::{Inputs, Outputs, Pins};
use std::path::Path;

/// The RTL in the simulator of rust-hdl.
pub struct Native(Box<dyn Pins>);

impl Pins for Native {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        self.0.clock(inputs)
    }
}

/// The card of these sizes, if the RTL has such a build; with `vcd` every signal is written to that file.
pub fn native(_sizes: &Sizes, _vcd: Option<&Path>) -> Option<Native> {
    None
}

/// The Verilog of the card of these sizes, if the RTL has such a build.
pub fn verilog(_sizes: &Sizes) -> Option<String> {
    None
}
