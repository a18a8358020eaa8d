//! Binance messages: USD-M, COIN-M and spot share one JSON dialect.
//!
//! Read are depth events, tickers (`bookTicker`) and trades, in the combined-stream envelope or bare, and REST depth
//! snapshots. Everything else is ignored. Fields are found in any order; unknown fields are passed over.

use super::{time, Book, Fault, Message, Proof, RawTicker, RawTrade, Rows};
use crossgate_instrument::Side;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::Value;

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    stream: Option<&'a str>,
    #[serde(borrow)]
    data: Option<Event<'a>>,
    #[serde(rename = "lastUpdateId")]
    last_update_id: Option<u64>,
    #[serde(borrow)]
    symbol: Option<&'a str>,
    #[serde(borrow, rename = "E")]
    event_time: Option<&'a RawValue>,
    #[serde(borrow, rename = "T")]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    bids: Option<&'a RawValue>,
    #[serde(borrow)]
    asks: Option<&'a RawValue>,
}

/// The fields of every event; a letter means different things in different events, so values stay text.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    e: Option<&'a str>,
    #[serde(borrow)]
    s: Option<&'a str>,
    #[serde(borrow, rename = "E")]
    event_time: Option<&'a RawValue>,
    #[serde(borrow, rename = "T")]
    time: Option<&'a RawValue>,
    #[serde(borrow, rename = "U")]
    first: Option<&'a RawValue>,
    #[serde(borrow)]
    u: Option<&'a RawValue>,
    #[serde(borrow)]
    pu: Option<&'a RawValue>,
    #[serde(borrow)]
    b: Option<&'a RawValue>,
    #[serde(borrow)]
    a: Option<&'a RawValue>,
    #[serde(borrow, rename = "B")]
    bid_quantity: Option<&'a RawValue>,
    #[serde(borrow, rename = "A")]
    ask_quantity: Option<&'a RawValue>,
    #[serde(borrow)]
    t: Option<&'a RawValue>,
    #[serde(borrow)]
    p: Option<&'a RawValue>,
    #[serde(borrow)]
    q: Option<&'a RawValue>,
    #[serde(borrow)]
    m: Option<&'a RawValue>,
    #[serde(borrow, rename = "X")]
    kind: Option<&'a RawValue>,
}

/// Decodes one frame.
pub(crate) fn decode(bytes: &[u8]) -> Result<Message<'_>, Fault> {
    let frame = super::text(bytes)?;
    let Ok(outer) = serde_json::from_str::<Outer<'_>>(frame) else {
        return diagnose(frame);
    };
    let event = match outer {
        // Partial books on a stream carry an id too, but are no part of the depth chain.
        Outer { stream: Some(_), data: None, .. } => return Ok(Message::Ignored),
        Outer { data: Some(event), .. } => event,
        Outer { last_update_id: Some(last), bids: Some(bids), asks: Some(asks), symbol, time, event_time, .. } => {
            return Ok(Message::Book(Book {
                symbol,
                proof: Proof::Snapshot { last },
                exchange_ns: exchange_ns(time, event_time),
                bids: Rows::Pairs(bids.get()),
                asks: Rows::Pairs(asks.get()),
            }));
        }
        Outer { last_update_id: Some(_), symbol, .. } => {
            let symbols = symbol.map(str::to_owned).into_iter().collect();
            return Err(Fault::Shape { detail: "snapshot without bids or asks".to_owned(), symbols, book: true });
        }
        _ => match serde_json::from_str(frame) {
            Ok(event) => event,
            Err(_) => return diagnose(frame),
        },
    };
    message(&event)
}

fn message<'a>(event: &Event<'a>) -> Result<Message<'a>, Fault> {
    let is_ticker = match event.e {
        Some("depthUpdate") => return depth(event).ok_or_else(|| shape(event, "depth event", true)),
        Some("trade") => return trade(event).ok_or_else(|| shape(event, "trade", false)),
        Some(kind) => kind == "bookTicker",
        // Spot tickers do not name their type.
        None => event.u.is_some() && event.bid_quantity.is_some() && event.ask_quantity.is_some(),
    };
    if is_ticker {
        return ticker(event).ok_or_else(|| shape(event, "bookTicker", false));
    }
    Ok(Message::Ignored)
}

fn depth<'a>(event: &Event<'a>) -> Option<Message<'a>> {
    let previous = match event.pu {
        Some(raw) => Some(number(Some(raw))?),
        None => None,
    };
    let proof = Proof::Event { first: number(event.first)?, last: number(event.u)?, previous };
    Some(Message::Book(Book {
        symbol: Some(event.s?),
        proof,
        exchange_ns: exchange_ns(event.time, event.event_time),
        bids: Rows::Pairs(event.b?.get()),
        asks: Rows::Pairs(event.a?.get()),
    }))
}

fn ticker<'a>(event: &Event<'a>) -> Option<Message<'a>> {
    Some(Message::Ticker(RawTicker {
        symbol: event.s?,
        update_id: number(event.u)?,
        bid: (text(event.b)?, text(event.bid_quantity)?),
        ask: (text(event.a)?, text(event.ask_quantity)?),
    }))
}

fn trade<'a>(event: &Event<'a>) -> Option<Message<'a>> {
    // Insurance fund and similar entries come on the trade stream with another type and no price of the market.
    if event.kind.is_some_and(|kind| kind.get() != "\"MARKET\"") {
        return Some(Message::Ignored);
    }
    // `m`: the buyer was the maker.
    let aggressor = match event.m?.get() {
        "true" => Side::Ask,
        "false" => Side::Bid,
        _ => return None,
    };
    Some(Message::Trade(RawTrade {
        symbol: event.s?,
        price: text(event.p)?,
        quantity: text(event.q)?,
        aggressor,
        id: number(event.t)?,
        exchange_ns: exchange_ns(event.time, event.event_time),
        historical: false,
    }))
}

fn shape(event: &Event<'_>, what: &str, book: bool) -> Fault {
    let symbols = event.s.map(str::to_owned).into_iter().collect();
    Fault::Shape { detail: format!("{what} lacks a field or has one of a wrong type"), symbols, book }
}

fn exchange_ns(time: Option<&RawValue>, event_time: Option<&RawValue>) -> Option<u64> {
    number(time.or(event_time)).and_then(time::from_milliseconds)
}

fn number(raw: Option<&RawValue>) -> Option<u64> {
    raw?.get().parse().ok()
}

fn text(raw: Option<&RawValue>) -> Option<&str> {
    raw?.get().strip_prefix('"')?.strip_suffix('"')
}

/// Finds out what a frame is that the strict reading refused. Slow, and only for such frames.
fn diagnose(frame: &str) -> Result<Message<'_>, Fault> {
    let value: Value = serde_json::from_str(frame).map_err(|error| Fault::NotJson(error.to_string()))?;
    let stream = value.get("stream").and_then(Value::as_str).unwrap_or_default();
    let event = value.get("data").unwrap_or(&value);
    let kind = event.get("e").and_then(Value::as_str).unwrap_or_default();
    let book = kind == "depthUpdate" || value.get("lastUpdateId").is_some() || stream.contains("@depth");
    if !book
        && !matches!(kind, "bookTicker" | "trade")
        && !stream.ends_with("@trade")
        && !stream.ends_with("@bookTicker")
    {
        if value.is_object() {
            return Ok(Message::Ignored);
        }
        return Err(Fault::Shape { detail: "not an object".to_owned(), symbols: Vec::new(), book: false });
    }
    let named = event.get("s").or_else(|| event.get("symbol")).and_then(Value::as_str).map(str::to_owned);
    let streamed = stream.split_once('@').map(|(symbol, _)| symbol.to_uppercase());
    let symbols = named.or(streamed).into_iter().collect();
    let error = serde_json::from_str::<Outer<'_>>(frame).err().map(|error| error.to_string());
    Err(Fault::Shape { detail: error.unwrap_or_else(|| "a field has a wrong type".to_owned()), symbols, book })
}
