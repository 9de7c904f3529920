//! Hidden states of more than a trit on Verilator and in Rust-HDL, as `random_networks` has trits.

use tern_model::network::Output;

use super::random_networks::{GRU, LSTM, fixed_point, run, with};

/// Planes of x and of the hidden state in turn.
#[test]
fn integer_hidden_states_of_an_lstm() {
    let mut family = fixed_point(7, 11, 3, 4);
    family.spec.hidden_shift = 2;
    family.spec.hidden_bits = vec![4];
    run(family);
}

#[test]
fn integer_hidden_states_of_eight_bits_with_a_head() {
    let mut family = fixed_point(6, 9, 2, 5);
    family.spec.hidden_shift = 0;
    family.spec.hidden_bits = vec![8];
    family.spec.head = Some(6);
    run(family);
}

#[test]
fn integer_hidden_states_of_a_gru_on_three_columns() {
    let mut family = with(&[(GRU, 9)], 3, fixed_point(6, 9, 4, 3));
    family.spec.hidden_bits = vec![3];
    family.spec.output = Output::Last;
    family.threshold = 70;
    run(family);
}

/// Layers of 5 bits, of trits and of 3 bits above each other: each sums planes of its own and of the layer below.
#[test]
fn integer_and_ternary_hidden_states_in_a_stack() {
    let mut family = with(
        &[(LSTM, 7), (GRU, 6), (LSTM, 9)],
        4,
        fixed_point(5, 7, 3, 4),
    );
    family.spec.hidden_shift = 3;
    family.spec.hidden_bits = vec![5, 2, 3];
    family.threshold = 60;
    run(family.clone());
    // A layer of trits on top sends trits.
    family.spec.hidden_bits = vec![3, 4];
    run(family);
}
