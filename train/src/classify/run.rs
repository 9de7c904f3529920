//! Training of a classifier by a recipe.

use std::ops::ControlFlow;
use std::path::Path;

use crate::classify::checkpoint::read;
use crate::classify::data::Data;
use crate::classify::network::{Classifier, Given};
use crate::classify::outcome::{Outcome, outcome};
use crate::classify::recipe::Recipe;
use crate::classify::task::{Examples, Figures};
use crate::error::TrainError;
use crate::ops::parallel::in_pool;
use crate::run::config::RunConfig;
use crate::run::event;
use crate::run::task::Record;
use crate::run::train::{Run, resumed};

/// What the training of a classifier tells.
pub type Event = event::Event<Outcome>;

/// Trains a classifier and returns what it does on each part of the data, or `None` where `report`
/// breaks the run off.
///
/// The network is that of the epoch with the most validation sequences classified rightly, among
/// equals the one with the least loss or, of averaged networks, the last. A run that is broken off, or killed between two checkpoints,
/// and then resumed gives the same bits as one that was not.
///
/// # Errors
/// When the recipe is out of range, the loss is no longer finite, a checkpoint is another recipe's or
/// other data's, or a file cannot be written.
pub fn train(
    recipe: &Recipe,
    data: &Data,
    config: &RunConfig,
    mut report: impl FnMut(Event) -> ControlFlow<()> + Send,
) -> Result<Option<Figures>, TrainError> {
    recipe.validate()?;
    in_pool(|| {
        recipe.admits(data)?;
        let recipe = &recipe.fitted(data.train.len());
        let examples = Examples::new(data, teacher(recipe, data, config)?);
        let mut run = Run::begin(&examples, recipe, config)?;
        if !run.finish(&mut report)? {
            return Ok(None);
        }
        let figures = figures(&run.fit.best, data)?;
        run.progress.record.figures = Some(figures.clone());
        run.save()?;
        Ok(Some(figures))
    })
}

/// Checks that the run of a checkpoint, where one is to go on, is of this recipe and these data, before anything is trained.
///
/// # Errors
/// When the file cannot be read, or the recipe or the data differ; the sentence names the first difference.
pub fn check_resumed(recipe: &Recipe, data: &Data, config: &RunConfig) -> Result<(), TrainError> {
    let recipe = recipe.fitted(data.train.len());
    resumed(&Examples::new(data, None), &recipe, config).map(|_| ())
}

/// Writes the finished run of a full-precision network that was trained elsewhere, for the features of `data`; returns what
/// it does on each part.
///
/// # Errors
/// When the recipe is out of range or not of the network's kind and sizes, the data are recordings, or the file cannot be
/// written.
pub fn settle(
    recipe: &Recipe,
    data: &Data,
    given: &Given,
    checkpoint: &Path,
) -> Result<Figures, TrainError> {
    recipe.validate()?;
    let scaling = data.scaling()?;
    let config = RunConfig {
        checkpoint: checkpoint.to_owned(),
        resume: false,
        warm_start: None,
        teacher: None,
    };
    in_pool(|| {
        let examples = Examples::new(data, None);
        let mut run = Run::begin(&examples, recipe, &config)?;
        run.fit
            .network
            .take_over(given, &scaling, recipe.input_bits)?;
        run.fit.keep()?;
        let figures = figures(&run.fit.best, data)?;
        run.progress.epochs = recipe.epochs;
        run.progress.best_epoch = 1;
        run.progress.record.improve(figures.validation, false);
        run.progress.record.figures = Some(figures.clone());
        run.save()?;
        Ok(figures)
    })
}

/// What a ternary network does on each part of the data that begins where the run of a full-precision one ends, before it is
/// trained itself.
///
/// # Errors
/// When the recipe is out of range, or the run cannot be read or is of other sizes.
pub fn untrained(recipe: &Recipe, data: &Data, run: &Path) -> Result<Figures, TrainError> {
    recipe.validate()?;
    let config = RunConfig {
        checkpoint: run.to_owned(),
        resume: false,
        warm_start: Some(run.to_owned()),
        teacher: None,
    };
    in_pool(|| {
        let examples = Examples::new(data, None);
        figures(&Run::begin(&examples, recipe, &config)?.fit.network, data)
    })
}

/// What a network does on each part of the data.
fn figures(network: &Classifier, data: &Data) -> Result<Figures, TrainError> {
    Ok(Figures {
        train: outcome(network, &data.train)?,
        validation: outcome(network, &data.validation)?,
        test: outcome(network, &data.test)?,
    })
}

/// The network that a recipe with distillation learns from.
fn teacher(
    recipe: &Recipe,
    data: &Data,
    config: &RunConfig,
) -> Result<Option<Classifier>, TrainError> {
    let Some(path) = config.teacher(recipe.distillation)? else {
        return Ok(None);
    };
    let trained = read(path)?;
    trained.knows(data)?;
    Ok(Some(trained.network))
}
