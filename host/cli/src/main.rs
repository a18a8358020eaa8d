//! `crossgate`: the command line of the cross-margining liquidity aggregator.
//!
//! Reads arguments and configuration, runs one job, prints its report. Decisions about markets, margin and the card
//! are made in the crates it drives.
#![forbid(unsafe_code)]

mod args;
mod config;
mod replay;
mod report;
mod sample;
mod trace;

use anyhow::{Context, Result};
use args::{Cli, Command, ConfigCommand};
use clap::Parser;
use std::process::ExitCode;

/// Exit code after Ctrl-C, by convention of shells.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("crossgate: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Replay(args) => print_report(&replay::run(&args)?, args.json),
        Command::Trace(command) => trace::run(command),
        Command::Config(ConfigCommand::Check { file }) => {
            let config = config::Config::load(Some(&file))?;
            println!(
                "{}: {} instruments, {} assets, build {}",
                file.display(),
                config.instruments.len(),
                config.assets.len(),
                config.sizes.name
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(ConfigCommand::Show) => {
            print!("{}", config::DEFAULT_TOML);
            Ok(ExitCode::SUCCESS)
        }
        Command::Sample(args) => {
            std::fs::create_dir_all(&args.folder)
                .with_context(|| format!("cannot create {}", args.folder.display()))?;
            let options = sample::SampleOptions { seed: args.seed, seconds: args.seconds };
            for path in sample::generate(&args.folder, options)?.captures {
                println!("{}", path.display());
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Prints a report as it was asked for; the exit code tells whether it is complete.
fn print_report(report: &report::Report, json: bool) -> Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string_pretty(report).context("report as JSON")?);
    } else {
        print!("{}", report.table());
    }
    Ok(if report.interrupted { ExitCode::from(INTERRUPTED) } else { ExitCode::SUCCESS })
}
