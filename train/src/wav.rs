//! Recordings: mono 16-bit PCM WAV files.

use std::path::Path;

use crate::TrainError;

/// Reads the samples of a mono 16-bit PCM WAV file as fractions of full scale, in `[-1, 1)`.
///
/// # Errors
/// When the file cannot be opened, is not a WAV file, is not mono 16-bit PCM, has another rate
/// than `sample_rate_hz`, or ends early.
pub fn read_wav(path: &Path, sample_rate_hz: u32) -> Result<Vec<f64>, TrainError> {
    let file = path.display();
    let bytes = std::fs::File::open(path)
        .map_err(|error| TrainError::new(format!("{file}: cannot be read: {error}")))?;
    let mut reader = hound::WavReader::new(std::io::BufReader::new(bytes)).map_err(|_| {
        TrainError::new(format!(
            "{file}: not a WAV file, expected mono 16-bit PCM at {sample_rate_hz} Hz"
        ))
    })?;

    let spec = reader.spec();
    let expect = |field: &str, value: u32, expected: u32| {
        if value == expected {
            return Ok(());
        }
        Err(TrainError::new(format!(
            "{file}: {field} is {value}, expected {expected}"
        )))
    };
    expect("sample rate in Hz", spec.sample_rate, sample_rate_hz)?;
    expect("number of channels", u32::from(spec.channels), 1)?;
    expect("bits per sample", u32::from(spec.bits_per_sample), 16)?;
    if spec.sample_format != hound::SampleFormat::Int {
        return Err(TrainError::new(format!(
            "{file}: sample format is float, expected integer"
        )));
    }

    let samples: Result<Vec<i16>, hound::Error> = reader.samples::<i16>().collect();
    let samples = samples.map_err(|_| {
        TrainError::new(format!(
            "{file}: samples end before the length that the header gives, expected the whole recording"
        ))
    })?;
    Ok(samples
        .into_iter()
        .map(|s| f64::from(s) / 32768.0)
        .collect())
}
