//! A sweep: many cores, of which a few are worth a closer look.

mod choose;
mod page;
mod pareto;

pub use choose::choose;
pub use page::page;
pub use pareto::{front_picture, standalone};

use serde::{Deserialize, Serialize};

/// How far the points of a sweep are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The exact cycle model, and logic cells by estimate.
    Estimate,
    /// Synthesis, place and route.
    Route,
}

impl Stage {
    /// As a sweep's file spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Estimate => "estimate",
            Stage::Route => "route",
        }
    }
}

/// All that a sweep found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sweep {
    /// Version of Tern that found it.
    pub tern_version: String,
    /// The sweep's name.
    pub name: String,
    /// How far its points were taken.
    pub stage: Stage,
    /// The command that goes on with it.
    pub command: String,
    /// Its networks.
    pub networks: Vec<Network>,
    /// Its points.
    pub points: Vec<Point>,
}

/// A network of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Its name in the sweep.
    pub name: String,
    /// Kinds and sizes of its layers.
    pub layers: String,
    /// Its file, or that it is random.
    pub source: String,
    /// SHA-256 of the model file, in hexadecimal.
    pub sha256: String,
}

/// One network on one array of one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Its name, which is that of its file.
    pub id: String,
    /// Name of the network.
    pub network: String,
    /// Name of the device.
    pub device: String,
    /// What was asked for: `largest`, or rows x lanes.
    pub array: String,
    /// `dense` or `events`.
    pub dataflow: String,
    /// Seed of the placer; none where nothing is placed.
    pub seed: Option<u32>,
    /// What came out.
    pub outcome: Outcome,
    /// Whether no point of the same network and device is both smaller and faster.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub front: bool,
    /// Whether it is the one to take for its network and device.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recommended: bool,
}

/// What came out of a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum Outcome {
    /// Figures.
    Done(Figures),
    /// The network does not fit the array, or the array the device.
    Unfit {
        /// The sentence that says why.
        reason: String,
    },
    /// A tool failed, or a file could not be written.
    Failed {
        /// The sentence that says why.
        reason: String,
    },
}

/// Figures of a core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// PE columns.
    pub columns: usize,
    /// PE rows.
    pub rows: usize,
    /// Trits per PE and cycle.
    pub lanes: usize,
    /// What an event array leaves out, `delta` or `zero`.
    pub skip: Option<String>,
    /// Clock cycles of a time step, of an event array on average.
    pub mean_cycles: f64,
    /// Clock cycles of a time step, at most.
    pub most_cycles: u64,
    /// Logic cells by estimate.
    pub estimated_cells: usize,
    /// Block RAMs by estimate.
    pub estimated_block_rams: usize,
    /// What place and route gave.
    pub routed: Option<Routed>,
}

/// Figures of a routed core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Routed {
    /// Logic cells.
    pub logic_cells: usize,
    /// LUT4s, as Yosys counts them.
    pub lut4: usize,
    /// Block RAMs.
    pub block_rams: usize,
    /// Highest clock frequency in MHz.
    pub fmax_mhz: f64,
    /// Microseconds of a time step at that clock, of an event array on average.
    pub step_us: f64,
}

impl Figures {
    /// Logic cells: of the routed core, otherwise by estimate.
    pub fn cells(&self) -> usize {
        match &self.routed {
            Some(routed) => routed.logic_cells,
            None => self.estimated_cells,
        }
    }

    /// Block RAMs: of the routed core, otherwise by estimate.
    pub fn block_rams(&self) -> usize {
        match &self.routed {
            Some(routed) => routed.block_rams,
            None => self.estimated_block_rams,
        }
    }

    /// How long a time step takes: microseconds of a routed core, otherwise clock cycles.
    pub fn time(&self) -> f64 {
        match &self.routed {
            Some(routed) => routed.step_us,
            None => self.mean_cycles,
        }
    }
}

impl Point {
    /// Its figures, where it has any.
    pub fn figures(&self) -> Option<&Figures> {
        match &self.outcome {
            Outcome::Done(figures) => Some(figures),
            Outcome::Unfit { .. } | Outcome::Failed { .. } => None,
        }
    }

    /// The network and device whose points it is compared with.
    pub fn group(&self) -> (&str, &str) {
        (&self.network, &self.device)
    }
}

/// The networks and devices of the points, in their order.
pub fn groups(points: &[Point]) -> Vec<(&str, &str)> {
    let mut groups = vec![];
    for group in points.iter().map(Point::group) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}
