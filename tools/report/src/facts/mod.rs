//! What a report says: the facts of each core, as JSON with a schema.

mod accuracy;
mod activity;
mod array;
mod cycles;
mod logic;
mod memories;
mod network;
mod provenance;
mod routed;
mod verified;

pub use accuracy::{Accuracy, Claim, Classes, Perplexity};
pub use activity::{Activity, Elements};
pub use array::Array;
pub use cycles::{Cycles, Lane, Recorded, Span, Step};
pub use logic::{Logic, Module};
pub use memories::{Home, Memories, Memory};
pub use network::{Layer, Network, Output, Trits};
pub use provenance::{Commands, Provenance, Source};
pub use routed::{CriticalPath, FloorPlan, Point, Routed, Seed, Segment, SegmentKind, Tile};
pub use verified::{Tally, Verified};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything that a report says, of one core or of several side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Version of Tern that made the report.
    pub tern_version: String,
    /// The cores, in the order in which they were named; at least one.
    pub cores: Vec<Core>,
}

/// What is known of one core. What was not measured is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Core {
    /// What tells the core from the others of the report: network, dataflow and device.
    pub name: String,
    /// The network.
    pub network: Network,
    /// How right the network is on data.
    pub accuracy: Option<Accuracy>,
    /// The array and its device.
    pub array: Array,
    /// How long a time step takes.
    pub cycles: Cycles,
    /// One time step, cycle by cycle, from a simulation.
    pub step: Option<Step>,
    /// The memories.
    pub memories: Memories,
    /// Logic by module, from synthesis.
    pub logic: Option<Logic>,
    /// The placed and routed core.
    pub routed: Option<Routed>,
    /// How much changes from step to step.
    pub activity: Option<Activity>,
    /// What was compared with the golden model.
    pub verified: Option<Verified>,
    /// Where all of this comes from.
    pub provenance: Provenance,
}

/// The JSON schema of [`Facts`], indented, with a line break at its end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Facts);
    format!("{:#}\n", schema.as_value())
}
