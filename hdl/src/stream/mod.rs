//! Streams: what stands between the ports of a core and its array.

pub mod elements;
pub mod head;
pub mod input;
pub(crate) mod loader;
pub mod narrow;
pub mod plane;
pub mod plane_of;
mod skid;
pub mod state_output;
pub mod widen;
