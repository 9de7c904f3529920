//! What all recipes share: reading TOML and checking ranges.

use std::fmt::Display;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::TrainError;

/// Reads and checks a recipe.
pub(crate) fn read<R: DeserializeOwned>(
    file: &Path,
    validate: impl Fn(&R) -> Result<(), TrainError>,
) -> Result<R, TrainError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let file = file.display();
        TrainError::new(format!(
            "{file}: cannot be read: {error}, expected a recipe"
        ))
    })?;
    parse(&text, file, validate)
}

/// The recipe of a TOML text, checked; `place` names it in errors.
pub(crate) fn parse<R: DeserializeOwned>(
    text: &str,
    place: &Path,
    validate: impl Fn(&R) -> Result<(), TrainError>,
) -> Result<R, TrainError> {
    let wrong = |what: String| TrainError::new(format!("{}: {what}", place.display()));
    let recipe: R = toml::from_str(text).map_err(|error| wrong(one_line(&error.to_string())))?;
    validate(&recipe).map_err(|error| wrong(error.to_string()))?;
    Ok(recipe)
}

/// A parser's message without its picture of the place.
fn one_line(message: &str) -> String {
    let lines = message.lines().filter(|line| !line.contains('|'));
    let lines: Vec<&str> = lines.map(str::trim).collect();
    lines.join(" ")
}

/// Whether a field has its default value and is left out of the file.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What is wrong with a field.
pub(crate) fn out_of_range(field: &str, value: impl Display, expected: &str) -> TrainError {
    TrainError::new(format!("{field} is {value}, expected {expected}"))
}

/// Checks that a field is 1 to `most`; `usize::MAX` is no bound.
pub(crate) fn count(field: &str, value: usize, most: usize) -> Result<(), TrainError> {
    let expected = match most {
        usize::MAX => "at least 1".to_owned(),
        most => format!("1 to {most}"),
    };
    match (1..=most).contains(&value) {
        true => Ok(()),
        false => Err(out_of_range(field, value, &expected)),
    }
}

/// Checks that a field is a positive number.
pub(crate) fn positive(field: &str, value: f64) -> Result<(), TrainError> {
    match value > 0.0 && value.is_finite() {
        true => Ok(()),
        false => Err(out_of_range(field, value, "a positive number")),
    }
}
