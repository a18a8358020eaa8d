//! Reason codes of verdicts with their precedence, fault codes, and results of COMMIT.

use crate::field::{hash_byte, hash_str};

macro_rules! codes {
    (
        $(#[$m:meta])* $name:ident, $all:ident;
        $($(#[doc = $doc:literal])* $variant:ident = $code:literal, $text:literal;)+
    ) => {
        $(#[$m])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[doc = $doc])* $variant = $code,)+ }

        impl $name {
            /// Every code with its text, by rising code.
            pub const ALL: &'static [(Self, u8, &'static str, &'static str)] =
                &[$((Self::$variant, $code, $text, concat!($($doc),*)),)+];

            /// The number on the wire.
            pub const fn code(self) -> u8 {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The name used in reports and JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value with this number.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }

        const fn $all(mut hash: u64) -> u64 {
            $(hash = hash_byte(hash_str(hash, $text), $code);)+
            hash
        }
    };
}

codes! {
    /// Why an order was decided as it was. Of several reasons that hold the lowest number is reported.
    Reason, hash_reasons;
    /// The order may leave; its lots are reserved.
    Accepted = 0, "accepted";
    /// The card is not armed, or no bank was ever committed.
    NotReady = 1, "not-ready";
    /// The decision ring had no free entry.
    RingFull = 2, "ring-full";
    /// The egress port had no room.
    EgressFull = 3, "egress-full";
    /// An index is out of range, the price or the lots are zero, the instrument has no row, or a flag is not
    /// supported by this build.
    Malformed = 4, "malformed";
    /// The card is halted.
    HaltedGlobal = 5, "halted-global";
    /// The account is halted.
    HaltedAccount = 6, "halted-account";
    /// The instrument is halted.
    HaltedInstrument = 7, "halted-instrument";
    /// The slot holds an open order, or the generation is not the next one of the slot.
    Slot = 8, "slot";
    /// Fewer lots than the minimum or more than the maximum of the instrument.
    LotsRange = 9, "lots-range";
    /// Price times lots exceeds the limit of the instrument.
    Notional = 10, "notional";
    /// The price is through the bank mark (or the venue's touch) by more than the band, or the consolidated book is
    /// crossed too far.
    Collar = 11, "collar";
    /// If every open order of a side filled, the position would exceed the cap of the instrument.
    PositionCap = 12, "position-cap";
    /// The account has too many open orders.
    OpenOrders = 13, "open-orders";
    /// The account sends too many messages.
    MessageRate = 14, "message-rate";
    /// A row that the order needs is not of the active epoch; or the bank, the collateral or the venue's heartbeat is
    /// older than allowed.
    Stale = 15, "stale";
    /// An underlying has left its validity box.
    Box = 16, "box";
    /// A quantity leaves its fixed-point width, or the ledger is poisoned until the next COMMIT.
    Overflow = 17, "overflow";
    /// The pool ledger would fall below zero in a lane or in its zero lane.
    PoolMargin = 18, "pool-margin";
    /// The venue ledger would fall below zero in a lane or in its zero lane.
    VenueMargin = 19, "venue-margin";
}

codes! {
    /// What a fault event reports. A faulty command changes nothing unless its description says so.
    Fault, hash_faults;
    /// Unknown opcode, an opcode of another window, or one that this build does not implement.
    UnknownCommand = 1, "unknown-command";
    /// An index is out of range or a field has a value that is not allowed.
    BadField = 2, "bad-field";
    /// The window expected another sequence number; the window is halted until RESET.
    Sequence = 3, "sequence";
    /// A window slot was overwritten before it was consumed; the card is halted until RESET.
    Overrun = 4, "overrun";
    /// FILL or CANCELLED that the order table cannot place; the account is halted.
    UnplacedFill = 5, "unplaced-fill";
    /// FILL beyond the order's lots; the account is halted, nothing is applied.
    OverFill = 6, "over-fill";
    /// A bank row whose epoch does not exceed the active one.
    OldEpoch = 7, "old-epoch";
    /// A BANK_MARK row after MARKS of its epoch, or another row without MARKS of its epoch.
    RowOrder = 8, "row-order";
    /// Live COLLATERAL for an epoch that is not active, or whose included Y exceeds Y.
    CollateralRefused = 9, "collateral-refused";
    /// A COLLATERAL left the fixed-point widths; the ledger is poisoned until the next COMMIT.
    Poisoned = 10, "poisoned";
    /// Card time reached WATCHDOG: everything is halted and every order is asked to be cancelled.
    Watchdog = 11, "watchdog";
}

codes! {
    /// Outcome of COMMIT.
    BankResult, hash_results;
    /// The bank is active.
    Flipped = 0, "flipped";
    /// The epoch does not exceed the active one.
    EpochNotRising = 1, "epoch-not-rising";
    /// MARKS was not given for this epoch.
    NoMarks = 2, "no-marks";
    /// A row has `loss_long + loss_short < 0`.
    LossNegative = 3, "loss-negative";
    /// A row has `mark_buy > mark_sell`.
    MarksCrossed = 4, "marks-crossed";
    /// An instrument or ledger with a position or an open order lacks a row of this epoch.
    OldRow = 5, "old-row";
    /// The number of the rows or the CRC over them differs.
    BadCrc = 6, "bad-crc";
}

/// Hash of every code and name.
pub const fn hash(hash: u64) -> u64 {
    hash_results(hash_faults(hash_reasons(hash)))
}
