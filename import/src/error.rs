//! Why a file, or a node of it, is not taken.

use std::error::Error;
use std::fmt;

use tern_model::error::one_line;

/// What is wrong with a file or a node, in one sentence: what it is, its value, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError(String);

impl ImportError {
    /// An error of this sentence; control characters of names are spelt out.
    pub fn new(sentence: impl AsRef<str>) -> ImportError {
        ImportError(one_line(sentence.as_ref()))
    }

    /// The same error, told of a place: a file, a node or a tensor.
    pub fn at(&self, place: impl fmt::Display) -> ImportError {
        ImportError::new(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ImportError {}

/// A refusal.
pub(crate) fn refuse<T>(sentence: impl AsRef<str>) -> Result<T, ImportError> {
    Err(ImportError::new(sentence))
}
