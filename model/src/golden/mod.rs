//! The golden model: the network's equations in plain integers.
//!
//! It is bit exact and knows nothing of cycles, widths or hardware. All arithmetic is on `i64`,
//! which no valid model can overflow, since its sums stay within 31 bits.

pub(crate) mod arithmetic;
mod gru;
mod linear;
mod lstm;

pub use gru::GruState;
pub use lstm::LstmState;

use crate::network::{Layer, Model, Sequence};

/// A running network: a model and the recurrent state of its layers.
///
/// ```
/// use tern_model::golden::{Golden, LayerState};
/// use tern_model::network::{CellKind, Gate};
/// use tern_model::random::{RandomSpec, random_model};
///
/// let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 3, 4), 1);
/// let mut golden = Golden::new(&model);
/// let output = golden.step(&[1, 0, -1]);
/// assert_eq!(output.len(), 4);
/// if let LayerState::Lstm(state) = &golden.layers()[0] {
///     println!("the forget gates are {:?}", state.gate(Gate::Forget));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Golden<'m> {
    model: &'m Model,
    layers: Vec<LayerState>,
}

/// State of one layer after a time step, with the values that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerState {
    /// State of an LSTM layer.
    Lstm(LstmState),
    /// State of a GRU layer.
    Gru(GruState),
    /// Outputs `[N]` of a linear layer, which has no state of its own.
    Linear(Vec<i64>),
}

impl LayerState {
    /// What the layer hands up: the hidden state `[H]`, or the linear layer's outputs `[N]`.
    pub fn output(&self) -> &[i64] {
        match self {
            LayerState::Lstm(state) => &state.hidden_state,
            LayerState::Gru(state) => &state.hidden_state,
            LayerState::Linear(output) => output,
        }
    }

    fn zero(layer: &Layer) -> LayerState {
        match layer {
            Layer::Lstm(lstm) => LayerState::Lstm(LstmState::zero(lstm.hidden_size)),
            Layer::Gru(gru) => LayerState::Gru(GruState::zero(gru.hidden_size)),
            Layer::Linear(linear) => LayerState::Linear(vec![0; linear.output_size]),
        }
    }

    fn step(&mut self, layer: &Layer, x: &[i64]) {
        match (self, layer) {
            (LayerState::Lstm(state), Layer::Lstm(lstm)) => *state = lstm::step(lstm, x, state),
            (LayerState::Gru(state), Layer::Gru(gru)) => *state = gru::step(gru, x, state),
            (LayerState::Linear(y), Layer::Linear(linear)) => *y = linear::step(linear, x),
            _ => unreachable!("a layer's state is made by `zero` from the layer itself"),
        }
    }
}

impl<'m> Golden<'m> {
    /// The network at the start of a sequence, with all state zero.
    ///
    /// # Panics
    /// When `model` does not pass [`Model::validate`].
    pub fn new(model: &'m Model) -> Golden<'m> {
        if let Err(error) = model.validate() {
            panic!("the golden model needs a valid model: {error}");
        }
        Golden {
            model,
            layers: model.layers.iter().map(LayerState::zero).collect(),
        }
    }

    /// Sets all state to zero, as at the start of a sequence.
    pub fn reset(&mut self) {
        self.layers = self.model.layers.iter().map(LayerState::zero).collect();
    }

    /// Runs one time step on the input `x` `[X]` and returns the top layer's output: N values of
    /// the head, or the hidden state of H.
    ///
    /// # Panics
    /// When `x` does not pass [`Model::validate_input`].
    pub fn step(&mut self, x: &[i32]) -> Vec<i32> {
        let mut below = self.model.input_values(x);
        for (layer, state) in self.model.layers.iter().zip(&mut self.layers) {
            state.step(layer, &below);
            below = state.output().to_vec();
        }
        below.into_iter().map(output_value).collect()
    }

    /// Runs one whole sequence of inputs, from zero state, and returns the outputs that the core
    /// sends: one per time step for [`Output::Every`](crate::network::Output::Every), the last alone
    /// for [`Output::Last`](crate::network::Output::Last).
    ///
    /// The state is left as the last step made it.
    ///
    /// # Panics
    /// When an input does not pass [`Model::validate_input`].
    pub fn run(&mut self, sequence: &[Vec<i32>]) -> Sequence {
        self.reset();
        let output = self.model.output;
        output.given(sequence.iter().map(|x| self.step(x)))
    }

    /// State of each layer after the last step, from the input up.
    pub fn layers(&self) -> &[LayerState] {
        &self.layers
    }
}

fn output_value(value: i64) -> i32 {
    i32::try_from(value).expect("sums of a valid model stay within 31 bits")
}
