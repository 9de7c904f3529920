//! The core in Rust-HDL's simulation against the golden model and the cycle model.

mod common;

use tern_model::{
    CellKind, CycleModel, Design, Golden, Output, Program, RandomSpec, random_model,
    random_sequence,
};

fn check(spec: &RandomSpec, rows: usize, lanes: usize, seed: u64) {
    let model = random_model(spec, seed);
    let design = Design::new(rows, lanes, "ecp5-85k").expect("a valid design");
    let program = Program::compile(&model, &design).expect("it compiles");
    let lengths = [3, 1, 4];
    let sequences: Vec<_> = lengths
        .iter()
        .enumerate()
        .map(|(k, steps)| random_sequence(&model, *steps, seed + k as u64))
        .collect();
    let mut golden = Golden::new(&model);
    let expected: Vec<Vec<i32>> = sequences
        .iter()
        .flat_map(|sequence| golden.run(sequence))
        .collect();
    let head = program.shape.outputs.is_some();
    let words: Vec<u64> = expected
        .iter()
        .flat_map(|output| -> Vec<u64> {
            if head {
                output.iter().map(|y| u64::from(*y as u32)).collect()
            } else {
                let pack = |chunk: &[i32]| {
                    chunk
                        .iter()
                        .enumerate()
                        .map(|(k, h)| (u64::from(*h > 0) | u64::from(*h < 0) << 1) << (2 * k))
                        .sum()
                };
                output.chunks(lanes).map(pack).collect()
            }
        })
        .collect();
    let beats = common::run(
        &program,
        &common::pack(&program.shape, &sequences),
        words.len(),
    );
    let timeline = CycleModel::new(&program.shape).run(&lengths);
    for (k, (cycle, data, _)) in beats.iter().enumerate() {
        assert_eq!(
            *data,
            words[k],
            "beat {k} of {}: {spec:?} rows {rows} lanes {lanes} seed {seed}",
            words.len()
        );
        assert_eq!(
            *cycle, timeline.output_beats[k],
            "cycle of beat {k}: {spec:?} rows {rows} lanes {lanes} seed {seed}"
        );
    }
    assert!(
        beats.last().expect("there are beats").2,
        "the last beat carries tlast"
    );
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
