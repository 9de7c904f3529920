//! Executors of a compiled network, the comparison of their outputs, and the EDA tools behind them.
//!
//! [`dut`] is what every simulation of the core looks like, and the four there are; [`stream`] drives its streams;
//! [`executor`] runs sequences on it and on the golden model, [`compare`] finds the first difference and names the gate behind it.
//! [`synth`] takes the core to a bitstream, [`patch`] gives a routed core the memories of another network. [`formal`] proves
//! properties of modules. [`serial`] is a board at the bits of its serial line. [`verify`] takes random cases up the whole ladder. [`wave`] reads and draws waveforms. [`eda`] finds,
//! installs and runs the tools.
//!
//! # A simulation that checks itself
//!
//! A small random network on an array of 4 × 2 processing elements, simulated by Rust-HDL with pauses at both ends of its streams:
//!
//! ```
//! use tern_compile::{design::Design, program::Program};
//! use tern_model::golden::Golden;
//! use tern_model::network::CellKind;
//! use tern_model::random::{RandomSpec, random_model, random_sequence};
//! use tern_sim::compare::mismatch::{Context, compare};
//! use tern_sim::executor::build::Build;
//! use tern_sim::stream::stall::StallPattern;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 5, 6), 1);
//! let program = Program::compile(&model, &Design::new(2, 4, "ice40-hx8k")?)?;
//! let stimulus = [random_sequence(&model, 3, 1), random_sequence(&model, 2, 2)];
//!
//! let mut core = Build::rust_hdl().driver(&model, &program, false)?;
//! let [.., both_ends_pause] = StallPattern::all(1);
//! let seen = core.run(&stimulus, both_ends_pause)?;
//!
//! let mut golden = Golden::new(&model);
//! let expected = stimulus.each_ref().map(|sequence| golden.run(sequence));
//! compare(["golden", "rust-hdl"], &stimulus, &expected, &seen.outputs, &Context::default())?;
//! # Ok(())
//! # }
//! ```

pub mod compare;
pub mod dut;
pub mod eda;
pub mod error;
pub mod executor;
pub mod formal;
pub mod patch;
pub mod serial;
pub mod stream;
pub mod synth;
pub mod verify;
pub mod wave;
