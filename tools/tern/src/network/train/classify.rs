//! `tern train digits`, `vowels` and `folder`: from sequences to a checkpoint.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_train::classify::{Data, Figures, Outcome, Recipe, Task, check_resumed, remarks, train};
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
        let (found, expected) = (recipe.task.name(), task.name());
        let problem = format!("task is \"{found}\", expected \"{expected}\"");
        return Err(options.wrong(task.name(), problem));
    }
    options.replace(&mut recipe.seed, &mut recipe.epochs);
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

/// The name of a run: that of the recipe, of a user's own data with their folder's in place of the task's.
fn name(recipe: &Recipe, dir: &Path) -> String {
    let name = recipe.name();
    let own = (recipe.task == Task::Folder).then(|| dir.canonicalize());
    let own = own.and_then(Result::ok);
    let folder = own.as_deref().and_then(Path::file_name);
    let rest = name.strip_prefix(Task::Folder.name());
    match (folder, rest) {
        (Some(folder), Some(rest)) => format!("{}{rest}", folder.to_string_lossy()),
        _ => name,
    }
}

fn run(task: Task, dir: &Path, options: &Options) -> Result<(), Failure> {
    let recipe = recipe(task, options)?;
    let data = Data::read(&recipe, dir).map_err(Failure::input)?;
    let admitted = recipe.admits(&data);
    admitted.map_err(|error| options.wrong(task.name(), error))?;
    let fitted = recipe.fitted(data.train.len());
    let recipe = Recipe {
        epochs: options.epochs.unwrap_or(fitted.epochs),
        ..fitted
    };
    let folder = options.folder(&name(&recipe, dir), dir)?;
    progress::warn(&data.notes);
    let mut config = options.config(&folder.path);
    session::catch_interrupts()?;

    let teacher = match &config.teacher.clone().or_else(|| config.warm_start.clone()) {
        Some(_) => None,
        None => recipe.teacher(),
    };
    check_resumed(&recipe, &data, &config).map_err(Failure::input)?;
    if teacher.is_none() {
        session::no_teacher_alone(&config)?;
    }
    if let Some(recipe) = &teacher {
        console::note("first the teacher: the same network in full precision");
        let teacher = RunConfig {
            checkpoint: checkpoint(&session::teacher(&folder.path)),
            ..config.clone()
        };
        if follow_run(recipe, &data, &teacher)?.is_none() {
            return session::interrupted(&teacher.checkpoint, session::RESUME);
        }
        console::note("then the network itself, which begins where the teacher ends");
        config.warm_start = Some(teacher.checkpoint);
    }
    if recipe.distillation > 0.0 {
        config.teacher = config.teacher.or_else(|| config.warm_start.clone());
    }
    let Some(figures) = follow_run(&recipe, &data, &config)? else {
        return session::interrupted(&config.checkpoint, session::RESUME);
    };
    progress::warn(&remarks(&data, &config).map_err(Failure::input)?);
    let checkpoint = config.checkpoint.display();
    let parts = [
        ("train", figures.train),
        ("validation", figures.validation),
        ("test", figures.test),
    ];
    let text = parts.map(|(name, Outcome { correct, of, .. })| format!("{name} {correct} of {of}"));
    let json = |(name, Outcome { correct, of, .. }): (&str, Outcome)| {
        (name.to_owned(), json!({"correct": correct, "of": of}))
    };
    console::summary(
        || format!("wrote {checkpoint}: {} right\n", text.join(", ")),
        || json!({"wrote": [config.checkpoint], "accuracy": Value::from_iter(parts.map(json))}),
    )
}

/// Trains a network in the folder of its checkpoint; `None` where a signal broke it off.
fn follow_run(
    recipe: &Recipe,
    data: &Data,
    config: &RunConfig,
) -> Result<Option<Figures>, Failure> {
    let folder = config.checkpoint.parent().unwrap_or(Path::new("."));
    session::make(folder)?;
    follow::<Epoch, _>(
        folder,
        config.resume,
        &progress::bar("epoch", 0),
        |report| train(recipe, data, config, report),
    )
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
