//! Networks and cores at work: measured, run, verified.

pub mod eval;
pub mod run;
pub mod verify;
