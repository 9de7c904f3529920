//! The command lines of a row.

use std::fs;
use std::process::Command;

use tern_gen_verilog::failure::Failure;

use crate::row::{Row, failed};

/// Runs the lines before a measurement: `tern` inside this program, anything else in a shell.
///
/// # Errors
/// When a line fails.
pub fn set_up(row: &Row) -> Result<(), Failure> {
    fs::create_dir_all("build").map_err(|error| failed("build", error))?;
    for line in &row.setup {
        match line.starts_with("tern ") {
            true => tern_program::execute(line.split_whitespace().chain(["--quiet"]))?,
            false => shell(line).map(|_| ())?,
        }
    }
    Ok(())
}

/// What a shell line prints; `tern` and `gen-verilog` are those beside this program.
///
/// # Errors
/// When the line fails.
pub fn shell(line: &str) -> Result<String, Failure> {
    let here = std::env::current_exe().map_err(Failure::input)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = here.ancestors().skip(1).take(1).map(Into::into);
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path)));
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        // The documents show what those see who start the programs by Cargo.
        .env("CARGO", "cargo")
        .env("PATH", path.map_err(Failure::input)?);
    let output = command.output().map_err(Failure::input)?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(failed(line, String::from_utf8_lossy(&output.stderr))),
    }
}
