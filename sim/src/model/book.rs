//! BOOK of the model: levels as maps, the best bid and offer found anew after every command.
//!
//! Not here: events that wait for room in the ring.

use super::Model;
use crossgate_contract::command::{BookState, Depth, Heartbeat, Level, Slide, VenueReset};
use crossgate_contract::event::{flag, Bbo, DepthLevel};
use crossgate_contract::{register, width, Event, Fault};
use std::collections::BTreeMap;
use std::ops::Bound;

const BID: u8 = 0;
const ASK: u8 = 1;

/// Price, venues and sum of one tick; all 0 for an empty side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tick {
    price: u32,
    venues: u16,
    quantity: u64,
}

/// What a BBO event reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Touch {
    bid: Tick,
    ask: Tick,
    flags: u8,
}

/// One consolidated book.
#[derive(Clone, Debug)]
pub(super) struct Book {
    window_ticks: u64,
    base: Option<u32>,
    enabled: u16,
    refilling: bool,
    /// (venue, side) to tick to quantity; no zeros.
    levels: BTreeMap<(u8, u8), BTreeMap<u32, u64>>,
}

impl Book {
    pub(super) fn new(window_ticks: usize) -> Self {
        let window_ticks = u64::try_from(window_ticks).expect("a window fits 64 bits");
        Self { window_ticks, base: None, enabled: 0, refilling: false, levels: BTreeMap::new() }
    }

    fn contains(&self, price: u32) -> bool {
        self.base.is_some_and(|base| {
            let from = u64::from(base);
            (from..from + self.window_ticks).contains(&u64::from(price))
        })
    }

    fn enabled_levels(&self, side: u8) -> impl Iterator<Item = (u8, &BTreeMap<u32, u64>)> {
        self.levels
            .iter()
            .filter(move |((venue, of), _)| *of == side && self.enabled >> venue & 1 == 1)
            .map(|((venue, _), ticks)| (*venue, ticks))
    }

    fn tick(&self, side: u8, price: u32) -> Tick {
        let mut found = Tick { price, venues: 0, quantity: 0 };
        for (venue, ticks) in self.enabled_levels(side) {
            if let Some(quantity) = ticks.get(&price) {
                found.venues |= 1 << venue;
                found.quantity += quantity;
            }
        }
        found
    }

    /// The best tick of a side strictly behind `behind`, or the best at all.
    fn next(&self, side: u8, behind: Option<u32>) -> Option<Tick> {
        let prices = self.enabled_levels(side).filter_map(|(_, ticks)| match (side, behind) {
            (BID, None) => ticks.keys().next_back(),
            (BID, Some(limit)) => ticks.range(..limit).next_back().map(|(price, _)| price),
            (_, None) => ticks.keys().next(),
            (_, Some(limit)) => ticks.range((Bound::Excluded(limit), Bound::Unbounded)).next().map(|(price, _)| price),
        });
        let best = if side == BID { prices.max() } else { prices.min() };
        best.map(|price| self.tick(side, *price))
    }

    /// Best bid and best ask of all enabled venues.
    pub(super) fn best(&self) -> [Option<u32>; 2] {
        [BID, ASK].map(|side| self.next(side, None).map(|tick| tick.price))
    }

    /// Best bid and best ask of one venue, if it is enabled.
    pub(super) fn own(&self, venue: u8) -> Option<[Option<u32>; 2]> {
        let ticks = |side| self.levels.get(&(venue, side));
        let bid = ticks(BID).and_then(|ticks| ticks.keys().next_back().copied());
        let ask = ticks(ASK).and_then(|ticks| ticks.keys().next().copied());
        (self.enabled >> venue & 1 == 1).then_some([bid, ask])
    }

    pub(super) fn is_refilling(&self) -> bool {
        self.refilling
    }

    fn touch(&self) -> Touch {
        let (bid, ask) = (self.next(BID, None), self.next(ASK, None));
        let mut flags = if self.refilling { flag::REFILLING } else { 0 };
        flags |= empty_flags(bid.is_some(), ask.is_some());
        if let (Some(bid), Some(ask)) = (bid, ask) {
            if bid.price > ask.price {
                flags |= flag::CROSSED;
            }
            if bid.price == ask.price {
                flags |= flag::LOCKED;
            }
        }
        Touch { bid: bid.unwrap_or_default(), ask: ask.unwrap_or_default(), flags }
    }
}

fn empty_flags(bid: bool, ask: bool) -> u8 {
    (if bid { 0 } else { flag::BID_EMPTY }) | (if ask { 0 } else { flag::ASK_EMPTY })
}

impl Model {
    fn check_venue(&self, venue: u8) -> Result<(), Fault> {
        if usize::from(venue) < self.sizes.venues {
            Ok(())
        } else {
            Err(Fault::BadField)
        }
    }

    fn check_book(&self, book: u8) -> Result<(), Fault> {
        if usize::from(book) < self.sizes.books {
            Ok(())
        } else {
            Err(Fault::BadField)
        }
    }

    /// Changes a book and reports its new touch if that differs from the one before.
    fn change(&mut self, book: u8, opcode: u8, tag: u64, apply: impl FnOnce(&mut Book)) -> Vec<Event> {
        let state = &mut self.books[usize::from(book)];
        let before = state.touch();
        apply(state);
        let after = state.touch();
        if after == before {
            return Vec::new();
        }
        self.count(&register::COUNT_BBO);
        vec![Bbo {
            flags: after.flags,
            book,
            opcode,
            conflated: 0,
            bid_price: after.bid.price,
            bid_venues: after.bid.venues,
            bid_quantity: after.bid.quantity,
            ask_price: after.ask.price,
            ask_venues: after.ask.venues,
            ask_quantity: after.ask.quantity,
            tag,
        }
        .into()]
    }

    pub(super) fn level(&mut self, level: &Level) -> Result<Vec<Event>, Fault> {
        self.check_venue(level.venue)?;
        self.check_book(level.book)?;
        if level.quantity >= 1 << width::QUANTITY_BITS {
            return Err(Fault::BadField);
        }
        if !self.books[usize::from(level.book)].contains(level.price) {
            self.count(&register::COUNT_LEVELS_OUTSIDE);
            return Ok(Vec::new());
        }
        self.count(&register::COUNT_LEVELS);
        Ok(self.change(level.book, Level::CODE, level.tag, |book| {
            let ticks = book.levels.entry((level.venue, level.side)).or_default();
            if level.quantity == 0 {
                ticks.remove(&level.price);
            } else {
                ticks.insert(level.price, level.quantity);
            }
        }))
    }

    pub(super) fn venue_reset(&mut self, reset: &VenueReset) -> Result<Vec<Event>, Fault> {
        self.check_venue(reset.venue)?;
        self.check_book(reset.book)?;
        Ok(self.change(reset.book, VenueReset::CODE, reset.tag, |book| {
            book.levels.remove(&(reset.venue, BID));
            book.levels.remove(&(reset.venue, ASK));
            book.enabled &= !(1 << reset.venue);
        }))
    }

    pub(super) fn slide(&mut self, slide: &Slide) -> Result<Vec<Event>, Fault> {
        self.check_book(slide.book)?;
        let window_ticks = self.books[usize::from(slide.book)].window_ticks;
        if !slide.base.is_multiple_of(width::BASE_ALIGN_TICKS) || u64::from(slide.base) > (1 << 32) - window_ticks {
            return Err(Fault::BadField);
        }
        Ok(self.change(slide.book, Slide::CODE, slide.tag, |book| {
            book.base = Some(slide.base);
            book.refilling = slide.refilling;
            let mut levels = std::mem::take(&mut book.levels);
            for ticks in levels.values_mut() {
                ticks.retain(|price, _| book.contains(*price));
            }
            book.levels = levels;
        }))
    }

    pub(super) fn book_state(&mut self, state: &BookState) -> Result<Vec<Event>, Fault> {
        self.check_book(state.book)?;
        if u32::from(state.enabled) >> self.sizes.venues != 0 {
            return Err(Fault::BadField);
        }
        Ok(self.change(state.book, BookState::CODE, state.tag, |book| {
            book.enabled = state.enabled;
            book.refilling = state.refilling;
        }))
    }

    pub(super) fn depth(&mut self, depth: &Depth) -> Result<Vec<Event>, Fault> {
        self.check_book(depth.book)?;
        if depth.count == 0 {
            return Err(Fault::BadField);
        }
        let book = &self.books[usize::from(depth.book)];
        let mut events = Vec::new();
        let (mut bid, mut ask) = (book.next(BID, None), book.next(ASK, None));
        for level in 0..depth.count {
            let last = level == depth.count - 1 || (bid.is_none() && ask.is_none());
            let (at_bid, at_ask) = (bid.unwrap_or_default(), ask.unwrap_or_default());
            events.push(
                DepthLevel {
                    flags: empty_flags(bid.is_some(), ask.is_some()) | if last { flag::LAST } else { 0 },
                    book: depth.book,
                    level,
                    bid_price: at_bid.price,
                    bid_venues: at_bid.venues,
                    bid_quantity: at_bid.quantity,
                    ask_price: at_ask.price,
                    ask_venues: at_ask.venues,
                    ask_quantity: at_ask.quantity,
                    tag: depth.tag,
                }
                .into(),
            );
            if last {
                break;
            }
            bid = bid.and_then(|tick| book.next(BID, Some(tick.price)));
            ask = ask.and_then(|tick| book.next(ASK, Some(tick.price)));
        }
        Ok(events)
    }

    pub(super) fn heartbeat(&mut self, heartbeat: &Heartbeat) -> Result<(), Fault> {
        self.check_venue(heartbeat.venue)?;
        self.heartbeat_us.insert(usize::from(heartbeat.venue), heartbeat.time_us);
        Ok(())
    }
}
