//! Streams: what stands between the ports of a core and its array.

pub(crate) mod head;
pub(crate) mod input;
pub(crate) mod loader;
pub mod narrow;
pub mod plane;
mod skid;
pub(crate) mod state_output;
pub mod widen;
