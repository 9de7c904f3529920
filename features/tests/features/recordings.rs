//! Files of recordings, and those that cannot be used: one sentence each, naming file, field, value and
//! expectation.

use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};
use tern_features::{FeatureKind, FrontEnd, Preprocessing, read_wav};

const GOOD: WavSpec = WavSpec {
    channels: 1,
    sample_rate: 8000,
    bits_per_sample: 16,
    sample_format: SampleFormat::Int,
};

fn write(folder: &Path, spec: WavSpec, samples: usize) -> PathBuf {
    let path = folder.join("sound.wav");
    let mut writer = WavWriter::create(&path, spec).unwrap();
    for n in 0..samples {
        writer.write_sample(n as i16).unwrap();
    }
    writer.finalize().unwrap();
    path
}

fn front_end() -> FrontEnd {
    FrontEnd::new(
        Preprocessing {
            features: FeatureKind::LogMel,
            sample_rate_hz: 8000,
            window: 256,
            hop: 128,
            mel_low_hz: 60.0,
            mel_high_hz: 4000.0,
            floor: 1e-4,
            offset: vec![0.0; 4],
            scale: vec![10.0; 4],
        },
        8,
    )
    .unwrap()
}

fn error(path: &Path) -> String {
    let error = front_end().read(path).unwrap_err().to_string();
    assert!(error.contains(&path.display().to_string()), "{error}");
    assert!(!error.contains('\n'), "{error}");
    error
}

#[test]
fn samples_are_fractions_of_full_scale() {
    let folder = tempfile::tempdir().unwrap();
    let samples = read_wav(&write(folder.path(), GOOD, 3), 8000).unwrap();
    assert_eq!(samples.values, [0.0, 1.0 / 32768.0, 2.0 / 32768.0]);
    assert_eq!(samples.converted, None);
}

#[test]
fn recordings_shorter_than_a_window_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for samples in [0, 255] {
        let error = error(&write(folder.path(), GOOD, samples));
        let expected = format!("number of samples is {samples}, expected at least 256");
        assert!(error.contains(&expected), "{error}");
    }
    assert!(front_end().read(&write(folder.path(), GOOD, 256)).is_ok());
}

#[test]
fn files_that_are_no_whole_wav_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = std::fs::read(write(folder.path(), GOOD, 1000)).unwrap();
    let path = folder.path().join("broken.wav");
    for (bytes, expected) in [
        (&b""[..], "not a WAV file"),
        (
            &b"{\"version\": 1, \"name\": \"no sound at all\"}"[..],
            "not a WAV file",
        ),
        (&good[..20], "not a WAV file"),
        (&good[..good.len() - 500], "samples end before the length"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = error(&path);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = error(&folder.path().join("missing.wav"));
    assert!(error.contains("cannot be read"), "{error}");
}
