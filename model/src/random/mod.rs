//! Random models and inputs for tests, from a seed.

mod layers;
mod spec;

use fastrand::Rng;

use crate::network::{CellKind, Layer, Model, Sequence};
use layers::Cell;
pub use spec::RandomSpec;

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
            hidden_bits: spec.hidden_bits.get(index).copied().unwrap_or(2),
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
/// one, and with some steps all at one end of the range. In a third of the sequences about half of the elements are as in the step
/// before.
pub fn random_sequence(model: &Model, steps: usize, seed: u64) -> Sequence {
    let mut rng = Rng::with_seed(seed);
    let (low, high) = model.inputs().range().into_inner();
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
    let mut sequence: Sequence = (0..steps).map(|_| step()).collect();
    let mut stays = Rng::with_seed(!seed);
    if stays.u8(..3) == 0 {
        for t in 1..steps {
            let (before, now) = sequence.split_at_mut(t);
            for (x, old) in now[0].iter_mut().zip(&before[t - 1]) {
                if stays.bool() {
                    *x = *old;
                }
            }
        }
    }
    sequence
}
