//! Linear head: parameters.

use serde::{Deserialize, Serialize};

use crate::bound::{magnitude, row};

/// Parameters of a linear layer with input size H and output size N.
///
/// A model file keeps the sizes as JSON and the vectors as tensors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// Input size H, 1..=4096.
    pub input_size: usize,
    /// Output size N, 1..=4096.
    pub output_size: usize,
    /// Ternary weights, row-major `[N, H]`.
    #[serde(skip)]
    pub weight: Vec<i8>,
    /// Biases `[N]`.
    #[serde(skip)]
    pub bias: Vec<i32>,
}

impl Linear {
    /// Weights `[H]` of one output.
    pub fn weight_row(&self, output: usize) -> &[i8] {
        row(&self.weight, output, self.input_size)
    }

    /// Largest magnitude that one output can take when no input element exceeds `input_max` in
    /// magnitude.
    pub fn sum_bound(&self, output: usize, input_max: i32) -> i64 {
        magnitude(self.weight_row(output)) * i64::from(input_max)
            + i64::from(self.bias[output]).abs()
    }

    /// Largest magnitude of an output, over all outputs.
    pub fn bound(&self, input_max: i32) -> i64 {
        let outputs = 0..self.output_size;
        outputs
            .map(|output| self.sum_bound(output, input_max))
            .max()
            .unwrap_or(0)
    }
}
