//! `tern features`: what goes to a core, in a file.

use std::path::PathBuf;

use clap::Args;
use npyz::WriterBuilder;
use serde_json::json;
use tern_compile::link::Identity;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_gen_verilog::outputs::keep_apart;
use tern_model::file::write_atomic;
use tern_sim::serial::sequence::input_bytes;

use crate::input;
use crate::progress;

/// Writes the inputs that a network gets for a recording: as integers, or as the bytes of a core's input stream.
#[derive(Args)]
pub struct Features {
    #[command(flatten)]
    choice: Choice,
    /// WAV recording, or features or raw integer inputs [time, input_size] as .npy or .csv
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// File to write: .npy for integers [time, input_size], .bytes for the input stream of the core that --design, --device and --reserve choose
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command.
pub fn execute(features: &Features) -> Result<(), Failure> {
    let out = features.out.display();
    let mut inputs = features.choice.inputs();
    inputs.push(&features.input);
    keep_apart(&[("--out", features.out.clone())], &inputs)?;
    let extension = features
        .out
        .extension()
        .unwrap_or_default()
        .to_string_lossy();
    let model = features.choice.model()?;
    let (steps, bytes) = match &*extension {
        "npy" => {
            let instead = "--out with a name that ends in .bytes";
            features.choice.without_array(instead)?;
            let input = input::read(&features.input, &model)?;
            progress::note(input.converted.as_deref());
            (
                input.sequence.len(),
                npy(&input.sequence, model.input_size)?,
            )
        }
        "bytes" => {
            if let Some(prefix) = &features.choice.prefix {
                return Err(Failure::input(format!(
                    "--prefix is {prefix:?}, but names of modules change no byte of {out}, expected none"
                )));
            }
            let core = features.choice.core()?;
            let input = input::read(&features.input, &model)?;
            progress::note(input.converted.as_deref());
            let identity = Identity::of(&model.name, &core.program.shape);
            (
                input.sequence.len(),
                input_bytes(&identity, &input.sequence),
            )
        }
        other => {
            return Err(Failure::input(format!(
                "--out is {out}, whose name ends in \"{other}\", expected .npy or .bytes"
            )));
        }
    };
    write_atomic(&features.out, &bytes)
        .map_err(|error| Failure::input(format!("{out}: {error}")))?;
    let size = bytes.len();
    console::summary(
        || format!("wrote {out}: {steps} time steps, {size} bytes\n"),
        || json!({"wrote": [features.out], "steps": steps, "bytes": size}),
    )
}

/// A table of 32-bit integers as an NPY file.
fn npy(table: &[Vec<i32>], columns: usize) -> Result<Vec<u8>, Failure> {
    let refuse =
        |error: std::io::Error| Failure::input(format!("the inputs cannot be written: {error}"));
    let mut bytes = Vec::new();
    let shape = [table.len() as u64, columns as u64];
    let writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(&shape)
        .writer(&mut bytes);
    let mut writer = writer.begin_nd().map_err(refuse)?;
    writer
        .extend(table.iter().flatten().copied())
        .map_err(refuse)?;
    writer.finish().map_err(refuse)?;
    Ok(bytes)
}
