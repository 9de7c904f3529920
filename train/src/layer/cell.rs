//! What a recurrent cell is to the operation that runs it over a sequence.

use serde::{Deserialize, Serialize};

/// The element-wise part of a time step: G gates of one unit.
pub(crate) trait Cell<const G: usize>: Clone + Send + Sync {
    /// Learned constants that come before the hidden biases in the operation's third argument.
    const CONSTANTS: usize;

    /// Whether each unit has a bias of its own inside the last gate's product with the hidden
    /// state, which follow the constants.
    const HIDDEN_BIAS: bool;

    /// Next state and hidden state of a unit, from its products with the input, those with the
    /// hidden state and its state.
    fn step(&self, x: &[f32; G], h: &[f32; G], state: f32) -> (f32, f32);

    /// Of each gate of a unit, the argument of its activation and the value used.
    fn gates(&self, x: &[f32; G], h: &[f32; G], state: f32) -> [(f32, f32); G];

    /// Gradient of a unit's arguments from those of its next state and of its hidden state.
    fn gradient(&self, x: &[f32; G], h: &[f32; G], state: f32, upstream: Upstream)
    -> Downstream<G>;
}

/// Gradients that reach a unit from above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Upstream {
    /// Of its next state.
    pub(crate) state: f32,
    /// Of its hidden state.
    pub(crate) hidden: f32,
}

/// Gradients that leave a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Downstream<const G: usize> {
    /// Of the products with the input.
    pub(crate) x: [f32; G],
    /// Of the products with the hidden state.
    pub(crate) h: [f32; G],
    /// Of its state.
    pub(crate) state: f32,
    /// Of the constants: the first `CONSTANTS` count.
    pub(crate) constants: [f32; 5],
}

/// State of a recurrent layer of H units for B sequences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerState {
    /// Hidden state `[B, H]`.
    pub hidden: Vec<f32>,
    /// Cell state of an LSTM or state q of a GRU `[B, H]`, in real units.
    pub cell: Vec<f32>,
}

impl LayerState {
    /// The state at the start of a sequence.
    pub fn zero(batch: usize, units: usize) -> LayerState {
        LayerState {
            hidden: vec![0.0; batch * units],
            cell: vec![0.0; batch * units],
        }
    }
}
