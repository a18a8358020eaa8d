//! [`Counters`]: the 32-bit event counters.
//!
//! | port | meaning |
//! |---|---|
//! | one input a counter | count in this clock |
//! | `reset` | all counters become 0; held until the card is ready |
//! | `read_offset`, `read_data` | offset on the pins; the count before this clock, or 0 |
//!
//! Latency: 1 clock.

use super::{offset, OFFSET_BITS};
use crate::int::U;
use crossgate_contract::register::{self, Register};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const WORDS: usize = 12;

/// The counters in the order of their inputs.
pub const COUNTERS: [Register; WORDS] = [
    register::COUNT_COMMANDS_ORDERS,
    register::COUNT_COMMANDS_MARKET,
    register::COUNT_COMMANDS_CONTROL,
    register::COUNT_FAULTS,
    register::COUNT_ACCEPTED,
    register::COUNT_REJECTED,
    register::COUNT_FILLS,
    register::COUNT_LEVELS,
    register::COUNT_LEVELS_OUTSIDE,
    register::COUNT_BBO,
    register::COUNT_CONFLATED,
    register::COUNT_EGRESS,
];

/// The counters.
#[derive(LogicBlock)]
pub struct Counters {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// All counters become 0.
    pub reset: Signal<In, Bit>,
    /// A command is taken from the orders window.
    pub commands_orders: Signal<In, Bit>,
    /// A command is taken from the market window.
    pub commands_market: Signal<In, Bit>,
    /// A command is taken from the control window.
    pub commands_control: Signal<In, Bit>,
    /// A fault event.
    pub faults: Signal<In, Bit>,
    /// An order is accepted.
    pub accepted: Signal<In, Bit>,
    /// An order is rejected.
    pub rejected: Signal<In, Bit>,
    /// A FILL added lots.
    pub fills: Signal<In, Bit>,
    /// A LEVEL inside the window.
    pub levels: Signal<In, Bit>,
    /// A LEVEL outside the window.
    pub levels_outside: Signal<In, Bit>,
    /// A BBO changed.
    pub bbo: Signal<In, Bit>,
    /// A BBO was replaced before it left.
    pub conflated: Signal<In, Bit>,
    /// A message entered the egress queue.
    pub egress: Signal<In, Bit>,
    /// Offset on the pins.
    pub read_offset: Signal<In, U<OFFSET_BITS>>,
    /// The count, or 0.
    pub read_data: Signal<Out, U<32>>,
    data_reg: DFF<U<32>>,
    count_reg: [DFF<U<32>>; WORDS],
    pulse: [Signal<Local, Bit>; WORDS],
    offsets: [Constant<U<OFFSET_BITS>>; WORDS],
    zero: Constant<U<32>>,
    one: Constant<U<32>>,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            reset: Default::default(),
            commands_orders: Default::default(),
            commands_market: Default::default(),
            commands_control: Default::default(),
            faults: Default::default(),
            accepted: Default::default(),
            rejected: Default::default(),
            fills: Default::default(),
            levels: Default::default(),
            levels_outside: Default::default(),
            bbo: Default::default(),
            conflated: Default::default(),
            egress: Default::default(),
            read_offset: Default::default(),
            read_data: Default::default(),
            data_reg: Default::default(),
            count_reg: Default::default(),
            pulse: Default::default(),
            offsets: COUNTERS.map(offset),
            zero: Constant::new(U::new(0)),
            one: Constant::new(U::new(1)),
        }
    }
}

impl Logic for Counters {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, data_reg);
        self.pulse[0].next = self.commands_orders.val();
        self.pulse[1].next = self.commands_market.val();
        self.pulse[2].next = self.commands_control.val();
        self.pulse[3].next = self.faults.val();
        self.pulse[4].next = self.accepted.val();
        self.pulse[5].next = self.rejected.val();
        self.pulse[6].next = self.fills.val();
        self.pulse[7].next = self.levels.val();
        self.pulse[8].next = self.levels_outside.val();
        self.pulse[9].next = self.bbo.val();
        self.pulse[10].next = self.conflated.val();
        self.pulse[11].next = self.egress.val();
        self.data_reg.d.next = self.zero.val();
        for i in 0..WORDS {
            self.count_reg[i].clock.next = self.clock.val();
            self.count_reg[i].d.next = self.count_reg[i].q.val();
            if self.pulse[i].val() {
                self.count_reg[i].d.next = self.count_reg[i].q.val() + self.one.val();
            }
            if self.reset.val() {
                self.count_reg[i].d.next = self.zero.val();
            }
            if self.read_offset.val() == self.offsets[i].val() {
                self.data_reg.d.next = self.count_reg[i].q.val();
            }
        }
        self.read_data.next = self.data_reg.q.val();
    }
}
