//! [`Control`]: RESET and ARM, status, card time and watchdog, stamps, epoch, consumed slots, errors, CRC of egress.
//!
//! | port | meaning |
//! |---|---|
//! | `write_valid`, `write_offset`, `write_data` | a register write on the pins |
//! | `read_valid`, `read_offset`, `read_data` | a register read on the pins; the register, or 0, 1 clock later |
//! | `reset_write` | RESET is being written: every register becomes its reset value at the next edge |
//! | `reset` | one clock, the one after `reset_write`: the blocks start to scrub |
//! | `armed`, `card_time`, `cycle` | ARM, card time in microseconds, cycles since power-up |
//! | `fired` | one clock, the one after a write of TIME_HI or WATCHDOG_HI that brings card time to WATCHDOG; it is 0 then |
//! | the others | status that the blocks show |
//!
//! Latency: 1 clock. RESET does not touch the cycle count. Reading STAMP_CYCLE_LO latches the other three stamp words.

use super::{offset, OFFSET_BITS};
use crate::int::{unsigned_cast, U};
use crossgate_contract::register::{self, control, status};
use crossgate_contract::width;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const CYCLE: usize = width::CYCLE_BITS as usize;

/// Control, status, time.
#[derive(LogicBlock)]
pub struct Control {
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
    /// The register, or 0.
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
    /// RESET is being written.
    pub reset_write: Signal<Out, Bit>,
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
    data_reg: DFF<U<32>>,
    reset_reg: DFF<Bit>,
    armed_reg: DFF<Bit>,
    time_reg: DFF<U<48>>,
    time_lo_reg: DFF<U<32>>,
    watchdog_reg: DFF<U<48>>,
    watchdog_lo_reg: DFF<U<32>>,
    fired_reg: DFF<Bit>,
    cycle_reg: DFF<U<CYCLE>>,
    latched_cycle_reg: DFF<U<16>>,
    latched_time_reg: DFF<U<48>>,
    reset_now: Signal<Local, Bit>,
    new_time: Signal<Local, U<48>>,
    new_watchdog: Signal<Local, U<48>>,
    judged: Signal<Local, Bit>,
    time_hi: Signal<Local, U<16>>,
    time_hi_wide: Signal<Local, U<48>>,
    windows_wide: Signal<Local, U<32>>,
    sequence_wide: Signal<Local, U<32>>,
    high: Signal<Local, U<32>>,
    status_word: Signal<Local, U<32>>,
    half: Constant<U<6>>,
    quarter: Constant<U<6>>,
    windows_shift: Constant<U<6>>,
    sequence_shift: Constant<U<6>>,
    ready_bit: Constant<U<32>>,
    armed_bit: Constant<U<32>>,
    halted_bit: Constant<U<32>>,
    bank_bit: Constant<U<32>>,
    sweeping_bit: Constant<U<32>>,
    busy_bit: Constant<U<32>>,
    reset_index: Constant<U<5>>,
    arm_index: Constant<U<5>>,
    control_at: Constant<U<OFFSET_BITS>>,
    status_at: Constant<U<OFFSET_BITS>>,
    time_lo_at: Constant<U<OFFSET_BITS>>,
    time_hi_at: Constant<U<OFFSET_BITS>>,
    watchdog_lo_at: Constant<U<OFFSET_BITS>>,
    watchdog_hi_at: Constant<U<OFFSET_BITS>>,
    egress_crc_at: Constant<U<OFFSET_BITS>>,
    stamp_cycle_lo_at: Constant<U<OFFSET_BITS>>,
    stamp_cycle_hi_at: Constant<U<OFFSET_BITS>>,
    stamp_time_lo_at: Constant<U<OFFSET_BITS>>,
    stamp_time_hi_at: Constant<U<OFFSET_BITS>>,
    epoch_at: Constant<U<OFFSET_BITS>>,
    error_status_at: Constant<U<OFFSET_BITS>>,
    consumed_at: [Constant<U<OFFSET_BITS>>; 3],
    error_at: [Constant<U<OFFSET_BITS>>; 3],
    zero: Constant<U<32>>,
    time_zero: Constant<U<48>>,
    cycle_zero: Constant<U<16>>,
    cycle_one: Constant<U<CYCLE>>,
}

impl Default for Control {
    fn default() -> Self {
        let word = |value: u32| Constant::new(U::new(u64::from(value)));
        let shift = |value: u32| Constant::new(U::new(u64::from(value)));
        let index = |value: u32| Constant::new(U::new(u64::from(value.trailing_zeros())));
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
            reset_write: Default::default(),
            reset: Default::default(),
            armed: Default::default(),
            card_time: Default::default(),
            fired: Default::default(),
            cycle: Default::default(),
            data_reg: Default::default(),
            reset_reg: Default::default(),
            armed_reg: Default::default(),
            time_reg: Default::default(),
            time_lo_reg: Default::default(),
            watchdog_reg: Default::default(),
            watchdog_lo_reg: Default::default(),
            fired_reg: Default::default(),
            cycle_reg: Default::default(),
            latched_cycle_reg: Default::default(),
            latched_time_reg: Default::default(),
            reset_now: Default::default(),
            new_time: Default::default(),
            new_watchdog: Default::default(),
            judged: Default::default(),
            time_hi: Default::default(),
            time_hi_wide: Default::default(),
            windows_wide: Default::default(),
            sequence_wide: Default::default(),
            high: Default::default(),
            status_word: Default::default(),
            half: shift(32),
            quarter: shift(16),
            windows_shift: shift(status::WINDOW_HALTED_SHIFT),
            sequence_shift: shift(4),
            ready_bit: word(status::READY),
            armed_bit: word(status::ARMED),
            halted_bit: word(status::HALTED),
            bank_bit: word(status::BANK),
            sweeping_bit: word(status::SWEEPING),
            busy_bit: word(status::BUSY),
            reset_index: index(control::RESET),
            arm_index: index(control::ARM),
            control_at: offset(register::CONTROL),
            status_at: offset(register::STATUS),
            time_lo_at: offset(register::TIME_LO),
            time_hi_at: offset(register::TIME_HI),
            watchdog_lo_at: offset(register::WATCHDOG_LO),
            watchdog_hi_at: offset(register::WATCHDOG_HI),
            egress_crc_at: offset(register::EGRESS_CRC),
            stamp_cycle_lo_at: offset(register::STAMP_CYCLE_LO),
            stamp_cycle_hi_at: offset(register::STAMP_CYCLE_HI),
            stamp_time_lo_at: offset(register::STAMP_TIME_LO),
            stamp_time_hi_at: offset(register::STAMP_TIME_HI),
            epoch_at: offset(register::EPOCH),
            error_status_at: offset(register::ERROR_STATUS),
            consumed_at: [register::CONSUMED_ORDERS, register::CONSUMED_MARKET, register::CONSUMED_CONTROL].map(offset),
            error_at: [register::ERROR_ORDERS, register::ERROR_MARKET, register::ERROR_CONTROL].map(offset),
            zero: Constant::new(U::new(0)),
            time_zero: Constant::new(U::new(0)),
            cycle_zero: Constant::new(U::new(0)),
            cycle_one: Constant::new(U::new(1)),
        }
    }
}

impl Logic for Control {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, data_reg, reset_reg, armed_reg, time_reg, time_lo_reg, cycle_reg);
        dff_setup!(self, clock, latched_cycle_reg, latched_time_reg, watchdog_reg, watchdog_lo_reg);
        clock!(self, clock, fired_reg);
        self.cycle_reg.d.next = self.cycle_reg.q.val() + self.cycle_one.val();

        // Writes.
        self.reset_now.next = self.write_valid.val()
            & (self.write_offset.val() == self.control_at.val())
            & self.write_data.val().get_bit(self.reset_index.val().index());
        self.reset_reg.d.next = self.reset_now.val();
        self.time_hi.next = self.write_data.val().get_bits::<16>(0);
        self.time_hi_wide.next = unsigned_cast::<48, 16>(self.time_hi.val());
        self.new_time.next = self.time_reg.q.val();
        self.new_watchdog.next = self.watchdog_reg.q.val();
        self.judged.next = false;
        if self.write_valid.val() {
            if self.write_offset.val() == self.control_at.val() {
                self.armed_reg.d.next = self.write_data.val().get_bit(self.arm_index.val().index());
            }
            if self.write_offset.val() == self.time_lo_at.val() {
                self.time_lo_reg.d.next = self.write_data.val();
            }
            if self.write_offset.val() == self.time_hi_at.val() {
                self.new_time.next =
                    unsigned_cast::<48, 32>(self.time_lo_reg.q.val()) | (self.time_hi_wide.val() << self.half.val());
                self.judged.next = true;
            }
            if self.write_offset.val() == self.watchdog_lo_at.val() {
                self.watchdog_lo_reg.d.next = self.write_data.val();
            }
            if self.write_offset.val() == self.watchdog_hi_at.val() {
                self.new_watchdog.next = unsigned_cast::<48, 32>(self.watchdog_lo_reg.q.val())
                    | (self.time_hi_wide.val() << self.half.val());
                self.judged.next = true;
            }
        }
        self.time_reg.d.next = self.new_time.val();
        self.watchdog_reg.d.next = self.new_watchdog.val();
        self.fired_reg.d.next = false;
        if (self.judged.val() & self.new_watchdog.val().any()) & (self.new_time.val() >= self.new_watchdog.val()) {
            self.watchdog_reg.d.next = self.time_zero.val();
            self.fired_reg.d.next = true;
        }
        if self.reset_now.val() {
            self.armed_reg.d.next = false;
            self.time_lo_reg.d.next = self.zero.val();
            self.time_reg.d.next = self.time_zero.val();
            self.watchdog_lo_reg.d.next = self.zero.val();
            self.watchdog_reg.d.next = self.time_zero.val();
            self.latched_cycle_reg.d.next = self.cycle_zero.val();
            self.latched_time_reg.d.next = self.time_zero.val();
        }

        // Status.
        self.windows_wide.next = unsigned_cast::<32, 3>(self.window_halted.val());
        self.status_word.next = self.windows_wide.val() << self.windows_shift.val();
        if self.ready.val() {
            self.status_word.next = self.status_word.val() | self.ready_bit.val();
        }
        if self.armed_reg.q.val() {
            self.status_word.next = self.status_word.val() | self.armed_bit.val();
        }
        if self.halted.val() {
            self.status_word.next = self.status_word.val() | self.halted_bit.val();
        }
        if self.bank.val() {
            self.status_word.next = self.status_word.val() | self.bank_bit.val();
        }
        if self.sweeping.val() {
            self.status_word.next = self.status_word.val() | self.sweeping_bit.val();
        }
        if self.busy.val() {
            self.status_word.next = self.status_word.val() | self.busy_bit.val();
        }

        // Reads.
        self.data_reg.d.next = self.zero.val();
        if self.armed_reg.q.val() & (self.read_offset.val() == self.control_at.val()) {
            self.data_reg.d.next = self.armed_bit.val();
        }
        if self.read_offset.val() == self.status_at.val() {
            self.data_reg.d.next = self.status_word.val();
        }
        if self.read_offset.val() == self.time_lo_at.val() {
            self.data_reg.d.next = self.time_reg.q.val().get_bits::<32>(0);
        }
        if self.read_offset.val() == self.time_hi_at.val() {
            self.time_hi.next = self.time_reg.q.val().get_bits::<16>(32);
            self.data_reg.d.next = unsigned_cast::<32, 16>(self.time_hi.val());
        }
        if self.read_offset.val() == self.watchdog_lo_at.val() {
            self.data_reg.d.next = self.watchdog_reg.q.val().get_bits::<32>(0);
        }
        if self.read_offset.val() == self.watchdog_hi_at.val() {
            self.time_hi.next = self.watchdog_reg.q.val().get_bits::<16>(32);
            self.data_reg.d.next = unsigned_cast::<32, 16>(self.time_hi.val());
        }
        if self.read_offset.val() == self.egress_crc_at.val() {
            self.data_reg.d.next = self.egress_crc.val();
        }
        if self.read_offset.val() == self.stamp_cycle_lo_at.val() {
            self.data_reg.d.next = self.cycle_reg.q.val().get_bits::<32>(0);
            if self.read_valid.val() & !self.reset_now.val() {
                self.latched_cycle_reg.d.next = self.cycle_reg.q.val().get_bits::<16>(32);
                self.latched_time_reg.d.next = self.time_reg.q.val();
            }
        }
        if self.read_offset.val() == self.stamp_cycle_hi_at.val() {
            self.data_reg.d.next = unsigned_cast::<32, 16>(self.latched_cycle_reg.q.val());
        }
        if self.read_offset.val() == self.stamp_time_lo_at.val() {
            self.data_reg.d.next = self.latched_time_reg.q.val().get_bits::<32>(0);
        }
        if self.read_offset.val() == self.stamp_time_hi_at.val() {
            self.time_hi.next = self.latched_time_reg.q.val().get_bits::<16>(32);
            self.data_reg.d.next = unsigned_cast::<32, 16>(self.time_hi.val());
        }
        if self.read_offset.val() == self.epoch_at.val() {
            self.data_reg.d.next = self.epoch.val();
        }
        self.sequence_wide.next = unsigned_cast::<32, 3>(self.missequenced.val());
        if self.read_offset.val() == self.error_status_at.val() {
            self.data_reg.d.next =
                unsigned_cast::<32, 3>(self.overrun.val()) | (self.sequence_wide.val() << self.sequence_shift.val());
        }
        for i in 0..3 {
            if self.read_offset.val() == self.consumed_at[i].val() {
                self.data_reg.d.next = unsigned_cast::<32, 16>(self.consumed[i].val());
            }
            self.high.next = unsigned_cast::<32, 16>(self.received[i].val());
            if self.read_offset.val() == self.error_at[i].val() {
                self.data_reg.d.next =
                    unsigned_cast::<32, 16>(self.expected[i].val()) | (self.high.val() << self.quarter.val());
            }
        }
        self.read_data.next = self.data_reg.q.val();
        self.reset_write.next = self.reset_now.val();
        self.reset.next = self.reset_reg.q.val();
        self.armed.next = self.armed_reg.q.val();
        self.card_time.next = self.time_reg.q.val();
        self.fired.next = self.fired_reg.q.val();
        self.cycle.next = self.cycle_reg.q.val();
    }
}
