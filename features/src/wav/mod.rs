//! Recordings: WAV files as recorders write them, as mono samples at the rate that a front end wants.

mod header;
mod resample;

use std::io::Cursor;
use std::path::Path;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::default::codecs::PcmDecoder;
use symphonia::default::formats::WavReader;

use tern_model::file::{plain_number, read_bytes};

use self::header::Header;
use self::resample::resample;
use crate::error::FeatureError;

/// A recording in one channel at the wanted rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Fractions of full scale, in `[-1, 1)`; those of a file of floats, or resampled, may lie beyond.
    pub values: Vec<f64>,
    /// What was converted, in one sentence; `None` for 16-bit integers in one channel at the wanted rate.
    pub converted: Option<String>,
}

/// Reads a WAV file as samples at `sample_rate_hz`.
///
/// Integers of 8, 16, 24 and 32 bits and floats of 32 and 64 are read, under a header that is
/// extensible or not, with whatever chunks around them, of a size that is given or, as in a pipe, not.
/// The channels are averaged, then resampled to `sample_rate_hz`.
///
/// # Errors
/// When the file cannot be opened, or holds something else; the sentence names the file.
pub fn read_wav(path: &Path, sample_rate_hz: u32) -> Result<Samples, FeatureError> {
    read_as(path, |bytes| wav_samples(bytes, sample_rate_hz))
}

/// Reads a WAV file as `samples` takes its bytes; what is wrong with it, or was converted, is told of the file.
pub(crate) fn read_as(
    path: &Path,
    samples: impl FnOnce(&[u8]) -> Result<Samples, FeatureError>,
) -> Result<Samples, FeatureError> {
    let file = path.display();
    let bytes = read_bytes(path)
        .map_err(|error| FeatureError::unreadable(path, error, "a recording, a WAV file"))?;
    let Samples { values, converted } =
        samples(&bytes).map_err(|error| FeatureError::new(format!("{file}: {error}")))?;
    Ok(Samples {
        values,
        converted: converted.map(|what| format!("{file}: {what}")),
    })
}

/// The samples in the bytes of such a file.
///
/// # Errors
/// When they are not a WAV file, are encoded otherwise (the sentence says how), end early or hold no
/// finite number; or when they have more than 32 channels, or a rate below 1000 or above 768000 Hz.
pub fn wav_samples(bytes: &[u8], sample_rate_hz: u32) -> Result<Samples, FeatureError> {
    let (header, data) = Header::read(bytes).map_err(FeatureError::new)?;
    let mono = mono(header.plain_file(data), &header).map_err(FeatureError::new)?;
    let peak = mono
        .iter()
        .fold(0.0, |peak: f64, value| peak.max(value.abs()));
    let converted = header
        .converted(sample_rate_hz)
        .map(|what| match peak > 1.0 {
            // Floats alone can be; the scale of the features takes them for the loudest there is.
            true => format!(
                "{what}; its loudest sample is {} times full scale, expected at most 1",
                plain_number(peak)
            ),
            false => what,
        });
    Ok(Samples {
        values: resample(mono, header.sample_rate_hz, sample_rate_hz).map_err(FeatureError::new)?,
        converted,
    })
}

/// The mean of the channels in each frame, of a file as [`Header::plain_file`] makes it.
fn mono(file: Vec<u8>, header: &Header) -> Result<Vec<f64>, String> {
    let no_wav = |error: Error| format!("not a WAV file that can be read: {error}");
    let options = MediaSourceStreamOptions::default();
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), options);
    let mut reader = WavReader::try_new(stream, FormatOptions::default()).map_err(no_wav)?;
    let track = reader.tracks().first();
    let Some(CodecParameters::Audio(parameters)) = track.and_then(|t| t.codec_params.as_ref())
    else {
        return Err("not a WAV file that can be read: it has no track".to_owned());
    };
    let options = AudioDecoderOptions::default();
    let mut decoder = PcmDecoder::try_new(parameters, &options).map_err(no_wav)?;
    let (mut values, mut block) = (Vec::new(), Vec::<f64>::new());
    while let Some(packet) = reader.next_packet().map_err(no_wav)? {
        let decoded = decoder.decode(&packet).map_err(no_wav)?;
        decoded.copy_to_vec_interleaved(&mut block);
        values.append(&mut block);
    }
    let frames = values.chunks_exact(header.channels);
    let mean = |frame: &[f64]| frame.iter().sum::<f64>() / header.channels as f64;
    let samples: Vec<f64> = frames.map(mean).collect();
    match samples.iter().position(|sample| !sample.is_finite()) {
        Some(index) => Err(format!(
            "sample {index} is {}, expected a finite number",
            samples[index]
        )),
        None => Ok(samples),
    }
}
