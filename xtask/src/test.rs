//! `test`: every check and test, in stages that all run even when one fails.

use crate::counts::Reader;
use crate::process::{cargo, exists, in_ci, line, run as run_command, PROFILE};
use crate::stages::{Outcome, Stages};
use crate::{docs, lint, setup, tidy};
use anyhow::{bail, Context, Result};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

/// Sets of sizes whose Verilog the lint stage checks.
const LINT_SETS: [&str; 2] = ["tiny", "ecp5"];

/// Runs the stages.
///
/// # Errors
/// If a stage or test failed.
pub(crate) fn run(quick: bool) -> Result<()> {
    let quick = quick && !in_ci();
    let mut stages = Stages::default();
    if !quick {
        stages.run("setup", tools);
    }
    stages.run("rustfmt", || run_command(cargo().args(["fmt", "--all", "--check"])).map(|()| Outcome::Passed));
    stages.run("clippy", clippy);
    stages.run("generated files", || docs::run(true).map(|()| Outcome::Passed));
    stages.run("tidy", || tidy::run().map(|()| Outcome::Passed));
    if quick {
        stages.run("unit tests", || cargo_test(&["--workspace", "--lib", "--bins"]));
    } else {
        stages.run("licences", licences);
        stages.run("tests", || cargo_test(&["--workspace"]));
        stages.run("lint", verilog);
        stages.run("replay", replay);
    }
    println!("{}", stages.summary());
    if !stages.passed() {
        bail!("there are failures");
    }
    Ok(())
}

fn tools() -> Result<Outcome> {
    match setup::run(false) {
        Ok(()) => Ok(Outcome::Passed),
        Err(error) if in_ci() => Err(error),
        Err(error) => {
            println!("skipped: {error:#}");
            Ok(Outcome::Skipped(format!("{error:#}")))
        }
    }
}

fn clippy() -> Result<Outcome> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--quiet", "--workspace", "--all-targets", "--profile", PROFILE, "--", "-D", "warnings"]);
    run_command(&mut clippy).map(|()| Outcome::Passed)
}

/// Licences of the dependencies. Building cargo-deny takes longer than every other stage, so its absence is a skip everywhere.
fn licences() -> Result<Outcome> {
    if !exists("cargo-deny") {
        return Ok(Outcome::Skipped("cargo-deny is not installed".to_owned()));
    }
    let mut deny = cargo();
    deny.args(["deny", "--offline", "check", "licenses", "bans", "sources"]);
    run_command(&mut deny).map(|()| Outcome::Passed)
}

fn verilog() -> Result<Outcome> {
    let missing = setup::missing();
    if !missing.is_empty() && !in_ci() {
        return Ok(Outcome::Skipped(format!("not installed: {}", missing.join(", "))));
    }
    lint::run(&LINT_SETS.map(str::to_owned), &[], false).map(|()| Outcome::Passed)
}

/// Runs tests, shows what matters of their output and counts.
fn cargo_test(selection: &[&str]) -> Result<Outcome> {
    let mut test = cargo();
    test.args(["test", "--no-fail-fast", "--profile", PROFILE]).args(selection).args(["--", "--show-output"]);
    let mut child = test
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(&test)))?;
    let stdout = child.stdout.take().context("the output of cargo test is missing")?;
    let mut reader = Reader::default();
    for output in BufReader::new(stdout).split(b'\n') {
        let output = output?;
        let output = String::from_utf8_lossy(&output);
        if reader.line(&output) {
            println!("{output}");
        }
    }
    let status = child.wait()?;
    let mut counts = reader.finish();
    if !status.success() && counts.failed == 0 {
        println!("`{}` failed without a failed test: {status}", line(&test));
        counts.failed = 1;
    }
    if status.success() && counts.passed == 0 {
        bail!("no test ran");
    }
    Ok(Outcome::Tested(counts))
}

/// One replay of the generated sample through the program that users run.
fn replay() -> Result<Outcome> {
    let mut replay = cargo();
    replay.args(["run", "--quiet", "--profile", PROFILE, "--package", "crossgate", "--", "replay", "--json"]);
    replay.stderr(Stdio::inherit());
    let output = replay.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", line(&replay)))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", line(&replay), output.status);
    }
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).context("the report is not JSON")?;
    let members = report.as_object().context("the report is not a JSON object")?;
    if members.is_empty() {
        bail!("the report is empty");
    }
    println!("report with {}", members.keys().cloned().collect::<Vec<_>>().join(", "));
    Ok(Outcome::Passed)
}
