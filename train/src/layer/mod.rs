//! Recurrent layers: LSTM and GRU, in real numbers or in the integers of the hardware.

pub(crate) mod cell;
pub(crate) mod gru;
pub(crate) mod lstm;
pub(crate) mod observe;
pub(crate) mod recurrent;
pub(crate) mod rounding;
pub(crate) mod sequence;

pub use cell::LayerState;
pub use observe::{Activity, GateActivity, WeightPair};
pub use recurrent::Recurrent;
