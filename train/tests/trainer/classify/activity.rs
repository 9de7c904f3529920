//! Networks that are trained for few events, and recordings in fewer bits.

use std::path::Path;

use tern_features::FrontEnd;
use tern_model::golden::Golden;
use tern_train::classify::{Data, Recipe, export, read};
use tern_train::run::RunConfig;

use super::{run, same_integers};
use crate::support::{config, data, hitnet, of_tones, recipe, tones};

/// Share of the hidden states that change in a step of the test sequences.
fn changes(config: &RunConfig, data: &Data) -> f64 {
    let model = export(&read(&config.checkpoint).unwrap()).unwrap();
    let mut golden = Golden::new(&model);
    let (mut changed, mut all) = (0, 0);
    for example in &data.test {
        golden.reset();
        let mut before = vec![0; model.layers[0].output_size()];
        for x in &example.features {
            golden.step(x);
            let now = golden.layers()[0].output().to_vec();
            changed += now.iter().zip(&before).filter(|(a, b)| a != b).count();
            all += now.len();
            before = now;
        }
    }
    f64::from(changed as u32) / f64::from(all as u32)
}

#[test]
fn a_price_of_events_makes_hidden_states_change_rarely() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let share = |activity| {
        let recipe = Recipe {
            activity,
            epochs: 30,
            ..recipe(hitnet(7))
        };
        let data = data(&recipe, 1);
        let figures = run(&recipe, &data, &config);
        let right = figures.test.correct as f64 / data.test.len() as f64;
        assert!(right >= 0.8, "{activity}: {figures:?}");
        same_integers(&config.checkpoint, &data);
        changes(&config, &data)
    };
    let (free, priced) = (share(0.0), share(2.0));
    assert!(priced < 0.7 * free, "{priced} and {free}");
}

#[test]
fn recordings_of_fewer_bits_are_learned() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    for bits in [3, 8] {
        let recipe = Recipe {
            input_bits: bits,
            epochs: 4,
            ..of_tones()
        };
        let data = Data::read(&recipe, folder.path()).unwrap();
        let features = data
            .train
            .iter()
            .flat_map(|example| example.features.iter().flatten());
        let most = features.map(|x| x.abs()).max().unwrap();
        let limit = (1 << (bits - 1)) - 1;
        assert!(2 * most > limit && most <= limit, "{most} of {limit}");
        let config = config(folder.path());
        run(&recipe, &data, &config);
        let model = same_integers(&config.checkpoint, &data);
        assert_eq!(model.input_bits, bits);
        let front_end = FrontEnd::of_model(&model).unwrap();
        let recording = first_recording(folder.path());
        let again = front_end.read(&recording).unwrap();
        let all = data.train.iter().chain(&data.validation).chain(&data.test);
        assert!(all.into_iter().any(|example| example.features == again));
    }
}

/// One of the recordings.
fn first_recording(folder: &Path) -> std::path::PathBuf {
    let all = tern_train::data::fsdd::recordings(folder).unwrap();
    all[0].path.clone()
}
