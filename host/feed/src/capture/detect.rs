//! What a capture is, from its first lines and frames.
//!
//! Venue rules, first decisive frame wins: a `CBCAP1` header names Kraken itself, and so does a v2 channel frame. Of
//! Binance's depth events and tickers those of COIN-M carry the pair `ps`; of the others only USD-M depth has `pu` and
//! only USD-M tickers name their type or time. Trades and REST snapshots decide nothing, except that the URL of a
//! recorded REST response names its host.

use super::error::excerpt;
use super::map::{Cursor, Map};
use super::{record, Capture, Container};
use crossgate_instrument::Venue;
use flate2::bufread::MultiGzDecoder;
use serde::de::IgnoredAny;
use serde::Deserialize;
use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

const LINES_PEEKED: usize = 64;
const LINE_BYTES_PEEKED: u64 = 1 << 20;
const FRAMES_PEEKED: usize = 512;

/// The header of a `CBCAP1` capture.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) venue: String,
    pub(super) symbol: String,
    pub(super) t0_ns: u64,
}

fn reader(map: &Map) -> Box<dyn BufRead> {
    let cursor = Cursor::new(map.clone());
    if map.bytes().starts_with(&[0x1f, 0x8b]) {
        return Box::new(BufReader::new(MultiGzDecoder::new(cursor)));
    }
    Box::new(cursor)
}

/// The first bytes of the content, for a message.
pub(super) fn beginning(map: &Map) -> String {
    let mut bytes = Vec::new();
    // A failed read leaves what came before it, which is what the message shows.
    let _ = reader(map).take(48).read_to_end(&mut bytes);
    excerpt(&bytes)
}

/// Finds the container from the first decisive line.
pub(super) fn container(map: &Map) -> Option<(Container, Option<Header>)> {
    let mut reader = reader(map);
    let mut line = Vec::new();
    for number in 0..LINES_PEEKED {
        line.clear();
        let read = reader.as_mut().take(LINE_BYTES_PEEKED).read_until(b'\n', &mut line);
        // A damaged beginning may still hold the start of a line that tells the container; the frames will report the
        // damage.
        if line.is_empty() {
            return None;
        }
        let end = line.len() - usize::from(line.ends_with(b"\n"));
        let text = &line[..end];
        if number == 0 {
            if let Some((venue, symbol, t0_ns)) = record::cbcap_header(text) {
                let header = Header { venue: venue.to_owned(), symbol: symbol.to_owned(), t0_ns };
                return Some((Container::Cbcap, Some(header)));
            }
        }
        if record::rest(text).is_some() {
            return Some((Container::RestDump, None));
        }
        if record::dump(text).is_some() {
            return Some((Container::Dump, None));
        }
        if record::collector(text).is_some_and(|found| text[found.bytes].starts_with(b"{")) {
            return Some((Container::Collector, None));
        }
        read.ok()?;
    }
    None
}

/// The fields that tell the venues apart.
#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(borrow)]
    data: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    channel: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct PeekEvent<'a> {
    #[serde(borrow)]
    e: Option<Cow<'a, str>>,
    ps: Option<IgnoredAny>,
    pu: Option<IgnoredAny>,
    u: Option<IgnoredAny>,
    #[serde(rename = "U")]
    first: Option<IgnoredAny>,
    #[serde(rename = "B")]
    bid_quantity: Option<IgnoredAny>,
    #[serde(rename = "T")]
    time: Option<IgnoredAny>,
}

/// Finds the venue from the header or the first decisive frame.
pub(super) fn venue(capture: &Capture) -> Option<Venue> {
    if let Some(header) = &capture.header {
        if header.venue == "kraken" && header.symbol.contains('/') {
            return Some(Venue::KrakenSpot);
        }
    }
    if capture.container == Container::RestDump {
        return rest_venue(&capture.map);
    }
    let mut frames = capture.frames();
    for _ in 0..FRAMES_PEEKED {
        let frame = frames.next_frame().ok()??;
        if let Some(venue) = frame_venue(frame.bytes) {
            return Some(venue);
        }
    }
    None
}

fn rest_venue(map: &Map) -> Option<Venue> {
    let text = beginning(map);
    let hosts = [
        ("https://fapi.binance.", Venue::BinanceUsdm),
        ("https://dapi.binance.", Venue::BinanceCoinm),
        ("https://api.binance.", Venue::BinanceSpot),
    ];
    hosts.iter().find(|(host, _)| text.starts_with(host)).map(|(_, venue)| *venue)
}

fn frame_venue(bytes: &[u8]) -> Option<Venue> {
    let peek: Peek<'_> = serde_json::from_slice(bytes).ok()?;
    match (peek.channel.as_deref(), peek.data) {
        (Some("book" | "trade" | "status" | "ticker" | "heartbeat"), _) => return Some(Venue::KrakenSpot),
        (Some(_), _) => return None,
        (None, _) => {}
    }
    let bytes = peek.data.map_or(bytes, |data| data.get().as_bytes());
    let event: PeekEvent<'_> = serde_json::from_slice(bytes).ok()?;
    let depth = event.e.as_deref() == Some("depthUpdate") && event.first.is_some();
    let ticker =
        event.u.is_some() && event.bid_quantity.is_some() && matches!(event.e.as_deref(), None | Some("bookTicker"));
    if !depth && !ticker {
        return None;
    }
    Some(if event.ps.is_some() {
        Venue::BinanceCoinm
    } else if (depth && event.pu.is_some()) || (ticker && (event.e.is_some() || event.time.is_some())) {
        Venue::BinanceUsdm
    } else {
        Venue::BinanceSpot
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_depth_event_tells_the_binance_venue() {
        let depth = |more: &str| {
            format!(r#"{{"stream":"x@depth","data":{{"e":"depthUpdate","s":"X","U":1,"u":2{more},"b":[],"a":[]}}}}"#)
        };
        assert_eq!(frame_venue(depth("").as_bytes()), Some(Venue::BinanceSpot));
        assert_eq!(frame_venue(depth(r#","pu":0"#).as_bytes()), Some(Venue::BinanceUsdm));
        assert_eq!(frame_venue(depth(r#","pu":0,"ps":"X""#).as_bytes()), Some(Venue::BinanceCoinm));
    }

    #[test]
    fn trades_and_snapshots_decide_nothing() {
        assert_eq!(frame_venue(br#"{"stream":"x@trade","data":{"e":"trade","s":"X","T":1,"p":"1","q":"1"}}"#), None);
        assert_eq!(frame_venue(br#"{"lastUpdateId":1,"bids":[],"asks":[]}"#), None);
        assert_eq!(frame_venue(b"not json"), None);
    }

    #[test]
    fn channels_of_other_venues_are_not_taken_for_kraken() {
        assert_eq!(frame_venue(br#"{"channel":"heartbeat"}"#), Some(Venue::KrakenSpot));
        assert_eq!(frame_venue(br#"{"channel":"l2Book","data":{"coin":"BTC"}}"#), None);
    }
}
