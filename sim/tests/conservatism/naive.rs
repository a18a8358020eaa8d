//! The rule in exact money, with parts that can be left out or done wrongly.

use super::world::*;
use super::{Accepted, Gate};
use std::collections::BTreeMap;

/// How an order beyond the limits may close a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// As the gate does it.
    Whole,
    /// No lane grows, whatever the others have left: nothing that closes a hedged position passes.
    NoLaneGrows,
    /// The charge is forgiven in every lane.
    Forgiven,
    /// The charge is forgiven in REL lanes as in ABS lanes.
    ForgivenInRel,
    /// The charge counts at the end point only, not where open orders of the other side fill first.
    AtTheEnd,
}

/// What is reserved while a REPLACE is pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reserve {
    /// The most lots at the worst price.
    WorstOfBoth,
    /// What was asked for.
    NewTerms,
    /// The most lots, and the dearer of the two orders.
    GreaterProduct,
    /// As the worst of both, but an order that is entered anew replaces the total.
    AnewAsTotal,
}

/// What a gate does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// X keeps the rates at which orders were accepted.
    pub(crate) carries_execution: bool,
    /// Fills between MARKS and the flip are reserved at the old marks.
    pub(crate) one_y: bool,
    pub(crate) zero_lane: bool,
    pub(crate) venue_ledgers: bool,
    /// The accounts at venue 0 count what both hold there.
    pub(crate) shares_ledgers: bool,
    /// REL lanes count from the base of their bank.
    pub(crate) new_base: bool,
    /// UNIT lanes count open orders.
    pub(crate) counts_open: bool,
    pub(crate) closing: Closing,
    pub(crate) reserve: Reserve,
}

impl Rule {
    pub(crate) const WHOLE: Self = Self {
        carries_execution: false,
        one_y: false,
        zero_lane: true,
        venue_ledgers: true,
        shares_ledgers: true,
        new_base: true,
        counts_open: true,
        closing: Closing::Whole,
        reserve: Reserve::WorstOfBoth,
    };
}

/// Totals of a ledger in hundredths.
#[derive(Clone, Copy, Debug)]
struct Left {
    headroom: i128,
    slack: [i128; MONEY_LANES],
    units: i128,
}

impl Left {
    fn least(&self) -> i128 {
        self.slack.into_iter().fold(self.headroom, i128::min)
    }
}

/// A gate in exact money.
pub(crate) struct Naive {
    world: World,
    rule: Rule,
    bank: Marks,
    next: Marks,
    base: Lots,
    next_base: Lots,
    /// Base that the lanes count from.
    counted_base: Lots,
    collateral: Money,
    y: [Money; 2],
    position: Lots,
    /// Slot to the order and the rate it was accepted at.
    open: BTreeMap<u16, (Open, i128)>,
}

impl Naive {
    pub(crate) fn new(world: &World, rule: Rule) -> Self {
        Self {
            world: world.clone(),
            rule,
            bank: Marks::default(),
            next: Marks::default(),
            base: Lots::default(),
            next_base: Lots::default(),
            counted_base: Lots::default(),
            collateral: Money::default(),
            y: Default::default(),
            position: Lots::default(),
            open: BTreeMap::new(),
        }
    }

    /// Money units a lot costs more than it adds at these marks.
    fn rate(&self, open: &Open, price: i128, marks: &Marks) -> i128 {
        let through = open.sign() * (price - marks[open.instrument()]) + self.world.fee;
        through.max(0) * self.world.tick_value[open.instrument()]
    }

    /// The cells that count in a ledger for an order of `account`.
    fn cells(&self, ledger: usize, account: u16) -> Vec<usize> {
        let shared = self.rule.shares_ledgers;
        cells_of(ledger).filter(|cell| shared || CELLS[*cell].0 == account).collect()
    }

    /// Lots of an order before and after the REPLACE that the gate believes pending.
    fn totals(&self, open: &Open) -> [i128; 2] {
        let Some(asked) = open.asked else { return [open.lots; 2] };
        let after = match self.rule.reserve {
            Reserve::AnewAsTotal => asked.lots,
            Reserve::NewTerms if asked.anew => asked.lots + open.cumulative,
            _ if asked.anew => open.lots + asked.lots,
            _ => asked.lots,
        };
        [if self.rule.reserve == Reserve::NewTerms { after } else { open.lots }, after]
    }

    /// Lots that may still be filled.
    fn leaves(&self, open: &Open) -> i128 {
        let [before, after] = self.totals(open);
        (before.max(after) - open.cumulative).max(0)
    }

    /// What the fills of an order may cost.
    fn execution(&self, open: &Open, carried: i128) -> i128 {
        if self.rule.carries_execution {
            return self.leaves(open) * carried;
        }
        let rate = |price: i128| self.rate(open, price, &self.bank);
        let [before, after] = self.totals(open).map(|lots| (lots - open.cumulative).max(0));
        let asked = open.asked.map_or(open.price, |asked| asked.price);
        match self.rule.reserve {
            Reserve::NewTerms => after * rate(asked),
            Reserve::GreaterProduct => (before * rate(open.price)).max(after * rate(asked)),
            Reserve::WorstOfBoth | Reserve::AnewAsTotal => before.max(after) * rate(open.price).max(rate(asked)),
        }
    }

    fn open_lots(&self, cell: usize, side: u8) -> i128 {
        let of = |(open, _): &&(Open, i128)| open.cell == cell && open.side == side;
        self.open.values().filter(of).map(|(open, _)| self.leaves(open)).sum()
    }

    /// Position with every bid filled, and with every ask filled.
    fn ends(&self, cell: usize) -> [i128; 2] {
        [self.position[cell] + self.open_lots(cell, 0), self.position[cell] - self.open_lots(cell, 1)]
    }

    /// Loss of a position in a lane as this gate counts it.
    fn loss(&self, lane: usize, cell: usize, lots: i128) -> i128 {
        let (base, counted) = (self.base[cell], self.counted_base[cell]);
        let from = if lane == REL_LANE { base - counted } else { 0 };
        self.world.lane(lane, cell, lots + from, base, &self.bank)
    }

    fn worst(&self, lane: usize, cell: usize) -> i128 {
        self.ends(cell).map(|end| self.loss(lane, cell, end)).into_iter().max().unwrap()
    }

    fn left(&self, ledger: usize, account: u16) -> Left {
        let cells = self.cells(ledger, account);
        let counted = self.open.values().filter(|(open, _)| cells.contains(&open.cell));
        let execution: i128 = counted.map(|(open, carried)| self.execution(open, *carried)).sum();
        let headroom = EXACT * (self.collateral[ledger] - self.y[0][ledger] - execution);
        let away = |cell: &usize| {
            let ends = if self.rule.counts_open { self.ends(*cell) } else { [self.position[*cell]; 2] };
            let most = ends.map(|end| (end - self.base[*cell]).abs()).into_iter().max().unwrap();
            most * self.world.units[CELLS[*cell].1]
        };
        Left {
            headroom,
            slack: std::array::from_fn(|lane| {
                headroom - cells.iter().map(|cell| self.worst(lane, *cell)).sum::<i128>()
            }),
            units: self.world.units_max[ledger] - cells.iter().map(away).sum::<i128>(),
        }
    }

    fn is_closing(&self, open: &Open) -> bool {
        let position = self.position[open.cell];
        position * open.sign() < 0 && self.open_lots(open.cell, open.side) + open.lots <= position.abs()
    }

    /// Whether a closing order passes; `worst` holds the W of its cell before it.
    fn closes(&self, open: &Open, before: &Left, after: &Left, worst: &[i128; MONEY_LANES]) -> bool {
        let rate = EXACT * self.rate(open, open.price, &self.bank);
        let charge = open.lots * rate;
        let least = before.least();
        let released = |lane: usize| -open.sign() * self.world.loss(lane, open.instrument(), &self.bank);
        let lanes = |holds: &dyn Fn(usize) -> bool| (0..MONEY_LANES).all(holds);
        let kept = match self.rule.closing {
            Closing::Whole | Closing::ForgivenInRel => {
                let rel_too = self.rule.closing == Closing::ForgivenInRel;
                after.headroom >= least
                    && lanes(&|lane| {
                        let forgiven = (rel_too || lane != REL_LANE) && released(lane) >= rate;
                        after.slack[lane] + if forgiven { charge } else { 0 } >= least
                    })
            }
            Closing::Forgiven => lanes(&|lane| after.slack[lane] + charge >= least),
            Closing::NoLaneGrows => lanes(&|lane| self.worst(lane, open.cell) <= worst[lane]),
            Closing::AtTheEnd => lanes(&|lane| {
                let end = self.ends(open.cell)[usize::from(open.side)];
                let at_end = self.loss(lane, open.cell, end) + charge;
                before.slack[lane] + worst[lane] - worst[lane].max(at_end) >= least
            }),
        };
        kept && after.units >= 0
    }
}

impl Gate for Naive {
    fn order(&mut self, open: &Open) -> Option<Accepted> {
        let account = CELLS[open.cell].0;
        let ledgers = LEDGERS_OF[open.cell];
        let checked = if self.rule.venue_ledgers { &ledgers[..] } else { &ledgers[..1] };
        let before: Vec<_> = checked.iter().map(|ledger| self.left(*ledger, account)).collect();
        let worst = std::array::from_fn(|lane| self.worst(lane, open.cell));
        let may_close = self.is_closing(open);
        self.open.insert(open.slot, (*open, self.rate(open, open.price, &self.bank)));
        let mut closing = false;
        let accepted = checked.iter().zip(&before).all(|(ledger, before)| {
            let after = self.left(*ledger, account);
            let zero = !self.rule.zero_lane || after.headroom >= 0;
            if after.units >= 0 && zero && after.slack.iter().all(|slack| *slack >= 0) {
                return true;
            }
            closing |= may_close;
            may_close && self.closes(open, before, &after, &worst)
        });
        if !accepted {
            self.open.remove(&open.slot);
            return None;
        }
        // A ledger that was not looked at promised to stay within its limits.
        let least = std::array::from_fn(|at| before.get(at).map_or(0, Left::least));
        Some(Accepted { closing, least })
    }

    fn fill(&mut self, open: &Open, price: i128) {
        let lots = open.cumulative - self.open[&open.slot].0.cumulative;
        self.position[open.cell] += open.sign() * lots;
        let marks = [self.bank, if self.rule.one_y { self.bank } else { self.next }];
        for ledger in LEDGERS_OF[open.cell] {
            for (bank, marks) in marks.iter().enumerate() {
                self.y[bank][ledger] += lots * self.rate(open, price, marks);
            }
        }
        self.open.get_mut(&open.slot).unwrap().0.cumulative = open.cumulative;
        if open.cumulative == open.lots_reserved() {
            self.open.remove(&open.slot);
        }
    }

    fn replace(&mut self, open: &Open) -> Option<Accepted> {
        let account = CELLS[open.cell].0;
        let ledgers = LEDGERS_OF[open.cell];
        let checked = if self.rule.venue_ledgers { &ledgers[..] } else { &ledgers[..1] };
        let (before, carried) = self.open[&open.slot];
        let asked = open.asked.unwrap();
        let dearest = carried.max(self.rate(open, asked.price, &self.bank));
        self.open.insert(open.slot, (Open { asked: open.asked, ..before }, dearest));
        let accepted = checked.iter().all(|ledger| {
            let after = self.left(*ledger, account);
            let zero = !self.rule.zero_lane || after.headroom >= 0;
            after.units >= 0 && zero && after.slack.iter().all(|slack| *slack >= 0)
        });
        if !accepted {
            self.open.insert(open.slot, (before, carried));
        }
        accepted.then_some(Accepted { closing: false, least: [0; 2] })
    }

    fn answered(&mut self, open: &Open) {
        let (known, carried) = self.open[&open.slot];
        let known = Open { lots: open.lots, price: open.price, asked: None, ..known };
        self.open.insert(open.slot, (known, carried));
        if known.leaves() == 0 {
            self.open.remove(&open.slot);
        }
    }

    fn cancelled(&mut self, open: &Open) {
        self.open.remove(&open.slot);
    }

    fn y(&mut self) -> Money {
        self.y[0]
    }

    fn live(&mut self, collateral: Money, y_included: Money) {
        self.collateral = std::array::from_fn(|ledger| collateral[ledger] + y_included[ledger]);
    }

    fn marks(&mut self, marks: Marks, position: Lots) {
        (self.next, self.next_base) = (marks, position);
        self.y[1] = Money::default();
    }

    fn flip(&mut self, collateral: Money) {
        self.bank = self.next;
        self.counted_base = if self.rule.new_base { self.next_base } else { self.base };
        self.base = self.next_base;
        self.y = [self.y[1], Money::default()];
        self.collateral = collateral;
    }
}
