//! [`Island`]: a block that settles by itself, so that a large design simulates in time proportional to what happens.
//!
//! rust-hdl repeats the update of the whole design until nothing changes; the number of repetitions is the longest
//! chain of locals anywhere. An island
//! repeats only itself, and the design around it sees one step. In Verilog it is not there: an `Island<B>` is a `B`.
//!
//! Invariant: the order of events is unchanged. Within one outer pass an island sees the inputs that its parent
//! assigned before the clock edge, as every
//! flip-flop of rust-hdl does, because outputs of neighbours reach it only through the parent's next pass.

use rust_hdl_core::prelude::*;
use std::ops::{Deref, DerefMut};

/// More passes than any block needs; beyond it the block oscillates.
const PASSES_MAX: usize = 200;

/// A block that is updated until it is stable whenever its parent is updated once.
#[derive(Default)]
pub struct Island<B: Block> {
    block: B,
    changed: bool,
}

impl<B: Block> Island<B> {
    /// Makes an island of `block`.
    pub const fn new(block: B) -> Self {
        Self { block, changed: false }
    }
}

impl<B: Block> Deref for Island<B> {
    type Target = B;
    #[inline(always)]
    fn deref(&self) -> &B {
        &self.block
    }
}

impl<B: Block> DerefMut for Island<B> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut B {
        &mut self.block
    }
}

impl<B: Block> Logic for Island<B> {
    fn update(&mut self) {
        self.block.update();
    }
    fn connect(&mut self) {
        self.block.connect();
    }
    fn hdl(&self) -> Verilog {
        self.block.hdl()
    }
    fn timing(&self) -> Vec<TimingInfo> {
        self.block.timing()
    }
}

impl<B: Block> Block for Island<B> {
    fn connect_all(&mut self) {
        self.block.connect_all();
    }
    fn update_all(&mut self) {
        self.changed = false;
        for _ in 0..PASSES_MAX {
            self.block.update_all();
            if !self.block.has_changed() {
                return;
            }
            self.changed = true;
        }
        panic!("combinational logic does not settle within {PASSES_MAX} passes");
    }
    fn has_changed(&self) -> bool {
        self.changed
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.block.accept(name, probe);
    }
}

/// A block that knows whether an input is about to change.
pub trait Inputs: Block {
    /// Whether the next update would see an input that this one did not.
    fn pending(&self) -> bool;
}

/// A field that is an input; with [`NoInput`] it tells the inputs of a block from its other fields.
pub trait Input {
    /// Whether it was assigned another value than the block saw.
    fn pending(&self) -> bool;
}

impl<T: Synth> Input for Signal<In, T> {
    #[inline(always)]
    fn pending(&self) -> bool {
        self.next != self.val()
    }
}

/// Any other field: never pending. Method lookup reaches it one reference later than [`Input`].
pub trait NoInput {
    /// Never.
    #[inline(always)]
    fn pending(&self) -> bool {
        false
    }
}

impl<T> NoInput for &T {}

/// An [`Island`] that is not updated at all while its inputs stand still.
#[derive(Default)]
pub struct Sleeper<B: Inputs> {
    island: Island<B>,
    settled: bool,
}

impl<B: Inputs> Sleeper<B> {
    /// Makes a sleeper of `block`.
    pub const fn new(block: B) -> Self {
        Self { island: Island::new(block), settled: false }
    }
}

impl<B: Inputs> Deref for Sleeper<B> {
    type Target = B;
    #[inline(always)]
    fn deref(&self) -> &B {
        &self.island
    }
}

impl<B: Inputs> DerefMut for Sleeper<B> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut B {
        &mut self.island
    }
}

impl<B: Inputs> Logic for Sleeper<B> {
    fn update(&mut self) {
        self.island.update();
    }
    fn connect(&mut self) {
        self.island.connect();
    }
    fn hdl(&self) -> Verilog {
        self.island.hdl()
    }
    fn timing(&self) -> Vec<TimingInfo> {
        self.island.timing()
    }
}

impl<B: Inputs> Block for Sleeper<B> {
    fn connect_all(&mut self) {
        self.island.connect_all();
    }
    fn update_all(&mut self) {
        if self.settled && !self.island.block.pending() {
            self.island.changed = false;
            return;
        }
        self.island.update_all();
        self.settled = true;
    }
    fn has_changed(&self) -> bool {
        self.island.changed
    }
    fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.island.accept(name, probe);
    }
}
