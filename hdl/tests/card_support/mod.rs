//! A host at the pins of a card: windows, registers, rings in memory.
#![allow(dead_code)] // each test crate uses its part

use crossgate_contract::command::{
    self, Account, BankCollateral, BankLoss, BankMark, BankOffset, BookState, Command, Commit, Instrument,
    InstrumentLimits, Marks, Slide, VenueLedger,
};
use crossgate_contract::event::{Ring, FUNCTIONAL, PHASE, SEQUENCE};
use crossgate_contract::register::{self, Register};
use crossgate_contract::window::slot;
use crossgate_contract::{Sizes, Window};
use crossgate_driver::BankRows;
use crossgate_hdl::card;
use crossgate_hdl::pins::{Beat, Inputs, Outputs, Pins};

/// Bus addresses of the two rings.
pub(crate) const BASES: [u64; 2] = [0x1_0000_0000, 0x2_0000_0000];

/// One event as the host got it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Received {
    pub(crate) ring: usize,
    pub(crate) words: [u64; 8],
    /// Clock in which the event was first offered on the pins.
    pub(crate) clock: u64,
}

/// A card and its host.
pub(crate) struct Host {
    pub(crate) card: Box<dyn Pins>,
    pub(crate) clock: u64,
    pub(crate) sequence: [u16; 3],
    pub(crate) events: Vec<Received>,
    pub(crate) dma_ready: bool,
    /// The egress port takes nothing.
    pub(crate) egress_held: bool,
    /// Messages that left.
    pub(crate) sent: Vec<[u64; 4]>,
    window_slots: u16,
    log2: [u32; 2],
    taken: [u32; 2],
    last: Outputs,
    offered_since: u64,
}

impl Host {
    /// A card of this set after power-up and RESET, both rings of `2^log2` entries.
    pub(crate) fn new(sizes: &Sizes, log2: u32) -> Self {
        Self::with(card::native(sizes).expect("the set has a card"), sizes, log2)
    }

    pub(crate) fn with(card: Box<dyn Pins>, sizes: &Sizes, log2: u32) -> Self {
        let mut host = Self {
            card,
            clock: 0,
            sequence: [0; 3],
            events: Vec::new(),
            dma_ready: true,
            egress_held: false,
            sent: Vec::new(),
            window_slots: u16::try_from(sizes.window_slots).expect("fits"),
            log2: [log2; 2],
            taken: [0; 2],
            last: Outputs::default(),
            offered_since: 0,
        };
        host.reset();
        host
    }

    /// RESET, then waits until the card is ready and opens the rings.
    pub(crate) fn reset(&mut self) {
        self.write(register::CONTROL, register::control::RESET);
        let deadline = self.clock + 50_000;
        while self.read(register::STATUS) & register::status::READY == 0 {
            assert!(self.clock < deadline, "the card does not become ready");
        }
        self.sequence = [0; 3];
        self.taken = [0; 2];
        self.events.clear();
        for (ring, [low, high, size]) in [
            [register::DECISIONS_BASE_LO, register::DECISIONS_BASE_HI, register::DECISIONS_SIZE],
            [register::MARKET_BASE_LO, register::MARKET_BASE_HI, register::MARKET_SIZE],
        ]
        .into_iter()
        .enumerate()
        {
            self.write(low, u32::try_from(BASES[ring] & 0xffff_ffff).expect("fits"));
            self.write(high, u32::try_from(BASES[ring] >> 32).expect("fits"));
            self.write(size, self.log2[ring]);
        }
        self.idle(2);
    }

    pub(crate) fn step(&mut self, mut inputs: Inputs) {
        inputs.dma_ready = self.dma_ready;
        inputs.egress_held = self.egress_held;
        self.sent.extend(self.last.egress.filter(|_| !self.egress_held));
        if let (Some((address, words)), true) = (self.last.dma, self.dma_ready) {
            let ring = usize::from(address >= BASES[1]);
            let entries = 1u32 << self.log2[ring];
            assert_eq!(address - BASES[ring], u64::from(self.taken[ring] % entries) * 64, "address of the entry");
            assert_eq!(SEQUENCE.get(&words), u64::from(self.taken[ring]), "number of the event");
            assert_eq!(PHASE.get(&words), u64::from(((self.taken[ring] / entries) & 1) ^ 1), "phase");
            self.taken[ring] += 1;
            self.events.push(Received { ring, words, clock: self.offered_since });
        }
        let held = self.last.dma.is_some() && !self.dma_ready;
        let before = self.last.dma;
        self.last = self.card.clock(&inputs);
        self.clock += 1;
        if held {
            assert_eq!(self.last.dma, before, "an offered event stays");
        } else {
            self.offered_since = self.clock;
        }
    }

    pub(crate) fn idle(&mut self, clocks: usize) {
        for _ in 0..clocks {
            self.step(Inputs::default());
        }
    }

    pub(crate) fn busy(&self) -> bool {
        self.last.busy
    }

    /// Runs, telling the card what was consumed, until nothing is in flight.
    pub(crate) fn settle(&mut self) {
        let deadline = self.clock + 20_000;
        self.idle(4);
        while self.busy() {
            assert!(self.clock < deadline, "the card stays busy");
            self.consume();
            self.idle(4);
        }
        self.consume();
    }

    pub(crate) fn consume(&mut self) {
        self.write(register::DECISIONS_CONSUMER, self.taken[0]);
        self.write(register::MARKET_CONSUMER, self.taken[1]);
    }

    pub(crate) fn write(&mut self, register: Register, value: u32) {
        self.step(Inputs { register_write: Some((register.offset, value)), ..Default::default() });
    }

    pub(crate) fn read(&mut self, register: Register) -> u32 {
        self.step(Inputs { register_read: Some(register.offset), ..Default::default() });
        self.step(Inputs::default());
        self.last.register_data
    }

    pub(crate) fn beat(&mut self, window: Window, slot: u16, strobe: u8, words: [u64; 8]) {
        self.step(Inputs { beat: Some(Beat { window, slot, strobe, words }), ..Default::default() });
    }

    /// Sends a slot as one beat without looking whether the window has room.
    pub(crate) fn send(&mut self, window: Window, first: [u64; 4], second: [u64; 4]) {
        let sequence = self.sequence[window.index()];
        self.sequence[window.index()] = sequence.wrapping_add(1);
        self.beat(window, sequence % self.window_slots, 0xff, slot(&first, &second, sequence));
    }

    /// Sends commands two to a slot and waits until they have settled.
    pub(crate) fn run(&mut self, window: Window, commands: &[Command]) {
        for pair in commands.chunks(2) {
            self.send(window, encode(pair[0]), pair.get(1).copied().map_or([0; 4], encode));
            self.settle();
        }
    }

    /// Events of a ring so far, without what depends on timing.
    pub(crate) fn functional(&self, ring: Ring) -> Vec<[u64; 8]> {
        let events = self.events.iter().filter(|event| event.ring == ring.index());
        events.map(|event| mask(event.words)).collect()
    }
}

pub(crate) fn mask(words: [u64; 8]) -> [u64; 8] {
    std::array::from_fn(|word| words[word] & FUNCTIONAL[word])
}

pub(crate) fn encode(command: impl Into<Command>) -> [u64; 4] {
    command.into().encode().expect("fields fit")
}

/// Commands that make account 1 able to trade instruments 0 to 3, epoch 1.
pub(crate) fn tradable(sizes: &Sizes) -> Vec<Command> {
    let mut commands = vec![
        Command::from(Account { account: 1, lane_mask: 3, open_orders_max: 1 << 10, ..Default::default() }),
        VenueLedger { venue: 0, account: 1, ledger: 1, lane_mask: 3 }.into(),
    ];
    let instruments = 0..4u16;
    for instrument in instruments.clone() {
        commands.push(
            Instrument {
                instrument,
                lots_min: 1,
                lots_max: 1 << 20,
                collar: 1_000,
                position_cap: 1 << 30,
                ..Default::default()
            }
            .into(),
        );
        commands.push(InstrumentLimits { instrument, notional_max: u64::MAX, touch_ticks: 0 }.into());
        let (mark_buy, mark_sell) = (1_000, 1_010);
        let row = BankMark { instrument, epoch: 1, mark_buy, mark_sell, tick_buy: 256, tick_sell: 256, exponent: 0 };
        commands.push(row.into());
    }
    commands.push(Marks { epoch: 1 }.into());
    for instrument in instruments {
        for lane in (0..u8::try_from(sizes.lanes).expect("fits")).step_by(2) {
            let loss = BankLoss { lane, instrument, epoch: 1, long_0: 10, short_0: 10, long_1: 5, short_1: 7 };
            commands.push(loss.into());
        }
    }
    commands.extend(ledger_rows(sizes, 1, 1));
    committed(commands, 1)
}

/// Rows of a pool ledger and of the venue ledger of the same number: offsets of 0 in every lane, collateral for anything.
pub(crate) fn ledger_rows(sizes: &Sizes, ledger: u16, epoch: u32) -> Vec<Command> {
    let lanes = u8::try_from(sizes.lanes).expect("fits");
    let mut rows = Vec::new();
    for venue in [false, true] {
        rows.extend((0..lanes).map(|lane| Command::from(BankOffset { lane, ledger, epoch, venue, offset: 0 })));
        rows.push(BankCollateral { venue, ledger, epoch, collateral: 1 << 40, ..Default::default() }.into());
    }
    rows
}

/// The commands, and behind them a COMMIT of the bank rows among them.
pub(crate) fn committed(mut commands: Vec<Command>, epoch: u32) -> Vec<Command> {
    let mut rows = BankRows::new();
    commands.iter().for_each(|command| rows.add(&encode(*command)));
    commands.push(rows.commit(Commit { epoch, ..Default::default() }).into());
    commands
}

/// Commands that open every book at a base of 1,024 with every venue.
pub(crate) fn open_books(sizes: &Sizes) -> Vec<Command> {
    let enabled = u16::try_from((1u32 << sizes.venues) - 1).expect("fits");
    let books = 0..u8::try_from(sizes.books).expect("fits");
    let mut commands: Vec<Command> =
        books.clone().map(|book| Slide { book, base: 1_024, ..Default::default() }.into()).collect();
    commands.extend(books.map(|book| Command::from(BookState { book, enabled, ..Default::default() })));
    commands
}

/// No operation.
pub(crate) fn nop() -> [u64; 4] {
    encode(command::Nop {})
}
