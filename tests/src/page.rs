//! `docs/verification.md`: made from the sources of the hardware, the proofs and the tests, never edited.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::coverage::required;

/// A rule of a hardware module's contract.
struct Rule {
    /// Module and number, as in `contracts.txt`.
    name: String,
    /// Its first line.
    text: String,
}

fn tests_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where the page is.
pub fn path() -> PathBuf {
    tests_folder()
        .with_file_name("docs")
        .join("verification.md")
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The files of a folder and its folders whose names end so, sorted: name without the ending, a folder's for its `mod`, and text.
fn files(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = vec![];
    let name_of = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = name_of(&path).unwrap_or_default();
        match name.strip_suffix(ending) {
            _ if path.is_dir() => files.append(&mut self::files(&path, ending)?),
            Some("mod") => files.push((name_of(folder).unwrap_or_default(), read(&path)?)),
            Some(stem) => files.push((stem.to_owned(), read(&path)?)),
            None => {}
        }
    }
    files.sort();
    Ok(files)
}

/// The numbered rules in the doc comments of the hardware.
fn rules() -> Result<Vec<Rule>, String> {
    let mut rules = vec![];
    for (module, text) in files(&tests_folder().with_file_name("hdl").join("src"), ".rs")? {
        for line in text.lines().filter_map(|line| line.strip_prefix("/// ")) {
            let number = line
                .split_once(". ")
                .filter(|(n, _)| n.parse::<u32>().is_ok());
            if let Some((number, text)) = number {
                rules.push(Rule {
                    name: format!("{module} {number}"),
                    text: text.to_owned(),
                });
            }
        }
    }
    Ok(rules)
}

/// What shows each rule: rule, then proofs and tests.
fn shown() -> Result<Vec<(String, Vec<String>)>, String> {
    let path = tests_folder().join("contracts.txt");
    let text = read(&path)?;
    let entry = |line: &str| {
        let (rule, by) = line.split_once(": ")?;
        Some((rule.to_owned(), by.split(", ").map(str::to_owned).collect()))
    };
    let entries = text.lines().map(|line| {
        let wrong = || {
            format!(
                "{}: `{line}`, expected `module number: test, test`",
                path.display()
            )
        };
        entry(line).ok_or_else(wrong)
    });
    entries.collect()
}

/// Whether a proof or test is there.
fn exists(by: &str) -> bool {
    let folder = tests_folder();
    match (by.strip_prefix("proof "), by.rsplit_once("::")) {
        (Some(file), _) => folder.join("formal").join(file).is_file(),
        (None, Some((file, test))) => {
            let file = format!("{}.rs", file.replace("::", "/"));
            let text = read(&folder.join("end_to_end").join(file));
            text.is_ok_and(|text| text.contains(&format!("fn {test}()")))
        }
        _ => false,
    }
}

/// The page.
///
/// # Errors
/// A rule without a proof or test, a proof or test that is not there, or one of a rule that is not there.
pub fn page() -> Result<String, String> {
    let (rules, shown) = (rules()?, shown()?);
    for (rule, by) in &shown {
        if !rules.iter().any(|known| known.name == *rule) {
            return Err(format!(
                "tests/contracts.txt names rule {rule}, expected one of hdl/src"
            ));
        }
        if let Some(missing) = by.iter().find(|by| !exists(by)) {
            return Err(format!(
                "tests/contracts.txt names {missing} for rule {rule}, expected a proof or test that exists"
            ));
        }
    }
    let mut page = read(&tests_folder().join("verification.md"))?;
    let mut contracts =
        String::from("| rule | what it says, in brief | shown by |\n|---|---|---|\n");
    for Rule { name, text } in &rules {
        let by = shown.iter().find(|(rule, _)| rule == name);
        let (_, by) = by.ok_or_else(|| {
            format!("rule {name} of hdl/src has no proof or test in tests/contracts.txt")
        })?;
        let _ = writeln!(
            contracts,
            "| {name} | {} | {} |",
            text.replace('|', "\\|"),
            by.join(", ")
        );
    }
    let mut proofs = String::from("| proof | assertions | cover points |\n|---|---|---|\n");
    for (name, text) in files(&tests_folder().join("formal"), ".v")? {
        let labels = |what: &str| {
            let lines = text.lines().filter(|line| line.contains(what));
            let label = |line: &str| {
                Some(
                    line.split(what)
                        .next()?
                        .rsplit(['(', ' ', ')'])
                        .find(|word| !word.is_empty())?
                        .trim_end_matches(':')
                        .to_owned(),
                )
            };
            lines
                .filter_map(label)
                .collect::<Vec<_>>()
                .join(", ")
                .replace('_', " ")
        };
        let _ = writeln!(
            proofs,
            "| {name} | {} | {} |",
            labels(": assert("),
            labels(": cover(")
        );
    }
    let points: String = required()
        .iter()
        .map(|point| format!("- {point}\n"))
        .collect();
    let equivalent = read(&tests_folder().join("equivalent_changes.md"))?;
    for (place, text) in [
        ("CONTRACTS", contracts),
        ("PROOFS", proofs),
        ("POINTS", points),
        ("EQUIVALENT", equivalent),
    ] {
        page = page.replace(&format!("<{place}>"), text.trim_end());
    }
    Ok(page)
}
