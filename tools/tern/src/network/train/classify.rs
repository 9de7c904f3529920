//! `tern train digits`, `vowels` and `folder`: from sequences to a checkpoint.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_train::classify::{Data, Outcome, Recipe, Task, train};
use tern_train::data::fsdd::default_data_dir;
use tern_train::run::RunConfig;

use super::curve::Point;
use super::follow::follow;
use super::log::{Line, checkpoint};
use super::options::Options;
use super::session;
use crate::progress;

/// Trains a classifier of sequences.
///
/// The run's folder receives a checkpoint after each epoch and at Ctrl-C, a log of an epoch a line
/// and the learning curve. The same recipe gives the same checkpoint on the same machine, whether or
/// not the run was interrupted and resumed.
#[derive(Args)]
pub struct Classify {
    #[command(flatten)]
    options: Options,
    /// Folder of the data sets [default: TERN_DATA, otherwise shared/data here or above]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Trains a classifier on your own data.
///
/// DIR holds one CSV or NPY file [time, features] per sequence, and labels.csv: one line per file in the columns file and label. A
/// third column, split, says train, validation or test; without it, a sixth of each class is for validation and a sixth
/// for test. Each feature is scaled to integers by the mean and deviation of the training part.
#[derive(Args)]
pub struct Folder {
    /// Folder of the sequences
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    options: Options,
}

fn recipe(task: Task, options: &Options) -> Result<Recipe, Failure> {
    let mut recipe = options.recipe(task.name(), Recipe::read, Recipe::parse)?;
    if recipe.task != task {
        return Err(Failure::input(format!(
            "the recipe's task is {}, expected {}",
            recipe.task.name(),
            task.name()
        )));
    }
    options.replace(&mut recipe.seed, &mut recipe.epochs);
    recipe.validate().map_err(Failure::input)?;
    Ok(recipe)
}

/// Runs the command on a data set that Tern knows.
pub fn execute(task: Task, classify: &Classify) -> Result<(), Failure> {
    let data = classify.data.clone().unwrap_or_else(default_data_dir);
    run(task, &data, &classify.options)
}

/// Runs the command on a folder.
pub fn execute_folder(folder: &Folder) -> Result<(), Failure> {
    run(Task::Folder, &folder.folder, &folder.options)
}

fn run(task: Task, dir: &Path, options: &Options) -> Result<(), Failure> {
    let recipe = recipe(task, options)?;
    let data = Data::read(&recipe, dir).map_err(Failure::input)?;
    let folder = options.folder(&recipe.name())?;
    progress::warn(&data.notes);
    let config = RunConfig {
        checkpoint: checkpoint(&folder),
        resume: options.resume,
        warm_start: options.warm_start(),
        teacher: None,
    };
    session::catch_interrupts()?;

    let figures = follow::<Epoch, _>(
        &folder,
        options.resume,
        &progress::bar("epoch", 0),
        |report| train(&recipe, &data, &config, report),
    )?;
    let checkpoint = config.checkpoint.display();
    match figures {
        None => session::interrupted(&config.checkpoint),
        Some(figures) => {
            let parts = [
                ("train", figures.train),
                ("validation", figures.validation),
                ("test", figures.test),
            ];
            let text = parts
                .map(|(name, Outcome { correct, of, .. })| format!("{name} {correct} of {of}"));
            let json = |(name, Outcome { correct, of, .. }): (&str, Outcome)| {
                (name.to_owned(), json!({"correct": correct, "of": of}))
            };
            let text = format!("wrote {checkpoint}: {} right\n", text.join(", "));
            console::summary(
                || text,
                || json!({"wrote": [config.checkpoint], "accuracy": Value::from_iter(parts.map(json))}),
            )
        }
    }
}

/// An epoch in the log of a run.
#[derive(Serialize, Deserialize)]
struct Epoch {
    epoch: usize,
    sequences_per_second: f64,
    train_loss: f64,
    validation_correct: usize,
    validation_loss: f64,
    validation_of: usize,
}

impl Line for Epoch {
    type Validation = Outcome;
    const ITEMS: &'static str = "sequences";
    const WHAT: &'static str = "cross entropy";

    fn new(epoch: usize, per_second: f64, loss: f64, validation: Outcome) -> Epoch {
        Epoch {
            epoch,
            sequences_per_second: per_second.round(),
            train_loss: loss,
            validation_correct: validation.correct,
            validation_loss: validation.loss,
            validation_of: validation.of,
        }
    }

    fn tell(Outcome { correct, of, .. }: &Outcome, best: &Outcome) -> String {
        let best = best.correct;
        format!("validation {correct} of {of}, best {best}")
    }

    fn point(&self) -> Point {
        Point {
            epoch: self.epoch,
            training: self.train_loss.max(1e-4),
            validation: self.validation_loss.max(1e-4),
        }
    }
}
