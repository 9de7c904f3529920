//! The pages of the documents, which `docs/SUMMARY.md` lists, and the command lines that they show.

use std::fs;
use std::path::{Component, Path, PathBuf};

pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the root").to_owned()
}

/// A page that a reader opens.
pub struct Page {
    /// Path from the root.
    pub path: PathBuf,
    pub text: String,
}

/// Targets of the links in a text.
pub fn links(text: &str) -> impl Iterator<Item = &str> {
    let links = text.split("](").skip(1);
    links.filter_map(|rest| rest.split(')').next())
}

/// The path from the root that a link of a page names.
pub fn linked(page: &Path, target: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in page.with_file_name(target).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{}: {target}", page.display()),
            part => path.push(part),
        }
    }
    path
}

/// Every page, in the order of the summary.
pub fn pages() -> Vec<Page> {
    let summary = Path::new("docs/SUMMARY.md");
    let list = fs::read_to_string(root().join(summary)).expect("the summary");
    let paths = links(&list).map(|target| linked(summary, target));
    let page = |path: PathBuf| {
        let text = fs::read_to_string(root().join(&path));
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Page { path, text }
    };
    let pages: Vec<Page> = paths.map(page).collect();
    assert!(pages.len() >= 25, "{} pages", pages.len());
    pages
}

/// How a page says what a command line takes, at the beginning of the comment after the command, or of a comment before it.
#[derive(Clone, Copy, PartialEq)]
pub enum Mark {
    /// `# 2 s`: the tests run it.
    Seconds,
    /// `# 4 min`: a test that is ignored runs it.
    Minutes,
    /// `# hours` or `# needs`, and what: no test runs it.
    NotRun,
}

/// A command line of a page.
pub struct Line {
    pub command: String,
    pub mark: Option<Mark>,
    /// What the comment says is printed: what stands between quotation marks in it.
    pub prints: Vec<String>,
}

fn mark(comment: &str) -> Option<Mark> {
    let words: Vec<&str> = comment.split([' ', ':', ',', ';']).collect();
    match words[..] {
        ["hours" | "needs", ..] => Some(Mark::NotRun),
        [number, unit, ..] if number.parse::<u32>().is_ok() => match unit {
            "s" => Some(Mark::Seconds),
            "min" => Some(Mark::Minutes),
            _ => None,
        },
        _ => None,
    }
}

/// Command and comment of a line.
fn parts(line: &str) -> (&str, &str) {
    let comment = line.strip_prefix('#').map(|comment| ("", comment));
    let (command, comment) = comment.or(line.split_once(" #")).unwrap_or((line, ""));
    (command.trim(), comment.trim())
}

fn quoted(comment: &str) -> Vec<String> {
    let quoted = comment.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// The code blocks of a page that a shell reads, as their lines. A comment on a line of its own is that of the next command; its mark is
/// also that of further ones without a mark.
pub fn blocks(text: &str) -> Vec<Vec<Line>> {
    let mut found: Vec<Vec<Line>> = vec![];
    let (mut shell, mut above, mut before) = (false, None, vec![]);
    for line in text.lines() {
        if line.starts_with("```") {
            shell = line == "```sh";
            above = None;
            found.extend(shell.then(Vec::new));
            continue;
        }
        if !shell || line.is_empty() {
            continue;
        }
        let (command, comment) = parts(line);
        let mut prints = quoted(comment);
        if command.is_empty() {
            above = mark(comment);
            before = prints;
            continue;
        }
        prints.append(&mut before);
        let line = Line {
            command: command.to_owned(),
            mark: mark(comment).or(above),
            prints,
        };
        found.last_mut().expect("a block").push(line);
    }
    found
}
