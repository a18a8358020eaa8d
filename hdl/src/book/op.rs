//! The micro-operation that travels through BOOK: one side of one book in one clock.
#![allow(missing_docs)] // the derive adds accessors without documentation

use rust_hdl_core::prelude::*;

/// What an operation does; its operands travel beside it.
///
/// Without an operation (`valid` 0) every flag but `refilling` is 0.
///
/// A LEVEL is one operation. VENUE_RESET, SLIDE and BOOK_STATE are two, bid (`first`) then ask (`second`), and share
/// one event. A DEPTH level is two (`listing`), a FENCE is one that touches nothing.
#[derive(LogicStruct, Clone, Copy, Debug, Default, PartialEq)]
pub struct Op {
    /// There is an operation in this clock.
    pub valid: Bit,
    /// LEVEL: sets the quantity of one tick of one venue.
    pub level: Bit,
    /// First of two operations of one command: no event of its own.
    pub first: Bit,
    /// Second of two: its event stands for both.
    pub second: Bit,
    /// DEPTH: looks, changes nothing.
    pub listing: Bit,
    /// Only ticks behind the key of the operation are seen.
    pub walk: Bit,
    /// FENCE: passes through.
    pub fence: Bit,
    /// Sets the base of the window.
    pub rebase: Bit,
    /// The base is valid from now on; with `rebase`.
    pub based: Bit,
    /// Sets which venues count.
    pub enable: Bit,
    /// Empties and masks one venue.
    pub purge: Bit,
    /// Sets `refilling`.
    pub refill: Bit,
    /// The new `refilling`; with `refill`.
    pub refilling: Bit,
    /// The side is taken for empty, whatever is found.
    pub empty: Bit,
}
