//! The reviewed exceptions: one a line, `code | module | message | source line | reason`.
//!
//! In the patterns `*` stands for anything, `@` for one signal name, with or without a slice or index by a number or signal, and `#` for one literal. Spaces
//! at the ends of a source line do not count. A line that begins with `#` is a comment.

use super::Finding;
use anyhow::{bail, Result};

/// One exception.
pub(crate) struct Entry {
    /// Its line in the file.
    pub(crate) line: usize,
    code: String,
    module: String,
    message: String,
    source: String,
    used: bool,
}

impl Entry {
    /// The patterns.
    pub(crate) fn text(&self) -> String {
        [&*self.code, &*self.module, &*self.message, &*self.source].join(" | ")
    }

    fn matches(&self, finding: &Finding) -> bool {
        self.code == finding.code
            && matches(&self.module, &finding.module)
            && matches(&self.message, &finding.message)
            && matches(&self.source, finding.source.trim())
    }
}

/// All exceptions.
pub(crate) struct Allowlist {
    entries: Vec<Entry>,
}

impl Allowlist {
    /// Reads the file.
    ///
    /// # Errors
    /// If a line has not five parts, no reason, or allows width or sign warnings everywhere.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut entries = Vec::new();
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() || text.starts_with('#') {
                continue;
            }
            let parts: Vec<&str> = text.split(" | ").map(str::trim).collect();
            let [code, module, message, source, reason] = parts[..] else {
                bail!("line {line}: an exception has five parts: code | module | message | source line | reason");
            };
            if reason.len() < 10 {
                bail!("line {line}: an exception needs a reason");
            }
            if ["WIDTH", "UNSIGNED"].contains(&code) && source.chars().all(|c| c == '*') {
                bail!("line {line}: {code} must name the form of the source line");
            }
            let [code, module, message, source] = [code, module, message, source].map(str::to_owned);
            entries.push(Entry { line, code, module, message, source, used: false });
        }
        Ok(Self { entries })
    }

    /// Whether an exception covers the finding; every one that does is marked as used.
    pub(crate) fn allows(&mut self, finding: &Finding) -> bool {
        let mut allowed = false;
        for entry in self.entries.iter_mut().filter(|entry| entry.matches(finding)) {
            entry.used = true;
            allowed = true;
        }
        allowed
    }

    /// Exceptions that covered nothing.
    pub(crate) fn unused(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.used)
    }

    /// Starts to count uses anew.
    pub(crate) fn forget_uses(&mut self) {
        for entry in &mut self.entries {
            entry.used = false;
        }
    }
}

/// Whether the whole text has the form of the pattern.
fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| matches(rest, &text[at..])),
        '@' => signal_ends(text).into_iter().any(|end| matches(rest, &text[end..])),
        '#' => literal_end(text).is_some_and(|end| matches(rest, &text[end..])),
        _ => text.strip_prefix(first).is_some_and(|text| matches(rest, text)),
    }
}

/// Where a signal at the start of the text may end: after its name, and after its slice or index.
fn signal_ends(text: &str) -> Vec<usize> {
    let name = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$').unwrap_or(text.len());
    if name == 0 || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let mut ends = vec![name];
    if let Some(inside) = text[name..].strip_prefix('[') {
        if let Some(close) = inside.find(']') {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "_$'()+:".contains(c);
            if inside[..close].chars().all(allowed) {
                ends.push(name + close + 2);
            }
        }
    }
    ends
}

fn literal_end(text: &str) -> Option<usize> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let rest = text[digits..].strip_prefix('\'')?;
    let rest = rest.strip_prefix(['h', 'b', 'd'])?;
    let value = rest.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(rest.len());
    (digits > 0 && value > 0).then_some(digits + 2 + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(source: &str) -> Finding {
        let text = |text: &str| text.to_owned();
        Finding { code: text("WIDTH"), module: text("top$a"), line: 1, source: text(source), message: text("m") }
    }

    #[test]
    fn form_of_the_line_decides() {
        let text = "WIDTH | top$* | * | @ = $unsigned(@); | Widening assignment.";
        let mut list = Allowlist::parse(text).unwrap();
        assert_eq!(list.unused().count(), 1);
        assert!(list.allows(&finding("  a$d = $unsigned(b[(32'h3)+:(4)]);")));
        assert!(list.allows(&finding("a = $unsigned(b);")));
        assert!(!list.allows(&finding("a = $unsigned(b + c);")));
        assert!(!list.allows(&finding("a = $unsigned(b) == c;")));
        assert_eq!(list.unused().count(), 0);
    }

    #[test]
    fn literals_and_anything() {
        assert!(matches("@ = @ + #;", "a = b + 32'h1f;"));
        assert!(!matches("@ = @ + #;", "a = b + c;"));
        assert!(matches("*EQ expects*", "Operator EQ expects 32 bits"));
        assert!(!matches("@", "3a"));
    }

    #[test]
    fn exceptions_without_form_or_reason_are_refused() {
        assert!(Allowlist::parse("WIDTH | * | * | * | A good long reason.").is_err());
        assert!(Allowlist::parse("UNUSED | * | * | * | no").is_err());
        assert!(Allowlist::parse("UNUSED | * | a reason that is long").is_err());
        assert!(Allowlist::parse("# comment\n\nUNUSED | * | * | * | A good long reason.").is_ok());
    }
}
