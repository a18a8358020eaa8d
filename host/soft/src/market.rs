//! The market commands: checks, counters and BBO events around [`Book`]; and what GATE asks of the books: the touch of a
//! venue, whether a book is out of its box, heartbeats.
//!
//! Invariants: a BBO event is made exactly when price, total, venue set or flags of a side changed; the number of books
//! out of their boxes is that of the touches and the boxes of the active bank.

use crate::book::{Book, Outcome, Side, Tick};
use crate::card::Counters;
use crate::words::event_words;
use crossgate_contract::command::{BookState, Depth, Heartbeat, Level, Slide, VenueReset};
use crossgate_contract::event::{flag, Bbo, DepthLevel};
use crossgate_contract::{register, width, Command, Fault, Sizes};

/// Where the touch of a book must lie, both ends included, in book ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PriceBox {
    pub(crate) low: u32,
    pub(crate) high: u32,
}

/// Every book of the card.
pub struct Market {
    sizes: Sizes,
    window_ticks: u32,
    books: Box<[Book]>,
    /// Last heartbeat by venue, microseconds.
    pub(crate) heartbeat_us: Box<[u64]>,
    /// Those of the active bank, by book.
    boxes: Box<[Option<PriceBox>]>,
    /// Whether each book is out of its box, and how many are.
    outside: Box<[bool]>,
    outside_count: usize,
}

/// The words of a BBO event, if there is one.
pub type Change = Result<Option<[u64; 8]>, Fault>;

impl Market {
    /// Empty books without windows.
    pub fn new(sizes: &Sizes) -> Self {
        let window_ticks = u32::try_from(sizes.window_ticks).unwrap_or(u32::MAX);
        let venues = u32::try_from(sizes.venues).unwrap_or(u32::MAX);
        Self {
            sizes: *sizes,
            window_ticks,
            books: vec![Book::new(window_ticks, venues); sizes.books].into(),
            heartbeat_us: vec![0; sizes.venues].into(),
            boxes: vec![None; sizes.books].into(),
            outside: vec![false; sizes.books].into(),
            outside_count: 0,
        }
    }

    /// Applies a LEVEL, VENUE_RESET, SLIDE, BOOK_STATE or HEARTBEAT without counting it; the words of its BBO event, if it
    /// has one.
    ///
    /// # Errors
    /// The fault that answers it; of any other command that it is unknown.
    pub fn apply(&mut self, command: &Command) -> Change {
        self.command(&mut Counters::default(), command)
    }

    /// The same, counted.
    pub(crate) fn command(&mut self, counters: &mut Counters, command: &Command) -> Change {
        match command {
            Command::Level(level) => self.level(counters, level),
            Command::VenueReset(reset) => self.venue_reset(counters, reset),
            Command::Slide(slide) => self.slide(counters, slide),
            Command::BookState(state) => self.book_state(counters, state),
            Command::Heartbeat(heartbeat) => self.heartbeat(heartbeat).map(|()| None),
            _ => Err(Fault::UnknownCommand),
        }
    }

    /// Whether a book is out of its box.
    #[inline]
    pub(crate) const fn is_out_of_box(&self) -> bool {
        self.outside_count != 0
    }

    /// Takes the boxes of a new active bank.
    pub(crate) fn set_boxes(&mut self, boxes: &[Option<PriceBox>]) {
        self.boxes.copy_from_slice(boxes);
        for book in 0..self.books.len() {
            self.watch_box(book);
        }
    }

    /// Looks again whether a book is out of its box.
    #[inline]
    fn watch_box(&mut self, book: usize) {
        let Some(limits) = self.boxes[book] else {
            self.outside_count -= usize::from(std::mem::take(&mut self.outside[book]));
            return;
        };
        let beyond = |tick: Tick| !tick.is_empty() && !(limits.low..=limits.high).contains(&tick.price);
        let [bid, ask] = self.books[book].touch();
        let outside = beyond(bid) | beyond(ask);
        self.outside_count -= usize::from(std::mem::replace(&mut self.outside[book], outside));
        self.outside_count += usize::from(outside);
    }

    /// A book that the build has.
    #[inline]
    pub(crate) fn book_at(&mut self, book: u8) -> &mut Book {
        &mut self.books[usize::from(book)]
    }

    /// Best bid and ask of a venue, 0 where there is none, and whether the book is being refilled.
    pub(crate) fn touch_words(&mut self, book: u16, venue: u16) -> Result<[u64; 4], Fault> {
        let (book, venue) = (u8::try_from(book), u8::try_from(venue));
        let (Ok(book), Ok(venue)) = (book, venue) else { return Err(Fault::BadField) };
        self.check_venue(venue)?;
        let book = self.book(book)?;
        let [bid, ask] = [Side::Bid, Side::Ask].map(|side| book.own(side, venue).map_or(0, u64::from));
        Ok([bid, ask, u64::from(book.is_refilling()), 0])
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
    fn report(&mut self, counters: &mut Counters, book: u8, opcode: u8, tag: u64) -> [u64; 8] {
        counters.count(&register::COUNT_BBO);
        self.watch_box(usize::from(book));
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

    fn venue_reset(&mut self, counters: &mut Counters, reset: &VenueReset) -> Change {
        self.check_venue(reset.venue)?;
        let changed = self.book(reset.book)?.reset_venue(reset.venue);
        Ok(changed.then(|| self.report(counters, reset.book, VenueReset::CODE, reset.tag)))
    }

    fn slide(&mut self, counters: &mut Counters, slide: &Slide) -> Change {
        let highest = u32::MAX - (self.window_ticks - 1);
        let aligned = slide.base.is_multiple_of(width::BASE_ALIGN_TICKS) && slide.base <= highest;
        let book = self.book(slide.book)?;
        if !aligned {
            return Err(Fault::BadField);
        }
        let changed = book.slide(slide.base, slide.refilling);
        Ok(changed.then(|| self.report(counters, slide.book, Slide::CODE, slide.tag)))
    }

    fn book_state(&mut self, counters: &mut Counters, state: &BookState) -> Change {
        let venues = self.sizes.venues;
        let book = self.book(state.book)?;
        if u32::from(state.enabled) >> venues != 0 {
            return Err(Fault::BadField);
        }
        let changed = book.set_state(state.enabled, state.refilling);
        Ok(changed.then(|| self.report(counters, state.book, BookState::CODE, state.tag)))
    }

    fn heartbeat(&mut self, heartbeat: &Heartbeat) -> Result<(), Fault> {
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
