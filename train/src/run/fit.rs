//! What the training of any network holds: the network, the best one so far, and Adam.

use std::path::Path;

use candle_core::Tensor;
use serde::Serialize;

use crate::error::TrainError;
use crate::run::adam::{Adam, Bounded};
use crate::run::average::Average;
use crate::run::checkpoint;
use crate::run::checkpoint::RunKind;
use crate::run::checkpoint::{CheckpointFile, Networks, Parameters};

/// A network that is trained.
pub(crate) trait Network {
    /// Parameters with their names and the magnitudes that they are kept within.
    fn parameters(&self) -> Parameters<'_>;

    /// Begins where a trained network ends: a ternary network where a full-precision one does.
    ///
    /// # Errors
    /// When the networks differ in size or the tensor library fails.
    fn warm_start(&self, trained: &Self) -> candle_core::Result<()>;

    /// Takes over the values of all parameters of another of the same shape.
    fn copy(&self, from: &Self) -> candle_core::Result<()> {
        for ((_, to, _), (_, from, _)) in self.parameters().iter().zip(from.parameters()) {
            to.set(&from.as_detached_tensor())?;
        }
        Ok(())
    }
}

/// A network in training.
pub(crate) struct Fit<N> {
    /// The network as it is now.
    pub(crate) network: N,
    /// The network that was the best on the validation part.
    pub(crate) best: N,
    average: Option<Average<N>>,
    parameters: Vec<Bounded>,
    adam: Adam,
}

impl<N: Network> Fit<N> {
    /// Begins with a network; `best` has the same shape, and `average` what it is judged by in its place.
    pub(crate) fn new(network: N, best: N, average: Option<Average<N>>) -> Fit<N> {
        let parameters = network.parameters().into_iter();
        let parameters = parameters.map(|(_, value, bound)| (value.clone(), bound));
        let parameters: Vec<Bounded> = parameters.collect();
        Fit {
            adam: Adam::new(&parameters),
            network,
            best,
            average,
            parameters,
        }
    }

    /// Updates made so far.
    pub(crate) fn updates(&self) -> u32 {
        self.adam.updates
    }

    /// One update at a learning rate, with the gradient's norm limited.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub(crate) fn update(
        &mut self,
        loss: &Tensor,
        rate: f64,
        norm_limit: f64,
    ) -> candle_core::Result<()> {
        let gradients = loss.backward()?;
        self.adam
            .step(&self.parameters, &gradients, rate, norm_limit)?;
        match &self.average {
            Some(average) => average.follow(&self.network, &gradients, self.adam.updates),
            None => Ok(()),
        }
    }

    /// The network that is measured and kept: the average, where there is one and something to average.
    pub(crate) fn judged(&self) -> &N {
        match &self.average {
            Some(average) if self.updates() > 0 => &average.network,
            _ => &self.network,
        }
    }

    /// Remembers the judged network as the best one.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub(crate) fn keep(&self) -> candle_core::Result<()> {
        self.best.copy(self.judged())
    }

    /// Writes a checkpoint.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn save(
        &self,
        path: &Path,
        kind: RunKind,
        header: &impl Serialize,
    ) -> Result<(), TrainError> {
        checkpoint::write(path, kind, header, &self.networks(), &self.adam)
    }

    /// Goes on from a checkpoint that was written after `updates` updates.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape.
    pub(crate) fn restore(
        &mut self,
        file: &CheckpointFile,
        updates: u32,
    ) -> Result<(), TrainError> {
        self.adam = file.restore_run(&self.networks(), updates)?;
        Ok(())
    }

    fn networks(&self) -> Networks<'_> {
        let average = self.average.as_ref();
        Networks {
            now: self.network.parameters(),
            best: self.best.parameters(),
            average: average.map(|average| average.network.parameters()),
        }
    }
}

/// The value of a loss, in an epoch counted from 1 of a run with that learning rate.
///
/// # Errors
/// When it is no longer finite.
pub(crate) fn finite(loss: &Tensor, epoch: usize, learning_rate: f64) -> Result<f64, TrainError> {
    let value = f64::from(loss.to_scalar::<f32>()?);
    match value.is_finite() {
        true => Ok(value),
        false => Err(TrainError::diverged(value, epoch, learning_rate)),
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor};

    use super::finite;

    #[test]
    fn a_loss_that_is_no_number_is_told_with_its_epoch() {
        let loss = |value: f32| Tensor::new(value, &Device::Cpu).unwrap();
        assert_eq!(finite(&loss(0.5), 1, 0.1).unwrap(), 0.5);
        for value in [f32::NAN, f32::INFINITY] {
            let error = finite(&loss(value), 3, 0.1).unwrap_err().to_string();
            let expected = "in epoch 3, expected a finite number";
            assert!(error.contains(expected), "{error}");
        }
    }
}
