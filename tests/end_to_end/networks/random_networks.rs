//! Random networks: on Verilator every output under the four stall patterns and every cycle without stalls; and a random case
//! each, with stalls and resets, in which the golden model, Rust-HDL and Verilator agree in every value and every cycle.

use std::collections::BTreeSet;

use tern_compile::cycles::Timeline;
use tern_compile::program::Program;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::RandomSpec;
use tern_sim::compare::mismatch::Context;
use tern_sim::error::SimError;
use tern_sim::executor::build::Build;
use tern_sim::stream::stall::StallPattern;
use tern_sim::verify::campaign::Bench;
use tern_tests::check::{check, driver, explain, golden};
use tern_tests::family::{Biases, Family, stimulus};
use tern_tests::simulators;

/// Networks of each family.
const SEEDS: std::ops::Range<u64> = 0..25;

pub(crate) const LSTM: CellKind = CellKind::Lstm;
pub(crate) const GRU: CellKind = CellKind::Gru;

/// Runs every network of a family on one build of its hardware.
pub(crate) fn run(family: Family) {
    let (models, programs) = family.compile(SEEDS);
    let verilog = simulators::verilog(&programs[0]);
    let simulator = simulators::build(&verilog, false).unwrap_or_else(|error| panic!("{error}"));
    let builds = [Build::rust_hdl(), Build::verilator(simulator.clone())];
    let mut values = BTreeSet::new();
    for ((model, program), seed) in models.iter().zip(&programs).zip(SEEDS) {
        let context = Context {
            design: family.label(),
            seed,
        };
        let lengths = [3, 1, 2 + seed as usize % 4];
        let sequences = stimulus(model, &lengths, seed);
        values.extend(golden(model, &sequences).concat().concat());
        let load = |dut: &mut _| simulators::load(dut, program);
        let run = || -> Result<(), SimError> {
            let mut dut = simulator.instance();
            load(&mut dut)?;
            let mut driver = driver(dut, model, family.lanes)?;
            let expected = Timeline::of(model, &program.shape, &sequences).output_beats;
            for pattern in StallPattern::all(seed) {
                driver.reset(1);
                let transcript = check(&mut driver, model, &sequences, pattern, &context)?;
                if pattern == StallPattern::none(seed) {
                    assert_eq!(
                        transcript.output_cycles, expected,
                        "cycles of the output beats of {context:?}"
                    );
                }
            }
            Ok(())
        };
        if let Err(error) = run() {
            let error = explain(error, model, &sequences, &program.shape, &verilog, load);
            panic!("{context:?}: {error}");
        }
        random_case(model, program, &builds, &context);
    }
    let name = family.label();
    assert!(values.len() >= 3, "{name} gives {values:?} alone");
}

/// A random case through golden model, Rust-HDL and Verilator; the message of a failure has the smallest case that fails.
fn random_case(model: &Model, program: &Program, builds: &[Build], context: &Context) {
    let bench = Bench {
        name: &context.design,
        model,
        program,
        golden: true,
        builds,
        load: true,
    };
    let run = bench.run(context.seed, 1, 2, &mut || ());
    let (_, found) = run.unwrap_or_else(|error| panic!("{context}: {error}"));
    if let Some(found) = found {
        panic!("case {}: {}", found.case, found.error);
    }
}

/// Pure HitNet on trits, no head, an output every step.
fn hitnet(input_size: usize, hidden_size: usize, rows: usize, lanes: usize) -> Family {
    Family {
        spec: RandomSpec::hitnet(LSTM, input_size, hidden_size),
        columns: 4,
        rows,
        lanes,
        skip: None,
        device: "ecp5-85k",
        threshold: 1,
        biases: Biases::Narrow { limit: 9, step: 1 },
    }
}

/// Fixed point F = 7 on 8-bit inputs, no head, an output every step.
pub(crate) fn fixed_point(
    input_size: usize,
    hidden_size: usize,
    rows: usize,
    lanes: usize,
) -> Family {
    Family {
        spec: RandomSpec::fixed_point(LSTM, input_size, hidden_size),
        threshold: 4000,
        biases: Biases::Wide,
        ..hitnet(input_size, hidden_size, rows, lanes)
    }
}

#[test]
fn smallest() {
    run(hitnet(1, 1, 1, 2));
}

#[test]
fn smallest_with_a_head_of_many_blocks() {
    let mut family = hitnet(1, 1, 1, 2);
    family.spec.head = Some(9);
    run(family);
}

#[test]
fn one_below_and_above_the_lanes() {
    let mut family = hitnet(3, 5, 2, 4);
    family.spec.output = Output::Last;
    family.biases = Biases::Wide;
    run(family);
}

#[test]
fn hidden_state_summed_first() {
    let mut family = hitnet(4, 9, 3, 4);
    family.spec = RandomSpec {
        gate_frac: 1,
        input_bits: 3,
        lut_bits: 5,
        state_bits: 6,
        input_shift: 2,
        head: Some(5),
        ..family.spec
    };
    family.threshold = 2;
    run(family);
}

#[test]
fn hidden_state_summed_first_then_a_gap() {
    let mut family = hitnet(17, 6, 5, 8);
    family.spec.output = Output::Last;
    family.spec.input_shift = 4;
    family.biases = Biases::Narrow { limit: 99, step: 4 };
    run(family);
}

#[test]
fn hidden_state_summed_between_planes() {
    let mut family = fixed_point(5, 4, 3, 5);
    family.spec = RandomSpec {
        gate_frac: 8,
        hidden_shift: 3,
        state_bits: 16,
        lut_bits: 10,
        ..family.spec
    };
    family.threshold = 16_384;
    run(family);
}

#[test]
fn hidden_state_summed_last_after_a_gap() {
    let mut family = hitnet(3, 7, 7, 2);
    family.spec = RandomSpec {
        gate_frac: 3,
        input_bits: 4,
        hidden_shift: 6,
        lut_bits: 7,
        lut_shift: 2,
        state_bits: 9,
        head: Some(1),
        ..family.spec
    };
    family.threshold = 20;
    family.biases = Biases::Narrow {
        limit: 1000,
        step: 64,
    };
    run(family);
}

#[test]
fn input_scaled_above_the_hidden_state() {
    let mut family = fixed_point(6, 12, 2, 6);
    family.spec = RandomSpec {
        input_bits: 5,
        input_shift: 5,
        hidden_shift: 2,
        lut_shift: 5,
        head: Some(9),
        output: Output::Last,
        ..family.spec
    };
    run(family);
}

#[test]
fn fixed_point_with_a_head_at_the_end() {
    let mut family = fixed_point(4, 11, 4, 3);
    family.spec.head = Some(10);
    family.spec.output = Output::Last;
    family.device = "ice40-hx8k";
    run(family);
}

#[test]
fn more_rows_than_units() {
    let mut family = fixed_point(9, 3, 16, 4);
    family.spec.head = Some(7);
    family.spec.state_bits = 24;
    family.spec.state_lut_shift = 16;
    family.biases = Biases::Narrow {
        limit: 500,
        step: 1,
    };
    run(family);
}

#[test]
fn blocks_shorter_than_their_drain() {
    let mut family = hitnet(4, 20, 9, 16);
    family.biases = Biases::Wide;
    run(family);
}

#[test]
fn blocks_shorter_than_their_drain_with_a_head() {
    let mut family = hitnet(4, 33, 16, 8);
    family.spec.gate_frac = 4;
    family.spec.head = Some(70);
    family.threshold = 40;
    run(family);
}

#[test]
fn like_the_spoken_digits() {
    let mut family = fixed_point(20, 32, 8, 16);
    family.spec.head = Some(10);
    family.spec.output = Output::Last;
    run(family);
}

#[test]
fn widest_stream() {
    let mut family = fixed_point(33, 65, 4, 32);
    family.spec.gate_frac = 0;
    family.spec.lut_bits = 1;
    family.spec.state_bits = 2;
    family.spec.state_lut_shift = 0;
    family.threshold = 1;
    run(family);
}

#[test]
fn loaded_memories_equal_built_ones() {
    let mut family = fixed_point(4, 5, 2, 3);
    family.spec.head = Some(3);
    let (models, programs) = family.compile(0..4);
    let (model, context) = (&models[3], Context::default());
    let alone = Program::compile(model, &family.design()).expect("a network that fits");
    let sequences = stimulus(model, &[3, 1, 4], 3);
    let transcript = |program: &Program, load: bool| {
        let run = || {
            let mut dut = simulators::build(&simulators::verilog(program), false)?.instance();
            if load {
                simulators::load(&mut dut, &programs[3])?;
            }
            let mut driver = driver(dut, model, family.lanes)?;
            let pattern = StallPattern::all(3)[3];
            check(&mut driver, model, &sequences, pattern, &context)
        };
        run().unwrap_or_else(|error| panic!("seed 3: {error}"))
    };
    let loaded = transcript(&programs[0], true);
    assert_eq!(
        loaded,
        transcript(&programs[3], false),
        "built of its family's shape"
    );
    assert_eq!(loaded, transcript(&alone, false), "built of its own shape");
}

/// The same family with other layers, on so many columns.
pub(crate) fn with(cells: &[(CellKind, usize)], columns: usize, family: Family) -> Family {
    Family {
        spec: RandomSpec {
            cells: cells.to_vec(),
            ..family.spec
        },
        columns,
        ..family
    }
}

#[test]
fn gru_on_trits() {
    let mut family = with(&[(GRU, 9)], 3, hitnet(5, 9, 2, 4));
    family.spec.state_bits = 2;
    run(family);
}

#[test]
fn gru_in_fixed_point() {
    let mut family = with(&[(GRU, 11)], 3, fixed_point(6, 11, 4, 3));
    family.spec.head = Some(8);
    family.spec.output = Output::Last;
    family.threshold = 70;
    run(family);
}

#[test]
fn gru_whose_hidden_state_is_summed_first() {
    let mut family = with(&[(GRU, 7)], 3, fixed_point(5, 7, 3, 4));
    family.spec.input_shift = 3;
    family.spec.hidden_shift = 3;
    family.spec.head = Some(4);
    family.threshold = 40;
    run(family);
}

#[test]
fn gru_on_four_columns() {
    let mut family = with(&[(GRU, 6)], 4, fixed_point(5, 6, 3, 5));
    family.spec.hidden_shift = 3;
    family.threshold = 60;
    run(family);
}

#[test]
fn two_gru_layers() {
    let mut family = with(&[(GRU, 9), (GRU, 5)], 3, fixed_point(7, 9, 2, 4));
    family.spec.head = Some(5);
    family.threshold = 50;
    run(family);
}

#[test]
fn two_lstm_layers() {
    let family = with(&[(LSTM, 9), (LSTM, 6)], 4, fixed_point(7, 9, 4, 3));
    run(family);
}

#[test]
fn three_layers_of_both_kinds() {
    let mut family = with(
        &[(GRU, 8), (LSTM, 5), (GRU, 10)],
        4,
        fixed_point(4, 8, 3, 4),
    );
    family.spec.head = Some(6);
    family.spec.output = Output::Last;
    family.threshold = 60;
    run(family);
}

#[test]
fn layers_shorter_than_the_cell_takes() {
    let mut family = with(&[(LSTM, 1), (GRU, 2), (LSTM, 3)], 4, hitnet(2, 1, 3, 4));
    family.spec.state_bits = 3;
    run(family);
}

#[test]
fn linear_layer_alone() {
    let mut family = with(&[], 4, fixed_point(9, 1, 2, 4));
    family.spec.head = Some(11);
    family.spec.output = Output::Last;
    run(family);
}
