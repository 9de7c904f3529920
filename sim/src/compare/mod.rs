//! The outputs of one executor against those of another, and the gate behind a difference.

pub mod diagnose;
pub mod mismatch;
