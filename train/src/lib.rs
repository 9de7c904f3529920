//! Data sets, quantization-aware training and export of ternary recurrent networks.
//!
//! Recordings become integer features in a [`tern_features::FrontEnd`], other data by a [`tern_features::Scaling`]; a
//! network of shadow parameters is trained through the quantized forward pass. What is exported is
//! what was trained: the integers of the forward pass, in a [`tern_model::network::Model`]. Nothing
//! after that knows floating point.
//!
//! ```no_run
//! use std::ops::ControlFlow;
//! use std::path::Path;
//! use tern_train::classify::{Data, Recipe, export, read, train};
//! use tern_train::run::RunConfig;
//!
//! let recipe = Recipe::read(Path::new("recipes/vowels/vowels-lstm-f7.toml"))?;
//! let data = Data::read(&recipe, Path::new("shared/data"))?;
//! let config = RunConfig {
//!     checkpoint: "checkpoint.safetensors".into(),
//!     resume: false,
//!     warm_start: None,
//!     teacher: None,
//! };
//! let figures = train(&recipe, &data, &config, |_| ControlFlow::Continue(()))?;
//! println!("{:?}", figures.expect("nothing ends the run early").test);
//! export(&read(&config.checkpoint)?)?.write("model.safetensors")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Its rooms import downwards only: [`data`], [`ops`], [`quantize`], [`layer`], [`run`], and the two
//! kinds of network, [`classify`] and [`language`].

pub mod classify;
pub mod data;
mod error;
pub mod language;
pub mod layer;
pub mod ops;
pub mod quantize;
pub mod run;
#[cfg(test)]
mod testing;

pub use error::{ErrorKind, TrainError};
