//! Comparison of the memories in the emitted card with docs/budget.md.

use super::verilog::{Design, Words};
use crate::budget::{self, Style};
use crate::emit;
use anyhow::{Context, Result};
use crossgate_contract::Sizes;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Words, bits and style of a memory.
type Shape = (usize, usize, Style);

/// Compares the card of a set with the table; prints and counts the differences.
///
/// # Errors
/// If the card was not emitted.
pub(crate) fn check(set: &str, files: &[PathBuf]) -> Result<usize> {
    let card = emit::card(set);
    let file = files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == &*card));
    let file = file.with_context(|| format!("{card}.v was not emitted"))?;
    let design = Design::parse(&std::fs::read_to_string(file)?);
    let sizes = Sizes::by_name(set).with_context(|| format!("no set of sizes is called `{set}`"))?;
    let mut expected: BTreeMap<Shape, usize> = BTreeMap::new();
    for memory in budget::memories(&sizes) {
        *expected.entry((memory.words, memory.bits, memory.style)).or_default() += memory.copies;
    }
    let differences = differences(&expected, &design.memories());
    for difference in &differences {
        println!("{card}: {difference}");
    }
    Ok(differences.len())
}

fn differences(expected: &BTreeMap<Shape, usize>, found: &[Words]) -> Vec<String> {
    let mut counts: BTreeMap<Shape, usize> = BTreeMap::new();
    for words in found {
        let style = if words.distributed { Style::Lut } else { Style::Block };
        *counts.entry((words.words, words.bits, style)).or_default() += 1;
    }
    let shapes: std::collections::BTreeSet<Shape> = expected.keys().chain(counts.keys()).copied().collect();
    let mut differences = Vec::new();
    for shape in shapes {
        let (budget, card) = (expected.get(&shape).unwrap_or(&0), counts.get(&shape).unwrap_or(&0));
        if budget != card {
            let (words, bits, style) = shape;
            let memory = format!("{style:?} memories of {words} x {bits} bits");
            differences.push(format!("{memory}: the budget has {budget}, the Verilog {card}"));
        }
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_surplus_memories_are_found() {
        let expected = BTreeMap::from([((16, 8, Style::Lut), 2), ((512, 36, Style::Block), 1)]);
        let lut = Words { words: 16, bits: 8, distributed: true };
        let block = Words { words: 512, bits: 36, distributed: false };
        assert!(differences(&expected, &[lut, block, lut]).is_empty());
        assert_eq!(differences(&expected, &[lut, block]).len(), 1);
        assert_eq!(differences(&expected, &[lut, lut, block, Words { words: 32, ..block }]).len(), 1);
    }
}
