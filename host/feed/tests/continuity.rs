//! What breaks a book, what does not, what is said about it, and what brings it back.
#![allow(clippy::unwrap_used)] // helpers: a panic is a failed test

mod support;

use crossgate_feed::{Counters, Feed, State};
use crossgate_instrument::{Side, Venue};
use support::{instrument, kraken, recorded, run, Heard};

const SNAPSHOT: &str =
    r#"{"lastUpdateId":100,"E":1,"T":1,"bids":[["10.0","1"],["9.9","2"]],"asks":[["10.1","3"],["10.2","4"]]}"#;

/// A USD-M depth event of `symbol`.
fn event_of(symbol: &str, first: u64, last: u64, previous: u64, bids: &str, asks: &str) -> String {
    format!(
        concat!(
            r#"{{"stream":"x@depth@0ms","data":{{"e":"depthUpdate","E":7,"T":6,"s":"{symbol}","#,
            r#""U":{first},"u":{last},"pu":{previous},"b":[{bids}],"a":[{asks}]}}}}"#
        ),
        symbol = symbol,
        first = first,
        last = last,
        previous = previous,
        bids = bids,
        asks = asks
    )
}

fn event(first: u64, last: u64, previous: u64) -> String {
    event_of("XUSDT", first, last, previous, "", r#"["10.2","5"]"#)
}

fn usdm() -> Feed {
    Feed::new(Venue::BinanceUsdm, vec![instrument(Venue::BinanceUsdm, "XUSDT", "0.1", "0.001")]).named("x.gz")
}

/// Bridges the snapshot and goes on with `more`.
fn live(more: &[String]) -> (Feed, Heard) {
    let mut feed = usdm();
    let mut lines = vec![SNAPSHOT.to_owned(), event(99, 101, 98)];
    lines.extend_from_slice(more);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let heard = run(&mut feed, &lines);
    (feed, heard)
}

/// Where the first line after a live start stands.
fn third_line() -> usize {
    SNAPSHOT.len() + 1 + event(99, 101, 98).len() + 1
}

fn names(heard: &Heard) -> Vec<&'static str> {
    heard.states.iter().map(|(_, state)| state.name()).collect()
}

fn ids(heard: &Heard) -> Vec<u64> {
    heard.updates.iter().map(|(_, _, id, _)| *id).collect()
}

#[test]
fn events_before_the_snapshot_wait_and_come_after_it_in_order() {
    let mut feed = usdm();
    let events = [event(80, 90, 79), event(91, 99, 90), event(100, 105, 99), event(106, 107, 105)];
    let mut lines: Vec<&str> = events.iter().map(String::as_str).collect();
    lines.push(SNAPSHOT);
    let heard = run(&mut feed, &lines);
    assert_eq!(ids(&heard), [100, 105, 107]);
    assert_eq!(heard.updates.iter().map(|update| update.1).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(names(&heard), ["live"]);
    let counters = feed.counters();
    assert_eq!((counters.links_ok, counters.ignored, counters.levels), (3, 2, 8));
}

#[test]
fn the_first_futures_event_may_end_at_the_snapshot_and_the_first_spot_event_must_pass_it() {
    let mut feed = usdm();
    assert_eq!(ids(&run(&mut feed, &[&event(99, 100, 98), SNAPSHOT])), [100, 100]);

    let spot = |first: u64, last: u64| {
        format!(r#"{{"stream":"x","data":{{"e":"depthUpdate","E":7,"s":"X","U":{first},"u":{last},"b":[],"a":[]}}}}"#)
    };
    let mut feed = Feed::new(Venue::BinanceSpot, vec![instrument(Venue::BinanceSpot, "X", "0.1", "0.001")]);
    let heard = run(&mut feed, &[&spot(99, 100), SNAPSHOT, &spot(101, 103), &spot(104, 104)]);
    assert_eq!(ids(&heard), [100, 103, 104]);
    let heard = run(&mut feed, &[&spot(106, 107)]);
    assert!(heard.loss().contains("U is 106 where 105 was expected"), "{}", heard.loss());
}

#[test]
fn a_book_is_live_only_once_an_event_bridges_its_snapshot() {
    let mut feed = usdm();
    assert_eq!(names(&run(&mut feed, &[SNAPSHOT])), Vec::<&str>::new());
    assert_eq!(feed.state(0), Some(&State::Syncing));
    let heard = run(&mut feed, &[&event(102, 103, 99)]);
    assert!(heard.loss().contains("the snapshot ends at 100, the first event starts at 102"), "{}", heard.loss());
    assert_eq!((feed.counters().gaps, ids(&heard).len()), (1, 0));
}

#[test]
fn a_gap_loses_the_book_at_once_and_only_a_new_snapshot_brings_it_back() {
    let (mut feed, heard) = live(&[event(104, 105, 103), event(106, 107, 105)]);
    assert_eq!(ids(&heard), [100, 101]);
    assert_eq!(names(&heard), ["live", "lost"]);
    let offset = third_line();
    let expected = format!(
        "x.gz: line 3 (offset {offset}): binance-usdm XUSDT lost: pu is 103 where 101 was expected, so events are \
         missing; fetch a new REST depth snapshot"
    );
    assert_eq!(heard.loss(), expected);
    assert_eq!((feed.counters().gaps, feed.counters().links_ok), (1, 1));
    let old = SNAPSHOT.replace("100", "101");
    let heard = run(&mut feed, &[&old]);
    assert_eq!((ids(&heard).len(), feed.state(0).unwrap().name()), (0, "lost"));
    let heard = run(&mut feed, &[&SNAPSHOT.replace("100", "104"), &event(108, 108, 107)]);
    assert_eq!(ids(&heard), [104, 105, 107, 108]);
    assert_eq!((names(&heard), feed.counters().resyncs), (vec!["live"], 1));
}

#[test]
fn the_end_of_a_connection_loses_live_books_and_a_new_stream_needs_its_own_snapshot() {
    // The snapshot that waited belongs to the old stream.
    let (mut feed, _) = live(&[SNAPSHOT.replace("100", "110")]);
    let mut heard = Heard::default();
    feed.disconnected(3, 0, 0, &mut heard);
    assert!(heard.loss().contains("XUSDT lost: the connection ended; fetch a new REST"), "{}", heard.loss());
    let heard = run(&mut feed, &[&event(109, 111, 108)]);
    assert_eq!((ids(&heard).len(), feed.counters().gaps), (0, 0));
    let heard = run(&mut feed, &[&SNAPSHOT.replace("100", "109")]);
    assert_eq!((ids(&heard), names(&heard)), (vec![109, 111], vec!["live"]));
    let mut feed = usdm();
    feed.disconnected(0, 0, 0, &mut ());
    assert_eq!(feed.state(0), Some(&State::Syncing));
}

#[test]
fn ids_that_jump_back_are_a_gap_and_an_exact_repeat_is_not() {
    let (feed, heard) = live(&[event(102, 103, 101), event(102, 103, 101), event(104, 104, 103)]);
    assert_eq!((ids(&heard), feed.counters().duplicates), (vec![100, 101, 103, 104], 1));
    let (feed, heard) = live(&[event(102, 103, 101), event(99, 101, 98)]);
    assert_eq!((names(&heard), feed.counters().gaps), (vec!["live", "lost"], 1));
}

#[test]
fn a_snapshot_that_is_not_newer_than_a_live_book_is_a_duplicate() {
    let (feed, heard) = live(&[SNAPSHOT.to_owned(), SNAPSHOT.replace("100", "101"), event(102, 103, 101)]);
    assert_eq!((ids(&heard), names(&heard)), (vec![100, 101, 103], vec!["live"]));
    assert_eq!((feed.counters().duplicates, feed.counters().resyncs), (2, 0));
    assert!(heard.notices[0].to_string().contains("100 repeats what the book contains (it has reached 101)"));
}

#[test]
fn a_newer_snapshot_waits_until_a_gap_needs_it() {
    let newer = SNAPSHOT.replace("100", "110");
    let (feed, heard) = live(&[newer.clone(), event(102, 105, 101), event(109, 111, 108), event(112, 112, 111)]);
    assert_eq!(ids(&heard), [100, 101, 105, 110, 111, 112]);
    assert_eq!((names(&heard), feed.counters().resyncs), (vec!["live", "lost", "live"], 1));
    let (feed, heard) = live(&[newer, event(102, 111, 101), event(114, 115, 113)]);
    assert_eq!((names(&heard), feed.counters().gaps), (vec!["live", "lost"], 1));
}

#[test]
fn a_frame_that_is_not_json_is_counted_and_the_chain_decides() {
    let (feed, heard) = live(&["{\"stream\":".to_owned(), event(102, 102, 101)]);
    assert_eq!((names(&heard), feed.counters().malformed, feed.counters().frames), (vec!["live"], 1, 4));
    let expected = format!("x.gz: line 3 (offset {}): frame is not JSON (EOF", third_line());
    assert!(heard.notices[0].to_string().starts_with(&expected), "{}", heard.notices[0]);
    let (feed, heard) = live(&["\u{0}".to_owned(), event(103, 103, 102)]);
    assert_eq!((names(&heard), feed.counters().malformed, feed.counters().gaps), (vec!["live", "lost"], 1, 1));
}

/// Runs one bad event after a live start: the loss message, the counters, and that a new snapshot still helps.
fn lost_by(bids: &str, asks: &str) -> (String, Counters) {
    let (mut feed, heard) = live(&[event_of("XUSDT", 102, 102, 101, bids, asks)]);
    assert_eq!((ids(&heard), names(&heard)), (vec![100, 101], vec!["live", "lost"]), "{bids} {asks}");
    let counters = feed.counters();
    let heard2 = run(&mut feed, &[&event(103, 103, 102), &SNAPSHOT.replace("100", "103")]);
    assert_eq!((names(&heard2), feed.counters().gaps), (vec!["live"], 0), "{bids} {asks}");
    (heard.loss(), counters)
}

#[test]
fn each_bad_value_loses_the_book_with_its_own_words_and_counter() {
    let (loss, counters) = lost_by(r#"["10.1","1"]"#, "");
    assert!(loss.contains("best bid 10.1 is not below best ask 10.1"), "{loss}");
    assert_eq!(counters.crossed, 1);

    let (loss, counters) = lost_by(r#"["9.95","1"]"#, "");
    assert!(loss.contains("price 9.95 is not a multiple of 0.1; check the instrument's tick and lot"), "{loss}");
    assert_eq!(counters.off_grid, 1);

    let (loss, counters) = lost_by("", r#"["10.3","92233720368547758070"]"#);
    assert!(loss.contains("quantity 92233720368547758070 is too large"), "{loss}");
    assert_eq!(counters.off_grid, 1);

    let (loss, counters) = lost_by("", r#"["10.3","-1"]"#);
    assert!(loss.contains("quantity -1 is out of range"), "{loss}");
    assert_eq!(counters.malformed, 1);

    let (loss, counters) = lost_by("", r#"["0","1"]"#);
    assert!(loss.contains("price 0 is out of range"), "{loss}");
    assert_eq!(counters.malformed, 1);

    let (loss, counters) = lost_by("", r#"["1e1","1"]"#);
    assert!(loss.contains(r#"price "1e1" is no decimal number"#), "{loss}");
    assert_eq!(counters.malformed, 1);

    let (loss, counters) = lost_by("", r#"["10.3"]"#);
    assert!(loss.contains("malformed book message: a level has no quantity"), "{loss}");
    assert_eq!(counters.malformed, 1);
}

#[test]
fn a_book_message_without_a_field_loses_only_its_own_book() {
    let venue = Venue::BinanceUsdm;
    let two = vec![instrument(venue, "XUSDT", "0.1", "0.001"), instrument(venue, "YUSDT", "0.1", "0.001")];
    let mut feed = Feed::new(venue, two);
    let snapshot = |symbol: &str| SNAPSHOT.replace("{\"last", &format!("{{\"symbol\":\"{symbol}\",\"last"));
    let first = |symbol: &str| event_of(symbol, 99, 101, 98, "", "");
    let broken = event_of("XUSDT", 102, 102, 101, "", "").replace(",\"a\":[]", "");
    let lines = [
        snapshot("XUSDT"),
        snapshot("YUSDT"),
        first("XUSDT"),
        first("YUSDT"),
        broken,
        event_of("YUSDT", 102, 103, 101, "", ""),
    ];
    let heard = run(&mut feed, &lines.each_ref().map(String::as_str));
    assert_eq!([0, 1].map(|index| feed.state(index).unwrap().name()), ["lost", "live"]);
    assert!(heard.loss().contains("XUSDT lost: malformed book message: depth event lacks a field"), "{}", heard.loss());
    assert_eq!((feed.counters().malformed, ids(&heard).last()), (1, Some(&103)));
}

#[test]
fn a_price_that_moves_from_ask_to_bid_within_a_frame_is_no_crossing() {
    let moved = event_of("XUSDT", 102, 102, 101, r#"["10.1","7"]"#, r#"["10.1","0"]"#);
    let (feed, heard) = live(&[moved]);
    assert_eq!((names(&heard), feed.counters().crossed), (vec!["live"], 0));
    let levels = &heard.updates.last().unwrap().3;
    let seen: Vec<_> = levels.iter().map(|level| (level.side, level.price.get(), level.quantity.get())).collect();
    assert_eq!(seen, [(Side::Bid, 101, 7000), (Side::Ask, 101, 0)]);
}

#[test]
fn an_unknown_instrument_is_counted_told_once_and_stops_nothing() {
    let other = event_of("ZUSDT", 1, 2, 0, "", "");
    let (feed, heard) = live(&[other.clone(), other, event(102, 102, 101)]);
    assert_eq!((feed.counters().unknown_instrument, names(&heard)), (2, vec!["live"]));
    let told: Vec<String> = heard.notices.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("\"ZUSDT\" is not a configured instrument"), "{told:?}");
}

#[test]
fn a_snapshot_without_a_name_is_refused_where_several_could_be_meant() {
    let venue = Venue::BinanceUsdm;
    let two = vec![instrument(venue, "XUSDT", "0.1", "0.001"), instrument(venue, "YUSDT", "0.1", "0.001")];
    let mut feed = Feed::new(venue, two.clone());
    let heard = run(&mut feed, &[SNAPSHOT, &event(99, 101, 98), SNAPSHOT]);
    assert_eq!((feed.counters().unknown_instrument, names(&heard)), (1, vec!["live"]));
    let mut feed = Feed::new(venue, two);
    run(&mut feed, &[&event(99, 101, 98), &event_of("YUSDT", 99, 101, 98, "", ""), SNAPSHOT]);
    assert_eq!(feed.counters().unknown_instrument, 1);
    assert_eq!([0, 1].map(|index| feed.state(index).unwrap().name()), ["syncing"; 2]);
}

#[test]
fn tickers_and_trades_never_touch_a_book() {
    let ticker = r#"{"stream":"x","data":{"e":"bookTicker","u":5,"s":"XUSDT","b":"10.0","B":"1","a":"10.15","A":"2"}}"#;
    let trade = r#"{"e":"trade","E":8,"T":9,"s":"XUSDT","t":3,"p":"10.0","q":"0.5","X":"MARKET","m":true}"#;
    let fund = trade.replace("MARKET", "INSURANCE_FUND");
    let broken = trade.replace("\"t\":3,", "");
    let lines = [ticker, &ticker.replace("10.15", "10.1"), trade, &fund, &broken].map(str::to_owned);
    let (feed, heard) = live(&lines);
    let counters = feed.counters();
    assert_eq!((counters.tickers, counters.trades, counters.off_grid, counters.malformed), (1, 1, 1, 1));
    assert_eq!((names(&heard), heard.notices.len(), counters.ignored), (vec!["live"], 2, 1));
    let trade = heard.trades[0];
    assert_eq!((trade.price.get(), trade.quantity.get(), trade.aggressor, trade.id), (100, 500, Side::Ask, 3));
    assert_eq!(trade.exchange_ns, Some(9_000_000));
    assert_eq!(heard.tickers[0].ask.0.get(), 101);
}

/// The order book of the venue's documentation, whose checksum is 3310070434.
const DOCUMENTED: &str = include_str!("frames/kraken_documented.json").trim_ascii();

/// An update of the documented book with a given checksum.
fn kraken_update(bids: &str, asks: &str, checksum: u32) -> String {
    format!(
        concat!(
            r#"{{"channel":"book","type":"update","data":[{{"symbol":"BTC/USD","bids":[{bids}],"asks":[{asks}],"#,
            r#""checksum":{checksum},"timestamp":"2023-10-06T17:35:55.440295Z"}}]}}"#
        ),
        bids = bids,
        asks = asks,
        checksum = checksum
    )
}

#[test]
fn the_documented_checksum_is_reproduced() {
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]);
    let heard = run(&mut feed, &[DOCUMENTED]);
    assert_eq!((feed.counters().checksums_ok, names(&heard)), (1, vec!["live"]));
}

#[test]
fn a_wrong_checksum_loses_the_book_until_a_new_snapshot() {
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]).named("k.cbcap");
    let wrong = kraken_update(r#"{"price":45283.5,"qty":0.2}"#, "", 1);
    let heard = run(&mut feed, &[DOCUMENTED, &wrong, &wrong, DOCUMENTED]);
    assert_eq!(names(&heard), ["live", "lost", "live"]);
    assert!(heard.loss().contains("k.cbcap: line 2"), "{}", heard.loss());
    assert!(heard.loss().contains("the venue's checksum is 1, that of the book is"), "{}", heard.loss());
    assert!(heard.loss().ends_with("subscribe again for a new snapshot"), "{}", heard.loss());
    let counters = feed.counters();
    assert_eq!((counters.checksums_ok, counters.checksums_bad, counters.ignored, counters.resyncs), (2, 1, 1, 1));
}

#[test]
fn levels_that_fall_out_of_the_depth_are_removed_downstream() {
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]);
    // A worse bid than the tenth is cut off at once, so the checksum does not change.
    let heard =
        run(&mut feed, &[DOCUMENTED, &kraken_update(r#"{"price":45270.0,"qty":1.00000000}"#, "", 3_310_070_434)]);
    let levels: Vec<_> = heard.updates[1].3.iter().map(|level| (level.price.get(), level.quantity.get())).collect();
    assert_eq!(levels, [(452_700, 100_000_000), (452_700, 0)]);
    assert_eq!(names(&heard), ["live"]);
}

#[test]
fn kraken_frames_that_are_not_json_are_counted_and_bad_ones_lose_the_book() {
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]);
    let same = kraken_update("", "", 3_310_070_434);
    let heard = run(&mut feed, &[DOCUMENTED, "gibberish", "{\"channel\":\"heartbeat\"}", &same]);
    assert_eq!((names(&heard), feed.counters().malformed, feed.counters().ignored), (vec!["live"], 1, 1));
    let heard = run(&mut feed, &[&same.replace("3310070434", "\"x\"")]);
    assert!(heard.loss().contains("message of channel \"book\" lacks a field"), "{}", heard.loss());
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]);
    let finer = kraken_update(r#"{"price":45283.5,"qty":0.000000001}"#, "", 3_310_070_434);
    let heard = run(&mut feed, &[DOCUMENTED, &finer]);
    assert_eq!((feed.counters().off_grid, names(&heard)), (1, vec!["live", "lost"]));
}

#[test]
fn kraken_trades_tell_history_from_news() {
    let mut feed = Feed::new(Venue::KrakenSpot, vec![kraken()]);
    let trades = include_str!("frames/kraken_trades.json").trim_ascii();
    let heard = run(&mut feed, &[trades, &trades.replace("snapshot", "update")]);
    assert_eq!(heard.trades.iter().map(|trade| trade.historical).collect::<Vec<_>>(), [true, true, false, false]);
    let first = heard.trades[0];
    assert_eq!(
        (first.price.get(), first.quantity.get(), first.aggressor, first.id),
        (41_364, 23_374_249, Side::Ask, 35_665)
    );
    assert_eq!(first.exchange_ns, Some(1_655_107_750_123_456_000));
}

/// Whichever single depth event of a recording is dropped, the next one shows it.
#[test]
fn no_dropped_event_goes_unseen() {
    let Some(path) = recorded("binance/spot_ethusdt_20240808.gz") else { return };
    let capture = crossgate_feed::Capture::open(path).unwrap();
    let mut lines = Vec::new();
    let mut frames = capture.frames();
    while let Some(frame) = frames.next_frame().unwrap() {
        let text = std::str::from_utf8(frame.bytes).unwrap();
        if text.contains("@depth") || text.contains("lastUpdateId") {
            lines.push(text.to_owned());
        }
        if lines.len() == 60 {
            break;
        }
    }
    let bridged = lines.iter().position(|line| line.starts_with("{\"lastUpdateId")).unwrap() + 2;
    for dropped in bridged..lines.len() - 1 {
        let kept: Vec<&str> = (0..=dropped + 1).filter(|at| *at != dropped).map(|at| lines[at].as_str()).collect();
        let mut feed = Feed::new(Venue::BinanceSpot, vec![instrument(Venue::BinanceSpot, "ETHUSDT", "0.01", "0.0001")]);
        run(&mut feed, &kept);
        assert_eq!((feed.counters().gaps, feed.state(0).unwrap().name()), (1, "lost"), "dropped {dropped}");
    }
}
