//! The recorded captures: every link and checksum holds, and the rebuilt books equal the venue's own tickers.
#![allow(clippy::unwrap_used)] // helpers: a panic is a failed test

mod support;

use crossgate_feed::{Capture, Container, Feed, Merge, State};
use crossgate_instrument::{Instrument, Venue};
use std::path::Path;
use support::{august_2024, instrument, kraken, recorded, Heard, Rebuilt};

fn replay(path: &Path, venue: Venue, instruments: Vec<Instrument>, sink: &mut impl crossgate_feed::Sink) -> Feed {
    let capture = Capture::open(path).unwrap();
    assert_eq!(capture.venue(), Some(venue), "{}", capture.name());
    let mut feed = Feed::new(venue, instruments).named(&capture.name());
    let mut frames = capture.frames();
    while let Some(frame) = frames.next_frame().unwrap() {
        feed.on_frame(&frame, sink);
    }
    let progress = frames.progress();
    assert_eq!(progress.consumed, progress.total);
    feed
}

/// 6 files, 69,778 depth events, 4,790 comparable tickers: the figures of an independent replay in another language.
#[test]
fn binance_2024_links_hold_and_tops_equal_the_tickers() {
    let (mut compared, mut equal, mut depth_events, mut levels, mut files) = (0, 0, 0, 0, 0);
    for (name, instrument, links) in august_2024() {
        let Some(path) = recorded(name) else { continue };
        let mut sink = Rebuilt::default();
        let feed = replay(&path, instrument.venue, vec![instrument], &mut sink);
        let counters = feed.counters();
        assert_eq!(counters.links_ok, links, "{name}: {counters:?} {:?}", feed.state(0));
        for trouble in [counters.gaps, counters.duplicates, counters.malformed, counters.off_grid, counters.crossed] {
            assert_eq!(trouble, 0, "{name}: {counters:?}");
        }
        // Resting quantities finer than the lot: three old asks of BTC and two of ETH at spot, found by reading the
        // digits.
        let finer = if name.contains("spot_btc") { 3 } else { 2 * u64::from(name.contains("spot_eth")) };
        assert_eq!(counters.rounded, finer, "{name}");
        assert_eq!((counters.unknown_instrument, counters.resyncs, sink.crossed), (0, 0, 0), "{name}");
        assert_eq!(counters.frames, counters.links_ok + 2 + counters.tickers + counters.trades, "{name}");
        assert_eq!(feed.state(0), Some(&State::Live), "{name}");
        assert_eq!(sink.oracle.mismatches(), [], "{name}");
        depth_events += counters.links_ok + 1;
        levels += counters.levels;
        compared += sink.oracle.compared();
        equal += sink.oracle.equal();
        files += 1;
    }
    if files == 6 {
        assert_eq!((compared, equal, depth_events), (4790, 4790, 69_778));
        assert!(levels > 1_592_853, "{levels}: 1,592,853 are in the depth events, the rest in the snapshots");
    }
}

#[test]
fn binance_2021_streams_and_snapshots_of_two_files_make_eight_books() {
    let usdm = ["SUSHIUSDT 0.001 1", "AKROUSDT 0.00001 1", "KEEPUSDT 0.0001 1", "CTKUSDT 0.00001 1"];
    let spot = ["NKNUSDT 0.00001 1", "BLZETH 0.00000001 1", "LRCBTC 0.00000001 1", "RUNEEUR 0.001 0.1"];
    let sets = [
        ("usdm_4symbols_20210722", Venue::BinanceUsdm, usdm, (760, 752)),
        ("spot_4symbols_20211012", Venue::BinanceSpot, spot, (173, 172)),
    ];
    for (name, venue, symbols, (links, applied)) in sets {
        let files = ["ws", "http"].map(|kind| recorded(&format!("binance/{name}.{kind}.gz")));
        let [Some(stream), Some(rest)] = files else { continue };
        let captures = [stream, rest].map(|path| Capture::open(path).unwrap());
        assert_eq!(captures[0].container(), Container::Dump);
        assert_eq!(captures[1].container(), Container::RestDump);
        assert_eq!(captures.each_ref().map(Capture::venue), [Some(venue); 2]);
        let instruments = symbols.map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            instrument(venue, words[0], words[1], words[2])
        });
        let mut feed = Feed::new(venue, instruments.to_vec()).named(name);
        let mut merge = Merge::new(captures.iter().map(Capture::frames).collect());
        let mut sink = Rebuilt::default();
        while let Some((_, frame)) = merge.next_frame().unwrap() {
            feed.on_frame(&frame, &mut sink);
        }
        let counters = feed.counters();
        // Of 764 and 177 depth events each stream's first continues nothing; 752 and 172 are behind their snapshots.
        assert_eq!((counters.links_ok, sink.events), (links, applied), "{name}: {counters:?}");
        assert_eq!((counters.gaps, counters.malformed, counters.off_grid, counters.crossed), (0, 0, 0, 0), "{name}");
        for (index, symbol) in symbols.iter().enumerate() {
            assert_eq!(feed.state(index), Some(&State::Live), "{name} {symbol}");
        }
        assert_eq!(sink.oracle.compared(), sink.oracle.equal(), "{name}");
    }
}

#[test]
fn every_kraken_checksum_holds_and_the_depth_is_kept() {
    for (name, checksums, snapshots, depth) in [("kraken_btcusd_sample", 2052, 1, 25), ("kraken_btcusd_l2", 301, 5, 10)]
    {
        let Some(path) = recorded(&format!("kraken/{name}.cbcap.gz")) else { continue };
        let mut sink = Rebuilt::default();
        let feed = replay(&path, Venue::KrakenSpot, vec![kraken()], &mut sink);
        let counters = feed.counters();
        assert_eq!((counters.checksums_ok, counters.checksums_bad), (checksums, 0), "{name}");
        assert_eq!((counters.malformed, counters.crossed, counters.off_grid), (0, 0, 0), "{name}");
        assert_eq!(counters.resyncs, snapshots - 1, "{name}");
        assert_eq!(counters.frames, counters.checksums_ok + counters.ignored, "{name}");
        assert_eq!(feed.state(0), Some(&State::Live), "{name}");
        assert_eq!(sink.deepest, depth, "{name}");
    }
}

#[test]
fn a_renewed_subscription_pauses_the_book_without_losing_it() {
    let Some(path) = recorded("kraken/kraken_btcusd_l2.cbcap.gz") else { return };
    let mut heard = Heard::default();
    replay(&path, Venue::KrakenSpot, vec![kraken()], &mut heard);
    let names: Vec<&str> = heard.states.iter().map(|(_, state)| state.name()).collect();
    assert_eq!(names, ["live", "syncing", "live", "syncing", "live", "syncing", "live", "syncing", "live"]);
}

/// The recorder wrote monotonic times behind an epoch in the header.
#[test]
fn kraken_times_are_on_the_epoch_of_the_header() {
    let Some(path) = recorded("kraken/kraken_btcusd_l2.cbcap.gz") else { return };
    let capture = Capture::open(path).unwrap();
    assert_eq!(capture.symbol(), Some("BTC/USD"));
    let mut frames = capture.frames();
    assert_eq!(frames.next_frame().unwrap().unwrap().local_ns, 1_785_552_832_693_693_000);
    assert_eq!(frames.next_frame().unwrap().unwrap().local_ns, 1_785_552_832_693_693_000 + 157_150_600);
}

#[test]
fn captures_of_other_venues_open_without_a_venue() {
    let names = [
        "kraken/spot_v1_book1000_10pairs_20210417.ws.gz",
        "okx/books_3_20220513.ws.gz",
        "deribit/options_10_20210722.ws.gz",
        "bitmex/orderBookL2_10_20210722.ws.gz",
        "bybit/v5_linear_orderbook1_20250613.ws.gz",
        "coinbase/exchange_level2_10_20210417.ws.gz",
        "hyperliquid/btc_l2book_trades_20250126.gz",
        "kraken/futures_v1_10_20210722.ws.gz",
        "other/gateio_futures_10_20230524.ws.gz",
        "other/bitget_perp_books_20220407.ws.gz",
        "l3/independent_reserve_l3_20220403.ws.gz",
    ];
    for name in names {
        let Some(path) = recorded(name) else { continue };
        let capture = Capture::open(path).unwrap();
        assert_eq!(capture.venue(), None, "{name}");
        let mut frames = capture.frames();
        while frames.next_frame().unwrap().is_some() {}
    }
}

/// Two feeds driven by one merge hear exactly what each hears alone.
#[test]
fn a_merge_changes_no_feed() {
    let files = august_2024().map(|(name, instrument, links)| (recorded(name), instrument, links));
    let chosen: Vec<_> = files.into_iter().filter_map(|(path, i, l)| Some((path?, i, l))).skip(4).collect();
    let captures: Vec<Capture> = chosen.iter().map(|(path, _, _)| Capture::open(path).unwrap()).collect();
    let mut feeds: Vec<Feed> = chosen.iter().map(|(_, one, _)| Feed::new(one.venue, vec![one.clone()])).collect();
    let mut merge = Merge::new(captures.iter().map(Capture::frames).collect());
    let mut clock = 0;
    while let Some((index, frame)) = merge.next_frame().unwrap() {
        assert!(frame.local_ns >= clock);
        clock = frame.local_ns;
        feeds[index].on_frame(&frame, &mut ());
    }
    for (feed, (_, _, links)) in feeds.iter().zip(&chosen) {
        assert_eq!(feed.counters().links_ok, *links);
    }
}
