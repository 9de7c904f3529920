//! The machine's compilers, and the libraries that were built with the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A path below this crate.
pub fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `libtern.a` or `libtern.so` of this build.
pub fn library(name: &str) -> PathBuf {
    let program = std::env::current_exe().expect("a path");
    let folder = program.ancestors().nth(1).expect("a folder");
    folder.join(name)
}

/// The compiler that the variable `name` names, otherwise `default`, with every warning an error.
pub fn compiler(name: &str, default: &str) -> Command {
    let set = std::env::var(name).unwrap_or_default();
    let mut words = set.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(default));
    command.args(words);
    command.args(["-Wall", "-Wextra", "-pedantic", "-Werror"]);
    command.arg("-I").arg(own("include"));
    command
}

/// Runs a command that has to succeed.
pub fn run(command: &mut Command) -> Output {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}
