//! Recordings, tables and text as the integers that a network takes.
//!
//! A model file's `preprocessing` says which they are: log-mel features of a recording ([`FrontEnd`]), real features
//! that are scaled ([`Scaling`]), or tokens of a text ([`tokens::Tokens`]). This is the floating point before a network;
//! behind it there are integers only. Training, the programs and the page in a browser share it.
//!
//! ```no_run
//! use tern_features::FrontEnd;
//! use tern_model::golden::Golden;
//! use tern_model::network::Model;
//!
//! let model = Model::read("models/spoken-digits.safetensors")?;
//! let features = FrontEnd::of_model(&model)?.read("examples/recordings/7_jackson_0.wav".as_ref())?;
//! println!("{:?}", Golden::new(&model).run(&features));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
pub mod exponential;
mod front_end;
pub mod input;
mod kind;
mod mel;
mod preprocessing;
pub mod scaling;
mod spread;
pub mod table;
pub mod tokens;
mod wav;

pub use error::FeatureError;
pub use front_end::{FEATURE_BITS, FrontEnd};
pub use kind::FileKind;
pub use preprocessing::{FeatureKind, Preprocessing};
pub use scaling::{ScaledKind, Scaling};
pub use wav::{Samples, read_wav, wav_samples};
