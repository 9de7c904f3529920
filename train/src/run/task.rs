//! What a training run needs to know about the network that it trains and the data.

use candle_core::Tensor;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::TrainError;
use crate::layer::cell::LayerState;
use crate::run::checkpoint::RunKind;
use crate::run::fit::Network;
use crate::run::recipe::Training;

/// A network and the data that it is trained on.
pub(crate) trait Task: Sized {
    /// All that decides a run besides the data.
    type Recipe: Training;
    /// The network that is trained.
    type Network: Network;
    /// What the run has measured, as the checkpoint's header has it.
    type Record: Record;
    /// What the checkpoint's header says about the data, as fields of the header.
    type Data: Clone + PartialEq + Serialize + DeserializeOwned;
    /// The training part as one epoch sees it.
    type Epoch;

    /// The kind of the network.
    const KIND: RunKind;

    /// What the checkpoint's header says about the data.
    fn data(&self) -> &Self::Data;

    /// A network of the right shape for a recipe and data.
    fn shaped(recipe: &Self::Recipe, data: &Self::Data) -> candle_core::Result<Self::Network>;

    /// The network that a run begins with.
    fn network(&self, recipe: &Self::Recipe) -> candle_core::Result<Self::Network> {
        Self::shaped(recipe, self.data())
    }

    /// Prepares the network that a run begins with, from the one that it starts from, where there is one.
    fn prepare(
        &self,
        _: &Self::Recipe,
        network: &Self::Network,
        trained: Option<&Self::Network>,
    ) -> candle_core::Result<()> {
        trained.map_or(Ok(()), |trained| network.warm_start(trained))
    }

    /// What must be alike for a run to start from another's network: the name of each property and
    /// its value in the `own` run and in the `other` one, which starts from it.
    fn shapes(own: Begun<Self>, other: Begun<Self>) -> Vec<(&'static str, [String; 2])>;

    /// The training part as an epoch sees it, drawn with `rng`.
    fn epoch(&self, recipe: &Self::Recipe, rng: &mut fastrand::Rng) -> Self::Epoch;

    /// Updates per epoch.
    fn updates(epoch: &Self::Epoch) -> usize;

    /// State at the start of an epoch of what is carried from one update to the next: of the network
    /// and of its teacher. Nothing where the sequences of an update are whole.
    fn carried(&self, _: &Self::Recipe, _: &Self::Network) -> [Vec<LayerState>; 2] {
        [Vec::new(), Vec::new()]
    }

    /// Mean loss of an update in nats and the number of its tokens or sequences.
    fn loss(
        &self,
        recipe: &Self::Recipe,
        network: &Self::Network,
        epoch: &Self::Epoch,
        step: Step,
    ) -> Result<(Tensor, usize), TrainError>;

    /// Measures the network on the validation part.
    fn score(&self, network: &Self::Network) -> Result<Score<Self>, TrainError>;
}

/// A recipe and what the checkpoint's header says about the data.
pub(crate) type Begun<'b, T> = (&'b <T as Task>::Recipe, &'b <T as Task>::Data);

/// What a task measures on the validation part.
pub(crate) type Score<T> = <<T as Task>::Record as Record>::Score;

/// What a run has measured.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {
    /// What is measured on the validation part.
    type Score: Copy;

    /// Before the first epoch.
    fn new() -> Self;

    /// The best validation so far.
    fn best(&self) -> Self::Score;

    /// Takes over a validation that is as good as the best one, of the average over updates or of the network after the last
    /// one; returns whether it is.
    fn improve(&mut self, validation: Self::Score, averaged: bool) -> bool;
}

/// An update that is to be made.
pub(crate) struct Step<'s> {
    /// Place in the epoch, counted from 0.
    pub(crate) update: usize,
    /// Updates that the run has made.
    pub(crate) made: u32,
    /// Share of the run that will be done after it.
    pub(crate) share: f64,
    /// What is carried from one update to the next, of the network and of its teacher.
    pub(crate) carried: [&'s mut [LayerState]; 2],
    /// Random numbers.
    pub(crate) rng: &'s mut fastrand::Rng,
}
