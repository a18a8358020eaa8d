//! Command windows and their 64-byte slots, each two commands and a sequence number.

use crate::command::{Fence, Nop};
use crate::field::Field;

/// A command window; each has one producer and its own sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Window {
    /// Orders, fills, cancels, positions.
    Orders = 0,
    /// Market data.
    Market = 1,
    /// Tables, banks, halts, reads.
    Control = 2,
}

impl Window {
    /// Every window by its number.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Market, Self::Control];
    /// Byte distance of two windows in BAR2.
    pub const STRIDE_BYTES: u64 = 0x1_0000;

    /// The number of the window.
    pub const fn index(self) -> usize {
        match self {
            Self::Orders => 0,
            Self::Market => 1,
            Self::Control => 2,
        }
    }

    /// Whether an opcode belongs to this window.
    pub const fn takes(self, opcode: u8) -> bool {
        matches!(
            (self, opcode),
            (_, Nop::CODE | Fence::CODE)
                | (Self::Orders, 0x10..=0x1f)
                | (Self::Market, 0x20..=0x2f)
                | (Self::Control, 0x30..=0x4f)
        )
    }
}

/// Bytes of a window slot: one write-combining line.
pub const SLOT_BYTES: usize = 64;
/// Where the sequence number of a slot lies in its 8 words.
pub const SLOT_SEQUENCE: Field = Field {
    name: "sequence",
    word: 7,
    lsb: 48,
    width: 16,
    signed: false,
    doc: "Sequence number of the slot: 0 for the first after RESET, plus one each, modulo 2^16.",
};

/// The 64-byte slot of two encoded commands and a sequence number.
pub const fn slot(first: &[u64; 4], second: &[u64; 4], sequence: u16) -> [u64; 8] {
    let mut words = [0; 8];
    let mut index = 0;
    while index < 4 {
        words[index] = first[index];
        words[index + 4] = second[index];
        index += 1;
    }
    SLOT_SEQUENCE.put(&mut words, sequence as u64);
    words
}
