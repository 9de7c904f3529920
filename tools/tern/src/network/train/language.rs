//! `tern train ptb`, `wikitext2` and `shakespeare`: from a text to a checkpoint.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tern_features::tokens::CorpusName;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_train::data::fsdd::default_data_dir;
use tern_train::language::corpus::Corpus;
use tern_train::language::{LanguageModel, Recipe, check_resumed, perplexity, train};
use tern_train::run::RunConfig;

use super::curve::Point;
use super::follow::follow;
use super::log::Line;
use super::options::Options;
use super::session;
use crate::progress;

/// Trains a language model.
///
/// The run's folder receives a checkpoint after each epoch and at Ctrl-C, a log of an epoch a line
/// and the learning curve. The same recipe gives the same checkpoint on the same machine, whether or
/// not the run was interrupted and resumed.
#[derive(Args)]
pub struct Language {
    #[command(flatten)]
    options: Options,
    /// Folder of the data sets [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn recipe(corpus: CorpusName, options: &Options) -> Result<Recipe, Failure> {
    let mut recipe = options.recipe(corpus.name(), Recipe::read, Recipe::parse)?;
    if recipe.corpus != corpus {
        let (found, expected) = (recipe.corpus.name(), corpus.name());
        let problem = format!("corpus is \"{found}\", expected \"{expected}\"");
        return Err(options.wrong(corpus.name(), problem));
    }
    options.replace(&mut recipe.seed, &mut recipe.epochs);
    Ok(recipe)
}

/// Runs the command.
pub fn execute(corpus: CorpusName, language: &Language) -> Result<(), Failure> {
    let options = &language.options;
    let recipe = recipe(corpus, options)?;
    let data = language.data.clone().unwrap_or_else(default_data_dir);
    let text = Corpus::read(recipe.corpus, &data).map_err(Failure::input)?;
    let folder = options.folder(&recipe.name(), &data)?;
    let config = options.config(&folder.path);
    session::no_teacher_alone(&config)?;
    session::catch_interrupts()?;
    let trained = run(&recipe, &text, &config, &progress::bar("epoch", 0))?;
    match trained {
        None => session::interrupted(&config.checkpoint, session::RESUME),
        Some(model) => {
            let checkpoint = config.checkpoint.display();
            let test = perplexity(&model, &text.test).map_err(Failure::input)?;
            console::summary(
                || format!("wrote {checkpoint}: test perplexity {test:.2}\n"),
                || json!({"wrote": [config.checkpoint], "test_perplexity": test}),
            )
        }
    }
}

/// Trains with a progress bar, a log and a learning curve; `None` after Ctrl-C.
pub fn run(
    recipe: &Recipe,
    text: &Corpus,
    config: &RunConfig,
    bar: &ProgressBar,
) -> Result<Option<LanguageModel>, Failure> {
    check_resumed(recipe, text, config).map_err(Failure::input)?;
    let folder = config.checkpoint.parent().unwrap_or(Path::new("."));
    follow::<Epoch, _>(folder, config.resume, bar, |report| {
        train(recipe, text, config, report)
    })
}

/// An epoch in the log of a run.
#[derive(Serialize, Deserialize)]
struct Epoch {
    epoch: usize,
    tokens_per_second: f64,
    train_perplexity: f64,
    validation_perplexity: f64,
}

impl Line for Epoch {
    type Validation = f64;
    const ITEMS: &'static str = "tokens";
    const WHAT: &'static str = "perplexity";

    fn new(epoch: usize, per_second: f64, loss: f64, perplexity: f64) -> Epoch {
        Epoch {
            epoch,
            tokens_per_second: per_second.round(),
            train_perplexity: loss.exp(),
            validation_perplexity: perplexity,
        }
    }

    fn tell(perplexity: &f64, best: &f64) -> String {
        format!("validation perplexity {perplexity:.2}, best {best:.2}")
    }

    fn point(&self) -> Point {
        Point {
            epoch: self.epoch,
            training: self.train_perplexity,
            validation: self.validation_perplexity,
        }
    }
}
