//! What an exploration found.

use serde::Serialize;
use tern_compile::design::{Dataflow, Skip};

/// An array on the front.
#[derive(Serialize)]
pub struct Point {
    pub dataflow: Dataflow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
    pub columns: usize,
    pub rows: usize,
    pub lanes: usize,
    /// Of a time step, exact; of an event array on average, by the activity that the model's file carries, or the most without it.
    pub mean_cycles: u64,
    /// The most that a time step takes.
    pub cycles_per_step: u64,
    /// Ternary multiply-accumulates of a step over what the array could do in its cycles; above 1 where events leave out enough.
    pub efficiency: f64,
    /// Estimated, as nextpnr counts them.
    pub logic_cells: usize,
    /// Estimated.
    pub lut4: usize,
    /// Estimated.
    pub flip_flops: usize,
    pub block_rams: usize,
    /// Whether it is what `gen-verilog` takes: the smallest of those within 1 % of the fewest cycles, or the bundled design.
    pub recommended: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routed: Option<Routed>,
}

impl Point {
    /// Dataflow and skip in a word.
    pub fn dataflow_name(&self) -> &'static str {
        match self.skip {
            None => self.dataflow.name(),
            Some(Skip::Delta) => "delta",
            Some(Skip::Zero) => "zero",
        }
    }
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
    pub device_cells: usize,
    pub device_block_rams: usize,
    /// Logic cells that an array may take.
    pub cell_budget: usize,
    /// Every array on the front, the smallest first.
    pub arrays: &'r [Point],
}

/// Positions of at most `count` of the points: the smallest, the fastest, the recommended one and others between them, at even
/// ratios of cycles.
pub fn few(points: &[Point], count: usize) -> Vec<usize> {
    if points.len() <= count {
        return (0..points.len()).collect();
    }
    let last = points.len() - 1;
    let cycles = |at: usize| (points[at].mean_cycles as f64).ln();
    let between = count - 2; // the ends and the recommended one are there in any case
    let step = (cycles(last) - cycles(0)) / between as f64;
    let nearest = |k: usize| {
        let wanted = cycles(0) + step * k as f64;
        let distance = |at: &usize| (cycles(*at) - wanted).abs();
        (0..=last).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    };
    let recommended = points.iter().position(|point| point.recommended);
    let mut chosen: Vec<usize> = (0..=between)
        .filter_map(nearest)
        .chain(recommended)
        .collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

#[cfg(test)]
mod tests {
    use super::{Dataflow, Point, few};

    #[test]
    fn few_are_the_ends_the_recommended_one_and_some_between() {
        let point = |mean_cycles: u64| Point {
            dataflow: Dataflow::Dense,
            skip: None,
            columns: 4,
            rows: 1,
            lanes: 1,
            mean_cycles,
            cycles_per_step: mean_cycles,
            efficiency: 1.0,
            logic_cells: 200,
            lut4: 100,
            flip_flops: 100,
            block_rams: 1,
            recommended: mean_cycles == 1_048_576 >> 11,
            routed: None,
        };
        let points: Vec<Point> = (0..21).map(|k| point(1_048_576 >> k)).collect();
        assert_eq!(few(&points, 6), [0, 5, 10, 11, 15, 20]);
        assert_eq!(few(&points[..6], 6), [0, 1, 2, 3, 4, 5]);
    }
}
