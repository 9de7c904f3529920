//! What is exported is what was trained: the forward pass in floats and the golden model agree on
//! every hidden state and every output.

use candle_core::Tensor;
use tern_model::{Golden, Layer, Model, Output};
use tern_train::batch::Batch;
use tern_train::digits::Recipe;
use tern_train::{LstmConfig, Network};

const CLASSES: usize = 10;
const LOGIT_SCALE: f64 = 0.25;

fn config(gate_frac: u32) -> LstmConfig {
    LstmConfig {
        input_size: 7,
        hidden_size: 12,
        ..Recipe::new(gate_frac).lstm
    }
}

/// A random network with random biases and sums that reach past the ends of the tables.
fn network(config: LstmConfig, rng: &mut fastrand::Rng) -> Network {
    let network = Network::random(config, CLASSES, LOGIT_SCALE, rng).unwrap();
    for (name, value) in network.parameters() {
        if name.ends_with("bias") {
            let values: Vec<f32> = (0..value.elem_count())
                .map(|_| 16.0 * rng.f32() - 8.0)
                .collect();
            let values = Tensor::from_vec(values, value.dims(), value.device()).unwrap();
            value.set(&values).unwrap();
        }
    }
    network
}

fn model(network: &Network) -> Model {
    Model {
        name: "random".to_owned(),
        input_size: network.config().input_size,
        input_bits: 8,
        layers: network.layers().unwrap(),
        output: Output::Every,
        labels: None,
        preprocessing: None,
        training: None,
        embedding: None,
    }
}

fn sequence(steps: usize, size: usize, rng: &mut fastrand::Rng) -> Vec<Vec<i32>> {
    let x = |rng: &mut fastrand::Rng| (0..size).map(|_| rng.i32(-127..=127)).collect();
    (0..steps).map(|_| x(rng)).collect()
}

/// Compares all steps of a batch of sequences of different lengths; returns how many hidden values
/// were -1, 0 and 1.
fn compare(config: LstmConfig, seed: u64) -> [usize; 3] {
    let mut rng = fastrand::Rng::with_seed(seed);
    let network = network(config, &mut rng);
    let model = model(&network);
    model.validate().unwrap();
    let size = model.input_size;
    let sequences = [20, 1, 33].map(|steps| sequence(steps, size, &mut rng));
    let batch = Batch::new(&[&sequences[0], &sequences[1], &sequences[2]]).unwrap();
    let states = network.hidden_states(&batch.inputs).unwrap();
    let last = batch.last(&states).unwrap().to_vec2::<f32>().unwrap();
    let states: Vec<Tensor> = (0..33).map(|t| states.get(t).unwrap()).collect();

    let mut seen = [0; 3];
    for (b, sequence) in sequences.iter().enumerate() {
        let mut golden = Golden::new(&model);
        for (t, x) in sequence.iter().enumerate() {
            let outputs = golden.step(x);
            let hidden: Vec<f32> = golden.layers()[0]
                .output()
                .iter()
                .map(|&h| h as f32)
                .collect();
            let simulated = states[t].to_vec2::<f32>().unwrap();
            assert_eq!(simulated[b], hidden, "seed {seed} sequence {b} step {t}");
            let logits = network
                .logits(&states[t])
                .unwrap()
                .to_vec2::<f32>()
                .unwrap();
            let exact: Vec<f32> = outputs
                .iter()
                .map(|&y| y as f32 * LOGIT_SCALE as f32)
                .collect();
            assert_eq!(logits[b], exact, "seed {seed} sequence {b} step {t}");
            if t + 1 == sequence.len() {
                assert_eq!(last[b], hidden, "seed {seed} sequence {b}");
            }
            for h in hidden {
                seen[(h as i32 + 1) as usize] += 1;
            }
        }
    }
    seen
}

#[test]
fn fixed_point_networks_compute_what_they_export() {
    let mut seen = [0; 3];
    for seed in 0..20 {
        let counts = compare(config(7), seed);
        seen = [0, 1, 2].map(|trit| seen[trit] + counts[trit]);
    }
    assert!(seen.iter().all(|&count| count > 500), "{seen:?}");
}

#[test]
fn pure_hitnet_computes_what_it_exports() {
    let mut seen = [0; 3];
    for seed in 0..20 {
        let counts = compare(config(0), seed);
        seen = [0, 1, 2].map(|trit| seen[trit] + counts[trit]);
    }
    assert!(seen.iter().all(|&count| count > 500), "{seen:?}");
}

#[test]
fn narrow_states_saturate_alike() {
    for (gate_frac, state_bits) in [(7, 8), (3, 4), (0, 2)] {
        for seed in 0..5 {
            let config = LstmConfig {
                state_bits,
                ..config(gate_frac)
            };
            compare(config, seed);
        }
    }
}

#[test]
fn biases_are_multiples_of_their_step_and_end_with_the_table() {
    let config = config(7);
    let mut rng = fastrand::Rng::with_seed(3);
    let layers = network(config.clone(), &mut rng).layers().unwrap();
    let Layer::Lstm(lstm) = &layers[0] else {
        panic!("the first layer is the LSTM")
    };
    let end = 1 << (config.lut_bits - 1 + config.lut_shift[0]);
    assert!(lstm.bias.iter().all(|b| b % (1 << config.bias_shift) == 0));
    assert_eq!(lstm.bias.iter().max(), Some(&end));
}
