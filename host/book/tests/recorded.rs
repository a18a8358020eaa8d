//! Recorded venue data through feed, converter, book and window onto the simulated card: after every venue message the
//! best bid and offer of all of them agree with the feed's.

mod card;

use card::Card;
use crossgate_book::{Consolidated, Converter, Units, VenueIndex, Window, WindowConfig};
use crossgate_feed::{Capture, Feed, Sink, State, Top, Update};
use crossgate_instrument::{Grid, Instrument, Kind, Lots, Side, Ticks, Venue};
use std::path::PathBuf;

const TICKS: u32 = 1024;

fn recorded(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CROSSGATE_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = root.join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent; set CROSSGATE_DATA to the recorded data", path.display());
    None
}

fn units(tick: &str, lot: &str) -> Units {
    let grid = |step: &str| Grid::new(step.parse().expect("a decimal")).expect("a step");
    Units { tick: grid(tick), lot: grid(lot) }
}

/// One venue's feed on its way to the card.
struct Chain {
    venue: VenueIndex,
    converter: Converter,
    /// Native ticks in one book tick.
    collapse: i64,
    book: Consolidated,
    window: Window,
    card: Card,
    messages: u64,
    ops: Vec<crossgate_book::CardOp>,
}

impl Chain {
    fn new(native: Units, book: Units, collapse: i64) -> Self {
        let venue = VenueIndex::new(0).expect("below 8");
        Self {
            venue,
            converter: Converter::new(venue, native, book).expect("a ratio"),
            collapse,
            book: Consolidated::new(),
            window: Window::new(WindowConfig::new(TICKS)).expect("a window"),
            card: Card::new(i64::from(TICKS)),
            messages: 0,
            ops: Vec::new(),
        }
    }

    fn reset(&mut self) {
        self.book.reset_venue(self.venue);
        self.converter.clear();
    }

    fn check_side(&self, side: Side, native: Option<Top>, out_of_window: bool) {
        let best = self.book.best(side);
        let expected = native.map(|(price, _)| match side {
            Side::Bid => price.get().div_euclid(self.collapse),
            Side::Ask => -(-price.get()).div_euclid(self.collapse),
        });
        assert_eq!(best.map(|best| best.price.get()), expected, "{side:?} after message {}", self.messages);
        if self.collapse == 1 {
            let lots = |(_, lots): (Ticks, Lots)| lots.get().unsigned_abs();
            assert_eq!(best.map(|best| best.quantity), native.map(lots), "{side:?} after message {}", self.messages);
        }
        let card = self.card.best(side);
        if out_of_window {
            assert_eq!(card, None, "{side:?} after message {}", self.messages);
        } else {
            let best = best.map(|best| (best.price.get(), best.quantity, best.venues));
            assert_eq!(card, best, "{side:?} on the card after message {}", self.messages);
        }
    }

    fn check_window(&self) {
        let Some(base) = self.card.base else { return };
        let (low, high) = (Ticks::new(base), Ticks::new(base + i64::from(TICKS) - 1));
        for side in [Side::Bid, Side::Ask] {
            let levels = self.book.levels_between(side, low, high);
            let rows: Vec<_> = levels.map(|level| (level.price.get(), level.quantity(), level.venues)).collect();
            assert_eq!(self.card.rows(side), rows, "{side:?} after message {}", self.messages);
        }
    }
}

impl Sink for Chain {
    fn levels(&mut self, _: usize, update: &Update<'_>) {
        if update.snapshot {
            self.reset();
        }
        let mut updates = Vec::with_capacity(update.levels.len());
        for level in update.levels {
            let converted = self.converter.level(level.side, level.price, level.quantity).expect("in range");
            self.book.apply(converted).expect("in range");
            updates.push(converted);
        }
        self.book.enable_venue(self.venue);
        self.ops.clear();
        let status = self.window.frame(&self.book, &updates, &mut self.ops);
        self.ops.iter().for_each(|op| self.card.apply(*op));
        self.messages += 1;
        assert_eq!((self.card.enabled, self.card.refilling), (1, false));
        self.check_side(Side::Bid, update.best_bid, status.bid_out_of_window);
        self.check_side(Side::Ask, update.best_ask, status.ask_out_of_window);
        if self.messages % 64 == 1 || status.moved {
            self.check_window();
        }
    }

    fn state(&mut self, _: usize, state: &State) {
        if matches!(state, State::Lost(_)) {
            self.reset();
        }
    }
}

/// Runs a recording of one instrument and returns the chain at its end; nothing when the data is absent.
fn run(
    file: &str,
    venue: Venue,
    symbol: &str,
    native: (&str, &str),
    book: (&str, &str),
    collapse: i64,
) -> Option<Chain> {
    let path = recorded(file)?;
    let (native_units, book_units) = (units(native.0, native.1), units(book.0, book.1));
    let (tick, lot) = (native_units.tick.step(), native_units.lot.step());
    let instrument = Instrument::new(venue, symbol, "U", "Q", "Q", Kind::Spot, tick, lot, "1".parse().expect("one"));
    let mut feed = Feed::new(venue, vec![instrument.expect("an instrument")]);
    let mut chain = Chain::new(native_units, book_units, collapse);
    let mut frames = Capture::open(path).expect("a capture").frames();
    while let Some(frame) = frames.next_frame().expect("a whole capture") {
        feed.on_frame(&frame, &mut chain);
    }
    eprintln!("{file}: {} messages, {:?}, {:?}", chain.messages, chain.book.stats(), chain.window.stats());
    Some(chain)
}

#[test]
fn the_card_follows_recorded_futures() {
    let usdm =
        run("binance/usdm_btcusdt_20240808.gz", Venue::BinanceUsdm, "BTCUSDT", ("0.1", "0.001"), ("0.1", "0.001"), 1);
    let coinm =
        run("binance/cm_ethusd_perp_20240808.gz", Venue::BinanceCoinm, "ETHUSD_PERP", ("0.01", "1"), ("0.01", "1"), 1);
    // The recordings hold 6,551 and 22,909 events, of which a few precede the snapshot.
    assert!(usdm.is_none_or(|chain| chain.messages > 6_500));
    assert!(coinm.is_none_or(|chain| chain.messages > 22_800));
}

#[test]
fn the_card_follows_recorded_spot_whose_window_is_narrow() {
    let native = ("0.01", "0.00001");
    let Some(chain) = run("binance/spot_btcusdt_20240808.gz", Venue::BinanceSpot, "BTCUSDT", native, native, 1) else {
        return;
    };
    let stats = chain.window.stats();
    // The price travels 27,758 ticks, 27 widths of the window.
    assert!(stats.slides + stats.rebases >= 27, "{stats:?}");
    assert!(stats.slides + stats.rebases < chain.messages / 10, "{stats:?}");
}

#[test]
fn ten_spot_ticks_in_one_book_tick_round_away_from_the_touch() {
    let chain = run(
        "binance/spot_btcusdt_20240808.gz",
        Venue::BinanceSpot,
        "BTCUSDT",
        ("0.01", "0.00001"),
        ("0.1", "0.00001"),
        10,
    );
    assert!(chain.is_none_or(|chain| chain.converter.collapses()));
}

#[test]
fn far_spot_levels_stay_in_the_book() {
    let native = ("0.01", "0.0001");
    let Some(chain) = run("binance/spot_ethusdt_20240808.gz", Venue::BinanceSpot, "ETHUSDT", native, native, 1) else {
        return;
    };
    let lowest = chain.book.levels(Side::Bid).last().map(|level| level.price.get());
    assert!(
        lowest.is_some_and(|price| price < 200_000),
        "the recording has bids far below its price of 2,600: {lowest:?}"
    );
}

#[test]
fn a_resubscribed_venue_is_loaded_again() {
    let native = ("0.1", "0.00000001");
    let Some(chain) = run("kraken/kraken_btcusd_l2.cbcap.gz", Venue::KrakenSpot, "BTC/USD", native, native, 1) else {
        return;
    };
    // Five snapshots in the recording, the first of which finds nothing to reset.
    assert_eq!(chain.window.stats().venue_resets, 5, "{:?}", chain.window.stats());
}
