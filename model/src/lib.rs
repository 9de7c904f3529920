//! The network: model file, golden model, design, compilation to memory images, schedule and cycle model.

mod bound;
mod contents;
mod cycles;
mod design;
mod device;
mod difference;
mod error;
mod family;
mod fast;
mod file;
mod golden;
mod load;
mod network;
mod pad;
mod program;
mod random;
mod shape;
mod sizing;
mod tensors;
mod validate;

pub use cycles::{CycleModel, Timeline};
pub use design::{Design, DesignError, Streams, Weights};
pub use device::{DEVICES, Device, DeviceFamily};
pub use difference::difference;
pub use error::ModelError;
pub use fast::Fast;
pub use file::write_atomic;
pub use golden::{Golden, GruState, LayerState, LstmState};
pub use network::{
    CellKind, Embedding, Gate, Gru, GruBias, GruGate, Layer, Linear, Lstm, Model, Output,
};
pub use program::{Images, Program};
pub use random::{RandomSpec, random_model, random_sequence};
pub use shape::{
    COUNT_LANES, Home, LayerShape, LoadGroup, Memory, Part, Pass, Placement, Shape, Source,
    index_bits, signed_bits,
};
pub use sizing::Candidate;
