//! Running Yosys scripts.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ToolError;
use super::locate::{Origin, locate};
use super::process::run;
use super::tool::Tool;

/// Warnings of Yosys that are no errors: text of the warning, and the reason.
pub const ACCEPTED_WARNINGS: [(&str, &str); 1] = [(
    "share/abc9_map.v",
    "Yosys 0.70 warns about the name `bit` in its own mapping file, which the design cannot influence",
)];

/// Runs the Yosys commands of `script`, one per line, in the folder `workdir`, and returns the log.
///
/// The script is left in `workdir/script.ys` and the log in `workdir/yosys.log`; file names in the script are relative
/// to `workdir`. A warning is an error unless [`ACCEPTED_WARNINGS`] lists it.
pub fn yosys(script: &str, workdir: impl AsRef<Path>) -> Result<String, ToolError> {
    let workdir = workdir.as_ref();
    fs::create_dir_all(workdir).map_err(|e| ToolError::file("create", workdir, e))?;
    let file = workdir.join("script.ys");
    fs::write(&file, script).map_err(|e| ToolError::file("write", &file, e))?;
    let located = locate(Tool::Yosys)?;
    let mut command = located.command();
    match located.origin {
        Origin::Path => command.args(["-Q", "-s", "script.ys"]),
        Origin::Wheel => command.args([
            "-c",
            "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); \
             from pyosys import libyosys as y; y.run_pass('script script.ys', y.Design())",
        ]),
    };
    let log = run(
        command.current_dir(workdir),
        "yosys",
        "run its script",
        &workdir.join("yosys.log"),
    )?;
    match unaccepted_warning(&log) {
        None => Ok(log),
        Some(warning) => Err(ToolError::program(format!(
            "yosys warned, which counts as an error: {warning}"
        ))),
    }
}

/// The folder of Yosys' own files, which holds `ice40/cells_sim.v`.
pub fn share() -> Result<PathBuf, ToolError> {
    let located = locate(Tool::Yosys)?;
    let folder = match located.origin {
        Origin::Wheel => located.wheel_package("pyosys")?.join("share"),
        Origin::Path => {
            let program = fs::canonicalize(&located.program)
                .map_err(|e| ToolError::file("find", &located.program, e))?;
            program
                .parent()
                .and_then(Path::parent)
                .unwrap_or(Path::new("/usr"))
                .join("share/yosys")
        }
    };
    match folder.is_dir() {
        true => Ok(folder),
        false => Err(ToolError::program(format!(
            "yosys has no folder {}, expected its cell models there",
            folder.display()
        ))),
    }
}

fn unaccepted_warning(log: &str) -> Option<&str> {
    let is_warning = |line: &str| {
        let at = ["Warning: ", "Lexer warning: "]
            .iter()
            .filter_map(|mark| line.find(mark))
            .min();
        at.is_some_and(|at| !line[..at].contains("ABC"))
    };
    let accepted = |line: &str| {
        ACCEPTED_WARNINGS
            .iter()
            .any(|(text, _)| line.contains(text))
    };
    log.lines().find(|line| is_warning(line) && !accepted(line))
}

#[cfg(test)]
mod tests {
    use super::unaccepted_warning;

    #[test]
    fn only_yosys_own_warnings_count() {
        let implicit = "w.v:1: Warning: Identifier `\\foo' is implicitly declared.";
        assert_eq!(
            unaccepted_warning(&format!("fine\n{implicit}\n")),
            Some(implicit)
        );
        assert_eq!(
            unaccepted_warning("Warning: Wire t.b is used but has no driver."),
            Some("Warning: Wire t.b is used but has no driver.")
        );
        assert_eq!(
            unaccepted_warning("ABC: Warning: The network is combinational.\n"),
            None
        );
        assert_eq!(
            unaccepted_warning(
                "Lexer warning: `bit' (at /x/share/abc9_map.v:35) is not recognized"
            ),
            None
        );
        assert_eq!(
            unaccepted_warning("Warnings: 1 unique messages, 1 total"),
            None
        );
    }
}
