//! Proofs by Yosys: properties of a module, and the equivalence of two.

pub mod equivalence;
pub mod prove;
