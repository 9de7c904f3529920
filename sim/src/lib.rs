//! Executors of a compiled network, the scoreboard between them, and the EDA tools behind them.
//!
//! [`dut`] is what every simulation of the core looks like, [`verilator`] one of them; [`stream`] drives its streams;
//! [`executor`] and [`scoreboard`] compare it with the golden model, [`diagnose`] names the gate behind a difference.
//! [`synth`] takes it to a bitstream, [`netlist`] simulates what synthesis makes of it, [`patch`] gives a routed core the
//! memories of another network. [`formal`] proves properties of modules. [`verify`] takes random cases up the whole ladder. [`eda`] finds, installs and runs the tools.

pub mod diagnose;
pub mod dut;
pub mod eda;
pub mod equivalence;
mod error;
pub mod executor;
pub mod formal;
pub mod gtkwave;
pub mod icarus;
pub mod netlist;
pub mod patch;
pub mod rust_hdl;
pub mod scoreboard;
pub mod stream;
pub mod synth;
pub mod verify;
pub mod verilator;
pub mod wave_picture;
pub mod waveform;

pub use error::SimError;
