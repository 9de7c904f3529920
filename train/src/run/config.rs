//! Where a training run begins and what it writes.

use std::path::{Path, PathBuf};

use crate::error::TrainError;

/// Where a run begins and what it writes.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// Checkpoint to write, after each epoch and where the run is interrupted.
    pub checkpoint: PathBuf,
    /// Goes on from the checkpoint where there is one.
    pub resume: bool,
    /// Checkpoint of a trained network to start from.
    pub warm_start: Option<PathBuf>,
    /// Checkpoint of the trained network that a recipe's distillation learns from.
    pub teacher: Option<PathBuf>,
}

impl RunConfig {
    /// Checkpoint of the network that a recipe with this share of distillation learns from.
    ///
    /// # Errors
    /// When there is a teacher and no distillation, or distillation and no teacher.
    pub(crate) fn teacher(&self, distillation: f64) -> Result<Option<&Path>, TrainError> {
        match (self.teacher.as_deref(), distillation > 0.0) {
            (teacher, distils) if teacher.is_some() == distils => Ok(teacher),
            (Some(path), _) => Err(TrainError::new(format!(
                "{}: distillation is 0 in the recipe, expected more with a teacher",
                path.display()
            ))),
            (None, _) => Err(TrainError::new(format!(
                "distillation is {distillation} and there is no teacher, expected the run of a trained network"
            ))),
        }
    }
}
