//! Where a training run begins and what it writes.

use std::path::PathBuf;

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
