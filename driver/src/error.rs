//! What can go wrong, with offsets, expected and actual values.

use crossgate_contract::event::Ring;
use crossgate_contract::{FieldError, Window};
use std::time::Duration;

/// A failure below the device: the bus, the operating system, or the simulation that stands in for them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The register is not in BAR0 or not a 32-bit word.
    #[error("register offset {offset:#x} is outside BAR0 ({bytes:#x} bytes) or not a multiple of 4")]
    Offset {
        /// The offset in BAR0.
        offset: u32,
        /// Bytes of BAR0.
        bytes: u32,
    },
    /// A line outside of a DMA buffer.
    #[error("line {line} is outside the DMA buffer at {address:#x} of {lines} lines")]
    Line {
        /// The line of 64 bytes.
        line: usize,
        /// Bus address of the buffer.
        address: u64,
        /// Lines of the buffer.
        lines: usize,
    },
    /// The card wrote where nothing is mapped.
    #[error("the card wrote to bus address {address:#x}, which is not mapped")]
    Unmapped {
        /// Bus address.
        address: u64,
    },
    /// The transport has no such thing.
    #[error("this transport has no {what}")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
    },
    /// The simulated card failed: a lockstep difference, a lost simulator.
    #[error("simulated card: {message}")]
    Simulation {
        /// What it reports.
        message: String,
    },
    /// A system call failed.
    #[error("{what}: {source}")]
    System {
        /// What was attempted.
        what: &'static str,
        /// The errno.
        source: std::io::Error,
    },
}

/// A failure of the device.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// See the transport.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// All ones: the card is no longer there.
    #[error("the card is gone: register {name} at {offset:#05x} reads 0xffffffff")]
    Gone {
        /// Name of the register.
        name: &'static str,
        /// Offset in BAR0.
        offset: u32,
    },
    /// Not a Crossgate card.
    #[error("register MAGIC reads {actual:#010x}, a Crossgate card has {expected:#010x}")]
    Magic {
        /// The value of this driver.
        expected: u32,
        /// The value of the card.
        actual: u32,
    },
    /// The card speaks another major version.
    #[error("the card has ABI {actual_major}.{actual_minor}, this driver has {expected_major}.{expected_minor}: another major version")]
    Abi {
        /// Major version of this driver.
        expected_major: u16,
        /// Minor version of this driver.
        expected_minor: u16,
        /// Major version of the card.
        actual_major: u16,
        /// Minor version of the card.
        actual_minor: u16,
    },
    /// Host and card were built from different layouts.
    #[error("the card was built from contract {actual:#018x}, this driver from {expected:#018x}")]
    ContractHash {
        /// The hash of this driver.
        expected: u64,
        /// The hash of the card.
        actual: u64,
    },
    /// The identity block holds a value that no build has.
    #[error("register {name} at {offset:#05x} reads {actual:#010x}: {reason}")]
    Identity {
        /// Name of the register.
        name: &'static str,
        /// Offset in BAR0.
        offset: u32,
        /// The value of the card.
        actual: u32,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The build lacks a part of the contract that was asked for.
    #[error("the card has no {feature}: FEATURES reads {features:#010x}")]
    Feature {
        /// Name of the feature bit.
        feature: &'static str,
        /// Value of FEATURES.
        features: u32,
    },
    /// An option of the host that the card cannot have.
    #[error("ring of 2^{actual} entries: the card has 2^{least} to 2^{most}")]
    RingSize {
        /// Log2 of the entries asked for.
        actual: u32,
        /// Least log2.
        least: u32,
        /// Greatest log2.
        most: u32,
    },
    /// A value does not fit its field.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A command was posted to a window that does not take it.
    #[error("{command} does not belong to the {window:?} window")]
    Window {
        /// Name of the command.
        command: &'static str,
        /// The window.
        window: Window,
    },
    /// The card did not become ready.
    #[error("the card is not ready after {polls} polls and {elapsed:?}: STATUS reads {status:#010x}")]
    NotReady {
        /// Value of STATUS.
        status: u32,
        /// Polls made.
        polls: u64,
        /// Time waited.
        elapsed: Duration,
    },
    /// The card does not consume a window.
    #[error("the {window:?} window is full after {polls} polls and {elapsed:?}: {posted} slots posted, {consumed} consumed, {slots} in the window")]
    WindowFull {
        /// The window.
        window: Window,
        /// Slots posted, modulo 2^16.
        posted: u16,
        /// Slots consumed, modulo 2^16.
        consumed: u16,
        /// Slots of a window.
        slots: u16,
        /// Polls made.
        polls: u64,
        /// Time waited.
        elapsed: Duration,
    },
    /// The card does not become idle.
    #[error("the card is still busy after {polls} polls and {elapsed:?}: STATUS reads {status:#010x}")]
    Busy {
        /// Value of STATUS.
        status: u32,
        /// Polls made.
        polls: u64,
        /// Time waited.
        elapsed: Duration,
    },
    /// A fence was not answered.
    #[error("no answer to the fence {tag:#x} of the {window:?} window after {polls} polls and {elapsed:?}")]
    Fence {
        /// The window.
        window: Window,
        /// The tag of the fence.
        tag: u64,
        /// Polls made.
        polls: u64,
        /// Time waited.
        elapsed: Duration,
    },
    /// An event is missing in a ring.
    #[error("{ring:?} ring: event {actual} where {expected} was next")]
    EventSequence {
        /// The ring.
        ring: Ring,
        /// The number that was next.
        expected: u32,
        /// The number found.
        actual: u32,
    },
}
