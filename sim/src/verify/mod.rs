//! Random cases up the ladder: golden model, Rust-HDL, Verilator, Icarus Verilog, netlists.
//!
//! A [`case::Case`] is sequences under stalls after a reset; a [`ladder::Ladder`] runs it on every executor and compares values and
//! cycles; [`random`] draws networks and arrays; [`shrink::smallest`] finds the smallest case that still differs.

pub mod campaign;
pub mod case;
pub mod draw;
pub mod family;
pub mod ladder;
pub mod observe;
pub mod random;
pub mod shrink;
