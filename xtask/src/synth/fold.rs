//! A wrapper that gives a block with hundreds of ports the few pins of a part, so that it can be placed and routed alone.
//!
//! Inputs come from a shift register; outputs are registered and folded by a tree of exclusive ors with a register after every four inputs. Everything
//! that the wrapper adds lies between registers, at most one LUT deep, so the slowest path is one of the block; nothing of the block can be removed.

use anyhow::{bail, Result};
use std::fmt::Write as _;

/// Name of the wrapper.
pub(super) const TOP: &str = "folded";
/// Name of its clock pin.
pub(super) const CLOCK: &str = "clock";
/// Name of the block's instance in it.
pub(super) const INSTANCE: &str = "block";
/// Pins that feed the shift register, and pins that show the fold.
const PINS: usize = 4;

/// A port of the block.
#[derive(Debug, PartialEq, Eq)]
struct Port {
    name: String,
    input: bool,
    bits: usize,
}

/// The ports that the first module called `top` declares.
fn ports(verilog: &str, top: &str) -> Vec<Port> {
    let heads = [format!("module {top}("), format!("module {top} (")];
    let lines = verilog.lines().map(str::trim).skip_while(|line| !heads.iter().any(|head| line.starts_with(head)));
    lines.take_while(|line| *line != "endmodule" && !line.starts_with("endmodule ")).filter_map(port).collect()
}

/// `input wire  [63:0] name;` and its like.
fn port(line: &str) -> Option<Port> {
    let mut words = line.strip_suffix(';')?.split_whitespace();
    let input = match words.next()? {
        "input" => true,
        "output" => false,
        _ => return None,
    };
    let mut bits = 1;
    let mut name = None;
    for word in words {
        if let Some(range) = word.strip_prefix('[') {
            bits = range.strip_suffix(":0]")?.parse::<usize>().ok()? + 1;
        } else if !["wire", "reg", "signed"].contains(&word) {
            name = Some(word.to_owned());
        }
    }
    name.map(|name| Port { name, input, bits })
}

/// The wrapper of the module `top` of `verilog`.
///
/// # Errors
/// If the module has no clock, no inputs or no outputs.
pub(super) fn wrapper(verilog: &str, top: &str) -> Result<String> {
    let ports = ports(verilog, top);
    let bits =
        |input| ports.iter().filter(|port| port.input == input && port.name != CLOCK).map(|port| port.bits).sum();
    let (inputs, outputs): (usize, usize) = (bits(true), bits(false));
    if inputs == 0 || outputs == 0 || !ports.iter().any(|port| port.name == CLOCK) {
        bail!("module {top} has {inputs} bits of inputs and {outputs} of outputs beside its clock");
    }
    let mut text = format!(
        "module {TOP}(input wire {CLOCK}, input wire [{last}:0] pins_in, output wire [{last}:0] pins_out);\n",
        last = PINS - 1
    );
    // Whole groups of pins, so that the shift needs no special case.
    let width = inputs.next_multiple_of(PINS).max(2 * PINS);
    let _ = writeln!(text, "reg [{}:0] load;", width - 1);
    let _ = writeln!(text, "wire [{}:0] seen;", outputs - 1);
    let _ = writeln!(text, "always @(posedge {CLOCK}) load <= {{load[{}:0], pins_in}};", width - PINS - 1);
    let mut connections = vec![format!(".{CLOCK}({CLOCK})")];
    let (mut next_input, mut next_output) = (0, 0);
    for port in ports.iter().filter(|port| port.name != CLOCK) {
        let (bus, next) = if port.input { ("load", &mut next_input) } else { ("seen", &mut next_output) };
        connections.push(format!(".{}({bus}[{}:{next}])", port.name, *next + port.bits - 1));
        *next += port.bits;
    }
    let _ = writeln!(text, "{top} {INSTANCE}({});", connections.join(", "));
    fold(&mut text, outputs);
    text.push_str("endmodule\n");
    Ok(text)
}

/// Registers of `seen` and the tree behind them.
fn fold(text: &mut String, outputs: usize) {
    let mut width = outputs;
    let _ = writeln!(text, "reg [{}:0] level_0;\nalways @(posedge {CLOCK}) level_0 <= seen;", width - 1);
    let mut level = 0;
    while width > PINS {
        let next = width.div_ceil(4);
        let _ = writeln!(text, "reg [{}:0] level_{};", next - 1, level + 1);
        let _ = writeln!(text, "always @(posedge {CLOCK}) begin");
        for group in 0..next {
            let (low, high) = (4 * group, (4 * group + 3).min(width - 1));
            let _ = writeln!(text, "  level_{}[{group}] <= ^level_{level}[{high}:{low}];", level + 1);
        }
        text.push_str("end\n");
        width = next;
        level += 1;
    }
    let _ = writeln!(text, "assign pins_out = level_{level};");
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "module top(clock,a,b,c);
 input wire  clock;
 input wire  [5:0] a;
 output reg signed [17:0] b;
 output reg  c;
endmodule // top
module other(x);
 input wire  x;
endmodule // other
";

    #[test]
    fn every_bit_of_every_port_is_joined_once() {
        let text = wrapper(BLOCK, "top").unwrap();
        assert!(text.contains("top block(.clock(clock), .a(load[5:0]), .b(seen[17:0]), .c(seen[18:18]));"), "{text}");
        assert!(text.contains("load <= {load[3:0], pins_in}"), "{text}");
    }

    #[test]
    fn every_output_bit_reaches_the_pins_through_registers() {
        let text = wrapper(BLOCK, "top").unwrap();
        // 19 bits: 5 groups, then 2.
        assert!(
            text.contains("level_1[4] <= ^level_0[18:16];") && text.contains("level_2[1] <= ^level_1[4:4];"),
            "{text}"
        );
        assert!(text.contains("assign pins_out = level_2;"), "{text}");
    }

    #[test]
    fn a_block_without_a_clock_is_refused() {
        let error =
            wrapper("module top(a,b);\n input wire  a;\n output reg  b;\nendmodule\n", "top").unwrap_err().to_string();
        assert!(error.contains("module top has 1 bits"), "{error}");
    }
}
