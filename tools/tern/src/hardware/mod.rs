//! Cores: sized, synthesized, patched, loaded, traced.

pub mod explore;
pub mod patch;
pub mod roofline;
pub mod synth;
pub mod tools;
pub mod trace;
pub mod weights;
