//! Scenario ranges that follow volatility, with a floor, a cap and a speed limit per recalculation.
//!
//! Two exponentially weighted variances per underlying: one over the daily history, one over live marks taken at a
//! fixed market-time interval and scaled to a day. The greater of the two sets the target. Not a forecast beyond one
//! horizon.
//!
//! Invariant: after the first recalculation a range never leaves `[previous * (1 - fall), previous * (1 + rise)]`, and
//! depends on the requests alone.

use crate::unit::Ppm;
use serde::{Deserialize, Serialize};

/// Nanoseconds of a day.
const DAY_NS: f64 = 86_400e9;

/// How ranges follow volatility.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangePolicy {
    /// Weight of the past in the variance, 0.94 by convention.
    pub decay: f64,
    /// Range in daily standard deviations, horizon included.
    pub multiplier: f64,
    /// No range is narrower.
    pub floor: Ppm,
    /// No range is wider.
    pub cap: Ppm,
    /// Largest relative rise of a range per recalculation.
    pub rise: Ppm,
    /// Largest relative fall of a range per recalculation.
    pub fall: Ppm,
    /// Market time between live samples; 0 leaves live marks out.
    pub live_interval_ns: u64,
}

impl Default for RangePolicy {
    /// Four daily deviations between 8 % and 60 %, at most 10 % wider or 1 % narrower per recalculation, live samples
    /// each minute.
    fn default() -> Self {
        Self {
            decay: 0.94,
            multiplier: 4.0,
            floor: Ppm::new(80_000),
            cap: Ppm::new(600_000),
            rise: Ppm::new(100_000),
            fall: Ppm::new(10_000),
            live_interval_ns: 60_000_000_000,
        }
    }
}

/// The variance `decay * previous + (1 - decay) * move^2` after the last of `moves`, started from the mean square of
/// the first 50.
///
/// Zero for an empty history.
pub fn ewma_variance(moves: &[f64], decay: f64) -> f64 {
    let seed = &moves[..moves.len().min(50)];
    if seed.is_empty() {
        return 0.0;
    }
    let count = seed.iter().fold(0.0, |count, _| count + 1.0);
    let start = seed.iter().map(|m| m * m).sum::<f64>() / count;
    moves.iter().fold(start, |variance, m| decay * variance + (1.0 - decay) * m * m)
}

#[derive(Clone, Debug)]
struct Follower {
    daily_variance: f64,
    live_variance: f64,
    sample: Option<(u64, f64)>,
    range: Option<Ppm>,
}

/// The ranges of all underlyings, carried from one recalculation to the next.
#[derive(Clone, Debug)]
pub struct RangeModel {
    policy: RangePolicy,
    followers: Vec<Follower>,
}

impl RangeModel {
    /// A model started from the daily moves of each underlying.
    pub fn new<'a>(policy: RangePolicy, daily_moves: impl Iterator<Item = &'a [f64]>) -> Self {
        let follower = |moves: &[f64]| Follower {
            daily_variance: ewma_variance(moves, policy.decay),
            live_variance: 0.0,
            sample: None,
            range: None,
        };
        let followers = daily_moves.map(follower).collect();
        Self { policy, followers }
    }

    /// Takes the prices at market time `time_ns` and returns the ranges, one per underlying.
    pub fn update(&mut self, time_ns: u64, prices: &[f64]) -> Vec<Ppm> {
        let policy = &self.policy;
        self.followers
            .iter_mut()
            .zip(prices)
            .map(|(follower, &price)| {
                follower.take_sample(policy, time_ns, price);
                follower.next_range(policy)
            })
            .collect()
    }
}

impl Follower {
    fn take_sample(&mut self, policy: &RangePolicy, time_ns: u64, price: f64) {
        if policy.live_interval_ns == 0 {
            return;
        }
        match self.sample {
            None => self.sample = Some((time_ns, price)),
            Some((since, before)) if time_ns.saturating_sub(since) >= policy.live_interval_ns => {
                let moved = price / before - 1.0;
                let elapsed = interval_to_f64(time_ns - since);
                let daily = moved * moved * (DAY_NS / elapsed);
                self.live_variance = policy.decay * self.live_variance + (1.0 - policy.decay) * daily;
                self.sample = Some((time_ns, price));
            }
            Some(_) => {}
        }
    }

    fn next_range(&mut self, policy: &RangePolicy) -> Ppm {
        let deviation = self.daily_variance.max(self.live_variance).sqrt();
        let target = Ppm::away_from_zero(policy.multiplier * deviation).unwrap_or(policy.cap);
        let target = target.min(policy.cap).max(policy.floor);
        let range = match self.range {
            None => target,
            Some(previous) => {
                let rise = previous.scaled(policy.rise).get().max(1);
                let fall = previous.scaled(policy.fall).get();
                let (low, high) = (previous.get() - fall, previous.get().saturating_add(rise));
                Ppm::new(target.get().clamp(low, high))
            }
        };
        self.range = Some(range);
        range
    }
}

/// Intervals are far below 2^53 ns (104 days) in practice; beyond it the last bits do not matter.
#[allow(clippy::cast_precision_loss)]
fn interval_to_f64(ns: u64) -> f64 {
    ns as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000_000_000;

    fn model(policy: RangePolicy) -> RangeModel {
        RangeModel::new(policy, [&[0.04, -0.04][..]].into_iter())
    }

    #[test]
    fn variance_of_constant_moves_is_their_square() {
        assert!((ewma_variance(&[0.02, -0.02, 0.02], 0.94) - 0.0004).abs() < 1e-18);
        assert!(ewma_variance(&[], 0.94).abs() < f64::EPSILON);
        // 0.94 * 0.0002 (mean of 0 and 0.0004) twice over, by hand: (0.94*0.0002 + 0)*0.94 + 0.06*0.0004.
        assert!((ewma_variance(&[0.0, 0.02], 0.94) - (0.94 * 0.94 * 0.0002 + 0.06 * 0.0004)).abs() < 1e-18);
    }

    #[test]
    fn the_first_range_is_the_target_between_floor_and_cap() {
        assert_eq!(model(RangePolicy::default()).update(0, &[1.0]), [Ppm::new(160_000)]);
        let floor = Ppm::new(250_000);
        assert_eq!(model(RangePolicy { floor, ..RangePolicy::default() }).update(0, &[1.0]), [floor]);
        let cap = Ppm::new(90_000);
        assert_eq!(model(RangePolicy { cap, ..RangePolicy::default() }).update(0, &[1.0]), [cap]);
    }

    #[test]
    fn a_violent_minute_widens_ranges_no_faster_than_the_limit() {
        let mut model = model(RangePolicy::default());
        assert_eq!(model.update(0, &[100.0]), [Ppm::new(160_000)]);
        // 2 % in a minute is .06 * .0004 * 1440 = .0346 of daily variance: a target of 74 %, capped at 60 %.
        assert_eq!(model.update(MINUTE, &[102.0]), [Ppm::new(176_000)]);
        assert_eq!(model.update(MINUTE + 1, &[102.0]), [Ppm::new(193_600)]);
        let mut last = Ppm::new(193_600);
        for step in 2..40 {
            let range = model.update(step * MINUTE, &[102.0])[0];
            assert!(range <= Ppm::new(600_000) && range.get() >= last.get() - last.get() / 100 - 1);
            last = range;
        }
    }

    #[test]
    fn calm_narrows_ranges_by_at_most_the_fall_limit() {
        let mut model = model(RangePolicy::default());
        model.update(0, &[1.0]);
        model.followers[0].daily_variance = 0.0;
        assert_eq!(model.update(1, &[1.0]), [Ppm::new(158_400)]);
    }
}
