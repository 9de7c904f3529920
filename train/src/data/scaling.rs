//! From real features to the integers the network takes.

use serde::{Deserialize, Serialize};
use tern_model::network::Model;

use crate::error::TrainError;

/// Standard deviation of a feature, as a share of what counts as 1: `2^(bits - 2)`.
pub(crate) const DEVIATION: f64 = 60.0 / 64.0;

/// An offset and a scale for each feature, as they stand in a model file's `preprocessing`:
///
/// ```text
/// x[k] = round((v[k] - offset[k]) * scale[k]), saturated to the symmetric range of the input's bits
/// ```
///
/// where `round` takes halves away from zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scaling {
    /// What the features are.
    pub features: ScaledKind,
    /// Of each feature, the value that becomes 0.
    pub offset: Vec<f64>,
    /// Of each feature, the integer steps in 1.
    pub scale: Vec<f64>,
}

/// Kind of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScaledKind {
    /// The data as they are, scaled.
    Scaled,
}

/// The integer for a value, saturated to `-max..=max`.
pub(crate) fn quantize(value: f64, offset: f64, scale: f64, max: i32) -> i32 {
    let max = f64::from(max);
    ((value - offset) * scale).round().clamp(-max, max) as i32
}

/// Offsets and scales that give each of `size` features mean 0 and [`DEVIATION`] with inputs of
/// `bits` bits; a feature that never changes gets scale 0.
pub(crate) fn normalize<'v>(
    vectors: impl Iterator<Item = &'v Vec<f64>> + Clone,
    size: usize,
    bits: u32,
) -> (Vec<f64>, Vec<f64>) {
    let count = vectors.clone().count().max(1) as f64;
    let deviation = DEVIATION * f64::from(1u32 << (bits - 2));
    let feature = |k: usize| {
        let mean = vectors.clone().map(|v| v[k]).sum::<f64>() / count;
        let square = vectors.clone().map(|v| (v[k] - mean).powi(2)).sum::<f64>() / count;
        let scale = deviation / square.sqrt();
        (mean, if scale.is_finite() { scale } else { 0.0 })
    };
    (0..size).map(feature).unzip()
}

impl Scaling {
    /// The scaling learned from `sequences` `[time][X]`, for inputs of `bits` bits.
    pub fn learn(sequences: &[&[Vec<f64>]], bits: u32) -> Scaling {
        let vectors = sequences.iter().flat_map(|sequence| sequence.iter());
        let size = vectors.clone().next().map_or(0, Vec::len);
        let (offset, scale) = normalize(vectors, size, bits);
        Scaling {
            features: ScaledKind::Scaled,
            offset,
            scale,
        }
    }

    /// The scaling that a model describes in its `preprocessing`.
    ///
    /// # Errors
    /// When the model has none, or it is not one number of each kind a feature.
    pub fn of_model(model: &Model) -> Result<Scaling, TrainError> {
        let wrong = |what: String| TrainError::new(format!("preprocessing {what}"));
        let json = model.preprocessing.as_ref();
        let json = json.ok_or_else(|| {
            wrong("is missing from the model, expected offset and scale".to_owned())
        })?;
        let scaling = Scaling::deserialize(json)
            .map_err(|error| wrong(format!("is not that of scaled features: {error}")))?;
        for (field, values) in [("offset", &scaling.offset), ("scale", &scaling.scale)] {
            if values.len() != model.input_size {
                let (length, expected) = (values.len(), model.input_size);
                return Err(wrong(format!(
                    "has {length} numbers in {field}, expected {expected}, as the network takes"
                )));
            }
        }
        Ok(scaling)
    }

    /// Integers `[time][X]` of `bits` bits for features of as many columns as the scaling.
    pub fn apply(&self, sequence: &[Vec<f64>], bits: u32) -> Vec<Vec<i32>> {
        let max = (1 << (bits - 1)) - 1;
        let constants = || self.offset.iter().zip(&self.scale);
        let row = |row: &Vec<f64>| {
            let pairs = row.iter().zip(constants());
            pairs
                .map(|(v, (offset, scale))| quantize(*v, *offset, *scale, max))
                .collect()
        };
        sequence.iter().map(row).collect()
    }
}
