//! An accepted order never takes an account beyond its collateral, whatever fills follow.
//!
//! A host trades for an account whose equity and lane losses are known exactly; the gate only sees rounded rows, late
//! collateral and late banks. After every acceptance each subset of the open orders is filled at its limit, and the
//! exact equity at the marks of the active bank must cover the exact loss of every lane and must not be negative. Gates
//! that leave out a part of the rule are caught by the same check, so the check can fail.
#![allow(clippy::unwrap_used, reason = "test helpers")]

mod gates;

use crossgate_sim::random::Random;
use gates::{u16_of, Gate, Naive, Reference};

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
            for (_, open) in self.open.iter().enumerate().filter(|(index, _)| subset >> index & 1 == 1) {
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
