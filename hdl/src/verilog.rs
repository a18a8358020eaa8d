//! Verilog of a block, as every tool of this project gets it.
//!
//! rust-hdl writes the whole combinational logic of a block as one process. Tools that order processes then see loops
//! where there are none: a process that drives an address and reads the data of the same memory depends on itself.
//! Here such a process is taken apart into one process for every set of signals that are assigned together. What reads a
//! signal before its last assignment stays with it, and each process keeps its statements in their order, so each
//! signal keeps its value; nothing else of the text changes.
//!
//! Not a Verilog parser: it relies on the shape of rust-hdl's output (a statement a line, `begin` and `end` words) and
//! leaves processes with loops, which only handwritten leaves have, as they are.

use rust_hdl_core::prelude::*;
use std::collections::BTreeMap;

const PROCESS: &str = "always @(*) begin";

/// The Verilog of a connected block; its top module is `top`.
pub fn verilog<B: Block>(block: &B) -> String {
    one_process_a_signal(&generate_verilog(block))
}

/// How much deeper the text behind a line is nested.
fn nesting(line: &str) -> isize {
    let code = line.split("//").next().unwrap_or_default();
    names(code)
        .map(|word| match word {
            "begin" | "case" => 1,
            "end" | "endcase" => -1,
            _ => 0,
        })
        .sum()
}

/// The signal that a line assigns.
fn target(line: &str) -> Option<&str> {
    let (left, _) = line.split_once(" = ")?;
    let name = left.trim().split('[').next()?.trim_end();
    let plain = !name.is_empty() && name.chars().all(in_name);
    plain.then_some(name)
}

/// The statements of a process: an assignment, or a whole `if` or `case`.
fn statements<'text>(body: &[&'text str]) -> Vec<Vec<&'text str>> {
    let mut statements: Vec<Vec<&str>> = Vec::new();
    let mut depth = 0;
    for line in body.iter().filter(|line| !line.trim().is_empty()) {
        let continues = depth > 0 || line.trim_start().starts_with("else");
        match statements.last_mut().filter(|_| continues) {
            Some(statement) => statement.push(line),
            None => statements.push(vec![line]),
        }
        depth += nesting(line);
    }
    statements
}

/// Whether a character may be part of a name.
fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The names in a line; comments and keywords among them do no harm.
fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !in_name(c)).filter(|name| !name.is_empty())
}

/// Numbers statements so that those which must run one after the other have the same number: those that assign a common
/// signal, and those that read it before it has its last value.
fn groups(statements: &[Vec<&str>]) -> Vec<usize> {
    let mut group: Vec<usize> = (0..statements.len()).collect();
    let mut join = |one: usize, other: usize| {
        let (kept, gone) = (group[one], group[other]);
        for number in group.iter_mut().filter(|number| **number == gone) {
            *number = kept;
        }
    };
    let mut assigned: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (at, statement) in statements.iter().enumerate() {
        for name in statement.iter().filter_map(|line| target(line)) {
            let (first, last) = assigned.entry(name).or_insert((at, at));
            join(*first, at);
            *last = at;
        }
    }
    for (at, statement) in statements.iter().enumerate() {
        for name in statement.iter().flat_map(|line| names(line)) {
            match assigned.get(name) {
                Some((first, last)) if *first < at && at < *last => join(*first, at),
                _ => {}
            }
        }
    }
    group
}

fn write_process(text: &mut String, body: &[&str]) {
    let statements = statements(body);
    let group = groups(&statements);
    let mut numbers = group.clone();
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        text.push_str(PROCESS);
        text.push('\n');
        for (statement, _) in statements.iter().zip(&group).filter(|(_, own)| **own == number) {
            for line in statement {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.push_str("end\n");
    }
}

fn one_process_a_signal(verilog: &str) -> String {
    let mut text = String::with_capacity(verilog.len() * 2);
    let mut lines = verilog.lines();
    while let Some(line) = lines.next() {
        if line.trim() != PROCESS {
            text.push_str(line);
            text.push('\n');
            continue;
        }
        let mut depth = 1;
        let mut body = Vec::new();
        let mut last = "";
        for line in lines.by_ref() {
            depth += nesting(line);
            if depth == 0 {
                last = line;
                break;
            }
            body.push(line);
        }
        let handwritten = body.iter().any(|line| line.contains("for (")) || last.trim() != "end";
        if handwritten {
            for line in std::iter::once(line).chain(body).chain([last]) {
                text.push_str(line);
                text.push('\n');
            }
        } else {
            write_process(&mut text, &body);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::one_process_a_signal;

    fn process(statements: &str) -> String {
        format!("module top;\nalways @(*) begin\n{statements}end\nendmodule\n")
    }

    #[test]
    fn independent_signals_get_a_process_each_in_their_order() {
        let text = process("a = x;\nb = y;\nif (b) begin\n  a = z; // begin\nend\nelse begin\n  a = 0;\nend\n");
        let expected = "module top;\nalways @(*) begin\na = x;\nif (b) begin\n  a = z; // begin\nend\nelse begin\n  a = 0;\nend\nend\n\
                        always @(*) begin\nb = y;\nend\nendmodule\n";
        assert_eq!(one_process_a_signal(&text), expected);
    }

    #[test]
    fn signals_assigned_by_one_statement_stay_together() {
        let text = process("a = 0;\nb = 0;\nc[3:0] = 0;\ncase (s)\n1: begin\nb = 1;\nc[0] = 1;\nend\nendcase\n");
        let expected = "module top;\nalways @(*) begin\na = 0;\nend\nalways @(*) begin\nb = 0;\nc[3:0] = 0;\ncase (s)\n1: begin\nb = 1;\nc[0] = 1;\nend\n\
                        endcase\nend\nendmodule\n";
        assert_eq!(one_process_a_signal(&text), expected);
    }

    #[test]
    fn what_reads_a_signal_between_two_assignments_stays_with_it() {
        let text = process("t = x;\na = t;\nt = y;\nb = t;\n");
        let expected =
            "module top;\nalways @(*) begin\nt = x;\na = t;\nt = y;\nend\nalways @(*) begin\nb = t;\nend\nendmodule\n";
        assert_eq!(one_process_a_signal(&text), expected);
    }

    #[test]
    fn comparisons_are_no_assignments_and_loops_stay() {
        let chained = process("if (a == b) begin\nc = a <= b;\nend\n");
        assert_eq!(one_process_a_signal(&chained), chained);
        let looped = process("a = 0;\nfor (j = 0; j < 3; j = j + 1)\n  if (v[j]) a = 1;\nb = ~|v;\n");
        assert_eq!(one_process_a_signal(&looped), looped);
    }
}
