//! A table as numbers between commas, semicolons or tabs, one time step per line, with or without a line of names above.

use csv::{Position, ReaderBuilder, StringRecord, Trim};

use tern_model::file::without_mark;

use super::element::{Element, Wanted};

/// Most characters of a wrong element that a message shows.
const LONGEST_SHOWN: usize = 40;

/// The table `[time][columns]` in the bytes of a CSV file. A first line without any number names the columns.
///
/// # Errors
/// What is wrong with it, with the line.
pub fn csv<T: Element>(bytes: &[u8], wanted: &Wanted<T>) -> Result<Vec<Vec<T>>, String> {
    let text = text(bytes)?;
    let mut builder = ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true).trim(Trim::All);
    let builder = builder.delimiter(delimiter(text));
    let mut table: Vec<Vec<T>> = Vec::new();
    let mut names = None;
    for (place, record) in builder.from_reader(text.as_bytes()).records().enumerate() {
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
        (Some(record), false) if record.len() != table[0].len() => Err(format!(
            "the first line holds no number and has {}, expected the {} of the others, named or as numbers",
            columns(record.len()),
            table[0].len()
        )),
        _ => Ok(table),
    }
}

/// The text in the bytes of a CSV file, without a mark of its encoding.
///
/// # Errors
/// When it is not UTF-8; the sentence says from which byte on.
pub fn text(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let byte = error.valid_up_to();
        format!(
            "byte {byte} is not UTF-8, expected a text in UTF-8, as spreadsheets write it on demand"
        )
    })?;
    Ok(without_mark(text))
}

/// What stands between the columns: commas, or in a first line without any, semicolons or tabs, which spreadsheets write too.
pub fn delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or("");
    let found = [b',', b';', b'\t'].into_iter();
    let mut found = found.filter(|mark| first.contains(char::from(*mark)));
    found.next().unwrap_or(b',')
}

/// A number of columns in words.
fn columns(count: usize) -> String {
    match count {
        1 => "1 column".to_owned(),
        _ => format!("{count} columns"),
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
    let (expected, why) = match wanted.columns {
        Some(columns) => (columns, ", the input size of the model"),
        None => (first, " as in the first"),
    };
    if record.len() != expected {
        return Err(format!(
            "line {line} has {}, expected {expected}{why}",
            columns(record.len())
        ));
    }
    let element = |(index, text): (usize, &str)| {
        let value = text.parse().ok().filter(|value| (wanted.holds)(value));
        value.ok_or_else(|| {
            let start: String = text.chars().take(LONGEST_SHOWN).collect();
            let (column, expected) = (index + 1, wanted.element);
            // Lines of numbers with a comma in each have semicolons between them.
            let columns = match text.contains(';') {
                true => ", and a full stop in numbers where semicolons stand between columns",
                false => "",
            };
            format!("line {line}, column {column} is {start:?}, expected {expected}{columns}")
        })
    };
    record.iter().enumerate().map(element).collect()
}
