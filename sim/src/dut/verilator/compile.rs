//! The C++ compiler.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{hash, once, write};
use super::options::Options;
use crate::eda::error::ToolError;
use crate::eda::folders::cache_folder;
use crate::eda::process::run;

/// Options of the C++ compiler; hidden symbols keep several loaded cores apart.
pub(super) const ARGUMENTS: [&str; 4] = ["-fPIC", "-std=gnu++17", "-fvisibility=hidden", "-w"];

const DEFINES: [&str; 7] = [
    "VERILATOR=1",
    "VL_USER_FATAL=1",
    "VM_COVERAGE=0",
    "VM_SC=0",
    "VM_TIMING=0",
    "VM_TRACE_FST=0",
    "VM_TRACE_SAIF=0",
];

/// What follows in a C++ unit is not optimized: it runs once, and is long where memories are.
const SLOW: &str = "\
#ifdef __clang__
#pragma clang optimize off
#else
#pragma GCC optimize (\"O0\")
#endif
";

/// Compiles the generated C++ of `work/cpp` and the harness, links them with Verilator's run-time library, and leaves
/// `libtern_core.so` in `work`.
pub(super) fn compile(
    work: &Path,
    verilator: &Command,
    version: &[&str],
    options: &Options,
) -> Result<(), ToolError> {
    let headers = include_folder(verilator, work)?;
    let objects = runtime(&headers, version, options.trace)?;
    let generated = work.join("cpp");
    let (slow, fast): (Vec<PathBuf>, Vec<PathBuf>) = files_with_extension(&generated, "cpp")?
        .into_iter()
        .partition(|file| is_slow(file));
    let unit = [
        included(&fast),
        include("harness.cpp"),
        SLOW.to_owned(),
        included(&slow),
    ]
    .concat();
    write(&work.join("simulation.cpp"), &unit)?;
    let mut command = compiler(&headers, options.trace)?;
    command.arg(optimization(options)).arg("-I").arg(&generated);
    command.args(["-shared", "-o", "libtern_core.so", "simulation.cpp"]);
    run(
        command.args(objects).current_dir(work),
        &name(&cxx()),
        "compile the simulation",
        &work.join("compiler.log"),
    )?;
    fs::remove_dir_all(&generated).map_err(|e| ToolError::file("remove", &generated, e))
}

/// Whether Verilator put into this file what runs only once.
fn is_slow(file: &Path) -> bool {
    file.to_string_lossy().ends_with("__Slow.cpp")
}

/// The line of a C++ unit that takes in a file.
fn include(file: impl AsRef<Path>) -> String {
    format!("#include \"{}\"\n", file.as_ref().display())
}

fn included(files: &[PathBuf]) -> String {
    files.iter().map(include).collect()
}

/// How much the compiler optimizes what runs every cycle.
pub(super) fn optimization(options: &Options) -> &'static str {
    if options.quick { "-O1" } else { "-O2" }
}

/// The object files of Verilator's run-time library, compiled once a version and kept in the tools folder.
fn runtime(include: &Path, version: &[&str], trace: bool) -> Result<Vec<PathBuf>, ToolError> {
    let mut names = vec!["verilated", "verilated_dpi", "verilated_threads"];
    if trace {
        names.push("verilated_vcd_c");
    }
    let key = hash(&[version, &ARGUMENTS, &DEFINES, &names]);
    let folder = once(
        &cache_folder()?.join(format!("verilator-runtime-{key}")),
        &|work| {
            let mut command = compiler(include, trace)?;
            command
                .args(["-O2", "-c"])
                .args(names.iter().map(|name| include.join(format!("{name}.cpp"))));
            let log = work.join("compiler.log");
            run(
                command.current_dir(work),
                &name(&cxx()),
                "compile Verilator's run-time library",
                &log,
            )
            .map(|_| ())
        },
    )?;
    files_with_extension(&folder, "o")
}

/// The words of the compiler's command: those of `CXX`, which may begin with a launcher such as `ccache`, otherwise `c++`.
fn words(set: &str) -> Result<Vec<String>, ToolError> {
    match shlex::split(set) {
        Some(words) if words.is_empty() => Ok(vec!["c++".to_owned()]),
        Some(words) => Ok(words),
        None => Err(ToolError::program(format!(
            "CXX is `{set}`, expected a C++ compiler's command with its quotes closed"
        ))),
    }
}

/// What the compiler is called in errors.
fn name(set: &str) -> String {
    match set.trim() {
        "" => "the C++ compiler `c++`".to_owned(),
        set => format!("the C++ compiler `{set}`, which CXX names,"),
    }
}

/// The variable `CXX`, empty where it is not set.
fn cxx() -> String {
    std::env::var("CXX").unwrap_or_default()
}

fn compiler(include: &Path, trace: bool) -> Result<Command, ToolError> {
    let words = words(&cxx())?;
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
        .args(ARGUMENTS)
        .args(DEFINES.map(|define| format!("-D{define}")));
    command.args([
        format!("-DVM_TRACE={}", u8::from(trace)),
        format!("-DVM_TRACE_VCD={}", u8::from(trace)),
    ]);
    command
        .arg("-I")
        .arg(include)
        .arg("-I")
        .arg(include.join("vltstd"));
    Ok(command)
}

/// The folder of `verilated.cpp`: below `VERILATOR_ROOT`, which the program of the system knows by itself.
fn include_folder(verilator: &Command, work: &Path) -> Result<PathBuf, ToolError> {
    let known = verilator
        .get_envs()
        .find(|(name, _)| *name == OsStr::new("VERILATOR_ROOT"))
        .and_then(|(_, value)| value);
    if let Some(root) = known {
        return Ok(Path::new(root).join("include"));
    }
    let mut command = Command::new(verilator.get_program());
    let text = run(
        command.args(["--getenv", "VERILATOR_ROOT"]),
        "verilator",
        "tell its folder",
        &work.join("root.log"),
    )?;
    Ok(Path::new(text.trim()).join("include"))
}

/// The files of `folder` whose names end in `.extension`, sorted.
fn files_with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, ToolError> {
    let entries = fs::read_dir(folder).map_err(|e| ToolError::file("read", folder, e))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension() == Some(OsStr::new(extension)))
        .collect();
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{name, words};

    #[test]
    fn the_compilers_command_is_split_as_a_shell_does() {
        let split = |set: &str| words(set).map_err(|error| error.to_string());
        assert_eq!(split("g++"), Ok(vec!["g++".to_owned()]));
        let launched = ["ccache", "g++"].map(str::to_owned).to_vec();
        assert_eq!(split(" ccache  g++ "), Ok(launched));
        let spaced = ["/opt/my tools/g++", "-O1"].map(str::to_owned).to_vec();
        assert_eq!(split("'/opt/my tools/g++' -O1"), Ok(spaced));
        for empty in ["", "  "] {
            assert_eq!(split(empty), Ok(vec!["c++".to_owned()]));
            assert!(name(empty).contains("`c++`"));
        }
        assert!(split("'g++").expect_err("an open quote").contains("CXX"));
        assert!(name("ccache g++").contains("`ccache g++`"));
    }
}
