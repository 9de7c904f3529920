//! Tensors in an HDF5 file.

use hdf5_pure::{DType, Dataset, File};

use crate::budget::{Budget, elements};
use crate::error::{ImportError, refuse};

/// An open file.
pub(super) struct Hdf5<'b> {
    file: File,
    budget: &'b Budget,
}

impl<'b> Hdf5<'b> {
    /// Opens a file.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn open(bytes: Vec<u8>, budget: &'b Budget) -> Result<Hdf5<'b>, ImportError> {
        let broken = |error| ImportError::new(format!("not an HDF5 file: {error}"));
        Ok(Hdf5 {
            file: File::from_bytes(bytes).map_err(broken)?,
            budget,
        })
    }

    fn dataset(&self, path: &str) -> Result<(Dataset, Vec<usize>), ImportError> {
        let broken = |error| ImportError::new(format!("weight {path} cannot be read: {error}"));
        let dataset = self.file.dataset(path).map_err(broken)?;
        let shape = dataset.shape().map_err(broken)?;
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        Ok((dataset, shape.into_iter().map(size).collect()))
    }

    /// The shape of a tensor.
    ///
    /// # Errors
    /// When there is none.
    pub fn shape(&self, path: &str) -> Result<Vec<usize>, ImportError> {
        self.dataset(path).map(|(_, shape)| shape)
    }

    /// The shape and the elements of a tensor, row-major.
    ///
    /// # Errors
    /// When there is none, or its elements are no 32-bit floats, not finite, or more than the length of the file explains.
    pub fn read(&self, path: &str) -> Result<(Vec<usize>, Vec<f32>), ImportError> {
        let broken = |error| ImportError::new(format!("weight {path} cannot be read: {error}"));
        let (dataset, shape) = self.dataset(path)?;
        let dtype = dataset.dtype().map_err(broken)?;
        if dtype != DType::F32 {
            return refuse(format!("weight {path} is of {dtype}, expected float32"));
        }
        let count = elements(&shape)?;
        let place = |error: ImportError| error.at(format!("weight {path}"));
        // Its bytes, its elements and their copies in another order.
        self.budget.take(count.saturating_mul(4)).map_err(place)?;
        let values = dataset.read_f32().map_err(broken)?;
        if values.len() != count {
            let found = values.len();
            return refuse(format!(
                "weight {path} has {found} elements, expected {count}"
            ));
        }
        match values.iter().all(|value| value.is_finite()) {
            true => Ok((shape, values)),
            false => refuse(format!(
                "weight {path} has a value that is not finite, expected numbers"
            )),
        }
    }
}
