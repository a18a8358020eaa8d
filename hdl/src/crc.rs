//! [`Crc`]: running CRC-32 (IEEE, reflected) over messages of 32 bytes, one a clock.
//!
//! A leaf with its own Verilog: the contribution of a message is a sum of its bits, registered, so the only loop is the
//! step of 32 bits by a whole message.
//!
//! | port | meaning |
//! |---|---|
//! | `clear` | begins anew; wins over everything before and beside it |
//! | `valid`, `words` | a message, bytes in little-endian order of words 0 to 3 |
//! | `crc` | CRC of all messages since the last `clear`; 0 when there were none |
//!
//! Latency: 2 clocks.
//!
//! ```text
//! clock   _/0\_/1\_/2\_
//! valid   /-\__________
//! crc             <a ..
//! ```

use crate::int::U;
use rust_hdl_core::prelude::*;
use std::fmt::Write as _;

const POLYNOMIAL: u32 = 0xedb8_8320;
const START: u32 = u32::MAX;

/// State of the CRC after the 256 bits of a message; linear in state and message together.
fn step(state: u32, words: &[u64; 4]) -> u32 {
    words.iter().flat_map(|word| (0..64).map(move |bit| word >> bit & 1 != 0)).fold(state, |state, bit| {
        let feedback = (state & 1 != 0) != bit;
        state >> 1 ^ if feedback { POLYNOMIAL } else { 0 }
    })
}

/// The CRC.
#[derive(LogicBlock)]
pub struct Crc {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Begin anew.
    pub clear: Signal<In, Bit>,
    /// A message is here.
    pub valid: Signal<In, Bit>,
    /// Its words.
    pub words: [Signal<In, U<64>>; 4],
    /// CRC of all messages.
    pub crc: Signal<Out, U<32>>,
    _part: Option<u32>,
    _state: u32,
}

impl Default for Crc {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            valid: Default::default(),
            words: Default::default(),
            crc: Default::default(),
            _part: None,
            _state: START,
        }
    }
}

impl Logic for Crc {
    fn update(&mut self) {
        if !self.clock.pos_edge() {
            return;
        }
        if let Some(part) = self._part.take() {
            self._state = step(self._state, &[0; 4]) ^ part;
        }
        if self.clear.val() {
            self._state = START;
        } else if self.valid.val() {
            self._part = Some(step(0, &std::array::from_fn(|index| self.words[index].val().get())));
        }
        self.crc.next = u64::from(!self._state).into();
    }
    fn connect(&mut self) {
        self.crc.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::from(
            "\
reg [31:0] state;
reg [31:0] part;
reg part_valid;
wire [31:0] folded;
wire [31:0] stepped;
wire [31:0] following;
",
        );
        let basis = |bit: usize| std::array::from_fn(|word| if word == bit / 64 { 1 << (bit % 64) } else { 0 });
        let folded: Vec<u32> = (0..256).map(|bit| step(0, &basis(bit))).collect();
        let stepped: Vec<u32> = (0..32).map(|bit| step(1 << bit, &[0; 4])).collect();
        let mask = |columns: &[u32], bit: usize| -> String {
            columns
                .chunks(4)
                .rev()
                .map(|chunk| (0..4).map(|at| (chunk[at] >> bit & 1) << at).sum::<u32>())
                .map(|digit| format!("{digit:x}"))
                .collect()
        };
        for bit in 0..32 {
            let _ = writeln!(
                text,
                "assign folded[{bit}] = ^({{words$3, words$2, words$1, words$0}} & 256'h{});\n\
                 assign stepped[{bit}] = ^(state & 32'h{});",
                mask(&folded, bit),
                mask(&stepped, bit)
            );
        }
        text.push_str(
            "\
assign following = clear ? 32'hffffffff : part_valid ? stepped ^ part : state;
initial begin
   state = 32'hffffffff;
   part = 0;
   part_valid = 0;
   crc = 0;
end
always @(posedge clock) begin
   part <= folded;
   part_valid <= valid & ~clear;
   state <= following;
   crc <= ~following;
end
",
        );
        Verilog::Custom(text)
    }
    fn timing(&self) -> Vec<TimingInfo> {
        vec![TimingInfo {
            name: "crc".into(),
            clock: "clock".into(),
            inputs: vec!["clear".into(), "valid".into()],
            outputs: vec!["crc".into()],
        }]
    }
}
