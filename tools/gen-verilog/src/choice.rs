//! Which network on which array: the options every command takes, and their defaults.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use tern_compile::cycles::events::Activity;
use tern_compile::design::{Dataflow, Design};
use tern_compile::device::Device;
use tern_compile::error::Error;
use tern_compile::program::Program;
use tern_model::file::read_bytes;
use tern_model::network::Model;

use crate::bundled;
use crate::failure::Failure;
use crate::shell;

/// The options that choose a network and an array.
#[derive(Args, Clone, Debug, Default)]
pub struct Choice {
    /// Model file (.safetensors) [default: the bundled spoken-digit model]
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Design file (.json) [default: the bundled one for the bundled model, otherwise the largest array that fits]
    #[arg(long, value_name = "FILE")]
    pub design: Option<PathBuf>,
    /// Device, in place of the one in the design file [default: ice40-hx8k]
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// Percent of the device's logic cells and block RAMs to leave to other logic, in place of the design file's [default: 0]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=90))]
    pub reserve: Option<u8>,
    /// What the array sums: chunks of all elements, or events, in place of the design file's [default: dense]
    #[arg(long, value_name = "KIND", value_parser = dataflows())]
    pub dataflow: Option<Dataflow>,
    /// What the names of all Verilog modules begin with, so that several cores can be in one design, in place of the design file's [default: nothing]
    #[arg(long, value_name = "NAME")]
    pub prefix: Option<String>,
}

/// A network compiled for an array.
pub struct Core {
    /// The network.
    pub model: Model,
    /// Array and device.
    pub design: Design,
    /// Structure and memory contents of the core.
    pub program: Program,
    /// How much happens in the network, where its file says so.
    pub activity: Option<Activity>,
}

impl Core {
    /// The core of a network on an array.
    ///
    /// # Errors
    /// When the network does not fit the array or the array the device, or what its file says of its activity is wrong.
    pub fn new(model: Model, design: Design) -> Result<Core, Error> {
        Ok(Core {
            program: Program::compile(&model, &design)?,
            activity: Activity::recorded(&model)?,
            model,
            design,
        })
    }
}

impl Choice {
    /// The network that was chosen.
    ///
    /// # Errors
    /// When the model file cannot be used.
    pub fn model(&self) -> Result<Model, Failure> {
        match &self.model {
            Some(path) => Ok(Model::read(path)?),
            None => bundled::model(),
        }
    }

    /// The bytes of the model file that was chosen.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn model_bytes(&self) -> Result<Vec<u8>, Failure> {
        match &self.model {
            Some(path) => read_bytes(path).map_err(|error| {
                Failure::input(format!("{}: cannot be read: {error}", path.display()))
            }),
            None => Ok(bundled::MODEL.to_vec()),
        }
    }

    /// The network that was chosen, compiled for the array that was chosen.
    ///
    /// # Errors
    /// When a file cannot be used, or the network does not fit the array or the array the device.
    pub fn core(&self) -> Result<Core, Failure> {
        let model = self.model()?;
        let design = self.design(&model)?;
        let names = self.names(&design);
        Core::new(model, design).map_err(|error| Failure::input(format!("{names}: {error}")))
    }

    /// The files that are read.
    pub fn inputs(&self) -> Vec<&Path> {
        let files = [&self.model, &self.design].into_iter().flatten();
        files.map(PathBuf::as_path).collect()
    }

    /// The options that make the same choice, as they are typed: each with a space before it.
    pub fn options(&self) -> String {
        let typed = |(name, value): (&str, Option<String>)| {
            value.map_or(String::new(), |value| format!(" --{name} {value}"))
        };
        self.typed().map(typed).concat()
    }

    /// Refuses an option of an array, where a command needs none; `instead` says what would need one.
    ///
    /// # Errors
    /// When one is given; the sentence names it.
    pub fn without_array(&self, instead: &str) -> Result<(), Failure> {
        let given = self.typed().into_iter().skip(1);
        let mut given = given.filter_map(|(name, value)| Some((name, value?)));
        match given.next() {
            None => Ok(()),
            Some((name, value)) => Err(Failure::input(format!(
                "--{name} is {value}, but the network alone is run, on no array, expected none, or {instead}"
            ))),
        }
    }

    /// Every option with its value as a word of a shell.
    fn typed(&self) -> [(&'static str, Option<String>); 6] {
        let file = |file: &PathBuf| shell::path(file);
        let word = |text: &str| shell::quoted(text);
        [
            ("model", self.model.as_ref().map(file)),
            ("design", self.design.as_ref().map(file)),
            ("device", self.device.as_deref().map(word)),
            ("reserve", self.reserve.map(|percent| percent.to_string())),
            ("dataflow", self.dataflow.map(|kind| kind.name().to_owned())),
            ("prefix", self.prefix.as_deref().map(word)),
        ]
    }

    fn design(&self, model: &Model) -> Result<Design, Failure> {
        let design = self.array(model)?;
        match &self.prefix {
            Some(prefix) => design.with_prefix(prefix).map_err(Failure::input),
            None => Ok(design),
        }
    }

    /// The design but for the prefix of names.
    fn array(&self, model: &Model) -> Result<Design, Failure> {
        let named = |name| {
            Device::named(name).ok_or_else(|| {
                let names = Device::names();
                Failure::input(format!("--device is \"{name}\", expected one of {names}"))
            })
        };
        let device = self.device.as_deref().map(named).transpose()?;
        if let Some(path) = &self.design {
            let design = on_device(Design::read(path).map_err(Failure::input)?, device);
            let reserve = self.reserve.map_or(design.reserve, usize::from);
            let dataflow = self.dataflow.unwrap_or(design.dataflow);
            let design = design.with_reserve(reserve);
            let design = design.and_then(|design| design.with_dataflow(dataflow));
            return design.map_err(|error| {
                Failure::input(format!("{} with these options: {error}", path.display()))
            });
        }
        let preset = bundled::design()?;
        let name = device.map_or(Device::DEFAULT, |device| device.name);
        let reserve = self.reserve.map_or(0, usize::from);
        let events = self.dataflow == Some(Dataflow::Events);
        if reserve == 0 && !events && name == preset.device.name && *model == bundled::model()? {
            return Ok(preset);
        }
        let like = Design::new(1, 4, name).and_then(|design| design.with_reserve(reserve));
        let largest = match events {
            true => Design::largest_events,
            false => Design::largest_like,
        };
        like.and_then(|like| largest(model, &like))
            .map_err(|error| Failure::input(format!("{}: {error}", self.model_name())))
    }

    /// The files at fault when the network does not fit the array.
    fn names(&self, design: &Design) -> String {
        match &self.design {
            Some(path) => format!("{} on {}", self.model_name(), path.display()),
            None => format!("{} on {}", self.model_name(), design.device),
        }
    }

    fn model_name(&self) -> String {
        match &self.model {
            Some(path) => path.display().to_string(),
            None => "the bundled model".to_owned(),
        }
    }
}

/// The names of dataflows, as the command line takes them.
fn dataflows() -> impl TypedValueParser<Value = Dataflow> {
    let names = Dataflow::ALL.map(Dataflow::name);
    let named = |name: String| Dataflow::ALL.into_iter().find(|kind| kind.name() == name);
    PossibleValuesParser::new(names).map(move |name| named(name).unwrap_or_default())
}

/// `design` on another device, which is then on no known board.
fn on_device(design: Design, device: Option<&'static Device>) -> Design {
    match device {
        Some(device) if device != design.device => Design {
            device,
            board: None,
            ..design
        },
        _ => design,
    }
}
