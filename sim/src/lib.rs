//! Executors of a compiled network and the EDA tools behind them.
//!
//! [`eda`] finds, installs and runs the tools; [`dut`] is what every simulation of the core looks like, [`verilator`] one of them.

pub mod dut;
pub mod eda;
pub mod verilator;
