//! The command line of `gen-verilog`, and reading any with errors of one line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::choice::Choice;
use crate::failure::Failure;

/// Generates the Verilog of a ternary recurrent network.
///
/// Writes tern.v, report.json and design.json, and weights.bin where the core loads its network. Without options: the bundled spoken-digit model on the iCE40 HX8K.
#[derive(Parser)]
#[command(name = "gen-verilog", version)]
pub struct Arguments {
    /// Which network on which array.
    #[command(flatten)]
    pub choice: Choice,
    /// Folder to write to [default: build/<name of the model>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; fail with exit code 1 if the files on disk differ
    #[arg(long)]
    pub check: bool,
}

/// The command line of `gen-verilog`, for those who check what documents show of it.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// The arguments of this process, or the exit code after help, version or an error was printed.
///
/// # Errors
/// When the process is to end: exit code 0 after help or version, 2 after a usage error.
pub fn parse<Arguments: Parser>() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Failure::input("the command is missing; --help lists them").report();
        }
        if error.use_stderr() {
            return Failure::input(first_paragraph(&error.to_string())).report();
        }
        match Failure::print(&error.to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(),
        }
    })
}

/// The error itself without tips and usage, on one line.
fn first_paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim().is_empty());
    let sentence = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    let sentence = sentence.strip_prefix("error: ").unwrap_or(&sentence);
    format!("{sentence}; --help lists the options")
}

#[cfg(test)]
mod tests {
    use super::first_paragraph;

    #[test]
    fn tips_and_usage_are_left_out() {
        let text = "error: the following arguments are missing:\n  --a\n\nUsage: x\n";
        assert_eq!(
            first_paragraph(text),
            "the following arguments are missing: --a; --help lists the options"
        );
    }
}
