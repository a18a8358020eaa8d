//! A software card of the tiny sizes with one account, one instrument and a bank, as a host drives it.

#![allow(clippy::expect_used, dead_code, reason = "a test support module, of which each test uses a part")]

use crossgate_contract::command::{
    Account, BankBox, BankCollateral, BankLoss, BankMark, BankOffset, BookState, Commit, Halt, Instrument,
    InstrumentLimits, Marks, Read, Slide, VenueLedger,
};
use crossgate_contract::event::Verdict;
use crossgate_contract::register::{self, Register};
use crossgate_contract::table::Table;
use crossgate_contract::window::slot;
use crossgate_contract::{command, sizes, BankResult, Command, Event, Fault, Window};
use crossgate_driver::{BankRows, Endpoint};

/// Both marks of the instrument, native ticks.
pub(crate) const MARK: u32 = 1_000;
const LANES: u8 = 4;

pub(crate) struct Desk {
    card: Box<dyn Endpoint>,
    sequences: [u16; 3],
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with_touch(0)
    }

    /// The instrument's prices are tested against its venue's touch, this many native ticks to one of the book.
    pub(crate) fn with_touch(touch_ticks: u16) -> Self {
        let mut card = crossgate_soft::open(sizes::TINY).expect("a card of a named set");
        for (base, size) in [
            (&register::DECISIONS_BASE_LO, &register::DECISIONS_SIZE),
            (&register::MARKET_BASE_LO, &register::MARKET_SIZE),
        ] {
            card.register_write(base.offset, 0x1_0000);
            card.register_write(size.offset, 10);
        }
        card.register_write(register::CONTROL.offset, register::control::ARM);
        let mut desk = Self { card, sequences: [0; 3] };
        desk.control(Instrument {
            lots_min: 1,
            collar: 100,
            lots_max: 50,
            crossed_max: 2,
            position_cap: 100,
            ..Default::default()
        });
        desk.control(InstrumentLimits { instrument: 0, notional_max: 1 << 20, touch_ticks });
        desk.account(desk.row());
        desk.control(VenueLedger { account: 1, lane_mask: u32::MAX, ..Default::default() });
        desk.market(Slide { base: 256, ..Default::default() });
        desk.market(BookState { enabled: 3, ..Default::default() });
        desk.bank(1, &[]);
        desk
    }

    /// The card, and the next sequence of its orders window.
    pub(crate) fn into_parts(self) -> (Box<dyn Endpoint>, u16) {
        (self.card, self.sequences[Window::Orders.index()])
    }

    /// The row of account 1.
    pub(crate) fn row(&self) -> Account {
        Account { account: 1, lane_mask: u32::MAX, open_orders_max: 4, ..Default::default() }
    }

    pub(crate) fn account(&mut self, row: Account) {
        self.control(row);
    }

    /// Commits a bank with these boxes.
    pub(crate) fn bank(&mut self, epoch: u32, boxes: &[BankBox]) {
        let (mark_buy, mark_sell) = (MARK, MARK);
        let mut rows: Vec<Command> =
            vec![BankMark { epoch, mark_buy, mark_sell, tick_buy: 256, tick_sell: 256, ..Default::default() }.into()];
        rows.push(Marks { epoch }.into());
        for lane in (0..LANES).step_by(2) {
            let (long_0, short_0, long_1, short_1) = (70, -50, -30, 40);
            rows.push(BankLoss { lane, instrument: 0, epoch, long_0, short_0, long_1, short_1 }.into());
        }
        for (ledger, venue) in [(1, false), (0, true)] {
            rows.extend(
                (0..LANES)
                    .map(|lane| Command::from(BankOffset { lane, ledger, epoch, offset: i64::from(lane), venue })),
            );
            let collateral = 1 << 40;
            rows.push(BankCollateral { venue, ledger, epoch, collateral, ..Default::default() }.into());
        }
        rows.extend(boxes.iter().map(|one| Command::from(BankBox { epoch, ..*one })));
        let mut digest = BankRows::new();
        for row in rows {
            digest.add(&row.encode().expect("small values"));
            self.control(row);
        }
        let commit = digest.commit(Commit { epoch, ..Default::default() });
        let events = self.post(Window::Control, commit.into());
        let flipped = |event: &Event| matches!(event, Event::Bank(bank) if bank.result == BankResult::Flipped.code());
        assert!(events.iter().any(flipped), "{events:?}");
    }

    /// Posts a command and takes what it is answered.
    fn post(&mut self, window: Window, command: Command) -> Vec<Event> {
        let sequence = self.sequences[window.index()];
        let words = slot(&command.encode().expect("small values"), &[0; 4], sequence);
        self.card.window_write(window, sequence % 16, &words);
        self.sequences[window.index()] = sequence.wrapping_add(1);
        self.take()
    }

    /// The events that nobody took.
    pub(crate) fn take(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.card.take_dma(&mut |_, words| {
            let mut words = *words;
            words[7] = 0;
            events.push(Event::decode(&words).expect("an event of the contract"));
        });
        for (producer, consumer) in [
            (&register::DECISIONS_PRODUCER, &register::DECISIONS_CONSUMER),
            (&register::MARKET_PRODUCER, &register::MARKET_CONSUMER),
        ] {
            let produced = self.card.register_read(producer.offset);
            self.card.register_write(consumer.offset, produced);
        }
        events
    }

    /// A control command that is answered by nothing.
    pub(crate) fn control(&mut self, command: impl Into<Command>) {
        let command = command.into();
        let events = self.post(Window::Control, command);
        assert!(events.is_empty(), "{command:?}: {events:?}");
    }

    /// A market command that is well-formed.
    pub(crate) fn market(&mut self, command: impl Into<Command>) {
        let command = command.into();
        let events = self.post(Window::Market, command);
        assert!(events.iter().all(|event| matches!(event, Event::Bbo(_))), "{command:?}: {events:?}");
    }

    /// A command of the orders window that takes effect.
    pub(crate) fn orders(&mut self, command: impl Into<Command>) {
        let command = command.into();
        let events = self.post(Window::Orders, command);
        assert!(!events.iter().any(|event| matches!(event, Event::FaultRaised(_))), "{command:?}: {events:?}");
    }

    pub(crate) fn verdict(&mut self, command: impl Into<Command>) -> Verdict {
        match self.post(Window::Orders, command.into())[..] {
            [Event::Verdict(verdict)] => verdict,
            ref other => panic!("{other:?}"),
        }
    }

    pub(crate) fn fault(&mut self, command: impl Into<Command>) -> Fault {
        match self.post(Window::Orders, command.into())[..] {
            [Event::FaultRaised(fault)] => Fault::from_code(fault.code).expect("a fault of the contract"),
            ref other => panic!("{other:?}"),
        }
    }

    /// Ends the halt of account 1.
    pub(crate) fn release(&mut self) {
        self.control(Halt { scope: command::scope::ACCOUNT, index: 1, halted: false });
    }

    pub(crate) fn read(&mut self, table: Table, index: u16, sub: u16) -> [u64; 4] {
        let read = Read { table: table as u8, index, sub, ..Default::default() };
        match self.post(Window::Control, read.into())[..] {
            [Event::ReadData(data)] => [data.word_0, data.word_1, data.word_2, data.word_3],
            ref other => panic!("{other:?}"),
        }
    }

    pub(crate) fn register(&mut self, register: &Register) -> u32 {
        self.card.register_read(register.offset)
    }

    pub(crate) fn time(&mut self, time_us: u32) {
        self.card.register_write(register::TIME_LO.offset, time_us);
        self.card.register_write(register::TIME_HI.offset, 0);
    }

    pub(crate) fn watchdog(&mut self, time_us: u32) {
        self.card.register_write(register::WATCHDOG_LO.offset, time_us);
        self.card.register_write(register::WATCHDOG_HI.offset, 0);
    }
}
