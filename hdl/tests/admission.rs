//! Promises of admission: notional, open orders, message rate and ages against plain arithmetic; and its Verilog is the
//! same block.
#![allow(missing_docs)]

mod support;

use crossgate_contract::command::{Account, Ages, InstrumentLimits};
use crossgate_contract::Command;
use crossgate_hdl::gate::admission::{Admission, FAILED_NOTIONAL, FAILED_OPEN_ORDERS, FAILED_RATE, FAILED_STALE};
use crossgate_hdl::sim::settle;
use crossgate_sim::random::Random;
use rust_hdl_core::prelude::*;
use std::collections::VecDeque;
use support::{cosim, verilator_lint, yosys_check, CoSim};

type Uut = Admission<2, 2, 1>;

/// Clocks from the one with the operation to the one with its tests, and to the one with its effects.
const TESTS: usize = 11;
const EFFECTS: usize = 14;
const GREATEST: u64 = (1 << 48) - 1;

#[derive(Clone, Copy, Default)]
struct Op {
    account: usize,
    ledger: usize,
    instrument: usize,
    venue: usize,
    lots: u64,
    price: u64,
    now: u64,
    age_ms: u64,
    collateral: Option<bool>,
    expected: [bool; 4],
    effect: Effect,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Effect {
    #[default]
    Nothing,
    Opened,
    Freed,
    Sent,
    Fresh,
}

#[derive(Clone, Copy, Default)]
struct AccountState {
    open_max: u64,
    cost: u64,
    burst: u64,
    open: u64,
    tat: u64,
}

/// What the page says, in wide integers.
#[derive(Default)]
struct Reference {
    limits: [InstrumentLimits; 4],
    accounts: [AccountState; 4],
    ages: [u64; 3],
    as_of: u64,
    deadline: u64,
    epoch: u64,
    beats: [u64; 2],
    pool: [Option<u64>; 4],
    venue: [Option<u64>; 4],
}

impl Reference {
    fn judge(&self, op: &Op) -> [bool; 4] {
        let account = &self.accounts[op.account];
        let notional = u128::from(op.lots) * u128::from(op.price) > u128::from(self.limits[op.instrument].notional_max);
        let rate = account.cost > 0 && account.tat.max(op.now) + account.cost > op.now + account.burst;
        let old = |since: u64, limit: u64| limit != 0 && op.now.saturating_sub(since) > limit;
        let stale = old(self.as_of, self.ages[0])
            || old(self.pool[op.account].unwrap_or(self.as_of), self.ages[1])
            || old(self.venue[op.ledger].unwrap_or(self.as_of), self.ages[1])
            || old(self.beats[op.venue], self.ages[2])
            || (self.deadline != 0 && op.now > self.deadline);
        [notional, account.open >= account.open_max, rate, stale]
    }

    fn apply(&mut self, op: &Op) {
        let account = &mut self.accounts[op.account];
        match op.effect {
            Effect::Opened => account.open += 1,
            Effect::Freed => account.open -= 1,
            _ => {}
        }
        if matches!(op.effect, Effect::Opened | Effect::Sent) {
            account.tat = (account.tat.max(op.now) + account.cost).min(GREATEST);
        }
        let since = op.now.saturating_sub(1000 * op.age_ms);
        match op.collateral {
            Some(false) => self.pool[op.account] = Some(since),
            Some(true) => self.venue[op.ledger] = Some(since),
            None => {}
        }
    }
}

struct Bench {
    uut: Box<Uut>,
    cosim: CoSim<Uut>,
    random: Random,
    reference: Reference,
    flight: VecDeque<Option<Op>>,
    base: u64,
    seen: [[u32; 2]; 4],
}

impl Bench {
    fn new(seed: u64) -> Self {
        let mut uut = Box::<Uut>::default();
        uut.connect_all();
        let cosim = cosim!(Uut;
            inputs: scrub, scrub_address, row_0, row_1, row_2, row_3, row_limits, row_account, row_ages, flip, as_of,
                deadline, epoch, beat, beat_venue, beat_time, account, ledger, instrument, now, venue, lots, price,
                age_ms, at_account, at_ledger, opened, freed, sent, fresh_pool, fresh_venue;
            outputs: notional_max, touch_ticks, known, open_orders, tat, failed);
        Self {
            uut,
            cosim,
            random: Random::new(seed),
            reference: Reference::default(),
            flight: std::iter::repeat_n(None, EFFECTS).collect(),
            base: 0,
            seen: [[0; 2]; 4],
        }
    }

    /// A time around the one of this round, seldom an end of the range.
    fn time(&mut self) -> u64 {
        let near = (self.base + self.random.below(3000)).min(GREATEST);
        self.random.pick(&[near, near, near, near, near, near, 0, GREATEST])
    }

    fn clock(&mut self, op: Option<Op>) {
        let uut = self.uut.as_mut();
        let before = *self.flight.back().expect("a pipeline");
        if let Some(op) = op {
            uut.account.next = (op.account as u64).into();
            uut.ledger.next = (op.ledger as u64).into();
            uut.instrument.next = (op.instrument as u64).into();
            uut.now.next = op.now.into();
        }
        if let Some(op) = before {
            uut.venue.next = (op.venue as u64).into();
            uut.lots.next = op.lots.into();
            uut.price.next = op.price.into();
            uut.age_ms.next = op.age_ms.into();
        }
        let done = self.flight.pop_front().flatten();
        self.flight.push_back(op);
        uut.opened.next = done.is_some_and(|op| op.effect == Effect::Opened);
        uut.freed.next = done.is_some_and(|op| op.effect == Effect::Freed);
        uut.sent.next = done.is_some_and(|op| matches!(op.effect, Effect::Opened | Effect::Sent));
        uut.fresh_pool.next = done.is_some_and(|op| op.collateral == Some(false));
        uut.fresh_venue.next = done.is_some_and(|op| op.collateral == Some(true));
        if let Some(op) = done {
            uut.at_account.next = (op.account as u64).into();
            uut.at_ledger.next = (op.ledger as u64).into();
            self.reference.apply(&op);
        }
        settle(uut);
        if let Some(op) = self.flight[EFFECTS - 1 - TESTS] {
            let seen = [FAILED_NOTIONAL, FAILED_OPEN_ORDERS, FAILED_RATE, FAILED_STALE]
                .map(|bit| uut.failed.val().get_bit(bit));
            let account = self.reference.accounts[op.account];
            assert_eq!(
                seen, op.expected,
                "account {} of {} {}, now {}",
                account.open, account.open_max, account.tat, op.now
            );
            for (count, seen) in self.seen.iter_mut().zip(seen) {
                count[usize::from(seen)] += 1;
            }
        }
        if let Some(op) = before {
            let (account, limits) = (&self.reference.accounts[op.account], &self.reference.limits[op.instrument]);
            assert_eq!((uut.open_orders.val().get(), uut.tat.val().get()), (account.open, account.tat));
            assert_eq!(uut.notional_max.val().get(), limits.notional_max);
            assert_eq!(uut.touch_ticks.val().get(), u64::from(limits.touch_ticks));
            assert_eq!(uut.known.val(), limits.instrument != u16::MAX);
        }
        self.cosim.clock(uut);
    }

    fn row(&mut self, words: [u64; 4]) {
        let uut = self.uut.as_mut();
        uut.row_0.next = words[0].into();
        uut.row_1.next = words[1].into();
        uut.row_2.next = words[2].into();
        uut.row_3.next = (words[3] & GREATEST).into();
    }

    /// Rows, a flip and heartbeats, with nothing in the pipeline.
    fn control(&mut self) {
        for _ in 0..EFFECTS + 2 {
            self.clock(None);
        }
        self.base = self.random.pick(&[0, 5_000, 1 << 40, GREATEST - 2_000]);
        for instrument in 0..4 {
            let limits = InstrumentLimits {
                instrument,
                notional_max: self.random.pick(&[0, 1, 5_000_000, 1 << 34, 1 << 63, u64::MAX]),
                touch_ticks: u16::try_from(self.random.below(3)).expect("small"),
            };
            self.row(encode(limits));
            self.reference.limits[usize::from(instrument)] = limits;
            self.uut.row_limits.next = true;
            self.clock(None);
            self.uut.row_limits.next = false;
        }
        for account in 0..4 {
            let row = Account {
                account,
                open_orders_max: self.random.pick(&[0, 1, 2, 5, 65_535]),
                message_cost_us: self.random.pick(&[0, 1, 100, 1_000, 0xffff_ffff]),
                message_burst_us: self.random.pick(&[0, 1, 100, 3_000, 0xffff_ffff]),
                ..Account::default()
            };
            self.row(encode(row));
            let state = &mut self.reference.accounts[usize::from(account)];
            state.open_max = row.open_orders_max.into();
            (state.cost, state.burst) = (row.message_cost_us.into(), row.message_burst_us.into());
            self.uut.row_account.next = true;
            self.clock(None);
            self.uut.row_account.next = false;
        }
        let ages = [(); 3].map(|()| self.random.pick(&[0, 0, 0, 1, 500, 2_000, GREATEST]));
        self.row(encode(Ages { bank_us: ages[0], collateral_us: ages[1], heartbeat_us: ages[2] }));
        self.reference.ages = ages;
        self.uut.row_ages.next = true;
        self.clock(None);
        self.uut.row_ages.next = false;
        if self.random.below(2) == 0 {
            self.reference.epoch += 1 + self.random.below(1 << 20);
            self.reference.as_of = self.time();
            let time = self.time();
            self.reference.deadline = self.random.pick(&[0, 0, time]);
            (self.reference.pool, self.reference.venue) = ([None; 4], [None; 4]);
            self.uut.epoch.next = self.reference.epoch.into();
            self.uut.as_of.next = self.reference.as_of.into();
            self.uut.deadline.next = self.reference.deadline.into();
            self.uut.flip.next = true;
            self.clock(None);
            self.uut.flip.next = false;
        }
        let venue = self.random.index(2);
        self.reference.beats[venue] = self.time();
        self.uut.beat_venue.next = (venue as u64).into();
        self.uut.beat_time.next = self.reference.beats[venue].into();
        self.uut.beat.next = true;
        self.clock(None);
        self.uut.beat.next = false;
    }

    /// An operation of an account and ledger that are not in the pipeline.
    fn op(&mut self) -> Option<Op> {
        let (account, ledger, instrument) = (self.random.index(4), self.random.index(4), self.random.index(4));
        if self.flight.iter().flatten().any(|other| other.account == account || other.ledger == ledger) {
            return None;
        }
        let (lots, price) = (self.random.below(1 << 40), 1 + self.random.below(u64::from(u32::MAX)));
        let limit = self.reference.limits[instrument].notional_max;
        let lots = self.random.pick(&[
            lots,
            lots >> 20,
            1,
            (1 << 40) - 1,
            (limit / price).min((1 << 40) - 2),
            1 + (limit / price).min((1 << 40) - 2),
        ]);
        let price = self.random.pick(&[price, price, price, u64::from(u32::MAX)]);
        let mut op = Op {
            account,
            ledger,
            instrument,
            venue: self.random.index(2),
            lots,
            price,
            now: self.time(),
            ..Op::default()
        };
        op.age_ms = self.random.pick(&[0, 1, 2, 65_535]);
        op.expected = self.reference.judge(&op);
        op.effect = match self.random.below(5) {
            0 => Effect::Nothing,
            1 if self.reference.accounts[account].open > 0 => Effect::Freed,
            2 => Effect::Sent,
            3 if self.reference.epoch > 0 => Effect::Fresh,
            _ => Effect::Opened,
        };
        if op.effect == Effect::Fresh {
            op.collateral = Some(self.random.below(2) == 0);
        }
        Some(op)
    }

    fn scrub(&mut self) {
        for _ in 0..EFFECTS + 2 {
            self.clock(None);
        }
        self.uut.scrub.next = true;
        for address in 0..4u64 {
            self.uut.scrub_address.next = address.into();
            self.cosim.clock(self.uut.as_mut());
        }
        self.uut.scrub.next = false;
        self.uut.epoch.next = 0u64.into();
        self.reference = Reference::default();
        for limits in &mut self.reference.limits {
            limits.instrument = u16::MAX;
        }
    }

    fn rounds(&mut self, rounds: usize) {
        for _ in 0..rounds {
            for _ in 0..60 {
                let op = self.op();
                self.clock(op);
            }
            self.control();
        }
    }
}

fn encode(command: impl Into<Command>) -> [u64; 4] {
    command.into().encode().expect("a command")
}

#[test]
fn admission_equals_plain_arithmetic_and_its_verilog() {
    let mut bench = Bench::new(0x0bad_5eed_1234_5678);
    bench.scrub();
    bench.rounds(60);
    bench.scrub();
    bench.rounds(40);
    assert!(bench.seen.iter().flatten().all(|count| *count > 100), "both outcomes of every test: {:?}", bench.seen);
    bench.cosim.compare("admission", &bench.uut);
}

#[test]
fn more_seeds_equal_plain_arithmetic() {
    for seed in 1..6u64 {
        let mut bench = Bench::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        bench.scrub();
        bench.rounds(60);
    }
}

#[test]
fn the_verilog_is_clean() {
    let mut uut = Box::<Uut>::default();
    uut.connect_all();
    let verilog = generate_verilog(uut.as_ref());
    yosys_check("admission", &verilog);
    verilator_lint("admission", &verilog);
}
