//! A sequence of inputs from a file.

mod csv;
mod npy;

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
pub fn read(path: &Path, model: &Model) -> Result<(Kind, Sequence), Failure> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let (kind, sequence) = match extension.to_ascii_lowercase().as_str() {
        "wav" => {
            let front_end = FrontEnd::of_model(model).map_err(Failure::input)?;
            let features = front_end.read(path).map_err(Failure::input)?;
            (Kind::Recording, features)
        }
        "npy" => (Kind::Integers, npy::read(path, model)?),
        "csv" => (Kind::Integers, csv::read(path, model)?),
        _ => {
            return Err(Failure::input(format!(
                "{}: the file name ends in \"{extension}\", expected .wav, .npy or .csv",
                path.display()
            )));
        }
    };
    match sequence.is_empty() {
        true => Err(Failure::input(format!(
            "{}: the number of time steps is 0, expected at least 1",
            path.display()
        ))),
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
