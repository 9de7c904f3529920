//! Numbers `[time, columns]` in a CSV or NPY file.

mod csv;
mod element;
mod npy;

use std::path::Path;

use tern_model::file::read_bytes;

pub use self::csv::{csv, delimiter, text};
pub use self::element::{Element, Wanted};
pub use self::npy::npy;
use crate::error::FeatureError;

/// A reader of the numbers in the bytes of a file: [`csv`] or [`npy`].
pub type Reader<T> = fn(&[u8], &Wanted<T>) -> Result<Vec<Vec<T>>, String>;

/// Real features `[time][columns]` in the bytes of a file, each finite.
///
/// # Errors
/// What is wrong with them.
pub fn features(bytes: &[u8], reader: Reader<f64>) -> Result<Vec<Vec<f64>>, String> {
    let wanted = Wanted {
        columns: None,
        element: "a finite number",
        holds: &|value: &f64| value.is_finite(),
    };
    let table = reader(bytes, &wanted)?;
    match table.is_empty() {
        true => Err("the number of time steps is 0, expected at least 1".to_owned()),
        false => Ok(table),
    }
}

/// Reads real features: a `.csv` file, a time step per line, or a `.npy` file of integers, floats or
/// booleans.
///
/// # Errors
/// When the file cannot be read, holds no time step, is no table or has a value that is not finite;
/// the sentence names the file and the place.
pub fn read_table(path: &Path) -> Result<Vec<Vec<f64>>, FeatureError> {
    let wrong = |problem: String| FeatureError::new(format!("{}: {problem}", path.display()));
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let reader: Reader<f64> = match extension.to_ascii_lowercase().as_str() {
        "csv" => csv,
        "npy" => npy,
        _ => {
            return Err(wrong(format!(
                "the file name ends in \"{extension}\", expected .csv or .npy"
            )));
        }
    };
    let bytes = read_bytes(path)
        .map_err(|error| FeatureError::unreadable(path, error, "a table of numbers"))?;
    features(&bytes, reader).map_err(wrong)
}
