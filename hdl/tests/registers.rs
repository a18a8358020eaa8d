//! Promises of BAR0: every register of the contract decodes, resets, latches and counts as its table says.
#![allow(missing_docs)]

mod support;

use crossgate_contract::register::{self, Access, Register, BAR0_BYTES};
use crossgate_contract::{feature, sizes, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use crossgate_hdl::int::U;
use crossgate_hdl::registers::{Registers, COUNTERS};
use crossgate_hdl::sim::settle;
use rust_hdl_core::prelude::*;
use support::{cosim, verilator_lint, yosys_check, CoSim};

struct Bus {
    uut: Box<Registers>,
    cosim: CoSim<Registers>,
}

impl Bus {
    fn new() -> Self {
        let mut uut = Box::new(Registers::new(&sizes::DESK));
        uut.connect_all();
        let cosim = cosim!(Registers;
            inputs: write_valid, write_offset, write_data, read_valid, read_offset, ready, halted, bank,
            sweeping, busy, window_halted, epoch, egress_crc,
                consumed[0], consumed[1], consumed[2], overrun, missequenced, expected[0], expected[1],
                expected[2], received[0], received[1], received[2],
                commands, faults, accepted, rejected, fills, levels, levels_outside, bbo, conflated,
                egress, decisions_producer, market_producer;
            outputs: read_data, reset, armed, card_time, fired, cycle, decisions_base, decisions_size,
            decisions_consumer, decisions_restart, market_base,
                market_size, market_consumer, market_restart);
        let mut bus = Self { uut, cosim };
        bus.clock();
        bus
    }

    fn clock(&mut self) {
        self.cosim.clock(self.uut.as_mut());
        self.uut.write_valid.next = false;
        self.uut.read_valid.next = false;
        self.uut.read_offset.next = U::new(0);
        settle(self.uut.as_mut());
    }

    fn write(&mut self, register: Register, value: u32) {
        self.uut.write_valid.next = true;
        self.uut.write_offset.next = U::new(u64::from(register.offset));
        self.uut.write_data.next = U::new(u64::from(value));
        self.clock();
    }

    /// Reads with exactly two clocks between request and data.
    fn read_at(&mut self, offset: u32) -> u32 {
        self.uut.read_valid.next = true;
        self.uut.read_offset.next = U::new(u64::from(offset));
        self.clock();
        self.uut.read_offset.next = U::new(0x7fc);
        self.clock();
        u32::try_from(self.uut.read_data.val().get()).expect("fits")
    }

    fn read(&mut self, register: Register) -> u32 {
        self.read_at(register.offset)
    }

    fn finish(self, name: &str) {
        self.cosim.compare(name, &self.uut);
    }
}

fn constant(register: &Register) -> Option<u32> {
    let desk = sizes::DESK;
    Some(match register.name {
        "MAGIC" => MAGIC,
        "ABI" => u32::from(ABI_MAJOR) << 16 | u32::from(ABI_MINOR),
        "HASH_LO" => u32::try_from(CONTRACT_HASH & 0xffff_ffff).expect("fits"),
        "HASH_HI" => u32::try_from(CONTRACT_HASH >> 32).expect("fits"),
        "FEATURES" => {
            feature::BOOK
                | feature::GATE_POOL
                | feature::GATE_VENUE
                | feature::LANES_REL_UNIT
                | feature::ORDERS_FULL
                | feature::COMMIT_CHECKED
        }
        "BUILD" => desk.id,
        "SIZE_BOOK" => 0x200a_0804,
        "SIZE_GATE" => 0x0040_0010,
        "SIZE_ORDER" => 0x0406_0a10,
        "CLOCK_KHZ" | "STATUS" => 0,
        _ => return None,
    })
}

#[test]
fn every_register_reads_its_reset_value() {
    let mut bus = Bus::new();
    for register in register::ALL {
        let value = bus.read(*register);
        match register.reset.or(constant(register)) {
            Some(expected) => assert_eq!(value, expected, "{}", register.name),
            None => assert!(register.name.starts_with("STAMP_"), "{} has no expected value", register.name),
        }
    }
    bus.finish("registers-walk");
}

#[test]
fn offsets_without_a_register_read_zero_and_ignore_writes() {
    let mut bus = Bus::new();
    for offset in (0..BAR0_BYTES).step_by(4) {
        if register::ALL.iter().all(|register| register.offset != offset) {
            bus.write(Register { offset, ..register::CONTROL }, 0xffff_ffff);
            assert_eq!(bus.read_at(offset), 0, "offset {offset:#x}");
        }
    }
    assert!(!bus.uut.armed.val() && !bus.uut.reset.val());
}

#[test]
fn writes_reach_their_register_only_and_reset_clears_them() {
    let mut bus = Bus::new();
    let writable = [
        (register::DECISIONS_BASE_LO, 0xdead_be40, 0xdead_be40),
        (register::DECISIONS_BASE_HI, 0x0123_4567, 0x0123_4567),
        (register::DECISIONS_SIZE, 9, 9),
        (register::DECISIONS_CONSUMER, 0xffff_fffe, 0xffff_fffe),
        (register::MARKET_BASE_LO, 0x8000_0fff, 0x8000_0fc0),
        (register::MARKET_BASE_HI, 0x89ab_cdef, 0x89ab_cdef),
        (register::MARKET_SIZE, 64, 31),
        (register::MARKET_CONSUMER, 77, 77),
        (register::WATCHDOG_LO, 0x1234_5678, 0x1234_5678),
        (register::WATCHDOG_HI, 0xabcd_0009, 9),
        (register::CONTROL, register::control::ARM, register::control::ARM),
    ];
    for (register, value, _) in writable {
        assert_eq!(register.access, Access::ReadWrite);
        bus.write(register, value);
        if register == register::DECISIONS_SIZE {
            assert!(bus.uut.decisions_restart.val() && !bus.uut.market_restart.val());
        }
    }
    assert!(!bus.uut.decisions_restart.val() && bus.uut.armed.val());
    for (register, _, expected) in writable {
        assert_eq!(bus.read(register), expected, "{}", register.name);
    }
    assert_eq!(bus.uut.decisions_base.val().get(), 0x0123_4567_dead_be40);
    assert_eq!(bus.uut.market_base.val().get(), 0x89ab_cdef_8000_0fc0);
    assert_eq!((bus.uut.decisions_size.val().get(), bus.uut.market_size.val().get()), (9, 31));
    assert_eq!((bus.uut.decisions_consumer.val().get(), bus.uut.market_consumer.val().get()), (0xffff_fffe, 77));
    bus.write(register::DECISIONS_SIZE, 5);
    assert_eq!(bus.read(register::DECISIONS_CONSUMER), 0, "a new size begins at entry 0");
    bus.uut.ready.next = true;
    bus.write(register::CONTROL, register::control::RESET | register::control::ARM);
    assert!(bus.uut.reset.val());
    assert_eq!(bus.read(register::STATUS) & register::status::READY, 0, "not ready in the clock of the reset");
    assert!(!bus.uut.reset.val() && !bus.uut.armed.val());
    for (register, ..) in writable {
        assert_eq!(bus.read(register), 0, "{} after RESET", register.name);
    }
    bus.finish("registers-write");
}

#[test]
fn time_takes_effect_as_a_pair_and_stamps_are_latched() {
    let mut bus = Bus::new();
    bus.write(register::TIME_LO, 0x1111_2222);
    assert_eq!(bus.uut.card_time.val().get(), 0);
    bus.write(register::TIME_HI, 0xabcd_3333);
    assert_eq!(bus.uut.card_time.val().get(), 0x3333_1111_2222);
    let before = bus.uut.cycle.val().get();
    let low = bus.read(register::STAMP_CYCLE_LO);
    assert_eq!(u64::from(low), before, "the cycle in which the read is on the pins");
    assert_eq!(bus.uut.cycle.val().get(), before + 2, "one a clock");
    bus.write(register::TIME_LO, 5);
    bus.write(register::TIME_HI, 6);
    assert_eq!(bus.read(register::STAMP_CYCLE_HI), 0);
    assert_eq!(bus.read(register::STAMP_TIME_LO), 0x1111_2222);
    assert_eq!(bus.read(register::STAMP_TIME_HI), 0x3333);
    bus.read(register::STAMP_CYCLE_LO);
    assert_eq!((bus.read(register::STAMP_TIME_LO), bus.read(register::STAMP_TIME_HI)), (5, 6));
    assert_eq!((bus.read(register::TIME_LO), bus.read(register::TIME_HI)), (5, 6));
    bus.finish("registers-time");
}

impl Bus {
    /// Writes a register; whether the watchdog fired in the next clock, and only there.
    fn fires(&mut self, register: Register, value: u32) -> bool {
        self.write(register, value);
        let fired = self.uut.fired.val();
        self.clock();
        assert!(!self.uut.fired.val(), "one clock");
        fired
    }

    fn watchdog(&mut self) -> (u32, u32) {
        (self.read(register::WATCHDOG_LO), self.read(register::WATCHDOG_HI))
    }
}

#[test]
fn the_watchdog_fires_once_when_card_time_reaches_it() {
    use register::{TIME_HI, TIME_LO, WATCHDOG_HI, WATCHDOG_LO};
    let mut bus = Bus::new();
    assert!(!bus.fires(TIME_LO, 1000) && !bus.fires(TIME_HI, 7));
    assert!(!bus.fires(WATCHDOG_LO, 1001), "nothing happens until the high half is written");
    assert_eq!(bus.watchdog(), (0, 0));
    assert!(!bus.fires(WATCHDOG_HI, 0xffff_0007), "card time is one before it");
    assert_eq!(bus.watchdog(), (1001, 7));
    assert!(!bus.fires(TIME_LO, 0xffff_ffff), "card time has not moved yet");
    assert!(!bus.fires(TIME_HI, 6));
    assert!(!bus.fires(TIME_LO, 1001));
    assert!(bus.fires(TIME_HI, 7), "card time equals it");
    assert_eq!(bus.watchdog(), (0, 0), "it is off then");
    assert!(!bus.fires(TIME_HI, 8), "and stays off");
    assert!(!bus.fires(WATCHDOG_LO, 0) && !bus.fires(WATCHDOG_HI, 0), "0 is off");
    assert!(!bus.fires(WATCHDOG_LO, 5));
    assert!(bus.fires(WATCHDOG_HI, 0), "written behind card time it fires at once");
    assert_eq!(bus.watchdog(), (0, 0));
    assert!(!bus.fires(WATCHDOG_LO, 0) && !bus.fires(WATCHDOG_HI, 0xffff));
    bus.write(register::CONTROL, register::control::RESET);
    assert_eq!(bus.watchdog(), (0, 0), "after RESET");
    assert!(!bus.fires(TIME_LO, 0xffff_ffff) && !bus.fires(TIME_HI, 0xffff));
    bus.finish("registers-watchdog");
}

#[test]
fn a_watchdog_that_fires_reads_zero_in_the_next_clock() {
    use register::{TIME_HI, WATCHDOG_HI, WATCHDOG_LO};
    let mut bus = Bus::new();
    bus.write(WATCHDOG_LO, 0);
    bus.write(WATCHDOG_HI, 3);
    bus.write(TIME_HI, 3);
    assert!(bus.uut.fired.val());
    assert_eq!(bus.read(WATCHDOG_HI), 0);
}

#[test]
fn every_counter_counts_its_own_pulses() {
    for (index, counter) in COUNTERS.iter().enumerate() {
        let mut bus = Bus::new();
        bus.uut.ready.next = true;
        let times = 3 + u32::try_from(index).expect("fits");
        for _ in 0..times {
            let uut = &mut bus.uut;
            let pulses = [
                &mut uut.faults,
                &mut uut.accepted,
                &mut uut.rejected,
                &mut uut.fills,
                &mut uut.levels,
                &mut uut.levels_outside,
                &mut uut.bbo,
                &mut uut.conflated,
                &mut uut.egress,
            ];
            match index.checked_sub(3) {
                None => uut.commands.next = U::new(1 << index),
                Some(pulse) => pulses.into_iter().nth(pulse).expect("fits").next = true,
            }
            bus.clock();
            bus.uut.commands.next = U::new(0);
            bus.uut.faults.next = false;
            bus.uut.accepted.next = false;
            bus.uut.rejected.next = false;
            bus.uut.fills.next = false;
            bus.uut.levels.next = false;
            bus.uut.levels_outside.next = false;
            bus.uut.bbo.next = false;
            bus.uut.conflated.next = false;
            bus.uut.egress.next = false;
            bus.clock();
        }
        for other in COUNTERS {
            assert_eq!(
                bus.read(other),
                if other == *counter { times } else { 0 },
                "{} of {}",
                other.name,
                counter.name
            );
        }
        bus.write(register::CONTROL, register::control::RESET);
        assert_eq!(bus.read(*counter), 0);
        bus.finish("registers-count");
    }
    let names: Vec<_> = register::ALL.iter().filter(|register| register.name.starts_with("COUNT_")).collect();
    assert_eq!(names.len(), COUNTERS.len(), "every counter of the contract");
}

#[test]
fn status_errors_and_consumed_slots_show_their_inputs() {
    let mut bus = Bus::new();
    bus.uut.ready.next = true;
    bus.uut.bank.next = true;
    bus.uut.busy.next = true;
    bus.uut.window_halted.next = U::new(0b101);
    bus.uut.epoch.next = U::new(0x8765_4321);
    bus.uut.egress_crc.next = U::new(0xfedc_ba98);
    bus.uut.overrun.next = U::new(0b010);
    bus.uut.missequenced.next = U::new(0b101);
    for index in 0..3 {
        bus.uut.consumed[index].next = U::new(0xff00 + index as u64);
        bus.uut.expected[index].next = U::new(0x1000 + index as u64);
        bus.uut.received[index].next = U::new(0x2000 + index as u64);
    }
    bus.uut.decisions_producer.next = U::new(0xaaaa_0001);
    bus.uut.market_producer.next = U::new(0xbbbb_0002);
    use register::status;
    assert_eq!(bus.read(register::STATUS), status::READY | status::BANK | status::BUSY | 0b101 << 8);
    bus.uut.halted.next = true;
    bus.uut.sweeping.next = true;
    bus.uut.bank.next = false;
    bus.write(register::CONTROL, register::control::ARM);
    let expected = status::READY | status::ARMED | status::HALTED | status::SWEEPING | status::BUSY | 0b101 << 8;
    assert_eq!(bus.read(register::STATUS), expected);
    assert_eq!(bus.read(register::EPOCH), 0x8765_4321);
    assert_eq!(bus.read(register::EGRESS_CRC), 0xfedc_ba98);
    assert_eq!(bus.read(register::ERROR_STATUS), 0b101_0010);
    let windows = [
        (register::CONSUMED_ORDERS, register::ERROR_ORDERS),
        (register::CONSUMED_MARKET, register::ERROR_MARKET),
        (register::CONSUMED_CONTROL, register::ERROR_CONTROL),
    ];
    for (index, (consumed, error)) in (0..).zip(windows) {
        assert_eq!(bus.read(consumed), 0xff00 + index);
        assert_eq!(bus.read(error), (0x2000 + index) << 16 | (0x1000 + index));
    }
    assert_eq!(bus.read(register::DECISIONS_PRODUCER), 0xaaaa_0001);
    assert_eq!(bus.read(register::MARKET_PRODUCER), 0xbbbb_0002);
    bus.finish("registers-status");
}

#[test]
fn the_verilog_is_clean() {
    let mut uut = Registers::new(&sizes::TINY);
    uut.connect_all();
    check_all(&uut).expect("fits");
    yosys_check("registers", &generate_verilog(&uut));
    verilator_lint("registers", &generate_verilog(&uut));
}
