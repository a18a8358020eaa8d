//! The list of mutations that yosys writes, and the file of those that change nothing.

use anyhow::{bail, Context, Result};
use std::path::Path;

/// One mutation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mutation {
    /// Value of the selecting input.
    pub(super) number: u32,
    /// Kind of change: inv, const0, const1, cnot0, cnot1.
    pub(super) mode: String,
    /// Instance path of the module.
    pub(super) module: String,
    /// Port and bit of the cell.
    pub(super) port: String,
    /// Line of the emitted Verilog that the cell was made of; the name of the cell if there is none.
    pub(super) source: String,
}

impl Mutation {
    /// Reads `mutate -ctrl NAME WIDTH VALUE -mode MODE -module top -cell CELL -port PORT -portbit BIT ... -src FILE:LINE.COLUMN-...`.
    pub(super) fn parse(line: &str, verilog: &[&str]) -> Result<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |option: &str, places: usize| {
            let at = words.iter().position(|word| *word == option)?;
            words.get(at + places).copied()
        };
        let parse = || {
            let cell = after("-cell", 1)?;
            let source = after("-src", 1).and_then(|place| source(place, verilog)).unwrap_or_else(|| cell.to_owned());
            Some(Self {
                number: after("-ctrl", 3)?.parse().ok()?,
                mode: after("-mode", 1)?.to_owned(),
                module: module(cell),
                port: format!("{}[{}]", after("-port", 1)?, after("-portbit", 1)?),
                source,
            })
        };
        parse().with_context(|| format!("no mutation: {line}"))
    }

    /// What names the mutation in the file of equivalent ones.
    pub(super) fn key(&self) -> String {
        [&*self.module, &*self.mode, &*self.port, &*self.source].join(" | ")
    }
}

/// `$flatten\gate.\ends.\line.$procdff$1` is in `gate.ends.line`.
fn module(cell: &str) -> String {
    let path = cell.strip_prefix("$flatten").unwrap_or(cell).replace('\\', "");
    path.split(".$").next().unwrap_or(&path).to_owned()
}

/// The text of `card.v:12.3-12.9`.
fn source(place: &str, verilog: &[&str]) -> Option<String> {
    let (_, rest) = place.split_once(".v:")?;
    let line: usize = rest.split(['.', '-']).next()?.parse().ok()?;
    Some(verilog.get(line.checked_sub(1)?)?.trim().to_owned())
}

/// The file of equivalent mutations: `module | mode | port | source | reason` a line.
pub(super) struct Equivalents(Vec<(String, String)>);

impl Equivalents {
    /// Reads the file.
    ///
    /// # Errors
    /// If it cannot be read or a line has no reason.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let mut entries = Vec::new();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
            match parts.split_last() {
                Some((reason, key)) if key.len() >= 4 && !reason.is_empty() => {
                    entries.push((key.join(" | "), (*reason).to_owned()));
                }
                _ => bail!("line {number}: expected `module | mode | port | source | reason`"),
            }
        }
        Ok(Self(entries))
    }

    /// Why the mutation changes nothing, if it is in the file.
    pub(super) fn reason(&self, mutation: &Mutation) -> Option<String> {
        let key = mutation.key();
        self.0.iter().find(|(known, _)| *known == key).map(|(_, reason)| reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "mutate -ctrl mutation_select 16 5 -mode const1 -module top -cell $flatten\\gate.\\sequencer.\\head.$procmux$21294 \
                        -port Y -portbit 2 -src card.v:2.13-2.32 -src card.v:1.9-3.12";

    #[test]
    fn a_mutation_is_named_by_its_place_in_the_rtl() {
        let mutation = Mutation::parse(LINE, &["if (a) begin", "   q = d | e;", "end"]).unwrap();
        assert_eq!(mutation.number, 5);
        assert_eq!(mutation.key(), "gate.sequencer.head | const1 | Y[2] | q = d | e;");
    }

    #[test]
    fn an_equivalent_mutation_is_found_by_its_key_alone() {
        let mutation = Mutation::parse(LINE, &["", "q = d | e;"]).unwrap();
        let known =
            Equivalents::parse("# why\n\ngate.sequencer.head | const1 | Y[2] | q = d | e; | never read\n").unwrap();
        assert_eq!(known.reason(&mutation).as_deref(), Some("never read"));
        let other = Mutation { mode: "inv".to_owned(), ..mutation };
        assert_eq!(known.reason(&other), None);
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        assert!(Equivalents::parse("gate | inv | Y[0] | a = b;\n").is_err());
    }
}
