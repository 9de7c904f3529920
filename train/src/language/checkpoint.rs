//! Checkpoints: the parameters of a language model, and all that an interrupted run needs to go on.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::checkpoint::CheckpointFile;
use crate::language::{LanguageModel, Recipe, SoftmaxKind};
use crate::schedule::Stalls;
use crate::sequence::LayerState;
use crate::{RunKind, TrainError};

/// What the file's metadata hold.
#[derive(Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) progress: Progress,
    /// The words by their number.
    pub(crate) vocabulary: Vec<String>,
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
    /// Validation perplexity after it.
    pub(crate) best_perplexity: f64,
    /// How the validation went.
    #[serde(default, skip_serializing_if = "Stalls::is_none")]
    pub(crate) stalls: Stalls,
    /// Place inside an epoch, where the run was interrupted there.
    #[serde(default)]
    pub(crate) position: Option<Position>,
}

/// A place inside an epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Updates done in the epoch.
    pub(crate) update: usize,
    /// Tokens left out at the start of the text.
    pub(crate) offset: usize,
    /// State of the random numbers.
    pub(crate) rng: u64,
    /// Sum of the losses of the updates.
    pub(crate) total: f64,
    /// Recurrent state, layer by layer.
    pub(crate) state: Vec<LayerState>,
    /// That of the teacher, where there is one.
    #[serde(default)]
    pub(crate) teacher_state: Vec<LayerState>,
}

fn broken(path: &Path, what: impl std::fmt::Display) -> TrainError {
    TrainError::new(format!("{}: {what}", path.display()))
}

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
    let (file, header) = CheckpointFile::read(path, RunKind::Language)?;
    let Header {
        progress,
        vocabulary,
    } = header;
    let Progress {
        recipe,
        epochs,
        best_epoch,
        best_perplexity,
        ..
    } = progress;
    if best_epoch == 0 {
        return Err(broken(
            path,
            "the run has done 0 epochs, expected at least one; --resume goes on with it",
        ));
    }
    recipe.validate().map_err(|error| broken(path, error))?;
    let shares = vec![0.0; vocabulary.len()];
    let model = LanguageModel::random(&recipe, &shares)?;
    file.restore(&model.parameters(), "best")?;
    Ok(Trained {
        path: path.to_owned(),
        recipe,
        model,
        vocabulary,
        epochs,
        best_epoch,
        best_perplexity,
    })
}

impl Trained {
    /// Checks that a run of another recipe can start from this network.
    pub(crate) fn fits(&self, recipe: &Recipe, vocabulary: &[String]) -> Result<(), TrainError> {
        let own = &self.recipe;
        let rule = |field: &str, value: String, expected: String| match value == expected {
            true => Ok(()),
            false => Err(broken(
                &self.path,
                format!("{field} is {value}, expected {expected} as in the recipe"),
            )),
        };
        rule(
            "cell",
            own.cell.kind().name().into(),
            recipe.cell.kind().name().into(),
        )?;
        rule("layers", own.layers.to_string(), recipe.layers.to_string())?;
        if own.softmax != SoftmaxKind::Full {
            let numbers = |recipe: &Recipe| recipe.softmax.numbers().to_owned();
            rule("softmax", numbers(own), numbers(recipe))?;
        }
        rule("units", own.units.to_string(), recipe.units.to_string())?;
        self.knows(vocabulary)
    }

    /// Checks that the network was trained on a text with the same words.
    pub(crate) fn knows(&self, vocabulary: &[String]) -> Result<(), TrainError> {
        match self.vocabulary == vocabulary {
            true => Ok(()),
            false => Err(broken(
                &self.path,
                format!(
                    "the vocabulary has {} words that are not the corpus's {}, expected a network trained on the same text",
                    self.vocabulary.len(),
                    vocabulary.len()
                ),
            )),
        }
    }
}
