//! A sequence of inputs from a file.

use std::path::Path;

use tern_gen_verilog::failure::Failure;
use tern_model::network::{Model, Sequence};
use tern_train::data::table::{Wanted, csv, npy, read_table};
use tern_train::data::{FrontEnd, Scaling};

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

/// Reads a `.wav`, `.npy` or `.csv` file as inputs for `model`: the two last as real features where the model scales
/// those, as integers where it does not.
///
/// # Errors
/// When the file cannot be read or is not what its name says, or what it holds is no input of the model.
pub fn read(path: &Path, model: &Model) -> Result<Input, Failure> {
    let mut converted = None;
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let bytes = || std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")));
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let (kind, sequence) = match extension.to_ascii_lowercase().as_str() {
        "wav" if !takes_recordings(model) => {
            let features = match is_scaled(model) {
                true => "real features, which its preprocessing scales",
                false => "integers, for which it has no preprocessing",
            };
            return Err(refuse(format!(
                "is a recording, but the model {} takes {features}, expected a .npy or .csv file of [time, {}]",
                model.name, model.input_size
            )));
        }
        "wav" => {
            let front_end = FrontEnd::of_model(model).map_err(Failure::input)?;
            let samples = front_end.samples(path).map_err(Failure::input)?;
            converted = samples.converted;
            (Kind::Raw, front_end.features(&samples.values))
        }
        "npy" | "csv" if is_scaled(model) => (Kind::Raw, scaled(path, model)?),
        "npy" => (
            Kind::Integers,
            integers(&bytes()?, npy, model).map_err(refuse)?,
        ),
        "csv" => (
            Kind::Integers,
            integers(&bytes()?, csv, model).map_err(refuse)?,
        ),
        _ => {
            return Err(refuse(format!(
                "the file name ends in \"{extension}\", expected .wav, .npy or .csv"
            )));
        }
    };
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

/// Whether the model's preprocessing, known or not, is another than that of real features.
fn takes_recordings(model: &Model) -> bool {
    model.preprocessing.is_some() && !is_scaled(model)
}

/// Whether real features are what the model's preprocessing begins with.
pub fn is_scaled(model: &Model) -> bool {
    let features = model.preprocessing.as_ref().and_then(|p| p.get("features"));
    features.is_some_and(|features| features == "scaled")
}

/// Real features of a file, scaled as the model says.
fn scaled(path: &Path, model: &Model) -> Result<Sequence, Failure> {
    let scaling = Scaling::of_model(model).map_err(Failure::input)?;
    let table = read_table(path).map_err(Failure::input)?;
    let (columns, expected) = (table.first().map_or(0, Vec::len), model.input_size);
    match columns == expected {
        true => Ok(scaling.apply(&table, model.input_bits)),
        false => Err(Failure::input(format!(
            "{}: has {columns} columns, expected {expected}, the input size of the model",
            path.display()
        ))),
    }
}

/// A reader of the integers in the bytes of a file: [`csv`] or [`npy`].
pub type Reader = fn(&[u8], &Wanted<i128>) -> Result<Vec<Vec<i128>>, String>;

/// The inputs `[time][input_size]` in the bytes of a file.
///
/// # Errors
/// What is wrong with them.
pub fn integers(bytes: &[u8], reader: Reader, model: &Model) -> Result<Sequence, String> {
    let high = model.input_max();
    let low = match model.input_bits {
        2 => -high,
        _ => -high - 1,
    };
    let wanted = Wanted {
        columns: Some(model.input_size),
        element: &format!("an integer from {low} to {high}"),
        holds: &|value| (i128::from(low)..=i128::from(high)).contains(value),
    };
    let table = reader(bytes, &wanted)?.into_iter();
    // Every element is within the range of the model's inputs.
    Ok(table
        .map(|step| step.into_iter().map(|value| value as i32).collect())
        .collect())
}
