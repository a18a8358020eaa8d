//! Gates under the conservatism check: the reference model, and the rule in exact money with parts that can be left
//! out.

use super::{Open, World, EXACT, INSTRUMENTS, LANES};
use crossgate_contract::command::*;
use crossgate_contract::{sizes, Command, Event, Reason, Window};
use crossgate_sim::model::Model;
use std::collections::BTreeMap;

/// What a gate is told.
pub(crate) trait Gate {
    fn order(&mut self, open: &Open) -> bool;
    /// Returns Y of the active bank.
    fn fill(&mut self, open: &Open, price: i128) -> i128;
    fn cancelled(&mut self, open: &Open);
    fn live(&mut self, collateral: i128, y_included: i128);
    fn marks(&mut self, marks: [i128; INSTRUMENTS]);
    fn flip(&mut self, collateral: i128);
}

/// `ceil(value / 2^bits)`.
fn ceil_shift(value: i128, bits: u32) -> i128 {
    -(-value).div_euclid(1 << bits)
}

fn exponent_bits(world: &World, instrument: usize) -> u32 {
    crossgate_contract::width::EXPONENTS[usize::from(world.exponent[instrument])]
}

/// Loss mantissas (long, short) of a gate lot, rounded up.
fn losses(world: &World, instrument: usize, lane: usize, mark: i128) -> (i128, i128) {
    let lot = world.tick_value[instrument] << world.shift[instrument];
    let exact = -world.shock[lane][instrument] * mark * lot;
    let unit = EXACT << exponent_bits(world, instrument);
    (-(-exact).div_euclid(unit), -exact.div_euclid(unit))
}

/// Tick mantissa of a gate lot, rounded up.
fn tick(world: &World, instrument: usize) -> i128 {
    let lot = world.tick_value[instrument] << world.shift[instrument];
    ceil_shift(lot << 8, exponent_bits(world, instrument))
}

/// The reference model as the gate.
pub(crate) struct Reference {
    model: Model,
    world: World,
    epoch: u32,
    next: [i128; INSTRUMENTS],
    y: i128,
}

impl Reference {
    pub(crate) fn new(world: &World) -> Self {
        let mut model = Model::new(sizes::TINY);
        model.arm(true);
        let mut gate = Self { model, world: world.clone(), epoch: 0, next: [0; INSTRUMENTS], y: 0 };
        gate.send(Account { lane_mask: 0b1111, ..Default::default() });
        for instrument in 0..INSTRUMENTS {
            gate.send(Instrument {
                instrument: u16::try_from(instrument).unwrap(),
                shift: world.shift[instrument],
                collar: 10_000,
                lots_max: 1 << 20,
                position_cap: 1 << 30,
                ..Default::default()
            });
        }
        gate
    }

    fn send(&mut self, command: impl Into<Command>) -> Option<Event> {
        let command = command.into();
        let window = Window::ALL.into_iter().find(|window| window.takes(command.layout().code)).unwrap();
        let events = self.model.command(window, command.encode().unwrap());
        let event = events.first().map(|(_, words)| Event::decode(words).unwrap());
        assert!(!matches!(event, Some(Event::FaultRaised(_))), "{command:?} {event:?}");
        event
    }
}

pub(crate) fn u16_of(value: usize) -> u16 {
    u16::try_from(value).unwrap()
}

fn u64_of(value: i128) -> u64 {
    u64::try_from(value).unwrap()
}

fn u32_of(value: i128) -> u32 {
    u32::try_from(value).unwrap()
}

impl Gate for Reference {
    fn order(&mut self, open: &Open) -> bool {
        let order = Order {
            side: open.side,
            instrument: u16_of(open.instrument),
            slot: open.slot,
            lots: u64_of(open.lots),
            generation: open.generation,
            price: u32_of(open.price),
            ..Default::default()
        };
        match self.send(order) {
            Some(Event::Verdict(verdict)) => {
                let reason = Reason::from_code(verdict.reason).unwrap();
                assert!(matches!(reason, Reason::Accepted | Reason::PoolMargin), "{reason}");
                reason == Reason::Accepted
            }
            other => panic!("{other:?}"),
        }
    }

    fn fill(&mut self, open: &Open, price: i128) -> i128 {
        let fill = Fill {
            side: open.side,
            instrument: u16_of(open.instrument),
            slot: open.slot,
            cumulative: u64_of(open.cumulative),
            generation: open.generation,
            price: u32_of(price),
            ..Default::default()
        };
        match self.send(fill) {
            Some(Event::Filled(filled)) => self.y = i128::from(filled.y_active),
            other => panic!("{other:?}"),
        }
        self.y
    }

    fn cancelled(&mut self, open: &Open) {
        let cancelled = Cancelled {
            instrument: u16_of(open.instrument),
            slot: open.slot,
            cumulative: u64_of(open.cumulative),
            generation: open.generation,
            ..Default::default()
        };
        assert!(matches!(self.send(cancelled), Some(Event::Closed(closed)) if closed.freed));
    }

    fn live(&mut self, collateral: i128, y_included: i128) {
        let collateral = i64::try_from(collateral).unwrap();
        self.send(Collateral { epoch: self.epoch, collateral, y_included: u64_of(y_included), ..Default::default() });
    }

    fn marks(&mut self, marks: [i128; INSTRUMENTS]) {
        self.next = marks;
        let epoch = self.epoch + 1;
        for (instrument, mark) in marks.into_iter().enumerate() {
            let tick = u32_of(tick(&self.world, instrument));
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
        self.send(Marks { epoch });
    }

    fn flip(&mut self, collateral: i128) {
        let epoch = self.epoch + 1;
        for instrument in 0..INSTRUMENTS {
            for lane in (0..LANES).step_by(2) {
                let at = |lane| {
                    let (long, short) = losses(&self.world, instrument, lane, self.next[instrument]);
                    (i32::try_from(long).unwrap(), i32::try_from(short).unwrap())
                };
                let ((long_0, short_0), (long_1, short_1)) = (at(lane), at(lane + 1));
                let (lane, instrument) = (u8::try_from(lane).unwrap(), u16_of(instrument));
                self.send(BankLoss { lane, instrument, epoch, long_0, short_0, long_1, short_1 });
            }
        }
        let collateral = i64::try_from(collateral).unwrap();
        self.send(BankCollateral { epoch, collateral, ..Default::default() });
        assert!(
            matches!(self.send(Commit { epoch, ..Default::default() }), Some(Event::Bank(bank)) if bank.result == 0)
        );
        self.epoch = epoch;
    }
}

/// The rule in exact money, with parts that can be left out.
pub(crate) struct Naive {
    world: World,
    carry_execution: bool,
    zero_lane: bool,
    bank: [i128; INSTRUMENTS],
    next: [i128; INSTRUMENTS],
    collateral: i128,
    y: [i128; 2],
    position: [i128; INSTRUMENTS],
    /// Slot to the order and the rate it was accepted at.
    open: BTreeMap<u16, (Open, i128)>,
}

impl Naive {
    pub(crate) fn new(world: &World, carry_execution: bool, zero_lane: bool) -> Self {
        Self {
            world: world.clone(),
            carry_execution,
            zero_lane,
            bank: [0; INSTRUMENTS],
            next: [0; INSTRUMENTS],
            collateral: 0,
            y: [0; 2],
            position: [0; INSTRUMENTS],
            open: BTreeMap::new(),
        }
    }

    /// Money units a lot costs more than it adds at these marks.
    fn rate(&self, open: &Open, price: i128, marks: &[i128; INSTRUMENTS]) -> i128 {
        let through = open.sign() * (price - marks[open.instrument]) + self.world.fee;
        through.max(0) * self.world.tick_value[open.instrument]
    }

    /// Exact worst loss of a lane over every fill of the open orders.
    fn lane(&self, lane: usize) -> i128 {
        let worst = |instrument: usize| {
            let lots = |side: u8| {
                let of = |open: &Open| open.instrument == instrument && open.side == side;
                self.open
                    .values()
                    .map(|(open, _)| *open)
                    .filter(of)
                    .map(|open| open.lots - open.cumulative)
                    .sum::<i128>()
            };
            let loss = -self.world.shock[lane][instrument] * self.bank[instrument] * self.world.tick_value[instrument];
            let position = self.position[instrument];
            ((position + lots(0)) * loss).max((position - lots(1)) * loss)
        };
        (0..INSTRUMENTS).map(worst).sum()
    }
}

impl Gate for Naive {
    fn order(&mut self, open: &Open) -> bool {
        let rate = self.rate(open, open.price, &self.bank);
        self.open.insert(open.slot, (*open, rate));
        let execution: i128 = self
            .open
            .values()
            .map(|(open, carried)| {
                let rate = if self.carry_execution { *carried } else { self.rate(open, open.price, &self.bank) };
                (open.lots - open.cumulative) * rate
            })
            .sum();
        let headroom = EXACT * (self.collateral - self.y[0] - execution);
        let lanes = (0..LANES).all(|lane| self.lane(lane) <= headroom);
        let accepted = lanes && (!self.zero_lane || headroom >= 0);
        if !accepted {
            self.open.remove(&open.slot);
        }
        accepted
    }

    fn fill(&mut self, open: &Open, price: i128) -> i128 {
        let before = self.open[&open.slot].0.cumulative;
        let lots = open.cumulative - before;
        self.position[open.instrument] += open.sign() * lots;
        self.y[0] += lots * self.rate(open, price, &self.bank);
        self.y[1] += lots * self.rate(open, price, &self.next);
        self.open.get_mut(&open.slot).unwrap().0.cumulative = open.cumulative;
        if open.cumulative == open.lots {
            self.open.remove(&open.slot);
        }
        self.y[0]
    }

    fn cancelled(&mut self, open: &Open) {
        self.open.remove(&open.slot);
    }

    fn live(&mut self, collateral: i128, y_included: i128) {
        self.collateral = collateral + y_included;
    }

    fn marks(&mut self, marks: [i128; INSTRUMENTS]) {
        self.next = marks;
        self.y[1] = 0;
    }

    fn flip(&mut self, collateral: i128) {
        self.bank = self.next;
        self.y = [self.y[1], 0];
        self.collateral = collateral;
    }
}
