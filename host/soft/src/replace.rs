//! REPLACE with its answers REPLACED and REFUSED, CANCEL and MASS_CANCEL.
//!
//! While a REPLACE is pending the entry of the order is the worst of old and new, so everything else (fills, sweeps,
//! cancels) works on it as on any other.
//!
//! Invariant: an order whose entry says `pending` is open, and its entry covers both terms of its [`Pending`].

use crate::arithmetic::{wrap_open, Side};
use crate::gate::{reject, Added, Decision, Entry, Gate, Placed, Target};
use crate::market::Market;
use crossgate_contract::command::{Cancel, MassCancel, Refused, Replace, Replaced};
use crossgate_contract::event::Closed;
use crossgate_contract::{width, Fault, Reason};

/// First reserve lots that are refused: half of what the field of an order holds.
const RESERVE_LIMIT: u64 = 1 << (width::LOTS_BITS - 1);

/// Lots and limit price of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) lots: u64,
    pub(crate) price: u32,
}

/// A REPLACE that the venue has not answered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pending {
    pub(crate) before: Terms,
    pub(crate) asked: Terms,
    /// The venue cancels and enters anew: the lots asked for are on top of those filled.
    pub(crate) anew: bool,
}

/// The worst of both: what the venue may fill while it is not known which of them holds.
#[inline]
fn reserve(entry: &Entry, replace: &Replace) -> Terms {
    let lots = if replace.anew { entry.lots + replace.lots } else { entry.lots.max(replace.lots) };
    let price = match Side::of(entry.side) {
        Side::Buy => entry.price.max(replace.price),
        Side::Sell => entry.price.min(replace.price),
    };
    Terms { lots, price }
}

impl<const L: usize> Gate<L> {
    /// The side of the order in a slot; 0 if one of the indices is beyond the build.
    pub(crate) fn side_of(&self, account: u16, instrument: u16, slot: u16) -> u8 {
        self.find(account, instrument, slot).map_or(0, |(_, _, entry)| entry.side)
    }

    /// Decides about a REPLACE; the order reserves the worst of both terms if it is accepted.
    pub fn replace(&mut self, replace: &Replace, market: &mut Market) -> Decision {
        let (placed, after) = match self.place_replace(replace, market) {
            Err(reason) => return Decision::of(reason),
            Ok(placed) => placed,
        };
        let added = self.replace_charge(&placed, after);
        let decision = self.margin(&placed, added, false);
        if decision.reason == Reason::Accepted {
            let entry = &mut self.slots[placed.slot];
            let before = Terms { lots: entry.lots, price: entry.price };
            let asked = Terms { lots: replace.lots, price: replace.price };
            self.pending[placed.slot] = Pending { before, asked, anew: replace.anew };
            (entry.lots, entry.price, entry.pending) = (after.lots, after.price, true);
            let open = &mut self.cells[placed.cell].open[placed.side.index()];
            *open = wrap_open(*open + placed.lots);
            self.accounts[placed.account].rate.sent(self.now_us);
        }
        decision
    }

    /// Every reason before overflow; what the entry becomes.
    #[inline]
    fn place_replace(&self, replace: &Replace, market: &mut Market) -> Result<(Placed, Terms), Reason> {
        let target = self.target(replace.account, replace.instrument, replace.slot)?;
        let Target { account, instrument, slot, row, ledgers, .. } = target;
        reject(replace.price == 0 || replace.lots == 0, Reason::Malformed)?;
        self.check_halts(&target)?;
        let entry = &self.slots[slot];
        let open = entry.busy && entry.names(replace.generation, replace.account, replace.instrument);
        reject(!open || entry.pending, Reason::Slot)?;
        let after = reserve(entry, replace);
        let filled = !replace.anew && replace.lots <= entry.cumulative;
        let range = replace.lots < row.lots_min || replace.lots > row.lots_max;
        reject(range || filled || after.lots >= RESERVE_LIMIT, Reason::LotsRange)?;
        let (side, lots) = (Side::of(entry.side), (after.lots - entry.lots).cast_signed());
        self.check_price(&target, market, (side, replace.lots, replace.price))?;
        self.check_cap(&target, side, lots)?;
        self.check_times(&target, market)?;
        reject(market.is_out_of_box(), Reason::Box)?;
        let cell = self.cell_index(account, instrument);
        let shift = u32::from(row.shift);
        let placed = Placed { account, instrument, cell, slot, side, lots, shift, ledgers, closes: false };
        Ok((placed, after))
    }

    /// By how much the reserve of the order grows; `None` if a width overflows.
    #[inline]
    fn replace_charge(&self, placed: &Placed, after: Terms) -> Option<Added> {
        let entry = &self.slots[placed.slot];
        let marks = &self.banks[self.active].instruments[placed.instrument].marks;
        let leaves = entry.leaves() + placed.lots;
        let rate = marks.rate(placed.side, after.price)?;
        let reserved = marks.reserve(placed.side, entry.leaves(), entry.price, placed.shift)?;
        Some(Added { charge: marks.reserve_at(rate, leaves, placed.shift)? - reserved, rate })
    }

    /// Decides about a CANCEL: it changes nothing but the account's message rate.
    pub fn cancel(&mut self, cancel: &Cancel) -> Decision {
        let Ok((place, _, entry)) = self.find(cancel.account, cancel.instrument, cancel.slot) else {
            return Decision::of(Reason::Malformed);
        };
        if !entry.busy || !entry.names(cancel.generation, cancel.account, cancel.instrument) {
            return Decision::of(Reason::Slot);
        }
        self.accounts[place.account].rate.sent(self.now_us);
        Decision::of(Reason::Accepted)
    }

    /// Decides about a MASS_CANCEL, which changes nothing.
    pub fn mass_cancel(&self, command: &MassCancel) -> Decision {
        let known = self.check_mass_cancel(command).is_ok();
        Decision::of(if known { Reason::Accepted } else { Reason::Malformed })
    }

    /// The venue carried out a REPLACE.
    ///
    /// # Errors
    /// The fault that answers it.
    pub fn replaced(&mut self, replaced: &Replaced) -> Result<Closed, Fault> {
        let Replaced { account, instrument, slot, cumulative, generation } = *replaced;
        let event =
            Closed { opcode: Replaced::CODE, account, instrument, slot, generation, cumulative, ..Default::default() };
        self.answered(event, |pending| {
            let filled = if pending.anew { cumulative } else { 0 };
            Terms { lots: pending.asked.lots + filled, price: pending.asked.price }
        })
    }

    /// The venue refused a REPLACE.
    ///
    /// # Errors
    /// The fault that answers it.
    pub fn refused(&mut self, refused: &Refused) -> Result<Closed, Fault> {
        let Refused { account, instrument, slot, generation } = *refused;
        let cumulative = self.slots.get(usize::from(slot)).map_or(0, |entry| entry.cumulative);
        let event =
            Closed { opcode: Refused::CODE, account, instrument, slot, generation, cumulative, ..Default::default() };
        self.answered(event, |pending| pending.before)
    }

    /// An answer to the REPLACE that is pending: the order has the terms that `terms` chooses.
    fn answered(&mut self, event: Closed, terms: impl FnOnce(&Pending) -> Terms) -> Result<Closed, Fault> {
        let (place, slot, entry) = self.find(event.account, event.instrument, event.slot)?;
        if !entry.pending || !entry.names(event.generation, event.account, event.instrument) {
            return Err(self.halt_account(place.account, Fault::UnplacedFill));
        }
        let after = terms(&self.pending[slot]);
        if !(entry.cumulative..=entry.lots).contains(&after.lots) {
            return Err(self.halt_account(place.account, Fault::OverFill));
        }
        Ok(self.settle(place, slot, after, event))
    }
}
