//! Kraken spot messages, WebSocket API v2: `book`, `trade`, and the acknowledgements of book subscriptions.
//!
//! Numbers are JSON numbers whose digits count for the checksum, so they are kept as text. One frame may carry several
//! messages.

use super::{time, Book, Fault, Message, Proof, RawTrade, Rows};
use crossgate_instrument::Side;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::Value;

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    channel: Option<&'a str>,
    #[serde(borrow, rename = "type")]
    kind: Option<&'a str>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<&'a str>,
    success: Option<bool>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct BookData<'a> {
    #[serde(borrow)]
    symbol: &'a str,
    #[serde(borrow)]
    bids: &'a RawValue,
    #[serde(borrow)]
    asks: &'a RawValue,
    checksum: u32,
    #[serde(borrow)]
    timestamp: Option<&'a str>,
}

#[derive(Deserialize)]
struct TradeData<'a> {
    #[serde(borrow)]
    symbol: &'a str,
    #[serde(borrow)]
    side: &'a str,
    #[serde(borrow)]
    price: &'a RawValue,
    #[serde(borrow)]
    qty: &'a RawValue,
    trade_id: u64,
    #[serde(borrow)]
    timestamp: Option<&'a str>,
}

#[derive(Deserialize)]
struct Granted<'a> {
    #[serde(borrow)]
    channel: Option<&'a str>,
    #[serde(borrow)]
    symbol: Option<&'a str>,
    depth: Option<usize>,
}

/// Decodes one frame and hands its messages to `each` in order. On a fault none has been handed on.
pub(crate) fn decode<'a>(bytes: &'a [u8], mut each: impl FnMut(Message<'a>)) -> Result<(), Fault> {
    let frame = super::text(bytes)?;
    let Ok(outer) = serde_json::from_str::<Outer<'a>>(frame) else {
        return Err(diagnose(frame));
    };
    let fault = || diagnose(frame);
    match outer {
        Outer { channel: Some("book"), kind: Some(kind @ ("snapshot" | "update")), data: Some(data), .. } => {
            let books: Vec<BookData<'a>> = serde_json::from_str(data.get()).map_err(|_| fault())?;
            for book in books {
                each(Message::Book(Book {
                    symbol: Some(book.symbol),
                    proof: Proof::Checksum { snapshot: kind == "snapshot", crc: book.checksum },
                    exchange_ns: book.timestamp.and_then(time::from_rfc3339),
                    bids: Rows::Objects(book.bids.get()),
                    asks: Rows::Objects(book.asks.get()),
                }));
            }
        }
        Outer { channel: Some("trade"), kind: Some(kind @ ("snapshot" | "update")), data: Some(data), .. } => {
            let trades: Vec<TradeData<'a>> = serde_json::from_str(data.get()).map_err(|_| fault())?;
            if trades.iter().any(|trade| !matches!(trade.side, "buy" | "sell")) {
                return Err(fault());
            }
            for trade in trades {
                each(Message::Trade(RawTrade {
                    symbol: trade.symbol,
                    price: trade.price.get(),
                    quantity: trade.qty.get(),
                    aggressor: if trade.side == "buy" { Side::Bid } else { Side::Ask },
                    id: trade.trade_id,
                    exchange_ns: trade.timestamp.and_then(time::from_rfc3339),
                    historical: kind == "snapshot",
                }));
            }
        }
        Outer { channel: Some("book" | "trade"), .. } => return Err(fault()),
        Outer { method: Some(method), success: Some(true), result: Some(result), .. } => each(granted(method, result)),
        _ => each(Message::Ignored),
    }
    Ok(())
}

/// Reads the acknowledgement of a subscription.
fn granted<'a>(method: &str, result: &'a RawValue) -> Message<'a> {
    let Ok(Granted { channel: Some("book"), symbol: Some(symbol), depth }) = serde_json::from_str(result.get()) else {
        return Message::Ignored;
    };
    match (method, depth) {
        ("subscribe", Some(depth)) => Message::Subscribed { symbol, depth },
        ("unsubscribe", _) => Message::Unsubscribed { symbol },
        _ => Message::Ignored,
    }
}

/// Finds out what a frame is that the strict reading refused. Slow, and only for such frames.
fn diagnose(frame: &str) -> Fault {
    let value: Value = match serde_json::from_str(frame) {
        Ok(value) => value,
        Err(error) => return Fault::NotJson(error.to_string()),
    };
    let channel = value.get("channel").and_then(Value::as_str).unwrap_or_default();
    let entries = value.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let symbols = entries.iter().filter_map(|entry| entry.get("symbol")?.as_str()).map(str::to_owned).collect();
    let detail = format!("message of channel {channel:?} lacks a field or has one of a wrong type");
    Fault::Shape { detail, symbols, book: channel == "book" }
}
