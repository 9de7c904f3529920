//! A step of the engine allocates nothing.
//!
//! The one test here is alone in its program, since it watches all of the program's memory.

use peak_alloc::PeakAlloc;
use tern_model::engine::{Engine, InstructionSet};
use tern_model::network::CellKind;
use tern_model::random::{RandomSpec, random_model, random_sequence};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

#[test]
fn a_step_allocates_nothing() {
    for (kind, bits) in [(CellKind::Lstm, 2), (CellKind::Gru, 8)] {
        let spec = RandomSpec {
            hidden_bits: vec![bits],
            head: Some(7),
            ..RandomSpec::fixed_point(kind, 20, 40)
        };
        let model = random_model(&spec, 1);
        let sequence = random_sequence(&model, 20, 2);
        for &set in InstructionSet::ALL.iter().filter(|set| set.is_available()) {
            let mut state = Engine::with(&model, set).unwrap().state(1);
            state.step(&sequence[0]).unwrap();
            ALLOCATOR.reset_peak_usage();
            let before = ALLOCATOR.peak_usage();
            for x in &sequence {
                state.step(x).unwrap();
            }
            assert_eq!(ALLOCATOR.peak_usage(), before, "{kind:?} with {set:?}");
        }
    }
}
