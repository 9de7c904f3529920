//! The network: what it is, its file and the rules of that file, and the golden model.

pub mod error;
pub mod file;
pub mod golden;
pub mod network;
pub mod packed;
pub mod random;

mod bound;
mod tensors;
mod validate;
