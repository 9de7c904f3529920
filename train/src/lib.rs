//! Data sets, quantization-aware training and export.
//!
//! Recordings become integer features in the [`FrontEnd`], a [`Network`] of shadow parameters is
//! trained through the quantized forward pass, and what is exported is what was trained: the
//! integers of the forward pass, in a `tern_model::Model`. Nothing after that knows floating point.

mod adam;
pub mod augment;
pub mod batch;
mod cell;
pub mod digits;
mod error;
pub mod evaluate;
mod front_end;
pub mod fsdd;
mod mel;
mod network;
mod preprocessing;
pub mod quantize;
mod tables;
mod wav;

pub use error::TrainError;
pub use front_end::{FEATURE_BITS, FEATURE_MAX, FrontEnd};
pub use network::Network;
pub use preprocessing::{FeatureKind, Preprocessing};
pub use tables::{CellTables, LstmConfig, Table};
pub use wav::read_wav;
