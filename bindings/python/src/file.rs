//! Model files from the integers of a trained module.

use std::collections::HashMap;
use std::path::PathBuf;

use numpy::{PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use safetensors::tensor::{Dtype, TensorView};
use tern_model::network::Model;

use crate::failure::failure;

/// Writes a model file.
///
/// `header` is the file's JSON, `tensors` has an array for each tensor of the format: int8, int16 or int32. The file is written
/// whole or not at all, and only where it is one that every reader takes.
#[pyfunction]
pub(crate) fn write_model(
    path: PathBuf,
    header: &str,
    tensors: &Bound<'_, PyDict>,
) -> PyResult<()> {
    let mut all: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, array) in tensors {
        let name: String = name.extract()?;
        let (kind, shape, bytes) = tensor(&name, &array)?;
        all.push((name, kind, shape, bytes));
    }
    let views = all.iter().map(|(name, kind, shape, bytes)| {
        TensorView::new(*kind, shape.clone(), bytes).map(|view| (name.as_str(), view))
    });
    let views = views.collect::<Result<Vec<_>, _>>().map_err(failure)?;
    let metadata = HashMap::from([("tern".to_owned(), header.to_owned())]);
    let bytes = safetensors::serialize(views, Some(metadata)).map_err(failure)?;
    let model = Model::from_bytes(&bytes).map_err(failure)?;
    model.write(path).map_err(failure)
}

/// Type, shape and little-endian bytes of an array.
fn tensor(name: &str, array: &Bound<'_, PyAny>) -> PyResult<(Dtype, Vec<usize>, Vec<u8>)> {
    if let Ok(array) = array.cast::<PyArrayDyn<i8>>() {
        let values = array.to_vec().map_err(failure)?;
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        return Ok((Dtype::I8, array.shape().to_vec(), bytes));
    }
    if let Ok(array) = array.cast::<PyArrayDyn<i16>>() {
        let values = array.to_vec().map_err(failure)?;
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        return Ok((Dtype::I16, array.shape().to_vec(), bytes));
    }
    if let Ok(array) = array.cast::<PyArrayDyn<i32>>() {
        let values = array.to_vec().map_err(failure)?;
        let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        return Ok((Dtype::I32, array.shape().to_vec(), bytes));
    }
    Err(failure(format!(
        "tensor {name} is of another type, expected a numpy array of int8, int16 or int32"
    )))
}
