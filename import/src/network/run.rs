//! The equations of a network in full precision.

use tern_model::network::{CellKind, Gate, GruGate};

use super::{Finish, Head, Layer, Network, Scaling};
use crate::error::{ImportError, refuse};

impl Network {
    /// Outputs of a sequence `[T][X]`: the head's `[T][N]`, or the top layer's hidden states `[T][H]`, a vector per time
    /// step whatever [`Network::output`] says. States are zero at the start; sums are of 64-bit floats.
    ///
    /// # Errors
    /// When a time step has not X elements.
    pub fn run(&self, sequence: &[Vec<f64>]) -> Result<Vec<Vec<f32>>, ImportError> {
        let expected = self.input_size();
        let wrong = sequence.iter().find(|step| step.len() != expected);
        if let Some(step) = wrong {
            let found = step.len();
            return refuse(format!("has {found} columns, expected {expected}"));
        }
        let mut states = self.layers.iter().map(State::zero).collect::<Vec<_>>();
        Ok(sequence
            .iter()
            .map(|step| self.step(step, &mut states))
            .collect())
    }

    fn step(&self, input: &[f64], states: &mut [State]) -> Vec<f32> {
        let mut below = match &self.scaling {
            None => input.to_vec(),
            Some(scaling) => scaling.apply(input),
        };
        for (layer, state) in self.layers.iter().zip(states) {
            layer.step(&below, state);
            below.clone_from(&state.hidden);
        }
        if let Some(head) = &self.head {
            below = head.outputs(&below);
        }
        below.into_iter().map(|value| value as f32).collect()
    }
}

impl Scaling {
    fn apply(&self, input: &[f64]) -> Vec<f64> {
        let constants = self.factor.iter().zip(&self.offset);
        let scaled = input.iter().zip(constants);
        scaled
            .map(|(x, (factor, offset))| factor * x + offset)
            .collect()
    }
}

/// What a layer remembers.
struct State {
    hidden: Vec<f64>,
    /// Cell state of an LSTM.
    cell: Vec<f64>,
}

impl State {
    fn zero(layer: &Layer) -> State {
        let zero = vec![0.0; layer.hidden_size()];
        State {
            hidden: zero.clone(),
            cell: zero,
        }
    }
}

impl Layer {
    fn step(&self, input: &[f64], state: &mut State) {
        let parameters = self.parameters();
        let from_input = product(&parameters.weight_ih, &parameters.bias_ih, input);
        let from_hidden = product(&parameters.weight_hh, &parameters.bias_hh, &state.hidden);
        let units = self.hidden_size();
        for unit in 0..units {
            match self.kind() {
                CellKind::Lstm => {
                    let sum = |gate: Gate| {
                        let row = gate.index() * units + unit;
                        from_input[row] + from_hidden[row]
                    };
                    let cell = sigmoid(sum(Gate::Forget)) * state.cell[unit]
                        + sigmoid(sum(Gate::Input)) * sum(Gate::Cell).tanh();
                    state.cell[unit] = cell;
                    state.hidden[unit] = sigmoid(sum(Gate::Output)) * cell.tanh();
                }
                CellKind::Gru => {
                    let sums = |gate: GruGate| {
                        let row = gate.index() * units + unit;
                        (from_input[row], from_hidden[row])
                    };
                    let gate = |gate| sigmoid(sums(gate).0 + sums(gate).1);
                    let (input, hidden) = sums(GruGate::New);
                    let new = (input + gate(GruGate::Reset) * hidden).tanh();
                    let update = gate(GruGate::Update);
                    state.hidden[unit] = (1.0 - update) * new + update * state.hidden[unit];
                }
            }
        }
    }
}

impl Head {
    fn outputs(&self, hidden: &[f64]) -> Vec<f64> {
        let outputs = product(self.linear.weight(), self.linear.bias(), hidden);
        let most = outputs.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = outputs.iter().map(|y| (y - most).exp()).sum();
        let finished = |y: f64| match self.finish {
            Finish::Linear => y,
            Finish::Softmax => (y - most).exp() / sum,
            Finish::LogSoftmax => y - most - sum.ln(),
            Finish::Sigmoid => sigmoid(y),
        };
        outputs.into_iter().map(finished).collect()
    }
}

/// `weight * x + bias`, a sum per row.
fn product(weight: &[f32], bias: &[f32], x: &[f64]) -> Vec<f64> {
    let rows = weight.chunks_exact(x.len()).zip(bias);
    let sum = |(row, bias): (&[f32], &f32)| {
        let products = row.iter().zip(x).map(|(weight, x)| f64::from(*weight) * x);
        f64::from(*bias) + products.sum::<f64>()
    };
    rows.map(sum).collect()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
