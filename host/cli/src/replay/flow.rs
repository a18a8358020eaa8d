//! The quoting flow: a two-sided market maker on every instrument that hedges its underlyings across instruments. It
//! moves its quotes by replacing them.
//!
//! It exists to put a realistic stream of orders through the gate: quotes join the consolidated touch and lean
//! against inventory, fills leave exposure, and
//! exposure beyond a threshold is hedged in another instrument of the same underlying, so that positions offset and
//! margin nets. It is not a strategy that
//! anyone should trade. Decisions depend on market time and the host's books only, never on the device.

use super::desk::{Desk, Intent};
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
    slot: Option<u16>,
    at_ns: Option<u64>,
}

/// Quotes per instrument and hedge pauses per underlying.
pub(super) struct Flow {
    quotes: Vec<[Quote; 2]>,
    hedged_at_ns: Vec<(String, u64)>,
    /// Which instruments may be traded: those with a row in the bank.
    tradable: Vec<bool>,
}

impl Flow {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            quotes: config.instruments.iter().map(|_| Default::default()).collect(),
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
        for quote in self.quotes.iter_mut().flatten().filter(|quote| quote.slot == Some(slot)) {
            quote.slot = None;
        }
    }

    /// The slot that an accepted quote rests in.
    pub(super) fn placed(&mut self, intent: &Intent, slot: u16) {
        if intent.take.is_none() {
            self.quotes[intent.instrument][intent.side.index()].slot = Some(slot);
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
            let quote = &mut self.quotes[instrument][side.index()];
            let due = quote.at_ns.is_none_or(|at| now_ns >= at + config.flow.requote_ns);
            if !due {
                continue;
            }
            let resting = quote.slot.and_then(|slot| desk.resting(slot).map(|order| (slot, order)));
            let wanted = desired(side, bid, ask, limits, desk.positions[instrument].lots, config);
            match (resting, wanted) {
                (None, None) => {}
                (None, Some(price)) => {
                    (quote.at_ns, quote.slot) = (Some(now_ns), None);
                    wishes.push(Wish::Send(Intent { instrument, side, price, lots: limits.clip, take: None }));
                }
                (Some((_, order)), _) if order.asked.is_some() => {}
                (Some((_, order)), Some(price))
                    if (order.price.get() - price.get()).abs() <= config.flow.stale_ticks => {}
                (Some((slot, _)), Some(price)) => {
                    quote.at_ns = Some(now_ns);
                    wishes.push(Wish::Replace(slot, price, limits.clip));
                }
                (Some((slot, _)), None) => {
                    quote.at_ns = Some(now_ns);
                    wishes.push(Wish::Cancel(slot));
                }
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
        Some(Intent { instrument: *target, side, price, lots: Lots::new(lots), take })
    }
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
