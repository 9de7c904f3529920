//! A board at the bits of its serial line.

pub mod board;
mod line;
pub mod sequence;

pub use line::{Line, Pins};

/// A top module that gives a link the ports of a core, so that every simulation of a core simulates the link.
pub const PINS: &str = include_str!("pins.v");
