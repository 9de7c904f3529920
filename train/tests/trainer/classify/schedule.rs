//! A learning rate that falls where the validation stalls, and a run that ends early.

use std::ops::ControlFlow;

use tern_train::classify::{Event, Recipe, read, train};
use tern_train::run::schedule::{Plateau, Schedule};

use super::{config, data, hitnet, recipe, run};

#[test]
fn a_plateau_and_a_patience_end_a_run_the_same_wherever_it_is_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let falls = |factor| {
        Schedule::Plateau(Plateau {
            factor,
            patience: 1,
        })
    };
    let recipe = Recipe {
        epochs: 60,
        // So high that the validation soon stalls, and then as good as 0.
        learning_rate: 0.2,
        schedule: falls(1e-3),
        patience: Some(3),
        ..recipe(hitnet(7))
    };
    let data = data(&recipe, 1);
    let mut config = config(folder.path());
    let (mut epochs, mut best) = (0, 0);
    train(&recipe, &data, &config, |event| {
        match event {
            Event::Epoch { epoch, .. } => epochs = epoch,
            Event::EndsEarly { best_epoch, .. } => best = best_epoch,
            Event::Resumes { .. } | Event::Update { .. } => (),
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(epochs < 60, "{epochs}");
    assert_eq!(epochs - best, 3);
    assert_eq!(read(&config.checkpoint).unwrap().best_epoch, best);
    let whole = std::fs::read(&config.checkpoint).unwrap();

    std::fs::remove_file(&config.checkpoint).unwrap();
    let mut done = 0;
    while done < epochs {
        train(&recipe, &data, &config, |event| match event {
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

    let slower = Recipe {
        schedule: falls(0.9),
        patience: None,
        epochs,
        ..recipe
    };
    config.resume = false;
    run(&slower, &data, &config);
    assert!(std::fs::read(&config.checkpoint).unwrap() != whole);
}
