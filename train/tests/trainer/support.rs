//! Data sets and recipes for the tests of classifiers.

use std::f64::consts::PI;
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};
use tern_model::network::CellKind;
use tern_train::classify::{Data, Recipe, Task};
use tern_train::data::augment::Augmentation;
use tern_train::quantize::Hitnet;
use tern_train::quantize::Precision;
use tern_train::run::RunConfig;
use tern_train::run::schedule::Schedule;

pub fn hitnet(gate_frac: u32) -> Precision {
    Precision::Hitnet(Hitnet {
        gate_frac,
        lut_bits: 6,
        state_bits: gate_frac + 5,
        lut_shift: 6,
        state_lut_shift: gate_frac.saturating_sub(3),
        threshold: 0.4,
        hidden_scale: 0.5,
        state_slope: if gate_frac == 0 { 0.6 } else { 1.0 },
    })
}

pub fn recipe(precision: Precision) -> Recipe {
    Recipe {
        task: Task::Folder,
        cell: CellKind::Lstm,
        layers: 1,
        units: 16,
        input_bits: 8,
        seed: 1,
        epochs: 15,
        batch: 8,
        updates: None,
        alive: None,
        distillation: 0.0,
        learning_rate: 0.02,
        schedule: Schedule::default(),
        patience: None,
        norm_limit: 1.0,
        average: None,
        activity: 0.0,
        dropout: 0.0,
        label_smoothing: 0.02,
        noise: 0.0,
        gate_slope: 0.2,
        hidden_gain: 1,
        augmentation: None,
        precision,
    }
}

/// Of spoken digits that are [`tones`].
pub fn of_tones() -> Recipe {
    Recipe {
        task: Task::Digits,
        epochs: 40,
        augmentation: Some(Augmentation {
            speed: 0.05,
            gain_db: 3.0,
            noise: 0.001,
            shift: 64,
            masked_bands: 2,
        }),
        ..recipe(hitnet(7))
    }
}

pub fn config(folder: &Path) -> RunConfig {
    RunConfig {
        checkpoint: folder.join("checkpoint.safetensors"),
        resume: false,
        warm_start: None,
        teacher: None,
    }
}

/// A folder of CSV files: three classes that differ in how a slow wave turns, in three features of other
/// scales. The classes of part of the sequences are in the split column.
pub fn waves(folder: &Path, seed: u64) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut list = String::from("file,label,split\n");
    for k in 0..240 {
        let class = k % 3;
        let phase = 6.0 * rng.f64();
        let steps = rng.usize(8..16);
        let mut text = String::new();
        for t in 0..steps {
            let angle = phase + 0.9 * t as f64;
            let other = match class {
                0 => angle.cos(),
                1 => -angle.cos(),
                _ => angle.sin(),
            };
            let mut noise = || 0.2 * (rng.f64() - 0.5);
            let row = [
                100.0 + 7.0 * (angle.sin() + noise()),
                0.001 * (other + noise()),
                noise(),
            ];
            text += &row.map(|v| v.to_string()).join(",");
            text += "\n";
        }
        let name = format!("{k}.csv");
        std::fs::write(folder.join(&name), text).unwrap();
        let split = match k {
            0..120 => "train",
            120..180 => "validation",
            _ => "test",
        };
        list += &format!("{name},turn {class},{split}\n");
    }
    std::fs::write(folder.join("labels.csv"), list).unwrap();
}

/// The [`waves`] as a recipe's network sees them.
pub fn data(recipe: &Recipe, seed: u64) -> Data {
    let folder = tempfile::tempdir().unwrap();
    waves(folder.path(), seed);
    Data::read(recipe, folder.path()).unwrap()
}

/// One recording a digit and index: a tone whose pitch is the digit's.
pub fn tones(folder: &Path) {
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

/// The shipped recipe of that name.
pub fn shipped(name: &str) -> Recipe {
    let (data, _) = name.split_once('-').expect("data set, cell and numbers");
    let recipes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes");
    Recipe::read(&recipes.join(format!("{data}/{name}.toml"))).unwrap()
}
