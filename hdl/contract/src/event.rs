//! Events: 64 bytes, written by the card into one of two rings in host memory.
//!
//! The low byte of word 0 is the type. Words 6 and 7 are common to all: cycle and latency, wait, sequence and phase.
//! [`FUNCTIONAL`] masks what depends on
//! timing: two devices agree when their events agree under that mask.

use crate::field::{encode_field, layouts, Field, FieldError, FieldValue, Layout};

/// The two rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Ring {
    /// Verdicts, fills, banks, reads, faults: nothing is ever lost.
    Decisions = 0,
    /// BBO and depth: the newest BBO of a book wins when the host is slow.
    Market = 1,
}

impl Ring {
    /// Both rings by their number.
    pub const ALL: [Self; 2] = [Self::Decisions, Self::Market];

    /// The number of the ring.
    pub const fn index(self) -> usize {
        match self {
            Self::Decisions => 0,
            Self::Market => 1,
        }
    }
}

/// Bytes of an event.
pub const EVENT_BYTES: usize = 64;

const fn common(name: &'static str, word: usize, lsb: u32, width: u32, doc: &'static str) -> Field {
    Field { name, word, lsb, width, signed: false, doc }
}

/// Card cycle at the ring's input.
pub const CYCLE: Field = common("cycle", 6, 0, 48, "Card cycle in which the event reached the input of its ring.");
/// Cycles from the accepted window beat to the ring's input, saturating.
pub const LATENCY: Field = common(
    "latency",
    6,
    48,
    16,
    "Cycles from the accepted window beat of the causing command to the ring's input, queueing included; saturates.",
);
/// The part of the latency that was queueing, saturating.
pub const WAIT: Field = common(
    "wait",
    7,
    0,
    16,
    "The part of `latency` spent queueing: behind the first half of the slot, \
     behind other commands, a ledger in use or a sweep; saturates.",
);
/// Number of the event in its ring.
pub const SEQUENCE: Field = common("sequence", 7, 16, 32, "Number of the event in its ring, from 0 after RESET.");
/// Toggles on each pass over the ring, starting with 1.
pub const PHASE: Field = common("phase", 7, 63, 1, "1 on the first pass over the ring, then alternating.");
/// The fields of every event.
pub const COMMON: &[Field] = &[CYCLE, LATENCY, WAIT, SEQUENCE, PHASE];

/// Masks words of an event to the part that does not depend on timing (the sequence stays).
pub const FUNCTIONAL: [u64; 8] =
    [u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX, 0, SEQUENCE.mask() << SEQUENCE.lsb];

/// Bits of the `flags` of BBO and DEPTH events.
pub mod flag {
    /// Best bid above best ask.
    pub const CROSSED: u8 = 1 << 0;
    /// Best bid equals best ask.
    pub const LOCKED: u8 = 1 << 1;
    /// No bid in the window.
    pub const BID_EMPTY: u8 = 1 << 2;
    /// No ask in the window.
    pub const ASK_EMPTY: u8 = 1 << 3;
    /// The host is refilling the book.
    pub const REFILLING: u8 = 1 << 4;
    /// DEPTH only: the last event of the command.
    pub const LAST: u8 = 1 << 5;
}

layouts! {
    /// Any event.
    Event, 8;
    /// Every command before the FENCE has taken effect.
    FenceDone = "FENCE_DONE", 0x01 {
        /// The window.
        window: u8 = (0, 8, 8),
        /// The tag of the command.
        tag: u64 = (1, 0, 64),
    }
    /// A command was refused.
    FaultRaised = "FAULT", 0x02 {
        /// One of `Fault`.
        code: u8 = (0, 8, 8),
        /// The window.
        window: u8 = (0, 16, 8),
        /// Sequence faults: expected and received number in the low and high half.
        detail: u32 = (0, 32, 32),
        /// Words of the command.
        word_0: u64 = (1, 0, 64),
        /// Words of the command.
        word_1: u64 = (2, 0, 64),
        /// Words of the command.
        word_2: u64 = (3, 0, 64),
        /// Words of the command.
        word_3: u64 = (4, 0, 64),
    }
    /// Decision about an order.
    Verdict = "VERDICT", 0x10 {
        /// One of `Reason`.
        reason: u8 = (0, 8, 8),
        /// 0 buys, 1 sells.
        side: u8 = (0, 16, 1),
        /// Nothing was reserved.
        check: bool = (0, 17, 1),
        /// The zero lane of the pool failed.
        pool_zero: bool = (0, 18, 1),
        /// The zero lane of the venue ledger failed.
        venue_zero: bool = (0, 19, 1),
        /// A limit failed, and the order passed because it closes a position (accepted orders only).
        closing: bool = (0, 20, 1),
        /// Opcode of the command.
        opcode: u8 = (0, 24, 8),
        /// Epoch of the bank that decided.
        epoch: u32 = (0, 32, 32),
        /// Account.
        account: u16 = (1, 0, 16),
        /// Instrument.
        instrument: u16 = (1, 16, 16),
        /// Order slot.
        slot: u16 = (1, 32, 16),
        /// Generation.
        generation: u16 = (1, 48, 16),
        /// Native lots of the order.
        lots: u64 = (2, 0, 40),
        /// Limit price in ticks.
        price: u32 = (3, 0, 32),
        /// Tag of the command.
        tag: u32 = (3, 32, 32),
        /// Lanes of the pool that failed; 0 unless the reason is a margin reason.
        pool_lanes: u32 = (4, 0, 32),
        /// Lanes of the venue ledger that failed; 0 unless the reason is a margin reason.
        venue_lanes: u32 = (4, 32, 32),
        /// Cookie of the command.
        cookie: u64 = (5, 0, 48),
    }
    /// A FILL took effect.
    Filled = "FILLED", 0x11 {
        /// 0 bought, 1 sold.
        side: u8 = (0, 16, 1),
        /// The slot is free again.
        freed: bool = (0, 17, 1),
        /// The active pool ledger of the account is poisoned.
        poisoned: bool = (0, 18, 1),
        /// The active venue ledger of the cell is poisoned.
        venue_poisoned: bool = (0, 19, 1),
        /// Active epoch.
        epoch: u32 = (0, 32, 32),
        /// Account.
        account: u16 = (1, 0, 16),
        /// Instrument.
        instrument: u16 = (1, 16, 16),
        /// Order slot.
        slot: u16 = (1, 32, 16),
        /// Generation.
        generation: u16 = (1, 48, 16),
        /// Native lots that this command added; 0 for a repetition.
        applied: u64 = (2, 0, 40),
        /// Position after it.
        position: i64 = (3, 0, 40),
        /// Y of the active bank.
        y_active: u64 = (4, 0, 48),
        /// Y of the inactive bank.
        y_inactive: u64 = (5, 0, 48),
    }
    /// A CANCELLED, REPLACED or REFUSED took effect.
    Closed = "CLOSED", 0x12 {
        /// The slot is free again.
        freed: bool = (0, 17, 1),
        /// The active pool ledger of the account is poisoned.
        poisoned: bool = (0, 18, 1),
        /// The active venue ledger of the cell is poisoned.
        venue_poisoned: bool = (0, 19, 1),
        /// Opcode of the command.
        opcode: u8 = (0, 24, 8),
        /// Active epoch.
        epoch: u32 = (0, 32, 32),
        /// Account.
        account: u16 = (1, 0, 16),
        /// Instrument.
        instrument: u16 = (1, 16, 16),
        /// Order slot.
        slot: u16 = (1, 32, 16),
        /// Generation.
        generation: u16 = (1, 48, 16),
        /// Native lots released.
        released: u64 = (2, 0, 40),
        /// Cumulative native lots of the command; of the entry for REFUSED.
        cumulative: u64 = (3, 0, 40),
    }
    /// A POSITION took effect.
    PositionSet = "POSITION_SET", 0x13 {
        /// The active pool ledger of the account is poisoned.
        poisoned: bool = (0, 18, 1),
        /// The active venue ledger of the cell is poisoned.
        venue_poisoned: bool = (0, 19, 1),
        /// Active epoch.
        epoch: u32 = (0, 32, 32),
        /// Account.
        account: u16 = (1, 0, 16),
        /// Instrument.
        instrument: u16 = (1, 16, 16),
        /// New minus old position.
        moved: i64 = (2, 0, 41),
        /// Position after it.
        position: i64 = (3, 0, 40),
        /// Y of the active bank.
        y_active: u64 = (4, 0, 48),
        /// Y of the inactive bank.
        y_inactive: u64 = (5, 0, 48),
    }
    /// Outcome of a COMMIT.
    Bank = "BANK", 0x14 {
        /// One of `BankResult`.
        result: u8 = (0, 8, 8),
        /// The epoch of the command.
        epoch: u32 = (0, 32, 32),
        /// The active epoch after it.
        active: u32 = (1, 0, 32),
        /// As-of time of the command, microseconds.
        as_of_us: u64 = (2, 0, 48),
        /// One bit for each of the first 64 accounts: its pool ledger is poisoned.
        poisoned: u64 = (3, 0, 64),
        /// One bit for each of the first 64 venue ledgers: it is poisoned.
        venue_poisoned: u64 = (4, 0, 64),
    }
    /// Four words of a table.
    ReadData = "READ_DATA", 0x15 {
        /// The table.
        table: u8 = (0, 8, 8),
        /// 0 the active bank, 1 the inactive one.
        inactive: bool = (0, 16, 1),
        /// First index.
        index: u16 = (0, 32, 16),
        /// Second index.
        sub: u16 = (0, 48, 16),
        /// First word.
        word_0: u64 = (1, 0, 64),
        /// Second word.
        word_1: u64 = (2, 0, 64),
        /// Third word.
        word_2: u64 = (3, 0, 64),
        /// Fourth word.
        word_3: u64 = (4, 0, 64),
        /// Tag of the command.
        tag: u64 = (5, 0, 64),
    }
    /// The best bid or offer of a book changed in price, total, venue set or flags.
    Bbo = "BBO", 0x20 {
        /// Bits of `flag`.
        flags: u8 = (0, 8, 8),
        /// Book.
        book: u8 = (0, 16, 8),
        /// Opcode of the causing command.
        opcode: u8 = (0, 24, 8),
        /// BBO events of this book that this one replaced because the ring was full.
        conflated: u32 = (0, 32, 32),
        /// Best bid in ticks; 0 if empty.
        bid_price: u32 = (1, 0, 32),
        /// Venues at the best bid.
        bid_venues: u16 = (1, 32, 16),
        /// Book lots at the best bid over all enabled venues.
        bid_quantity: u64 = (2, 0, 36),
        /// Best ask in ticks; 0 if empty.
        ask_price: u32 = (3, 0, 32),
        /// Venues at the best ask.
        ask_venues: u16 = (3, 32, 16),
        /// Book lots at the best ask over all enabled venues.
        ask_quantity: u64 = (4, 0, 36),
        /// Tag of the causing command.
        tag: u64 = (5, 0, 64),
    }
    /// One level of a DEPTH listing, both sides; a side that has run out has price and quantity 0.
    DepthLevel = "DEPTH_LEVEL", 0x21 {
        /// Bits of `flag`: LAST, BID_EMPTY, ASK_EMPTY.
        flags: u8 = (0, 8, 8),
        /// Book.
        book: u8 = (0, 16, 8),
        /// 0 is the best level.
        level: u8 = (0, 24, 8),
        /// Bid in ticks.
        bid_price: u32 = (1, 0, 32),
        /// Venues at the bid.
        bid_venues: u16 = (1, 32, 16),
        /// Book lots at the bid.
        bid_quantity: u64 = (2, 0, 36),
        /// Ask in ticks.
        ask_price: u32 = (3, 0, 32),
        /// Venues at the ask.
        ask_venues: u16 = (3, 32, 16),
        /// Book lots at the ask.
        ask_quantity: u64 = (4, 0, 36),
        /// Tag of the command.
        tag: u64 = (5, 0, 64),
    }
}
