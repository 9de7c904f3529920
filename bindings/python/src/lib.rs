//! The extension module of the Python package `tern_fpga`: models, their integers, cycles and Verilog.
//!
//! Arrays come in as anything that numpy takes for an array of integers and go out as numpy arrays. Every error is the package's
//! `Error`, a `ValueError`, with one sentence.

mod arrays;
mod core;
mod failure;
mod file;
mod model;
mod state;
mod trace;

use pyo3::prelude::*;

/// What `tern_fpga` is built on; its parts are documented in `_native.pyi`.
#[pymodule]
#[pyo3(name = "_native")]
fn native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("Error", module.py().get_type::<failure::Error>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<model::PyModel>()?;
    module.add_class::<state::PyState>()?;
    module.add_class::<core::PyCore>()?;
    module.add_function(wrap_pyfunction!(file::write_model, module)?)
}
