//! The command line of `gen-verilog`, and reading any with errors of one line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::choice::Choice;
use crate::console::Console;
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
    /// Folder to write to [default: build/NAME of the model]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; fail with exit code 1 if the files on disk differ
    #[arg(long)]
    pub check: bool,
    /// How it is printed.
    #[command(flatten)]
    pub console: Console,
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
        // A command that lacks its subcommand is a question after what there is.
        let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        if error.use_stderr() && !is_help {
            return Failure::input(sentence(&error)).report();
        }
        match Failure::print(&error.to_string()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(),
        }
    })
}

/// The error on one line, with what is similar to a word that is not known.
fn sentence(error: &clap::Error) -> String {
    let similar: Vec<String> = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .filter_map(|kind| error.get(kind))
    .flat_map(|value| match value {
        ContextValue::String(one) => vec![one.clone()],
        ContextValue::Strings(several) => several.clone(),
        _ => vec![],
    })
    .map(|word| format!("`{word}`"))
    .collect();
    let what = first_paragraph(&error.to_string());
    if error
        .get(ContextKind::InvalidSubcommand)
        .map(ToString::to_string)
        .as_deref()
        == Some("gen-verilog")
    {
        return "gen-verilog is a program of its own, expected its name without tern".to_owned();
    }
    match similar.is_empty() {
        true => format!("{what}; --help lists what there is"),
        false => format!("{what}; similar: {}", similar.join(", ")),
    }
}

/// The error itself without tips and usage, on one line.
fn first_paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim().is_empty());
    let sentence = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    sentence
        .strip_prefix("error: ")
        .unwrap_or(&sentence)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Arguments, first_paragraph, sentence};

    #[test]
    fn tips_and_usage_are_left_out() {
        let text = "error: the following arguments are missing:\n  --a\n\nUsage: x\n";
        assert_eq!(
            first_paragraph(text),
            "the following arguments are missing: --a"
        );
    }

    #[test]
    fn a_similar_option_is_named() {
        let error = Arguments::try_parse_from(["gen-verilog", "--modle", "a"]);
        assert_eq!(
            sentence(&error.err().expect("an unknown option")),
            "unexpected argument '--modle' found; similar: `--model`"
        );
        let error = Arguments::try_parse_from(["gen-verilog", "--xyzzy"]);
        assert_eq!(
            sentence(&error.err().expect("an unknown option")),
            "unexpected argument '--xyzzy' found; --help lists what there is"
        );
    }
}
