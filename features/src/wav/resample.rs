//! From one sample rate to another.

use rubato::audioadapter_buffers::owned::InterleavedOwned;
use rubato::{Async, FixedAsync, Resampler, SincInterpolationParameters, WindowFunction};

/// Samples that are resampled at once.
const CHUNK: usize = 1024;
/// Length of the filter in samples of the lower rate.
const FILTER: usize = 256;
/// Longest filter, in samples of the file.
const LONGEST_FILTER: usize = 4096;

/// The samples at `to` Hz in place of `from`, without what lies above half the lower rate.
pub(super) fn resample(samples: Vec<f64>, from: u32, to: u32) -> Result<Vec<f64>, String> {
    if from == to || samples.is_empty() {
        return Ok(samples);
    }
    let filter = (FILTER * from.div_ceil(to) as usize).min(LONGEST_FILTER);
    let parameters = SincInterpolationParameters::new(filter, WindowFunction::BlackmanHarris2);
    let ratio = f64::from(to) / f64::from(from);
    let failed = |error: String| format!("cannot be resampled from {from} to {to} Hz: {error}");
    let mut resampler =
        Async::<f64>::new_sinc(ratio, 1.0, &parameters, CHUNK, 1, FixedAsync::Input)
            .map_err(|error| failed(error.to_string()))?;
    let frames = samples.len();
    let input = InterleavedOwned::new_from(samples, 1, frames)
        .map_err(|error| failed(error.to_string()))?;
    let output = resampler
        .process_all(&input, frames, None)
        .map_err(|error| failed(error.to_string()))?;
    Ok(output.take_data())
}
