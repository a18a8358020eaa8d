//! Commands: 32 bytes, two to a 64-byte slot of a [`crate::window`].
//!
//! Words are little-endian `u64`s. The low byte of word 0 is the opcode. Bits 63..48 of word 3 are not the command's:
//! in the second half of a slot they carry the slot's sequence number, in the first half they must be zero.

use crate::field::{encode_field, layouts, Field, FieldError, FieldValue, Layout};

/// Scope of HALT and MASS_CANCEL.
pub mod scope {
    /// Everything.
    pub const GLOBAL: u8 = 0;
    /// One account.
    pub const ACCOUNT: u8 = 1;
    /// One instrument.
    pub const INSTRUMENT: u8 = 2;
    /// One venue.
    pub const VENUE: u8 = 3;
}

layouts! {
    /// Any command.
    Command, 4;
    /// Does nothing.
    Nop = "NOP", 0x00 {}
    /// Answered by a FENCE event when every earlier command of the window has taken effect and its events are in
    /// their ring.
    Fence = "FENCE", 0x01 {
        /// Returned in the event.
        tag: u64 = (1, 0, 64),
    }
    /// A new order: checked, reserved if accepted, answered by a VERDICT.
    Order = "ORDER", 0x10 {
        /// 0 buys, 1 sells.
        side: u8 = (0, 8, 1),
        /// Check only, reserve nothing.
        check: bool = (0, 9, 1),
        /// Time in force: 0 rests, 1 immediate-or-cancel, 2 fill-or-kill.
        tif: u8 = (0, 10, 2),
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Native lots, positive.
        lots: u64 = (1, 0, 40),
        /// The slot's last generation plus one, modulo 2^16.
        generation: u16 = (1, 40, 16),
        /// Limit price in ticks, positive.
        price: u32 = (2, 0, 32),
        /// Returned in the verdict.
        tag: u32 = (2, 32, 32),
        /// Returned in the verdict.
        cookie: u64 = (3, 0, 48),
    }
    /// Changes lots and price of an open order.
    Replace = "REPLACE", 0x11 {
        /// 0: the venue replaces the total quantity; 1: it cancels and enters anew.
        anew: bool = (0, 8, 1),
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// New total native lots.
        lots: u64 = (1, 0, 40),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
        /// New limit price in ticks.
        price: u32 = (2, 0, 32),
        /// Returned in the verdict.
        tag: u32 = (2, 32, 32),
        /// Returned in the verdict.
        cookie: u64 = (3, 0, 48),
    }
    /// Asks the venue to cancel an open order; passes armed or not, halted or not, with a full ring, not with a full egress.
    Cancel = "CANCEL", 0x12 {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
        /// Returned in the verdict.
        tag: u32 = (2, 32, 32),
        /// Returned in the verdict.
        cookie: u64 = (3, 0, 48),
    }
    /// Asks the venues to cancel every open order in a scope; refused only if it is malformed.
    MassCancel = "MASS_CANCEL", 0x13 {
        /// One of `scope`.
        scope: u8 = (0, 8, 8),
        /// Account, instrument or venue; ignored with scope 0.
        index: u16 = (0, 16, 16),
        /// Returned in the verdict.
        tag: u32 = (2, 32, 32),
        /// Returned in the verdict.
        cookie: u64 = (3, 0, 48),
    }
    /// The venue filled part of an order; idempotent, only the increase of the cumulative lots applies.
    Fill = "FILL", 0x18 {
        /// 0 bought, 1 sold.
        side: u8 = (0, 8, 1),
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Native lots filled since the order was sent.
        cumulative: u64 = (1, 0, 40),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
        /// Price of the new lots in ticks.
        price: u32 = (2, 0, 32),
    }
    /// The venue closed an order; no fill beyond `cumulative` will come.
    Cancelled = "CANCELLED", 0x19 {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Native lots filled in the whole life of the order.
        cumulative: u64 = (1, 0, 40),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
    }
    /// The venue carried out a REPLACE.
    Replaced = "REPLACED", 0x1a {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Native lots filled in the life of the order when it was replaced; counts where the venue entered anew.
        cumulative: u64 = (1, 0, 40),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
    }
    /// The venue refused a REPLACE.
    Refused = "REFUSED", 0x1b {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Order slot.
        slot: u16 = (0, 48, 16),
        /// Generation of the order.
        generation: u16 = (1, 40, 16),
    }
    /// Sets a position outside of orders (start of day, transfer, bust); the difference is reserved at `price` like a
    /// fill.
    Position = "POSITION", 0x1c {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// New position in native lots.
        lots: i64 = (1, 0, 40),
        /// Price of the difference in ticks.
        price: u32 = (2, 0, 32),
    }
    /// Sets the absolute quantity of one price level.
    Level = "LEVEL", 0x20 {
        /// 0 bid, 1 ask.
        side: u8 = (0, 8, 1),
        /// Venue of the book.
        venue: u8 = (0, 16, 8),
        /// Book.
        book: u8 = (0, 24, 8),
        /// Price in book ticks.
        price: u32 = (0, 32, 32),
        /// Book lots; 0 deletes.
        quantity: u64 = (1, 0, 40),
        /// Returned in the BBO event that this update causes.
        tag: u64 = (2, 0, 64),
    }
    /// Empties a venue of a book and masks it until BOOK_STATE enables it.
    VenueReset = "VENUE_RESET", 0x21 {
        /// Venue of the book.
        venue: u8 = (0, 16, 8),
        /// Book.
        book: u8 = (0, 24, 8),
        /// Returned in the BBO event.
        tag: u64 = (2, 0, 64),
    }
    /// Moves the window of a book; only vacated ticks are cleared.
    Slide = "SLIDE", 0x22 {
        /// The book is being refilled from now on.
        refilling: bool = (0, 8, 1),
        /// Book.
        book: u8 = (0, 24, 8),
        /// New lowest tick, a multiple of 128.
        base: u32 = (0, 32, 32),
        /// Returned in the BBO event.
        tag: u64 = (2, 0, 64),
    }
    /// Sets which venues of a book count, and whether it is being refilled.
    BookState = "BOOK_STATE", 0x23 {
        /// The book is being refilled.
        refilling: bool = (0, 8, 1),
        /// Book.
        book: u8 = (0, 24, 8),
        /// One bit a venue: 1 counts.
        enabled: u16 = (1, 0, 16),
        /// Returned in the BBO event.
        tag: u64 = (2, 0, 64),
    }
    /// Lists the best levels of a book as DEPTH events.
    Depth = "DEPTH", 0x24 {
        /// Book.
        book: u8 = (0, 24, 8),
        /// Levels a side, 1 to 255.
        count: u8 = (1, 0, 8),
        /// Returned in the events.
        tag: u64 = (2, 0, 64),
    }
    /// The venue's connection is alive.
    Heartbeat = "HEARTBEAT", 0x25 {
        /// Venue.
        venue: u8 = (0, 16, 8),
        /// Card time in microseconds.
        time_us: u64 = (1, 0, 48),
    }
    /// Static row of an instrument.
    Instrument = "INSTRUMENT", 0x30 {
        /// Venue.
        venue: u8 = (0, 8, 8),
        /// Book.
        book: u8 = (0, 16, 8),
        /// Gate lot = 2^shift native lots.
        shift: u8 = (0, 24, 5),
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Least native lots of an order.
        lots_min: u64 = (1, 0, 40),
        /// Ticks a limit price may be through the mark.
        collar: u32 = (1, 40, 24),
        /// Most native lots of an order.
        lots_max: u64 = (2, 0, 40),
        /// Ticks the consolidated book may be crossed.
        crossed_max: u32 = (2, 40, 24),
        /// Most native lots of the position with every open order of one side filled.
        position_cap: u64 = (3, 0, 40),
    }
    /// More limits of an instrument.
    InstrumentLimits = "INSTRUMENT_LIMITS", 0x31 {
        /// Instrument.
        instrument: u16 = (0, 32, 16),
        /// Greatest native lots times ticks of an order.
        notional_max: u64 = (1, 0, 64),
        /// Native ticks of one book tick; 0: the collar does not look at the book.
        touch_ticks: u16 = (2, 0, 16),
    }
    /// Static row of an account.
    Account = "ACCOUNT", 0x32 {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Lanes that the pool ledger checks.
        lane_mask: u32 = (1, 0, 32),
        /// Most open orders.
        open_orders_max: u16 = (1, 32, 16),
        /// Microseconds a message costs.
        message_cost_us: u32 = (2, 0, 32),
        /// Microseconds of credit.
        message_burst_us: u32 = (2, 32, 32),
    }
    /// Static row of an account at a venue: its venue ledger.
    VenueLedger = "VENUE_LEDGER", 0x33 {
        /// Venue.
        venue: u8 = (0, 8, 8),
        /// Account.
        account: u16 = (0, 16, 16),
        /// Ledger; accounts that share collateral share it.
        ledger: u16 = (1, 0, 16),
        /// Lanes that this ledger checks.
        lane_mask: u32 = (2, 0, 32),
    }
    /// Greatest ages in microseconds; 0 switches the check off.
    Ages = "AGES", 0x34 {
        /// Bank, from the as-of time of COMMIT.
        bank_us: u64 = (1, 0, 48),
        /// Collateral, from its as-of time.
        collateral_us: u64 = (2, 0, 48),
        /// Heartbeat of a venue.
        heartbeat_us: u64 = (3, 0, 48),
    }
    /// Freezes the marks of the inactive bank and sets its Y to zero.
    Marks = "MARKS", 0x40 {
        /// Epoch that is being prepared.
        epoch: u32 = (0, 32, 32),
    }
    /// Bank row: marks and tick values of an instrument.
    BankMark = "BANK_MARK", 0x41 {
        /// Index of the exponent: 0, 4, 8 or 12.
        exponent: u8 = (0, 8, 2),
        /// Instrument.
        instrument: u16 = (0, 16, 16),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// The least a bought lot adds, in ticks.
        mark_buy: u32 = (1, 0, 32),
        /// The most a sold lot takes, in ticks.
        mark_sell: u32 = (1, 32, 32),
        /// Value of a tick per gate lot for buys, in `2^exponent / 2^8` money units.
        tick_buy: u32 = (2, 0, 17),
        /// The same for sells.
        tick_sell: u32 = (2, 32, 17),
    }
    /// Bank row: losses of an instrument in two lanes.
    BankLoss = "BANK_LOSS", 0x42 {
        /// First of the two lanes, even.
        lane: u8 = (0, 8, 8),
        /// Instrument.
        instrument: u16 = (0, 16, 16),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// Loss of one gate lot long in the first lane, mantissa.
        long_0: i32 = (1, 0, 18),
        /// Loss of one gate lot short in the first lane, mantissa.
        short_0: i32 = (1, 32, 18),
        /// Loss of one gate lot long in the second lane, mantissa.
        long_1: i32 = (2, 0, 18),
        /// Loss of one gate lot short in the second lane, mantissa.
        short_1: i32 = (2, 32, 18),
    }
    /// Bank row: offset of one lane of a ledger.
    BankOffset = "BANK_OFFSET", 0x43 {
        /// Lane.
        lane: u8 = (0, 8, 8),
        /// Account of the pool ledger, or venue ledger.
        ledger: u16 = (0, 16, 16),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// MONEY lane: B, where the total of the lane starts, money. UNIT lane: B - L, in units.
        offset: i64 = (1, 0, 48),
        /// 0 pool, 1 venue.
        venue: bool = (1, 48, 1),
    }
    /// Bank row: collateral of a ledger at the marks of the bank.
    BankCollateral = "BANK_COLLATERAL", 0x44 {
        /// 0 pool, 1 venue.
        venue: bool = (0, 8, 1),
        /// Account of the pool ledger, or venue ledger.
        ledger: u16 = (0, 16, 16),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// C: collateral, money.
        collateral: i64 = (1, 0, 48),
        /// R: reserve that the host holds back, money.
        reserve: u64 = (2, 0, 47),
        /// The part of Y of this bank that C already contains, money.
        y_included: u64 = (3, 0, 47),
    }
    /// Bank row: which lanes are REL and which are UNIT.
    BankLanes = "BANK_LANES", 0x49 {
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// One bit a lane: 1 counts positions from the snapshot (REL), 0 from zero (ABS).
        relative: u32 = (1, 0, 32),
        /// One bit a lane: 1 has the constant limit L of its offset rows (UNIT), 0 the collateral (MONEY).
        unit: u32 = (1, 32, 32),
    }
    /// Bank row: position of a cell in the snapshot from which the REL lanes count.
    BankBase = "BANK_BASE", 0x4a {
        /// Account.
        account: u16 = (0, 16, 16),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// p0: native lots.
        base: i64 = (1, 0, 40),
        /// Instrument.
        instrument: u16 = (1, 48, 16),
    }
    /// Bank row: where the touch of a book must lie for the lanes to hold.
    BankBox = "BANK_BOX", 0x4b {
        /// Book.
        book: u8 = (0, 8, 8),
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// Lowest price in book ticks.
        low: u32 = (1, 0, 32),
        /// Highest price in book ticks.
        high: u32 = (1, 32, 32),
    }
    /// Live publish of collateral for the active epoch.
    Collateral = "COLLATERAL", 0x45 {
        /// 0 pool, 1 venue.
        venue: bool = (0, 8, 1),
        /// Account of the pool ledger, or venue ledger.
        ledger: u16 = (0, 16, 16),
        /// Epoch; must be the active one.
        epoch: u32 = (0, 32, 32),
        /// C: collateral, money.
        collateral: i64 = (1, 0, 48),
        /// Age of the data when sent, milliseconds.
        age_ms: u16 = (1, 48, 16),
        /// R: reserve that the host holds back, money.
        reserve: u64 = (2, 0, 47),
        /// The part of the active Y that C already contains, money.
        y_included: u64 = (3, 0, 47),
    }
    /// Checks the inactive bank, sweeps cells and order slots, and makes it active; answered by a BANK event.
    Commit = "COMMIT", 0x46 {
        /// Epoch.
        epoch: u32 = (0, 32, 32),
        /// CRC-32 (IEEE) over words 0 to 3 of every stored bank row since the last COMMIT, sequence bits zero,
        /// little-endian.
        crc: u32 = (1, 0, 32),
        /// Number of those rows.
        rows: u32 = (1, 32, 32),
        /// Card time of the newest data inside, microseconds.
        as_of_us: u64 = (2, 0, 48),
        /// Card time after which the bank must not be used, microseconds; 0: none.
        deadline_us: u64 = (3, 0, 48),
    }
    /// Halts or releases orders in a scope.
    Halt = "HALT", 0x47 {
        /// One of `scope`, not VENUE.
        scope: u8 = (0, 8, 8),
        /// Account or instrument.
        index: u16 = (0, 16, 16),
        /// 1 halts, 0 releases.
        halted: bool = (1, 0, 1),
    }
    /// Returns four words of a table as a READ_DATA event.
    Read = "READ", 0x48 {
        /// One of `table`.
        table: u8 = (0, 8, 8),
        /// First index.
        index: u16 = (0, 16, 16),
        /// Second index.
        sub: u16 = (0, 32, 16),
        /// 0 the active bank, 1 the inactive one.
        inactive: bool = (0, 48, 1),
        /// Returned in the event.
        tag: u64 = (1, 0, 64),
    }
}
