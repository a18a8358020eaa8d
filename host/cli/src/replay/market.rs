//! The host's view of the market: feeds in, consolidated books and card operations out.
//!
//! Hears the feeds ([`Sink`]), keeps one consolidated book a product, and at the end of each frame says what the card
//! must be told and what it must then show.
//! It judges no sequence numbers (the feeds do) and sends nothing (see [`super::card`]).

use super::partition::Partition;
use super::watch::{Expected, Touch};
use anyhow::{bail, Result};
use crossgate_book::{
    Bbo, Best, CardOp, Consolidated, Converter, LevelUpdate, Units, VenueIndex, Window, WindowConfig, VENUES_MAX,
};
use crossgate_contract::Sizes;
use crossgate_feed::{Notice, Sink, State, Ticker, TickerOracle, Trade, Update};
use crossgate_instrument::{Instrument, Kind, Lots, Side, Ticks};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Tickers kept per instrument while their depth event is awaited.
const TICKERS_MAX: usize = 8192;

/// One consolidated book.
pub(super) struct Book {
    /// `underlying/quote kind`, for reports.
    pub(super) name: String,
    /// Instruments in it, by configuration index.
    pub(super) members: Vec<usize>,
    pub(super) units: Units,
    pub(super) host: Consolidated,
    pub(super) window: Window,
    /// Changes of the best bid or offer, counted once a frame.
    pub(super) bbo_changes: u64,
    pub(super) updates_applied: u64,
    last: Bbo,
    updates: Vec<LevelUpdate>,
    touched: bool,
    ticker: Option<Touch>,
}

/// Where an instrument's levels go.
struct Route {
    book: usize,
    venues_mask: u8,
    converter: Converter,
    identity: bool,
    /// Native ticks of a book tick; 0 where the card's touch of the instrument's venue is not its own.
    touch_ticks: u16,
    tickers: BTreeMap<u64, Ticker>,
    last_update_id: u64,
}

/// Something that happened in a frame and concerns more than the books.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Trade(Trade),
    State { instrument: usize, state: State },
    Notice(Notice),
}

/// What the card must do and show after a frame.
pub(super) struct BookFrame<'a> {
    pub(super) book: usize,
    pub(super) ops: &'a [CardOp],
    pub(super) expected: [Option<Expected>; 2],
}

/// Every book, and what the frame in work has done to them.
pub(super) struct Market {
    pub(super) books: Vec<Book>,
    routes: Vec<Route>,
    partition: Partition,
    pub(super) oracle: TickerOracle,
    pub(super) happenings: Vec<Happening>,
    pub(super) conversion_errors: u64,
    parts: Vec<u64>,
    ops: Vec<CardOp>,
}

/// What makes instruments fungible: underlying, quote, settlement and kind.
fn product(instrument: &Instrument) -> (&str, &str, &str, Kind) {
    (&instrument.underlying, &instrument.quote, &instrument.settlement, instrument.kind)
}

impl Market {
    /// One book a product; the venues of a book are those of the card (`venues`, by instrument), or in a partition as many
    /// as there are parts for each.
    pub(super) fn new(
        instruments: &[&Instrument],
        venues: &[usize],
        sizes: &Sizes,
        partition: Partition,
    ) -> Result<Self> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (index, instrument) in instruments.iter().enumerate() {
            match groups.iter_mut().find(|group| product(instruments[group[0]]) == product(instrument)) {
                Some(group) => group.push(index),
                None => groups.push(vec![index]),
            }
        }
        if groups.len() > sizes.books {
            bail!(
                "{} products need {} books, the build {:?} has {}: choose another [card] set",
                groups.len(),
                groups.len(),
                sizes.name,
                sizes.books
            );
        }
        let mut market = Self {
            books: Vec::new(),
            routes: Vec::new(),
            partition,
            oracle: TickerOracle::new(),
            happenings: Vec::new(),
            conversion_errors: 0,
            parts: Vec::new(),
            ops: Vec::new(),
        };
        let mut routes: Vec<Option<Route>> = instruments.iter().map(|_| None).collect();
        for group in groups {
            let book = market.add_book(instruments, &group, sizes)?;
            let own = |member: &usize| venues.get(*member).copied().unwrap_or(usize::MAX);
            let parts = market.partition.parts();
            let apart = group.iter().all(|one| group.iter().filter(|other| own(other) == own(one)).count() == 1);
            let are_own = parts == 1 && apart;
            for (place, member) in group.iter().enumerate() {
                let first_venue = if are_own { own(member) } else { place * parts };
                let mut route = market.route(instruments[*member], book, first_venue, sizes)?;
                route.touch_ticks *= u16::from(are_own);
                routes[*member] = Some(route);
            }
        }
        market.routes = routes.into_iter().flatten().collect();
        Ok(market)
    }

    fn add_book(&mut self, instruments: &[&Instrument], group: &[usize], sizes: &Sizes) -> Result<usize> {
        let first = instruments[group[0]];
        let mut units = Units::of(first)?;
        for member in group {
            let other = Units::of(instruments[*member])?;
            if other.tick.step() > units.tick.step() {
                units.tick = other.tick;
            }
            if other.lot.step() < units.lot.step() {
                units.lot = other.lot;
            }
        }
        let ticks = u32::try_from(sizes.window_ticks)?;
        let kind = match first.kind {
            Kind::Spot => "spot",
            Kind::LinearPerpetual => "linear",
            Kind::InversePerpetual => "inverse",
        };
        self.books.push(Book {
            name: format!("{}/{} {kind}", first.underlying, first.quote),
            members: group.to_vec(),
            units,
            host: Consolidated::new(),
            window: Window::new(WindowConfig::new(ticks))?,
            bbo_changes: 0,
            updates_applied: 0,
            last: Bbo::default(),
            updates: Vec::new(),
            touched: false,
            ticker: None,
        });
        Ok(self.books.len() - 1)
    }

    fn route(&self, instrument: &Instrument, book: usize, first_venue: usize, sizes: &Sizes) -> Result<Route> {
        let parts = self.partition.parts();
        let venues = sizes.venues.min(VENUES_MAX);
        if first_venue + parts > venues {
            bail!(
                "{} {} needs venues {first_venue} to {} of its book, the build has {venues}",
                instrument.venue,
                instrument.symbol,
                first_venue + parts - 1
            );
        }
        let venue = venue(first_venue)?;
        let (own, common) = (Units::of(instrument)?, self.books[book].units);
        let converter = Converter::new(venue, own, common)?;
        let ticks = common.tick.step().checked_div(own.tick.step()).filter(Decimal::is_integer);
        let mut venues_mask = 0;
        for part in first_venue..first_venue + parts {
            venues_mask |= self::venue(part)?.bit();
        }
        Ok(Route {
            book,
            venues_mask,
            identity: converter.is_identity(),
            converter,
            touch_ticks: ticks.and_then(|ticks| ticks.to_u16()).unwrap_or(0),
            tickers: BTreeMap::new(),
            last_update_id: 0,
        })
    }

    /// The book of an instrument.
    pub(super) fn book_of(&self, instrument: usize) -> usize {
        self.routes[instrument].book
    }

    /// Whether every level is split over several venues of its book.
    pub(super) const fn is_partitioned(&self) -> bool {
        self.partition.parts() > 1
    }

    /// Native ticks of a tick of the instrument's book, or 0 where the card does not know the touch of its venue.
    pub(super) fn touch_ticks(&self, instrument: usize) -> u16 {
        self.routes[instrument].touch_ticks
    }

    /// Whether the instrument's own grids are those of its book, so that book prices are order prices.
    pub(super) fn is_native(&self, instrument: usize) -> bool {
        self.routes[instrument].identity
    }

    /// The best level of one side of an instrument's own venue, in its native units where the grids are the same.
    pub(super) fn top(&self, instrument: usize, side: Side) -> Option<Best> {
        let route = &self.routes[instrument];
        self.books[route.book].host.best_among(side, route.venues_mask)
    }

    /// Ends the frame: calls `each` for every book that it touched.
    pub(super) fn end_frame(&mut self, mut each: impl FnMut(BookFrame<'_>) -> Result<()>) -> Result<()> {
        for (index, book) in self.books.iter_mut().enumerate() {
            if !std::mem::take(&mut book.touched) {
                continue;
            }
            self.ops.clear();
            let status = book.window.frame(&book.host, &book.updates, &mut self.ops);
            book.updates.clear();
            let bbo = book.host.bbo();
            let changed = bbo != book.last;
            book.last = bbo;
            book.bbo_changes += u64::from(changed);
            let skip = if status.bid_out_of_window || status.ask_out_of_window {
                Some("out-of-window")
            } else if status.enabled_mask != book.host.live() {
                Some("venue-masked-on-card")
            } else {
                None
            };
            let host = changed.then(|| skip.map_or_else(|| host_expectation(&bbo), Expected::Skip));
            let ticker = book.ticker.take().filter(|_| skip.is_none()).map(Expected::Ticker);
            each(BookFrame { book: index, ops: &self.ops, expected: [host, ticker] })?;
        }
        Ok(())
    }

    fn apply(&mut self, instrument: usize, update: &Update<'_>) {
        let route = &mut self.routes[instrument];
        let book = &mut self.books[route.book];
        book.touched = true;
        let venues = || VenueIndex::all().filter(|venue| route.venues_mask & venue.bit() != 0);
        if update.snapshot {
            venues().for_each(|venue| book.host.reset_venue(venue));
            route.converter.clear();
            venues().for_each(|venue| book.host.enable_venue(venue));
        }
        for level in update.levels {
            let converted = match route.converter.level(level.side, level.price, level.quantity) {
                Ok(converted) => converted,
                Err(_) => {
                    self.conversion_errors += 1;
                    continue;
                }
            };
            self.partition.split(converted.quantity, &mut self.parts);
            for (venue, quantity) in venues().zip(&self.parts) {
                let part = LevelUpdate { venue, quantity: *quantity, ..converted };
                if book.host.quantity(venue, part.side, part.price) == *quantity {
                    continue;
                }
                if book.host.apply(part).is_ok() {
                    book.updates_applied += 1;
                    book.updates.push(part);
                } else {
                    self.conversion_errors += 1;
                }
            }
        }
    }

    /// Compares the rebuilt book with the venue's ticker of the same update id, and asks the card to show the same.
    fn judge(&mut self, instrument: usize, update: &Update<'_>) {
        let route = &mut self.routes[instrument];
        if update.snapshot || !route.identity {
            return;
        }
        route.last_update_id = update.update_id;
        let host = &self.books[route.book].host;
        let top = |side| host.best_among(side, route.venues_mask).and_then(native);
        self.oracle.book(instrument, update.update_id, top(Side::Bid), top(Side::Ask));
        let ticker = route.tickers.remove(&update.update_id);
        route.tickers = route.tickers.split_off(&update.update_id);
        self.books[route.book].ticker = ticker.and_then(|ticker| ticker_touch(&ticker));
    }
}

impl Sink for Market {
    fn levels(&mut self, instrument: usize, update: &Update<'_>) {
        self.apply(instrument, update);
        self.judge(instrument, update);
    }

    fn ticker(&mut self, ticker: &Ticker) {
        self.oracle.ticker(ticker);
        let route = &mut self.routes[ticker.instrument];
        if !route.identity {
            return;
        }
        if ticker.update_id == route.last_update_id {
            let book = &mut self.books[route.book];
            book.ticker = ticker_touch(ticker);
            book.touched = true;
        } else {
            route.tickers.insert(ticker.update_id, *ticker);
            if route.tickers.len() > TICKERS_MAX {
                route.tickers.pop_first();
            }
        }
    }

    fn trade(&mut self, trade: &Trade) {
        self.happenings.push(Happening::Trade(*trade));
    }

    fn state(&mut self, instrument: usize, state: &State) {
        if !state.is_live() {
            let route = &mut self.routes[instrument];
            let book = &mut self.books[route.book];
            book.touched = true;
            for venue in VenueIndex::all().filter(|venue| route.venues_mask & venue.bit() != 0) {
                book.host.reset_venue(venue);
            }
            route.converter.clear();
        }
        self.happenings.push(Happening::State { instrument, state: state.clone() });
    }

    fn notice(&mut self, notice: &Notice) {
        self.happenings.push(Happening::Notice(notice.clone()));
    }
}

fn venue(index: usize) -> Result<VenueIndex> {
    u8::try_from(index).ok().and_then(VenueIndex::new).ok_or_else(|| anyhow::anyhow!("venue {index} does not exist"))
}

/// A best level as the venue counts it; only for identical grids.
fn native(best: Best) -> Option<(Ticks, Lots)> {
    Some((best.price, Lots::new(i64::try_from(best.quantity).ok()?)))
}

/// What the card must show for `bbo`; a price that the card cannot hold is out of any window.
fn host_expectation(bbo: &Bbo) -> Expected {
    let side = |best: Option<Best>| match best {
        None => Some((0, 0, 0)),
        Some(best) => Some((u32::try_from(best.price.get()).ok()?, best.quantity, u16::from(best.venues))),
    };
    match (side(bbo.bid), side(bbo.ask)) {
        (Some(bid), Some(ask)) => Expected::Host(Touch { bid, ask }),
        _ => Expected::Skip("out-of-window"),
    }
}

fn ticker_touch(ticker: &Ticker) -> Option<Touch> {
    let side =
        |(price, lots): (Ticks, Lots)| Some((u32::try_from(price.get()).ok()?, u64::try_from(lots.get()).ok()?, 0));
    Some(Touch { bid: side(ticker.bid)?, ask: side(ticker.ask)? })
}
