//! Quantized tensors: a scale for each block of weights.

use candle_core::{CpuStorage, CustomOp1, Device, Layout, Result, Shape, Tensor};

use crate::ops::floats::floats;
use crate::quantize::draws::Draws;
use crate::quantize::quantizer::{Quantizer, Range};
use crate::quantize::ternary::{kept_magnitude, ternary};

/// Quantized values of a tensor that is quantized in `groups` equal blocks, row-major, with
/// straight-through gradients.
///
/// A block W becomes `s q(w / s)`. The scale s of a threshold is the mean magnitude of the weights
/// that stay, its gradient the identity. That of the others is `2 mean|W|`: the range of a uniform
/// distribution, and near the best for a Gaussian and 2 bits; beyond it their gradient is 0.
///
/// # Errors
/// When the tensor is not contiguous.
pub fn quantize_straight_through(
    values: &Tensor,
    quantizer: Quantizer,
    groups: usize,
    draws: Draws,
) -> Result<Tensor> {
    match quantizer {
        Quantizer::Full => Ok(values.clone()),
        _ => values.apply_op1(Blocks {
            quantizer,
            groups,
            draws,
        }),
    }
}

struct Blocks {
    quantizer: Quantizer,
    groups: usize,
    draws: Draws,
}

impl Blocks {
    fn length(&self, values: &[f32]) -> usize {
        (values.len() / self.groups).max(1)
    }

    /// Ends of a block's range.
    ///
    /// A block of zeros has none: what stands in for them makes its quotients 0.
    fn end(block: &[f32]) -> f32 {
        let sum: f32 = block.iter().map(|value| value.abs()).sum();
        (2.0 * sum / block.len() as f32).max(f32::MIN_POSITIVE)
    }

    fn values(&self, all: &[f32]) -> Vec<f32> {
        let mut place = 0;
        let mut out = Vec::with_capacity(all.len());
        for block in all.chunks(self.length(all)) {
            if self.quantizer == Quantizer::Threshold {
                let scale = kept_magnitude(block) as f32;
                out.extend(
                    ternary(block, 1)
                        .iter()
                        .map(|&trit| scale * f32::from(trit)),
                );
                continue;
            }
            let end = Self::end(block);
            out.extend(block.iter().map(|&value| {
                place += 1;
                let draw = self.draws.at(place);
                end * self.quantizer.value(value / end, Range::Signed, draw)
            }));
        }
        out
    }

    fn gradients(&self, all: &[f32]) -> Vec<f32> {
        let gradients = |block: &[f32]| -> Vec<f32> {
            let end = match self.quantizer {
                Quantizer::Threshold => f32::INFINITY,
                _ => Self::end(block),
            };
            let gradient = |&value: &f32| self.quantizer.gradient(value / end, Range::Signed);
            block.iter().map(gradient).collect()
        };
        all.chunks(self.length(all)).flat_map(gradients).collect()
    }
}

impl CustomOp1 for Blocks {
    fn name(&self) -> &'static str {
        "quantize"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let values = self.values(floats(storage, layout)?);
        Ok((CpuStorage::F32(values), layout.shape().clone()))
    }

    fn bwd(&self, values: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let own = self.gradients(&values.flatten_all()?.to_vec1::<f32>()?);
        let own = Tensor::from_vec(own, values.dims(), &Device::Cpu)?;
        Ok(Some((own * gradient)?))
    }
}
