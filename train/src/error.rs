//! What is wrong with a recording, a data set or a training run, in one sentence.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// What sort of error a [`TrainError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file cannot be read or written; the source is a [`std::io::Error`].
    Io,
    /// A file, a recipe or an argument is not what it must be.
    Input,
    /// The loss is no longer finite.
    Diverged,
    /// A model breaks a rule of its format; the source is a [`tern_model::error::Error`].
    Model,
    /// The tensor library failed; the source is a [`candle_core::Error`].
    Tensor,
}

/// A recording that cannot be used, a data set that is missing or a training run that cannot go on.
///
/// Displays as one sentence: the file where there is one, the field, its value and what was
/// expected. The sentence holds that of the [source](Error::source).
///
/// ```
/// use tern_train::ErrorKind;
///
/// let error = tern_train::classify::Recipe::read("missing.toml".as_ref()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Io);
/// assert!(error.to_string().starts_with("missing.toml: cannot be read: "));
/// ```
#[derive(Clone, Debug)]
pub struct TrainError {
    kind: ErrorKind,
    sentence: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl TrainError {
    pub(crate) fn new(sentence: impl Into<String>) -> TrainError {
        TrainError {
            kind: ErrorKind::Input,
            sentence: sentence.into(),
            source: None,
        }
    }

    fn caused(
        kind: ErrorKind,
        sentence: String,
        source: impl Error + Send + Sync + 'static,
    ) -> TrainError {
        TrainError {
            kind,
            sentence,
            source: Some(Arc::new(source)),
        }
    }

    /// A file that cannot be read; `expected` says what it should be.
    pub(crate) fn unreadable(path: &Path, error: std::io::Error, expected: &str) -> TrainError {
        let sentence = format!(
            "{}: cannot be read: {error}, expected {expected}",
            path.display()
        );
        TrainError::caused(ErrorKind::Io, sentence, error)
    }

    /// A file that cannot be written; `what` names its content.
    pub(crate) fn unwritable(path: &Path, what: &str, error: std::io::Error) -> TrainError {
        let sentence = format!("{}: {what} cannot be written: {error}", path.display());
        TrainError::caused(ErrorKind::Io, sentence, error)
    }

    /// A loss that is no longer a number, in an epoch counted from 1.
    pub(crate) fn diverged(loss: f64, epoch: usize, learning_rate: f64) -> TrainError {
        TrainError {
            kind: ErrorKind::Diverged,
            ..TrainError::new(format!(
                "loss is {loss} in epoch {epoch}, expected a finite number; a learning_rate below {learning_rate} may help"
            ))
        }
    }

    /// What sort of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for TrainError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

impl From<candle_core::Error> for TrainError {
    fn from(error: candle_core::Error) -> TrainError {
        let sentence = format!("the tensor library failed: {error}");
        TrainError::caused(ErrorKind::Tensor, sentence, error)
    }
}

impl From<tern_features::FeatureError> for TrainError {
    fn from(error: tern_features::FeatureError) -> TrainError {
        match error.io() {
            Some(source) => TrainError {
                kind: ErrorKind::Io,
                source: Some(source),
                sentence: error.to_string(),
            },
            None => TrainError::new(error.to_string()),
        }
    }
}

impl From<tern_model::error::Error> for TrainError {
    fn from(error: tern_model::error::Error) -> TrainError {
        TrainError::caused(ErrorKind::Model, error.to_string(), error)
    }
}
