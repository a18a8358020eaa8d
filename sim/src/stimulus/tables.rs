//! Static rows, halts and reads.

use super::{Product, Stimulus};
use crossgate_contract::command::{scope, Account, Halt, Instrument, InstrumentLimits, Read, VenueLedger};
use crossgate_contract::table::Table;

impl Stimulus {
    pub(super) fn draw_product(&mut self) {
        let instrument = self.draw_index(self.sizes.instruments);
        let product = match self.products.get(&instrument) {
            Some(known) => *known,
            None => self.new_product(),
        };
        let unit = 1u64 << product.shift;
        let lots_max = (unit * self.random.pick(&[3, 50, 5_000, 1 << 20])).min((1 << 40) - 1);
        self.products.insert(instrument, Product { lots_max, ..product });
        let row = Instrument {
            venue: product.venue,
            book: product.book,
            shift: product.shift,
            instrument,
            lots_min: self.random.pick(&[0, 1, 1, unit]),
            collar: self.random.pick(&[5, 40, 1_000, (1 << 24) - 1]),
            lots_max,
            crossed_max: self.random.pick(&[0, 3, 3, (1 << 24) - 1]),
            position_cap: lots_max.saturating_mul(self.random.pick(&[1, 4, 1_000])).min((1 << 40) - 1),
        };
        self.send(row);
        let notional_max = self.draw_notional_max(&product);
        if self.random.chance(97) {
            let touch_ticks = if self.random.chance(15) { 0 } else { product.touch_ticks };
            self.send(InstrumentLimits { instrument, notional_max, touch_ticks });
        }
    }

    fn draw_notional_max(&mut self, product: &Product) -> u64 {
        let some = (u64::from(product.price) * (1 + self.random.below(100))) << product.shift.min(20);
        if self.random.chance(self.strict) {
            self.random.pick(&[some, some, 0, 1])
        } else {
            u64::MAX
        }
    }

    fn new_product(&mut self) -> Product {
        let price_most = self.random.pick(&[200, 60_000, 4_000_000]);
        let tick_most = self.random.pick(&[2_000, 2_000, 2_000, 131_070]);
        let book = self.random.index(self.sizes.books);
        let touch_ticks = if self.looks_at_books { self.random.pick(&[1, 1, 10, 100, u16::MAX]) } else { 0 };
        let of_book = self.middles[book].saturating_mul(u32::from(touch_ticks));
        Product {
            venue: u8::try_from(self.random.index(self.sizes.venues)).unwrap_or(0),
            book: u8::try_from(book).unwrap_or(0),
            touch_ticks,
            lots_max: 0,
            shift: self.random.pick(&[0, 0, 1, 2, 5, 12, 31]),
            price: if self.looks_at_books { of_book } else { 1 + self.draw_u32(price_most) },
            exponent: self.random.pick(&[0, 0, 1, 2, 3]),
            tick: 1 + self.draw_u32(tick_most),
            loss: self.random.pick(&[10, 300, 5_000, 131_071]),
        }
    }

    /// The row of an account and, at most venues, of its venue ledger. Few ledgers are used, so that many are shared.
    pub(super) fn draw_account_rows(&mut self, account: u16) {
        let lane_mask = self.draw_mask();
        let mut row = Account { account, lane_mask, open_orders_max: u16::MAX, ..Default::default() };
        if self.random.chance(self.strict) {
            row.open_orders_max = self.random.pick(&[0, 1, 2, 5, 10]);
        }
        if self.timed && self.random.chance(30 + self.strict) {
            row.message_cost_us = self.random.pick(&[1, 100, 2_000, u32::MAX]);
            row.message_burst_us = self.random.pick(&[0, 1_000, 10_000, u32::MAX, u32::MAX]);
        }
        self.send(row);
        for venue in 0..u8::try_from(self.sizes.venues).unwrap_or(0) {
            let ledgers = self.sizes.venue_ledgers.min(self.random.pick(&[2, 4, usize::MAX]));
            let drawn = self.draw_index(ledgers);
            let known = self.ledgers.get(&(account, venue)).copied();
            let fresh = Some(drawn).filter(|_| self.random.chance(93) && !self.used.contains(&account));
            if let Some(ledger) = fresh.or(known) {
                self.ledgers.insert((account, venue), ledger);
                let lane_mask = self.draw_mask();
                self.send(VenueLedger { venue, account, ledger, lane_mask });
            }
        }
    }

    fn draw_mask(&mut self) -> u32 {
        self.random.pick(&[u32::MAX, 1, 0b11, 0]) | u32::from(self.draw_u16(0xffff))
    }

    /// New static rows and halts.
    pub(super) fn tables(&mut self) {
        for _ in 0..1 + self.random.below(5) {
            match self.random.below(4) {
                0 => self.draw_product(),
                1 => {
                    let account = self.draw_account();
                    self.draw_account_rows(account);
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

    /// Reads of hidden state: mostly where something happened.
    pub(super) fn read_burst(&mut self) {
        for _ in 0..1 + self.random.below(24) {
            let table = Table::ALL[self.random.index(Table::ALL.len())].0;
            let account = self.draw_account();
            let instrument = self.draw_instrument();
            let lane = self.draw_index(self.sizes.lanes);
            let (index, sub) = match table {
                Table::Cell => (account, instrument),
                Table::Slot => (self.draw_slot(), self.draw_u16(3)),
                Table::Lane => (account, lane),
                Table::Account => (account, 0),
                Table::Instrument | Table::Mark => (instrument, 0),
                Table::Loss => (instrument, lane),
                Table::Venue => (self.draw_index(self.sizes.venues), 0),
                Table::VenueLane => (self.draw_index(self.sizes.venue_ledgers), lane),
                Table::VenueAccount => (self.draw_index(self.sizes.venue_ledgers), 0),
                Table::VenueLedger => (account, self.draw_index(self.sizes.venues)),
                Table::Base => (account, instrument),
                Table::Pending => (self.draw_slot(), self.draw_u16(3)),
                Table::Rate => (account, 0),
                Table::Limits => (instrument, 0),
                Table::Touch => (self.draw_index(self.sizes.books), self.draw_index(self.sizes.venues)),
                Table::Box => (self.draw_index(self.sizes.books), self.draw_u16(3)),
            };
            let (inactive, tag) = (self.random.chance(30), self.next_tag());
            self.send(Read { table: table as u8, index, sub, inactive, tag });
        }
    }
}
