//! What is wrong with a recording, a table, a text or a model's preprocessing, in one sentence.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// A recording, table, text or preprocessing that cannot be used.
///
/// Displays as one sentence: the file where there is one, the field, its value and what was expected. Its
/// [source](Error::source) is an [`io::Error`] where a file cannot be read.
#[derive(Clone, Debug)]
pub struct FeatureError {
    sentence: String,
    source: Option<Arc<io::Error>>,
}

impl FeatureError {
    pub(crate) fn new(sentence: impl Into<String>) -> FeatureError {
        FeatureError {
            sentence: sentence.into(),
            source: None,
        }
    }

    /// A file that cannot be read; `expected` says what it should be.
    pub(crate) fn unreadable(path: &Path, error: io::Error, expected: &str) -> FeatureError {
        let path = path.display();
        FeatureError {
            sentence: format!("{path}: cannot be read: {error}, expected {expected}"),
            source: Some(Arc::new(error)),
        }
    }

    /// Why a file cannot be read; none where it holds what it must not.
    pub fn io(&self) -> Option<Arc<io::Error>> {
        self.source.clone()
    }
}

impl fmt::Display for FeatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for FeatureError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
