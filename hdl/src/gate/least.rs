//! [`Least`]: the least of the headroom and of the slacks that count, a tree of one comparison a clock.
//!
//! | port | clock | meaning |
//! |---|---|---|
//! | `counts` | 0 | one bit a lane |
//! | `head`, `slack` | 0 | headroom, one slack a lane |
//! | `least` | 6 | the least of the headroom and the slacks that count |
//!
//! Latency: 6 clocks, one a clock; at most 31 lanes.
//!
//! ```text
//! clock  _/0\_/1\_ .. _/6\_
//! head   <a ><b >
//! least                <a >
//! ```

use crate::int::{I, U};
use rust_hdl_core::prelude::*;
use std::fmt::Write as _;

/// Clocks: one to drop what does not count, five levels of comparisons.
const LATENCY: usize = 6;
/// Inputs of the tree.
const LEAVES: usize = 1 << (LATENCY - 1);

/// Least of the limits of a ledger.
#[derive(LogicBlock)]
pub(super) struct Least<const LANES: usize> {
    pub(super) clock: Signal<In, Clock>,
    pub(super) counts: Signal<In, U<32>>,
    pub(super) head: Signal<In, I<48>>,
    pub(super) slack: [Signal<In, I<48>>; LANES],
    pub(super) least: Signal<Out, I<48>>,
    _line: [I<48>; LATENCY],
}

impl<const LANES: usize> Default for Least<LANES> {
    fn default() -> Self {
        assert!(LANES < LEAVES, "the tree takes the headroom and {} lanes", LEAVES - 1);
        Self {
            clock: Default::default(),
            counts: Default::default(),
            head: Default::default(),
            slack: std::array::from_fn(|_| Default::default()),
            least: Default::default(),
            _line: [I::new(0); LATENCY],
        }
    }
}

impl<const LANES: usize> Logic for Least<LANES> {
    fn update(&mut self) {
        if !self.clock.pos_edge() {
            return;
        }
        let counts = self.counts.val();
        let counted = self.slack.iter().enumerate().filter(|(lane, _)| counts.get_bit(*lane));
        self._line.rotate_right(1);
        self._line[0] = counted.fold(self.head.val(), |least, (_, slack)| least.min(slack.val()));
        self.least.next = self._line[LATENCY - 1];
    }
    fn connect(&mut self) {
        self.least.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::new();
        let mut values = LANES + 1;
        let mut resets = String::new();
        let mut steps = format!("   stage_0[{LANES}] <= head;\n");
        for lane in 0..LANES {
            let _ = writeln!(steps, "   stage_0[{lane}] <= counts[{lane}] ? slack${lane} : 48'sh7fffffffffff;");
        }
        let _ = writeln!(text, "reg signed [47:0] stage_0 [0:{LANES}];");
        let _ = writeln!(resets, "   for (i = 0; i <= {LANES}; i = i + 1) stage_0[i] = 0;");
        for level in 1..LATENCY {
            let (before, half) = (level - 1, values.div_ceil(2));
            let last = level == LATENCY - 1;
            if last {
                assert_eq!(half, 1, "the tree ends in one value");
                resets.push_str("   least = 0;\n");
            } else {
                let _ = writeln!(text, "reg signed [47:0] stage_{level} [0:{}];", half - 1);
                let _ = writeln!(resets, "   for (i = 0; i <= {}; i = i + 1) stage_{level}[i] = 0;", half - 1);
            }
            for at in 0..half {
                let (left, right) = (format!("stage_{before}[{}]", 2 * at), format!("stage_{before}[{}]", 2 * at + 1));
                let least = if 2 * at + 1 < values { format!("{left} < {right} ? {left} : {right}") } else { left };
                let to = if last { "least".to_owned() } else { format!("stage_{level}[{at}]") };
                let _ = writeln!(steps, "   {to} <= {least};");
            }
            values = half;
        }
        Verilog::Custom(format!(
            "{text}integer i;\ninitial begin\n{resets}end\nalways @(posedge clock) begin\n{steps}end\n"
        ))
    }
    fn timing(&self) -> Vec<TimingInfo> {
        let mut inputs: Vec<String> = vec!["counts".into(), "head".into()];
        inputs.extend((0..LANES).map(|lane| format!("slack[{lane}]")));
        vec![TimingInfo { name: "least".into(), clock: "clock".into(), inputs, outputs: vec!["least".into()] }]
    }
}
