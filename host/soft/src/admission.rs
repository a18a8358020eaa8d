//! The tests of an order that value nothing: notional, collar and touch, open orders, message rate, ages and deadline,
//! box.
//!
//! Not here: what an order does to its ledgers (see `gate`).
//!
//! Invariant: nothing here changes the state of GATE but [`MessageRate::sent`]; the touch of a venue may be searched.

use crate::arithmetic::Side;
use crate::gate::{reject, Gate};
use crate::market::Market;
use crate::{book, gate::Target};
use crossgate_contract::{width, Reason};

/// The last moment of card time.
const TIME_MAX: u64 = (1 << width::CYCLE_BITS) - 1;

/// The theoretical arrival time of an account's next message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MessageRate {
    pub(crate) cost_us: u64,
    pub(crate) burst_us: u64,
    /// `tat`, microseconds of card time.
    pub(crate) arrival_us: u64,
}

impl MessageRate {
    #[inline]
    fn is_exhausted(&self, now_us: u64) -> bool {
        self.cost_us > 0 && self.arrival_us.max(now_us) + self.cost_us > now_us + self.burst_us
    }

    /// A message was sent.
    #[inline]
    pub(crate) fn sent(&mut self, now_us: u64) {
        self.arrival_us = (self.arrival_us.max(now_us) + self.cost_us).min(TIME_MAX);
    }
}

impl<const L: usize> Gate<L> {
    /// Card time, microseconds below 2^48; it is what ages, deadlines and message rates are counted in.
    pub const fn set_time_us(&mut self, now_us: u64) {
        self.now_us = now_us;
    }

    /// Card time, microseconds.
    pub const fn time_us(&self) -> u64 {
        self.now_us
    }

    /// Notional and collar, the touch of the instrument's venue included.
    #[inline]
    pub(crate) fn check_price(
        &self,
        target: &Target<'_, L>,
        market: &mut Market,
        (side, lots, price): (Side, u64, u32),
    ) -> Result<(), Reason> {
        let notional = u128::from(lots) * u128::from(price);
        reject(notional > u128::from(target.limits.notional_max), Reason::Notional)?;
        let marks = &self.banks[self.active].instruments[target.instrument].marks;
        let (price, collar) = (u64::from(price), u64::from(target.row.collar));
        let mark = match side {
            Side::Buy => marks.mark[1],
            Side::Sell => marks.mark[0],
        };
        let through = is_through(side, price, u64::from(mark), collar);
        reject(through || is_off_touch(target, market, side, price), Reason::Collar)
    }

    /// Message rate and everything that can be too old.
    #[inline]
    pub(crate) fn check_times(&self, target: &Target<'_, L>, market: &Market) -> Result<(), Reason> {
        let now_us = self.now_us;
        reject(self.accounts[target.account].rate.is_exhausted(now_us), Reason::MessageRate)?;
        let bank = &self.banks[self.active];
        let [pool, venue] = target.ledgers;
        let complete = bank.has_instrument(target.instrument) & bank.has_ledger(pool) & bank.has_ledger(venue);
        let is_old = |since_us: u64, limit_us: u64| limit_us != 0 && now_us.saturating_sub(since_us) > limit_us;
        let ages = &self.ages;
        let expired = self.deadline_us != 0 && now_us > self.deadline_us;
        let old = is_old(self.as_of_us, ages.bank_us)
            | is_old(self.ledgers[pool].as_of_us, ages.collateral_us)
            | is_old(self.ledgers[venue].as_of_us, ages.collateral_us)
            | is_old(market.heartbeat_us[usize::from(target.row.venue)], ages.heartbeat_us);
        reject(!complete | expired | old, Reason::Stale)
    }
}

/// The touch test: whether the price is too far through the best level of the instrument's own venue, or that cannot
/// be said.
#[inline]
fn is_off_touch<const L: usize>(target: &Target<'_, L>, market: &mut Market, side: Side, price: u64) -> bool {
    let touch_ticks = u64::from(target.limits.touch_ticks);
    if touch_ticks == 0 {
        return false;
    }
    let book = market.book_at(target.row.book);
    let [bid, ask] = book.touch();
    let both = !bid.is_empty() && !ask.is_empty();
    let crossed = both && u64::from(bid.price) > u64::from(ask.price) + u64::from(target.row.crossed_max);
    if crossed || book.is_refilling() {
        return true;
    }
    let collar = u64::from(target.row.collar);
    let opposite = match side {
        Side::Buy => book::Side::Ask,
        Side::Sell => book::Side::Bid,
    };
    let Some(touch) = book.own(opposite, target.row.venue) else { return true };
    is_through(side, price, u64::from(touch) * touch_ticks, collar)
}

/// Whether a price is through another one by more than the collar.
#[inline]
const fn is_through(side: Side, price: u64, other: u64, collar: u64) -> bool {
    match side {
        Side::Buy => price > other + collar,
        Side::Sell => price + collar < other,
    }
}
