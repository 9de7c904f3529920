//! What the tests of operations and their gradients share.

use candle_core::{Device, Result, Tensor, Var};

use crate::quantize::quantizer::{Quantizer, Range};

/// Random values.
pub(crate) struct Draw(fastrand::Rng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Draw {
        Draw(fastrand::Rng::with_seed(seed))
    }

    /// Values within `scale` of 0 in multiples of `step`.
    pub(crate) fn values(&mut self, shape: &[usize], scale: f32, step: f32) -> Var {
        let value = |_| (scale * (2.0 * self.0.f32() - 1.0) / step).round() * step;
        let values: Vec<f32> = (0..shape.iter().product()).map(value).collect();
        Var::from_vec(values, shape, &Device::Cpu).unwrap()
    }
}

/// All elements of a tensor.
pub(crate) fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

/// Values quantized as at inference, whose gradient is the identity.
pub(crate) fn rounded(tensor: &Tensor, quantizer: Quantizer, range: Range) -> Result<Tensor> {
    let quantized = values(tensor).into_iter();
    let quantized: Vec<f32> = quantized.map(|x| quantizer.value(x, range, 0.5)).collect();
    let quantized = Tensor::from_vec(quantized, tensor.dims(), &Device::Cpu)?;
    (quantized - tensor)?.detach() + tensor
}

/// Gradients of `loss` by `variables`.
pub(crate) fn gradients(loss: &Tensor, variables: &[&Var]) -> Vec<Vec<f32>> {
    let store = loss.backward().unwrap();
    let gradient = |variable: &&Var| values(store.get(variable).unwrap());
    variables.iter().map(gradient).collect()
}

/// Asserts that `a` is `b` to a fraction of the largest magnitude in `b`, which is not zero.
pub(crate) fn close(a: &[f32], b: &[f32], tolerance: f32) {
    let largest = b.iter().fold(0f32, |m, v| m.max(v.abs()));
    assert!(largest > 0.0 && a.len() == b.len());
    for (a, b) in a.iter().zip(b) {
        assert!(
            (a - b).abs() < tolerance * largest,
            "{a} and {b} of {largest}"
        );
    }
}
