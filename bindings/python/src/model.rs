//! A model file in Python.

use std::path::PathBuf;
use std::sync::OnceLock;

use numpy::PyArrayDyn;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use tern_model::engine::Engine;
use tern_model::error::Error;
use tern_model::network::{Model, Output};

use crate::arrays::{Batch, array};
use crate::failure::failure;
use crate::state::PyState;
use crate::trace::trace;

/// A network of integers: what a model file holds.
#[pyclass(name = "Model", module = "tern_fpga", subclass, frozen)]
pub(crate) struct PyModel {
    /// The network.
    pub(crate) model: Model,
    /// What runs it, once it has run.
    engine: OnceLock<Engine>,
}

impl PyModel {
    fn engine(&self) -> Result<&Engine, Error> {
        if let Some(engine) = self.engine.get() {
            return Ok(engine);
        }
        let engine = Engine::new(&self.model)?;
        Ok(self.engine.get_or_init(|| engine))
    }
}

#[pymethods]
impl PyModel {
    /// Reads a model file.
    #[new]
    fn new(path: PathBuf) -> PyResult<PyModel> {
        let model = Model::read(path).map_err(failure)?;
        Ok(PyModel {
            model,
            engine: OnceLock::new(),
        })
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
        let mut shape = Vec::new();
        shape.extend(batch.is_batch.then_some(batch.sequences));
        match self.model.output {
            Output::Every => shape.push(batch.steps),
            Output::Last if batch.steps == 0 => {
                return Err(failure("x has no time steps, expected 1 or more"));
            }
            Output::Last => (),
        }
        shape.push(self.model.output_size());
        let x = batch.values()?;
        let outputs = py.detach(|| self.engine()?.run_flat(x, batch.sequences, batch.steps));
        let values = outputs.map_err(|error| failure(format!("x: {error}")))?;
        array(py, values, &shape)
    }

    /// Sequences at their start: one where no number is given.
    #[pyo3(signature = (sequences=None))]
    fn start(&self, sequences: Option<usize>) -> PyResult<PyState> {
        let count = sequences.unwrap_or(1);
        if count == 0 {
            return Err(failure("sequences is 0, expected 1 or more"));
        }
        let state = self.engine().map_err(failure)?.state(count);
        let (input, output) = (self.model.input_size, self.model.output_size());
        Ok(PyState::new(state, sequences.is_some(), input, output))
    }

    fn trace<'py>(&self, py: Python<'py>, x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let batch = Batch::read(&self.model, x)?;
        if batch.is_batch {
            return Err(failure(
                "x is a batch, expected one sequence [time, features]",
            ));
        }
        trace(py, &self.model, &batch.sequence(0)?)
    }
}
