//! [`PinsEndpoint`]: a cycle-accurate card behind the interface of every simulated card.
//!
//! The bus of this module is the simplest that is true to the pins: a slot is one beat followed by two idle clocks, so
//! that posts in a row do not queue behind each other; a register read takes two clocks; host memory takes an event
//! whenever the card offers one.
//!
//! Not here: which simulator turns the clock (see [`crate::device`] and [`crate::verilated`]).

use crossgate_contract::Window;
use crossgate_driver::Endpoint;
use crossgate_hdl::pins::{Beat, Inputs, Outputs, Pins};
use std::collections::VecDeque;

/// Idle clocks after a beat, unless set otherwise.
const GAP_CLOCKS: u32 = 2;
/// Clocks after a write before anything else happens on the bus; the write is in force.
const CLOCKS_AFTER_WRITE: u32 = 1;

/// A card that is simulated clock by clock.
pub struct PinsEndpoint<P: Pins> {
    pins: P,
    outputs: Outputs,
    dma: VecDeque<(u64, [u64; 8])>,
    cycles: u64,
    gap_clocks: u32,
    /// Clocks in which a beat may not show in `busy` yet.
    unseen_clocks: u32,
}

impl<P: Pins> PinsEndpoint<P> {
    /// Puts the card on the bus.
    pub fn new(pins: P) -> Self {
        Self {
            pins,
            outputs: Outputs::default(),
            dma: VecDeque::new(),
            cycles: 0,
            gap_clocks: GAP_CLOCKS,
            unseen_clocks: 0,
        }
    }

    /// Sets the idle clocks after a beat; with 0 a burst of posts is a slot a clock.
    pub fn set_gap_clocks(&mut self, clocks: u32) {
        self.gap_clocks = clocks;
    }

    /// The card.
    pub const fn pins(&self) -> &P {
        &self.pins
    }

    fn clock(&mut self, inputs: Inputs) {
        // What is offered now is taken at the edge, because `dma_ready` is given in every clock.
        self.dma.extend(self.outputs.dma);
        self.outputs = self.pins.clock(&Inputs { dma_ready: true, ..inputs });
        self.cycles += 1;
        self.unseen_clocks = self.unseen_clocks.saturating_sub(1);
    }
}

impl<P: Pins> Endpoint for PinsEndpoint<P> {
    fn register_read(&mut self, offset: u32) -> u32 {
        // On the pins in this clock, data two cycles later: the outputs after the next clock.
        self.clock(Inputs { register_read: Some(offset), ..Inputs::default() });
        self.clock(Inputs::default());
        self.outputs.register_data
    }

    fn register_write(&mut self, offset: u32, value: u32) {
        self.clock(Inputs { register_write: Some((offset, value)), ..Inputs::default() });
        self.run(CLOCKS_AFTER_WRITE);
    }

    fn window_write_part(&mut self, window: Window, slot: u16, strobe: u8, words: &[u64; 8]) {
        let beat = Beat { window, slot, strobe, words: *words };
        self.clock(Inputs { beat: Some(beat), ..Inputs::default() });
        self.unseen_clocks = GAP_CLOCKS;
        self.run(self.gap_clocks);
    }

    fn run(&mut self, cycles: u32) {
        for _ in 0..cycles {
            self.clock(Inputs::default());
        }
    }

    fn busy(&self) -> bool {
        self.outputs.busy || self.outputs.dma.is_some() || self.unseen_clocks > 0
    }

    fn take_dma(&mut self, sink: &mut dyn FnMut(u64, &[u64; 8])) {
        for (address, words) in self.dma.drain(..) {
            sink(address, &words);
        }
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Offers an event for every beat, holds it until it is taken, and answers reads two cycles later, for one cycle.
    #[derive(Default)]
    struct Echo {
        offered: VecDeque<(u64, [u64; 8])>,
        read: [Option<u32>; 2],
        beats: Vec<Beat>,
    }

    impl Pins for Echo {
        fn clock(&mut self, inputs: &Inputs) -> Outputs {
            if inputs.dma_ready {
                self.offered.pop_front();
            }
            if let Some(beat) = inputs.beat {
                self.beats.push(beat);
                self.offered.push_back((u64::from(beat.slot), beat.words));
                self.offered.push_back((u64::from(beat.strobe), beat.words));
            }
            self.read = [inputs.register_read, self.read[0]];
            Outputs {
                register_data: self.read[1].map_or(0, |offset| offset + 1),
                dma: self.offered.front().copied(),
                egress: None,
                busy: !self.offered.is_empty(),
            }
        }
    }

    #[test]
    fn every_event_is_taken_once_and_in_order() {
        let mut card = PinsEndpoint::new(Echo::default());
        card.window_write(Window::Market, 7, &[9; 8]);
        card.window_write_part(Window::Market, 8, 0x0f, &[8; 8]);
        while card.busy() {
            card.run(1);
        }
        let mut seen = Vec::new();
        card.take_dma(&mut |address, words| seen.push((address, words[0])));
        assert_eq!(seen, [(7, 9), (0xff, 9), (8, 8), (0x0f, 8)]);
        card.run(3);
        card.take_dma(&mut |_, _| panic!("taken before"));
    }

    #[test]
    fn a_post_is_one_beat_and_two_clocks_and_a_read_two_clocks() {
        let mut card = PinsEndpoint::new(Echo::default());
        card.window_write(Window::Orders, 0, &[0; 8]);
        assert_eq!((card.cycles(), card.pins().beats.len()), (3, 1));
        assert_eq!(card.register_read(40), 41);
        assert_eq!(card.cycles(), 5);
    }
}
