//! The activity that a model file carries, and the event arrays that are chosen by it.

use serde_json::json;
use tern_compile::cycles::Timeline;
use tern_compile::cycles::events::{Activity, StepEvents};
use tern_compile::design::{Dataflow, Design, Skip};
use tern_compile::shape::Shape;
use tern_compile::sizing::Candidate;
use tern_compile::sizing::bound::Bound;
use tern_model::network::{CellKind, Model, Output, Sequence};
use tern_model::random::{RandomSpec, random_model, random_sequence};

/// A network with a head, of whose inputs few change: every second step is like the one before.
fn network(output: Output) -> (Model, Vec<Sequence>) {
    let spec = RandomSpec {
        head: Some(5),
        output,
        cells: vec![(CellKind::Lstm, 40), (CellKind::Gru, 24)],
        ..RandomSpec::fixed_point(CellKind::Lstm, 16, 40)
    };
    let model = random_model(&spec, 3);
    let sequence = |seed| {
        let steps = random_sequence(&model, 12, seed);
        steps.iter().flat_map(|x| [x.clone(), x.clone()]).collect()
    };
    let sequences = (0..6).map(sequence).collect();
    (model, sequences)
}

fn shape(model: &Model, rows: usize, lanes: usize, skip: Skip) -> Shape {
    let design = Design::new(rows, lanes, "ecp5-85k").expect("a valid design");
    let design = design.with_events(skip).expect("a valid design");
    Shape::of(model, &design).expect("it runs")
}

#[test]
fn counts_are_those_of_the_exact_events() {
    let (model, sequences) = network(Output::Every);
    let activity = Activity::of(&model, &sequences);
    for (skip, counts) in [
        (Skip::Delta, &activity.changed),
        (Skip::Zero, &activity.nonzero),
    ] {
        let shape = shape(&model, 2, 8, skip);
        let count = |list: &Vec<bool>| list.iter().filter(|event| **event).count();
        let of_step = |step: &StepEvents| -> Vec<usize> {
            [&step.input]
                .into_iter()
                .chain(&step.hidden)
                .map(count)
                .collect()
        };
        let exact = sequences.iter().map(|sequence| {
            let steps = StepEvents::of(&model, &shape, sequence);
            steps.iter().map(of_step).collect::<Vec<_>>()
        });
        assert!(exact.eq(counts.iter().cloned()), "{skip:?}");
        let mean = activity.mean(skip);
        let inputs = counts.iter().flatten().map(|counts| counts[0] as f64);
        let steps = counts.iter().flatten().count() as f64;
        assert!((mean[0] - inputs.sum::<f64>() / steps).abs() < 1e-9);
    }
    assert!(activity.mean(Skip::Delta)[0] < 0.6 * activity.mean(Skip::Zero)[0]);
}

#[test]
fn cycles_by_counts_are_near_those_of_the_data() {
    for output in [Output::Every, Output::Last] {
        let (model, sequences) = network(output);
        let activity = Activity::of(&model, &sequences);
        for skip in [Skip::Delta, Skip::Zero] {
            for (rows, lanes) in [(1, 4), (2, 8), (3, 16)] {
                let shape = shape(&model, rows, lanes, skip);
                let exact = Timeline::of(&model, &shape, &sequences).step_cycles();
                let exact = exact.expect("steps").mean;
                let by_counts = shape.mean_cycles(Some(&activity));
                let off = (by_counts / exact - 1.0).abs();
                assert!(
                    off < 0.03,
                    "{rows} x {lanes} {skip:?}: {by_counts} for {exact}"
                );
                assert!(
                    by_counts < shape.mean_cycles(None),
                    "the most without counts"
                );
            }
        }
    }
}

#[test]
fn whole_sequences_at_even_distances_are_kept() {
    let (model, _) = network(Output::Every);
    let sequence = |steps| random_sequence(&model, steps, 1);
    let lengths = |sequences: &[Sequence]| -> Vec<usize> {
        let activity = Activity::of(&model, sequences);
        activity.changed.iter().map(Vec::len).collect()
    };
    assert_eq!(
        lengths(&[sequence(Activity::STEPS + 500)]),
        [Activity::STEPS]
    );
    assert_eq!(lengths(&vec![sequence(30); 70]), [30; 24], "every third");
    assert_eq!(lengths(&vec![sequence(3); 7]), [3; 7], "all of little data");
    assert_eq!(lengths(&[]), [0; 0]);
}

#[test]
fn what_contradicts_the_model_is_named() {
    let (model, sequences) = network(Output::Every);
    assert_eq!(Activity::recorded(&model).expect("nothing wrong"), None);
    let refusal = |activity: serde_json::Value| {
        let training = Some(json!({ "activity": activity }));
        let model = Model {
            training,
            ..model.clone()
        };
        Activity::recorded(&model)
            .expect_err("a contradiction")
            .to_string()
    };
    let counts = |units: usize| json!([[[1, units, 0]]]);
    for (activity, expected) in [
        (
            json!({"changed": counts(41), "nonzero": counts(1)}),
            "field `training.activity` has [1, 41, 0], expected at most [16, 40, 24]",
        ),
        (
            json!({"changed": [[[1, 2]]], "nonzero": counts(1)}),
            "field `training.activity` has [1, 2], expected at most [16, 40, 24]",
        ),
        (
            json!({"changed": [], "nonzero": counts(1)}),
            "field `training.activity` has `changed` and `nonzero` of different steps, expected the same",
        ),
        (
            json!({"changed": 3, "nonzero": []}),
            "field `training.activity.changed` cannot be read: found integer `3`, expected a list",
        ),
    ] {
        assert_eq!(refusal(activity), expected);
    }
    let mut with = model.clone();
    let activity = Activity::of(&model, &sequences);
    activity.record(&mut with);
    activity.record(&mut with);
    assert_eq!(Activity::recorded(&with).expect("its own"), Some(activity));
}

#[test]
fn estimates_of_event_arrays_are_near_what_they_take() {
    let (mut model, sequences) = network(Output::Every);
    for known in [false, true] {
        if known {
            Activity::of(&model, &sequences).record(&mut model);
        }
        let activity = Activity::recorded(&model).expect("its own");
        for skip in [Skip::Delta, Skip::Zero] {
            let like = Design::new(1, 4, "ecp5-45k").expect("a valid design");
            let like = like.with_events(skip).expect("a valid design");
            let all = Candidate::like(&model, &like).expect("arrays");
            for array in all.iter().step_by(5) {
                let Design { rows, lanes, .. } = array.shape.design;
                let exact = array.shape.mean_cycles(activity.as_ref());
                let off = 100.0 * (array.cycles as f64 / exact - 1.0);
                println!("{skip:?} {known} {rows} x {lanes}: {exact:.1}, {off:+.1} %");
                assert!(
                    off.abs() < 5.0,
                    "{skip:?} {rows} x {lanes}: {exact} {off:+.1} %"
                );
            }
        }
    }
}

#[test]
fn the_event_array_of_the_fewest_cycles_fits_and_is_of_the_better_kind() {
    let (mut model, sequences) = network(Output::Every);
    let like = Design::new(1, 2, "ice40-hx8k").expect("a valid design");
    let chosen = |model: &Model| {
        let design = Design::largest_events(model, &like).expect("an array");
        assert_eq!((design.dataflow, design.columns), (Dataflow::Events, 4));
        Shape::of(model, &design).expect("it runs")
    };
    assert_eq!(chosen(&model).design.skip, Skip::Delta, "nothing is known");
    let activity = Activity::of(&model, &sequences);
    activity.record(&mut model);
    let best = chosen(&model);
    assert!(best.fits(), "{:?}", best.shortage());
    let mean = best.mean_cycles(Some(&activity));
    for skip in [Skip::Delta, Skip::Zero] {
        let like = Design {
            lanes: 4,
            ..like.clone()
        };
        let like = like.with_events(skip).expect("a valid design");
        for other in Candidate::like(&model, &like).expect("arrays") {
            let cycles = other.shape.mean_cycles(Some(&activity));
            assert!(
                mean <= 1.011 * cycles,
                "{:?}: {cycles}, {mean}",
                other.shape.design
            );
        }
    }
    match best.bound(Some(&activity)) {
        Bound::Short { shortage, design } => {
            assert_eq!(design.dataflow, Dataflow::Events);
            assert!(shortage.needed > shortage.available, "{shortage:?}");
        }
        other => panic!("{other:?}"),
    }
    // Nothing but inputs happens, and they all change or are all alive.
    let only = |inputs: usize| vec![vec![vec![inputs, 0, 0]; 9]];
    for (changed, nonzero, skip) in [(16, 0, Skip::Zero), (0, 16, Skip::Delta)] {
        let activity = Activity {
            changed: only(changed),
            nonzero: only(nonzero),
        };
        activity.record(&mut model);
        assert_eq!(chosen(&model).design.skip, skip);
    }
}
