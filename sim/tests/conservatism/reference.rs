//! The reference model as a gate: rows rounded against the account, READ for what the checks need.

use super::world::*;
use super::{Accepted, Gate};
use crossgate_contract::command::{self, *};
use crossgate_contract::table::Table;
use crossgate_contract::{sizes, Command, Event, Reason, Window};
use crossgate_driver::BankRows;
use crossgate_sim::model::Model;

fn u8_of(value: usize) -> u8 {
    u8::try_from(value).unwrap()
}

fn u16_of(value: usize) -> u16 {
    u16::try_from(value).unwrap()
}

fn u64_of(value: i128) -> u64 {
    u64::try_from(value).unwrap()
}

fn u32_of(value: i128) -> u32 {
    u32::try_from(value).unwrap()
}

/// `ceil(value / divisor)`.
fn ceil(value: i128, divisor: i128) -> i128 {
    -(-value).div_euclid(divisor)
}

fn scale(world: &World, instrument: usize) -> i128 {
    1 << crossgate_contract::width::EXPONENTS[usize::from(world.exponent[instrument])]
}

/// Loss mantissas (long, short) of a gate lot, rounded up.
fn losses(world: &World, instrument: usize, lane: usize, marks: &super::world::Marks) -> (i32, i32) {
    let lot = 1i128 << world.shift[instrument];
    let narrow = |value: i128| i32::try_from(value).unwrap();
    if lane == UNIT_LANE {
        let units = narrow(ceil(world.units[instrument] * lot, scale(world, instrument)));
        return (units, units);
    }
    let exact = world.loss(lane, instrument, marks) * lot;
    let unit = EXACT * scale(world, instrument);
    let bent = if lane == REL_LANE { world.bend[instrument] * lot } else { 0 };
    (narrow(ceil(exact, unit)), narrow(ceil(bent - exact, unit)))
}

/// The reference model as the gate.
#[derive(Clone)]
pub(crate) struct Reference {
    pub(crate) model: Model,
    world: World,
    epoch: u32,
    next: super::world::Marks,
    bases: Lots,
    rows: BankRows,
}

impl Reference {
    pub(crate) fn new(world: &World) -> Self {
        let mut model = Model::new(sizes::TINY);
        model.arm(true);
        let (next, bases, rows) = (Default::default(), Lots::default(), BankRows::new());
        let mut gate = Self { model, world: world.clone(), epoch: 0, next, bases, rows };
        for account in [0, 1] {
            gate.send(Account { account, lane_mask: 0b1111, open_orders_max: u16::MAX, ..Default::default() });
        }
        for (cell, (account, instrument)) in CELLS.into_iter().enumerate() {
            gate.send(Instrument {
                venue: u8_of(instrument),
                instrument: u16_of(instrument),
                shift: world.shift[instrument],
                collar: 10_000,
                lots_max: 1 << 20,
                position_cap: 1 << 30,
                ..Default::default()
            });
            let instrument_limits =
                InstrumentLimits { instrument: u16_of(instrument), notional_max: u64::MAX, touch_ticks: 0 };
            gate.send(instrument_limits);
            let (_, ledger) = CARD_LEDGERS[LEDGERS_OF[cell][1]];
            gate.send(VenueLedger { venue: u8_of(instrument), account, ledger, lane_mask: 0b1111 });
        }
        gate
    }

    pub(crate) fn send(&mut self, command: impl Into<Command>) -> Option<Event> {
        let command = command.into();
        let window = Window::ALL.into_iter().find(|window| window.takes(command.layout().code)).unwrap();
        let words = command.encode().unwrap();
        self.rows.add(&words);
        let events = self.model.command(window, words);
        let event = events.first().map(|(_, words)| Event::decode(words).unwrap());
        assert!(!matches!(event, Some(Event::FaultRaised(_))), "{command:?} {event:?}");
        event
    }

    /// A row of a table of the active bank.
    pub(crate) fn words(&mut self, table: Table, index: u16, sub: u16) -> [u64; 4] {
        match self.send(Read { table: table as u8, index, sub, ..Default::default() }) {
            Some(Event::ReadData(read)) => [read.word_0, read.word_1, read.word_2, read.word_3],
            other => panic!("{other:?}"),
        }
    }

    fn read(&mut self, table: Table, index: u16, sub: usize) -> [i128; 2] {
        let [first, second, ..] = self.words(table, index, u16_of(sub));
        [first, second].map(|word| i64::from_le_bytes(word.to_le_bytes()).into())
    }

    /// Headroom, Y and slacks of a ledger.
    pub(crate) fn ledger(&mut self, ledger: usize) -> (i128, i128, [i128; LANES]) {
        let (venue, number) = CARD_LEDGERS[ledger];
        let (money, lane) = if venue { (Table::VenueAccount, Table::VenueLane) } else { (Table::Account, Table::Lane) };
        let [headroom, y] = self.read(money, number, 0);
        (headroom, y, std::array::from_fn(|at| self.read(lane, number, at)[0]))
    }

    /// Headroom and slacks of every ledger.
    pub(crate) fn room(&mut self) -> Vec<(i128, [i128; LANES])> {
        (0..LEDGERS).map(|ledger| self.ledger(ledger)).map(|(headroom, _, slack)| (headroom, slack)).collect()
    }

    /// The least of headroom and MONEY slacks.
    pub(crate) fn least(&mut self, ledger: usize) -> i128 {
        let (headroom, _, slack) = self.ledger(ledger);
        slack[..MONEY_LANES].iter().copied().fold(headroom, i128::min)
    }

    pub(crate) fn command(open: &Open, check: bool) -> Order {
        Order {
            side: open.side,
            check,
            account: CELLS[open.cell].0,
            instrument: u16_of(open.instrument()),
            slot: open.slot,
            lots: u64_of(open.lots),
            generation: open.generation,
            price: u32_of(open.price),
            ..Default::default()
        }
    }

    /// Whether the order is accepted, and whether by the closing rule.
    pub(crate) fn verdict(&mut self, open: &Open, check: bool) -> Option<bool> {
        match self.send(Self::command(open, check)) {
            Some(Event::Verdict(verdict)) => {
                let reason = Reason::from_code(verdict.reason).unwrap();
                assert!(matches!(reason, Reason::Accepted | Reason::PoolMargin | Reason::VenueMargin), "{reason}");
                (reason == Reason::Accepted).then_some(verdict.closing)
            }
            other => panic!("{other:?}"),
        }
    }
}

impl Gate for Reference {
    fn order(&mut self, open: &Open) -> Option<Accepted> {
        let least = LEDGERS_OF[open.cell].map(|ledger| EXACT * self.least(ledger));
        self.verdict(open, false).map(|closing| Accepted { closing, least })
    }

    fn fill(&mut self, open: &Open, price: i128) {
        let fill = Fill {
            side: open.side,
            account: CELLS[open.cell].0,
            instrument: u16_of(open.instrument()),
            slot: open.slot,
            cumulative: u64_of(open.cumulative),
            generation: open.generation,
            price: u32_of(price),
        };
        assert!(matches!(self.send(fill), Some(Event::Filled(filled)) if !filled.poisoned && !filled.venue_poisoned));
    }

    fn cancelled(&mut self, open: &Open) {
        let cancelled = Cancelled {
            account: CELLS[open.cell].0,
            instrument: u16_of(open.instrument()),
            slot: open.slot,
            cumulative: u64_of(open.cumulative),
            generation: open.generation,
        };
        assert!(matches!(self.send(cancelled), Some(Event::Closed(closed)) if closed.freed));
    }

    fn replace(&mut self, open: &Open) -> Option<Accepted> {
        let least = LEDGERS_OF[open.cell].map(|ledger| EXACT * self.least(ledger));
        let asked = open.asked.unwrap();
        let replace = Replace {
            anew: asked.anew,
            account: CELLS[open.cell].0,
            instrument: u16_of(open.instrument()),
            slot: open.slot,
            lots: u64_of(asked.lots),
            generation: open.generation,
            price: u32_of(asked.price),
            ..Default::default()
        };
        match self.send(replace) {
            Some(Event::Verdict(verdict)) => {
                let reason = Reason::from_code(verdict.reason).unwrap();
                assert!(matches!(reason, Reason::Accepted | Reason::PoolMargin | Reason::VenueMargin), "{reason}");
                (reason == Reason::Accepted).then_some(Accepted { closing: false, least })
            }
            other => panic!("{other:?}"),
        }
    }

    fn answered(&mut self, open: &Open) {
        let (account, instrument) = (CELLS[open.cell].0, u16_of(open.instrument()));
        let (slot, generation) = (open.slot, open.generation);
        let event = match open.asked.unwrap().acted {
            Some(filled) => self.send(Replaced { account, instrument, slot, cumulative: u64_of(filled), generation }),
            None => self.send(Refused { account, instrument, slot, generation }),
        };
        let Some(Event::Closed(closed)) = event else { panic!("{event:?}") };
        assert_eq!(closed.freed, open.leaves() == 0);
    }

    fn y(&mut self) -> Money {
        std::array::from_fn(|ledger| self.ledger(ledger).1)
    }

    fn live(&mut self, collateral: Money, y_included: Money) {
        for (at, (venue, ledger)) in CARD_LEDGERS.into_iter().enumerate() {
            self.send(Collateral {
                venue,
                ledger,
                epoch: self.epoch,
                collateral: i64::try_from(collateral[at]).unwrap(),
                y_included: u64_of(y_included[at]),
                ..Default::default()
            });
        }
    }

    fn marks(&mut self, marks: super::world::Marks, position: Lots) {
        (self.next, self.bases) = (marks, position);
        let epoch = self.epoch + 1;
        for (instrument, mark) in marks.into_iter().enumerate() {
            let lot = self.world.tick_value[instrument] << self.world.shift[instrument];
            let tick = u32_of(ceil(lot << 8, scale(&self.world, instrument)));
            self.send(BankMark {
                exponent: self.world.exponent[instrument],
                instrument: u16_of(instrument),
                epoch,
                mark_buy: u32_of(mark - self.world.fee),
                mark_sell: u32_of(mark + self.world.fee),
                tick_buy: tick,
                tick_sell: tick,
            });
        }
        self.send(command::Marks { epoch });
    }

    fn flip(&mut self, collateral: Money) {
        let epoch = self.epoch + 1;
        self.send(BankLanes { epoch, relative: 1 << REL_LANE | 1 << UNIT_LANE, unit: 1 << UNIT_LANE });
        for instrument in 0..INSTRUMENTS {
            for lane in (0..LANES).step_by(2) {
                let (long_0, short_0) = losses(&self.world, instrument, lane, &self.next);
                let (long_1, short_1) = losses(&self.world, instrument, lane + 1, &self.next);
                let (lane, instrument) = (u8_of(lane), u16_of(instrument));
                self.send(BankLoss { lane, instrument, epoch, long_0, short_0, long_1, short_1 });
            }
        }
        for (cell, (account, instrument)) in CELLS.into_iter().enumerate() {
            let base = i64::try_from(self.bases[cell]).unwrap();
            self.send(BankBase { account, epoch, base, instrument: u16_of(instrument) });
        }
        for (at, (venue, ledger)) in CARD_LEDGERS.into_iter().enumerate() {
            for lane in 0..LANES {
                let at_base = |cell: usize| self.bases[cell] * self.world.loss(REL_LANE, CELLS[cell].1, &self.next);
                let offset = match lane {
                    REL_LANE => ceil(cells_of(at).map(at_base).sum(), EXACT),
                    UNIT_LANE => -self.world.units_max[at],
                    _ => 0,
                };
                let offset = i64::try_from(offset).unwrap();
                self.send(BankOffset { lane: u8_of(lane), ledger, venue, epoch, offset });
            }
            let collateral = i64::try_from(collateral[at]).unwrap();
            self.send(BankCollateral { venue, ledger, epoch, collateral, ..Default::default() });
        }
        let commit = self.rows.commit(Commit { epoch, ..Default::default() });
        assert!(matches!(self.send(commit), Some(Event::Bank(bank)) if bank.result == 0));
        self.epoch = epoch;
    }
}
