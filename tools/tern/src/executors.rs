//! The executors on the command line: the names of [`ExecutorName`]'s table.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use tern_gen_verilog::artifacts::verilog;
use tern_gen_verilog::choice::{Choice, Core};
use tern_gen_verilog::failure::Failure;
use tern_model::network::Model;
use tern_sim::eda::folders::cache_folder;
use tern_sim::executor::name::ExecutorName;
use tern_sim::executor::{Executor, GoldenExecutor, build};

use crate::progress;

/// Reads the name of an executor; help lists all of them with what they are.
pub fn parser() -> impl TypedValueParser<Value = ExecutorName> {
    let value = |name: ExecutorName| PossibleValue::new(name.name()).help(name.description());
    PossibleValuesParser::new(ExecutorName::all().map(value)).try_map(|name| name.parse())
}

/// A network, and its core where one is needed.
pub enum Prepared {
    /// The network alone.
    Model(Model),
    /// The network compiled for an array.
    Core(Box<Core>),
}

impl Prepared {
    /// The network of `choice`, compiled for its array unless the golden model is to run it and no array is chosen.
    pub fn new(name: ExecutorName, choice: &Choice) -> Result<Prepared, Failure> {
        Ok(match name {
            ExecutorName::Golden if choice.design.is_none() && choice.dataflow.is_none() => {
                let instead =
                    "--executor with another than golden, or an array by --design or --dataflow";
                choice.without_array(instead)?;
                Prepared::Model(choice.model()?)
            }
            _ => Prepared::Core(Box::new(choice.core()?)),
        })
    }

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
            Prepared::Core(core) => {
                let stages = progress::stages();
                stages.set_message(format!("building {name}"));
                let folder = cache_folder().map_err(Failure::input)?.join("simulators");
                let (model, program) = (&core.model, &core.program);
                build::executor(name, model, program, &verilog(core)?, &folder)
                    .map_err(Failure::input)
            }
        }
    }
}

/// The golden model as an executor.
pub fn golden(model: &Model) -> Result<Box<dyn Executor + '_>, Failure> {
    Ok(Box::new(
        GoldenExecutor::new(model).map_err(Failure::input)?,
    ))
}
