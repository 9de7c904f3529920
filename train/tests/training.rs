//! Training on a small data set made of tones: it learns, it repeats, it resumes.

use std::f64::consts::PI;
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use tern_model::Model;
use tern_train::TrainError;
use tern_train::digits::{DigitsConfig, Event, train_digits};

/// One recording a digit, speaker and index: a tone whose pitch is the digit's.
fn tones(folder: &Path) {
    let recordings = folder.join("fsdd/recordings");
    std::fs::create_dir_all(&recordings).unwrap();
    let spec = WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    for digit in 0..10 {
        for index in [0, 5, 6, 7, 8, 40] {
            let path = recordings.join(format!("{digit}_tone_{index}.wav"));
            let mut writer = WavWriter::create(path, spec).unwrap();
            let hz = 200.0 * 1.35f64.powi(digit) + f64::from(index);
            for n in 0..1200 + 40 * index {
                let sample = (2.0 * PI * hz * f64::from(n) / 8000.0).sin();
                writer.write_sample((8000.0 * sample) as i16).unwrap();
            }
            writer.finalize().unwrap();
        }
    }
}

fn config(folder: &Path, gate_frac: u32, epochs: usize) -> DigitsConfig {
    let mut config = DigitsConfig::new(gate_frac);
    config.data_dir = folder.to_owned();
    config.out = folder.join("model.safetensors");
    config.recipe.epochs = epochs;
    config.recipe.batch_size = 10;
    config.recipe.lstm.hidden_size = 16;
    config
}

fn losses(config: &DigitsConfig) -> Vec<f64> {
    let mut losses = Vec::new();
    train_digits(config, |event| {
        if let Event::Epoch { loss, .. } = event {
            losses.push(loss);
        }
    })
    .unwrap();
    losses
}

#[test]
fn the_loss_falls() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    for gate_frac in [7, 0] {
        let losses = losses(&config(folder.path(), gate_frac, 60));
        let (first, last) = (losses[0], losses[59]);
        assert!(last < 0.6 * first, "F = {gate_frac}: {losses:?}");
    }
}

#[test]
fn a_run_repeats_to_the_byte_and_another_seed_does_not() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    let mut config = config(folder.path(), 7, 2);
    let bytes = || {
        train_digits(&config, |_| ()).unwrap();
        std::fs::read(&config.out).unwrap()
    };
    assert_eq!(bytes(), bytes());
    let first = Model::read(&config.out).unwrap();
    config.recipe.seed += 1;
    let second = train_digits(&config, |_| ()).unwrap();
    assert_ne!(first.layers, second.layers);
}

/// Trains until the end of the given epoch, where the process would be killed.
fn interrupted_after(config: &DigitsConfig, epochs: usize) {
    let killed = std::panic::catch_unwind(|| {
        train_digits(config, |event| {
            if matches!(event, Event::Epoch { epoch, .. } if epoch == epochs) {
                std::panic::resume_unwind(Box::new("killed"));
            }
        })
    });
    assert!(killed.is_err());
    assert!(!config.out.exists());
}

#[test]
fn an_interrupted_run_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    let mut config = config(folder.path(), 7, 3);
    train_digits(&config, |_| ()).unwrap();
    let whole = std::fs::read(&config.out).unwrap();
    std::fs::remove_file(&config.out).unwrap();

    interrupted_after(&config, 2);
    config.resume = true;
    let epochs = losses(&config).len();
    assert_eq!(epochs, 1);
    assert_eq!(std::fs::read(&config.out).unwrap(), whole);
}

fn error(config: &DigitsConfig) -> String {
    let error: TrainError = train_digits(config, |_| ()).unwrap_err();
    let error = error.to_string();
    assert!(!error.contains('\n'), "{error}");
    error
}

#[test]
fn checkpoints_that_do_not_belong_are_named() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    let mut config = config(folder.path(), 7, 2);
    interrupted_after(&config, 1);
    config.resume = true;
    config.recipe.seed += 1;
    let other = error(&config);
    assert!(other.contains("model.safetensors.checkpoint"), "{other}");
    assert!(other.contains("recipe differs"), "{other}");
    std::fs::write(folder.path().join("model.safetensors.checkpoint"), "no").unwrap();
    let garbled = error(&config);
    assert!(garbled.contains("not a checkpoint"), "{garbled}");
}

#[test]
fn recipes_out_of_range_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = config(folder.path(), 7, 2);
    type Break = fn(&mut DigitsConfig);
    let broken: [(&str, Break); 4] = [
        ("epochs is 0,", |c| c.recipe.epochs = 0),
        ("learning_rate is NaN,", |c| {
            c.recipe.learning_rate = f64::NAN
        }),
        ("gate_frac is 9,", |c| c.recipe.lstm.gate_frac = 9),
        ("bits of the largest sum is", |c| {
            c.recipe.lstm.hidden_shift = 24
        }),
    ];
    for (expected, break_it) in broken {
        let mut config = good.clone();
        break_it(&mut config);
        let error = error(&config);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_run_that_diverges_says_so() {
    let folder = tempfile::tempdir().unwrap();
    tones(folder.path());
    let mut config = config(folder.path(), 7, 2);
    config.recipe.logit_scale = 1e38;
    config.recipe.label_smoothing = 0.5;
    let error = error(&config);
    assert!(
        error.contains("in epoch 1, expected a finite number"),
        "{error}"
    );
}
