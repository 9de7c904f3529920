//! A table as comma-separated numbers, one time step per line, with or without a line of names above.

use csv::{Position, ReaderBuilder, StringRecord, Trim};

use super::element::{Element, Wanted};

/// Most characters of a wrong element that a message shows.
const LONGEST_SHOWN: usize = 40;

/// The table `[time][columns]` in the bytes of a CSV file. A first line without any number names the columns.
///
/// # Errors
/// What is wrong with it, with the line.
pub fn csv<T: Element>(bytes: &[u8], wanted: &Wanted<T>) -> Result<Vec<Vec<T>>, String> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).trim(Trim::All);
    let mut table: Vec<Vec<T>> = Vec::new();
    let mut names = None;
    for (place, record) in builder.from_reader(bytes).records().enumerate() {
        let record = record.map_err(|error| format!("cannot be read as CSV: {error}"))?;
        if place == 0 && is_names(&record) {
            names = Some(record);
            continue;
        }
        let first = table.first().map_or(record.len(), Vec::len);
        table.push(step(&record, first, wanted)?);
    }
    match (names, table.is_empty()) {
        // Nothing follows that it could name.
        (Some(record), true) => Ok(vec![step(&record, record.len(), wanted)?]),
        _ => Ok(table),
    }
}

/// Whether a line names columns: it has text, and no number.
fn is_names(record: &StringRecord) -> bool {
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    record.iter().any(|text| !text.is_empty()) && !record.iter().any(is_number)
}

/// One time step, or what is wrong with it; `first` is the number of columns of the first.
fn step<T: Element>(
    record: &StringRecord,
    first: usize,
    wanted: &Wanted<T>,
) -> Result<Vec<T>, String> {
    let line = record.position().map_or(0, Position::line);
    let (columns, why) = match wanted.columns {
        Some(columns) => (columns, ", the input size of the model"),
        None => (first, " as in the first"),
    };
    if record.len() != columns {
        return Err(format!(
            "line {line} has {} columns, expected {columns}{why}",
            record.len()
        ));
    }
    let element = |(index, text): (usize, &str)| {
        let value = text.parse().ok().filter(|value| (wanted.holds)(value));
        value.ok_or_else(|| {
            let start: String = text.chars().take(LONGEST_SHOWN).collect();
            format!(
                "line {line}, column {} is {start:?}, expected {}",
                index + 1,
                wanted.element
            )
        })
    };
    record.iter().enumerate().map(element).collect()
}
