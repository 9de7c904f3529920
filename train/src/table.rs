//! Real features `[time, features]` in a CSV or NPY file.

use std::path::Path;

use csv::{ReaderBuilder, Trim};
use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar};

use crate::TrainError;

/// Reads a `.csv` file, a time step a line and no header, or a `.npy` file of integers or floats.
///
/// # Errors
/// When the file cannot be read, holds no time step, is no table or has a value that is not finite;
/// the sentence names the file and the place.
pub fn read_table(path: &Path) -> Result<Vec<Vec<f64>>, TrainError> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let table = match extension.to_ascii_lowercase().as_str() {
        "csv" => csv(path),
        "npy" => npy(path),
        _ => Err(format!(
            "the file name ends in \"{extension}\", expected .csv or .npy"
        )),
    };
    let table = match table {
        Ok(table) if table.is_empty() => {
            Err("the number of time steps is 0, expected at least 1".to_owned())
        }
        other => other,
    };
    table.map_err(|problem| TrainError::new(format!("{}: {problem}", path.display())))
}

fn csv(path: &Path) -> Result<Vec<Vec<f64>>, String> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).trim(Trim::All);
    let mut reader = builder
        .from_path(path)
        .map_err(|error| format!("cannot be read: {error}"))?;
    let mut table: Vec<Vec<f64>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| format!("cannot be read as CSV: {error}"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let number = |(index, text): (usize, &str)| match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(format!(
                "line {line}, column {} is \"{text}\", expected a finite number",
                index + 1
            )),
        };
        let row: Vec<f64> = record
            .iter()
            .enumerate()
            .map(number)
            .collect::<Result<_, _>>()?;
        if let Some(first) = table.first().filter(|first| first.len() != row.len()) {
            return Err(format!(
                "line {line} has {} columns, expected {} as in the first",
                row.len(),
                first.len()
            ));
        }
        table.push(row);
    }
    Ok(table)
}

fn npy(path: &Path) -> Result<Vec<Vec<f64>>, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut data = &bytes[..];
    let header =
        NpyHeader::from_reader(&mut data).map_err(|error| format!("not an NPY file: {error}"))?;
    let wrong = || {
        format!(
            "the shape is {:?}, expected [time, features]",
            header.shape()
        )
    };
    let [steps, columns] = *header.shape() else {
        return Err(wrong());
    };
    let size = |size: u64| usize::try_from(size).map_err(|_| wrong());
    let (steps, columns) = (size(steps)?, size(columns)?);
    if columns == 0 {
        return Err(wrong());
    }
    let order = header.order();
    let values = numbers(header.clone(), data, steps.saturating_mul(columns))?;
    let element = |step: usize, column: usize| {
        let value = match order {
            Order::C => values[step * columns + column],
            Order::Fortran => values[column * steps + step],
        };
        match value.is_finite() {
            true => Ok(value),
            false => Err(format!(
                "element [{step}, {column}] is {value}, expected a finite number"
            )),
        }
    };
    let row = |step: usize| (0..columns).map(|column| element(step, column)).collect();
    (0..steps).map(row).collect()
}

/// The elements in the order of the file: exactly `count` of them.
fn numbers(header: NpyHeader, data: &[u8], count: usize) -> Result<Vec<f64>, String> {
    let kind = match header.dtype() {
        DType::Plain(kind) => (kind.type_char(), kind.size_field()),
        _ => (TypeChar::RawData, 0),
    };
    let read = match kind {
        (TypeChar::Float, 4) => elements::<f32>,
        (TypeChar::Float, 8) => elements::<f64>,
        (TypeChar::Int, 1) => elements::<i8>,
        (TypeChar::Int, 2) => elements::<i16>,
        (TypeChar::Int, 4) => elements::<i32>,
        (TypeChar::Uint, 1) => elements::<u8>,
        (TypeChar::Uint, 2) => elements::<u16>,
        (TypeChar::Uint, 4) => elements::<u32>,
        _ => {
            let dtype = header.dtype().descr();
            return Err(format!(
                "the type is {dtype}, expected floats of 4 or 8 bytes or integers of at most 4"
            ));
        }
    };
    if count.checked_mul(kind.1 as usize) != Some(data.len()) {
        return Err(format!(
            "{} bytes follow the header, expected {count} elements of {} bytes",
            data.len(),
            kind.1
        ));
    }
    read(header, data).map_err(|error| format!("cannot be read: {error}"))
}

fn elements<T: Deserialize + Into<f64>>(
    header: NpyHeader,
    data: &[u8],
) -> std::io::Result<Vec<f64>> {
    let values = NpyFile::with_header(header, data).into_vec::<T>()?;
    Ok(values.into_iter().map(Into::into).collect())
}
