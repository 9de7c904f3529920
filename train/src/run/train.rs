//! The training loop: epochs of updates, the validation after each, the best network so far and the
//! checkpoint.

use tern_model::file::difference;

use crate::error::TrainError;
use crate::run::average::Average;
use crate::run::checkpoint::CheckpointFile;
use crate::run::config::RunConfig;
use crate::run::event::{Event, Report};
use crate::run::fit::{Fit, finite};
use crate::run::progress::{Header, Position, Progress, Trained};
use crate::run::recipe::Training;
use crate::run::schedule::Stalls;
use crate::run::task::{Record, Score, Step, Task};

/// A checkpoint that goes on, and how far it has come.
type Resumed<'a, T> = (CheckpointFile<'a>, Progress<T>);

/// The checkpoint that a run goes on from, where it is to go on and there is one.
///
/// # Errors
/// When it cannot be read, or is another recipe's or other data's; the sentence names the first difference.
pub(crate) fn resumed<'a, T: Task>(
    task: &T,
    recipe: &T::Recipe,
    config: &'a RunConfig,
) -> Result<Option<Resumed<'a, T>>, TrainError> {
    let path = &config.checkpoint;
    if !(config.resume && path.exists()) {
        return Ok(None);
    }
    let (file, header) = CheckpointFile::read::<Header<Progress<T>, T::Data>>(path, T::KIND)?;
    let Header { progress, data } = header;
    let (field, given) = recipe.subject();
    let (_, found) = progress.recipe.subject();
    let subject =
        (given != found).then(|| format!("field `{field}` is \"{given}\", expected \"{found}\""));
    let recipe = subject.or_else(|| difference(recipe, &progress.recipe));
    for (differs, what) in [
        (recipe, "recipe"),
        (difference(task.data(), &data), "data set"),
    ] {
        if let Some(first) = differs {
            return Err(TrainError::new(format!(
                "{}: the checkpoint's {what} differs from the one given: {first} as when the run began",
                path.display()
            )));
        }
    }
    Ok(Some((file, progress)))
}

/// The training of one network by one recipe.
pub(crate) struct Run<'a, T: Task> {
    task: &'a T,
    config: &'a RunConfig,
    resumed: bool,
    /// How far it has come.
    pub(crate) progress: Progress<T>,
    /// The network, the best one so far and the optimizer.
    pub(crate) fit: Fit<T::Network>,
}

impl<'a, T: Task> Run<'a, T> {
    /// Begins a run, or resumes the one that the checkpoint holds.
    ///
    /// # Errors
    /// When a checkpoint cannot be read, is another recipe's or other data's, or its network has
    /// another shape.
    pub(crate) fn begin(
        task: &'a T,
        recipe: &T::Recipe,
        config: &'a RunConfig,
    ) -> Result<Run<'a, T>, TrainError> {
        let average = match recipe.settings().average {
            Some(updates) => Some(Average::new(task.network(recipe)?, updates)),
            None => None,
        };
        let there = resumed(task, recipe, config)?;
        let mut run = Run {
            task,
            config,
            resumed: there.is_some(),
            progress: Progress {
                recipe: recipe.clone(),
                epochs: 0,
                updates: 0,
                best_epoch: 0,
                record: T::Record::new(),
                stalls: Stalls::default(),
                position: None,
            },
            fit: Fit::new(task.network(recipe)?, task.network(recipe)?, average),
        };
        if let Some((file, progress)) = there {
            run.fit.restore(&file, progress.updates)?;
            run.progress = progress;
        } else {
            let trained = config.warm_start.as_deref().map(Trained::<T>::read);
            let trained = trained.transpose()?;
            if let Some(trained) = &trained {
                trained.fits((recipe, task.data()))?;
            }
            let trained = trained.map(|trained| trained.network);
            task.prepare(recipe, &run.fit.network, trained.as_ref())?;
        }
        Ok(run)
    }

    /// Proceeds to the end of the run; returns whether it is reached, or `report` broke it off.
    ///
    /// # Errors
    /// When the loss is no longer finite or the checkpoint cannot be written.
    pub(crate) fn finish(&mut self, report: Report<Score<T>>) -> Result<bool, TrainError> {
        let Progress {
            epochs, position, ..
        } = &self.progress;
        let resumes = Event::Resumes {
            epoch: *epochs,
            update: position.as_ref().map_or(0, |position| position.update),
            epochs: self.progress.recipe.settings().epochs,
            is_over: self.progress.is_over(),
        };
        if self.resumed && report(resumes).is_break() {
            return Ok(false);
        }
        while !self.progress.is_over() {
            let Some(loss) = self.epoch(report)? else {
                self.save()?;
                return Ok(false);
            };
            let validation = self.validate()?;
            self.save()?;
            let (ends, epoch) = (self.progress.is_over(), self.progress.epochs);
            let epochs = self.progress.recipe.settings().epochs;
            let goes_on = report(Event::Epoch {
                epoch,
                epochs,
                loss,
                validation,
                best: self.progress.record.best(),
            });
            if ends && epoch < epochs {
                let best_epoch = self.progress.best_epoch;
                // What it asks for no longer matters: the run is over.
                let _ = report(Event::EndsEarly { epoch, best_epoch });
            }
            if goes_on.is_break() && !ends {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One pass over the training part, or the rest of one; returns the mean loss, or `None` where
    /// `report` breaks it off.
    fn epoch(&mut self, report: Report<Score<T>>) -> Result<Option<f64>, TrainError> {
        let recipe = self.progress.recipe.clone();
        let settings = recipe.settings();
        let epoch = self.progress.epochs;
        let mut order = fastrand::Rng::with_seed(settings.seed ^ ((epoch as u64 + 1) << 32));
        let data = self.task.epoch(&recipe, &mut order);
        let updates = T::updates(&data);
        let mut at = self.progress.position.take().unwrap_or_else(|| {
            let [state, teacher_state] = self.task.carried(&recipe, &self.fit.network);
            Position {
                update: 0,
                rng: order.get_seed(),
                total: 0.0,
                state,
                teacher_state,
            }
        });
        let mut rng = fastrand::Rng::with_seed(at.rng);
        while at.update < updates {
            let epochs_at = |update: usize| epoch as f64 + update as f64 / updates as f64;
            let step = Step {
                update: at.update,
                made: self.fit.updates(),
                share: epochs_at(at.update + 1) / settings.epochs as f64,
                carried: [&mut at.state, &mut at.teacher_state],
                rng: &mut rng,
            };
            let (loss, items) = self.task.loss(&recipe, &self.fit.network, &data, step)?;
            at.total += finite(&loss, epoch + 1, settings.learning_rate)?;
            let rate = settings.learning_rate_at(epochs_at(at.update), &self.progress.stalls);
            self.fit.update(&loss, rate, settings.norm_limit)?;
            at.update += 1;
            at.rng = rng.get_seed();
            let event = Event::Update {
                epoch: epoch + 1,
                update: at.update,
                updates,
                items,
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

    /// Measures the validation part and remembers the best network.
    fn validate(&mut self) -> Result<Score<T>, TrainError> {
        let validation = self.task.score(self.fit.judged())?;
        let progress = &mut self.progress;
        let settings = progress.recipe.settings();
        let averaged = settings.average.is_some();
        let best = progress.record.improve(validation, averaged);
        settings.schedule.count(best, &mut progress.stalls);
        if best {
            progress.best_epoch = progress.epochs;
            self.fit.keep()?;
        }
        Ok(validation)
    }

    /// Writes the checkpoint.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save(&mut self) -> Result<(), TrainError> {
        self.progress.updates = self.fit.updates();
        let header = Header {
            progress: &self.progress,
            data: self.task.data(),
        };
        self.fit.save(&self.config.checkpoint, T::KIND, &header)
    }
}
