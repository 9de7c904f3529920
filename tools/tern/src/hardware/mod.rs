//! Cores: sized, synthesized, patched, loaded, traced.

pub mod explore;
pub mod features;
pub mod patch;
pub mod program;
pub mod roofline;
pub mod synth;
pub mod tools;
pub mod trace;
pub mod weights;
