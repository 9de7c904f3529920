//! A tensor of a file, in memory.

use std::rc::Rc;

use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};

/// Elements of a tensor, row-major.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Values {
    /// Real numbers.
    Real(Rc<Vec<f32>>),
    /// Integers and truth values.
    Int(Rc<Vec<i64>>),
}

impl Values {
    pub fn real(values: Vec<f32>) -> Values {
        Values::Real(Rc::new(values))
    }

    pub fn int(values: Vec<i64>) -> Values {
        Values::Int(Rc::new(values))
    }
}

/// A tensor; copies share their elements.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    shape: Vec<usize>,
    values: Values,
    /// Least and largest number of the type, where that has 8 bits.
    limits: Option<[i64; 2]>,
}

impl Tensor {
    /// A tensor of as many values as its shape says.
    ///
    /// # Errors
    /// When there are more or fewer.
    pub fn new(shape: Vec<usize>, values: Values) -> Result<Tensor, ImportError> {
        let expected = elements(&shape)?;
        let found = match &values {
            Values::Real(values) => values.len(),
            Values::Int(values) => values.len(),
        };
        match expected == found {
            true => Ok(Tensor {
                shape,
                values,
                limits: None,
            }),
            false => refuse(format!(
                "has {found} elements, expected {expected} of shape {shape:?}"
            )),
        }
    }

    /// A list of integers.
    pub fn list(values: Vec<i64>) -> Tensor {
        Tensor {
            shape: vec![values.len()],
            values: Values::int(values),
            limits: None,
        }
    }

    /// The tensor as one of integers from `low` to `high`.
    pub fn with_limits(self, limits: Option<[i64; 2]>) -> Tensor {
        Tensor { limits, ..self }
    }

    /// Least and largest number of the type, where that has 8 bits.
    pub fn limits(&self) -> Option<[i64; 2]> {
        self.limits
    }

    /// Sizes of the axes, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The elements.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Real elements.
    ///
    /// # Errors
    /// When they are integers.
    pub fn real(&self) -> Result<&[f32], ImportError> {
        match &self.values {
            Values::Real(values) => Ok(values),
            Values::Int(_) => refuse("is of integers, expected float32"),
        }
    }

    /// Integer elements.
    ///
    /// # Errors
    /// When they are real numbers.
    pub fn int(&self) -> Result<&[i64], ImportError> {
        match &self.values {
            Values::Int(values) => Ok(values),
            Values::Real(_) => refuse("is of real numbers, expected integers"),
        }
    }

    /// Whether every element is 0.
    pub fn is_zero(&self) -> bool {
        match &self.values {
            Values::Real(values) => values.iter().all(|value| *value == 0.0),
            Values::Int(values) => values.iter().all(|value| *value == 0),
        }
    }

    /// The same elements in another shape of as many.
    ///
    /// # Errors
    /// When the shape has more or fewer elements.
    pub fn reshaped(&self, shape: Vec<usize>) -> Result<Tensor, ImportError> {
        Ok(Tensor::new(shape, self.values.clone())?.with_limits(self.limits))
    }

    /// Elements read at `offset` with a stride per axis, in the order of `shape`.
    ///
    /// # Errors
    /// When one is outside, or there are too many.
    pub fn strided(
        &self,
        shape: Vec<usize>,
        offset: isize,
        strides: &[isize],
        budget: &Budget,
    ) -> Result<Tensor, ImportError> {
        let values = match &self.values {
            Values::Real(values) => Values::real(strided(values, &shape, offset, strides, budget)?),
            Values::Int(values) => Values::int(strided(values, &shape, offset, strides, budget)?),
        };
        Ok(Tensor::new(shape, values)?.with_limits(self.limits))
    }

    /// Strides of the axes in elements.
    pub fn strides(&self) -> Vec<isize> {
        let mut strides = vec![1isize; self.shape.len()];
        for axis in (1..self.shape.len()).rev() {
            strides[axis - 1] = strides[axis].saturating_mul(self.shape[axis] as isize);
        }
        strides
    }
}

/// Elements at `offset`, a stride per axis of `shape`.
///
/// # Errors
/// When one is outside, or there are too many.
pub(crate) fn strided<T: Copy>(
    values: &[T],
    shape: &[usize],
    offset: isize,
    strides: &[isize],
    budget: &Budget,
) -> Result<Vec<T>, ImportError> {
    let count = elements(shape)?;
    budget.take(count.saturating_mul(size_of::<T>().div_ceil(4)))?;
    let mut taken = Vec::with_capacity(count);
    let mut index = vec![0usize; shape.len()];
    let mut place = offset;
    for _ in 0..count {
        let value = usize::try_from(place)
            .ok()
            .and_then(|place| values.get(place));
        taken.push(*value.ok_or_else(|| ImportError::new("reads outside of its elements"))?);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            place = place.wrapping_add(strides[axis]);
            if index[axis] < shape[axis] {
                break;
            }
            index[axis] = 0;
            place = place.wrapping_sub(strides[axis].wrapping_mul(shape[axis] as isize));
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three_by_two() -> Tensor {
        Tensor::new(vec![3, 2], Values::int((0..6).collect())).expect("six elements")
    }

    fn read(shape: &[usize], offset: isize, strides: &[isize]) -> Result<Vec<i64>, ImportError> {
        let taken = three_by_two().strided(shape.to_vec(), offset, strides, &Budget::of(0))?;
        Ok(taken.int()?.to_vec())
    }

    #[test]
    fn strides_transpose_and_repeat() {
        assert_eq!(three_by_two().strides(), [2, 1]);
        assert_eq!(read(&[2, 3], 0, &[1, 2]), Ok(vec![0, 2, 4, 1, 3, 5]));
        assert_eq!(read(&[3], 5, &[-2]), Ok(vec![5, 3, 1]));
        assert_eq!(read(&[2, 2], 1, &[0, 2]), Ok(vec![1, 3, 1, 3]));
    }

    #[test]
    fn nothing_outside_is_read_and_nothing_huge_is_made() {
        assert!(read(&[4], 0, &[2]).is_err());
        assert!(read(&[2], 0, &[-1]).is_err());
        assert_eq!(read(&[0], 99, &[1]), Ok(vec![]));
        for shape in [vec![usize::MAX, 2], vec![1 << 30]] {
            let strides = vec![0; shape.len()];
            assert!(read(&shape, 0, &strides).is_err());
            assert!(three_by_two().reshaped(shape).is_err());
        }
    }
}
