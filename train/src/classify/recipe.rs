//! Recipes: all that decides a trained classifier besides the data, as a TOML file.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tern_model::file::plain_number;
use tern_model::network::CellKind;

use crate::classify::data::Data;
use crate::data::augment::Augmentation;
use crate::error::TrainError;
use crate::quantize::hitnet::Hitnet;
use crate::quantize::precision::Precision;
use crate::run::recipe::{
    self, MOST, Settings, Training, count, is_default, out_of_range, positive, shares,
};
use crate::run::schedule::Schedule;
use tern_features::FEATURE_BITS;

/// The learning rate reaches its peak after one epoch.
const RISE: f64 = 1.0;
/// Largest `gate_slope`.
const STEEPEST: f64 = 100.0;
/// Sequences to which a batch shrinks at most.
const LEAST_BATCH: usize = 4;

/// A training run of a classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What is told apart.
    pub task: Task,
    /// The recurrent cell.
    #[serde(default)]
    pub cell: CellKind,
    /// Recurrent layers, 1 to 4.
    #[serde(default = "one")]
    pub layers: usize,
    /// Units H of each layer.
    pub units: usize,
    /// Bits of a feature, 2 to 8.
    #[serde(default = "feature_bits")]
    pub input_bits: u32,
    /// Seed of the weights, of the order, of changes to the data and of dropout.
    pub seed: u64,
    /// Passes over the training sequences, 1 to [`MOST`].
    pub epochs: usize,
    /// Sequences in a batch.
    pub batch: usize,
    /// Updates that few training sequences get too: the batch shrinks to an eighth of them, to no less
    /// than 4, and passes are added; left out, both stay as they are.
    #[serde(default, skip_serializing_if = "is_default")]
    pub updates: Option<usize>,
    /// Peak learning rate of Adam, at most 10, to which it rises over the first epoch.
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
    /// What an event counts in the loss: it grows by the share of hidden states that change in a step, times this.
    #[serde(default, skip_serializing_if = "is_default")]
    pub activity: f64,
    /// Share of a layer's hidden states set to 0 before the layer above and before the head.
    #[serde(default)]
    pub dropout: f64,
    /// Probability mass spread over all classes in the target.
    #[serde(default)]
    pub label_smoothing: f64,
    /// Largest noise added to a feature, as a share of what counts as 1: half of the range.
    #[serde(default)]
    pub noise: f64,
    /// Pre-activation that a ternary product counts at the start, at most 100.
    #[serde(default = "gate_slope")]
    pub gate_slope: f64,
    /// Bits that the hidden state's product stands further left than the input's at the start.
    #[serde(default)]
    pub hidden_gain: u32,
    /// Share of the hidden trits that are not 0 at the start, to which thresholds and slopes are set;
    /// left out, the network starts with those of the recipe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alive: Option<f64>,
    /// Share of the target that is the teacher's, a full-precision network's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub distillation: f64,
    /// Changes made to recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub augmentation: Option<Augmentation>,
    /// Numbers that the network computes with.
    pub precision: Precision,
}

/// What a classifier tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Spoken digits: the Free Spoken Digit Dataset.
    Digits,
    /// Speakers of a vowel: Japanese Vowels.
    Vowels,
    /// The classes of a folder of the user's own.
    Folder,
}

fn one() -> usize {
    1
}

fn feature_bits() -> u32 {
    FEATURE_BITS
}

fn gate_slope() -> f64 {
    0.1
}

impl Task {
    /// The name as a recipe spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Task::Digits => "digits",
            Task::Vowels => "vowels",
            Task::Folder => "folder",
        }
    }

    /// The data, in words.
    pub(crate) const fn data(self) -> &'static str {
        match self {
            Task::Digits => {
                "Free Spoken Digit Dataset: train index 5-39, validation 40-44, test 0-4"
            }
            Task::Vowels => "Japanese Vowels: every fifth training sequence of a speaker validates",
            Task::Folder => "a folder of sequences",
        }
    }
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

    /// The number formats of a ternary network.
    pub(crate) fn hitnet(&self) -> Option<&Hitnet> {
        self.precision.hitnet()
    }

    /// Whether the network computes with 32-bit floats throughout.
    pub fn is_full_precision(&self) -> bool {
        self.hitnet().is_none()
    }

    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        Training::validate(self)
    }

    /// Checks that a network of this recipe can take the features of `data`.
    ///
    /// # Errors
    /// When its sums have no room for them; the sentence names the field.
    pub fn admits(&self, data: &Data) -> Result<(), TrainError> {
        let inputs = data.meaning.input_size;
        self.hitnet().map_or(Ok(()), |hitnet| {
            hitnet.validate_inputs(inputs, self.input_bits, self.units)
        })
    }

    /// The recipe with the batch and the passes that so many training sequences need for its
    /// [`updates`](Recipe::updates), in place of these.
    pub fn fitted(&self, sequences: usize) -> Recipe {
        let Some(updates) = self.updates else {
            return self.clone();
        };
        let batch = self.batch.min((sequences / 8).max(LEAST_BATCH));
        let passes = updates.div_ceil(sequences.div_ceil(batch).max(1));
        Recipe {
            batch,
            epochs: self.epochs.max(passes),
            updates: None,
            ..self.clone()
        }
    }

    /// The recipe of the full-precision network that this one learns from and starts at; `None`
    /// where it has no teacher.
    pub fn teacher(&self) -> Option<Recipe> {
        (self.distillation > 0.0).then(|| Recipe {
            precision: Precision::Full,
            distillation: 0.0,
            alive: None,
            average: None,
            ..self.clone()
        })
    }

    /// A name that tells runs apart: task, cell and fraction bits, or `full`.
    pub fn name(&self) -> String {
        let cell = self.cell.name();
        format!("{}-{cell}-{}", self.task.name(), self.precision.label())
    }
}

impl Training for Recipe {
    fn validate(&self) -> Result<(), TrainError> {
        self.settings().validate()?;
        count("units", self.units, 4096)?;
        count("layers", self.layers, 4)?;
        count("batch", self.batch, 4096)?;
        positive("gate_slope", self.gate_slope, STEEPEST)?;
        let bits = self.input_bits;
        match (self.task, &self.augmentation) {
            (Task::Vowels | Task::Folder, Some(_)) => {
                let what = "none: only the task digits has recordings";
                return Err(out_of_range("augmentation", "given", what));
            }
            _ if !(2..=8).contains(&bits) => {
                return Err(out_of_range("input_bits", bits, "2 to 8"));
            }
            (_, Some(augmentation)) => augmentation.validate()?,
            _ => (),
        }
        shares(&[
            ("dropout", self.dropout),
            ("label_smoothing", self.label_smoothing),
            ("noise", self.noise),
            ("distillation", self.distillation),
        ])?;
        if !(0.0..=100.0).contains(&self.activity) {
            let activity = plain_number(self.activity);
            return Err(out_of_range("activity", activity, "0 to 100"));
        }
        if let Some(updates) = self.updates {
            count("updates", updates, MOST)?;
        }
        if let Some(alive) = self.alive {
            positive("alive", alive, 1.0)?;
            shares(&[("alive", alive)])?;
        }
        if self.hidden_gain > 4 {
            return Err(out_of_range("hidden_gain", self.hidden_gain, "0 to 4"));
        }
        match &self.precision {
            Precision::Full => Ok(()),
            Precision::Hitnet(hitnet) => hitnet.validate(self.units),
            Precision::Study(_) => Err(out_of_range("precision", "study", "full or hitnet")),
        }
    }

    fn subject(&self) -> (&'static str, &'static str) {
        ("task", self.task.name())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_to_recordings_are_checked() {
        let text = "task = 'digits'\nunits = 8\nseed = 1\nepochs = 1\nbatch = 4\nlearning_rate = 0.01\n\
            norm_limit = 1.0\nprecision = 'full'\n[augmentation]\nspeed = 1\ngain_db = 6\n\
            noise = 0\nshift = 0\nmasked_bands = 0\n";
        let error = Recipe::parse(text, Path::new("own.toml")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "own.toml: augmentation.speed is 1, expected 0 to 0.5"
        );
    }

    #[test]
    fn few_sequences_get_smaller_batches_and_more_passes() {
        let text = "task = 'folder'\nunits = 8\nseed = 1\nepochs = 150\nbatch = 27\nlearning_rate = 0.01\n\
            norm_limit = 1.0\nprecision = 'full'\n";
        let plain = Recipe::parse(text, Path::new("plain")).unwrap();
        assert_eq!(plain.fitted(16), plain);
        let many = Recipe {
            updates: Some(1500),
            ..plain.clone()
        };
        for (sequences, batch, epochs) in [
            (2, 4, 1500),
            (16, 4, 375),
            (40, 5, 188),
            (216, 27, 188),
            (1000, 27, 150),
        ] {
            let fitted = many.fitted(sequences);
            assert_eq!(
                (fitted.batch, fitted.epochs),
                (batch, epochs),
                "{sequences}"
            );
            assert!(fitted.epochs * sequences.div_ceil(fitted.batch) >= 1500);
            assert_eq!(fitted.fitted(sequences), fitted);
        }
    }
}
