//! Quantizers of weights, biases and activations, with straight-through gradients, and the number
//! formats of layers that are made of them.
//!
//! Forward they give values of a small set, backward they pass the gradient on as if they were the
//! identity, and drop it where the value is saturated. [`ternary`] and [`round_within`] give exactly
//! the integers that are exported; a [`Quantizer`] is any of those that HitNet's study compares.

pub(crate) mod blocks;
pub(crate) mod draws;
pub(crate) mod hitnet;
pub(crate) mod precision;
pub(crate) mod quantizer;
pub(crate) mod round;
pub(crate) mod tables;
pub(crate) mod ternary;

pub use blocks::quantize_straight_through;
pub use draws::Draws;
pub use hitnet::Hitnet;
pub use precision::{Precision, Study};
pub use quantizer::{Quantizer, Range};
pub use round::{round_straight_through, round_within};
pub use ternary::{ternary, ternary_straight_through};
