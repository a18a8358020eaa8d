//! Market data: clustered levels around a wandering base, resets, slides, listings.

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
                let (venue, time_us) = (self.draw_venue(), self.random.bits() >> 16);
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
        // Close to the middle, anywhere in the window, or just outside of it.
        let offset = match self.random.below(10) {
            0..6 => window / 2 + self.random.between(-6, 6),
            6..9 => self.random.between(0, window - 1),
            _ => self.random.pick(&[-1, 0, window - 1, window]),
        };
        let price = i64::from(self.bases[usize::from(book)]) + offset;
        let quantity = match self.random.below(20) {
            0..8 => 0,
            8..19 => 1 + self.random.below(1_000),
            _ => self.random.pick(&[1, (1 << width::QUANTITY_BITS) - 1]),
        };
        let level = Level {
            side: u8::from(self.random.chance(50)),
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
        let old = u64::from(self.bases[usize::from(book)]) / align;
        let step = if far {
            let anywhere = self.random.below(highest + 1);
            self.random.pick(&[0, highest, anywhere])
        } else {
            (old + self.random.below(7)).saturating_sub(3).min(highest)
        };
        let base = u32::try_from(step * align).unwrap_or(0);
        self.bases[usize::from(book)] = base;
        let (refilling, tag) = (self.random.chance(30), self.next_tag());
        self.send(Slide { refilling, book, base, tag });
    }

    fn book_state(&mut self, book: u8) {
        let all = (1u64 << self.sizes.venues) - 1;
        let some = self.random.bits() & all;
        let enabled = u16::try_from(if self.random.chance(60) { all } else { some }).unwrap_or(0);
        let (refilling, tag) = (self.random.chance(20), self.next_tag());
        self.send(BookState { refilling, book, enabled, tag });
    }
}
