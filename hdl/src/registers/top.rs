//! [`Registers`]: the four groups behind one read and one write port.
//!
//! | port | meaning |
//! |---|---|
//! | `write_valid`, `write_offset`, `write_data` | pins: a register write; in force in the next cycle |
//! | `read_valid`, `read_offset`, `read_data` | pins: a register read; the data follows in the next cycle but one |
//! | the others | as in the groups |
//!
//! ```text
//! clock        _/0\_/1\_/2\_
//! read_offset  <  a>________
//! read_data    ________<[a]>
//! ```

use super::{Control, Counters, Identity, RingControl, OFFSET_BITS};
use crate::int::U;
use crate::sim::Clocked;
use crossgate_contract::event::Ring;
use crossgate_contract::{width, Sizes};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const CYCLE: usize = width::CYCLE_BITS as usize;

/// BAR0.
#[derive(LogicBlock)]
pub struct Registers {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A write is on the pins.
    pub write_valid: Signal<In, Bit>,
    /// Its offset.
    pub write_offset: Signal<In, U<OFFSET_BITS>>,
    /// Its data.
    pub write_data: Signal<In, U<32>>,
    /// A read is on the pins.
    pub read_valid: Signal<In, Bit>,
    /// Its offset.
    pub read_offset: Signal<In, U<OFFSET_BITS>>,
    /// Data of the read two clocks ago.
    pub read_data: Signal<Out, U<32>>,
    /// Every block is scrubbed.
    pub ready: Signal<In, Bit>,
    /// A global halt is in force, or a window overran.
    pub halted: Signal<In, Bit>,
    /// The active bank.
    pub bank: Signal<In, Bit>,
    /// A sweep runs.
    pub sweeping: Signal<In, Bit>,
    /// A command or event is in flight.
    pub busy: Signal<In, Bit>,
    /// Windows that are halted.
    pub window_halted: Signal<In, U<3>>,
    /// The active epoch.
    pub epoch: Signal<In, U<32>>,
    /// CRC of all messages that entered the egress queue.
    pub egress_crc: Signal<In, U<32>>,
    /// Slots consumed of the three windows.
    pub consumed: [Signal<In, U<16>>; 3],
    /// Windows that overran.
    pub overrun: Signal<In, U<3>>,
    /// Windows with a wrong sequence.
    pub missequenced: Signal<In, U<3>>,
    /// Sequence expected at the first error of the three windows.
    pub expected: [Signal<In, U<16>>; 3],
    /// Sequence received at the first error of the three windows.
    pub received: [Signal<In, U<16>>; 3],
    /// Count: a command is taken from the windows, bit by window.
    pub commands: Signal<In, U<3>>,
    /// Count: a fault event.
    pub faults: Signal<In, Bit>,
    /// Count: an order is accepted.
    pub accepted: Signal<In, Bit>,
    /// Count: an order is rejected.
    pub rejected: Signal<In, Bit>,
    /// Count: a FILL added lots.
    pub fills: Signal<In, Bit>,
    /// Count: a LEVEL inside the window.
    pub levels: Signal<In, Bit>,
    /// Count: a LEVEL outside the window.
    pub levels_outside: Signal<In, Bit>,
    /// Count: a BBO changed.
    pub bbo: Signal<In, Bit>,
    /// Count: a BBO was replaced before it left.
    pub conflated: Signal<In, Bit>,
    /// Count: a message entered the egress queue.
    pub egress: Signal<In, Bit>,
    /// Events of the decision ring handed to the bus.
    pub decisions_producer: Signal<In, U<32>>,
    /// Events of the market ring handed to the bus.
    pub market_producer: Signal<In, U<32>>,
    /// Start to scrub.
    pub reset: Signal<Out, Bit>,
    /// Orders are decided.
    pub armed: Signal<Out, Bit>,
    /// Card time, microseconds.
    pub card_time: Signal<Out, U<48>>,
    /// For one clock: card time has come to WATCHDOG.
    pub fired: Signal<Out, Bit>,
    /// Cycles since power-up.
    pub cycle: Signal<Out, U<CYCLE>>,
    /// Decision ring: bus address.
    pub decisions_base: Signal<Out, U<64>>,
    /// Decision ring: log2 of entries.
    pub decisions_size: Signal<Out, U<5>>,
    /// Decision ring: events consumed.
    pub decisions_consumer: Signal<Out, U<32>>,
    /// Decision ring: begin anew.
    pub decisions_restart: Signal<Out, Bit>,
    /// Market ring: bus address.
    pub market_base: Signal<Out, U<64>>,
    /// Market ring: log2 of entries.
    pub market_size: Signal<Out, U<5>>,
    /// Market ring: events consumed.
    pub market_consumer: Signal<Out, U<32>>,
    /// Market ring: begin anew.
    pub market_restart: Signal<Out, Bit>,
    identity: Identity,
    control: Control,
    counters: Counters,
    decisions: RingControl,
    market: RingControl,
    data_reg: DFF<U<32>>,
}

impl Registers {
    /// The registers of a build.
    pub fn new(sizes: &Sizes) -> Self {
        Self {
            clock: Default::default(),
            write_valid: Default::default(),
            write_offset: Default::default(),
            write_data: Default::default(),
            read_valid: Default::default(),
            read_offset: Default::default(),
            read_data: Default::default(),
            ready: Default::default(),
            halted: Default::default(),
            bank: Default::default(),
            sweeping: Default::default(),
            busy: Default::default(),
            window_halted: Default::default(),
            epoch: Default::default(),
            egress_crc: Default::default(),
            consumed: Default::default(),
            overrun: Default::default(),
            missequenced: Default::default(),
            expected: Default::default(),
            received: Default::default(),
            commands: Default::default(),
            faults: Default::default(),
            accepted: Default::default(),
            rejected: Default::default(),
            fills: Default::default(),
            levels: Default::default(),
            levels_outside: Default::default(),
            bbo: Default::default(),
            conflated: Default::default(),
            egress: Default::default(),
            decisions_producer: Default::default(),
            market_producer: Default::default(),
            reset: Default::default(),
            armed: Default::default(),
            card_time: Default::default(),
            fired: Default::default(),
            cycle: Default::default(),
            decisions_base: Default::default(),
            decisions_size: Default::default(),
            decisions_consumer: Default::default(),
            decisions_restart: Default::default(),
            market_base: Default::default(),
            market_size: Default::default(),
            market_consumer: Default::default(),
            market_restart: Default::default(),
            identity: Identity::new(sizes),
            control: Default::default(),
            counters: Default::default(),
            decisions: RingControl::new(Ring::Decisions),
            market: RingControl::new(Ring::Market),
            data_reg: Default::default(),
        }
    }
}

impl Logic for Registers {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, data_reg);
        clock!(self, clock, identity, control, counters, decisions, market);

        // Reads and writes.
        self.control.write_valid.next = self.write_valid.val();
        self.control.write_offset.next = self.write_offset.val();
        self.control.write_data.next = self.write_data.val();
        self.decisions.write_valid.next = self.write_valid.val();
        self.decisions.write_offset.next = self.write_offset.val();
        self.decisions.write_data.next = self.write_data.val();
        self.market.write_valid.next = self.write_valid.val();
        self.market.write_offset.next = self.write_offset.val();
        self.market.write_data.next = self.write_data.val();
        self.control.read_valid.next = self.read_valid.val();
        self.control.read_offset.next = self.read_offset.val();
        self.identity.read_offset.next = self.read_offset.val();
        self.counters.read_offset.next = self.read_offset.val();
        self.decisions.read_offset.next = self.read_offset.val();
        self.market.read_offset.next = self.read_offset.val();
        self.data_reg.d.next = self.identity.read_data.val()
            | self.control.read_data.val()
            | self.counters.read_data.val()
            | self.decisions.read_data.val()
            | self.market.read_data.val();
        self.read_data.next = self.data_reg.q.val();

        // RESET.
        self.counters.reset.next = self.control.reset_write.val() | !self.ready.val();
        self.decisions.reset.next = self.control.reset_write.val();
        self.market.reset.next = self.control.reset_write.val();
        self.reset.next = self.control.reset.val();

        // Status.
        self.control.ready.next = self.ready.val() & !self.control.reset.val();
        self.control.halted.next = self.halted.val();
        self.control.bank.next = self.bank.val();
        self.control.sweeping.next = self.sweeping.val();
        self.control.busy.next = self.busy.val();
        self.control.window_halted.next = self.window_halted.val();
        self.control.epoch.next = self.epoch.val();
        self.control.egress_crc.next = self.egress_crc.val();
        self.control.overrun.next = self.overrun.val();
        self.control.missequenced.next = self.missequenced.val();
        for i in 0..3 {
            self.control.consumed[i].next = self.consumed[i].val();
            self.control.expected[i].next = self.expected[i].val();
            self.control.received[i].next = self.received[i].val();
        }
        self.armed.next = self.control.armed.val();
        self.card_time.next = self.control.card_time.val();
        self.fired.next = self.control.fired.val();
        self.cycle.next = self.control.cycle.val();

        // Counters.
        self.counters.commands_orders.next = self.commands.val().get_bit(0);
        self.counters.commands_market.next = self.commands.val().get_bit(1);
        self.counters.commands_control.next = self.commands.val().get_bit(2);
        self.counters.faults.next = self.faults.val();
        self.counters.accepted.next = self.accepted.val();
        self.counters.rejected.next = self.rejected.val();
        self.counters.fills.next = self.fills.val();
        self.counters.levels.next = self.levels.val();
        self.counters.levels_outside.next = self.levels_outside.val();
        self.counters.bbo.next = self.bbo.val();
        self.counters.conflated.next = self.conflated.val();
        self.counters.egress.next = self.egress.val();

        // Rings.
        self.decisions.producer.next = self.decisions_producer.val();
        self.decisions_base.next = self.decisions.base.val();
        self.decisions_size.next = self.decisions.size.val();
        self.decisions_consumer.next = self.decisions.consumer.val();
        self.decisions_restart.next = self.decisions.restart.val();
        self.market.producer.next = self.market_producer.val();
        self.market_base.next = self.market.base.val();
        self.market_size.next = self.market.size.val();
        self.market_consumer.next = self.market.consumer.val();
        self.market_restart.next = self.market.restart.val();
    }
}

impl Clocked for Registers {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
