//! The golden model on networks small enough to compute by hand.

mod support;

use support::model_of as model;
use tern_model::golden::{Golden, LayerState};
use tern_model::network::{Gate, Gru, GruGate, Layer, Linear, Lstm};

fn lstm_state<'g>(golden: &'g Golden) -> &'g tern_model::golden::LstmState {
    match &golden.layers()[0] {
        LayerState::Lstm(state) => state,
        other => panic!("expected an LSTM layer, found {other:?}"),
    }
}

fn gru_state<'g>(golden: &'g Golden) -> &'g tern_model::golden::GruState {
    match &golden.layers()[0] {
        LayerState::Gru(state) => state,
        other => panic!("expected a GRU layer, found {other:?}"),
    }
}

/// Gates open at sums of 1, the candidate is the sum's sign, the output gate is always open.
fn hitnet_lstm() -> Lstm {
    Lstm {
        input_size: 2,
        hidden_size: 1,
        gate_frac: 0,
        lut_bits: 2,
        state_bits: 3,
        input_shift: 0,
        hidden_shift: 1,
        lut_shift: [0; 4],
        state_lut_shift: 0,
        threshold: Some(1),
        hidden_bits: None,
        hidden_round: None,
        weight_ih: [[1, 0], [0, 0], [0, 1], [0, 0]].concat(),
        weight_hh: vec![1, 0, -1, 0],
        bias: vec![0, 1, 0, 0],
        lut: [[0, 0, 0, 1], [0, 0, 0, 1], [-1, -1, 0, 1], [0, 0, 1, 1]].concat(),
        state_lut: vec![-1, -1, 0, 1],
    }
}

#[test]
fn hitnet_lstm_counts_in_its_cell_state() {
    let model = model(2, vec![Layer::Lstm(hitnet_lstm())]);
    let mut golden = Golden::new(&model);
    // x, then the sums i, f, g, o, the gates i, f, g, o, c and h.
    let steps = [
        ([1, 1], [1, 1, 1, 0], [1, 1, 1, 1], 1, 1),
        ([1, -1], [3, 1, -3, 0], [1, 1, -1, 1], 0, 0),
        ([1, -1], [1, 1, -1, 0], [1, 1, -1, 1], -1, -1),
        ([0, -1], [-2, 1, 1, 0], [0, 1, 1, 1], -1, -1),
    ];
    for (x, sums, gates, c, h) in steps {
        assert_eq!(golden.step(&x), [h]);
        let state = lstm_state(&golden);
        assert_eq!(state.sums, sums.map(|z| vec![z]), "sums at {x:?}");
        assert_eq!(
            state.gates,
            gates.map(|value| vec![value]),
            "gates at {x:?}"
        );
        assert_eq!(state.cell_state, [c], "cell state at {x:?}");
        assert_eq!(state.hidden_state, [i64::from(h)], "hidden state at {x:?}");
    }
}

#[test]
fn cell_state_saturates_at_both_ends() {
    // The input gate always open, no hidden weights: c counts x[1] within 3 bits.
    let lstm = Lstm {
        weight_hh: vec![0; 4],
        bias: vec![1, 1, 0, 0],
        ..hitnet_lstm()
    };
    let model = model(2, vec![Layer::Lstm(lstm)]);
    let mut golden = Golden::new(&model);
    let mut count = |x: i32| -> Vec<i64> {
        let mut step = |_| {
            golden.step(&[0, x]);
            lstm_state(&golden).cell_state[0]
        };
        (0..9).map(&mut step).collect()
    };
    assert_eq!(count(1), [1, 2, 3, 3, 3, 3, 3, 3, 3]);
    assert_eq!(count(-1), [2, 1, 0, -1, -2, -3, -4, -4, -4]);
}

#[test]
fn fixed_point_lstm_rounds_and_shifts_like_the_equations() {
    let lstm = Lstm {
        input_size: 1,
        hidden_size: 1,
        gate_frac: 7,
        lut_bits: 3,
        state_bits: 12,
        input_shift: 0,
        hidden_shift: 4,
        lut_shift: [4; 4],
        state_lut_shift: 5,
        threshold: Some(7200),
        hidden_bits: None,
        hidden_round: None,
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
    };
    let model = model(8, vec![Layer::Lstm(lstm)]);
    let mut golden = Golden::new(&model);
    // c = (128 * -128 + 64) >> 7 = -128;  t = state_lut[-4] = -127;  80 * -127 <= -7200
    assert_eq!(golden.step(&[100]), [-1]);
    assert_eq!(lstm_state(&golden).gate(Gate::Input), [128]);
    assert_eq!(lstm_state(&golden).gate(Gate::Cell), [-128]);
    assert_eq!(lstm_state(&golden).cell_state, [-128]);
    // z_i = -20 - 16;  c = (96 * -128 + 10 * 50 + 64) >> 7 = -92;  80 * -90 is just -7200
    assert_eq!(golden.step(&[-20]), [-1]);
    assert_eq!(lstm_state(&golden).sums[Gate::Input.index()], [-36]);
    assert_eq!(lstm_state(&golden).gate(Gate::Input), [10]);
    assert_eq!(lstm_state(&golden).gate(Gate::Cell), [50]);
    assert_eq!(lstm_state(&golden).cell_state, [-92]);
    // c = (96 * -92 + 0 * 127 + 64) >> 7 = -69, and again -52;  80 * -60 > -7200
    assert_eq!(golden.step(&[-127]), [-1]);
    assert_eq!(lstm_state(&golden).cell_state, [-69]);
    assert_eq!(golden.step(&[-127]), [0]);
    assert_eq!(lstm_state(&golden).cell_state, [-52]);
}

#[test]
fn gru_resets_after_the_recurrent_product() {
    let gru = Gru {
        input_size: 1,
        hidden_size: 1,
        gate_frac: 2,
        lut_bits: 3,
        state_bits: 5,
        input_shift: 1,
        hidden_shift: 0,
        lut_shift: [0, 0, 1],
        threshold: Some(2),
        hidden_bits: None,
        hidden_round: None,
        weight_ih: vec![1, -1, 1],
        weight_hh: vec![1, 0, -1],
        bias: vec![0, 1, 1, 3],
        lut: [
            [0, 0, 1, 1, 2, 3, 4, 4],
            [4, 3, 3, 2, 1, 1, 0, 0],
            [-4, -3, -2, -1, 0, 2, 3, 4],
        ]
        .concat(),
    };
    let model = model(3, vec![Layer::Gru(gru)]);
    let mut golden = Golden::new(&model);
    // x, then the sums z_r, z_z, a, b, the gates r, u, n, q and h.
    let steps = [
        (2, [4, -3, 5, 3], [4, 3, 4], 1, 0),
        (1, [2, -1, 3, 3], [4, 2, 4], 3, 1),
        (-2, [-3, 5, -3, 2], [0, 0, -2], -2, -1),
        (0, [-1, 1, 1, 4], [1, 1, 2], 1, 0),
    ];
    for (x, sums, [r, u, n], q, h) in steps {
        assert_eq!(golden.step(&[x]), [h]);
        let state = gru_state(&golden);
        assert_eq!(state.sums, sums.map(|z| vec![z]), "sums at {x}");
        assert_eq!(state.gate(GruGate::Reset), [r], "r at {x}");
        assert_eq!(state.gate(GruGate::Update), [u], "u at {x}");
        assert_eq!(state.gate(GruGate::New), [n], "n at {x}");
        assert_eq!(state.cell_state, [q], "q at {x}");
    }
}

#[test]
fn linear_layer_is_never_saturated() {
    let linear = Linear {
        input_size: 3,
        output_size: 2,
        weight: [[1, 0, -1], [1, 1, 1]].concat(),
        bias: vec![i32::MAX - 254, -5],
    };
    let model = model(8, vec![Layer::Linear(linear)]);
    let mut golden = Golden::new(&model);
    assert_eq!(golden.step(&[127, 9, -127]), [i32::MAX, 4]);
    assert_eq!(
        golden.layers()[0],
        LayerState::Linear(vec![i64::from(i32::MAX), 4])
    );
}

#[test]
fn lowest_input_code_is_read_as_the_one_above() {
    for (input_bits, lowest) in [(3, -4), (4, -8), (8, -128)] {
        let linear = Linear {
            input_size: 1,
            output_size: 1,
            weight: vec![1],
            bias: vec![0],
        };
        let model = model(input_bits, vec![Layer::Linear(linear)]);
        let mut golden = Golden::new(&model);
        assert_eq!(golden.step(&[lowest]), [lowest + 1]);
        assert_eq!(golden.step(&[lowest + 1]), [lowest + 1]);
    }
}

#[test]
fn layers_stack_and_the_head_reads_the_top_hidden_state() {
    // The second layer's input is the first one's h, on both of its elements.
    let second = Lstm {
        input_size: 1,
        weight_ih: vec![1, 0, 1, 0],
        weight_hh: vec![0; 4],
        ..hitnet_lstm()
    };
    let head = Linear {
        input_size: 1,
        output_size: 2,
        weight: vec![1, -1],
        bias: vec![10, 20],
    };
    let layers = vec![
        Layer::Lstm(hitnet_lstm()),
        Layer::Lstm(second),
        Layer::Linear(head),
    ];
    let model = model(2, layers);
    let mut golden = Golden::new(&model);
    // First layer h: 1, 0, -1, -1; second layer z_i = h opens at 1 only, so c stays 1.
    let sequence = [[1, 1], [1, -1], [1, -1], [0, -1]].map(Vec::from);
    assert_eq!(golden.run(&sequence), vec![[11, 19]; 4]);
    // Without the first step no h is ever 1.
    assert_eq!(golden.run(&sequence[3..]), [[10, 20]]);
}

#[test]
#[should_panic(expected = "input holds -2 at [0], expected -1 to 1")]
fn step_refuses_an_input_that_is_no_trit() {
    let model = model(2, vec![Layer::Lstm(hitnet_lstm())]);
    Golden::new(&model).step(&[-2, 0]);
}

#[test]
#[should_panic(expected = "input has 1 elements, expected 2")]
fn step_refuses_an_input_of_another_size() {
    let model = model(2, vec![Layer::Lstm(hitnet_lstm())]);
    Golden::new(&model).step(&[1]);
}
