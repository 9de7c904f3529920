//! What all recipes share: reading, checking ranges, and what the training loop takes from one.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use tern_model::file::{plain_number, read_text, read_toml};

use crate::error::TrainError;
use crate::run::schedule::{Schedule, Stalls};

/// A recipe: all that decides a run besides the data.
pub(crate) trait Training: Clone + PartialEq + Serialize + DeserializeOwned {
    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    fn validate(&self) -> Result<(), TrainError>;

    /// What the training loop takes from it.
    fn settings(&self) -> Settings<'_>;

    /// The field that says what is learned, and its value: two recipes differ in it before they differ in any other.
    fn subject(&self) -> (&'static str, &'static str);
}

/// Most of whatever a recipe counts, where that has no bound of its own.
pub const MOST: usize = 1_000_000;
/// Largest learning rate: about as far as Adam moves a parameter in an update.
const FASTEST: f64 = 10.0;
/// Largest limit of a gradient's norm, which is none in practice.
const LARGEST_NORM: f64 = 1e6;

/// What the training loop takes from a recipe.
pub(crate) struct Settings<'r> {
    /// Seed of all that is random.
    pub(crate) seed: u64,
    /// Passes over the training part.
    pub(crate) epochs: usize,
    /// Peak learning rate of Adam.
    pub(crate) learning_rate: f64,
    /// Peaks that the learning rate rises by per epoch, until it has reached the first.
    pub(crate) rise: f64,
    /// How the learning rate changes.
    pub(crate) schedule: &'r Schedule,
    /// Epochs without a better validation after which the run ends early.
    pub(crate) patience: Option<usize>,
    /// Largest norm of the gradient.
    pub(crate) norm_limit: f64,
    /// Updates whose mean is measured and kept in place of the last one's network.
    pub(crate) average: Option<usize>,
}

impl Settings<'_> {
    /// Checks every value.
    pub(crate) fn validate(&self) -> Result<(), TrainError> {
        count("epochs", self.epochs, MOST)?;
        positive("learning_rate", self.learning_rate, FASTEST)?;
        positive("norm_limit", self.norm_limit, LARGEST_NORM)?;
        self.schedule.validate()?;
        if let Some(average) = self.average {
            within("average", average, 2..=MOST)?;
        }
        self.patience
            .map_or(Ok(()), |patience| count("patience", patience, MOST))
    }

    /// Learning rate after `epochs` epochs, whole and part, in a run whose validation went so far
    /// as `stalls` say.
    pub(crate) fn learning_rate_at(&self, epochs: f64, stalls: &Stalls) -> f64 {
        let share = self.schedule.share(epochs, self.epochs, stalls);
        self.learning_rate * (self.rise * epochs).min(1.0) * share
    }

    /// Whether the run is over after `epochs` epochs, of which `best_epoch` was the best: it bears
    /// `patience` epochs without a better validation, and any number without a patience.
    pub(crate) fn is_over(&self, epochs: usize, best_epoch: usize) -> bool {
        let waits = |patience| epochs - best_epoch < patience;
        epochs >= self.epochs || !self.patience.is_none_or(waits)
    }
}

/// Reads and checks a recipe.
pub(crate) fn read<R: Training>(file: &Path) -> Result<R, TrainError> {
    let text = read_text(file).map_err(|error| TrainError::unreadable(file, error, "a recipe"))?;
    parse(&text, file)
}

/// The recipe of a TOML text, checked; `place` names it in errors.
pub(crate) fn parse<R: Training>(text: &str, place: &Path) -> Result<R, TrainError> {
    let wrong = |what: String| TrainError::new(format!("{}: {what}", place.display()));
    let recipe: R = read_toml(text).map_err(wrong)?;
    recipe
        .validate()
        .map_err(|error| wrong(error.to_string()))?;
    Ok(recipe)
}

/// Whether a field has its default value and is left out of the file.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is wrong with a field.
pub(crate) fn out_of_range(field: &str, value: impl Display, expected: &str) -> TrainError {
    TrainError::new(format!("{field} is {value}, expected {expected}"))
}

/// Checks that a field is 1 to `most`.
pub(crate) fn count(field: &str, value: usize, most: usize) -> Result<(), TrainError> {
    within(field, value, 1..=most)
}

fn within(field: &str, value: usize, range: RangeInclusive<usize>) -> Result<(), TrainError> {
    let expected = || format!("{} to {}", range.start(), range.end());
    match range.contains(&value) {
        true => Ok(()),
        false => Err(out_of_range(field, value, &expected())),
    }
}

/// Checks that a field is a positive number of at most `most`.
pub(crate) fn positive(field: &str, value: f64, most: f64) -> Result<(), TrainError> {
    let expected = || format!("above 0 and at most {}", plain_number(most));
    match value > 0.0 && value <= most {
        true => Ok(()),
        false => Err(out_of_range(field, plain_number(value), &expected())),
    }
}

/// Checks that fields are shares: at least 0 and below 1.
pub(crate) fn shares(fields: &[(&str, f64)]) -> Result<(), TrainError> {
    let wrong = fields.iter().find(|(_, share)| !(0.0..1.0).contains(share));
    match wrong {
        None => Ok(()),
        Some((field, share)) => {
            let share = plain_number(*share);
            Err(out_of_range(field, share, "at least 0 and below 1"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(patience: Option<usize>) -> Settings<'static> {
        Settings {
            seed: 1,
            epochs: 100,
            learning_rate: 0.1,
            rise: 1.0,
            schedule: &Schedule::Cosine,
            patience,
            norm_limit: 1.0,
            average: None,
        }
    }

    #[test]
    fn a_run_ends_when_its_patience_does() {
        for (patience, epochs, best, ends) in [
            (Some(3), 0, 0, false),
            (Some(3), 3, 1, false),
            (Some(3), 4, 1, true),
            (Some(3), 6, 4, false),
            (None, 90, 1, false),
            (None, 100, 1, true),
            (Some(3), 100, 100, true),
        ] {
            assert_eq!(settings(patience).is_over(epochs, best), ends);
        }
    }

    #[test]
    fn an_average_over_one_update_is_named() {
        for (average, error) in [
            (None, ""),
            (Some(0), "average is 0, expected 2 to 1000000"),
            (Some(1), "average is 1, expected 2 to 1000000"),
            (Some(2), ""),
            (Some(1_000_001), "average is 1000001, expected 2 to 1000000"),
        ] {
            let settings = Settings {
                average,
                ..settings(None)
            };
            let found = settings
                .validate()
                .map_or_else(|error| error.to_string(), |()| String::new());
            assert_eq!(found, error);
        }
    }

    #[test]
    fn a_value_out_of_its_range_is_named_with_it() {
        type Change = fn(&mut Settings);
        let changes: [(Change, &str); 5] = [
            (
                |settings| settings.patience = Some(0),
                "patience is 0, expected 1 to 1000000",
            ),
            (
                |settings| settings.epochs = 1 << 62,
                "epochs is 4611686018427387904, expected 1 to 1000000",
            ),
            (
                |settings| settings.learning_rate = 1e300,
                "learning_rate is 1e300, expected above 0 and at most 10",
            ),
            (
                |settings| settings.learning_rate = f64::NAN,
                "learning_rate is NaN, expected above 0 and at most 10",
            ),
            (
                |settings| settings.norm_limit = -0.5,
                "norm_limit is -0.5, expected above 0 and at most 1000000",
            ),
        ];
        for (change, expected) in changes {
            let mut settings = settings(Some(1));
            assert!(settings.validate().is_ok());
            change(&mut settings);
            let error = settings.validate().unwrap_err().to_string();
            assert_eq!(error, expected);
        }
        assert!(settings(None).validate().is_ok());
    }
}
