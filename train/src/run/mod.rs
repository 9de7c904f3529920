//! A training run: its loop, its optimizer, its schedule and its checkpoint.

pub(crate) mod adam;
pub(crate) mod average;
pub(crate) mod checkpoint;
pub(crate) mod config;
pub(crate) mod digest;
pub(crate) mod event;
pub(crate) mod fit;
pub(crate) mod progress;
pub(crate) mod recipe;
pub mod schedule;
pub(crate) mod task;
pub(crate) mod train;

pub use checkpoint::RunKind;
pub use config::RunConfig;
pub use event::Event;
pub use recipe::MOST;
