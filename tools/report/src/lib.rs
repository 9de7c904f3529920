//! One page about a generated core: what the network is, what hardware it became, how fast that is and what is proven of it.
//!
//! [`facts`] is what a page says, as JSON with a schema; [`page`] draws it in one self-contained file.

mod compare;
mod error;
pub mod facts;
pub mod page;
mod palette;
mod picture;
#[cfg(test)]
mod sample;
pub mod sweep;
mod view;

pub use error::Error;
