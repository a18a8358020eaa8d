//! The combinational logic of a card in processes that Verilator can order.
//!
//! rust-hdl writes the whole combinational logic of a block as one process, the clocks of its parts included. Verilator
//! orders whole processes: it sees loops where there are none, evaluates until nothing changes, and takes every clock
//! for one of its own. Here such a process is taken apart into groups of statements, each a process.
//!
//! Invariant: every signal settles to the value that the whole process gives it. Statements of a group keep their
//! order; two that assign the same signal are of one group; and a statement that reads a signal of another group came
//! behind every assignment to it, so that what it read is what the signal settles to.
//!
//! Not a Verilog parser, and only for Verilator, which evaluates every process at the start: a process with any line
//! that is not of the few forms which rust-hdl writes stays as it is.

use std::collections::BTreeMap;

const PROCESS: &str = "always @(*) begin";

/// What a line of a process is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'text> {
    /// `name = ...;` or `name[...] = ...;`
    Assignment(&'text str),
    /// Opens a block.
    Open,
    /// Opens a block that belongs to the `if` before it.
    Else,
    /// Closes a block.
    Close,
    /// Label of a case.
    Label,
    Empty,
}

fn in_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

/// Words of a text: names, and keywords and digits, which no signal is called.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !in_name(letter)).filter(|word| !word.is_empty())
}

/// Whether this is one expression in parentheses.
fn is_parenthesised(text: &str) -> bool {
    let mut depth = 0;
    let ends = text.char_indices().filter_map(|(at, letter)| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    });
    text.starts_with('(') && ends.min() == Some(text.len() - 1)
}

fn assignment(line: &str) -> Option<&str> {
    let (left, right) = line.strip_suffix(';')?.split_once(" = ")?;
    let name = &left[..left.find('[').unwrap_or(left.len())];
    let index = &left[name.len()..];
    let whole = name.chars().all(in_name) && !name.is_empty() && (index.is_empty() || index.ends_with(']'));
    (whole && !index.contains('=') && ![';', '"'].iter().any(|letter| right.contains(*letter))).then_some(name)
}

/// What the line is, if it has a form that rust-hdl writes.
fn parse(line: &str) -> Option<Line<'_>> {
    let line = line.trim();
    let condition = |word: &str| {
        let rest = line.strip_prefix(word).and_then(|rest| rest.strip_suffix(" begin"));
        rest.is_some_and(is_parenthesised)
    };
    match line {
        "" => Some(Line::Empty),
        "begin" => Some(Line::Open),
        "else begin" => Some(Line::Else),
        "end" | "endcase" => Some(Line::Close),
        _ if line.contains("//") || line.contains("/*") => None,
        _ if condition("if ") => Some(Line::Open),
        _ if condition("else if ") => Some(Line::Else),
        _ if line.strip_prefix("case ").is_some_and(is_parenthesised) => Some(Line::Open),
        _ if line.strip_suffix(':').is_some_and(|label| !label.is_empty() && label.chars().all(in_name)) => {
            Some(Line::Label)
        }
        _ => assignment(line).map(Line::Assignment),
    }
}

/// An assignment, or a whole `if` or `case`.
#[derive(Default)]
struct Statement<'text> {
    lines: Vec<&'text str>,
    targets: Vec<&'text str>,
}

/// The statements of a process, if every line is understood.
fn statements<'text>(body: &[&'text str]) -> Option<Vec<Statement<'text>>> {
    let mut all: Vec<Statement<'text>> = Vec::new();
    let mut depth = 0;
    for line in body {
        let kind = parse(line)?;
        match kind {
            Line::Empty => continue,
            Line::Label if depth == 0 => return None,
            Line::Else => {}
            _ if depth == 0 => all.push(Statement::default()),
            _ => {}
        }
        let statement = all.last_mut()?;
        statement.lines.push(line);
        match kind {
            Line::Assignment(name) => statement.targets.push(name),
            Line::Open | Line::Else => depth += 1,
            Line::Close => depth -= 1,
            Line::Label | Line::Empty => {}
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(all)
}

/// Numbers the statements; those that must stay in one process have the same number.
fn groups(statements: &[Statement<'_>]) -> Vec<usize> {
    let mut assigned: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (at, statement) in statements.iter().enumerate() {
        for name in &statement.targets {
            assigned.entry(name).or_insert((at, at)).1 = at;
        }
    }
    let mut group: Vec<usize> = (0..statements.len()).collect();
    for (at, statement) in statements.iter().enumerate() {
        for word in statement.lines.iter().flat_map(|line| words(line)) {
            // Also finds what the statement assigns itself, which is of its group in any case.
            let Some((first, last)) = assigned.get(word) else { continue };
            if *last >= at {
                let (kept, gone) = (group[*first].min(group[at]), group[*first].max(group[at]));
                group.iter_mut().filter(|number| **number == gone).for_each(|number| *number = kept);
            }
        }
    }
    group
}

fn write_groups(text: &mut String, statements: &[Statement<'_>]) {
    let group = groups(statements);
    let mut members: BTreeMap<usize, Vec<&Statement<'_>>> = BTreeMap::new();
    for (statement, number) in statements.iter().zip(&group) {
        members.entry(*number).or_default().push(statement);
    }
    for group in members.values() {
        let lines = group.iter().flat_map(|statement| statement.lines.iter().copied());
        for line in std::iter::once(PROCESS).chain(lines).chain(["end"]) {
            text.push_str(line);
            text.push('\n');
        }
    }
}

/// The Verilog with every process taken apart that can be.
pub(super) fn split(verilog: &str) -> String {
    let mut text = String::with_capacity(verilog.len() * 2);
    let lines: Vec<&str> = verilog.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        at += 1;
        if lines[start].trim() == PROCESS {
            // The first line that is indented like the process ends it; a body that then does not balance is refused.
            let indent = &lines[start][..lines[start].len() - PROCESS.len()];
            let end = (at..lines.len()).find(|end| lines[*end].strip_prefix(indent) == Some("end"));
            if let Some((end, statements)) = end.and_then(|end| Some((end, statements(&lines[at..end])?))) {
                write_groups(&mut text, &statements);
                at = end + 1;
                continue;
            }
        }
        text.push_str(lines[start]);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(processes: &[&[&str]]) -> String {
        let processes = processes.iter().map(|lines| format!("    always @(*) begin\n{}\n    end\n", lines.join("\n")));
        format!("module top;\n{}endmodule\n", processes.collect::<String>())
    }

    /// The processes of a text that was split, each in one line.
    fn processes(lines: &[&str]) -> Vec<String> {
        let text = split(&module(&[lines]));
        let text = text.strip_prefix("module top;\n").and_then(|text| text.strip_suffix("endmodule\n")).unwrap();
        let start = format!("{PROCESS}\n");
        let processes = text.split(&start).skip(1);
        let flat = |lines: &str| lines.split_whitespace().collect::<Vec<_>>().join(" ");
        processes.map(|process| flat(process.strip_suffix("end\n").unwrap())).collect()
    }

    fn stays(lines: &[&str]) {
        let text = module(&[lines]);
        assert_eq!(split(&text), text);
    }

    #[test]
    fn signals_that_nothing_joins_get_a_process_each_in_their_order() {
        let parts = processes(&[
            "part$clock = clock;",
            "a = x;",
            "part$d[(32'h0)+:(4)] = y;",
            "if (y) begin",
            "a = z;",
            "end",
            "else begin",
            "a = 0;",
            "end",
            "b = a & x;",
        ]);
        let expected = [
            "part$clock = clock;",
            "a = x; if (y) begin a = z; end else begin a = 0; end",
            "part$d[(32'h0)+:(4)] = y;",
            "b = a & x;",
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn what_reads_a_signal_before_its_last_assignment_stays_with_it() {
        // Between two assignments; before the only one; and through a signal that is joined only by a later line.
        assert_eq!(processes(&["t = x;", "a = t;", "t = y;", "b = t;"]), ["t = x; a = t; t = y;", "b = t;"]);
        assert_eq!(processes(&["a = t;", "c = x;", "t = y;"]), ["a = t; t = y;", "c = x;"]);
        assert_eq!(processes(&["t = x;", "u = t;", "t = u;", "u = t;"]), ["t = x; u = t; t = u; u = t;"]);
        assert_eq!(processes(&["v[t] = x;", "t = y;"]), ["v[t] = x; t = y;"], "an index is read");
    }

    #[test]
    fn signals_of_one_statement_stay_together() {
        let case =
            ["a = 0;", "b = 0;", "case (s)", "One:", "begin", "b = 1;", "c[0] = 1;", "end", "endcase", "c[1] = x;"];
        let expected = ["a = 0;", "b = 0; case (s) One: begin b = 1; c[0] = 1; end endcase c[1] = x;"];
        assert_eq!(processes(&case), expected);
        let both = ["if (s) begin", "a = x;", "end", "else begin", "b = x;", "end"];
        assert_eq!(processes(&both), [both.join(" ")]);
    }

    #[test]
    fn every_process_of_a_text_is_taken_apart_by_itself() {
        let text = split(&module(&[&["a = x;", "b = y;"], &["c = x;"]]));
        assert_eq!(text.matches(PROCESS).count(), 3);
    }

    #[test]
    fn a_process_with_a_line_of_another_form_stays_as_it_is() {
        stays(&["a = 0;", "for (j = 0; j < 3; j = j + 1)", "if (v[j]) a = 1;", "b = x;"]);
        stays(&["a = x;", "if (y) a = z;", "b = x;"]);
        stays(&["a = x; b = y;", "c = x;"]);
        stays(&["a <= x;", "b = x;"]);
        stays(&["{a, b} = x;", "c = x;"]);
        stays(&["a = x; // a = y", "b = x;"]);
        stays(&["a = x /*;", "b = x;", "c = y */ & x;"]);
        stays(&["One:", "a = x;", "b = x;"]);
        stays(&["a = x", "+ y;", "b = x;"]);
        stays(&["if (x) begin", "a = y;", "b = x;"]);
        stays(&["a = x;", "end", "b = x;"]);
        stays(&["if (x) & (y) begin", "a = y;", "end", "b = x;"]);
        let cut = "module top;\n    always @(*) begin\na = x;\n";
        assert_eq!(split(cut), cut);
    }
}
