//! The C++ that joins the pins of a verilated card to plain C structures.

use super::VerilatedError;
use std::fmt::Write;

/// Top module of the emitted Verilog.
pub(super) const TOP: &str = "top";
/// Name of the class that Verilator makes of it, as in `wrapper.cpp`.
pub(super) const CLASS: &str = "Vcard";

/// Pins that the host drives: name in Verilog, field of the C structure, C type.
const INPUTS: &[(&str, &str, &str)] = &[
    ("beat_valid", "beat_valid", "uint8_t"),
    ("beat_window", "beat_window", "uint8_t"),
    ("beat_strobe", "beat_strobe", "uint8_t"),
    ("dma_ready", "dma_ready", "uint8_t"),
    ("beat_slot", "beat_slot", "uint16_t"),
    ("write_valid", "write_valid", "uint8_t"),
    ("read_valid", "read_valid", "uint8_t"),
    ("egress_ready", "egress_ready", "uint8_t"),
    ("write_offset", "write_offset", "uint32_t"),
    ("write_data", "write_data", "uint32_t"),
    ("read_offset", "read_offset", "uint32_t"),
];
/// Pins that the card drives.
const OUTPUTS: &[(&str, &str, &str)] = &[
    ("dma_valid", "dma_valid", "uint8_t"),
    ("busy", "busy", "uint8_t"),
    ("egress_valid", "egress_valid", "uint8_t"),
    ("read_data", "read_data", "uint32_t"),
    ("dma_address", "dma_address", "uint64_t"),
    ("egress_word_0", "egress_word_0", "uint64_t"),
    ("egress_word_1", "egress_word_1", "uint64_t"),
    ("egress_word_2", "egress_word_2", "uint64_t"),
    ("egress_word_3", "egress_word_3", "uint64_t"),
];
/// Selects one of the mutations that the Verilog of a mutation test holds; 0 is none. A card has no such port.
const SELECT: &str = "mutation_select";
/// Eight quadwords each.
const INPUT_WORDS: &str = "beat_word";
const OUTPUT_WORDS: &str = "dma_word";

/// The name of one of eight ports.
fn element(port: &str, index: usize) -> String {
    format!("{port}_{index}")
}

/// Whether the top module of the Verilog has this port.
fn has_port(verilog: &str, port: &str) -> bool {
    let start = verilog.find(&format!("module {TOP}(")).or_else(|| verilog.find(&format!("module {TOP} (")));
    let head = start.and_then(|start| verilog[start..].split(';').next()).unwrap_or("");
    head.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_$".contains(letter))).any(|word| word == port)
}

/// Every port that the wrapper touches must be in the Verilog of the top module.
fn check_ports(verilog: &str) -> Result<(), VerilatedError> {
    let arrays = [INPUT_WORDS, OUTPUT_WORDS].into_iter().flat_map(|port| (0..8).map(move |index| element(port, index)));
    let scalars = INPUTS.iter().chain(OUTPUTS).map(|(port, _, _)| (*port).to_owned());
    for port in scalars.chain(arrays).chain([String::from("clock")]) {
        if !has_port(verilog, &port) {
            return Err(VerilatedError::Port { port });
        }
    }
    Ok(())
}

fn fields(pins: &[(&str, &str, &str)], words: &str) -> String {
    let mut text = String::new();
    for (_, field, ctype) in pins {
        let _ = writeln!(text, "  {ctype} {field};");
    }
    let _ = writeln!(text, "  uint64_t {words}[8];");
    text
}

/// The source of the wrapper for this Verilog.
///
/// # Errors
/// [`VerilatedError::Port`] if a pin is missing.
pub(super) fn source(verilog: &str) -> Result<String, VerilatedError> {
    check_ports(verilog)?;
    let (mut drive, mut sample) = (String::new(), String::new());
    for (port, field, _) in INPUTS {
        let _ = writeln!(drive, "  top.{port} = in->{field};");
    }
    for (port, field, _) in OUTPUTS {
        let _ = writeln!(sample, "  out->{field} = top.{port};");
    }
    for index in 0..8 {
        let _ = writeln!(drive, "  top.{} = in->{INPUT_WORDS}[{index}];", element(INPUT_WORDS, index));
        let _ = writeln!(sample, "  out->{OUTPUT_WORDS}[{index}] = top.{};", element(OUTPUT_WORDS, index));
    }
    let select = if has_port(verilog, SELECT) {
        format!("  card->top->{SELECT} = mutation;")
    } else {
        String::from("  (void)card;\n  (void)mutation;")
    };
    let parts = [
        ("@SELECT@", select),
        ("@INPUTS@", fields(INPUTS, INPUT_WORDS)),
        ("@OUTPUTS@", fields(OUTPUTS, OUTPUT_WORDS)),
        ("@DRIVE@", drive),
        ("@SAMPLE@", sample),
    ];
    let template = String::from(include_str!("wrapper.cpp"));
    Ok(parts.iter().fold(template, |text, (mark, lines)| text.replace(mark, lines.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_pin_is_named() {
        let error = source("module top(clock,beat_valid); endmodule").unwrap_err();
        assert_eq!(error.to_string(), "the Verilog has no port beat_window");
    }
}
