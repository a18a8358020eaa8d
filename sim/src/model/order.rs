//! The decision about an order: limits first, then both ledgers with the order added, then the closing rule.

use super::gate::Gate;
use super::ledger::{rate, reserve, totals, Ledger, Open, Totals, View, BUY};
use super::Model;
use crossgate_contract::command::{Instrument, Order};
use crossgate_contract::event::Verdict;
use crossgate_contract::{register, Event, Reason};

/// What a verdict says about an order.
#[derive(Clone, Copy, Debug)]
struct Decision {
    reason: Reason,
    pool: Failed,
    venue: Failed,
    closing: bool,
    /// How it stands in the pool and in the venue ledger, where it came to that.
    standings: Option<[Standing; 2]>,
}

impl Decision {
    const fn of(reason: Reason) -> Self {
        Self { reason, pool: Failed::NONE, venue: Failed::NONE, closing: false, standings: None }
    }
}

/// The limits of a ledger that an order breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failed {
    lanes: u32,
    zero: bool,
}

impl Failed {
    const NONE: Self = Self { lanes: 0, zero: false };
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
    failed: Failed,
}

impl Standing {
    const fn passes(&self) -> bool {
        matches!(self.outcome, Outcome::Within | Outcome::Closing)
    }

    /// What a verdict reports.
    const fn reported(&self) -> Failed {
        if self.passes() {
            Failed::NONE
        } else {
            self.failed
        }
    }
}

fn reject(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds {
        Err(reason)
    } else {
        Ok(())
    }
}

impl Gate {
    /// A reason of the whole card is decided before.
    fn decide(&self, order: &Order) -> Decision {
        match self.decide_limits(order) {
            Err(reason) => Decision::of(reason),
            Ok([pool, venue]) => self.decide_margin(order, pool, venue),
        }
    }

    /// The ledgers of the order with their masks, if everything but margin lets it pass.
    fn decide_limits(&self, order: &Order) -> Result<[(Ledger, u32); 2], Reason> {
        let in_range = self.check_account(order.account).is_ok()
            && self.check_instrument(order.instrument).is_ok()
            && self.check_slot(order.slot).is_ok();
        reject(!in_range, Reason::Malformed)?;
        let row = self.instruments.get(&order.instrument).ok_or(Reason::Malformed)?;
        let account = self.accounts.get(&order.account).ok_or(Reason::Malformed)?;
        let venue = self.venue_ledgers.get(&(order.account, row.venue)).ok_or(Reason::Malformed)?;
        reject(order.price == 0 || order.lots == 0 || order.tif == 3, Reason::Malformed)?;
        reject(self.halted_global, Reason::HaltedGlobal)?;
        reject(self.halted_accounts.contains(&order.account), Reason::HaltedAccount)?;
        reject(self.halted_instruments.contains(&order.instrument), Reason::HaltedInstrument)?;
        let entry = &self.slots[usize::from(order.slot)];
        reject(entry.busy || order.generation != entry.generation.wrapping_add(1), Reason::Slot)?;
        self.decide_product(order, row)?;
        let ledgers =
            [(Ledger::Pool(order.account), account.lane_mask), (Ledger::Venue(venue.ledger), venue.lane_mask)];
        let complete = self.is_instrument_complete(self.bank(), order.instrument)
            && ledgers.iter().all(|(ledger, _)| self.is_ledger_complete(self.bank(), *ledger));
        reject(!complete, Reason::Stale)?;
        Ok(ledgers)
    }

    fn decide_product(&self, order: &Order, row: &Instrument) -> Result<(), Reason> {
        reject(order.lots < row.lots_min || order.lots > row.lots_max, Reason::LotsRange)?;
        let mark = self.bank().mark(order.instrument);
        let (price, collar) = (u64::from(order.price), u64::from(row.collar));
        let through = if order.side == BUY {
            price > u64::from(mark.mark_sell) + collar
        } else {
            price + collar < u64::from(mark.mark_buy)
        };
        reject(through, Reason::Collar)?;
        let cell = self.cell(order.account, order.instrument);
        let lots = i128::from(order.lots);
        let reached = if order.side == BUY { cell.bid_end() + lots } else { -(cell.ask_end() - lots) };
        reject(reached > i128::from(row.position_cap), Reason::PositionCap)
    }

    /// Adds the order to both ledgers and looks at what is left.
    fn decide_margin(&self, order: &Order, pool: (Ledger, u32), venue: (Ledger, u32)) -> Decision {
        let before = View::all(self, self.bank());
        let mut after = before.clone();
        let ends = after.ends(order.account, order.instrument);
        let lots = i128::from(order.lots);
        let moved = if order.side == BUY { &mut ends.bid } else { &mut ends.ask };
        *moved += if order.side == BUY { lots } else { -lots };
        let Order { account, instrument, side, .. } = *order;
        after.orders.push(Open { account, instrument, side, leaves: lots, price: i128::from(order.price) });
        let stand = |(ledger, mask): (Ledger, u32)| {
            if self.bank().poisoned.contains(&ledger) {
                return None;
            }
            let before = totals(self, self.bank(), ledger, &before)?;
            let after = totals(self, self.bank(), ledger, &after)?;
            Some(self.standing(order, mask, &before, &after))
        };
        let (Some(pool), Some(venue)) = (stand(pool), stand(venue)) else { return Decision::of(Reason::Overflow) };
        let reason = match (pool.passes(), venue.passes()) {
            (true, true) => Reason::Accepted,
            (false, _) => Reason::PoolMargin,
            (true, false) => Reason::VenueMargin,
        };
        let closes = |standing: Standing| standing.outcome == Outcome::Closing;
        Decision {
            reason,
            pool: pool.reported(),
            venue: venue.reported(),
            closing: reason == Reason::Accepted && (closes(pool) || closes(venue)),
            standings: Some([pool, venue]),
        }
    }

    fn standing(&self, order: &Order, mask: u32, before: &Totals, after: &Totals) -> Standing {
        let checked = (0..self.lanes()).filter(|lane| mask >> lane & 1 == 1);
        let below: Vec<_> = checked.filter(|lane| after.slack[usize::from(*lane)] < 0).collect();
        let failed = Failed { lanes: below.iter().fold(0, |lanes, lane| lanes | 1 << lane), zero: after.headroom < 0 };
        let outcome = if failed == Failed::NONE {
            Outcome::Within
        } else if !self.is_closing(order) {
            Outcome::Beyond
        } else if self.loses_no_more(order, mask, before, after) {
            Outcome::Closing
        } else {
            Outcome::Refused
        };
        let bank = self.bank();
        let releases = |lane: u8| !bank.is_relative(lane) && !bank.is_unit(lane) && self.releases_rate(order, lane);
        let withholds = |lane: u8| !bank.is_relative(lane) && !bank.is_unit(lane) && !self.releases_rate(order, lane);
        Standing {
            outcome,
            relative: below.iter().any(|lane| bank.is_relative(*lane) && !bank.is_unit(*lane)),
            releases_less: below.iter().any(|lane| withholds(*lane)),
            releases_enough: below.iter().any(|lane| releases(*lane)),
            failed,
        }
    }

    /// Whether the order, with the open orders of its side, only takes from a position.
    fn is_closing(&self, order: &Order) -> bool {
        let cell = self.cell(order.account, order.instrument);
        let lots = i128::from(order.lots);
        if order.side == BUY {
            cell.position < 0 && cell.bid + lots <= -cell.position
        } else {
            cell.position > 0 && cell.ask + lots <= cell.position
        }
    }

    /// Whether a gate lot of the order releases its rate or more in a lane.
    fn releases_rate(&self, order: &Order, lane: u8) -> bool {
        let mark = self.bank().mark(order.instrument);
        let (long, short) = self.bank().loss(order.instrument, lane);
        let released = i128::from(if order.side == BUY { short } else { long });
        rate(&mark, order.side, i128::from(order.price)).is_some_and(|rate| released >= rate)
    }

    /// The closing rule: the most that the ledger can lose does not grow.
    fn loses_no_more(&self, order: &Order, mask: u32, before: &Totals, after: &Totals) -> bool {
        let bank = self.bank();
        let (mark, shift) = (bank.mark(order.instrument), self.shift(order.instrument));
        let charge = reserve(&mark, shift, order.side, i128::from(order.lots), i128::from(order.price));
        let Some(charge) = charge else { return false };
        let checked = || (0..self.lanes()).filter(|lane| mask >> lane & 1 == 1);
        let money = checked().filter(|lane| !bank.is_unit(*lane)).map(|lane| before.slack[usize::from(lane)]);
        let least = money.fold(before.headroom, i128::min);
        let holds = |lane: u8| {
            let slack = after.slack[usize::from(lane)];
            if bank.is_unit(lane) {
                slack >= 0
            } else if bank.is_relative(lane) || !self.releases_rate(order, lane) {
                slack >= least
            } else {
                slack + charge >= least
            }
        };
        after.headroom >= least && checked().all(holds)
    }
}

impl Model {
    pub(super) fn order(&mut self, order: &Order) -> Event {
        let Decision { reason, pool, venue, closing, standings } = if !self.armed || self.gate.epoch == 0 {
            Decision::of(Reason::NotReady)
        } else if self.ring_full {
            Decision::of(Reason::RingFull)
        } else {
            self.gate.decide(order)
        };
        self.standings = standings;
        let accepted = reason == Reason::Accepted;
        self.count(if accepted { &register::COUNT_ACCEPTED } else { &register::COUNT_REJECTED });
        if accepted && !order.check {
            self.gate.reserve_order(order);
        }
        Verdict {
            reason: reason.code(),
            side: order.side,
            check: order.check,
            pool_zero: pool.zero,
            venue_zero: venue.zero,
            closing,
            opcode: Order::CODE,
            epoch: self.gate.epoch,
            account: order.account,
            instrument: order.instrument,
            slot: order.slot,
            generation: order.generation,
            lots: order.lots,
            price: order.price,
            tag: order.tag,
            pool_lanes: pool.lanes,
            venue_lanes: venue.lanes,
            cookie: order.cookie,
        }
        .into()
    }
}
