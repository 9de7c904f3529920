//! A training run: epochs, validation, checkpoints.

use std::path::Path;

use candle_core::{D, Device, Tensor};

use crate::adam::{Adam, Bounded};
use crate::digits::checkpoint::{self, Progress};
use crate::digits::data::{self, Data};
use crate::digits::{Event, Recipe, export};
use crate::evaluate::{Example, correct};
use crate::{Network, TrainError, fsdd};

/// Bound of the shadow weights.
const WEIGHT_BOUND: f64 = 1.0;
/// Bound of the shadow biases, in units of the pre-activation.
const BIAS_BOUND: f64 = 6.0;

/// A training run between two epochs.
pub(crate) struct Run {
    /// How far the run has come.
    pub(crate) progress: Progress,
    network: Network,
    parameters: Vec<Bounded>,
    adam: Adam,
    /// The network after the best epoch so far.
    pub(crate) best: Network,
}

impl Run {
    /// The start of a run.
    pub(crate) fn new(recipe: &Recipe) -> Result<Run, TrainError> {
        let network = || {
            let mut rng = fastrand::Rng::with_seed(recipe.seed);
            let classes = fsdd::LABELS.len();
            Network::random(recipe.lstm.clone(), classes, recipe.logit_scale, &mut rng)
        };
        let (network, best) = (network()?, network()?);
        let bounded = |(name, parameter): &(&str, candle_core::Var)| {
            let bias = name.ends_with("bias");
            (
                parameter.clone(),
                if bias { BIAS_BOUND } else { WEIGHT_BOUND },
            )
        };
        let parameters: Vec<Bounded> = network.parameters().iter().map(bounded).collect();
        Ok(Run {
            progress: Progress {
                recipe: recipe.clone(),
                epochs: 0,
                updates: 0,
                best_epoch: 0,
                best_correct: 0,
            },
            adam: Adam::new(&parameters),
            network,
            parameters,
            best,
        })
    }

    /// Goes on from the checkpoint, where there is one.
    pub(crate) fn restore(&mut self, path: &Path) -> Result<(), TrainError> {
        let recipe = &self.progress.recipe;
        let found = checkpoint::read(path, recipe, &self.network, &mut self.adam, &self.best)?;
        if let Some(progress) = found {
            self.progress = progress;
        }
        Ok(())
    }

    /// Writes the checkpoint.
    pub(crate) fn save(&mut self, path: &Path) -> Result<(), TrainError> {
        self.progress.updates = self.adam.updates;
        checkpoint::write(path, &self.progress, &self.network, &self.adam, &self.best)
    }

    /// One pass over the training recordings; returns the mean loss.
    pub(crate) fn epoch(
        &mut self,
        data: &Data,
        report: &mut impl FnMut(Event),
    ) -> Result<f64, TrainError> {
        let recipe = self.progress.recipe.clone();
        let epoch = self.progress.epochs;
        let mut rng = fastrand::Rng::with_seed(recipe.seed ^ ((epoch as u64 + 1) << 32));
        let batches = data.epoch(&recipe, &mut rng);
        let mut total = 0.0;
        for (index, examples) in batches.iter().enumerate() {
            let loss = self.loss(examples)?;
            let value = f64::from(loss.to_scalar::<f32>()?);
            if !value.is_finite() {
                return Err(TrainError::new(format!(
                    "loss is {value} in epoch {}, expected a finite number; a learning rate below {} may help",
                    epoch + 1,
                    recipe.learning_rate
                )));
            }
            let rate = recipe.learning_rate_at(epoch as f64 + index as f64 / batches.len() as f64);
            let gradients = loss.backward()?;
            self.adam
                .step(&self.parameters, &gradients, rate, recipe.norm_limit)?;
            total += value;
            report(Event::Update {
                epoch: epoch + 1,
                update: index + 1,
                updates: batches.len(),
                loss: value,
            });
        }
        self.progress.epochs += 1;
        Ok(total / batches.len() as f64)
    }

    /// Mean cross entropy of a batch, in nats.
    fn loss(&self, examples: &[Example]) -> Result<Tensor, TrainError> {
        let batch = data::batch(examples)?;
        let states = self.network.hidden_states(&batch.inputs)?;
        let logits = self.network.logits(&batch.last(&states)?)?;
        let targets = self.targets(examples)?;
        let log = logits.broadcast_sub(&logits.log_sum_exp(1)?.unsqueeze(1)?)?;
        Ok((log * targets)?.sum(D::Minus1)?.neg()?.mean_all()?)
    }

    /// Target probabilities `[B, classes]`.
    fn targets(&self, examples: &[Example]) -> Result<Tensor, TrainError> {
        let classes = fsdd::LABELS.len();
        let smoothing = self.progress.recipe.label_smoothing;
        let mut targets = vec![(smoothing / classes as f64) as f32; examples.len() * classes];
        for (row, example) in targets.chunks_mut(classes).zip(examples) {
            row[example.digit as usize] += (1.0 - smoothing) as f32;
        }
        Ok(Tensor::from_vec(
            targets,
            (examples.len(), classes),
            &Device::Cpu,
        )?)
    }

    /// Measures the integer model on the validation recordings and remembers the best network.
    pub(crate) fn validate(&mut self, data: &Data) -> Result<usize, TrainError> {
        let right = correct(&export::model(&self.network, data)?, &data.validation);
        if right >= self.progress.best_correct {
            self.progress.best_correct = right;
            self.progress.best_epoch = self.progress.epochs;
            let parameters = self.network.parameters().iter().zip(self.best.parameters());
            for ((_, now), (_, best)) in parameters {
                best.set(&now.as_detached_tensor())?;
            }
        }
        Ok(right)
    }
}
