//! A data set as the training loop takes it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::classify::evaluate::Example;
use crate::classify::recipe::{Recipe, Task};
use crate::classify::sequences::{Known, Sequence, Sequences};
use crate::classify::sound;
use crate::classify::sound::Sound;
use crate::classify::{folder, vowels};
use crate::data::batch::Batch;
use crate::data::fsdd::LABELS;
use crate::error::TrainError;
use tern_features::Scaling;

/// Batches' worth of sequences that are sorted by length, so that little is padded.
const BATCHES_SORTED: usize = 10;

/// What a model's outputs and inputs mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Meaning {
    /// Class names.
    pub(crate) labels: Vec<String>,
    /// Features X of a time step.
    pub(crate) input_size: usize,
    /// How raw data become inputs.
    pub(crate) preprocessing: serde_json::Value,
}

impl Meaning {
    /// How real features become inputs.
    fn scaling(&self) -> Result<Scaling, TrainError> {
        Scaling::deserialize(&self.preprocessing)
            .map_err(|error| TrainError::new(format!("preprocessing cannot be read: {error}")))
    }
}

/// A data set in memory.
#[derive(Clone)]
pub struct Data {
    pub(crate) meaning: Meaning,
    /// What the gradient sees, unchanged.
    pub train: Vec<Example>,
    /// What chooses the epoch.
    pub validation: Vec<Example>,
    /// What is measured once.
    pub test: Vec<Example>,
    /// What a user should know about the data, one sentence each.
    pub notes: Vec<String>,
    sound: Option<Sound>,
}

impl Data {
    /// Reads the data set of a recipe's task; `dir` is the folder of the data sets, or of the task
    /// `folder` the user's own.
    ///
    /// # Errors
    /// When it is missing, empty or of a wrong shape; the sentence names the file.
    pub fn read(recipe: &Recipe, dir: &Path) -> Result<Data, TrainError> {
        let bits = recipe.input_bits;
        let sequences = match recipe.task {
            Task::Digits => return Data::of_digits(recipe, dir),
            Task::Vowels => vowels::read(dir)?,
            Task::Folder => folder::read(dir, recipe.seed)?,
        };
        let values: Vec<&[Vec<f64>]> = sequences.train.iter().map(|s| &s.values[..]).collect();
        let (scaling, notes) = Scaling::learn(&values, bits);
        let meaning = Meaning {
            labels: sequences.labels.clone(),
            input_size: scaling.offset.len(),
            preprocessing: value(&scaling)?,
        };
        let mut data = Data::of_sequences(meaning, &scaling, bits, sequences);
        data.notes.extend(notes);
        Ok(data)
    }

    /// Reads a user's own data for a network of that recipe that is trained: its classes, features and
    /// scaling are known.
    ///
    /// # Errors
    /// As [`folder::read_known`].
    pub(crate) fn known(
        recipe: &Recipe,
        meaning: &Meaning,
        dir: &Path,
    ) -> Result<Data, TrainError> {
        let known = Known {
            labels: &meaning.labels,
            input_size: meaning.input_size,
        };
        let sequences = folder::read_known(dir, recipe.seed, &known)?;
        let scaling = meaning.scaling()?;
        let meaning = meaning.clone();
        Ok(Data::of_sequences(
            meaning,
            &scaling,
            recipe.input_bits,
            sequences,
        ))
    }

    /// How real features become those of the network.
    ///
    /// # Errors
    /// When the data are recordings, whose features are not real ones.
    pub fn scaling(&self) -> Result<Scaling, TrainError> {
        self.meaning.scaling()
    }

    /// Names of the classes, in the order of the outputs.
    pub fn labels(&self) -> &[String] {
        &self.meaning.labels
    }

    /// Features of a time step.
    pub fn input_size(&self) -> usize {
        self.meaning.input_size
    }

    fn of_sequences(meaning: Meaning, scaling: &Scaling, bits: u32, sequences: Sequences) -> Data {
        let examples = |part: &[Sequence]| part.iter().map(|s| scaled(scaling, bits, s)).collect();
        Data {
            meaning,
            train: examples(&sequences.train),
            validation: examples(&sequences.validation),
            test: examples(&sequences.test),
            notes: sequences.notes,
            sound: None,
        }
    }

    fn of_digits(recipe: &Recipe, dir: &Path) -> Result<Data, TrainError> {
        let (sound, [train, validation, test]) =
            sound::read(dir, recipe.input_bits, recipe.augmentation.as_ref())?;
        let constants = sound.front_end.constants();
        Ok(Data {
            meaning: Meaning {
                labels: LABELS.map(str::to_owned).to_vec(),
                input_size: constants.bands(),
                preprocessing: value(constants)?,
            },
            train,
            validation,
            test,
            notes: sound.notes.clone(),
            sound: Some(sound),
        })
    }

    /// The training sequences of one epoch, changed, shuffled and cut into batches; a batch's
    /// sequences are of similar length.
    pub(crate) fn epoch(&self, recipe: &Recipe, rng: &mut fastrand::Rng) -> Vec<Vec<Example>> {
        let mut examples = match &self.sound {
            Some(sound) => sound.epoch(&self.train, rng),
            None => self.train.clone(),
        };
        if recipe.noise > 0.0 {
            add_noise(&mut examples, recipe, rng);
        }
        rng.shuffle(&mut examples);
        for group in examples.chunks_mut(recipe.batch * BATCHES_SORTED) {
            group.sort_by_key(|example| example.features.len());
        }
        let batches = examples.chunks(recipe.batch).map(<[Example]>::to_vec);
        let mut batches: Vec<Vec<Example>> = batches.collect();
        rng.shuffle(&mut batches);
        batches
    }
}

fn value(constants: &impl Serialize) -> Result<serde_json::Value, TrainError> {
    serde_json::to_value(constants)
        .map_err(|error| TrainError::new(format!("preprocessing cannot be written: {error}")))
}

/// A sequence as the network of `scaling` and inputs of `bits` bits sees it.
pub fn scaled(scaling: &Scaling, bits: u32, sequence: &Sequence) -> Example {
    Example {
        name: sequence.name.clone(),
        features: scaling.apply(&sequence.values, bits),
        class: sequence.class,
    }
}

/// Adds uniform noise up to the recipe's share of what counts as 1.
fn add_noise(examples: &mut [Example], recipe: &Recipe, rng: &mut fastrand::Rng) {
    let max = (1 << (recipe.input_bits - 1)) - 1;
    let most = recipe.noise * f64::from(1u32 << (recipe.input_bits - 2));
    let features = examples.iter_mut().flat_map(|e| e.features.iter_mut());
    for x in features.flatten() {
        let noise = (most * (2.0 * rng.f64() - 1.0)).round() as i32;
        *x = (*x + noise).clamp(-max, max);
    }
}

/// The sequences of `examples`, padded.
pub(crate) fn batch(examples: &[Example]) -> candle_core::Result<Batch> {
    let sequences: Vec<&[Vec<i32>]> = examples.iter().map(|e| &e.features[..]).collect();
    Batch::new(&sequences)
}
