//! An LSTM and a GRU of 300 units on 300 inputs: right, and busy nearly all the time; and layers of the largest size.

use tern_compile::cycles::CycleModel;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_model::network::CellKind;
use tern_model::random::{RandomSpec, random_model};
use tern_sim::compare::mismatch::Context;
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::family::stimulus;
use tern_tests::simulators;

/// Steps of the one sequence.
const STEPS: usize = 6;

/// Checks a network of 300 units on 300 inputs of `input_bits` on an array of columns, rows and lanes, and that its efficiency is
/// at least `least`.
fn run(kind: CellKind, input_bits: u32, [columns, rows, lanes]: [usize; 3], least: f64) {
    let spec = RandomSpec {
        input_bits,
        hidden_shift: if input_bits > 2 { input_bits - 1 } else { 0 },
        ..RandomSpec::fixed_point(kind, 300, 300)
    };
    let seed = 300;
    let model = random_model(&spec, seed);
    let design =
        Design::new(rows, lanes, "ecp5-85k").and_then(|design| design.with_columns(columns));
    let program = Program::compile(&model, &design.expect("a valid design")).expect("it fits");
    let shape = &program.shape;
    let context = Context {
        design: format!(
            "{} 300x{input_bits}b-300 on {columns}x{rows}x{lanes}",
            kind.name()
        ),
        seed,
    };
    let sequences = stimulus(&model, &[STEPS], seed);
    let simulator = simulators::build(&simulators::verilog(&program), false);
    let dut = simulator.expect("it builds").instance();
    let mut driver = driver(dut, &model, lanes).expect("the streams fit");
    let pattern = StallPattern::none(seed);
    let transcript = check(&mut driver, &model, &sequences, pattern, &context)
        .unwrap_or_else(|error| panic!("{error}"));
    let expected = CycleModel::new(shape).run(&[STEPS]).output_beats;
    assert_eq!(transcript.output_cycles, expected, "{context:?}");

    // From one step's first output beat to the next step's, in the middle of the run.
    let beats = shape.output_chunks();
    let first = |step: usize| transcript.output_cycles[step * beats];
    let cycles = first(STEPS - 2) - first(STEPS - 3);
    let gates = if kind == CellKind::Gru { 3 } else { 4 };
    let work = gates * 300 * ((input_bits as usize - 1) * 300 + 300);
    let measured = work as f64 / ((columns * rows * lanes) as f64 * cycles as f64);
    println!("{context:?}: {cycles} cycles a step, efficiency {measured:.4}");
    assert!(measured >= least, "{context:?}: measured {measured}");
    let modelled = shape.efficiency();
    assert!(
        (modelled - measured).abs() < 1e-9,
        "{context:?}: modelled {modelled}"
    );
}

/// Checks a network of two steps on a device without limits, on an array of `columns` x 2 x 64.
fn largest(spec: RandomSpec, columns: usize) {
    let (seed, lengths) = (1024, [2]);
    let model = random_model(&spec, seed);
    let design = Design::new(2, 64, "simulation").and_then(|design| design.with_columns(columns));
    let program = Program::compile(&model, &design.expect("a valid design")).expect("it fits");
    let context = Context {
        design: format!("{spec:?}"),
        seed,
    };
    let simulator = simulators::build(&simulators::verilog(&program), false);
    let dut = simulator.expect("it builds").instance();
    let mut driver = driver(dut, &model, 64).expect("the streams fit");
    let sequences = stimulus(&model, &lengths, seed);
    let transcript = check(
        &mut driver,
        &model,
        &sequences,
        StallPattern::none(seed),
        &context,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    let expected = CycleModel::new(&program.shape).run(&lengths).output_beats;
    assert_eq!(transcript.output_cycles, expected, "{context:?}");
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- large --include-ignored"]
fn layers_of_1024_units() {
    let cells = |kind| RandomSpec::hitnet(kind, 3, 1024);
    largest(cells(CellKind::Lstm), 4);
    largest(cells(CellKind::Gru), 3);
}

#[test]
fn a_linear_layer_of_1024_inputs_and_outputs() {
    let spec = RandomSpec {
        cells: vec![],
        head: Some(1024),
        input_bits: 3,
        ..RandomSpec::hitnet(CellKind::Lstm, 1024, 1)
    };
    largest(spec, 4);
}

#[test]
fn lstm_on_1200_lanes() {
    run(CellKind::Lstm, 2, [4, 20, 15], 0.99);
}

#[test]
fn lstm_on_arrays_of_the_size_of_an_hx8k() {
    run(CellKind::Lstm, 2, [4, 7, 8], 0.98);
    run(CellKind::Lstm, 2, [4, 3, 15], 0.99);
}

#[test]
#[ignore = "minutes: cargo test --release --workspace --test end_to_end -- large --include-ignored"]
fn lstm_with_byte_inputs() {
    run(CellKind::Lstm, 8, [4, 10, 20], 0.99);
}

#[test]
fn gru_on_900_lanes() {
    run(CellKind::Gru, 2, [3, 20, 15], 0.98);
}

#[test]
fn gru_on_an_array_of_the_size_of_an_hx8k() {
    run(CellKind::Gru, 2, [3, 10, 8], 0.98);
}
