//! What was compared with the golden model.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of `tern verify`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verified {
    /// SHA-256 of the Verilog that was simulated.
    pub verilog_sha256: String,
    /// SHA-256 of the model file.
    pub model_sha256: String,
    /// The command that does it again.
    pub command: String,
    /// The executors, the reference first.
    pub executors: Vec<Tally>,
    /// Executors that were not run.
    pub not_run: Vec<String>,
}

/// What an executor has been through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Name of the executor.
    pub executor: String,
    /// What it is.
    pub description: String,
    /// Sequences.
    pub sequences: u64,
    /// Clock cycles; `null` of the golden model, which has none.
    pub cycles: Option<u64>,
    /// Cases in which it differs from the reference.
    pub differences: u64,
}

impl Verified {
    /// Differences of all executors.
    pub fn differences(&self) -> u64 {
        self.executors.iter().map(|tally| tally.differences).sum()
    }
}
