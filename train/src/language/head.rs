//! The softmax's weights: 32-bit floats, or trits that the core multiplies with as a linear head.

use candle_core::{DType, Device, Result, Tensor, Var};
use tern_model::network::Linear;

use crate::ops::within::within;
use crate::quantize::round::round_straight_through;
use crate::quantize::ternary::{kept_magnitude, ternary_straight_through};

/// Logit that a ternary product counts where the relative scale is 1.
const PRODUCT_LOGIT: f64 = 0.1;
/// Range of the relative scale.
const SCALES: (f32, f32) = (0.01, 100.0);
/// Largest magnitude of a shadow weight.
const WEIGHT_BOUND: f64 = 1.0;

/// What the logits of hidden states h are made of: `scale * (weight h + bias)`.
#[derive(Clone, Debug)]
pub struct Softmax {
    /// `[V, H]`: 32-bit floats, or trits.
    pub weight: Tensor,
    /// `[V]`: 32-bit floats, or integers.
    pub bias: Tensor,
    /// One element, where weight and bias are integers.
    pub scale: Option<Tensor>,
}

impl Softmax {
    /// Hidden states `[N, H]` and bias as a softmax without scale takes them.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub(crate) fn scaled(&self, hidden: &Tensor) -> Result<(Tensor, Tensor)> {
        let scaled = |values: &Tensor| match &self.scale {
            Some(scale) => values.broadcast_mul(scale),
            None => Ok(values.clone()),
        };
        Ok((scaled(hidden)?, scaled(&self.bias)?))
    }

    /// Logits `[N * V]` of hidden states `[N, H]`: with a scale, it is the last that floats do, on
    /// exact integers.
    ///
    /// # Errors
    /// When a shape is wrong.
    pub fn logits(&self, hidden: &Tensor) -> Result<Vec<f32>> {
        let sums = hidden
            .matmul(&self.weight.t()?)?
            .broadcast_add(&self.bias)?;
        let sums = sums.flatten_all()?.to_vec1::<f32>()?;
        Ok(match &self.scale {
            None => sums,
            Some(scale) => {
                let scale = scale.to_vec1::<f32>()?[0];
                sums.into_iter().map(|sum| sum * scale).collect()
            }
        })
    }
}

/// Shadow parameters of a ternary softmax.
#[derive(Clone, Debug)]
pub(crate) struct TernaryHead {
    /// `[V, H]`; one threshold for all.
    weight: Var,
    /// Logit of a ternary product over [`PRODUCT_LOGIT`].
    scale: Var,
}

impl TernaryHead {
    /// Random weights of V words and H units, uniform in `[-1, 1] / sqrt(H)`.
    pub(crate) fn random(
        words: usize,
        units: usize,
        rng: &mut fastrand::Rng,
    ) -> Result<TernaryHead> {
        let range = 1.0 / (units as f32).sqrt();
        let value = |_| range * (2.0 * rng.f32() - 1.0);
        let weight: Vec<f32> = (0..words * units).map(value).collect();
        Ok(TernaryHead {
            weight: Var::from_vec(weight, (words, units), &Device::Cpu)?,
            scale: Var::ones(1, DType::F32, &Device::Cpu)?,
        })
    }

    /// Parameters with their names and the magnitudes that they are kept within.
    pub(crate) fn parameters(&self) -> [(&'static str, &Var, f64); 2] {
        [
            ("softmax.weight", &self.weight, WEIGHT_BOUND),
            ("softmax.scale", &self.scale, f64::from(SCALES.1)),
        ]
    }

    /// Trits, integer bias and scale, where `bias` `[V]` is that of the logits.
    pub(crate) fn softmax(&self, bias: &Tensor) -> Result<Softmax> {
        let scale = (within(&self.scale, SCALES)? * PRODUCT_LOGIT)?;
        let integers = bias.broadcast_div(&scale)?;
        Ok(Softmax {
            weight: ternary_straight_through(&self.weight, 1)?,
            bias: round_straight_through(&integers, f32::from(i16::MAX))?,
            scale: Some(scale),
        })
    }

    /// Takes over the values of another.
    pub(crate) fn copy(&self, from: &TernaryHead) -> Result<()> {
        self.weight.set(&from.weight.as_detached_tensor())?;
        self.scale.set(&from.scale.as_detached_tensor())
    }

    /// Begins where a trained softmax weight `[V, H]` of 32-bit floats ends, whose hidden states are
    /// replaced by trits that stand for `hidden_scale`.
    pub(crate) fn warm_start(&self, trained: &Tensor, hidden_scale: f64) -> Result<()> {
        let kept = kept_magnitude(&trained.flatten_all()?.to_vec1::<f32>()?);
        let largest = trained.abs()?.max_all()?.to_scalar::<f32>()?;
        let within = WEIGHT_BOUND / f64::from(largest).max(WEIGHT_BOUND);
        self.weight.set(&(trained.detach() * within)?)?;
        let scale = (hidden_scale * kept / PRODUCT_LOGIT) as f32;
        self.scale.set(&Tensor::new(&[scale], &Device::Cpu)?)
    }
}

/// A ternary softmax as the linear head of a model file, and the logit that an integer counts.
pub(crate) fn linear(softmax: &Softmax) -> Result<Option<(Linear, f32)>> {
    let Some(scale) = &softmax.scale else {
        return Ok(None);
    };
    let integers = |tensor: &Tensor| tensor.flatten_all()?.to_vec1::<f32>();
    let (output_size, input_size) = softmax.weight.dims2()?;
    let linear = Linear {
        input_size,
        output_size,
        weight: integers(&softmax.weight)?
            .iter()
            .map(|&w| w as i8)
            .collect(),
        bias: integers(&softmax.bias)?.iter().map(|&b| b as i32).collect(),
    };
    Ok(Some((linear, scale.to_vec1::<f32>()?[0])))
}
