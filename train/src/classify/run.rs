//! Training of a classifier by a recipe.

use std::ops::ControlFlow;

use crate::classify::checkpoint::read;
use crate::classify::data::Data;
use crate::classify::network::Classifier;
use crate::classify::outcome::{Outcome, outcome};
use crate::classify::recipe::Recipe;
use crate::classify::task::{Examples, Figures};
use crate::error::TrainError;
use crate::ops::parallel::in_pool;
use crate::run::config::RunConfig;
use crate::run::event;
use crate::run::train::Run;

/// What the training of a classifier tells.
pub type Event = event::Event<Outcome>;

/// Trains a classifier and returns what it does on each part of the data, or `None` where `report`
/// breaks the run off.
///
/// The network is that of the epoch with the most validation sequences classified rightly, among
/// equals the one with the least loss. A run that is broken off, or killed between two checkpoints,
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
        if let Some(hitnet) = recipe.hitnet() {
            hitnet.validate_inputs(data.meaning.input_size, recipe.input_bits, recipe.units)?;
        }
        let recipe = &recipe.fitted(data.train.len());
        let examples = Examples::new(data, teacher(recipe, data, config)?);
        let mut run = Run::begin(&examples, recipe, config)?;
        if !run.finish(&mut report)? {
            return Ok(None);
        }
        let of = |part| outcome(&run.fit.best, part);
        let figures = Figures {
            train: of(&data.train)?,
            validation: of(&data.validation)?,
            test: of(&data.test)?,
        };
        run.progress.record.figures = Some(figures.clone());
        run.save()?;
        Ok(Some(figures))
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
