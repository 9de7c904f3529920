//! Numbers that the recurrent part of a network computes with.

use serde::{Deserialize, Serialize};

use crate::error::TrainError;
use crate::quantize::hitnet::Hitnet;
use crate::quantize::quantizer::Quantizer;

/// Numbers that the recurrent part computes with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Precision {
    /// 32-bit floats throughout.
    Full,
    /// Ternary embedding, weights and hidden state; the rest is integers.
    Hitnet(Hitnet),
    /// 32-bit floats that weights and activations are quantized to, to compare quantizers.
    Study(Study),
}

/// Quantizers of a layer that is simulated in floats, and the sloping factor of its activations.
///
/// Both weight matrices are quantized a gate's block at a time. Activations are what leaves a
/// sigmoid or a tanh, the hidden state, and a word's embedding at the input; biases and the cell
/// state, of a GRU the state q, stay real.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Quantizer of the weights.
    pub weights: Quantizer,
    /// Quantizer of the activations.
    pub activations: Quantizer,
    /// Sloping factor: the activations are `sigmoid(slope x)` and `tanh(slope x)`.
    #[serde(default = "one")]
    pub slope: f64,
    /// Sloping factor at the end of the run, which the factor rises or falls to in a straight line;
    /// left out, it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope_end: Option<f64>,
}

fn one() -> f64 {
    1.0
}

impl Study {
    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    pub fn validate(&self) -> Result<(), TrainError> {
        self.weights.validate("study.weights")?;
        self.activations.validate("study.activations")?;
        let slopes = [("slope", Some(self.slope)), ("slope_end", self.slope_end)];
        for (field, slope) in slopes {
            match slope {
                Some(slope) if !(slope > 0.0 && slope <= 100.0) => {
                    return Err(TrainError::new(format!(
                        "study.{field} is {slope}, expected above 0 and at most 100"
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Sloping factor where a share of the run is done.
    pub fn slope_at(&self, share: f64) -> f64 {
        let end = self.slope_end.unwrap_or(self.slope);
        self.slope + share * (end - self.slope)
    }

    /// A name that tells studies apart: quantizer of the weights, that of the activations, and
    /// `sloped` where the sloping factor is not 1 throughout.
    pub fn name(&self) -> String {
        let sloped = match [self.slope_at(0.0), self.slope_at(1.0)] == [1.0; 2] {
            true => "",
            false => "-sloped",
        };
        format!(
            "{}-{}{sloped}",
            self.weights.name(),
            self.activations.name()
        )
    }
}

impl Precision {
    /// The name as a recipe spells it.
    pub const fn name(&self) -> &'static str {
        match self {
            Precision::Full => "full",
            Precision::Hitnet(_) => "hitnet",
            Precision::Study(_) => "study",
        }
    }

    /// A short name that tells runs apart: fraction bits, `full` or [`Study::name`].
    pub(crate) fn label(&self) -> String {
        match self {
            Precision::Full => "full".to_owned(),
            Precision::Hitnet(hitnet) => format!("f{}", hitnet.gate_frac),
            Precision::Study(study) => study.name(),
        }
    }

    /// The formats of a HitNet layer.
    pub(crate) fn hitnet(&self) -> Option<&Hitnet> {
        match self {
            Precision::Hitnet(hitnet) => Some(hitnet),
            _ => None,
        }
    }

    /// The quantizers of a simulated layer.
    pub(crate) fn study(&self) -> Option<&Study> {
        match self {
            Precision::Study(study) => Some(study),
            _ => None,
        }
    }
}

impl From<Option<Hitnet>> for Precision {
    fn from(hitnet: Option<Hitnet>) -> Precision {
        hitnet.map_or(Precision::Full, Precision::Hitnet)
    }
}
