//! `tern run`: one sequence through a network.

mod port;
mod say;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use tern_gen_verilog::choice::Choice;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;
use tern_model::error::one_line;
use tern_model::network::Model;
use tern_sim::executor::name::ExecutorName;
use tern_train::classify::evaluate::predict;

use crate::board::Line;
use crate::executors::{Prepared, parser};
use crate::input::{self, Input, Kind};
use crate::progress;
use say::Say;

/// Runs a network on one file, or lets a language model speak.
///
/// A WAV file, or real features [time, input_size] as NPY or CSV for a model that scales them, gives the class, then the
/// outputs. Raw integer inputs for any other model give the outputs alone: one line per time step that has an output.
#[derive(Args)]
pub struct Run {
    #[command(flatten)]
    choice: Choice,
    /// WAV recording, or features or raw integer inputs [time, input_size] as .npy or .csv
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    #[command(flatten)]
    say: Say,
    /// What runs the network
    #[arg(long, value_name = "NAME", value_parser = parser(), default_value = "golden", conflicts_with = "port")]
    executor: ExecutorName,
    #[command(flatten)]
    line: Line,
}

/// Runs the command.
pub fn execute(run: &Run) -> Result<(), Failure> {
    if run.input.is_none() && !run.say.is_wanted() {
        return Err(Failure::input(
            "--input is missing, expected a file to run the network on; a language model goes on from a prompt with --say N",
        ));
    }
    if let (Some(port), Some(file)) = (&run.line.port, &run.input) {
        return port::execute(&run.line, port, &run.choice, file);
    }
    let prepared = Prepared::new(run.executor, &run.choice)?;
    let Some(file) = &run.input else {
        return say::execute(&prepared, run.executor, &run.say);
    };
    let model = prepared.model();
    let Input {
        kind,
        sequence,
        converted,
    } = input::read(file, model)?;
    progress::note(converted.as_deref());
    let mut executor = prepared.executor(run.executor)?;
    let bar = progress::bar("time step", sequence.len());
    let drawn = bar.clone();
    executor.watch(Box::new(move |steps| drawn.set_position(steps as u64)));
    let outputs = executor.run(&sequence).map_err(Failure::input)?;
    bar.finish_and_clear();
    let answer = Answer {
        model,
        kind,
        steps: sequence.len(),
        outputs,
    };
    answer.print(run.executor.name(), "", None)
}

/// What a network says of a sequence.
struct Answer<'m> {
    model: &'m Model,
    kind: Kind,
    steps: usize,
    outputs: Vec<Vec<i32>>,
}

impl Answer<'_> {
    /// Prints it, with more lines and a field `link` for what stands between.
    fn print(&self, executor: &str, more: &str, link: Option<Value>) -> Result<(), Failure> {
        let (model, outputs) = (self.model, &self.outputs);
        let class = (self.kind == Kind::Raw)
            .then(|| outputs.last())
            .flatten()
            .map(|last| class(model, predict(last)));
        console::answer(
            || text(model, class.as_deref(), self.steps, outputs) + more,
            || {
                let mut result = json!({
                    "model": model.name,
                    "executor": executor,
                    "steps": self.steps,
                    "class": class,
                    "labels": model.labels,
                    "outputs": outputs,
                });
                if let Some(link) = link {
                    result["link"] = link;
                }
                result
            },
        )
    }
}

/// The result for people: the class with the last output, or every output with its time step.
fn text(model: &Model, class: Option<&str>, steps: usize, outputs: &[Vec<i32>]) -> String {
    if let (Some(class), Some(last)) = (class, outputs.last()) {
        let (class, outputs) = (one_line(class), labelled(model, last));
        return format!("class    {class}\noutputs  {outputs}\n");
    }
    // A model gives an output at every step, or at the last one.
    let steps = steps - outputs.len()..;
    let line = |(step, output): (usize, &Vec<i32>)| {
        format!("step {step}  outputs {}\n", labelled(model, output))
    };
    steps.zip(outputs).map(line).collect()
}

/// The elements of an output, each with its label where the model has labels.
fn labelled(model: &Model, output: &[i32]) -> String {
    let element = |(index, value): (usize, &i32)| match model
        .labels
        .as_ref()
        .and_then(|labels| labels.get(index))
    {
        Some(label) => format!("{} {value}", one_line(label)),
        None => value.to_string(),
    };
    let elements: Vec<String> = output.iter().enumerate().map(element).collect();
    elements.join(if model.labels.is_some() { ", " } else { " " })
}

/// The name of a class, or its number where the model names none.
fn class(model: &Model, index: usize) -> String {
    let label = model.labels.as_ref().and_then(|labels| labels.get(index));
    label.map_or(index.to_string(), String::clone)
}
