//! Histograms of card cycles, and the HdrHistogram interval log that harnesses merge.

use anyhow::{Context, Result};
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use hdrhistogram::serialization::V2Serializer;
use hdrhistogram::Histogram;
use serde::Serialize;
use std::io::Write;
use std::time::Duration;

/// Largest recorded cycle count: the width of the event's fields.
const CYCLES_MAX: u64 = 65_535;

/// A distribution of cycle counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Cycles {
    /// Samples.
    pub(crate) count: u64,
    /// Least.
    pub(crate) min: u64,
    /// Median.
    pub(crate) p50: u64,
    /// 99th percentile.
    pub(crate) p99: u64,
    /// 99.9th percentile.
    pub(crate) p99_9: u64,
    /// Greatest.
    pub(crate) max: u64,
}

impl From<&Histogram<u64>> for Cycles {
    fn from(histogram: &Histogram<u64>) -> Self {
        if histogram.is_empty() {
            return Self::default();
        }
        Self {
            count: histogram.len(),
            min: histogram.min(),
            p50: histogram.value_at_quantile(0.5),
            p99: histogram.value_at_quantile(0.99),
            p99_9: histogram.value_at_quantile(0.999),
            max: histogram.max(),
        }
    }
}

/// One tagged series: the whole run and the interval in work.
struct Series {
    tag: &'static str,
    total: Histogram<u64>,
    interval: Histogram<u64>,
}

/// A closed interval of one series.
struct Interval {
    series: usize,
    start: Duration,
    length: Duration,
    histogram: Histogram<u64>,
}

/// Tagged histograms cut into intervals of market time.
pub(crate) struct IntervalLog {
    series: Vec<Series>,
    intervals: Vec<Interval>,
    every_ns: u64,
    began_ns: Option<u64>,
    cut_ns: u64,
}

impl IntervalLog {
    /// A log with these tags and intervals of `every_ns` of market time.
    ///
    /// # Errors
    /// Never in practice: the bounds of the histograms are constants.
    pub(crate) fn new(tags: &[&'static str], every_ns: u64) -> Result<Self> {
        let make = || Histogram::new_with_bounds(1, CYCLES_MAX, 3).context("histogram bounds");
        let series =
            tags.iter().map(|tag| Ok(Series { tag, total: make()?, interval: make()? })).collect::<Result<Vec<_>>>()?;
        Ok(Self { series, intervals: Vec::new(), every_ns, began_ns: None, cut_ns: 0 })
    }

    /// Records `cycles` in the series of this index; values beyond 16 bits count as 65,535.
    pub(crate) fn record(&mut self, series: usize, cycles: u64) {
        if let Some(series) = self.series.get_mut(series) {
            series.total.saturating_record(cycles.min(CYCLES_MAX));
            series.interval.saturating_record(cycles.min(CYCLES_MAX));
        }
    }

    /// Market time has come to `now_ns`: closes the interval when it is due.
    pub(crate) fn advance(&mut self, now_ns: u64) {
        let began = *self.began_ns.get_or_insert(now_ns);
        let now = now_ns.saturating_sub(began);
        if now >= self.cut_ns + self.every_ns {
            self.cut(now);
        }
    }

    fn cut(&mut self, now: u64) {
        for (index, series) in self.series.iter_mut().enumerate() {
            if !series.interval.is_empty() {
                self.intervals.push(Interval {
                    series: index,
                    start: Duration::from_nanos(self.cut_ns),
                    length: Duration::from_nanos(now.saturating_sub(self.cut_ns)),
                    histogram: series.interval.clone(),
                });
                series.interval.reset();
            }
        }
        self.cut_ns = now;
    }

    /// The whole run of one series.
    pub(crate) fn total(&self, series: usize) -> Cycles {
        self.series.get(series).map_or_else(Cycles::default, |series| Cycles::from(&series.total))
    }

    /// Writes the intervals as a tagged HdrHistogram V2 log; values are card cycles, times are market time since the
    /// first interval.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub(crate) fn write<W: Write>(&mut self, out: &mut W, now_ns: u64) -> Result<()> {
        let began = self.began_ns.unwrap_or(now_ns);
        self.cut(now_ns.saturating_sub(began));
        let mut serializer = V2Serializer::new();
        let mut writer = IntervalLogWriterBuilder::new()
            .add_comment("[Histogram log format version 1.3]")
            .add_comment("values are card clock cycles; times are market time in seconds since the first frame")
            .begin_log_with(out, &mut serializer)
            .context("interval log header")?;
        for interval in &self.intervals {
            let tag = Tag::new(self.series[interval.series].tag);
            writer
                .write_histogram(&interval.histogram, interval.start, interval.length, tag)
                .map_err(|error| anyhow::anyhow!("interval log: {error:?}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
    use hdrhistogram::serialization::Deserializer;

    #[test]
    fn a_written_log_reads_back_with_tags_counts_and_times() {
        let mut log = IntervalLog::new(&["book", "gate"], 1_000).unwrap();
        log.advance(5_000);
        log.record(0, 13);
        log.record(0, 13);
        log.record(1, 17);
        log.advance(6_500);
        log.record(0, 14);
        let mut text = Vec::new();
        log.write(&mut text, 7_000).unwrap();
        assert_eq!(log.total(0), Cycles { count: 3, min: 13, p50: 13, p99: 14, p99_9: 14, max: 14 });

        let mut read = Vec::new();
        for entry in IntervalLogIterator::new(&text) {
            if let LogEntry::Interval(interval) = entry.unwrap() {
                let bytes = data_encoding_base64(interval.encoded_histogram());
                let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
                read.push((interval.tag().unwrap().as_str().to_owned(), histogram.len()));
            }
        }
        assert_eq!(read, [("book".to_owned(), 2), ("gate".to_owned(), 1), ("book".to_owned(), 1)]);
    }

    /// Standard base64, for reading the log back.
    fn data_encoding_base64(text: &str) -> Vec<u8> {
        let value = |byte: u8| match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        let mut out = Vec::new();
        for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
            let word = chunk.iter().fold(0u32, |word, byte| (word << 6) | u32::from(value(*byte)));
            let word = word << (6 * (4 - chunk.len()));
            out.extend(word.to_be_bytes().iter().skip(1).take(chunk.len() - 1));
        }
        out
    }
}
