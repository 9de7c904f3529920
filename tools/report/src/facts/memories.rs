//! The memories of a core.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is stored where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Memories {
    /// Every kind of memory.
    pub kinds: Vec<Memory>,
    /// Block RAMs of the device; `null` of the one that is no FPGA.
    pub device_block_rams: Option<usize>,
    /// Single-port RAMs of the device.
    pub device_single_port_rams: usize,
}

/// One kind of memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Memory {
    /// Name, as in the Verilog.
    pub name: String,
    /// How many there are.
    pub count: usize,
    /// Words of each.
    pub words: usize,
    /// Bits of a word.
    pub bits: usize,
    /// What they are made of.
    pub home: Home,
    /// RAMs that they take together; 0 in logic.
    pub rams: usize,
}

/// What a memory is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Home {
    /// Block RAM.
    BlockRam,
    /// Look-up tables and flip-flops.
    Logic,
    /// Single-port RAM.
    SinglePortRam,
}

impl Memory {
    /// Bits that are stored in all of them.
    pub fn stored_bits(&self) -> usize {
        self.count * self.words * self.bits
    }
}

impl Memories {
    /// RAMs of a kind that are taken.
    pub fn rams(&self, home: Home) -> usize {
        let kinds = self.kinds.iter().filter(|memory| memory.home == home);
        kinds.map(|memory| memory.rams).sum()
    }
}
