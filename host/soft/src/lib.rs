//! BOOK and GATE as production software on the contract of the card.
//!
//! [`open`] makes a card of given sizes that the driver cannot tell from another: registers, windows, tables, banks,
//! rings. It is the device when no card is there, and the honest comparison in the benchmarks. Written from
//! `docs/book.md` and `docs/gate.md`; the reference model and the RTL are written from the same pages, and all agree bit
//! for bit.
//!
//! It is not a card: it has no fixed latency, its time is the host's, and it stops when the host stops (see
//! `docs/soft.md`).
//!
//! Invariants: memory is allocated when a card is made or reset, not while it decides; every index that arrives is
//! checked once, where its command is taken.
#![forbid(unsafe_code)]

mod admission;
mod arithmetic;
mod bank;
pub mod book;
mod card;
mod crc;
mod egress;
mod endpoint;
mod fills;
mod gate;
mod lanes;
mod market;
mod orders;
mod prepare;
mod replace;
mod ring;
mod sweep;
mod tables;
mod window;
mod words;

pub use endpoint::{open, SizesError, SoftCard, FEATURES};
pub use gate::{Decision, Gate};
pub use market::{Change, Market};
