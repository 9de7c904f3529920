//! Inputs as comma-separated integers, one time step a line, without a header.

use csv::{ReaderBuilder, StringRecord, Trim};
use tern_model::Model;

use super::{Sequence, range};

/// Most characters of a wrong element that a message shows.
const LONGEST_SHOWN: usize = 40;

/// The inputs `[time][input_size]` in the bytes of a CSV file.
///
/// # Errors
/// What is wrong with them, with the line.
pub fn sequence(bytes: &[u8], model: &Model) -> Result<Sequence, String> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).trim(Trim::All);
    let mut reader = builder.from_reader(bytes);
    let records = reader.records().map(|record| {
        let record = record.map_err(|error| format!("cannot be read as CSV: {error}"))?;
        step(&record, model)
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
        _ => {
            let start: String = text.chars().take(LONGEST_SHOWN).collect();
            Err(format!(
                "line {line}, column {} is {start:?}, expected an integer from {low} to {high}",
                index + 1
            ))
        }
    };
    record.iter().enumerate().map(element).collect()
}
