//! A 300-unit LSTM with 300 inputs: right, and busy nearly all the time.

use tern_model::{CellKind, CycleModel, Design, Program, RandomSpec, random_model};
use tern_sim::scoreboard::Context;
use tern_sim::stream::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::family::stimulus;
use tern_tests::simulators;

/// Steps of the one sequence.
const STEPS: usize = 6;

/// Checks the network with inputs of `input_bits`, its hidden part scaled by 2^`hidden_shift`, on an array of 4 x 10 x 20.
fn run(input_bits: u32, hidden_shift: u32) {
    let spec = RandomSpec {
        input_bits,
        hidden_shift,
        ..RandomSpec::fixed_point(CellKind::Lstm, 300, 300)
    };
    let seed = 300;
    let model = random_model(&spec, seed);
    let design = Design::new(10, 20, "ecp5-85k").expect("a valid design");
    let program = Program::compile(&model, &design).expect("it fits");
    let shape = &program.shape;
    let context = Context {
        design: format!("lstm 300x{input_bits}b-300 on 4x10x20"),
        seed,
    };
    let sequences = stimulus(&model, &[STEPS], seed);
    let simulator = simulators::build(&simulators::verilog(&program), false);
    let dut = simulator.expect("it builds").instance();
    let mut driver = driver(dut, &model, 20).expect("the streams fit");
    let pattern = StallPattern::none(seed);
    let transcript = check(&mut driver, &model, &sequences, pattern, &context)
        .unwrap_or_else(|error| panic!("{error}"));
    let expected = CycleModel::new(shape).run(&[STEPS]).output_beats;
    assert_eq!(transcript.output_cycles, expected, "{context:?}");

    // From one step's first output beat to the next step's, in the middle of the run.
    let beats = shape.output_chunks();
    let first = |step: usize| transcript.output_cycles[step * beats];
    let cycles = first(STEPS - 2) - first(STEPS - 3);
    let work = 4 * 300 * ((input_bits as usize - 1) * 300 + 300);
    let measured = work as f64 / (4.0 * 10.0 * 20.0 * cycles as f64);
    println!("{context:?}: {cycles} cycles a step, efficiency {measured:.4}");
    assert!(measured >= 0.95, "{context:?}: measured {measured}");
    let modelled = shape.efficiency();
    assert!(modelled >= 0.95, "{context:?}: modelled {modelled}");
}

#[test]
fn ternary_inputs() {
    run(2, 0);
}

#[test]
fn byte_inputs() {
    run(8, 7);
}
