//! The front end: from samples to the integers the network takes.

use std::f64::consts::PI;
use std::path::Path;
use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};
use tern_model::network::Model;

use crate::error::FeatureError;
use crate::mel::MelFilters;
use crate::preprocessing::{Preprocessing, described};
use crate::scaling::quantize;
use crate::wav::{Samples, read_as, wav_samples};

/// Bits of a feature where nothing else is asked for.
pub const FEATURE_BITS: u32 = 8;

/// The front end, ready to run. Deterministic: the same samples give the same integers.
#[derive(Clone)]
pub struct FrontEnd {
    constants: Preprocessing,
    /// Largest magnitude of a feature.
    max: i32,
    window: Vec<f64>,
    filters: MelFilters,
    fft: Arc<dyn RealToComplex<f64>>,
}

impl FrontEnd {
    /// The front end that a model describes in its `preprocessing`.
    ///
    /// # Errors
    /// When the model has none, or it has a field that is missing, unknown, of the wrong type or
    /// out of range, or its features are not what the network takes; the sentence names the field.
    pub fn of_model(model: &Model) -> Result<FrontEnd, FeatureError> {
        let json = model.preprocessing.as_ref().ok_or_else(|| {
            FeatureError::new(
                "preprocessing is missing from the model, expected the constants of a log-mel front end",
            )
        })?;
        let constants: Preprocessing = described(json, "a log-mel front end")?;
        let bands = constants.bands();
        if bands != model.input_size {
            return Err(FeatureError::new(format!(
                "preprocessing gives {bands} features, expected {}, as the network takes",
                model.input_size
            )));
        }
        FrontEnd::new(constants, model.input_bits)
    }

    /// The front end with the given constants, for features of `bits` bits, 2 to 8.
    ///
    /// # Errors
    /// When a constant or the bits are out of range; the sentence names it.
    pub fn new(constants: Preprocessing, bits: u32) -> Result<FrontEnd, FeatureError> {
        constants.validate()?;
        if !(2..=FEATURE_BITS).contains(&bits) {
            return Err(FeatureError::new(format!(
                "a feature has {bits} bits, expected 2 to {FEATURE_BITS}"
            )));
        }
        let size = constants.window;
        let hann = |n: usize| 0.5 - 0.5 * (2.0 * PI * n as f64 / size as f64).cos();
        let filters = MelFilters::new(
            constants.bands(),
            constants.mel_low_hz,
            constants.mel_high_hz,
            size,
            f64::from(constants.sample_rate_hz),
        );
        Ok(FrontEnd {
            max: (1 << (bits - 1)) - 1,
            window: (0..size).map(hann).collect(),
            filters,
            fft: RealFftPlanner::new().plan_fft_forward(size),
            constants,
        })
    }

    /// The front end's constants.
    pub fn constants(&self) -> &Preprocessing {
        &self.constants
    }

    /// Features `[frames][bands]` of a WAV file.
    ///
    /// # Errors
    /// As [`FrontEnd::samples`].
    pub fn read(&self, path: &Path) -> Result<Vec<Vec<i32>>, FeatureError> {
        Ok(self.features(&self.samples(path)?.values))
    }

    /// The samples of a WAV file in one channel at the front end's rate, and what was converted.
    ///
    /// # Errors
    /// As [`read_wav`](crate::read_wav), and when the file is shorter than a window; the sentence names the file, the
    /// field, its value and what was expected.
    pub fn samples(&self, path: &Path) -> Result<Samples, FeatureError> {
        read_as(path, |bytes| self.samples_in(bytes))
    }

    /// The samples in the bytes of such a file.
    ///
    /// # Errors
    /// As [`FrontEnd::samples`], but for the name of the file.
    pub fn samples_in(&self, bytes: &[u8]) -> Result<Samples, FeatureError> {
        let samples = wav_samples(bytes, self.constants.sample_rate_hz)?;
        let (found, window) = (samples.values.len(), self.constants.window);
        match found < window {
            true => Err(FeatureError::new(format!(
                "number of samples is {found}, expected at least {window}, one window"
            ))),
            false => Ok(samples),
        }
    }

    /// Features `[frames][bands]`, each in the symmetric range of its bits, of samples in `[-1, 1]`; none where
    /// the samples are fewer than a window.
    pub fn features(&self, samples: &[f64]) -> Vec<Vec<i32>> {
        let Preprocessing { offset, scale, .. } = &self.constants;
        let integer =
            |(band, log): (usize, f64)| quantize(log, offset[band], scale[band], self.max);
        let frames = self.log_mel(samples).into_iter();
        frames
            .map(|frame| frame.into_iter().enumerate().map(integer).collect())
            .collect()
    }

    /// Logarithms of the band powers `[frames][bands]`, before offset, scale and rounding.
    pub fn log_mel(&self, samples: &[f64]) -> Vec<Vec<f64>> {
        let mut frame = self.fft.make_input_vec();
        let mut spectrum = self.fft.make_output_vec();
        let mut scratch = self.fft.make_scratch_vec();
        let Preprocessing {
            window, hop, floor, ..
        } = self.constants;
        let ends = (window..=samples.len()).step_by(hop);
        ends.map(|end| {
            let weighted = samples[end - window..end].iter().zip(&self.window);
            for (x, (sample, weight)) in frame.iter_mut().zip(weighted) {
                *x = sample * weight;
            }
            self.fft
                .process_with_scratch(&mut frame, &mut spectrum, &mut scratch)
                .expect("the plan made its buffers itself");
            let power: Vec<f64> = spectrum.iter().map(|c| c.norm_sqr()).collect();
            let bands = self.filters.apply(&power);
            bands.map(|power| power.max(floor).ln()).collect()
        })
        .collect()
    }
}
