//! A user's own data: a folder of CSV or NPY files and the classes that they belong to.

mod list;
mod twins;

use std::path::Path;

use self::list::{Entry, List};
use crate::classify::sequences::{Known, Sequence, Sequences};
use crate::data::fsdd::Split;
use crate::error::TrainError;
use tern_features::table::read_table;

/// Reads the sequences that `labels.csv` in `folder` lists in its columns `file` and `label`, to train on.
///
/// A third column, `split`, says train, validation or test; a line without it is for training. Of the
/// parts validation and test, one that no line names is drawn by `seed`: a sixth of each class's
/// sequences for training. Classes are the labels of the training part, in the order of the alphabet.
///
/// # Errors
/// When a file is missing, listed twice, no table of numbers or not as wide as the others, a label of
/// validation or test is not one of training, a part is empty or training has one class only.
pub fn read(folder: &Path, seed: u64) -> Result<Sequences, TrainError> {
    let list = List::read(folder, seed)?;
    let labels = list.labels();
    if labels.is_empty() {
        return Err(TrainError::new(format!(
            "{}: has 0 sequences for training, expected at least 1 of each class",
            place(folder)
        )));
    }
    let expected = "is unknown, expected one that training has too";
    let sequences = sequences(folder, list, labels, expected)?;
    sequences.check(
        &place(folder),
        "at least 1: a column `split` names them, or a class of 3 files gives them",
    )
}

/// Reads the sequences that `labels.csv` in `folder` lists, for a network that is trained: its classes
/// are known, and a part without sequences stays empty.
///
/// # Errors
/// When a file is missing, listed twice, no table of numbers or not as wide as the network's inputs,
/// or a label is not one of the network's.
pub fn read_known(folder: &Path, seed: u64, known: &Known) -> Result<Sequences, TrainError> {
    let list = List::read(folder, seed)?;
    let labels = known.labels.to_vec();
    let expected = format!(
        "the network does not know, expected one of {}",
        labels.join(", ")
    );
    let sequences = sequences(folder, list, labels, &expected)?;
    sequences.check_width(known.input_size, "as the network takes")?;
    Ok(sequences)
}

/// The list, as errors name it.
fn place(folder: &Path) -> String {
    folder.join(list::NAME).display().to_string()
}

/// The sequences of a list in classes of these `labels`; `expected` says what another label should be.
fn sequences(
    folder: &Path,
    list: List,
    labels: Vec<String>,
    expected: &str,
) -> Result<Sequences, TrainError> {
    let place = place(folder);
    let mut read: Vec<(Entry, Sequence)> = Vec::new();
    for entry in list.entries {
        let class = labels.iter().position(|label| *label == entry.label);
        let class = class.ok_or_else(|| {
            TrainError::new(format!(
                "{place}: line {} has the label \"{}\", which {expected}",
                entry.line, entry.label
            ))
        })?;
        let path = folder.join(&entry.file);
        let sequence = Sequence {
            name: path.display().to_string(),
            values: read_table(&path)?,
            class,
        };
        read.push((entry, sequence));
    }
    let warning = twins::warning(&read);
    let notes = list.notes.into_iter().chain(warning);
    let mut sequences = Sequences {
        labels,
        train: Vec::new(),
        validation: Vec::new(),
        test: Vec::new(),
        notes: notes.map(|note| format!("{place}: {note}")).collect(),
    };
    for (entry, sequence) in read {
        match entry.part() {
            Split::Train => sequences.train.push(sequence),
            Split::Validation => sequences.validation.push(sequence),
            Split::Test => sequences.test.push(sequence),
        }
    }
    Ok(sequences)
}
