//! [`Answer`]: the words of an event that dispatch itself sends.
//!
//! | port | meaning |
//! |---|---|
//! | `missequenced`, `overrun`, `bad`, `venue` | what is answered, at most one; none means `unknown-command` |
//! | `command` | the words of the command |
//! | `words` | words 0 to 5 of the event |
//!
//! Combinational.

use super::constant;
use crate::int::{unsigned_cast, U};
use crate::leaf::field;
use crossgate_contract::command::Read;
use crossgate_contract::event::{FaultRaised, ReadData};
use crossgate_contract::{Event, Fault, Window};
use rust_hdl_core::prelude::*;

/// Words of a fault or of READ_DATA of the venue table.
#[derive(LogicBlock)]
pub struct Answer {
    /// The window is halted by a wrong sequence number.
    pub missequenced: Signal<In, Bit>,
    /// The window is halted by an overrun.
    pub overrun: Signal<In, Bit>,
    /// A field is out of range.
    pub bad: Signal<In, Bit>,
    /// READ of the venue table.
    pub venue: Signal<In, Bit>,
    /// Words of the command.
    pub command: [Signal<In, U<64>>; 4],
    /// Sequence number expected.
    pub expected: Signal<In, U<16>>,
    /// Sequence number received.
    pub received: Signal<In, U<16>>,
    /// Time of the venue's last HEARTBEAT.
    pub time_us: Signal<In, U<48>>,
    /// Words 0 to 5 of the event.
    pub words: [Signal<Out, U<64>>; 6],
    expected_wide: Signal<Local, U<64>>,
    received_wide: Signal<Local, U<64>>,
    inactive: Signal<Local, U<1>>,
    inactive_wide: Signal<Local, U<64>>,
    indices: Signal<Local, U<32>>,
    indices_wide: Signal<Local, U<64>>,
    unknown_base: Constant<U<64>>,
    bad_base: Constant<U<64>>,
    missequenced_base: Constant<U<64>>,
    overrun_base: Constant<U<64>>,
    read_base: Constant<U<64>>,
    expected_shift: Constant<U<6>>,
    received_shift: Constant<U<6>>,
    inactive_lsb: Constant<U<6>>,
    inactive_shift: Constant<U<6>>,
    indices_lsb: Constant<U<6>>,
    indices_shift: Constant<U<6>>,
    zero: Constant<U<64>>,
}

impl Answer {
    /// Answers for commands of this window.
    ///
    /// # Panics
    /// If the layouts of the contract have moved so that the words no longer fit: a broken build.
    pub fn new(window: Window) -> Self {
        let base = |event: Event| event.encode().map_or(0, |words| words[0]);
        let fault = |fault: Fault| {
            constant(base(FaultRaised { code: fault.code(), window: window as u8, ..Default::default() }.into()))
        };
        let lsb = |field: &crossgate_contract::Field, word: usize, width: u32| {
            assert_eq!((field.word, field.width), (word, width), "{}", field.name);
            u64::from(field.lsb)
        };
        let detail = lsb(field(&FaultRaised::LAYOUT, "detail"), 0, 32);
        let index = lsb(field(&Read::LAYOUT, "index"), 0, 16);
        let shown = lsb(field(&ReadData::LAYOUT, "index"), 0, 16);
        assert_eq!(lsb(field(&Read::LAYOUT, "sub"), 0, 16), index + 16, "both indices move together");
        assert_eq!(lsb(field(&ReadData::LAYOUT, "sub"), 0, 16), shown + 16, "both indices move together");
        assert_eq!((lsb(field(&Read::LAYOUT, "tag"), 1, 64), lsb(field(&ReadData::LAYOUT, "tag"), 5, 64)), (0, 0));
        let table = crossgate_contract::table::Table::Venue as u8;
        Self {
            missequenced: Default::default(),
            overrun: Default::default(),
            bad: Default::default(),
            venue: Default::default(),
            command: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            time_us: Default::default(),
            words: Default::default(),
            expected_wide: Default::default(),
            received_wide: Default::default(),
            inactive: Default::default(),
            inactive_wide: Default::default(),
            indices: Default::default(),
            indices_wide: Default::default(),
            unknown_base: fault(Fault::UnknownCommand),
            bad_base: fault(Fault::BadField),
            missequenced_base: fault(Fault::Sequence),
            overrun_base: fault(Fault::Overrun),
            read_base: constant(base(ReadData { table, ..Default::default() }.into())),
            expected_shift: constant(detail),
            received_shift: constant(detail + 16),
            inactive_lsb: constant(lsb(field(&Read::LAYOUT, "inactive"), 0, 1)),
            inactive_shift: constant(lsb(field(&ReadData::LAYOUT, "inactive"), 0, 1)),
            indices_lsb: constant(index),
            indices_shift: constant(shown),
            zero: constant(0),
        }
    }
}

impl Logic for Answer {
    #[hdl_gen]
    fn update(&mut self) {
        self.expected_wide.next = unsigned_cast::<64, 16>(self.expected.val());
        self.received_wide.next = unsigned_cast::<64, 16>(self.received.val());
        self.inactive.next = self.command[0].val().get_bits::<1>(self.inactive_lsb.val().index());
        self.inactive_wide.next = unsigned_cast::<64, 1>(self.inactive.val());
        self.indices.next = self.command[0].val().get_bits::<32>(self.indices_lsb.val().index());
        self.indices_wide.next = unsigned_cast::<64, 32>(self.indices.val());
        self.words[0].next = self.unknown_base.val();
        for i in 0..4 {
            self.words[i + 1].next = self.command[i].val();
        }
        self.words[5].next = self.zero.val();
        if self.bad.val() {
            self.words[0].next = self.bad_base.val();
        }
        if self.missequenced.val() | self.overrun.val() {
            self.words[0].next = self.overrun_base.val();
            for i in 0..4 {
                self.words[i + 1].next = self.zero.val();
            }
        }
        if self.missequenced.val() {
            self.words[0].next = self.missequenced_base.val()
                | (self.expected_wide.val() << self.expected_shift.val())
                | (self.received_wide.val() << self.received_shift.val());
        }
        if self.venue.val() {
            self.words[0].next = self.read_base.val()
                | (self.inactive_wide.val() << self.inactive_shift.val())
                | (self.indices_wide.val() << self.indices_shift.val());
            self.words[1].next = unsigned_cast::<64, 48>(self.time_us.val());
            for i in 2..5 {
                self.words[i].next = self.zero.val();
            }
            self.words[5].next = self.command[1].val();
        }
    }
}
