//! The CPU's own margin requirement of a portfolio, as a pool, by venue and stand-alone.
//!
//! Works on exact lane losses per native lot, box pad included, without the card's mantissas and gate lots, so the
//! card's requirement is never below it. Only positions count here: collateral's own lane losses are in the offsets of
//! the account's row.
//!
//! Invariant: `pool <= sum of venues <= sum of instruments`, up to one money unit of rounding per term.

use crate::exact::Exact;
use crate::position::{AccountState, Position};
use crate::unit::{Money, Ppm};
use crate::value::LotLoss;
use crossgate_instrument::Venue;
use serde::Serialize;

/// Worst loss over the lanes and where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The worst loss, at least zero; rounded up.
    pub margin: Money,
    /// The lane that binds; the first of equals, `None` where no lane loses.
    pub lane: Option<usize>,
    /// Loss per lane, gains negative; rounded up.
    pub by_lane: Vec<Money>,
}

/// The requirement of one instrument held alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandAlone {
    /// Index of the instrument.
    pub instrument: usize,
    /// Its requirement without any offset.
    pub requirement: Requirement,
}

/// The requirement of one venue's positions held alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VenueRequirement {
    /// The venue.
    pub venue: Venue,
    /// Its requirement, offsetting within the venue only.
    pub requirement: Requirement,
}

/// What cross-margining is worth to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossMargin {
    /// All positions offset against each other.
    pub pool: Requirement,
    /// Each venue by itself, by rising venue.
    pub venues: Vec<VenueRequirement>,
    /// Sum of the venues.
    pub venue_sum: Money,
    /// Each instrument by itself, in the order of the positions.
    pub stand_alone: Vec<StandAlone>,
    /// Sum of the instruments.
    pub stand_alone_sum: Money,
    /// `stand_alone_sum - pool`.
    pub benefit: Money,
    /// The benefit as a fraction of the stand-alone sum, rounded down; 0 without positions.
    pub benefit_ppm: Ppm,
}

/// Computes the requirements of an account's positions from the lane losses per native lot of each instrument. `None`
/// if an amount leaves 48 bits.
pub(crate) fn cross_margin(
    account: &AccountState,
    losses: &[Vec<LotLoss>],
    venue_of: impl Fn(usize) -> Option<Venue>,
    lanes: usize,
) -> Option<CrossMargin> {
    let held = || account.positions.iter().filter(|position| !position.lots.is_zero());
    let pool = requirement(held(), losses, lanes)?;
    let stand_alone = held()
        .map(|position| {
            let requirement = requirement(std::iter::once(position), losses, lanes)?;
            Some(StandAlone { instrument: position.instrument, requirement })
        })
        .collect::<Option<Vec<_>>>()?;
    let mut names: Vec<Venue> = held().filter_map(|position| venue_of(position.instrument)).collect();
    names.sort_unstable();
    names.dedup();
    let venues = names
        .into_iter()
        .map(|venue| {
            let inside = held().filter(|position| venue_of(position.instrument) == Some(venue));
            Some(VenueRequirement { venue, requirement: requirement(inside, losses, lanes)? })
        })
        .collect::<Option<Vec<_>>>()?;
    let sum = |amounts: &mut dyn Iterator<Item = Money>| Money::new(amounts.map(Money::units).sum());
    let stand_alone_sum = sum(&mut stand_alone.iter().map(|s| s.requirement.margin))?;
    let venue_sum = sum(&mut venues.iter().map(|v| v.requirement.margin))?;
    let benefit = Money::new(stand_alone_sum.units() - pool.margin.units())?;
    let parts = match stand_alone_sum.units() {
        0 => 0,
        whole => i128::from(benefit.units()) * 1_000_000 / i128::from(whole),
    };
    let benefit_ppm = Ppm::new(i32::try_from(parts).ok()?);
    Some(CrossMargin { pool, venues, venue_sum, stand_alone, stand_alone_sum, benefit, benefit_ppm })
}

fn requirement<'a>(
    positions: impl Iterator<Item = &'a Position> + Clone,
    losses: &[Vec<LotLoss>],
    lanes: usize,
) -> Option<Requirement> {
    let by_lane = (0..lanes)
        .map(|lane| {
            let total = positions.clone().fold(Exact::zero(), |total, position| {
                match losses.get(position.instrument).and_then(|by_lane| by_lane.get(lane)) {
                    Some(loss) => total + loss.of(position.lots),
                    None => total,
                }
            });
            Money::ceil(&total)
        })
        .collect::<Option<Vec<Money>>>()?;
    let worst = by_lane.iter().copied().max().unwrap_or_default().max(Money::ZERO);
    let lane = by_lane.iter().position(|loss| *loss == worst && *loss > Money::ZERO);
    Some(Requirement { margin: worst, lane, by_lane })
}
