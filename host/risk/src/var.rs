//! Historical value at risk and expected shortfall.
//!
//! Conventions, fixed: with `n` outcomes and level `q`, `k = ceil(n * (1 - q))`, computed in integers. VaR is the k-th
//! largest loss (an order statistic, no interpolation). ES is the mean of the k largest losses: the tail at or beyond
//! VaR. Losses are positive; both may be negative where every outcome gains. Equal losses keep the order of their days.
//! Not filtered by volatility and not parametric.
//!
//! Invariant: ES >= VaR, and the components of ES sum to it.

use crate::unit::Ppm;

/// A confidence level, held as the probability of the tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    tail: Ppm,
}

impl Level {
    /// 99 %.
    pub const P99: Self = Self { tail: Ppm::new(10_000) };
    /// 97.5 %.
    pub const P97_5: Self = Self { tail: Ppm::new(25_000) };

    /// The level whose tail has probability `tail`; `None` unless it lies in (0, 1].
    pub fn with_tail(tail: Ppm) -> Option<Self> {
        (1..=1_000_000).contains(&tail.get()).then_some(Self { tail })
    }

    /// Outcomes in the tail of `outcomes`: `ceil(outcomes * tail)`.
    pub fn tail_count(self, outcomes: usize) -> usize {
        let tail = usize::try_from(self.tail.get()).unwrap_or(0);
        outcomes.saturating_mul(tail).div_ceil(1_000_000)
    }
}

/// VaR and ES at one level.
#[derive(Clone, Debug, PartialEq)]
pub struct TailRisk {
    /// The k-th largest loss.
    pub var: f64,
    /// The mean of the k largest losses.
    pub es: f64,
    /// The outcomes of the tail, worst first.
    pub days: Vec<usize>,
}

/// VaR and ES of outcomes given as P&L; `None` without outcomes or with one that is not a number.
pub fn historical(pnl: &[f64], level: Level) -> Option<TailRisk> {
    if pnl.is_empty() || pnl.iter().any(|p| p.is_nan()) {
        return None;
    }
    let mut days: Vec<usize> = (0..pnl.len()).collect();
    let loss = |day: &usize| pnl.get(*day).map_or(0.0, |p| -p);
    days.sort_by(|a, b| loss(b).total_cmp(&loss(a)).then(a.cmp(b)));
    days.truncate(level.tail_count(pnl.len()));
    let var = days.last().map(loss)?;
    let es = mean(days.iter().map(loss));
    Some(TailRisk { var, es, days })
}

/// The contribution of one part to ES: the mean loss of its P&L over the tail days of the whole (Euler allocation).
pub fn component_es(part_pnl: &[f64], tail: &TailRisk) -> f64 {
    mean(tail.days.iter().map(|day| part_pnl.get(*day).map_or(0.0, |p| -p)))
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_count_is_an_integer_ceiling() {
        assert_eq!(Level::P99.tail_count(750), 8);
        assert_eq!(Level::P97_5.tail_count(750), 19);
        // In floating point 1000 * (1 - .99) is above 10.
        assert_eq!(Level::P99.tail_count(1_000), 10);
        assert_eq!(Level::P99.tail_count(1), 1);
        assert_eq!(Level::with_tail(Ppm::new(0)), None);
    }

    #[test]
    fn var_is_the_order_statistic_and_es_the_mean_at_or_beyond_it() {
        let pnl: Vec<f64> = (1..=100).map(|n| f64::from(n) - 51.0).collect();
        let risk = historical(&pnl, Level::P97_5).unwrap();
        assert_eq!(risk.days, [0, 1, 2]);
        assert!((risk.var - 48.0).abs() < 1e-12 && (risk.es - 49.0).abs() < 1e-12);
    }

    #[test]
    fn outcomes_that_are_no_numbers_give_no_figure() {
        assert_eq!(historical(&[], Level::P99), None);
        assert_eq!(historical(&[1.0, f64::NAN], Level::P99), None);
    }
}
