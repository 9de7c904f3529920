//! The array of a core and its device.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Size of the array, what it sums, and the device that it is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Array {
    /// PE columns.
    pub columns: usize,
    /// PE rows.
    pub rows: usize,
    /// Trits, or sums of events, per PE and cycle.
    pub lanes: usize,
    /// `dense` or `events`.
    pub dataflow: String,
    /// What an event array leaves out: `delta` or `zero`.
    pub skip: Option<String>,
    /// Device, as a design file spells it.
    pub device: String,
    /// Four-input look-up tables of the device; `null` of the one that is no FPGA, as the next.
    pub device_luts: Option<usize>,
    /// Bits that all block RAM ports of the device give in a cycle, as trits: the most lanes that they feed.
    pub port_lanes: Option<usize>,
    /// Logic cells by estimate, without synthesis.
    pub logic_cells_estimated: usize,
    /// Bits and beats of the input stream per time step.
    pub input_stream: [usize; 2],
    /// Bits and beats of the output stream per output.
    pub output_stream: [usize; 2],
}

impl Array {
    /// Processing elements.
    pub fn pes(&self) -> usize {
        self.columns * self.rows
    }

    /// Ternary multiply-accumulates, or sums of events, per cycle when every PE is busy.
    pub fn macs_per_cycle(&self) -> usize {
        self.pes() * self.lanes
    }

    /// `4 x 6 x 8`: columns, rows and lanes.
    pub fn size(&self) -> String {
        format!("{} × {} × {}", self.columns, self.rows, self.lanes)
    }
}
