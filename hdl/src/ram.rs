//! Simple dual-port memories as leaf blocks: [`Ram`] with a registered read (block RAM) and [`LutRam`] with an
//! asynchronous read (distributed RAM).
//!
//! One write and one read port, one clock. [`Ram`] reads the old word when both ports name the same address in one
//! clock; [`LutRam`] shows a write from the
//! next clock on. Memories start as zeros; RESET scrubs them through the write port, because a bitstream's initial
//! values do not come back.

use crate::int::U;
use rust_hdl_core::prelude::*;

/// `2^N` words of `D`; the read data follows the address by one clock.
#[derive(LogicBlock)]
pub struct Ram<D: Synth, const N: usize> {
    /// Clock.
    pub clock: Signal<In, Clock>,
    /// Read address.
    pub read_address: Signal<In, U<N>>,
    /// The word at the address of the previous clock edge.
    pub read_data: Signal<Out, D>,
    /// Write at the next edge.
    pub write_enable: Signal<In, Bit>,
    /// Write address.
    pub write_address: Signal<In, U<N>>,
    /// Word to write.
    pub write_data: Signal<In, D>,
    _words: Vec<D>,
}

impl<D: Synth, const N: usize> Default for Ram<D, N> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            write_enable: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            _words: vec![D::default(); 1 << N],
        }
    }
}

impl<D: Synth, const N: usize> Logic for Ram<D, N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.read_data.next = self._words[self.read_address.val().index()];
            if self.write_enable.val() {
                self._words[self.write_address.val().index()] = self.write_data.val();
            }
        }
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
reg [{high}:0] words [0:{last}];
integer i;
initial begin
   for (i = 0; i <= {last}; i = i + 1) words[i] = 0;
   read_data = 0;
end
always @(posedge clock) begin
   read_data <= words[read_address];
   if (write_enable) words[write_address] <= write_data;
end
",
            high = D::BITS - 1,
            last = (1usize << N) - 1
        ))
    }
    fn timing(&self) -> Vec<TimingInfo> {
        timing("ram", true)
    }
}

/// `2^N` words of `D`; the read data follows the address at once.
#[derive(LogicBlock)]
pub struct LutRam<D: Synth, const N: usize> {
    /// Clock of the write port.
    pub clock: Signal<In, Clock>,
    /// Read address.
    pub read_address: Signal<In, U<N>>,
    /// The word at that address.
    pub read_data: Signal<Out, D>,
    /// Write at the next edge.
    pub write_enable: Signal<In, Bit>,
    /// Write address.
    pub write_address: Signal<In, U<N>>,
    /// Word to write.
    pub write_data: Signal<In, D>,
    _words: Vec<D>,
}

impl<D: Synth, const N: usize> Default for LutRam<D, N> {
    fn default() -> Self {
        Self {
            clock: Default::default(),
            read_address: Default::default(),
            read_data: Default::default(),
            write_enable: Default::default(),
            write_address: Default::default(),
            write_data: Default::default(),
            _words: vec![D::default(); 1 << N],
        }
    }
}

impl<D: Synth, const N: usize> Logic for LutRam<D, N> {
    fn update(&mut self) {
        if self.clock.pos_edge() && self.write_enable.val() {
            self._words[self.write_address.val().index()] = self.write_data.val();
        }
        self.read_data.next = self._words[self.read_address.val().index()];
    }
    fn connect(&mut self) {
        self.read_data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "\
(* ram_style = \"distributed\" *) reg [{high}:0] words [0:{last}];
integer i;
initial begin
   for (i = 0; i <= {last}; i = i + 1) words[i] = 0;
end
always @(posedge clock) begin
   if (write_enable) words[write_address] <= write_data;
end
always @(*) read_data = words[read_address];
",
            high = D::BITS - 1,
            last = (1usize << N) - 1
        ))
    }
    fn timing(&self) -> Vec<TimingInfo> {
        timing("lut_ram", false)
    }
}

fn timing(name: &str, registered_read: bool) -> Vec<TimingInfo> {
    let mut inputs = vec!["write_address".into(), "write_data".into(), "write_enable".into()];
    let outputs = if registered_read {
        inputs.push("read_address".into());
        vec!["read_data".into()]
    } else {
        vec![]
    };
    vec![TimingInfo { name: name.into(), clock: "clock".into(), inputs, outputs }]
}
