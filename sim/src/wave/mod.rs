//! Recorded waveforms: read, drawn, and described for GTKWave.

pub mod gtkwave;
pub mod picture;
pub mod waveform;
