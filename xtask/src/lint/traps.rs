//! The self-test: forms that the emitter writes without complaint and that Verilog reads otherwise. Every one must be flagged in spite of the exceptions.

use super::allow::Allowlist;
use super::judge;
use crate::process::target;
use anyhow::{bail, Result};
use std::time::Instant;

/// What was meant, and the text of the combinational block that the emitter makes of it.
const TRAPS: &[(&str, &str)] = &[
    ("a + 1 == b wraps at 8 bits", "one = a + 32'h1 == b;"),
    ("a - 1 > b wraps at 8 bits", "one = a - 32'h1 > b;"),
    ("!a == 0 for all ones", "one = ~a == 32'h0;"),
    ("!x == 0 for one bit", "one = ~x == 32'h0;"),
    ("(a & 1) == b", "one = a & 32'h1 == b;"),
    ("x & y == x of single bits", "one = x & y == x;"),
    ("cast of a + b to 16 bits drops the carry", "wide = $unsigned(a + b);"),
    ("cast by mask of a + b to 16 bits drops the carry", "wide = ((a + b) & 16'hffff);"),
    ("cast by mask of a + b to 9 bits drops the carry", "nine = ((a + b) & 9'h1ff);"),
    ("cast of s + s to 16 bits drops the carry", "wide = $signed(s + s);"),
    ("a sum of 8 bits in an assignment of 16 bits", "wide = a + b;"),
    ("(a + b + 1) >> 1 drops the carry", "byte_out = (a + b + 32'h1) >> 32'h1;"),
    ("a cast to fewer bits before a comparison", "one = $unsigned(wide_in) == a;"),
    ("a sign extended beside an unsigned operand", "wide = $signed(s) + 32'h1;"),
    ("s < 0", "one = s < 32'h0;"),
    ("s < 5", "one = s < 32'h5;"),
    ("t < 5 in 32 bits", "one = t < 32'h5;"),
    ("s < a with different signs", "one = s < a;"),
    ("a comparison with a literal that wraps", "one = a == 32'h100;"),
    ("a name that is declared nowhere", "byte_out = contract$WIDTH;"),
    ("a path without an assignment", "if (x) begin\n      byte_out = a;\n   end"),
    ("a block that never starts", "byte_out = 32'h3;"),
];

/// A block that every judge accepts, so that a flag comes from the trap.
const HARMLESS: &str = "one = (a == b) & x; byte_out = a + b;";

/// Feeds every trap to the judges.
///
/// # Errors
/// If a trap passes, or the harmless block does not.
pub(crate) fn run(allowlist: &mut Allowlist) -> Result<()> {
    let start = Instant::now();
    let folder = target().join("verilog");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("trap-{}.v", std::process::id()));
    let mut flagged = |body: &str| -> Result<Vec<String>> {
        let findings = judge(&module(body), &file)?;
        let refused = findings.iter().filter(|finding| !allowlist.allows(finding));
        Ok(refused.map(|finding| format!("{}: {}: {}", finding.code, finding.source, finding.message)).collect())
    };
    let harmless = flagged(&HARMLESS.replace("; ", ";\n   "))?;
    if !harmless.is_empty() {
        bail!("a harmless block is flagged:\n{}", harmless.join("\n"));
    }
    for (meaning, body) in TRAPS {
        if flagged(body)?.is_empty() {
            bail!("not flagged: {meaning}: `{body}`");
        }
    }
    println!("self-test: {} traps are flagged, {:.1} s", TRAPS.len(), start.elapsed().as_secs_f64());
    Ok(())
}

/// A module as the emitter writes it. It declares and drives only what the body names, so that unused signals flag nothing.
fn module(body: &str) -> String {
    let ports = [
        ("a", "input wire  [7:0] a;"),
        ("b", "input wire  [7:0] b;"),
        ("s", "input wire signed [7:0] s;"),
        ("t", "input wire signed [31:0] t;"),
        ("x", "input wire  x;"),
        ("y", "input wire  y;"),
        ("wide_in", "input wire  [15:0] wide_in;"),
        ("one", "output reg  one;"),
        ("byte_out", "output reg  [7:0] byte_out;"),
        ("nine", "output reg  [8:0] nine;"),
        ("wide", "output reg  [15:0] wide;"),
    ];
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let used = |name: &str| body.split(|c| !word(c)).any(|found| found == name);
    let (names, declarations): (Vec<&str>, Vec<&str>) = ports.into_iter().filter(|(name, _)| used(name)).unzip();
    format!(
        "\n\nmodule top({});\n   {}\n   // Update code\n   always @(*) begin\n   {body}\n   end\nendmodule // top\n",
        names.join(","),
        declarations.join("\n   ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::in_ci;
    use crate::setup;

    #[test]
    fn every_trap_is_flagged() {
        let missing = setup::missing();
        if !missing.is_empty() {
            assert!(!in_ci(), "not installed: {}", missing.join(", "));
            eprintln!("skipped: not installed: {}", missing.join(", "));
            return;
        }
        let text = std::fs::read_to_string(crate::process::root().join(super::super::ALLOWLIST)).unwrap();
        run(&mut Allowlist::parse(&text).unwrap()).unwrap();
    }

    #[test]
    fn module_declares_what_the_body_names() {
        let text = module("one = a == b;");
        assert!(text.contains("module top(a,b,one);") && !text.contains("wide"), "{text}");
    }
}
