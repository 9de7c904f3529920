//! The accelerator in Rust-HDL, one file per hardware module, leaf first, and its Verilog.
//!
//! From a model to the Verilog of a core that runs it (`Model::read` reads a model file):
//!
//! ```
//! use tern_compile::{design::Design, program::Program};
//! use tern_model::{network::CellKind, random::{RandomSpec, random_model}};
//!
//! let model = random_model(&RandomSpec::hitnet(CellKind::Lstm, 5, 8), 1);
//! let design = Design::largest(&model, "ice40-hx8k")?;
//! let program = Program::compile(&model, &design)?;
//! let verilog = tern_hdl::verilog::generate(&program)?;
//! assert!(verilog.contains("module tern_core"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rooms, each of which uses only those before it:
//!
//! | room | what it holds |
//! |---|---|
//! | [`kit`] | signals of run-time width, registers, memories, delays |
//! | [`mod@array`] | processing elements, columns, the systolic array |
//! | [`schedule`] | which chunk the array takes in which cycle, which results leave when |
//! | [`cell`] | bias, activation, the cell units of LSTM and GRU, the hidden state |
//! | [`stream`] | input ring, outputs, the loader, converters to bytes |
//! | [`events`] | the event array, what it sums and when |
//! | [`core`] | the top modules |
//! | [`board`] | a core behind a serial line |
//! | [`images`] | where the memory images of a network lie in a core |
//! | [`verilog`] | the Verilog, written from what Rust-HDL knows of a block |

pub mod array;
pub mod board;
pub mod cell;
pub mod core;
pub mod events;
pub mod images;
pub mod kit;
pub mod schedule;
pub mod stream;
pub mod verilog;
