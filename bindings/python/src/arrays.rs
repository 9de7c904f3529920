//! Sequences of integers from numpy arrays, and back.

use numpy::{IxDyn, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;
use tern_model::network::{Model, Sequence};

use crate::failure::failure;

/// What was given: one sequence, or several of one length.
pub(crate) struct Batch {
    /// The sequences, `[time][X]`.
    pub(crate) sequences: Vec<Sequence>,
    /// Whether they stood in an array of three dimensions.
    pub(crate) is_batch: bool,
}

impl Batch {
    /// Reads an array of integers `[time, X]` or `[batch, time, X]` of a network.
    ///
    /// Fails where it is another shape, is not of integers, or holds one out of the range of the network's inputs.
    pub(crate) fn read(model: &Model, x: &Bound<'_, PyAny>) -> PyResult<Batch> {
        let array = integers(x)?;
        let shape = array.shape().to_vec();
        let size = model.input_size;
        let (count, steps) = match shape[..] {
            [steps, columns] if columns == size => (1, steps),
            [count, steps, columns] if columns == size => (count, steps),
            _ => {
                return Err(failure(format!(
                    "x has shape {shape:?}, expected [time, {size}] or [batch, time, {size}]"
                )));
            }
        };
        let values = array.as_slice().map_err(failure)?;
        let rows: Vec<Vec<i32>> = values
            .chunks(size)
            .map(|row| {
                row.iter()
                    .map(|v| i32::try_from(*v).unwrap_or(i32::MAX))
                    .collect()
            })
            .collect();
        for (place, row) in rows.iter().enumerate() {
            model.validate_input(row).map_err(|error| {
                let (sequence, step) = (place / steps.max(1), place % steps.max(1));
                failure(format!("x: sequence {sequence}, time step {step}: {error}"))
            })?;
        }
        let mut rows = rows.into_iter();
        let sequences = (0..count).map(|_| rows.by_ref().take(steps).collect());
        Ok(Batch {
            sequences: sequences.collect(),
            is_batch: shape.len() == 3,
        })
    }
}

/// The array as one of 64-bit integers without gaps.
fn integers<'py>(x: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArrayDyn<'py, i64>> {
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
