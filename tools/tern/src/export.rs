//! `tern export`: from a training run to a model file.

use std::path::PathBuf;

use clap::Args;
use tern_gen_verilog::Failure;
use tern_train::language::{export, read};

use crate::train::checkpoint;

/// Writes the model file of a trained language model and, unless its softmax is ternary too, the tables of its words
/// beside it.
#[derive(Args)]
pub struct Export {
    /// Folder of the training run
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Model file to write; the word tables stand beside it, with .words.safetensors at the end
    /// [default: the recipe's name in this folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn execute(arguments: &Export) -> Result<(), Failure> {
    let trained = read(&checkpoint(&arguments.run)).map_err(Failure::input)?;
    let (model, words) = export(&trained).map_err(Failure::input)?;
    let default = || PathBuf::from(format!("{}.safetensors", model.name));
    let file = arguments.out.clone().unwrap_or_else(default);
    let tables = file.with_extension("words.safetensors");
    model.write(&file).map_err(Failure::input)?;
    words.write(&tables).map_err(Failure::input)?;
    let (count, written) = (words.vocabulary.len(), file.display());
    let text = match words.softmax {
        None => format!(
            "wrote {written}: {}, ternary embedding, ternary softmax over {count} tokens\n",
            model.name
        ),
        Some(_) => format!(
            "wrote {written}: {}, ternary embedding\nwrote {}: {count} words, softmax in 32-bit floats\n",
            model.name,
            tables.display(),
        ),
    };
    Failure::print(&text)
}
