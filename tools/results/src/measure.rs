//! Running the commands of a row.

use std::collections::BTreeMap;
use std::time::Instant;

use regex::Regex;
use serde_json::Value;
use tern_gen_verilog::failure::Failure;
use tern_sim::eda::locate;

use crate::row::{Record, Row, Rows, failed};
use crate::setup::{set_up, shell};

/// Measures a row of `rows`, whose sources have the hash `hash`.
///
/// # Errors
/// When a command fails or its output lacks a value.
pub fn measure(rows: &Rows, row: &Row, hash: String) -> Result<Record, Failure> {
    set_up(row)?;
    let start = Instant::now();
    let printed = shell(&row.command)?;
    let seconds = (start.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    let text = match &row.output {
        None => printed,
        Some(file) => std::fs::read_to_string(file).map_err(|error| failed(file, error))?,
    };
    let mut values = BTreeMap::from([("seconds".to_owned(), seconds.into())]);
    for (name, place) in row
        .values
        .iter()
        .flat_map(|set| rows.values.get(set))
        .flatten()
    {
        let missing = || failed(&row.id, format!("`{}` gives no {place}", row.command));
        values.insert(name.clone(), extract(&text, place).ok_or_else(missing)?);
    }
    let located = locate::list().into_iter();
    let tools = located.filter_map(|(tool, at)| Some((tool.name().to_owned(), at?.version)));
    let rustc = shell("rustc --version")?.replace("rustc ", "");
    let tools = tools.chain([("rustc".to_owned(), rustc.trim().to_owned())]);
    let commit = shell("git describe --always --exclude '*' --dirty=+")?;
    Ok(Record {
        values,
        command: row.setup.iter().chain([&row.command]).cloned().collect(),
        hash,
        commit: commit.trim().to_owned(),
        processor: processor(),
        tools: tools.filter(|(_, version)| !version.is_empty()).collect(),
    })
}

/// The value at a JSON pointer, or what the group of a regular expression matches.
///
/// A pointer's part `name=value` finds the element of an array whose field `name` is `value`.
fn extract(text: &str, place: &str) -> Option<Value> {
    if !place.starts_with('/') {
        let found = Regex::new(place).ok()?.captures(text)?.get(1)?.as_str();
        return Some(serde_json::from_str(found).unwrap_or_else(|_| found.into()));
    }
    let whole: Value = serde_json::from_str(text).ok()?;
    let step = |value: &Value, part: &str| match part.split_once('=') {
        Some((name, wanted)) => {
            let mut elements = value.as_array()?.iter();
            elements.find(|element| element[name] == wanted).cloned()
        }
        None => value.pointer(&format!("/{part}")).cloned(),
    };
    place[1..]
        .split('/')
        .try_fold(whole, |value, part| step(&value, part))
}

/// Name and threads of the processor.
fn processor() -> String {
    let table = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = |line: &str| {
        Some(
            line.strip_prefix("model name")?
                .split_once(": ")?
                .1
                .to_owned(),
        )
    };
    let name = table
        .lines()
        .find_map(name)
        .unwrap_or("unknown processor".to_owned());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{name}, {threads} threads")
}

#[cfg(test)]
mod tests {
    use super::extract;

    #[test]
    fn values_are_found_by_pointer_name_and_pattern() {
        let json = r#"{"a": [{"m": "x", "n": 1}, {"m": "y", "n": 2}], "b": 0.5}"#;
        assert_eq!(extract(json, "/b"), Some(0.5.into()));
        assert_eq!(extract(json, "/a/0/n"), Some(1.into()));
        assert_eq!(extract(json, "/a/m=y/n"), Some(2.into()));
        assert_eq!(extract(json, "/a/m=z/n"), None);
        assert_eq!(extract("real 1.25 s", r"real ([\d.]+)"), Some(1.25.into()));
        assert_eq!(extract("real", r"real ([\d.]+)"), None);
    }
}
