//! One side of a consolidated book: a dense array of slots around the touch and a sorted map for the far rest.
//!
//! Prices are *keys* here: the tick for bids and its bitwise complement for asks, so that on either side the best level
//! has the highest key and one code path serves both. The ladder does not know which side it is.
//!
//! Invariants: `venues[slot]` has a venue's bit exactly when that venue's quantity there is not zero; `visible` holds
//! the slots with a live venue; a key is in `far` exactly when it has a quantity and lies outside the dense range;
//! `best` is the highest key with a live venue.

use crate::bitmap::{Bitmap, SLOTS};
use crate::{VenueIndex, VENUES_MAX};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How far above the base a re-based touch lies: most of the range is for the depth behind it.
const TOUCH_SLOT: i64 = 3 * (SLOTS_TICKS / 4);
/// Keys this far below the best one should be in the dense range.
const NEAR_TICKS: i64 = SLOTS_TICKS / 2;
/// Updates near the touch that missed the dense range before it is moved: a stray price must not move it.
const MISSES_MAX: u32 = 64;
/// The width of the dense range.
const SLOTS_TICKS: i64 = 1 << 18;
const _: () = assert!(SLOTS == 1 << 18);

/// Quantities of one price, by venue.
pub(crate) type Cell = [u64; VENUES_MAX];

/// The best visible level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Top {
    /// Lowest possible when there is no level.
    pub(crate) key: i64,
    pub(crate) quantity: u64,
    /// Live venues at the level; zero when there is none.
    pub(crate) venues: u8,
}

impl Top {
    const NONE: Self = Self { key: i64::MIN, quantity: 0, venues: 0 };

    fn of(key: i64, cell: &Cell, venues: u8) -> Self {
        Self { key, quantity: sum(cell, venues), venues }
    }
}

/// What the venues of `mask` have in `cell` together.
pub(crate) fn sum(cell: &Cell, mask: u8) -> u64 {
    let mut total = 0;
    for (venue, quantity) in cell.iter().enumerate() {
        total += if mask >> venue & 1 == 1 { *quantity } else { 0 };
    }
    total
}

/// Whether no venue has a level in these slots. Folded without a branch, so that it runs over whole vectors.
fn is_blank(venues: &[u8]) -> bool {
    venues.iter().fold(0, |any, venues| any | venues) == 0
}

#[derive(Clone, Copy, Default)]
struct Far {
    cell: Cell,
    venues: u8,
}

/// One venue's share of a ladder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) levels: usize,
    pub(crate) quantity: u128,
}

/// One side of a consolidated book.
pub(crate) struct Ladder {
    best: Top,
    /// Key of slot 0.
    base: i64,
    /// Venues that are visible.
    live: u8,
    visible: Bitmap,
    venues: Box<[u8]>,
    cells: Box<[Cell]>,
    far: BTreeMap<i64, Far>,
    /// How many keys of `far` are above the dense range.
    far_above: usize,
    shares: [Share; VENUES_MAX],
    misses: u32,
    pub(crate) far_updates: u64,
    pub(crate) rebases: u64,
}

impl Ladder {
    pub(crate) fn new() -> Self {
        Self {
            best: Top::NONE,
            base: 0,
            live: 0,
            visible: Bitmap::new(),
            venues: vec![0; SLOTS].into_boxed_slice(),
            cells: vec![[0; VENUES_MAX]; SLOTS].into_boxed_slice(),
            far: BTreeMap::new(),
            far_above: 0,
            shares: [Share::default(); VENUES_MAX],
            misses: 0,
            far_updates: 0,
            rebases: 0,
        }
    }

    #[inline]
    pub(crate) const fn best(&self) -> &Top {
        &self.best
    }

    pub(crate) const fn share(&self, venue: VenueIndex) -> Share {
        self.shares[venue.index()]
    }

    /// The dense slot of `key`.
    #[inline]
    fn slot(&self, key: i64) -> Option<usize> {
        usize::try_from(key.wrapping_sub(self.base)).ok().filter(|slot| *slot < SLOTS)
    }

    fn key(&self, slot: usize) -> i64 {
        // A slot is below 2^18.
        self.base + i64::try_from(slot).unwrap_or(0)
    }

    /// Sets what `venue` has at `key`; true when the best level changed.
    #[inline]
    pub(crate) fn set(&mut self, venue: VenueIndex, key: i64, quantity: u64) -> bool {
        let Some(slot) = self.slot(key) else { return self.set_far(venue, key, quantity) };
        let old = std::mem::replace(&mut self.cells[slot][venue.index()], quantity);
        let before = self.venues[slot];
        let after = before & !venue.bit() | if quantity == 0 { 0 } else { venue.bit() };
        self.venues[slot] = after;
        self.account(venue, old, quantity);
        if (before & self.live == 0) != (after & self.live == 0) {
            if after & self.live == 0 {
                self.visible.remove(slot);
            } else {
                self.visible.insert(slot);
            }
        }
        if key < self.best.key || self.live & venue.bit() == 0 {
            return false;
        }
        self.touch(key, old, quantity, after & self.live)
    }

    #[inline]
    fn account(&mut self, venue: VenueIndex, old: u64, new: u64) {
        let share = &mut self.shares[venue.index()];
        share.levels = share.levels + usize::from(new != 0) - usize::from(old != 0);
        share.quantity = share.quantity + u128::from(new) - u128::from(old);
    }

    /// Follows a visible change from `old` to `new` at or above the best level, where the live `venues` remain.
    #[inline]
    fn touch(&mut self, key: i64, old: u64, new: u64, venues: u8) -> bool {
        if old == new {
            return false;
        }
        if venues == 0 {
            self.best = self.find_best();
        } else if key == self.best.key {
            self.best.quantity = self.best.quantity - old + new;
            self.best.venues = venues;
        } else {
            self.best = Top { key, quantity: new, venues };
        }
        true
    }

    fn find_best(&self) -> Top {
        if self.far_above == 0 {
            if let Some(slot) = self.visible.highest() {
                return Top::of(self.key(slot), &self.cells[slot], self.venues[slot] & self.live);
            }
        }
        self.levels(i64::MIN..=i64::MAX).next().map_or(Top::NONE, |(key, cell, venues)| Top::of(key, cell, venues))
    }

    #[cold]
    #[inline(never)]
    fn set_far(&mut self, venue: VenueIndex, key: i64, quantity: u64) -> bool {
        if self.shares.iter().all(|share| share.levels == 0) {
            self.base = key - TOUCH_SLOT;
            return self.set(venue, key, quantity);
        }
        self.far_updates += 1;
        let old = self.put_far(venue, key, quantity);
        self.account(venue, old, quantity);
        let visible = self.live & venue.bit() != 0 && key >= self.best.key;
        let changed = visible && self.touch(key, old, quantity, self.far_venues(key) & self.live);
        if self.best.venues == 0 || key > self.best.key - NEAR_TICKS {
            self.misses += 1;
            if self.misses >= MISSES_MAX {
                self.rebase();
            }
        }
        changed
    }

    fn far_venues(&self, key: i64) -> u8 {
        self.far.get(&key).map_or(0, |far| far.venues)
    }

    /// Writes a quantity into the sparse map and returns the one it replaced.
    fn put_far(&mut self, venue: VenueIndex, key: i64, quantity: u64) -> u64 {
        let above = usize::from(key >= self.base);
        if quantity == 0 {
            let Some(far) = self.far.get_mut(&key) else { return 0 };
            let old = std::mem::take(&mut far.cell[venue.index()]);
            far.venues &= !venue.bit();
            if far.venues == 0 {
                self.far.remove(&key);
                self.far_above -= above;
            }
            return old;
        }
        let far = self.far.entry(key).or_insert_with(|| {
            self.far_above += above;
            Far::default()
        });
        far.venues |= venue.bit();
        std::mem::replace(&mut far.cell[venue.index()], quantity)
    }

    /// Moves the dense range so that the best level, or without one the highest, lies at [`TOUCH_SLOT`].
    fn rebase(&mut self) {
        self.rebases += 1;
        self.misses = 0;
        let occupied = |word: &usize| !is_blank(&self.venues[word << 6..(word + 1) << 6]);
        let words: Vec<usize> = (0..SLOTS / 64).filter(occupied).collect();
        for slot in words.into_iter().flat_map(|word| word << 6..(word + 1) << 6) {
            let venues = std::mem::take(&mut self.venues[slot]);
            if venues != 0 {
                let cell = std::mem::take(&mut self.cells[slot]);
                self.far.insert(self.key(slot), Far { cell, venues });
            }
        }
        let highest = self.far.last_key_value().map_or(0, |(key, _)| *key);
        self.base = if self.best.venues == 0 { highest } else { self.best.key } - TOUCH_SLOT;
        let mut dense = self.far.split_off(&self.base);
        let mut above = dense.split_off(&(self.base + SLOTS_TICKS));
        self.far_above = above.len();
        self.far.append(&mut above);
        for (key, far) in dense {
            if let Some(slot) = self.slot(key) {
                self.cells[slot] = far.cell;
                self.venues[slot] = far.venues;
            }
        }
        self.show();
    }

    /// Rebuilds `visible` and `best` after a change of the live venues or of the base.
    fn show(&mut self) {
        self.visible.clear();
        for (word, venues) in self.venues.chunks_exact(64).enumerate() {
            if is_blank(venues) {
                continue;
            }
            for (offset, venues) in venues.iter().enumerate() {
                if venues & self.live != 0 {
                    self.visible.insert(word << 6 | offset);
                }
            }
        }
        self.best = self.find_best();
    }

    /// Makes exactly the venues of `live` visible.
    pub(crate) fn set_live(&mut self, live: u8) {
        let changed = std::mem::replace(&mut self.live, live) ^ live;
        if VenueIndex::all().any(|venue| changed & venue.bit() != 0 && self.share(venue).levels != 0) {
            self.show();
        }
    }

    /// Removes every level of `venue`, which must not be live.
    pub(crate) fn empty_venue(&mut self, venue: VenueIndex) {
        if self.share(venue).levels == 0 {
            return;
        }
        for (venues, cells) in self.venues.chunks_exact_mut(64).zip(self.cells.chunks_exact_mut(64)) {
            if is_blank(venues) {
                continue;
            }
            for (venues, cell) in venues.iter_mut().zip(cells) {
                if *venues & venue.bit() != 0 {
                    *venues &= !venue.bit();
                    cell[venue.index()] = 0;
                }
            }
        }
        let end = self.base + SLOTS_TICKS;
        self.far.retain(|_, far| {
            far.venues &= !venue.bit();
            far.cell[venue.index()] = 0;
            far.venues != 0
        });
        self.far_above = self.far.range(end..).count();
        self.shares[venue.index()] = Share::default();
    }

    /// The quantities at `key` with the venues that have one, live or not.
    pub(crate) fn at(&self, key: i64) -> Option<(&Cell, u8)> {
        match self.slot(key) {
            Some(slot) => Some((&self.cells[slot], self.venues[slot])),
            None => self.far.get(&key).map(|far| (&far.cell, far.venues)),
        }
    }

    /// The visible levels in `keys` from the best down: key, quantities of all venues, the live ones among them.
    pub(crate) fn levels(&self, keys: RangeInclusive<i64>) -> impl Iterator<Item = (i64, &Cell, u8)> + '_ {
        let (low, high) = (*keys.start(), *keys.end());
        let end = self.base + SLOTS_TICKS;
        let top = usize::try_from(high.saturating_sub(self.base)).ok().map(|slot| slot.min(SLOTS - 1));
        let mut next = top.and_then(|slot| self.visible.highest_up_to(slot));
        let dense = std::iter::from_fn(move || {
            let slot = next?;
            next = slot.checked_sub(1).and_then(|below| self.visible.highest_up_to(below));
            Some((self.key(slot), &self.cells[slot], self.venues[slot] & self.live))
        });
        self.far_levels(low.max(end), high)
            .chain(dense.take_while(move |(key, _, _)| *key >= low))
            .chain(self.far_levels(low, high.min(self.base - 1)))
    }

    fn far_levels(&self, low: i64, high: i64) -> impl Iterator<Item = (i64, &Cell, u8)> + '_ {
        let range = (low <= high).then(|| self.far.range(low..=high).rev());
        let levels = range.into_iter().flatten();
        levels.map(|(key, far)| (*key, &far.cell, far.venues & self.live)).filter(|(_, _, venues)| *venues != 0)
    }
}
