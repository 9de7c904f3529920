//! Synthesis, place and route, and bitstream for iCE40 and ECP5 FPGAs.

pub mod bitstream;
pub mod board;
pub mod cells;
pub mod floor_plan;
pub mod hierarchy;
pub mod implement;
pub mod place;
pub mod report;
mod shortage;
pub mod synthesis;
