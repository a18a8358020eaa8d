//! Tables that READ returns.

/// A table of the card, as named by the READ command; `index`, `sub` and the four data words are given per table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Table {
    /// index account, sub instrument: position (signed), open bid lots, open ask lots, 0.
    Cell = 0,
    /// index slot: busy bit 0, side bit 1, account from bit 16, instrument from 32, generation from 48; order lots;
    /// cumulative lots; price.
    Slot = 1,
    /// index account, sub lane, bank: slack (signed), 0, 0, poisoned bit 0. A poisoned ledger reads 0 slack.
    Lane = 2,
    /// index account, bank: headroom (signed, 0 when poisoned), Y, 0, poisoned bit 0 and halted bit 1.
    Account = 3,
    /// index instrument: words 0 to 3 of its INSTRUMENT row without the opcode and sequence.
    Instrument = 4,
    /// index instrument, bank: words 0 to 2 of its BANK_MARK row without opcode and epoch, 0.
    Mark = 5,
    /// index instrument, sub lane, bank: loss_long (signed), loss_short (signed), 0, 0.
    Loss = 6,
    /// index venue: microseconds of its last HEARTBEAT, 0, 0, 0.
    Venue = 7,
    /// index venue ledger, sub lane, bank: slack (signed), 0, 0, poisoned bit 0. A poisoned ledger reads 0 slack.
    VenueLane = 8,
    /// index venue ledger, bank: headroom (signed, 0 when poisoned), Y, 0, poisoned bit 0.
    VenueAccount = 9,
    /// index account, sub venue: its VENUE_LEDGER row: bit 0 present, ledger from bit 16, lane mask from bit 32; 0; 0;
    /// 0.
    VenueLedger = 10,
    /// index account, sub instrument, bank: p0 (signed, 0 without a row), 0, 0, row present bit 0.
    Base = 11,
    /// index slot: pending bit 0, anew bit 1; lots before the REPLACE; lots asked for; price before, and the one asked
    /// for from bit 32.
    Pending = 12,
    /// index account: open orders; theoretical arrival time in microseconds; 0; 0.
    Rate = 13,
    /// index instrument: words 0 to 2 of its INSTRUMENT_LIMITS row without opcode and sequence, 0.
    Limits = 14,
    /// index book, sub venue: bid, ask of the venue in book ticks, 0 where empty or not enabled; refilling bit 0; 0.
    Touch = 15,
    /// index book, bank: low, high, 0, row present bit 0.
    Box = 16,
}

impl Table {
    /// Every table with its name and what `index`, `sub` and the words are.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Cell, "CELL"),
        (Self::Slot, "SLOT"),
        (Self::Lane, "LANE"),
        (Self::Account, "ACCOUNT"),
        (Self::Instrument, "INSTRUMENT"),
        (Self::Mark, "MARK"),
        (Self::Loss, "LOSS"),
        (Self::Venue, "VENUE"),
        (Self::VenueLane, "VENUE_LANE"),
        (Self::VenueAccount, "VENUE_ACCOUNT"),
        (Self::VenueLedger, "VENUE_LEDGER"),
        (Self::Base, "BASE"),
        (Self::Pending, "PENDING"),
        (Self::Rate, "RATE"),
        (Self::Limits, "LIMITS"),
        (Self::Touch, "TOUCH"),
        (Self::Box, "BOX"),
    ];

    /// The table with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().map(|(table, _)| *table).find(|table| *table as u8 == code)
    }
}
