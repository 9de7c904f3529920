//! Where facts come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Files, versions and commands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// What was read or generated.
    pub sources: Vec<Source>,
    /// The commands that make each part of the report.
    pub commands: Commands,
}

/// Commands, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// Makes the core.
    pub generate: String,
    /// Takes it to a device; `null` where the device is no FPGA.
    pub synth: Option<String>,
    /// Compares it with the golden model.
    pub verify: String,
    /// Makes the report.
    pub report: String,
    /// Makes it with the network measured on data.
    pub eval: String,
}

/// A file and its contents' hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub what: String,
    /// Where it is; the bundled ones are in the program.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}
