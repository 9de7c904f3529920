//! Recipes: all that decides a trained language model, as a TOML file.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tern_model::file::plain_number;
use tern_model::network::CellKind;

use crate::error::TrainError;
use crate::quantize::precision::Precision;
#[cfg(doc)]
use crate::quantize::precision::Study;
use crate::run::recipe::{self, MOST, Settings, Training, count, is_default, out_of_range, shares};
use crate::run::schedule::Schedule;
use tern_features::tokens::CorpusName;

/// The learning rate reaches its peak after a tenth of an epoch.
const RISE: f64 = 10.0;

/// A training run of a language model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The text.
    pub corpus: CorpusName,
    /// The recurrent cell.
    #[serde(default)]
    pub cell: CellKind,
    /// Recurrent layers, 1 to 4.
    #[serde(default = "one")]
    pub layers: usize,
    /// Recurrent units H, which is also the size X of the embedding.
    pub units: usize,
    /// Numbers that the recurrent part computes with.
    pub precision: Precision,
    /// Numbers of the softmax.
    #[serde(default, skip_serializing_if = "is_default")]
    pub softmax: SoftmaxKind,
    /// Seed of the weights, of dropout and of the sampled words.
    pub seed: u64,
    /// Passes over the training text, 1 to [`MOST`].
    pub epochs: usize,
    /// Streams that the training text is cut into.
    pub batch: usize,
    /// Time steps that the gradient goes back.
    pub unroll: usize,
    /// Peak learning rate of Adam, at most 10, to which it rises over the first tenth of an epoch.
    pub learning_rate: f64,
    /// How the learning rate changes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schedule: Schedule,
    /// Epochs without a better validation after which the run ends early.
    #[serde(default, skip_serializing_if = "is_default")]
    pub patience: Option<usize>,
    /// Largest norm of the gradient, at most 1e6.
    pub norm_limit: f64,
    /// Updates over which the parameters are averaged, exponentially, for the network that is measured and exported; left out,
    /// it is the one of the last update.
    #[serde(default, skip_serializing_if = "is_default")]
    pub average: Option<usize>,
    /// Share of the embedding's elements set to 0.
    pub dropout_input: f64,
    /// Share of the hidden states' elements set to 0 before the softmax.
    pub dropout_output: f64,
    /// Words in the softmax of a training step, about; all where there are no more.
    pub sample: usize,
    /// Share of each target that is spread over the words as a trained network, the teacher,
    /// spreads it (knowledge distillation); 0 takes no teacher.
    #[serde(default)]
    pub distillation: f64,
}

/// Numbers of the softmax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoftmaxKind {
    /// Weights and bias in 32-bit floats, on the host; the weights are the embedding's shadow.
    #[default]
    Full,
    /// Ternary weights of their own, integer biases and one learned scale: the network's linear head.
    Ternary,
}

impl SoftmaxKind {
    /// What its weights are, in results.
    pub const fn numbers(self) -> &'static str {
        match self {
            SoftmaxKind::Full => "32-bit floats",
            SoftmaxKind::Ternary => "ternary",
        }
    }
}

fn one() -> usize {
    1
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When the file cannot be read or a field is missing, unknown or out of range.
    pub fn read(file: &Path) -> Result<Recipe, TrainError> {
        recipe::read(file)
    }

    /// The recipe of a TOML text; `place` names it in errors.
    ///
    /// # Errors
    /// When a field is missing, unknown or out of range.
    pub fn parse(text: &str, place: &Path) -> Result<Recipe, TrainError> {
        recipe::parse(text, place)
    }

    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        Training::validate(self)
    }

    /// A name that tells runs apart: corpus, cell, and fraction bits, `full` or [`Study::name`];
    /// `integer` where the softmax is ternary too; `distilled` last.
    pub fn name(&self) -> String {
        let cell = self.cell.name();
        let numbers = self.precision.label();
        let integer = match self.softmax {
            SoftmaxKind::Full => "",
            SoftmaxKind::Ternary => "-integer",
        };
        let distilled = match self.distillation > 0.0 {
            true => "-distilled",
            false => "",
        };
        format!(
            "{}-{cell}-{numbers}{integer}{distilled}",
            self.corpus.name()
        )
    }
}

impl Training for Recipe {
    fn validate(&self) -> Result<(), TrainError> {
        self.settings().validate()?;
        count("units", self.units, 4096)?;
        count("layers", self.layers, 4)?;
        count("batch", self.batch, 4096)?;
        count("unroll", self.unroll, 4096)?;
        count("sample", self.sample, MOST)?;
        shares(&[
            ("dropout_input", self.dropout_input),
            ("dropout_output", self.dropout_output),
        ])?;
        if !(0.0..=1.0).contains(&self.distillation) {
            let distillation = plain_number(self.distillation);
            return Err(out_of_range("distillation", distillation, "0 to 1"));
        }
        match &self.precision {
            Precision::Full | Precision::Study(_) if self.softmax == SoftmaxKind::Ternary => {
                let expected = format!("full where precision is {}", self.precision.name());
                Err(out_of_range("softmax", "ternary", &expected))
            }
            Precision::Full => Ok(()),
            Precision::Hitnet(hitnet) => hitnet.validate(self.units),
            Precision::Study(study) => study.validate(),
        }
    }

    fn subject(&self) -> (&'static str, &'static str) {
        ("corpus", self.corpus.name())
    }

    fn settings(&self) -> Settings<'_> {
        Settings {
            seed: self.seed,
            epochs: self.epochs,
            learning_rate: self.learning_rate,
            rise: RISE,
            schedule: &self.schedule,
            patience: self.patience,
            norm_limit: self.norm_limit,
            average: self.average,
        }
    }
}
