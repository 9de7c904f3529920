//! JSON read with errors in words: the field, what was found there and what was expected.

use serde::Deserialize;

/// What the Rust types of fields are called in JSON.
const TYPES: [(&str, &str); 7] = [
    ("expected i32", "expected an integer of 32 bits"),
    ("expected u32", "expected a whole number of 32 bits"),
    ("expected u64", "expected a whole number"),
    ("expected usize", "expected a whole number"),
    ("expected i64", "expected an integer"),
    ("expected f64", "expected a number"),
    ("expected struct", "expected an object:"),
];

/// Why a text is not the JSON that was expected.
#[derive(Debug)]
pub struct Fault {
    /// The field at fault, such as `layers[0].lut_bits`; none for the text as a whole.
    pub field: Option<String>,
    /// What is wrong, to be read after the field or the name of the text: `cannot be read: missing field ...`.
    pub problem: String,
    /// The error of the parser.
    pub source: serde_json::Error,
}

/// The value that `text` describes.
///
/// # Errors
/// When `text` is not JSON, or has other fields or types.
pub fn read_json<'d, T: Deserialize<'d>>(text: &'d str) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // The parser's path is a full stop for the whole, and ends in a question mark where a name cannot be read.
        let path = error.path().to_string();
        let field = path.trim_end_matches('?').trim_end_matches('.').to_owned();
        fault((!field.is_empty()).then_some(field), error.into_inner())
    })?;
    json.end().map_err(|error| fault(None, error))?;
    Ok(value)
}

fn fault(field: Option<String>, source: serde_json::Error) -> Fault {
    if !source.is_data() {
        // The error names line and column; the field that is read there has no fault of its own.
        let problem = format!("cannot be read as JSON: {source}");
        return Fault {
            field: None,
            problem,
            source,
        };
    }
    let words = TYPES
        .iter()
        .fold(source.to_string(), |words, (rust, json)| {
            words.replace(rust, json)
        });
    Fault {
        field,
        problem: format!("cannot be read: {words}"),
        source,
    }
}
