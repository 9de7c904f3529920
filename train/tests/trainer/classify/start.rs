//! Where a ternary network begins: with about half of its hidden trits alive, whatever the data and numbers.

use std::ops::ControlFlow;
use std::path::Path;

use super::sets::SETS;
use crate::support::{config, shipped};
use safetensors::SafeTensors;
use tern_model::golden::Golden;
use tern_model::network::Model;
use tern_train::classify::{Data, Recipe, export, read, train};
use tern_train::run::RunConfig;

/// The shipped recipe of that name for a network that is not trained, or hardly.
fn short(name: &str, epochs: usize) -> Recipe {
    Recipe {
        epochs,
        updates: None,
        ..shipped(name)
    }
}

fn run(recipe: &Recipe, data: &Data, config: &RunConfig) {
    let figures = train(recipe, data, config, |_| ControlFlow::Continue(()));
    figures.unwrap().expect("nothing breaks the run off");
}

/// Share of the hidden trits of the training sequences that are not 0.
fn alive(model: &Model, data: &Data) -> f64 {
    let mut golden = Golden::new(model);
    let (mut alive, mut all) = (0, 0);
    for example in &data.train {
        golden.reset();
        for x in &example.features {
            golden.step(x);
            let hidden = golden.layers()[0].output();
            alive += hidden.iter().filter(|h| **h != 0).count();
            all += hidden.len();
        }
    }
    f64::from(alive as u32) / f64::from(all as u32)
}

/// The slope of the head's logits, as a share of what it begins with: training moves it as slowly as the others, however small
/// the weights of a teacher are.
fn head_slope(checkpoint: &Path) -> f32 {
    let bytes = std::fs::read(checkpoint).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let slope = file.tensor("head.slope.best").unwrap().data().to_vec();
    f32::from_le_bytes(slope.try_into().unwrap())
}

#[test]
fn about_half_of_the_hidden_trits_are_alive_at_the_start() {
    for set in [0, 2, 5, 10].map(|index| &SETS[index]) {
        let (folder, runs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        set.write(folder.path());
        for name in [
            "folder-lstm-f7",
            "folder-gru-f7",
            "folder-lstm-f0",
            "folder-gru-f0",
        ] {
            let recipe = Recipe {
                // So little that no parameter moves.
                learning_rate: 1e-12,
                ..short(name, 1)
            };
            let data = Data::read(&recipe, folder.path()).unwrap();
            let teacher = RunConfig {
                checkpoint: runs.path().join("teacher.safetensors"),
                ..config(runs.path())
            };
            run(&short(name, 15).teacher().unwrap(), &data, &teacher);
            let untaught = Recipe {
                distillation: 0.0,
                ..recipe.clone()
            };
            let cold = config(runs.path());
            let warm = RunConfig {
                warm_start: Some(teacher.checkpoint.clone()),
                teacher: Some(teacher.checkpoint.clone()),
                ..cold.clone()
            };
            for (recipe, config) in [(&untaught, &cold), (&recipe, &warm)] {
                run(recipe, &data, config);
                let model = export(&read(&config.checkpoint).unwrap()).unwrap();
                let share = alive(&model, &data);
                let what = format!("{name} on {}: {share:.2} alive", set.name);
                assert!((0.35..=0.65).contains(&share), "{what}");
                assert_eq!(head_slope(&config.checkpoint), 1.0, "{what}");
            }
        }
    }
}
