//! Scenarios: named vectors of relative moves, one per underlying, and the lanes chosen from them.
//!
//! Three families: a grid of joint, opposed and solo moves over the current ranges; the worst joint days of history for
//! directional portfolios; and vectors the user names. Not a pricing module: a scenario knows no instrument.
//!
//! Invariant: names are unique within a [`LaneSet`], and for one plan, one history and one list of underlyings the
//! names and their order never change, so a lane keeps its index from epoch to epoch while its moves follow the ranges.

use crate::history::JointHistory;
use crate::unit::Ppm;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most lanes any card has.
pub const LANES_MAX: usize = 16;
/// The deepest fall a scenario may hold; a price must stay positive.
pub const MOVE_MIN: Ppm = Ppm::new(-950_000);
/// The highest rise a scenario may hold.
pub const MOVE_MAX: Ppm = Ppm::new(20_000_000);

/// Why a set of lanes is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// There are more lanes than the card has.
    #[error("{lanes} lanes are planned, the card has {lanes_max}")]
    TooMany {
        /// Lanes planned.
        lanes: usize,
        /// Lanes available.
        lanes_max: usize,
    },
    /// A scenario does not name a move for each underlying.
    #[error("scenario {name:?} has {moves} moves for {underlyings} underlyings")]
    Moves {
        /// The scenario.
        name: String,
        /// Moves given.
        moves: usize,
        /// Underlyings configured.
        underlyings: usize,
    },
    /// A move is outside [`MOVE_MIN`]..=[`MOVE_MAX`].
    #[error("scenario {name:?}: a move of {moved} is outside {MOVE_MIN} to {MOVE_MAX}")]
    Range {
        /// The scenario.
        name: String,
        /// The offending move.
        moved: Ppm,
    },
    /// Two scenarios have one name.
    #[error("scenario {name:?} is given twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// There is no lane.
    #[error("a lane set needs at least one scenario")]
    Empty,
}

/// A named vector of relative moves, one per underlying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// What explanations call it.
    pub name: String,
    /// Relative move per underlying, in the configured order.
    pub moves: Vec<Ppm>,
}

/// Which scenarios become lanes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanePlan {
    /// Lanes of the card.
    pub lanes_max: usize,
    /// Fractions of the ranges for moves of all underlyings together, each up and down.
    pub joint: Vec<Ppm>,
    /// Each underlying against all others, both ways.
    pub opposed: bool,
    /// Each underlying alone, both ways.
    pub solo: bool,
    /// Worst joint days of history.
    pub tails: usize,
    /// Vectors of the user's own.
    pub named: Vec<Scenario>,
}

impl Default for LanePlan {
    /// Joint moves of one and one half range, opposed and solo moves and the six worst days: 16 lanes for two
    /// underlyings.
    fn default() -> Self {
        let joint = vec![Ppm::ONE, Ppm::new(500_000)];
        Self { lanes_max: LANES_MAX, joint, opposed: true, solo: true, tails: 6, named: Vec::new() }
    }
}

/// The lanes of one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LaneSet {
    scenarios: Vec<Scenario>,
}

impl LaneSet {
    /// Starts a set over `underlyings` with room for `lanes_max` lanes.
    pub fn builder(underlyings: &[String], lanes_max: usize) -> LaneSetBuilder<'_> {
        LaneSetBuilder { underlyings, lanes_max: lanes_max.min(LANES_MAX), scenarios: Vec::new() }
    }

    /// The lanes of `plan` at the current `ranges` (one per underlying); `tails` are the selected days of history.
    ///
    /// # Errors
    /// [`ScenarioError`] naming the scenario.
    pub fn from_plan(
        plan: &LanePlan,
        underlyings: &[String],
        ranges: &[Ppm],
        tails: &[Scenario],
    ) -> Result<Self, ScenarioError> {
        let mut builder = Self::builder(underlyings, plan.lanes_max);
        for &fraction in &plan.joint {
            builder = builder.joint(ranges, fraction);
        }
        if plan.opposed {
            builder = builder.opposed(ranges);
        }
        if plan.solo {
            builder = builder.solo(ranges);
        }
        builder.scenarios(tails).scenarios(&plan.named).build()
    }

    /// The lanes, by index.
    pub fn scenarios(&self) -> &[Scenario] {
        &self.scenarios
    }

    /// The number of lanes.
    pub fn len(&self) -> usize {
        self.scenarios.len()
    }

    /// Whether there is no lane; never true of a built set.
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty()
    }

    /// The name of lane `index`.
    pub fn name(&self, index: usize) -> &str {
        self.scenarios.get(index).map_or("", |scenario| &scenario.name)
    }
}

/// Collects the scenarios of a [`LaneSet`].
#[derive(Clone, Debug)]
pub struct LaneSetBuilder<'a> {
    underlyings: &'a [String],
    lanes_max: usize,
    scenarios: Vec<Scenario>,
}

impl LaneSetBuilder<'_> {
    /// All underlyings up, then all down, by `fraction` of their ranges.
    #[must_use]
    pub fn joint(mut self, ranges: &[Ppm], fraction: Ppm) -> Self {
        for up in [true, false] {
            let name = format!("joint {} {fraction} of range", direction(up));
            let moves = ranges.iter().map(|range| signed(range.scaled(fraction), up)).collect();
            self.scenarios.push(Scenario { name, moves });
        }
        self
    }

    /// Each underlying one way by its range and all others the other way. Nothing for a single underlying.
    #[must_use]
    pub fn opposed(mut self, ranges: &[Ppm]) -> Self {
        let distinct = match ranges.len() {
            0 | 1 => 0,
            2 => 1,
            more => more,
        };
        for (index, name) in self.underlyings.iter().enumerate().take(distinct) {
            for up in [true, false] {
                let moved = |(other, range): (usize, &Ppm)| signed(*range, (other == index) == up);
                let name = format!("{name} {}, others {}", direction(up), direction(!up));
                self.scenarios.push(Scenario { name, moves: ranges.iter().enumerate().map(moved).collect() });
            }
        }
        self
    }

    /// Each underlying alone by its range. Nothing for a single underlying, whose joint move is the same.
    #[must_use]
    pub fn solo(mut self, ranges: &[Ppm]) -> Self {
        let distinct = if ranges.len() > 1 { ranges.len() } else { 0 };
        for (index, name) in self.underlyings.iter().enumerate().take(distinct) {
            for up in [true, false] {
                let moved =
                    |(other, range): (usize, &Ppm)| if other == index { signed(*range, up) } else { Ppm::default() };
                let name = format!("{name} {} alone", direction(up));
                self.scenarios.push(Scenario { name, moves: ranges.iter().enumerate().map(moved).collect() });
            }
        }
        self
    }

    /// Ready vectors.
    #[must_use]
    pub fn scenarios(mut self, scenarios: &[Scenario]) -> Self {
        self.scenarios.extend_from_slice(scenarios);
        self
    }

    /// Checks and closes the set.
    ///
    /// # Errors
    /// [`ScenarioError`] naming the scenario.
    pub fn build(self) -> Result<LaneSet, ScenarioError> {
        let Self { underlyings, lanes_max, scenarios } = self;
        if scenarios.is_empty() {
            return Err(ScenarioError::Empty);
        }
        if scenarios.len() > lanes_max {
            return Err(ScenarioError::TooMany { lanes: scenarios.len(), lanes_max });
        }
        for (index, scenario) in scenarios.iter().enumerate() {
            let name = || scenario.name.clone();
            if scenario.moves.len() != underlyings.len() {
                let (moves, underlyings) = (scenario.moves.len(), underlyings.len());
                return Err(ScenarioError::Moves { name: name(), moves, underlyings });
            }
            if let Some(&moved) = scenario.moves.iter().find(|m| !(MOVE_MIN..=MOVE_MAX).contains(*m)) {
                return Err(ScenarioError::Range { name: name(), moved });
            }
            if scenarios.iter().take(index).any(|earlier| earlier.name == scenario.name) {
                return Err(ScenarioError::Twice { name: name() });
            }
        }
        Ok(LaneSet { scenarios })
    }
}

fn direction(up: bool) -> &'static str {
    if up {
        "up"
    } else {
        "down"
    }
}

fn signed(range: Ppm, up: bool) -> Ppm {
    if up {
        range
    } else {
        // A fall is bounded so that the price stays positive; ranges are symmetric only below that bound.
        range.negated().max(MOVE_MIN)
    }
}

/// The `count` worst joint days of history for directional portfolios.
///
/// Portfolios: long all, short all, then for every pair (i, j), i < j: long i short j and short i long j, each with
/// weight one per underlying. They take turns choosing their worst day that nobody chose yet; of equal days the
/// earliest. Moves are rounded away from zero to parts per million. The result depends on `history` and `count` only.
pub fn tail_days(history: &JointHistory, count: usize) -> Vec<Scenario> {
    let size = history.names().len();
    let mut portfolios: Vec<(String, Vec<f64>)> =
        vec![("long all".to_owned(), vec![1.0; size]), ("short all".to_owned(), vec![-1.0; size])];
    for long in 0..size {
        for short in long + 1..size {
            for (a, b) in [(long, short), (short, long)] {
                let mut weights = vec![0.0; size];
                weights[a] = 1.0;
                weights[b] = -1.0;
                portfolios.push((format!("long {} short {}", history.names()[a], history.names()[b]), weights));
            }
        }
    }
    if size < 2 {
        portfolios.truncate(2);
    }
    let ranked: Vec<Vec<usize>> = portfolios.iter().map(|(_, weights)| worst_first(history, weights)).collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut scenarios = Vec::new();
    let wanted = count.min(history.len());
    let turns = portfolios.iter().zip(&ranked).cycle();
    for ((name, _), days) in turns {
        if scenarios.len() >= wanted {
            break;
        }
        if let Some(&day) = days.iter().find(|day| !chosen.contains(*day)) {
            chosen.push(day);
            let moves = (0..size).map(|asset| {
                Ppm::away_from_zero(history.moves(asset)[day]).unwrap_or(MOVE_MAX).clamp(MOVE_MIN, MOVE_MAX)
            });
            scenarios.push(Scenario { name: format!("{} {name}", history.days()[day]), moves: moves.collect() });
        }
    }
    scenarios
}

/// The days of history by falling loss of a portfolio; of equal days the earliest first.
fn worst_first(history: &JointHistory, weights: &[f64]) -> Vec<usize> {
    let gain = |day: usize| -> f64 { weights.iter().enumerate().map(|(a, w)| w * history.moves(a)[day]).sum() };
    let gains: Vec<f64> = (0..history.len()).map(gain).collect();
    let mut days: Vec<usize> = (0..history.len()).collect();
    days.sort_by(|&a, &b| gains[a].total_cmp(&gains[b]).then(a.cmp(&b)));
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Day, Series};

    fn names() -> Vec<String> {
        vec!["BTC".to_owned(), "ETH".to_owned()]
    }

    fn ranges() -> Vec<Ppm> {
        vec![Ppm::new(160_000), Ppm::new(200_001)]
    }

    #[test]
    fn the_default_plan_fills_sixteen_lanes_for_two_underlyings() {
        let tail = |n: usize| Scenario { name: format!("tail {n}"), moves: vec![Ppm::new(-1); 2] };
        let tails: Vec<Scenario> = (0..6).map(tail).collect();
        let lanes = LaneSet::from_plan(&LanePlan::default(), &names(), &ranges(), &tails).unwrap();
        assert_eq!(lanes.len(), 16);
        let at = |name: &str| lanes.scenarios().iter().find(|s| s.name == name).unwrap().moves.clone();
        assert_eq!(at("joint down 100% of range"), [Ppm::new(-160_000), Ppm::new(-200_001)]);
        assert_eq!(at("joint up 50% of range"), [Ppm::new(80_000), Ppm::new(100_001)]);
        assert_eq!(at("BTC up, others down"), [Ppm::new(160_000), Ppm::new(-200_001)]);
        assert_eq!(at("ETH down alone"), [Ppm::new(0), Ppm::new(-200_001)]);
    }

    #[test]
    fn a_set_that_does_not_fit_is_refused() {
        let names = names();
        let builder = || LaneSet::builder(&names, 4).joint(&ranges(), Ppm::ONE);
        assert!(matches!(builder().solo(&ranges()).build(), Err(ScenarioError::TooMany { lanes: 6, lanes_max: 4 })));
        assert!(matches!(builder().joint(&ranges(), Ppm::ONE).build(), Err(ScenarioError::Twice { .. })));
        let odd = |moves| [Scenario { name: "odd".to_owned(), moves }];
        assert!(matches!(builder().scenarios(&odd(vec![])).build(), Err(ScenarioError::Moves { .. })));
        let deep = odd(vec![Ppm::new(-999_999), Ppm::new(0)]);
        assert!(matches!(builder().scenarios(&deep).build(), Err(ScenarioError::Range { .. })));
        assert_eq!(LaneSet::builder(&names, 4).build(), Err(ScenarioError::Empty));
    }

    #[test]
    fn one_underlying_needs_no_pairs() {
        let names = vec!["BTC".to_owned()];
        let range = [Ppm::new(100)];
        let lanes = LaneSet::builder(&names, 16).joint(&range, Ppm::ONE).opposed(&range).solo(&range).build().unwrap();
        assert_eq!(lanes.len(), 2);
    }

    #[test]
    fn tail_days_are_the_worst_of_each_portfolio_in_turn() {
        let day = |n: u32| Day::parse(&format!("2020-01-{n:02}")).unwrap();
        let closes = |name: &str, values: &[f64]| {
            Series::new(name, (1..).map(day).zip(values.iter().copied()).collect()).unwrap()
        };
        // Moves: day 2 (-50 %, -50 %), day 3 (+100 %, +100 %), day 4 (+10 %, -20 %), day 5 (-10 %, +30 %).
        let a = closes("A", &[100.0, 50.0, 100.0, 110.0, 99.0]);
        let b = closes("B", &[100.0, 50.0, 100.0, 80.0, 104.0]);
        let joint = JointHistory::join(&[a, b]).unwrap();
        let tails = tail_days(&joint, 9);
        let names: Vec<&str> = tails.iter().map(|t| t.name.as_str()).collect();
        let expected =
            ["2020-01-02 long all", "2020-01-03 short all", "2020-01-05 long A short B", "2020-01-04 long B short A"];
        assert_eq!(names, expected);
        assert_eq!(tails[0].moves, [Ppm::new(-500_000), Ppm::new(-500_000)]);
        assert_eq!(tail_days(&joint, 2), tails[..2]);
    }

    #[test]
    fn of_equal_days_the_earliest_is_chosen() {
        let day = |n: u32| Day::parse(&format!("2020-01-{n:02}")).unwrap();
        let closes = (1..).map(day).zip([64.0, 32.0, 64.0, 32.0, 64.0]).collect();
        let joint = JointHistory::join(&[Series::new("A", closes).unwrap()]).unwrap();
        let names: Vec<String> = tail_days(&joint, 3).into_iter().map(|tail| tail.name).collect();
        assert_eq!(names, ["2020-01-02 long all", "2020-01-03 short all", "2020-01-04 long all"]);
    }
}
