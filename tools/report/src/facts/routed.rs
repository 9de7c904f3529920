//! The placed and routed core.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What place and route gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routed {
    /// The board whose pins were used.
    pub board: String,
    /// One placement per seed.
    pub seeds: Vec<Seed>,
    /// The median of their frequencies, in MHz.
    pub median_fmax_mhz: f64,
    /// Logic cells of the fastest placement.
    pub logic_cells: usize,
    /// Its block RAMs.
    pub block_rams: usize,
    /// Its single-port RAMs.
    pub single_port_rams: usize,
    /// Its pins.
    pub pins: usize,
    /// The seed of the fastest placement, whose bitstream was packed.
    pub bitstream_seed: u32,
    /// Where its cells are; `null` where the folder has no floor plan.
    pub floor_plan: Option<FloorPlan>,
}

/// A placement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seed {
    /// Seed of the placer.
    pub seed: u32,
    /// Highest clock frequency, in MHz.
    pub fmax_mhz: f64,
    /// What limits it.
    pub critical_path: CriticalPath,
}

/// The slowest path from register to register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriticalPath {
    /// The signal where it starts.
    pub from: String,
    /// The module of that signal.
    pub from_module: String,
    /// The signal where it ends.
    pub to: String,
    /// The module of that signal.
    pub to_module: String,
    /// Delay of the cells, in ns.
    pub logic_ns: f64,
    /// Delay of the wires, in ns.
    pub routing_ns: f64,
    /// Cells between the ends.
    pub levels: usize,
    /// The path, piece by piece; empty where the folder does not have it.
    #[serde(default)]
    pub segments: Vec<Segment>,
}

impl CriticalPath {
    /// The whole delay, in ns.
    pub fn delay_ns(&self) -> f64 {
        self.logic_ns + self.routing_ns
    }
}

/// A piece of a path: through a cell, or along a wire to the next one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Cell or wire.
    pub kind: SegmentKind,
    /// Delay in ns.
    pub ns: f64,
    /// The module of the cell where it ends.
    pub module: String,
    /// The tile of that cell; `null` where nextpnr does not say.
    pub at: Option<Point>,
}

/// What a piece of a path goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SegmentKind {
    /// A cell.
    Logic,
    /// A wire.
    Routing,
}

/// A place on the device, in tiles from the lower left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
}

/// Where the cells of a placement are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FloorPlan {
    /// Seed of the placement.
    pub seed: u32,
    /// Logic cells that are placed, all tiles together.
    pub logic: usize,
    /// Logic cells without a place of their own, such as constants.
    pub unplaced: usize,
    /// Tiles with logic cells or RAMs.
    pub tiles: Vec<Tile>,
}

/// What is in a tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
    /// Logic cells by the module that they come from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub logic: BTreeMap<String, usize>,
    /// Block RAMs and single-port RAMs.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rams: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
