//! No sum may exceed 31 bits: the bound at its limit, and one beyond.

use tern_model::network::{Gate, Gru, GruGate, Layer, Linear, Lstm, Model, Output};

const LIMIT: i32 = i32::MAX;

fn model(layer: Layer) -> Model {
    Model {
        name: "sums".to_owned(),
        input_size: layer.input_size(),
        input_bits: 8,
        layers: vec![layer],
        output: Output::Every,
        labels: None,
        preprocessing: None,
        training: None,
        embedding: None,
    }
}

/// Products of gate f, unit 1, reach 2^3 * 2 * 127 + 2^5 * 1 = 2064; all others are zero.
fn lstm(bias: i32) -> Lstm {
    let mut lstm = Lstm {
        input_size: 3,
        hidden_size: 2,
        gate_frac: 0,
        lut_bits: 1,
        state_bits: 2,
        input_shift: 3,
        hidden_shift: 5,
        lut_shift: [0; 4],
        state_lut_shift: 0,
        threshold: Some(1),
        hidden_bits: None,
        hidden_round: None,
        weight_ih: vec![0; 24],
        weight_hh: vec![0; 16],
        bias: vec![0; 8],
        lut: vec![0; 8],
        state_lut: vec![0; 2],
    };
    lstm.weight_ih[9..12].copy_from_slice(&[1, 0, -1]);
    lstm.weight_hh[6..8].copy_from_slice(&[0, -1]);
    lstm.bias[3] = bias;
    lstm
}

/// Both parts of the candidate of unit 0: 2^1 * 127 + |in| and 2^2 * 2 + |hn|; r as the input part.
fn gru(reset: i32, new_input: i32, new_hidden: i32) -> Gru {
    Gru {
        input_size: 1,
        hidden_size: 2,
        gate_frac: 0,
        lut_bits: 1,
        state_bits: 2,
        input_shift: 1,
        hidden_shift: 2,
        lut_shift: [0; 3],
        threshold: Some(1),
        hidden_bits: None,
        hidden_round: None,
        weight_ih: vec![1, 0, 0, 0, -1, 0],
        weight_hh: vec![0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0],
        bias: vec![reset, 0, 0, 0, new_input, 0, new_hidden, 0],
        lut: vec![0; 6],
    }
}

fn linear(bias: i32) -> Linear {
    Linear {
        input_size: 2,
        output_size: 2,
        weight: vec![0, 0, 1, -1],
        bias: vec![0, bias],
    }
}

fn accepted(layer: Layer) {
    model(layer).validate().unwrap();
}

fn rejected(layer: Layer, sum: &str, bound: i64) {
    let sentence = format!(
        "layers.0 has a sum beyond 31 bits: {sum} could reach {bound}, expected at most 2147483647"
    );
    assert_eq!(model(layer).validate().unwrap_err().to_string(), sentence);
}

#[test]
fn bounds_come_from_the_weights() {
    assert_eq!(lstm(-7).gate_bounds(127), [0, 2071, 0, 0]);
    assert_eq!(lstm(-7).gate_bounds(1)[Gate::Forget.index()], 16 + 32 + 7);
    assert_eq!(gru(-5, 3, -4).gate_bounds(127), [259, 0, 254 + 3 + 8 + 4]);
    assert_eq!(gru(0, 0, 0).gate_bounds(1)[GruGate::New.index()], 2 + 8);
    assert_eq!(linear(-9).bound(127), 254 + 9);
}

#[test]
fn lstm_sum() {
    accepted(Layer::Lstm(lstm(LIMIT - 2064)));
    accepted(Layer::Lstm(lstm(2064 - LIMIT)));
    rejected(Layer::Lstm(lstm(LIMIT - 2063)), "gate f of unit 1", 1 << 31);
    rejected(Layer::Lstm(lstm(2063 - LIMIT)), "gate f of unit 1", 1 << 31);
    rejected(
        Layer::Lstm(lstm(i32::MIN)),
        "gate f of unit 1",
        (1 << 31) + 2064,
    );
}

#[test]
fn gru_sum() {
    accepted(Layer::Gru(gru(LIMIT - 254, 0, 0)));
    rejected(
        Layer::Gru(gru(LIMIT - 253, 0, 0)),
        "gate r of unit 0",
        1 << 31,
    );
    accepted(Layer::Gru(gru(0, 1000 - 254, 1000 + 8 - LIMIT)));
    accepted(Layer::Gru(gru(0, 1 << 30, (1 << 30) - 1 - 254 - 8)));
    rejected(
        Layer::Gru(gru(0, 1 << 30, (1 << 30) - 254 - 8)),
        "gate n of unit 0",
        1 << 31,
    );
}

#[test]
fn linear_sum() {
    accepted(Layer::Linear(linear(LIMIT - 254)));
    rejected(Layer::Linear(linear(253 - LIMIT)), "output 1", 1 << 31);
}

#[test]
fn upper_layers_take_the_trits_of_the_layer_below() {
    let mut stack = model(Layer::Linear(linear(0)));
    let below = Lstm {
        weight_ih: vec![0; 24],
        bias: vec![0; 8],
        ..lstm(0)
    };
    stack.input_size = 3;
    stack.layers = vec![Layer::Lstm(below), Layer::Linear(linear(LIMIT - 2))];
    stack.validate().unwrap();
    stack.layers[1] = Layer::Linear(linear(LIMIT - 1));
    assert_eq!(stack.validate().unwrap_err().place(), "layers.1");
}

#[test]
fn largest_shifts_and_sizes_do_not_overflow_the_bound() {
    let lstm = Lstm {
        input_size: 4096,
        input_shift: 31,
        weight_ih: vec![-1; 8 * 4096],
        ..lstm(i32::MIN)
    };
    rejected(Layer::Lstm(lstm), "gate i of unit 0", (4096 * 127) << 31);
}
