//! What is measured, and what came out.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tern_gen_verilog::failure::Failure;

const ROWS: &str = "docs/results/rows.toml";
const RECORDS: &str = "docs/results/results.json";

/// When a row is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Seconds: on every run.
    Cheap,
    /// Minutes to an hour: with `--long`.
    Long,
    /// Hours of training: with `--only`. Its figure may be one of earlier sources, which the table then says.
    Training,
}

/// One measurement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Name in placeholders and on the command line.
    pub id: String,
    /// When the row is measured.
    pub group: Group,
    /// What is measured, in a few words.
    pub what: String,
    /// Shell lines that make the files which `command` and `verilog` name.
    #[serde(default)]
    pub setup: Vec<String>,
    /// The shell line that measures.
    pub command: String,
    /// The file that `command` writes its result to; standard output where there is none.
    pub output: Option<String>,
    /// The entry of [`Rows::values`] that finds the values in the output; the wall time alone where there is none.
    pub values: Option<String>,
    /// Options of gen-verilog: what is measured is the Verilog that they give.
    pub verilog: Option<String>,
    /// Files and folders that are measured, from the root of the repository.
    #[serde(default)]
    pub files: Vec<String>,
}

/// `rows.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Values by name: a JSON pointer such as `/seeds/0/fmax_mhz`, or a regular expression with one group.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// The rows, in the order of measuring.
    pub row: Vec<Row>,
}

impl Rows {
    /// Reads the rows; the working directory is the root of the repository.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read() -> Result<Rows, Failure> {
        let text = fs::read_to_string(ROWS).map_err(|error| failed(ROWS, error))?;
        toml::from_str(&text).map_err(|error| failed(ROWS, error))
    }
}

/// What a row gave, and under which circumstances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The values by name, and `seconds`, the wall time of the command.
    pub values: BTreeMap<String, Value>,
    /// The shell lines, as a user types them.
    pub command: Vec<String>,
    /// Hash of what was measured, see [`crate::source::hash`].
    pub hash: String,
    /// Commit of the working tree, with `+` where it had changes.
    pub commit: String,
    /// The processor and the number of its threads.
    pub processor: String,
    /// Versions of compiler and EDA tools.
    pub tools: BTreeMap<String, String>,
}

/// `results.json`: records by the rows' names.
pub type Records = BTreeMap<String, Record>;

/// Reads the records.
///
/// # Errors
/// When the file cannot be read.
pub fn read_records() -> Result<Records, Failure> {
    let text = fs::read_to_string(RECORDS).map_err(|error| failed(RECORDS, error))?;
    serde_json::from_str(&text).map_err(|error| failed(RECORDS, error))
}

/// Writes the records.
///
/// # Errors
/// When the file cannot be written.
pub fn write_records(records: &Records) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(records).map_err(Failure::input)? + "\n";
    fs::write(RECORDS, text).map_err(|error| failed(RECORDS, error))
}

/// A sentence about a file.
pub(crate) fn failed(file: &str, error: impl std::fmt::Display) -> Failure {
    Failure::input(format!("{file}: {error}"))
}
