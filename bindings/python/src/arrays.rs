//! Sequences of integers from numpy arrays, and back.

use numpy::{IxDyn, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;
use tern_model::network::{Model, Sequence};

use crate::failure::failure;

/// What was given: one sequence, or several of one length.
pub(crate) struct Batch<'m, 'py> {
    model: &'m Model,
    array: Integers<'py>,
    /// How many sequences there are.
    pub(crate) sequences: usize,
    /// Time steps of each.
    pub(crate) steps: usize,
    /// Whether they stood in an array of three dimensions.
    pub(crate) is_batch: bool,
}

impl<'m, 'py> Batch<'m, 'py> {
    /// Reads an array of integers `[time, X]` or `[batch, time, X]` of a network.
    ///
    /// Fails where it is another shape or is not of integers; whether they are in the range of the network's inputs is not read.
    pub(crate) fn read(model: &'m Model, x: &Bound<'py, PyAny>) -> PyResult<Batch<'m, 'py>> {
        let array = Integers::read(x)?;
        let shape = &array.shape;
        let size = model.input_size;
        let (sequences, steps) = match shape[..] {
            [steps, columns] if columns == size => (1, steps),
            [sequences, steps, columns] if columns == size => (sequences, steps),
            _ => {
                return Err(failure(format!(
                    "x has shape {shape:?}, expected [time, {size}] or [batch, time, {size}]"
                )));
            }
        };
        Ok(Batch {
            model,
            is_batch: shape.len() == 3,
            array,
            sequences,
            steps,
        })
    }

    /// All inputs, `[batch][time][X]`.
    pub(crate) fn values(&self) -> PyResult<&[i32]> {
        self.array.values()
    }

    /// Each sequence, `[time][X]`.
    ///
    /// Fails where a value is not in the range of the network's inputs.
    pub(crate) fn each(&self) -> PyResult<Vec<Sequence>> {
        (0..self.sequences)
            .map(|number| self.sequence(number))
            .collect()
    }

    /// One of the sequences.
    ///
    /// Fails where a value is not in the range of the network's inputs.
    pub(crate) fn sequence(&self, number: usize) -> PyResult<Sequence> {
        let rows = self.values()?.chunks(self.model.input_size);
        let rows = rows.skip(number * self.steps).take(self.steps);
        let valid = |(step, row): (usize, &[i32])| {
            let place = |error| failure(format!("x: sequence {number}, time step {step}: {error}"));
            self.model.validate_input(row).map_err(place)?;
            Ok(row.to_vec())
        };
        rows.enumerate().map(valid).collect()
    }
}

/// An array of integers.
pub(crate) struct Integers<'py> {
    /// Its dimensions.
    pub(crate) shape: Vec<usize>,
    values: Values<'py>,
}

enum Values<'py> {
    /// Of 32 bits without gaps, as they are.
    Own(PyReadonlyArrayDyn<'py, i32>),
    /// Of any other type, what is beyond 32 bits as the largest of them.
    Converted(Vec<i32>),
}

impl<'py> Integers<'py> {
    /// Reads anything that numpy takes for an array of integers.
    pub(crate) fn read(x: &Bound<'py, PyAny>) -> PyResult<Integers<'py>> {
        if let Ok(array) = x.cast::<PyArrayDyn<i32>>()
            && array.is_c_contiguous()
        {
            return Ok(Integers {
                shape: array.shape().to_vec(),
                values: Values::Own(array.try_readonly().map_err(failure)?),
            });
        }
        let array = converted(x)?;
        let values = array.as_slice().map_err(failure)?;
        let values = values.iter().map(|v| i32::try_from(*v).unwrap_or(i32::MAX));
        Ok(Integers {
            shape: array.shape().to_vec(),
            values: Values::Converted(values.collect()),
        })
    }

    /// The integers, row by row.
    pub(crate) fn values(&self) -> PyResult<&[i32]> {
        match &self.values {
            Values::Own(array) => array.as_slice().map_err(failure),
            Values::Converted(values) => Ok(values),
        }
    }
}

/// The array as one of 64-bit integers without gaps.
fn converted<'py>(x: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArrayDyn<'py, i64>> {
    let numpy = x.py().import("numpy")?;
    let array = numpy.call_method1("asarray", (x,))?;
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    if !["i", "u", "b"].contains(&kind.as_str()) {
        let dtype = array.getattr("dtype")?;
        return Err(failure(format!(
            "x holds {dtype}, expected integers: Model.quantize makes them of real features"
        )));
    }
    let options = [("dtype", "int64")].into_py_dict(x.py())?;
    let array = numpy.call_method("ascontiguousarray", (array,), Some(&options))?;
    Ok(array.cast_into::<PyArrayDyn<i64>>()?.readonly())
}

/// An array of that shape; `values` are as many as it holds.
pub(crate) fn array<'py>(
    py: Python<'py>,
    values: Vec<i32>,
    shape: &[usize],
) -> PyResult<Bound<'py, PyArrayDyn<i32>>> {
    let flat = numpy::PyArray1::from_vec(py, values);
    flat.reshape(IxDyn(shape))
}
