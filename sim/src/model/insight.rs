//! What the model knows about a command beyond its events: for coverage and for generators, not for hosts.

use super::gate::{Entry, Gate};
use super::Model;
use crossgate_contract::{Command, Reason};

/// The case of a reason that has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Through the mark of the bank.
    ThroughMark,
    /// The venue is not enabled in the book.
    VenueMasked,
    /// The book is being refilled.
    BookRefilling,
    /// The venue has no ask.
    NoAsk,
    /// The venue has no bid.
    NoBid,
    /// Through the venue's touch.
    ThroughTouch,
    /// The consolidated book is crossed too far.
    BookCrossed,
    /// Rows are not complete.
    RowsMissing,
    /// The bank is past its deadline.
    Deadline,
    /// The bank is too old.
    BankAge,
    /// The collateral of the pool is too old.
    PoolCollateralAge,
    /// The collateral of the venue ledger is too old.
    VenueCollateralAge,
    /// The venue's heartbeat is too old.
    HeartbeatAge,
}

impl Why {
    /// Every case.
    pub const ALL: [Self; 13] = [
        Self::ThroughMark,
        Self::VenueMasked,
        Self::BookRefilling,
        Self::NoAsk,
        Self::NoBid,
        Self::ThroughTouch,
        Self::BookCrossed,
        Self::RowsMissing,
        Self::Deadline,
        Self::BankAge,
        Self::PoolCollateralAge,
        Self::VenueCollateralAge,
        Self::HeartbeatAge,
    ];

    /// The reason that it is a case of.
    pub const fn reason(self) -> Reason {
        match self {
            Self::ThroughMark
            | Self::VenueMasked
            | Self::BookRefilling
            | Self::NoAsk
            | Self::NoBid
            | Self::ThroughTouch
            | Self::BookCrossed => Reason::Collar,
            Self::RowsMissing
            | Self::Deadline
            | Self::BankAge
            | Self::PoolCollateralAge
            | Self::VenueCollateralAge
            | Self::HeartbeatAge => Reason::Stale,
        }
    }
}

/// The limits of a ledger that an order breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) lanes: u32,
    pub(super) zero: bool,
}

impl Failed {
    pub(super) const NONE: Self = Self { lanes: 0, zero: false };
}

/// How an order stands in one ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Within the limits.
    Within,
    /// Beyond them, and passed by the closing rule.
    Closing,
    /// Closes a position, and the closing rule refuses it.
    Refused,
    /// Beyond the limits, and closes nothing.
    Beyond,
}

/// How an order stands in one ledger, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What follows for the order.
    pub outcome: Outcome,
    /// A REL lane is below zero.
    pub relative: bool,
    /// An ABS lane that releases less than the rate is below zero.
    pub releases_less: bool,
    /// An ABS lane that releases the rate or more is below zero.
    pub releases_enough: bool,
    pub(super) failed: Failed,
}

impl Standing {
    pub(super) const fn passes(&self) -> bool {
        matches!(self.outcome, Outcome::Within | Outcome::Closing)
    }

    /// What a verdict reports.
    pub(super) const fn reported(&self) -> Failed {
        if self.passes() {
            Failed::NONE
        } else {
            self.failed
        }
    }
}

/// How the last ORDER or REPLACE was decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insight {
    /// How it stood in the pool and in the venue ledger, if it came to that.
    pub standings: Option<[Standing; 2]>,
    /// The case of its reason.
    pub why: Option<Why>,
}

/// An order slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderSlot {
    /// The order is open.
    pub busy: bool,
    /// 0 buys, 1 sells.
    pub side: u8,
    /// Account.
    pub account: u16,
    /// Instrument.
    pub instrument: u16,
    /// Generation of the order, 0 if there never was one.
    pub generation: u16,
    /// Native lots.
    pub lots: u64,
    /// Those that were filled.
    pub cumulative: u64,
    /// Limit price in ticks.
    pub price: u32,
    /// A REPLACE that is pending.
    pub replace: Option<PendingReplace>,
}

/// A REPLACE that the venue has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingReplace {
    /// Lots of the order before it.
    pub lots_before: u64,
    /// Lots asked for.
    pub lots_asked: u64,
}

/// What holds the rows of the next bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextBank {
    /// Nothing was gathered.
    Empty,
    /// Marks are gathered.
    Gathering,
    /// MARKS was given.
    Frozen,
}

/// What a command finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// The slot that it names, if it names one of the build.
    pub slot: Option<OrderSlot>,
    /// It names the order of that slot, by generation, account and instrument.
    pub named: bool,
    /// Pool and venue ledger of the cell that it names are poisoned.
    pub poisoned: [bool; 2],
    /// The next bank.
    pub next_bank: NextBank,
    /// Theoretical arrival time of the account's next message.
    pub arrival_us: u64,
    /// The card time.
    pub time_us: u64,
    /// A book is out of its box.
    pub out_of_box: bool,
}

fn unsigned(value: i128) -> u64 {
    u64::try_from(value).expect("lots and prices are not negative")
}

impl OrderSlot {
    fn of(entry: &Entry) -> Self {
        Self {
            busy: entry.busy,
            side: entry.side,
            account: entry.account,
            instrument: entry.instrument,
            generation: entry.generation,
            lots: unsigned(entry.lots),
            cumulative: unsigned(entry.cumulative),
            price: u32::try_from(entry.price).expect("32 bits"),
            replace: entry.pending.map(|pending| PendingReplace {
                lots_before: unsigned(pending.lots_before),
                lots_asked: unsigned(pending.lots_asked),
            }),
        }
    }
}

/// What a command names.
struct Names {
    account: u16,
    instrument: u16,
    /// Slot and generation.
    order: Option<(u16, u16)>,
}

/// What a command names that works on a cell.
fn names(command: &Command) -> Option<Names> {
    let order =
        |account, instrument, slot, generation| Some(Names { account, instrument, order: Some((slot, generation)) });
    match command {
        Command::Order(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Replace(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Cancel(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Fill(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Cancelled(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Replaced(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Refused(of) => order(of.account, of.instrument, of.slot, of.generation),
        Command::Position(of) => Some(Names { account: of.account, instrument: of.instrument, order: None }),
        _ => None,
    }
}

impl Gate {
    fn next_bank(&self) -> NextBank {
        match (self.gathered.frozen, self.gathered.epoch) {
            (true, _) => NextBank::Frozen,
            (false, Some(_)) => NextBank::Gathering,
            (false, None) => NextBank::Empty,
        }
    }
}

impl Model {
    /// How the last ORDER or REPLACE was decided.
    pub fn insight(&self) -> Insight {
        self.insight
    }

    /// A slot of the build.
    pub fn order_slot(&self, slot: u16) -> Option<OrderSlot> {
        self.gate.slots.get(usize::from(slot)).map(OrderSlot::of)
    }

    /// What a command will find.
    pub fn situation(&self, words: &[u64; 4]) -> Option<Situation> {
        let Names { account, instrument, order } = names(&Command::decode(words).ok()?)?;
        let slot = order.and_then(|(slot, _)| self.order_slot(slot));
        let named = slot.zip(order).is_some_and(|(slot, (_, generation))| {
            (slot.generation, slot.account, slot.instrument) == (generation, account, instrument)
        });
        let (pool, venue) = self.gate.poison_flags(account, instrument);
        Some(Situation {
            slot,
            named,
            poisoned: [pool, venue],
            next_bank: self.gate.next_bank(),
            arrival_us: self.gate.arrival_us(account),
            time_us: self.time_us,
            out_of_box: self.is_out_of_box(),
        })
    }
}
