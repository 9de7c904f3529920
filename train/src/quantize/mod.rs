//! Quantizers of weights, biases and activations, with straight-through gradients.
//!
//! Forward they give values of a small set, backward they pass the gradient on as if they were the
//! identity, and drop it where the value is saturated. [`ternary`] and [`round_within`] give exactly
//! the integers that are exported; a [`Quantizer`] is any of those that HitNet's study compares.

mod blocks;
mod draws;
mod quantizer;
mod round;
mod ternary;

use candle_core::{CpuStorage, Layout, Result, bail};

pub use blocks::quantize_straight_through;
pub use draws::Draws;
pub use quantizer::{Quantizer, Range};
pub use round::{round_straight_through, round_within};
pub(crate) use ternary::kept_magnitude;
pub use ternary::{ternary, ternary_straight_through};

/// The elements of a contiguous 32-bit tensor.
pub(crate) fn floats<'s>(storage: &'s CpuStorage, layout: &Layout) -> Result<&'s [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("the quantizers take contiguous tensors only"),
    }
}
