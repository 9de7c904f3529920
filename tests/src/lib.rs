//! Helpers shared by the end-to-end tests.

pub mod beats;
pub mod check;
pub use tern_sim::verify::family;
pub mod lock_step;
pub mod recordings;
pub mod resource_matrix;
pub mod simulators;
