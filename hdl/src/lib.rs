//! The accelerator in Rust-HDL, one file a hardware module, leaf first, and its Verilog.

mod array;
mod bias;
mod clamp;
mod column;
mod copy;
mod count;
mod delay;
mod descriptor;
mod drain;
mod gate;
mod gru_cell;
mod head;
mod hidden;
mod images;
mod input;
pub mod kit;
mod loader;
mod lookup;
mod lstm_cell;
mod multiplier;
mod narrow;
mod pe;
mod plane;
mod position;
mod product;
mod schedule;
mod skid;
mod tern_bytes;
mod tern_core;
mod threshold;
mod wide_count;
mod widen;

mod verilog;

pub use count::Count;
pub use images::{MemoryImage, memory_images};
pub use narrow::Narrow;
pub use plane::{Plane, SignMagnitude};
pub use product::Product;
pub use tern_bytes::TernBytes;
pub use tern_core::TernCore;
pub use verilog::{GenerateError, emit, generate, top_module};
pub use widen::Widen;
