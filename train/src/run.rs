//! A training run: what it tells as it goes, and how it goes on to its end.

use std::ops::ControlFlow;

use crate::TrainError;
use crate::schedule::is_over;

/// What a training run tells as it goes; V is what it measures on the validation part.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<V> {
    /// An update was made.
    Update {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Updates made in this epoch.
        update: usize,
        /// Updates in an epoch.
        updates: usize,
        /// Tokens or sequences in an update.
        items: usize,
        /// Mean loss of the epoch so far, in nats.
        loss: f64,
    },
    /// An epoch ended and its checkpoint is written.
    Epoch {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Epochs of the run.
        epochs: usize,
        /// Mean loss of the epoch, in nats: of a language model over the sampled words and, with
        /// distillation, to the mixture of target and teacher; of a classifier with label smoothing.
        loss: f64,
        /// On the validation part.
        validation: V,
        /// The best on the validation part so far.
        best: V,
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

/// What hears the events of a run and says whether it is to go on.
pub(crate) type Report<'r, V> = &'r mut dyn FnMut(Event<V>) -> ControlFlow<()>;

/// How far a run has come.
pub(crate) struct Reached<V> {
    /// Epochs done.
    pub(crate) epochs: usize,
    /// Epochs of the run.
    pub(crate) total: usize,
    /// Epochs without a better validation that the recipe bears.
    pub(crate) patience: Option<usize>,
    /// Epoch after which the validation was best, counted from 1.
    pub(crate) best_epoch: usize,
    /// What it then was.
    pub(crate) best: V,
}

impl<V> Reached<V> {
    fn is_end(&self) -> bool {
        is_over(self.total, self.patience, self.epochs, self.best_epoch)
    }
}

/// The training of one network by one recipe.
pub(crate) trait Run {
    /// What it measures on the validation part.
    type Validation;

    /// How far it has come.
    fn reached(&self) -> Reached<Self::Validation>;

    /// One pass over the training part, or what is left of one; returns the mean loss, or `None`
    /// where `report` breaks it off.
    fn epoch(&mut self, report: Report<Self::Validation>) -> Result<Option<f64>, TrainError>;

    /// Measures the validation part and remembers the best network.
    fn validate(&mut self) -> Result<Self::Validation, TrainError>;

    /// Writes the checkpoint.
    fn save(&mut self) -> Result<(), TrainError>;
}

/// Goes on to the end of a run; returns whether it is reached, or `report` broke it off.
pub(crate) fn finish<R: Run>(
    run: &mut R,
    report: Report<R::Validation>,
) -> Result<bool, TrainError> {
    while !run.reached().is_end() {
        let Some(loss) = run.epoch(report)? else {
            run.save()?;
            return Ok(false);
        };
        let validation = run.validate()?;
        run.save()?;
        let reached = run.reached();
        let (ends, epoch, best_epoch) = (reached.is_end(), reached.epochs, reached.best_epoch);
        let goes_on = report(Event::Epoch {
            epoch,
            epochs: reached.total,
            loss,
            validation,
            best: reached.best,
        });
        if ends && epoch < reached.total {
            // What it asks for no longer matters: the run is over.
            let _ = report(Event::EndsEarly { epoch, best_epoch });
        }
        if goes_on.is_break() && !ends {
            return Ok(false);
        }
    }
    Ok(true)
}
