//! The market commands: checks, counters and BBO events around [`Book`].
//!
//! Invariant: a BBO event is made exactly when price, total, venue set or flags of a side changed.

use crate::book::{Book, Outcome, Side, Tick};
use crate::card::Counters;
use crate::words::event_words;
use crossgate_contract::command::{BookState, Depth, Heartbeat, Level, Slide, VenueReset};
use crossgate_contract::event::{flag, Bbo, DepthLevel};
use crossgate_contract::{register, width, Fault, Sizes};

/// Every book of the card.
pub(crate) struct Market {
    sizes: Sizes,
    window_ticks: u32,
    pub(crate) books: Box<[Book]>,
    /// Last heartbeat by venue, microseconds.
    pub(crate) heartbeat_us: Box<[u64]>,
}

/// The words of a BBO event, if there is one.
pub(crate) type Change = Result<Option<[u64; 8]>, Fault>;

impl Market {
    pub(crate) fn new(sizes: &Sizes) -> Self {
        let window_ticks = u32::try_from(sizes.window_ticks).unwrap_or(u32::MAX);
        let venues = u32::try_from(sizes.venues).unwrap_or(u32::MAX);
        Self {
            sizes: *sizes,
            window_ticks,
            books: vec![Book::new(window_ticks, venues); sizes.books].into(),
            heartbeat_us: vec![0; sizes.venues].into(),
        }
    }

    fn book(&mut self, book: u8) -> Result<&mut Book, Fault> {
        self.books.get_mut(usize::from(book)).ok_or(Fault::BadField)
    }

    fn check_venue(&self, venue: u8) -> Result<(), Fault> {
        if usize::from(venue) < self.sizes.venues {
            Ok(())
        } else {
            Err(Fault::BadField)
        }
    }

    /// The BBO event of a changed book.
    fn report(&self, counters: &mut Counters, book: u8, opcode: u8, tag: u64) -> [u64; 8] {
        counters.count(&register::COUNT_BBO);
        let state = &self.books[usize::from(book)];
        let [bid, ask] = state.touch();
        event_words!(Bbo {
            flags: state.flags(),
            book: book,
            opcode: opcode,
            conflated: 0u32,
            bid_price: bid.price,
            bid_venues: bid.venues,
            bid_quantity: bid.quantity,
            ask_price: ask.price,
            ask_venues: ask.venues,
            ask_quantity: ask.quantity,
            tag: tag,
        })
    }

    #[inline]
    pub(crate) fn level(&mut self, counters: &mut Counters, level: &Level) -> Change {
        self.check_venue(level.venue)?;
        let book = self.book(level.book)?;
        const { assert!(width::QUANTITY_BITS == u32::BITS) };
        let quantity = u32::try_from(level.quantity).map_err(|_| Fault::BadField)?;
        match book.level(Side::of(level.side), level.venue, level.price, quantity) {
            Outcome::Outside => {
                counters.count(&register::COUNT_LEVELS_OUTSIDE);
                Ok(None)
            }
            Outcome::Same => {
                counters.count(&register::COUNT_LEVELS);
                Ok(None)
            }
            Outcome::Changed => {
                counters.count(&register::COUNT_LEVELS);
                Ok(Some(self.report(counters, level.book, Level::CODE, level.tag)))
            }
        }
    }

    pub(crate) fn venue_reset(&mut self, counters: &mut Counters, reset: &VenueReset) -> Change {
        self.check_venue(reset.venue)?;
        let changed = self.book(reset.book)?.reset_venue(reset.venue);
        Ok(changed.then(|| self.report(counters, reset.book, VenueReset::CODE, reset.tag)))
    }

    pub(crate) fn slide(&mut self, counters: &mut Counters, slide: &Slide) -> Change {
        let highest = u32::MAX - (self.window_ticks - 1);
        let aligned = slide.base.is_multiple_of(width::BASE_ALIGN_TICKS) && slide.base <= highest;
        let book = self.book(slide.book)?;
        if !aligned {
            return Err(Fault::BadField);
        }
        let changed = book.slide(slide.base, slide.refilling);
        Ok(changed.then(|| self.report(counters, slide.book, Slide::CODE, slide.tag)))
    }

    pub(crate) fn book_state(&mut self, counters: &mut Counters, state: &BookState) -> Change {
        let venues = self.sizes.venues;
        let book = self.book(state.book)?;
        if u32::from(state.enabled) >> venues != 0 {
            return Err(Fault::BadField);
        }
        let changed = book.set_state(state.enabled, state.refilling);
        Ok(changed.then(|| self.report(counters, state.book, BookState::CODE, state.tag)))
    }

    pub(crate) fn heartbeat(&mut self, heartbeat: &Heartbeat) -> Result<(), Fault> {
        self.check_venue(heartbeat.venue)?;
        self.heartbeat_us[usize::from(heartbeat.venue)] = heartbeat.time_us;
        Ok(())
    }

    /// Hands the events of a listing to `sink`.
    pub(crate) fn depth(&mut self, depth: &Depth, mut sink: impl FnMut([u64; 8])) -> Result<(), Fault> {
        let book = self.book(depth.book)?;
        let deepest = depth.count.checked_sub(1).ok_or(Fault::BadField)?;
        let [mut bid, mut ask]: [Tick; 2] = book.touch();
        let set = |holds: bool, bit: u8| if holds { bit } else { 0 };
        for level in 0..=deepest {
            let last = level == deepest || (bid.is_empty() && ask.is_empty());
            sink(event_words!(DepthLevel {
                flags: set(bid.is_empty(), flag::BID_EMPTY)
                    | set(ask.is_empty(), flag::ASK_EMPTY)
                    | set(last, flag::LAST),
                book: depth.book,
                level: level,
                bid_price: bid.price,
                bid_venues: bid.venues,
                bid_quantity: bid.quantity,
                ask_price: ask.price,
                ask_venues: ask.venues,
                ask_quantity: ask.quantity,
                tag: depth.tag,
            }));
            if last {
                break;
            }
            (bid, ask) = (book.behind(Side::Bid, bid), book.behind(Side::Ask, ask));
        }
        Ok(())
    }
}
