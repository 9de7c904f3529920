//! What an exploration found.

use serde::Serialize;

/// An array on the front.
#[derive(Serialize)]
pub struct Point {
    pub columns: usize,
    pub rows: usize,
    pub lanes: usize,
    /// Exact.
    pub cycles_per_step: u64,
    /// Ternary multiply-accumulates of a step over what the array could do in its cycles.
    pub efficiency: f64,
    /// Estimated.
    pub lut4: usize,
    /// Estimated.
    pub flip_flops: usize,
    pub block_rams: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routed: Option<Routed>,
}

/// What place and route made of it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Routed {
    Done {
        /// From Yosys.
        lut4: usize,
        fmax_mhz: f64,
        step_us: f64,
    },
    Failed {
        failure: String,
    },
}

/// The result for programs.
#[derive(Serialize)]
pub struct Report<'r> {
    pub model: &'r str,
    pub device: &'r str,
    pub device_lut4: usize,
    pub device_block_rams: usize,
    /// LUT4s that an array may take.
    pub lut4_budget: usize,
    pub arrays: &'r [Point],
}
