//! [`Book`]: one consolidated book, as ladders of ticks under bitmaps.
//!
//! A ladder holds the quantities of every venue at every tick of the window (a circular array: a tick is stored at its
//! price modulo the window), the set of venues at each tick, a bitmap of the ticks where an enabled venue has a
//! quantity, and the best tick. A level that is neither the best nor better changes two words and nothing else; only
//! when the best tick goes is the bitmap searched, from that tick on, 64 ticks a step. The best tick of a single venue is
//! searched only when it is asked for after its level went: until then it is a bound.
//!
//! Not here: commands, counters and events (see `market`).
//!
//! Invariants: a bit is set exactly when an enabled venue has a quantity at its tick; the touch of a side is its best
//! tick with the sum over the enabled venues there; no level of a venue is better than its bound, and its best is the
//! bound unless the venue is marked unsure.

use crossgate_contract::event::flag;
use crossgate_contract::width;

/// Prices that the window must be aligned to are whole words of the bitmap.
const WORD_BITS: u32 = 64;
const _: () = assert!(width::BASE_ALIGN_TICKS.is_multiple_of(WORD_BITS));

/// The best tick of a side; all 0 for an empty side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// In book ticks.
    pub price: u32,
    /// The enabled venues with a quantity there, one bit each.
    pub venues: u16,
    /// Their book lots.
    pub quantity: u64,
}

impl Tick {
    /// Whether the side is empty.
    pub const fn is_empty(&self) -> bool {
        self.venues == 0
    }
}

/// What a level did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its price is outside the window, or there is no window yet; nothing changed.
    Outside,
    /// Stored; the best bid and offer are the same.
    Same,
    /// The best bid or offer changed.
    Changed,
}

/// A side of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The highest price is the best.
    Bid,
    /// The lowest price is the best.
    Ask,
}

impl Side {
    /// 0 is the bid side.
    pub const fn of(code: u8) -> Self {
        if code == 0 {
            Self::Bid
        } else {
            Self::Ask
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Bid => 0,
            Self::Ask => 1,
        }
    }

    /// What turns the order of prices around where the lowest is the best.
    #[inline(always)]
    const fn flip(self) -> u32 {
        match self {
            Self::Bid => 0,
            Self::Ask => u32::MAX,
        }
    }

    #[inline(always)]
    const fn is_better(self, price: u32, than: u32) -> bool {
        price ^ self.flip() > than ^ self.flip()
    }

    /// A number above 0 that is greater for a better price.
    #[inline(always)]
    fn rank(self, price: u32) -> u64 {
        u64::from(price ^ self.flip()) + 1
    }

    /// The price of a rank; `None` for 0.
    #[inline]
    fn ranked(self, rank: u64) -> Option<u32> {
        u32::try_from(rank.checked_sub(1)?).ok().map(|price| price ^ self.flip())
    }
}

#[derive(Clone, Debug)]
struct Ladder {
    /// By tick, then venue.
    quantities: Box<[u32]>,
    /// The venues with a quantity, by tick.
    venues: Box<[u16]>,
    /// Ticks with an enabled venue, by tick.
    live: Box<[u64]>,
    touch: Tick,
    /// Rank of the bound of each venue; 0: it has no level.
    bounds: [u64; VENUES_MAX],
    /// The venues whose best level may be worse than their bound, one bit each.
    unsure: u16,
}

/// Bits of a set of venues.
const VENUES_MAX: usize = 16;

/// One consolidated book.
#[derive(Clone, Debug)]
pub struct Book {
    window_ticks: u32,
    /// Log2 of the quantities stored a tick.
    stride_log2: u32,
    base: Option<u32>,
    enabled: u16,
    refilling: bool,
    sides: [Ladder; 2],
}

/// An index of a table that has at most 2^32 entries.
#[inline]
const fn at(index: u32) -> usize {
    index as usize
}

impl Ladder {
    fn new(window_ticks: u32, stride_log2: u32) -> Self {
        Self {
            quantities: vec![0; at(window_ticks << stride_log2)].into(),
            venues: vec![0; at(window_ticks)].into(),
            live: vec![0; at(window_ticks / WORD_BITS)].into(),
            touch: Tick::default(),
            bounds: [0; VENUES_MAX],
            unsure: 0,
        }
    }

    /// Follows the best level of a venue.
    #[inline(always)]
    fn bound(&mut self, venue: u8, rank: u64, quantity: u32) {
        let (bit, bound) = (1 << venue, &mut self.bounds[usize::from(venue) & (VENUES_MAX - 1)]);
        if quantity == 0 {
            self.unsure |= if rank == *bound { bit } else { 0 };
        } else if rank >= *bound {
            *bound = rank;
            self.unsure &= !bit;
        }
    }

    /// Empties a tick.
    fn clear(&mut self, tick: u32, stride_log2: u32) {
        let first = at(tick << stride_log2);
        self.quantities[first..first + (1 << stride_log2)].fill(0);
        self.venues[at(tick)] = 0;
        self.live[at(tick / WORD_BITS)] &= !(1 << (tick % WORD_BITS));
    }

    /// Sets the bits of the ticks where one of these venues has a quantity.
    fn enable(&mut self, enabled: u16) {
        for (word, venues) in self.live.iter_mut().zip(self.venues.chunks(at(WORD_BITS))) {
            *word = venues.iter().rev().fold(0, |bits, venues| bits << 1 | u64::from(venues & enabled != 0));
        }
    }
}

impl Book {
    /// An empty book without a window.
    ///
    /// `window_ticks` is a power of two of at least 128, `venues` at most 16; a window is at most 2^27 ticks.
    pub fn new(window_ticks: u32, venues: u32) -> Self {
        let stride_log2 = venues.next_power_of_two().ilog2();
        let ladder = Ladder::new(window_ticks, stride_log2);
        let sides = [ladder.clone(), ladder];
        Self { window_ticks, stride_log2, base: None, enabled: 0, refilling: false, sides }
    }

    /// Best bid and best ask.
    #[inline]
    pub const fn touch(&self) -> [Tick; 2] {
        [self.sides[0].touch, self.sides[1].touch]
    }

    /// Flags of the best bid and offer, see `crossgate_contract::event::flag`.
    #[inline]
    pub fn flags(&self) -> u8 {
        let [bid, ask] = self.touch();
        let both = !bid.is_empty() && !ask.is_empty();
        let set = |holds: bool, bit: u8| if holds { bit } else { 0 };
        set(self.refilling, flag::REFILLING)
            | set(bid.is_empty(), flag::BID_EMPTY)
            | set(ask.is_empty(), flag::ASK_EMPTY)
            | set(both && bid.price > ask.price, flag::CROSSED)
            | set(both && bid.price == ask.price, flag::LOCKED)
    }

    /// Sets the quantity of a venue at a price; 0 is no level.
    #[inline]
    pub fn level(&mut self, side: Side, venue: u8, price: u32, quantity: u32) -> Outcome {
        let Some(base) = self.base else { return Outcome::Outside };
        // A base is at most 2^32 - W, so a price below it is far above the window modulo 2^32.
        if price.wrapping_sub(base) >= self.window_ticks {
            return Outcome::Outside;
        }
        let (tick, venue_bit) = (price & (self.window_ticks - 1), 1u16 << venue);
        let ladder = &mut self.sides[side.index()];
        let cell = &mut ladder.quantities[at(tick << self.stride_log2) + usize::from(venue)];
        let old = std::mem::replace(cell, quantity);
        let venues = &mut ladder.venues[at(tick)];
        *venues = *venues & !venue_bit | if quantity == 0 { 0 } else { venue_bit };
        let live = *venues & self.enabled;
        ladder.bound(venue, side.rank(price), quantity);
        let (word, bit) = (&mut ladder.live[at(tick / WORD_BITS)], 1u64 << (tick % WORD_BITS));
        *word = *word & !bit | if live == 0 { 0 } else { bit };
        if self.enabled & venue_bit == 0 || (old == 0 && quantity == 0) {
            return Outcome::Same;
        }
        let touch = &mut ladder.touch;
        if touch.is_empty() | side.is_better(price, touch.price) {
            if quantity == 0 {
                return Outcome::Same;
            }
            *touch = Tick { price, venues: live, quantity: u64::from(quantity) };
            return Outcome::Changed;
        }
        if price != touch.price || old == quantity {
            return Outcome::Same;
        }
        if live == 0 {
            self.search(side, price.wrapping_sub(base));
        } else {
            touch.venues = live;
            touch.quantity = touch.quantity - u64::from(old) + u64::from(quantity);
        }
        Outcome::Changed
    }

    /// Empties and masks a venue. True if the best bid and offer changed.
    pub fn reset_venue(&mut self, venue: u8) -> bool {
        let (bit, stride_log2) = (1u16 << venue, self.stride_log2);
        for ladder in &mut self.sides {
            for (tick, venues) in ladder.venues.iter_mut().enumerate().filter(|(_, venues)| **venues & bit != 0) {
                *venues &= !bit;
                ladder.quantities[(tick << stride_log2) + usize::from(venue)] = 0;
            }
            ladder.bounds[usize::from(venue) & (VENUES_MAX - 1)] = 0;
            ladder.unsure &= !bit;
        }
        self.set_state(self.enabled & !bit, self.refilling)
    }

    /// Moves the window; ticks that lie in the old and in the new one stay. True if the best bid and offer changed.
    ///
    /// `base` is a multiple of 128 and at most 2^32 less the window.
    pub fn slide(&mut self, base: u32, refilling: bool) -> bool {
        let before = (self.touch(), self.flags());
        let old = self.base.unwrap_or(base);
        let moved = old.abs_diff(base).min(self.window_ticks);
        // Upwards the lowest ticks of the old window go, downwards its highest.
        let first = if base > old { old } else { old.wrapping_add(self.window_ticks - moved) };
        for offset in 0..moved {
            let tick = first.wrapping_add(offset) & (self.window_ticks - 1);
            for ladder in &mut self.sides {
                ladder.clear(tick, self.stride_log2);
            }
        }
        self.base = Some(base);
        self.refilling = refilling;
        for (side, best) in [(Side::Bid, base + (self.window_ticks - 1)), (Side::Ask, base)] {
            let ladder = &mut self.sides[side.index()];
            ladder.bounds = [side.rank(best); VENUES_MAX];
            ladder.unsure = u16::MAX;
        }
        self.search_all();
        (self.touch(), self.flags()) != before
    }

    /// Sets which venues count. True if the best bid and offer changed.
    pub fn set_state(&mut self, enabled: u16, refilling: bool) -> bool {
        let before = (self.touch(), self.flags());
        self.enabled = enabled;
        self.refilling = refilling;
        for ladder in &mut self.sides {
            ladder.enable(enabled);
        }
        self.search_all();
        (self.touch(), self.flags()) != before
    }

    /// The enabled venues, one bit each.
    pub const fn enabled(&self) -> u16 {
        self.enabled
    }

    /// Whether the book is being refilled.
    pub const fn is_refilling(&self) -> bool {
        self.refilling
    }

    /// The best price of one venue; `None` if it has no level there or is not enabled.
    #[inline]
    pub fn own(&mut self, side: Side, venue: u8) -> Option<u32> {
        if self.enabled >> venue & 1 == 0 {
            return None;
        }
        let ladder = &self.sides[side.index()];
        if ladder.unsure >> venue & 1 == 1 {
            self.search_own(side, venue);
        }
        side.ranked(self.sides[side.index()].bounds[usize::from(venue) & (VENUES_MAX - 1)])
    }

    /// Finds the best level of an enabled venue, from its bound on.
    fn search_own(&mut self, side: Side, venue: u8) {
        let (index, base) = (usize::from(venue) & (VENUES_MAX - 1), self.base.unwrap_or(0));
        let bound = side.ranked(self.sides[side.index()].bounds[index]).map(|price| price.wrapping_sub(base));
        let next = |from: u32| match side {
            Side::Bid => self.highest_below(from).map(|offset| (offset, offset)),
            Side::Ask => self.lowest_from(from).map(|offset| (offset, offset + 1)),
        };
        let mut from = bound.map(|offset| if side == Side::Bid { offset + 1 } else { offset });
        let mut rank = 0;
        while let Some((offset, behind)) = from.and_then(next) {
            let price = base + offset;
            if self.sides[side.index()].venues[at(price & (self.window_ticks - 1))] >> venue & 1 == 1 {
                rank = side.rank(price);
                break;
            }
            from = Some(behind);
        }
        let ladder = &mut self.sides[side.index()];
        ladder.bounds[index] = rank;
        ladder.unsure &= !(1 << venue);
    }

    /// The best tick of a side that is worse than `than`.
    pub fn behind(&self, side: Side, than: Tick) -> Tick {
        let Some(base) = self.base.filter(|_| !than.is_empty()) else { return Tick::default() };
        let offset = than.price - base;
        let found = match side {
            Side::Bid => self.highest_below(offset),
            Side::Ask => self.lowest_from(offset + 1),
        };
        found.map_or(Tick::default(), |offset| self.tick(side, base, offset))
    }

    /// Finds the touch of both sides anew.
    fn search_all(&mut self) {
        self.search(Side::Bid, self.window_ticks);
        self.search(Side::Ask, 0);
    }

    /// Finds the touch of a side: of bids the highest below, of asks the lowest from this offset in the window.
    fn search(&mut self, side: Side, offset: u32) {
        let found = match side {
            Side::Bid => self.highest_below(offset),
            Side::Ask => self.lowest_from(offset),
        };
        let base = self.base.unwrap_or(0);
        let touch = found.map_or(Tick::default(), |offset| self.tick(side, base, offset));
        self.sides[side.index()].touch = touch;
    }

    fn tick(&self, side: Side, base: u32, offset: u32) -> Tick {
        let (ladder, price) = (&self.sides[side.index()], base + offset);
        let tick = price & (self.window_ticks - 1);
        let venues = ladder.venues[at(tick)] & self.enabled;
        let first = at(tick << self.stride_log2);
        let quantities = &ladder.quantities[first..first + (1 << self.stride_log2)];
        let mut quantity = 0;
        let mut rest = venues;
        while rest != 0 {
            quantity += u64::from(quantities[at(rest.trailing_zeros())]);
            rest &= rest - 1;
        }
        Tick { price, venues, quantity }
    }

    /// The word of the bitmap that holds this word of the window. The base is a multiple of whole words.
    #[inline]
    fn word(&self, side: Side, word: u32) -> u64 {
        let words = self.window_ticks / WORD_BITS;
        let tick_word = word.wrapping_add(self.base.unwrap_or(0) / WORD_BITS) & (words - 1);
        self.sides[side.index()].live[at(tick_word)]
    }

    /// The highest live bid offset below `limit`.
    #[inline]
    fn highest_below(&self, limit: u32) -> Option<u32> {
        let last = limit.checked_sub(1)?;
        let mut word = last / WORD_BITS;
        let mut bits = self.word(Side::Bid, word) & (u64::MAX >> (WORD_BITS - 1 - last % WORD_BITS));
        while bits == 0 {
            word = word.checked_sub(1)?;
            bits = self.word(Side::Bid, word);
        }
        Some(word * WORD_BITS + bits.ilog2())
    }

    /// The lowest live ask offset from `first` on.
    #[inline]
    fn lowest_from(&self, first: u32) -> Option<u32> {
        if first >= self.window_ticks {
            return None;
        }
        let mut word = first / WORD_BITS;
        let mut bits = self.word(Side::Ask, word) & (u64::MAX << (first % WORD_BITS));
        while bits == 0 {
            word += 1;
            if word >= self.window_ticks / WORD_BITS {
                return None;
            }
            bits = self.word(Side::Ask, word);
        }
        Some(word * WORD_BITS + bits.trailing_zeros())
    }
}
