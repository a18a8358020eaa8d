//! [`RingControl`]: the registers of one event ring.
//!
//! | port | meaning |
//! |---|---|
//! | `write_valid`, `write_offset`, `write_data` | a register write on the pins |
//! | `reset` | all registers become 0 |
//! | `base`, `size`, `consumer` | the registers |
//! | `restart` | the size was written in the clock before |
//! | `producer` | from the ring |
//! | `read_offset`, `read_data` | offset on the pins; the register, or 0 |
//!
//! Latency: 1 clock. Writing the size also sets the consumer to 0.

use super::{offset, OFFSET_BITS};
use crate::int::{unsigned_cast, U};
use crossgate_contract::event::Ring;
use crossgate_contract::register;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// Registers of a ring.
#[derive(LogicBlock)]
pub struct RingControl {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// All registers become 0.
    pub reset: Signal<In, Bit>,
    /// A write is on the pins.
    pub write_valid: Signal<In, Bit>,
    /// Its offset.
    pub write_offset: Signal<In, U<OFFSET_BITS>>,
    /// Its data.
    pub write_data: Signal<In, U<32>>,
    /// Offset on the pins.
    pub read_offset: Signal<In, U<OFFSET_BITS>>,
    /// The register, or 0.
    pub read_data: Signal<Out, U<32>>,
    /// Bus address of the ring.
    pub base: Signal<Out, U<64>>,
    /// log2 of its entries; values that do not fit read as 31, which is off.
    pub size: Signal<Out, U<5>>,
    /// Events consumed by the host.
    pub consumer: Signal<Out, U<32>>,
    /// The size was written.
    pub restart: Signal<Out, Bit>,
    /// Events handed to the bus.
    pub producer: Signal<In, U<32>>,
    data_reg: DFF<U<32>>,
    base_lo_reg: DFF<U<32>>,
    base_hi_reg: DFF<U<32>>,
    size_reg: DFF<U<5>>,
    consumer_reg: DFF<U<32>>,
    restart_reg: DFF<Bit>,
    base_wide: Signal<Local, U<64>>,
    half: Constant<U<6>>,
    base_mask: Constant<U<32>>,
    size_most: Constant<U<32>>,
    size_off: Constant<U<5>>,
    base_lo_at: Constant<U<OFFSET_BITS>>,
    base_hi_at: Constant<U<OFFSET_BITS>>,
    size_at: Constant<U<OFFSET_BITS>>,
    consumer_at: Constant<U<OFFSET_BITS>>,
    producer_at: Constant<U<OFFSET_BITS>>,
    zero: Constant<U<32>>,
    size_zero: Constant<U<5>>,
}

impl RingControl {
    /// The registers of this ring.
    pub fn new(ring: Ring) -> Self {
        let [base_lo, base_hi, size, consumer, producer] = match ring {
            Ring::Decisions => [
                register::DECISIONS_BASE_LO,
                register::DECISIONS_BASE_HI,
                register::DECISIONS_SIZE,
                register::DECISIONS_CONSUMER,
                register::DECISIONS_PRODUCER,
            ],
            Ring::Market => [
                register::MARKET_BASE_LO,
                register::MARKET_BASE_HI,
                register::MARKET_SIZE,
                register::MARKET_CONSUMER,
                register::MARKET_PRODUCER,
            ],
        };
        Self {
            clock: Default::default(),
            reset: Default::default(),
            write_valid: Default::default(),
            write_offset: Default::default(),
            write_data: Default::default(),
            read_offset: Default::default(),
            read_data: Default::default(),
            base: Default::default(),
            size: Default::default(),
            consumer: Default::default(),
            restart: Default::default(),
            producer: Default::default(),
            data_reg: Default::default(),
            base_lo_reg: Default::default(),
            base_hi_reg: Default::default(),
            size_reg: Default::default(),
            consumer_reg: Default::default(),
            restart_reg: Default::default(),
            base_wide: Default::default(),
            half: Constant::new(U::new(32)),
            base_mask: Constant::new(U::new(!0x3f)),
            size_most: Constant::new(U::new(31)),
            size_off: Constant::new(U::new(31)),
            base_lo_at: offset(base_lo),
            base_hi_at: offset(base_hi),
            size_at: offset(size),
            consumer_at: offset(consumer),
            producer_at: offset(producer),
            zero: Constant::new(U::new(0)),
            size_zero: Constant::new(U::new(0)),
        }
    }
}

impl Logic for RingControl {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, data_reg, base_lo_reg, base_hi_reg, size_reg, consumer_reg, restart_reg);
        self.restart_reg.d.next = false;
        if self.write_valid.val() {
            if self.write_offset.val() == self.base_lo_at.val() {
                self.base_lo_reg.d.next = self.write_data.val() & self.base_mask.val();
            }
            if self.write_offset.val() == self.base_hi_at.val() {
                self.base_hi_reg.d.next = self.write_data.val();
            }
            if self.write_offset.val() == self.consumer_at.val() {
                self.consumer_reg.d.next = self.write_data.val();
            }
            if self.write_offset.val() == self.size_at.val() {
                self.size_reg.d.next = self.write_data.val().get_bits::<5>(0);
                if self.write_data.val() > self.size_most.val() {
                    self.size_reg.d.next = self.size_off.val();
                }
                self.consumer_reg.d.next = self.zero.val();
                self.restart_reg.d.next = true;
            }
        }
        if self.reset.val() {
            self.base_lo_reg.d.next = self.zero.val();
            self.base_hi_reg.d.next = self.zero.val();
            self.size_reg.d.next = self.size_zero.val();
            self.consumer_reg.d.next = self.zero.val();
        }
        self.data_reg.d.next = self.zero.val();
        if self.read_offset.val() == self.base_lo_at.val() {
            self.data_reg.d.next = self.base_lo_reg.q.val();
        }
        if self.read_offset.val() == self.base_hi_at.val() {
            self.data_reg.d.next = self.base_hi_reg.q.val();
        }
        if self.read_offset.val() == self.size_at.val() {
            self.data_reg.d.next = unsigned_cast::<32, 5>(self.size_reg.q.val());
        }
        if self.read_offset.val() == self.consumer_at.val() {
            self.data_reg.d.next = self.consumer_reg.q.val();
        }
        if self.read_offset.val() == self.producer_at.val() {
            self.data_reg.d.next = self.producer.val();
        }
        self.base_wide.next = unsigned_cast::<64, 32>(self.base_hi_reg.q.val());
        self.base.next = unsigned_cast::<64, 32>(self.base_lo_reg.q.val()) | (self.base_wide.val() << self.half.val());
        self.size.next = self.size_reg.q.val();
        self.consumer.next = self.consumer_reg.q.val();
        self.restart.next = self.restart_reg.q.val();
        self.read_data.next = self.data_reg.q.val();
    }
}
