//! `tern run`: one sequence through a network.

mod say;

use std::path::PathBuf;

use clap::Args;
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::failure::Failure;
use tern_model::network::Model;
use tern_sim::executor::name::ExecutorName;
use tern_train::classify::evaluate::predict;

use crate::executors::{Prepared, parser};
use crate::input::{self, Kind};
use say::Say;

/// Runs a network on one file, or lets a language model speak.
///
/// A WAV file, or real features [time, input_size] as NPY or CSV for a model that scales them, gives the class, then the
/// outputs. Raw integer inputs for any other model give the outputs alone: one line a vector, integers separated by spaces.
#[derive(Args)]
pub struct Run {
    #[command(flatten)]
    choice: Choice,
    /// WAV recording, or features or raw integer inputs [time, input_size] as .npy or .csv
    #[arg(long, value_name = "FILE", required_unless_present = "say")]
    input: Option<PathBuf>,
    #[command(flatten)]
    say: Say,
    /// What runs the network
    #[arg(long, value_name = "NAME", value_parser = parser(), default_value = "golden")]
    executor: ExecutorName,
}

/// Runs the command.
pub fn execute(run: &Run) -> Result<(), Failure> {
    let prepared = Prepared::new(run.executor, &run.choice)?;
    let Some(file) = &run.input else {
        return say::execute(&prepared, run.executor, &run.say);
    };
    let model = prepared.model();
    let (kind, sequence) = input::read(file, model)?;
    let outputs = prepared
        .executor(run.executor)?
        .run(&sequence)
        .map_err(Failure::input)?;
    let mut text = String::new();
    let lines = match kind {
        Kind::Integers => &outputs[..],
        Kind::Raw => &outputs[outputs.len().saturating_sub(1)..],
    };
    if let (Kind::Raw, [last]) = (kind, lines) {
        text = format!("{}\n", class(model, predict(last)));
    }
    for output in lines {
        let numbers: Vec<String> = output.iter().map(i32::to_string).collect();
        text += &numbers.join(" ");
        text += "\n";
    }
    Failure::print(&text)
}

/// The name of a class, or its number where the model names none.
fn class(model: &Model, index: usize) -> String {
    let label = model.labels.as_ref().and_then(|labels| labels.get(index));
    label.map_or(index.to_string(), String::clone)
}
