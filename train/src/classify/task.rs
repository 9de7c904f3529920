//! The training of a classifier: whole sequences, padded to batches.

use candle_core::{D, Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::classify::data::{self, Data, Meaning};
use crate::classify::evaluate::Example;
use crate::classify::network::Classifier;
use crate::classify::outcome::{Outcome, log_softmax, outcome};
use crate::classify::recipe::Recipe;
use crate::data::batch::Batch;
use crate::error::TrainError;
use crate::run::checkpoint::RunKind;
use crate::run::digest::digest;
use crate::run::fit::Network;
use crate::run::task::{Begun, Record, Step, Task};

/// Time steps of the sample that a network's beginning is set on, at most.
const SAMPLE_STEPS: usize = 4096;

/// The sequences of a data set to train on.
pub(crate) struct Examples<'a> {
    data: &'a Data,
    described: Described,
    teacher: Option<Classifier>,
}

/// What a checkpoint says about the data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Described {
    pub(crate) meaning: Meaning,
    /// SHA-256 of all sequences and their classes, by part.
    #[serde(default)]
    pub(crate) sha256: String,
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

    fn improve(&mut self, validation: Outcome, averaged: bool) -> bool {
        let best = validation.is_as_good_as(&self.best, averaged);
        if best {
            self.best = validation;
        }
        best
    }
}

impl<'a> Examples<'a> {
    /// The sequences of a run, and the network that a recipe with distillation learns from.
    pub(crate) fn new(data: &'a Data, teacher: Option<Classifier>) -> Examples<'a> {
        Examples {
            data,
            teacher,
            described: Described {
                meaning: data.meaning.clone(),
                sha256: sha256(data),
            },
        }
    }

    /// Target probabilities `[B, classes]` of the classes, smoothed.
    fn targets(&self, recipe: &Recipe, examples: &[Example]) -> Result<Tensor, TrainError> {
        let classes = self.data.meaning.labels.len();
        let smoothing = recipe.label_smoothing;
        let mut targets = vec![(smoothing / classes as f64) as f32; examples.len() * classes];
        for (row, example) in targets.chunks_mut(classes).zip(examples) {
            row[example.class] += (1.0 - smoothing) as f32;
        }
        let shape = (examples.len(), classes);
        Ok(Tensor::from_vec(targets, shape, &Device::Cpu)?)
    }

    /// A batch and its target probabilities. A teacher adds its share to the targets of the
    /// examples, and as many mixtures of them with others, whose targets are its own: it knows more
    /// than the examples say, and few examples do not ask for it.
    fn taught(
        &self,
        recipe: &Recipe,
        examples: &[Example],
        rng: &mut fastrand::Rng,
    ) -> Result<(Batch, Tensor), TrainError> {
        let targets = self.targets(recipe, examples)?;
        let Some(teacher) = &self.teacher else {
            return Ok((data::batch(examples)?, targets));
        };
        let mixtures = examples.iter().map(|example| self.mixture(example, rng));
        let mixtures: Vec<Example> = mixtures.collect();
        let batch = data::batch(&[examples, &mixtures].concat())?;
        let answers = log_softmax(&teacher.logits(&batch)?.detach())?.exp()?;
        let count = examples.len();
        let share = recipe.distillation;
        let of_examples = (answers.narrow(0, 0, count)? * share)?;
        let of_examples = ((targets * (1.0 - share))? + of_examples)?;
        let of_mixtures = answers.narrow(0, count, count)?;
        Ok((batch, Tensor::cat(&[of_examples, of_mixtures], 0)?))
    }

    /// A mixture of an example with another, as long as the first.
    fn mixture(&self, example: &Example, rng: &mut fastrand::Rng) -> Example {
        let other = &self.data.train[rng.usize(0..self.data.train.len())].features;
        let share = rng.f64();
        let features = example.features.iter().enumerate().map(|(t, own)| {
            let other = &other[t.min(other.len() - 1)];
            let pairs = own.iter().zip(other);
            let mixed = pairs.map(|(own, other)| f64::from(*own) + share * f64::from(other - own));
            mixed.map(|value| value.round() as i32).collect()
        });
        Example {
            features: features.collect(),
            ..example.clone()
        }
    }
}

/// SHA-256 of the sequences and classes of all parts.
fn sha256(data: &Data) -> String {
    let part = |examples: &'_ Vec<Example>| -> Vec<Vec<i32>> {
        let whole = |example: &Example| {
            let (class, steps) = (example.class as i32, example.features.len() as i32);
            [class, steps]
                .into_iter()
                .chain(example.features.iter().flatten().copied())
                .collect()
        };
        let count = vec![examples.len() as i32];
        [count]
            .into_iter()
            .chain(examples.iter().map(whole))
            .collect()
    };
    let parts = [&data.train, &data.validation, &data.test].map(part);
    digest(parts.iter().flatten().map(Vec::as_slice))
}

/// Training sequences that stand for all: evenly spaced, and no more than bounded work asks for.
fn sample(train: &[Example]) -> Vec<Example> {
    let longest = train.iter().map(|example| example.features.len()).max();
    let most = (SAMPLE_STEPS / longest.unwrap_or(1).max(1)).clamp(1, train.len());
    let place = |k: usize| train[k * train.len() / most].clone();
    (0..most).map(place).collect()
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

    fn prepare(
        &self,
        recipe: &Recipe,
        network: &Classifier,
        trained: Option<&Classifier>,
    ) -> candle_core::Result<()> {
        match (recipe.alive, trained) {
            (Some(share), _) => {
                let sample = data::batch(&sample(&self.data.train))?;
                network.begin_alive(trained, &sample, share)
            }
            (None, Some(trained)) => network.warm_start(trained),
            (None, None) => Ok(()),
        }
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

    /// Mean cross entropy to the smoothed classes and the teacher, and the recipe's price of events.
    fn loss(
        &self,
        recipe: &Recipe,
        network: &Classifier,
        batches: &Vec<Vec<Example>>,
        step: Step,
    ) -> Result<(Tensor, usize), TrainError> {
        let examples = &batches[step.update];
        let (batch, targets) = self.taught(recipe, examples, step.rng)?;
        let dropout = (recipe.dropout, step.rng);
        let (logits, states) = network.outputs(&batch, Some(dropout))?;
        let log = log_softmax(&logits)?;
        let mut loss = (log * targets)?.sum(D::Minus1)?.neg()?.mean_all()?;
        if recipe.activity > 0.0 {
            for layer in &states {
                let price = recipe.activity / states.len() as f64;
                loss = (loss + (batch.changes(layer)? * price)?)?;
            }
        }
        Ok((loss, examples.len()))
    }

    fn score(&self, network: &Classifier) -> Result<Outcome, TrainError> {
        outcome(network, &self.data.validation)
    }
}
