//! [`Dma`]: the write port of the bus, shared by the two rings, decisions first.
//!
//! | port | meaning |
//! |---|---|
//! | `decisions_*`, `market_*` | events of the two rings |
//! | `dma_valid`, `dma_ready`, `dma_address`, `dma_words` | pins: one event of 64 bytes |
//! | `reset` | drop the event that is offered |
//!
//! Latency: 1 clock. An offered event stays until it is taken.

use crate::int::U;
use crate::sim::Clocked;
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;

/// The shared write port.
#[derive(LogicBlock, Default)]
pub struct Dma {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Drop the offered event.
    pub reset: Signal<In, Bit>,
    /// An event of the decision ring.
    pub decisions_valid: Signal<In, Bit>,
    /// Its address.
    pub decisions_address: Signal<In, U<64>>,
    /// Its words.
    pub decisions_words: [Signal<In, U<64>>; 8],
    /// It is taken.
    pub decisions_ready: Signal<Out, Bit>,
    /// An event of the market ring.
    pub market_valid: Signal<In, Bit>,
    /// Its address.
    pub market_address: Signal<In, U<64>>,
    /// Its words.
    pub market_words: [Signal<In, U<64>>; 8],
    /// It is taken.
    pub market_ready: Signal<Out, Bit>,
    /// The bus takes the event.
    pub dma_ready: Signal<In, Bit>,
    /// An event for host memory.
    pub dma_valid: Signal<Out, Bit>,
    /// Its bus address.
    pub dma_address: Signal<Out, U<64>>,
    /// Its words.
    pub dma_words: [Signal<Out, U<64>>; 8],
    valid_reg: DFF<Bit>,
    address_reg: DFF<U<64>>,
    word_reg: [DFF<U<64>>; 8],
    free: Signal<Local, Bit>,
    take_decisions: Signal<Local, Bit>,
    take_market: Signal<Local, Bit>,
}

impl Logic for Dma {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, valid_reg, address_reg);
        self.free.next = self.dma_ready.val() | !self.valid_reg.q.val();
        self.take_decisions.next = self.free.val() & self.decisions_valid.val();
        self.take_market.next = self.free.val() & self.market_valid.val() & !self.decisions_valid.val();
        self.decisions_ready.next = self.free.val();
        self.market_ready.next = self.free.val() & !self.decisions_valid.val();
        if self.dma_ready.val() {
            self.valid_reg.d.next = false;
        }
        if self.take_market.val() {
            self.valid_reg.d.next = true;
            self.address_reg.d.next = self.market_address.val();
        }
        if self.take_decisions.val() {
            self.valid_reg.d.next = true;
            self.address_reg.d.next = self.decisions_address.val();
        }
        if self.reset.val() {
            self.valid_reg.d.next = false;
        }
        for i in 0..8 {
            self.word_reg[i].clock.next = self.clock.val();
            self.word_reg[i].d.next = self.word_reg[i].q.val();
            if self.take_market.val() {
                self.word_reg[i].d.next = self.market_words[i].val();
            }
            if self.take_decisions.val() {
                self.word_reg[i].d.next = self.decisions_words[i].val();
            }
            self.dma_words[i].next = self.word_reg[i].q.val();
        }
        self.dma_valid.next = self.valid_reg.q.val();
        self.dma_address.next = self.address_reg.q.val();
    }
}

impl Clocked for Dma {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}
