//! Numbers `[time, columns]` in a CSV or NPY file.

mod csv;
mod element;
mod npy;

use std::path::Path;

pub use self::csv::csv;
pub use self::element::{Element, Wanted};
pub use self::npy::npy;
use crate::error::TrainError;

/// Reads real features: a `.csv` file, a time step per line, or a `.npy` file of integers, floats or
/// booleans.
///
/// # Errors
/// When the file cannot be read, holds no time step, is no table or has a value that is not finite;
/// the sentence names the file and the place.
pub fn read_table(path: &Path) -> Result<Vec<Vec<f64>>, TrainError> {
    let wrong = |problem: String| TrainError::new(format!("{}: {problem}", path.display()));
    let wanted = Wanted {
        columns: None,
        element: "a finite number",
        holds: &|value: &f64| value.is_finite(),
    };
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let reader = match extension.to_ascii_lowercase().as_str() {
        "csv" => csv,
        "npy" => npy,
        _ => {
            return Err(wrong(format!(
                "the file name ends in \"{extension}\", expected .csv or .npy"
            )));
        }
    };
    let bytes = std::fs::read(path)
        .map_err(|error| TrainError::unreadable(path, error, "a table of numbers"))?;
    let table = reader(&bytes, &wanted).map_err(wrong)?;
    match table.is_empty() {
        true => Err(wrong(
            "the number of time steps is 0, expected at least 1".to_owned(),
        )),
        false => Ok(table),
    }
}
