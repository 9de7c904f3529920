//! The documents: every relative link leads somewhere, and every command line shown is one that the programs read.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every page that a reader opens: path and text.
fn pages() -> Vec<(PathBuf, String)> {
    let folders = [
        "",
        "docs",
        "models",
        "examples",
        "examples/recordings",
        "bindings/c",
        "bindings/python",
    ];
    let files = folders.into_iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).expect("a folder that can be read");
        entries.map(|entry| entry.expect("an entry").path())
    });
    let pages: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a page that can be read");
            (path, text)
        })
        .collect();
    assert!(pages.len() >= 15, "{} pages", pages.len());
    pages
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut links = 0;
    for (page, text) in pages() {
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://")) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = match file {
                "" => page.clone(),
                file => page.with_file_name(file),
            };
            assert!(path.exists(), "{}: no {target}", page.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&path).expect("a page that can be read");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|line| anchor(line) == heading),
                    "{}: no heading {target}",
                    page.display()
                );
            }
            links += 1;
        }
    }
    assert!(links >= 30, "{links} links");
}

/// The command lines of `program` in a page, without comments: whole ones in code blocks, and those between backticks, which may
/// leave out what they are not about.
fn commands(text: &str, program: &str) -> Vec<(String, bool)> {
    let mut code = false;
    let mut found = vec![];
    for line in text.lines() {
        if line.starts_with("```") {
            code = line == "```sh";
            continue;
        }
        let parts: Vec<&str> = match code {
            true => line.split('#').next().unwrap_or("").split("&&").collect(),
            false => line.split('`').skip(1).step_by(2).collect(),
        };
        let start = format!("{program} ");
        let is_command = |part: &&str| part.trim_start().starts_with(&start) && !part.contains('…');
        let lines = parts.into_iter().filter(is_command);
        found.extend(lines.map(|line| (line.to_owned(), code)));
    }
    found
}

/// The words of a command line; quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(k, part)| match k % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// Whether a line lacks something, rather than naming what is not there.
fn incomplete(kind: ErrorKind) -> bool {
    use ErrorKind::{
        DisplayHelpOnMissingArgumentOrSubcommand, InvalidValue, MissingRequiredArgument,
        MissingSubcommand,
    };
    matches!(
        kind,
        DisplayHelpOnMissingArgumentOrSubcommand
            | InvalidValue
            | MissingRequiredArgument
            | MissingSubcommand
    )
}

#[test]
fn every_command_line_shown_can_be_read() {
    let programs = [
        ("tern", tern_cli::command()),
        ("gen-verilog", tern_gen_verilog::arguments::command()),
    ];
    for (program, parser) in programs {
        let mut count = 0;
        for (page, text) in pages() {
            for (line, whole) in commands(&text, program) {
                let read = parser.clone().try_get_matches_from(words(&line));
                if let Err(error) = read {
                    let known = !whole && incomplete(error.kind());
                    assert!(known, "{}: `{line}`: {error}", page.display());
                }
                count += 1;
            }
        }
        assert!(count >= 5, "{count} lines of {program}");
    }
}
