//! Training of a language model by a recipe.

use std::ops::ControlFlow;

use crate::error::TrainError;
use crate::language::checkpoint::read;
use crate::language::corpus::Corpus;
use crate::language::network::LanguageModel;
use crate::language::recipe::Recipe;
use crate::language::task::Text;
use crate::ops::parallel::in_pool;
use crate::run::config::RunConfig;
use crate::run::event;
use crate::run::train::{Run, resumed};

/// What the training of a language model tells: its validation is a perplexity.
pub type Event = event::Event<f64>;

/// Trains a language model and returns that of the epoch with the lowest validation perplexity, or
/// `None` where `report` breaks the run off.
///
/// A run that is broken off, or killed between two checkpoints, and then resumed gives the same
/// bits as one that was not.
///
/// # Errors
/// When the recipe is out of range, the text is too short for it, the loss is no longer finite, a
/// checkpoint is another recipe's or another text's, or a file cannot be written.
pub fn train(
    recipe: &Recipe,
    corpus: &Corpus,
    config: &RunConfig,
    mut report: impl FnMut(Event) -> ControlFlow<()> + Send,
) -> Result<Option<LanguageModel>, TrainError> {
    recipe.validate()?;
    in_pool(|| {
        let text = Text::new(recipe, corpus, teacher(recipe, corpus, config)?)?;
        let mut run = Run::begin(&text, recipe, config)?;
        let ended = run.finish(&mut report)?;
        Ok(ended.then_some(run.fit.best))
    })
}

/// Checks that the run of a checkpoint, where one is to go on, is of this recipe and this text, before anything else of it is read.
///
/// # Errors
/// When the file cannot be read or is of another task, or the recipe or the text differ; the sentence names the first difference.
pub fn check_resumed(
    recipe: &Recipe,
    corpus: &Corpus,
    config: &RunConfig,
) -> Result<(), TrainError> {
    resumed(&Text::new(recipe, corpus, None)?, recipe, config).map(|_| ())
}

/// The network that a recipe with distillation learns from.
fn teacher(
    recipe: &Recipe,
    corpus: &Corpus,
    config: &RunConfig,
) -> Result<Option<LanguageModel>, TrainError> {
    let Some(path) = config.teacher(recipe.distillation)? else {
        return Ok(None);
    };
    let trained = read(path)?;
    if trained.vocabulary == corpus.vocabulary {
        return Ok(Some(trained.model));
    }
    Err(TrainError::new(format!(
        "{}: the vocabulary has {} words that are not the corpus's {}, expected a network trained on the same text",
        path.display(),
        trained.vocabulary.len(),
        corpus.vocabulary.len()
    )))
}
