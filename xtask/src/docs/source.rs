//! Doc comments of the contract's sources, for constants and variants that carry their text only there.
//!
//! The values always come from the compiled contract; only texts are read from the source.

use anyhow::{Context, Result};

/// Source of the register module.
pub(crate) const REGISTER: &str = include_str!("../../../hdl/contract/src/register.rs");
/// Source of the event module.
pub(crate) const EVENT: &str = include_str!("../../../hdl/contract/src/event.rs");
/// Source of the command module.
pub(crate) const COMMAND: &str = include_str!("../../../hdl/contract/src/command.rs");
/// Source of the feature module.
pub(crate) const FEATURE: &str = include_str!("../../../hdl/contract/src/feature.rs");
/// Source of the table module.
pub(crate) const TABLE: &str = include_str!("../../../hdl/contract/src/table.rs");
/// Source of the width module.
pub(crate) const WIDTH: &str = include_str!("../../../hdl/contract/src/width.rs");

/// The lines of a `pub mod` or `pub enum` of a source.
///
/// # Errors
/// If the source has no such item.
pub(crate) fn section<'a>(source: &'a str, head: &str) -> Result<&'a str> {
    let start = source.find(head).with_context(|| format!("the contract has no `{head}`"))?;
    let rest = &source[start + head.len()..];
    let end = rest.find("\n}").with_context(|| format!("`{head}` has no end"))?;
    Ok(&rest[..end])
}

/// Names of constants and of variants with a number, each with its doc comment.
pub(crate) fn documented(source: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut doc = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            doc.push(text);
        } else if !line.starts_with("#[") {
            if let Some(name) = item(line) {
                found.push((name, doc.join(" ")));
            }
            doc.clear();
        }
    }
    found
}

/// The doc comment of one item.
///
/// # Errors
/// If there is no such item or it has no text.
pub(crate) fn doc(source: &str, name: &str) -> Result<String> {
    let found = documented(source).into_iter().find(|(item, doc)| *item == name && !doc.is_empty());
    found.map(|(_, doc)| doc).with_context(|| format!("the contract says nothing about `{name}`"))
}

fn item(line: &str) -> Option<&str> {
    let name = match line.strip_prefix("pub const ") {
        Some(rest) => rest.split_once(':')?.0,
        None => {
            let (name, value) = line.strip_suffix(',')?.split_once(" = ")?;
            value.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)?
        }
    };
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_constants_and_variants_are_found() {
        let source =
            "/// One\n/// line.\npub const A: u32 = 1;\npub const B: u32 = 2;\nenum E {\n    /// First.\n    C = 0,\n}";
        let found = documented(source);
        assert_eq!(found, [("A", "One line.".to_owned()), ("B", String::new()), ("C", "First.".to_owned())]);
        assert!(doc(source, "B").is_err() && doc(source, "D").is_err());
    }

    #[test]
    fn section_ends_at_its_brace() {
        let text = section(EVENT, "pub mod flag {").unwrap();
        let names: Vec<&str> = documented(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["CROSSED", "LOCKED", "BID_EMPTY", "ASK_EMPTY", "REFILLING", "LAST"]);
    }
}
