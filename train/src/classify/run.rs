//! Training of a classifier.

use std::ops::ControlFlow;
use std::path::PathBuf;

use candle_core::{D, Device, Tensor};

use crate::checkpoint::CheckpointFile;
use crate::classify::checkpoint::{Header, Position, Progress, read};
use crate::classify::outcome::{log_softmax, outcome};
use crate::classify::{Classifier, Data, Figures, Outcome, Recipe, data};
use crate::evaluate::Example;
use crate::fit::{Fit, finite};
use crate::parallel::in_pool;
use crate::run::{self, Reached};
use crate::schedule::Stalls;
use crate::{RunKind, TrainError};

/// Where a run begins and what it writes.
#[derive(Clone, Debug)]
pub struct RunConfig {
    /// Checkpoint to write, after each epoch and where the run is interrupted.
    pub checkpoint: PathBuf,
    /// Goes on from the checkpoint where there is one.
    pub resume: bool,
    /// Checkpoint of a trained network to start from.
    pub warm_start: Option<PathBuf>,
}

/// What the training of a classifier tells.
pub type Event = run::Event<Outcome>;

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
        let mut run = Run::new(recipe, data, config)?;
        if !run::finish(&mut run, &mut report)? {
            return Ok(None);
        }
        let of = |part| outcome(&run.fit.best, part);
        let figures = Figures {
            train: of(&data.train)?,
            validation: of(&data.validation)?,
            test: of(&data.test)?,
        };
        run.progress.figures = Some(figures.clone());
        run::Run::save(&mut run)?;
        Ok(Some(figures))
    })
}

struct Run<'a> {
    data: &'a Data,
    config: &'a RunConfig,
    progress: Progress,
    fit: Fit<Classifier>,
}

impl<'a> Run<'a> {
    fn new(recipe: &Recipe, data: &'a Data, config: &'a RunConfig) -> Result<Run<'a>, TrainError> {
        let (inputs, classes) = (data.meaning.input_size, data.meaning.labels.len());
        if let Some(hitnet) = recipe.hitnet() {
            hitnet.validate_inputs(inputs, recipe.input_bits, recipe.units)?;
        }
        let random = || Classifier::random(recipe, inputs, classes);
        let mut run = Run {
            data,
            config,
            progress: Progress {
                recipe: recipe.clone(),
                epochs: 0,
                updates: 0,
                best_epoch: 0,
                best: Outcome {
                    correct: 0,
                    of: data.validation.len(),
                    loss: f64::MAX,
                },
                stalls: Stalls::default(),
                figures: None,
                position: None,
            },
            fit: Fit::new(random()?, random()?),
        };
        if config.resume && config.checkpoint.exists() {
            run.restore()?;
        } else if let Some(path) = &config.warm_start {
            let trained = read(path)?;
            trained.fits(recipe, &data.meaning)?;
            run.fit.network.warm_start(&trained.network)?;
        }
        Ok(run)
    }

    fn restore(&mut self) -> Result<(), TrainError> {
        let path = &self.config.checkpoint;
        let (file, Header { progress, meaning }) = CheckpointFile::read(path, RunKind::Classifier)?;
        let rule = |holds: bool, what: &str| match holds {
            true => Ok(()),
            false => Err(TrainError::new(format!(
                "{}: the checkpoint's {what} from the one given, expected the same as when the run began",
                path.display()
            ))),
        };
        rule(progress.recipe == self.progress.recipe, "recipe differs")?;
        rule(meaning == self.data.meaning, "data set differs")?;
        self.fit.restore(&file, progress.updates)?;
        self.progress = progress;
        Ok(())
    }

    /// Mean cross entropy of a batch, in nats.
    fn loss(&self, examples: &[Example], rng: &mut fastrand::Rng) -> Result<Tensor, TrainError> {
        let dropout = (self.progress.recipe.dropout, rng);
        let network = &self.fit.network;
        let logits = network.logits(&data::batch(examples)?, Some(dropout))?;
        let log = log_softmax(&logits)?;
        Ok((log * self.targets(examples)?)?
            .sum(D::Minus1)?
            .neg()?
            .mean_all()?)
    }

    /// Target probabilities `[B, classes]`.
    fn targets(&self, examples: &[Example]) -> Result<Tensor, TrainError> {
        let classes = self.data.meaning.labels.len();
        let smoothing = self.progress.recipe.label_smoothing;
        let mut targets = vec![(smoothing / classes as f64) as f32; examples.len() * classes];
        for (row, example) in targets.chunks_mut(classes).zip(examples) {
            row[example.class] += (1.0 - smoothing) as f32;
        }
        let shape = (examples.len(), classes);
        Ok(Tensor::from_vec(targets, shape, &Device::Cpu)?)
    }
}

impl run::Run for Run<'_> {
    type Validation = Outcome;

    fn reached(&self) -> Reached<Outcome> {
        let progress = &self.progress;
        Reached {
            epochs: progress.epochs,
            total: progress.recipe.epochs,
            patience: progress.recipe.patience,
            best_epoch: progress.best_epoch,
            best: progress.best,
        }
    }

    fn epoch(&mut self, report: run::Report<Outcome>) -> Result<Option<f64>, TrainError> {
        let recipe = self.progress.recipe.clone();
        let epoch = self.progress.epochs;
        let mut order = fastrand::Rng::with_seed(recipe.seed ^ ((epoch as u64 + 1) << 32));
        let batches = self.data.epoch(&recipe, &mut order);
        let mut at = self.progress.position.take().unwrap_or(Position {
            update: 0,
            rng: order.get_seed(),
            total: 0.0,
        });
        let mut rng = fastrand::Rng::with_seed(at.rng);
        while let Some(examples) = batches.get(at.update) {
            let loss = self.loss(examples, &mut rng)?;
            let value = finite(&loss, epoch + 1, recipe.learning_rate)?;
            let passed = at.update as f64 / batches.len() as f64;
            let rate = recipe.learning_rate_at(epoch as f64 + passed, &self.progress.stalls);
            self.fit.update(&loss, rate, recipe.norm_limit)?;
            at.total += value;
            at.update += 1;
            at.rng = rng.get_seed();
            let event = Event::Update {
                epoch: epoch + 1,
                update: at.update,
                updates: batches.len(),
                items: examples.len(),
                loss: at.total / at.update as f64,
            };
            if report(event).is_break() {
                self.progress.position = Some(at);
                return Ok(None);
            }
        }
        self.progress.epochs += 1;
        Ok(Some(at.total / batches.len() as f64))
    }

    fn validate(&mut self) -> Result<Outcome, TrainError> {
        let validation = outcome(&self.fit.network, &self.data.validation)?;
        let best = validation.is_as_good_as(&self.progress.best);
        let schedule = &self.progress.recipe.schedule;
        schedule.count(best, &mut self.progress.stalls);
        if best {
            self.progress.best = validation;
            self.progress.best_epoch = self.progress.epochs;
            self.fit.keep()?;
        }
        Ok(validation)
    }

    fn save(&mut self) -> Result<(), TrainError> {
        self.progress.updates = self.fit.updates();
        let header = Header {
            progress: self.progress.clone(),
            meaning: self.data.meaning.clone(),
        };
        self.fit
            .save(&self.config.checkpoint, RunKind::Classifier, &header)
    }
}
