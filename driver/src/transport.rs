//! [`Transport`]: what a bus must offer to the device.
//!
//! Contracts that every implementation keeps:
//! - Registers are 32-bit little-endian words of BAR0. A card that is gone reads all ones; that is data here, the
//!   device judges it.
//! - [`Transport::post`] is one posted write of 64 bytes; it does not wait for the card. Posts of one window arrive in
//!   order as far as the bus allows; the card reassembles the rest.
//! - DMA memory is zero when allocated, has a fixed bus address, and lives as long as the transport.
//! - [`Transport::line`] reads word 7 of the line first and the others after it, so that a line whose word 7 is new is
//!   new altogether.
//!
//! Not here: the meaning of any register or command.

use crate::TransportError;
use crossgate_contract::Window;
use std::time::Duration;

/// Host memory that the card can write. The memory belongs to the transport that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DmaBuffer {
    /// Number of the buffer within its transport.
    pub index: usize,
    /// Bus address, 64-byte aligned.
    pub address: u64,
    /// Lines of 64 bytes.
    pub lines: usize,
}

/// A way to a card.
pub trait Transport {
    /// Reads a 32-bit word of the PCI configuration space.
    ///
    /// # Errors
    /// [`TransportError::Unsupported`] where there is none, or the failure of the bus.
    fn config_read(&mut self, offset: u16) -> Result<u32, TransportError>;

    /// Writes a 32-bit word of the PCI configuration space.
    ///
    /// # Errors
    /// As [`Transport::config_read`].
    fn config_write(&mut self, offset: u16, value: u32) -> Result<(), TransportError>;

    /// Reads a register of BAR0.
    ///
    /// # Errors
    /// [`TransportError::Offset`], or the failure of the bus.
    fn register_read(&mut self, offset: u32) -> Result<u32, TransportError>;

    /// Writes a register of BAR0.
    ///
    /// # Errors
    /// As [`Transport::register_read`].
    fn register_write(&mut self, offset: u32, value: u32) -> Result<(), TransportError>;

    /// Writes one window slot of BAR2 as one 64-byte posted write.
    ///
    /// # Errors
    /// The failure of the bus; a posted write that is lost later shows in the card's error registers.
    fn post(&mut self, window: Window, slot: u16, words: &[u64; 8]) -> Result<(), TransportError>;

    /// Allocates and maps zeroed host memory for the card.
    ///
    /// # Errors
    /// The failure of the system.
    fn dma_allocate(&mut self, lines: usize) -> Result<DmaBuffer, TransportError>;

    /// Zeroes a buffer that the card does not write at the moment.
    ///
    /// # Errors
    /// [`TransportError::Line`] if the buffer is not of this transport.
    fn dma_clear(&mut self, buffer: &DmaBuffer) -> Result<(), TransportError>;

    /// Reads a line of 64 bytes, word 7 first.
    ///
    /// # Errors
    /// [`TransportError::Line`].
    fn line(&self, buffer: &DmaBuffer, line: usize) -> Result<[u64; 8], TransportError>;

    /// Switches on the first `vectors` interrupt vectors.
    ///
    /// # Errors
    /// [`TransportError::Unsupported`], or the failure of the system.
    fn interrupts_enable(&mut self, vectors: u16) -> Result<(), TransportError>;

    /// Waits until the vector fires; false if it did not within `deadline`.
    ///
    /// # Errors
    /// As [`Transport::interrupts_enable`].
    fn interrupt_wait(&mut self, vector: u16, deadline: Duration) -> Result<bool, TransportError>;

    /// Resets the function (FLR). The device opens again afterwards.
    ///
    /// # Errors
    /// [`TransportError::Unsupported`], or the failure of the bus.
    fn reset(&mut self) -> Result<(), TransportError>;

    /// Lets a simulated card go on for a while; hardware goes on by itself. Called once in every poll and wait.
    ///
    /// # Errors
    /// The failure of the simulated card.
    fn advance(&mut self) -> Result<(), TransportError> {
        Ok(())
    }
}
