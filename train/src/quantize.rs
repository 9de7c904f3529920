//! Quantizers of weights and biases, with straight-through gradients.
//!
//! Forward they give exactly the integers that are exported; backward they pass the gradient on as
//! if they were the identity, and drop it where the value is saturated.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, bail};

/// Fraction of the mean magnitude below which a weight becomes 0 (ternary weight networks).
const THRESHOLD: f32 = 0.7;

/// Ternary values {-1, 0, 1} of shadow weights, row-major in `groups` equal blocks: the sign where
/// the magnitude exceeds 0.7 of the block's mean magnitude, else 0.
pub fn ternary(weights: &[f32], groups: usize) -> Vec<i8> {
    let block = weights.len() / groups;
    let blocks = weights.chunks(block);
    blocks.flat_map(ternary_block).collect()
}

fn ternary_block(block: &[f32]) -> impl Iterator<Item = i8> {
    let magnitude: f32 = block.iter().map(|w| w.abs()).sum();
    let threshold = THRESHOLD * magnitude / block.len() as f32;
    block
        .iter()
        .map(move |&w| i8::from(w > threshold) - i8::from(w < -threshold))
}

/// The multiple of 1 nearest to `value`, halves away from zero, saturated to `-limit..=limit`.
pub fn round_within(value: f32, limit: f32) -> f32 {
    value.round().clamp(-limit, limit)
}

/// [`ternary`] on a tensor whose rows stand in `groups` equal blocks; the gradient passes
/// unchanged.
pub fn ternary_straight_through(shadow: &Tensor, groups: usize) -> Result<Tensor> {
    shadow.apply_op1(Ternary { groups })
}

/// [`round_within`] on every element; the gradient passes where the value is inside the limit.
pub fn round_straight_through(value: &Tensor, limit: f32) -> Result<Tensor> {
    value.apply_op1(Round { limit })
}

struct Ternary {
    groups: usize,
}

impl CustomOp1 for Ternary {
    fn name(&self) -> &'static str {
        "ternary"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let trits = ternary(floats(storage, layout)?, self.groups);
        let values = trits.into_iter().map(f32::from).collect();
        Ok((CpuStorage::F32(values), layout.shape().clone()))
    }

    fn bwd(&self, _: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(gradient.clone()))
    }
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

/// The elements of a contiguous 32-bit tensor.
pub(crate) fn floats<'s>(storage: &'s CpuStorage, layout: &Layout) -> Result<&'s [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("the quantizers take contiguous tensors only"),
    }
}
