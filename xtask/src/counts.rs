//! Counts of a `cargo test -- --show-output` run, read from its standard output.
//!
//! A test that cannot run here prints a line that begins with `skipped:` and returns; the test harness calls it passed. With `--show-output` those lines
//! appear in a section of the test, so the test is counted as skipped instead. Ignored tests count as skipped too.

use std::collections::BTreeSet;

/// Sums over test binaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Tests that ran and passed.
    pub(crate) passed: usize,
    /// Tests that failed.
    pub(crate) failed: usize,
    /// Tests that said `skipped:`, and ignored tests.
    pub(crate) skipped: usize,
    /// What followed `skipped:`, without repetitions.
    pub(crate) reasons: BTreeSet<String>,
}

impl Counts {
    /// Adds the counts of another run.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.reasons.extend(other.reasons);
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Tests,
    Successes,
    Failures,
}

/// Reads the lines of a run one by one and says which of them a user wants to see.
pub(crate) struct Reader {
    counts: Counts,
    section: Section,
    skipped_here: usize,
    test_skipped: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self { counts: Counts::default(), section: Section::Tests, skipped_here: 0, test_skipped: false }
    }
}

impl Reader {
    /// Takes one line; true if it should be shown.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        if let Some([passed, failed, ignored]) = result(line) {
            let skipped = self.skipped_here.min(passed);
            self.counts.passed += passed - skipped;
            self.counts.failed += failed;
            self.counts.skipped += ignored + skipped;
            self.section = Section::Tests;
            self.skipped_here = 0;
            return true;
        }
        match line {
            "successes:" => self.section = Section::Successes,
            "failures:" => self.section = Section::Failures,
            _ => return self.inner(line),
        }
        self.test_skipped = false;
        line == "failures:"
    }

    fn inner(&mut self, line: &str) -> bool {
        if let Some((test, reason)) = line.split_once(" ... ignored, ").filter(|_| self.section == Section::Tests) {
            let test = test.strip_prefix("test ").unwrap_or(test);
            self.counts.reasons.insert(format!("{test}: {reason}"));
        }
        match self.section {
            Section::Tests => !(line.is_empty() || line.starts_with("test ") && line.ends_with(" ... ok")),
            Section::Failures => true,
            Section::Successes => {
                if line.starts_with("---- ") && line.ends_with(" stdout ----") {
                    self.test_skipped = false;
                } else if let Some(reason) = line.strip_prefix("skipped:") {
                    self.skipped_here += usize::from(!self.test_skipped);
                    self.test_skipped = true;
                    self.counts.reasons.insert(reason.trim().to_owned());
                }
                false
            }
        }
    }

    /// The sums.
    pub(crate) fn finish(self) -> Counts {
        self.counts
    }
}

/// Passed, failed and ignored tests of a `test result:` line.
fn result(line: &str) -> Option<[usize; 3]> {
    let rest = line.strip_prefix("test result: ")?;
    let rest = rest.strip_prefix("ok. ").or_else(|| rest.strip_prefix("FAILED. "))?;
    let mut parts = rest.split("; ");
    let mut number = |word: &str| parts.next()?.strip_suffix(word)?.trim().parse().ok();
    Some([number("passed")?, number("failed")?, number("ignored")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "
running 4 tests
test a ... ok
test b ... ok
test c ... ignored, takes long
test d ... FAILED

successes:

---- a stdout ----
skipped: no data
skipped: no tool

---- b stdout ----
it works

successes:
    a
    b

failures:

---- d stdout ----
skipped: this line stands in a failure

failures:
    d

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 1 test
test e ... ok

successes:

---- e stdout ----
skipped: no data

successes:
    e

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn skipped_tests_are_not_counted_as_passed() {
        let mut reader = Reader::default();
        let shown: Vec<&str> = OUTPUT.lines().filter(|line| reader.line(line)).collect();
        let counts = reader.finish();
        assert_eq!((counts.passed, counts.failed, counts.skipped), (1, 1, 3));
        assert_eq!(counts.reasons.into_iter().collect::<Vec<_>>(), ["c: takes long", "no data", "no tool"]);
        assert!(shown.contains(&"test d ... FAILED") && !shown.contains(&"it works"));
        assert!(shown.contains(&"---- d stdout ----"));
    }

    #[test]
    fn other_lines_are_no_results() {
        assert_eq!(result("test result: ok. many passed; 0 failed; 0 ignored"), None);
        assert_eq!(result("result: ok. 1 passed; 0 failed; 0 ignored"), None);
    }
}
