//! Venue clocks as nanoseconds since 1970.

/// Milliseconds as nanoseconds; `None` beyond 64 bits.
pub(super) fn from_milliseconds(milliseconds: u64) -> Option<u64> {
    milliseconds.checked_mul(1_000_000)
}

/// Reads `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, years 1970 to 2400.
pub(super) fn from_rfc3339(text: &str) -> Option<u64> {
    let bytes = text.strip_suffix('Z')?.as_bytes();
    let number = |from: usize, to: usize| {
        bytes
            .get(from..to)?
            .iter()
            .try_fold(0u64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))
    };
    for (at, mark) in [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')] {
        if bytes.get(at) != Some(&mark) {
            return None;
        }
    }
    let days = days_since_1970(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let fraction = match bytes.get(19..)? {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let missing = u32::try_from(9 - digits.len()).ok()?;
            number(20, bytes.len())? * 10u64.pow(missing)
        }
        _ => return None,
    };
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000 + fraction)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=2400).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    Some(year * 365 + leap_days + day_of_year - DAYS_TO_1970)
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values from GNU `date -u -d TEXT +%s`.
    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(from_rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(from_rfc3339("2000-02-29T12:00:00Z"), Some(951_825_600_000_000_000));
        assert_eq!(from_rfc3339("2026-08-02T03:35:51.660084Z"), Some(1_785_641_751_660_084_000));
        assert_eq!(from_rfc3339("2024-12-31T23:59:59.999999999Z"), Some(1_735_689_599_999_999_999));
    }

    #[test]
    fn text_that_is_no_date_is_refused() {
        for text in [
            "",
            "Z",
            "2026-08-02",
            "2026-13-02T00:00:00Z",
            "2026-08-02T24:00:00Z",
            "2026-08-02T00:00:00.Z",
            "2026-08-02T00:00:00+01:00",
        ] {
            assert_eq!(from_rfc3339(text), None, "{text:?}");
        }
    }
}
