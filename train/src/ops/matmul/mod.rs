//! Products of matrices in plain slices, for operations that the tensor library does not have.

mod kernels;
pub(crate) mod matrix;
pub(crate) mod panels;
#[cfg(test)]
mod tests;
