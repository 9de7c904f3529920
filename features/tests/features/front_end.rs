//! The front end on sounds whose spectrum is known.

use std::f64::consts::PI;

use tern_features::{FeatureKind, FrontEnd, Preprocessing};

fn constants() -> Preprocessing {
    Preprocessing {
        features: FeatureKind::LogMel,
        sample_rate_hz: 8000,
        window: 256,
        hop: 128,
        mel_low_hz: 60.0,
        mel_high_hz: 4000.0,
        floor: 1e-4,
        offset: vec![0.0; 24],
        scale: vec![10.0; 24],
    }
}

fn tone(hz: f64, amplitude: f64, samples: usize) -> Vec<f64> {
    let sample = |n: usize| amplitude * (2.0 * PI * hz * n as f64 / 8000.0).sin();
    (0..samples).map(sample).collect()
}

/// Centre of a mel band, from O'Shaughnessy's formula, counted in equal steps from edge to edge.
fn centre_hz(band: usize) -> f64 {
    let mel = |hz: f64| 2595.0 * (1.0 + hz / 700.0).log10();
    let at = mel(60.0) + (mel(4000.0) - mel(60.0)) * (band + 1) as f64 / 25.0;
    700.0 * (10f64.powf(at / 2595.0) - 1.0)
}

#[test]
fn a_tone_peaks_in_the_band_around_it() {
    let front_end = FrontEnd::new(constants(), 8).unwrap();
    for band in 4..24 {
        for frame in front_end.log_mel(&tone(centre_hz(band), 0.5, 1024)) {
            let peak = (0..24).max_by(|&a, &b| frame[a].total_cmp(&frame[b]));
            assert_eq!(peak, Some(band), "{} Hz", centre_hz(band));
        }
    }
}

#[test]
fn a_full_scale_sine_has_a_quarter_window_squared_of_power() {
    let mut wide = constants();
    wide.offset = vec![0.0];
    wide.scale = vec![1.0];
    wide.mel_low_hz = 0.0;
    let front_end = FrontEnd::new(wide, 8).unwrap();
    // One triangle from 0 to 4000 Hz. A sine on bin 40 under a Hann window leaves a quarter window
    // in that bin's amplitude and half of that in both neighbours.
    let mel = |hz: f64| 2595.0 * (1.0 + hz / 700.0).log10();
    let centre = 700.0 * (10f64.powf(mel(4000.0) / 2.0 / 2595.0) - 1.0);
    let weight = |bin: f64| {
        let hz = bin * 31.25;
        (hz / centre).min((4000.0 - hz) / (4000.0 - centre))
    };
    let quarter = 64.0f64.powi(2);
    let expected = quarter * (weight(40.0) + weight(39.0) / 4.0 + weight(41.0) / 4.0);
    let log = front_end.log_mel(&tone(40.0 * 31.25, 1.0, 256));
    assert!(
        (log[0][0] - expected.ln()).abs() < 1e-9,
        "{} and {}",
        log[0][0],
        expected.ln()
    );
}

#[test]
fn ten_times_the_power_adds_the_scale_times_its_logarithm() {
    let front_end = FrontEnd::new(constants(), 8).unwrap();
    let quiet = front_end.features(&tone(1000.0, 0.01, 512));
    let loud = front_end.features(&tone(1000.0, 0.01 * 10f64.sqrt(), 512));
    let peak = (0..24).max_by_key(|&band| quiet[0][band]).unwrap();
    let step = loud[0][peak] - quiet[0][peak];
    assert!(
        (step - (10.0 * 10f64.ln()).round() as i32).abs() <= 1,
        "{step}"
    );
}

#[test]
fn frames_stand_a_hop_apart_and_end_inside_the_recording() {
    let front_end = FrontEnd::new(constants(), 8).unwrap();
    for (samples, frames) in [(0, 0), (255, 0), (256, 1), (383, 1), (384, 2), (1024, 7)] {
        assert_eq!(front_end.features(&vec![0.0; samples]).len(), frames);
    }
}

#[test]
fn features_saturate_at_both_ends() {
    let mut steep = constants();
    steep.scale = vec![1e6; 24];
    let front_end = FrontEnd::new(steep, 8).unwrap();
    let silence = front_end.features(&[0.0; 256]);
    assert!(silence[0].iter().all(|&x| x == -127));
    let loud = front_end.features(&tone(1000.0, 1.0, 256));
    assert!(loud[0].contains(&127));
}

#[test]
fn constants_out_of_range_are_named() {
    type Break = fn(&mut Preprocessing);
    let broken: [(&str, Break); 7] = [
        ("sample_rate_hz is 10,", |c| c.sample_rate_hz = 10),
        ("window is 255,", |c| c.window = 255),
        ("hop is 0,", |c| c.hop = 0),
        ("mel_low_hz is 5000,", |c| c.mel_low_hz = 5000.0),
        ("mel_high_hz is 4001,", |c| c.mel_high_hz = 4001.0),
        ("floor is 0,", |c| c.floor = 0.0),
        ("scale is of length 23,", |c| c.scale.truncate(23)),
    ];
    for (expected, break_it) in broken {
        let mut constants = constants();
        break_it(&mut constants);
        let error = FrontEnd::new(constants, 8).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
