//! Keras 3 models: a zip archive of a description in JSON and of the weights in HDF5.

mod config;
mod hdf5;
mod layers;

use crate::archive::{open, take};
use crate::budget::Budget;
use crate::error::{ImportError, refuse};
use crate::part::Contents;
use hdf5::Hdf5;

/// Longest description that is read.
const MAX_CONFIG: usize = 2 << 20;

/// Reads a `.keras` file.
///
/// # Errors
/// When it is none.
pub(crate) fn read(bytes: &[u8]) -> Result<Contents, ImportError> {
    let budget = Budget::of(bytes.len());
    let mut archive = open(bytes)?;
    let config = take(&mut archive, "config.json", &budget)?;
    if config.len() > MAX_CONFIG {
        return refuse(format!(
            "config.json has {} bytes, expected at most {MAX_CONFIG}",
            config.len()
        ));
    }
    let weights = take(&mut archive, "model.weights.h5", &budget)?;
    let weights = Hdf5::open(weights, &budget)
        .map_err(|error| error.at("model.weights.h5 in the archive"))?;
    layers::contents(&config::chain(&config)?, &weights)
}
