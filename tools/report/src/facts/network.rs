//! The network of a core.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A recurrent network with ternary weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Name in the model file.
    pub name: String,
    /// Elements of an input vector.
    pub input_size: usize,
    /// Bits of an input element; 2 is a trit.
    pub input_bits: usize,
    /// Recurrent layers from the input up.
    pub layers: Vec<Layer>,
    /// Outputs of the linear head; `null` where the hidden state is the output.
    pub output_size: Option<usize>,
    /// When there is an output.
    pub output: Output,
    /// The weights by value.
    pub weights: Trits,
    /// The data that it was trained on, as its file says.
    pub data: Option<String>,
}

/// A recurrent layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// `lstm` or `gru`.
    pub kind: String,
    /// Hidden units.
    pub units: usize,
    /// Fraction bits of gates and state, F; 0 is pure HitNet.
    pub gate_frac: usize,
    /// Bits of a hidden state; 2 is a trit.
    pub hidden_bits: usize,
}

/// When a network gives an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Once a sequence, after its last time step.
    Last,
    /// After every time step.
    Every,
}

/// How many weights are -1, 0 and +1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trits {
    /// Weights that are -1.
    pub minus: usize,
    /// Weights that are 0.
    pub zero: usize,
    /// Weights that are +1.
    pub plus: usize,
}

impl Trits {
    /// All weights.
    pub fn total(&self) -> usize {
        self.minus + self.zero + self.plus
    }
}
