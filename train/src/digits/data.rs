//! The recordings as the training loop takes them.

use std::path::Path;

use crate::batch::Batch;
use crate::digits::Recipe;
use crate::evaluate::{self, Example};
use crate::fsdd::{self, Recording, Split};
use crate::{FeatureKind, FrontEnd, Preprocessing, TrainError, read_wav};

/// Sample rate of the data set.
const SAMPLE_RATE_HZ: u32 = 8000;
/// Recordings per batch-sized group that are sorted by length, so that little is padded.
const BATCHES_SORTED: usize = 10;

/// The data set in memory, and the front end made for it.
pub(crate) struct Data {
    /// The front end, whose offset and scale come from the training recordings.
    pub(crate) front_end: FrontEnd,
    /// Training recordings, unchanged.
    pub(crate) train: Vec<Example>,
    /// Validation recordings.
    pub(crate) validation: Vec<Example>,
    /// Test recordings.
    pub(crate) test: Vec<Example>,
    samples: Vec<Vec<f64>>,
}

impl Data {
    pub(crate) fn read(data_dir: &Path, recipe: &Recipe) -> Result<Data, TrainError> {
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
        let (train, validation, test) =
            (of(Split::Train)?, of(Split::Validation)?, of(Split::Test)?);
        let samples = train.iter().map(|r| read_wav(&r.path, SAMPLE_RATE_HZ));
        let samples: Vec<Vec<f64>> = samples.collect::<Result<_, _>>()?;
        let front_end = front_end(recipe, &samples)?;
        Ok(Data {
            train: evaluate::examples(&front_end, &train)?,
            validation: evaluate::examples(&front_end, &validation)?,
            test: evaluate::examples(&front_end, &test)?,
            front_end,
            samples,
        })
    }

    /// The training recordings of one epoch, changed, shuffled and cut into batches; a batch's
    /// sequences are of similar length.
    pub(crate) fn epoch(&self, recipe: &Recipe, rng: &mut fastrand::Rng) -> Vec<Vec<Example>> {
        let augmentation = &recipe.augmentation;
        let window = self.front_end.constants().window;
        let mut change = |(samples, example): (&Vec<f64>, &Example)| {
            let samples = augmentation.samples(samples, window, rng);
            let mut features = self.front_end.features(&samples);
            augmentation.mask(&mut features, rng);
            Example {
                features,
                digit: example.digit,
            }
        };
        let pairs = self.samples.iter().zip(&self.train);
        let mut examples: Vec<Example> = pairs.map(&mut change).collect();
        rng.shuffle(&mut examples);
        for group in examples.chunks_mut(recipe.batch_size * BATCHES_SORTED) {
            group.sort_by_key(|example| example.features.len());
        }
        let batches = examples.chunks(recipe.batch_size).map(<[Example]>::to_vec);
        let mut batches: Vec<Vec<Example>> = batches.collect();
        rng.shuffle(&mut batches);
        batches
    }
}

/// The sequences of `examples`, padded.
pub(crate) fn batch(examples: &[Example]) -> candle_core::Result<Batch> {
    let sequences: Vec<&[Vec<i32>]> = examples.iter().map(|e| &e.features[..]).collect();
    Batch::new(&sequences)
}

/// The front end whose features of the given recordings have mean 0 and the recipe's deviation.
fn front_end(recipe: &Recipe, recordings: &[Vec<f64>]) -> Result<FrontEnd, TrainError> {
    let bands = recipe.lstm.input_size;
    let mut constants = Preprocessing {
        features: FeatureKind::LogMel,
        sample_rate_hz: SAMPLE_RATE_HZ,
        window: 256,
        hop: 128,
        mel_low_hz: 60.0,
        mel_high_hz: 4000.0,
        floor: 1e-4,
        offset: vec![0.0; bands],
        scale: vec![1.0; bands],
    };
    let plain = FrontEnd::new(constants.clone())?;
    let frames: Vec<Vec<f64>> = recordings.iter().flat_map(|r| plain.log_mel(r)).collect();
    for band in 0..bands {
        let mean_of = |value: &dyn Fn(f64) -> f64| {
            frames.iter().map(|frame| value(frame[band])).sum::<f64>() / frames.len() as f64
        };
        let mean = mean_of(&|log| log);
        let deviation = mean_of(&|log| (log - mean).powi(2)).sqrt();
        constants.offset[band] = thousandths(mean);
        constants.scale[band] = thousandths(recipe.feature_deviation / deviation);
    }
    FrontEnd::new(constants)
}

fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
