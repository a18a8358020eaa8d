//! The pins of the whole card, as plain Rust values: what a bus model and a simulator exchange in one clock.
//!
//! The native simulation and the Verilated one implement the same trait, so every harness drives either.

use crossgate_contract::Window;

/// One write of the bus into a command window: any subset of the 8 quadwords of one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The window.
    pub window: Window,
    /// Slot number within the window.
    pub slot: u16,
    /// One bit a quadword that this beat writes.
    pub strobe: u8,
    /// The quadwords.
    pub words: [u64; 8],
}

/// What the bus does in one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// A write into a window.
    pub beat: Option<Beat>,
    /// A register write: offset and value.
    pub register_write: Option<(u32, u32)>,
    /// A register read: offset. The data is in [`Outputs::register_data`] two clocks later.
    pub register_read: Option<u32>,
    /// The bus takes the event that the card offers in this clock.
    pub dma_ready: bool,
    /// The network does not take the message that the card offers in this clock.
    pub egress_held: bool,
}

/// What the card shows after one clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Data of the register read two clocks ago.
    pub register_data: u32,
    /// An event on its way to host memory: bus address and words. It is taken in a clock in which `dma_ready` is given.
    pub dma: Option<(u64, [u64; 8])>,
    /// A message for the venues. It leaves in a clock in which `egress_held` is not given; until then another one may take
    /// its place.
    pub egress: Option<[u64; 4]>,
    /// A command or event is somewhere in the card.
    pub busy: bool,
}

/// A cycle-accurate card.
pub trait Pins {
    /// Advances one clock with these inputs and returns the outputs of the new cycle.
    fn clock(&mut self, inputs: &Inputs) -> Outputs;
}
