//! `emit`: the Verilog of one set of sizes, written by the `emit` program of the hdl crate.

use crate::process::{cargo, run as run_command, target, PROFILE};
use anyhow::{bail, Context, Result};
use crossgate_contract::Sizes;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

/// Folder that the Verilog of a set is written to.
pub(crate) fn folder(set: &str) -> PathBuf {
    target().join("verilog").join(set)
}

/// Name of the card's file and of its top module for a set.
pub(crate) fn card(set: &str) -> String {
    format!("card_{set}")
}

/// Writes the Verilog of a set and returns its files by name.
///
/// # Errors
/// If the set is unknown, the program fails, or it writes no Verilog.
pub(crate) fn run(set: &str) -> Result<Vec<PathBuf>> {
    if Sizes::by_name(set).is_none() {
        let known: Vec<&str> = crossgate_contract::sizes::SETS.iter().map(|sizes| sizes.name).collect();
        bail!("no set of sizes is called `{set}`; there are {}", known.join(", "));
    }
    let start = Instant::now();
    let folder = folder(set);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut emit = cargo();
    emit.args(["run", "--quiet", "--profile", PROFILE, "--package", "crossgate-hdl", "--bin", "emit", "--"]);
    run_command(emit.args(["--set", set, "--out"]).arg(&folder).stdout(Stdio::null()))?;
    let files = files(set)?;
    let (place, seconds) = (folder.display(), start.elapsed().as_secs_f64());
    eprintln!("emitted {} files of set {set} to {place} in {seconds:.1} s", files.len());
    Ok(files)
}

fn files(set: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder(set))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "v") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("no Verilog was written for set {set}");
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_set_is_refused() {
        let error = run("large").unwrap_err().to_string();
        assert!(error.contains("`large`") && error.contains("ecp5"), "{error}");
    }
}
