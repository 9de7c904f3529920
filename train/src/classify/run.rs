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
use crate::schedule::{Stalls, is_over};
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

/// What a training run tells as it goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// An update was made.
    Update {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Updates made in this epoch.
        update: usize,
        /// Updates in an epoch.
        updates: usize,
        /// Sequences in the update.
        sequences: usize,
        /// Mean loss of the epoch so far, in nats.
        loss: f64,
    },
    /// An epoch ended and its checkpoint is written.
    Epoch {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Epochs of the run.
        epochs: usize,
        /// Mean loss of the epoch, in nats, with label smoothing.
        loss: f64,
        /// On the validation part.
        validation: Outcome,
        /// The best on the validation part so far.
        best: Outcome,
    },
    /// The run ends before its last epoch: the validation has not become better for as long as the
    /// recipe's patience.
    EndsEarly {
        /// Epochs done.
        epoch: usize,
        /// Epoch with the best validation, counted from 1.
        best_epoch: usize,
    },
}

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
    in_pool(|| Run::new(recipe, data, config)?.finish(config, &mut report))
}

struct Run<'a> {
    data: &'a Data,
    progress: Progress,
    fit: Fit<Classifier>,
}

impl<'a> Run<'a> {
    fn new(recipe: &Recipe, data: &'a Data, config: &RunConfig) -> Result<Run<'a>, TrainError> {
        let (inputs, classes) = (data.meaning.input_size, data.meaning.labels.len());
        if let Some(hitnet) = recipe.hitnet() {
            hitnet.validate_inputs(inputs, recipe.input_bits, recipe.units)?;
        }
        let random = || Classifier::random(recipe, inputs, classes);
        let mut run = Run {
            data,
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
            run.restore(config)?;
        } else if let Some(path) = &config.warm_start {
            let trained = read(path)?;
            trained.fits(recipe, &data.meaning)?;
            run.fit.network.warm_start(&trained.network)?;
        }
        Ok(run)
    }

    /// Goes on to the end of the run, or to where `report` breaks it off.
    fn finish(
        mut self,
        config: &RunConfig,
        report: &mut impl FnMut(Event) -> ControlFlow<()>,
    ) -> Result<Option<Figures>, TrainError> {
        while !self.has_ended() {
            let Some(loss) = self.epoch(report)? else {
                self.save(config)?;
                return Ok(None);
            };
            let validation = self.validate()?;
            self.save(config)?;
            let epoch = Event::Epoch {
                epoch: self.progress.epochs,
                epochs: self.progress.recipe.epochs,
                loss,
                validation,
                best: self.progress.best,
            };
            let goes_on = report(epoch).is_continue();
            if self.has_ended() && self.progress.epochs < self.progress.recipe.epochs {
                // What it asks for no longer matters: the run is over.
                let _ = report(Event::EndsEarly {
                    epoch: self.progress.epochs,
                    best_epoch: self.progress.best_epoch,
                });
            }
            if !goes_on && !self.has_ended() {
                return Ok(None);
            }
        }
        let figures = Figures {
            train: outcome(&self.fit.best, &self.data.train)?,
            validation: outcome(&self.fit.best, &self.data.validation)?,
            test: outcome(&self.fit.best, &self.data.test)?,
        };
        self.progress.figures = Some(figures.clone());
        self.save(config)?;
        Ok(Some(figures))
    }

    fn restore(&mut self, config: &RunConfig) -> Result<(), TrainError> {
        let path = &config.checkpoint;
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

    fn save(&mut self, config: &RunConfig) -> Result<(), TrainError> {
        self.progress.updates = self.fit.updates();
        let header = Header {
            progress: self.progress.clone(),
            meaning: self.data.meaning.clone(),
        };
        self.fit
            .save(&config.checkpoint, RunKind::Classifier, &header)
    }

    /// Whether all epochs are done, or as many as the recipe's patience bears.
    fn has_ended(&self) -> bool {
        let progress = &self.progress;
        let (total, patience) = (progress.recipe.epochs, progress.recipe.patience);
        is_over(total, patience, progress.epochs, progress.best_epoch)
    }

    /// One pass over the training part, or what is left of one; returns the mean loss, or `None`
    /// where `report` breaks it off.
    fn epoch(
        &mut self,
        report: &mut impl FnMut(Event) -> ControlFlow<()>,
    ) -> Result<Option<f64>, TrainError> {
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
                sequences: examples.len(),
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

    /// Measures the validation part and remembers the best network.
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
}
