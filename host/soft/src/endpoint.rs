//! [`SoftCard`]: the software card behind registers, windows and rings, as the driver sees a card.
//!
//! A slot takes effect as soon as its last quadword has arrived and every slot before it has. Cycle, latency and wait
//! of its events are 0: it has no cycles. `cycles` counts those that its bus lets pass.
//!
//! Not here: hardware, interrupts, configuration space.
//!
//! Invariant: no bytes that arrive make it panic; after an overrun or a wrong sequence nothing is consumed until RESET.

use crate::card::Card;
use crate::window::{Next, Reassembly};
use crossgate_contract::event::Ring;
use crossgate_contract::register::{self, control, status, Access, Register};
use crossgate_contract::{feature, width, Fault, Sizes, Window, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use crossgate_driver::Endpoint;

/// Features of the contract that the software card has.
pub const FEATURES: u32 = feature::BOOK
    | feature::GATE_POOL
    | feature::GATE_VENUE
    | feature::LANES_REL_UNIT
    | feature::COMMIT_CHECKED
    | feature::ORDERS_FULL;

/// Registers that are stored as they were written.
const WORDS: usize = 256;

/// Sizes that no build has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {actual}, a software card has {least} to {most}")]
pub struct SizesError {
    /// Which size.
    pub what: &'static str,
    /// Its value.
    pub actual: usize,
    /// The least value.
    pub least: usize,
    /// The greatest value.
    pub most: usize,
}

/// A card of these sizes after RESET.
///
/// # Errors
/// [`SizesError`] if no card has them.
pub fn open(sizes: Sizes) -> Result<Box<dyn Endpoint>, SizesError> {
    check(&sizes)?;
    Ok(match sizes.lanes {
        0..=4 => Box::new(SoftCard::<4>::new(sizes)),
        5..=16 => Box::new(SoftCard::<16>::new(sizes)),
        _ => Box::new(SoftCard::<32>::new(sizes)),
    })
}

fn check(sizes: &Sizes) -> Result<(), SizesError> {
    let ranges = [
        ("venues", sizes.venues, 1, 16),
        ("books", sizes.books, 1, 255),
        ("window ticks", sizes.window_ticks, 256, 1 << 20),
        ("accounts", sizes.accounts, 1, 1 << 12),
        ("venue ledgers", sizes.venue_ledgers, 1, 1 << 12),
        ("instruments", sizes.instruments, 1, 1 << 12),
        ("lanes", sizes.lanes, 2, 32),
        ("order slots", sizes.slots, 1, 1 << 16),
        ("window slots", sizes.window_slots, 1, 1 << 10),
    ];
    for (what, actual, least, most) in ranges {
        if !(least..=most).contains(&actual) {
            return Err(SizesError { what, actual, least, most });
        }
    }
    let powers = [("window ticks", sizes.window_ticks), ("window slots", sizes.window_slots)];
    match powers.into_iter().find(|(_, actual)| !actual.is_power_of_two()) {
        Some((what, actual)) => {
            let most = actual.next_power_of_two();
            Err(SizesError { what, actual, least: most / 2, most })
        }
        None => Ok(()),
    }
}

/// The software card. `L` is at least the number of lanes; [`open`] chooses it.
pub struct SoftCard<const L: usize> {
    card: Card<L>,
    windows: [Reassembly; 3],
    registers: Box<[u32; WORDS]>,
    error_status: u32,
    /// A slot was overwritten: nothing is consumed until RESET.
    overrun: bool,
    /// Card time at which everything halts; 0: never.
    watchdog_us: u64,
    /// High half of the cycle, and the time, as they were when the low half was read.
    stamp: [u32; 3],
    cycles: u64,
}

/// Low and high 32 bits.
fn halves(value: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

fn word_index(offset: u32) -> Option<usize> {
    usize::try_from(offset / 4).ok().filter(|index| *index < WORDS && offset.is_multiple_of(4))
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl<const L: usize> SoftCard<L> {
    fn new(sizes: Sizes) -> Self {
        Self {
            card: Card::new(&sizes),
            windows: std::array::from_fn(|_| Reassembly::new(sizes.window_slots)),
            registers: Box::new([0; WORDS]),
            error_status: 0,
            overrun: false,
            watchdog_us: 0,
            stamp: [0; 3],
            cycles: 0,
        }
    }

    fn status(&self) -> u32 {
        let set = |holds: bool, bit: u32| if holds { bit } else { 0 };
        let window = |window: Window| {
            let bit = 1 << (status::WINDOW_HALTED_SHIFT + number(window.index()));
            set(self.windows[window.index()].halted, bit)
        };
        status::READY
            | set(self.card.armed, status::ARMED)
            | set(self.card.gate.is_halted() || self.overrun, status::HALTED)
            | set(self.card.gate.active_bank() == 1, status::BANK)
            | Window::ALL.into_iter().fold(0, |bits, one| bits | window(one))
    }

    fn identity(&self, offset: u32) -> Option<u32> {
        let sizes = &self.card.sizes;
        let log2 = |value: usize| value.checked_ilog2().unwrap_or(0);
        let [hash_low, hash_high] = halves(CONTRACT_HASH);
        let books = number(sizes.venues)
            | number(sizes.books) << 8
            | log2(sizes.window_ticks) << 16
            | width::QUANTITY_BITS << 24;
        let orders = number(sizes.lanes)
            | log2(sizes.slots) << 8
            | log2(sizes.window_slots) << 16
            | log2(sizes.venue_ledgers) << 24;
        let all = [
            (&register::MAGIC, MAGIC),
            (&register::ABI, u32::from(ABI_MAJOR) << 16 | u32::from(ABI_MINOR)),
            (&register::HASH_LO, hash_low),
            (&register::HASH_HI, hash_high),
            (&register::FEATURES, FEATURES),
            (&register::BUILD, sizes.id),
            (&register::SIZE_BOOK, books),
            (&register::SIZE_GATE, number(sizes.accounts) | number(sizes.instruments) << 16),
            (&register::SIZE_ORDER, orders),
            (&register::CLOCK_KHZ, 0),
        ];
        all.iter().find(|(register, _)| register.offset == offset).map(|(_, value)| *value)
    }

    fn state(&self, offset: u32) -> Option<u32> {
        let [orders, market, control] = &self.windows;
        let [decisions, bbo] = &self.card.rings;
        let all = [
            (&register::CONTROL, if self.card.armed { control::ARM } else { 0 }),
            (&register::STATUS, self.status()),
            (&register::STAMP_CYCLE_HI, self.stamp[0]),
            (&register::STAMP_TIME_LO, self.stamp[1]),
            (&register::STAMP_TIME_HI, self.stamp[2]),
            (&register::EPOCH, self.card.gate.epoch()),
            (&register::WATCHDOG_LO, halves(self.watchdog_us)[0]),
            (&register::WATCHDOG_HI, halves(self.watchdog_us)[1]),
            (&register::CONSUMED_ORDERS, u32::from(orders.consumed)),
            (&register::CONSUMED_MARKET, u32::from(market.consumed)),
            (&register::CONSUMED_CONTROL, u32::from(control.consumed)),
            (&register::ERROR_STATUS, self.error_status),
            (&register::ERROR_ORDERS, orders.first_error),
            (&register::ERROR_MARKET, market.first_error),
            (&register::ERROR_CONTROL, control.first_error),
            (&register::DECISIONS_PRODUCER, decisions.producer()),
            (&register::MARKET_PRODUCER, bbo.producer()),
        ];
        all.iter().find(|(register, _)| register.offset == offset).map(|(_, value)| *value)
    }

    /// The 48 bits of a register pair whose high half is written.
    fn joined(&self, low: &Register, high: u32) -> u64 {
        let low = word_index(low.offset).map_or(0, |index| self.registers[index]);
        u64::from(high & 0xffff) << 32 | u64::from(low)
    }

    fn judge_watchdog(&mut self) {
        if self.watchdog_us != 0 && self.card.gate.time_us() >= self.watchdog_us {
            self.watchdog_us = 0;
            self.card.watchdog();
        }
    }

    fn write_ring(&mut self, offset: u32, value: u32) {
        let [decisions, market] = &mut self.card.rings;
        match offset {
            _ if offset == register::DECISIONS_BASE_LO.offset => decisions.set_base_low(value),
            _ if offset == register::DECISIONS_BASE_HI.offset => decisions.set_base_high(value),
            _ if offset == register::DECISIONS_SIZE.offset => decisions.restart(value & 31),
            _ if offset == register::DECISIONS_CONSUMER.offset => decisions.consume(value),
            _ if offset == register::MARKET_BASE_LO.offset => market.set_base_low(value),
            _ if offset == register::MARKET_BASE_HI.offset => market.set_base_high(value),
            _ if offset == register::MARKET_SIZE.offset => market.restart(value & 31),
            _ if offset == register::MARKET_CONSUMER.offset => {
                market.consume(value);
                self.consume(Window::Market);
            }
            _ => {}
        }
    }

    /// Applies every slot of a window whose turn has come.
    #[inline]
    fn consume(&mut self, window: Window) {
        let index = window.index();
        loop {
            let waits = window == Window::Market && self.card.rings[Ring::Market.index()].holds_window();
            if self.overrun || waits {
                return;
            }
            match self.windows[index].next() {
                Next::None => return,
                Next::Slot(words) => {
                    let [first @ .., _, _, _, _] = words;
                    let [_, _, _, _, second @ ..] = words;
                    self.card.command(window, first);
                    self.card.command(window, second);
                }
                Next::Wrong(detail) => {
                    self.error_status |= 1 << (4 + index);
                    self.card.fault(window, Fault::Sequence, detail, &[0; 4]);
                    return;
                }
            }
        }
    }
}

impl<const L: usize> Endpoint for SoftCard<L> {
    fn register_read(&mut self, offset: u32) -> u32 {
        if offset == register::STAMP_CYCLE_LO.offset {
            let ([low, high], [time_low, time_high]) = (halves(self.cycles), halves(self.card.gate.time_us()));
            self.stamp = [high, time_low, time_high];
            return low;
        }
        if let Some(value) = self.identity(offset).or_else(|| self.state(offset)) {
            return value;
        }
        if offset == register::EGRESS_CRC.offset {
            return self.card.egress.crc();
        }
        match register::ALL.iter().find(|register| register.offset == offset) {
            Some(register) if register.name.starts_with("COUNT_") => self.card.counters.get(register),
            Some(_) => word_index(offset).map_or(0, |index| self.registers[index]),
            None => 0,
        }
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        if offset == register::CONTROL.offset {
            if value & control::RESET != 0 {
                *self = Self { cycles: self.cycles, ..Self::new(self.card.sizes) };
            } else {
                self.card.armed = value & control::ARM != 0;
            }
            return;
        }
        let writable = register::ALL.iter().any(|one| one.offset == offset && one.access != Access::Read);
        if let Some(index) = word_index(offset).filter(|_| writable) {
            self.registers[index] = value;
        }
        if offset == register::TIME_HI.offset {
            self.card.gate.set_time_us(self.joined(&register::TIME_LO, value));
            self.judge_watchdog();
        }
        if offset == register::WATCHDOG_HI.offset {
            self.watchdog_us = self.joined(&register::WATCHDOG_LO, value);
            self.judge_watchdog();
        }
        self.write_ring(offset, value);
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        let index = window.index();
        if self.windows[index].write(slot, strobe, words) {
            return self.consume(window);
        }
        self.error_status |= 1 << index;
        if !self.overrun {
            self.overrun = true;
            self.card.fault(window, Fault::Overrun, 0, &[0; 4]);
        }
    }

    fn run(&mut self, cycles: u32) {
        self.cycles += u64::from(cycles);
    }

    fn busy(&self) -> bool {
        false
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        for ring in &mut self.card.rings {
            ring.take(sink);
        }
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}
