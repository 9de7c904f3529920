//! What a recurrent layer exports is what it computes: its forward pass in floats and the golden
//! model agree on every hidden state.

use candle_core::{Device, Tensor};
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Model, Output};
use tern_train::layer::{LayerState, Recurrent};
use tern_train::quantize::Hitnet;

const INPUTS: usize = 9;
const UNITS: usize = 14;

fn hitnet(gate_frac: u32, state_bits: u32) -> Hitnet {
    Hitnet {
        gate_frac,
        lut_bits: 6,
        state_bits,
        lut_shift: 1,
        state_lut_shift: gate_frac.saturating_sub(3),
        threshold: 0.3,
        hidden_scale: 0.5,
        state_slope: 1.3,
    }
}

/// A layer whose biases, slopes and shifts are those of no beginning.
fn layer(cell: CellKind, hitnet: Hitnet, inputs: usize, rng: &mut fastrand::Rng) -> Recurrent {
    let layer = Recurrent::random(cell, Some(hitnet), [inputs, UNITS], rng).unwrap();
    for (name, value, _) in layer.parameters() {
        let mut draw = |low: f32, high: f32| -> Vec<f32> {
            let element = |_| low + (high - low) * rng.f32();
            (0..value.elem_count()).map(element).collect()
        };
        let values = match name {
            "bias" => draw(-2.0, 2.0),
            "slopes" => draw(0.5, 4.0),
            "shifts" => vec![1.0, 0.0],
            _ => continue,
        };
        let values = Tensor::from_vec(values, value.dims(), &Device::Cpu).unwrap();
        value.set(&values).unwrap();
    }
    layer
}

/// Runs two layers of the cell over random inputs of `bits` bits; returns how often the upper one's
/// hidden state was -1, 0 and 1.
fn compare(cell: CellKind, hitnet: &Hitnet, bits: u32, seed: u64) -> [usize; 3] {
    let mut rng = fastrand::Rng::with_seed(seed);
    let layers = [(INPUTS, bits), (UNITS, 2)]
        .map(|(inputs, bits)| layer(cell, hitnet.clone(), inputs, &mut rng).with_input_bits(bits));
    let model = Model {
        name: "random".to_owned(),
        input_size: INPUTS,
        input_bits: bits,
        layers: layers.iter().map(|l| l.layer().unwrap().unwrap()).collect(),
        output: Output::Every,
        labels: None,
        preprocessing: None,
        training: None,
        embedding: None,
    };
    model.validate().unwrap();
    let (steps, batch) = (25, 3);
    let most = model.input_max();
    let values: Vec<i32> = (0..steps * batch * INPUTS)
        .map(|_| rng.i32(-most..=most))
        .collect();
    let inputs = values.iter().map(|&x| x as f32).collect();
    let mut rows = Tensor::from_vec(inputs, (steps * batch, INPUTS), &Device::Cpu).unwrap();
    for layer in &layers {
        // In two pieces, the state carried from one to the other.
        let mut state = LayerState::zero(batch, UNITS);
        let cut = 7 * batch;
        let pieces = [(0, cut), (cut, steps * batch - cut)].map(|(start, length)| {
            let piece = rows.narrow(0, start, length).unwrap();
            let states = layer.hidden_states(&piece, &mut state).unwrap();
            states.reshape((length, UNITS)).unwrap()
        });
        rows = Tensor::cat(&pieces, 0).unwrap();
    }
    let states = rows.to_vec2::<f32>().unwrap();
    let mut seen = [0; 3];
    for b in 0..batch {
        let mut golden = Golden::new(&model);
        for t in 0..steps {
            let row = t * batch + b;
            let expected = golden.step(&values[row * INPUTS..][..INPUTS]);
            let own: Vec<i32> = states[row].iter().map(|&h| h as i32).collect();
            assert_eq!(
                own, expected,
                "{cell:?} {hitnet:?} {bits} bits seed {seed} step {t}"
            );
            expected.iter().for_each(|h| seen[(h + 1) as usize] += 1);
        }
    }
    seen
}

#[test]
fn layers_compute_what_they_export() {
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for (gate_frac, state_bits) in [(7, 12), (7, 8), (3, 5), (0, 5), (0, 2)] {
            let mut seen = [0; 3];
            for seed in 0..10 {
                let counts = compare(cell, &hitnet(gate_frac, state_bits), 2, seed);
                seen = [0, 1, 2].map(|trit| seen[trit] + counts[trit]);
            }
            assert!(
                seen.iter().all(|&n| n > 200),
                "{cell:?} F = {gate_frac}: {seen:?}"
            );
        }
    }
}

#[test]
fn layers_of_integer_inputs_compute_what_they_export() {
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for (bits, lut_shift) in [(3, 1), (4, 2), (5, 7), (8, 6)] {
            let mut seen = [0; 3];
            for (gate_frac, state_bits) in [(7, 12), (0, 4)] {
                let hitnet = Hitnet {
                    lut_shift,
                    ..hitnet(gate_frac, state_bits)
                };
                for seed in 0..5 {
                    let counts = compare(cell, &hitnet, bits, seed);
                    seen = [0, 1, 2].map(|trit| seen[trit] + counts[trit]);
                }
            }
            assert!(seen.iter().all(|&n| n > 200), "{cell:?} {bits}: {seen:?}");
        }
    }
}

/// Biases are multiples of a quarter of a table's address, so that the memories hold few bits of them.
#[test]
fn shifts_follow_the_input_and_biases_are_multiples_of_their_step() {
    let mut rng = fastrand::Rng::with_seed(3);
    let hitnet = Hitnet {
        lut_shift: 6,
        ..hitnet(7, 12)
    };
    let layer = layer(CellKind::Lstm, hitnet, INPUTS, &mut rng).with_input_bits(8);
    let Some(tern_model::network::Layer::Lstm(lstm)) = layer.layer().unwrap() else {
        panic!("an LSTM layer exports one");
    };
    // 64, half of the input's range, counts as a trit does: 2^6, and one bit more by the shifts.
    assert_eq!((lstm.input_shift, lstm.hidden_shift), (1, 6));
    assert!(lstm.bias.iter().all(|bias| bias % 16 == 0));
    assert!(lstm.bias.iter().any(|bias| bias % 32 != 0));
}
