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
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command.
pub fn execute(weights: &Weights) -> Result<(), Failure> {
    let mut inputs = weights.core.inputs();
    inputs.extend(weights.network.as_deref());
    keep_apart(&[("--out", weights.out.clone())], &inputs)?;
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
    let out = weights.out.display();
    write_atomic(&weights.out, &image)
        .map_err(|error| Failure::input(format!("{out}: {error}")))?;
    let bytes = image.len();
    console::summary(
        || format!("wrote {out}: {name}, {bytes} bytes\n"),
        || json!({"wrote": [weights.out], "model": name, "bytes": bytes}),
    )
}
