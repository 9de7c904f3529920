//! The recipe of the spoken-digit models.

use std::f64::consts::PI;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::augment::Augmentation;
use crate::{LstmConfig, TrainError};

/// What a training run is told. [`DigitsConfig::new`] is the recipe of the shipped models.
#[derive(Clone, Debug)]
pub struct DigitsConfig {
    /// Folder that holds `fsdd/recordings`.
    pub data_dir: PathBuf,
    /// Model file to write; the checkpoint stands beside it, with `.checkpoint` appended.
    pub out: PathBuf,
    /// Goes on from the checkpoint where there is one.
    pub resume: bool,
    /// What decides the model's bytes.
    pub recipe: Recipe,
}

/// Everything that decides the bytes of the trained model, besides the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Seed of the shadow weights, of the order of the recordings and of their augmentation.
    pub seed: u64,
    /// Passes over the training recordings.
    pub epochs: usize,
    /// Recordings in a batch.
    pub batch_size: usize,
    /// Peak learning rate of Adam; it rises over the first epoch and falls to 0 as a cosine.
    pub learning_rate: f64,
    /// Largest norm of the gradient.
    pub norm_limit: f64,
    /// Logit that one unit of the head's integers counts.
    pub logit_scale: f64,
    /// Probability mass spread over all classes in the target.
    pub label_smoothing: f64,
    /// Standard deviation of a feature in integer steps.
    pub feature_deviation: f64,
    /// Changes made to the recordings.
    pub augmentation: Augmentation,
    /// The LSTM layer.
    pub lstm: LstmConfig,
}

impl DigitsConfig {
    /// The recipe of the shipped model with `gate_frac` fraction bits: 7, or 0 for pure HitNet.
    pub fn new(gate_frac: u32) -> DigitsConfig {
        DigitsConfig {
            data_dir: crate::fsdd::default_data_dir(),
            out: PathBuf::from(match gate_frac {
                0 => "spoken-digits-hitnet.safetensors",
                _ => "spoken-digits.safetensors",
            }),
            resume: false,
            recipe: Recipe::new(gate_frac),
        }
    }
}

impl Recipe {
    /// As [`DigitsConfig::new`].
    pub fn new(gate_frac: u32) -> Recipe {
        let pure = gate_frac == 0;
        let unit = 1i32 << gate_frac.min(8);
        Recipe {
            seed: 1,
            epochs: if pure { 60 } else { 100 },
            batch_size: 40,
            learning_rate: 0.02,
            norm_limit: 1.0,
            logit_scale: 0.25,
            label_smoothing: 0.05,
            feature_deviation: 60.0,
            augmentation: Augmentation {
                speed: 0.1,
                gain_db: 6.0,
                noise: 0.003,
                shift: 128,
                masked_bands: 3,
            },
            lstm: LstmConfig {
                input_size: 24,
                hidden_size: 96,
                gate_frac,
                lut_bits: 6,
                state_bits: if pure { 6 } else { gate_frac.saturating_add(5) },
                input_shift: 0,
                hidden_shift: if pure { 6 } else { 7 },
                lut_shift: [6; 4],
                state_lut_shift: gate_frac.saturating_sub(3),
                threshold: (unit * unit + 1) / 2,
                gate_range: [6.0, 6.0, 4.0, 6.0],
                state_range: if pure { 32.0 * 0.6 } else { 4.0 },
                bias_shift: 4,
            },
        }
    }

    /// Checks what a caller may set.
    ///
    /// # Errors
    /// When a value is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        let rule = |holds: bool, field: &str, value: String, expected: &str| match holds {
            true => Ok(()),
            false => Err(TrainError::new(format!(
                "{field} is {value}, expected {expected}"
            ))),
        };
        let Recipe {
            epochs,
            batch_size,
            learning_rate,
            ..
        } = *self;
        rule(epochs >= 1, "epochs", epochs.to_string(), "at least 1")?;
        rule(
            batch_size >= 1,
            "batch_size",
            batch_size.to_string(),
            "at least 1",
        )?;
        rule(
            learning_rate > 0.0 && learning_rate.is_finite(),
            "learning_rate",
            learning_rate.to_string(),
            "a positive number",
        )?;
        self.lstm.validate()
    }

    /// Learning rate after `epochs` epochs, whole and part: it rises over the first and falls to 0
    /// as a cosine.
    pub fn learning_rate_at(&self, epochs: f64) -> f64 {
        let fall = 0.5 * (1.0 + (PI * epochs / self.epochs as f64).cos());
        self.learning_rate * epochs.min(1.0) * fall
    }
}
