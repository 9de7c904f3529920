//! Verilator as a lint.

use std::fs;
use std::path::Path;

use crate::eda::error::ToolError;
use crate::eda::locate::locate;
use crate::eda::process::run;
use crate::eda::tool::Tool;

/// Checks the Verilog text `verilog`, whose top module is `top`, with every warning on but one: a warning is an error. Files go
/// to `folder`.
///
/// The one is `DECLFILENAME`, which wants a file for each module, where one self-contained file holds all.
///
/// # Errors
/// The first warning, or a tool that is missing.
pub fn lint(verilog: &str, top: &str, folder: impl AsRef<Path>) -> Result<(), ToolError> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(|e| ToolError::file("create", folder, e))?;
    let source = format!("{top}.v");
    let path = folder.join(&source);
    fs::write(&path, verilog).map_err(|e| ToolError::file("write", &path, e))?;
    let mut command = locate(Tool::Verilator)?.command();
    command.args([
        "--lint-only",
        "-Wall",
        "-Wno-DECLFILENAME",
        "--top-module",
        top,
        &source,
    ]);
    let log = folder.join("lint.log");
    run(
        command.current_dir(folder),
        "verilator",
        "lint the Verilog",
        &log,
    )
    .map(|_| ())
    .map_err(|error| {
        let text = fs::read_to_string(&log).unwrap_or_default();
        // The first complaint says more than the log's last lines.
        match text.lines().find(|line| line.starts_with('%')) {
            Some(complaint) => ToolError::new(format!("verilator lints {top}: {complaint}")),
            None => error,
        }
    })
}
