//! One simulated order book following a latent price.

use super::rng::Rng;
use std::collections::BTreeMap;

/// The instruments of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    UsdmBtc,
    UsdmEth,
    CoinmBtc,
    SpotBtc,
    KrakenBtc,
}

impl Product {
    pub(super) const ALL: [Self; 5] = [Self::UsdmBtc, Self::UsdmEth, Self::CoinmBtc, Self::SpotBtc, Self::KrakenBtc];

    pub(super) const fn file_name(self) -> &'static str {
        match self {
            Self::UsdmBtc => "usdm_btcusdt.gz",
            Self::UsdmEth => "usdm_ethusdt.gz",
            Self::CoinmBtc => "cm_btcusd_perp.gz",
            Self::SpotBtc => "spot_btcusdt.gz",
            Self::KrakenBtc => "kraken_btcusd.cbcap.gz",
        }
    }

    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::UsdmBtc | Self::SpotBtc => "BTCUSDT",
            Self::UsdmEth => "ETHUSDT",
            Self::CoinmBtc => "BTCUSD_PERP",
            Self::KrakenBtc => "BTC/USD",
        }
    }

    /// Digits behind the point of prices and quantities.
    pub(super) const fn decimals(self) -> (usize, usize) {
        match self {
            Self::UsdmBtc => (1, 3),
            Self::UsdmEth => (2, 3),
            Self::CoinmBtc => (1, 0),
            Self::SpotBtc => (2, 5),
            Self::KrakenBtc => (1, 8),
        }
    }

    /// Lots of a typical level.
    const fn level_lots(self) -> u64 {
        match self {
            Self::UsdmBtc => 900,
            Self::UsdmEth => 12_000,
            Self::CoinmBtc => 600,
            Self::SpotBtc => 70_000,
            Self::KrakenBtc => 60_000_000,
        }
    }

    pub(super) const fn salt(self) -> u64 {
        match self {
            Self::UsdmBtc => 0x11,
            Self::UsdmEth => 0x22,
            Self::CoinmBtc => 0x33,
            Self::SpotBtc => 0x44,
            Self::KrakenBtc => 0x55,
        }
    }

    /// Latent price in ticks from the two latent prices in units of the quote currency.
    fn ticks(self, btc: f64, eth: f64) -> f64 {
        let (price, basis) = match self {
            Self::UsdmEth => (eth, 1.000_2),
            Self::UsdmBtc => (btc, 1.000_3),
            Self::CoinmBtc => (btc, 1.000_5),
            Self::SpotBtc => (btc, 1.0),
            Self::KrakenBtc => (btc, 0.999_9),
        };
        let scale = 10f64.powi(i32::try_from(self.decimals().0).unwrap_or(0));
        price * basis * scale
    }
}

/// Which side of the book a map holds.
pub(super) const BID: usize = 0;
/// The other side.
pub(super) const ASK: usize = 1;

/// A trade against the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trade {
    pub(super) ticks: i64,
    pub(super) lots: u64,
    pub(super) buyer_is_maker: bool,
}

/// Latent prices of the two underlyings: the same path for every product of a seed.
#[derive(Clone, Debug)]
struct Latent {
    rng: Rng,
    btc: f64,
    eth: f64,
}

impl Latent {
    fn step(&mut self) {
        let common = self.rng.normal();
        let own = self.rng.normal();
        let jump = if self.rng.chance(0.004) { 12.0 * self.rng.normal() } else { 0.0 };
        self.btc *= 1.0 + 6.0e-6 * (common + jump);
        self.eth *= 1.0 + 8.0e-6 * (0.85 * (common + jump) + 0.5 * own);
    }
}

/// A book and what changed in it since the wire last looked.
pub(super) struct Market {
    product: Product,
    latent: Latent,
    rng: Rng,
    /// Ticks to lots, bids and asks.
    pub(super) sides: [BTreeMap<i64, u64>; 2],
    /// Changed levels with their new lots.
    pub(super) changed: [BTreeMap<i64, u64>; 2],
    /// Trades since the wire last looked.
    pub(super) trades: Vec<Trade>,
}

/// Levels a side at the start, and the depth in which the book lives.
const DEPTH: i64 = 60;

impl Market {
    pub(super) fn new(product: Product, seed: u64) -> Self {
        let mut market = Self {
            product,
            latent: Latent { rng: Rng::new(seed), btc: 42_000.0, eth: 2_300.0 },
            rng: Rng::new(seed.wrapping_mul(0x5851_f42d_4c95_7f2d) ^ product.salt()),
            sides: Default::default(),
            changed: Default::default(),
            trades: Vec::new(),
        };
        let middle = market.middle();
        for offset in 1..=DEPTH {
            for (side, ticks) in [(BID, middle - offset), (ASK, middle + offset)] {
                let lots = market.draw_lots();
                market.set(side, ticks, lots);
            }
        }
        market
    }

    #[allow(clippy::cast_possible_truncation, reason = "a price in ticks is far below 2^53")]
    fn middle(&self) -> i64 {
        self.product.ticks(self.latent.btc, self.latent.eth).round() as i64
    }

    fn draw_lots(&mut self) -> u64 {
        let base = self.product.level_lots();
        1 + self.rng.below(base) + if self.rng.chance(0.1) { self.rng.below(8 * base) } else { 0 }
    }

    fn set(&mut self, side: usize, ticks: i64, lots: u64) {
        let before = self.sides[side].get(&ticks).copied().unwrap_or(0);
        if lots == before {
            return;
        }
        if lots == 0 {
            self.sides[side].remove(&ticks);
        } else {
            self.sides[side].insert(ticks, lots);
        }
        self.changed[side].insert(ticks, lots);
    }

    /// Best bid and ask, ticks and lots.
    pub(super) fn best(&self) -> [Option<(i64, u64)>; 2] {
        [
            self.sides[BID].iter().next_back().map(|(ticks, lots)| (*ticks, *lots)),
            self.sides[ASK].iter().next().map(|(ticks, lots)| (*ticks, *lots)),
        ]
    }

    /// Advances the market by one step.
    pub(super) fn step(&mut self) {
        self.latent.step();
        let middle = self.middle();
        self.follow(middle);
        if self.rng.chance(0.25) {
            let lots = 1 + self.rng.below(2 * self.product.level_lots());
            let side = usize::from(self.rng.chance(0.5));
            self.take(side, lots, 1);
        }
        let updates = self.rng.geometric(0.25, 12);
        for _ in 0..updates {
            self.random_update(middle);
        }
        self.refill(middle);
        self.trim(middle);
    }

    /// Trades through every level on the wrong side of the latent price.
    fn follow(&mut self, middle: i64) {
        loop {
            let [bid, ask] = self.best();
            match (bid, ask) {
                (_, Some((ticks, lots))) if ticks < middle => self.take(ASK, lots, 0),
                (Some((ticks, lots)), _) if ticks > middle => self.take(BID, lots, 0),
                _ => return,
            }
        }
    }

    /// A market order takes `lots` from the best of `side`, leaving at least `keep` levels.
    fn take(&mut self, side: usize, mut lots: u64, keep: usize) {
        while lots > 0 && self.sides[side].len() > keep {
            let Some((ticks, there)) = self.best()[side] else { return };
            let taken = lots.min(there);
            self.trades.push(Trade { ticks, lots: taken, buyer_is_maker: side == BID });
            self.set(side, ticks, there - taken);
            lots -= taken;
        }
    }

    fn random_update(&mut self, middle: i64) {
        let side = usize::from(self.rng.chance(0.5));
        let offset = i64::try_from(self.rng.geometric(0.12, 50)).unwrap_or(0) + 1;
        let ticks = if side == BID { middle - offset } else { middle + offset };
        let gone = self.rng.chance(0.35) && self.sides[side].len() > 8;
        let lots = if gone { 0 } else { self.draw_lots() };
        self.set(side, ticks, lots);
    }

    /// Keeps a quote near the latent price on both sides.
    fn refill(&mut self, middle: i64) {
        for side in [BID, ASK] {
            let far = match self.best()[side] {
                Some((ticks, _)) => (ticks - middle).abs() > 4,
                None => true,
            };
            if far {
                let offset = 1 + i64::try_from(self.rng.below(3)).unwrap_or(0);
                let ticks = if side == BID { middle - offset } else { middle + offset };
                let lots = self.draw_lots();
                self.set(side, ticks, lots);
            }
        }
    }

    /// Cancels what has drifted too far away.
    fn trim(&mut self, middle: i64) {
        let far = 4 * DEPTH;
        let old_bids: Vec<i64> = self.sides[BID].range(..middle - far).map(|(ticks, _)| *ticks).collect();
        let old_asks: Vec<i64> = self.sides[ASK].range(middle + far..).map(|(ticks, _)| *ticks).collect();
        for ticks in old_bids {
            self.set(BID, ticks, 0);
        }
        for ticks in old_asks {
            self.set(ASK, ticks, 0);
        }
    }
}

/// `count` units of `10^-decimals` as text with exactly that many digits behind the point.
pub(super) fn fixed(count: u64, decimals: usize) -> String {
    if decimals == 0 {
        return count.to_string();
    }
    let digits = format!("{count:0width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_keeps_every_digit() {
        assert_eq!(fixed(5, 8), "0.00000005");
        assert_eq!(fixed(618_002, 1), "61800.2");
        assert_eq!(fixed(12, 0), "12");
        assert_eq!(fixed(0, 3), "0.000");
    }

    #[test]
    fn the_book_is_never_crossed_and_never_empty() {
        for product in Product::ALL {
            let mut market = Market::new(product, 3);
            for step in 0..2_000 {
                market.step();
                let [bid, ask] = market.best();
                assert!(bid.unwrap().0 < ask.unwrap().0, "{product:?} step {step}: {bid:?} {ask:?}");
            }
        }
    }
}
