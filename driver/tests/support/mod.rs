//! A card that does just enough to talk to: identity, windows, rings, FENCE_DONE for every FENCE and a VERDICT for
//! every ORDER.

#![allow(clippy::unwrap_used, dead_code, reason = "a test support module, of which each test uses a part")]

use crossgate_contract::command::{Fence, Order};
use crossgate_contract::event::{FenceDone, Ring, Verdict, PHASE, SEQUENCE};
use crossgate_contract::register::{self, control, status, Register};
use crossgate_contract::{sizes, width, Command, Event, Window, ABI_MAJOR, CONTRACT_HASH, MAGIC};
use crossgate_driver::Endpoint;

/// Registers as words, and a queue of DMA writes with room for a long test, so that the card itself allocates nothing.
pub(crate) struct FakeCard {
    pub(crate) registers: Vec<u32>,
    /// Slots wait here while the card stalls.
    pub(crate) stalled: bool,
    /// Answers all ones to everything.
    pub(crate) gone: bool,
    /// Added to the number of the next event.
    pub(crate) skip: u32,
    pub(crate) slots: Vec<(Window, u16, [u64; 8])>,
    pub(crate) writes: Vec<(u32, u32)>,
    dma: Vec<(u64, [u64; 8])>,
    produced: [u32; 2],
}

fn index(register: &Register) -> usize {
    usize::try_from(register.offset / 4).unwrap()
}

impl FakeCard {
    pub(crate) fn new() -> Self {
        let mut card = Self {
            registers: vec![0; usize::try_from(register::BAR0_BYTES / 4).unwrap()],
            stalled: false,
            gone: false,
            skip: 0,
            slots: Vec::with_capacity(1 << 16),
            writes: Vec::with_capacity(1 << 16),
            dma: Vec::with_capacity(1 << 10),
            produced: [0; 2],
        };
        let desk = sizes::DESK;
        let byte = |value: usize| u32::try_from(value).unwrap();
        card.set(&register::MAGIC, MAGIC);
        card.set(&register::ABI, u32::from(ABI_MAJOR) << 16);
        card.set(&register::HASH_LO, u32::try_from(CONTRACT_HASH & 0xffff_ffff).unwrap());
        card.set(&register::HASH_HI, u32::try_from(CONTRACT_HASH >> 32).unwrap());
        card.set(&register::BUILD, desk.id);
        card.set(
            &register::SIZE_BOOK,
            byte(desk.venues) | byte(desk.books) << 8 | desk.window_ticks.ilog2() << 16 | width::QUANTITY_BITS << 24,
        );
        card.set(&register::SIZE_GATE, byte(desk.accounts) | byte(desk.instruments) << 16);
        let slots = desk.slots.ilog2() << 8 | desk.window_slots.ilog2() << 16;
        card.set(&register::SIZE_ORDER, byte(desk.lanes) | slots | desk.venue_ledgers.ilog2() << 24);
        card.set(&register::STATUS, status::READY);
        card
    }

    pub(crate) fn set(&mut self, register: &Register, value: u32) {
        self.registers[index(register)] = value;
    }

    pub(crate) fn get(&self, register: &Register) -> u32 {
        self.registers[index(register)]
    }

    pub(crate) fn emit(&mut self, ring: Ring, event: Event) {
        let (low, high, size) = match ring {
            Ring::Decisions => (&register::DECISIONS_BASE_LO, &register::DECISIONS_BASE_HI, &register::DECISIONS_SIZE),
            Ring::Market => (&register::MARKET_BASE_LO, &register::MARKET_BASE_HI, &register::MARKET_SIZE),
        };
        let base = u64::from(self.get(high)) << 32 | u64::from(self.get(low));
        let log2 = self.get(size);
        let number = self.produced[ring.index()];
        self.produced[ring.index()] += 1;
        let mut words = event.encode().unwrap();
        SEQUENCE.put(&mut words, u64::from(number + self.skip));
        PHASE.put(&mut words, u64::from(number >> log2 & 1 ^ 1));
        self.dma.push((base + u64::from(number & ((1 << log2) - 1)) * 64, words));
    }

    pub(crate) fn write_dma(&mut self, address: u64) {
        self.dma.push((address, [0; 8]));
    }

    fn command(&mut self, window: Window, words: &[u64]) {
        let Ok(command) = Command::decode(&[words[0], words[1], words[2], words[3]]) else { return };
        let ring = if window == Window::Market { Ring::Market } else { Ring::Decisions };
        match command {
            Command::Fence(Fence { tag }) => self.emit(ring, FenceDone { window: window as u8, tag }.into()),
            Command::Order(Order { tag, .. }) => self.emit(ring, Verdict { tag, ..Default::default() }.into()),
            _ => {}
        }
    }
}

impl Endpoint for FakeCard {
    fn register_read(&mut self, offset: u32) -> u32 {
        if self.gone {
            return u32::MAX;
        }
        self.registers[usize::try_from(offset / 4).unwrap()]
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        self.writes.push((offset, value));
        if offset == register::CONTROL.offset && value & control::RESET != 0 {
            self.produced = [0; 2];
            return;
        }
        self.registers[usize::try_from(offset / 4).unwrap()] = value;
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        assert_eq!(strobe, 0xff, "the driver posts whole slots");
        if self.gone {
            return;
        }
        self.slots.push((window, slot, *words));
        if self.stalled {
            return;
        }
        let consumed = match window {
            Window::Orders => &register::CONSUMED_ORDERS,
            Window::Market => &register::CONSUMED_MARKET,
            Window::Control => &register::CONSUMED_CONTROL,
        };
        let count = (self.get(consumed) + 1) & 0xffff;
        self.set(consumed, count);
        self.command(window, &words[..4]);
        self.command(window, &words[4..]);
    }

    fn run(&mut self, _cycles: u32) {}

    fn busy(&self) -> bool {
        false
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        for (address, words) in self.dma.drain(..) {
            sink(address, &words);
        }
    }

    fn cycles(&self) -> u64 {
        0
    }
}
