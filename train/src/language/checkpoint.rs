//! A trained language model, as a checkpoint has it.

use std::path::{Path, PathBuf};

use crate::error::TrainError;
use crate::language::network::LanguageModel;
use crate::language::recipe::Recipe;
use crate::language::task::{Measured, Text, Vocabulary};
use crate::run::progress::{Progress, Trained as Checkpoint};

/// A trained language model, as a checkpoint has it.
#[derive(Clone, Debug)]
pub struct Trained {
    /// File of the checkpoint.
    pub path: PathBuf,
    /// The recipe.
    pub recipe: Recipe,
    /// The network after the epoch with the lowest validation perplexity.
    pub model: LanguageModel,
    /// The words by their number.
    pub vocabulary: Vec<String>,
    /// Epochs done.
    pub epochs: usize,
    /// How much of a run that is not finished is done, in words.
    pub unfinished: Option<String>,
    /// The best epoch, counted from 1.
    pub best_epoch: usize,
    /// Validation perplexity after the best epoch.
    pub best_perplexity: f64,
}

/// Reads the best network of a checkpoint.
///
/// # Errors
/// When the file cannot be read, is no checkpoint of a language model, or no epoch was done.
pub fn read(path: &Path) -> Result<Trained, TrainError> {
    let Checkpoint {
        path,
        progress,
        data: Vocabulary { vocabulary, .. },
        network: model,
    } = Checkpoint::<Text>::read(path)?;
    let unfinished = progress.unfinished();
    let Progress {
        recipe,
        epochs,
        best_epoch,
        record: Measured { best_perplexity },
        ..
    } = progress;
    Ok(Trained {
        path,
        recipe,
        model,
        vocabulary,
        epochs,
        unfinished,
        best_epoch,
        best_perplexity,
    })
}
