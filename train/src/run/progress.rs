//! How far a run has come, and the best network of a run, as a checkpoint has them.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::TrainError;
use crate::layer::cell::LayerState;
use crate::run::checkpoint::CheckpointFile;
use crate::run::fit::Network;
use crate::run::recipe::Training;
use crate::run::schedule::Stalls;
use crate::run::task::{Begun, Task};

/// The header of a checkpoint.
#[derive(Serialize, Deserialize)]
pub(crate) struct Header<P, D> {
    pub(crate) progress: P,
    #[serde(flatten)]
    pub(crate) data: D,
}

/// How far a run has come.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Progress<T: Task> {
    /// The recipe that the run follows.
    pub(crate) recipe: T::Recipe,
    /// Epochs done.
    pub(crate) epochs: usize,
    /// Updates of Adam.
    pub(crate) updates: u32,
    /// Epoch after which the validation was best, counted from 1; 0 before the first.
    pub(crate) best_epoch: usize,
    /// What the run has measured.
    #[serde(flatten)]
    pub(crate) record: T::Record,
    /// How the validation went.
    #[serde(default, skip_serializing_if = "Stalls::is_none")]
    pub(crate) stalls: Stalls,
    /// Place inside an epoch, where the run was interrupted there.
    #[serde(default)]
    pub(crate) position: Option<Position>,
}

impl<T: Task> Progress<T> {
    /// Whether no epoch is left.
    pub(crate) fn is_over(&self) -> bool {
        let settings = self.recipe.settings();
        settings.is_over(self.epochs, self.best_epoch)
    }

    /// What is left of a run that is not finished, in words.
    pub(crate) fn unfinished(&self) -> Option<String> {
        let epochs = self.recipe.settings().epochs;
        let done = self.epochs;
        (!self.is_over()).then(|| format!("the run has done {done} of {epochs} epochs"))
    }
}

/// A place inside an epoch.
#[derive(Serialize, Deserialize)]
pub(crate) struct Position {
    /// Updates done in the epoch.
    pub(crate) update: usize,
    /// State of the random numbers.
    pub(crate) rng: u64,
    /// Sum of the losses of the updates.
    pub(crate) total: f64,
    /// Recurrent state that the next update continues from, layer by layer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) state: Vec<LayerState>,
    /// That of the teacher, where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) teacher_state: Vec<LayerState>,
}

/// The best network of a run.
pub(crate) struct Trained<T: Task> {
    /// File of the checkpoint.
    pub(crate) path: PathBuf,
    pub(crate) progress: Progress<T>,
    pub(crate) data: T::Data,
    /// The network after the best epoch.
    pub(crate) network: T::Network,
}

impl<T: Task> Trained<T> {
    /// Reads the best network of a checkpoint.
    ///
    /// # Errors
    /// When the file cannot be read, is no checkpoint of such a network, or no epoch was done.
    pub(crate) fn read(path: &Path) -> Result<Trained<T>, TrainError> {
        let (file, header) = CheckpointFile::read::<Header<Progress<T>, T::Data>>(path, T::KIND)?;
        let Header { progress, data } = header;
        let broken = |what: String| TrainError::new(format!("{}: {what}", path.display()));
        if progress.best_epoch == 0 {
            return Err(broken(
                "the run has done 0 epochs, expected at least one; --resume goes on with it"
                    .to_owned(),
            ));
        }
        let recipe = &progress.recipe;
        recipe
            .validate()
            .map_err(|error| broken(error.to_string()))?;
        let network = T::shaped(recipe, &data)?;
        file.restore(&network.parameters(), "best")?;
        Ok(Trained {
            path: path.to_owned(),
            progress,
            data,
            network,
        })
    }

    /// Checks that a run of another recipe and data can start from this network.
    ///
    /// # Errors
    /// When the networks differ in shape; the sentence names the first difference.
    pub(crate) fn fits(&self, other: Begun<T>) -> Result<(), TrainError> {
        let shapes = T::shapes((&self.progress.recipe, &self.data), other);
        match shapes.into_iter().find(|(_, [own, other])| own != other) {
            None => Ok(()),
            Some((field, [own, other])) => Err(TrainError::new(format!(
                "{}: {field} is {own}, expected {other} as in the recipe",
                self.path.display()
            ))),
        }
    }
}
