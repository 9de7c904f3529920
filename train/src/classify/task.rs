//! The training of a classifier: whole sequences, padded to batches.

use candle_core::{D, Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::classify::data::{self, Data, Meaning};
use crate::classify::evaluate::Example;
use crate::classify::network::Classifier;
use crate::classify::outcome::{Outcome, log_softmax, outcome};
use crate::classify::recipe::Recipe;
use crate::error::TrainError;
use crate::run::checkpoint::RunKind;
use crate::run::task::{Begun, Record, Step, Task};

/// The sequences of a data set to train on.
pub(crate) struct Examples<'a> {
    data: &'a Data,
    described: Described,
}

/// What a checkpoint says about the data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Described {
    pub(crate) meaning: Meaning,
}

/// What a run has measured.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// The best outcome on the validation part.
    pub(crate) best: Outcome,
    /// What the best network does on each part, once the run is finished.
    pub(crate) figures: Option<Figures>,
}

/// What a finished run's network does on each part of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// On the training part, unchanged.
    pub train: Outcome,
    /// On the validation part.
    pub validation: Outcome,
    /// On the test part.
    pub test: Outcome,
}

impl Record for Measured {
    type Score = Outcome;

    fn new() -> Measured {
        Measured {
            best: Outcome {
                correct: 0,
                of: 0,
                loss: f64::MAX,
            },
            figures: None,
        }
    }

    fn best(&self) -> Outcome {
        self.best
    }

    fn improve(&mut self, validation: Outcome) -> bool {
        let best = validation.is_as_good_as(&self.best);
        if best {
            self.best = validation;
        }
        best
    }
}

impl<'a> Examples<'a> {
    pub(crate) fn new(data: &'a Data) -> Examples<'a> {
        Examples {
            data,
            described: Described {
                meaning: data.meaning.clone(),
            },
        }
    }

    /// Target probabilities `[B, classes]`.
    fn targets(&self, examples: &[Example], smoothing: f64) -> Result<Tensor, TrainError> {
        let classes = self.data.meaning.labels.len();
        let mut targets = vec![(smoothing / classes as f64) as f32; examples.len() * classes];
        for (row, example) in targets.chunks_mut(classes).zip(examples) {
            row[example.class] += (1.0 - smoothing) as f32;
        }
        let shape = (examples.len(), classes);
        Ok(Tensor::from_vec(targets, shape, &Device::Cpu)?)
    }
}

impl Task for Examples<'_> {
    type Recipe = Recipe;
    type Network = Classifier;
    type Record = Measured;
    type Data = Described;
    type Epoch = Vec<Vec<Example>>;

    const KIND: RunKind = RunKind::Classifier;

    fn data(&self) -> &Described {
        &self.described
    }

    fn shaped(recipe: &Recipe, data: &Described) -> candle_core::Result<Classifier> {
        let Meaning {
            labels, input_size, ..
        } = &data.meaning;
        Classifier::random(recipe, *input_size, labels.len())
    }

    fn shapes(
        (own, own_data): Begun<Self>,
        (other, other_data): Begun<Self>,
    ) -> Vec<(&'static str, [String; 2])> {
        let meanings = [&own_data.meaning, &other_data.meaning];
        vec![
            ("cell", [own, other].map(|r| r.cell.name().to_owned())),
            ("layers", [own, other].map(|r| r.layers.to_string())),
            ("units", [own, other].map(|r| r.units.to_string())),
            (
                "number of features",
                meanings.map(|m| m.input_size.to_string()),
            ),
            (
                "number of classes",
                meanings.map(|m| m.labels.len().to_string()),
            ),
        ]
    }

    fn epoch(&self, recipe: &Recipe, rng: &mut fastrand::Rng) -> Vec<Vec<Example>> {
        self.data.epoch(recipe, rng)
    }

    fn updates(batches: &Vec<Vec<Example>>) -> usize {
        batches.len()
    }

    /// Mean cross entropy with label smoothing.
    fn loss(
        &self,
        recipe: &Recipe,
        network: &Classifier,
        batches: &Vec<Vec<Example>>,
        step: Step,
    ) -> Result<(Tensor, usize), TrainError> {
        let examples = &batches[step.update];
        let dropout = (recipe.dropout, step.rng);
        let logits = network.logits(&data::batch(examples)?, Some(dropout))?;
        let log = log_softmax(&logits)?;
        let targets = self.targets(examples, recipe.label_smoothing)?;
        let loss = (log * targets)?.sum(D::Minus1)?.neg()?.mean_all()?;
        Ok((loss, examples.len()))
    }

    fn score(&self, network: &Classifier) -> Result<Outcome, TrainError> {
        outcome(network, &self.data.validation)
    }
}
