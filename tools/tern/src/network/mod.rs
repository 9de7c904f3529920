//! Networks: trained, compared, drawn, exported, drawn at random.

pub mod export;
pub mod histogram;
pub mod import;
pub mod random;
pub mod study;
pub mod train;
