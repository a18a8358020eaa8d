//! Test names in docs/testplan.md: every one in the last column of its tables is a function somewhere in the workspace.

use super::Source;
use std::collections::BTreeSet;

const PLAN: &str = "docs/testplan.md";

/// Adds every name that no function has, and every promise without a test.
pub(super) fn check(sources: &[Source], found: &mut Vec<String>) {
    let Some(plan) = sources.iter().find(|source| source.path == PLAN) else {
        found.push(format!("{PLAN} is missing"));
        return;
    };
    let functions: BTreeSet<&str> =
        sources.iter().filter(|source| source.extension() == "rs").flat_map(|source| functions(&source.text)).collect();
    for (line, names) in rows(&plan.text) {
        if names.is_empty() {
            found.push(format!("{PLAN}:{line}: the promise has no test"));
        }
        for name in names.iter().filter(|name| !functions.contains(*name)) {
            found.push(format!("{PLAN}:{line}: there is no test `{name}`"));
        }
    }
}

/// Names after `fn `, wherever they stand: property tests are declared inside macros.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn ").map(|(at, _)| {
        let rest = &text[at + 3..];
        &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())]
    })
}

/// Line numbers and quoted names of the last cell of every table row below a head that ends in `tests`.
fn rows(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            inside = false;
        } else if cells.last() == Some(&"tests") {
            inside = true;
        } else if inside && !line.starts_with("|--") {
            let last = cells.last().copied().unwrap_or_default();
            found.push((number, last.split('`').skip(1).step_by(2).collect()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_tests_and_empty_promises_are_found() {
        let plan = "| promise | tests |\n|---|---|\n| a | `one`, `two` |\n| b | |\n\n| word | meaning |\n|---|---|\n| `c` | `d` |\n";
        let sources = [
            Source { path: PLAN.to_owned(), text: plan.to_owned() },
            Source { path: "a.rs".to_owned(), text: "#[test]\nfn one() {}".to_owned() },
        ];
        let mut found = Vec::new();
        check(&sources, &mut found);
        assert_eq!(
            found,
            ["docs/testplan.md:3: there is no test `two`", "docs/testplan.md:4: the promise has no test"]
        );
    }
}
