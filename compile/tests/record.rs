//! The record of the array's work is that of the cycle model, and complete.

use std::collections::BTreeSet;

use tern_compile::cycles::Timeline;
use tern_compile::cycles::record::Record;
use tern_compile::design::Design;
use tern_compile::program::Program;
use tern_compile::shape::Shape;
use tern_model::network::{CellKind, Model, Output};
use tern_model::random::{RandomSpec, random_model, random_sequence};

const STEPS: usize = 6;

/// A network of 22 units with a head on a design, its timeline and record.
fn run(design: &str) -> (Shape, Timeline, Record) {
    let spec = RandomSpec {
        head: Some(3),
        output: Output::Last,
        ..RandomSpec::fixed_point(CellKind::Lstm, 9, 22)
    };
    let model: Model = random_model(&spec, 1);
    let design = Design::from_json(design).unwrap();
    let shape = Program::compile(&model, &design).unwrap().shape;
    let sequences = [random_sequence(&model, STEPS, 2)];
    let (timeline, record) = Timeline::recorded(&model, &shape, &sequences);
    assert_eq!(timeline, Timeline::of(&model, &shape, &sequences));
    (shape, timeline, record)
}

const DENSE: &str = r#"{"columns": 4, "rows": 4, "lanes": 4, "device": "simulation"}"#;
const EVENTS: &str =
    r#"{"columns": 4, "rows": 2, "lanes": 4, "device": "simulation", "dataflow": "events"}"#;

#[test]
fn a_cycle_has_one_beat_and_a_step_ends_with_its_last() {
    for design in [DENSE, EVENTS] {
        let (shape, timeline, record) = run(design);
        let cycles: BTreeSet<u64> = record.beats.iter().map(|beat| beat.cycle).collect();
        assert_eq!(cycles.len(), record.beats.len());
        for (step, end) in timeline.step_ends.iter().enumerate() {
            let blocks = record
                .blocks
                .iter()
                .filter(|b| b.step == step && b.section == 0);
            let blocks: Vec<_> = blocks.collect();
            assert_eq!(blocks.len(), shape.blocks(0));
            assert_eq!(blocks.last().unwrap().end, *end, "{design}");
            let units: usize = blocks.iter().map(|block| block.states.len()).sum();
            assert_eq!(units, 22);
        }
    }
}

#[test]
fn a_dense_array_takes_every_chunk_of_every_pass_once_a_block() {
    let (shape, timeline, record) = run(DENSE);
    let seen: BTreeSet<_> = record
        .beats
        .iter()
        .map(|b| (b.step, b.section, b.block, b.pass, b.element))
        .collect();
    let head = shape.blocks(1) * shape.block_beats(1);
    assert_eq!(
        seen.len(),
        STEPS * shape.blocks(0) * shape.block_beats(0) + head
    );
    assert_eq!(seen.len(), record.beats.len());
    let last = record.beats.iter().rfind(|beat| beat.section == 0).unwrap();
    assert_eq!(last.cycle, timeline.step_ends[STEPS - 1]);
}

#[test]
fn no_hidden_state_is_read_before_it_is_there() {
    for design in [DENSE, EVENTS] {
        let (shape, _, record) = run(design);
        let lanes = shape.design.lanes;
        for beat in record
            .beats
            .iter()
            .filter(|b| b.section == 0 && b.step > 0 && b.pass > 0)
        {
            let own = match shape.events() {
                true => shape.event_passes(0)[beat.pass].source,
                false => shape.passes(0)[beat.pass].source,
            };
            if own != tern_compile::shape::PassSource::Own {
                continue;
            }
            let before = record
                .blocks
                .iter()
                .filter(|b| b.section == 0 && b.step + 1 == beat.step);
            let states: Vec<u64> = before.flat_map(|block| block.states.clone()).collect();
            // An event is at least as far back in its list as in the state.
            let last = match shape.events() {
                true => beat.element,
                false => ((beat.element + 1) * lanes).min(states.len()) - 1,
            };
            assert!(states[last] <= beat.cycle, "{design}: {beat:?}");
        }
    }
}

#[test]
fn the_head_sends_what_leaves() {
    let (_, timeline, record) = run(DENSE);
    let head = record.blocks.last().unwrap();
    assert!(head.states.is_empty());
    // A head row is four cycles on its way to its first beat.
    assert_eq!(head.leaves[0] + 4, timeline.output_beats[0]);
}
