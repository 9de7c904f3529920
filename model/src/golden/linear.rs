//! One time step of a linear layer.

use super::arithmetic::dot;
use crate::network::Linear;

/// `y[j] = sum_k weight[j][k]*x[k] + bias[j]`, full precision, never saturated.
pub(super) fn step(linear: &Linear, x: &[i64]) -> Vec<i64> {
    let outputs = 0..linear.output_size;
    outputs
        .map(|j| dot(linear.weight_row(j), x) + i64::from(linear.bias[j]))
        .collect()
}
