//! Streams: what stands between the ports of a core and its array.

pub mod head;
pub mod input;
pub(crate) mod loader;
pub mod narrow;
pub mod plane;
mod skid;
pub mod state_output;
pub mod widen;
