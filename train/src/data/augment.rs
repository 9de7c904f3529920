//! Augmentation: recordings as they might also have been spoken.

use serde::{Deserialize, Serialize};
use tern_model::file::plain_number;

use crate::error::TrainError;

/// How far the recordings of an epoch may differ from those on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augmentation {
    /// Largest change of speed and pitch, as a fraction.
    pub speed: f64,
    /// Largest change of level in decibels.
    pub gain_db: f64,
    /// Largest amplitude of white noise, as a fraction of full scale.
    pub noise: f64,
    /// Longest silence added, or sound cut away, at either end, in samples.
    pub shift: usize,
    /// Most neighbouring mel bands set to 0 in a recording.
    pub masked_bands: usize,
}

impl Augmentation {
    /// Checks every value.
    ///
    /// # Errors
    /// When one is out of range; the sentence names it.
    pub(crate) fn validate(&self) -> Result<(), TrainError> {
        for (field, value, most) in [
            ("speed", self.speed, 0.5),
            ("gain_db", self.gain_db, 60.0),
            ("noise", self.noise, 1.0),
            ("shift", self.shift as f64, 8000.0),
            ("masked_bands", self.masked_bands as f64, 256.0),
        ] {
            if !(0.0..=most).contains(&value) {
                let value = plain_number(value);
                return Err(TrainError::new(format!(
                    "augmentation.{field} is {value}, expected 0 to {most}"
                )));
            }
        }
        Ok(())
    }

    /// A changed copy of `samples`, never shorter than `shortest`.
    pub fn samples(&self, samples: &[f64], shortest: usize, rng: &mut fastrand::Rng) -> Vec<f64> {
        let gain = 10f64.powf(signed(rng) * self.gain_db / 20.0);
        let noise = rng.f64() * self.noise;
        let mut out = resample(samples, 1.0 + signed(rng) * self.speed);
        for _end in 0..2 {
            let shift = rng.usize(0..=self.shift);
            if rng.bool() {
                out.resize(out.len() + shift, 0.0);
            } else {
                out.truncate(out.len().saturating_sub(shift).max(shortest));
            }
            out.reverse();
        }
        out.resize(out.len().max(shortest), 0.0);
        for sample in &mut out {
            *sample = *sample * gain + signed(rng) * noise;
        }
        out
    }

    /// Sets a run of neighbouring bands to 0 in all `frames` `[time][bands]`.
    pub fn mask(&self, frames: &mut [Vec<i32>], rng: &mut fastrand::Rng) {
        let bands = frames.first().map_or(0, Vec::len);
        let width = rng.usize(0..=self.masked_bands.min(bands));
        let first = rng.usize(0..=bands - width);
        for frame in frames {
            frame[first..first + width].fill(0);
        }
    }
}

/// Uniform in `[-1, 1)`.
fn signed(rng: &mut fastrand::Rng) -> f64 {
    2.0 * rng.f64() - 1.0
}

/// Samples at `speed` times the pace, by linear interpolation.
fn resample(samples: &[f64], speed: f64) -> Vec<f64> {
    let length = (samples.len() as f64 / speed) as usize;
    let sample = |i: usize| samples.get(i).copied().unwrap_or(0.0);
    let at = |n: usize| {
        let position = n as f64 * speed;
        let (left, part) = (position as usize, position.fract());
        sample(left) * (1.0 - part) + sample(left + 1) * part
    };
    (0..length).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::Augmentation;

    #[test]
    fn a_change_out_of_its_range_is_named_with_it() {
        let good = Augmentation {
            speed: 0.1,
            gain_db: 6.0,
            noise: 0.003,
            shift: 128,
            masked_bands: 3,
        };
        assert!(good.validate().is_ok());
        type Change = fn(&mut Augmentation);
        let changes: [(Change, &str); 3] = [
            (
                |a| a.speed = 1.0,
                "augmentation.speed is 1, expected 0 to 0.5",
            ),
            (
                |a| a.gain_db = f64::NAN,
                "augmentation.gain_db is NaN, expected 0 to 60",
            ),
            (
                |a| a.shift = 9000,
                "augmentation.shift is 9000, expected 0 to 8000",
            ),
        ];
        for (change, expected) in changes {
            let mut changed = good.clone();
            change(&mut changed);
            assert_eq!(changed.validate().unwrap_err().to_string(), expected);
        }
    }
}
