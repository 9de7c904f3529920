//! From a network to what the hardware is made from: the design file, devices, the shape of a core, the images of its memories,
//! the arrays that fit a device, and the exact cycle model.

pub mod bits;
pub mod cycles;
pub mod design;
pub mod device;
pub mod error;
pub mod program;
pub mod shape;
pub mod sizing;
pub mod stream_layout;
