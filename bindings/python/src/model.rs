//! A model file in Python.

use std::path::PathBuf;

use numpy::PyArrayDyn;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use tern_model::network::{Model, Output};
use tern_model::packed::PackedGolden;

use crate::arrays::{Batch, array};
use crate::failure::failure;
use crate::trace::trace;

/// A network of integers: what a model file holds.
#[pyclass(name = "Model", module = "tern_fpga", subclass, frozen)]
pub(crate) struct PyModel {
    /// The network.
    pub(crate) model: Model,
}

#[pymethods]
impl PyModel {
    /// Reads a model file.
    #[new]
    fn new(path: PathBuf) -> PyResult<PyModel> {
        let model = Model::read(path).map_err(failure)?;
        Ok(PyModel { model })
    }

    /// The bytes of the model file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = self.model.to_bytes().map_err(failure)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Writes the model file.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        self.model.write(path).map_err(failure)
    }

    #[getter]
    fn name(&self) -> &str {
        &self.model.name
    }

    #[getter]
    fn input_size(&self) -> usize {
        self.model.input_size
    }

    #[getter]
    fn input_bits(&self) -> u32 {
        self.model.input_bits
    }

    #[getter]
    fn output_size(&self) -> usize {
        self.model.output_size()
    }

    #[getter]
    fn output(&self) -> &'static str {
        match self.model.output {
            Output::Last => "last",
            Output::Every => "every",
        }
    }

    #[getter]
    fn labels(&self) -> Option<Vec<String>> {
        self.model.labels.clone()
    }

    /// What the file says besides its tensors, as JSON.
    fn description(&self) -> PyResult<String> {
        serde_json::to_string(&self.model).map_err(failure)
    }

    fn run<'py>(
        &self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArrayDyn<i32>>> {
        let batch = Batch::read(&self.model, x)?;
        let mut golden = PackedGolden::new(&self.model);
        let outputs: Vec<Vec<Vec<i32>>> = py.detach(|| {
            let sequences = batch.sequences.iter();
            sequences.map(|sequence| golden.run(sequence)).collect()
        });
        let size = self.model.output_size();
        let steps = batch.sequences.first().map_or(0, Vec::len);
        let mut shape = Vec::new();
        shape.extend(batch.is_batch.then_some(batch.sequences.len()));
        match self.model.output {
            Output::Every => shape.push(steps),
            Output::Last if steps == 0 => {
                return Err(failure("x has no time steps, expected 1 or more"));
            }
            Output::Last => (),
        }
        shape.push(size);
        let values = outputs.into_iter().flatten().flatten().collect();
        array(py, values, &shape)
    }

    fn trace<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let batch = Batch::read(&self.model, x)?;
        match batch.sequences.as_slice() {
            [sequence] if !batch.is_batch => trace(py, &self.model, sequence),
            _ => Err(failure(
                "x is a batch, expected one sequence [time, features]",
            )),
        }
    }
}
