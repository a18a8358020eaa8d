//! Bursts of orders, fills, cancels and positions, with market data beside them.

use super::{Product, Stimulus};
use crate::model::OrderSlot;
use crossgate_contract::command::{Cancelled, Fill, Order, Position};
use crossgate_contract::{Event, Window};

pub(super) const LOTS_MOST: u64 = (1 << 40) - 1;

impl Stimulus {
    pub(super) fn trade(&mut self) {
        let market_beside = !self.looks_at_books && self.random.chance(50);
        for _ in 0..1 + self.random.below(60) {
            match self.random.below(100) {
                0..38 => self.order(),
                38..56 => self.fill(),
                56..66 => self.cancelled(),
                66..76 => self.replace(),
                76..85 => self.answer(),
                85..89 => self.cancel(),
                89..91 => self.mass_cancel(),
                91..94 => self.position(),
                94..96 => self.fence(Window::Orders),
                _ => {}
            }
            if market_beside && self.random.chance(40) {
                self.market_command();
            }
        }
    }

    pub(super) fn product(&self, instrument: u16) -> Product {
        let unknown = Product {
            venue: 0,
            book: 0,
            touch_ticks: 0,
            shift: 0,
            lots_max: 5,
            price: 1_000,
            exponent: 0,
            tick: 100,
            loss: 100,
        };
        self.products.get(&instrument).copied().unwrap_or(unknown)
    }

    /// A price near the product's, now and then far from it.
    pub(super) fn draw_price(&mut self, product: &Product) -> u32 {
        if self.edge() {
            return self.random.pick(&[0, 1, u32::MAX, product.price.saturating_add(1 << 17)]);
        }
        let near = self.random.pick(&[2, 2, 5, 20, 200, 70_000]);
        let offset = self.random.between(-near, near);
        product.price.saturating_add_signed(i32::try_from(offset).unwrap_or(0)).max(1)
    }

    pub(super) fn draw_lots(&mut self, product: &Product) -> u64 {
        if self.edge() {
            return self.random.pick(&[0, 1, LOTS_MOST, 1 << 39, (1 << 17) << product.shift.min(22)]);
        }
        if self.random.chance(60) {
            let unit = 1 << product.shift;
            return 1 + self.random.below(product.lots_max.min(self.random.clone().pick(&[unit, 4 * unit, 60 * unit])));
        }
        let most = self.random.pick(&[2, 2, 10, 10, 400, 100_000]) << self.random.pick(&[0, product.shift]);
        1 + self.random.below(most.min(LOTS_MOST))
    }

    fn order(&mut self) {
        let instrument = self.draw_instrument();
        let product = self.product(instrument);
        let slot = self.draw_slot();
        let generation = self.next_generation(slot);
        let tag = self.next_tag();
        let mut order = Order {
            side: u8::from(self.random.chance(50)),
            check: self.random.chance(8),
            tif: self.random.pick(&[0, 0, 1, 2]),
            account: self.draw_account(),
            instrument,
            slot,
            lots: self.draw_lots(&product),
            generation,
            price: self.draw_price(&product),
            tag: u32::try_from(tag & 0xffff_ffff).unwrap_or(0),
            cookie: self.random.bits() >> 16,
        };
        match self.random.below(100) {
            0 => order.account = self.draw_u16(u16::MAX),
            1 => order.instrument = self.draw_u16(u16::MAX),
            2 => order.slot = self.draw_u16(u16::MAX),
            3 => order.generation = self.draw_u16(u16::MAX),
            4 => order.tif = 3,
            _ => {}
        }
        self.send(order);
    }

    /// Leaves a ledger of a position little room and closes parts of the position, near its mark.
    pub(super) fn close_positions(&mut self) {
        let held: Vec<_> =
            self.positions.iter().filter(|(_, lots)| **lots != 0).map(|(cell, lots)| (*cell, *lots)).collect();
        if held.is_empty() {
            return self.trade();
        }
        let ((account, instrument), lots) = self.random.pick(&held);
        let product = self.product(instrument);
        let venue = self.ledgers.get(&(account, product.venue)).copied();
        if self.random.chance(60) {
            self.tighten(false, account);
        }
        if let Some(ledger) = venue.filter(|_| self.random.chance(60)) {
            self.tighten(true, ledger);
        }
        self.settle();
        for _ in 0..1 + self.random.below(8) {
            let slot = self.draw_slot();
            let near = self.random.pick(&[2, 10, 60]);
            let offset = i32::try_from(self.random.between(-near, near)).unwrap_or(0);
            let part = self.random.pick(&[1, 2, 8, 8]);
            let order = Order {
                side: u8::from(lots > 0),
                check: self.random.chance(30),
                account,
                instrument,
                slot,
                lots: (1 + self.random.below(lots.unsigned_abs() / part + 1)).min(LOTS_MOST),
                generation: self.next_generation(slot),
                price: product.price.saturating_add_signed(offset).max(1),
                ..Default::default()
            };
            self.send(order);
        }
    }

    fn next_generation(&self, slot: u16) -> u16 {
        self.model.order_slot(slot).map_or(1, |order| order.generation.wrapping_add(1))
    }

    /// A slot whose order is like that, if the drawn slots hold one; now and then one that is free again.
    pub(super) fn draw_order_slot(&mut self, wanted: impl Fn(&OrderSlot) -> bool) -> Option<(u16, OrderSlot)> {
        let freed_too = self.random.chance(6);
        (0..6).find_map(|_| {
            let slot = self.draw_slot();
            let order = self.model.order_slot(slot)?;
            (wanted(&order) || freed_too).then_some((slot, order))
        })
    }

    /// An open order with its slot.
    pub(super) fn draw_open(&mut self) -> Option<(u16, OrderSlot)> {
        self.draw_order_slot(|order| order.busy)
    }

    fn fill(&mut self) {
        let Some((slot, open)) = self.draw_open() else { return };
        let generation = open.generation;
        let leaves = open.lots - open.cumulative;
        // What would be left without or with a REPLACE, so that nothing is when the venue answers.
        let asked = self.random.chance(40);
        let before = open.replace.and_then(|replace| {
            let lots = if asked { replace.lots_asked } else { replace.lots_before };
            lots.checked_sub(open.cumulative)
        });
        let step = match (self.random.below(10), before) {
            (0..3, Some(before)) => before,
            (0..4, _) => leaves,
            (4..8, _) => 1 + self.random.below(leaves),
            _ => 0,
        };
        let product = self.product(open.instrument);
        let mut fill = Fill {
            side: open.side,
            account: open.account,
            instrument: open.instrument,
            slot,
            cumulative: open.cumulative + step,
            generation,
            price: if self.random.chance(70) { open.price } else { self.draw_price(&product) },
        };
        match self.random.below(200) {
            0 => fill.account = self.draw_u16(u16::MAX),
            1 => fill.instrument = self.draw_index(self.sizes.instruments),
            2 => fill.slot = self.draw_slot(),
            3 => fill.generation = self.draw_u16(u16::MAX),
            4 => fill.side ^= 1,
            5 => fill.cumulative = self.random.below(1 << 40),
            6 => fill.cumulative = open.lots + 1,
            7 => fill.cumulative = self.random.below(open.cumulative + 1),
            _ => {}
        }
        fill.cumulative = fill.cumulative.min(LOTS_MOST);
        let events = self.send(fill);
        self.release_halts(&events);
    }

    fn cancelled(&mut self) {
        let Some((slot, open)) = self.draw_open() else { return };
        let generation = open.generation;
        let leaves = open.lots - open.cumulative;
        let mut cancelled = Cancelled {
            account: open.account,
            instrument: open.instrument,
            slot,
            cumulative: open.cumulative + if self.random.chance(70) { 0 } else { self.random.below(leaves + 1) },
            generation,
        };
        match self.random.below(200) {
            0 => cancelled.account = self.draw_u16(u16::MAX),
            1 => cancelled.instrument = self.draw_u16(u16::MAX),
            2 => cancelled.slot = self.draw_u16(u16::MAX),
            3 => cancelled.generation = self.draw_u16(u16::MAX),
            4 => cancelled.cumulative = self.random.below(1 << 40),
            5 => cancelled.cumulative = open.cumulative.saturating_sub(1),
            _ => {}
        }
        let events = self.send(cancelled);
        self.release_halts(&events);
    }

    fn position(&mut self) {
        let instrument = self.draw_instrument();
        let product = self.product(instrument);
        let account = self.draw_account();
        let lots = if self.edge() {
            self.random.pick(&[-(1 << 39), (1 << 39) - 1, 0, 1, -1])
        } else {
            let most = self.random.pick(&[0, 5, 1_000]) << product.shift.min(22);
            self.random.between(-most, most)
        };
        let price = self.draw_price(&product);
        self.send(Position { account, instrument, lots, price });
    }

    /// Faults of fills halt the account for good; most of the time the host releases it at once.
    pub(super) fn release_halts(&mut self, events: &[Event]) {
        if matches!(events, [Event::FaultRaised(_)]) && self.random.chance(90) {
            self.settle();
            self.release_accounts();
            self.settle();
        }
    }
}
