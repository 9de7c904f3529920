//! Accuracy of a network of integers.

use tern_model::engine::Engine;
use tern_model::network::{Model, Sequence};

use crate::data::fsdd::Recording;
use crate::error::TrainError;
use tern_features::FrontEnd;

/// A sequence as the network sees it, and the class that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where it comes from: a file, or that and the line in it.
    pub name: String,
    /// Features `[time][X]`.
    pub features: Vec<Vec<i32>>,
    /// The class.
    pub class: usize,
}

/// The features of recordings.
///
/// # Errors
/// As [`FrontEnd::read`], for the first recording that cannot be used.
pub fn examples(
    front_end: &FrontEnd,
    recordings: &[Recording],
) -> Result<Vec<Example>, TrainError> {
    Ok(converted(front_end, recordings)?.0)
}

/// The features of recordings, and which of these were converted to the front end's samples, in one
/// sentence.
///
/// # Errors
/// As [`examples`].
pub fn converted(
    front_end: &FrontEnd,
    recordings: &[Recording],
) -> Result<(Vec<Example>, Option<String>), TrainError> {
    let mut examples = Vec::new();
    let mut notes = Vec::new();
    for recording in recordings {
        let samples = front_end.samples(&recording.path)?;
        notes.extend(samples.converted);
        examples.push(Example {
            name: recording.name(),
            features: front_end.features(&samples.values),
            class: recording.digit as usize,
        });
    }
    let (count, of) = (notes.len(), recordings.len());
    let note = notes.into_iter().next();
    let note = note.map(|first| format!("{first}; of {of} recordings {count} are converted"));
    Ok((examples, note))
}

/// Class of the largest output, the first among equals.
pub fn predict<T: PartialOrd>(outputs: &[T]) -> usize {
    let larger = |best: usize, class: usize| match outputs[class] > outputs[best] {
        true => class,
        false => best,
    };
    (0..outputs.len()).fold(0, larger)
}

/// Number of examples that the integers of `model` classify rightly.
///
/// # Errors
/// When `model` is not valid or does not take the features.
pub fn correct(model: &Model, examples: &[Example]) -> Result<usize, TrainError> {
    let features: Vec<&[Vec<i32>]> = examples.iter().map(|e| e.features.as_slice()).collect();
    let outputs = Engine::new(model)?.run_batch(&features)?;
    let right = |(example, outputs): &(&Example, Sequence)| {
        outputs.last().map(|y| predict(y)) == Some(example.class)
    };
    Ok(examples.iter().zip(outputs).filter(right).count())
}
