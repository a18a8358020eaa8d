//! Single-threaded clocking of a block: no simulation threads, no events, two settles a cycle.

use rust_hdl_core::prelude::*;

/// More passes than any design needs; beyond it the design oscillates.
const PASSES_MAX: usize = 200;

/// A block with one clock input.
pub trait Clocked: Block {
    /// The clock input.
    fn clock_mut(&mut self) -> &mut Signal<In, Clock>;
}

/// Lets combinational logic settle.
///
/// # Panics
/// If it oscillates, which is a broken design.
pub fn settle<B: Block>(block: &mut B) {
    assert!(simulate(block, PASSES_MAX), "combinational logic does not settle");
}

/// One clock cycle: the inputs that were set before take part in it; afterwards the outputs are those of the new cycle.
pub fn tick<B: Clocked>(block: &mut B) {
    settle(block);
    block.clock_mut().next = Clock { clk: true };
    settle(block);
    block.clock_mut().next = Clock { clk: false };
}
