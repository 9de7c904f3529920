//! A sequence of inputs from a file.

pub mod csv;
pub mod npy;

use std::path::Path;

use tern_gen_verilog::Failure;
use tern_model::Model;
use tern_train::FrontEnd;

/// Steps of inputs `[time][input_size]`.
pub type Sequence = Vec<Vec<i32>>;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sound, which the model's front end makes inputs of.
    Recording,
    /// Inputs as they are.
    Integers,
}

/// Reads a `.wav`, `.npy` or `.csv` file as inputs for `model`.
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
            (Kind::Recording, features)
        }
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

/// The codes that an input element may have, least and greatest.
fn range(model: &Model) -> (i32, i32) {
    let high = model.input_max();
    match model.input_bits {
        2 => (-high, high),
        _ => (-high - 1, high),
    }
}
