//! The core in Rust-HDL's simulation against the golden model and the cycle model.

mod common;

use common::stack;
use fastrand::Rng;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::{RandomSpec, random_model};

fn check(spec: &RandomSpec, rows: usize, lanes: usize, seed: u64) {
    let design = Design::new(rows, lanes, "ecp5-85k").expect("a valid design");
    check_model(
        &random_model(spec, seed),
        &design,
        &format!("{spec:?} seed {seed}"),
        seed,
    );
}

fn check_model(model: &Model, design: &Design, name: &str, seed: u64) {
    common::check(model, design, &[3, 1, 4], name, seed);
}

#[test]
fn hitnet_without_head() {
    check(&RandomSpec::hitnet(CellKind::Lstm, 5, 6), 2, 4, 1);
}

#[test]
fn hitnet_head_every_step() {
    check(
        &RandomSpec {
            head: Some(5),
            ..RandomSpec::hitnet(CellKind::Lstm, 7, 9)
        },
        3,
        4,
        2,
    );
}

#[test]
fn lanes_that_are_counted_in_two_cycles() {
    for lanes in [20, 21, 64] {
        let spec = RandomSpec {
            head: Some(5),
            ..RandomSpec::hitnet(CellKind::Lstm, 70, 45)
        };
        check(&spec, 3, lanes, 4);
    }
}

#[test]
fn fixed_point_head_last_step() {
    check(
        &RandomSpec {
            head: Some(10),
            output: Output::Last,
            ..RandomSpec::fixed_point(CellKind::Lstm, 6, 11)
        },
        4,
        3,
        3,
    );
}

#[test]
fn shifts_in_every_order() {
    for (input_shift, hidden_shift) in [(0, 3), (2, 0), (0, 0), (1, 2), (0, 2), (4, 0)] {
        let spec = RandomSpec {
            input_bits: 4,
            input_shift,
            hidden_shift,
            gate_frac: 3,
            head: Some(3),
            ..RandomSpec::hitnet(CellKind::Lstm, 5, 7)
        };
        check(&spec, 3, 2, 10 + u64::from(input_shift * 8 + hidden_shift));
    }
}

#[test]
fn gru_on_three_and_four_columns() {
    for (input_shift, hidden_shift) in [(0, 3), (2, 0), (0, 0), (1, 2), (0, 2), (4, 0)] {
        for columns in [3, 4] {
            for head in [None, Some(7)] {
                let spec = RandomSpec {
                    input_bits: 2,
                    input_shift,
                    hidden_shift,
                    gate_frac: 3,
                    state_bits: 6,
                    head,
                    ..RandomSpec::hitnet(CellKind::Gru, 5, 7)
                };
                let design = Design::new(3, 2, "ecp5-85k").expect("a valid design");
                let design = design.with_columns(columns).expect("a valid design");
                let name = format!("{spec:?}");
                check_model(&random_model(&spec, 5), &design, &name, 5);
            }
        }
    }
}

/// Hidden states of every number of bits, whose planes weigh less, as much and more than those of x.
#[test]
fn integer_hidden_states() {
    for (bits, input_shift, hidden_shift) in [
        (3, 0, 0),
        (4, 3, 0),
        (5, 0, 2),
        (6, 1, 4),
        (7, 0, 0),
        (8, 0, 9),
    ] {
        for (kind, head) in [
            (CellKind::Lstm, None),
            (CellKind::Lstm, Some(6)),
            (CellKind::Gru, None),
            (CellKind::Gru, Some(5)),
        ] {
            let spec = RandomSpec {
                input_bits: 4,
                input_shift,
                hidden_shift,
                hidden_bits: vec![bits],
                head,
                ..RandomSpec::fixed_point(kind, 5, 7)
            };
            check(&spec, 3, 3, u64::from(bits));
        }
    }
}

/// On three columns the planes of x all come before those of the hidden state, or all after them.
#[test]
fn integer_hidden_states_on_three_columns() {
    for (input_shift, hidden_shift) in [(0, 2), (0, 3), (2, 0), (3, 0), (0, 7)] {
        for head in [None, Some(7)] {
            let spec = RandomSpec {
                input_bits: 4,
                input_shift,
                hidden_shift,
                hidden_bits: vec![4],
                head,
                ..RandomSpec::fixed_point(CellKind::Gru, 5, 7)
            };
            let design = Design::new(3, 2, "ecp5-85k").expect("a valid design");
            let design = design.with_columns(3).expect("a valid design");
            check_model(&random_model(&spec, 5), &design, &format!("{spec:?}"), 5);
        }
    }
    let spec = RandomSpec {
        input_bits: 4,
        hidden_shift: 1,
        hidden_bits: vec![4],
        ..RandomSpec::fixed_point(CellKind::Gru, 5, 7)
    };
    let design = Design::new(3, 2, "ecp5-85k").expect("a valid design");
    let design = design.with_columns(3).expect("a valid design");
    let error = Program::compile(&random_model(&spec, 5), &design).unwrap_err();
    assert_eq!(
        error.to_string(),
        "field `columns` is 3, expected 4 for layers.0, whose hidden planes, of weight 2^1 to 2^3, lie between the first and the last plane of its input, 0 and 2"
    );
}

#[test]
fn random_stacks() {
    for seed in 0..40 {
        let (model, design) = stack(&mut Rng::with_seed(seed), seed);
        let name = format!(
            "seed {seed}: {:?}",
            Program::compile(&model, &design).map(|p| p.shape)
        );
        check_model(&model, &design, &name, seed);
    }
}

#[test]
fn linear_layer_alone() {
    for (bits, output) in [(2, Output::Every), (8, Output::Last), (5, Output::Every)] {
        let spec = RandomSpec {
            cells: vec![],
            head: Some(11),
            input_bits: bits,
            output,
            ..RandomSpec::hitnet(CellKind::Lstm, 9, 1)
        };
        check(&spec, 2, 4, 3);
    }
}
