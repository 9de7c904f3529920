//! Training of a language model: truncated backpropagation through time with carried state.

use std::ops::ControlFlow;
use std::path::PathBuf;

use candle_core::Tensor;

use crate::checkpoint::CheckpointFile;
use crate::dropout::mask;
use crate::fit::{Fit, finite};
use crate::language::checkpoint::{Header, Position, Progress};
use crate::language::corpus::Corpus;
use crate::language::{LanguageModel, Masks, Recipe, perplexity};
use crate::parallel::in_pool;
use crate::quantize::Draws;
use crate::run::{self, Reached};
use crate::schedule::Stalls;
use crate::softmax::{Candidates, cross_entropy, distribution, inclusion};
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
    /// Checkpoint of the trained network that the recipe's distillation learns from.
    pub teacher: Option<PathBuf>,
}

/// What the training of a language model tells: its validation is a perplexity.
pub type Event = run::Event<f64>;

/// Trains a language model and returns that of the epoch with the lowest validation perplexity, or
/// `None` where `report` breaks the run off.
///
/// A run that is broken off, or killed between two checkpoints, and then resumed gives the same
/// bits as one that was not.
///
/// # Errors
/// When the recipe is out of range, the text is too short for it, the loss is no longer finite, a
/// checkpoint is another recipe's, or a file cannot be written.
pub fn train(
    recipe: &Recipe,
    corpus: &Corpus,
    config: &RunConfig,
    mut report: impl FnMut(Event) -> ControlFlow<()> + Send,
) -> Result<Option<LanguageModel>, TrainError> {
    recipe.validate()?;
    in_pool(|| {
        let mut run = Run::new(recipe, corpus, config)?;
        let ended = run::finish(&mut run, &mut report)?;
        Ok(ended.then_some(run.fit.best))
    })
}

struct Run<'a> {
    corpus: &'a Corpus,
    config: &'a RunConfig,
    progress: Progress,
    fit: Fit<LanguageModel>,
    inclusion: Vec<f32>,
    teacher: Option<LanguageModel>,
}

impl<'a> Run<'a> {
    fn new(
        recipe: &Recipe,
        corpus: &'a Corpus,
        config: &'a RunConfig,
    ) -> Result<Run<'a>, TrainError> {
        let least = 2 * recipe.batch * recipe.unroll + 1;
        if corpus.train.len() < least {
            return Err(TrainError::new(format!(
                "the training text has {} tokens, expected at least {least} for batch {} and unroll {}",
                corpus.train.len(),
                recipe.batch,
                recipe.unroll
            )));
        }
        let random = || LanguageModel::random(recipe, &corpus.log_shares());
        let mut run = Run {
            corpus,
            config,
            progress: Progress {
                recipe: recipe.clone(),
                epochs: 0,
                updates: 0,
                best_epoch: 0,
                best_perplexity: f64::MAX,
                stalls: Stalls::default(),
                position: None,
            },
            fit: Fit::new(random()?, random()?),
            inclusion: inclusion(&corpus.counts, recipe.sample),
            teacher: teacher(recipe, corpus, config)?,
        };
        if config.resume && config.checkpoint.exists() {
            run.restore()?;
        } else if let Some(path) = &config.warm_start {
            let trained = super::read(path)?;
            trained.fits(recipe, &corpus.vocabulary)?;
            run.fit.network.warm_start(&trained.model)?;
        }
        Ok(run)
    }

    fn restore(&mut self) -> Result<(), TrainError> {
        let path = &self.config.checkpoint;
        let (file, Header { progress, .. }) = CheckpointFile::read(path, RunKind::Language)?;
        if progress.recipe != self.progress.recipe {
            return Err(TrainError::new(format!(
                "{}: the checkpoint's recipe differs from the one given, expected the same as when the run began",
                path.display()
            )));
        }
        self.fit.restore(&file, progress.updates)?;
        self.progress = progress;
        Ok(())
    }

    /// Mean cross entropy of a batch, in nats, over sampled words; the state moves on.
    fn loss(
        &self,
        inputs: &[u32],
        targets: &[u32],
        at: &mut Position,
        rng: &mut fastrand::Rng,
    ) -> Result<Tensor, TrainError> {
        let recipe = &self.progress.recipe;
        let mut masks = Masks::new();
        for index in 0..=recipe.layers {
            let share = match index {
                0 => recipe.dropout_input,
                _ => recipe.dropout_output,
            };
            masks.push(mask(share, (inputs.len(), recipe.units), rng)?);
        }
        let draws = Draws::of(recipe.seed ^ (u64::from(self.fit.updates()) << 32));
        let network = &self.fit.network;
        let hidden = network.observed_states(inputs, &mut at.state, &masks, draws, &mut [])?;
        let candidates = Candidates::draw(&self.inclusion, rng);
        let taught = match &self.teacher {
            None => None,
            Some(teacher) => {
                let state = &mut at.teacher_state;
                let hidden = teacher.hidden_states(inputs, state, &Masks::new())?;
                let softmax = teacher.softmax()?;
                let (hidden, bias) = softmax.scaled(&hidden)?;
                let taught = distribution(&hidden, &softmax.weight, &bias, targets, &candidates)?;
                Some((recipe.distillation, taught))
            }
        };
        let softmax = network.softmax()?;
        let (hidden, bias) = softmax.scaled(&hidden)?;
        let weight = &softmax.weight;
        Ok(cross_entropy(
            &hidden, weight, &bias, targets, candidates, taught,
        )?)
    }
}

impl run::Run for Run<'_> {
    type Validation = f64;

    fn reached(&self) -> Reached<f64> {
        let progress = &self.progress;
        Reached {
            epochs: progress.epochs,
            total: progress.recipe.epochs,
            patience: progress.recipe.patience,
            best_epoch: progress.best_epoch,
            best: progress.best_perplexity,
        }
    }

    fn epoch(&mut self, report: run::Report<f64>) -> Result<Option<f64>, TrainError> {
        let recipe = self.progress.recipe.clone();
        let epoch = self.progress.epochs;
        let mut at = match self.progress.position.take() {
            Some(position) => position,
            None => {
                let seed = recipe.seed ^ ((epoch as u64 + 1) << 32);
                let mut rng = fastrand::Rng::with_seed(seed);
                Position {
                    update: 0,
                    offset: rng.usize(0..recipe.unroll),
                    rng: rng.get_seed(),
                    total: 0.0,
                    state: self.fit.network.start(recipe.batch),
                    teacher_state: match &self.teacher {
                        Some(teacher) => teacher.start(recipe.batch),
                        None => Vec::new(),
                    },
                }
            }
        };
        let text = &self.corpus.train[at.offset..];
        let length = (text.len() - 1) / recipe.batch;
        let updates = length / recipe.unroll;
        let mut rng = fastrand::Rng::with_seed(at.rng);
        while at.update < updates {
            let tokens = |shift: usize| -> Vec<u32> {
                let start = at.update * recipe.unroll + shift;
                let step = |t: usize| (0..recipe.batch).map(move |b| text[b * length + t]);
                (start..start + recipe.unroll).flat_map(step).collect()
            };
            let (inputs, targets) = (tokens(0), tokens(1));
            let epochs = epoch as f64 + (at.update + 1) as f64 / updates as f64;
            self.fit.network.set_slope(epochs / recipe.epochs as f64)?;
            let loss = self.loss(&inputs, &targets, &mut at, &mut rng)?;
            let value = finite(&loss, epoch + 1, recipe.learning_rate)?;
            let epochs = epoch as f64 + at.update as f64 / updates as f64;
            let rate = recipe.learning_rate_at(epochs, &self.progress.stalls);
            self.fit.update(&loss, rate, recipe.norm_limit)?;
            at.total += value;
            at.update += 1;
            at.rng = rng.get_seed();
            let event = Event::Update {
                epoch: epoch + 1,
                update: at.update,
                updates,
                items: inputs.len(),
                loss: at.total / at.update as f64,
            };
            if report(event).is_break() {
                self.progress.position = Some(at);
                return Ok(None);
            }
        }
        self.progress.epochs += 1;
        Ok(Some(at.total / updates as f64))
    }

    fn validate(&mut self) -> Result<f64, TrainError> {
        let perplexity = perplexity(&self.fit.network, &self.corpus.validation)?;
        let best = perplexity <= self.progress.best_perplexity;
        let schedule = &self.progress.recipe.schedule;
        schedule.count(best, &mut self.progress.stalls);
        if best {
            self.progress.best_perplexity = perplexity;
            self.progress.best_epoch = self.progress.epochs;
            self.fit.keep()?;
        }
        Ok(perplexity)
    }

    fn save(&mut self) -> Result<(), TrainError> {
        self.progress.updates = self.fit.updates();
        let header = Header {
            progress: self.progress.clone(),
            vocabulary: self.corpus.vocabulary.clone(),
        };
        self.fit
            .save(&self.config.checkpoint, RunKind::Language, &header)
    }
}

/// The network that a recipe with distillation learns from.
fn teacher(
    recipe: &Recipe,
    corpus: &Corpus,
    config: &RunConfig,
) -> Result<Option<LanguageModel>, TrainError> {
    match (&config.teacher, recipe.distillation > 0.0) {
        (None, false) => Ok(None),
        (Some(path), true) => {
            let trained = super::read(path)?;
            trained.knows(&corpus.vocabulary)?;
            Ok(Some(trained.model))
        }
        (None, true) => Err(TrainError::new(format!(
            "distillation is {} and there is no teacher, expected the run of a trained network",
            recipe.distillation
        ))),
        (Some(path), false) => Err(TrainError::new(format!(
            "{}: distillation is 0 in the recipe, expected more with a teacher",
            path.display()
        ))),
    }
}
