//! The text forms of one record in each container.

use super::Container;
use std::ops::Range;

/// Where a frame stands inside the line or record that carries it.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) bytes: Range<usize>,
    /// The instrument named beside the frame, if any.
    pub(super) symbol: Option<Range<usize>>,
    pub(super) local_ns: Option<u64>,
}

/// Puts a monotonic clock onto the epoch of the header.
///
/// Some recorders write monotonic record times behind an epoch time in the header; they show by a first record before
/// the header's time.
#[derive(Debug)]
pub(super) struct Rebase {
    t0_ns: u64,
    shift: Option<u64>,
}

impl Rebase {
    pub(super) const fn new(t0_ns: u64) -> Self {
        Self { t0_ns, shift: None }
    }

    /// The record time `time` as nanoseconds since 1970.
    pub(super) fn epoch_ns(&mut self, time: u64) -> u64 {
        let shift = *self.shift.get_or_insert(self.t0_ns.saturating_sub(time));
        time.saturating_add(shift)
    }
}

/// Finds the frame in a line; `None` if the line carries no received frame.
///
/// In a collector file every line is a frame, so one without a readable time is handed on whole, to be counted as
/// malformed.
pub(super) fn line(container: Container, line: &[u8]) -> Option<Record> {
    match container {
        Container::Collector => {
            if line.iter().all(u8::is_ascii_whitespace) {
                return None;
            }
            Some(collector(line).unwrap_or(Record { bytes: 0..line.len(), ..Record::default() }))
        }
        Container::Dump => dump(line),
        Container::RestDump => rest(line),
        Container::Cbcap => None,
    }
}

/// `LOCAL_NS {json}`.
pub(super) fn collector(line: &[u8]) -> Option<Record> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    let local_ns = digits(&line[..space])?;
    Some(Record { bytes: space + 1..line.len(), symbol: None, local_ns: Some(local_ns) })
}

/// `EPOCH.SECONDS: {json}`.
pub(super) fn dump(line: &[u8]) -> Option<Record> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let local_ns = seconds(&line[..colon])?;
    if line.get(colon + 1) != Some(&b' ') {
        return None;
    }
    Some(Record { bytes: colon + 2..line.len(), symbol: None, local_ns: Some(local_ns) })
}

/// `URL -> EPOCH.SECONDS: {json}`; the instrument is the URL's `symbol` parameter.
pub(super) fn rest(line: &[u8]) -> Option<Record> {
    if !line.starts_with(b"http") {
        return None;
    }
    let arrow = find(line, b" -> ")?;
    let rest = arrow + 4;
    let inner = dump(&line[rest..])?;
    let symbol = find(&line[..arrow], b"symbol=").map(|at| {
        let start = at + 7;
        let length = line[start..arrow].iter().position(|byte| *byte == b'&').unwrap_or(arrow - start);
        start..start + length
    });
    Some(Record { bytes: rest + inner.bytes.start..line.len(), symbol, local_ns: inner.local_ns })
}

/// `T_NS LEN`.
pub(super) fn cbcap_head(line: &[u8]) -> Option<(u64, u64)> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    Some((digits(&line[..space])?, digits(&line[space + 1..])?))
}

/// `CBCAP1 venue symbol t0_ns`.
pub(super) fn cbcap_header(line: &[u8]) -> Option<(&str, &str, u64)> {
    let text = std::str::from_utf8(line.strip_prefix(b"CBCAP1 ")?).ok()?;
    let mut words = text.trim_end().split(' ');
    let header = (words.next()?, words.next()?, digits(words.next()?.as_bytes())?);
    words.next().is_none().then_some(header)
}

fn find(line: &[u8], pattern: &[u8]) -> Option<usize> {
    line.windows(pattern.len()).position(|window| window == pattern)
}

fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `SECONDS.FRACTION` as nanoseconds; digits beyond the ninth are dropped.
fn seconds(text: &[u8]) -> Option<u64> {
    let point = text.iter().position(|byte| *byte == b'.')?;
    let whole = digits(&text[..point])?;
    let fraction = &text[point + 1..];
    digits(fraction.get(..fraction.len().min(18))?)?;
    let nanoseconds = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    let nanoseconds = nanoseconds.fold(0, |value, digit| value * 10 + u64::from(digit.wrapping_sub(b'0')));
    whole.checked_mul(1_000_000_000)?.checked_add(nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_without_floating_point() {
        assert_eq!(seconds(b"1626992741.06217"), Some(1_626_992_741_062_170_000));
        assert_eq!(seconds(b"1633998514.6462898"), Some(1_633_998_514_646_289_800));
        assert_eq!(seconds(b"1.0000000009"), Some(1_000_000_000));
        assert_eq!(seconds(b"1."), None);
        assert_eq!(seconds(b"1.5x"), None);
        assert_eq!(seconds(b"99999999999999999999.5"), None);
    }

    #[test]
    fn only_received_lines_of_a_dump_are_frames() {
        let record = dump(b"1633998512.0633569: {\"a\":1}").unwrap();
        assert_eq!(record.bytes, 20..27);
        assert!(dump(b"wss://stream.binance.com:9443/stream <-> 1633998512.0").is_none());
        assert!(dump(b"wss://x <- 1633998512.0: {}").is_none());
        assert!(dump(b"configuration: {}").is_none());
    }

    #[test]
    fn a_rest_line_names_its_instrument() {
        let line = b"https://x/depth?symbol=CTKUSDT&limit=1000 -> 1.5: {}";
        let record = rest(line).unwrap();
        assert_eq!(&line[record.symbol.unwrap()], b"CTKUSDT");
        assert_eq!(&line[record.bytes], b"{}");
        assert_eq!(record.local_ns, Some(1_500_000_000));
    }

    #[test]
    fn a_monotonic_clock_is_put_onto_the_header_epoch() {
        let mut monotonic = Rebase::new(1_000_000);
        assert_eq!(monotonic.epoch_ns(400), 1_000_000);
        assert_eq!(monotonic.epoch_ns(450), 1_000_050);
        let mut epoch = Rebase::new(1_000_000);
        assert_eq!(epoch.epoch_ns(1_000_007), 1_000_007);
    }
}
