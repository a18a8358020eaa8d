//! Keeps the window of a book that a card holds equal to the book, frame by frame.
//!
//! The card holds, per book, the levels of a circular range of ticks and refuses the rest. [`Window`] compares the book
//! after each frame of updates with what the card was told and emits the operations that close the gap. It neither
//! encodes nor sends them, and it never reads back: a refused or lost operation is the caller's to notice, with
//! [`Window::restart`] as the answer.
//!
//! Invariant: after the operations of a frame the card's cells inside the window equal the book's, for every venue
//! enabled on the card.

use crate::book::Level;
use crate::placement::{Placement, BASE_TICKS};
use crate::{Consolidated, LevelUpdate, VenueIndex, VENUES_MAX};
use crossgate_instrument::{Side, Ticks};
use std::ops::Range;
use thiserror::Error;

/// Why a window cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WindowError {
    /// The width is not a power of two from 128 to 2^20.
    #[error("a window of {actual} ticks is no power of two from 128 to 1048576")]
    Ticks {
        /// The offending width.
        actual: u32,
    },
    /// The margins leave no room between them.
    #[error("a margin of {actual} ticks is beyond a quarter of the window, {limit}")]
    Margin {
        /// The offending margin.
        actual: u32,
        /// The widest margin of this window.
        limit: u32,
    },
}

/// Size and policy of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowConfig {
    /// Width in ticks, a power of two from 128 to 2^20: the card's.
    pub window_ticks: u32,
    /// A touch nearer to an edge than this re-centres the window; at most a quarter of the width.
    pub margin_ticks: u32,
}

impl WindowConfig {
    /// A window of `window_ticks` with margins of a sixteenth of it.
    pub const fn new(window_ticks: u32) -> Self {
        Self { window_ticks, margin_ticks: window_ticks / 16 }
    }
}

/// One operation on the card's copy of a book; to be carried out in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardOp {
    /// Sets one cell; `quantity` 0 empties it.
    Level {
        /// Whose cell.
        venue: VenueIndex,
        /// Its side.
        side: Side,
        /// Its price on the book's grid.
        price: Ticks,
        /// Absolute quantity in book lots.
        quantity: u32,
    },
    /// Moves the window; cells inside both the old and the new range stay, the others are emptied.
    Slide {
        /// First tick of the new range, a multiple of 128.
        base: Ticks,
        /// The cells that became visible are not complete yet.
        refilling: bool,
    },
    /// Masks a venue at once and empties its cells.
    VenueReset {
        /// Which venue.
        venue: VenueIndex,
    },
    /// Sets which venues count and whether the window is complete.
    State {
        /// The venues that count, by [`VenueIndex::bit`].
        enabled_mask: u8,
        /// Cells are still to come.
        refilling: bool,
    },
}

/// What a window has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowStats {
    /// Frames seen.
    pub frames: u64,
    /// Moves of the window that kept a part of it.
    pub slides: u64,
    /// Moves beyond its width, which empty it; the first placement is one.
    pub rebases: u64,
    /// Level operations, all reasons together.
    pub level_ops: u64,
    /// Level operations that filled what a move made visible.
    pub refill_levels: u64,
    /// Level operations that loaded a venue after its reset.
    pub resync_levels: u64,
    /// Venue reset operations.
    pub venue_resets: u64,
    /// State operations.
    pub states: u64,
    /// Updates inside the window.
    pub updates_inside: u64,
    /// Updates outside the window, which the card does not get.
    pub updates_outside: u64,
    /// Times a venue was masked on the card because a quantity does not fit 32 bits.
    pub quantity_too_large: u64,
    /// Frames whose best bid or best ask lay outside the window.
    pub frames_out_of_window: u64,
}

/// How the card stands after a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameStatus {
    /// First tick of the window; nothing before the book had a level.
    pub base: Option<Ticks>,
    /// Whether this frame moved it.
    pub moved: bool,
    /// The book's best bid is not in the window.
    pub bid_out_of_window: bool,
    /// The book's best ask is not in the window.
    pub ask_out_of_window: bool,
    /// Venues that count on the card.
    pub enabled_mask: u8,
}

/// How one venue stands on the card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnCard {
    /// Masked; its cells are empty only if a reset was sent.
    Masked,
    /// Enabled, and equal to the book's venue of this generation.
    Enabled { generation: u64 },
    /// Masked because a quantity in the window does not fit.
    TooLarge { generation: u64 },
}

/// What is planned and sent for one book of the card.
pub struct Window {
    placement: Placement,
    base: Option<i64>,
    venues: [OnCard; VENUES_MAX],
    /// Venues whose cells on the card are empty since a reset.
    emptied: u8,
    stats: WindowStats,
}

impl Window {
    /// A window of which the card knows nothing yet.
    ///
    /// # Errors
    /// [`WindowError`] when the configuration is out of range.
    pub fn new(config: WindowConfig) -> Result<Self, WindowError> {
        let WindowConfig { window_ticks, margin_ticks } = config;
        if !window_ticks.is_power_of_two() || i64::from(window_ticks) < BASE_TICKS || window_ticks > 1 << 20 {
            return Err(WindowError::Ticks { actual: window_ticks });
        }
        if margin_ticks > window_ticks / 4 {
            return Err(WindowError::Margin { actual: margin_ticks, limit: window_ticks / 4 });
        }
        let placement = Placement { ticks: i64::from(window_ticks), margin_ticks: i64::from(margin_ticks) };
        let venues = [OnCard::Masked; VENUES_MAX];
        Ok(Self { placement, base: None, venues, emptied: 0, stats: WindowStats::default() })
    }

    /// Forgets what the card holds; the next frame places the window and loads every live venue anew.
    pub fn restart(&mut self) {
        (self.base, self.venues, self.emptied) = (None, [OnCard::Masked; VENUES_MAX], 0);
    }

    /// What the window has done since it was made.
    pub const fn stats(&self) -> &WindowStats {
        &self.stats
    }

    /// Venues that count on the card.
    pub fn enabled_mask(&self) -> u8 {
        let enabled = |venue: &VenueIndex| matches!(self.venues[venue.index()], OnCard::Enabled { .. });
        VenueIndex::all().filter(enabled).fold(0, |mask, venue| mask | venue.bit())
    }

    /// Appends to `ops` what brings the card from its present state to that of `book`.
    ///
    /// `updates` are the levels that `book` has taken in since the last call, or more; those of venues that are not
    /// live may be left out. Resets and enablings of venues are found in the book itself, so that after `reset_venue` a
    /// call without updates masks the venue on the card.
    pub fn frame(&mut self, book: &Consolidated, updates: &[LevelUpdate], ops: &mut Vec<CardOp>) -> FrameStatus {
        self.stats.frames += 1;
        self.mask_lost(book, ops);
        let bbo = book.bbo();
        let touches = [bbo.bid, bbo.ask].map(|best| best.map(|best| best.price.get()));
        let Some((base, revealed)) = self.place(touches, ops) else { return FrameStatus::default() };
        let recheck = self.send_updates(book, updates, base, &revealed, ops);
        self.refill(book, &revealed, ops);
        let moved = !revealed.is_empty();
        let loaded = self.load_live(book, base, if moved { u8::MAX } else { recheck }, ops);
        let enabled_mask = self.enabled_mask();
        if moved || loaded {
            self.stats.states += 1;
            ops.push(CardOp::State { enabled_mask, refilling: false });
        }
        let [bid_out_of_window, ask_out_of_window] =
            touches.map(|touch| touch.is_some_and(|price| !self.placement.holds(base, price)));
        self.stats.frames_out_of_window += u64::from(bid_out_of_window || ask_out_of_window);
        FrameStatus { base: Some(Ticks::new(base)), moved, bid_out_of_window, ask_out_of_window, enabled_mask }
    }

    /// Masks on the card what the book has masked or reset since the last frame.
    fn mask_lost(&mut self, book: &Consolidated, ops: &mut Vec<CardOp>) {
        for venue in VenueIndex::all() {
            let (OnCard::Enabled { generation } | OnCard::TooLarge { generation }) = self.venues[venue.index()] else {
                continue;
            };
            if book.live() & venue.bit() == 0 || book.generation(venue) != generation {
                self.empty(venue, OnCard::Masked, ops);
            }
        }
    }

    /// Leaves `venue` with the new standing and, by a reset unless one went before, without cells on the card.
    fn empty(&mut self, venue: VenueIndex, standing: OnCard, ops: &mut Vec<CardOp>) {
        self.venues[venue.index()] = standing;
        if self.emptied & venue.bit() == 0 {
            self.emptied |= venue.bit();
            self.stats.venue_resets += 1;
            ops.push(CardOp::VenueReset { venue });
        }
    }

    fn mask_too_large(&mut self, venue: VenueIndex, generation: u64, ops: &mut Vec<CardOp>) {
        self.stats.quantity_too_large += 1;
        self.empty(venue, OnCard::TooLarge { generation }, ops);
    }

    /// Moves the window if the touches ask for it; the base and the ticks that became visible, or nothing before there
    /// is a touch.
    fn place(&mut self, touches: [Option<i64>; 2], ops: &mut Vec<CardOp>) -> Option<(i64, Range<i64>)> {
        let [bid, ask] = touches;
        let Some((first, second)) = bid.or(ask).zip(ask.or(bid)) else {
            return self.base.map(|base| (base, base..base));
        };
        let base = self.placement.base(self.base, first.min(second), first.max(second));
        let (width, old) = (self.placement.ticks, self.base.replace(base));
        let revealed = match old {
            Some(old) if old == base => base..base,
            Some(old) if (old - base).abs() < width && old < base => old + width..base + width,
            Some(old) if (old - base).abs() < width => base..old,
            _ => base..base + width,
        };
        if !revealed.is_empty() {
            let whole = revealed.end - revealed.start == width;
            *(if whole { &mut self.stats.rebases } else { &mut self.stats.slides }) += 1;
            ops.push(CardOp::Slide { base: Ticks::new(base), refilling: true });
        }
        Some((base, revealed))
    }

    /// Sends the cells that `updates` touched, as they stand in the book; the mask of venues too large for the card
    /// that changed.
    fn send_updates(
        &mut self,
        book: &Consolidated,
        updates: &[LevelUpdate],
        base: i64,
        revealed: &Range<i64>,
        ops: &mut Vec<CardOp>,
    ) -> u8 {
        let mut changed_too_large = 0;
        for update in updates {
            let price = update.price.get();
            if !self.placement.holds(base, price) {
                self.stats.updates_outside += 1;
                continue;
            }
            self.stats.updates_inside += 1;
            match self.venues[update.venue.index()] {
                OnCard::Enabled { generation } if !revealed.contains(&price) => {
                    let quantity = book.quantity(update.venue, update.side, update.price);
                    if !self.send(update.venue, update.side, update.price, quantity, ops) {
                        self.mask_too_large(update.venue, generation, ops);
                    }
                }
                OnCard::TooLarge { .. } => changed_too_large |= update.venue.bit(),
                OnCard::Enabled { .. } | OnCard::Masked => {}
            }
        }
        changed_too_large
    }

    /// Appends one level; false, with nothing appended, when the quantity does not fit the card.
    fn send(&mut self, venue: VenueIndex, side: Side, price: Ticks, lots: u64, ops: &mut Vec<CardOp>) -> bool {
        let Ok(quantity) = u32::try_from(lots) else { return false };
        self.stats.level_ops += 1;
        ops.push(CardOp::Level { venue, side, price, quantity });
        true
    }

    /// Sends the enabled venues' levels in the ticks that became visible, from the touch outward.
    fn refill(&mut self, book: &Consolidated, revealed: &Range<i64>, ops: &mut Vec<CardOp>) {
        if revealed.is_empty() {
            return;
        }
        for (side, level) in levels(book, revealed) {
            for venue in VenueIndex::all() {
                let OnCard::Enabled { generation } = self.venues[venue.index()] else { continue };
                let lots = level.of(venue);
                if lots == 0 {
                    continue;
                }
                if self.send(venue, side, level.price, lots, ops) {
                    self.stats.refill_levels += 1;
                } else {
                    self.mask_too_large(venue, generation, ops);
                }
            }
        }
    }

    /// Loads the live venues that the card does not have: the masked ones, and of those too large for it the ones in
    /// `recheck`.
    fn load_live(&mut self, book: &Consolidated, base: i64, recheck: u8, ops: &mut Vec<CardOp>) -> bool {
        let range = base..base + self.placement.ticks;
        let mut loaded = false;
        for venue in VenueIndex::all().filter(|venue| book.live() & venue.bit() != 0) {
            let generation = book.generation(venue);
            let masked = match self.venues[venue.index()] {
                OnCard::Enabled { .. } => continue,
                OnCard::TooLarge { .. } if recheck & venue.bit() == 0 => continue,
                OnCard::TooLarge { .. } => false,
                OnCard::Masked => true,
            };
            if levels(book, &range).any(|(_, level)| u32::try_from(level.of(venue)).is_err()) {
                if masked {
                    self.mask_too_large(venue, generation, ops);
                }
                continue;
            }
            self.empty(venue, OnCard::Enabled { generation }, ops);
            for (side, level) in levels(book, &range).filter(|(_, level)| level.of(venue) != 0) {
                self.stats.resync_levels += u64::from(self.send(venue, side, level.price, level.of(venue), ops));
            }
            self.emptied &= !venue.bit();
            loaded = true;
        }
        loaded
    }
}

/// The visible levels in `range`, both sides, each from the best outward.
fn levels<'book>(book: &'book Consolidated, range: &Range<i64>) -> impl Iterator<Item = (Side, Level<'book>)> {
    let (low, high) = (Ticks::new(range.start), Ticks::new(range.end - 1));
    let of = move |side| book.levels_between(side, low, high).map(move |level| (side, level));
    of(Side::Bid).chain(of(Side::Ask))
}
