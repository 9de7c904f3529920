//! Training of the spoken-digit models.

mod checkpoint;
mod config;
mod data;
mod export;
mod run;

use tern_model::Model;

use self::data::Data;
use self::run::Run;
use crate::TrainError;

pub use config::{DigitsConfig, Recipe};

/// What a training run tells as it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// An update was made.
    Update {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Updates made in this epoch.
        update: usize,
        /// Updates in an epoch.
        updates: usize,
        /// Loss of the batch, in nats.
        loss: f64,
    },
    /// An epoch ended and its checkpoint is written.
    Epoch {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Epochs of the run.
        epochs: usize,
        /// Mean loss of the epoch's batches, in nats.
        loss: f64,
        /// Validation recordings that the integer golden model classifies rightly.
        correct: usize,
        /// Validation recordings.
        of: usize,
        /// Most of them classified rightly after any epoch so far.
        best: usize,
    },
}

/// Trains a spoken-digit model, writes it to `config.out` and returns it.
///
/// The model is that of the epoch with the best validation accuracy of the integer golden model,
/// the last among equals. A checkpoint beside the model file is written after each epoch and
/// removed at the end. The same recipe and data give the same bytes on the same machine, whether
/// or not the run was interrupted and resumed.
///
/// # Errors
/// When the data set is missing or unreadable, the recipe is out of range, the loss is no longer
/// finite, the checkpoint to resume from is another recipe's, or a file cannot be written.
pub fn train_digits(
    config: &DigitsConfig,
    mut report: impl FnMut(Event),
) -> Result<Model, TrainError> {
    let recipe = &config.recipe;
    recipe.validate()?;
    let data = Data::read(&config.data_dir, recipe)?;
    let checkpoint = checkpoint::path(&config.out);
    let mut run = Run::new(recipe)?;
    if config.resume {
        run.restore(&checkpoint)?;
    }

    while run.progress.epochs < recipe.epochs {
        let loss = run.epoch(&data, &mut report)?;
        let right = run.validate(&data)?;
        run.save(&checkpoint)?;
        report(Event::Epoch {
            epoch: run.progress.epochs,
            epochs: recipe.epochs,
            loss,
            correct: right,
            of: data.validation.len(),
            best: run.progress.best_correct,
        });
    }

    let mut model = export::model(&run.best, &data)?;
    export::add_provenance(&mut model, &run.progress, &data);
    model.write(&config.out)?;
    match std::fs::remove_file(&checkpoint) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(TrainError::new(format!(
                "{}: the checkpoint cannot be removed: {error}",
                checkpoint.display()
            )))
        }
        _ => Ok(model),
    }
}
