//! The native simulation of a card as [`Pins`], with or without a waveform.

use super::{CardDesk, CardEcp5, CardTiny};
use crate::pins::{Inputs, Outputs, Pins};
use crate::sim::{settle, tick, Clocked};
use crossgate_contract::{sizes, Sizes};
use rust_hdl_core::prelude::*;
use rust_hdl_core::vcd_probe::VCDProbe;
use std::io::Write;

/// Picoseconds between two clocks of a waveform; the frequency is that of the drawing, not of a part.
const PERIOD_PS: u64 = 5_000;

/// A top whose pins can be set and read as plain values.
pub trait Ports: Clocked {
    /// Sets the inputs.
    fn drive(&mut self, inputs: &Inputs);
    /// Reads the outputs.
    fn sample(&self) -> Outputs;
}

struct Native<C>(Box<C>);

impl<C: Ports> Pins for Native<C> {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        self.0.drive(inputs);
        tick(self.0.as_mut());
        self.0.sample()
    }
}

/// A card with the waveform of its every signal, one sample a clock.
struct Traced<C> {
    card: Box<C>,
    wave: Option<VCDProbe<Box<dyn Write>>>,
    time_ps: u64,
}

impl<C: Ports> Pins for Traced<C> {
    fn clock(&mut self, inputs: &Inputs) -> Outputs {
        self.card.drive(inputs);
        tick(self.card.as_mut());
        self.time_ps += PERIOD_PS;
        if let Some(mut wave) = self.wave.take() {
            if wave.timestamp(self.time_ps).is_ok() {
                self.wave = Some(write_vcd_change(wave, self.card.as_ref()));
            }
        }
        self.card.sample()
    }
}

/// A card after power-up, connected and settled.
pub(super) fn connected<C: Ports + Default>() -> Box<C> {
    let mut card = Box::<C>::default();
    card.connect_all();
    settle(card.as_mut());
    card
}

fn traced<C: Ports + Default + 'static>(sink: Box<dyn Write>) -> Box<dyn Pins> {
    let card = connected::<C>();
    let wave = write_vcd_dump(write_vcd_header(sink, card.as_ref()), card.as_ref());
    Box::new(Traced { card, wave: Some(wave), time_ps: 0 })
}

/// The native simulation of the card of these sizes; none if the set has no card.
pub fn native(sizes: &Sizes) -> Option<Box<dyn Pins>> {
    Some(match sizes.name {
        name if name == sizes::TINY.name => Box::new(Native(connected::<CardTiny>())),
        name if name == sizes::ECP5.name => Box::new(Native(connected::<CardEcp5>())),
        name if name == sizes::DESK.name => Box::new(Native(connected::<CardDesk>())),
        _ => return None,
    })
}

/// The same with a waveform in VCD of every signal of the card. About a thousand cycles a second.
///
/// # Panics
/// When `sink` fails in the middle of a clock: the waveform would be silently cut.
pub fn native_traced(sizes: &Sizes, sink: Box<dyn Write>) -> Option<Box<dyn Pins>> {
    Some(match sizes.name {
        name if name == sizes::TINY.name => traced::<CardTiny>(sink),
        name if name == sizes::ECP5.name => traced::<CardEcp5>(sink),
        name if name == sizes::DESK.name => traced::<CardDesk>(sink),
        _ => return None,
    })
}

/// The Verilog of the card of these sizes, one file, top module `top`; none if the set has no card.
pub fn verilog(sizes: &Sizes) -> Option<String> {
    Some(match sizes.name {
        name if name == sizes::TINY.name => generate_verilog(connected::<CardTiny>().as_ref()),
        name if name == sizes::ECP5.name => generate_verilog(connected::<CardEcp5>().as_ref()),
        name if name == sizes::DESK.name => generate_verilog(connected::<CardDesk>().as_ref()),
        _ => return None,
    })
}
