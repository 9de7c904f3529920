//! Functional coverage: how often each point that must be reached was reached, counted in the simulated Verilog.
//!
//! Each [`Place`] becomes a counter in a memory of the core ([`instrument::instrument`]), which counts the rising clock edges at which the
//! place's condition holds; [`count`] runs random cases, compares them with the golden model and reads the memory.

mod count;
pub mod instrument;
mod points;

pub use count::{Counted, count};
pub use points::{Place, points, required};
