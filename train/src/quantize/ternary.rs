//! Threshold ternary: the sign where the magnitude is large against those around it, else 0.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use crate::ops::floats::floats;

/// Fraction of the mean magnitude below which a weight becomes 0 (ternary weight networks).
pub(super) const THRESHOLD: f32 = 0.7;

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

/// Mean magnitude of the values that do not become 0 as trits.
pub(crate) fn kept_magnitude(values: &[f32]) -> f64 {
    let trits = ternary(values, 1);
    let kept = trits.iter().zip(values).filter(|(trit, _)| **trit != 0);
    let (count, sum) = kept.fold((0u32, 0.0), |(n, sum), (_, v)| {
        (n + 1, sum + f64::from(v.abs()))
    });
    sum / f64::from(count.max(1))
}

/// [`ternary`] on a tensor whose rows stand in `groups` equal blocks; the gradient passes
/// unchanged.
pub fn ternary_straight_through(shadow: &Tensor, groups: usize) -> Result<Tensor> {
    shadow.apply_op1(Ternary { groups })
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
