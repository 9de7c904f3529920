//! Cells: from the sums of a unit to its state.

pub mod activation;
pub mod bias;
mod clamp;
pub mod gru_cell;
pub mod hidden;
pub mod lstm_cell;
mod multiplier;
pub mod rounding;
pub mod running_sum;
mod threshold;
mod unit_state;
pub mod units;
