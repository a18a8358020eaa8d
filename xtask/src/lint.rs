//! `lint`: the gate between rust-hdl and everything that reads its Verilog.
//!
//! The emitter can write text that passes its own checks and behaves differently from the native simulation. Four judges read every emitted file: rules on
//! its expressions ([`rules`]), Verilator with every warning on, iverilog, and yosys (latches, drivers, loops). What they say fails unless an entry of
//! `hdl/lint/verilator.allow` names it with a reason, and an entry that matches nothing fails too. The self-test feeds the known traps to the same judges
//! with the same list of exceptions.

mod allow;
mod expression;
mod memories;
mod rules;
mod tools;
mod traps;
mod verilog;

use crate::emit;
use crate::process::root;
use allow::Allowlist;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};
use std::time::Instant;

const ALLOWLIST: &str = "hdl/lint/verilator.allow";

/// Something that a judge says about a line of Verilog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Warning code of the judge.
    pub(crate) code: String,
    /// Module that the line belongs to.
    pub(crate) module: String,
    /// Line number, from 1.
    pub(crate) line: usize,
    /// The line.
    pub(crate) source: String,
    /// What is wrong.
    pub(crate) message: String,
}

/// Emits and checks the Verilog of the sets, or checks the files if there are any.
///
/// # Errors
/// If a file is refused, an exception is not used, or a trap is not flagged.
pub(crate) fn run(sets: &[String], files: &[PathBuf], self_test: bool) -> Result<()> {
    tools::require()?;
    let text = std::fs::read_to_string(root().join(ALLOWLIST)).with_context(|| format!("cannot read {ALLOWLIST}"))?;
    let mut allowlist = Allowlist::parse(&text)?;
    traps::run(&mut allowlist)?;
    if self_test {
        return Ok(());
    }
    allowlist.forget_uses();
    let mut refused = 0;
    for file in files {
        let file = file.canonicalize().with_context(|| format!("cannot find {}", file.display()))?;
        refused += check(&file, &mut allowlist)?;
    }
    if files.is_empty() {
        refused += check_sets(sets, &mut allowlist)?;
    }
    if refused > 0 {
        bail!("{refused} findings");
    }
    Ok(())
}

fn check_sets(sets: &[String], allowlist: &mut Allowlist) -> Result<usize> {
    let mut refused = 0;
    for set in sets {
        let files = emit::run(set)?;
        for file in &files {
            refused += check(file, allowlist)?;
        }
        refused += memories::check(set, &files)?;
    }
    for entry in allowlist.unused() {
        println!("{ALLOWLIST}:{}: the exception `{}` matches nothing", entry.line, entry.text());
        refused += 1;
    }
    Ok(refused)
}

pub(crate) use tools::without_memory_loops;

/// Name of the top module of a file.
///
/// # Errors
/// If it has no module.
pub(crate) fn top_of(text: &str) -> Result<String> {
    verilog::Design::parse(text).top().map(str::to_owned).context("the file has no module")
}

/// Checks one file; prints and counts what no exception covers.
fn check(file: &Path, allowlist: &mut Allowlist) -> Result<usize> {
    let start = Instant::now();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let findings = judge(&text, file)?;
    let mut refused = 0;
    for finding in findings.iter().filter(|finding| !allowlist.allows(finding)) {
        refused += 1;
        println!("{name}:{}: {} in {}: {}", finding.line, finding.code, finding.module, finding.message);
        println!("    {}", finding.source.trim());
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{name}: {} findings, {refused} refused, {seconds:.1} s", findings.len());
    Ok(refused)
}

/// What all judges say about a text; the tools write beside `file`.
fn judge(text: &str, file: &Path) -> Result<Vec<Finding>> {
    let design = verilog::Design::parse(text);
    let mut findings = rules::check(&design);
    let prepared: PathBuf = file.with_extension("lint.v");
    std::fs::write(&prepared, tools::prepared(text)).with_context(|| format!("cannot write {}", prepared.display()))?;
    findings.extend(tools::verilator(&prepared, &design)?);
    findings.extend(tools::iverilog(&prepared, &design)?);
    findings.extend(tools::yosys(&prepared, &design)?);
    std::fs::remove_file(&prepared)?;
    Ok(findings)
}
