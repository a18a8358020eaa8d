//! Binance frames: combined-stream depth differences, book tickers and trades, and one REST snapshot after the stream
//! has begun.

use super::market::{fixed, Market, Product, ASK, BID};
use super::Wire;
use anyhow::Result;
use std::fmt::Write as _;
use std::io::Write;

/// Steps before the REST snapshot answers.
const SNAPSHOT_STEP: u64 = 12;

pub(super) struct Binance {
    product: Product,
    stream: String,
    /// Steps between two depth events.
    depth_every: u64,
    step: u64,
    update_id: u64,
    /// First update id of the next depth event.
    first_id: u64,
    previous_final: u64,
    trade_id: u64,
    last_best: [Option<(i64, u64)>; 2],
}

impl Binance {
    pub(super) fn new(product: Product) -> Self {
        Self {
            product,
            stream: product.symbol().to_lowercase(),
            depth_every: if product == Product::SpotBtc { 5 } else { 1 },
            step: 0,
            update_id: 1_000_000,
            first_id: 1_000_001,
            previous_final: 1_000_000,
            trade_id: 500,
            last_best: [None, None],
        }
    }

    fn levels(&self, levels: impl Iterator<Item = (i64, u64)>) -> String {
        let (price_digits, lot_digits) = self.product.decimals();
        let mut text = String::from("[");
        for (ticks, lots) in levels {
            if text.len() > 1 {
                text.push(',');
            }
            let price = fixed(ticks.unsigned_abs(), price_digits);
            let quantity = fixed(lots, lot_digits);
            let _ = write!(text, "[\"{price}\",\"{quantity}\"]");
        }
        text.push(']');
        text
    }

    fn line(&self, time_ns: u64, kind: &str, data: &str, out: &mut dyn Write) -> Result<()> {
        writeln!(out, "{time_ns} {{\"stream\":\"{}@{kind}\",\"data\":{data}}}", self.stream)?;
        Ok(())
    }

    /// Members that USD-M and COIN-M events carry and spot events do not.
    fn futures_fields(&self, time_ms: u64) -> String {
        match self.product {
            Product::SpotBtc => String::new(),
            Product::CoinmBtc => format!("\"T\":{time_ms},\"ps\":\"BTCUSD\","),
            _ => format!("\"T\":{time_ms},"),
        }
    }

    fn trades(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let (price_digits, lot_digits) = self.product.decimals();
        let time_ms = time_ns / 1_000_000;
        for trade in std::mem::take(&mut market.trades) {
            self.trade_id += 1;
            let data = format!(
                "{{\"e\":\"trade\",\"E\":{time_ms},\"T\":{time_ms},\"s\":\"{}\",\"t\":{},\
                 \"p\":\"{}\",\"q\":\"{}\",\"X\":\"MARKET\",\"m\":{}}}",
                self.product.symbol(),
                self.trade_id,
                fixed(trade.ticks.unsigned_abs(), price_digits),
                fixed(trade.lots, lot_digits),
                trade.buyer_is_maker
            );
            self.line(time_ns, "trade", &data, out)?;
        }
        Ok(())
    }

    fn depth(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let time_ms = time_ns / 1_000_000;
        let bids = self.levels(std::mem::take(&mut market.changed[BID]).into_iter());
        let asks = self.levels(std::mem::take(&mut market.changed[ASK]).into_iter());
        let link =
            if self.product == Product::SpotBtc { String::new() } else { format!("\"pu\":{},", self.previous_final) };
        let data = format!(
            "{{\"e\":\"depthUpdate\",\"E\":{time_ms},{}\"s\":\"{}\",\"U\":{},\"u\":{},\
             {link}\"b\":{bids},\"a\":{asks}}}",
            self.futures_fields(time_ms),
            self.product.symbol(),
            self.first_id,
            self.update_id
        );
        self.previous_final = self.update_id;
        self.first_id = self.update_id + 1;
        self.line(time_ns, "depth@0ms", &data, out)
    }

    fn ticker(&self, best: [(i64, u64); 2], time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let (price_digits, lot_digits) = self.product.decimals();
        let time_ms = time_ns / 1_000_000;
        let [bid, ask] = best.map(|(t, l)| (fixed(t.unsigned_abs(), price_digits), fixed(l, lot_digits)));
        let event = match self.product {
            Product::SpotBtc => String::new(),
            _ => format!("\"e\":\"bookTicker\",\"E\":{time_ms},{}", self.futures_fields(time_ms)),
        };
        let data = format!(
            "{{{event}\"u\":{},\"s\":\"{}\",\"b\":\"{}\",\"B\":\"{}\",\"a\":\"{}\",\"A\":\"{}\"}}",
            self.update_id,
            self.product.symbol(),
            bid.0,
            bid.1,
            ask.0,
            ask.1
        );
        self.line(time_ns, "bookTicker", &data, out)
    }

    fn snapshot(&self, market: &Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let bids = self.levels(market.sides[BID].iter().rev().map(|(t, l)| (*t, *l)));
        let asks = self.levels(market.sides[ASK].iter().map(|(t, l)| (*t, *l)));
        let futures = match self.product {
            Product::SpotBtc => String::new(),
            Product::CoinmBtc => "\"symbol\":\"BTCUSD_PERP\",\"pair\":\"BTCUSD\",".to_owned(),
            _ => format!("\"E\":{0},\"T\":{0},", time_ns / 1_000_000),
        };
        writeln!(out, "{time_ns} {{\"lastUpdateId\":{},{futures}\"bids\":{bids},\"asks\":{asks}}}", self.update_id)?;
        Ok(())
    }
}

impl Wire for Binance {
    fn step(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let touched = market.changed.iter().map(std::collections::BTreeMap::len).sum::<usize>();
        self.update_id += u64::try_from(touched).unwrap_or(0).max(1);
        self.trades(market, time_ns, out)?;
        let best = market.best();
        if best != self.last_best {
            self.last_best = best;
            if let [Some(bid), Some(ask)] = best {
                self.ticker([bid, ask], time_ns + 1_000, out)?;
            }
        }
        if self.step % self.depth_every == self.depth_every - 1 {
            self.depth(market, time_ns + 2_000, out)?;
        }
        if self.step == SNAPSHOT_STEP {
            self.snapshot(market, time_ns + 3_000, out)?;
        }
        self.step += 1;
        Ok(())
    }
}
