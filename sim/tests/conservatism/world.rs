//! What the market and the host know for certain, in exact integers.

use crossgate_sim::random::Random;

pub(crate) const INSTRUMENTS: usize = 2;
/// Lanes with a shock; one more counts units.
pub(crate) const MONEY_LANES: usize = 3;
/// The MONEY lane that is REL.
pub(crate) const REL_LANE: usize = 2;
/// The REL lane that is UNIT.
pub(crate) const UNIT_LANE: usize = 3;
pub(crate) const LANES: usize = 4;
pub(crate) const ORDERS_MAX: usize = 8;
/// Lane moves are whole percents; exact money is counted in hundredths of a money unit.
pub(crate) const EXACT: i128 = 100;

/// (account, instrument) of every cell that trades. Instrument 0 is at venue 0, where both accounts share a ledger,
/// instrument 1 at venue 1.
pub(crate) const CELLS: [(u16, usize); 3] = [(0, 0), (0, 1), (1, 0)];
/// Two pools, then the ledgers of the two venues.
pub(crate) const LEDGERS: usize = 4;
/// Pool and venue ledger of each cell.
pub(crate) const LEDGERS_OF: [[usize; 2]; CELLS.len()] = [[0, 2], [0, 3], [1, 2]];
/// (venue ledger?, number on the card) of each ledger.
pub(crate) const CARD_LEDGERS: [(bool, u16); LEDGERS] = [(false, 0), (false, 1), (true, 3), (true, 1)];

/// Something for every cell, ledger or instrument.
pub(crate) type Lots = [i128; CELLS.len()];
pub(crate) type Marks = [i128; INSTRUMENTS];
pub(crate) type Money = [i128; LEDGERS];

/// The cells of a ledger.
pub(crate) fn cells_of(ledger: usize) -> impl Iterator<Item = usize> {
    (0..CELLS.len()).filter(move |cell| LEDGERS_OF[*cell].contains(&ledger))
}

/// Contract specifications and scenarios; lots are native.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Gate lot = 2^shift native lots.
    pub(crate) shift: [u8; INSTRUMENTS],
    /// Index of the exponent of the rows.
    pub(crate) exponent: [u8; INSTRUMENTS],
    /// Money units a tick and native lot.
    pub(crate) tick_value: [i128; INSTRUMENTS],
    /// Fee of a lot in ticks.
    pub(crate) fee: i128,
    /// Percent by which the mark moves in a lane.
    pub(crate) shock: [[i128; INSTRUMENTS]; MONEY_LANES],
    /// What a native lot below the base loses in the REL lane beyond the shock, in hundredths.
    pub(crate) bend: [i128; INSTRUMENTS],
    /// Units that a native lot away from the base costs.
    pub(crate) units: [i128; INSTRUMENTS],
    /// Most units of a ledger.
    pub(crate) units_max: Money,
}

impl World {
    pub(crate) fn draw(random: &mut Random) -> Self {
        let mut each = |items: &[i128]| [random.pick(items), random.pick(items)];
        let tick_value = each(&[1, 3, 7]);
        let bend = each(&[0, 400, 900, 1_600]);
        Self {
            shift: each(&[0, 1, 2]).map(|shift| u8::try_from(shift).unwrap()),
            exponent: each(&[0, 0, 1]).map(|code| u8::try_from(code).unwrap()),
            tick_value,
            fee: each(&[0, 1])[0],
            shock: [0; MONEY_LANES].map(|_| each(&[-16, -8, -3, 3, 8, 16])),
            bend: std::array::from_fn(|instrument| bend[instrument] * tick_value[instrument]),
            units: each(&[1, 2, 5]),
            units_max: [0; LEDGERS].map(|_| each(&[60, 200, 400])[0]),
        }
    }

    /// Exact loss of a long native lot in a MONEY lane, in hundredths.
    pub(crate) fn loss(&self, lane: usize, instrument: usize, marks: &Marks) -> i128 {
        -self.shock[lane][instrument] * marks[instrument] * self.tick_value[instrument]
    }
}

impl World {
    /// Exact loss of a position in a MONEY lane, in hundredths; the REL lane is bent at the base.
    pub(crate) fn lane(&self, lane: usize, cell: usize, lots: i128, base: i128, marks: &Marks) -> i128 {
        let instrument = CELLS[cell].1;
        let bent = if lane == REL_LANE { (base - lots).max(0) * self.bend[instrument] } else { 0 };
        lots * self.loss(lane, instrument, marks) + bent
    }
}

/// A REPLACE whose answer the card does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// The venue cancels and enters anew; else it replaces the total.
    pub(crate) anew: bool,
    pub(crate) lots: i128,
    pub(crate) price: i128,
    /// Terms before it.
    pub(crate) before: (i128, i128),
    /// What had been filled when the venue acted on it.
    pub(crate) acted: Option<i128>,
}

/// An order with the terms that the venue has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) cell: usize,
    pub(crate) side: u8,
    pub(crate) lots: i128,
    pub(crate) cumulative: i128,
    pub(crate) price: i128,
    pub(crate) slot: u16,
    pub(crate) generation: u16,
    pub(crate) asked: Option<Asked>,
}

impl Open {
    pub(crate) fn sign(&self) -> i128 {
        if self.side == 0 {
            1
        } else {
            -1
        }
    }

    pub(crate) fn leaves(&self) -> i128 {
        self.lots - self.cumulative
    }

    pub(crate) fn instrument(&self) -> usize {
        CELLS[self.cell].1
    }

    /// The most lots that may be filled while the answer is out, as gate.md reserves them.
    pub(crate) fn lots_reserved(&self) -> i128 {
        self.asked.map_or(self.lots, |asked| {
            let (before, _) = asked.before;
            if asked.anew {
                before + asked.lots
            } else {
                before.max(asked.lots)
            }
        })
    }

    /// What may still happen at the venue, each as lots by price. Anything between them is worth no less than the worst
    /// of them.
    fn outcomes(&self) -> Vec<Vec<(i128, i128)>> {
        let old = (self.leaves(), self.price);
        let mut outcomes = vec![vec![], vec![old]];
        if let Some(asked) = self.asked.filter(|asked| asked.acted.is_none()) {
            let total = asked.lots + if asked.anew { self.cumulative } else { 0 };
            let new = ((total - self.cumulative).max(0), asked.price);
            let rest = if asked.anew { new.0 } else { (new.0 - old.0).max(0) };
            outcomes.extend([vec![new], vec![old, (rest, asked.price)]]);
        }
        outcomes
    }

    /// The venue carries out the REPLACE.
    pub(crate) fn act(&mut self) {
        let asked = self.asked.as_mut().unwrap();
        asked.acted = Some(self.cumulative);
        self.lots = asked.lots + if asked.anew { self.cumulative } else { 0 };
        self.price = asked.price;
    }
}

/// What the host knows for certain.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) world: World,
    pub(crate) marks: Marks,
    /// Marks and bases of the active bank.
    pub(crate) bank: Marks,
    pub(crate) base: Lots,
    pub(crate) position: Lots,
    pub(crate) cash: Money,
    pub(crate) open: Vec<Open>,
    pub(crate) generations: [u16; ORDERS_MAX],
}

impl Host {
    pub(crate) fn draw(random: &mut Random) -> Self {
        let world = World::draw(random);
        let marks = [0; INSTRUMENTS].map(|_| i128::from(random.between(80, 120)));
        Self {
            world,
            marks,
            bank: marks,
            base: Lots::default(),
            position: Lots::default(),
            cash: [0; LEDGERS].map(|_| i128::from(random.between(50, 3_000))),
            open: Vec::new(),
            generations: [0; ORDERS_MAX],
        }
    }

    pub(crate) fn equity(&self, marks: &Marks) -> Money {
        std::array::from_fn(|ledger| self.cash[ledger] + self.value(ledger, &self.position, marks))
    }

    fn value(&self, ledger: usize, lots: &Lots, marks: &Marks) -> i128 {
        let worth = |instrument: usize| marks[instrument] * self.world.tick_value[instrument];
        cells_of(ledger).map(|cell| lots[cell] * worth(CELLS[cell].1)).sum()
    }

    /// The least of a ledger, over every subset of fills at their limits and every lane: exact equity minus exact loss
    /// in hundredths, and units left.
    pub(crate) fn worst(&self, ledger: usize) -> (i128, i128) {
        let open: Vec<_> = self.open.iter().filter(|open| LEDGERS_OF[open.cell].contains(&ledger)).collect();
        let outcomes: Vec<_> = open.iter().map(|open| open.outcomes()).collect();
        let mut worst = (i128::MAX, i128::MAX);
        for mut number in 0..outcomes.iter().map(Vec::len).product() {
            let (mut lots, mut cash) = (self.position, self.cash[ledger]);
            for (open, outcomes) in open.iter().zip(&outcomes) {
                for (filled, price) in &outcomes[number % outcomes.len()] {
                    lots[open.cell] += open.sign() * filled;
                    let paid = open.sign() * price + self.world.fee;
                    cash -= filled * paid * self.world.tick_value[open.instrument()];
                }
                number /= outcomes.len();
            }
            let equity = EXACT * (cash + self.value(ledger, &lots, &self.bank));
            let loss = |lane: usize| -> i128 {
                let one = |cell: usize| self.world.lane(lane, cell, lots[cell], self.base[cell], &self.bank);
                cells_of(ledger).map(one).sum()
            };
            let lanes = (0..MONEY_LANES).map(loss).max().unwrap();
            let away = |cell: usize| (lots[cell] - self.base[cell]).abs() * self.world.units[CELLS[cell].1];
            let units = self.world.units_max[ledger] - cells_of(ledger).map(away).sum::<i128>();
            worst = (worst.0.min(equity - lanes.max(0)), worst.1.min(units));
        }
        worst
    }

    /// A new order; of a cell with a position often one that closes.
    pub(crate) fn draw_order(&self, random: &mut Random) -> Option<Open> {
        let slot = (0..ORDERS_MAX).find(|slot| self.open.iter().all(|open| usize::from(open.slot) != *slot))?;
        let cell = random.index(CELLS.len());
        let position = self.position[cell];
        let closes = position != 0 && random.chance(50);
        let side = if closes { u8::from(position > 0) } else { u8::from(random.chance(50)) };
        Some(Open {
            cell,
            side,
            lots: i128::from(random.between(1, 5)),
            cumulative: 0,
            price: (self.marks[CELLS[cell].1] + i128::from(random.between(-6, 6))).max(1),
            slot: u16::try_from(slot).unwrap(),
            generation: self.generations[slot] + 1,
            asked: None,
        })
    }

    /// An open order with the terms that a REPLACE asks for; few at a time are pending.
    pub(crate) fn draw_replace(&self, random: &mut Random) -> Option<(usize, Open)> {
        let pending = self.open.iter().filter(|open| open.asked.is_some()).count();
        let index = (pending < 3 && !self.open.is_empty()).then(|| random.index(self.open.len()))?;
        let open = self.open[index];
        let anew = random.chance(50);
        let least = if anew { 1 } else { i64::try_from(open.cumulative).unwrap() + 1 };
        let lots = i128::from(random.between(least, least + 6));
        let price = (open.price + i128::from(random.between(-8, 8))).max(1);
        let asked = Asked { anew, lots, price, before: (open.lots, open.price), acted: None };
        open.asked.is_none().then_some((index, Open { asked: Some(asked), ..open }))
    }

    /// The index of a drawn order whose REPLACE is pending.
    pub(crate) fn draw_pending(&self, random: &mut Random) -> Option<usize> {
        let pending = (0..self.open.len()).filter(|index| self.open[*index].asked.is_some());
        let pending: Vec<_> = pending.collect();
        (!pending.is_empty()).then(|| random.pick(&pending))
    }

    /// Books a fill of a part of an order at its limit or better; returns the order and the price.
    pub(crate) fn draw_fill(&mut self, random: &mut Random) -> Option<(Open, i128)> {
        let index = random.index(self.open.len());
        let open = self.open[index];
        let lots = i128::from(random.between(1, i64::try_from(open.leaves()).unwrap().max(1)));
        let better = i128::from(random.pick(&[0, 0, 1, 3]));
        let price = (open.price - open.sign() * better).max(1);
        (open.leaves() > 0).then(|| (self.book_fill(index, lots, price), price))
    }

    /// Books a fill; returns the order after it. It is gone when the card frees it.
    pub(crate) fn book_fill(&mut self, index: usize, lots: i128, price: i128) -> Open {
        let open = &mut self.open[index];
        open.cumulative += lots;
        let open = *open;
        self.position[open.cell] += open.sign() * lots;
        for ledger in LEDGERS_OF[open.cell] {
            let paid = open.sign() * price + self.world.fee;
            self.cash[ledger] -= lots * paid * self.world.tick_value[open.instrument()];
        }
        if open.cumulative == open.lots_reserved() {
            self.open.swap_remove(index);
        }
        open
    }
}
