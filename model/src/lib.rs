//! Recurrent networks with ternary weights: what a network is, its file and the golden model.
//!
//! A [`Model`](network::Model) is plain integers: layers (LSTM, GRU, a linear head) with their weights, biases and activation
//! tables. [`Golden`](golden::Golden) computes its equations in full precision and keeps every value on the way;
//! [`Engine`](engine::Engine) computes the same outputs with the vector instructions of the processor, a hundred times faster.
//! Nothing here knows of FPGAs or of floating point.
//!
//! ```
//! use tern_model::engine::Engine;
//! use tern_model::golden::Golden;
//! use tern_model::network::{CellKind, Model};
//! use tern_model::random::{RandomSpec, random_model, random_sequence};
//!
//! // In place of `Model::read("models/spoken-digits.safetensors")?`: 20 inputs of 8 bits, 64 units.
//! let model = random_model(&RandomSpec::fixed_point(CellKind::Lstm, 20, 64), 1);
//! let sequence = random_sequence(&model, 30, 2);
//!
//! let outputs = Golden::new(&model).run(&sequence);
//! assert_eq!((outputs.len(), outputs[0].len()), (30, 64));
//! assert_eq!(Engine::new(&model)?.run(&sequence)?, outputs);
//!
//! let file = model.to_bytes()?;
//! assert_eq!(Model::from_bytes(&file)?, model);
//! # Ok::<(), tern_model::error::Error>(())
//! ```

pub mod engine;
pub mod error;
pub mod file;
pub mod golden;
pub mod network;
pub mod random;

mod bound;
mod tensors;
mod validate;
