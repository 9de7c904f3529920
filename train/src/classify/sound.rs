//! Spoken digits as training takes them: recordings, changed anew in every epoch.

use std::path::Path;

use crate::classify::evaluate;
use crate::classify::evaluate::Example;
use crate::data::augment::Augmentation;
use crate::data::fsdd;
use crate::data::fsdd::{Recording, Split};
use crate::error::TrainError;
use tern_features::FrontEnd;
use tern_features::read_wav;
use tern_features::scaling::normalize;
use tern_features::{FeatureKind, Preprocessing};

/// Sample rate of the data set.
const SAMPLE_RATE_HZ: u32 = 8000;
/// Mel bands, which are the features.
const BANDS: usize = 24;

/// The samples of the training recordings, and the front end made for them.
#[derive(Clone)]
pub(crate) struct Sound {
    /// The front end, whose offset and scale come from the training recordings.
    pub(crate) front_end: FrontEnd,
    samples: Vec<Vec<f64>>,
    augmentation: Option<Augmentation>,
    /// Of each part, which recordings were converted.
    pub(crate) notes: Vec<String>,
}

/// Reads the recordings, whose features have `bits` bits: the sound, then the examples of training, validation and test.
pub(crate) fn read(
    data_dir: &Path,
    bits: u32,
    augmentation: Option<&Augmentation>,
) -> Result<(Sound, [Vec<Example>; 3]), TrainError> {
    let all = fsdd::recordings(data_dir)?;
    let of = |split: Split| -> Result<Vec<Recording>, TrainError> {
        let part = all.iter().filter(|r| r.split() == split);
        let part: Vec<Recording> = part.cloned().collect();
        match part.is_empty() {
            true => Err(TrainError::new(format!(
                "{}: holds no {split:?} recording, expected indices 0 to 44",
                data_dir.display()
            ))),
            false => Ok(part),
        }
    };
    let (train, validation, test) = (of(Split::Train)?, of(Split::Validation)?, of(Split::Test)?);
    let samples = train.iter().map(|r| read_wav(&r.path, SAMPLE_RATE_HZ));
    let samples = samples.map(|samples| Ok(samples?.values));
    let samples: Vec<Vec<f64>> = samples.collect::<Result<_, TrainError>>()?;
    let front_end = front_end(&samples, bits)?;
    let mut notes = Vec::new();
    let mut examples = |part: &[Recording]| {
        let (examples, note) = evaluate::converted(&front_end, part)?;
        notes.extend(note);
        Ok::<_, TrainError>(examples)
    };
    let parts = [examples(&train)?, examples(&validation)?, examples(&test)?];
    let sound = Sound {
        front_end,
        samples,
        augmentation: augmentation.cloned(),
        notes,
    };
    Ok((sound, parts))
}

impl Sound {
    /// The training recordings `examples` as an epoch hears them.
    pub(crate) fn epoch(&self, examples: &[Example], rng: &mut fastrand::Rng) -> Vec<Example> {
        let Some(augmentation) = &self.augmentation else {
            return examples.to_vec();
        };
        let window = self.front_end.constants().window;
        let change = |(samples, example): (&Vec<f64>, &Example)| {
            let samples = augmentation.samples(samples, window, rng);
            let mut features = self.front_end.features(&samples);
            augmentation.mask(&mut features, rng);
            Example {
                features,
                ..example.clone()
            }
        };
        self.samples.iter().zip(examples).map(change).collect()
    }
}

/// The front end whose features of the given recordings have mean 0 and the usual deviation.
fn front_end(recordings: &[Vec<f64>], bits: u32) -> Result<FrontEnd, TrainError> {
    let mut constants = Preprocessing {
        features: FeatureKind::LogMel,
        sample_rate_hz: SAMPLE_RATE_HZ,
        window: 256,
        hop: 128,
        mel_low_hz: 60.0,
        mel_high_hz: 4000.0,
        floor: 1e-4,
        offset: vec![0.0; BANDS],
        scale: vec![1.0; BANDS],
    };
    let plain = FrontEnd::new(constants.clone(), bits)?;
    let frames: Vec<Vec<f64>> = recordings.iter().flat_map(|r| plain.log_mel(r)).collect();
    let (offset, scale) = normalize(frames.iter(), BANDS, bits);
    let thousandths = |values: Vec<f64>| {
        let rounded = values.into_iter().map(|v| (v * 1000.0).round() / 1000.0);
        rounded.collect()
    };
    (constants.offset, constants.scale) = (thousandths(offset), thousandths(scale));
    Ok(FrontEnd::new(constants, bits)?)
}
