//! The shipped networks on the test recordings: accuracy, and every output of the hardware.

use tern_sim::compare::mismatch::Context;
use tern_sim::stream::stall::StallPattern;
use tern_tests::check::{check, driver};
use tern_tests::recordings::{has_data_set, shipped, test_recordings};
use tern_tests::simulators;
use tern_train::classify::evaluate::correct;

/// Checks `models/NAME` on every `stride`-th test recording; at least `accuracy` of all must be right.
fn run(name: &str, stride: usize, accuracy: f64) {
    let shipped = shipped(name);
    let (model, lanes) = (&shipped.model, shipped.program.shape.design.lanes);
    let examples = test_recordings(model, 1);
    let count = if has_data_set() { 300 } else { 10 };
    assert_eq!(examples.len(), count, "test recordings");
    let right = correct(model, &examples).unwrap();
    println!("{name}: {right} of {} right", examples.len());
    assert!(
        right as f64 >= accuracy * examples.len() as f64,
        "{name}: {right} of {} right, expected {accuracy}",
        examples.len()
    );

    let simulator = simulators::build(&simulators::verilog(&shipped.program), false);
    let dut = simulator
        .unwrap_or_else(|error| panic!("{error}"))
        .instance();
    let mut driver = driver(dut, model, lanes).expect("the streams fit");
    let sequences: Vec<_> = examples
        .into_iter()
        .step_by(stride)
        .map(|example| example.features)
        .collect();
    let context = Context {
        design: name.to_owned(),
        seed: 0,
    };
    check(
        &mut driver,
        model,
        &sequences,
        StallPattern::none(0),
        &context,
    )
    .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn all_recordings_in_fixed_point() {
    run("spoken-digits", 1, 0.97);
}

#[test]
fn recordings_in_pure_hitnet() {
    run("spoken-digits-hitnet", 5, 0.95);
}
