//! The streams of a core: how values lie in beats, when the ends stall, and the driver with its handshake monitor.

pub mod driver;
pub mod format;
mod load;
mod monitor;
pub mod stall;
