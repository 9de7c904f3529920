//! Data sets, quantization-aware training and export.
//!
//! Recordings become integer features in the [`FrontEnd`], other data by a [`Scaling`]; a network of
//! shadow parameters is trained through the quantized forward pass, and what is exported is what was
//! trained: the integers of the forward pass, in a `tern_model::network::Model`. Nothing after that knows
//! floating point.

mod adam;
pub mod augment;
pub mod batch;
mod checkpoint;
pub mod classify;
mod dropout;
mod error;
pub mod evaluate;
mod exponential;
mod fit;
mod front_end;
pub mod fsdd;
mod gru;
mod hitnet;
pub mod language;
mod linear;
mod lstm;
mod matmul;
mod mel;
mod observe;
mod parallel;
mod precision;
mod preprocessing;
pub mod quantize;
mod recipe;
mod recurrent;
mod rounding;
mod run;
mod scaling;
pub mod schedule;
mod sequence;
pub mod softmax;
pub mod table;
mod tables;
#[cfg(test)]
mod testing;
mod wav;

pub use checkpoint::RunKind;
pub use error::TrainError;
pub use front_end::{FEATURE_BITS, FEATURE_MAX, FrontEnd};
pub use hitnet::Hitnet;
pub use observe::{Activity, GateActivity, WeightPair};
pub use precision::{Precision, Study};
pub use preprocessing::{FeatureKind, Preprocessing};
pub use recurrent::Recurrent;
pub use run::Event;
pub use scaling::{ScaledKind, Scaling};
pub use sequence::LayerState;
pub use tables::{CellTables, GruTables, Table};
pub use wav::{read_wav, wav_samples};
