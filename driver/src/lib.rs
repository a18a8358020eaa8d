//! Userspace driver of the Crossgate card.
//!
//! [`Device`] is the typed card: identity, windows, rings, counters. It is one code over any [`Transport`]; the calls
//! on the hot path are dispatched statically. [`InProcess`] is the transport of simulated cards ([`Endpoint`]).
//!
//! Not here: what commands mean (see the contract and its documents), policy, and anything simulated.
//!
//! Invariant: every wait ends, at a deadline with an error that says what was awaited; a failed read never returns
//! data.
#![deny(unsafe_code)]

mod counters;
mod device;
mod error;
mod identity;
mod poll;
mod post;
mod process;
mod rows;
mod transport;

pub use counters::Counters;
pub use device::{Device, Egress, Options, Patience, Stamp};
pub use error::{DeviceError, TransportError};
pub use identity::Identity;
pub use poll::Received;
pub use process::{Endpoint, InProcess};
pub use rows::BankRows;
pub use transport::{DmaBuffer, Transport};
