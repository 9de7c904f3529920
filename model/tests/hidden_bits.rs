//! Hidden states of more than a trit: the equations by hand, the bounds of sums, and the fields that a file may have.

mod support;

use serde_json::{Value, json};
use support::model_of as model;
use tern_model::engine::Engine;
use tern_model::golden::Golden;
use tern_model::network::{Gru, HiddenState, Layer, Linear, Lstm, Model};

/// The forget gate is 96 and the output gate 80; z_i = x + 16·h, z_g = -x.
fn lstm(bits: u32, round: u32) -> Lstm {
    Lstm {
        input_size: 1,
        hidden_size: 1,
        gate_frac: 7,
        lut_bits: 3,
        state_bits: 12,
        input_shift: 0,
        hidden_shift: 4,
        lut_shift: [4; 4],
        state_lut_shift: 5,
        threshold: None,
        hidden_bits: Some(bits),
        hidden_round: Some(round),
        weight_ih: vec![1, 0, -1, 0],
        weight_hh: vec![1, 0, 0, 0],
        bias: vec![0; 4],
        lut: [
            [0, 10, 30, 64, 64, 100, 120, 128],
            [0, 0, 0, 0, 96, 0, 0, 0],
            [-128, -100, -60, -20, 5, 50, 99, 127],
            [0, 0, 0, 0, 80, 0, 0, 0],
        ]
        .concat(),
        state_lut: vec![-127, -90, -60, -33, 7, 40, 75, 110],
    }
}

fn gru(round: u32) -> Gru {
    Gru {
        input_size: 1,
        hidden_size: 1,
        gate_frac: 2,
        lut_bits: 3,
        state_bits: 5,
        input_shift: 1,
        hidden_shift: 0,
        lut_shift: [0, 0, 1],
        threshold: None,
        hidden_bits: Some(3),
        hidden_round: Some(round),
        weight_ih: vec![1, -1, 1],
        weight_hh: vec![1, 0, -1],
        bias: vec![0, 1, 1, 3],
        lut: [
            [0, 0, 1, 1, 2, 3, 4, 4],
            [4, 3, 3, 2, 1, 1, 0, 0],
            [-4, -3, -2, -1, 0, 2, 3, 4],
        ]
        .concat(),
    }
}

/// Outputs of golden model and engine, one unit of one layer, one input a step.
fn outputs(layer: Layer, inputs: &[i32]) -> Vec<i32> {
    let (model, sequence) = (model(8, vec![layer]), inputs.iter().map(|&x| vec![x]));
    let sequence: Vec<Vec<i32>> = sequence.collect();
    let golden = Golden::new(&model).run(&sequence);
    assert_eq!(Engine::new(&model).unwrap().run(&sequence).unwrap(), golden);
    golden.concat()
}

#[test]
fn lstm_hidden_states_are_rounded_and_enter_the_next_step_whole() {
    // i = 128, g = -128, c = -128, t = -127, o·t = -10160: (-10160 + 1024) >> 11 = -5.
    // z_i = -20 - 80, i = 0: c = -96, t = -90: (-7200 + 1024) >> 11 = -4.
    // z_i = 0 - 64, i = 0: c = -72, t = -90, and again c = -54, t = -60: (-4800 + 1024) >> 11 = -2.
    assert_eq!(
        outputs(Layer::Lstm(lstm(4, 11)), &[100, -20, 0, 0]),
        [-5, -4, -4, -2]
    );
    // Four bits end at 7: (-10160 + 512) >> 10 = -10 is beyond, (-7200 + 512) >> 10 = -7 is not.
    assert_eq!(outputs(Layer::Lstm(lstm(4, 10)), &[100, -20]), [-7, -7]);
    // With 3 bits -5 and also -4, the lowest code of two's complement, saturate to -3.
    assert_eq!(outputs(Layer::Lstm(lstm(3, 11)), &[100, -20]), [-3, -3]);
    // i = 0, c = 0, t = 7, o·t = 560: (560 + 512) >> 10 = 1; 11 bits less are nothing.
    assert_eq!(outputs(Layer::Lstm(lstm(8, 10)), &[-64]), [1]);
    assert_eq!(outputs(Layer::Lstm(lstm(8, 11)), &[-64]), [0]);
    assert_eq!(outputs(Layer::Lstm(lstm(8, 0)), &[100]), [-127]);
}

#[test]
fn gru_hidden_states_are_rounded_and_enter_the_next_step_whole() {
    // q = 1, 2, 3, 3, then -4, which saturates: the sums b are 3 - h = 3, 2, 1, 0.
    assert_eq!(
        outputs(Layer::Gru(gru(0)), &[2, 1, 1, 2, -4]),
        [1, 2, 3, 3, -3]
    );
    // Halves go up: 1 -> 1, 2 -> 1, 3 -> 2, -3 -> -1.
    assert_eq!(outputs(Layer::Gru(gru(1)), &[2, 1, 1, -3]), [1, 1, 2, -1]);
}

#[test]
fn layers_above_and_the_head_take_the_integer() {
    let head = |input_size| Linear {
        input_size,
        output_size: 2,
        weight: vec![1, -1],
        bias: vec![10, 20],
    };
    let layers = vec![Layer::Lstm(lstm(4, 11)), Layer::Linear(head(1))];
    let model = model(8, layers);
    let sequence = [100, -20, 0, 0].map(|x| vec![x]);
    let expected = [[5, 25], [6, 24], [6, 24], [8, 22]];
    assert_eq!(Golden::new(&model).run(&sequence), expected);
    assert_eq!(
        Engine::new(&model).unwrap().run(&sequence).unwrap(),
        expected
    );

    // The GRU takes -5, -4, -4, -2: q = -4 with u = 0 and n = -4 but in the last step, where a = -3 and n = -2.
    let layers = vec![Layer::Lstm(lstm(4, 11)), Layer::Gru(gru(0))];
    let model = self::model(8, layers);
    let expected = [[-3], [-3], [-3], [-2]];
    assert_eq!(Golden::new(&model).run(&sequence), expected);
    assert_eq!(
        Engine::new(&model).unwrap().run(&sequence).unwrap(),
        expected
    );
}

#[test]
fn sums_are_bounded_by_the_largest_hidden_state() {
    assert_eq!(HiddenState::Ternary { threshold: 9 }.max(), 1);
    let integer = |bits| HiddenState::Integer { bits, round: 0 }.max();
    assert_eq!([3, 4, 8].map(integer), [3, 7, 127]);
    // z_i of 8-bit inputs and a 4-bit hidden state: 127 + 16 · 7.
    assert_eq!(lstm(4, 0).gate_bounds(127), [127 + 16 * 7, 0, 127, 0]);
    let bound = |bias: i32| {
        let mut lstm = lstm(8, 0);
        lstm.bias[0] = bias;
        model(8, vec![Layer::Lstm(lstm)]).validate()
    };
    let room = i32::MAX - 127 - 16 * 127;
    bound(room).unwrap();
    let error = bound(room + 1).unwrap_err().to_string();
    let sentence = "layers.0 has a sum beyond 31 bits: gate i of unit 0 could reach 2147483648, expected at most 2147483647";
    assert_eq!(error, sentence);

    // The candidate of a GRU adds both its parts, and its bias 4: 2 · 127 + 3.
    assert_eq!(gru(0).gate_bounds(127)[2], 254 + 3 + 4);

    // A layer above and the head take at most what the layer below has.
    let head = |bias| Linear {
        input_size: 1,
        output_size: 1,
        weight: vec![-1],
        bias: vec![bias],
    };
    let stack = |bias| {
        let layers = vec![Layer::Lstm(lstm(4, 11)), Layer::Linear(head(bias))];
        model(8, layers).validate()
    };
    stack(i32::MAX - 7).unwrap();
    assert_eq!(stack(i32::MAX - 6).unwrap_err().place(), "layers.1");
}

/// Reads a file of the LSTM with its first layer's fields changed; the sentence of the error, or nothing.
fn read(model: Model, changes: &[(&str, Value)]) -> Option<String> {
    let mut raw = support::RawFile::of(&model);
    let layer = raw.description["layers"][0].as_object_mut().unwrap();
    for (field, value) in changes {
        match value {
            Value::Null => drop(layer.remove(*field)),
            value => drop(layer.insert((*field).to_owned(), value.clone())),
        }
    }
    raw.read().err().map(|error| error.to_string())
}

#[test]
fn a_layer_has_a_threshold_or_bits_and_a_rounding_shift() {
    let nothing = Value::Null;
    let integer = || model(8, vec![Layer::Lstm(lstm(4, 11))]);
    let ternary = || {
        model(
            8,
            vec![Layer::Lstm(Lstm {
                threshold: Some(5),
                hidden_bits: None,
                hidden_round: None,
                ..lstm(4, 11)
            })],
        )
    };
    assert_eq!(read(integer(), &[]), None);
    assert_eq!(read(ternary(), &[]), None);
    let told = |model, changes: &[(&str, Value)]| read(model, changes).expect("a refusal");
    let missing = "layers.0.threshold is missing, expected it or, in its place, `hidden_bits` and `hidden_round`";
    assert_eq!(told(ternary(), &[("threshold", nothing.clone())]), missing);
    assert_eq!(
        told(integer(), &[("hidden_round", nothing.clone())]),
        "layers.0.hidden_round is missing, expected 0 to 14 beside `hidden_bits`"
    );
    assert_eq!(
        told(integer(), &[("hidden_bits", nothing)]),
        "layers.0.hidden_bits is missing, expected 3 to 8 beside `hidden_round`"
    );
    for field in ["hidden_bits", "hidden_round"] {
        assert_eq!(
            told(ternary(), &[(field, json!(4))]),
            "layers.0.threshold is 5, expected none beside `hidden_bits` or `hidden_round`"
        );
    }
    assert_eq!(
        told(integer(), &[("threshold", json!(7))]),
        "layers.0.threshold is 7, expected none beside `hidden_bits` or `hidden_round`"
    );
}

#[test]
fn bits_and_rounding_shift_have_ranges() {
    let lstm = || model(8, vec![Layer::Lstm(lstm(4, 11))]);
    let gru = || model(8, vec![Layer::Gru(gru(0))]);
    for bits in [3, 8] {
        assert_eq!(read(lstm(), &[("hidden_bits", json!(bits))]), None);
    }
    for bits in [0, 2, 9] {
        let told = read(lstm(), &[("hidden_bits", json!(bits))]).expect("a refusal");
        assert_eq!(
            told,
            format!("layers.0.hidden_bits is {bits}, expected 3 to 8")
        );
    }
    for (model, most) in [(lstm(), 14), (gru(), 2)] {
        let of = |round| read(model.clone(), &[("hidden_round", json!(round))]);
        assert_eq!((of(0), of(most)), (None, None));
        let told = of(most + 1).expect("a refusal");
        assert_eq!(
            told,
            format!(
                "layers.0.hidden_round is {}, expected 0 to {most}",
                most + 1
            )
        );
    }
}

#[test]
fn a_file_says_what_the_layer_has() {
    let raw = support::RawFile::of(&model(8, vec![Layer::Gru(gru(1))]));
    let layer = &raw.description["layers"][0];
    assert_eq!(
        (&layer["hidden_bits"], &layer["hidden_round"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(layer.get("threshold"), None);
    let raw = support::RawFile::of(&support::gru_model());
    let layer = raw.description["layers"][0].as_object().unwrap();
    assert!(!layer.contains_key("hidden_bits") && !layer.contains_key("hidden_round"));
}
