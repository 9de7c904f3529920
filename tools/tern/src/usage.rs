//! `tern help` and `tern completions`: the command line about itself.

use clap::{Args, Command};
use clap_complete::Shell;
use serde_json::json;
use tern_gen_verilog::console;
use tern_gen_verilog::failure::Failure;

/// Prints the help of a command.
#[derive(Args)]
pub struct Help {
    /// Command, such as train folder [default: all of them]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

/// Prints a script that completes commands, options and their values in a shell.
///
/// For bash: tern completions bash > ~/.local/share/bash-completion/completions/tern
#[derive(Args)]
pub struct Completions {
    /// Shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the help of a command of `program`.
pub fn help(help: &Help, mut program: Command) -> Result<(), Failure> {
    program.build();
    let (mut command, mut place) = (&mut program, "tern".to_owned());
    for name in &help.command {
        let names: Vec<String> = command.get_subcommands().map(named).collect();
        place = format!("{place} {name}");
        command = command.find_subcommand_mut(name).ok_or_else(|| {
            let expected = match names.is_empty() {
                true => "no further word".to_owned(),
                false => format!("one of {}", names.join(", ")),
            };
            Failure::input(format!("{place} is no command, expected {expected}"))
        })?;
    }
    let text = command.render_long_help().to_string();
    console::answer(|| text.clone(), || json!({ "help": text }))
}

fn named(command: &Command) -> String {
    command.get_name().to_owned()
}

/// Prints the script that completes `program`.
pub fn completions(completions: &Completions, mut program: Command) -> Result<(), Failure> {
    let (shell, mut script) = (completions.shell, Vec::new());
    clap_complete::generate(shell, &mut program, "tern", &mut script);
    let script = String::from_utf8_lossy(&script);
    console::answer(
        || script.clone().into_owned(),
        || json!({"shell": shell.to_string(), "script": script}),
    )
}
