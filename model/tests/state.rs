//! State lives from step to step and starts every sequence at zero.

mod support;

use proptest::prelude::*;
use tern_model::golden::Golden;
use tern_model::network::Output;
use tern_model::random::{random_model, random_sequence};

proptest! {
    #[test]
    fn every_sequence_starts_from_zero_state(spec in support::specs(), seed: u64) {
        let model = random_model(&spec, seed);
        let mut golden = Golden::new(&model);
        let first = random_sequence(&model, 7, seed);
        let second = random_sequence(&model, 5, !seed);
        let fresh = golden.run(&second);
        golden.run(&first);
        prop_assert_eq!(golden.run(&second), fresh);
    }

    #[test]
    fn a_sequence_in_steps_is_the_sequence_in_one_run(spec in support::specs(), seed: u64) {
        let model = random_model(&spec, seed);
        let sequence = random_sequence(&model, 9, seed);
        let whole = Golden::new(&model).run(&sequence);
        let mut golden = Golden::new(&model);
        let steps: Vec<Vec<i32>> = sequence.iter().map(|x| golden.step(x)).collect();
        match model.output {
            Output::Every => prop_assert_eq!(whole, steps),
            Output::Last => prop_assert_eq!(&whole[..], &steps[8..]),
        }
        golden.reset();
        let fresh = Golden::new(&model);
        prop_assert_eq!(golden.layers(), fresh.layers());
    }
}

#[test]
fn state_changes_what_an_input_gives() {
    let model = support::lstm_model();
    let mut golden = Golden::new(&model);
    let sequence = random_sequence(&model, 20, 3);
    let steps: Vec<Vec<i32>> = sequence.iter().map(|x| golden.step(x)).collect();
    let alone: Vec<Vec<i32>> = sequence
        .iter()
        .map(|x| golden.run(std::slice::from_ref(x)).concat())
        .collect();
    assert_ne!(steps, alone);
}

#[test]
fn a_sequence_without_steps_gives_no_output() {
    for model in [support::lstm_model(), support::gru_model()] {
        assert!(Golden::new(&model).run(&[]).is_empty());
    }
}
