//! How far the training of a classifier has come, and the network that a checkpoint holds.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::checkpoint::CheckpointFile;
use crate::classify::data::Meaning;
use crate::classify::{Classifier, Outcome, Recipe};
use crate::schedule::Stalls;
use crate::{RunKind, TrainError};

/// What the file's metadata hold.
#[derive(Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) progress: Progress,
    pub(crate) meaning: Meaning,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The recipe that the run follows.
    pub(crate) recipe: Recipe,
    /// Epochs done.
    pub(crate) epochs: usize,
    /// Updates of Adam.
    pub(crate) updates: u32,
    /// Epoch after which the validation was best, counted from 1; 0 before the first.
    pub(crate) best_epoch: usize,
    /// What the validation then was.
    pub(crate) best: Outcome,
    /// How the validation went.
    #[serde(default, skip_serializing_if = "Stalls::is_none")]
    pub(crate) stalls: Stalls,
    /// What the best network does on each part, once the run is finished.
    pub(crate) figures: Option<Figures>,
    /// Place inside an epoch, where the run was interrupted there.
    pub(crate) position: Option<Position>,
}

/// What a finished run's network does on each part of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// On the training part, unchanged.
    pub train: Outcome,
    /// On the validation part.
    pub validation: Outcome,
    /// On the test part.
    pub test: Outcome,
}

/// A place inside an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Updates done in the epoch.
    pub(crate) update: usize,
    /// State of the random numbers of dropout.
    pub(crate) rng: u64,
    /// Sum of the losses of the updates.
    pub(crate) total: f64,
}

/// A trained classifier, as a checkpoint has it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// File of the checkpoint.
    pub path: PathBuf,
    /// The recipe.
    pub recipe: Recipe,
    /// The network after the best epoch.
    pub network: Classifier,
    /// The best epoch, counted from 1.
    pub best_epoch: usize,
    /// What the network does on each part of the data; `None` where the run is not finished.
    pub figures: Option<Figures>,
    pub(crate) meaning: Meaning,
}

/// Reads the best network of a checkpoint.
///
/// # Errors
/// When the file cannot be read, is no checkpoint of a classifier, or no epoch was done.
pub fn read(path: &Path) -> Result<Trained, TrainError> {
    let (file, Header { progress, meaning }) = CheckpointFile::read(path, RunKind::Classifier)?;
    let broken = |what: String| TrainError::new(format!("{}: {what}", path.display()));
    if progress.best_epoch == 0 {
        return Err(broken(
            "the run has done 0 epochs, expected at least one; --resume goes on with it".to_owned(),
        ));
    }
    let recipe = progress.recipe;
    recipe
        .validate()
        .map_err(|error| broken(error.to_string()))?;
    let network = Classifier::random(&recipe, meaning.input_size, meaning.labels.len())?;
    file.restore(&network.parameters(), "best")?;
    Ok(Trained {
        path: path.to_owned(),
        recipe,
        network,
        best_epoch: progress.best_epoch,
        figures: progress.figures,
        meaning,
    })
}

impl Trained {
    /// Checks that a run of another recipe can start from this network.
    pub(crate) fn fits(&self, recipe: &Recipe, meaning: &Meaning) -> Result<(), TrainError> {
        let own = &self.recipe;
        let cell = |recipe: &Recipe| recipe.cell.kind().name().to_owned();
        let classes = |meaning: &Meaning| meaning.labels.len().to_string();
        for (field, value, expected) in [
            ("cell", cell(own), cell(recipe)),
            ("layers", own.layers.to_string(), recipe.layers.to_string()),
            ("units", own.units.to_string(), recipe.units.to_string()),
            (
                "number of features",
                self.meaning.input_size.to_string(),
                meaning.input_size.to_string(),
            ),
            (
                "number of classes",
                classes(&self.meaning),
                classes(meaning),
            ),
        ] {
            if value != expected {
                return Err(TrainError::new(format!(
                    "{}: {field} is {value}, expected {expected} as in the recipe",
                    self.path.display()
                )));
            }
        }
        Ok(())
    }

    /// Checks that the network takes the data set's features and gives its classes.
    ///
    /// # Errors
    /// When it was trained on another.
    pub fn knows(&self, data: &super::Data) -> Result<(), TrainError> {
        match self.meaning == data.meaning {
            true => Ok(()),
            false => Err(TrainError::new(format!(
                "{}: classes or features are not those of the data, expected the data set that the run was trained on",
                self.path.display()
            ))),
        }
    }
}
