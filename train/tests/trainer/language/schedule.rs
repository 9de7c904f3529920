//! Learning rates that fall where the validation stalls, and runs that end early.

use std::ops::ControlFlow;

use tern_model::network::CellKind;
use tern_train::language::{Event, read, train};
use tern_train::run::schedule::{Plateau, Schedule};

use super::{config, corpus, hitnet, recipe, run};

/// A rate that falls after each epoch without a better validation.
pub(super) fn plateau(factor: f64) -> Schedule {
    Schedule::Plateau(Plateau {
        factor,
        patience: 1,
    })
}

#[test]
fn a_plateau_and_a_patience_end_a_run_the_same_wherever_it_is_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus(folder.path());
    let mut recipe = recipe(CellKind::Gru, hitnet(7));
    // A rate so high that the validation soon stalls, and one that then falls as good as to 0.
    (recipe.learning_rate, recipe.epochs) = (0.2, 60);
    (recipe.schedule, recipe.patience) = (plateau(1e-3), Some(3));
    let mut config = config(folder.path());
    let mut epochs = Vec::new();
    let mut best = 0;
    train(&recipe, &corpus, &config, |event| {
        match event {
            Event::Epoch { validation, .. } => epochs.push(validation),
            Event::EndsEarly { best_epoch, .. } => best = best_epoch,
            Event::Resumes { .. } | Event::Update { .. } => (),
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(epochs.len() < 60, "{}", epochs.len());
    assert_eq!(epochs.len() - best, 3);
    let whole = std::fs::read(&config.checkpoint).unwrap();
    let lowest = epochs.iter().copied().fold(f64::MAX, f64::min);
    assert_eq!(read(&config.checkpoint).unwrap().best_perplexity, lowest);

    std::fs::remove_file(&config.checkpoint).unwrap();
    let mut done = 0;
    while done < epochs.len() {
        train(&recipe, &corpus, &config, |event| match event {
            Event::Epoch { epoch, .. } => {
                done = epoch;
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })
        .unwrap();
        config.resume = true;
    }
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);
    run(&recipe, &corpus, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() == whole);
}
