//! The package's exception.

use std::fmt::Display;

use pyo3::PyErr;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;

create_exception!(
    tern_fpga,
    Error,
    PyValueError,
    "Input that cannot be used: one sentence that names it and says what was expected."
);

/// The exception with a failure's sentence.
pub(crate) fn failure(error: impl Display) -> PyErr {
    Error::new_err(error.to_string())
}
