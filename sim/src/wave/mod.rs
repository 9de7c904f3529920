//! Recorded waveforms: read, drawn, and described for viewers.

pub mod gtkwave;
mod header;
pub mod picture;
pub mod recorder;
pub mod surfer;
pub mod view;
pub mod waveform;
