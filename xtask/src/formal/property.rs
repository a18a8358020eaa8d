//! A property set: a SystemVerilog file below `hdl/formal`, what its `//@` lines say, and the text of the block that it is bound to.
//!
//! | line | meaning |
//! |---|---|
//! | `//@ file NAME` | the emitted file `NAME_<set>.v` |
//! | `//@ module NAME ..` | the first module whose last component is `NAME`, with those below it, for `dut_NAME`; the first also for `dut_module` |
//! | `//@ induction K` | clocks of the induction; 0: none, but the clocks of `bmc` are searched by abc and must hold no violation |
//! | `//@ bmc N ENGINE` | clocks from the start in which a twin must be refuted and a cover reached, by abc or z3 |
//! | ``//@ twin NAME: `FROM` -> `TO` `` | a mutation of one line of the block that the properties must refute |
//!
//! A line `NAME: cover ((..));` is what the assumptions must allow: a run of its own must reach it. `TWIN` is defined
//! where twins and covers are searched for, so that a file can narrow the search.

use anyhow::{bail, Context, Result};
use std::path::Path;

/// Name that the property files give to the module they are bound to.
const PLACEHOLDER: &str = "dut_module";
/// What begins the name of one of several.
const PREFIX: &str = "dut_";
/// What follows the name of an assertion.
const ASSERT: &str = ": assert (";
/// What follows the name of a cover.
const COVER: &str = ": cover (";
/// What begins the declaration of a memory in a leaf.
const MEMORY: &str = "words [0:";

/// A mutation that must be refuted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Twin {
    /// Name.
    pub(super) name: String,
    /// Text of the block.
    from: String,
    /// What stands there instead.
    to: String,
}

/// A property set.
#[derive(Debug)]
pub(super) struct Property {
    /// Name: that of its file.
    pub(super) name: String,
    /// Its text.
    text: String,
    /// Emitted file, without set.
    pub(super) file: String,
    modules: Vec<String>,
    /// Clocks in which a twin must be refuted.
    pub(super) bmc: u32,
    /// Whether the twins are refuted by z3 instead of abc.
    pub(super) z3: bool,
    /// Clocks of the induction.
    pub(super) induction: u32,
    /// Mutations.
    pub(super) twins: Vec<Twin>,
}

impl Property {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read or a line is missing or not understood.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self::parse(&name, text).with_context(|| path.display().to_string())
    }

    fn parse(name: &str, text: String) -> Result<Self> {
        let value = |key: &str| {
            let mut lines =
                text.lines().filter_map(|line| line.strip_prefix("//@ ")?.strip_prefix(key)?.strip_prefix(' '));
            lines.next().map(str::trim).with_context(|| format!("there is no line `//@ {key}`"))
        };
        let file = value("file")?.to_owned();
        let modules = value("module")?.split_whitespace().map(str::to_owned).collect();
        let induction = value("induction")?.parse()?;
        let (bmc, z3) = match value("bmc")?.split_once(' ') {
            Some((clocks, "abc")) => (clocks.parse()?, false),
            Some((clocks, "z3")) => (clocks.parse()?, true),
            _ => bail!("expected `//@ bmc CLOCKS abc` or `//@ bmc CLOCKS z3`"),
        };
        let twins =
            text.lines().filter_map(|line| line.strip_prefix("//@ twin ")).map(twin).collect::<Result<Vec<_>>>()?;
        if twins.is_empty() {
            bail!("there is no twin: a proof that never failed shows nothing");
        }
        Ok(Self { name: name.to_owned(), text, file, modules, bmc, z3, induction, twins })
    }

    /// Name of the top module of the properties.
    pub(super) fn top(&self) -> String {
        format!("{}_formal", self.name)
    }

    /// Number of labelled assertions.
    pub(super) fn assertions(&self) -> usize {
        self.text.matches(ASSERT).count()
    }

    /// Names of the covers.
    pub(super) fn covers(&self) -> Vec<&str> {
        let name = |line: &'_ str| line.find(COVER).map(|end| line[..end].trim_start().len());
        self.text.lines().filter_map(|line| name(line).map(|length| &line.trim_start()[..length])).collect()
    }

    /// The block's text and the properties bound to it.
    ///
    /// # Errors
    /// If a module is not in the file, or the text that a twin changes is not in the modules.
    pub(super) fn bind(&self, verilog: &str, twin: Option<&Twin>) -> Result<(String, String)> {
        let all = modules(verilog);
        let (mut block, mut text) = (String::new(), self.text.clone());
        for (at, module) in self.modules.iter().enumerate() {
            let root = all.iter().map(|(name, _)| *name).find(|name| name.rsplit('$').next() == Some(module));
            let root = root.with_context(|| format!("the Verilog has no module {module}"))?;
            let below = format!("{root}$");
            let inside = all.iter().filter(|(name, _)| *name == root || name.starts_with(&below));
            block.extend(inside.flat_map(|(_, text)| [*text, "\n"]));
            if at == 0 {
                text = text.replace(PLACEHOLDER, root);
            }
            text = text.replace(&format!("{PREFIX}{module}"), root);
        }
        if let Some(twin) = twin {
            if !block.contains(&twin.from) {
                bail!("{}: twin {}: the block has no `{}`", self.name, twin.name, twin.from);
            }
            block = block.replacen(&twin.from, &twin.to, 1);
        }
        Ok((with_peeks(&block), text))
    }
}

/// Properties of which only this cover is left, as the assertion that it is never reached.
pub(super) fn only_cover(text: &str, cover: &str) -> String {
    text.replace(ASSERT, COVER).replacen(&format!(" {cover}{COVER}"), &format!(" {cover}: assert (!"), 1)
}

/// ``NAME: `FROM` -> `TO` ``
fn twin(line: &str) -> Result<Twin> {
    let parse = || {
        let (name, rest) = line.split_once(": `")?;
        let (from, to) = rest.split_once("` -> `")?;
        Some(Twin { name: name.to_owned(), from: from.to_owned(), to: to.trim_end().strip_suffix('`')?.to_owned() })
    };
    let twin = parse().with_context(|| format!("no twin: {line}"))?;
    if twin.from == twin.to {
        bail!("the twin {} changes nothing", twin.name);
    }
    Ok(twin)
}

/// Name and text of every module.
fn modules(verilog: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = verilog;
    while let Some(start) = rest.find("module ").filter(|start| *start == 0 || rest[..*start].ends_with('\n')) {
        let end = rest[start..].find("\nendmodule").map_or(rest.len(), |end| start + end + "\nendmodule".len());
        let name = rest[start + "module ".len()..end].split(['(', ' ', ';']).next().unwrap_or_default();
        found.push((name, &rest[start..end]));
        rest = rest[end..].split_once('\n').map_or("", |(_, rest)| rest);
        rest = rest.trim_start();
    }
    found
}

/// Gives every memory a second read port, which the properties drive: `peek_address` and `peek_data`.
fn with_peeks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        if let Some(peek) = peek(line) {
            out.push_str(&peek);
        }
    }
    out
}

/// The lines behind `reg [63:0] words [0:15];`.
fn peek(line: &str) -> Option<String> {
    let (head, last) = line.trim().strip_suffix("];")?.split_once(MEMORY)?;
    let (_, range) = head.trim_end().rsplit_once("reg ")?;
    let address_bits = last.parse::<u64>().ok()?.checked_add(1)?.ilog2().max(1);
    Some(format!(
        "    wire [{}:0] peek_address;\n    wire {range} peek_data = words[peek_address];\n",
        address_bits - 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "\n\nmodule top(a);\n  top$x x();\nendmodule // top\n\n\nmodule top$x(a);\n  q <= d;\nendmodule // top$x\n\n\n\
                         module top$x$ram(a);\n  reg [7:0] words [0:15];\nendmodule // top$x$ram\n\nmodule top$xy(a);\n  q <= d;\nendmodule // top$xy\n";

    fn property(twins: &str) -> Result<Property> {
        let head = format!("//@ file gate\n//@ module x\n//@ bmc 5 abc\n//@ induction 2\n{twins}");
        Property::parse("leaf", format!("{head}module leaf_formal; dut_module dut(); one: assert (1); endmodule\n"))
    }

    #[test]
    fn the_module_and_what_is_below_it_are_bound() {
        let property = property("//@ twin t: `q <= d;` -> `q <= ~d;`\n").unwrap();
        let (block, text) = property.bind(BLOCK, None).unwrap();
        assert!(
            block.starts_with("module top$x(a)") && block.contains("top$x$ram") && !block.contains("top$xy"),
            "{block}"
        );
        assert!(block.contains("wire [3:0] peek_address;\n    wire [7:0] peek_data = words[peek_address];"), "{block}");
        assert!(text.contains("top$x dut();"), "{text}");
        assert_eq!((property.top().as_str(), property.assertions()), ("leaf_formal", 1));
    }

    #[test]
    fn several_modules_are_bound_by_their_names() {
        let head = "//@ file gate\n//@ module x xy\n//@ bmc 5 abc\n//@ induction 2\n//@ twin t: `q` -> `r`\n";
        let text = format!("{head}dut_x one(); dut_xy other();\n    one: assert (1);\n    seen: cover ((1));\n");
        let property = Property::parse("leaf", text).unwrap();
        let (block, text) = property.bind(BLOCK, None).unwrap();
        assert!(block.contains("module top$x$ram") && block.contains("module top$xy(a)"), "{block}");
        assert!(text.contains("top$x one(); top$xy other();"), "{text}");
        assert_eq!(property.covers(), ["seen"]);
        let alone = only_cover(&text, "seen");
        assert!(alone.contains("one: cover (1);") && alone.contains("seen: assert (!(1));"), "{alone}");
    }

    #[test]
    fn a_twin_changes_one_line_of_the_block() {
        let property = property("//@ twin t: `q <= d;` -> `q <= ~d;`\n").unwrap();
        let (block, _) = property.bind(BLOCK, Some(&property.twins[0])).unwrap();
        assert_eq!((block.matches("q <= ~d;").count(), block.matches("q <= d;").count()), (1, 0));
    }

    #[test]
    fn a_twin_whose_text_is_gone_is_an_error() {
        let property = property("//@ twin t: `q <= e;` -> `q <= d;`\n").unwrap();
        let error = property.bind(BLOCK, Some(&property.twins[0])).unwrap_err().to_string();
        assert!(error.contains("leaf: twin t: the block has no `q <= e;`"), "{error}");
    }

    #[test]
    fn a_property_without_a_twin_is_refused() {
        assert!(property("").unwrap_err().to_string().contains("no twin"));
        assert!(property("//@ twin t: `same` -> `same`\n").is_err());
    }
}
