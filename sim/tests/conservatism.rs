//! An accepted order never takes an account beyond its collateral, whatever fills follow.
//!
//! A host trades for an account whose equity and lane losses are known exactly; the gate only sees rounded rows, late collateral and late banks. After every
//! acceptance each subset of the open orders is filled at its limit, and the exact equity at the marks of the active bank must cover the exact loss of every
//! lane and must not be negative. Gates that leave out a part of the rule are caught by the same check, so the check can fail.
#![allow(clippy::unwrap_used, reason = "test helpers")]

use crossgate_contract::command::*;
use crossgate_contract::{sizes, Command, Event, Reason, Window};
use crossgate_sim::model::Model;
use crossgate_sim::random::Random;
use std::collections::BTreeMap;

const INSTRUMENTS: usize = 2;
const LANES: usize = 4;
const ORDERS_MAX: usize = 8;
/// Lane moves are whole percents; exact money is counted in hundredths of a money unit.
const EXACT: i128 = 100;

/// What the market and the contract specifications say; lots are native.
#[derive(Clone, Debug)]
struct World {
    /// Gate lot = 2^shift native lots.
    shift: [u8; INSTRUMENTS],
    /// Index of the exponent of the rows.
    exponent: [u8; INSTRUMENTS],
    /// Money units a tick and native lot.
    tick_value: [i128; INSTRUMENTS],
    /// Fee of a lot in ticks.
    fee: i128,
    /// Percent by which the mark moves in a lane.
    shock: [[i128; INSTRUMENTS]; LANES],
}

#[derive(Clone, Copy, Debug)]
struct Open {
    instrument: usize,
    side: u8,
    lots: i128,
    cumulative: i128,
    price: i128,
    slot: u16,
    generation: u16,
}

impl Open {
    fn sign(&self) -> i128 {
        if self.side == 0 {
            1
        } else {
            -1
        }
    }
}

/// What a gate is told.
trait Gate {
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
struct Reference {
    model: Model,
    world: World,
    epoch: u32,
    next: [i128; INSTRUMENTS],
    y: i128,
}

impl Reference {
    fn new(world: &World) -> Self {
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

fn u16_of(value: usize) -> u16 {
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
struct Naive {
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
    fn new(world: &World, carry_execution: bool, zero_lane: bool) -> Self {
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

/// What the host knows for certain.
struct Host {
    world: World,
    marks: [i128; INSTRUMENTS],
    bank: [i128; INSTRUMENTS],
    position: [i128; INSTRUMENTS],
    cash: i128,
    open: Vec<Open>,
    generations: [u16; ORDERS_MAX],
}

impl Host {
    fn equity(&self, marks: &[i128; INSTRUMENTS]) -> i128 {
        self.cash + (0..INSTRUMENTS).map(|i| self.position[i] * marks[i] * self.world.tick_value[i]).sum::<i128>()
    }

    /// The least, over every subset of fills at their limits and every lane, of exact equity minus exact loss.
    fn worst(&self) -> i128 {
        let mut worst = i128::MAX;
        for subset in 0..1u32 << self.open.len() {
            let mut lots = self.position;
            let mut cash = self.cash;
            for (index, open) in self.open.iter().enumerate().filter(|(index, _)| subset >> index & 1 == 1) {
                let _ = index;
                let leaves = open.lots - open.cumulative;
                lots[open.instrument] += open.sign() * leaves;
                cash -= leaves * (open.sign() * open.price + self.world.fee) * self.world.tick_value[open.instrument];
            }
            let value = |i: usize| lots[i] * self.bank[i] * self.world.tick_value[i];
            let equity = EXACT * (cash + (0..INSTRUMENTS).map(value).sum::<i128>());
            let loss = |lane: &[i128; INSTRUMENTS]| -(0..INSTRUMENTS).map(|i| lane[i] * value(i)).sum::<i128>();
            let lanes = self.world.shock.iter().map(loss).max().unwrap();
            worst = worst.min(equity - lanes.max(0));
        }
        worst
    }
}

fn world(random: &mut Random) -> World {
    let mut each = |items: &[i128]| [random.pick(items), random.pick(items)];
    World {
        shift: each(&[0, 1, 2]).map(|shift| u8::try_from(shift).unwrap()),
        exponent: each(&[0, 0, 1]).map(|code| u8::try_from(code).unwrap()),
        tick_value: each(&[1, 3, 7]),
        fee: each(&[0, 1])[0],
        shock: [0; LANES].map(|_| each(&[-16, -8, -3, 3, 8, 16])),
    }
}

/// Trades one seed; returns (orders accepted, acceptances that the exact check refuses).
fn trade(seed: u64, gate: impl FnOnce(&World) -> Box<dyn Gate>) -> (u32, u32) {
    let mut random = Random::new(seed);
    let world = world(&mut random);
    let mut gate = gate(&world);
    let marks = [0; INSTRUMENTS].map(|_| i128::from(random.between(80, 120)));
    let cash = i128::from(random.between(50, 3_000));
    let mut host = Host {
        world,
        marks,
        bank: marks,
        position: [0; INSTRUMENTS],
        cash,
        open: Vec::new(),
        generations: [0; ORDERS_MAX],
    };
    gate.marks(marks);
    gate.flip(host.equity(&marks));
    let (mut accepted, mut refused, mut y) = (0, 0, 0);
    let mut snapshot = None;
    let mut pending = None;
    for _ in 0..80 {
        match random.below(100) {
            0..45 => {
                let Some(open) = draw_order(&mut random, &host) else { continue };
                host.generations[usize::from(open.slot)] = open.generation;
                if gate.order(&open) {
                    accepted += 1;
                    host.open.push(open);
                    refused += u32::from(host.worst() < 0);
                } else {
                    host.generations[usize::from(open.slot)] -= 1;
                }
            }
            45..60 if !host.open.is_empty() => y = draw_fill(&mut random, &mut host, gate.as_mut()),
            60..65 if !host.open.is_empty() => {
                let index = random.index(host.open.len());
                gate.cancelled(&host.open.swap_remove(index));
            }
            65..78 => host.marks = host.marks.map(|mark| (mark + i128::from(random.between(-5, 5))).max(20)),
            78..84 => snapshot = Some((host.equity(&host.bank), y)),
            84..90 => {
                if let Some((collateral, included)) = snapshot.take() {
                    gate.live(collateral, included);
                }
            }
            90.. => match pending.take() {
                None => {
                    gate.marks(host.marks);
                    pending = Some((host.marks, host.equity(&host.marks)));
                }
                Some((marks, collateral)) => {
                    gate.flip(collateral);
                    host.bank = marks;
                    // Y and snapshots of the old bank mean nothing for the new one; the next FILLED tells its Y.
                    (snapshot, y) = (None, 0);
                }
            },
            _ => {}
        }
    }
    (accepted, refused)
}

fn draw_order(random: &mut Random, host: &Host) -> Option<Open> {
    let slot = (0..ORDERS_MAX).find(|slot| host.open.iter().all(|open| usize::from(open.slot) != *slot))?;
    let instrument = random.index(INSTRUMENTS);
    Some(Open {
        instrument,
        side: u8::from(random.chance(50)),
        lots: i128::from(random.between(1, 5)),
        cumulative: 0,
        price: (host.marks[instrument] + i128::from(random.between(-6, 6))).max(1),
        slot: u16_of(slot),
        generation: host.generations[slot] + 1,
    })
}

/// Fills a part of an order at its limit or better.
fn draw_fill(random: &mut Random, host: &mut Host, gate: &mut dyn Gate) -> i128 {
    let index = random.index(host.open.len());
    let open = &mut host.open[index];
    let leaves = i64::try_from(open.lots - open.cumulative).unwrap();
    let lots = i128::from(random.between(1, leaves));
    let better = i128::from(random.pick(&[0, 0, 1, 3]));
    let price = (open.price - open.sign() * better).max(1);
    open.cumulative += lots;
    let y = gate.fill(open, price);
    host.position[open.instrument] += open.sign() * lots;
    host.cash -= lots * (open.sign() * price + host.world.fee) * host.world.tick_value[open.instrument];
    if open.cumulative == open.lots {
        host.open.swap_remove(index);
    }
    y
}

fn trade_all(seeds: std::ops::Range<u64>, gate: impl Fn(&World) -> Box<dyn Gate>) -> (u32, u32) {
    seeds.map(|seed| trade(seed, &gate)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

#[test]
fn no_accepted_order_exceeds_the_collateral_whatever_fills_follow() {
    let (accepted, refused) = trade_all(0..600, |world| Box::new(Reference::new(world)));
    assert!(accepted > 3_000, "only {accepted} orders were accepted");
    assert_eq!(refused, 0, "of {accepted}");
}

#[test]
fn the_whole_rule_in_exact_money_passes_the_check_too() {
    let (accepted, refused) = trade_all(0..600, |world| Box::new(Naive::new(world, false, true)));
    assert!(accepted > 3_000, "only {accepted} orders were accepted");
    assert_eq!(refused, 0, "of {accepted}");
}

#[test]
fn a_gate_that_carries_x_over_from_the_old_bank_is_caught() {
    let (accepted, refused) = trade_all(0..600, |world| Box::new(Naive::new(world, true, true)));
    assert!(refused > 0, "of {accepted}");
}

#[test]
fn a_gate_without_the_zero_lane_is_caught() {
    let (accepted, refused) = trade_all(0..600, |world| Box::new(Naive::new(world, false, false)));
    assert!(refused > 0, "of {accepted}");
}
