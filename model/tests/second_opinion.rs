//! The golden model against another program, written in real numbers and flat index arithmetic.
//!
//! Every quantity is an integer below 2^53, so that `f64` computes it exactly.

// Index arithmetic is what tells this program from the golden model.
#![allow(clippy::needless_range_loop)]

mod support;

use proptest::prelude::*;
use tern_model::golden::Golden;
use tern_model::network::{Layer, Model, Output};
use tern_model::random::{random_model, random_sequence};

/// `matrix[row] . vector`, for a matrix as wide as the vector.
fn product<W: Copy + Into<f64>>(matrix: &[W], row: usize, vector: &[f64]) -> f64 {
    let mut total = 0.0;
    for column in 0..vector.len() {
        total += matrix[row * vector.len() + column].into() * vector[column];
    }
    total
}

fn power(exponent: u32) -> f64 {
    (1u64 << exponent) as f64
}

fn saturate(value: f64, bits: u32) -> f64 {
    value.max(-power(bits - 1)).min(power(bits - 1) - 1.0)
}

/// Entry of table `number` among tables of `2^bits` entries.
fn table(tables: &[i16], number: usize, bits: u32, value: f64, shift: u32) -> f64 {
    let address = saturate((value / power(shift)).floor(), bits) + power(bits - 1);
    tables[number * (1 << bits) + address as usize].into()
}

fn rounded(value: f64, frac: u32) -> f64 {
    if frac == 0 {
        value
    } else {
        (value / power(frac) + 0.5).floor()
    }
}

/// The hidden state of a layer with the given threshold, bits and rounding shift.
fn hidden(value: f64, fields: (Option<i32>, Option<u32>, Option<u32>)) -> f64 {
    match fields {
        (Some(threshold), None, None) if value.abs() < f64::from(threshold) => 0.0,
        (Some(_), None, None) => value.signum(),
        (None, Some(bits), Some(round)) => {
            let high = power(bits - 1) - 1.0;
            rounded(value, round).max(-high).min(high)
        }
        other => panic!("no hidden state has {other:?}"),
    }
}

/// One step of one layer; `state` is (c or q, h). Returns what goes up.
fn step(layer: &Layer, x: &[f64], state: &mut (Vec<f64>, Vec<f64>)) -> Vec<f64> {
    let (memory, h) = state.clone();
    match layer {
        Layer::Linear(l) => (0..l.output_size)
            .map(|row| product(&l.weight, row, x) + f64::from(l.bias[row]))
            .collect(),
        Layer::Lstm(l) => {
            for unit in 0..l.hidden_size {
                let mut gate = [0.0; 4];
                for block in 0..4 {
                    let row = block * l.hidden_size + unit;
                    let sum = power(l.input_shift) * product(&l.weight_ih, row, x)
                        + power(l.hidden_shift) * product(&l.weight_hh, row, &h)
                        + f64::from(l.bias[row]);
                    gate[block] = table(&l.lut, block, l.lut_bits, sum, l.lut_shift[block]);
                }
                let updated = gate[1] * memory[unit] + gate[0] * gate[2];
                state.0[unit] = saturate(rounded(updated, l.gate_frac), l.state_bits);
                let squashed = table(
                    &l.state_lut,
                    0,
                    l.lut_bits,
                    state.0[unit],
                    l.state_lut_shift,
                );
                let fields = (l.threshold, l.hidden_bits, l.hidden_round);
                state.1[unit] = hidden(gate[3] * squashed, fields);
            }
            state.1.clone()
        }
        Layer::Gru(l) => {
            for unit in 0..l.hidden_size {
                let input = |block| {
                    power(l.input_shift) * product(&l.weight_ih, block * l.hidden_size + unit, x)
                };
                let recurrent = |block| {
                    power(l.hidden_shift) * product(&l.weight_hh, block * l.hidden_size + unit, &h)
                };
                let bias = |block: usize| f64::from(l.bias[block * l.hidden_size + unit]);
                let activate =
                    |block, value| table(&l.lut, block, l.lut_bits, value, l.lut_shift[block]);
                let reset = activate(0, input(0) + recurrent(0) + bias(0));
                let update = activate(1, input(1) + recurrent(1) + bias(1));
                let kept = rounded(reset * (recurrent(2) + bias(3)), l.gate_frac);
                let new = activate(2, input(2) + bias(2) + kept);
                let blend = (power(l.gate_frac) - update) * new + update * memory[unit];
                state.0[unit] = saturate(rounded(blend, l.gate_frac), l.state_bits);
                let fields = (l.threshold, l.hidden_bits, l.hidden_round);
                state.1[unit] = hidden(state.0[unit], fields);
            }
            state.1.clone()
        }
    }
}

fn run(model: &Model, sequence: &[Vec<i32>]) -> Vec<Vec<f64>> {
    let zero = |layer: &Layer| {
        (
            vec![0.0; layer.output_size()],
            vec![0.0; layer.output_size()],
        )
    };
    let mut states: Vec<_> = model.layers.iter().map(zero).collect();
    let limit = power(model.input_bits - 1) - 1.0;
    let mut outputs = Vec::new();
    for x in sequence {
        let mut x: Vec<f64> = x.iter().map(|&x| f64::from(x).max(-limit)).collect();
        for (layer, state) in model.layers.iter().zip(&mut states) {
            x = step(layer, &x, state);
        }
        outputs.push(x);
    }
    if model.output == Output::Last {
        outputs.drain(..outputs.len() - 1);
    }
    outputs
}

fn agree(model: &Model, steps: usize, seed: u64) -> Result<(), TestCaseError> {
    let sequence = random_sequence(model, steps, seed);
    let golden = Golden::new(model).run(&sequence);
    let golden: Vec<Vec<f64>> = golden
        .into_iter()
        .map(|output| output.into_iter().map(f64::from).collect())
        .collect();
    prop_assert_eq!(golden, run(model, &sequence));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_programs_agree_on_random_models(spec in support::specs(), seed: u64) {
        agree(&random_model(&spec, seed), 12, seed)?;
    }
}

#[test]
fn the_programs_agree_on_the_usual_shapes() {
    use tern_model::network::CellKind::{Gru, Lstm};
    use tern_model::random::RandomSpec;
    for kind in [Lstm, Gru] {
        for spec in [
            RandomSpec::hitnet(kind, 20, 64),
            RandomSpec::fixed_point(kind, 20, 64),
        ] {
            agree(&random_model(&spec, 7), 100, 8).unwrap();
        }
    }
}

#[test]
fn random_models_are_not_dull() {
    use tern_model::network::CellKind::{Gru, Lstm};
    use tern_model::random::RandomSpec;
    for kind in [Lstm, Gru] {
        for spec in [
            RandomSpec::hitnet(kind, 8, 16),
            RandomSpec::fixed_point(kind, 8, 16),
        ] {
            let model = random_model(&spec, 5);
            let outputs = Golden::new(&model)
                .run(&random_sequence(&model, 50, 6))
                .concat();
            for trit in [-1, 0, 1] {
                let share = outputs.iter().filter(|&&h| h == trit).count() as f64 / 800.0;
                assert!(
                    share > 0.05,
                    "{kind:?}: {trit} is {share} of all hidden states"
                );
            }
        }
    }
}

#[test]
fn random_hidden_states_reach_both_ends_of_their_range() {
    use tern_model::network::CellKind::{Gru, Lstm};
    use tern_model::random::RandomSpec;
    for (kind, bits) in [(Lstm, 3), (Lstm, 4), (Lstm, 8), (Gru, 3), (Gru, 4)] {
        let spec = RandomSpec {
            hidden_bits: vec![bits],
            ..RandomSpec::fixed_point(kind, 8, 16)
        };
        let high = (1 << (bits - 1)) - 1;
        let (mut seen, mut lowest, mut highest) = (std::collections::BTreeSet::new(), 0, 0);
        for seed in 0..8 {
            let model = random_model(&spec, seed);
            let outputs = Golden::new(&model).run(&random_sequence(&model, 50, 6));
            for h in outputs.concat() {
                (lowest, highest) = (h.min(lowest), h.max(highest));
                seen.insert(h);
            }
        }
        assert_eq!((lowest, highest), (-high, high), "{kind:?} of {bits} bits");
        assert!(
            seen.len() > high as usize,
            "{kind:?} of {bits} bits: {seen:?}"
        );
    }
}
