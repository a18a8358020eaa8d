//! [`ModelEndpoint`]: the reference model behind registers, windows and rings.
//!
//! A slot takes effect as soon as its last quadword has arrived; time does not pass. Events that find no room in their
//! ring, or find it switched off, wait.
//!
//! Not here: conflation order of a real card beyond the contract's (the newest BBO of a book wins), timing.

use super::{Message, Model, FEATURES};
use crossgate_contract::event::{Bbo, Ring, PHASE, SEQUENCE};
use crossgate_contract::register::{self, control, status, Register};
use crossgate_contract::window::SLOT_SEQUENCE;
use crossgate_contract::{width, Fault, Field, Sizes, Window, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use crossgate_driver::Endpoint;
use std::collections::{BTreeMap, VecDeque};

/// Reassembly of one window.
#[derive(Clone, Debug)]
struct Reassembly {
    /// Slot number to the quadwords that have arrived.
    slots: BTreeMap<u16, (u8, [u64; 8])>,
    /// Commands of a consumed slot that have not taken effect.
    commands: VecDeque<[u64; 4]>,
    consumed: u16,
    halted: bool,
    /// Expected and received sequence of the first error.
    first_error: u32,
}

impl Reassembly {
    const fn new() -> Self {
        Self { slots: BTreeMap::new(), commands: VecDeque::new(), consumed: 0, halted: false, first_error: 0 }
    }
}

/// Events on their way to one ring.
#[derive(Clone, Debug, Default)]
struct RingQueue {
    base: u64,
    log2: u32,
    producer: u32,
    consumer: u32,
    waiting: VecDeque<[u64; 8]>,
}

impl RingQueue {
    /// 0 while the ring is off.
    fn entries(&self) -> usize {
        if (4..=20).contains(&self.log2) {
            1 << self.log2
        } else {
            0
        }
    }

    /// Entries that neither hold an event nor are promised to a waiting one.
    fn free(&self) -> usize {
        let held = usize::try_from(self.producer.wrapping_sub(self.consumer)).unwrap_or(usize::MAX);
        self.entries().saturating_sub(held.saturating_add(self.waiting.len()))
    }
}

/// The model as a simulated card.
#[derive(Clone, Debug)]
pub struct ModelEndpoint {
    model: Model,
    windows: [Reassembly; 3],
    rings: [RingQueue; 2],
    registers: BTreeMap<u32, u32>,
    error_status: u32,
    conflated: u32,
    halted: bool,
    stamp: [u32; 3],
    dma: VecDeque<(u64, [u64; 8])>,
    cycles: u64,
}

/// Low and high 32 bits.
fn halves(value: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

fn number(value: usize) -> u32 {
    u32::try_from(value).expect("sizes have 32 bits")
}

fn ring_registers(ring: Ring) -> [&'static Register; 5] {
    match ring {
        Ring::Decisions => [
            &register::DECISIONS_BASE_LO,
            &register::DECISIONS_BASE_HI,
            &register::DECISIONS_SIZE,
            &register::DECISIONS_CONSUMER,
            &register::DECISIONS_PRODUCER,
        ],
        Ring::Market => [
            &register::MARKET_BASE_LO,
            &register::MARKET_BASE_HI,
            &register::MARKET_SIZE,
            &register::MARKET_CONSUMER,
            &register::MARKET_PRODUCER,
        ],
    }
}

impl ModelEndpoint {
    /// A card after RESET, its rings off.
    pub fn new(sizes: Sizes) -> Self {
        Self {
            model: Model::new(sizes),
            windows: [const { Reassembly::new() }; 3],
            rings: [RingQueue::default(), RingQueue::default()],
            registers: BTreeMap::new(),
            error_status: 0,
            conflated: 0,
            halted: false,
            stamp: [0; 3],
            dma: VecDeque::new(),
            cycles: 0,
        }
    }

    /// The model behind the registers.
    pub fn model(&self) -> &Model {
        &self.model
    }

    fn reset(&mut self) {
        *self = Self { cycles: self.cycles, ..Self::new(*self.model.sizes()) };
    }

    fn status(&self) -> u32 {
        let flag = |set: bool, bit: u32| if set { bit } else { 0 };
        let windows = self.windows.iter().enumerate().filter(|(_, window)| window.halted);
        status::READY
            | flag(self.model.armed(), status::ARMED)
            | flag(self.model.halted() || self.halted, status::HALTED)
            | flag(self.model.active_bank() == 1, status::BANK)
            | windows.fold(0, |bits, (index, _)| bits | 1 << (status::WINDOW_HALTED_SHIFT + number(index)))
    }

    /// Takes complete slots in order and applies their commands.
    fn consume(&mut self, window: Window) {
        let index = window.index();
        let slots = u16::try_from(self.model.sizes().window_slots).expect("window slots have 16 bits");
        while !self.windows[index].halted && !self.halted && !self.market_waits(window) {
            self.apply(window);
            if !self.windows[index].commands.is_empty() {
                return;
            }
            let next = self.windows[index].consumed % slots;
            let Some((u8::MAX, words)) = self.windows[index].slots.get(&next).copied() else { return };
            self.windows[index].slots.remove(&next);
            let expected = self.windows[index].consumed;
            let received = SLOT_SEQUENCE.get(&words);
            if received != u64::from(expected) {
                let detail = u32::from(expected) | u32::try_from(received).expect("16 bits") << 16;
                self.windows[index].halted = true;
                self.windows[index].first_error = detail;
                self.error_status |= 1 << (4 + index);
                let (_, words) = self.model.fault(window, Fault::Sequence, detail, [0; 4]);
                self.send(Ring::Decisions, words);
                return;
            }
            self.windows[index].consumed = expected.wrapping_add(1);
            let halves = [[words[0], words[1], words[2], words[3]], [words[4], words[5], words[6], words[7]]];
            self.windows[index].commands.extend(halves);
            self.apply(window);
        }
    }

    /// Applies the commands of a slot; those for GATE wait while too many MASS_CANCELs do.
    fn apply(&mut self, window: Window) {
        while window == Window::Market || self.model.takes_operations() {
            let Some(words) = self.windows[window.index()].commands.pop_front() else { return };
            self.model.set_ring_full(self.rings[Ring::Decisions.index()].free() == 0);
            for (ring, words) in self.model.command(window, words) {
                self.send(ring, words);
            }
        }
    }

    /// Holds the port of egress, or lets messages leave again and what waited for them take effect.
    pub fn hold_egress(&mut self, held: bool) {
        self.model.hold_egress(held);
        for window in Window::ALL {
            self.consume(window);
        }
    }

    /// The messages that left since they were last taken, in their order.
    pub fn take_egress(&mut self) -> impl Iterator<Item = Message> + '_ {
        self.model.take_egress()
    }

    /// The market window waits while a market event that must not be dropped waits.
    fn market_waits(&self, window: Window) -> bool {
        let waiting = &self.rings[Ring::Market.index()].waiting;
        window == Window::Market && waiting.iter().any(|words| !is_bbo(words))
    }

    fn send(&mut self, ring: Ring, words: [u64; 8]) {
        let queue = &mut self.rings[ring.index()];
        if ring == Ring::Market && queue.free() == 0 && is_bbo(&words) {
            let newer = queue.waiting.iter_mut().rev().take_while(|old| is_bbo(old)).find(|old| same_book(old, &words));
            if let Some(old) = newer {
                let replaced = bbo_field("conflated").get(old) + 1;
                *old = words;
                bbo_field("conflated").put(old, replaced);
                self.conflated = self.conflated.wrapping_add(1);
                return;
            }
        }
        queue.waiting.push_back(words);
        self.deliver(ring);
    }

    fn deliver(&mut self, ring: Ring) {
        let queue = &mut self.rings[ring.index()];
        while usize::try_from(queue.producer.wrapping_sub(queue.consumer)).is_ok_and(|held| held < queue.entries()) {
            let Some(mut words) = queue.waiting.pop_front() else { return };
            let entry = queue.producer & ((1 << queue.log2) - 1);
            SEQUENCE.put(&mut words, u64::from(queue.producer));
            PHASE.put(&mut words, u64::from(queue.producer >> queue.log2 & 1 ^ 1));
            self.dma.push_back((queue.base + u64::from(entry) * 64, words));
            queue.producer = queue.producer.wrapping_add(1);
        }
    }

    fn read_known(&self, offset: u32) -> Option<u32> {
        let sizes = self.model.sizes();
        let [hash_low, hash_high] = halves(CONTRACT_HASH);
        let log2 = |value: usize| value.ilog2();
        let fixed = [
            (&register::MAGIC, MAGIC),
            (&register::ABI, u32::from(ABI_MAJOR) << 16 | u32::from(ABI_MINOR)),
            (&register::HASH_LO, hash_low),
            (&register::HASH_HI, hash_high),
            (&register::FEATURES, FEATURES),
            (&register::BUILD, sizes.id),
            (
                &register::SIZE_BOOK,
                number(sizes.venues)
                    | number(sizes.books) << 8
                    | log2(sizes.window_ticks) << 16
                    | width::QUANTITY_BITS << 24,
            ),
            (&register::SIZE_GATE, number(sizes.accounts) | number(sizes.instruments) << 16),
            (
                &register::SIZE_ORDER,
                number(sizes.lanes)
                    | log2(sizes.slots) << 8
                    | log2(sizes.window_slots) << 16
                    | log2(sizes.venue_ledgers) << 24,
            ),
            (&register::CONTROL, if self.model.armed() { control::ARM } else { 0 }),
            (&register::STATUS, self.status()),
            (&register::STAMP_CYCLE_HI, self.stamp[0]),
            (&register::STAMP_TIME_LO, self.stamp[1]),
            (&register::STAMP_TIME_HI, self.stamp[2]),
            (&register::TIME_LO, halves(self.model.time_us())[0]),
            (&register::TIME_HI, halves(self.model.time_us())[1]),
            (&register::WATCHDOG_LO, halves(self.model.watchdog_us())[0]),
            (&register::WATCHDOG_HI, halves(self.model.watchdog_us())[1]),
            (&register::EPOCH, self.model.epoch()),
            (&register::EGRESS_CRC, self.model.egress_crc()),
            (&register::CONSUMED_ORDERS, u32::from(self.windows[0].consumed)),
            (&register::CONSUMED_MARKET, u32::from(self.windows[1].consumed)),
            (&register::CONSUMED_CONTROL, u32::from(self.windows[2].consumed)),
            (&register::COUNT_CONFLATED, self.conflated),
            (&register::ERROR_STATUS, self.error_status),
            (&register::ERROR_ORDERS, self.windows[0].first_error),
            (&register::ERROR_MARKET, self.windows[1].first_error),
            (&register::ERROR_CONTROL, self.windows[2].first_error),
            (&register::DECISIONS_PRODUCER, self.rings[0].producer),
            (&register::MARKET_PRODUCER, self.rings[1].producer),
        ];
        fixed.iter().find(|(register, _)| register.offset == offset).map(|(_, value)| *value)
    }

    fn write_ring(&mut self, ring: Ring, offset: u32, value: u32) {
        let [base_low, base_high, size, consumer, _] = ring_registers(ring);
        let queue = &mut self.rings[ring.index()];
        if offset == base_low.offset {
            queue.base = queue.base >> 32 << 32 | u64::from(value);
        } else if offset == base_high.offset {
            queue.base = u64::from(value) << 32 | queue.base & u64::from(u32::MAX);
        } else if offset == size.offset {
            let waiting = std::mem::take(&mut queue.waiting);
            *queue = RingQueue { base: queue.base, log2: value & 31, waiting, ..Default::default() };
            self.deliver(ring);
        } else if offset == consumer.offset {
            queue.consumer = value;
            self.deliver(ring);
            self.consume(Window::Market);
        }
    }
}

fn bbo_field(name: &str) -> &'static Field {
    Bbo::LAYOUT.fields.iter().find(|field| field.name == name).expect("a field of the contract")
}

fn is_bbo(words: &[u64; 8]) -> bool {
    words[0].to_le_bytes()[0] == Bbo::CODE
}

fn same_book(one: &[u64; 8], other: &[u64; 8]) -> bool {
    bbo_field("book").get(one) == bbo_field("book").get(other)
}

impl Endpoint for ModelEndpoint {
    fn register_read(&mut self, offset: u32) -> u32 {
        if offset == register::STAMP_CYCLE_LO.offset {
            let ([low, high], [time_low, time_high]) = (halves(self.cycles), halves(self.model.time_us()));
            self.stamp = [high, time_low, time_high];
            return low;
        }
        if let Some(value) = self.read_known(offset) {
            return value;
        }
        let register = register::ALL.iter().find(|register| register.offset == offset);
        match register {
            Some(register) if register.name.starts_with("COUNT_") => self.model.counter(register),
            Some(_) => self.registers.get(&offset).copied().unwrap_or(0),
            None => 0,
        }
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        if offset == register::CONTROL.offset {
            if value & control::RESET != 0 {
                self.reset();
            } else {
                self.model.arm(value & control::ARM != 0);
            }
            return;
        }
        let writable = |register: &&Register| register.offset == offset && register.access != register::Access::Read;
        if register::ALL.iter().any(|register| writable(&register)) {
            self.registers.insert(offset, value);
        }
        let below = |low: &Register| {
            let low = self.registers.get(&low.offset).copied().unwrap_or(0);
            u64::from(value & 0xffff) << 32 | u64::from(low)
        };
        let fault = if offset == register::TIME_HI.offset {
            self.model.set_time_us(below(&register::TIME_LO))
        } else if offset == register::WATCHDOG_HI.offset {
            self.model.set_watchdog_us(below(&register::WATCHDOG_LO))
        } else {
            None
        };
        if let Some((ring, words)) = fault {
            self.send(ring, words);
        }
        for ring in Ring::ALL {
            self.write_ring(ring, offset, value);
        }
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        let index = window.index();
        let slots = u16::try_from(self.model.sizes().window_slots).expect("window slots have 16 bits");
        let (arrived, stored) = self.windows[index].slots.entry(slot % slots).or_insert((0, [0; 8]));
        if *arrived & strobe != 0 {
            self.error_status |= 1 << index;
            if !self.halted {
                self.halted = true;
                let (_, words) = self.model.fault(window, Fault::Overrun, 0, [0; 4]);
                self.send(Ring::Decisions, words);
            }
            return;
        }
        *arrived |= strobe;
        for (quadword, word) in words.iter().enumerate().filter(|(quadword, _)| strobe >> quadword & 1 == 1) {
            stored[quadword] = *word;
        }
        self.consume(window);
    }

    fn run(&mut self, cycles: u32) {
        self.cycles += u64::from(cycles);
    }

    fn busy(&self) -> bool {
        false
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        for (address, words) in self.dma.drain(..) {
            sink(address, &words);
        }
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}
