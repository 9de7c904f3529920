//! The quantizers that HitNet's study compares (Wang et al., NeurIPS 2018).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::error::TrainError;
use crate::quantize::ternary::THRESHOLD;

/// Values that a number can take before it is quantized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// `[0, 1]`: what leaves a sigmoid.
    Unsigned,
    /// `[-1, 1]`: what leaves a tanh, and weights in units of their scale.
    Signed,
}

/// A function from real numbers to a small set of values.
///
/// Each is defined on a [`Range`]; what lies beyond is taken as its nearest end. The gradient is the
/// straight-through estimate (Bengio et al., 2013): 1 inside the range, 0 beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Quantizer {
    /// The identity on all real numbers: full precision.
    Full,
    /// The nearest of `2^bits` values at equal distances: `round(x (2^k - 1)) / (2^k - 1)` on
    /// `[0, 1]`, and on `[-1, 1]` twice that of `(x + 1) / 2`, less 1, which has no zero.
    Uniform {
        /// Bits k, 1 to 8.
        bits: u32,
    },
    /// `sign(x)` where `|x|` exceeds 0.7 of the mean magnitude, else 0: {-1, 0, 1}, or {0, 1} on
    /// `[0, 1]`.
    ///
    /// Weights have a mean magnitude a block and a scale, the mean magnitude of what stays (ternary
    /// weight networks, Li et al., 2016). Of an activation it is that of a uniform distribution
    /// over the range, 1/2: a mean over other units or sequences would make a state depend on them.
    Threshold,
    /// `sign(x)` with probability `|x|`, else 0: the expectation is x. At inference `sign(x)` where
    /// `|x| > 1/2`.
    Bernoulli,
}

impl Quantizer {
    /// The quantizers of the study: full precision, and three that take 2 bits.
    pub const STUDIED: [Quantizer; 4] = [
        Quantizer::Full,
        Quantizer::Uniform { bits: 2 },
        Quantizer::Threshold,
        Quantizer::Bernoulli,
    ];

    /// The name as a recipe spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Quantizer::Full => "full",
            Quantizer::Uniform { .. } => "uniform",
            Quantizer::Threshold => "threshold",
            Quantizer::Bernoulli => "bernoulli",
        }
    }

    /// Checks the number of bits; `field` names the quantizer.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn validate(self, field: &str) -> Result<(), TrainError> {
        match self {
            Quantizer::Uniform { bits } if !(1..=8).contains(&bits) => Err(TrainError::new(
                format!("{field}.uniform.bits is {bits}, expected 1 to 8"),
            )),
            _ => Ok(()),
        }
    }

    /// The quantized value of `x`; `draw` is a uniform number in `[0, 1)`, 1/2 at inference.
    #[inline(always)]
    pub fn value(self, x: f32, range: Range, draw: f32) -> f32 {
        let sign = |kept: bool| if kept { 1f32.copysign(x) } else { 0.0 };
        let above = match range {
            Range::Unsigned => x,
            Range::Signed => x.abs(),
        };
        match self {
            Quantizer::Full => x,
            Quantizer::Uniform { bits } => {
                let steps = ((1u32 << bits) - 1) as f32;
                let nearest = |x: f32| (x.clamp(0.0, 1.0) * steps).round() / steps;
                match range {
                    Range::Unsigned => nearest(x),
                    Range::Signed => 2.0 * nearest(0.5 * (x + 1.0)) - 1.0,
                }
            }
            Quantizer::Threshold => sign(above > 0.5 * THRESHOLD),
            Quantizer::Bernoulli => sign(above > draw),
        }
    }

    /// Least and greatest value; `None` where there is none.
    pub fn values(self, range: Range) -> Option<RangeInclusive<f32>> {
        match (self, range) {
            (Quantizer::Full, _) => None,
            (_, Range::Unsigned) => Some(0.0..=1.0),
            (_, Range::Signed) => Some(-1.0..=1.0),
        }
    }

    /// Gradient of the value with respect to `x`.
    pub fn gradient(self, x: f32, range: Range) -> f32 {
        let inside = |values: RangeInclusive<f32>| f32::from(values.contains(&x));
        self.values(range).map_or(1.0, inside)
    }
}
