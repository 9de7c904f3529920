//! A sequence of inputs from a file.

use std::path::Path;

use tern_features::input::{integers, is_scaled, takes_recordings};
use tern_features::table::{Reader, csv, features, npy};
use tern_features::{FeatureError, FileKind, FrontEnd, Scaling};
use tern_gen_verilog::failure::Failure;
use tern_model::file::read_bytes;
use tern_model::network::{Model, Sequence};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sound or real features, which the model's preprocessing makes inputs of.
    Raw,
    /// Inputs as they are.
    Integers,
}

/// What is read from a file.
pub struct Input {
    /// What the file holds.
    pub kind: Kind,
    /// The inputs `[time][input_size]`.
    pub sequence: Sequence,
    /// What was converted to get them, in one sentence.
    pub converted: Option<String>,
}

/// Reads a WAV, NPY or CSV file, once, as inputs for `model`: the two last as real features where the model scales those, as
/// integers where it does not.
///
/// # Errors
/// When the file cannot be read or is not what its name says, or what it holds is no input of the model.
pub fn read(path: &Path, model: &Model) -> Result<Input, Failure> {
    let mut converted = None;
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let bytes = read_bytes(path).map_err(|error| {
        refuse(format!(
            "cannot be read: {error}, expected a table [time, {}] or a recording",
            model.input_size
        ))
    })?;
    let other = |problem| refuse(format!("{problem}, expected .wav, .npy or .csv"));
    let (kind, sequence) = match FileKind::of(path, &bytes).map_err(other)? {
        FileKind::Wav if model.embedding.is_some() => {
            return Err(refuse(format!(
                "is a recording, but {} is a language model, expected --say N, with which tern run lets it go on from a prompt",
                model.name
            )));
        }
        FileKind::Wav if !takes_recordings(model) => {
            let features = match is_scaled(model) {
                true => "real features, which its preprocessing scales",
                false => "integers, for which it has no preprocessing",
            };
            return Err(refuse(format!(
                "is a recording, but the model {} takes {features}, expected a .npy or .csv file of [time, {}]",
                model.name, model.input_size
            )));
        }
        FileKind::Wav => {
            let front_end = FrontEnd::of_model(model).map_err(|error| of_model(model, error))?;
            let samples = front_end.samples_in(&bytes);
            let samples = samples.map_err(|error| refuse(error.to_string()))?;
            let told = |what| format!("{}: {what}", path.display());
            converted = samples.converted.map(told);
            (Kind::Raw, front_end.features(&samples.values))
        }
        FileKind::Npy => table(&bytes, (npy, npy), model, refuse)?,
        FileKind::Csv => table(&bytes, (csv, csv), model, refuse)?,
    };
    if kind == Kind::Integers {
        converted = unknown(model);
    }
    match sequence.is_empty() {
        true => Err(refuse(
            "the number of time steps is 0, expected at least 1".to_owned(),
        )),
        false => Ok(Input {
            kind,
            sequence,
            converted,
        }),
    }
}

/// The inputs in a table: real features, which the model scales, or integers.
fn table(
    bytes: &[u8],
    (real, whole): (Reader<f64>, Reader<i128>),
    model: &Model,
    refuse: impl Fn(String) -> Failure,
) -> Result<(Kind, Sequence), Failure> {
    if !is_scaled(model) {
        let inputs = integers(bytes, whole, model).map_err(refuse)?;
        return Ok((Kind::Integers, inputs));
    }
    let scaling = Scaling::of_model(model).map_err(|error| of_model(model, error))?;
    let inputs = features(bytes, real).and_then(|table| scaling.inputs(&table, model));
    Ok((Kind::Raw, inputs.map_err(refuse)?))
}

/// Says that a model's preprocessing is none of those that are known, so that a table is taken for what comes after it.
fn unknown(model: &Model) -> Option<String> {
    let is_known = model.embedding.is_some() || FrontEnd::of_model(model).is_ok();
    let is_unknown = model.preprocessing.is_some() && !is_known;
    is_unknown.then(|| {
        format!(
            "note: the preprocessing of the model {} is of no known kind, so that the file is taken for the integers that come after it",
            model.name
        )
    })
}

/// What is wrong with a model.
fn of_model(model: &Model, error: FeatureError) -> Failure {
    Failure::input(format!("the model {}: {error}", model.name))
}
