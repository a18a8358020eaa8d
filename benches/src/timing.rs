//! Batched timing: the mean of a batch of operations is one sample, so that the system clock is fine enough.
//!
//! Not here: what one operation costs alone. A stall within a batch is spread over it.
//!
//! Invariant: the cost of reading the clock is subtracted once a batch.

use hdrhistogram::{CreationError, Histogram};
use serde::Serialize;
use std::time::{Duration, Instant};

/// Operations timed together.
pub const BATCH: usize = 32;

const PICOSECONDS: f64 = 1e3;

/// Samples of one operation.
pub struct Batches {
    operation: &'static str,
    clock: Duration,
    /// Picoseconds an operation.
    samples: Histogram<u64>,
}

/// What was measured of one operation.
#[derive(Clone, Debug, Serialize)]
pub struct Quantiles {
    /// The operation.
    pub operation: &'static str,
    /// Median of the batch means.
    pub ns_p50: f64,
    /// Their 99th percentile.
    pub ns_p99: f64,
    /// Operations.
    pub operations: u64,
}

impl Batches {
    /// No samples yet.
    ///
    /// # Errors
    /// When the histogram cannot be made.
    pub fn new(operation: &'static str) -> Result<Self, CreationError> {
        let clock = (0..10_000).map(|_| Instant::now().elapsed()).min().unwrap_or_default();
        Ok(Self { operation, clock, samples: Histogram::new_with_max(1_000_000_000_000, 3)? })
    }

    /// Times one batch of [`BATCH`] operations.
    #[inline]
    pub fn time<R>(&mut self, batch: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = batch();
        let elapsed = start.elapsed().saturating_sub(self.clock);
        let picoseconds = elapsed.as_nanos() * 1_000 / BATCH as u128;
        self.samples.saturating_record(u64::try_from(picoseconds).unwrap_or(u64::MAX));
        result
    }

    /// The quantiles of what was timed.
    pub fn quantiles(&self) -> Quantiles {
        let at = |quantile: f64| self.samples.value_at_quantile(quantile) as f64 / PICOSECONDS;
        let operations = self.samples.len() * BATCH as u64;
        Quantiles { operation: self.operation, ns_p50: at(0.5), ns_p99: at(0.99), operations }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_divided_by_its_operations() {
        let mut batches = Batches::new("sleep").unwrap();
        let wait = Duration::from_millis(8);
        batches.time(|| std::thread::sleep(wait));
        let quantiles = batches.quantiles();
        assert_eq!(quantiles.operations, 32);
        assert!(quantiles.ns_p50 >= 249_000.0, "8 ms over 32: {quantiles:?}");
    }
}
