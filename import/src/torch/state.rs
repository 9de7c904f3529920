//! Tensors by name, whatever file they are in.

use crate::error::{ImportError, refuse};

/// Type of the elements of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// 32-bit floats.
    F32,
    /// 64-bit floats, which are rounded to 32 bits.
    F64,
    /// Another type, of so many bytes.
    Other {
        /// Its name.
        name: &'static str,
        /// Bytes of an element.
        bytes: usize,
    },
}

impl Element {
    /// Bytes of an element.
    pub fn bytes(self) -> usize {
        match self {
            Element::F32 => 4,
            Element::F64 => 8,
            Element::Other { bytes, .. } => bytes,
        }
    }

    /// The elements in little-endian bytes.
    ///
    /// # Errors
    /// When they are of another type than floats of 32 and 64 bits.
    pub fn read(self, bytes: &[u8]) -> Result<Vec<f32>, ImportError> {
        match self {
            Element::F32 => {
                let chunks = bytes.as_chunks::<4>().0.iter();
                Ok(chunks.map(|bytes| f32::from_le_bytes(*bytes)).collect())
            }
            Element::F64 => {
                let chunks = bytes.as_chunks::<8>().0.iter();
                let value = |bytes: &[u8; 8]| f64::from_le_bytes(*bytes) as f32;
                Ok(chunks.map(value).collect())
            }
            Element::Other { name, .. } => refuse(format!(
                "is {name}, expected float32: convert it with .float() before it is saved"
            )),
        }
    }
}

/// A tensor of a state dict.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Name, with the modules that it is in and dots between.
    pub name: String,
    /// Sizes of the axes.
    pub shape: Vec<usize>,
}

/// The tensors of a file, in its order.
pub(super) trait StateDict {
    /// Names and shapes.
    fn entries(&self) -> &[Entry];

    /// The elements of an entry, row-major.
    ///
    /// # Errors
    /// When they are missing, of another type than floats, or too many.
    fn read(&self, entry: usize) -> Result<Vec<f32>, ImportError>;

    /// Whether the entries are in the order in which the modules were made.
    fn is_ordered(&self) -> bool;
}
