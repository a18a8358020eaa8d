//! Registers of BAR0: 32-bit words, little-endian. 0xffff_ffff is never a legal value of the identity or status
//! registers.

use crate::field::{hash_str, hash_u64};

/// Who may access a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read only.
    Read,
    /// Read and write.
    ReadWrite,
    /// Write only; reads as zero.
    Write,
}

/// One register of BAR0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Register {
    /// Upper-case name.
    pub name: &'static str,
    /// Byte offset in BAR0.
    pub offset: u32,
    /// Who may access it.
    pub access: Access,
    /// Value after RESET, if it is the same in every build.
    pub reset: Option<u32>,
    /// Unit or bits.
    pub doc: &'static str,
}

macro_rules! registers {
    ($($name:ident = $offset:literal, $access:ident, $reset:expr, $doc:literal;)+) => {
        $(#[doc = $doc] pub const $name: Register = Register {
            name: stringify!($name), offset: $offset, access: Access::$access, reset: $reset, doc: $doc,
        };)+
        /// Every register by rising offset.
        pub const ALL: &[Register] = &[$($name),+];
    };
}

registers! {
    MAGIC = 0x000, Read, Some(crate::MAGIC), "`XGAT`";
    ABI = 0x004, Read, Some((crate::ABI_MAJOR as u32) << 16 | crate::ABI_MINOR as u32),
        "major version in the high half, minor in the low half";
    HASH_LO = 0x008, Read, None, "low half of the contract hash";
    HASH_HI = 0x00c, Read, None, "high half of the contract hash";
    FEATURES = 0x010, Read, None, "feature bits";
    BUILD = 0x014, Read, None, "number of the size set";
    SIZE_BOOK = 0x018, Read, None, "venues 7..0, books 15..8, log2 of window ticks 23..16, bits of a quantity 31..24";
    SIZE_GATE = 0x01c, Read, None, "accounts 15..0, instruments 31..16";
    SIZE_ORDER = 0x020, Read, None, "lanes 7..0, log2 of order slots 15..8, log2 of window slots 23..16, log2 of venue ledgers 31..24";
    CLOCK_KHZ = 0x024, Read, None, "signed-off clock in kHz; 0 in simulation";
    CONTROL = 0x040, ReadWrite, Some(0), "bit 0 RESET (clears itself), bit 1 ARM: orders are decided";
    STATUS = 0x044, Read, None,
        "bit 0 ready, 1 armed, 2 halted, 3 active bank, 4 sweeping, 5 busy, 8..10 window halted";
    TIME_LO = 0x048, ReadWrite, Some(0), "card time, microseconds, low half; takes effect when TIME_HI is written";
    TIME_HI = 0x04c, ReadWrite, Some(0), "card time, bits 47..32";
    STAMP_CYCLE_LO = 0x050, Read, None, "cycle count, low half; reading latches the other three";
    STAMP_CYCLE_HI = 0x054, Read, None, "latched cycle count, bits 47..32";
    STAMP_TIME_LO = 0x058, Read, None, "latched card time, low half";
    STAMP_TIME_HI = 0x05c, Read, None, "latched card time, bits 47..32";
    EPOCH = 0x060, Read, Some(0), "active epoch; 0: none was committed";
    WATCHDOG_LO = 0x068, ReadWrite, Some(0),
        "card time in microseconds at which the card halts and mass-cancels unless it is moved on; 0: never. Takes effect with WATCHDOG_HI";
    WATCHDOG_HI = 0x06c, ReadWrite, Some(0), "bits 47..32";
    CONSUMED_ORDERS = 0x080, Read, Some(0), "slots consumed from the orders window, modulo 2^16";
    CONSUMED_MARKET = 0x084, Read, Some(0), "slots consumed from the market window, modulo 2^16";
    CONSUMED_CONTROL = 0x088, Read, Some(0), "slots consumed from the control window, modulo 2^16";
    DECISIONS_BASE_LO = 0x100, ReadWrite, Some(0), "bus address of the decision ring, low half, 64-byte aligned";
    DECISIONS_BASE_HI = 0x104, ReadWrite, Some(0), "bus address of the decision ring, high half";
    DECISIONS_SIZE = 0x108, ReadWrite, Some(0),
        "log2 of the entries, 4 to 20; 0 switches the ring off. Writing restarts the ring";
    DECISIONS_CONSUMER = 0x10c, ReadWrite, Some(0), "events consumed by the host, modulo 2^32";
    DECISIONS_PRODUCER = 0x110, Read, Some(0), "events written, modulo 2^32";
    MARKET_BASE_LO = 0x120, ReadWrite, Some(0), "bus address of the market ring, low half, 64-byte aligned";
    MARKET_BASE_HI = 0x124, ReadWrite, Some(0), "bus address of the market ring, high half";
    MARKET_SIZE = 0x128, ReadWrite, Some(0),
        "log2 of the entries, 4 to 20; 0 switches the ring off. Writing restarts the ring";
    MARKET_CONSUMER = 0x12c, ReadWrite, Some(0), "events consumed by the host, modulo 2^32";
    MARKET_PRODUCER = 0x130, Read, Some(0), "events written, modulo 2^32";
    COUNT_COMMANDS_ORDERS = 0x200, Read, Some(0), "commands taken from the orders window, NOPs excluded";
    COUNT_COMMANDS_MARKET = 0x204, Read, Some(0), "commands taken from the market window, NOPs excluded";
    COUNT_COMMANDS_CONTROL = 0x208, Read, Some(0), "commands taken from the control window, NOPs excluded";
    COUNT_FAULTS = 0x20c, Read, Some(0), "fault events";
    COUNT_ACCEPTED = 0x210, Read, Some(0), "ORDER and REPLACE commands accepted, checks included";
    COUNT_REJECTED = 0x214, Read, Some(0), "ORDER and REPLACE commands rejected, checks included";
    COUNT_FILLS = 0x218, Read, Some(0), "FILL commands that added lots";
    COUNT_LEVELS = 0x21c, Read, Some(0), "LEVEL commands inside the window";
    COUNT_LEVELS_OUTSIDE = 0x220, Read, Some(0), "LEVEL commands outside the window";
    COUNT_BBO = 0x224, Read, Some(0), "BBO changes";
    COUNT_CONFLATED = 0x228, Read, Some(0), "BBO changes replaced by a newer one before they left";
    COUNT_EGRESS = 0x22c, Read, Some(0), "messages that entered the egress queue";
    EGRESS_CRC = 0x230, Read, Some(0), "CRC-32 (IEEE) of the 32 bytes of every message that entered the egress queue";
    ERROR_STATUS = 0x300, Read, Some(0),
        "bits 0..2 overrun, 4..6 sequence, 8..10 write of a part of a quadword, of the windows orders, market, control";
    ERROR_ORDERS = 0x304, Read, Some(0), "first error of the orders window: expected sequence 15..0, received 31..16";
    ERROR_MARKET = 0x308, Read, Some(0), "first error of the market window: expected sequence 15..0, received 31..16";
    ERROR_CONTROL = 0x30c, Read, Some(0), "first error of the control window: expected sequence 15..0, received 31..16";
}

/// Byte offset of the MSI-X table, on a page of its own.
pub const MSIX_TABLE_OFFSET: u32 = 0x1000;
/// Bytes of BAR0.
pub const BAR0_BYTES: u32 = 0x2000;

/// Bits of CONTROL.
pub mod control {
    /// Scrub every memory; clears itself.
    pub const RESET: u32 = 1 << 0;
    /// Decide orders.
    pub const ARM: u32 = 1 << 1;
}

/// Bits of STATUS.
pub mod status {
    /// Memories are scrubbed.
    pub const READY: u32 = 1 << 0;
    /// Orders are decided.
    pub const ARMED: u32 = 1 << 1;
    /// A global halt is in force.
    pub const HALTED: u32 = 1 << 2;
    /// Which bank is active.
    pub const BANK: u32 = 1 << 3;
    /// A sweep runs.
    pub const SWEEPING: u32 = 1 << 4;
    /// A command or event is in flight.
    pub const BUSY: u32 = 1 << 5;
    /// First of three bits: the window is halted.
    pub const WINDOW_HALTED_SHIFT: u32 = 8;
}

/// Hash of names, offsets and access.
pub const fn hash(mut hash: u64) -> u64 {
    let mut index = 0;
    while index < ALL.len() {
        hash = hash_str(hash, ALL[index].name);
        hash = hash_u64(hash, ALL[index].offset as u64);
        hash = hash_u64(
            hash,
            match ALL[index].access {
                Access::Read => 0,
                Access::ReadWrite => 1,
                Access::Write => 2,
            },
        );
        index += 1;
    }
    hash
}
