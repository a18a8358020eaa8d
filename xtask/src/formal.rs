//! `formal`: proofs about the emitted Verilog of the set `tiny`, and mutated twins of it that the same properties must refute.
//!
//! Every property set below `hdl/formal` is proved by induction over clocks, which includes the first clocks from the start, and run against each of its
//! twins from the start; what its covers name must be reachable. A proof that fails, a twin that is not refuted or a cover that is not reached fails the
//! command; twins and covers also show that no assumption of the environment empties a proof. docs/formal.md says what is promised and what is assumed.

mod job;
mod property;

use crate::process::{root, run_all};
use crate::{emit, setup};
use anyhow::{bail, Context, Result};
use job::{Job, Kind, Outcome};
use property::Property;
use serde_json::json;
use std::fmt::Write as _;

/// Set of sizes that is proved.
const SET: &str = "tiny";
/// Folder of the property sets.
const FOLDER: &str = "hdl/formal";

/// Proves and refutes; `only` names a property set.
///
/// # Errors
/// If a tool is missing, or anything did not end as it must.
pub(crate) fn run(only: Option<&str>, json: bool) -> Result<()> {
    let properties = properties(only)?;
    setup::formal()?;
    emit::run(SET)?;
    let jobs: Vec<Job<'_>> = properties.iter().flat_map(jobs).collect();
    let outcomes = run_all(&jobs, outcome)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&value(&jobs, &outcomes))?);
    } else {
        print!("{}", table(&jobs, &outcomes));
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if failed > 0 {
        bail!("{failed} of {} runs did not end as they must; see {}", outcomes.len(), job::folder().display());
    }
    Ok(())
}

fn properties(only: Option<&str>) -> Result<Vec<Property>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(root().join(FOLDER)).with_context(|| format!("cannot read {FOLDER}"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sv") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut all = paths.iter().map(|path| Property::read(path)).collect::<Result<Vec<_>>>()?;
    let names: Vec<String> = all.iter().map(|property| property.name.clone()).collect();
    all.retain(|property| only.is_none_or(|only| property.name == only));
    if all.is_empty() {
        bail!("no property set has this name; there are {}", names.join(", "));
    }
    Ok(all)
}

fn jobs(property: &Property) -> Vec<Job<'_>> {
    let (twins, covers) = (property.twins.iter().map(Kind::Twin), property.covers().into_iter().map(Kind::Cover));
    std::iter::once(Kind::Induction).chain(twins).chain(covers).map(|kind| Job { property, kind }).collect()
}

/// Runs a job and says how it ended.
fn outcome(job: &Job<'_>) -> Result<Outcome> {
    let outcome = job.run(&emit::folder(SET).join(format!("{}_{SET}.v", job.property.file)))?;
    eprintln!("{}: {} {:.1} s", title(job), word(job, &outcome), outcome.seconds);
    Ok(outcome)
}

fn title(job: &Job<'_>) -> String {
    match job.kind {
        Kind::Induction => format!("{} induction", job.property.name),
        Kind::Twin(twin) => format!("{} twin {}", job.property.name, twin.name),
        Kind::Cover(cover) => format!("{} cover {cover}", job.property.name),
    }
}

/// The result in a word.
fn word(job: &Job<'_>, outcome: &Outcome) -> String {
    let word = match (job.kind, outcome.status.as_str()) {
        (Kind::Induction, "PASS") if job.property.induction == 0 => "no violation in the clocks of bmc",
        (Kind::Induction, "PASS") => "proved",
        (Kind::Twin(_), "FAIL") => "refuted",
        (Kind::Twin(_), "PASS") => "NOT REFUTED",
        (Kind::Cover(_), "FAIL") => "reached",
        (Kind::Cover(_), "PASS") => "NOT REACHED",
        (_, "FAIL") => "VIOLATED",
        (_, status) => status,
    };
    if outcome.note.is_empty() {
        word.to_owned()
    } else {
        format!("{word} ({})", outcome.note)
    }
}

fn table(jobs: &[Job<'_>], outcomes: &[Outcome]) -> String {
    let mut text =
        format!("{:10} {:44} {:>6} {:>9} {:>8}  result\n", "properties", "run", "depth", "induction", "seconds");
    for (job, outcome) in jobs.iter().zip(outcomes) {
        let property = job.property;
        let (run, depth, induction) = match job.kind {
            Kind::Induction => {
                (format!("{} assertions", property.assertions()), String::new(), property.induction.to_string())
            }
            Kind::Twin(twin) => (format!("twin {}", twin.name), property.bmc.to_string(), String::new()),
            Kind::Cover(cover) => (format!("cover {cover}"), property.bmc.to_string(), String::new()),
        };
        let (name, seconds) = (&property.name, outcome.seconds);
        let _ = writeln!(text, "{name:10} {run:44} {depth:>6} {induction:>9} {seconds:>8.1}  {}", word(job, outcome));
    }
    let seconds: f64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
    let _ = writeln!(text, "{} runs, {seconds:.0} s of solvers", outcomes.len());
    text
}

fn value(jobs: &[Job<'_>], outcomes: &[Outcome]) -> serde_json::Value {
    let rows = jobs.iter().zip(outcomes).map(|(job, outcome)| {
        let (kind, name) = match job.kind {
            Kind::Induction => ("induction", None),
            Kind::Twin(twin) => ("twin", Some(twin.name.as_str())),
            Kind::Cover(cover) => ("cover", Some(cover)),
        };
        json!({
            "properties": job.property.name, "run": kind, "name": name, "assertions": job.property.assertions(),
            "depth_clocks": job.property.bmc, "induction_clocks": job.property.induction,
            "status": outcome.status, "passed": outcome.passed, "note": outcome.note, "seconds": outcome.seconds,
        })
    });
    json!({ "set": SET, "runs": rows.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_set_has_an_induction_and_a_twin() {
        let properties = properties(None).unwrap();
        for property in &properties {
            let jobs = jobs(property);
            assert!(jobs.len() >= 2 && property.assertions() > 0, "{}", property.name);
        }
        assert!(properties.iter().any(|property| property.name == "window"));
    }

    #[test]
    fn a_twin_that_passes_is_called_out() {
        let properties = properties(Some("window")).unwrap();
        let jobs = jobs(&properties[0]);
        let outcome = Outcome { passed: false, status: "PASS".to_owned(), note: String::new(), seconds: 1.0 };
        assert_eq!(word(&jobs[1], &outcome), "NOT REFUTED");
        assert_eq!(word(&jobs[0], &outcome), "proved");
    }

    #[test]
    fn an_unknown_property_set_is_refused_with_those_that_exist() {
        let error = super::properties(Some("none")).unwrap_err().to_string();
        assert!(error.contains("window") && error.contains("ring"), "{error}");
    }
}
