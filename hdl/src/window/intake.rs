//! [`Intake`]: the pins of the bus, registered once and decoded for the three windows.
//!
//! | port | meaning |
//! |---|---|
//! | `beat_valid`, `beat_window`, `beat_slot`, `beat_strobe`, `beat_words` | pins: one write into a window |
//! | `cycle` | the card's cycle count |
//! | `orders`, `market`, `control` | the registered beat belongs to this window |
//! | `slot`, `strobe`, `words`, `stamp` | the registered beat and the cycle in which it was on the pins |
//!
//! Latency: 1 clock.
//!
//! ```text
//! clock        _/0\_/1\_
//! beat_valid   /-\______
//! orders       ____/-\__
//! stamp        ____< 0 >
//! ```

use crate::int::U;
use crossgate_contract::{width, Window as Number};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

const CYCLE: usize = width::CYCLE_BITS as usize;

/// The registered pins of the bus; `N` is log2 of the slots of a window.
#[derive(LogicBlock)]
pub struct Intake<const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// A write is on the pins.
    pub beat_valid: Signal<In, Bit>,
    /// Number of the window.
    pub beat_window: Signal<In, U<2>>,
    /// Slot in the window; bits above the build's slots are not decoded.
    pub beat_slot: Signal<In, U<16>>,
    /// One bit a quadword.
    pub beat_strobe: Signal<In, U<8>>,
    /// The quadwords.
    pub beat_words: [Signal<In, U<64>>; 8],
    /// Cycle count of the card.
    pub cycle: Signal<In, U<CYCLE>>,
    /// The registered beat is for the orders window.
    pub orders: Signal<Out, Bit>,
    /// The registered beat is for the market window.
    pub market: Signal<Out, Bit>,
    /// The registered beat is for the control window.
    pub control: Signal<Out, Bit>,
    /// Slot of the registered beat.
    pub slot: Signal<Out, U<N>>,
    /// Quadwords of the registered beat.
    pub strobe: Signal<Out, U<8>>,
    /// Words of the registered beat.
    pub words: [Signal<Out, U<64>>; 8],
    /// Low bits of the cycle in which the registered beat was on the pins.
    pub stamp: Signal<Out, U<16>>,
    orders_reg: DFF<Bit>,
    market_reg: DFF<Bit>,
    control_reg: DFF<Bit>,
    slot_reg: DFF<U<N>>,
    strobe_reg: DFF<U<8>>,
    stamp_reg: DFF<U<16>>,
    word_reg: [DFF<U<64>>; 8],
    orders_number: Constant<U<2>>,
    market_number: Constant<U<2>>,
    control_number: Constant<U<2>>,
}

impl<const N: usize> Default for Intake<N> {
    fn default() -> Self {
        let number = |window: Number| Constant::new(U::new(window as u64));
        Self {
            clock: Default::default(),
            beat_valid: Default::default(),
            beat_window: Default::default(),
            beat_slot: Default::default(),
            beat_strobe: Default::default(),
            beat_words: Default::default(),
            cycle: Default::default(),
            orders: Default::default(),
            market: Default::default(),
            control: Default::default(),
            slot: Default::default(),
            strobe: Default::default(),
            words: Default::default(),
            stamp: Default::default(),
            orders_reg: Default::default(),
            market_reg: Default::default(),
            control_reg: Default::default(),
            slot_reg: Default::default(),
            strobe_reg: Default::default(),
            stamp_reg: Default::default(),
            word_reg: Default::default(),
            orders_number: number(Number::Orders),
            market_number: number(Number::Market),
            control_number: number(Number::Control),
        }
    }
}

impl<const N: usize> Logic for Intake<N> {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, orders_reg, market_reg, control_reg, slot_reg, strobe_reg, stamp_reg);
        self.orders_reg.d.next = self.beat_valid.val() & (self.beat_window.val() == self.orders_number.val());
        self.market_reg.d.next = self.beat_valid.val() & (self.beat_window.val() == self.market_number.val());
        self.control_reg.d.next = self.beat_valid.val() & (self.beat_window.val() == self.control_number.val());
        self.slot_reg.d.next = self.beat_slot.val().get_bits::<N>(0);
        self.strobe_reg.d.next = self.beat_strobe.val();
        self.stamp_reg.d.next = self.cycle.val().get_bits::<16>(0);
        for i in 0..8 {
            self.word_reg[i].clock.next = self.clock.val();
            self.word_reg[i].d.next = self.beat_words[i].val();
            self.words[i].next = self.word_reg[i].q.val();
        }
        self.orders.next = self.orders_reg.q.val();
        self.market.next = self.market_reg.q.val();
        self.control.next = self.control_reg.q.val();
        self.slot.next = self.slot_reg.q.val();
        self.strobe.next = self.strobe_reg.q.val();
        self.stamp.next = self.stamp_reg.q.val();
    }
}
