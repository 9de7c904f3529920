//! Logic by module.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What Yosys made of the core and of its modules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logic {
    /// The whole core first, then its modules, each synthesized on its own.
    pub modules: Vec<Module>,
}

/// Cells of a module: figures of one instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Name in the Verilog.
    pub module: String,
    /// Instances in the core.
    pub instances: usize,
    /// Four-input look-up tables.
    pub luts: usize,
    /// Flip-flops.
    pub flip_flops: usize,
    /// Carry cells.
    pub carries: usize,
    /// Block RAMs.
    pub rams: usize,
    /// Single-port RAMs.
    pub single_port_rams: usize,
}

impl Module {
    /// Look-up tables of all instances.
    pub fn all_luts(&self) -> usize {
        self.instances * self.luts
    }
}
