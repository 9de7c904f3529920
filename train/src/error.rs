//! What is wrong with a recording, a data set or a training run, in one sentence.

use std::fmt;

/// A recording that cannot be used, a data set that is missing or a training run that cannot go on.
///
/// Displays as one sentence: the file where there is one, the field, its value and what was
/// expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainError(String);

impl TrainError {
    pub(crate) fn new(sentence: impl Into<String>) -> TrainError {
        TrainError(sentence.into())
    }

    /// A loss that is no longer a number, in an epoch counted from 1.
    pub(crate) fn diverged(loss: f64, epoch: usize, learning_rate: f64) -> TrainError {
        TrainError(format!(
            "loss is {loss} in epoch {epoch}, expected a finite number; a learning_rate below {learning_rate} may help"
        ))
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TrainError {}

impl From<candle_core::Error> for TrainError {
    fn from(error: candle_core::Error) -> TrainError {
        TrainError(format!("the tensor library failed: {error}"))
    }
}

impl From<tern_model::error::Error> for TrainError {
    fn from(error: tern_model::error::Error) -> TrainError {
        TrainError(error.to_string())
    }
}
