//! The decision about an order or a REPLACE: limits first, then both ledgers with it added, then the closing rule.

use super::admission::{reject, Refusal, Wanted};
use super::egress::Message;
use super::gate::Gate;
use super::insight::{Failed, Insight, Outcome, Standing, Why};
use super::ledger::{rate, reserve, totals, Ledger, Open, Totals, View, BUY};
use super::replace::worst_of_both;
use super::Model;
use crossgate_contract::command::{Order, Replace};
use crossgate_contract::event::Verdict;
use crossgate_contract::{register, width, Event, Reason};

/// First lots that the reserve of a REPLACE must not reach.
const RESERVE_LOTS_LIMIT: i128 = 1 << (width::LOTS_BITS - 1);

/// What a verdict says about an order.
#[derive(Clone, Copy, Debug)]
struct Decision {
    reason: Reason,
    pool: Failed,
    venue: Failed,
    closing: bool,
    /// How it stands in the pool and in the venue ledger, where it came to that.
    standings: Option<[Standing; 2]>,
    why: Option<Why>,
}

impl Decision {
    const fn of(reason: Reason) -> Self {
        Self { reason, pool: Failed::NONE, venue: Failed::NONE, closing: false, standings: None, why: None }
    }
}

/// How the ledgers would look after what is wanted.
struct After {
    wanted: Wanted,
    ledgers: [(Ledger, u32); 2],
    /// Lots by which the end point of the side moves.
    added: i128,
    /// The order as it would be open.
    open: Open,
    /// Whether the closing rule may help.
    closes: bool,
}

impl Gate {
    /// Moves the end point and the reserve in both ledgers and looks at what is left.
    fn decide_margin(&self, change: &After) -> Decision {
        let wanted = &change.wanted;
        let before = View::all(self, self.bank());
        let mut after = before.clone();
        let ends = after.ends(wanted.account, wanted.instrument);
        let moved = if wanted.side == BUY { &mut ends.bid } else { &mut ends.ask };
        *moved += if wanted.side == BUY { change.added } else { -change.added };
        after.orders.retain(|open| open.slot != change.open.slot);
        after.orders.push(change.open);
        let stand = |(ledger, mask): (Ledger, u32)| {
            if self.bank().poisoned.contains(&ledger) {
                return None;
            }
            let before = totals(self, self.bank(), ledger, &before)?;
            let after = totals(self, self.bank(), ledger, &after)?;
            Some(self.standing(change, mask, &before, &after))
        };
        let (Some(pool), Some(venue)) = (stand(change.ledgers[0]), stand(change.ledgers[1])) else {
            return Decision::of(Reason::Overflow);
        };
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
            why: None,
        }
    }

    fn standing(&self, change: &After, mask: u32, before: &Totals, after: &Totals) -> Standing {
        let wanted = &change.wanted;
        let checked = (0..self.lanes()).filter(|lane| mask >> lane & 1 == 1);
        let below: Vec<_> = checked.filter(|lane| after.slack[usize::from(*lane)] < 0).collect();
        let failed = Failed { lanes: below.iter().fold(0, |lanes, lane| lanes | 1 << lane), zero: after.headroom < 0 };
        let outcome = if failed == Failed::NONE {
            Outcome::Within
        } else if !change.closes {
            Outcome::Beyond
        } else if self.loses_no_more(wanted, mask, before, after) {
            Outcome::Closing
        } else {
            Outcome::Refused
        };
        let bank = self.bank();
        let releases = |lane: u8| !bank.is_relative(lane) && !bank.is_unit(lane) && self.releases_rate(wanted, lane);
        let withholds = |lane: u8| !bank.is_relative(lane) && !bank.is_unit(lane) && !self.releases_rate(wanted, lane);
        Standing {
            outcome,
            relative: below.iter().any(|lane| bank.is_relative(*lane) && !bank.is_unit(*lane)),
            releases_less: below.iter().any(|lane| withholds(*lane)),
            releases_enough: below.iter().any(|lane| releases(*lane)),
            failed,
        }
    }

    /// Whether the order, with the open orders of its side, only takes from a position.
    fn is_closing(&self, wanted: &Wanted) -> bool {
        let cell = self.cell(wanted.account, wanted.instrument);
        let lots = i128::from(wanted.lots);
        if wanted.side == BUY {
            cell.position < 0 && cell.bid + lots <= -cell.position
        } else {
            cell.position > 0 && cell.ask + lots <= cell.position
        }
    }

    /// Whether a gate lot of the order releases its rate or more in a lane.
    fn releases_rate(&self, wanted: &Wanted, lane: u8) -> bool {
        let mark = self.bank().mark(wanted.instrument);
        let (long, short) = self.bank().loss(wanted.instrument, lane);
        let released = i128::from(if wanted.side == BUY { short } else { long });
        rate(&mark, wanted.side, i128::from(wanted.price)).is_some_and(|rate| released >= rate)
    }

    /// The closing rule: the most that the ledger can lose does not grow.
    fn loses_no_more(&self, wanted: &Wanted, mask: u32, before: &Totals, after: &Totals) -> bool {
        let bank = self.bank();
        let (mark, shift) = (bank.mark(wanted.instrument), self.shift(wanted.instrument));
        let charge = reserve(&mark, shift, wanted.side, i128::from(wanted.lots), i128::from(wanted.price));
        let Some(charge) = charge else { return false };
        let checked = || (0..self.lanes()).filter(|lane| mask >> lane & 1 == 1);
        let money = checked().filter(|lane| !bank.is_unit(*lane)).map(|lane| before.slack[usize::from(lane)]);
        let least = money.fold(before.headroom, i128::min);
        let holds = |lane: u8| {
            let slack = after.slack[usize::from(lane)];
            if bank.is_unit(lane) {
                slack >= 0
            } else if bank.is_relative(lane) || !self.releases_rate(wanted, lane) {
                slack >= least
            } else {
                slack + charge >= least
            }
        };
        after.headroom >= least && checked().all(holds)
    }
}

impl Model {
    fn decide_order(&self, order: &Order) -> Result<Decision, Refusal> {
        let Order { side, account, instrument, slot, lots, price, .. } = *order;
        self.check_card()?;
        let entry = self.gate.named_entry(account, instrument, slot).ok_or(Reason::Malformed)?;
        let wanted = Wanted { account, instrument, side, lots, price };
        let rows = self.rows(&wanted)?;
        reject(order.tif == 3, Reason::Malformed)?;
        self.check_halts(&wanted)?;
        reject(entry.busy || order.generation != entry.generation.wrapping_add(1), Reason::Slot)?;
        self.check_lots(&wanted, &rows)?;
        self.check_price(&wanted, &rows)?;
        let added = i128::from(lots);
        self.check_cap(&wanted, &rows, added)?;
        self.check_open_orders(&rows)?;
        self.check_message_rate(&rows)?;
        self.check_stale(&rows)?;
        let closes = self.gate.is_closing(&wanted);
        reject(!closes && self.is_out_of_box(), Reason::Box)?;
        let open = Open { slot, account, instrument, side, leaves: added, price: i128::from(price) };
        Ok(self.gate.decide_margin(&After { wanted, ledgers: rows.ledgers(), added, open, closes }))
    }

    fn decide_replace(&self, replace: &Replace) -> Result<Decision, Refusal> {
        let Replace { anew, account, instrument, slot, lots, generation, price, .. } = *replace;
        self.check_card()?;
        let entry = self.gate.named_entry(account, instrument, slot).ok_or(Reason::Malformed)?;
        let side = entry.side;
        let wanted = Wanted { account, instrument, side, lots, price };
        let rows = self.rows(&wanted)?;
        self.check_halts(&wanted)?;
        let open_here = entry.busy && entry.is(generation, account, instrument);
        reject(!open_here || entry.pending.is_some(), Reason::Slot)?;
        self.check_lots(&wanted, &rows)?;
        let (reserve_lots, reserve_price) = worst_of_both(&entry, replace);
        reject(!anew && i128::from(lots) <= entry.cumulative, Reason::LotsRange)?;
        reject(reserve_lots >= RESERVE_LOTS_LIMIT, Reason::LotsRange)?;
        self.check_price(&wanted, &rows)?;
        let added = reserve_lots - entry.lots;
        self.check_cap(&wanted, &rows, added)?;
        self.check_message_rate(&rows)?;
        self.check_stale(&rows)?;
        reject(self.is_out_of_box(), Reason::Box)?;
        let leaves = reserve_lots - entry.cumulative;
        let open = Open { slot, account, instrument, side, leaves, price: reserve_price };
        Ok(self.gate.decide_margin(&After { wanted, ledgers: rows.ledgers(), added, open, closes: false }))
    }

    /// Counts a decision; returns it with the verdict's part that depends on it.
    fn concluded(&mut self, decided: Result<Decision, Refusal>) -> (bool, Verdict) {
        let decided = decided.unwrap_or_else(|Refusal { reason, why }| Decision { why, ..Decision::of(reason) });
        let Decision { reason, pool, venue, closing, standings, why } = decided;
        self.insight = Insight { standings, why };
        let accepted = reason == Reason::Accepted;
        self.count(if accepted { &register::COUNT_ACCEPTED } else { &register::COUNT_REJECTED });
        let verdict = Verdict {
            reason: reason.code(),
            pool_zero: pool.zero,
            venue_zero: venue.zero,
            closing,
            epoch: self.gate.epoch,
            pool_lanes: pool.lanes,
            venue_lanes: venue.lanes,
            ..Default::default()
        };
        (accepted, verdict)
    }

    pub(super) fn order(&mut self, order: &Order, words: Message) -> Event {
        let decided = self.decide_order(order);
        let (accepted, verdict) = self.concluded(decided);
        if accepted && !order.check {
            self.gate.reserve_order(order);
            self.gate.charge_message(order.account, self.time_us);
            self.send(words);
        }
        Verdict {
            side: order.side,
            check: order.check,
            opcode: Order::CODE,
            account: order.account,
            instrument: order.instrument,
            slot: order.slot,
            generation: order.generation,
            lots: order.lots,
            price: order.price,
            tag: order.tag,
            cookie: order.cookie,
            ..verdict
        }
        .into()
    }

    pub(super) fn replace(&mut self, replace: &Replace, words: Message) -> Event {
        let Replace { account, instrument, slot, lots, generation, price, tag, cookie, .. } = *replace;
        let decided = self.decide_replace(replace);
        let (accepted, verdict) = self.concluded(decided);
        let side = self.gate.named_entry(account, instrument, slot).map_or(0, |entry| entry.side);
        if accepted {
            self.gate.reserve_replace(replace);
            self.gate.charge_message(account, self.time_us);
            self.send(words);
        }
        let opcode = Replace::CODE;
        Verdict { side, opcode, account, instrument, slot, generation, lots, price, tag, cookie, ..verdict }.into()
    }
}
