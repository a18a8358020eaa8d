//! `tidy`: the source rules that compilers do not check.
//!
//! Lengths of files, functions and lines, unfinished work, absolute paths, links between pages, and the names in the test plan. Generated files are exempt
//! from the lengths; `docs --check` holds them.

mod functions;
mod links;
mod plan;

use crate::process::root;
use anyhow::{bail, Context, Result};
use std::path::{Path, PathBuf};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 120;
/// Formatters do not break prose: comments and string literals may run on to this column.
const PROSE_COLUMNS: usize = 160;

/// A text file of the workspace.
pub(crate) struct Source {
    /// Path below the root.
    pub(crate) path: String,
    /// Content.
    pub(crate) text: String,
}

impl Source {
    /// Extension of the name.
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// Checks the workspace.
///
/// # Errors
/// If a rule is broken; every place was printed.
pub(crate) fn run() -> Result<()> {
    let sources = sources()?;
    let found = findings(&sources)?;
    for finding in &found {
        println!("{finding}");
    }
    if !found.is_empty() {
        bail!("{} places break the source rules", found.len());
    }
    println!("{} files follow the source rules", sources.len());
    Ok(())
}

fn findings(sources: &[Source]) -> Result<Vec<String>> {
    let generated: Vec<&str> = crate::docs::generated()?.into_iter().map(|(path, _)| path).collect();
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !generated.contains(&source.path.as_str())) {
        lengths(source, &mut found);
        words(source, &mut found);
        if source.extension() == "rs" {
            functions::check(source, FUNCTION_LINES, &mut found);
        }
    }
    for source in sources.iter().filter(|source| source.extension() == "md") {
        links::check(source, &root(), &mut found);
    }
    plan::check(sources, &mut found);
    Ok(found)
}

fn sources() -> Result<Vec<Source>> {
    let root = root();
    let mut files = Vec::new();
    walk(&root, &mut files)?;
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).context("a file of the workspace lies below its root")?;
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        sources.push(Source { path: path.to_string_lossy().into_owned(), text });
    }
    Ok(sources)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != ".git" && !name.starts_with("target") {
                walk(&path, files)?;
            }
        } else if is_text(&name) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_text(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["rs", "md", "toml", "sh", "h", "c", "cpp", "allow", "yml", "lpf"].contains(&extension) || name == "run"
}

fn lengths(source: &Source, found: &mut Vec<String>) {
    if ["md", "lpf", "allow"].contains(&source.extension()) {
        return;
    }
    let lines = source.text.lines().count();
    if lines >= FILE_LINES {
        found.push(format!("{}: {lines} lines, fewer than {FILE_LINES} are allowed", source.path));
    }
    let code = if source.extension() == "rs" { functions::blank(&source.text) } else { hash_comments(&source.text) };
    for ((number, line), code) in (1..).zip(source.text.lines()).zip(code.lines()) {
        let columns = line.chars().count();
        let code_columns = code.chars().filter(|c| *c != functions::BLANK).count();
        if columns > PROSE_COLUMNS || code_columns > COLUMNS {
            let most = format!("{COLUMNS} are allowed, with comments and texts {PROSE_COLUMNS}");
            found.push(format!("{}:{number}: {columns} columns, {most}", source.path));
        }
    }
}

/// The text of a file without known syntax, with comment lines replaced by blanks.
fn hash_comments(text: &str) -> String {
    let comment = |line: &str| ["#", "//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
    let blank = |line: &str| functions::BLANK.to_string().repeat(line.chars().count());
    let lines = text.lines().map(|line| if comment(line) { blank(line) } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}

/// Words of unfinished work and of one machine; spelt in parts so that this file does not hold them.
fn forbidden() -> [String; 9] {
    [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X"].concat(),
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["dbg", "!("].concat(),
        ["/wo", "rk/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/t", "mp/"].concat(),
    ]
}

fn words(source: &Source, found: &mut Vec<String>) {
    let forbidden = forbidden();
    for (number, line) in (1..).zip(source.text.lines()) {
        for word in forbidden.iter().filter(|word| contains_word(line, word)) {
            found.push(format!("{}:{number}: `{word}` is not allowed", source.path));
        }
    }
}

/// Whether `line` holds `word` without a letter, digit or dash before it; paths count only where they begin.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '/')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn workspace_is_tidy() {
        let found = findings(&sources().unwrap()).unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn long_files_and_lines_are_found() {
        let mut found = Vec::new();
        lengths(&source("a.rs", &"\n".repeat(499)), &mut found);
        lengths(&source("a.rs", &"x".repeat(120)), &mut found);
        lengths(&source("a.rs", &format!("// {}", "x".repeat(157))), &mut found);
        lengths(&source("a.rs", &format!("let a = \"{}\";", "x".repeat(149))), &mut found);
        assert!(found.is_empty(), "{found:?}");
        lengths(&source("a.rs", &"\n".repeat(500)), &mut found);
        lengths(&source("a.rs", &"x".repeat(121)), &mut found);
        lengths(&source("a.rs", &format!("// {}", "x".repeat(158))), &mut found);
        lengths(&source("a.rs", &format!("let a = \"{}\";", "x".repeat(150))), &mut found);
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn unfinished_work_and_machine_paths_are_found() {
        for word in forbidden() {
            let mut found = Vec::new();
            words(&source("a.rs", &format!("let a = 1; // {word} x")), &mut found);
            assert!(!found.is_empty(), "{word}");
        }
        let mut found = Vec::new();
        for path in forbidden().iter().filter(|word| word.starts_with('/')) {
            words(&source("a.rs", &format!("let a = \"target{path}a\"; let todos = 1;")), &mut found);
        }
        assert!(found.is_empty(), "{found:?}");
    }
}
