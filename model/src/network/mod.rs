//! The network as data: layers, their integer weights and their activation tables.
//!
//! Every type here is plain and public. [`Model::validate`](crate::network::Model::validate) is what makes
//! a value of these types a model that can run; reading and writing files always passes through it.

mod gru;
mod hidden;
mod linear;
mod lstm;

pub use gru::{Gru, GruBias, GruGate};
pub use hidden::HiddenState;
pub use linear::Linear;
pub use lstm::{Gate, Lstm};

use serde::{Deserialize, Serialize};

/// A recurrent network with ternary weights, whose hidden states are ternary or integers of a few bits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// Name of the model, for reports.
    pub name: String,
    /// Elements of one time step, 1..=4096.
    pub input_size: usize,
    /// Bits of one input element: 2 for trits, 3..=8 for signed integers of which the lowest code,
    /// `-2^(b-1)`, is read as `-(2^(b-1) - 1)`.
    pub input_bits: u32,
    /// Layers from the input up; a linear layer stands last or not at all.
    pub layers: Vec<Layer>,
    /// When the network gives an output.
    pub output: Output,
    /// Class names, one per output of the linear head.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// How raw data become inputs: scale, features, vocabulary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preprocessing: Option<serde_json::Value>,
    /// Provenance and figures of the training run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<serde_json::Value>,
    /// Table that maps a token to an input; lives in the file as a tensor only.
    #[serde(skip)]
    pub embedding: Option<Embedding>,
}

/// One layer, tagged `kind` in a model file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Layer {
    /// Long short-term memory.
    Lstm(Lstm),
    /// Gated recurrent unit.
    Gru(Gru),
    /// Linear head.
    Linear(Linear),
}

/// Kind of a recurrent layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    /// Long short-term memory.
    #[default]
    Lstm,
    /// Gated recurrent unit.
    Gru,
}

impl CellKind {
    /// The kind as a model file spells it.
    pub const fn name(self) -> &'static str {
        match self {
            CellKind::Lstm => "lstm",
            CellKind::Gru => "gru",
        }
    }
}

/// The inputs or the outputs of one sequence, a vector per time step: `[T][X]`, or `[T][N]`.
pub type Sequence = Vec<Vec<i32>>;

/// When the network gives an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// Once a sequence, after its last time step.
    Last,
    /// After every time step.
    Every,
}

/// Table of inputs, one row per token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedding {
    /// Number of tokens V, 1..=4096.
    pub vocabulary_size: usize,
    /// Rows, row-major `[V, X]`; values inside the input range.
    pub weight: Vec<i8>,
}

impl Output {
    /// Those of the outputs after each step of a sequence that the network gives.
    pub(crate) fn given(self, outputs: impl Iterator<Item = Vec<i32>>) -> Sequence {
        match self {
            Output::Every => outputs.collect(),
            Output::Last => outputs.last().into_iter().collect(),
        }
    }
}

impl Layer {
    /// Elements the layer takes in one time step.
    pub fn input_size(&self) -> usize {
        match self {
            Layer::Lstm(lstm) => lstm.input_size,
            Layer::Gru(gru) => gru.input_size,
            Layer::Linear(linear) => linear.input_size,
        }
    }

    /// How a recurrent layer makes its hidden state; none of a linear one.
    pub fn hidden(&self) -> Option<HiddenState> {
        match self {
            Layer::Lstm(lstm) => Some(lstm.hidden()),
            Layer::Gru(gru) => Some(gru.hidden()),
            Layer::Linear(_) => None,
        }
    }

    /// Elements the layer gives in one time step.
    pub fn output_size(&self) -> usize {
        match self {
            Layer::Lstm(lstm) => lstm.hidden_size,
            Layer::Gru(gru) => gru.hidden_size,
            Layer::Linear(linear) => linear.output_size,
        }
    }
}

impl Model {
    /// Largest magnitude of an input element: 1 for trits, `2^(b-1) - 1` for integers of b bits.
    pub fn input_max(&self) -> i32 {
        (1 << (self.input_bits - 1)) - 1
    }

    /// Largest magnitude of an element that enters layer `index`: the input's for the first layer, above it that of the
    /// hidden state of the layer below.
    pub fn layer_input_max(&self, index: usize) -> i32 {
        let below = index
            .checked_sub(1)
            .and_then(|below| self.layers.get(below));
        let hidden = below.and_then(Layer::hidden);
        hidden.map_or(self.input_max(), HiddenState::max)
    }

    /// The linear head, where the model has one.
    pub fn head(&self) -> Option<&Linear> {
        match self.layers.last() {
            Some(Layer::Linear(linear)) => Some(linear),
            _ => None,
        }
    }

    /// Elements of one output: the head's N values, or the last layer's hidden state of H.
    pub fn output_size(&self) -> usize {
        self.layers.last().map_or(0, Layer::output_size)
    }
}
