//! Event arrays in Rust-HDL's simulation against the golden model and the cycle model.

mod common;

use common::stack;
use fastrand::Rng;
use tern_compile::design::{Design, Skip};
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::{RandomSpec, random_model};

fn design(rows: usize, lanes: usize, skip: Skip) -> Design {
    let design = Design::new(rows, lanes, "simulation").expect("a valid design");
    design.with_events(skip).expect("a valid design")
}

fn check(spec: &RandomSpec, rows: usize, lanes: usize, skip: Skip, seed: u64) {
    check_model(&random_model(spec, seed), &design(rows, lanes, skip), seed);
}

/// Also holds the steps inside a sequence to the most that the core is said to take.
fn check_model(model: &Model, design: &Design, seed: u64) {
    let lengths = [3, 1, 4, 1, 5];
    let ends = common::check(model, design, &lengths, "", seed).step_ends;
    let most = Program::compile(model, design).expect("it fits").shape;
    let mut first = 0;
    for steps in lengths {
        let inside = ends[first..first + steps].windows(2);
        let longest = inside.map(|ends| ends[1] - ends[0]).max();
        assert!(
            longest <= Some(most.cycles_per_step()),
            "{most:?}, seed {seed}"
        );
        first += steps;
    }
}

#[test]
fn small() {
    for skip in [Skip::Delta, Skip::Zero] {
        check(&RandomSpec::hitnet(CellKind::Lstm, 5, 6), 2, 4, skip, 1);
        let every = RandomSpec {
            head: Some(5),
            ..RandomSpec::hitnet(CellKind::Lstm, 7, 9)
        };
        check(&every, 3, 4, skip, 2);
        let last = RandomSpec {
            head: Some(10),
            output: Output::Last,
            ..RandomSpec::fixed_point(CellKind::Gru, 6, 11)
        };
        check(&last, 4, 4, skip, 3);
    }
}

#[test]
fn shifts_in_every_order() {
    for (input_shift, hidden_shift) in [(0, 3), (2, 0), (0, 0), (1, 2), (4, 1)] {
        let spec = RandomSpec {
            input_bits: 4,
            input_shift,
            hidden_shift,
            gate_frac: 3,
            ..RandomSpec::hitnet(CellKind::Lstm, 5, 7)
        };
        let seed = 10 + u64::from(input_shift * 8 + hidden_shift);
        check(&spec, 1, 4, Skip::Delta, seed);
        let with_head = RandomSpec {
            head: Some(3),
            ..spec
        };
        check(&with_head, 1, 4, Skip::Zero, seed);
    }
}

#[test]
fn random_stacks() {
    for seed in 0..60 {
        let rng = &mut Rng::with_seed(seed);
        let (model, dense) = stack(rng, seed);
        let skip = if rng.bool() { Skip::Delta } else { Skip::Zero };
        let design = design(rng.usize(1..5), dense.lanes.max(4), skip);
        if !model.layers.is_empty() {
            check_model(&model, &design, seed);
        }
    }
}
