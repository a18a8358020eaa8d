//! `crossgate trace`: record, run, compare and print what went over the card's bus.

use crate::args::TraceCommand;
use crate::replay;
use anyhow::{Context, Result};
use crossgate_contract::Sizes;
use crossgate_sim::device::{self, Kind, SimOptions};
use crossgate_sim::trace::{self, Reader};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

/// Runs one subcommand.
///
/// # Errors
/// A trace that cannot be read or written, or a device that cannot be opened or fails.
pub(crate) fn run(command: TraceCommand) -> Result<ExitCode> {
    match command {
        TraceCommand::Record { output, mut replay } => {
            replay.trace = Some(output);
            crate::print_report(&replay::run(&replay)?, replay.json)
        }
        TraceCommand::Run { trace, device, output, vcd } => {
            run_trace(&trace, device, output.as_deref(), vcd)?;
            Ok(ExitCode::SUCCESS)
        }
        TraceCommand::Diff { left, right } => diff(&left, &right),
        TraceCommand::Show { trace, limit, skip } => {
            show(&trace, skip, limit)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn open(path: &Path) -> Result<Reader<BufReader<File>>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    Reader::new(BufReader::new(file)).with_context(|| format!("{} is no usable trace", path.display()))
}

fn run_trace(path: &Path, kind: Kind, output: Option<&Path>, vcd: Option<std::path::PathBuf>) -> Result<()> {
    let reader = open(path)?;
    let name = reader.header().sizes_name.clone();
    let sizes = Sizes::by_name(&name).with_context(|| format!("{}: unknown build {name:?}", path.display()))?;
    let options = SimOptions { vcd, trace: output.map(Path::to_path_buf), ..SimOptions::default() };
    let mut card = device::open(kind, &sizes, &options)?;
    let mut events: u64 = 0;
    trace::run(&mut card, reader, |_| events += 1).with_context(|| format!("running {}", path.display()))?;
    device::close(card)?;
    println!("{}: {events} events on {kind}", path.display());
    Ok(())
}

fn diff(left: &Path, right: &Path) -> Result<ExitCode> {
    let events = |path: &Path| trace::events(open(path)?).with_context(|| format!("reading {}", path.display()));
    let (a, b) = (events(left)?, events(right)?);
    match trace::diff(&a, &b) {
        None => {
            println!("{} events, no difference", a.len());
            Ok(ExitCode::SUCCESS)
        }
        Some(difference) => {
            println!("{difference}");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn show(path: &Path, skip: usize, limit: usize) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut written = Ok(());
    trace::show(open(path)?.skip(skip).take(limit), |line| {
        if written.is_ok() {
            written = writeln!(out, "{line}");
        }
    })?;
    written.and_then(|()| out.flush()).context("cannot write the text")
}
