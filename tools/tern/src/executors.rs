//! The executors by name.

use clap::ValueEnum;
use tern_gen_verilog::{Choice, Core, Failure, verilog};
use tern_model::network::Model;
use tern_sim::dut::Dut;
use tern_sim::eda::tools_folder;
use tern_sim::executor::{DutExecutor, Executor, GoldenExecutor};
use tern_sim::netlist::netlist_simulator;
use tern_sim::rust_hdl::RustHdl;
use tern_sim::stream::{StallPattern, StreamFormat};
use tern_sim::synth::synthesize;
use tern_sim::verilator::{Options, Simulator};

use crate::progress;

/// What runs a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExecutorName {
    /// The integer golden model
    Golden,
    /// The hardware description in Rust-HDL's own simulation
    RustHdl,
    /// The generated Verilog, simulated by Verilator
    Verilator,
    /// The iCE40 netlist that Yosys synthesizes, simulated by Verilator
    Netlist,
}

impl ExecutorName {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ExecutorName::Golden => "golden",
            ExecutorName::RustHdl => "rust-hdl",
            ExecutorName::Verilator => "verilator",
            ExecutorName::Netlist => "netlist",
        }
    }

    /// The network of `choice`, compiled for its array unless the golden model is to run it.
    pub fn prepare(self, choice: &Choice) -> Result<Prepared, Failure> {
        Ok(match self {
            ExecutorName::Golden => Prepared::Model(choice.model()?),
            _ => Prepared::Core(Box::new(choice.core()?)),
        })
    }
}

/// A network, and its core where one is needed.
pub enum Prepared {
    /// The network alone.
    Model(Model),
    /// The network compiled for an array.
    Core(Box<Core>),
}

impl Prepared {
    /// The network.
    pub fn model(&self) -> &Model {
        match self {
            Prepared::Model(model) => model,
            Prepared::Core(core) => &core.model,
        }
    }

    /// The executor `name`, ready to run.
    pub fn executor(&self, name: ExecutorName) -> Result<Box<dyn Executor + '_>, Failure> {
        match self {
            Prepared::Model(model) => golden(model),
            Prepared::Core(core) => match dut(name, core)? {
                Some(dut) => on_streams(name, core, dut),
                None => golden(&core.model),
            },
        }
    }
}

/// The golden model as an executor.
pub fn golden(model: &Model) -> Result<Box<dyn Executor + '_>, Failure> {
    Ok(Box::new(
        GoldenExecutor::new(model).map_err(Failure::input)?,
    ))
}

/// The simulated core, if `name` is one.
fn dut(name: ExecutorName, core: &Core) -> Result<Option<Box<dyn Dut>>, Failure> {
    let stages = progress::stages();
    let folder = tools_folder().join("simulators");
    Ok(match name {
        ExecutorName::Golden => None,
        ExecutorName::RustHdl => Some(Box::new(RustHdl::new(&core.program))),
        ExecutorName::Verilator => {
            stages.set_message("building the simulator");
            let options = Options {
                top: tern_hdl::verilog::top_module(core.design.streams),
                ..Options::default()
            };
            let simulator = Simulator::build(&[&verilog(core)?], &options, &folder);
            Some(Box::new(simulator.map_err(Failure::input)?.instance()))
        }
        ExecutorName::Netlist => {
            stages.set_message("synthesizing");
            let work = tempfile::tempdir().map_err(|error| {
                Failure::input(format!("the folder for temporary files: {error}"))
            })?;
            let top = tern_hdl::verilog::top_module(core.design.streams);
            let device = core.design.device;
            let synthesis = synthesize(&verilog(core)?, top, device, work.path());
            let synthesis = synthesis.map_err(Failure::input)?;
            stages.set_message("building the simulator");
            let simulator = netlist_simulator(&synthesis, &folder);
            Some(Box::new(simulator.map_err(Failure::input)?.instance()))
        }
    })
}

fn on_streams<'c>(
    name: ExecutorName,
    core: &'c Core,
    dut: Box<dyn Dut>,
) -> Result<Box<dyn Executor + 'c>, Failure> {
    let format = StreamFormat::of(&core.model, core.design.lanes).on(core.design.streams);
    let pattern = StallPattern::none(0);
    let executor = DutExecutor::new(name.name(), &core.model, format, dut, pattern);
    let mut executor = executor.map_err(Failure::input)?;
    if core.program.shape.loads() {
        let loaded = executor
            .driver_mut()
            .load(&core.program.load_image(), pattern);
        loaded.map_err(Failure::input)?;
    }
    Ok(Box::new(executor))
}
