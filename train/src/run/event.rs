//! What a training run reports as it proceeds.

use std::ops::ControlFlow;

/// What a training run reports as it proceeds; V is what it measures on the validation part.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<V> {
    /// The run goes on from a checkpoint.
    Resumes {
        /// Epochs done.
        epoch: usize,
        /// Updates done of the next epoch.
        update: usize,
        /// Epochs of the run.
        epochs: usize,
        /// Whether nothing is left to train.
        is_over: bool,
    },
    /// An update was made.
    Update {
        /// Epoch, counted from 1.
        epoch: usize,
        /// Updates made in this epoch.
        update: usize,
        /// Updates per epoch.
        updates: usize,
        /// Tokens or sequences per update.
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

/// What receives the events of a run and says whether the run is to go on.
pub(crate) type Report<'r, V> = &'r mut dyn FnMut(Event<V>) -> ControlFlow<()>;
