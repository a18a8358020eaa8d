//! What a replay reads: captures, or the generated sample, and a price history.

use crate::args::ReplayArgs;
use crate::config::Config;
use crate::sample::{self, SampleOptions};
use anyhow::{Context, Result};
use crossgate_feed::Capture;
use std::path::{Path, PathBuf};

/// Opened captures and the folder of histories.
pub(super) struct Input {
    pub(super) captures: Vec<Capture>,
    /// Names for the report: paths as given, file names of the sample.
    pub(super) names: Vec<String>,
    pub(super) history: PathBuf,
    pub(super) synthetic: bool,
    /// Keeps the generated files until the replay has ended.
    _folder: Option<tempfile::TempDir>,
}

impl Input {
    pub(super) fn prepare(args: &ReplayArgs, config: &Config) -> Result<Self> {
        if args.captures.is_empty() {
            return Self::sample(args.seed, args.seconds);
        }
        let mut captures = Vec::new();
        for path in &args.captures {
            captures.push(Capture::open(path)?);
        }
        let names = args.captures.iter().map(|path| path.display().to_string()).collect();
        let (history, folder) = match find_history(config, &args.captures) {
            Some(history) => (history, None),
            None => {
                eprintln!(
                    "no price history found (risk.history, CROSSGATE_DATA/history or a folder `history` near the \
                     captures): VaR uses the generated one"
                );
                let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
                (sample::generate_history(folder.path(), args.seed)?, Some(folder))
            }
        };
        Ok(Self { captures, names, history, synthetic: false, _folder: folder })
    }

    fn sample(seed: u64, seconds: Option<u64>) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
        let options = SampleOptions { seed, seconds: seconds.unwrap_or(SampleOptions::default().seconds) };
        let sample = sample::generate(folder.path(), options)?;
        let mut captures = Vec::new();
        for path in &sample.captures {
            captures.push(Capture::open(path)?);
        }
        let name = |path: &PathBuf| path.file_name().map(|name| format!("sample/{}", name.to_string_lossy()));
        let names = sample.captures.iter().filter_map(name).collect();
        Ok(Self { captures, names, history: sample.history, synthetic: true, _folder: Some(folder) })
    }
}

/// The configured folder, `CROSSGATE_DATA/history`, or a folder `history` beside or above a capture.
fn find_history(config: &Config, captures: &[PathBuf]) -> Option<PathBuf> {
    if let Some(configured) = &config.risk.history {
        return Some(configured.clone());
    }
    let from_environment = std::env::var_os("CROSSGATE_DATA").map(|data| Path::new(&data).join("history"));
    let near = captures.iter().flat_map(|capture| capture.ancestors().skip(1).take(2).map(|up| up.join("history")));
    from_environment.into_iter().chain(near).find(|folder| folder.is_dir())
}
