//! From real features to the integers the network takes.

use serde::{Deserialize, Serialize};
use tern_model::network::Model;

use crate::error::FeatureError;
use crate::preprocessing::{described, not_negative};
use crate::spread::{Spread, mean, median};

/// Standard deviation of a feature, as a share of what counts as 1: `2^(bits - 2)`.
pub const DEVIATION: f64 = 60.0 / 64.0;
/// Share of a feature's values that, different ones, become one integer where outliers spread it too far.
const CROWDED: f64 = 0.95;
/// Magnitude that no measurement has.
const HUGE: f64 = 1e100;

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
pub fn normalize<'v>(
    vectors: impl Iterator<Item = &'v Vec<f64>> + Clone,
    size: usize,
    bits: u32,
) -> (Vec<f64>, Vec<f64>) {
    let feature = |k: usize| {
        let spread = mean(vectors.clone().map(|v| v[k]));
        (spread.middle, scale(spread, bits))
    };
    (0..size).map(feature).unzip()
}

/// The scale that gives a spread [`DEVIATION`]; 0 where there is none.
fn scale(spread: Spread, bits: u32) -> f64 {
    let deviation = DEVIATION * f64::from(1u32 << (bits - 2));
    match spread.deviation > 0.0 {
        true => (deviation / spread.deviation).min(f64::MAX),
        false => 0.0,
    }
}

/// Whether nearly all of a feature's values, different ones, become one integer.
fn is_crowded(values: &[f64], offset: f64, scale: f64, bits: u32) -> bool {
    let max = (1 << (bits - 1)) - 1;
    // Of each integer: how many values, the least and the largest.
    let mut found = vec![(0usize, f64::INFINITY, f64::NEG_INFINITY); 2 * max as usize + 1];
    for &value in values {
        let (count, least, most) = &mut found[(quantize(value, offset, scale, max) + max) as usize];
        (*count, *least, *most) = (*count + 1, least.min(value), most.max(value));
    }
    let crowd = CROWDED * values.len() as f64;
    let mut found = found.iter();
    found.any(|(count, least, most)| *count as f64 >= crowd && least < most)
}

impl Scaling {
    /// The scaling learned from `sequences` `[time][X]`, for inputs of `bits` bits, and what a user
    /// should know about it, one sentence each.
    ///
    /// A feature gets mean 0 and a deviation of 15/16 of half the range. Where outliers would crowd
    /// nearly all of its other values into one integer, median and median distance take the place of mean
    /// and deviation, and the outliers saturate. A feature that never changes gets scale 0.
    pub fn learn(sequences: &[&[Vec<f64>]], bits: u32) -> (Scaling, Vec<String>) {
        let vectors = sequences.iter().flat_map(|sequence| sequence.iter());
        let size = vectors.clone().next().map_or(0, Vec::len);
        let (mut offsets, mut scales) = normalize(vectors.clone(), size, bits);
        let (mut constant, mut outlying, mut huge) = (Vec::new(), Vec::new(), Vec::new());
        for (k, (offset, factor)) in offsets.iter_mut().zip(&mut scales).enumerate() {
            let values: Vec<f64> = vectors.clone().map(|v| v[k]).collect();
            let most = values.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
            if most > HUGE {
                huge.push(format!("{} (up to {most:e})", k + 1));
            }
            if *factor == 0.0 {
                constant.push(format!("{} (always {})", k + 1, *offset));
            } else if is_crowded(&values, *offset, *factor, bits) {
                let robust = median(values);
                if robust.deviation > 0.0 {
                    (*offset, *factor) = (robust.middle, scale(robust, bits));
                    outlying.push(format!("{} (up to {most:e})", k + 1));
                }
            }
        }
        let told = |features: Vec<String>, what: &str| {
            let list = features.join(", ");
            (!features.is_empty()).then(|| format!("features that {what}: {list}"))
        };
        let notes = [
            told(huge, "are so large that they may be faulty"),
            told(
                constant,
                "never change in training, so that the network does not see them",
            ),
            told(
                outlying,
                "have outliers, so that they are scaled by median and median distance and the outliers saturate",
            ),
        ];
        let scaling = Scaling {
            features: ScaledKind::Scaled,
            offset: offsets,
            scale: scales,
        };
        (scaling, notes.into_iter().flatten().collect())
    }

    /// The scaling that a model describes in its `preprocessing`.
    ///
    /// # Errors
    /// When the model has none, or it is not one number of each kind a feature.
    pub fn of_model(model: &Model) -> Result<Scaling, FeatureError> {
        let wrong = |what: String| FeatureError::new(format!("preprocessing {what}"));
        let json = model.preprocessing.as_ref();
        let json = json.ok_or_else(|| {
            wrong("is missing from the model, expected offset and scale".to_owned())
        })?;
        let scaling: Scaling = described(json, "scaled features")?;
        for (field, values) in [("offset", &scaling.offset), ("scale", &scaling.scale)] {
            if values.len() != model.input_size {
                let (length, expected) = (values.len(), model.input_size);
                return Err(wrong(format!(
                    "has {length} numbers in {field}, expected {expected}, as the network takes"
                )));
            }
        }
        not_negative(&scaling.scale)?;
        Ok(scaling)
    }

    /// The inputs `[time][X]` of the model for a table of real features.
    ///
    /// # Errors
    /// When the table has other columns than the model has inputs.
    pub fn inputs(&self, table: &[Vec<f64>], model: &Model) -> Result<Vec<Vec<i32>>, String> {
        let (columns, expected) = (table.first().map_or(0, Vec::len), model.input_size);
        match columns == expected {
            true => Ok(self.apply(table, model.input_bits)),
            false => Err(format!(
                "has {columns} columns, expected {expected}, the input size of the model"
            )),
        }
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
