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
use crate::kind::FileKind;

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

/// Reads real features: a CSV file, a time step per line, or an NPY file of integers, floats or booleans.
///
/// # Errors
/// When the file cannot be read, holds no time step, is no table or has a value that is not finite;
/// the sentence names the file and the place.
pub fn read_table(path: &Path) -> Result<Vec<Vec<f64>>, FeatureError> {
    let wrong = |problem: String| FeatureError::new(format!("{}: {problem}", path.display()));
    let bytes = read_bytes(path)
        .map_err(|error| FeatureError::unreadable(path, error, "a table of numbers"))?;
    let table = match FileKind::of(path, &bytes) {
        Ok(FileKind::Csv) => features(&bytes, csv),
        Ok(FileKind::Npy) => features(&bytes, npy),
        Ok(FileKind::Wav) => Err("is a recording, expected .csv or .npy".to_owned()),
        Err(problem) => Err(format!("{problem}, expected .csv or .npy")),
    };
    table.map_err(wrong)
}
