//! Daily closes of three correlated underlyings with volatility clusters and fat tails.

use super::rng::Rng;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::Path;

/// Trading days of the history.
const DAYS: u64 = 1_000;

struct Asset {
    name: &'static str,
    close: f64,
    volatility: f64,
    common: f64,
}

pub(super) fn write(folder: &Path, seed: u64) -> Result<()> {
    let mut rng = Rng::new(seed ^ 0xda11);
    let mut assets = [
        Asset { name: "BTC", close: 16_500.0, volatility: 0.028, common: 0.95 },
        Asset { name: "ETH", close: 1_200.0, volatility: 0.036, common: 0.85 },
        Asset { name: "SOL", close: 14.0, volatility: 0.055, common: 0.70 },
    ];
    let mut texts = ["Date,Close\n".to_owned(), "Date,Close\n".to_owned(), "Date,Close\n".to_owned()];
    let mut cluster = 1.0;
    for day in 0..DAYS {
        let common = fat_tailed(&mut rng);
        cluster = 0.92f64.mul_add(cluster, 0.08 * (0.4 + common.abs()));
        for (asset, text) in assets.iter_mut().zip(&mut texts) {
            let own = fat_tailed(&mut rng);
            let mixed = asset.common * common + asset.common.mul_add(-asset.common, 1.0).sqrt() * own;
            let step = (asset.volatility * cluster * mixed).clamp(-0.45, 0.45);
            asset.close *= 1.0 + step + 0.001;
            text.push_str(&format!("{},{:.6}\n", date(day), asset.close));
        }
    }
    for (asset, text) in assets.iter().zip(&texts) {
        let path = folder.join(format!("{}-USD_daily.csv", asset.name));
        let mut file = std::fs::File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Normal with a tenth of the draws three times as wide.
fn fat_tailed(rng: &mut Rng) -> f64 {
    let scale = if rng.chance(0.1) { 2.2 } else { 0.8 };
    scale * rng.normal()
}

/// The `day`-th day of a calendar of twelve months of 28 days: only order matters.
fn date(day: u64) -> String {
    format!("{}-{:02}-{:02}", 2021 + day / 336, day % 336 / 28 + 1, day % 28 + 1)
}
