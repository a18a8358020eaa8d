//! Banks and live collateral.

use super::{Product, Stimulus};
use crossgate_contract::command::{
    BankBase, BankBox, BankCollateral, BankLanes, BankLoss, BankMark, BankOffset, Collateral, Commit, Marks,
};
use crossgate_contract::{width, Window};
use std::collections::BTreeSet;

const TICK_MOST: u32 = (1 << width::TICK_BITS) - 1;
const LOSS_MOST: i64 = (1 << (width::LOSS_BITS - 1)) - 1;
const MONEY_MOST: i64 = (1 << (width::MONEY_BITS - 1)) - 1;

fn narrow(value: i64) -> i32 {
    i32::try_from(value.clamp(-LOSS_MOST - 1, LOSS_MOST)).unwrap_or(0)
}

impl Stimulus {
    /// Prepares the next bank, whole or with rows left out or out of order, sometimes with fills between MARKS and
    /// COMMIT, and mostly commits it.
    pub(super) fn bank(&mut self, whole: bool) {
        if !whole && self.random.chance(50) {
            // Whatever random words gathered is emptied.
            self.send(Commit::default());
            self.rows.commit(Commit::default());
        }
        let epoch = self.model.epoch() + if whole || self.random.chance(90) { 1 } else { self.draw_u32(5) };
        // Percent of the rows that are left out, and of places where something is out of order.
        let (missing, disorder) =
            if whole { (0, 0) } else { self.random.pick(&[(0, 0), (0, 0), (0, 3), (2, 1), (40, 2)]) };
        let products: Vec<_> = self.products.iter().map(|(instrument, product)| (*instrument, *product)).collect();
        for (instrument, product) in &products {
            self.send_unless(missing, |stimulus| stimulus.mark(epoch, *instrument, product));
            let other = self.random.pick(&[0, 1, 2]);
            self.send_if(disorder, |stimulus| stimulus.mark(epoch.saturating_add(other), *instrument, product));
        }
        self.send_unless(missing / 4, |stimulus| drop(stimulus.send(Marks { epoch })));
        self.send_if(disorder, |stimulus| drop(stimulus.send(Marks { epoch: epoch + 1 })));
        self.send_if(disorder, |stimulus| drop(stimulus.send(Marks { epoch })));
        if self.random.chance(30) {
            self.settle();
            self.trade();
            self.settle();
        }
        let unit = self.lane_kinds(epoch);
        for (instrument, product) in &products {
            for lane in (0..self.sizes.lanes).step_by(2) {
                self.send_unless(missing, |stimulus| stimulus.losses(epoch, *instrument, lane, product));
                self.send_if(disorder, |stimulus| stimulus.losses(epoch + 1, *instrument, lane, product));
            }
            self.send_if(disorder, |stimulus| stimulus.mark(epoch, *instrument, product));
        }
        self.base_rows(epoch);
        if self.looks_at_books {
            self.box_rows(epoch);
        }
        let pools = self.accounts.iter().chain(&self.used).map(|account| (false, *account));
        let venues = self.ledgers.values().map(|ledger| (true, *ledger));
        for (venue, ledger) in pools.chain(venues).collect::<BTreeSet<_>>() {
            self.ledger_rows(epoch, venue, ledger, unit, missing);
        }
        self.send_unless(missing / 2, |stimulus| stimulus.commit(epoch, whole));
    }

    fn send_if(&mut self, percent: u64, send: impl FnOnce(&mut Self)) {
        if self.random.chance(percent) {
            send(self);
        }
    }

    fn send_unless(&mut self, percent: u64, send: impl FnOnce(&mut Self)) {
        self.send_if(100 - percent, send);
    }

    /// COMMIT with the CRC and count of what the card stored, or rarely with others.
    fn commit(&mut self, epoch: u32, whole: bool) {
        let as_of_us = if self.timed { self.draw_recent() } else { self.random.bits() >> 16 };
        let deadline_us = self.draw_deadline();
        let epoch = epoch.saturating_add(if self.random.chance(3) { self.draw_u32(3) } else { 0 });
        let mut commit = self.rows.commit(Commit { epoch, as_of_us, deadline_us, ..Default::default() });
        match self.random.below(40) {
            _ if whole => {}
            0 => commit.crc ^= 1 << self.random.below(32),
            1 => commit.rows ^= 1,
            _ => {}
        }
        self.send(commit);
        // Every COMMIT empties the bank that is inactive after it.
        self.rows.commit(Commit::default());
        if self.random.chance(30) {
            self.fence(Window::Control);
        }
    }

    /// Which lanes are REL and which UNIT; returns the UNIT lanes.
    fn lane_kinds(&mut self, epoch: u32) -> u32 {
        if self.random.chance(40) {
            return 0;
        }
        let all = u32::try_from((1u64 << self.sizes.lanes) - 1).unwrap_or(u32::MAX);
        let relative = self.draw_u32(u32::MAX) & self.random.pick(&[0, all, all]);
        let unit = self.draw_u32(u32::MAX) & self.draw_u32(u32::MAX) & self.random.pick(&[0, all, all]);
        let beyond = if self.sizes.lanes < 32 && self.random.chance(3) { 1 << self.sizes.lanes } else { 0 };
        self.send(BankLanes { epoch, relative: relative | beyond, unit });
        if beyond == 0 {
            unit
        } else {
            0
        }
    }

    /// Where the REL lanes count from: mostly the position, or near it.
    fn base_rows(&mut self, epoch: u32) {
        let share = self.random.pick(&[0, 30, 100]);
        for account in self.accounts.clone() {
            for (instrument, product) in self.products.clone() {
                if !self.random.chance(share) {
                    continue;
                }
                let position = self.positions.get(&(account, instrument)).copied().unwrap_or(0);
                let near = self.random.pick(&[0, 0, 5, 1_000]) << product.shift.min(22);
                let base = if self.edge() {
                    self.random.pick(&[-(1 << 39), (1 << 39) - 1, 1 << 20])
                } else {
                    position.saturating_add(self.random.between(-near, near))
                };
                let base = base.clamp(-(1 << 39), (1 << 39) - 1);
                self.used.insert(account);
                self.send(BankBase { account, instrument, epoch, base });
            }
        }
    }

    /// A card time that may come; 0 is none.
    fn draw_deadline(&mut self) -> u64 {
        let soon = (self.time_us + self.random.below(8_000)).min((1 << 48) - 1);
        let past = self.time_us.saturating_sub(1);
        if self.timed {
            self.random.pick(&[0, 0, soon, soon, soon, past])
        } else {
            0
        }
    }

    /// Boxes around the middle of some books, or of a book beyond the build.
    fn box_rows(&mut self, epoch: u32) {
        let share = self.random.pick(&[0, 0, 50, 100]);
        for book in 0..u8::try_from(self.sizes.books).unwrap_or(u8::MAX) {
            if !self.random.chance(share) {
                continue;
            }
            let middle = self.middles[usize::from(book)];
            let width = self.random.pick(&[2, 6, 300, 300]);
            let (mut low, mut high) = (middle.saturating_sub(width), middle.saturating_add(width));
            if self.edge() {
                (low, high) = self.random.pick(&[(0, u32::MAX), (high, low), (middle, middle)]);
            }
            let book = if self.random.chance(2) { u8::MAX } else { book };
            self.send(BankBox { book, epoch, low, high });
        }
    }

    fn mark(&mut self, epoch: u32, instrument: u16, product: &Product) {
        let drift = i32::try_from(self.random.between(-30, 30)).unwrap_or(0);
        let price = product.price.saturating_add_signed(drift).max(1);
        let spread = self.draw_u32(8);
        let mut row = BankMark {
            exponent: product.exponent,
            instrument,
            epoch,
            mark_buy: price.saturating_sub(spread),
            mark_sell: price.saturating_add(spread),
            tick_buy: product.tick.min(TICK_MOST),
            tick_sell: (product.tick + self.draw_u32(3)).min(TICK_MOST),
        };
        if self.edge() {
            match self.random.below(5) {
                0 => row.mark_buy = 0,
                1 => row.mark_sell = u32::MAX,
                2 => row.tick_buy = TICK_MOST,
                3 => row.tick_sell = 0,
                _ => std::mem::swap(&mut row.mark_buy, &mut row.mark_sell),
            }
        }
        self.send(row);
    }

    fn losses(&mut self, epoch: u32, instrument: u16, lane: usize, product: &Product) {
        let mut pair = || {
            let long = self.random.between(-product.loss, product.loss);
            (narrow(long), narrow(-long + self.random.between(0, 3)))
        };
        let ((long_0, short_0), (long_1, mut short_1)) = (pair(), pair());
        if self.edge() {
            short_1 = narrow(self.random.between(-i64::from(long_1), LOSS_MOST));
        }
        if self.random.below(300) == 0 {
            // Less than nothing in sum, which COMMIT refuses.
            short_1 = narrow(-i64::from(long_1) - 1);
        }
        let lane = u8::try_from(lane).unwrap_or(0);
        self.send(BankLoss { lane, instrument, epoch, long_0, short_0, long_1, short_1 });
    }

    fn ledger_rows(&mut self, epoch: u32, venue: bool, ledger: u16, unit: u32, missing: u64) {
        for lane in 0..u8::try_from(self.sizes.lanes).unwrap_or(0) {
            let most = 1i64 << (self.collateral_log2 - 3);
            let offset = if self.edge() {
                self.random.between(-MONEY_MOST - 1, MONEY_MOST)
            } else if unit >> lane & 1 == 1 {
                -self.random.between(-8, most)
            } else {
                self.random.between(-most, most)
            };
            self.send_unless(missing, |stimulus| {
                drop(stimulus.send(BankOffset { lane, ledger, venue, epoch, offset }))
            });
        }
        let (collateral, reserve) = self.draw_collateral();
        let y_included = if self.random.chance(70) { 0 } else { self.random.below(1 << (self.collateral_log2 / 2)) };
        let row = BankCollateral { venue, ledger, epoch, collateral, reserve, y_included };
        self.send_unless(missing, |stimulus| drop(stimulus.send(row)));
    }

    fn draw_collateral(&mut self) -> (i64, u64) {
        if self.edge() {
            return (self.random.between(-MONEY_MOST - 1, MONEY_MOST), self.random.below(1 << 47));
        }
        let most = 1 << self.collateral_log2.min(46);
        (self.random.between(-most / 16, most), self.random.below(1 + (most.unsigned_abs() >> 5)))
    }

    /// A ledger that is in use, or rarely any.
    fn draw_ledger(&mut self) -> (bool, u16) {
        if self.ledgers.is_empty() || self.random.chance(50) {
            return (false, self.draw_account());
        }
        let index = self.random.index(self.ledgers.len());
        let known = self.ledgers.values().nth(index).copied().unwrap_or(0);
        (true, if self.random.chance(3) { self.draw_u16(u16::MAX) } else { known })
    }

    /// Publishes a collateral that leaves little room, or lacks a little, in a ledger of the active bank.
    pub(super) fn tighten(&mut self, venue: bool, ledger: u16) {
        let most = 1 << self.random.below(self.collateral_log2);
        let collateral = self.random.between(-most, most);
        let epoch = self.model.epoch();
        self.send(Collateral { venue, ledger, epoch, collateral, ..Default::default() });
    }

    /// Publishes of live collateral, most of them for the active epoch.
    pub(super) fn live(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            let (collateral, reserve) = self.draw_collateral();
            let wrong = u32::from(self.random.chance(10));
            let y_included =
                if self.random.chance(60) { 0 } else { self.random.below(1 << self.random.clone().below(40)) };
            let (venue, ledger) = self.draw_ledger();
            let most = self.random.pick(&[0, 2, 30, u16::MAX]);
            let age_ms = self.draw_u16(most);
            let live = Collateral {
                venue,
                ledger,
                epoch: self.model.epoch().saturating_add(wrong),
                collateral,
                age_ms,
                reserve,
                y_included,
            };
            self.send(live);
        }
    }
}
