//! The tools that judge Verilog, and how their messages become findings.

use super::verilog::Design;
use super::Finding;
use crate::process::{capture, command};
use crate::setup;
use anyhow::{bail, Context, Result};
use std::path::Path;

/// Stands before the text, so that an undeclared name is an error everywhere. The text begins with an empty line, which it replaces.
const DIRECTIVE: &str = "`default_nettype none";

/// Checks that the tools are there.
///
/// # Errors
/// If one is missing.
pub(crate) fn require() -> Result<()> {
    let missing = setup::missing();
    if !missing.is_empty() {
        bail!("not installed: {}; run `cargo xtask setup`", missing.join(", "));
    }
    Ok(())
}

/// The text as the tools read it, with unchanged line numbers where the first line is empty.
pub(crate) fn prepared(text: &str) -> String {
    format!("{DIRECTIVE}{}{text}", if text.starts_with('\n') { "" } else { " \n" })
}

/// The text without the loops that set memories to zero before time 0: yosys unrolls them in time quadratic in the words, and a build clears its memories
/// through RESET anyway. Line numbers stay.
pub(crate) fn without_memory_loops(text: &str) -> String {
    let is_loop = |line: &str| line.starts_with("for (i = 0; i <= ") && line.ends_with("words[i] = 0;");
    let kept = text.lines().map(|line| if is_loop(line.trim()) { "" } else { line });
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn finding(design: &Design, code: &str, line: usize, message: &str) -> Finding {
    Finding {
        code: code.to_owned(),
        module: design.module_at(line).to_owned(),
        line,
        source: design.line(line).to_owned(),
        message: message.trim().to_owned(),
    }
}

/// Verilator with every warning.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn verilator(file: &Path, design: &Design) -> Result<Vec<Finding>> {
    let mut lint = command("verilator");
    lint.args(["--lint-only", "-Wall", "-Wno-fatal", "-Wno-DECLFILENAME", "--top-module"]);
    let output = capture(lint.arg(design.top().context("the file has no module")?).arg(file))?;
    let findings = verilator_findings(&output.stderr, design);
    if !output.success && findings.is_empty() {
        bail!("verilator failed:\n{}", output.stderr);
    }
    Ok(findings)
}

/// `%Warning-CODE: file:line:column: message`. Newer versions split the code WIDTH; it is one here.
fn verilator_findings(output: &str, design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in output.lines() {
        let Some(rest) = text.strip_prefix("%Warning").or_else(|| text.strip_prefix("%Error")) else { continue };
        let (code, rest) = rest.split_once(": ").unwrap_or((rest, ""));
        if rest.starts_with("Exiting due to") {
            continue;
        }
        let code = match code.strip_prefix('-') {
            Some(width) if width.starts_with("WIDTH") => "WIDTH",
            other => other.unwrap_or("ERROR"),
        };
        let (line, message) = place(rest).unwrap_or((0, rest));
        findings.push(finding(design, code, line, message));
    }
    findings
}

/// Line number and message after `file:line:column: ` or `file:line: `.
fn place(text: &str) -> Option<(usize, &str)> {
    let (_, rest) = text.split_once(".v:")?;
    let (line, message) = rest.split_once(':')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let message = match message.split_once(':') {
        Some((column, after)) if number(column) => after,
        _ => message,
    };
    Some((line.parse().ok()?, message.trim()))
}

/// Elaboration by iverilog with its warnings.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn iverilog(file: &Path, design: &Design) -> Result<Vec<Finding>> {
    let mut elaborate = command("iverilog");
    elaborate.args(["-Wall", "-Wno-timescale", "-g2005", "-t", "null", "-s"]);
    let output = capture(elaborate.arg(design.top().context("the file has no module")?).arg(file))?;
    let mut findings: Vec<Finding> = Vec::new();
    for text in output.stderr.lines().chain(output.stdout.lines()) {
        let (line, message) = place(text).unwrap_or((0, text));
        if message.starts_with(": ") || message.starts_with("     ") {
            continue;
        }
        findings.push(finding(design, "IVERILOG", line, message));
    }
    if !output.success && findings.is_empty() {
        bail!("iverilog failed");
    }
    Ok(findings)
}

/// Latches, several drivers, loops and missing drivers, by yosys. It is the last reader of the prepared file and takes the loops of memories out of it.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn yosys(file: &Path, design: &Design) -> Result<Vec<Finding>> {
    let top = design.top().context("the file has no module")?;
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    std::fs::write(file, without_memory_loops(&text))?;
    let script = format!(
        "read_verilog {}; hierarchy -check -top {top}; proc -noopt; select -assert-none t:$dlatch; flatten; check -assert",
        file.display()
    );
    let output = capture(command("yosys").args(["-q", "-p", &script]))?;
    if output.success {
        return Ok(Vec::new());
    }
    let text = format!("{}{}", output.stdout, output.stderr);
    let mut findings = Vec::new();
    for message in text.lines().filter(|line| line.contains("Warning: ") || line.contains("ERROR: ")) {
        let line = place(message).map_or(0, |(line, _)| line);
        findings.push(finding(design, "YOSYS", line, message));
    }
    if findings.is_empty() {
        bail!("yosys failed:\n{text}");
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_verilator_become_findings() {
        let design = Design::parse("\nmodule top(a);\n   a = b;\nendmodule\n");
        let warning = "%Warning-WIDTH: x/p.v:3:8: Operator ADD expects 32 bits.\n      : ... In instance top\n";
        let error = "%Error: x/p.v:3: bad\n%Error: Exiting due to 1 warning(s)\n";
        let found = verilator_findings(&format!("{warning}    3 | a = b;\n{error}"), &design);
        assert_eq!(found.len(), 2);
        assert_eq!((&*found[0].code, found[0].line, &*found[0].module), ("WIDTH", 3, "top"));
        assert_eq!((&*found[0].source, &*found[0].message), ("   a = b;", "Operator ADD expects 32 bits."));
        assert_eq!((&*found[1].code, found[1].line), ("ERROR", 3));
    }

    #[test]
    fn only_memory_loops_are_taken_out() {
        let text = "initial begin\n   for (i = 0; i <= 7; i = i + 1) words[i] = 0;\n   q = 0;\nend\n";
        assert_eq!(without_memory_loops(text), "initial begin\n\n   q = 0;\nend\n");
    }

    #[test]
    fn line_numbers_stay() {
        assert_eq!(prepared("\n\nmodule").lines().position(|line| line == "module"), Some(2));
    }
}
