//! Data sets, their batches and what augments them.

pub mod augment;
pub mod batch;
pub mod fsdd;
pub(crate) mod source;
