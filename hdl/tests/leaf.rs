//! Promises of the shared leaves: the delay line delays by its number of clocks, a slice is its field, and both equal
//! their Verilog.
#![allow(missing_docs)]

mod support;

use crossgate_contract::command::{Level, Position};
use crossgate_hdl::int::{I, U};
use crossgate_hdl::leaf::{field, Delay, Slice, SliceBit, SliceSigned};
use crossgate_hdl::sim::Clocked;
use rust_hdl_core::prelude::*;
use support::{cosim, verilator_lint, yosys_check};

#[derive(LogicBlock)]
struct Bench {
    clock: Signal<In, Clock>,
    word_0: Signal<In, U<64>>,
    word_1: Signal<In, U<64>>,
    delayed_1: Signal<Out, U<64>>,
    delayed_2: Signal<Out, U<64>>,
    delayed_7: Signal<Out, U<64>>,
    price: Signal<Out, U<32>>,
    lots: Signal<Out, I<40>>,
    side: Signal<Out, Bit>,
    line_1: Delay<U<64>, 1>,
    line_2: Delay<U<64>, 2>,
    line_7: Delay<U<64>, 7>,
    slice_price: Slice<32>,
    slice_lots: SliceSigned<40>,
    slice_side: SliceBit,
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            word_0: Default::default(),
            word_1: Default::default(),
            delayed_1: Default::default(),
            delayed_2: Default::default(),
            delayed_7: Default::default(),
            price: Default::default(),
            lots: Default::default(),
            side: Default::default(),
            line_1: Default::default(),
            line_2: Default::default(),
            line_7: Default::default(),
            slice_price: Slice::new(field(&Level::LAYOUT, "price"), 0),
            slice_lots: SliceSigned::new(field(&Position::LAYOUT, "lots"), 1),
            slice_side: SliceBit::new(field(&Level::LAYOUT, "side"), 0),
        }
    }
}

impl Logic for Bench {
    #[hdl_gen]
    fn update(&mut self) {
        clock!(self, clock, line_1, line_2, line_7);
        self.line_1.data.next = self.word_0.val();
        self.line_2.data.next = self.word_0.val();
        self.line_7.data.next = self.word_0.val();
        self.slice_price.word.next = self.word_0.val();
        self.slice_side.word.next = self.word_0.val();
        self.slice_lots.word.next = self.word_1.val();
        self.delayed_1.next = self.line_1.delayed.val();
        self.delayed_2.next = self.line_2.delayed.val();
        self.delayed_7.next = self.line_7.delayed.val();
        self.price.next = self.slice_price.value.val();
        self.lots.next = self.slice_lots.value.val();
        self.side.next = self.slice_side.value.val();
    }
}

impl Clocked for Bench {
    fn clock_mut(&mut self) -> &mut Signal<In, Clock> {
        &mut self.clock
    }
}

#[test]
fn leaves_equal_their_definition_and_their_verilog() {
    let mut uut = Bench::default();
    uut.connect_all();
    let mut cosim = cosim!(Bench; inputs: word_0, word_1; outputs: delayed_1, delayed_2, delayed_7, price, lots, side);
    let (mut words, mut seed) = (Vec::new(), 0x9e37_79b9_7f4a_7c15u64);
    for cycle in 0..500usize {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (word_0, word_1) = (seed, seed.rotate_left(29) ^ 0x5555);
        words.push(word_0);
        uut.word_0.next = word_0.into();
        uut.word_1.next = word_1.into();
        cosim.clock(&mut uut);
        let before = |clocks: usize| (cycle + 1).checked_sub(clocks).map_or(0, |at| words[at]);
        assert_eq!(uut.delayed_1.val().get(), before(1), "cycle {cycle}");
        assert_eq!(uut.delayed_2.val().get(), before(2), "cycle {cycle}");
        assert_eq!(uut.delayed_7.val().get(), before(7), "cycle {cycle}");
        assert_eq!(uut.price.val().get(), word_0 >> 32);
        assert_eq!(uut.side.val(), word_0 & 0x100 != 0);
        let low = i64::try_from(word_1 & 0xff_ffff_ffff).expect("40 bits");
        assert_eq!(uut.lots.val().get(), if low >> 39 == 0 { low } else { low - (1 << 40) });
    }
    cosim.compare("leaf", &uut);
    let verilog = generate_verilog(&uut);
    yosys_check("leaf", &verilog);
    verilator_lint("leaf", &verilog);
}

#[test]
#[should_panic(expected = "word and sign")]
fn a_slice_of_the_wrong_word_is_refused() {
    let _ = Slice::<32>::new(field(&Level::LAYOUT, "price"), 1);
}
