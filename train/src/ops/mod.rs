//! Operations on tensors that the tensor library does not have, or not as fast.

pub(crate) mod dropout;
pub(crate) mod exponential;
pub(crate) mod floats;
pub(crate) mod linear;
pub(crate) mod matmul;
pub(crate) mod parallel;
pub mod softmax;
pub(crate) mod within;
