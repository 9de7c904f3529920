//! `tern import`: networks that other tools wrote.

mod calibrate;

use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use tern_features::table::{Wanted, npy};
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_import::network::Network;
use tern_import::part::{Contents, Part};
use tern_model::file::read_bytes;

use crate::network::train::log::checkpoint;
use crate::network::train::session::Existing;

/// Reads an LSTM or GRU network that another tool wrote: a state dict of PyTorch, an ONNX or a Keras file.
///
/// What is not understood is refused, with the node or tensor. docs/import.md lists what is taken.
#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub struct Import {
    /// File: .safetensors, .pt or .pth of PyTorch, .onnx, .keras
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print a line per recurrent node: name, kind, inputs and units, and whether it is taken
    #[arg(long, group = "what")]
    list: bool,
    /// Run the network in full precision on a sequence [time, input_size] as .npy, and print its outputs, a line per time
    /// step
    #[arg(long, value_name = "FILE", group = "what")]
    run: Option<PathBuf>,
    /// Folder of your own sequences, as tern train folder takes it: write a run that training goes on from, and measure
    /// what ternary numbers cost without training
    #[arg(long, value_name = "DIR", group = "what")]
    calibrate: Option<PathBuf>,
    /// Take this recurrent node alone, without a head
    #[arg(long, value_name = "NAME", conflicts_with_all = ["list", "calibrate"])]
    node: Option<String>,
    /// Folder of the run [default: runs/ and the name of the file]
    #[arg(long, value_name = "RUN", requires = "calibrate", conflicts_with_all = ["list", "run"])]
    out: Option<PathBuf>,
    /// Replace a run that is in the folder already
    #[arg(long, requires = "calibrate", conflicts_with_all = ["list", "run"])]
    force: bool,
}

/// Runs the command.
pub fn execute(import: &Import) -> Result<(), Failure> {
    let contents = tern_import::read(&import.file).map_err(Failure::input)?;
    let file = &import.file;
    if import.list {
        return list(&contents);
    }
    let network = contents.network(import.node.as_deref());
    let network = network.map_err(|error| Failure::input(error.at(file.display())))?;
    if let Some(input) = &import.run {
        return run(&network, input);
    }
    let Some(dir) = &import.calibrate else {
        return Ok(());
    };
    let default = || Path::new("runs").join(file.file_stem().unwrap_or_default());
    let existing = match import.force {
        true => Existing::IsReplaced,
        false => Existing::Stays,
    };
    let out = import.out.clone().unwrap_or_else(default);
    let there = checkpoint(&out);
    if there.exists() && !import.force {
        return Err(Failure::input(format!(
            "{}: a run is there already, expected --force to replace it or --out with another folder",
            there.display()
        )));
    }
    calibrate::execute(&network, dir, out, existing)
}

/// Prints the recurrent parts; what the file is as a whole is a note.
fn list(contents: &Contents) -> Result<(), Failure> {
    if let Err(error) = &contents.whole {
        console::note(&format!("note: not one network as a whole: {error}"));
    }
    let line = |part: &Part| format!("{part}\n");
    let describe = |part: &Part| {
        json!({
            "name": part.name,
            "kind": part.kind,
            "input_size": part.sizes.map(|[inputs, _]| inputs),
            "hidden_size": part.sizes.map(|[_, units]| units),
            "refused": part.layers.as_ref().err().map(ToString::to_string),
            "notes": part.notes,
        })
    };
    console::answer(
        || contents.parts.iter().map(line).collect(),
        || Value::from_iter(contents.parts.iter().map(describe)),
    )
}

/// Prints the outputs of a sequence.
fn run(network: &Network, input: &Path) -> Result<(), Failure> {
    let refuse = |problem: String| Failure::input(format!("{}: {problem}", input.display()));
    let bytes = read_bytes(input).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let wanted = Wanted {
        columns: Some(network.input_size()),
        element: "a finite number",
        holds: &|value: &f64| value.is_finite(),
    };
    let sequence = npy(&bytes, &wanted).map_err(refuse)?;
    let outputs = network.run(&sequence);
    let outputs = outputs.map_err(|error| refuse(error.to_string()))?;
    let line = |step: &Vec<f32>| {
        let numbers: Vec<String> = step.iter().map(f32::to_string).collect();
        format!("{}\n", numbers.join(" "))
    };
    console::answer(
        || outputs.iter().map(line).collect(),
        || json!({ "outputs": outputs }),
    )
}
