//! The engine gives the golden model's numbers, with every instruction set that this machine has.

mod support;

use proptest::prelude::*;
use tern_model::engine::{Engine, InstructionSet};
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Embedding, Layer, Model, Output, Sequence};
use tern_model::random::{RandomSpec, random_model, random_sequence};

/// Those that this machine has.
fn sets() -> impl Iterator<Item = InstructionSet> {
    let all = InstructionSet::ALL.iter().copied();
    all.filter(|set| set.is_available())
}

/// Runs sequences of these lengths together, and one of them step by step.
fn agree(model: &Model, lengths: &[usize], seed: u64) -> Result<(), TestCaseError> {
    let sequence = |&steps: &usize| random_sequence(model, steps, seed + steps as u64);
    let sequences: Vec<Sequence> = lengths.iter().map(sequence).collect();
    let mut golden = Golden::new(model);
    let expected: Vec<Sequence> = sequences.iter().map(|x| golden.run(x)).collect();
    for set in sets() {
        let engine = Engine::with(model, set).unwrap();
        prop_assert_eq!(
            &engine.run_batch(&sequences).unwrap(),
            &expected,
            "{:?}",
            set
        );
        let twice = |sequence: &Sequence| [&sequence[..], sequence].concat().concat();
        let flat = engine.run_flat(&twice(&sequences[0]), 2, lengths[0]);
        prop_assert_eq!(flat.unwrap(), twice(&expected[0]), "{:?}", set);
        let mut state = engine.state(1);
        golden.reset();
        for x in sequences.iter().flatten() {
            prop_assert_eq!(state.step(x).unwrap(), golden.step(x), "{:?}", set);
        }
    }
    Ok(())
}

/// Networks of every kind whose sizes go past a tile of rows and a word of columns.
fn specs() -> impl Strategy<Value = RandomSpec> {
    let units = prop::collection::vec(1usize..80, 3);
    let spec = (support::specs(), 1usize..150, units, 1usize..40);
    spec.prop_map(|(spec, input_size, units, outputs)| {
        let cells = spec.cells.iter().zip(units);
        RandomSpec {
            input_size,
            cells: cells.map(|(&(kind, _), units)| (kind, units)).collect(),
            head: spec.head.map(|_| outputs),
            ..spec
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn small_networks_agree(spec in support::specs(), seed in 0..u64::MAX / 2) {
        agree(&random_model(&spec, seed), &[7, 1, 0, 12], seed)?;
    }

    #[test]
    fn networks_of_several_tiles_and_words_agree(spec in specs(), seed in 0..u64::MAX / 2) {
        agree(&random_model(&spec, seed), &[3, 5], seed)?;
    }
}

#[test]
fn more_sequences_than_run_side_by_side_agree() {
    for kind in [CellKind::Lstm, CellKind::Gru] {
        let model = random_model(&RandomSpec::fixed_point(kind, 20, 33), 3);
        let lengths: Vec<usize> = (0..21).map(|k| 7 * k % 19).collect();
        agree(&model, &lengths, 4).unwrap();
    }
}

#[test]
fn counters_and_sums_hold_the_longest_rows() {
    // Rows of one trit and steps at one end of the range are among random ones: all columns add up.
    for columns in [479, 481, 992, 993, 1025, 4096] {
        for input_bits in [2, 3, 4, 8] {
            for hidden in [2, 8] {
                let spec = RandomSpec {
                    input_bits,
                    hidden_bits: vec![hidden],
                    hidden_shift: 0,
                    ..RandomSpec::fixed_point(CellKind::Lstm, columns, 20)
                };
                agree(&random_model(&spec, columns as u64), &[8], 5).unwrap();
            }
        }
    }
    for hidden in [2, 3, 8] {
        let spec = RandomSpec {
            hidden_bits: vec![hidden, 2],
            ..RandomSpec::hitnet(CellKind::Gru, 5, 1030)
        };
        agree(&random_model(&spec, 1), &[4], 6).unwrap();
    }
}

#[test]
fn products_of_more_than_32_bits_agree() {
    // F + C = 32, and sums of 31 bits that the reset gate scales.
    for kind in [CellKind::Lstm, CellKind::Gru] {
        for seed in 0..20 {
            let spec = RandomSpec {
                gate_frac: 8,
                state_bits: 24,
                lut_bits: 10,
                state_lut_shift: 14,
                input_shift: 15,
                hidden_shift: 15,
                lut_shift: 20,
                ..RandomSpec::fixed_point(kind, 30, 30)
            };
            agree(&random_model(&spec, seed), &[200], seed).unwrap();
        }
    }
}

#[test]
fn cell_states_that_reach_24_bits_agree() {
    let spec = RandomSpec {
        gate_frac: 8,
        state_bits: 24,
        lut_bits: 1,
        ..RandomSpec::fixed_point(CellKind::Lstm, 1, 20)
    };
    let mut model = random_model(&spec, 1);
    let Layer::Lstm(lstm) = &mut model.layers[0] else {
        unreachable!("the first layer is an LSTM");
    };
    // All gates open, the candidate at its largest: c grows by 256 a step, to 2^23 - 1 after 2^15 steps.
    lstm.lut = vec![256; 8];
    lstm.state_lut = vec![-256, 256];
    lstm.threshold = Some(1);
    let x = vec![vec![1]; 33_000];
    let expected = Golden::new(&model).run(&x);
    for set in sets() {
        assert_eq!(
            Engine::with(&model, set).unwrap().run(&x).unwrap(),
            expected
        );
    }
}

#[test]
fn rows_of_an_embedding_are_inputs() {
    let spec = RandomSpec {
        head: Some(9),
        ..RandomSpec::fixed_point(CellKind::Gru, 24, 40)
    };
    let mut rng = fastrand::Rng::with_seed(1);
    let model = Model {
        embedding: Some(Embedding {
            vocabulary_size: 9,
            weight: (0..9 * 24).map(|_| rng.i8(-127..=127)).collect(),
        }),
        ..random_model(&spec, 2)
    };
    let rows = model.embedding.iter().flat_map(|e| e.weight.chunks(24));
    let rows: Sequence = rows
        .map(|row| row.iter().map(|&x| x.into()).collect())
        .collect();
    let expected = Golden::new(&model).run(&rows);
    for set in sets() {
        assert_eq!(
            Engine::with(&model, set).unwrap().run(&rows).unwrap(),
            expected
        );
    }
}

#[test]
fn sequences_side_by_side_have_states_of_their_own() {
    let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 6, 20), 7);
    let mut state = Engine::new(&model).unwrap().state(3);
    assert_eq!(state.sequences(), 3);
    let mut goldens = [(); 3].map(|()| Golden::new(&model));
    let outputs = |goldens: &mut [Golden], x: &[i32]| -> Vec<i32> {
        let inputs = goldens.iter_mut().zip(x.chunks(6));
        inputs.flat_map(|(golden, x)| golden.step(x)).collect()
    };
    let steps = random_sequence(&model, 30, 8);
    for (step, x) in steps.chunks(3).map(|three| three.concat()).enumerate() {
        if step == 4 {
            state.reset_one(1);
            goldens[1].reset();
        }
        if step == 7 {
            state.reset();
            goldens.iter_mut().for_each(Golden::reset);
        }
        assert_eq!(state.step(&x).unwrap(), outputs(&mut goldens, &x));
    }
}

#[test]
fn a_wrong_input_is_refused_and_changes_nothing() {
    let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 3, 20), 8);
    let mut golden = Golden::new(&model);
    let mut state = Engine::new(&model).unwrap().state(1);
    let steps = random_sequence(&model, 6, 9);
    for x in &steps {
        let told = |error: tern_model::error::Error| error.to_string();
        let error = state.step(&[1, -2, 0]).map(<[i32]>::to_vec).map_err(told);
        assert_eq!(
            error.unwrap_err(),
            "input holds -2 at [1], expected -1 to 1"
        );
        let error = state.step(&[1; 4]).map(<[i32]>::to_vec).map_err(told);
        assert_eq!(error.unwrap_err(), "input has 4 elements, expected 3");
        assert_eq!(state.step(x).unwrap(), golden.step(x));
    }
    let engine = Engine::new(&model).unwrap();
    let wrong = vec![vec![0, 1, 0], vec![0, 0, 2]];
    let error = engine.run_batch(&[steps.clone(), wrong]).unwrap_err();
    let said = "sequence 1, time step 1: input holds 2 at [2], expected -1 to 1";
    assert_eq!(error.to_string(), said);
    let mut two = engine.state(2);
    let error = two.step(&[0, 0, 0, 0, 3, 0]).map(<[i32]>::to_vec);
    let said = "sequence 1: input holds 3 at [1], expected -1 to 1";
    assert_eq!(error.unwrap_err().to_string(), said);
    let error = two.step(&[0; 5]).map(<[i32]>::to_vec);
    let said = "input has 5 elements, expected 6";
    assert_eq!(error.unwrap_err().to_string(), said);
    let invalid = Model {
        input_bits: 9,
        ..model
    };
    assert_eq!(Engine::new(&invalid).unwrap_err().place(), "input_bits");
}

#[test]
fn the_best_instructions_are_the_last_that_the_machine_has() {
    assert_eq!(Some(InstructionSet::best()), sets().last());
    let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 1, 1), 1);
    let engine = Engine::new(&model).unwrap();
    assert_eq!(engine.instructions(), InstructionSet::best());
    let empty = Model {
        output: Output::Last,
        ..model
    };
    let outputs = Engine::new(&empty).unwrap().run(&[]).unwrap();
    assert!(outputs.is_empty());
}
