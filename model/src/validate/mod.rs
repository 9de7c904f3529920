//! The rules a model keeps: sizes, ranges, and sums that fit 31 bits.

mod descriptions;
mod fields;
mod input;
mod sums;
mod values;

pub(crate) use input::Inputs;
pub(crate) use sums::SUM_MAX;

use crate::error::Error;
use crate::network::Model;

impl Model {
    /// Checks every rule of the model file format.
    ///
    /// # Errors
    /// The first rule broken, with the tensor or field, its value and what was expected.
    pub fn validate(&self) -> Result<(), Error> {
        self.validate_fields()?;
        self.validate_values()?;
        self.validate_sums()
    }
}
