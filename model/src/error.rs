//! What is wrong with a model, in one sentence.

use std::fmt;
use std::path::{Path, PathBuf};

/// A model that cannot be read, written or run.
///
/// Displays as one sentence: the file where there is one, the tensor or field, its value and the
/// rule it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelError {
    path: Option<PathBuf>,
    place: String,
    problem: String,
}

impl ModelError {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> ModelError {
        ModelError {
            path: None,
            place: one_line(&place.into()),
            problem: one_line(&problem.into()),
        }
    }

    /// The same error, told of the model file `path`.
    pub(crate) fn in_file(self, path: &Path) -> ModelError {
        ModelError {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// The model file, where the error comes from one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The tensor or field at fault, such as `layers.0.weight_ih`; `file` for the file as a whole.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        write!(f, "{} {}", self.place, self.problem)
    }
}

impl std::error::Error for ModelError {}

/// `text` with its control characters spelt out, since names in a file may hold any character.
pub fn one_line(text: &str) -> String {
    let spell = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.into()
        }
    };
    text.chars().map(spell).collect()
}
