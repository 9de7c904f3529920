//! Constants of the front end, as they stand in a model file.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tern_model::file::{plain_number, read_value};

use crate::error::FeatureError;

/// Constants of the front end, as they stand in a model file's `preprocessing`.
///
/// A frame is `window` samples under a Hann window, every `hop` samples; frames never reach past
/// the end of a recording. With `p` the sum of the frame's power spectrum, samples in `[-1, 1)`,
/// under the triangle of mel band `k`,
///
/// ```text
/// x[k] = round((ln(max(p, floor)) - offset[k]) * scale[k]), saturated to -127..=127
/// ```
///
/// where `round` takes halves away from zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// What the features are.
    pub features: FeatureKind,
    /// Sample rate of the recordings, 1000 to 192000.
    pub sample_rate_hz: u32,
    /// Samples in a frame, also the points of its FFT: even, 16 to 8192.
    pub window: usize,
    /// Samples from one frame to the next, 1 to `window`.
    pub hop: usize,
    /// Lower edge of the lowest mel band.
    pub mel_low_hz: f64,
    /// Upper edge of the highest mel band, at most half the sample rate.
    pub mel_high_hz: f64,
    /// Least power of a band; a full-scale sine has about `(window / 4)^2`.
    pub floor: f64,
    /// Of each band, the logarithm of the power that becomes 0.
    pub offset: Vec<f64>,
    /// Of each band, the integer steps in one unit of the logarithm.
    pub scale: Vec<f64>,
}

/// Kind of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureKind {
    /// Logarithm of the power in bands equally spaced on the mel scale.
    LogMel,
}

impl Preprocessing {
    /// Number of mel bands, which is the number of features.
    pub fn bands(&self) -> usize {
        self.offset.len()
    }

    /// Checks every constant.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it, its value and the range.
    pub fn validate(&self) -> Result<(), FeatureError> {
        let rate = self.sample_rate_hz;
        rule(
            (1000..=192_000).contains(&rate),
            "sample_rate_hz",
            rate,
            "1000 to 192000",
        )?;
        rule(
            (16..=8192).contains(&self.window) && self.window.is_multiple_of(2),
            "window",
            self.window,
            "an even number of 16 to 8192 samples",
        )?;
        rule(
            (1..=self.window).contains(&self.hop),
            "hop",
            self.hop,
            "1 to window samples",
        )?;
        rule(
            self.mel_low_hz >= 0.0 && self.mel_low_hz < self.mel_high_hz,
            "mel_low_hz",
            self.mel_low_hz,
            "at least 0 and below mel_high_hz",
        )?;
        rule(
            self.mel_high_hz <= f64::from(rate) / 2.0,
            "mel_high_hz",
            self.mel_high_hz,
            "at most half the sample rate",
        )?;
        rule(
            self.floor > 0.0 && self.floor.is_finite(),
            "floor",
            self.floor,
            "a positive number",
        )?;
        let bands = self.bands();
        rule(
            (1..=256).contains(&bands),
            "offset",
            format!("of length {bands}"),
            "one number a mel band, 1 to 256 bands",
        )?;
        rule(
            self.scale.len() == bands,
            "scale",
            format!("of length {}", self.scale.len()),
            "one number a mel band, as offset has",
        )?;
        not_negative(&self.scale)
    }
}

/// Checks that no scale turns a feature round; that of a feature which never changes is 0.
pub(crate) fn not_negative(scale: &[f64]) -> Result<(), FeatureError> {
    let mut places = scale.iter().enumerate();
    places.try_for_each(|(place, &scale)| {
        let field = format!("scale[{place}]");
        rule(scale >= 0.0, &field, plain_number(scale), "0 or more")
    })
}

/// A model's `preprocessing` as that of `what`, or the field that is not.
pub(crate) fn described<'d, T: Deserialize<'d>>(
    json: &'d Value,
    what: &str,
) -> Result<T, FeatureError> {
    read_value(json).map_err(|fault| {
        let path = fault.path("preprocessing");
        FeatureError::new(format!("{path} of {what} {}", fault.problem))
    })
}

fn rule(
    holds: bool,
    field: &str,
    value: impl std::fmt::Display,
    expected: &str,
) -> Result<(), FeatureError> {
    if holds {
        return Ok(());
    }
    Err(FeatureError::new(format!(
        "preprocessing.{field} is {value}, expected {expected}"
    )))
}
