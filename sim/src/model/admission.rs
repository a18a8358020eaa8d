//! What GATE of the model asks of an order or a REPLACE before anything is valued.
//!
//! Each test is a function that gives its reason or nothing; the order of the calls is that of the reasons. Not here:
//! slots and ledgers.

use super::gate::Gate;
use super::insight::Why;
use super::ledger::{Ledger, BUY};
use super::Model;
use crossgate_contract::command::{Account, BankBox, Instrument, InstrumentLimits, VenueLedger};
use crossgate_contract::Reason;

/// First time that 48 bits do not hold.
const TIME_LIMIT: u64 = 1 << 48;

/// What an ORDER or a REPLACE wants, as both are checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) account: u16,
    pub(super) instrument: u16,
    pub(super) side: u8,
    pub(super) lots: u64,
    pub(super) price: u32,
}

/// The static rows behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    instrument: Instrument,
    limits: InstrumentLimits,
    account: Account,
    venue: VenueLedger,
}

impl Rows {
    /// Pool and venue ledger with their masks.
    pub(super) fn ledgers(&self) -> [(Ledger, u32); 2] {
        [
            (Ledger::Pool(self.account.account), self.account.lane_mask),
            (Ledger::Venue(self.venue.ledger), self.venue.lane_mask),
        ]
    }
}

/// A reason, and which of its cases where it has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: Reason,
    pub(super) why: Option<Why>,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, why: None }
    }
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Self {
        Self { reason: why.reason(), why: Some(why) }
    }
}

/// Refuses if something holds.
pub(super) fn reject(holds: bool, refusal: impl Into<Refusal>) -> Result<(), Refusal> {
    if holds {
        Err(refusal.into())
    } else {
        Ok(())
    }
}

impl Gate {
    /// How many orders of an account are open.
    pub(super) fn open_orders(&self, account: u16) -> u32 {
        let open = self.slots.iter().filter(|entry| entry.busy && entry.account == account);
        u32::try_from(open.count()).expect("few slots")
    }

    /// `tat`.
    pub(super) fn arrival_us(&self, account: u16) -> u64 {
        self.arrivals_us.get(&account).copied().unwrap_or(0)
    }

    /// A message of the account leaves.
    pub(super) fn charge_message(&mut self, account: u16, now_us: u64) {
        let cost = self.accounts.get(&account).map_or(0, |row| u64::from(row.message_cost_us));
        let arrival = self.arrival_us(account).max(now_us) + cost;
        self.arrivals_us.insert(account, arrival.min(TIME_LIMIT - 1));
    }
}

impl Model {
    pub(super) fn check_card(&self) -> Result<(), Refusal> {
        reject(!self.armed || self.gate.epoch == 0, Reason::NotReady)?;
        reject(self.ring_full, Reason::RingFull)?;
        reject(self.is_egress_full(), Reason::EgressFull)
    }

    /// The rows of what is wanted; its indices are of the build.
    pub(super) fn rows(&self, wanted: &Wanted) -> Result<Rows, Refusal> {
        let gate = &self.gate;
        let instrument = *gate.instruments.get(&wanted.instrument).ok_or(Reason::Malformed)?;
        let limits = *gate.limits.get(&wanted.instrument).ok_or(Reason::Malformed)?;
        let account = *gate.accounts.get(&wanted.account).ok_or(Reason::Malformed)?;
        let venue = *gate.venue_ledgers.get(&(wanted.account, instrument.venue)).ok_or(Reason::Malformed)?;
        reject(wanted.price == 0 || wanted.lots == 0, Reason::Malformed)?;
        Ok(Rows { instrument, limits, account, venue })
    }

    pub(super) fn check_halts(&self, wanted: &Wanted) -> Result<(), Refusal> {
        reject(self.gate.halted_global, Reason::HaltedGlobal)?;
        reject(self.gate.halted_accounts.contains(&wanted.account), Reason::HaltedAccount)?;
        reject(self.gate.halted_instruments.contains(&wanted.instrument), Reason::HaltedInstrument)
    }

    pub(super) fn check_lots(&self, wanted: &Wanted, rows: &Rows) -> Result<(), Refusal> {
        let allowed = rows.instrument.lots_min..=rows.instrument.lots_max;
        reject(!allowed.contains(&wanted.lots), Reason::LotsRange)
    }

    /// Notional and collar.
    pub(super) fn check_price(&self, wanted: &Wanted, rows: &Rows) -> Result<(), Refusal> {
        let notional = u128::from(wanted.lots) * u128::from(wanted.price);
        reject(notional > u128::from(rows.limits.notional_max), Reason::Notional)?;
        let mark = self.gate.bank().mark(wanted.instrument);
        let (price, collar) = (u64::from(wanted.price), u64::from(rows.instrument.collar));
        let through = if wanted.side == BUY {
            price > u64::from(mark.mark_sell) + collar
        } else {
            price + collar < u64::from(mark.mark_buy)
        };
        reject(through, Why::ThroughMark)?;
        self.check_touch(wanted, rows)
    }

    fn check_touch(&self, wanted: &Wanted, rows: &Rows) -> Result<(), Refusal> {
        let ticks = u64::from(rows.limits.touch_ticks);
        if ticks == 0 || self.is_without_books {
            return Ok(());
        }
        let book = &self.books[usize::from(rows.instrument.book)];
        let [bid, ask] = book.own(rows.instrument.venue).ok_or(Why::VenueMasked)?;
        reject(book.is_refilling(), Why::BookRefilling)?;
        let (price, collar) = (u64::from(wanted.price), u64::from(rows.instrument.collar));
        let through = if wanted.side == BUY {
            price > u64::from(ask.ok_or(Why::NoAsk)?) * ticks + collar
        } else {
            price + collar < u64::from(bid.ok_or(Why::NoBid)?) * ticks
        };
        reject(through, Why::ThroughTouch)?;
        let [best_bid, best_ask] = book.best();
        let crossed_max = u64::from(rows.instrument.crossed_max);
        let too_far = |(bid, ask): (u32, u32)| u64::from(bid) > u64::from(ask) + crossed_max;
        reject(best_bid.zip(best_ask).is_some_and(too_far), Why::BookCrossed)
    }

    /// `added` lots move the end point of the side.
    pub(super) fn check_cap(&self, wanted: &Wanted, rows: &Rows, added: i128) -> Result<(), Refusal> {
        let cell = self.gate.cell(wanted.account, wanted.instrument);
        let reached = if wanted.side == BUY { cell.bid_end() + added } else { -(cell.ask_end() - added) };
        reject(reached > i128::from(rows.instrument.position_cap), Reason::PositionCap)
    }

    pub(super) fn check_open_orders(&self, rows: &Rows) -> Result<(), Refusal> {
        let open = self.gate.open_orders(rows.account.account);
        reject(open >= u32::from(rows.account.open_orders_max), Reason::OpenOrders)
    }

    pub(super) fn check_message_rate(&self, rows: &Rows) -> Result<(), Refusal> {
        let (cost, burst) = (u64::from(rows.account.message_cost_us), u64::from(rows.account.message_burst_us));
        let arrival = self.gate.arrival_us(rows.account.account).max(self.time_us);
        reject(cost > 0 && arrival + cost > self.time_us + burst, Reason::MessageRate)
    }

    pub(super) fn check_stale(&self, rows: &Rows) -> Result<(), Refusal> {
        let (gate, bank) = (&self.gate, self.gate.bank());
        let ledgers = rows.ledgers().map(|(ledger, _)| ledger);
        let complete = gate.is_instrument_complete(bank, rows.instrument.instrument)
            && ledgers.iter().all(|ledger| gate.is_ledger_complete(bank, *ledger));
        reject(!complete, Why::RowsMissing)?;
        reject(bank.deadline_us != 0 && self.time_us > bank.deadline_us, Why::Deadline)?;
        let is_old = |time_us: u64, limit_us: u64| limit_us != 0 && self.time_us.saturating_sub(time_us) > limit_us;
        reject(is_old(bank.as_of_us, gate.ages.bank_us), Why::BankAge)?;
        let [pool_us, venue_us] = ledgers.map(|ledger| bank.collateral_as_of_us(ledger));
        reject(is_old(pool_us, gate.ages.collateral_us), Why::PoolCollateralAge)?;
        reject(is_old(venue_us, gate.ages.collateral_us), Why::VenueCollateralAge)?;
        let heartbeat_us = self.heartbeat_us.get(&usize::from(rows.instrument.venue)).copied().unwrap_or(0);
        reject(is_old(heartbeat_us, gate.ages.heartbeat_us), Why::HeartbeatAge)
    }

    /// Whether a book is out of its box in the active bank.
    pub(super) fn is_out_of_box(&self) -> bool {
        let out = |row: &BankBox| {
            let best = self.books[usize::from(row.book)].best();
            best.into_iter().flatten().any(|price| !(row.low..=row.high).contains(&price))
        };
        !self.is_without_books && self.gate.bank().boxes.values().any(out)
    }

    /// TOUCH.
    pub(super) fn touch_words(&self, book: u16, venue: u16) -> [u64; 4] {
        let book = &self.books[usize::from(book)];
        let venue = u8::try_from(venue).expect("the venue was checked");
        let [bid, ask] = book.own(venue).unwrap_or_default().map(|price| price.map_or(0, u64::from));
        [bid, ask, u64::from(book.is_refilling()), 0]
    }
}
