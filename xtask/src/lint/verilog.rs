//! The parts of emitted Verilog that the rules look at: modules, declarations and the statements of combinational blocks.
//!
//! It reads the text that rust-hdl writes, one declaration or statement a line, not Verilog in general. Modules with hand-written code (leaves) are marked:
//! their statements are not read.

use std::collections::BTreeMap;

/// A declared name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    /// Bits.
    pub(crate) width: usize,
    /// Declared `signed`.
    pub(crate) signed: bool,
    /// A `localparam`.
    pub(crate) constant: bool,
}

/// A memory: words of so many bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// Number of words.
    pub(crate) words: usize,
    /// Bits of a word.
    pub(crate) bits: usize,
    /// Marked as distributed.
    pub(crate) distributed: bool,
}

/// One module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Module {
    /// Name.
    pub(crate) name: String,
    /// First and last line.
    pub(crate) lines: (usize, usize),
    /// Names that it declares.
    pub(crate) signals: BTreeMap<String, Signal>,
    /// The memory of a leaf.
    pub(crate) memory: Option<Words>,
    /// Instances: module names.
    pub(crate) instances: Vec<String>,
    /// Code written by hand.
    pub(crate) custom: bool,
    /// Line numbers and text of the statements of combinational blocks.
    pub(crate) statements: Vec<(usize, String)>,
}

/// A file of modules.
pub(crate) struct Design {
    /// The lines of the file.
    pub(crate) lines: Vec<String>,
    /// Its modules.
    pub(crate) modules: Vec<Module>,
}

impl Design {
    /// Reads a file.
    pub(crate) fn parse(text: &str) -> Self {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut modules: Vec<Module> = Vec::new();
        let mut current: Option<Module> = None;
        let mut inside = false;
        for (number, line) in (1..).zip(&lines) {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("module ") {
                let name = rest.split(['(', ';', ' ']).next().unwrap_or_default().to_owned();
                current = Some(Module { name, lines: (number, number), ..Module::default() });
                inside = false;
            } else if line.starts_with("endmodule") {
                if let Some(mut module) = current.take() {
                    module.lines.1 = number;
                    modules.push(module);
                }
            } else if let Some(module) = &mut current {
                module_line(module, number, line, &mut inside);
            }
        }
        Self { lines, modules }
    }

    /// The module that a line belongs to.
    pub(crate) fn module_at(&self, line: usize) -> &str {
        let module = self.modules.iter().find(|module| (module.lines.0..=module.lines.1).contains(&line));
        module.map_or("", |module| &module.name)
    }

    /// A line of the file.
    pub(crate) fn line(&self, number: usize) -> &str {
        number.checked_sub(1).and_then(|index| self.lines.get(index)).map_or("", String::as_str)
    }

    /// The module that no other instantiates.
    pub(crate) fn top(&self) -> Option<&str> {
        let instantiated = |name: &String| self.modules.iter().any(|module| module.instances.contains(name));
        self.modules.iter().map(|module| &module.name).rfind(|name| !instantiated(name)).map(String::as_str)
    }

    /// The memories of the design, one entry an instance.
    pub(crate) fn memories(&self) -> Vec<Words> {
        let by_name: BTreeMap<&str, &Module> = self.modules.iter().map(|module| (&*module.name, module)).collect();
        let mut found = Vec::new();
        let mut open: Vec<&str> = self.top().into_iter().collect();
        while let Some(module) = open.pop().and_then(|name| by_name.get(name)) {
            found.extend(module.memory);
            open.extend(module.instances.iter().map(String::as_str));
        }
        found
    }
}

fn module_line(module: &mut Module, number: usize, line: &str, inside: &mut bool) {
    if line.starts_with("// Update code (") {
        module.custom = true;
    }
    if line.starts_with("always @(*)") {
        *inside = !module.custom;
    }
    if let Some(memory) = memory(line) {
        module.memory = Some(memory);
    } else if let Some((name, signal)) = declaration(line) {
        module.signals.insert(name.to_owned(), signal);
    } else if *inside {
        let text = line.strip_prefix("always @(*) ").unwrap_or(line);
        if text != "begin" && text != "end" && !text.is_empty() && !text.starts_with("//") {
            module.statements.push((number, text.to_owned()));
        }
    } else if let Some(kind) = instance(line) {
        module.instances.push(kind.to_owned());
    }
}

/// `input wire signed [7:0] name;` and its like.
fn declaration(line: &str) -> Option<(&str, Signal)> {
    let kinds = ["input wire ", "output reg ", "output wire ", "inout wire ", "reg ", "wire ", "localparam "];
    let (kind, rest) = kinds.iter().find_map(|kind| Some((*kind, line.strip_prefix(kind)?)))?;
    let rest = rest.trim_start();
    let (signed, rest) = rest.strip_prefix("signed ").map_or((false, rest), |rest| (true, rest.trim_start()));
    let (mut width, rest) = range(rest).map_or((1, rest), |(high, low, rest)| (high - low + 1, rest));
    let rest = rest.strip_suffix(';')?;
    let (name, value) = rest.split_once('=').map_or((rest, None), |(name, value)| (name, Some(value)));
    let constant = kind == "localparam ";
    if let (true, Some(value)) = (constant, value) {
        width = value.trim().split_once('\'').and_then(|(width, _)| width.parse().ok()).unwrap_or(32);
    }
    Some((name.trim(), Signal { width, signed, constant }))
}

/// `[7:0] rest`.
fn range(text: &str) -> Option<(usize, usize, &str)> {
    let (inside, rest) = text.strip_prefix('[')?.split_once(']')?;
    let (first, second) = inside.split_once(':')?;
    let (first, second): (usize, usize) = (first.trim().parse().ok()?, second.trim().parse().ok()?);
    Some((first.max(second), first.min(second), rest.trim_start()))
}

/// `(* ram_style = "distributed" *) reg [7:0] words [0:63];`.
fn memory(line: &str) -> Option<Words> {
    let distributed = line.contains("ram_style = \"distributed\"");
    let rest = line.split_once("*) ").map_or(line, |(_, rest)| rest);
    let (high, low, rest) = range(rest.strip_prefix("reg ")?.trim_start())?;
    let rest = rest.strip_prefix("words ")?;
    let (last, first, _) = range(rest.trim_start())?;
    Some(Words { words: last - first + 1, bits: high - low + 1, distributed })
}

/// `kind name(`: the head of an instance.
fn instance(line: &str) -> Option<&str> {
    let mut words = line.strip_suffix('(')?.split(' ');
    let (kind, name) = (words.next()?, words.next()?);
    let plain =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    (words.next().is_none() && plain(kind) && plain(name)).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "

module top(clock,a);

   // Module arguments
   input wire  clock;
   input wire signed [7:0] a;

   // Constant declarations
   localparam signed zero = 48'h0;

   // Local signals
   reg  [15:0] b;

   // Sub module instances
   top$ram ram(
      .clock(ram$clock));

   top$ram ram_2(
      .clock(ram$clock));

   // Update code
   always @(*) begin
      b = 32'h0;
      if (a == zero) begin
         b = $unsigned(a);
      end
   end

endmodule // top


module top$ram(clock);
   // Update code (custom)
   (* ram_style = \"distributed\" *) reg [63:0] words [0:15];
   always @(*) read_data = words[read_address];
endmodule // top$ram
";

    #[test]
    fn emitted_text_is_read() {
        let design = Design::parse(TEXT);
        assert_eq!(design.top(), Some("top"));
        let top = &design.modules[0];
        assert_eq!(top.signals["a"], Signal { width: 8, signed: true, constant: false });
        assert_eq!(top.signals["b"], Signal { width: 16, signed: false, constant: false });
        assert_eq!(top.signals["zero"], Signal { width: 48, signed: true, constant: true });
        assert_eq!(top.instances, ["top$ram", "top$ram"]);
        let statements: Vec<&str> = top.statements.iter().map(|(_, text)| &**text).collect();
        assert_eq!(statements, ["b = 32'h0;", "if (a == zero) begin", "b = $unsigned(a);"]);
        assert!(design.modules[1].custom && design.modules[1].statements.is_empty());
        assert_eq!(design.memories(), [Words { words: 16, bits: 64, distributed: true }; 2]);
        assert_eq!(design.module_at(top.statements[0].0), "top");
    }
}
