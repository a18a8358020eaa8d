//! REPLACE in the order table of the model, and the venue's answers to it: REPLACED and REFUSED.
//!
//! While a REPLACE is pending the entry holds the worst of both outcomes. Not here: the decision.

use super::gate::{lots_field, Entry, Gate};
use super::ledger::{Ends, BUY};
use crossgate_contract::command::{Refused, Replace, Replaced};
use crossgate_contract::event::Closed;
use crossgate_contract::{Event, Fault};

/// A REPLACE that the venue has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) anew: bool,
    pub(super) lots_before: i128,
    pub(super) lots_asked: i128,
    pub(super) price_before: i128,
    pub(super) price_asked: i128,
}

/// The lots and the price of an entry that cover both outcomes of a REPLACE.
pub(super) fn worst_of_both(entry: &Entry, replace: &Replace) -> (i128, i128) {
    let (lots, price) = (i128::from(replace.lots), i128::from(replace.price));
    let lots = if replace.anew { entry.lots + lots } else { entry.lots.max(lots) };
    let price = if entry.side == BUY { entry.price.max(price) } else { entry.price.min(price) };
    (lots, price)
}

impl Entry {
    /// The entry while the REPLACE is pending.
    pub(super) fn asked(&self, replace: &Replace) -> Self {
        let (lots, price) = worst_of_both(self, replace);
        let pending = Pending {
            anew: replace.anew,
            lots_before: self.lots,
            lots_asked: i128::from(replace.lots),
            price_before: self.price,
            price_asked: i128::from(replace.price),
        };
        Self { lots, price, pending: Some(pending), ..*self }
    }
}

/// What both answers name.
#[derive(Clone, Copy)]
struct Named {
    opcode: u8,
    account: u16,
    instrument: u16,
    slot: u16,
    generation: u16,
}

/// What an answer makes of the order.
#[derive(Clone, Copy)]
struct Terms {
    lots: i128,
    price: i128,
    /// As the event reports it.
    cumulative: i128,
}

impl Gate {
    /// The entry of a slot, if account, instrument and slot are of the build.
    pub(super) fn named_entry(&self, account: u16, instrument: u16, slot: u16) -> Option<Entry> {
        let in_range = self.check_account(account).and(self.check_instrument(instrument)).and(self.check_slot(slot));
        in_range.is_ok().then(|| self.slots[usize::from(slot)])
    }

    /// Raises an entry to the worst of both outcomes.
    pub(super) fn reserve_replace(&mut self, replace: &Replace) {
        let entry = &mut self.slots[usize::from(replace.slot)];
        let asked = entry.asked(replace);
        let (side, added) = (entry.side, asked.lots - entry.lots);
        *entry = asked;
        self.cells.entry((replace.account, replace.instrument)).or_default().open(side, added);
    }

    pub(super) fn replaced(&mut self, replaced: &Replaced) -> Result<Event, Fault> {
        let Replaced { account, instrument, slot, cumulative, generation } = *replaced;
        let cumulative = i128::from(cumulative);
        let named = Named { opcode: Replaced::CODE, account, instrument, slot, generation };
        self.answered(&named, |_, pending| Terms {
            lots: pending.lots_asked + if pending.anew { cumulative } else { 0 },
            price: pending.price_asked,
            cumulative,
        })
    }

    pub(super) fn refused(&mut self, refused: &Refused) -> Result<Event, Fault> {
        let Refused { account, instrument, slot, generation } = *refused;
        let named = Named { opcode: Refused::CODE, account, instrument, slot, generation };
        self.answered(&named, |entry, pending| Terms {
            lots: pending.lots_before,
            price: pending.price_before,
            cumulative: entry.cumulative,
        })
    }

    fn answered(&mut self, named: &Named, terms: impl Fn(&Entry, &Pending) -> Terms) -> Result<Event, Fault> {
        let Named { opcode, account, instrument, slot, generation } = *named;
        let entry = self.named_entry(account, instrument, slot).ok_or(Fault::BadField)?;
        let pending = entry.pending.filter(|_| entry.is(generation, account, instrument));
        let terms = pending.map(|pending| terms(&entry, &pending)).ok_or(Fault::UnplacedFill);
        let possible = terms.and_then(|terms| {
            let possible = entry.cumulative <= terms.lots && terms.lots <= entry.lots;
            possible.then_some(terms).ok_or(Fault::OverFill)
        });
        let terms = possible.inspect_err(|_| {
            self.halted_accounts.insert(account);
        })?;
        let released = entry.lots - terms.lots;
        let freed = entry.cumulative == terms.lots;
        let (lots, price) = (terms.lots, terms.price);
        self.slots[usize::from(slot)] = Entry { busy: !freed, lots, price, pending: None, ..entry };
        let cell = self.cells.entry((account, instrument)).or_default();
        let before = Ends::of(account, instrument, cell);
        cell.open(entry.side, -released);
        self.settle(&before.moved(entry.side, if entry.side == BUY { -released } else { released }));
        let (poisoned, venue_poisoned) = self.poison_flags(account, instrument);
        Ok(Closed {
            freed,
            poisoned,
            venue_poisoned,
            opcode,
            epoch: self.epoch,
            account,
            instrument,
            slot,
            generation,
            released: lots_field(released),
            cumulative: lots_field(terms.cumulative),
        }
        .into())
    }
}
