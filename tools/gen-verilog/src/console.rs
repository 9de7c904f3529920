//! How the programs talk: results on standard output, for people or for programs, and notes on standard error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use serde_json::Value;
use tern_model::error::one_line;

use crate::failure::Failure;

/// The two options that every command takes.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Console {
    /// Print the result as JSON, one value per line
    #[arg(long, global = true)]
    json: bool,
    /// Print no progress, no notes and no summary of the files written: a result that was asked for, and errors
    #[arg(long, short, global = true)]
    quiet: bool,
}

static JSON: AtomicBool = AtomicBool::new(false);
static QUIET: AtomicBool = AtomicBool::new(false);

impl Console {
    /// From now on everything is printed as these options say.
    pub fn apply(self) {
        JSON.store(self.json, Ordering::Relaxed);
        QUIET.store(self.quiet, Ordering::Relaxed);
    }
}

/// Whether nothing but results and errors is printed.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Whether results are printed as JSON.
pub fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Prints the result that a command was asked for.
///
/// # Errors
/// When standard output cannot be written.
pub fn answer(text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Result<(), Failure> {
    Failure::print(&match is_json() {
        true => format!("{}\n", json()),
        false => text(),
    })
}

/// Prints what a command wrote to files, which `--quiet` leaves out unless JSON is asked for.
///
/// # Errors
/// When standard output cannot be written.
pub fn summary(text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Result<(), Failure> {
    match is_quiet() && !is_json() {
        true => Ok(()),
        false => answer(text, json),
    }
}

/// Prints a line on standard error, which `--quiet` leaves out.
pub fn note(line: &str) {
    if !is_quiet() {
        // Where standard error is closed nobody can be told, and the work is still wanted.
        let _ = writeln!(io::stderr(), "{}", one_line(line));
    }
}

/// Prints an error on standard error, one of several that a command ends with.
pub fn error(line: &str) {
    // Where standard error is closed nobody can be told; the exit code still says it.
    let _ = writeln!(io::stderr(), "error: {}", one_line(line));
}
