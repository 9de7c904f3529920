//! Sequences that run step by step.

use numpy::PyArrayDyn;
use pyo3::prelude::*;
use tern_model::engine::State;

use crate::arrays::{Integers, array};
use crate::failure::failure;

/// Running sequences of a network.
#[pyclass(name = "State", module = "tern_fpga")]
pub(crate) struct PyState {
    state: State,
    /// Shape of an input: `[X]`, or `[sequences, X]`.
    inputs: Vec<usize>,
    /// Shape of an output.
    outputs: Vec<usize>,
}

impl PyState {
    /// That of one sequence, or of several whose inputs and outputs stand in arrays of two dimensions.
    pub(crate) fn new(state: State, several: bool, input: usize, output: usize) -> PyState {
        let sequences = several.then_some(state.sequences());
        let shape = |size| sequences.into_iter().chain([size]).collect();
        PyState {
            inputs: shape(input),
            outputs: shape(output),
            state,
        }
    }
}

#[pymethods]
impl PyState {
    fn step<'py>(
        &mut self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArrayDyn<i32>>> {
        let x = Integers::read(x)?;
        if x.shape != self.inputs {
            let (shape, expected) = (&x.shape, &self.inputs);
            return Err(failure(format!(
                "x has shape {shape:?}, expected {expected:?}"
            )));
        }
        let outputs = self.state.step(x.values()?);
        let outputs = outputs.map_err(|error| failure(format!("x: {error}")))?;
        array(py, outputs.to_vec(), &self.outputs)
    }

    fn reset(&mut self) {
        self.state.reset();
    }
}
