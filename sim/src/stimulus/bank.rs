//! Banks, live collateral, static rows and halts.

use super::{Product, Stimulus};
use crossgate_contract::command::{
    scope, Account, BankCollateral, BankLoss, BankMark, BankOffset, Collateral, Commit, Halt, Marks,
};
use crossgate_contract::{width, Window};

const TICK_MOST: u32 = (1 << width::TICK_BITS) - 1;
const LOSS_MOST: i64 = (1 << (width::LOSS_BITS - 1)) - 1;
const MONEY_MOST: i64 = (1 << (width::MONEY_BITS - 1)) - 1;

fn narrow(value: i64) -> i32 {
    i32::try_from(value.clamp(-LOSS_MOST - 1, LOSS_MOST)).unwrap_or(0)
}

impl Stimulus {
    /// Prepares the next bank, whole or with rows left out, sometimes with fills between MARKS and COMMIT, and mostly
    /// commits it.
    pub(super) fn bank(&mut self, whole: bool) {
        let epoch = self.model.epoch() + if self.random.chance(90) { 1 } else { self.draw_u32(5) };
        let products: Vec<_> = self.products.iter().map(|(instrument, product)| (*instrument, *product)).collect();
        for (instrument, product) in &products {
            if whole || self.random.chance(60) {
                self.mark(epoch, *instrument, product);
            }
        }
        if whole || self.random.chance(90) {
            self.send(Marks { epoch });
        }
        if self.random.chance(30) {
            self.settle();
            self.trade();
            self.settle();
        }
        for (instrument, product) in &products {
            for lane in (0..self.sizes.lanes).step_by(2) {
                if whole || self.random.chance(50) {
                    self.losses(epoch, *instrument, lane, product);
                }
            }
        }
        for account in self.accounts.clone() {
            self.ledger_rows(epoch, account, whole);
        }
        if whole || self.random.chance(80) {
            let wrong = if self.random.chance(4) { self.draw_u32(3) } else { 0 };
            self.commit(epoch.saturating_add(wrong));
        }
    }

    fn commit(&mut self, epoch: u32) {
        let as_of_us = self.random.bits() >> 16;
        let (crc, rows) = (self.draw_u32(u32::MAX), self.draw_u32(u32::MAX));
        self.send(Commit { epoch, crc, rows, as_of_us, deadline_us: 0 });
        if self.random.chance(30) {
            self.fence(Window::Control);
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

    /// Collateral is always written: what was live two epochs ago is not the host's to rely on.
    fn ledger_rows(&mut self, epoch: u32, account: u16, whole: bool) {
        for lane in 0..u8::try_from(self.sizes.lanes).unwrap_or(0) {
            if whole || self.random.chance(30) {
                let most = 1i64 << (self.collateral_log2 - 3);
                let offset = if self.edge() {
                    self.random.between(-MONEY_MOST - 1, MONEY_MOST)
                } else {
                    self.random.between(-most, most)
                };
                self.send(BankOffset { lane, ledger: account, epoch, offset, ..Default::default() });
            }
        }
        let (collateral, reserve) = self.draw_collateral();
        let y_included = if self.random.chance(70) { 0 } else { self.random.below(1 << (self.collateral_log2 / 2)) };
        self.send(BankCollateral { venue: false, ledger: account, epoch, collateral, reserve, y_included });
    }

    fn draw_collateral(&mut self) -> (i64, u64) {
        if self.edge() {
            return (self.random.between(-MONEY_MOST - 1, MONEY_MOST), self.random.below(1 << 47));
        }
        let most = 1 << self.collateral_log2.min(46);
        (self.random.between(-most / 16, most), self.random.below(1 + (most.unsigned_abs() >> 5)))
    }

    /// Publishes of live collateral, most of them for the active epoch.
    pub(super) fn live(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            let (collateral, reserve) = self.draw_collateral();
            let wrong = u32::from(self.random.chance(10));
            let y_included =
                if self.random.chance(60) { 0 } else { self.random.below(1 << self.random.clone().below(40)) };
            let live = Collateral {
                venue: self.random.chance(2),
                ledger: self.draw_account(),
                epoch: self.model.epoch().saturating_add(wrong),
                collateral,
                age_ms: self.draw_u16(u16::MAX),
                reserve,
                y_included,
            };
            self.send(live);
        }
    }

    /// New static rows and halts.
    pub(super) fn tables(&mut self) {
        for _ in 0..1 + self.random.below(5) {
            match self.random.below(4) {
                0 => self.draw_product(),
                1 => {
                    let (account, lane_mask) = (self.draw_account(), self.draw_u32(u32::MAX));
                    self.send(Account { account, lane_mask, ..Default::default() });
                }
                _ => {
                    let halted = self.random.chance(50);
                    let (scope, index) = match self.random.below(6) {
                        0 => (scope::GLOBAL, self.draw_u16(u16::MAX)),
                        1 => (scope::VENUE, 0),
                        2 | 3 => (scope::ACCOUNT, self.draw_account()),
                        _ => (scope::INSTRUMENT, self.draw_instrument()),
                    };
                    self.send(Halt { scope, index, halted });
                }
            }
        }
        if self.random.chance(80) {
            self.release_accounts();
            self.send(Halt { scope: scope::GLOBAL, index: 0, halted: false });
            for instrument in self.products.keys().copied().collect::<Vec<_>>() {
                self.send(Halt { scope: scope::INSTRUMENT, index: instrument, halted: false });
            }
        }
    }

    pub(super) fn release_accounts(&mut self) {
        for index in self.accounts.clone() {
            self.send(Halt { scope: scope::ACCOUNT, index, halted: false });
        }
    }
}
