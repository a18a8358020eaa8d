//! The desk's orders: slots, generations, positions, and the simulated venues that fill them.
//!
//! An order rests at the recorded venue without influencing it. A recorded trade strictly through its price fills it,
//! up to the traded quantity, at the order's
//! price; an immediate-or-cancel order takes the displayed quantity of the venue's touch. Queue position is not
//! simulated: a trade at the order's price fills
//! nothing. What replaces and cancels become is in [`super::answers`].
//!
//! Invariant: an order holds its slot until the card has freed it.

use super::answers::Mail;
use crate::config::InstrumentConfig;
use anyhow::{Context, Result};
use crossgate_contract::command;
use crossgate_feed::Trade;
use crossgate_instrument::{Lots, Side, Ticks};
use crossgate_risk::Position;
use std::collections::BTreeMap;

/// An order that the flow wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Intent {
    pub(super) instrument: usize,
    pub(super) side: Side,
    /// Which of the quotes of its side, the best first.
    pub(super) level: usize,
    pub(super) price: Ticks,
    pub(super) lots: Lots,
    /// Immediate-or-cancel: take at most this many lots at this price now.
    pub(super) take: Option<(Lots, Ticks)>,
}

/// An accepted order, as its venue has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resting {
    pub(super) instrument: usize,
    pub(super) side: Side,
    pub(super) price: Ticks,
    pub(super) lots: Lots,
    pub(super) filled: Lots,
    pub(super) generation: u16,
    /// A replace that the venue has not answered.
    pub(super) asked: Option<Asked>,
    /// A cancel was sent.
    pub(super) closing: bool,
}

/// What a replace asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) price: Ticks,
    pub(super) lots: Lots,
    /// The lots come on top of those filled.
    pub(super) anew: bool,
}

impl Resting {
    /// The most lots that may be filled in the life of the order, whichever terms hold.
    pub(super) fn reserved(&self) -> Lots {
        match self.asked {
            Some(asked) if asked.anew => self.lots + asked.lots,
            Some(asked) => self.lots.max(asked.lots),
            None => self.lots,
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    generation: u16,
    order: Option<Resting>,
}

/// Where an order stands among those of its instrument and side.
fn key(order: &Resting, slot: u16) -> (i64, u16) {
    (order.price.get(), slot)
}

/// Slots, positions and fills.
pub(super) struct Desk {
    pub(super) account: u16,
    slots: Vec<Slot>,
    free: Vec<u16>,
    /// Open orders by instrument, side and price, so that a trade finds those it goes through.
    open: Vec<[BTreeMap<(i64, u16), ()>; 2]>,
    /// Positions by configuration index of the instrument.
    pub(super) positions: Vec<Position>,
    /// Fills so far.
    pub(super) fills: u64,
    /// What the venues have not answered yet.
    pub(super) mail: Mail,
}

impl Desk {
    pub(super) fn new(account: u16, slots: usize, instruments: usize) -> Result<Self> {
        let count = u16::try_from(slots.min(usize::from(u16::MAX)))?;
        Ok(Self {
            account,
            slots: vec![Slot::default(); usize::from(count)],
            free: (0..count).rev().collect(),
            open: (0..instruments).map(|_| Default::default()).collect(),
            positions: (0..instruments).map(Position::flat).collect(),
            fills: 0,
            mail: Mail::default(),
        })
    }

    /// The ORDER command of an intent and the slot it takes; `None` when every slot is taken.
    pub(super) fn order(&mut self, intent: &Intent, tag: u32) -> Result<Option<command::Order>> {
        let Some(slot) = self.free.pop() else { return Ok(None) };
        let generation = self.slots[usize::from(slot)].generation.wrapping_add(1);
        Ok(Some(command::Order {
            side: side_bit(intent.side),
            check: false,
            tif: u8::from(intent.take.is_some()),
            account: self.account,
            instrument: u16::try_from(intent.instrument)?,
            slot,
            lots: u64::try_from(intent.lots.get())?,
            generation,
            price: u32::try_from(intent.price.get()).context("order price")?,
            tag,
            cookie: 0,
        }))
    }

    /// The gate's answer to an order of [`Desk::order`].
    pub(super) fn decided(&mut self, order: &command::Order, intent: &Intent, accepted: bool) {
        if !accepted {
            self.free.push(order.slot);
            return;
        }
        let slot = &mut self.slots[usize::from(order.slot)];
        slot.generation = order.generation;
        slot.order = Some(Resting {
            instrument: intent.instrument,
            side: intent.side,
            price: intent.price,
            lots: intent.lots,
            filled: Lots::ZERO,
            generation: order.generation,
            asked: None,
            closing: false,
        });
        self.open[intent.instrument][intent.side.index()].insert((intent.price.get(), order.slot), ());
    }

    /// An open order.
    pub(super) fn resting(&self, slot: u16) -> Option<&Resting> {
        self.slots.get(usize::from(slot))?.order.as_ref()
    }

    /// The same, to be changed.
    pub(super) fn resting_mut(&mut self, slot: u16) -> Option<&mut Resting> {
        self.slots.get_mut(usize::from(slot))?.order.as_mut()
    }

    /// Gives an open order other terms.
    pub(super) fn change(&mut self, slot: u16, price: Ticks, lots: Lots) {
        let Some(order) = self.slots[usize::from(slot)].order.as_mut() else { return };
        let orders = &mut self.open[order.instrument][order.side.index()];
        orders.remove(&key(order, slot));
        (order.price, order.lots) = (price, lots);
        orders.insert(key(order, slot), ());
    }

    /// Orders that a trade goes through, with the lots of each that it fills; the best price first.
    pub(super) fn struck(&self, trade: &Trade) -> Vec<(u16, Lots)> {
        let price = trade.price.get();
        let mut left = trade.quantity.get();
        let mut struck = Vec::new();
        let Some(sides) = self.open.get(trade.instrument) else { return struck };
        let mut take = |slot: u16| {
            let leaves = self.resting(slot).map_or(0, |order| (order.lots - order.filled).get());
            let lots = left.min(leaves);
            if lots > 0 {
                left -= lots;
                struck.push((slot, Lots::new(lots)));
            }
        };
        match trade.aggressor {
            Side::Ask => sides[0].range((price + 1, 0)..).rev().for_each(|((_, slot), ())| take(*slot)),
            Side::Bid => sides[1].range(..(price, 0)).for_each(|((_, slot), ())| take(*slot)),
        }
        struck
    }

    /// Books a fill and returns the FILL command; the order closes when nothing can come any more.
    pub(super) fn fill(
        &mut self,
        slot: u16,
        lots: Lots,
        price: Ticks,
        config: &InstrumentConfig,
        maker: bool,
    ) -> Result<command::Fill> {
        let entry = &mut self.slots[usize::from(slot)];
        let order = entry.order.as_mut().context("a fill of a slot without an order")?;
        order.filled = order.filled + lots;
        let filled = *order;
        let fee = if maker { config.maker_fee } else { config.taker_fee };
        self.positions[filled.instrument].fill(&config.instrument, filled.side, lots, price, fee)?;
        self.fills += 1;
        if filled.filled == filled.reserved() {
            self.close(slot);
        }
        Ok(command::Fill {
            side: side_bit(filled.side),
            account: self.account,
            instrument: u16::try_from(filled.instrument)?,
            slot,
            cumulative: u64::try_from(filled.filled.get())?,
            generation: filled.generation,
            price: u32::try_from(price.get())?,
        })
    }

    /// The venue closes the rest of an order: the CANCELLED command.
    pub(super) fn cancelled(&mut self, slot: u16) -> Result<Option<command::Cancelled>> {
        let Some(order) = self.resting(slot).copied() else { return Ok(None) };
        self.close(slot);
        Ok(Some(command::Cancelled {
            account: self.account,
            instrument: u16::try_from(order.instrument)?,
            slot,
            cumulative: u64::try_from(order.filled.get())?,
            generation: order.generation,
        }))
    }

    pub(super) fn close(&mut self, slot: u16) {
        if let Some(order) = self.slots[usize::from(slot)].order.take() {
            self.open[order.instrument][order.side.index()].remove(&key(&order, slot));
            self.free.push(slot);
        }
    }

    /// Lots that the open bids and asks of one instrument may still fill.
    pub(super) fn open_lots(&self, instrument: usize) -> [i64; 2] {
        let leaves = |slot: u16| self.resting(slot).map_or(0, |order| (order.reserved() - order.filled).get());
        [0, 1].map(|side: usize| self.open[instrument][side].keys().map(|(_, slot)| leaves(*slot)).sum())
    }

    /// Open slots of one instrument.
    pub(super) fn open_slots_of(&self, instrument: usize) -> Vec<u16> {
        self.open[instrument].iter().flat_map(|orders| orders.keys().map(|(_, slot)| *slot)).collect()
    }
}

/// The wire value of a side.
pub(super) const fn side_bit(side: Side) -> u8 {
    match side {
        Side::Bid => 0,
        Side::Ask => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn trade(price: i64, lots: i64, aggressor: Side) -> Trade {
        Trade {
            instrument: 0,
            price: Ticks::new(price),
            quantity: Lots::new(lots),
            aggressor,
            id: 1,
            exchange_ns: None,
            local_ns: 0,
            historical: false,
        }
    }

    fn rest(desk: &mut Desk, side: Side, price: i64, lots: i64) -> u16 {
        let intent =
            Intent { instrument: 0, side, level: 0, price: Ticks::new(price), lots: Lots::new(lots), take: None };
        let order = desk.order(&intent, 0).unwrap().unwrap();
        desk.decided(&order, &intent, true);
        order.slot
    }

    #[test]
    fn a_trade_through_the_price_fills_and_one_at_the_price_does_not() {
        let mut desk = Desk::new(0, 8, 1).unwrap();
        let near = rest(&mut desk, Side::Bid, 100, 5);
        let far = rest(&mut desk, Side::Bid, 98, 5);
        assert!(desk.struck(&trade(100, 9, Side::Ask)).is_empty());
        assert_eq!(desk.struck(&trade(99, 9, Side::Ask)), [(near, Lots::new(5))]);
        assert_eq!(desk.struck(&trade(90, 7, Side::Ask)), [(near, Lots::new(5)), (far, Lots::new(2))]);
        assert!(desk.struck(&trade(90, 7, Side::Bid)).is_empty());
        let ask = rest(&mut desk, Side::Ask, 110, 3);
        assert!(desk.struck(&trade(110, 7, Side::Bid)).is_empty());
        assert_eq!(desk.struck(&trade(111, 7, Side::Bid)), [(ask, Lots::new(3))]);
    }

    #[test]
    fn generations_rise_and_a_full_fill_frees_the_slot() {
        let config = Config::load(None).unwrap();
        let mut desk = Desk::new(0, 1, 1).unwrap();
        let slot = rest(&mut desk, Side::Bid, 600_000, 5);
        let intent = Intent {
            instrument: 0,
            side: Side::Bid,
            level: 0,
            price: Ticks::new(600_000),
            lots: Lots::new(1),
            take: None,
        };
        assert!(desk.order(&intent, 0).unwrap().is_none());
        let half = desk.fill(slot, Lots::new(2), Ticks::new(600_000), &config.instruments[0], true).unwrap();
        assert_eq!((half.cumulative, half.generation), (2, 1));
        let rest = desk.fill(slot, Lots::new(3), Ticks::new(600_000), &config.instruments[0], true).unwrap();
        assert_eq!(rest.cumulative, 5);
        assert_eq!(desk.positions[0].lots, Lots::new(5));
        let next = desk.order(&intent, 0).unwrap().unwrap();
        assert_eq!((next.slot, next.generation), (slot, 2));
    }

    #[test]
    fn a_rejected_order_keeps_its_generation() {
        let mut desk = Desk::new(0, 1, 1).unwrap();
        let intent =
            Intent { instrument: 0, side: Side::Ask, level: 0, price: Ticks::new(7), lots: Lots::new(1), take: None };
        let order = desk.order(&intent, 0).unwrap().unwrap();
        desk.decided(&order, &intent, false);
        assert_eq!(desk.order(&intent, 0).unwrap().unwrap().generation, order.generation);
    }
}
