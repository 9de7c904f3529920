//! How much work and memory a file may ask for.

use std::cell::Cell;

use crate::error::{ImportError, refuse};

/// Words that even the smallest file may ask for.
const LEAST: usize = 4 << 20;

/// Words of 4 bytes that may still be made while one file is read.
///
/// A few bytes of a file can name tensors of any size, the same tensor any number of times, or a node in two bytes. What is
/// made of a file is therefore counted, and bounded by its length: neither memory nor time grow beyond it.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    /// The words that a file of `bytes` bytes may ask for: two per byte, and 16 MiB of them.
    pub fn of(bytes: usize) -> Budget {
        Budget(Cell::new(share(bytes).saturating_add(LEAST)))
    }

    /// Adds the share of another file of `bytes` bytes.
    pub fn add(&self, bytes: usize) {
        self.0.set(self.0.get().saturating_add(share(bytes)));
    }

    /// Takes `words` words.
    ///
    /// # Errors
    /// When that is more than what is left.
    pub fn take(&self, words: usize) -> Result<(), ImportError> {
        match self.0.get().checked_sub(words) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => refuse("asks for more memory than the length of the file explains"),
        }
    }
}

fn share(bytes: usize) -> usize {
    bytes.saturating_mul(2)
}

/// Elements of a tensor of that shape.
///
/// # Errors
/// When there are more than an address can count.
pub(crate) fn elements(shape: &[usize]) -> Result<usize, ImportError> {
    let product = shape
        .iter()
        .try_fold(1usize, |product, size| product.checked_mul(*size));
    match product {
        Some(count) => Ok(count),
        None => refuse(format!("the shape {shape:?} has too many elements")),
    }
}
