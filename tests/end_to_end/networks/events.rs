//! Event arrays on Verilator and in Rust-HDL, as `random_networks` has dense ones.

use tern_compile::design::Skip;
use tern_model::network::Output;
use tern_tests::family::Family;

use super::random_networks::{GRU, LSTM, fixed_point, run, with};

fn events(skip: Skip, family: Family) -> Family {
    Family {
        skip: Some(skip),
        ..family
    }
}

#[test]
fn changes_of_an_lstm_with_a_head() {
    let mut family = events(Skip::Delta, fixed_point(7, 19, 2, 4));
    family.spec.head = Some(6);
    run(family.clone());
    family.spec.output = Output::Last;
    run(family);
}

#[test]
fn what_is_not_zero_of_an_lstm() {
    let mut family = events(Skip::Zero, fixed_point(9, 11, 1, 5));
    family.spec.output = Output::Last;
    run(family.clone());
    family.spec.head = Some(3);
    run(family);
}

#[test]
fn changes_of_a_gru() {
    let mut family = with(&[(GRU, 13)], 4, fixed_point(6, 9, 3, 4));
    family.threshold = 70;
    run(events(Skip::Delta, family));
}

/// Layers of 5 bits, of trits and of 3 bits above each other, of both kinds.
#[test]
fn changes_of_a_stack() {
    let mut family = with(
        &[(LSTM, 7), (GRU, 6), (LSTM, 9)],
        4,
        fixed_point(5, 7, 1, 4),
    );
    family.spec.hidden_bits = vec![5, 2, 3];
    family.threshold = 60;
    run(events(Skip::Delta, family.clone()));
    family.spec.head = Some(9);
    run(events(Skip::Zero, family));
}

/// A block of one unit, a head of one output, more rows than the head has inputs.
#[test]
fn least_sizes() {
    let mut family = events(Skip::Delta, fixed_point(1, 1, 3, 4));
    family.spec.head = Some(1);
    run(family.clone());
    family.spec.output = Output::Last;
    family.skip = Some(Skip::Zero);
    run(family);
}
