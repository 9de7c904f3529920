//! Classifiers on tones and made-up features: they learn, repeat, resume, start warm and export what
//! they are.

mod activity;
mod average;
mod own_data;
mod schedule;
mod sets;
mod start;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use crate::support::{config, data, hitnet, recipe, tones};
use tern_model::golden::Golden;
use tern_model::network::{CellKind, Model};
use tern_train::TrainError;
use tern_train::classify::evaluate::correct;
use tern_train::classify::{Data, Event, Figures, Recipe, export, outcome, read, train};
use tern_train::data::batch::Batch;
use tern_train::quantize::Precision;
use tern_train::run::RunConfig;

fn run(recipe: &Recipe, data: &Data, config: &RunConfig) -> Figures {
    let figures = train(recipe, data, config, |_| ControlFlow::Continue(()));
    figures.unwrap().expect("nothing breaks the run off")
}

/// Ends a run after its update number `stop`, counted from 1; the checkpoint is then resumed.
fn break_off(recipe: &Recipe, data: &Data, config: &mut RunConfig, stop: usize) {
    std::fs::remove_file(&config.checkpoint).unwrap();
    config.resume = false;
    let mut updates = 0;
    let broken_off = train(recipe, data, config, |event| {
        updates += usize::from(matches!(event, Event::Update { .. }));
        match updates >= stop {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    assert!(broken_off.unwrap().is_none());
    assert_eq!(updates, stop);
    config.resume = true;
}

fn failure(recipe: &Recipe, data: &Data, config: &RunConfig) -> String {
    let error: TrainError = train(recipe, data, config, |_| ControlFlow::Continue(())).unwrap_err();
    let error = error.to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

/// Every logit of the simulation is an integer of the golden model times one slope.
fn same_integers(checkpoint: &Path, data: &Data) -> Model {
    let trained = read(checkpoint).unwrap();
    let model = export(&trained).unwrap();
    let sequences: Vec<&[Vec<i32>]> = data.test.iter().map(|e| &e.features[..]).collect();
    let logits = trained
        .network
        .logits(&Batch::new(&sequences).unwrap())
        .unwrap();
    let mut golden = Golden::new(&model);
    let mut slope = None;
    for (logits, sequence) in logits.to_vec2::<f32>().unwrap().iter().zip(sequences) {
        let outputs = golden.run(sequence).remove(0);
        for (logit, output) in logits.iter().zip(outputs) {
            if output != 0 {
                slope = slope.or(Some(logit / output as f32));
            }
            assert_eq!(*logit, output as f32 * slope.unwrap_or(0.0));
        }
    }
    assert!(slope.is_some_and(|slope| slope > 0.0));
    model
}

#[test]
fn every_cell_learns_in_all_numbers_and_exports_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for cell in [CellKind::Lstm, CellKind::Gru] {
        for (precision, input_bits, layers, share) in [
            (Precision::Full, 8, 1, 0.8),
            (hitnet(7), 8, 1, 0.8),
            (hitnet(7), 5, 2, 0.8),
            (hitnet(0), 3, 1, 0.6),
            (hitnet(0), 2, 1, 0.6),
        ] {
            let recipe = Recipe {
                cell,
                input_bits,
                layers,
                epochs: 20 * layers,
                ..recipe(precision)
            };
            let data = data(&recipe, 1);
            let config = config(folder.path());
            let figures = run(&recipe, &data, &config);
            let reached = figures.test.correct;
            assert!(
                reached as f64 >= share * data.test.len() as f64,
                "{recipe:?}: {figures:?}"
            );

            let trained = read(&config.checkpoint).unwrap();
            assert_eq!(trained.recipe, recipe);
            assert_eq!(trained.figures, Some(figures));
            assert_eq!(
                outcome(&trained.network, &data.test).unwrap().correct,
                reached
            );
            if recipe.is_full_precision() {
                let error = export(&trained).unwrap_err().to_string();
                assert!(
                    error.contains("precision is full, expected hitnet"),
                    "{error}"
                );
                continue;
            }
            let model = same_integers(&config.checkpoint, &data);
            assert_eq!(model.layers.len(), layers + 1);
            assert_eq!(correct(&model, &data.test).unwrap(), reached);
        }
    }
}

#[test]
fn tones_are_learned_from_recordings_with_augmentation() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    let recipe = crate::support::of_tones();
    let data = Data::read(&recipe, folder.path()).unwrap();
    assert_eq!(
        [data.train.len(), data.validation.len(), data.test.len()],
        [40, 10, 10]
    );
    let config = config(folder.path());
    let mut losses = Vec::new();
    train(&recipe, &data, &config, |event| {
        if let Event::Epoch { loss, .. } = event {
            losses.push(loss);
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(losses[losses.len() - 1] < 0.6 * losses[0], "{losses:?}");
    let model = same_integers(&config.checkpoint, &data);
    assert_eq!(model.name, "spoken-digits");
    let training = model.training.unwrap();
    assert_eq!(training["accuracy"]["test"]["of"], 10);
    assert_eq!(training["recipe"]["task"], "digits");
}

#[test]
fn a_run_broken_off_anywhere_resumes_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe {
        epochs: 2,
        layers: 2,
        dropout: 0.2,
        noise: 0.1,
        ..recipe(hitnet(7))
    };
    let data = data(&recipe, 1);
    let mut config = config(folder.path());
    run(&recipe, &data, &config);
    let whole = std::fs::read(&config.checkpoint).unwrap();
    run(&recipe, &data, &config);
    assert!(
        std::fs::read(&config.checkpoint).unwrap() == whole,
        "repeats"
    );
    let updates_of_an_epoch = data.train.len().div_ceil(recipe.batch);
    for stop in [1, updates_of_an_epoch, updates_of_an_epoch + 3] {
        break_off(&recipe, &data, &mut config, stop);
        let mut rest = 0;
        train(&recipe, &data, &config, |event| {
            rest += usize::from(matches!(event, Event::Update { .. }));
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(stop + rest, 2 * updates_of_an_epoch, "{stop}");
        assert!(
            std::fs::read(&config.checkpoint).unwrap() == whole,
            "{stop}"
        );
    }
    let other = Recipe {
        seed: 2,
        ..recipe.clone()
    };
    config.resume = false;
    run(&other, &crate::support::data(&other, 1), &config);
    assert!(
        std::fs::read(&config.checkpoint).unwrap() != whole,
        "another seed"
    );
}

/// A process that is killed leaves the checkpoint of the last whole epoch.
#[test]
fn a_killed_run_resumes_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe {
        epochs: 3,
        ..recipe(hitnet(0))
    };
    let data = data(&recipe, 1);
    let mut config = config(folder.path());
    run(&recipe, &data, &config);
    let whole = std::fs::read(&config.checkpoint).unwrap();
    std::fs::remove_file(&config.checkpoint).unwrap();
    let killed = std::panic::catch_unwind(AssertUnwindSafe(|| {
        train(&recipe, &data, &config, |event| {
            if matches!(
                event,
                Event::Update {
                    epoch: 3,
                    update: 2,
                    ..
                }
            ) {
                std::panic::resume_unwind(Box::new("killed"));
            }
            ControlFlow::Continue(())
        })
    }));
    assert!(killed.is_err());
    config.resume = true;
    run(&recipe, &data, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);
}

#[test]
fn a_warm_start_begins_near_where_the_trained_network_ends() {
    let folder = tempfile::tempdir().unwrap();
    for cell in [CellKind::Lstm, CellKind::Gru] {
        let full = Recipe {
            cell,
            ..recipe(Precision::Full)
        };
        let data = data(&full, 1);
        let first = RunConfig {
            checkpoint: folder.path().join("full.safetensors"),
            ..config(folder.path())
        };
        run(&full, &data, &first);
        let short = Recipe {
            cell,
            epochs: 1,
            learning_rate: 0.001,
            ..recipe(hitnet(7))
        };
        let mut config = config(folder.path());
        let cold = run(&short, &data, &config).validation.loss;
        config.warm_start = Some(first.checkpoint.clone());
        let warm = run(&short, &data, &config).validation.loss;
        assert!(warm < 0.7 * cold, "{cell:?}: {warm} and {cold}");
        same_integers(&config.checkpoint, &data);
        let other = Recipe {
            units: 20,
            ..short.clone()
        };
        let error = failure(&other, &data, &config);
        assert!(
            error.ends_with("units is 16, expected 20 as in the recipe"),
            "{error}"
        );
    }
}

#[test]
fn what_is_wrong_with_a_run_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = recipe(hitnet(7));
    let data = data(&good, 1);
    let mut config = config(folder.path());
    type Break = fn(&mut Recipe);
    let broken: [(&str, Break); 12] = [
        ("layers is 5, expected 1 to 4", |r| r.layers = 5),
        ("epochs is 0, expected 1 to 1000000", |r| r.epochs = 0),
        ("updates is 9000000, expected 1 to 1000000", |r| {
            r.updates = Some(9_000_000)
        }),
        (
            "gate_slope is 1e300, expected above 0 and at most 100",
            |r| r.gate_slope = 1e300,
        ),
        ("batch is 0, expected", |r| r.batch = 0),
        ("input_bits is 9, expected 2 to 8", |r| r.input_bits = 9),
        ("activity is -1, expected 0 to 100", |r| r.activity = -1.0),
        ("dropout is 1, expected at least 0", |r| r.dropout = 1.0),
        ("noise is -1, expected at least 0", |r| r.noise = -1.0),
        ("hidden_gain is 5, expected 0 to 4", |r| r.hidden_gain = 5),
        ("learning_rate is NaN, expected", |r| {
            r.learning_rate = f64::NAN
        }),
        ("augmentation is given, expected none", |r| {
            r.augmentation = crate::support::of_tones().augmentation
        }),
    ];
    for (expected, break_it) in broken {
        let mut recipe = good.clone();
        break_it(&mut recipe);
        let error = failure(&recipe, &data, &config);
        assert!(error.contains(expected), "{expected}: {error}");
    }
    let narrow = Recipe {
        precision: match hitnet(7) {
            Precision::Hitnet(hitnet) => Precision::Hitnet(tern_train::quantize::Hitnet {
                lut_shift: 5,
                ..hitnet
            }),
            full => full,
        },
        ..good.clone()
    };
    let error = failure(&narrow, &data, &config);
    assert!(error.contains("lut_shift is 5, expected 6 to"), "{error}");

    let once = Recipe {
        epochs: 1,
        ..good.clone()
    };
    run(&once, &data, &config);
    config.resume = true;
    let error = failure(&good, &data, &config);
    assert!(
        error.contains("recipe differs from the one given: field `epochs` is "),
        "{error}"
    );
    let error = failure(&once, &crate::support::data(&once, 2), &config);
    assert!(error.contains("checkpoint's data set differs"), "{error}");
    std::fs::write(&config.checkpoint, "no").unwrap();
    let error = failure(&once, &data, &config);
    assert!(
        error.contains("not a checkpoint of a classifier"),
        "{error}"
    );
    let error = read(Path::new("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere: cannot be read"), "{error}");
}
