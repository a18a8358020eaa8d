//! The report of a replay: one structure, printed as tables or as JSON.
//!
//! The JSON is an interface: members keep their names and meanings within one `schema`. Cycles are counted by the
//! card; nothing here turns them into time.

mod latency;
mod table;

pub(crate) use latency::{Cycles, IntervalLog};

use crossgate_feed::Counters;
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the JSON interface; rises when a member changes its meaning or goes.
pub(crate) const SCHEMA: u32 = 1;

/// A whole replay.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    /// [`SCHEMA`].
    pub(crate) schema: u32,
    /// What produced it.
    pub(crate) environment: Environment,
    /// The captures, in the order given.
    pub(crate) captures: Vec<CaptureReport>,
    /// The rebuilt books against the venues' own tickers.
    pub(crate) oracle: OracleReport,
    /// The card.
    pub(crate) card: CardReport,
    /// One entry a consolidated book.
    pub(crate) books: Vec<BookReport>,
    /// What the gate decided.
    pub(crate) verdicts: VerdictReport,
    /// Requirement of the final positions.
    pub(crate) margin: MarginReport,
    /// The risk engine.
    pub(crate) risk: RiskReport,
    /// Positions and profit of the flow.
    pub(crate) flow: FlowReport,
    /// Wall time of the replay, without start-up of the device.
    pub(crate) seconds: f64,
    /// Market time covered.
    pub(crate) market_seconds: f64,
    /// `market_seconds / seconds`.
    pub(crate) ratio_to_real_time: f64,
    /// The market was generated, not recorded.
    pub(crate) synthetic: bool,
    /// The replay was ended early by the user.
    pub(crate) interrupted: bool,
}

/// What produced a report.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Environment {
    /// Version of the program.
    pub(crate) version: &'static str,
    /// Commit it was built from, if known.
    pub(crate) commit: Option<String>,
    /// Hash of the hardware/software contract.
    pub(crate) contract_hash: String,
    /// Size set of the card.
    pub(crate) build: String,
    /// Processor of the host.
    pub(crate) cpu: String,
}

/// One capture.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CaptureReport {
    /// Path as given; for a generated sample the file name.
    pub(crate) path: String,
    /// Venue, if recognised.
    pub(crate) venue: Option<&'static str>,
    /// Every count of the feed: frames, levels, links_ok, gaps, checksums_ok, checksums_bad and the others.
    #[serde(flatten)]
    pub(crate) counters: Counters,
    /// Why reading ended early, if it did.
    pub(crate) error: Option<String>,
}

/// Books against tickers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct OracleReport {
    /// Points with a ticker and a depth event of the same update id.
    pub(crate) compared: u64,
    /// Points at which price and quantity of both sides are equal.
    pub(crate) equal: u64,
}

/// A comparison with reasons for what was left out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Comparison {
    /// Points compared.
    pub(crate) compared: u64,
    /// Points that are equal.
    pub(crate) equal: u64,
    /// Points left out, by reason.
    pub(crate) skipped: BTreeMap<&'static str, u64>,
    /// The first difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_difference: Option<String>,
}

/// The card.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CardReport {
    /// `rtl`, `model`, `verilated` or `lockstep`.
    pub(crate) device: String,
    /// Clock cycles simulated; 0 for a device without cycles.
    pub(crate) cycles: u64,
    /// Events of both rings.
    pub(crate) events: u64,
    /// Orders and replaces sent to the gate.
    pub(crate) orders: u64,
    /// BBO events.
    pub(crate) bbo_events: u64,
    /// LEVEL commands sent.
    pub(crate) level_commands: u64,
    /// Fault events by code.
    pub(crate) faults: BTreeMap<String, u64>,
    /// Differences that a lockstep run found; 0 for a single device.
    pub(crate) lockstep_differences: u64,
    /// The messages that left the gate.
    pub(crate) egress: EgressReport,
    /// The test of prices against the touch of their own venue.
    pub(crate) touch: TouchReport,
    /// The card's best bid and offer against the host's consolidated book, after every frame that changed it.
    pub(crate) bbo: Comparison,
    /// The card's best bid and offer against the venue's own ticker.
    pub(crate) ticker: Comparison,
    /// Cycles from the accepted beat to the ring's input of BBO events that a level update caused, without queueing.
    pub(crate) book_latency_cycles: Cycles,
    /// Cycles that BBO events queued beyond that.
    pub(crate) book_wait_cycles: Cycles,
    /// The same as `book_latency_cycles` for BBO events of resets, slides and state commands.
    pub(crate) book_control_latency_cycles: Cycles,
    /// Cycles from the accepted beat to the ring's input of verdicts, without queueing.
    pub(crate) gate_latency_cycles: Cycles,
    /// Cycles that orders queued beyond that.
    pub(crate) gate_wait_cycles: Cycles,
}

/// One consolidated book.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct BookReport {
    /// Product.
    pub(crate) name: String,
    /// Instruments in it.
    pub(crate) instruments: Vec<String>,
    /// State of each instrument's feed at the end, in the same order.
    pub(crate) states: Vec<&'static str>,
    /// Level updates applied.
    pub(crate) level_updates: u64,
    /// Changes of the best bid or offer, at most one a frame.
    pub(crate) bbo_changes: u64,
    /// Final best bid in quote currency.
    pub(crate) bid: Option<String>,
    /// Final best ask in quote currency.
    pub(crate) ask: Option<String>,
    /// Moves of the card's window that kept a part of it.
    pub(crate) slides: u64,
    /// Moves beyond its width.
    pub(crate) rebases: u64,
    /// Levels sent to fill what a move made visible.
    pub(crate) refill_levels: u64,
    /// Updates outside the window.
    pub(crate) updates_outside: u64,
    /// Times a venue was masked on the card for a quantity too large.
    pub(crate) quantity_too_large: u64,
}

/// Verdicts.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct VerdictReport {
    /// Orders and replaces accepted.
    pub(crate) accepted: u64,
    /// Orders and replaces rejected, by reason.
    pub(crate) rejected: BTreeMap<String, u64>,
    /// Orders not sent because every slot was taken.
    pub(crate) no_slot: u64,
    /// Replaces and cancels.
    pub(crate) messages: MessageReport,
    /// How the two ledgers took part.
    pub(crate) ledgers: LedgerReport,
    /// What the integers of the gate refused, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) false_rejects: Option<FalseRejectReport>,
}

/// Refusals that the integers of the gate alone caused.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct FalseRejectReport {
    /// Orders and replaces that were decided.
    pub(crate) decided: u64,
    /// Those refused for margin by the pool or a venue ledger.
    pub(crate) refused: u64,
    /// Those of them that both ledgers would bear: the rows of the bank in exact arithmetic, each fill charged only where
    /// it happens.
    pub(crate) borne: u64,
    /// Those of these that both would bear with every charge counted as the gate does: rounding alone refused them.
    pub(crate) rounded: u64,
}

/// Replaces and cancels, and what the simulated venues made of them.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct MessageReport {
    /// REPLACE commands.
    pub(crate) replaces: u64,
    /// Those that the gate accepted.
    pub(crate) replaces_accepted: u64,
    /// Replaces that a venue carried out.
    pub(crate) replaced: u64,
    /// Replaces that a venue refused.
    pub(crate) refused: u64,
    /// CANCEL commands.
    pub(crate) cancels: u64,
    /// MASS_CANCEL commands.
    pub(crate) mass_cancels: u64,
    /// Orders that a venue closed because of either.
    pub(crate) cancelled: u64,
}

/// What left the gate, as the card and as its verdicts say.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EgressReport {
    /// Messages by the card's counter.
    pub(crate) messages: u32,
    /// CRC-32 of them, hexadecimal.
    pub(crate) crc: String,
    /// Messages that the verdicts let through.
    pub(crate) expected_messages: u32,
    /// CRC-32 of them, in the order of the verdicts.
    pub(crate) expected_crc: String,
    /// Both are the same.
    pub(crate) equal: bool,
}

/// For how many instruments prices are tested against the touch of their own venue.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct TouchReport {
    /// Instruments that may be traded.
    pub(crate) instruments: usize,
    /// Those whose prices are tested.
    pub(crate) tested: usize,
    /// Why none is, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
}

/// What the pool and the venue ledgers did to orders that passed everything else.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct LedgerReport {
    /// Rejected by the venue ledger while the pool had room.
    pub(crate) venue_alone: u64,
    /// Rejected by the pool while the venue ledger had room.
    pub(crate) pool_alone: u64,
    /// Rejected by both.
    pub(crate) both: u64,
    /// Accepted by the closing rule, beyond a limit.
    pub(crate) closing: u64,
    /// Accepted while the requirements of every instrument alone, open orders included, exceed the collateral: without
    /// margin across instruments they had been refused.
    pub(crate) offset_needed: u64,
}

/// The cross-margin benefit, account currency.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct MarginReport {
    /// Requirement of all positions as one pool.
    pub(crate) pool: f64,
    /// Sum of the requirements of every instrument alone.
    pub(crate) stand_alone: f64,
    /// `100 * (1 - pool / stand_alone)`.
    pub(crate) benefit_percent: f64,
    /// The greatest benefit over all recalculations.
    pub(crate) benefit_percent_max: f64,
    /// The lane that binds the pool.
    pub(crate) binding_lane: Option<String>,
    /// Collateral at the last bank.
    pub(crate) collateral: f64,
    /// The venue ledgers.
    pub(crate) venues: Vec<VenueMarginReport>,
}

/// One venue ledger at the last bank, account currency.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VenueMarginReport {
    /// The venue.
    pub(crate) venue: &'static str,
    /// Requirement of the positions at this venue alone.
    pub(crate) requirement: f64,
    /// What its ledger counts: its share of the balances and the equity of its positions.
    pub(crate) collateral: f64,
}

/// Value at risk of the last recalculation, account currency, one day.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct RiskReport {
    /// Historical VaR at 99 %.
    pub(crate) var_99: f64,
    /// Historical expected shortfall at 97.5 %.
    pub(crate) es_97_5: f64,
    /// Days of joint history.
    pub(crate) history_days: usize,
    /// Recalculations published.
    pub(crate) recalculations: u64,
    /// Epochs that the card refused.
    pub(crate) refused: u64,
    /// Median wall time of a recalculation.
    pub(crate) seconds_median: f64,
}

/// The quoting flow.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct FlowReport {
    /// Fills.
    pub(crate) fills: u64,
    /// Hedges sent.
    pub(crate) hedges: u64,
    /// Change of equity since the first bank at mid prices, account currency.
    pub(crate) pnl: f64,
    /// Final positions.
    pub(crate) positions: Vec<PositionReport>,
}

/// One position.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PositionReport {
    /// Venue and symbol.
    pub(crate) instrument: String,
    /// Quantity in the venue's unit.
    pub(crate) quantity: String,
}

impl Report {
    /// The report as tables for people.
    pub(crate) fn table(&self) -> String {
        table::render(self)
    }
}
