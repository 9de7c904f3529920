//! A sequence of inputs from a file.

pub mod csv;
pub mod npy;

use std::path::Path;

use tern_gen_verilog::Failure;
use tern_model::Model;
use tern_train::{FrontEnd, Scaling, read_table};

/// Steps of inputs `[time][input_size]`.
pub type Sequence = Vec<Vec<i32>>;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sound or real features, which the model's preprocessing makes inputs of.
    Raw,
    /// Inputs as they are.
    Integers,
}

/// Reads a `.wav`, `.npy` or `.csv` file as inputs for `model`: the two last as real features where the model scales
/// those, as integers where it does not.
///
/// # Errors
/// When the file cannot be read or is not what its name says, or what it holds is no input of the model.
pub fn read(path: &Path, model: &Model) -> Result<(Kind, Sequence), Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", path.display()));
    let bytes = || std::fs::read(path).map_err(|error| refuse(format!("cannot be read: {error}")));
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let (kind, sequence) = match extension.to_ascii_lowercase().as_str() {
        "wav" => {
            let front_end = FrontEnd::of_model(model).map_err(Failure::input)?;
            let features = front_end.read(path).map_err(Failure::input)?;
            (Kind::Raw, features)
        }
        "npy" | "csv" if is_scaled(model) => (Kind::Raw, scaled(path, model)?),
        "npy" => (
            Kind::Integers,
            npy::sequence(&bytes()?, model).map_err(refuse)?,
        ),
        "csv" => (
            Kind::Integers,
            csv::sequence(&bytes()?, model).map_err(refuse)?,
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
        false => Ok((kind, sequence)),
    }
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

/// The codes that an input element may have, least and greatest.
fn range(model: &Model) -> (i32, i32) {
    let high = model.input_max();
    match model.input_bits {
        2 => (-high, high),
        _ => (-high - 1, high),
    }
}
