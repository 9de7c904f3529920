//! Inputs: the size and the codes of one time step.

use crate::error::Error;
use crate::network::Model;

impl Model {
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
        let high = self.input_max();
        let low = if self.input_bits == 2 {
            -high
        } else {
            -high - 1
        };
        match x.iter().position(|x| !(low..=high).contains(x)) {
            None => Ok(()),
            Some(k) => {
                let problem = format!("holds {} at [{k}], expected {low} to {high}", x[k]);
                Err(Error::new("input", problem))
            }
        }
    }
}
