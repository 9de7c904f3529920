//! Reading the command line, with errors of one line.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::Failure;

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
