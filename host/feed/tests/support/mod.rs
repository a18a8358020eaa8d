//! Shared by the integration tests: recorded data, instruments, and a sink that remembers.
#![allow(dead_code, clippy::unwrap_used)] // each test binary uses a part; a panic is a failed test

use crossgate_feed::{Feed, Frame, Level, Notice, Sink, State, Ticker, TickerOracle, Top, Trade, Update};
use crossgate_instrument::{Instrument, Kind, Lots, Side, Ticks, Venue};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The recorded file of that name, or a visible skip.
pub(crate) fn recorded(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CROSSGATE_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let path = root.join(name);
    if path.is_file() {
        return Some(path);
    }
    eprintln!("skipped: {} is absent; set CROSSGATE_DATA to the recorded data", path.display());
    None
}

/// An instrument with the given grids; what only pricing needs is left plain.
pub(crate) fn instrument(venue: Venue, symbol: &str, tick: &str, lot: &str) -> Instrument {
    let kind = match venue {
        Venue::BinanceUsdm => Kind::LinearPerpetual,
        Venue::BinanceCoinm => Kind::InversePerpetual,
        Venue::BinanceSpot | Venue::KrakenSpot => Kind::Spot,
    };
    let contract = if kind == Kind::InversePerpetual { "10" } else { "1" };
    let decimal = |text: &str| text.parse().unwrap();
    Instrument::new(venue, symbol, "U", "Q", "Q", kind, decimal(tick), decimal(lot), decimal(contract)).unwrap()
}

/// The six instruments of the Binance captures of 8 August 2024 with their files and the links counted in them
/// independently.
pub(crate) fn august_2024() -> [(&'static str, Instrument, u64); 6] {
    use Venue::{BinanceCoinm, BinanceSpot, BinanceUsdm};
    [
        ("binance/usdm_btcusdt_20240808.gz", instrument(BinanceUsdm, "BTCUSDT", "0.1", "0.001"), 6550),
        ("binance/usdm_ethusdt_20240808.gz", instrument(BinanceUsdm, "ETHUSDT", "0.01", "0.001"), 6585),
        ("binance/cm_btcusd_perp_20240808.gz", instrument(BinanceCoinm, "BTCUSD_PERP", "0.1", "1"), 26846),
        ("binance/cm_ethusd_perp_20240808.gz", instrument(BinanceCoinm, "ETHUSD_PERP", "0.01", "1"), 22908),
        ("binance/spot_btcusdt_20240808.gz", instrument(BinanceSpot, "BTCUSDT", "0.01", "0.00001"), 3450),
        ("binance/spot_ethusdt_20240808.gz", instrument(BinanceSpot, "ETHUSDT", "0.01", "0.0001"), 3433),
    ]
}

pub(crate) fn kraken() -> Instrument {
    instrument(Venue::KrakenSpot, "BTC/USD", "0.1", "0.00000001")
}

/// Everything a feed said, with a book kept from the levels alone.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) updates: Vec<(usize, bool, u64, Vec<Level>)>,
    pub(crate) tickers: Vec<Ticker>,
    pub(crate) trades: Vec<Trade>,
    pub(crate) states: Vec<(usize, State)>,
    pub(crate) notices: Vec<Notice>,
}

impl Sink for Heard {
    fn levels(&mut self, instrument: usize, update: &Update<'_>) {
        self.updates.push((instrument, update.snapshot, update.update_id, update.levels.to_vec()));
    }
    fn ticker(&mut self, ticker: &Ticker) {
        self.tickers.push(*ticker);
    }
    fn trade(&mut self, trade: &Trade) {
        self.trades.push(*trade);
    }
    fn state(&mut self, instrument: usize, state: &State) {
        self.states.push((instrument, state.clone()));
    }
    fn notice(&mut self, notice: &Notice) {
        self.notices.push(notice.clone());
    }
}

impl Heard {
    /// The message of the last loss.
    pub(crate) fn loss(&self) -> String {
        let losses = self.states.iter().rev().filter_map(|(_, state)| match state {
            State::Lost(loss) => Some(loss.to_string()),
            _ => None,
        });
        losses.into_iter().next().unwrap_or_default()
    }
}

/// A book rebuilt from delivered levels only, as a consumer would; judged by the venue's tickers.
#[derive(Default)]
pub(crate) struct Rebuilt {
    pub(crate) books: BTreeMap<usize, [BTreeMap<Ticks, Lots>; 2]>,
    pub(crate) oracle: TickerOracle,
    pub(crate) crossed: u64,
    pub(crate) deepest: usize,
    /// Updates that were no snapshots.
    pub(crate) events: u64,
}

impl Sink for Rebuilt {
    fn levels(&mut self, instrument: usize, update: &Update<'_>) {
        let sides = self.books.entry(instrument).or_default();
        if update.snapshot {
            sides.iter_mut().for_each(BTreeMap::clear);
        }
        for level in update.levels {
            let side = &mut sides[level.side.index()];
            if level.quantity.is_zero() {
                side.remove(&level.price);
            } else {
                side.insert(level.price, level.quantity);
            }
        }
        let copy = |(price, quantity): (&Ticks, &Lots)| -> Top { (*price, *quantity) };
        let bid = sides[Side::Bid.index()].last_key_value().map(copy);
        let ask = sides[Side::Ask.index()].first_key_value().map(copy);
        assert_eq!((bid, ask), (update.best_bid, update.best_ask));
        self.crossed += u64::from(bid.zip(ask).is_some_and(|(bid, ask)| bid.0 >= ask.0));
        self.deepest = self.deepest.max(sides[0].len()).max(sides[1].len());
        if !update.snapshot {
            self.events += 1;
            self.oracle.book(instrument, update.update_id, bid, ask);
        }
    }
    fn ticker(&mut self, ticker: &Ticker) {
        self.oracle.ticker(ticker);
    }
}

/// Feeds `lines` as frames one millisecond apart.
pub(crate) fn run(feed: &mut Feed, lines: &[&str]) -> Heard {
    let mut heard = Heard::default();
    let mut offset = 0;
    for (index, line) in lines.iter().enumerate() {
        let number = index as u64;
        let frame =
            Frame { local_ns: number * 1_000_000, bytes: line.as_bytes(), offset, line: number + 1, symbol: None };
        feed.on_frame(&frame, &mut heard);
        offset += line.len() as u64 + 1;
    }
    heard
}
