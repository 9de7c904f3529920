//! Random models and inputs for tests, from a seed.

mod layers;

use fastrand::Rng;

use crate::network::{CellKind, Layer, Model, Output, Sequence};
use layers::Cell;

/// Everything of a random model but its tensors and thresholds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomSpec {
    /// Input size X.
    pub input_size: usize,
    /// Bits of one input element, 2..=8.
    pub input_bits: u32,
    /// Kind and hidden size of each recurrent layer, from the input up.
    pub cells: Vec<(CellKind, usize)>,
    /// Output size N of the linear head, where there is to be one.
    pub head: Option<usize>,
    /// When the network gives an output.
    pub output: Output,
    /// Fraction bits F of gates.
    pub gate_frac: u32,
    /// Address bits A of activation tables.
    pub lut_bits: u32,
    /// Bits C of recurrent states.
    pub state_bits: u32,
    /// Left shift of the first layer's input product; layers above have ternary inputs and take
    /// `hidden_shift` for both.
    pub input_shift: u32,
    /// Left shift of hidden products.
    pub hidden_shift: u32,
    /// Right shift of all sums before their tables.
    pub lut_shift: u32,
    /// Right shift of LSTM cell states before their table.
    pub state_lut_shift: u32,
}

impl RandomSpec {
    /// One layer of `kind` in pure HitNet numbers (F = 0) on ternary inputs, with an output every
    /// step and no head.
    pub fn hitnet(kind: CellKind, input_size: usize, hidden_size: usize) -> RandomSpec {
        RandomSpec {
            input_size,
            input_bits: 2,
            cells: vec![(kind, hidden_size)],
            head: None,
            output: Output::Every,
            gate_frac: 0,
            lut_bits: 4,
            state_bits: 4,
            input_shift: 0,
            hidden_shift: 0,
            lut_shift: 0,
            state_lut_shift: 0,
        }
    }

    /// One layer of `kind` in fixed point (F = 7) on 8-bit inputs, with an output every step and
    /// no head.
    pub fn fixed_point(kind: CellKind, input_size: usize, hidden_size: usize) -> RandomSpec {
        RandomSpec {
            input_bits: 8,
            gate_frac: 7,
            lut_bits: 8,
            state_bits: 12,
            hidden_shift: 7,
            lut_shift: 3,
            state_lut_shift: 4,
            ..RandomSpec::hitnet(kind, input_size, hidden_size)
        }
    }
}

/// A valid model of the given shape, its tensors and thresholds drawn from `seed`.
///
/// Some rows of weights hold one trit only, and some biases are as large as the rule on sums
/// allows, so that sums reach the ends of their range and tables saturate.
///
/// # Panics
/// When no choice of tensors makes `spec` a valid model.
pub fn random_model(spec: &RandomSpec, seed: u64) -> Model {
    let mut rng = Rng::with_seed(seed);
    let mut model = Model {
        name: format!("random-{seed}"),
        input_size: spec.input_size,
        input_bits: spec.input_bits,
        layers: Vec::new(),
        output: spec.output,
        labels: None,
        preprocessing: None,
        training: None,
        embedding: None,
    };
    let below = |model: &Model| {
        let last = model.layers.last();
        last.map_or(spec.input_size, Layer::output_size)
    };
    for (index, &(kind, hidden_size)) in spec.cells.iter().enumerate() {
        let cell = Cell {
            input_size: below(&model),
            hidden_size,
            input_max: model.layer_input_max(index),
            input_shift: if index == 0 {
                spec.input_shift
            } else {
                spec.hidden_shift
            },
        };
        let layer = match kind {
            CellKind::Lstm => Layer::Lstm(layers::lstm(spec, &cell, &mut rng)),
            CellKind::Gru => Layer::Gru(layers::gru(spec, &cell, &mut rng)),
        };
        model.layers.push(layer);
    }
    if let Some(output_size) = spec.head {
        let input_max = model.layer_input_max(model.layers.len());
        let linear = layers::linear(below(&model), output_size, input_max, &mut rng);
        model.layers.push(Layer::Linear(linear));
    }
    if let Err(error) = model.validate() {
        panic!("{spec:?} does not describe a valid model: {error}");
    }
    model
}

/// A sequence of `steps` inputs for `model`, drawn from `seed` over all codes, so also the lowest
/// one, and with some steps all at one end of the range.
pub fn random_sequence(model: &Model, steps: usize, seed: u64) -> Sequence {
    let mut rng = Rng::with_seed(seed);
    let (low, high) = model.input_range().into_inner();
    let mut step = || {
        let range = match rng.u8(..8) {
            0 => high..=high,
            1 => low..=low,
            _ => low..=high,
        };
        (0..model.input_size)
            .map(|_| rng.i32(range.clone()))
            .collect()
    };
    (0..steps).map(|_| step()).collect()
}
