//! Rounding to integers within a limit.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use crate::ops::floats::floats;

/// The multiple of 1 nearest to `value`, halves away from zero, saturated to `-limit..=limit`.
pub fn round_within(value: f32, limit: f32) -> f32 {
    value.round().clamp(-limit, limit)
}

/// [`round_within`] on every element; the gradient passes where the value is inside the limit.
pub fn round_straight_through(value: &Tensor, limit: f32) -> Result<Tensor> {
    value.apply_op1(Round { limit })
}

struct Round {
    limit: f32,
}

impl CustomOp1 for Round {
    fn name(&self) -> &'static str {
        "round"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = floats(storage, layout)?.iter();
        let values = values.map(|&v| round_within(v, self.limit)).collect();
        Ok((CpuStorage::F32(values), layout.shape().clone()))
    }

    fn bwd(&self, value: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let inside = value.abs()?.le(f64::from(self.limit))?;
        Ok(Some((inside.to_dtype(gradient.dtype())? * gradient)?))
    }
}
