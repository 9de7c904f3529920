//! `tern weights`: the bytes of a network for the load port of a core.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tern_compile::program::Program;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::write_atomic;
use tern_model::network::Model;

use crate::board::{Line, admit};
use crate::progress;

/// Writes the bytes that load a network into a core whose design says "weights": "stream".
///
/// --model and --design name the core. The network may be smaller than the core's; its layers must be of the same kinds,
/// shifts, thresholds and number formats.
#[derive(Args)]
pub struct Weights {
    #[command(flatten)]
    core: Choice,
    /// Model file (.safetensors) of the network that takes the place of the core's own [default: the core's own]; --model
    /// names the core's
    #[arg(long, value_name = "FILE", requires = "model")]
    network: Option<PathBuf>,
    /// File to write
    #[arg(long, value_name = "FILE", required_unless_present = "port")]
    out: Option<PathBuf>,
    #[command(flatten)]
    line: Line,
}

/// Runs the command.
pub fn execute(weights: &Weights) -> Result<(), Failure> {
    let mut inputs = weights.core.inputs();
    inputs.extend(weights.network.as_deref());
    let outputs = weights.out.iter().map(|out| ("--out", out.clone()));
    keep_apart(&outputs.collect::<Vec<_>>(), &inputs)?;
    let core = weights.core.core()?;
    if !core.program.shape.loads() {
        return Err(Failure::input(
            "field `weights` of the design is \"fixed\", expected \"stream\" for a core with a load port",
        ));
    }
    let (name, program) = match &weights.network {
        None => (core.model.name.clone(), core.program),
        Some(path) => {
            let model = Model::read(path)?;
            let program = Program::for_core(&model, &core.program.shape)
                .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
            (model.name, program)
        }
    };
    let image = program.load_image();
    if let Some(port) = &weights.line.port {
        load(weights, port, &image)?;
    }
    let mut places: Vec<String> = weights.line.port.iter().cloned().collect();
    if let Some(path) = &weights.out {
        let out = path.display();
        write_atomic(path, &image).map_err(|error| Failure::input(format!("{out}: {error}")))?;
        places.push(out.to_string());
    }
    let bytes = image.len();
    let wrote = places.join(", ");
    console::summary(
        || format!("wrote {wrote}: {name}, {bytes} bytes\n"),
        || json!({"wrote": places, "model": name, "bytes": bytes}),
    )
}

/// Loads the bytes into the board behind `port`, whose core must be the one that was chosen.
fn load(weights: &Weights, port: &str, image: &[u8]) -> Result<(), Failure> {
    let mut board = weights.line.open(port, &weights.core)?;
    let model = weights.core.model()?;
    admit(board.session.identity(), port, &weights.core, &model)?;
    let bar = progress::bar("byte", image.len());
    let loaded = board
        .session
        .load(image, &mut |sent| bar.set_position(sent as u64));
    loaded.map_err(Failure::input)?;
    bar.finish_and_clear();
    Ok(())
}
