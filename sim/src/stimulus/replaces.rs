//! Replaces with the venue's answers, and cancels of one order and of many.

use super::orders::LOTS_MOST;
use super::Stimulus;
use crate::model::OrderSlot;
use crossgate_contract::command::{scope, Cancel, MassCancel, Refused, Replace, Replaced};

/// While egress is held no more than these are queued, because with 16 nothing but their leaving helps.
const HELD_MASS_CANCELS_MOST: usize = 14;

impl Stimulus {
    /// A REPLACE near the order as it is.
    pub(super) fn replace(&mut self) {
        let Some((slot, open)) = self.draw_open() else { return };
        let product = self.product(open.instrument);
        let unit = 1 << product.shift;
        let lots = match self.random.below(10) {
            0 | 1 => open.lots,
            2 => open.cumulative + 1,
            3 => open.cumulative,
            4 => open.lots.saturating_sub(unit),
            5 | 6 => open.lots + 1 + self.random.below(unit),
            7 if self.edge() => self.random.pick(&[0, LOTS_MOST, (1 << 39) - 1, (1 << 39) - open.lots]),
            _ => self.draw_lots(&product),
        };
        let tag = self.next_tag();
        let mut replace = Replace {
            anew: self.random.chance(45),
            account: open.account,
            instrument: open.instrument,
            slot,
            lots: lots.min(LOTS_MOST),
            generation: open.generation,
            price: if self.random.chance(30) { open.price } else { self.draw_price(&product) },
            tag: u32::try_from(tag & 0xffff_ffff).unwrap_or(0),
            cookie: self.random.bits() >> 16,
        };
        match self.random.below(100) {
            0 => replace.account = self.draw_u16(u16::MAX),
            1 => replace.instrument = self.draw_u16(u16::MAX),
            2 => replace.slot = self.draw_u16(u16::MAX),
            3 => replace.generation = self.draw_u16(u16::MAX),
            4 => replace.account = self.draw_account(),
            _ => {}
        }
        self.send(replace);
    }

    /// REPLACED or REFUSED, mostly of a REPLACE that is pending.
    pub(super) fn answer(&mut self) {
        let pending = self.draw_order_slot(|order| order.replace.is_some());
        let Some((slot, order)) = pending.or_else(|| self.draw_open().filter(|_| self.random.chance(5))) else {
            return;
        };
        let OrderSlot { account, instrument, generation, .. } = order;
        let events = if self.random.chance(45) {
            let mut refused = Refused { account, instrument, slot, generation };
            match self.random.below(100) {
                0 => refused.account = self.draw_account(),
                1 => refused.instrument = self.draw_u16(u16::MAX),
                2 => refused.slot = self.draw_u16(u16::MAX),
                3 => refused.generation = self.draw_u16(u16::MAX),
                _ => {}
            }
            self.send(refused)
        } else {
            let drawn = self.random.below(order.lots + 2);
            let mut replaced = Replaced { account, instrument, slot, cumulative: order.cumulative, generation };
            match self.random.below(100) {
                0 => replaced.account = self.draw_u16(u16::MAX),
                1 => replaced.instrument = self.draw_instrument(),
                2 => replaced.slot = self.draw_slot(),
                3 => replaced.generation = self.draw_u16(u16::MAX),
                4 => replaced.cumulative = self.random.below(1 << 40),
                5..12 => replaced.cumulative = drawn.min(LOTS_MOST),
                _ => {}
            }
            self.send(replaced)
        };
        self.release_halts(&events);
    }

    pub(super) fn cancel(&mut self) {
        let slot = self.draw_slot();
        let any = self.model.order_slot(slot).map(|order| (slot, order));
        let Some((slot, order)) = self.draw_open().filter(|_| self.random.chance(85)).or(any) else { return };
        let mut cancel = Cancel {
            account: order.account,
            instrument: order.instrument,
            slot,
            generation: order.generation,
            tag: self.draw_u32(u32::MAX),
            cookie: self.random.bits() >> 16,
        };
        match self.random.below(40) {
            0 => cancel.account = self.draw_u16(u16::MAX),
            1 => cancel.instrument = self.draw_instrument(),
            2 => cancel.slot = self.draw_u16(u16::MAX),
            3 => cancel.generation = cancel.generation.wrapping_add(1),
            _ => {}
        }
        self.send(cancel);
        if self.random.chance(20) {
            self.send(cancel);
        }
    }

    pub(super) fn mass_cancel(&mut self) {
        if self.model.queued_mass_cancels() >= HELD_MASS_CANCELS_MOST {
            return;
        }
        let scope = u8::try_from(self.random.below(5)).unwrap_or(0);
        let any = self.draw_u16(u16::MAX);
        let index = match scope {
            _ if self.random.chance(15) => any,
            scope::ACCOUNT => self.draw_account(),
            scope::INSTRUMENT => self.draw_instrument(),
            scope::VENUE => self.draw_index(self.sizes.venues),
            _ => any,
        };
        let (tag, cookie) = (self.draw_u32(u32::MAX), self.random.bits() >> 16);
        self.send(MassCancel { scope, index, tag, cookie });
    }
}
