//! Sequences of real features with their classes, in three parts.

use crate::data::fsdd::Split;
use crate::error::TrainError;

/// A sequence of real features.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Where it comes from: the path of a file, or that and the line in it.
    pub name: String,
    /// Features `[time][X]`.
    pub values: Vec<Vec<f64>>,
    /// The class, a place among the labels.
    pub class: usize,
}

/// A data set: class names and the sequences of each part.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// Names of the classes.
    pub labels: Vec<String>,
    /// What the gradient sees.
    pub train: Vec<Sequence>,
    /// What chooses among epochs and recipes.
    pub validation: Vec<Sequence>,
    /// What is only ever measured.
    pub test: Vec<Sequence>,
    /// What a user should know about them, one sentence each.
    pub notes: Vec<String>,
}

/// What a trained network fixes about the data that it is measured on.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Class names in the order of the network's outputs.
    pub labels: &'a [String],
    /// Features X of a time step.
    pub input_size: usize,
}

impl Sequences {
    /// The sequences of a part.
    pub fn part(&self, split: Split) -> &[Sequence] {
        match split {
            Split::Train => &self.train,
            Split::Validation => &self.validation,
            Split::Test => &self.test,
        }
    }

    /// Checks that every part has sequences, that all have as many features and that training has
    /// at least two classes; `place` names the data set in errors, and `expected` what gives a part its sequences.
    pub(crate) fn check(self, place: &str, expected: &str) -> Result<Sequences, TrainError> {
        let parts = [Split::Train, Split::Validation, Split::Test];
        for part in parts {
            if self.part(part).is_empty() {
                let part = part.name();
                return Err(TrainError::new(format!(
                    "{place}: has 0 sequences for {part}, expected {expected}"
                )));
            }
        }
        let first = &self.train[0];
        self.check_width(width(first), &format!("as in {}", first.name))?;
        if self.train.iter().all(|s| s.class == first.class) {
            return Err(TrainError::new(format!(
                "{place}: training has one class only, {:?}, expected at least 2",
                self.labels[first.class]
            )));
        }
        Ok(self)
    }

    /// Checks that all sequences have `expected` features; `why` says which has as many.
    pub(crate) fn check_width(&self, expected: usize, why: &str) -> Result<(), TrainError> {
        let all = [&self.train, &self.validation, &self.test];
        for sequence in all.into_iter().flatten() {
            let found = width(sequence);
            if found != expected {
                return Err(TrainError::new(format!(
                    "{}: has {found} features, expected {expected} {why}",
                    sequence.name
                )));
            }
        }
        Ok(())
    }
}

/// Features of a time step.
fn width(sequence: &Sequence) -> usize {
    sequence.values.first().map_or(0, Vec::len)
}
