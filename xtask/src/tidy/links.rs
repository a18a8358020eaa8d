//! Relative links of markdown pages.

use super::Source;
use std::path::Path;

/// Adds every relative link whose file or heading does not exist.
pub(super) fn check(source: &Source, root: &Path, found: &mut Vec<String>) {
    let folder = root.join(&source.path).parent().map(Path::to_path_buf).unwrap_or_default();
    for (line, link) in links(&source.text) {
        let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
        if link.contains("://") || link.starts_with("mailto:") {
            continue;
        }
        let target = if path.is_empty() { root.join(&source.path) } else { folder.join(path) };
        if !target.exists() {
            found.push(format!("{}:{line}: the link `{link}` leads nowhere", source.path));
        } else if !anchor.is_empty() && target.extension().is_some_and(|extension| extension == "md") {
            let text = std::fs::read_to_string(&target).unwrap_or_default();
            if !anchors(&text).any(|heading| heading == anchor) {
                found.push(format!("{}:{line}: no heading for the link `{link}`", source.path));
            }
        }
    }
}

/// Line numbers and targets of the links outside of code blocks.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut code = false;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            if let Some(end) = rest.find([')', ' ']) {
                found.push((number, &rest[..end]));
            }
        }
    }
    found
}

/// The anchors of the headings of a page.
fn anchors(text: &str) -> impl Iterator<Item = String> + '_ {
    let headings =
        text.lines().filter_map(|line| line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim()));
    headings.map(|heading| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_links_and_headings_are_found() {
        let text = "# A title, here\n[a](#a-title-here) [b](#none) [c](no-such-file.md) [d](https://example.org/x)\n```\n[e](nowhere)\n```\n";
        let root = std::env::temp_dir().join(format!("crossgate-links-{}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        std::fs::write(root.join("page.md"), text).unwrap();
        let mut found = Vec::new();
        check(&Source { path: "page.md".to_owned(), text: text.to_owned() }, &root, &mut found);
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(
            found,
            ["page.md:2: no heading for the link `#none`", "page.md:2: the link `no-such-file.md` leads nowhere"]
        );
    }
}
