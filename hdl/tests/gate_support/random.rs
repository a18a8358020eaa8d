//! Random traffic of a host that mostly knows what it does.

use super::{words, Rig};
use crossgate_contract::command::{Cancelled, Commit, Fence, Fill, Halt, Order, Position};
use crossgate_contract::{Command, Event, Reason};
use std::collections::BTreeMap;

/// xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        (self.bits() >> 11) % limit.max(1)
    }

    pub(crate) fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    pub(crate) fn index(&mut self, count: usize) -> u16 {
        let count = u64::try_from(count).expect("small");
        let index = if self.one_in(60) { count + self.below(3) } else { self.below(count) };
        u16::try_from(index).expect("16 bits")
    }

    /// Below `limit`, small values as likely as large ones.
    fn log(&mut self, limit: u64) -> u64 {
        let bits = self.below(u64::from(64 - limit.leading_zeros()));
        self.below((limit >> bits).max(1))
    }

    /// In `-limit..=limit`.
    pub(crate) fn signed(&mut self, limit: i64) -> i64 {
        let width = u64::try_from(2 * limit + 1).expect("positive");
        i64::try_from(self.below(width)).expect("63 bits") - limit
    }
}

/// How large the numbers are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Native lots of an order.
    pub(crate) lots: u64,
    /// Magnitude of the mantissas.
    pub(crate) loss: i64,
    /// Magnitude of collateral.
    pub(crate) collateral: i64,
    /// Gate lot shifts, below this.
    pub(crate) shifts: u64,
    /// Exponent codes, below this.
    pub(crate) exponents: u64,
    /// Tick values, below this.
    pub(crate) ticks: u64,
    /// Distance of prices from the middle.
    pub(crate) distance: u64,
    /// Draw small numbers as often as large ones.
    pub(crate) log: bool,
}

/// Margins bind, nothing overflows.
pub(crate) const NORMAL: Scale = Scale {
    lots: 200,
    loss: 300,
    collateral: 400_000,
    shifts: 4,
    exponents: 2,
    ticks: 2_000,
    distance: 20,
    log: false,
};
/// Everything at its limits.
pub(crate) const EXTREME: Scale = Scale {
    lots: (1 << 40) - 1,
    loss: (1 << 17) - 1,
    collateral: (1 << 47) - 1,
    shifts: 32,
    exponents: 4,
    ticks: 1 << 17,
    distance: 1 << 18,
    log: true,
};

pub(crate) const MIDDLE: u64 = 1 << 20;

/// An order as the host remembers it.
#[derive(Clone, Copy, Debug)]
struct Known {
    order: Order,
    lots: u64,
    cumulative: u64,
}

/// The host.
pub(crate) struct Host {
    pub(crate) random: Random,
    pub(crate) scale: Scale,
    pub(crate) epoch: u32,
    generations: BTreeMap<u16, u16>,
    open: BTreeMap<u16, Known>,
    pub(crate) shifts: Vec<u8>,
    /// How often each reason was given.
    pub(crate) reasons: BTreeMap<Reason, u64>,
    pub(crate) faults: BTreeMap<u8, u64>,
    pub(crate) results: BTreeMap<u8, u64>,
    pub(crate) poisoned: u64,
}

impl Host {
    pub(crate) fn new(seed: u64, scale: Scale, instruments: usize) -> Self {
        let mut random = Random::new(seed);
        let shifts = (0..instruments).map(|_| u8::try_from(random.below(scale.shifts)).expect("5 bits")).collect();
        Self {
            random,
            scale,
            epoch: 0,
            generations: BTreeMap::new(),
            open: BTreeMap::new(),
            shifts,
            reasons: BTreeMap::new(),
            faults: BTreeMap::new(),
            results: BTreeMap::new(),
            poisoned: 0,
        }
    }

    fn price(&mut self) -> u32 {
        let distance = if self.random.one_in(20) { 200 } else { self.scale.distance };
        let away = if self.scale.log { self.random.log(distance) } else { self.random.below(distance + 1) };
        let price = if self.random.one_in(2) { MIDDLE - away } else { MIDDLE + away };
        u32::try_from(if self.random.one_in(150) { 0 } else { price }).expect("32 bits")
    }

    fn lots(&mut self) -> u64 {
        let lots =
            1 + if self.scale.log { self.random.log(self.scale.lots) } else { self.random.below(self.scale.lots) };
        if self.random.one_in(100) {
            0
        } else {
            lots.min((1 << 40) - 1)
        }
    }

    fn order(&mut self, slots: usize, accounts: usize, instruments: usize) -> Order {
        let slot = self.random.index(slots);
        let generation = self.generations.get(&slot).copied().unwrap_or(0);
        let generation = if self.random.one_in(40) { generation } else { generation.wrapping_add(1) };
        Order {
            side: u8::from(self.random.one_in(2)),
            check: self.random.one_in(10),
            tif: u8::try_from(if self.random.one_in(60) { 3 } else { self.random.below(3) }).expect("2 bits"),
            account: self.random.index(accounts),
            instrument: self.random.index(instruments),
            slot,
            lots: self.lots(),
            generation,
            price: self.price(),
            tag: u32::try_from(self.random.below(1 << 32)).expect("32 bits"),
            cookie: self.random.below(1 << 48),
        }
    }

    fn some_order(&mut self) -> Known {
        let count = u64::try_from(self.open.len()).expect("small");
        let at = usize::try_from(self.random.below(count)).expect("small");
        self.open.values().nth(at).copied().unwrap_or(Known { order: Order::default(), lots: 0, cumulative: 0 })
    }

    fn fill(&mut self) -> Fill {
        let Known { order, lots, cumulative } = self.some_order();
        let random = &mut self.random;
        let cumulative = match random.below(20) {
            0 => cumulative,
            1 => lots + 1,
            2..=8 => lots,
            _ => cumulative + random.below(lots - cumulative.min(lots) + 1),
        };
        let wrong = random.one_in(50);
        Fill {
            side: order.side ^ u8::from(random.one_in(100)),
            account: order.account,
            instrument: order.instrument,
            slot: order.slot,
            cumulative: cumulative.min((1 << 40) - 1),
            generation: order.generation.wrapping_sub(u16::from(wrong)),
            price: self.price(),
        }
    }

    fn cancelled(&mut self) -> Cancelled {
        let Known { order, lots, cumulative } = self.some_order();
        let random = &mut self.random;
        let cumulative = match random.below(20) {
            0 => cumulative.saturating_sub(1),
            1 => lots + 1,
            2..=4 => cumulative + random.below(lots - cumulative.min(lots) + 1),
            _ => cumulative,
        };
        Cancelled {
            account: order.account ^ u16::from(random.one_in(60)),
            instrument: order.instrument,
            slot: order.slot,
            cumulative: cumulative.min((1 << 40) - 1),
            generation: order.generation,
        }
    }

    fn position(&mut self, accounts: usize, instruments: usize) -> Position {
        let limit = i64::try_from(self.scale.lots.min((1 << 39) - 1)).expect("40 bits");
        Position {
            account: self.random.index(accounts),
            instrument: self.random.index(instruments),
            lots: if self.scale.log {
                self.random.signed(limit) >> self.random.below(40)
            } else {
                self.random.signed(limit)
            },
            price: self.price(),
        }
    }

    /// Remembers what the card said about a command.
    fn learn(&mut self, command: &Command, events: &[Event]) {
        for event in events {
            match (event, command) {
                (Event::Verdict(verdict), Command::Order(order)) => {
                    let reason = Reason::from_code(verdict.reason).expect("a reason");
                    *self.reasons.entry(reason).or_insert(0) += 1;
                    if reason == Reason::Accepted && !order.check {
                        self.generations.insert(order.slot, order.generation);
                        self.open.insert(order.slot, Known { order: *order, lots: order.lots, cumulative: 0 });
                    }
                }
                (Event::Filled(filled), Command::Fill(fill)) => {
                    self.poisoned += u64::from(filled.poisoned);
                    if let Some(known) = self.open.get_mut(&fill.slot).filter(|_| filled.applied > 0) {
                        known.cumulative = fill.cumulative;
                    }
                }
                (Event::Closed(_), Command::Cancelled(cancelled)) => {
                    if let Some(known) = self.open.get_mut(&cancelled.slot) {
                        known.lots = cancelled.cumulative;
                    }
                }
                (Event::FaultRaised(fault), _) => *self.faults.entry(fault.code).or_insert(0) += 1,
                (Event::Bank(bank), _) => *self.results.entry(bank.result).or_insert(0) += 1,
                _ => {}
            }
        }
    }
}

impl Host {
    /// One round: some control commands, some orders, then a comparison of every table every `deep` rounds.
    pub(crate) fn rounds<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    >(
        &mut self,
        rig: &mut Rig<A, N, S, LANES, AI, BI, BA>,
        rounds: u64,
        deep: u64,
    ) {
        let sizes = rig.sizes;
        let (accounts, instruments, slots, lanes) = (sizes.accounts, sizes.instruments, sizes.slots, sizes.lanes);
        for round in 0..rounds {
            let mut control = Vec::new();
            if round == 0 {
                control.extend(self.static_rows(accounts, self.scale.lots));
            }
            if round % 12 == 0 {
                control.extend(self.bank_rows(accounts, instruments, lanes));
                self.offer_all(rig, &control);
                self.traffic(rig);
                control =
                    vec![Commit { epoch: self.epoch + 1, as_of_us: self.random.below(1 << 48), ..Default::default() }
                        .into()];
            }
            for _ in 0..self.random.below(4) {
                control.push(self.stray_control(accounts, instruments, slots, lanes));
            }
            if round % 2 == 1 {
                for index in 0..u16::try_from(accounts).expect("small") {
                    control.push(Halt { scope: 1, index, halted: false }.into());
                    control.push(Halt { scope: 2, index, halted: false }.into());
                }
                control.push(Halt { scope: 0, index: 0, halted: false }.into());
            }
            self.offer_all(rig, &control);
            self.epoch = rig.model.epoch();
            self.traffic(rig);
            if round % deep == deep - 1 {
                rig.compare_tables();
            }
        }
    }

    fn offer_all<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    >(
        &mut self,
        rig: &mut Rig<A, N, S, LANES, AI, BI, BA>,
        commands: &[Command],
    ) {
        for command in commands {
            let events = rig.offer(words(*command));
            self.learn(command, &events);
        }
        rig.check();
    }

    fn traffic<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    >(
        &mut self,
        rig: &mut Rig<A, N, S, LANES, AI, BI, BA>,
    ) {
        let sizes = rig.sizes;
        for _ in 0..self.random.below(40) {
            let command: Command = match self.random.below(20) {
                0..=10 => self.order(sizes.slots, sizes.accounts, sizes.instruments).into(),
                11..=14 => self.fill().into(),
                15..=17 => self.cancelled().into(),
                18 => self.position(sizes.accounts, sizes.instruments).into(),
                _ => Fence { tag: self.random.bits() }.into(),
            };
            self.offer_orders(rig, &command);
        }
        rig.check();
    }

    fn offer_orders<
        const A: usize,
        const N: usize,
        const S: usize,
        const LANES: usize,
        const AI: usize,
        const BI: usize,
        const BA: usize,
    >(
        &mut self,
        rig: &mut Rig<A, N, S, LANES, AI, BI, BA>,
        command: &Command,
    ) {
        let events = rig.offer_in(crossgate_contract::Window::Orders, words(*command));
        self.learn(command, &events);
    }
}
