//! [`Crc`]: CRC-32 (IEEE) over the 32 bytes of bank rows, 64 bits a clock.
//!
//! | port | meaning |
//! |---|---|
//! | `clear` | starts anew |
//! | `take`, `word_0` .. `word_3` | a row; not while `busy` |
//! | `busy` | the row is not counted in yet |
//! | `value` | CRC of every row since `clear`, when not busy |
//!
//! Bytes count from the low end of word 0. Latency: 4 clocks a row.
//!
//! ```text
//! clock  _/0\_/1\_/2\_/3\_/4\_
//! take   /-\__________________
//! busy   ____/-----------\____
//! value                  <a
//! ```

use crate::int::U;
use rust_hdl_core::prelude::*;
use std::fmt::Write as _;

/// The polynomial, lowest power at the highest bit.
const POLYNOMIAL: u64 = 0xedb8_8320;
/// Words of a row behind the first.
const LATER: u8 = 3;

/// CRC of rows.
#[derive(LogicBlock)]
pub(super) struct Crc {
    pub(super) clock: Signal<In, Clock>,
    pub(super) clear: Signal<In, Bit>,
    pub(super) take: Signal<In, Bit>,
    pub(super) word_0: Signal<In, U<64>>,
    pub(super) word_1: Signal<In, U<64>>,
    pub(super) word_2: Signal<In, U<64>>,
    pub(super) word_3: Signal<In, U<64>>,
    pub(super) busy: Signal<Out, Bit>,
    pub(super) value: Signal<Out, U<32>>,
    _state: u64,
    _words: [u64; LATER as usize],
    _left: u8,
}

impl Default for Crc {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            clear: Default::default(),
            take: Default::default(),
            word_0: Default::default(),
            word_1: Default::default(),
            word_2: Default::default(),
            word_3: Default::default(),
            busy: Default::default(),
            value: Default::default(),
            _state: u64::from(u32::MAX),
            _words: [0; LATER as usize],
            _left: 0,
        }
    }
}

/// The remainder of 64 bits into which the state was mixed.
fn remainder(mixed: u64) -> u64 {
    (0..64).fold(mixed, |rest, _| if rest & 1 == 0 { rest >> 1 } else { (rest >> 1) ^ POLYNOMIAL })
}

impl Logic for Crc {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            let mut next = None;
            if self._left > 0 {
                next = Some(self._words[0]);
                self._words.rotate_left(1);
                self._left -= 1;
            }
            if self.take.val() {
                next = Some(self.word_0.val().get());
                self._words = [self.word_1.val(), self.word_2.val(), self.word_3.val()].map(U::get);
                self._left = LATER;
            }
            if let Some(word) = next {
                self._state = remainder(self._state ^ word);
            }
            if self.clear.val() {
                self._state = u64::from(u32::MAX);
                self._left = 0;
            }
        }
        self.busy.next = self._left > 0;
        self.value.next = U::new(!self._state);
    }
    fn connect(&mut self) {
        self.busy.connect();
        self.value.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = String::from(
            "\
reg [31:0] state;
reg [63:0] later [0:2];
reg [1:0] left;
wire [63:0] word = take ? word_0 : later[0];
wire [63:0] mixed = word ^ {32'd0, state};
wire [31:0] rest;
initial begin
   state = 32'hffffffff;
   left = 0;
   later[0] = 0;
   later[1] = 0;
   later[2] = 0;
end
always @(posedge clock) begin
   if (take || left != 0) begin
      state <= rest;
      left <= left - 1;
      later[0] <= later[1];
      later[1] <= later[2];
      later[2] <= later[0];
   end
   if (take) begin
      left <= 3;
      later[0] <= word_1;
      later[1] <= word_2;
      later[2] <= word_3;
   end
   if (clear) begin
      state <= 32'hffffffff;
      left <= 0;
   end
end
always @(*) begin
   busy = left != 0;
   value = ~state;
end
",
        );
        for bit in 0..32 {
            // the remainder is linear: which bits of the word reach this one
            let reaches = |from: &u32| remainder(1 << from) >> bit & 1 == 1;
            let mask = (0..64u32).filter(reaches).fold(0u64, |mask, from| mask | 1 << from);
            let _ = writeln!(text, "assign rest[{bit}] = ^(mixed & 64'h{mask:x});");
        }
        Verilog::Custom(text)
    }
    fn timing(&self) -> Vec<TimingInfo> {
        let inputs = ["clear", "take", "word_0", "word_1", "word_2", "word_3"].map(Into::into).to_vec();
        let outputs = vec!["busy".into(), "value".into()];
        vec![TimingInfo { name: "crc".into(), clock: "clock".into(), inputs, outputs }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crc_of(rows: &[[u64; 4]]) -> u64 {
        let mut crc = Crc::default();
        crc.connect_all();
        let tick = |crc: &mut Crc| {
            for level in [true, false] {
                crc.clock.next = level.into();
                assert!(simulate(crc, 10));
            }
        };
        tick(&mut crc);
        for [w0, w1, w2, w3] in rows.iter().copied() {
            crc.take.next = true;
            (crc.word_0.next, crc.word_1.next) = (w0.into(), w1.into());
            (crc.word_2.next, crc.word_3.next) = (w2.into(), w3.into());
            tick(&mut crc);
            crc.take.next = false;
            while crc.busy.val() {
                tick(&mut crc);
            }
        }
        crc.value.val().get()
    }

    #[test]
    fn crc_of_a_row_is_the_published_one() {
        // zlib: crc32(b"123456789012345678901234567890AB") and of the same row twice
        let row = [b"12345678", b"90123456", b"78901234", b"567890AB"].map(|bytes| u64::from_le_bytes(*bytes));
        assert_eq!(crc_of(&[]), 0);
        assert_eq!(crc_of(&[row]), 0xaf46_94d4);
        assert_eq!(crc_of(&[row, row]), 0x6151_62a8);
    }
}
