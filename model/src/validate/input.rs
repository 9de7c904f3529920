//! Inputs: the size and the codes of one time step.

use std::ops::RangeInclusive;

use crate::error::Error;
use crate::network::Model;

/// What the inputs of a network are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs {
    /// Elements X of a time step.
    pub size: usize,
    /// Bits of an element.
    bits: u32,
}

impl Inputs {
    /// The codes of an element: trits where it has 2 bits, else all of its bits in two's complement.
    pub fn range(self) -> RangeInclusive<i32> {
        let high = -self.lowest_value();
        match self.bits {
            2 => -high..=high,
            _ => -high - 1..=high,
        }
    }

    /// The lowest value that a code is read as: the one code below the symmetric range is the range's end.
    pub fn lowest_value(self) -> i32 {
        1 - (1 << (self.bits - 1))
    }

    /// Checks that `x` can be one time step.
    pub fn check(self, x: &[i32]) -> Result<(), Error> {
        let size = self.size;
        if x.len() != size {
            let problem = format!("has {} elements, expected {size}", x.len());
            return Err(Error::new("input", problem));
        }
        let (low, high) = self.range().into_inner();
        // One pass without a branch, which is fast; what is wrong is found by another.
        let valid = x
            .iter()
            .fold(true, |valid, &x| valid & (low <= x) & (x <= high));
        if valid {
            return Ok(());
        }
        match x.iter().position(|&x| x < low || high < x) {
            None => Ok(()),
            Some(k) => {
                let problem = format!("holds {} at [{k}], expected {low} to {high}", x[k]);
                Err(Error::new("input", problem))
            }
        }
    }

    /// Puts the values that the codes `x` are read as into `values`, which are as many or more, and [checks](Inputs::check) `x`.
    pub fn read(self, x: &[i32], values: &mut [i8]) -> Result<(), Error> {
        let (low, high) = self.range().into_inner();
        let lowest = self.lowest_value();
        let mut valid = x.len() == self.size;
        for (value, &x) in values.iter_mut().zip(x) {
            valid &= (low <= x) & (x <= high);
            *value = x.max(lowest) as i8;
        }
        if valid { Ok(()) } else { self.check(x) }
    }
}

impl Model {
    /// What the network's inputs are.
    pub(crate) fn inputs(&self) -> Inputs {
        Inputs {
            size: self.input_size,
            bits: self.input_bits,
        }
    }

    /// Checks that `x` can be one time step of the network's input: X elements, trits where
    /// `input_bits` is 2, else any codes of `input_bits` bits in two's complement.
    ///
    /// # Errors
    /// When the number of elements or a value is another.
    pub fn validate_input(&self, x: &[i32]) -> Result<(), Error> {
        self.inputs().check(x)
    }

    /// The values that the codes `x` of one time step are read as: the one code below the symmetric range is the range's end.
    ///
    /// # Panics
    /// When `x` does not pass [`Model::validate_input`].
    pub fn input_values(&self, x: &[i32]) -> Vec<i64> {
        if let Err(error) = self.validate_input(x) {
            panic!("a step needs a valid input: {error}");
        }
        let lowest = self.inputs().lowest_value();
        x.iter().map(|&x| i64::from(x.max(lowest))).collect()
    }
}
