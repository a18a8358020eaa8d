#![forbid(unsafe_code)]
//! Scenarios, lane losses, margin requirements, historical value at risk and expected shortfall.
//!
//! Turns marks, positions and price history into the integers that a card checks orders against ([`BankImage`]) and
//! into the figures that people read ([`AccountReport`]). Not a pricing library for options, and not the check itself.
//!
//! Invariant: everything in a [`BankImage`] is rounded against the account by exact arithmetic; floating point appears
//! only in ranges and in reported historical figures. Results depend only on the configuration, the history and the
//! sequence of requests.

mod account;
mod bank;
mod config;
mod engine;
mod exact;
mod history;
mod position;
mod range;
mod recalculate;
mod requirement;
#[cfg(test)]
mod sample;
mod scale;
mod scenario;
mod unit;
mod value;
mod var;

pub use account::AccountRow;
pub use bank::{BankError, BankImage, InstrumentRow, RATE_BITS};
pub use config::{AssetSpec, ConfigError, InstrumentSpec, ReservePolicy, RiskConfig, Universe};
pub use engine::{EngineError, Response, RiskEngine, QUEUE_REQUESTS};
pub use exact::Exact;
pub use history::{Day, HistoryError, JointHistory, Series, TEXT_BYTES_MAX};
pub use position::{AccountState, Position, PositionError, CASH_DECIMALS};
pub use range::{ewma_variance, RangeModel, RangePolicy};
pub use recalculate::{AccountReport, Publication, Recalculator, RiskError, Snapshot};
pub use requirement::{CrossMargin, Requirement, StandAlone, VenueRequirement};
pub use scale::{Scale, ScaleError, EXPONENTS, LOT_SHIFT_MAX, MANTISSA_MAX, TICK_FRACTION_BITS};
pub use scenario::{
    tail_days, LanePlan, LaneSet, LaneSetBuilder, Scenario, ScenarioError, LANES_MAX, MOVE_MAX, MOVE_MIN,
};
pub use unit::{Money, Ppm, MONEY_MAX, MONEY_PER_UNIT};
pub use value::{owed_loss, owned_loss, LotLoss, Market, MarketError};
pub use var::{component_es, historical, Level, TailRisk};
