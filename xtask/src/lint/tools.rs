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

/// `%Warning-CODE: file:line:column: message`.
fn verilator_findings(output: &str, design: &Design) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in output.lines() {
        let Some(rest) = text.strip_prefix("%Warning").or_else(|| text.strip_prefix("%Error")) else { continue };
        let (code, rest) = rest.split_once(": ").unwrap_or((rest, ""));
        if rest.starts_with("Exiting due to") {
            continue;
        }
        let code = code.strip_prefix('-').unwrap_or("ERROR");
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

/// Latches, several drivers, loops and missing drivers, by yosys.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn yosys(file: &Path, design: &Design) -> Result<Vec<Finding>> {
    let top = design.top().context("the file has no module")?;
    let script = format!(
        "read_verilog {}; hierarchy -check -top {top}; proc -noopt; select -assert-none t:$dlatch; check -assert",
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
    fn line_numbers_stay() {
        assert_eq!(prepared("\n\nmodule").lines().position(|line| line == "module"), Some(2));
    }
}
