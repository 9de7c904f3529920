//! Data sets: recordings and tables, and how they become the integers that a network takes.

pub mod augment;
pub mod batch;
pub(crate) mod front_end;
pub mod fsdd;
mod mel;
pub(crate) mod preprocessing;
pub(crate) mod scaling;
pub(crate) mod source;
mod spread;
pub mod table;
pub(crate) mod wav;

pub use front_end::{FEATURE_BITS, FrontEnd};
pub use preprocessing::{FeatureKind, Preprocessing};
pub use scaling::{ScaledKind, Scaling};
pub use wav::{Samples, read_wav, wav_samples};
