//! Inputs as comma-separated integers, one time step a line, without a header.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use tern_gen_verilog::Failure;
use tern_model::Model;

use super::{Sequence, range};

/// Reads a CSV file `[time][input_size]`.
pub fn read(path: &Path, model: &Model) -> Result<Sequence, Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let mut builder = ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).trim(Trim::All);
    let mut reader = builder
        .from_path(path)
        .map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let records = reader.records().map(|record| {
        let record = record.map_err(|error| refuse(format!("cannot be read as CSV: {error}")))?;
        step(&record, model).map_err(refuse)
    });
    records.collect()
}

/// One time step, or what is wrong with it.
fn step(record: &StringRecord, model: &Model) -> Result<Vec<i32>, String> {
    let line = record.position().map_or(0, csv::Position::line);
    if record.len() != model.input_size {
        return Err(format!(
            "line {line} has {} columns, expected {}, the input size of the model",
            record.len(),
            model.input_size
        ));
    }
    let (low, high) = range(model);
    let element = |(index, text): (usize, &str)| match text.parse() {
        Ok(value) if (low..=high).contains(&value) => Ok(value),
        _ => Err(format!(
            "line {line}, column {} is \"{text}\", expected an integer from {low} to {high}",
            index + 1
        )),
    };
    record.iter().enumerate().map(element).collect()
}
