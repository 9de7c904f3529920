//! Inputs: the size and the codes of one time step.

use std::ops::RangeInclusive;

use crate::error::Error;
use crate::network::Model;

impl Model {
    /// The codes of an input element: trits where `input_bits` is 2, else all of `input_bits` bits in two's complement.
    pub(crate) fn input_range(&self) -> RangeInclusive<i32> {
        let high = self.input_max();
        match self.input_bits {
            2 => -high..=high,
            _ => -high - 1..=high,
        }
    }

    /// Checks that `x` can be one time step of the network's input: X elements, trits where
    /// `input_bits` is 2, else any codes of `input_bits` bits in two's complement.
    ///
    /// # Errors
    /// When the number of elements or a value is another.
    pub fn validate_input(&self, x: &[i32]) -> Result<(), Error> {
        if x.len() != self.input_size {
            let problem = format!("has {} elements, expected {}", x.len(), self.input_size);
            return Err(Error::new("input", problem));
        }
        let range = self.input_range();
        match x.iter().position(|x| !range.contains(x)) {
            None => Ok(()),
            Some(k) => {
                let (low, high) = range.into_inner();
                let problem = format!("holds {} at [{k}], expected {low} to {high}", x[k]);
                Err(Error::new("input", problem))
            }
        }
    }

    /// The values that the codes `x` of one time step are read as: the one code below the symmetric range is the range's end.
    ///
    /// # Panics
    /// When `x` does not pass [`Model::validate_input`].
    pub fn input_values(&self, x: &[i32]) -> Vec<i64> {
        if let Err(error) = self.validate_input(x) {
            panic!("a step needs a valid input: {error}");
        }
        let lowest = -self.input_max();
        x.iter().map(|&x| i64::from(x.max(lowest))).collect()
    }
}
