//! Market data: clustered levels around a wandering base, resets, slides, listings. Where orders look at the books the
//! base stays near a middle and bids are mostly below asks.

use super::Stimulus;
use crossgate_contract::command::{BookState, Depth, Heartbeat, Level, Slide, VenueReset};
use crossgate_contract::{width, Window};

impl Stimulus {
    /// Gives every book a window and enables some venues.
    pub(super) fn open_books(&mut self) {
        for book in 0..self.sizes.books {
            self.slide(u8::try_from(book).unwrap_or(0), true);
            self.book_state(u8::try_from(book).unwrap_or(0));
        }
        if self.looks_at_books {
            for _ in 0..40 * self.sizes.books.min(8) {
                let book = u8::try_from(self.random.index(self.sizes.books)).unwrap_or(0);
                self.level_command(book);
            }
        }
    }

    /// Where the books of this run are.
    pub(super) fn draw_middles(&mut self) {
        let low = u32::try_from(self.sizes.window_ticks).unwrap_or(0);
        self.middles = (0..self.sizes.books).map(|_| low + self.draw_u32(4_000)).collect();
    }

    pub(super) fn market_burst(&mut self) {
        for _ in 0..1 + self.random.below(120) {
            self.market_command();
        }
    }

    /// One well-formed market command; it answers in the market ring only.
    pub(super) fn market_command(&mut self) {
        let book = u8::try_from(self.random.index(self.sizes.books)).unwrap_or(0);
        match self.random.below(200) {
            0..170 => self.level_command(book),
            170..174 => {
                let (venue, tag) = (self.draw_venue(), self.next_tag());
                self.send(VenueReset { venue, book, tag });
                if self.looks_at_books && self.random.chance(70) {
                    self.book_state(book);
                }
            }
            174..178 => {
                let far = self.random.chance(20);
                self.slide(book, far);
            }
            178..186 => self.book_state(book),
            186..192 => {
                let count = if self.random.chance(95) { 1 + self.random.below(6) } else { 255 };
                let tag = self.next_tag();
                self.send(Depth { book, count: u8::try_from(count).unwrap_or(1), tag });
            }
            192..197 => {
                let venue = self.draw_venue();
                let time_us = if self.timed { self.draw_recent() } else { self.random.bits() >> 16 };
                self.send(Heartbeat { venue, time_us });
            }
            _ => self.fence(Window::Market),
        }
    }

    fn draw_venue(&mut self) -> u8 {
        u8::try_from(self.random.index(self.sizes.venues)).unwrap_or(0)
    }

    fn level_command(&mut self, book: u8) {
        let window = i64::try_from(self.sizes.window_ticks).unwrap_or(i64::MAX);
        let side = u8::from(self.random.chance(50));
        let base = i64::from(self.bases[usize::from(book)]);
        let away = i64::try_from(self.random.below(8)).unwrap_or(0) - 1;
        // Close to the middle, anywhere in the window, or just outside of it.
        let price = match self.random.below(10) {
            0..9 if self.looks_at_books => {
                i64::from(self.middles[usize::from(book)]) + if side == 0 { -away } else { away }
            }
            0..6 => base + window / 2 + self.random.between(-6, 6),
            6..9 => base + self.random.between(0, window - 1),
            _ => base + self.random.pick(&[-1, 0, window - 1, window]),
        };
        let quantity = match self.random.below(20) {
            0..8 => 0,
            8..19 => 1 + self.random.below(1_000),
            _ => self.random.pick(&[1, (1 << width::QUANTITY_BITS) - 1]),
        };
        let level = Level {
            side,
            venue: self.draw_venue(),
            book,
            price: u32::try_from(price).unwrap_or(0),
            quantity,
            tag: self.next_tag(),
        };
        self.send(level);
    }

    fn slide(&mut self, book: u8, far: bool) {
        let align = u64::from(width::BASE_ALIGN_TICKS);
        let highest = ((1 << 32) - u64::try_from(self.sizes.window_ticks).unwrap_or(0)) / align;
        let half_window = u64::try_from(self.sizes.window_ticks / 2).unwrap_or(0);
        let old = u64::from(self.bases[usize::from(book)]) / align;
        let step = if self.looks_at_books {
            // The middle stays in the window.
            let least = u64::from(self.middles[usize::from(book)]).saturating_sub(half_window + 40) / align;
            (least + self.random.below(2)).min(highest)
        } else if far {
            let anywhere = self.random.below(highest + 1);
            self.random.pick(&[0, highest, anywhere])
        } else {
            (old + self.random.below(7)).saturating_sub(3).min(highest)
        };
        let base = u32::try_from(step * align).unwrap_or(0);
        self.bases[usize::from(book)] = base;
        let often = if self.looks_at_books { 6 } else { 30 };
        let (refilling, tag) = (self.random.chance(often), self.next_tag());
        self.send(Slide { refilling, book, base, tag });
    }

    fn book_state(&mut self, book: u8) {
        let all = (1u64 << self.sizes.venues) - 1;
        let some = self.random.bits() & all;
        let most = if self.looks_at_books { 88 } else { 60 };
        let enabled = u16::try_from(if self.random.chance(most) { all } else { some }).unwrap_or(0);
        let often = if self.looks_at_books { 8 } else { 20 };
        let (refilling, tag) = (self.random.chance(often), self.next_tag());
        self.send(BookState { refilling, book, enabled, tag });
    }
}
