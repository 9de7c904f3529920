//! The network: model file, golden model, design, compilation to memory images, schedule and cycle model.

mod bound;
mod error;
mod file;
mod golden;
mod network;
mod random;
mod tensors;
mod validate;

pub use error::ModelError;
pub use file::write_atomic;
pub use golden::{Golden, GruState, LayerState, LstmState};
pub use network::{Embedding, Gate, Gru, GruBias, GruGate, Layer, Linear, Lstm, Model, Output};
pub use random::{CellKind, RandomSpec, random_model, random_sequence};
