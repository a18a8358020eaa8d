//! Paths of the workspace, child processes whose failure names the command line, and jobs a few at a time.

use anyhow::{bail, Context, Result};
use std::ffi::OsStr;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The cargo profile of every build that the commands make, so that one set of artifacts serves all of them.
pub(crate) const PROFILE: &str = "test-release";

/// Root of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut path = PathBuf::from(manifest);
    if path.file_name() != Some(OsStr::new("xtask")) {
        path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    }
    path.pop();
    path
}

/// Folder of build products.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// Whether the environment asks that nothing be skipped.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// A command that runs in the root of the workspace.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Whether a program is on the search path.
pub(crate) fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The command line, for messages; of the program only the name.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Runs a command whose output the user sees.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// What a command printed, and whether it succeeded.
pub(crate) struct Captured {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// Exit code 0.
    pub(crate) success: bool,
}

/// Runs a command and keeps its output.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn capture(command: &mut Command) -> Result<Captured> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{}`", line(command)))?;
    Ok(Captured {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        success: output.status.success(),
    })
}

/// Jobs at a time.
const WORKERS: usize = 2;

/// Runs all jobs, a few at a time, and returns their results in order.
///
/// # Errors
/// The first in that order, after all have run.
pub(crate) fn run_all<J: Sync, R: Send>(jobs: &[J], job: impl Fn(&J) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let take = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        jobs.get(at).map(|one| (at, job(one)))
    };
    let mut results: Vec<(usize, Result<R>)> = std::thread::scope(|scope| {
        let work = || std::iter::from_fn(take).collect::<Vec<_>>();
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_jobs_and_the_first_error_is_returned() {
        let jobs: Vec<u64> = (0..40).collect();
        let slow = |job: &u64| {
            std::thread::sleep(std::time::Duration::from_millis(1));
            Ok(job * job)
        };
        assert_eq!(run_all(&jobs, slow).unwrap(), jobs.iter().map(|job| job * job).collect::<Vec<_>>());
        let fails = |job: &u64| if *job % 10 == 7 { bail!("job {job}") } else { Ok(()) };
        assert_eq!(run_all(&jobs, fails).unwrap_err().to_string(), "job 7");
    }

    #[test]
    fn root_holds_the_workspace_manifest() {
        assert!(std::fs::read_to_string(root().join("Cargo.toml")).unwrap().contains("[workspace]"));
    }

    #[test]
    fn failing_command_is_named() {
        let error = run(command("false").arg("argument")).unwrap_err().to_string();
        assert!(error.contains("`false argument` failed"), "{error}");
    }
}
