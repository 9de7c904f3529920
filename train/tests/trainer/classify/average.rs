//! Parameters averaged over updates: measured, kept, exported and resumed.

use std::ops::ControlFlow;
use std::path::Path;

use safetensors::SafeTensors;
use tern_train::classify::{Event, Outcome, Recipe, export, outcome, read, train};

use super::{break_off, run, same_integers};
use crate::support::{config, data, hitnet, recipe};

/// The elements of a tensor of a checkpoint, where it has one of that name.
fn tensor(checkpoint: &Path, name: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(checkpoint).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    Some(file.tensor(name).ok()?.data().to_vec())
}

fn averaged() -> Recipe {
    Recipe {
        average: Some(20),
        epochs: 12,
        ..recipe(hitnet(7))
    }
}

#[test]
fn the_average_is_measured_kept_and_exported_and_does_not_change_the_training() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(&averaged(), 1);
    let config = config(folder.path());
    let tensor = |which: &str| tensor(&config.checkpoint, &format!("layers.0.weight_ih.{which}"));
    let plain = Recipe {
        average: None,
        ..averaged()
    };
    run(&plain, &data, &config);
    assert_eq!(tensor("average"), None);
    let last = tensor("now");

    let mut measured: Vec<Outcome> = Vec::new();
    let figures = train(&averaged(), &data, &config, |event| {
        if let Event::Epoch { validation, .. } = event {
            measured.push(validation);
        }
        ControlFlow::Continue(())
    });
    let figures = figures.unwrap().expect("nothing breaks the run off");
    assert_eq!(tensor("now"), last);
    assert_ne!(tensor("average"), last);
    let trained = read(&config.checkpoint).unwrap();
    let kept = measured[trained.best_epoch - 1];
    assert_eq!(outcome(&trained.network, &data.validation).unwrap(), kept);
    assert_eq!(figures.validation, kept);
    // Whatever its loss, the last of those with as many right.
    let later = &measured[trained.best_epoch..];
    assert!(later.iter().all(|outcome| outcome.correct < kept.correct));
    if trained.best_epoch == averaged().epochs {
        assert_eq!(tensor("best"), tensor("average"));
    }
    assert_eq!(
        same_integers(&config.checkpoint, &data),
        export(&trained).unwrap()
    );
}

#[test]
fn an_averaged_run_broken_off_anywhere_resumes_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = Recipe {
        epochs: 2,
        dropout: 0.2,
        ..averaged()
    };
    let data = data(&recipe, 1);
    let mut config = config(folder.path());
    run(&recipe, &data, &config);
    let whole = std::fs::read(&config.checkpoint).unwrap();
    for stop in [1, 15, 17] {
        break_off(&recipe, &data, &mut config, stop);
        run(&recipe, &data, &config);
        let resumed = std::fs::read(&config.checkpoint).unwrap();
        assert!(resumed == whole, "{stop}");
    }
}
