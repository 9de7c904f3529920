//! JSON files with errors that name file and field.

use std::path::Path;

use serde::de::DeserializeOwned;
use tern_gen_verilog::failure::Failure;
use tern_model::file::{read_json, read_text};

/// The value in a file.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let text = read_text(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    read_json(&text).map_err(|fault| refuse(fault.to_string()))
}
