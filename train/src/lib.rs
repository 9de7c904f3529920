//! Data sets, quantization-aware training and export.
//!
//! Recordings become integer features in the [`FrontEnd`], a [`Network`] of shadow parameters is
//! trained through the quantized forward pass, and what is exported is what was trained: the
//! integers of the forward pass, in a `tern_model::Model`. Nothing after that knows floating point.

mod adam;
pub mod augment;
pub mod batch;
pub mod digits;
mod error;
pub mod evaluate;
mod exponential;
mod front_end;
pub mod fsdd;
mod gru;
mod hitnet;
pub mod language;
mod lstm;
mod matmul;
mod mel;
mod network;
mod preprocessing;
pub mod quantize;
mod recurrent;
mod sequence;
pub mod softmax;
mod tables;
#[cfg(test)]
mod testing;
mod wav;

pub use error::TrainError;
pub use front_end::{FEATURE_BITS, FEATURE_MAX, FrontEnd};
pub use hitnet::Hitnet;
pub use network::Network;
pub use preprocessing::{FeatureKind, Preprocessing};
pub use recurrent::Recurrent;
pub use sequence::LayerState;
pub use tables::{CellTables, GruTables, LstmConfig, Table};
pub use wav::{read_wav, wav_samples};
