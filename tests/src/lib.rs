//! Helpers shared by the end-to-end tests.

pub mod beats;
pub mod board;
pub mod changed;
pub mod check;
pub mod coverage;

pub mod lock_step;
pub mod matrix;
pub mod mutation;
pub mod page;
pub mod pairwise;
pub mod recordings;
pub mod resource_matrix;
pub mod simulators;
pub mod small_cores;
pub use tern_sim::verify::family;
