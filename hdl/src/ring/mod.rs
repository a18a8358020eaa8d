//! Event rings: what the card tells the host, written into host memory.
//!
//! A [`Ring`] completes an event at its input (cycle, latency, wait), queues it on the card and releases it while the
//! host has a free entry; [`Dma`] lets the two rings share the write port of the bus. Not here: what is in an event,
//! and the choice which BBO is dropped (see `conflate`).
//!
//! Invariant: an event that a ring has taken is written exactly once, in order, and never onto an entry that the host
//! has not consumed.

mod dma;
mod queue;

pub use dma::Dma;
pub use queue::{Ring, QUEUE_LOG2};
