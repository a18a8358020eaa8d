//! The generated sample: a small simulated market in the wire formats of its venues, deterministic by seed.
//!
//! One latent price an underlying drives five order books; what happens in them is written as Binance and Kraken
//! frames with snapshots, tickers, trades and
//! checksums, beside a daily price history. It is read back through the same decoders as any recording. It is not a
//! model of any real market, and reports
//! made from it say that they are synthetic.

mod binance;
mod history;
mod kraken;
mod market;
mod rng;

use anyhow::{Context, Result};
use flate2::{write::GzEncoder, Compression};
use market::{Market, Product};
use rng::Rng;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// First instant of the simulated market, nanoseconds since 1970 (2024-01-01 00:00 UTC).
const START_NS: u64 = 1_704_067_200_000_000_000;
/// Market time between two steps of the simulation.
const STEP_NS: u64 = 20_000_000;

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SampleOptions {
    /// Same seed, same bytes.
    pub(crate) seed: u64,
    /// Market time in seconds.
    pub(crate) seconds: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { seed: 1, seconds: 12 }
    }
}

/// Where a generated sample lies.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// One capture an instrument.
    pub(crate) captures: Vec<PathBuf>,
    /// Folder of the daily histories.
    pub(crate) history: PathBuf,
}

/// A stream of frames in the format of one venue.
trait Wire {
    /// Frames that describe what changed in `market` since the last call; `time_ns` is market time.
    fn step(&mut self, market: &mut Market, time_ns: u64, out: &mut dyn Write) -> Result<()>;
}

/// Writes a sample into `folder`, which must exist.
///
/// # Errors
/// When a file cannot be written; the message names it.
pub(crate) fn generate(folder: &Path, options: SampleOptions) -> Result<Sample> {
    let history = generate_history(folder, options.seed)?;
    let mut captures = Vec::new();
    for product in Product::ALL {
        let path = folder.join(product.file_name());
        let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        let mut out = GzEncoder::new(BufWriter::new(file), Compression::fast());
        write_product(product, options, &mut out).with_context(|| format!("cannot write {}", path.display()))?;
        out.finish()?.flush()?;
        captures.push(path);
    }
    Ok(Sample { captures, history })
}

/// Writes the price history of the sample into `folder/history` and returns that folder.
///
/// # Errors
/// As [`generate`].
pub(crate) fn generate_history(folder: &Path, seed: u64) -> Result<PathBuf> {
    let history = folder.join("history");
    std::fs::create_dir_all(&history).with_context(|| format!("cannot create {}", history.display()))?;
    history::write(&history, seed)?;
    Ok(history)
}

fn write_product(product: Product, options: SampleOptions, out: &mut dyn Write) -> Result<()> {
    let mut market = Market::new(product, options.seed);
    let mut wire: Box<dyn Wire> = match product {
        Product::KrakenBtc => Box::new(kraken::Kraken::start(START_NS, out)?),
        _ => Box::new(binance::Binance::new(product)),
    };
    let mut jitter = Rng::new(options.seed ^ product.salt());
    for step in 0..options.seconds * 1_000_000_000 / STEP_NS {
        market.step();
        let time_ns = START_NS + step * STEP_NS + jitter.below(STEP_NS / 2);
        wire.step(&mut market, time_ns, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let bytes = |seed| {
            let mut out = Vec::new();
            write_product(Product::KrakenBtc, SampleOptions { seed, seconds: 2 }, &mut out).unwrap();
            out
        };
        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(7), bytes(8));
    }
}
