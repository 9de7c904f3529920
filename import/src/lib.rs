//! Networks of other tools: what LSTM and GRU a file has, and the network that it is, in full precision.
//!
//! Nothing is guessed: what is not understood is refused in one sentence that names the node or tensor. [`read`] takes a
//! file and says what it holds; [`Contents::network`](part::Contents::network) makes a [`Network`](network::Network) of all
//! or of one part of it.

mod archive;
mod beside;
mod budget;
pub mod error;
mod file;
mod keras;
pub mod network;
mod onnx;
pub mod part;
mod tensor;
mod torch;

pub use file::{read, read_bytes};
