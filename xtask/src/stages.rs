//! Named stages with an outcome and a duration, and the table that sums them up.

use crate::counts::Counts;
use anyhow::Result;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// How a stage ended when it did not fail.
pub(crate) enum Outcome {
    /// It ran and passed.
    Passed,
    /// It could not run here; the text says why.
    Skipped(String),
    /// It ran tests of cargo.
    Tested(Counts),
}

struct Row {
    name: &'static str,
    word: &'static str,
    note: String,
    duration: Duration,
}

/// The stages of one run.
#[derive(Default)]
pub(crate) struct Stages {
    rows: Vec<Row>,
    counts: Counts,
}

impl Stages {
    /// Runs a stage; an error makes it fail and the next stages run all the same.
    pub(crate) fn run(&mut self, name: &'static str, stage: impl FnOnce() -> Result<Outcome>) {
        println!("==> {name}");
        let start = Instant::now();
        let outcome = stage();
        let duration = start.elapsed();
        let (word, note) = match outcome {
            Ok(Outcome::Passed) => ("passed", String::new()),
            Ok(Outcome::Skipped(reason)) => {
                self.counts.skipped += 1;
                ("skipped", reason)
            }
            Ok(Outcome::Tested(counts)) => {
                let note = counts.to_string();
                let word = if counts.failed == 0 { "passed" } else { "failed" };
                self.counts.add(counts);
                (word, note)
            }
            Err(error) => {
                self.counts.failed += 1;
                (("failed"), format!("{error:#}"))
            }
        };
        let shown = if word == "failed" { format!("{word}: {note}") } else { word.to_owned() };
        println!("<== {name}: {shown} in {:.1} s\n", duration.as_secs_f64());
        self.rows.push(Row { name, word, note, duration });
    }

    /// The table, the reasons of skipped tests and the line of totals.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for row in &self.rows {
            let note = row.note.lines().next().unwrap_or_default();
            let seconds = row.duration.as_secs_f64();
            let _ = writeln!(text, "{:width$}  {:7}  {seconds:7.1} s  {note}", row.name, row.word);
        }
        for reason in &self.counts.reasons {
            let _ = writeln!(text, "skipped: {reason}");
        }
        let total: Duration = self.rows.iter().map(|row| row.duration).sum();
        let _ = writeln!(text, "all stages: {:.1} s", total.as_secs_f64());
        let _ = write!(text, "{}", self.counts);
        text
    }

    /// Whether no stage and no test failed.
    pub(crate) const fn passed(&self) -> bool {
        self.counts.failed == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_stage_counts_and_later_stages_run() {
        let mut stages = Stages::default();
        stages.run("first", || anyhow::bail!("reason"));
        stages.run("second", || {
            Ok(Outcome::Tested(Counts { passed: 3, failed: 0, skipped: 1, reasons: ["no data".to_owned()].into() }))
        });
        stages.run("third", || Ok(Outcome::Skipped("no tool".to_owned())));
        assert!(!stages.passed());
        let summary = stages.summary();
        assert!(summary.ends_with("\n3 passed, 1 failed, 2 skipped"), "{summary}");
        assert!(summary.contains("skipped: no data"), "{summary}");
    }
}
