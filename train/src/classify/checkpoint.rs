//! A trained classifier, as a checkpoint has it.

use std::path::{Path, PathBuf};

use crate::classify::data::{Data, Meaning};
use crate::classify::network::Classifier;
use crate::classify::recipe::{Recipe, Task};
use crate::classify::task::{Described, Examples, Figures, Measured};
use crate::error::TrainError;
use crate::run::progress::{Progress, Trained as Checkpoint};

/// A trained classifier, as a checkpoint has it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// File of the checkpoint.
    pub path: PathBuf,
    /// The recipe.
    pub recipe: Recipe,
    /// The network after the best epoch.
    pub network: Classifier,
    /// How much of a run that is not finished is done, in words.
    pub unfinished: Option<String>,
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
    let Checkpoint {
        path,
        progress,
        data: Described { meaning, .. },
        network,
    } = Checkpoint::<Examples>::read(path)?;
    let unfinished = progress.unfinished();
    let Progress {
        recipe,
        best_epoch,
        record: Measured { figures, .. },
        ..
    } = progress;
    Ok(Trained {
        path,
        recipe,
        network,
        unfinished,
        best_epoch,
        figures,
        meaning,
    })
}

impl Trained {
    /// Reads the data set in `dir` as this network sees it. Of a user's own folder, the parts that are
    /// there: its classes and its scaling are the network's.
    ///
    /// # Errors
    /// When the data set is missing, or not of the classes and features that the network was trained on.
    pub fn data(&self, dir: &Path) -> Result<Data, TrainError> {
        if self.recipe.task == Task::Folder {
            return Data::known(&self.recipe, &self.meaning, dir);
        }
        let data = Data::read(&self.recipe, dir)?;
        self.knows(&data)?;
        Ok(data)
    }

    /// Checks that the network was trained on the data set.
    pub(crate) fn knows(&self, data: &Data) -> Result<(), TrainError> {
        match self.meaning == data.meaning {
            true => Ok(()),
            false => Err(TrainError::new(format!(
                "{}: classes or features are not those of the data, expected the data set that the run was trained on",
                self.path.display()
            ))),
        }
    }
}
