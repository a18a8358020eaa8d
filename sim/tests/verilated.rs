//! A small card in Verilog through Verilator, the compiler, the cache and the loader.
#![allow(clippy::unwrap_used, reason = "test helpers")]

mod support;

use crossgate_contract::Window;
use crossgate_driver::Endpoint;
use crossgate_sim::pins::PinsEndpoint;
use crossgate_sim::verilated::{self, VerilatedError};

/// Answers every beat with an event whose word `i` is the beat's word `i` plus one, at address (window, slot, strobe),
/// and reads with the offset plus the last value written.
fn echo() -> String {
    let words =
        |name: &str, kind: &str| (0..8).map(|i| format!("{kind} [63:0] {name}_{i}")).collect::<Vec<_>>().join(",\n");
    let copy = (0..8).map(|i| format!("dma_word_{i} <= beat_word_{i} + 1;")).collect::<Vec<_>>().join("\n");
    format!(
        "module top(input wire clock,
input wire beat_valid, input wire [1:0] beat_window, input wire [15:0] beat_slot, input wire [7:0] beat_strobe,
{},
input wire write_valid, input wire [12:0] write_offset, input wire [31:0] write_data,
input wire read_valid, input wire [12:0] read_offset, output reg [31:0] read_data,
output reg dma_valid, input wire dma_ready, output reg [63:0] dma_address,
{},
input wire egress_ready, output wire egress_valid, output wire [63:0] egress_word_0,
output wire [63:0] egress_word_1, output wire [63:0] egress_word_2, output wire [63:0] egress_word_3,
output wire busy);
reg [31:0] held;
reg [31:0] read_reg;
assign busy = dma_valid;
assign egress_valid = !egress_ready;
assign egress_word_0 = 0;
assign egress_word_1 = 0;
assign egress_word_2 = 0;
assign egress_word_3 = 0;
initial begin held = 0; dma_valid = 0; read_data = 0; read_reg = 0; end
always @(posedge clock) begin
  if (write_valid) held <= write_data + {{19'd0, write_offset}};
  read_reg <= read_valid ? held + {{19'd0, read_offset}} : 0;
  read_data <= read_reg;
  if (dma_ready) dma_valid <= 0;
  if (beat_valid) begin
    dma_valid <= 1;
    dma_address <= {{38'd0, beat_window, beat_slot, beat_strobe}};
    {copy}
  end
end
endmodule
",
        words("beat_word", "input wire"),
        words("dma_word", "output reg"),
    )
}

#[test]
fn the_pins_of_a_verilog_card_are_joined_in_both_directions() {
    if !support::verilator("the_pins_of_a_verilog_card_are_joined_in_both_directions") {
        return;
    }
    let card = verilated::start(&echo(), None).unwrap();
    let library = card.path().to_owned();
    let mut card = PinsEndpoint::new(card);
    card.register_write(0x40, 1_000_000);
    assert_eq!(card.register_read(0x1ffc), 1_000_000 + 0x40 + 0x1ffc);
    card.window_write_part(Window::Control, 0xabcd, 0x5a, &[1, 2, 3, 4, 5, 6, 7, u64::MAX]);
    let mut seen = Vec::new();
    card.take_dma(&mut |address, words| seen.push((address, *words)));
    assert_eq!(seen, [(0x02ab_cd5a, [2, 3, 4, 5, 6, 7, 8, 0])]);
    assert!(!card.busy());
    // Two cards of one library have a state each, and the second start finds the library in the cache.
    let other = verilated::start(&echo(), None).unwrap();
    assert_eq!(other.path(), library);
    assert_eq!(PinsEndpoint::new(other).register_read(4), 4);
    assert_eq!(card.register_read(4), 1_000_000 + 0x40 + 4);
}

#[test]
fn a_selected_mutation_changes_the_card_and_none_does_not() {
    if !support::verilator("a_selected_mutation_changes_the_card_and_none_does_not") {
        return;
    }
    // Mutation 2 inverts the lowest bit of what a read returns.
    let mutated = echo()
        .replace("module top(", "module top(input wire [15:0] mutation_select, ")
        .replace("read_data <= read_reg;", "read_data <= read_reg ^ {31'd0, mutation_select == 16'd2};");
    let read = |mutation| {
        let mut card = PinsEndpoint::new(verilated::start_mutant(&mutated, mutation).unwrap());
        card.register_write(0x40, 1_000_000);
        card.register_read(0x1ffc)
    };
    let right = 1_000_000 + 0x40 + 0x1ffc;
    assert_eq!([read(0), read(1), read(2)], [right, right, right ^ 1]);
}

#[test]
fn a_waveform_is_written_on_request() {
    if !support::verilator("a_waveform_is_written_on_request") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let vcd = folder.path().join("card.vcd");
    let mut card = PinsEndpoint::new(verilated::start(&echo(), Some(&vcd)).unwrap());
    card.run(20);
    drop(card);
    let text = std::fs::read_to_string(&vcd).unwrap();
    assert!(
        text.contains("$enddefinitions") && text.contains("beat_valid") && text.contains("\n#38\n"),
        "20 clocks of 2 half cycles"
    );
}

#[test]
fn verilog_that_does_not_compile_is_an_error_with_the_output() {
    if !support::verilator("verilog_that_does_not_compile_is_an_error_with_the_output") {
        return;
    }
    let broken = echo().replace("held <= write_data", "held <= nonsense");
    let Err(VerilatedError::Failed { tool: "verilator", output, .. }) = verilated::start(&broken, None) else {
        panic!("must fail");
    };
    assert!(output.contains("nonsense"), "{output}");
}
