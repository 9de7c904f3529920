//! The command line of `gen-verilog`, and reading any with errors of one line.

use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use crate::choice::Choice;
use crate::console::Console;
use crate::failure::Failure;

/// Generates the Verilog of a ternary recurrent network.
///
/// Writes tern.v, its test bench tern_tb.v, report.json and design.json, and weights.bin where the core loads its network. Without options: the bundled spoken-digit model on the iCE40 HX8K.
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

/// Refuses a list that names something twice.
///
/// # Errors
/// When one does; the sentence names the option and what it is.
pub fn once<T: PartialEq + Display>(option: &str, list: &[T]) -> Result<(), Failure> {
    let mut places = list.iter().enumerate();
    match places.find(|(place, value)| list[..*place].contains(value)) {
        None => Ok(()),
        Some((_, value)) => Err(Failure::input(format!(
            "{option} names {value} twice, expected each once"
        ))),
    }
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
    let what = plain(&first_paragraph(&error.to_string()));
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

/// What the parsers of numbers say, and what they would have taken.
const NUMBERS: [(&str, &str); 6] = [
    (
        "number too large to fit in target type",
        "expected a smaller number",
    ),
    (
        "number too small to fit in target type",
        "expected a larger number",
    ),
    (
        "invalid digit found in string",
        "expected a whole number without a sign",
    ),
    (
        "cannot parse integer from empty string",
        "expected a whole number without a sign",
    ),
    ("invalid float literal", "expected a number"),
    ("cannot parse float from empty string", "expected a number"),
];
/// What stands between a number and the range that it is outside of.
const OUTSIDE: &str = " is not in ";

/// The sentence with what was expected in place of what a library says of a number.
fn plain(sentence: &str) -> String {
    let sentence = NUMBERS
        .iter()
        .fold(sentence.to_owned(), |sentence, (library, plain)| {
            sentence.replace(library, plain)
        });
    let expected = sentence.rsplit_once(OUTSIDE).and_then(|(before, range)| {
        let (given, _) = before.rsplit_once(": ")?;
        let (low, high) = range.split_once("..")?;
        let high: u64 = match high.strip_prefix('=') {
            Some(last) => last.parse().ok()?,
            None => high.parse::<u64>().ok()?.checked_sub(1)?,
        };
        Some(match high >= u64::MAX - 1 {
            true => format!("{given}: expected {low} or more"),
            false => format!("{given}: expected {low} to {high}"),
        })
    });
    expected.unwrap_or(sentence)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Arguments, first_paragraph, plain, sentence};

    #[test]
    fn a_number_that_is_refused_comes_with_what_was_expected() {
        for (library, sentence) in [
            (
                "'0' for '--a <N>': 0 is not in 1..18446744073709551615",
                "1 or more",
            ),
            ("'0' for '--a <N>': 0 is not in 1..=65535", "1 to 65535"),
            ("'9' for '--a <N>': 9 is not in 0..9", "0 to 8"),
            (
                "'a' for '--a <N>': invalid digit found in string",
                "a whole number without a sign",
            ),
            (
                "'9' for '--a <N>': number too large to fit in target type",
                "a smaller number",
            ),
            ("'a' for '--a <T>': invalid float literal", "a number"),
        ] {
            let (given, _) = library.rsplit_once(": ").expect("a value");
            assert_eq!(plain(library), format!("{given}: expected {sentence}"));
        }
        assert_eq!(plain("a is not in it"), "a is not in it");
    }

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
