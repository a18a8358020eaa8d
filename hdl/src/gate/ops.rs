//! What travels down the pipeline: operations as bits of a one-hot word, and helpers that bring contract values into
//! kernels.
//!
//! An operation is one pass through the pipeline. Most commands are one; POSITION is two, MARKS one an account, a sweep
//! one a slot, a cell and a pair of ledgers.

use crate::int::U;
use crate::leaf::field;
use crossgate_contract::Layout;
use rust_hdl_core::prelude::*;

/// The one-hot word.
pub(super) type Hot = U<22>;

/// A new order.
pub(super) const ORDER: u64 = 0;
/// A fill.
pub(super) const FILL: u64 = 1;
/// An order closed by the venue.
pub(super) const CANCELLED: u64 = 2;
/// POSITION, bid end.
pub(super) const POSITION_BID: u64 = 3;
/// POSITION, ask end, Y and the event.
pub(super) const POSITION_ASK: u64 = 4;
/// FENCE of either window.
pub(super) const FENCE: u64 = 5;
/// A fault that was found before the pipeline.
pub(super) const FAULT: u64 = 6;
/// READ; tables show what the registers in front of the pipeline name until its event has left.
pub(super) const READ: u64 = 7;
/// HALT of an account or an instrument.
pub(super) const HALT: u64 = 8;
/// Live COLLATERAL of a pool ledger.
pub(super) const COLLATERAL: u64 = 9;
/// MARKS for the ledgers of one number.
pub(super) const CLEAR: u64 = 10;
/// Sweep: X of one order slot.
pub(super) const SLOT: u64 = 11;
/// Sweep: W of one cell.
pub(super) const CELL: u64 = 12;
/// Sweep: slacks and headroom of the ledgers of one number, after every cell.
pub(super) const LEDGERS: u64 = 13;
/// Outcome of a COMMIT.
pub(super) const BANK: u64 = 14;
/// Live COLLATERAL of a venue ledger.
pub(super) const VENUE_COLLATERAL: u64 = 15;

/// Other lots and another price for an open order.
pub(super) const REPLACE: u64 = 16;
/// A REPLACE that the venue carried out.
pub(super) const REPLACED: u64 = 17;
/// A REPLACE that the venue refused.
pub(super) const REFUSED: u64 = 18;
/// A wish to close an order.
pub(super) const CANCEL: u64 = 19;
/// The same for all orders of a scope.
pub(super) const MASS_CANCEL: u64 = 20;
/// Card time has reached WATCHDOG.
pub(super) const WATCHDOG: u64 = 21;

/// Bits of the word that says what is stored of a ledger.
pub(super) const WRITE_MONEY: u64 = 0; // headroom and slacks
pub(super) const WRITE_Y_OWN: u64 = 1; // Y of the bank of the operation
pub(super) const WRITE_Y_OTHER: u64 = 2; // Y of the other bank
pub(super) const WRITE_COLLATERAL: u64 = 3;

/// Bits of the one-hot word that says which row is stored.
pub(super) const ROW_INSTRUMENT: u64 = 0; // INSTRUMENT
pub(super) const ROW_ACCOUNT: u64 = 1; // ACCOUNT
pub(super) const ROW_VENUE: u64 = 2; // VENUE_LEDGER
pub(super) const ROW_MARK: u64 = 3; // BANK_MARK
pub(super) const ROW_LOSS: u64 = 4; // BANK_LOSS
pub(super) const ROW_OFFSET: u64 = 5; // BANK_OFFSET
pub(super) const ROW_COLLATERAL: u64 = 6; // BANK_COLLATERAL
pub(super) const ROW_LANES: u64 = 7; // BANK_LANES
pub(super) const ROW_BASE: u64 = 8; // BANK_BASE
pub(super) const ROW_LIMITS: u64 = 9; // INSTRUMENT_LIMITS
pub(super) const ROW_AGES: u64 = 10; // AGES
pub(super) const ROW_BOX: u64 = 11; // BANK_BOX

/// Clocks from the one in which a command is taken to the one that shows its event.
pub const LATENCY_CYCLES: usize = 15;

/// Lowest bits of the fields of a slot's head: busy, side, account, instrument, generation, as READ returns them.
pub(super) const HEAD_SIDE: u64 = 1;
pub(super) const HEAD_ACCOUNT: u64 = 16;
pub(super) const HEAD_INSTRUMENT: u64 = 32;
pub(super) const HEAD_GENERATION: u64 = 48;

/// A constant for a kernel.
pub(super) fn value<const N: usize>(value: u64) -> Constant<U<N>> {
    Constant::new(U::new(value))
}

/// A size as a constant.
pub(super) fn size<const N: usize>(size: usize) -> Constant<U<N>> {
    value(u64::try_from(size).unwrap_or(u64::MAX))
}

/// Lowest bit of a field that is `width` bits wide and lies in word `word` at the same place in every one of `layouts`.
///
/// # Panics
/// If a layout has no such field there: a broken build.
pub(super) fn place(layouts: &[&'static Layout], name: &str, word: usize, width: u32) -> Constant<U<6>> {
    let mut lsb = None;
    for layout in layouts {
        let field = field(layout, name);
        assert_eq!((field.word, field.width), (word, width), "{}.{name}", layout.name);
        assert!(lsb.is_none_or(|lsb| lsb == field.lsb), "{}.{name} lies elsewhere", layout.name);
        lsb = Some(field.lsb);
    }
    value(u64::from(lsb.unwrap_or(0)))
}

/// The bits of word `word` that fields of the layout use.
pub(super) fn used<const N: usize>(layout: &'static Layout, word: usize) -> Constant<U<N>> {
    value(layout.fields.iter().filter(|f| f.word == word).fold(0, |bits, f| bits | (f.mask() << f.lsb)))
}

/// Declares a block and its `Default`; a field without `= value` starts as the default of its type.
macro_rules! block {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident $([$($size:ident),*])? {
        $($(#[$field_meta:meta])* $vis:vis $field:ident: $type:ty $(= $init:expr)?,)*
    }) => {
        $(#[$meta])*
        #[derive(LogicBlock)]
        $visibility struct $name $(<$(const $size: usize),*>)? { $($(#[$field_meta])* $vis $field: $type,)* }

        impl $(<$(const $size: usize),*>)? Default for $name $(<$($size),*>)? {
            fn default() -> Self {
                Self { $($field: $crate::gate::ops::block!(@ $($init)?),)* }
            }
        }

        impl $(<$(const $size: usize),*>)? $crate::island::Inputs for $name $(<$($size),*>)? {
            fn pending(&self) -> bool {
                #[allow(unused_imports)]
                use $crate::island::{Input as _, NoInput as _};
                $((&self.$field).pending())||*
            }
        }
    };
    (@) => { Default::default() };
    (@ $init:expr) => { $init };
}
pub(super) use block;
