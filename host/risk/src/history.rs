//! Daily closes and the joint moves of several assets.
//!
//! Reads CSV text, plain or gzip, with a header that has the columns `Date` and `Close`. Not a market-data store: a
//! series is loaded once and kept.
//!
//! Moves are SIMPLE relative moves `close/previous - 1` between consecutive common dates, so that a revaluation applies
//! them to a price directly. Where a date is missing from one series, the move spans the gap for all of them.
//!
//! Invariant: dates rise strictly, closes are finite and positive.

use flate2::read::GzDecoder;
use std::fmt;
use std::io::Read;
use std::path::Path;
use thiserror::Error;

/// The most text a history file may hold after decompression.
pub const TEXT_BYTES_MAX: u64 = 64 << 20;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Parses the `YYYY-MM-DD` at the start of `text`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        let rest = text.get(10..)?;
        if rest.bytes().next().is_some_and(|byte| byte != b' ' && byte != b'T') {
            return None;
        }
        let mut parts = date.split('-');
        let number = |part: Option<&str>| part.filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?.parse::<u16>().ok();
        let (year, month, day) = (number(parts.next())?, number(parts.next())?, number(parts.next())?);
        let in_range = year >= 1000 && (1..=12).contains(&month) && (1..=31).contains(&day) && parts.next().is_none();
        in_range.then(|| Some(Self { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? }))?
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Why a history is refused.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// The file cannot be read or decompressed.
    #[error("{file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// The operating system's or decompressor's error.
        source: std::io::Error,
    },
    /// The text is longer than [`TEXT_BYTES_MAX`].
    #[error("{file}: more than {bytes_max} bytes of text")]
    TooLong {
        /// The file.
        file: String,
        /// The limit.
        bytes_max: u64,
    },
    /// The header lacks a column.
    #[error("{file}:1: the header has no column {column}: {header:?}")]
    Column {
        /// The file.
        file: String,
        /// The missing column.
        column: &'static str,
        /// The header found.
        header: String,
    },
    /// A value is not what its column holds.
    #[error("{file}:{line}: {column}: expected {expected}, got {value:?}")]
    Value {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The column.
        column: &'static str,
        /// What it should hold.
        expected: &'static str,
        /// What it holds.
        value: String,
    },
    /// A date does not lie after the one before it.
    #[error("{file}:{line}: {day} does not lie after {previous}")]
    Order {
        /// The file.
        file: String,
        /// The line, from 1, or the position of an in-memory row.
        line: usize,
        /// The offending date.
        day: Day,
        /// The date before it.
        previous: Day,
    },
    /// The series have too few dates in common.
    #[error("{names} have {dates} dates in common, at least {expected} are needed")]
    TooShort {
        /// The series.
        names: String,
        /// Their common dates.
        dates: usize,
        /// How many are needed.
        expected: usize,
    },
    /// Two series have one name.
    #[error("{name} is given twice")]
    Twice {
        /// The name.
        name: String,
    },
}

/// The daily closes of one asset.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    name: String,
    rows: Vec<(Day, f64)>,
}

impl Series {
    /// A series from memory.
    ///
    /// # Errors
    /// [`HistoryError::Value`] or [`HistoryError::Order`], naming the row (from 1) as the line.
    pub fn new(name: &str, rows: Vec<(Day, f64)>) -> Result<Self, HistoryError> {
        let mut previous = None;
        for (index, &(day, close)) in rows.iter().enumerate() {
            check_row(name, index + 1, previous, day, close, &close.to_string())?;
            previous = Some(day);
        }
        Ok(Self { name: name.to_owned(), rows })
    }

    /// Reads a CSV file, plain or gzip (told apart by content).
    ///
    /// # Errors
    /// [`HistoryError`] naming the file and, where there is one, the line and the value.
    pub fn read(name: &str, path: &Path) -> Result<Self, HistoryError> {
        let file = path.display().to_string();
        let read_error = |source| HistoryError::Read { file: file.clone(), source };
        let raw = std::fs::File::open(path).map_err(read_error)?;
        let mut bytes = Vec::new();
        raw.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(read_error)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let packed = std::mem::take(&mut bytes);
            GzDecoder::new(packed.as_slice()).take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(read_error)?;
        }
        if u64::try_from(bytes.len()).map_or(true, |length| length > TEXT_BYTES_MAX) {
            return Err(HistoryError::TooLong { file, bytes_max: TEXT_BYTES_MAX });
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| read_error(std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error())))?;
        Self::parse(name, &file, &text)
    }

    /// Parses CSV text; `file` is named in errors.
    ///
    /// # Errors
    /// [`HistoryError`] naming the line and the value.
    pub fn parse(name: &str, file: &str, text: &str) -> Result<Self, HistoryError> {
        let mut lines = text.lines().enumerate();
        let header = lines.next().map_or("", |(_, line)| line);
        let column = |column: &'static str| {
            header.split(',').position(|field| field.trim() == column).ok_or_else(|| HistoryError::Column {
                file: file.to_owned(),
                column,
                header: header.to_owned(),
            })
        };
        let (date_column, close_column) = (column("Date")?, column("Close")?);
        let mut rows: Vec<(Day, f64)> = Vec::new();
        for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let field = |column: usize| line.split(',').nth(column).unwrap_or("").trim();
            let value_error = |column, expected, value: &str| HistoryError::Value {
                file: file.to_owned(),
                line: index + 1,
                column,
                expected,
                value: value.to_owned(),
            };
            let (date, close) = (field(date_column), field(close_column));
            let day = Day::parse(date).ok_or_else(|| value_error("Date", "YYYY-MM-DD", date))?;
            let price = close.parse::<f64>().map_err(|_| value_error("Close", "a positive number", close))?;
            check_row(file, index + 1, rows.last().map(|row| row.0), day, price, close)?;
            rows.push((day, price));
        }
        Ok(Self { name: name.to_owned(), rows })
    }

    /// The asset's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its closes by rising date.
    pub fn rows(&self) -> &[(Day, f64)] {
        &self.rows
    }
}

fn check_row(
    file: &str,
    line: usize,
    previous: Option<Day>,
    day: Day,
    close: f64,
    text: &str,
) -> Result<(), HistoryError> {
    if !close.is_finite() || close <= 0.0 {
        return Err(HistoryError::Value {
            file: file.to_owned(),
            line,
            column: "Close",
            expected: "a positive number",
            value: text.to_owned(),
        });
    }
    match previous {
        Some(previous) if previous >= day => Err(HistoryError::Order { file: file.to_owned(), line, day, previous }),
        _ => Ok(()),
    }
}

/// The simple moves of several assets on their common dates.
#[derive(Clone, Debug, PartialEq)]
pub struct JointHistory {
    names: Vec<String>,
    days: Vec<Day>,
    moves: Vec<Vec<f64>>,
}

impl JointHistory {
    /// Joins series on their common dates, in the order given.
    ///
    /// # Errors
    /// [`HistoryError::TooShort`] with fewer than two common dates, [`HistoryError::Twice`] for a repeated name.
    pub fn join(series: &[Series]) -> Result<Self, HistoryError> {
        let names: Vec<String> = series.iter().map(|s| s.name.clone()).collect();
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|earlier| earlier == name) {
                return Err(HistoryError::Twice { name: name.clone() });
            }
        }
        let closes_on = |day: Day| -> Option<Vec<f64>> {
            let close = |s: &Series| {
                s.rows.binary_search_by_key(&day, |row| row.0).ok().and_then(|at| s.rows.get(at)).map(|row| row.1)
            };
            series.iter().map(close).collect()
        };
        let first = series.first().map_or(&[][..], |s| s.rows());
        let common: Vec<(Day, Vec<f64>)> =
            first.iter().filter_map(|&(day, _)| closes_on(day).map(|closes| (day, closes))).collect();
        if common.len() < 2 {
            return Err(HistoryError::TooShort { names: names.join(", "), dates: common.len(), expected: 2 });
        }
        let mut moves = vec![Vec::with_capacity(common.len() - 1); series.len()];
        for pair in common.windows(2) {
            if let [(_, before), (_, after)] = pair {
                for (asset, (from, to)) in moves.iter_mut().zip(before.iter().zip(after)) {
                    asset.push(to / from - 1.0);
                }
            }
        }
        Ok(Self { names, days: common.iter().skip(1).map(|row| row.0).collect(), moves })
    }

    /// The assets, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The day each move ends on.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// The moves of asset `index`, one for each of [`JointHistory::days`].
    pub fn moves(&self, index: usize) -> &[f64] {
        self.moves.get(index).map_or(&[], Vec::as_slice)
    }

    /// The number of joint moves.
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether there is no move.
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const TEXT: &str = "Date,Open,Close\n2020-01-01 00:00:00+00:00,1,100\n2020-01-02,1,110.0\n2020-01-04,1,99\n";

    #[test]
    fn plain_and_gzip_files_read_the_same() {
        let folder = std::env::temp_dir().join(format!("crossgate-history-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (plain, packed) = (folder.join("plain.csv"), folder.join("packed.csv.gz"));
        std::fs::write(&plain, TEXT).unwrap();
        let mut encoder =
            flate2::write::GzEncoder::new(std::fs::File::create(&packed).unwrap(), flate2::Compression::default());
        encoder.write_all(TEXT.as_bytes()).unwrap();
        encoder.finish().unwrap();
        let expected = Series::parse("BTC", "text", TEXT).unwrap();
        assert_eq!(Series::read("BTC", &plain).unwrap(), expected);
        assert_eq!(Series::read("BTC", &packed).unwrap(), expected);
        std::fs::write(&packed, &std::fs::read(&packed).unwrap()[..30]).unwrap();
        assert!(matches!(Series::read("BTC", &packed), Err(HistoryError::Read { .. })));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_bad_value_names_file_line_and_value() {
        let at = |text: &str| Series::parse("BTC", "btc.csv", text).unwrap_err().to_string();
        let dated = "btc.csv:3: Date: expected YYYY-MM-DD, got \"2020-13-02\"";
        assert_eq!(at("Date,Close\n2020-01-01,1\n2020-13-02,1\n"), dated);
        assert_eq!(at("Date,Close\n2020-01-01,0\n"), "btc.csv:2: Close: expected a positive number, got \"0\"");
        assert_eq!(at("Date,Close\n2020-01-01,NaN\n"), "btc.csv:2: Close: expected a positive number, got \"NaN\"");
        assert_eq!(at("Date,Close\n2020-01-01\n"), "btc.csv:2: Close: expected a positive number, got \"\"");
        assert_eq!(
            at("Date,Close\n2020-01-02,1\n2020-01-02,1\n"),
            "btc.csv:3: 2020-01-02 does not lie after 2020-01-02"
        );
        assert_eq!(at("Day,Close\n"), "btc.csv:1: the header has no column Date: \"Day,Close\"");
    }

    #[test]
    fn moves_are_simple_and_span_missing_dates() {
        let day = |text| Day::parse(text).unwrap();
        let a = Series::parse("A", "a", TEXT).unwrap();
        let b = Series::new("B", vec![(day("2020-01-01"), 10.0), (day("2020-01-03"), 11.0), (day("2020-01-04"), 12.0)]);
        let joint = JointHistory::join(&[a, b.unwrap()]).unwrap();
        assert_eq!(joint.days(), [day("2020-01-04")]);
        assert!((joint.moves(0)[0] - -0.01).abs() < 1e-15 && (joint.moves(1)[0] - 0.2).abs() < 1e-15);
    }

    #[test]
    fn series_without_common_dates_are_refused() {
        let a = Series::parse("A", "a", TEXT).unwrap();
        let b = Series::new("B", vec![(Day::parse("2021-01-01").unwrap(), 1.0)]).unwrap();
        assert!(matches!(JointHistory::join(&[a.clone(), b]), Err(HistoryError::TooShort { dates: 0, .. })));
        assert!(matches!(JointHistory::join(&[a.clone(), a]), Err(HistoryError::Twice { .. })));
        assert!(matches!(JointHistory::join(&[]), Err(HistoryError::TooShort { .. })));
    }
}
