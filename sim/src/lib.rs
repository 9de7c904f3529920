//! Executors of a compiled network, the comparison of their outputs, and the EDA tools behind them.
//!
//! [`dut`] is what every simulation of the core looks like, and the four there are; [`stream`] drives its streams;
//! [`executor`] runs sequences on it and on the golden model, [`compare`] finds the first difference and names the gate behind it.
//! [`synth`] takes the core to a bitstream, [`patch`] gives a routed core the memories of another network. [`formal`] proves
//! properties of modules. [`verify`] takes random cases up the whole ladder. [`wave`] reads and draws waveforms. [`eda`] finds,
//! installs and runs the tools.

pub mod compare;
pub mod dut;
pub mod eda;
pub mod error;
pub mod executor;
pub mod formal;
pub mod patch;
pub mod stream;
pub mod synth;
pub mod verify;
pub mod wave;
