//! Tensors: their lengths and the range of each value.

use std::ops::RangeInclusive;

use crate::error::Error;
use crate::network::Model;
use crate::tensors::{EMBEDDING, Tensor, Values};

/// Most tokens of an embedding.
const VOCABULARY_MAX: usize = 4096;

impl Model {
    /// Checks lengths and values of the tensors, given fields that are valid.
    pub(super) fn validate_values(&self) -> Result<(), Error> {
        if let Some(embedding) = &self.embedding
            && !(1..=VOCABULARY_MAX).contains(&embedding.vocabulary_size)
        {
            let rows = embedding.vocabulary_size;
            let problem = format!("has {rows} rows, expected 1 to {VOCABULARY_MAX}");
            return Err(Error::new(EMBEDDING, problem));
        }
        self.tensors().into_iter().try_for_each(Tensor::validate)
    }
}

impl Tensor<'_> {
    fn validate(self) -> Result<(), Error> {
        let (length, expected) = (self.values.len(), self.shape.iter().product::<usize>());
        if length != expected {
            let shape = self.shape;
            let problem = format!("has {length} values, expected {expected}, of shape {shape:?}");
            return Err(Error::new(self.name, problem));
        }
        let outside = match self.values {
            Values::I8(values) => first_outside(values, &self.ranges),
            Values::I16(values) => first_outside(values, &self.ranges),
            Values::I32(values) => first_outside(values, &self.ranges),
        };
        match outside {
            None => Ok(()),
            Some((position, value, range)) => {
                let index = match self.shape[..] {
                    [_, width] => format!("{}, {}", position / width, position % width),
                    _ => position.to_string(),
                };
                let (low, high) = range.into_inner();
                let problem = format!("holds {value} at [{index}], expected {low} to {high}");
                Err(Error::new(self.name, problem))
            }
        }
    }
}

/// Position, value and range of the first value outside the range of its block, where `ranges`
/// divide `values` into equal blocks.
fn first_outside<T: Copy + Into<i32>>(
    values: &[T],
    ranges: &[RangeInclusive<i32>],
) -> Option<(usize, i32, RangeInclusive<i32>)> {
    let block = values.len() / ranges.len();
    ranges.iter().enumerate().find_map(|(index, range)| {
        let mut positions = index * block..(index + 1) * block;
        let position = positions.find(|&position| !range.contains(&values[position].into()))?;
        Some((position, values[position].into(), range.clone()))
    })
}
