//! From an executor's name to something that runs a network.

use std::path::Path;

use tern_compile::device::{Device, DeviceFamily};
use tern_compile::program::Program;
use tern_hdl::images::memory_images;
use tern_hdl::verilog::top_of;
use tern_model::network::Model;

use super::name::ExecutorName;
use super::{DutExecutor, Executor, GoldenExecutor};
use crate::dut::Dut;
use crate::dut::icarus::Icarus;
use crate::dut::netlist::netlist_simulator;
use crate::dut::rust_hdl::RustHdl;
use crate::dut::verilator::Simulator;
use crate::dut::verilator::options::Options;
use crate::eda::error::ToolError;
use crate::error::SimError;
use crate::stream::driver::StreamDriver;
use crate::stream::format::StreamFormat;
use crate::stream::stall::StallPattern;
use crate::synth::synthesis::synthesize;

/// A simulation whose work of building is done.
enum Engine {
    /// Built anew for each network, in no time.
    RustHdl,
    /// Serves every network of the same shape, by its memories.
    Verilator(Simulator),
    /// Serves the network it was built for.
    Netlist(Simulator),
    /// Serves the network it was built for.
    Icarus(Icarus),
}

/// A simulation that is ready to make cores.
pub struct Build {
    executor: ExecutorName,
    engine: Engine,
}

impl Build {
    /// Builds `executor` for `verilog`, the text of `program`'s core, if it simulates anything: golden does not. What is built
    /// is kept in `folder`.
    ///
    /// # Errors
    /// When a tool is missing or fails.
    pub fn new(
        executor: ExecutorName,
        program: &Program,
        verilog: &str,
        folder: impl AsRef<Path>,
    ) -> Result<Option<Build>, ToolError> {
        let folder = folder.as_ref();
        let design = &program.shape.design;
        let top = &top_of(design);
        let netlist = |family: DeviceFamily, common: &str| {
            // The cells of the design's own device, if it is of the family.
            let own = design.device;
            let common = || Device::named(common).unwrap_or(own);
            let device = if own.family == Some(family) {
                own
            } else {
                common()
            };
            let work = tempfile::tempdir()
                .map_err(|e| ToolError::file("create", &std::env::temp_dir(), e))?;
            let synthesis = synthesize(verilog, top, device, work.path())?;
            netlist_simulator(&synthesis, folder).map(Engine::Netlist)
        };
        let engine = match executor {
            ExecutorName::Golden => return Ok(None),
            ExecutorName::RustHdl => Engine::RustHdl,
            ExecutorName::Verilator => {
                let options = Options {
                    top,
                    ..Options::default()
                };
                Engine::Verilator(Simulator::build(&[verilog], &options, folder)?)
            }
            ExecutorName::Icarus => Engine::Icarus(Icarus::build(verilog, top)?),
            ExecutorName::NetlistIce40 => netlist(DeviceFamily::Ice40, "ice40-hx8k")?,
            ExecutorName::NetlistEcp5 => netlist(DeviceFamily::Ecp5, "ecp5-85k")?,
        };
        Ok(Some(Build { executor, engine }))
    }

    /// The Rust-HDL simulation, which needs no Verilog and no tool.
    pub fn rust_hdl() -> Build {
        Build {
            executor: ExecutorName::RustHdl,
            engine: Engine::RustHdl,
        }
    }

    /// A simulator of Verilator that is built already.
    pub fn verilator(simulator: Simulator) -> Build {
        Build {
            executor: ExecutorName::Verilator,
            engine: Engine::Verilator(simulator),
        }
    }

    /// What it is a build of.
    pub fn executor(&self) -> ExecutorName {
        self.executor
    }

    /// A new core of `program`, which is that of the build or, on Verilator with `load`, any other of its shape. What a core
    /// with a load port holds is left to the port.
    fn instance(&self, program: &Program, load: bool) -> Result<Box<dyn Dut>, ToolError> {
        Ok(match &self.engine {
            Engine::RustHdl => Box::new(RustHdl::new(program)),
            Engine::Verilator(simulator) => {
                let mut dut = simulator.instance();
                if load && !program.shape.loads() {
                    for image in memory_images(program) {
                        dut.load_memory(&image.instance, &image.words)?;
                    }
                }
                Box::new(dut)
            }
            Engine::Netlist(simulator) => Box::new(simulator.instance()),
            Engine::Icarus(icarus) => Box::new(icarus.instance()?),
        })
    }

    /// A new core with `model` in it, compiled as `program`, after reset, with its streams. `program` is that of the build or,
    /// on Verilator with `load`, any other of its shape; a core with a load port gets its network through that.
    ///
    /// # Errors
    /// When memories or ports do not fit the network, or the simulator does not start.
    pub fn driver(
        &self,
        model: &Model,
        program: &Program,
        load: bool,
    ) -> Result<StreamDriver<Box<dyn Dut>>, SimError> {
        let design = &program.shape.design;
        let format = StreamFormat::of(model, design.lanes).on(design.streams);
        let mut driver = StreamDriver::new(self.instance(program, load)?, format)?;
        if program.shape.loads() {
            driver.load(&program.load_image(), StallPattern::none(0))?;
        }
        Ok(driver)
    }
}

/// The executor `name` for `model`, compiled as `program`; `verilog` is the text of the program's core, and what is built is
/// kept in `folder`. Its streams never stall.
///
/// # Errors
/// When a tool is missing or fails.
pub fn executor<'m>(
    name: ExecutorName,
    model: &'m Model,
    program: &Program,
    verilog: &str,
    folder: impl AsRef<Path>,
) -> Result<Box<dyn Executor + 'm>, SimError> {
    let folder = folder.as_ref();
    Ok(match Build::new(name, program, verilog, folder)? {
        None => Box::new(GoldenExecutor::new(model)?),
        Some(build) => {
            let driver = build.driver(model, program, false)?;
            let pattern = StallPattern::none(0);
            Box::new(DutExecutor::new(name.name(), model, driver, pattern))
        }
    })
}
