//! Each reader with all that a program does with its result; what it refuses, it refuses in one sentence.

use std::fmt::Display;
use std::sync::LazyLock;

use tern_compile::design::Design;
use tern_features::input;
use tern_features::table;
use tern_features::table::Wanted;
use tern_features::{FeatureKind, FrontEnd, Preprocessing};
use tern_model::golden::Golden;
use tern_model::network::{Model, Output, Sequence};
use tern_model::random::{RandomSpec, random_model};

/// Reads bytes and checks what comes of it.
pub type Reader = fn(&[u8]);

/// Every reader with its name, which is that of its folder of seeds.
pub const ALL: [(&str, Reader); 9] = [
    ("model", model),
    ("design", design),
    ("wav", wav),
    ("npy", npy),
    ("csv", csv),
    ("onnx", onnx),
    ("safetensors", safetensors),
    ("pt", pt),
    ("keras", keras),
];

/// Three inputs of four bits.
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut spec = RandomSpec::hitnet(tern_model::network::CellKind::Lstm, 3, 2);
    spec.input_bits = 4;
    spec.output = Output::Last;
    random_model(&spec, 1)
});

/// Frames of 16 samples in two bands.
static FRONT_END: LazyLock<FrontEnd> = LazyLock::new(|| {
    let constants = Preprocessing {
        features: FeatureKind::LogMel,
        sample_rate_hz: 8000,
        window: 16,
        hop: 8,
        mel_low_hz: 100.0,
        mel_high_hz: 4000.0,
        floor: 1e-6,
        offset: vec![0.0; 2],
        scale: vec![10.0; 2],
    };
    FrontEnd::new(constants, 8).expect("constants in range")
});

fn accepted<T, E: Display>(result: Result<T, E>) -> Option<T> {
    if let Err(error) = &result {
        let sentence = error.to_string();
        assert!(
            !sentence.is_empty() && !sentence.contains('\n'),
            "no sentence: {sentence:?}"
        );
    }
    result.ok()
}

/// A model file; what is read is written, read again and run for a step.
pub fn model(bytes: &[u8]) {
    if let Some(model) = accepted(Model::from_bytes(bytes)) {
        let written = model.to_bytes().expect("what was read can be written");
        assert_eq!(Model::from_bytes(&written).as_ref(), Ok(&model));
        Golden::new(&model).run(&[vec![1; model.input_size]]);
    }
}

/// A design file; what is read has a device.
pub fn design(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(design) = accepted(Design::from_json(text)) {
        assert!(design.macs_per_cycle() > 0 && !design.device.name.is_empty());
    }
}

/// A recording; what is read becomes features.
pub fn wav(bytes: &[u8]) {
    if let Some(samples) = accepted(tern_features::wav_samples(bytes, 8000)) {
        let features = FRONT_END.features(&samples.values);
        let count = samples.values.len();
        assert_eq!(features.len(), (count + 8).saturating_sub(16) / 8);
        assert!(samples.values.iter().all(|value| !value.is_nan()));
    }
}

/// Inputs as a NumPy array, and real features as one.
pub fn npy(bytes: &[u8]) {
    if let Some(sequence) = accepted(input::integers(bytes, table::npy, &MODEL)) {
        in_range(sequence);
    }
    if let Some(features) = accepted(table::npy(bytes, &FINITE)) {
        finite(&features);
    }
}

/// Inputs as text, and real features.
pub fn csv(bytes: &[u8]) {
    if let Some(sequence) = accepted(input::integers(bytes, table::csv, &MODEL)) {
        in_range(sequence);
    }
    if let Some(features) = accepted(table::csv(bytes, &FINITE)) {
        finite(&features);
    }
}

/// A network of another tool; what is taken runs a step.
fn foreign(extension: &str, bytes: &[u8]) {
    let Some(contents) = accepted(tern_import::read_bytes(extension, bytes)) else {
        return;
    };
    for part in &contents.parts {
        assert!(!part.to_string().contains('\n'));
    }
    if let Some(network) = accepted(contents.network(None)) {
        let step = vec![0.5; network.input_size()];
        assert_eq!(network.run(&[step]).map(|outputs| outputs.len()), Ok(1));
    }
}

/// An ONNX file.
pub fn onnx(bytes: &[u8]) {
    foreign("onnx", bytes);
}

/// A state dict as a safetensors file.
pub fn safetensors(bytes: &[u8]) {
    foreign("safetensors", bytes);
}

/// A state dict as `torch.save` writes it.
pub fn pt(bytes: &[u8]) {
    foreign("pt", bytes);
}

/// A Keras model.
pub fn keras(bytes: &[u8]) {
    foreign("keras", bytes);
}

/// Real features.
const FINITE: Wanted<'static, f64> = Wanted {
    columns: None,
    element: "a finite number",
    holds: &|value| value.is_finite(),
};

fn finite(features: &[Vec<f64>]) {
    for step in features {
        assert_eq!(step.len(), features[0].len());
        assert!(step.iter().all(|value| value.is_finite()));
    }
}

fn in_range(sequence: Sequence) {
    for step in sequence {
        assert_eq!(step.len(), MODEL.input_size);
        assert!(step.iter().all(|value| (-8..8).contains(value)));
    }
}
