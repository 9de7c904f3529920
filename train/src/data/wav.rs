//! Recordings: mono 16-bit PCM WAV files.

use std::io::Read;
use std::path::Path;

use crate::error::TrainError;

/// Reads the samples of a mono 16-bit PCM WAV file as fractions of full scale, in `[-1, 1)`.
///
/// # Errors
/// When the file cannot be opened, or holds something else; the sentence names the file.
pub fn read_wav(path: &Path, sample_rate_hz: u32) -> Result<Vec<f64>, TrainError> {
    let file = path.display();
    let bytes = std::fs::File::open(path)
        .map_err(|error| TrainError::new(format!("{file}: cannot be read: {error}")))?;
    wav_samples(std::io::BufReader::new(bytes), sample_rate_hz)
        .map_err(|error| TrainError::new(format!("{file}: {error}")))
}

/// The samples in the bytes of such a file.
///
/// # Errors
/// When they are not a WAV file, not mono 16-bit PCM, have another rate than `sample_rate_hz`, or end early.
pub fn wav_samples(bytes: impl Read, sample_rate_hz: u32) -> Result<Vec<f64>, TrainError> {
    let mut reader = hound::WavReader::new(bytes).map_err(|_| {
        TrainError::new(format!(
            "not a WAV file, expected mono 16-bit PCM at {sample_rate_hz} Hz"
        ))
    })?;

    let spec = reader.spec();
    let expect = |field: &str, value: u32, expected: u32| {
        if value == expected {
            return Ok(());
        }
        Err(TrainError::new(format!(
            "{field} is {value}, expected {expected}"
        )))
    };
    expect("sample rate in Hz", spec.sample_rate, sample_rate_hz)?;
    expect("number of channels", u32::from(spec.channels), 1)?;
    expect("bits per sample", u32::from(spec.bits_per_sample), 16)?;
    if spec.sample_format != hound::SampleFormat::Int {
        return Err(TrainError::new("sample format is float, expected integer"));
    }

    let samples = reader.samples::<i16>();
    let fractions = samples.map(|sample| Ok(f64::from(sample?) / 32768.0));
    fractions.collect::<Result<_, hound::Error>>().map_err(|_| {
        TrainError::new(
            "samples end before the length that the header gives, expected the whole recording",
        )
    })
}
