//! [`Identity`]: the read-only block that says what this build is.
//!
//! | port | meaning |
//! |---|---|
//! | `read_offset` | offset on the pins |
//! | `read_data` | the word, or 0 |
//!
//! Latency: 1 clock.

use super::{offset, OFFSET_BITS};
use crate::int::U;
use crossgate_contract::register::{self, Register};
use crossgate_contract::{feature, width, Sizes, ABI_MAJOR, ABI_MINOR, CONTRACT_HASH, MAGIC};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const WORDS: usize = 10;

fn word(parts: &[(u64, u32)]) -> u64 {
    parts.iter().fold(0, |word, (value, lsb)| word | value << lsb)
}

fn log2(value: usize) -> u64 {
    u64::from(value.ilog2())
}

/// Registers of the identity block of a build and their values.
pub fn identity(sizes: &Sizes) -> [(Register, u64); WORDS] {
    let book = [
        (sizes.venues as u64, 0),
        (sizes.books as u64, 8),
        (log2(sizes.window_ticks), 16),
        (u64::from(width::QUANTITY_BITS), 24),
    ];
    let gate = [(sizes.accounts as u64, 0), (sizes.instruments as u64, 16)];
    let order = [
        (sizes.lanes as u64, 0),
        (log2(sizes.slots), 8),
        (log2(sizes.window_slots), 16),
        (log2(sizes.venue_ledgers), 24),
    ];
    let features = feature::BOOK
        | feature::GATE_POOL
        | feature::GATE_VENUE
        | feature::LANES_REL_UNIT
        | feature::ORDERS_FULL
        | feature::COMMIT_CHECKED;
    [
        (register::MAGIC, u64::from(MAGIC)),
        (register::ABI, word(&[(u64::from(ABI_MINOR), 0), (u64::from(ABI_MAJOR), 16)])),
        (register::HASH_LO, CONTRACT_HASH & 0xffff_ffff),
        (register::HASH_HI, CONTRACT_HASH >> 32),
        (register::FEATURES, u64::from(features)),
        (register::BUILD, u64::from(sizes.id)),
        (register::SIZE_BOOK, word(&book)),
        (register::SIZE_GATE, word(&gate)),
        (register::SIZE_ORDER, word(&order)),
        (register::CLOCK_KHZ, 0),
    ]
}

/// The identity block.
#[derive(LogicBlock)]
pub struct Identity {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Offset on the pins.
    pub read_offset: Signal<In, U<OFFSET_BITS>>,
    /// The word, or 0.
    pub read_data: Signal<Out, U<32>>,
    data_reg: DFF<U<32>>,
    offsets: [Constant<U<OFFSET_BITS>>; WORDS],
    words: [Constant<U<32>>; WORDS],
    zero: Constant<U<32>>,
}

impl Identity {
    /// The identity of a build.
    pub fn new(sizes: &Sizes) -> Self {
        let table = identity(sizes);
        Self {
            clock: Default::default(),
            read_offset: Default::default(),
            read_data: Default::default(),
            data_reg: Default::default(),
            offsets: table.map(|(register, _)| offset(register)),
            words: table.map(|(_, value)| Constant::new(U::new(value))),
            zero: Constant::new(U::new(0)),
        }
    }
}

impl Logic for Identity {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, data_reg);
        self.data_reg.d.next = self.zero.val();
        for i in 0..WORDS {
            if self.read_offset.val() == self.offsets[i].val() {
                self.data_reg.d.next = self.words[i].val();
            }
        }
        self.read_data.next = self.data_reg.q.val();
    }
}
