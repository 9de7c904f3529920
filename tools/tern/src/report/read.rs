//! JSON files with errors that name file and field.

use std::path::Path;

use serde::de::DeserializeOwned;
use tern_gen_verilog::failure::Failure;

/// The value in a file.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let text = std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let mut reader = serde_json::Deserializer::from_slice(&text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        match error.path().to_string().as_str() {
            "." => refuse(error.inner().to_string()),
            field => refuse(format!("field `{field}`: {}", error.inner())),
        }
    })?;
    reader.end().map_err(|error| refuse(error.to_string()))?;
    Ok(value)
}
