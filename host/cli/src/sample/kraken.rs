//! Kraken spot v2 frames in a length-prefixed capture: book of depth 25 with checksums, and trades.

use super::market::{fixed, Market, Product, ASK, BID};
use super::Wire;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

const DEPTH: usize = 25;
const CHECKSUM_LEVELS: usize = 10;

pub(super) struct Kraken {
    /// What the client holds; empty before the snapshot.
    view: [BTreeMap<i64, u64>; 2],
    subscribed: bool,
    trade_id: u64,
}

impl Kraken {
    pub(super) fn start(time_ns: u64, out: &mut dyn Write) -> Result<Self> {
        writeln!(out, "CBCAP1 kraken {} {time_ns}", Product::KrakenBtc.symbol())?;
        let status = r#"{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2"}]}"#;
        frame(time_ns, status, out)?;
        let ack = r#"{"method":"subscribe","result":{"channel":"book","depth":25,"symbol":"BTC/USD"},"success":true}"#;
        frame(time_ns + 1_000, ack, out)?;
        Ok(Self { view: Default::default(), subscribed: false, trade_id: 900 })
    }

    fn trades(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        let mut data = String::new();
        for trade in std::mem::take(&mut market.trades) {
            self.trade_id += 1;
            if !data.is_empty() {
                data.push(',');
            }
            let _ = write!(
                data,
                "{{\"symbol\":\"BTC/USD\",\"side\":\"{}\",\"price\":{},\"qty\":{},\
                 \"ord_type\":\"market\",\"trade_id\":{},\"timestamp\":\"{}\"}}",
                if trade.buyer_is_maker { "sell" } else { "buy" },
                fixed(trade.ticks.unsigned_abs(), 1),
                fixed(trade.lots, 8),
                self.trade_id,
                timestamp(time_ns)
            );
        }
        if data.is_empty() {
            return Ok(());
        }
        frame(time_ns, &format!("{{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{data}]}}"), out)
    }
}

impl Wire for Kraken {
    fn step(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()> {
        self.trades(market, time_ns, out)?;
        market.changed = Default::default();
        let best = best_levels(market);
        let mut sent: [Vec<(i64, u64)>; 2] = Default::default();
        for side in [BID, ASK] {
            let gone = self.view[side].keys().filter(|ticks| !market.sides[side].contains_key(ticks));
            sent[side].extend(gone.map(|ticks| (*ticks, 0)));
            let new = best[side].iter().filter(|(ticks, lots)| self.view[side].get(ticks) != Some(lots));
            sent[side].extend(new.map(|(ticks, lots)| (*ticks, *lots)));
        }
        self.view = best;
        if self.subscribed && sent.iter().all(Vec::is_empty) {
            return Ok(());
        }
        let kind = if self.subscribed { "update" } else { "snapshot" };
        self.subscribed = true;
        let text = format!(
            "{{\"channel\":\"book\",\"type\":\"{kind}\",\"data\":[{{\"symbol\":\"BTC/USD\",\
             \"bids\":{},\"asks\":{},\"checksum\":{},\"timestamp\":\"{}\"}}]}}",
            levels(&sent[BID]),
            levels(&sent[ASK]),
            checksum(&self.view),
            timestamp(time_ns)
        );
        frame(time_ns + 2_000, &text, out)
    }
}

fn best_levels(market: &Market) -> [BTreeMap<i64, u64>; 2] {
    [
        market.sides[BID].iter().rev().take(DEPTH).map(|(t, l)| (*t, *l)).collect(),
        market.sides[ASK].iter().take(DEPTH).map(|(t, l)| (*t, *l)).collect(),
    ]
}

fn levels(levels: &[(i64, u64)]) -> String {
    let parts: Vec<String> = levels
        .iter()
        .map(|(ticks, lots)| format!("{{\"price\":{},\"qty\":{}}}", fixed(ticks.unsigned_abs(), 1), fixed(*lots, 8)))
        .collect();
    format!("[{}]", parts.join(","))
}

/// CRC-32 over the ten best asks, then the ten best bids: price and quantity digits without the point and leading
/// zeros.
fn checksum(view: &[BTreeMap<i64, u64>; 2]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    let mut add = |ticks: &i64, lots: &u64| crc.update(format!("{ticks}{lots}").as_bytes());
    view[ASK].iter().take(CHECKSUM_LEVELS).for_each(|(ticks, lots)| add(ticks, lots));
    view[BID].iter().rev().take(CHECKSUM_LEVELS).for_each(|(ticks, lots)| add(ticks, lots));
    crc.finalize()
}

fn frame(time_ns: u64, text: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{time_ns} {}\n{text}", text.len())?;
    Ok(())
}

/// The sample lies within one day, so only the time of day varies.
fn timestamp(time_ns: u64) -> String {
    let in_day = time_ns % 86_400_000_000_000;
    let (hours, minutes) = (in_day / 3_600_000_000_000, in_day / 60_000_000_000 % 60);
    let (seconds, micros) = (in_day / 1_000_000_000 % 60, in_day / 1_000 % 1_000_000);
    format!("2024-01-01T{hours:02}:{minutes:02}:{seconds:02}.{micros:06}Z")
}
