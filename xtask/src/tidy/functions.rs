//! Lengths of functions, by counting braces.
//!
//! The scanner knows strings, characters, lifetimes and comments, and nothing else of the language. A function with `#[hdl_gen]` is a kernel: the subset
//! allows neither calls nor `let`, so its length is not limited; nor is that of the constructor of a block, which lists every port and register.

use super::Source;

/// Adds every function that has more lines than `most`.
pub(super) fn check(source: &Source, most: usize, found: &mut Vec<String>) {
    let block = source.path.starts_with("hdl/src/");
    for function in functions(&source.text) {
        let constructor = block && ["default", "new"].contains(&&*function.name);
        if function.lines > most && !function.kernel && !constructor {
            let (name, line, lines) = (function.name, function.line, function.lines);
            found.push(format!("{}:{line}: `{name}` has {lines} lines, {most} are allowed", source.path));
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
    kernel: bool,
}

/// Every function with a body, with the lines from its head to its closing brace.
fn functions(text: &str) -> Vec<Function> {
    let code = blank(text);
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = head(line) else { continue };
        let Some(end) = body_end(&lines[index..]) else { continue };
        let above = lines[..index].iter().rev().take_while(|line| line.trim_start().starts_with("#["));
        let kernel = above.into_iter().any(|line| line.contains("#[hdl_gen]"));
        found.push(Function { name: name.to_owned(), line: index + 1, lines: end + 1, kernel });
    }
    found
}

/// Name of the function that a line begins.
fn head(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    if let Some(after) = rest.strip_prefix("pub(") {
        rest = after.split_once(')')?.1.trim_start();
    }
    loop {
        let words = ["pub ", "const ", "async ", "unsafe ", "extern \"C\" ", "extern "];
        let Some(after) = words.iter().find_map(|word| rest.strip_prefix(word)) else { break };
        rest = after.trim_start();
    }
    let name = rest.strip_prefix("fn ")?;
    Some(name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(name))
}

/// Index of the line that closes the body which begins in these lines; none if the function has no body.
fn body_end(lines: &[&str]) -> Option<usize> {
    let (mut braces, mut brackets, mut opened) = (0i32, 0i32, false);
    for (index, line) in lines.iter().enumerate() {
        for c in line.chars() {
            match c {
                '{' => {
                    braces += 1;
                    opened = true;
                }
                '}' => braces -= 1,
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                ';' if !opened && brackets == 0 => return None,
                _ => {}
            }
            if opened && braces == 0 && brackets == 0 {
                return Some(index);
            }
        }
    }
    None
}

/// Stands for a character of a string, character or comment in [`blank`]ed text.
pub(super) const BLANK: char = '\0';

/// The text with strings, characters and comments replaced by [`BLANK`]; lines stay.
pub(super) fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = token_end(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { BLANK }));
        at = end;
    }
    out
}

/// End of the string, character or comment that begins here, or `at`.
fn token_end(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => {
            let close = rest.windows(2).skip(2).position(|pair| pair == ['*', '/']);
            at + close.map_or(rest.len(), |close| close + 4)
        }
        ['r', '"' | '#', ..] if at == 0 || !(chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') => {
            raw_end(chars, at)
        }
        ['"', ..] => quoted_end(chars, at, '"'),
        ['\'', '\\', ..] => quoted_end(chars, at, '\''),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn quoted_end(chars: &[char], at: usize, quote: char) -> usize {
    let mut index = at + 1;
    while index < chars.len() && chars[index] != quote {
        index += if chars[index] == '\\' { 2 } else { 1 };
    }
    (index + 1).min(chars.len())
}

fn raw_end(chars: &[char], at: usize) -> usize {
    let marks = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + marks) != Some(&'"') {
        return at;
    }
    let mut close = vec!['"'];
    close.extend(std::iter::repeat_n('#', marks));
    let start = at + 2 + marks;
    let end = chars[start..].windows(close.len()).position(|window| window == close);
    end.map_or(chars.len(), |end| start + end + close.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, usize, bool)> {
        functions(text).into_iter().map(|function| (function.name, function.lines, function.kernel)).collect()
    }

    #[test]
    fn braces_in_strings_characters_and_comments_do_not_count() {
        let body = "    let c = '{'; let d = \"}\\\"}\"; // }\n    /* } */ let e = r#\"}\"}\"#;\n";
        let text = format!("fn a<'x>(b: &'x str) -> [u8; 2] {{\n{body}}}\nfn f() {{}}\n");
        assert_eq!(names(&text), [("a".to_owned(), 4, false), ("f".to_owned(), 1, false)]);
    }

    #[test]
    fn heads_without_a_body_are_no_functions() {
        assert_eq!(names("trait T {\n    fn a(&self);\n    fn b(&self) {\n    }\n}\n"), [("b".to_owned(), 2, false)]);
    }

    #[test]
    fn long_functions_are_found_unless_they_are_kernels() {
        let body = "    a();\n".repeat(69);
        let mut found = Vec::new();
        let mut check_text = |text: String| check(&Source { path: "a.rs".to_owned(), text }, 70, &mut found);
        check_text(format!("pub(crate) fn short() {{\n{}}}\n", "    a();\n".repeat(68)));
        check_text(format!("#[hdl_gen]\nfn update() {{\n{body}}}\n"));
        check_text(format!("pub const fn long() {{\n{body}}}\n"));
        check(&Source { path: "hdl/src/a.rs".to_owned(), text: format!("fn new() {{\n{body}}}\n") }, 70, &mut found);
        assert_eq!(found, ["a.rs:1: `long` has 71 lines, 70 are allowed"]);
    }
}
