//! The one hardware/software contract of the Crossgate card.
//!
//! Every register, command, event, reason, width and size that the RTL, the driver, the models and the documentation
//! share is defined here and nowhere
//! else. The generated `docs/registers.md` and `docs/contract.json` are renderings of these tables.
//!
//! The contract also holds layouts that a build may not implement yet; [`feature`] bits in the identity block say
//! which parts a card has. A command that
//! a build does not implement is answered by a fault event ([`Fault::UnknownCommand`]), never ignored.
//!
//! Not here: behaviour. What the commands do is written in `docs/book.md` and `docs/gate.md`.
#![no_std]
#![forbid(unsafe_code)]

pub mod command;
pub mod event;
pub mod feature;
pub mod field;
pub mod reason;
pub mod register;
pub mod sizes;
pub mod table;
pub mod width;

pub use command::{Command, Window};
pub use event::Event;
pub use field::{Field, FieldError, Layout};
pub use reason::{BankResult, Fault, Reason};
pub use sizes::Sizes;

/// First word of the identity block: `XGAT` read as little-endian ASCII.
pub const MAGIC: u32 = 0x5441_4758;
/// Incremented when an existing layout changes its meaning; the driver refuses another major version.
pub const ABI_MAJOR: u16 = 1;
/// Incremented when layouts are added.
pub const ABI_MINOR: u16 = 0;

/// Cycles from an accepted window beat to the BBO at the ring's input, of a LEVEL that does not wait: what docs/book.md
/// promises at most.
pub const BOOK_CYCLES_MAX: u32 = 14;
/// Cycles from an accepted window beat to the verdict at the ring's input, of an order that does not wait: what
/// docs/gate.md promises at most.
pub const GATE_CYCLES_MAX: u32 = 18;

/// FNV-1a over every layout, register, reason and width: equal exactly when host and card were built from the same
/// layouts. Sizes of a build are not
/// part of it.
pub const CONTRACT_HASH: u64 = {
    let mut hash = field::FNV_OFFSET;
    hash = field::hash_layouts(hash, command::LAYOUTS);
    hash = field::hash_layouts(hash, event::LAYOUTS);
    hash = register::hash(hash);
    hash = reason::hash(hash);
    width::hash(hash)
};
