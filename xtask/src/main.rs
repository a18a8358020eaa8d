//! Developer commands of the workspace: `cargo xtask <command>`.
//!
//! Everything that builds, checks or generates is one of these commands; the README and the CI call nothing else. The crate depends on the contract only, so
//! that it builds in seconds; other packages are run through cargo.
#![forbid(unsafe_code)]

mod budget;
mod counts;
mod docs;
mod emit;
mod formal;
mod lint;
mod mutate;
mod process;
mod setup;
mod stages;
mod synth;
mod test;
mod tidy;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Developer commands of Crossgate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what the tests and lint need on a Debian or Ubuntu machine; does nothing if it is there.
    Setup {
        /// Also the pinned synthesis tools, in a virtual environment below the target folder.
        #[arg(long)]
        synth: bool,
    },
    /// Runs every check and test; with `CI` set a missing tool is a failure, otherwise a visible skip.
    ///
    /// The last line sums up the tests of cargo; a failed or skipped stage that is no test run counts as one.
    Test {
        /// Formatting, clippy, generated files, tidy and unit tests only.
        #[arg(long)]
        quick: bool,
    },
    /// Writes the generated files: register map, contract.json, C header, budget.
    Docs {
        /// Writes nothing; fails if a file is not what would be generated.
        #[arg(long)]
        check: bool,
    },
    /// Writes the Verilog of a named set of sizes to `verilog/<set>` below the target folder.
    Emit {
        /// Set of sizes: tiny, ecp5 or desk.
        #[arg(long, default_value = "ecp5")]
        set: String,
    },
    /// Checks the emitted Verilog of every block and of the cards with four tools.
    Lint {
        /// Sets of sizes whose Verilog is checked.
        #[arg(long = "set", default_values = ["tiny", "ecp5"])]
        sets: Vec<String>,
        /// Only shows that every known trap is flagged.
        #[arg(long)]
        self_test: bool,
        /// Verilog files to check instead; exceptions that they do not need are no failure.
        files: Vec<PathBuf>,
    },
    /// Synthesises the card of a set for the LFE5UM5G-85F and compares it with the budget; with `--route` places and routes it.
    Synth {
        /// Set of sizes.
        #[arg(long, default_value = "ecp5")]
        set: String,
        /// The card, or one of its two large blocks alone.
        #[arg(long, value_enum, default_value = "card")]
        block: synth::Block,
        /// Place and route with nextpnr-ecp5, the ports folded to a few pins, and report the frequency of every seed.
        #[arg(long)]
        route: bool,
        /// Seeds of placement; more than one because a single one is luck.
        #[arg(long, value_delimiter = ',', default_values = ["1", "2", "3", "4"], requires = "route")]
        seeds: Vec<u32>,
        /// The figures as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Proves properties of the emitted Verilog and refutes mutated twins of it; installs the solvers if they are missing.
    Formal {
        /// Only this property set: the name of a file in hdl/formal.
        #[arg(long)]
        only: Option<String>,
        /// The results as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Breaks BOOK and GATE in many small ways and counts how many of them the random lockstep with the model notices.
    Mutate {
        /// Number of mutations.
        #[arg(long, default_value_t = 60)]
        count: u32,
        /// Seed of their choice.
        #[arg(long, default_value_t = 1)]
        seed: u32,
        /// The results as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Checks the source rules: length of files and functions, columns, links, names in the test plan.
    Tidy,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Setup { synth } => setup::run(synth),
        Command::Test { quick } => test::run(quick),
        Command::Docs { check } => docs::run(check),
        Command::Emit { set } => emit::run(&set).map(drop),
        Command::Lint { sets, self_test, files } => lint::run(&sets, &files, self_test),
        Command::Synth { set, block, route, seeds, json } => {
            synth::run(&set, block, if route { &seeds } else { &[] }, json)
        }
        Command::Formal { only, json } => formal::run(only.as_deref(), json),
        Command::Mutate { count, seed, json } => mutate::run(count, seed, json),
        Command::Tidy => tidy::run(),
    }
}
