//! The command line.

use crate::sample::SampleOptions;
use clap::{Args, Parser, Subcommand, ValueEnum};
use crossgate_sim::device::Kind;
use std::path::PathBuf;

/// Cross-margining liquidity aggregator: one book over many venues, one margin pool, every order checked by the card.
#[derive(Debug, Parser)]
#[command(name = "crossgate", version, about, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Everything the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Replay recorded markets through the card, with a quoting flow and the risk engine.
    Replay(ReplayArgs),
    /// Record, run, compare and print traces of card commands and events.
    #[command(subcommand)]
    Trace(TraceCommand),
    /// Check or print a configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write the generated sample market to a folder.
    Sample(SampleArgs),
}

/// Generated set-ups that show one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// Little collateral at two venues, a credit line at the others: the pool and the venue ledgers refuse in turn.
    TwoLedgers,
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Captures to merge by time; without any, a generated sample is replayed.
    pub(crate) captures: Vec<PathBuf>,
    /// Which card decides: rtl (the RTL simulated in this process), model, verilated (the emitted Verilog), soft
    /// (production software), lockstep (rtl against model), or two of them as lockstep:FIRST,REFERENCE.
    #[arg(long, default_value = "rtl")]
    pub(crate) device: Kind,
    /// Configuration file; see `crossgate config show`.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Replay the generated sample with a set-up of its own.
    #[arg(long, value_enum, conflicts_with_all = ["captures", "config"])]
    pub(crate) scenario: Option<Scenario>,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the card's commands and events as a trace.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Write waveforms of the card (not for the model; large: a few kilobytes a cycle).
    #[arg(long, value_name = "FILE")]
    pub(crate) vcd: Option<PathBuf>,
    /// Write the cycle histograms as an HdrHistogram V2 interval log.
    #[arg(long, value_name = "FILE")]
    pub(crate) hlog: Option<PathBuf>,
    /// Split every level's quantity pseudo-randomly over this many venues of its book.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub(crate) partition: u8,
    /// Count the orders refused for margin that both ledgers would bear in exact arithmetic; for it the reference model
    /// decides everything again beside the card.
    #[arg(long)]
    pub(crate) false_rejects: bool,
    /// Stop after this much market time.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
    /// Seed of the generated sample and of the partition.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Subcommands of `trace`.
#[derive(Debug, Subcommand)]
pub(crate) enum TraceCommand {
    /// Replay like `crossgate replay` and write a trace.
    Record {
        /// The trace to write.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
        /// Everything that `replay` takes.
        #[command(flatten)]
        replay: ReplayArgs,
    },
    /// Run the commands of a trace on a device and write its events as another trace.
    Run {
        /// The trace to run.
        trace: PathBuf,
        /// Which card runs it, as for `replay`.
        #[arg(long, default_value = "model")]
        device: Kind,
        /// The trace to write; without it only the counts are printed.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Write waveforms of the card (not for the model).
        #[arg(long, value_name = "FILE")]
        vcd: Option<PathBuf>,
    },
    /// Compare the events of two traces; exit code 1 if they differ.
    Diff {
        /// One trace.
        left: PathBuf,
        /// The other.
        right: PathBuf,
    },
    /// Print a trace as text.
    Show {
        /// The trace.
        trace: PathBuf,
        /// Print at most this many records.
        #[arg(long, default_value_t = 100)]
        limit: usize,
        /// Skip this many records first.
        #[arg(long, default_value_t = 0)]
        skip: usize,
    },
}

/// Subcommands of `config`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check a configuration file.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Print the built-in configuration, as a start for one's own.
    Show,
}

/// Options of `sample`.
#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    /// Folder to write to; created if it does not exist.
    pub(crate) folder: PathBuf,
    /// Same seed, same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Market time.
    #[arg(long, default_value_t = SampleOptions::default().seconds)]
    pub(crate) seconds: u64,
}
