//! The program `tern`: its command line, and what it reads besides model and design files.

mod board;
mod chart;
mod digest;
mod executors;
mod hardware;
pub mod input;
mod measure;
mod network;
mod progress;
mod report;
mod usage;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use tern_gen_verilog::arguments::parse;
use tern_gen_verilog::console::{self, Console};
use tern_gen_verilog::failure::Failure;
use tern_sim::eda::locate::{use_pinned_tools, when_passed_over};

use hardware::{explore, features, patch, program, roofline, synth, tools, trace, weights};
use measure::{eval, run, verify};
use network::{export, histogram, import, random, study, train};

/// From training to a bitstream: ternary recurrent networks in hardware.
#[derive(Parser)]
#[command(name = "tern", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    console: Console,
    /// EDA tools to use
    #[arg(
        long,
        global = true,
        value_name = "WHICH",
        value_enum,
        default_value = "any"
    )]
    tools: WhichTools,
}

/// Which EDA tools are used.
#[derive(Clone, Copy, ValueEnum)]
enum WhichTools {
    /// Those on PATH where they are fit, otherwise the pinned ones
    Any,
    /// The pinned ones alone
    Pinned,
}

#[derive(Subcommand)]
enum Command {
    /// Train a network
    #[command(subcommand)]
    Train(train::Train),
    /// Compare quantizers of weights and of activations on one network
    Study(study::Study),
    /// Draw the weights, pre-activations and activations of a trained language model
    Histogram(histogram::Histogram),
    /// Write the model file of a trained network
    Export(export::Export),
    /// Measure a network's accuracy or perplexity, and any executor against the golden model
    Eval(eval::Eval),
    /// Run a network on one file, here or on a board: WAV, features or raw integer inputs
    Run(run::Run),
    /// Synthesize, place and route a core, alone or behind a board's serial line, and write its bitstream
    Synth(synth::Synth),
    /// Write a bitstream to a board
    Program(program::Program),
    /// Write the inputs that a network gets for a recording
    Features(features::Features),
    /// Exchange the network in a bitstream, without synthesis and routing
    Patch(patch::Patch),
    /// Write the bytes that load another network into a core with weights "stream", or load it into a board
    Weights(weights::Weights),
    /// Write a waveform of one sequence, and a picture of a time step
    Trace(trace::Trace),
    /// Read a network that PyTorch, ONNX or Keras wrote
    Import(import::Import),
    /// Write a network with random weights, to size its hardware
    Random(random::Random),
    /// Compare a core's simulations, netlists included, with the golden model
    Verify(verify::Verify),
    /// List the arrays that a network can have on a device
    Explore(explore::Explore),
    /// Draw measured cores under the roof that block RAMs and clock put over them
    Roofline(roofline::Roofline),
    /// Make one page about a core: network, hardware, speed and proof; or about several, side by side
    Report(report::Report),
    /// Install or list the EDA tools
    #[command(subcommand)]
    Tools(tools::Tools),
    /// Print a script that completes the command line in a shell
    Completions(usage::Completions),
    /// Print the help of a command
    Help(usage::Help),
}

/// The command line, for those who check what documents show of it.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Does what the command line of this process says.
pub fn main() -> ExitCode {
    match parse::<Arguments>().map(|arguments| execute_command(&arguments)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        Err(code) => code,
    }
}

/// Does what a command line says, whose first word is the program's name.
///
/// # Errors
/// What the program would report.
pub fn execute(line: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<(), Failure> {
    let arguments = Arguments::try_parse_from(line).map_err(Failure::input)?;
    execute_command(&arguments)
}

fn execute_command(arguments: &Arguments) -> Result<(), Failure> {
    arguments.console.apply();
    when_passed_over(|sentence| console::note(&format!("note: {sentence}")));
    if let WhichTools::Pinned = arguments.tools {
        use_pinned_tools();
    }
    match &arguments.command {
        Command::Train(train) => train::execute(train),
        Command::Study(study) => study::execute(study),
        Command::Histogram(histogram) => histogram::execute(histogram),
        Command::Export(export) => export::execute(export),
        Command::Eval(eval) => eval::execute(eval),
        Command::Run(run) => run::execute(run),
        Command::Synth(synth) => synth::execute(synth),
        Command::Program(program) => program::execute(program),
        Command::Features(features) => features::execute(features),
        Command::Patch(patch) => patch::execute(patch),
        Command::Weights(weights) => weights::execute(weights),
        Command::Trace(trace) => trace::execute(trace),
        Command::Import(import) => import::execute(import),
        Command::Random(random) => random::execute(random),
        Command::Verify(verify) => verify::execute(verify),
        Command::Explore(explore) => explore::execute(explore),
        Command::Roofline(roofline) => roofline::execute(roofline),
        Command::Report(report) => report::execute(report),
        Command::Tools(tools) => tools::execute(tools),
        Command::Completions(completions) => usage::completions(completions, command()),
        Command::Help(help) => usage::help(help, command()),
    }
}
