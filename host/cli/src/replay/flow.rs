//! The quoting flow: a two-sided market maker on every instrument that hedges its underlyings across instruments. It
//! moves its quotes by replacing them.
//!
//! It exists to put a realistic stream of orders through the gate: quotes join the consolidated touch and lean
//! against inventory, fills leave exposure, and
//! exposure beyond a threshold is hedged in another instrument of the same underlying, so that positions offset and
//! margin nets. It is not a strategy that
//! anyone should trade. Decisions depend on market time and the host's books only, never on the device.

use super::desk::{Desk, Intent, Resting};
use super::market::Market;
use crate::config::{Config, InstrumentConfig};
use crossgate_book::Best;
use crossgate_instrument::{Kind, Lots, Side, Ticks};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::Decimal;

/// Shortest market time between two hedges of one underlying.
const HEDGE_PAUSE_NS: u64 = 200_000_000;
/// Ticks that a full maximum position leans the quotes by.
const LEAN_TICKS: i64 = 40;
/// Clips that a position may reach before its side is no longer quoted.
const CLIPS_MAX: i64 = 60;

/// Clips that one quote may fill in its life.
const QUOTE_CLIPS_MAX: i64 = 4;

/// What the flow wants to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Cancel this slot.
    Cancel(u16),
    /// Bring the quote in this slot to this price, and what is left of it to these lots; cancel it if that is refused.
    Replace(u16, Ticks, Lots),
    /// Send this order.
    Send(Intent),
}

#[derive(Clone, Copy, Debug, Default)]
struct Quote {
    /// Slot and generation of its order, which a fill may have freed since.
    order: Option<(u16, u16)>,
    at_ns: Option<u64>,
}

/// Where a quote belongs.
#[derive(Clone, Copy, Debug)]
struct Place {
    instrument: usize,
    side: Side,
    level: usize,
}

impl Quote {
    /// What is due for this quote, whose price should be `wanted`.
    fn wish(
        &mut self,
        Place { instrument, side, level }: Place,
        wanted: Option<Ticks>,
        now_ns: u64,
        desk: &Desk,
        config: &Config,
    ) -> Option<Wish> {
        if self.at_ns.is_some_and(|at| now_ns < at + config.flow.requote_ns) {
            return None;
        }
        let clip = config.instruments[instrument].clip;
        let resting = self.order.and_then(|(slot, generation)| {
            desk.resting(slot).filter(|order| order.generation == generation).map(|order| (slot, order))
        });
        let wish = match (resting, wanted) {
            (None, None) => return None,
            (None, Some(price)) => {
                self.order = None;
                Wish::Send(Intent { instrument, side, level, price, lots: clip, take: None })
            }
            (Some((_, order)), _) if order.asked.is_some() => return None,
            (Some((_, order)), Some(price)) if (order.price.get() - price.get()).abs() <= config.flow.stale_ticks => {
                return None;
            }
            (Some((slot, order)), wanted) => {
                let moved = wanted.and_then(|price| Some((price, rest_of(order, clip)?)));
                moved.map_or(Wish::Cancel(slot), |(price, lots)| Wish::Replace(slot, price, lots))
            }
        };
        self.at_ns = Some(now_ns);
        Some(wish)
    }
}

/// Quotes per instrument, side and level, and hedge pauses per underlying.
pub(super) struct Flow {
    quotes: Vec<[Vec<Quote>; 2]>,
    hedged_at_ns: Vec<(String, u64)>,
    /// Which instruments may be traded: those with a row in the bank.
    tradable: Vec<bool>,
}

impl Flow {
    pub(super) fn new(config: &Config) -> Self {
        let levels = config.flow.levels;
        Self {
            quotes: config.instruments.iter().map(|_| [0; 2].map(|_| vec![Quote::default(); levels])).collect(),
            hedged_at_ns: config.risk.underlyings.iter().map(|name| (name.clone(), 0)).collect(),
            tradable: vec![false; config.instruments.len()],
        }
    }

    /// Allows or forbids an instrument.
    pub(super) fn allow(&mut self, instrument: usize, tradable: bool) {
        self.tradable[instrument] = tradable;
    }

    /// A quote that is being cancelled is none.
    pub(super) fn pulled(&mut self, slot: u16) {
        for quote in
            self.quotes.iter_mut().flatten().flatten().filter(|quote| quote.order.is_some_and(|order| order.0 == slot))
        {
            quote.order = None;
        }
    }

    /// The slot and the generation of an accepted quote.
    pub(super) fn placed(&mut self, intent: &Intent, order: (u16, u16)) {
        if intent.take.is_none() {
            self.quotes[intent.instrument][intent.side.index()][intent.level].order = Some(order);
        }
    }

    /// Quotes of `instrument` that are due.
    pub(super) fn quote(
        &mut self,
        instrument: usize,
        now_ns: u64,
        market: &Market,
        desk: &Desk,
        config: &Config,
        wishes: &mut Vec<Wish>,
    ) {
        if !config.flow.enabled || !self.tradable[instrument] {
            return;
        }
        let limits = &config.instruments[instrument];
        let book = &market.books[market.book_of(instrument)];
        let bbo = book.host.bbo();
        let own = |side| market.top(instrument, side);
        let (Some(bid), Some(ask), Some(_), Some(_)) = (bbo.bid, bbo.ask, own(Side::Bid), own(Side::Ask)) else {
            return;
        };
        for side in [Side::Bid, Side::Ask] {
            let best = desired(side, bid, ask, limits, desk.positions[instrument].lots, config);
            for (level, quote) in self.quotes[instrument][side.index()].iter_mut().enumerate() {
                let wanted = best.and_then(|best| behind(side, best, level, config));
                let place = Place { instrument, side, level };
                wishes.extend(quote.wish(place, wanted, now_ns, desk, config));
            }
        }
    }

    /// A hedge of the underlying of `instrument`, if its exposure asks for one.
    pub(super) fn hedge(
        &mut self,
        instrument: usize,
        now_ns: u64,
        market: &Market,
        desk: &Desk,
        config: &Config,
    ) -> Option<Intent> {
        let underlying = &config.instruments[instrument].instrument.underlying;
        let pause = self.hedged_at_ns.iter_mut().find(|(name, _)| name == underlying)?;
        if now_ns < pause.1 + HEDGE_PAUSE_NS {
            return None;
        }
        let exposures: Vec<(usize, f64)> = (0..config.instruments.len())
            .filter(|index| config.instruments[*index].instrument.underlying == *underlying)
            .filter_map(|index| Some((index, exposure(index, market, desk, config)?)))
            .collect();
        let net: f64 = exposures.iter().map(|(_, value)| value).sum();
        if net.abs() <= config.flow.hedge_above.to_f64()? {
            return None;
        }
        let side = if net > 0.0 { Side::Ask } else { Side::Bid };
        // The instrument that holds least of the exposure takes the hedge: positions then offset instead of shrinking.
        let (target, _) = exposures
            .iter()
            .filter(|(index, _)| self.tradable[*index])
            .min_by(|a, b| (a.1 * net.signum()).total_cmp(&(b.1 * net.signum())))?;
        let touch = market.top(*target, side.opposite())?;
        let limits = &config.instruments[*target];
        let displayed = i64::try_from(touch.quantity).ok()?;
        let wanted = lots_of(net.abs(), *target, market, config)?;
        let lots = wanted.min(4 * limits.clip.get()).min(limits.order_max.get()).min(displayed);
        if lots < 1 {
            return None;
        }
        pause.1 = now_ns;
        let price = touch.price.offset(side.sign() * config.flow.hedge_through_ticks);
        let take = Some((Lots::new(lots), touch.price));
        Some(Intent { instrument: *target, side, level: 0, price, lots: Lots::new(lots), take })
    }
}

/// The price of a level behind the best one.
fn behind(side: Side, best: Ticks, level: usize, config: &Config) -> Option<Ticks> {
    let away = i64::try_from(level).ok()? * config.flow.level_ticks;
    Some(best.offset(-side.sign() * away)).filter(|price| price.get() > 0)
}

/// Lots that a quote has left when it is moved: those that it has, filled up to a clip if they are less than half of one;
/// `None` if it has filled so much already that it should end.
fn rest_of(order: &Resting, clip: Lots) -> Option<Lots> {
    let leaves = order.lots - order.filled;
    let rest = if leaves.get() * 2 < clip.get() { clip } else { leaves };
    ((order.filled + rest).get() <= QUOTE_CLIPS_MAX * clip.get()).then_some(rest)
}

/// Where a quote should rest: at the touch or behind it, leaning against the position, never crossing the other side.
fn desired(
    side: Side,
    bid: Best,
    ask: Best,
    limits: &InstrumentConfig,
    position: Lots,
    config: &Config,
) -> Option<Ticks> {
    let held = position.get() * side.sign();
    if held >= CLIPS_MAX * limits.clip.get() {
        return None;
    }
    let lean = LEAN_TICKS * position.get() / (CLIPS_MAX * limits.clip.get()).max(1);
    let price = match side {
        Side::Bid => (bid.price.get() - config.flow.behind_ticks - lean.max(0)).min(ask.price.get() - 1),
        Side::Ask => (ask.price.get() + config.flow.behind_ticks - lean.min(0)).max(bid.price.get() + 1),
    };
    (price > 0).then(|| Ticks::new(price))
}

/// Units of the underlying (linear, spot) or of quote currency (inverse) in one lot.
fn lot_size(config: &InstrumentConfig) -> Option<f64> {
    (config.instrument.lot.step() * config.instrument.contract_size).to_f64()
}

fn price_of(index: usize, market: &Market, config: &Config) -> Option<f64> {
    let touch = market.top(index, Side::Bid)?;
    (config.instruments[index].instrument.tick.step() * Decimal::from(touch.price.get())).to_f64()
}

/// Account-currency exposure of a position to its underlying, for deciding on hedges only.
#[allow(clippy::cast_precision_loss, reason = "positions are far below 2^53 lots")]
fn exposure(index: usize, market: &Market, desk: &Desk, config: &Config) -> Option<f64> {
    let lots = desk.positions[index].lots.get() as f64;
    let size = lot_size(&config.instruments[index])?;
    Some(match config.instruments[index].instrument.kind {
        Kind::InversePerpetual => lots * size,
        Kind::Spot | Kind::LinearPerpetual => lots * size * price_of(index, market, config)?,
    })
}

#[allow(clippy::cast_possible_truncation, reason = "float-to-integer casts saturate, and the result is capped")]
fn lots_of(value: f64, index: usize, market: &Market, config: &Config) -> Option<i64> {
    let size = lot_size(&config.instruments[index])?;
    Some(match config.instruments[index].instrument.kind {
        Kind::InversePerpetual => value / size,
        Kind::Spot | Kind::LinearPerpetual => value / (size * price_of(index, market, config)?),
    } as i64)
}
