//! The emitted Verilog of the card, compiled by Verilator and a C++ compiler when it is needed, loaded as a shared
//! library.
//!
//! The library is cached under a hash of the Verilog, the wrapper and the versions of both tools: in
//! `$CROSSGATE_CACHE`, otherwise in `target/verilated` of this workspace, otherwise in the temporary folder of the
//! system.
//!
//! Not here: how the Verilog is made.
//!
//! `unsafe` lives in [`library`] alone.

mod build;
mod library;
mod split;
mod wrapper;

pub use library::Verilated;

use std::path::{Path, PathBuf};

/// How to get Verilator and a C++ compiler.
pub const INSTALL: &str = "apt-get install verilator g++";

/// A Verilog card that cannot be simulated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerilatedError {
    /// A tool is not installed.
    #[error("{tool} is not installed; install it with: {INSTALL}")]
    Missing {
        /// The program.
        tool: &'static str,
    },
    /// A tool refused its input.
    #[error("{tool} failed ({status}):\n{output}")]
    Failed {
        /// The program.
        tool: &'static str,
        /// Its exit status.
        status: String,
        /// What it wrote, its end.
        output: String,
    },
    /// A file or folder of the cache.
    #[error("{}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The errno.
        source: std::io::Error,
    },
    /// The Verilog lacks a pin of the card.
    #[error("the Verilog has no port {port}")]
    Port {
        /// The name.
        port: String,
    },
    /// The library cannot be loaded.
    #[error("{}: {message}", path.display())]
    Load {
        /// The library.
        path: PathBuf,
        /// What the loader said.
        message: String,
    },
}

/// Compiles a card (or finds it in the cache) and starts it. With `vcd` every clock is written to that file, which is
/// slow.
///
/// # Errors
/// [`VerilatedError`].
pub fn start(verilog: &str, vcd: Option<&Path>) -> Result<Verilated, VerilatedError> {
    let library = build::library(verilog, vcd.is_some())?;
    Verilated::load(&library, vcd)
}

/// Starts a card whose Verilog holds mutations that its input `mutation_select` chooses from, with one of them switched on; 0 is none.
///
/// # Errors
/// [`VerilatedError`].
pub fn start_mutant(verilog: &str, mutation: u32) -> Result<Verilated, VerilatedError> {
    let mut card = start(verilog, None)?;
    card.select(mutation)?;
    Ok(card)
}

/// Whether both tools answer; the error names the one that does not.
///
/// # Errors
/// [`VerilatedError::Missing`] or [`VerilatedError::Failed`].
pub fn tools() -> Result<(), VerilatedError> {
    build::versions().map(|_| ())
}
