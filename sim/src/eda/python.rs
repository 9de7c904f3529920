//! Python, without what its user has set for other purposes.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::tool::Tool;

/// Settings of pip that change where or what it installs. How it reaches its index is left as the user has it.
const PIP: [&str; 12] = [
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_PYTHON",
    "PIP_PLATFORM",
    "PIP_CONSTRAINT",
    "PIP_REQUIREMENT",
    "PIP_NO_BINARY",
    "PIP_DRY_RUN",
    "PIP_REQUIRE_HASHES",
    "PIP_REQUIRE_VIRTUALENV",
];

/// The interpreter `program`, which reads neither `PYTHONHOME`, `PYTHONPATH` and the like nor the user's own packages.
pub(super) fn isolated(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(name);
        }
    }
    for name in PIP {
        command.env_remove(name);
    }
    command.arg("-I");
    command
}

/// The script that runs `function` of a wheel's package: what the program of that name in `bin/` does, which names the place
/// where it was installed and stops where its environment is moved.
pub(super) fn entry(package: &str, function: &str) -> String {
    let package = package.replace('-', "_");
    format!("import sys; from {package} import {function} as run; sys.exit(run())")
}

/// Whether the interpreter of `environment` starts and finds every wheel: another Python in the place of the one that it was
/// made with does not.
pub(super) fn works(environment: &Path) -> bool {
    let mut packages: Vec<String> = Tool::ALL
        .iter()
        .map(|tool| tool.package().replace('-', "_"))
        .collect();
    packages.dedup();
    let script = "import sys; from importlib.util import find_spec\n\
                  sys.exit(any(find_spec(name) is None for name in sys.argv[1:]))";
    let status = isolated(environment.join("bin/python"))
        .args(["-c", script])
        .args(packages)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
