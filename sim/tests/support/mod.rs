//! What several test files of this crate need.
#![allow(dead_code, reason = "each test uses a part")]

use crossgate_sim::verilated;

/// Whether Verilator and a compiler are here; a visible skip locally and a failure in CI.
pub(crate) fn verilator(test: &str) -> bool {
    match verilated::tools() {
        Ok(()) => true,
        Err(error) if std::env::var_os("CI").is_some() => panic!("{test}: {error}"),
        Err(error) => {
            eprintln!("skipped: {test}: {error}");
            false
        }
    }
}
