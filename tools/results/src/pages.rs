//! The documents that state figures.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tern_gen_verilog::failure::Failure;

use crate::figures::Figures;
use crate::row::{Rows, failed, read_records};

const PASSAGES: &str = "docs/results/passages.md";

/// Makes the root of the repository the working directory.
///
/// # Errors
/// When it is not there.
pub fn enter_root() -> Result<(), Failure> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(root).map_err(Failure::input)
}

/// Fails unless every figure is of the present sources, but for those of training, and every page states what was measured.
///
/// # Errors
/// One sentence: the rows or the page, and the command that mends it.
pub fn check() -> Result<(), Failure> {
    let figures = Figures::new(Rows::read()?, read_records()?)?;
    let (rows, command) = (
        figures.to_measure().join(", "),
        "cargo run --release --bin tern-results --",
    );
    if !rows.is_empty() {
        return Err(Failure::difference(format!(
            "figures are of earlier sources, run {command} --long: {rows}"
        )));
    }
    match changed(&figures)?.first() {
        None => Ok(()),
        Some((page, _)) => Err(Failure::difference(format!(
            "{page} is not up to date, run {command} --tables"
        ))),
    }
}

/// The pages that are not up to date, by path, as they would be.
///
/// # Errors
/// When a file cannot be read, a page names a passage that is not there, or a placeholder names nothing.
pub fn changed(figures: &Figures) -> Result<Vec<(String, String)>, Failure> {
    let mut passages = BTreeMap::new();
    replace(&read(PASSAGES)?, |name, body| {
        passages.insert(name.to_owned(), body.to_owned());
        Ok(String::new())
    })?;
    let docs = fs::read_dir("docs").map_err(|error| failed("docs", error))?;
    let docs = docs
        .flatten()
        .map(|entry| entry.path().display().to_string());
    let mut pages: Vec<_> = docs
        .chain(["README.md".into(), "models/README.md".into()])
        .collect();
    pages.retain(|page| page.ends_with(".md"));
    pages.sort();
    let mut changed = vec![];
    for page in pages {
        let there = read(&page)?;
        let made = replace(&there, |name, _| {
            let passage = passages
                .get(name)
                .ok_or_else(|| failed(PASSAGES, format!("has no passage {name}")))?;
            figures.fill(passage)
        });
        let made = made.map_err(|error| failed(&page, error))?;
        if made != there {
            changed.push((page, made));
        }
    }
    Ok(changed)
}

/// `text` with the body of each marked passage replaced by what `with` makes of its name and body.
fn replace(
    text: &str,
    mut with: impl FnMut(&str, &str) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let mut parts = text.split("<!-- results: ");
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let passage = part.split_once(" -->\n").and_then(|(name, rest)| {
            let (body, after) = rest.split_once("<!-- end -->")?;
            Some((name, body, after))
        });
        let (name, body, after) =
            passage.ok_or_else(|| failed(part, "`<!-- end -->` is missing"))?;
        made += &format!(
            "<!-- results: {name} -->\n{}<!-- end -->{after}",
            with(name, body)?
        );
    }
    Ok(made)
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| failed(path, error))
}
