//! The list of a folder's files, `labels.csv`: which class each belongs to, and which part.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Trim};
use tern_features::table::{delimiter, text};
use tern_model::file::{read_bytes, what_is_at};

use crate::data::fsdd::Split;
use crate::error::TrainError;

/// Name of the list.
pub(super) const NAME: &str = "labels.csv";
/// Of a class's sequences for training in random order, every so many is for the first part that is
/// drawn, and the next for the second.
const STEP: usize = 6;

/// Spellings of the column that names the files, in lower case; errors name the first.
const FILE: [&str; 4] = ["file", "filename", "file_name", "path"];
/// Spellings of the column of the classes.
const LABEL: [&str; 2] = ["label", "class"];
/// Spellings of the column of the parts.
const SPLIT: [&str; 4] = ["split", "part", "set", "subset"];
/// Spellings of the parts.
const PARTS: [(Split, &[&str]); 3] = [
    (Split::Train, &["train", "training"]),
    (Split::Validation, &["validation", "val", "valid", "dev"]),
    (Split::Test, &["test", "testing"]),
];

/// A line of the list.
pub(super) struct Entry {
    /// Its number, counted from 1.
    pub(super) line: u64,
    /// The file's name.
    pub(super) file: String,
    /// The class's name.
    pub(super) label: String,
    split: Option<Split>,
}

impl Entry {
    /// The part that the file belongs to.
    pub(super) fn part(&self) -> Split {
        self.split.unwrap_or(Split::Train)
    }
}

/// The lines of the list, each of another file that is there.
pub(super) struct List {
    /// The lines.
    pub(super) entries: Vec<Entry>,
    /// What was decided that the list does not say.
    pub(super) notes: Vec<String>,
}

impl List {
    /// Reads the list of a folder and draws the parts that no line names.
    pub(super) fn read(folder: &Path, seed: u64) -> Result<List, TrainError> {
        let file = folder.join(NAME);
        let wrong = |what: String| TrainError::new(format!("{}: {what}", file.display()));
        let (mut entries, has_split) = entries(&file).map_err(wrong)?;
        refuse_twice(folder, &entries).map_err(wrong)?;
        let unsaid = entries.iter().filter(|e| e.split.is_none()).count();
        let drawn = draw(&mut entries, seed);
        let mut notes = Vec::new();
        if has_split && unsaid > 0 {
            notes.push(format!(
                "the number of lines without a split is {unsaid}, which are taken for training"
            ));
        }
        for part in drawn.into_iter().filter(|_| has_split) {
            let count = entries.iter().filter(|e| e.split == Some(part)).count();
            notes.push(format!(
                "no line is for {}, for which {count} sequences for training are drawn by the seed {seed}",
                part.name()
            ));
        }
        Ok(List { entries, notes })
    }

    /// The labels of the training part, in the order of the alphabet.
    pub(super) fn labels(&self) -> Vec<String> {
        let train = self.entries.iter().filter(|e| e.part() == Split::Train);
        let mut labels: Vec<String> = train.map(|entry| entry.label.clone()).collect();
        labels.sort();
        labels.dedup();
        labels
    }
}

/// The lines of the list, and whether it has a column of parts.
fn entries(list: &Path) -> Result<(Vec<Entry>, bool), String> {
    let bytes = read_bytes(list).map_err(|error| {
        format!("cannot be read: {error}, expected a list of the folder's CSV or NPY files: a first line file,label or file,label,split, then one line per file")
    })?;
    let text = text(&bytes)?;
    let mut builder = ReaderBuilder::new();
    builder
        .trim(Trim::All)
        .delimiter(delimiter(text))
        .flexible(true);
    let mut reader = builder.from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| format!("cannot be read as CSV: {error}");
    let headings = reader.headers().map_err(unreadable)?.clone();
    let wrong = |names: &[&str]| {
        let found: Vec<&str> = headings.iter().collect();
        let (found, name) = (found.join(","), names[0]);
        format!("has the columns \"{found}\" in its first line, expected one named {name}")
    };
    let column = |names: &[&str]| {
        let is = |heading: &str| names.iter().any(|name| heading.eq_ignore_ascii_case(name));
        let mut found = (0..headings.len()).filter(|k| is(&headings[*k]));
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(wrong(names)),
            (column, None) => Ok(column),
        }
    };
    let needed = |names: &[&str]| column(names)?.ok_or_else(|| wrong(names));
    let (file, label, split) = (needed(&FILE)?, needed(&LABEL)?, column(&SPLIT)?);
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().any(|text| text.contains('\n')) {
            return Err(format!(
                "line {line} has a quotation mark that none closes in the same line, expected two or none"
            ));
        }
        let (columns, expected) = (record.len(), headings.len());
        if columns != expected {
            return Err(format!(
                "line {line} has {columns} columns, expected {expected} as in the first line"
            ));
        }
        let text = |column: usize| record.get(column).unwrap_or("").to_owned();
        if text(label).is_empty() {
            return Err(format!(
                "line {line} has no label, expected the class's name"
            ));
        }
        let split = match split {
            Some(column) => part(&record, column, line)?,
            None => None,
        };
        entries.push(Entry {
            line,
            file: text(file),
            label: text(label),
            split,
        });
    }
    match entries.is_empty() {
        true => Err("lists 0 files, expected at least one per part".to_owned()),
        false => Ok((entries, split.is_some())),
    }
}

/// The part in a column of a record; `None` where the cell is empty.
fn part(record: &StringRecord, column: usize, line: u64) -> Result<Option<Split>, String> {
    let text = record.get(column).unwrap_or("");
    if text.is_empty() {
        return Ok(None);
    }
    let is = |names: &[&str]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
    let found = PARTS.iter().find(|(_, names)| is(names));
    let (part, _) = found.ok_or_else(|| {
        format!("line {line} has the split \"{text}\", expected train, validation or test")
    })?;
    Ok(Some(*part))
}

/// Refuses a file that is missing, or that two lines name, under whatever path.
fn refuse_twice(folder: &Path, entries: &[Entry]) -> Result<(), String> {
    let mut seen: HashMap<PathBuf, &Entry> = HashMap::new();
    for entry in entries {
        let Entry { line, file, .. } = entry;
        let path = folder.join(file);
        if !path.is_file() {
            let what = what_is_at(&path);
            return Err(format!(
                "line {line} names \"{file}\", which is {what}, expected a file beside {NAME}"
            ));
        }
        let path = path
            .canonicalize()
            .map_err(|error| format!("line {line} names \"{file}\", which has no path: {error}"))?;
        if let Some(first) = seen.insert(path, entry) {
            let parts = match (first.split, entry.split) {
                (Some(a), Some(b)) if a != b => {
                    format!(", for {} and for {}", a.name(), b.name())
                }
                _ => String::new(),
            };
            return Err(format!(
                "lines {} and {line} name the same file \"{file}\"{parts}, expected each file in one line",
                first.line
            ));
        }
    }
    Ok(())
}

/// Puts every line without a part into training, then draws the parts that no line named, class by class;
/// returns them.
fn draw(entries: &mut [Entry], seed: u64) -> Vec<Split> {
    let mut drawn = vec![Split::Test, Split::Validation];
    drawn.retain(|part| entries.iter().all(|entry| entry.split != Some(*part)));
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.retain(|&k| entries[k].part() == Split::Train);
    fastrand::Rng::with_seed(seed).shuffle(&mut order);
    // Stable, so that the order within a class stays random.
    order.sort_by(|a, b| entries[*a].label.cmp(&entries[*b].label));
    let mut place = 0;
    for k in 0..order.len() {
        if k > 0 && entries[order[k]].label != entries[order[k - 1]].label {
            place = 0;
        }
        let part = (place % STEP).checked_sub(1).and_then(|k| drawn.get(k));
        entries[order[k]].split = Some(part.copied().unwrap_or(Split::Train));
        place += 1;
    }
    drawn.retain(|part| entries.iter().any(|entry| entry.split == Some(*part)));
    drawn
}
