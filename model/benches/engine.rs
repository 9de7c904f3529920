//! One time step of a layer of 300 units and 300 inputs, and a whole step of eight sequences side by side, with every
//! instruction set that the machine has.
//!
//! `cargo bench -p tern-model --bench engine -- [NAME]` prints the time of a step; `lstm-2` has trits as inputs, `lstm-8` integers
//! of 8 bits, both a ternary hidden state. `golden` is the golden model.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tern_model::engine::{Engine, InstructionSet};
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Sequence};
use tern_model::random::{RandomSpec, random_model, random_sequence};

const SIZE: usize = 300;
const SIDE_BY_SIDE: usize = 8;

fn steps(criterion: &mut Criterion) {
    for kind in [CellKind::Lstm, CellKind::Gru] {
        for input_bits in [2, 8] {
            let spec = RandomSpec {
                input_bits,
                ..RandomSpec::fixed_point(kind, SIZE, SIZE)
            };
            let model = random_model(&spec, 1);
            let inputs = random_sequence(&model, 64, 2);
            let mut group = criterion.benchmark_group(format!("{}-{input_bits}", kind.name()));
            group.throughput(Throughput::Elements(1));
            let mut golden = Golden::new(&model);
            let mut next = inputs.iter().cycle();
            group.bench_function("golden", |bencher| {
                bencher.iter(|| black_box(golden.step(next.next().unwrap_or(&inputs[0]))));
            });
            for &set in InstructionSet::ALL.iter().filter(|set| set.is_available()) {
                let engine = Engine::with(&model, set).expect("a valid model");
                let name = format!("{set:?}").to_lowercase();
                let mut state = engine.state(1);
                group.bench_function(&name, |bencher| {
                    bencher.iter(|| {
                        let x = next.next().unwrap_or(&inputs[0]);
                        black_box(state.step(x).map(<[i32]>::len))
                    });
                });
            }
            group.finish();

            let mut group =
                criterion.benchmark_group(format!("{}-{input_bits}-batch", kind.name()));
            group.throughput(Throughput::Elements(SIDE_BY_SIDE as u64));
            let batch: Sequence = inputs.chunks(SIDE_BY_SIDE).map(|x| x.concat()).collect();
            let mut next = batch.iter().cycle();
            for &set in InstructionSet::ALL.iter().filter(|set| set.is_available()) {
                let engine = Engine::with(&model, set).expect("a valid model");
                let mut state = engine.state(SIDE_BY_SIDE);
                group.bench_function(format!("{set:?}").to_lowercase(), |bencher| {
                    bencher.iter(|| {
                        let x = next.next().unwrap_or(&batch[0]);
                        black_box(state.step(x).map(<[i32]>::len))
                    });
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
