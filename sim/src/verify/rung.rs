//! The rungs of the ladder by name.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use tern_compile::device::{Device, DeviceFamily};
use tern_compile::program::Program;

use crate::dut::Dut;
use crate::eda::ToolError;
use crate::icarus::Icarus;
use crate::netlist::netlist_simulator;
use crate::rust_hdl::RustHdl;
use crate::synth::synthesize;
use crate::verilator::{Options, Simulator};

/// What can run a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// The integer golden model: values, no cycles.
    Golden,
    /// The hardware description in Rust-HDL's own simulation.
    RustHdl,
    /// The generated Verilog, simulated by Verilator.
    Verilator,
    /// The generated Verilog, simulated by Icarus Verilog, which knows unknown values.
    Icarus,
    /// The netlist of iCE40 cells that Yosys makes of it.
    NetlistIce40,
    /// The netlist of ECP5 cells.
    NetlistEcp5,
}

impl Rung {
    /// Every rung, lowest first.
    pub const ALL: [Rung; 6] = [
        Rung::Golden,
        Rung::RustHdl,
        Rung::Verilator,
        Rung::Icarus,
        Rung::NetlistIce40,
        Rung::NetlistEcp5,
    ];

    /// The name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Rung::Golden => "golden",
            Rung::RustHdl => "rust-hdl",
            Rung::Verilator => "verilator",
            Rung::Icarus => "icarus",
            Rung::NetlistIce40 => "netlist-ice40",
            Rung::NetlistEcp5 => "netlist-ecp5",
        }
    }

    /// Whether it simulates Verilog text.
    pub fn reads_verilog(self) -> bool {
        !matches!(self, Rung::Golden | Rung::RustHdl)
    }

    /// The device whose cells the netlist is of: the design's if it is of the family, else a common one.
    fn device(self, program: &Program) -> Option<&'static Device> {
        let (family, common) = match self {
            Rung::NetlistIce40 => (DeviceFamily::Ice40, "ice40-hx8k"),
            Rung::NetlistEcp5 => (DeviceFamily::Ecp5, "ecp5-85k"),
            _ => return None,
        };
        let own = program.shape.design.device;
        match own.family == Some(family) {
            true => Some(own),
            false => Device::named(common),
        }
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Rung {
    type Err = String;

    fn from_str(name: &str) -> Result<Rung, String> {
        let found = Rung::ALL.into_iter().find(|rung| rung.name() == name);
        found.ok_or_else(|| {
            let names = Rung::ALL.map(Rung::name).join(", ");
            format!("`{name}` is no rung, expected one of {names}")
        })
    }
}

/// A rung that is ready to simulate cores; the work of building is done.
pub enum Build {
    /// Built anew for each network, in no time.
    RustHdl,
    /// Serves every network of the same shape, by its memories.
    Verilator(Simulator),
    /// Serves the network it was built for.
    Netlist(Rung, Simulator),
    /// Serves the network it was built for.
    Icarus(Icarus),
}

impl Build {
    /// Builds the rung, if it simulates anything, for `verilog`, the text of `program`'s core. What is built is kept in `folder`.
    ///
    /// # Errors
    /// When a tool is missing or fails.
    pub fn new(
        rung: Rung,
        program: &Program,
        verilog: &str,
        folder: &Path,
    ) -> Result<Option<Build>, ToolError> {
        let top = tern_hdl::verilog::top_module(program.shape.design.streams);
        Ok(match rung {
            Rung::Golden => None,
            Rung::RustHdl => Some(Build::RustHdl),
            Rung::Verilator => {
                let options = Options {
                    top,
                    ..Options::default()
                };
                Some(Build::Verilator(Simulator::build(
                    &[verilog],
                    &options,
                    folder,
                )?))
            }
            Rung::Icarus => Some(Build::Icarus(Icarus::build(verilog, top)?)),
            Rung::NetlistIce40 | Rung::NetlistEcp5 => match rung.device(program) {
                None => None,
                Some(device) => {
                    let work = tempfile::tempdir()
                        .map_err(|e| ToolError::file("create", &std::env::temp_dir(), e))?;
                    let synthesis = synthesize(verilog, top, device, work.path())?;
                    Some(Build::Netlist(rung, netlist_simulator(&synthesis, folder)?))
                }
            },
        })
    }

    /// The rung.
    pub fn rung(&self) -> Rung {
        match self {
            Build::RustHdl => Rung::RustHdl,
            Build::Verilator(_) => Rung::Verilator,
            Build::Netlist(rung, _) => *rung,
            Build::Icarus(_) => Rung::Icarus,
        }
    }

    /// A new core of `program`, which is that of the build or, on Verilator with `load`, any other of its shape. What a core
    /// with a load port holds is left to the port.
    ///
    /// # Errors
    /// When the memories do not fit, or the simulator does not start.
    pub fn instance(&self, program: &Program, load: bool) -> Result<Box<dyn Dut>, ToolError> {
        Ok(match self {
            Build::RustHdl => Box::new(RustHdl::new(program)),
            Build::Verilator(simulator) => {
                let mut dut = simulator.instance();
                if load && !program.shape.loads() {
                    for image in tern_hdl::images::memory_images(program) {
                        dut.load_memory(&image.instance, &image.words)?;
                    }
                }
                Box::new(dut)
            }
            Build::Netlist(_, simulator) => Box::new(simulator.instance()),
            Build::Icarus(icarus) => Box::new(icarus.instance()?),
        })
    }
}
