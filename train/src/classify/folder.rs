//! A user's own data: a folder of CSV or NPY files and the classes that they belong to.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::classify::sequences::{Sequence, Sequences};
use crate::data::fsdd::Split;
use crate::data::table::read_table;
use crate::error::TrainError;

/// Name of the file that lists the others.
const LIST: &str = "labels.csv";
/// Of a class's sequences in random order, every so many is for test, and the next for validation.
const STEP: usize = 6;

/// A line of the list.
struct Entry {
    line: u64,
    file: String,
    label: String,
    split: Option<Split>,
}

/// Reads the sequences that `labels.csv` in `folder` lists in its columns `file` and `label`.
///
/// A third column, `split`, says train, validation or test; where it is missing, a sixth of each class
/// is for test, a sixth for validation, drawn by `seed`. Classes are the labels of the training
/// part, in the order of the alphabet.
///
/// # Errors
/// When a file is missing, is no table of numbers or not as wide as the others, a label of validation
/// or test is not one of training, a part is empty or training has one class only.
pub fn read(folder: &Path, seed: u64) -> Result<Sequences, TrainError> {
    let list = folder.join(LIST);
    let place = list.display().to_string();
    let wrong = |what: String| TrainError::new(format!("{place}: {what}"));
    let mut entries = entries(&list).map_err(wrong)?;
    if entries.iter().any(|entry| entry.split.is_none()) {
        assign(&mut entries, seed);
    }
    let train = entries.iter().filter(|e| e.split == Some(Split::Train));
    let mut labels: Vec<String> = train.map(|entry| entry.label.clone()).collect();
    labels.sort();
    labels.dedup();
    let mut sequences = Sequences {
        labels,
        train: Vec::new(),
        validation: Vec::new(),
        test: Vec::new(),
    };
    for entry in entries {
        let Entry {
            line, file, label, ..
        } = entry;
        let class = sequences.labels.binary_search(&label).map_err(|_| {
            wrong(format!(
                "line {line} has the label \"{label}\", which is unknown, expected one that training has too"
            ))
        })?;
        let path = folder.join(&file);
        if !path.is_file() {
            return Err(wrong(format!(
                "line {line} names \"{file}\", which is missing, expected a file beside {LIST}"
            )));
        }
        let sequence = Sequence {
            name: file,
            values: read_table(&path)?,
            class,
        };
        match entry.split {
            Some(Split::Validation) => sequences.validation.push(sequence),
            Some(Split::Test) => sequences.test.push(sequence),
            _ => sequences.train.push(sequence),
        }
    }
    sequences.check(&place)
}

/// The lines of the list.
fn entries(list: &Path) -> Result<Vec<Entry>, String> {
    let mut builder = ReaderBuilder::new();
    let mut reader = builder.trim(Trim::All).from_path(list).map_err(|error| {
        format!("cannot be read: {error}, expected a list of files with the columns file, label and, if wanted, split; --data names its folder")
    })?;
    let unreadable = |error: csv::Error| format!("cannot be read as CSV: {error}");
    let headings = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading == name);
    let needed = |name: &str| {
        column(name).ok_or_else(|| {
            let found: Vec<&str> = headings.iter().collect();
            format!(
                "has the columns \"{}\" in its first line, expected one named {name}",
                found.join(",")
            )
        })
    };
    let (file, label, split) = (needed("file")?, needed("label")?, column("split"));
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |column: usize| record.get(column).unwrap_or("").to_owned();
        if text(label).is_empty() {
            return Err(format!(
                "line {line} has no label, expected the class's name"
            ));
        }
        entries.push(Entry {
            line,
            file: text(file),
            label: text(label),
            split: split.map(|column| part(&record, column)).transpose()?,
        });
    }
    match entries.is_empty() {
        true => Err("lists 0 files, expected at least one a part".to_owned()),
        false => Ok(entries),
    }
}

/// The part in a column of a record.
fn part(record: &StringRecord, column: usize) -> Result<Split, String> {
    let text = record.get(column).unwrap_or("");
    let parts = [Split::Train, Split::Validation, Split::Test];
    let found = parts.into_iter().find(|part| part.name() == text);
    found.ok_or_else(|| {
        let line = record.position().map_or(0, csv::Position::line);
        format!("line {line} has the split \"{text}\", expected train, validation or test")
    })
}

/// Draws the parts, class by class.
fn assign(entries: &mut [Entry], seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    rng.shuffle(&mut order);
    // Stable, so that the order within a class stays random.
    order.sort_by(|a, b| entries[*a].label.cmp(&entries[*b].label));
    let mut place = 0;
    for k in 0..order.len() {
        if k > 0 && entries[order[k]].label != entries[order[k - 1]].label {
            place = 0;
        }
        entries[order[k]].split = Some(match place % STEP {
            1 => Split::Test,
            2 => Split::Validation,
            _ => Split::Train,
        });
        place += 1;
    }
}
